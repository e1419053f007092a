//! Runs a plan until it is precise enough, its time is up, or all is done.

use super::{Asked, Bench, Control, ExperimentError};
use crate::measure::RunRecord;
use crate::record::block::{self, Block, LEAF};
use crate::record::clock::Stopwatch;
use crate::record::{Held, RecordError, StopReason};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// Sees replicates as they are done, and says whether they are enough.
pub trait Judge {
    /// A replicate, with the run of each cell, in the plan's order. Replicates come in order, each once.
    fn see(&mut self, runs: &[RunRecord]);

    /// Whether what was seen is precise enough.
    fn is_satisfied(&mut self) -> bool;
}

/// Rounds between two looks grow with what was seen: looking costs time, and looking seldom costs runs.
const GROWTH: u64 = 10;
/// The fewest rounds between two looks.
const FEWEST: u64 = 8;

/// Does what is asked until a judge is satisfied, the time limit is up or no replicate is left; gives the replicates that count, what holds
/// them, and why it ended. When it looks depends on the numbers of the replicates only, so that the same plan without a time limit ends
/// after the same replicates whatever the threads and chunks, and when it is gone on with. What is there already counts, even
/// where less would have been enough.
///
/// # Errors
/// If a chunk cannot be run or read, if told to stop, or if the time was up before every cell had a leaf.
pub fn run_until(
    bench: &Bench<'_>,
    asked: &Asked,
    judge: &mut dyn Judge,
) -> Result<(Range<u64>, Vec<Held>, StopReason), ExperimentError> {
    let limit = asked.stopping.as_ref().and_then(|stopping| stopping.time_limit);
    let precise = asked.stopping.as_ref().is_some_and(|stopping| stopping.precision.is_some());
    let watch = Stopwatch::start();
    let expired = AtomicBool::new(false);
    let stop = || {
        if limit.is_some_and(|limit| watch.seconds() >= limit) {
            expired.store(true, Ordering::Relaxed);
        }
        expired.load(Ordering::Relaxed) || (bench.control.cancel)()
    };
    let timed = Control { cancel: &stop, on_progress: bench.control.on_progress };
    // Small chunks, so that little is lost when the time is up.
    let chunk = bench.chunk.or(limit.map(|_| LEAF));
    let timed = Bench { control: &timed, chunk, ..*bench };
    let window = asked.window();
    let mut held = bench.held(&window)?;
    let mut seen = window.start;
    // What an earlier command did counts, up to where it has no gap.
    let there = whole(bench, &window, &held);
    let mut next = if precise { look_after(window.start).min(window.end) } else { window.end };
    loop {
        match timed.fill(&(window.start..next), &mut held) {
            Err(ExperimentError::Interrupted { .. })
                if expired.load(Ordering::Relaxed) && !(bench.control.cancel)() =>
            {
                let there = timed_out(bench, &window, &mut held);
                if there == window.start {
                    let runs = bench.plan.cells() * LEAF.min(asked.replicates);
                    return Err(ExperimentError::TooShort { seconds: limit.unwrap_or_default(), runs });
                }
                if precise {
                    side_by_side(bench, &held, seen..there, judge)?;
                }
                return Ok((window.start..there, held, StopReason::TimeLimit));
            }
            other => other?,
        }
        if precise {
            side_by_side(bench, &held, seen..next, judge)?;
            if judge.is_satisfied() {
                let enough = window.start..there.max(next);
                // An earlier command may have left chunks beyond what counts.
                held.retain(|held| lies_in(&held.block(), &enough, bench.plan.cells()));
                bench.fill(&enough, &mut held)?;
                side_by_side(bench, &held, next..enough.end, judge)?;
                return Ok((enough, held, StopReason::Precise));
            }
        }
        if next == window.end {
            return Ok((window, held, StopReason::AllReplicates));
        }
        seen = next;
        next = look_after(next).min(window.end);
    }
}

/// The replicate before which the next look is, after so many.
pub(super) fn look_after(replicates: u64) -> u64 {
    let mut rounds = 0;
    while rounds * LEAF <= replicates {
        rounds += (rounds / GROWTH).max(FEWEST);
    }
    rounds * LEAF
}

/// The end of the replicates from the window's first on of which every run is held.
fn whole(bench: &Bench<'_>, window: &Range<u64>, held: &[Held]) -> u64 {
    let blocks: Vec<Block> = held.iter().map(Held::block).collect();
    let missing = block::missing(window, &blocks, bench.plan.cells());
    let first = missing.iter().map(|block| (block.from / bench.plan.cells().max(1) * LEAF).max(block.first)).min();
    first.unwrap_or(window.end)
}

/// Lets go of all that lies after the replicates of which every run is held; gives their end.
fn timed_out(bench: &Bench<'_>, window: &Range<u64>, held: &mut Vec<Held>) -> u64 {
    let cells = bench.plan.cells();
    // Nobody wrote chunks that hold a part of a round beside another, but a plan's tasks may.
    loop {
        let end = whole(bench, window, held);
        let before = held.len();
        held.retain(|held| lies_in(&held.block(), &(window.start..end), cells));
        if held.len() == before {
            return end;
        }
    }
}

/// Whether all runs of a block are of a window.
fn lies_in(block: &Block, window: &Range<u64>, cells: u64) -> bool {
    block.within(window, cells).runs(cells) == block.runs(cells)
}

/// Shows a judge some replicates.
pub(super) fn side_by_side(
    bench: &Bench<'_>,
    held: &[Held],
    replicates: Range<u64>,
    judge: &mut dyn Judge,
) -> Result<(), ExperimentError> {
    let cells = bench.plan.cells();
    for round in block::rounds(&replicates) {
        let mut runs: Vec<Vec<RunRecord>> = vec![Vec::new(); cells as usize];
        for held in held {
            let own = held.block().between(round * cells, (round + 1) * cells);
            if own.runs(cells) == 0 {
                continue;
            }
            for cell in own.cells(cells) {
                let take = |run: RunRecord| {
                    runs[cell as usize].push(run);
                    Ok::<(), RecordError>(())
                };
                match held {
                    Held::Chunk(chunk) => chunk.each_run(cell, Some(round), take)?,
                    Held::Part(part) => {
                        let (point, variant) = bench.plan.cell(cell);
                        let id = &bench.plan.variants[variant as usize].id;
                        part.each_answer((point, id), own.replicates(cell, cells), bench.source.layout(), take)?;
                    }
                }
            }
        }
        runs.iter_mut().for_each(|runs| runs.sort_by_key(|run| run.replicate));
        let mut columns: Vec<_> = runs.into_iter().map(Vec::into_iter).collect();
        loop {
            let row: Vec<RunRecord> = columns.iter_mut().filter_map(Iterator::next).collect();
            if row.len() < columns.len() {
                break;
            }
            if row.first().is_some_and(|run| replicates.contains(&run.replicate)) {
                judge.see(&row);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_do_not_depend_on_where_one_begins() {
        let mut all = vec![0];
        while all.len() < 40 {
            all.push(look_after(all[all.len() - 1]));
        }
        assert_eq!(all[1], FEWEST * LEAF);
        for from in 0..all[39] {
            assert!(all.contains(&look_after(from)), "{from}");
        }
    }
}
