//! Which runs a chunk or a part of the tables holds.
//!
//! The runs of an experiment form leaves of [`LEAF`] replicates of one cell. They are numbered round by round: leaf `r · cells + c`
//! holds the replicates `32 r` to `32 r + 31` of cell `c`. So the number of a leaf depends on how many replicates there are in no way,
//! and an experiment that grows adds leaves at the end.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Replicates of one cell in a leaf.
pub const LEAF: u64 = 32;

/// Leaves in a row, of which those replicates are held that lie in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Block {
    /// The first replicate of the window.
    pub first: u64,
    /// The end of the window.
    pub end: u64,
    /// The first leaf.
    pub from: u64,
    /// The end of the leaves.
    pub to: u64,
}

impl Block {
    /// All leaves of a window of replicates, in an experiment of so many cells.
    pub fn of(window: &Range<u64>, cells: u64) -> Self {
        let rounds = rounds(window);
        Self { first: window.start, end: window.end, from: rounds.start * cells, to: rounds.end * cells }
    }

    /// The window.
    pub fn window(&self) -> Range<u64> {
        self.first..self.end
    }

    /// Its cells, in order.
    pub fn cells(&self, cells: u64) -> impl Iterator<Item = u64> + use<> {
        let block = *self;
        let all = if self.to - self.from >= cells { 0..cells } else { 0..0 };
        let (low, high) = (self.from % cells.max(1), self.to.saturating_sub(1) % cells.max(1));
        let few = if self.to - self.from >= cells || self.from == self.to {
            [0..0, 0..0]
        } else if low <= high {
            [low..high + 1, 0..0]
        } else {
            [0..high + 1, low..cells]
        };
        all.chain(few.into_iter().flatten()).filter(move |cell| !block.replicates(*cell, cells).is_empty())
    }

    /// The rounds of a cell whose leaves it has.
    pub fn rounds(&self, cell: u64, cells: u64) -> Range<u64> {
        let round = |leaf: u64| leaf.saturating_sub(cell).div_ceil(cells.max(1));
        round(self.from)..round(self.to)
    }

    /// The replicates of a cell that it holds.
    pub fn replicates(&self, cell: u64, cells: u64) -> Range<u64> {
        let rounds = self.rounds(cell, cells);
        let (start, end) = ((rounds.start * LEAF).max(self.first), (rounds.end * LEAF).min(self.end));
        start..end.max(start)
    }

    /// The replicates of a leaf of a round over which its digest is taken: from the leaf's first on, even where they lie before the
    /// window.
    pub fn digested(&self, round: u64) -> Range<u64> {
        round * LEAF..((round + 1) * LEAF).min(self.end)
    }

    /// How many runs it holds.
    pub fn runs(&self, cells: u64) -> u64 {
        let whole = |leaf: u64| -> u64 {
            // Runs of all leaves before one: whole rounds, then some cells of the next.
            let (round, cell) = (leaf / cells.max(1), leaf % cells.max(1));
            let before = |round: u64| (round * LEAF).clamp(self.first, self.end) - self.first;
            before(round) * cells + cell * (before(round + 1) - before(round))
        };
        whole(self.to) - whole(self.from)
    }

    /// Whether both hold a run.
    pub fn meets(&self, other: &Self, cells: u64) -> bool {
        let both = Self {
            first: self.first.max(other.first),
            end: self.end.min(other.end),
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        };
        both.first < both.end && both.from < both.to && both.runs(cells) > 0
    }

    /// Those of its leaves that have numbers from one on and below another.
    pub fn between(&self, from: u64, to: u64) -> Self {
        let from = self.from.max(from);
        Self { from, to: self.to.min(to).max(from), ..*self }
    }

    /// What is in it of a window.
    pub fn within(&self, window: &Range<u64>, cells: u64) -> Self {
        let (all, first) = (Self::of(window, cells), self.first.max(window.start));
        Self { first, end: self.end.min(window.end).max(first), ..self.between(all.from, all.to) }
    }

    /// The name of its files.
    pub fn name(&self) -> String {
        format!("{:010}-{:010}.{}-{}", self.from, self.to, self.first, self.end)
    }

    /// Reads a name back.
    pub fn parse(name: &str) -> Option<Self> {
        let (leaves, window) = name.split_once('.')?;
        let ((from, to), (first, end)) = (leaves.split_once('-')?, window.split_once('-')?);
        let block =
            Self { first: first.parse().ok()?, end: end.parse().ok()?, from: from.parse().ok()?, to: to.parse().ok()? };
        (block.name() == name && block.from < block.to && block.first < block.end).then_some(block)
    }
}

/// The rounds that a window of replicates lies in.
pub fn rounds(window: &Range<u64>) -> Range<u64> {
    window.start / LEAF..window.end.div_ceil(LEAF)
}

/// Of blocks those that are used together: no two hold the same run.
pub fn disjoint(mut blocks: Vec<Block>, cells: u64) -> Vec<Block> {
    // Of those that begin alike the greatest first, so that a few large ones go before many small.
    blocks.sort_by_key(|block| (block.first, block.from, std::cmp::Reverse((block.to, block.end))));
    let mut used: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        if used.iter().all(|other| !other.meets(&block, cells)) {
            used.push(block);
        }
    }
    used
}

