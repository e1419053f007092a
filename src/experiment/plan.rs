//! What an experiment consists of, fixed before the first run.

use crate::measure::{Column, Layout, SeriesSketch};
use crate::record::chunk::{ChunkId, Sketches};
use crate::record::{DesignEntry, DrawnInputs, Manifest};
use serde::{Deserialize, Serialize};

/// A plan. Two plans with one digest give the same results, and may share chunks.
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
    /// The points and variants, in the order of the results.
    pub cells: Vec<PlannedCell>,
    /// How the inputs are varied, if they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<DesignEntry>,
    /// Which inputs are drawn, and from what; none if all are at their best guess or those of the design.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<DrawnInputs>,
    /// The master seed.
    pub seed: u64,
    /// Replicates of each cell, at most.
    pub replicates: u64,
    /// Replicates in a chunk, the last of a cell excepted.
    pub chunk_size: u64,
    /// What is kept of the series.
    pub keeps: Keeps,
    /// When it ends before all replicates are done, if it may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopping: Option<Stopping>,
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
}

/// A point and variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedCell {
    /// The design point; 0 if nothing is varied.
    pub point: i32,
    /// The variant's id, or `baseline`.
    pub variant: String,
    /// Digest of what matters for the results in the resolved scenario at that point under that variant.
    pub digest: String,
    /// Digest of the resolved scenario's text, with names, questions in words and sources, and of the zones'
    /// outlines: what reports show.
    pub text: String,
}

impl Plan {
    /// A plan of this program, with chunks of the usual size.
    pub fn new(kind: &str, scenario: &str, cells: Vec<PlannedCell>, seed: u64, replicates: u64) -> Self {
        Self {
            program: concat!("entente ", env!("CARGO_PKG_VERSION")).into(),
            commit: Manifest::this_commit().into(),
            kind: kind.into(),
            scenario: scenario.into(),
            cells,
            design: None,
            inputs: None,
            seed,
            replicates,
            chunk_size: Self::usual_chunk_size(replicates),
            keeps: Keeps::Summaries,
            stopping: None,
        }
    }

    /// The same plan that may end before all replicates are done. Its chunks are small: it ends with whole ones.
    #[must_use]
    pub fn stopping(mut self, stopping: Stopping) -> Self {
        self.chunk_size = Self::LOOK;
        self.stopping = Some(stopping);
        self
    }

    /// Replicates in a chunk of an experiment that may end early.
    const LOOK: u64 = 64;

    /// How many replicates a chunk has unless told otherwise. A chunk is what a kill can cost, some seconds of one thread,
    /// and has to be large enough for the summaries in it to weigh less than the runs.
    pub fn usual_chunk_size(replicates: u64) -> u64 {
        replicates.div_ceil(64).next_power_of_two().clamp(32, 2048)
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
        match self.cells.as_slice() {
            [cell] if cell.variant != PlannedCell::BASELINE => {
                format!("{}-{}-{}", self.kind, cell.variant, &digest[..12])
            }
            _ => format!("{}-{}", self.kind, &digest[..12]),
        }
    }

    /// Whether it sets variants against a baseline, pair by pair.
    pub fn is_comparison(&self) -> bool {
        self.kind == "compare"
    }

    /// The variants' ids, each once, in the order of the cells.
    pub fn variants(&self) -> Vec<String> {
        let mut variants: Vec<String> = Vec::new();
        for cell in &self.cells {
            if !variants.contains(&cell.variant) {
                variants.push(cell.variant.clone());
            }
        }
        variants
    }

    /// How many design points there are.
    pub fn points(&self) -> u64 {
        let mut points: Vec<i32> = self.cells.iter().map(|cell| cell.point).collect();
        points.sort_unstable();
        points.dedup();
        points.len() as u64
    }

    /// How many runs there are in all.
    pub fn runs(&self) -> u64 {
        self.cells.len() as u64 * self.replicates
    }

    /// How many chunks each cell has. The chunks of one place in all cells are a round: replicates that can be compared.
    pub fn rounds(&self) -> u64 {
        self.replicates.div_ceil(self.chunk_size.max(1))
    }

    /// How many chunks there are.
    pub fn chunks(&self) -> u64 {
        self.cells.len() as u64 * self.rounds()
    }

    /// The replicates that each cell has after so many rounds.
    pub fn replicates_after(&self, rounds: u64) -> u64 {
        rounds.saturating_mul(self.chunk_size).min(self.replicates)
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

    /// The plan cut into chunks.
    pub fn cut(&self) -> Cut<'_> {
        Cut { plan: self, digest: *self.digest().as_bytes() }
    }
}

/// A plan cut into chunks, which are numbered cell by cell.
#[derive(Clone, Copy, Debug)]
pub struct Cut<'p> {
    /// The plan.
    pub plan: &'p Plan,
    digest: [u8; 32],
}

impl Cut<'_> {
    /// The number of the chunk of a cell in a round.
    pub fn number(&self, cell: usize, round: u64) -> u64 {
        cell as u64 * self.plan.rounds() + round
    }

    /// The cell that a chunk belongs to, and its id.
    pub fn chunk(&self, number: u64) -> (usize, ChunkId) {
        let rounds = self.plan.rounds().max(1);
        let first = self.plan.replicates_after(number % rounds);
        let replicates = first..(first + self.plan.chunk_size).min(self.plan.replicates);
        let keeps_series = self.plan.keeps == Keeps::EverySeries;
        ((number / rounds) as usize, ChunkId { plan: self.digest, number, replicates, keeps_series })
    }
}

impl PlannedCell {
    /// What a scenario without a variant is called.
    pub const BASELINE: &'static str = "baseline";
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plan(cells: usize, replicates: u64) -> Plan {
        let cell = |point| PlannedCell {
            point: point as i32,
            variant: "baseline".into(),
            digest: "00".into(),
            text: "00".into(),
        };
        Plan::new("run", "test", (0..cells).map(cell).collect(), 1, replicates)
    }

    proptest! {
        #[test]
        fn chunks_cover_every_run_once(cells in 1usize..4, replicates in 1u64..500, chunk_size in 1u64..100) {
            let plan = Plan { chunk_size, ..plan(cells, replicates) };
            let mut seen = vec![0u64; cells];
            for number in 0..plan.chunks() {
                let (cell, id) = plan.cut().chunk(number);
                prop_assert_eq!(id.replicates.start, seen[cell], "chunks of a cell follow each other");
                prop_assert!(!id.replicates.is_empty());
                seen[cell] = id.replicates.end;
            }
            prop_assert_eq!(seen, vec![replicates; cells]);
        }
    }

    #[test]
    fn the_id_tells_plans_apart() {
        let one = plan(1, 100);
        assert_eq!(one.id(), plan(1, 100).id());
        assert_ne!(one.id(), Plan { seed: 2, ..one.clone() }.id());
        let mut variant = one.clone();
        variant.cells[0].variant = "no-merger".into();
        assert!(variant.id().starts_with("run-no-merger-"));
        assert_eq!(one.id().len(), "run-".len() + 12);
    }
}
