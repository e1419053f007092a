//! What an experiment is, and how much of it is asked for.

use crate::measure::{Column, Layout, SeriesSketch};
use crate::record::block::{self, Block};
use crate::record::chunk::{ChunkId, Sketches};
use crate::record::{Columns, DesignEntry, Manifest};
use crate::scenario::DrawnInputs;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What an experiment is: program, model, variants, design and seed. How many replicates are asked for is not part of it, so that more of them
/// go on from what there is. Two plans with one digest give the same results for the same replicates, and may share chunks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The program and its version.
    pub program: String,
    /// The commit that it was built from.
    pub commit: String,
    /// What it is for: `run`, `compare`, `sweep`.
    pub kind: String,
    /// The scenario's id.
    pub scenario: String,
    /// The variants, in the order of the results.
    pub variants: Vec<PlannedVariant>,
    /// How the inputs are varied, if they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<PlannedDesign>,
    /// Which inputs are drawn, and from what; none if all are at their best guess or those of the design.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<DrawnInputs>,
    /// The master seed.
    pub seed: u64,
    /// What is kept of the series.
    pub keeps: Keeps,
}

/// What is kept of the series of measures through time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeps {
    /// Nothing: a sweep has too many points for series of each.
    NoSeries,
    /// Mean and quantiles over the runs of a cell.
    Summaries,
    /// Those, and every run's own.
    EverySeries,
}

/// A variant of an experiment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedVariant {
    /// Its id, or `baseline`.
    pub id: String,
    /// Digest of what matters for the results in the resolved scenario under that variant.
    pub digest: String,
    /// Digest of all that reports show of it: names, questions in words, sources, the zones' outlines.
    pub text: String,
}

/// The design of an experiment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedDesign {
    /// How its points were chosen.
    #[serde(flatten)]
    pub entry: DesignEntry,
    /// Digest of the points.
    pub digest: String,
}

/// How much of an experiment is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The first replicate of each cell.
    pub first: u64,
    /// Replicates of each cell, at most.
    pub replicates: u64,
    /// When it ends before all replicates are done, if it may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopping: Option<Stopping>,
    /// Tasks for other processes, of about equally many runs each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasks: Option<u64>,
}

/// When an experiment ends before all replicates are done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stopping {
    /// It ends when the interval of none of the answers that decide has a greater half-width: a share of runs, above 0 and below 0.5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<f64>,
    /// It ends after so many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit: Option<f64>,
    /// The ids of the answers that decide; all if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<String>,
    /// Replicates of all rounds of a plan for other processes, at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u64>,
}

impl Asked {
    /// So many replicates from the first on.
    pub fn replicates(replicates: u64) -> Self {
        Self { first: 0, replicates, stopping: None, tasks: None }
    }

    /// The replicates of each cell.
    pub fn window(&self) -> Range<u64> {
        self.first..self.first + self.replicates
    }
}

impl Plan {
    /// A plan of this program.
    pub fn new(kind: &str, scenario: &str, variants: Vec<PlannedVariant>, seed: u64) -> Self {
        Self {
            program: concat!("entente ", env!("CARGO_PKG_VERSION")).into(),
            commit: Manifest::this_commit().into(),
            kind: kind.into(),
            scenario: scenario.into(),
            variants,
            design: None,
            inputs: None,
            seed,
            keeps: Keeps::Summaries,
        }
    }

    /// How many runs a chunk has unless told otherwise. A chunk is what a kill can cost, some seconds of one thread, and has to be large
    /// enough for what goes with it to weigh less than the runs.
    pub fn usual_chunk(runs: u64) -> u64 {
        runs.div_ceil(256).clamp(block::LEAF, 2048)
    }

    /// The plan in the form of which the digest is taken.
    pub fn text(&self) -> String {
        // Text, numbers and lists only, which always have a form in JSON; the fields come in their fixed order.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// BLAKE3 of [`Self::text`].
    pub fn digest(&self) -> blake3::Hash {
        blake3::hash(self.text().as_bytes())
    }

    /// A short name: the kind, the variant where there is one only, and the beginning of the digest.
    pub fn id(&self) -> String {
        let digest = self.digest().to_hex();
        match (self.variants.as_slice(), &self.design) {
            ([variant], None) if variant.id != PlannedVariant::BASELINE => {
                format!("{}-{}-{}", self.kind, variant.id, &digest[..12])
            }
            _ => format!("{}-{}", self.kind, &digest[..12]),
        }
    }

    /// Whether it sets variants against a baseline, pair by pair.
    pub fn is_comparison(&self) -> bool {
        self.kind == "compare"
    }

    /// The variants' ids, in the order of the results.
    pub fn variant_ids(&self) -> Vec<String> {
        self.variants.iter().map(|variant| variant.id.clone()).collect()
    }

    /// How many design points there are; 1 if nothing is varied.
    pub fn points(&self) -> u64 {
        self.design.as_ref().map_or(1, |design| design.entry.points)
    }

    /// How many cells there are: at each point, one for every variant.
    pub fn cells(&self) -> u64 {
        self.points() * self.variants.len() as u64
    }

    /// The design point and the variant, by its place, of a cell.
    pub fn cell(&self, number: u64) -> (i32, u32) {
        let variants = self.variants.len().max(1) as u64;
        ((number / variants) as i32, (number % variants) as u32)
    }

    /// Summaries of the series of no run, in the form that this plan keeps; without columns if it keeps none.
    pub fn sketches(&self, layout: &Layout) -> Sketches {
        let sketch = |columns: &[Column], moments| match self.keeps {
            Keeps::NoSeries => SeriesSketch::new(&[], 0),
            _ => SeriesSketch::new(columns, moments),
        };
        Sketches {
            series: sketch(&layout.series, layout.moments as usize),
            milestones: sketch(&layout.milestones, layout.milestone_steps.len()),
        }
    }

    /// Names the chunks of this plan.
    pub fn chunks(&self) -> impl Fn(Block) -> ChunkId + use<> {
        let (plan, cells) = (*self.digest().as_bytes(), self.cells());
        let keeps_series = self.keeps == Keeps::EverySeries;
        move |block| ChunkId { plan, block, cells, keeps_series }
    }

    /// The columns of the tables of its results.
    pub fn columns<'a>(&self, source: &'a dyn super::RunSource, variants: &'a [String]) -> Columns<'a> {
        Columns {
            layout: source.layout(),
            names: source.names(),
            variants,
            calendar: source.calendar(),
            keeps_series: self.keeps == Keeps::EverySeries,
        }
    }
}

impl PlannedVariant {
    /// What a scenario without a variant is called.
    pub const BASELINE: &'static str = "baseline";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_tells_plans_apart() {
        let variant = PlannedVariant { id: "baseline".into(), digest: "00".into(), text: "00".into() };
        let one = Plan::new("run", "test", vec![variant], 1);
        assert_eq!(one.id(), one.clone().id());
        assert_ne!(one.id(), Plan { seed: 2, ..one.clone() }.id());
        assert_eq!(one.id().len(), "run-".len() + 12);
        let mut variant = one;
        variant.variants[0].id = "no-merger".into();
        assert!(variant.id().starts_with("run-no-merger-"));
    }
}
