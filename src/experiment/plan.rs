//! What an experiment consists of, fixed before the first run.

use crate::record::Manifest;
use crate::record::chunk::ChunkId;
use serde::{Deserialize, Serialize};

/// A plan. Two plans with one digest give the same results, and may share chunks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    pub cells: Vec<Cell>,
    /// The master seed.
    pub seed: u64,
    /// Replicates of each cell.
    pub replicates: u64,
    /// Replicates in a chunk, the last of a cell excepted.
    pub chunk_size: u64,
    /// Whether the series of every run are kept.
    pub keeps_series: bool,
}

/// A point and variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The design point; 0 if nothing is varied.
    pub point: i32,
    /// The variant's id, or `baseline`.
    pub variant: String,
    /// Digest of what matters for the results in the resolved scenario at that point under that variant.
    pub digest: String,
    /// Digest of the resolved scenario's text, with names, questions in words and sources, which reports show.
    pub text: String,
}

impl Plan {
    /// A plan of this program, with chunks of the usual size.
    pub fn new(kind: &str, scenario: &str, cells: Vec<Cell>, seed: u64, replicates: u64) -> Self {
        Self {
            program: concat!("entente ", env!("CARGO_PKG_VERSION")).into(),
            commit: Manifest::this_commit().into(),
            kind: kind.into(),
            scenario: scenario.into(),
            cells,
            seed,
            replicates,
            chunk_size: Self::usual_chunk_size(replicates),
            keeps_series: false,
        }
    }

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
            [cell] if cell.variant != Cell::BASELINE => format!("{}-{}-{}", self.kind, cell.variant, &digest[..12]),
            _ => format!("{}-{}", self.kind, &digest[..12]),
        }
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

    /// How many chunks there are.
    pub fn chunks(&self) -> u64 {
        self.cells.len() as u64 * self.chunks_per_cell()
    }

    /// The cell that a chunk belongs to, and its id. Chunks are numbered cell by cell.
    pub fn chunk(&self, number: u64) -> (usize, ChunkId) {
        let per_cell = self.chunks_per_cell().max(1);
        let first = number % per_cell * self.chunk_size;
        let replicates = first..(first + self.chunk_size).min(self.replicates);
        let plan = *self.digest().as_bytes();
        ((number / per_cell) as usize, ChunkId { plan, number, replicates, keeps_series: self.keeps_series })
    }

    fn chunks_per_cell(&self) -> u64 {
        self.replicates.div_ceil(self.chunk_size.max(1))
    }
}

impl Cell {
    /// What a scenario without a variant is called.
    pub const BASELINE: &'static str = "baseline";
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plan(cells: usize, replicates: u64) -> Plan {
        let cell =
            |point| Cell { point: point as i32, variant: "baseline".into(), digest: "00".into(), text: "00".into() };
        Plan::new("run", "test", (0..cells).map(cell).collect(), 1, replicates)
    }

    proptest! {
        #[test]
        fn chunks_cover_every_run_once(cells in 1usize..4, replicates in 1u64..500, chunk_size in 1u64..100) {
            let plan = Plan { chunk_size, ..plan(cells, replicates) };
            let mut seen = vec![0u64; cells];
            for number in 0..plan.chunks() {
                let (cell, id) = plan.chunk(number);
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