/// What of a window blocks do not hold, as blocks.
pub fn missing(window: &Range<u64>, held: &[Block], cells: u64) -> Vec<Block> {
    let ends = held.iter().flat_map(|block| [block.first, block.end]);
    let mut bounds: Vec<u64> = ends.filter(|bound| window.contains(bound)).chain([window.start, window.end]).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let mut missing = Vec::new();
    for part in bounds.windows(2) {
        let part = part[0]..part[1];
        let all = Block::of(&part, cells);
        let covers = |block: &&Block| block.first <= part.start && part.end <= block.end;
        let mut there: Vec<(u64, u64)> = held.iter().filter(covers).map(|block| (block.from, block.to)).collect();
        there.sort_unstable();
        let mut at = all.from;
        for (from, to) in there {
            if from.min(all.to) > at {
                missing.push(Block { from: at, to: from.min(all.to), ..all });
            }
            at = at.max(to);
        }
        if at < all.to {
            missing.push(Block { from: at, ..all });
        }
    }
    missing
}

/// Cuts a block into such of about so many runs, none of which holds a part of a round beside another round: the work can end after
/// whole rounds.
pub fn cut(block: &Block, cells: u64, runs: u64) -> Vec<Block> {
    let leaf = LEAF.min(block.end - block.first);
    let leaves = (runs / leaf).max(1);
    let mut pieces = Vec::new();
    let mut at = block.from;
    while at < block.to {
        let left = cells - at % cells;
        let step = if left < cells || leaves < cells { leaves.min(left) } else { leaves / cells * cells };
        let to = (at + step).min(block.to);
        // A part of the last round is a piece of its own.
        let to = if to - at > cells { at + (to - at) / cells * cells } else { to };
        pieces.push(Block { from: at, to, ..*block });
        at = to;
    }
    pieces
}

/// Cuts a block into so many of about equally many leaves; fewer if there are fewer leaves.
pub fn shares(block: &Block, count: u64) -> Vec<Block> {
    let leaves = block.to - block.from;
    let count = count.clamp(1, leaves.max(1));
    // Exact in 128 bits: neither factor is above 2^64.
    let bound = |share: u64| block.from + (u128::from(leaves) * u128::from(share) / u128::from(count)) as u64;
    (0..count).map(|share| Block { from: bound(share), to: bound(share + 1), ..*block }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// All runs of a block, one by one, by the definition.
    fn runs(block: &Block, cells: u64) -> BTreeSet<(u64, u64)> {
        let leaf = |leaf: u64| {
            let (round, cell) = (leaf / cells, leaf % cells);
            (round * LEAF..(round + 1) * LEAF).map(move |replicate| (cell, replicate))
        };
        (block.from..block.to).flat_map(leaf).filter(|(_, replicate)| block.window().contains(replicate)).collect()
    }

    proptest! {
        #[test]
        fn a_block_is_its_leaves_within_its_window(
            cells in 1u64..7, first in 0u64..200, length in 1u64..200, from in 0u64..60, leaves in 1u64..40,
        ) {
            let block = Block { first, end: first + length, from, to: from + leaves };
            let told: BTreeSet<(u64, u64)> = block
                .cells(cells)
                .flat_map(|cell| block.replicates(cell, cells).map(move |replicate| (cell, replicate)))
                .collect();
            let all = runs(&block, cells);
            prop_assert_eq!(&told, &all);
            prop_assert_eq!(block.runs(cells), all.len() as u64);
            prop_assert_eq!(Block::parse(&block.name()), Some(block));
        }

        #[test]
        fn what_is_missing_completes_what_is_held(
            cells in 1u64..5,
            first in 0u64..100,
            length in 1u64..300,
            blocks in proptest::collection::vec((0u64..300, 1u64..300, 0u64..40, 1u64..20), 0..5),
            size in 1u64..300,
        ) {
            let window = first..first + length;
            let blocks = blocks.into_iter().map(|(first, length, from, leaves)| {
                Block { first, end: first + length, from, to: from + leaves }.within(&window, cells)
            });
            let held = disjoint(blocks.filter(|block| block.runs(cells) > 0).collect(), cells);
            let more = missing(&window, &held, cells);
            let pieces: Vec<Block> = more.iter().flat_map(|block| cut(block, cells, size)).collect();
            let mut seen = BTreeSet::new();
            for block in held.iter().chain(&pieces) {
                for run in runs(block, cells) {
                    prop_assert!(seen.insert(run), "{:?} twice", run);
                }
            }
            prop_assert_eq!(seen, runs(&Block::of(&window, cells), cells));
            for piece in &pieces {
                let whole = piece.from.is_multiple_of(cells) && piece.to.is_multiple_of(cells);
                let one = piece.from / cells == (piece.to - 1) / cells;
                prop_assert!(whole || one, "{:?} ends within a round", piece);
            }
        }

        #[test]
        fn shares_cover_every_leaf_once(from in 0u64..100, leaves in 1u64..500, count in 1u64..600) {
            let block = Block { first: 0, end: 100, from, to: from + leaves };
            let shares = shares(&block, count);
            prop_assert_eq!(shares.len() as u64, count.min(leaves));
            prop_assert_eq!(shares.first().map(|share| share.from), Some(from));
            prop_assert_eq!(shares.last().map(|share| share.to), Some(from + leaves));
            prop_assert!(shares.windows(2).all(|two| two[0].to == two[1].from && two[0].from < two[0].to));
        }
    }
}
