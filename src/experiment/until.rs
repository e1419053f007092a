//! Runs a plan until it is precise enough, its time is up, or all is done.

use super::{Control, ExperimentError, Plan, RunSource, run_chunks};
use crate::measure::RunRecord;
use crate::record::chunk::ChunkReader;
use crate::record::clock::Stopwatch;
use crate::record::{RecordError, StopReason, Store, needed};
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
const FEWEST: u64 = 4;

/// Does the rounds of a plan until a judge is satisfied, the plan's time limit is up or no replicate is left; gives the
/// number of rounds that count and why it ended. When it looks depends on the plan only, so that the same plan without
/// a time limit ends after the same replicates whatever the threads, and when it is gone on with after a kill.
///
/// # Errors
/// If a chunk cannot be run or read, if told to stop, or if the time was up before every cell had a chunk.
pub fn run_until(
    plan: &Plan,
    source: &dyn RunSource,
    store: &dyn Store,
    threads: usize,
    control: &Control<'_>,
    judge: &mut dyn Judge,
) -> Result<(u64, StopReason), ExperimentError> {
    let limit = plan.stopping.as_ref().and_then(|stopping| stopping.time_limit);
    let precise = plan.stopping.as_ref().is_some_and(|stopping| stopping.precision.is_some());
    let watch = Stopwatch::start();
    let expired = AtomicBool::new(false);
    let stop = || {
        if limit.is_some_and(|limit| watch.seconds() >= limit) {
            expired.store(true, Ordering::Relaxed);
        }
        expired.load(Ordering::Relaxed) || (control.cancel)()
    };
    let timed = Control { cancel: &stop, on_progress: control.on_progress };
    let mut done = 0;
    while done < plan.rounds() {
        let more = if precise { (done / GROWTH).max(FEWEST) } else { plan.rounds() };
        let next = (done + more).min(plan.rounds());
        match run_chunks(plan, done..next, source, store, threads, &timed) {
            Err(ExperimentError::Interrupted { .. }) if expired.load(Ordering::Relaxed) && !(control.cancel)() => {
                let rounds = whole_rounds(plan, done..next, store);
                if rounds == 0 {
                    let seconds = limit.unwrap_or_default();
                    return Err(ExperimentError::TooShort { seconds, runs: plan.chunk_size * plan.cells.len() as u64 });
                }
                if precise {
                    side_by_side(plan, done..rounds, store, judge)?;
                }
                return Ok((rounds, StopReason::TimeLimit));
            }
            other => other?,
        }
        if precise {
            side_by_side(plan, done..next, store, judge)?;
            if judge.is_satisfied() {
                return Ok((next, StopReason::Precise));
            }
        }
        done = next;
    }
    Ok((done, StopReason::AllReplicates))
}

/// The end of the last of some rounds up to which every chunk is there.
fn whole_rounds(plan: &Plan, rounds: Range<u64>, store: &dyn Store) -> u64 {
    let cut = plan.cut();
    let whole = |round: &u64| (0..plan.cells.len()).all(|cell| store.has_chunk(cut.number(cell, *round)));
    rounds.start + rounds.take_while(whole).count() as u64
}

/// Shows a judge the replicates of some rounds.
fn side_by_side(
    plan: &Plan,
    rounds: Range<u64>,
    store: &dyn Store,
    judge: &mut dyn Judge,
) -> Result<(), ExperimentError> {
    let cut = plan.cut();
    let mut runs = Vec::with_capacity(plan.cells.len());
    for round in rounds {
        let open = |cell| needed(store, &cut.chunk(cut.number(cell, round)).1);
        let mut readers: Vec<ChunkReader> = (0..plan.cells.len()).map(open).collect::<Result<_, RecordError>>()?;
        loop {
            runs.clear();
            for reader in &mut readers {
                runs.extend(reader.next_run()?.map(|run| run.record));
            }
            if runs.len() < readers.len() {
                break;
            }
            judge.see(&runs);
        }
    }
    Ok(())
}
