//! Does the chunks of a plan.

use super::plan::Cut;
use super::{ExperimentError, Keeps, Plan, Replicates, RunSource};
use crate::measure::RunRecord;
use crate::record::chunk::{ChunkId, Sketches};
use crate::record::{RecordError, Store};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// How many runs a thread adds to its summaries at a time.
const BATCH: usize = 16;

/// What a program has to say while runs are done, and hears of it. All of it is called from several threads.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    /// Asked after every run whether somebody wants the work to stop.
    pub cancel: &'a (dyn Fn() -> bool + Sync),
    /// Told how the work goes on.
    pub on_progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

/// What is told of work that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// So many more runs are there: done just now, or found done.
    Runs(u64),
    /// What people should know, such as that a damaged chunk is done again.
    Notice(&'a str),
}

/// Lets the work come to its end, and listens to nothing.
impl Default for Control<'_> {
    fn default() -> Self {
        Self { cancel: &|| false, on_progress: &|_| {} }
    }
}

/// Does all chunks of some rounds of a plan that the folder does not hold yet, on `threads` threads. A chunk that is
/// damaged or belongs to another experiment is set aside, named, and done again. Each thread does one chunk at a time,
/// in order, so that at most so many are lost when it is killed.
///
/// # Errors
/// If files cannot be written, or it is told to stop.
pub fn run_chunks(
    plan: &Plan,
    rounds: Range<u64>,
    source: &dyn RunSource,
    store: &dyn Store,
    threads: usize,
    control: &Control<'_>,
) -> Result<(), ExperimentError> {
    let cells = plan.cells.len() as u64;
    let next = AtomicU64::new(0);
    let done = AtomicU64::new(0);
    let failed = AtomicBool::new(false);
    let first_error = Mutex::new(None);
    let worker = Worker { cut: plan.cut(), source, store, control, failed: &failed };
    on_threads(threads, || {
        while !worker.should_stop() {
            // Round by round, so that whenever the work ends, all cells have about as many replicates.
            let place = next.fetch_add(1, Ordering::Relaxed);
            let round = rounds.start + place / cells.max(1);
            if round >= rounds.end || cells == 0 {
                return;
            }
            match worker.chunk(worker.cut.number((place % cells) as usize, round)) {
                Ok(runs) => {
                    done.fetch_add(runs, Ordering::Relaxed);
                }
                Err(error) => {
                    failed.store(true, Ordering::Relaxed);
                    first_error.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                }
            }
        }
    })?;
    if let Some(error) = first_error.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let replicates = plan.replicates_after(rounds.end) - plan.replicates_after(rounds.start);
    let (done, runs) = (done.into_inner(), replicates * cells);
    if done < runs { Err(ExperimentError::Interrupted { done, runs }) } else { Ok(()) }
}

/// Does the same on several threads; without the feature `parallel` on this one.
#[cfg(feature = "parallel")]
fn on_threads(threads: usize, work: impl Fn() + Sync) -> Result<(), ExperimentError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| ExperimentError::Threads { threads, reason: error.to_string() })?;
    pool.broadcast(|_| work());
    Ok(())
}

#[cfg(not(feature = "parallel"))]
fn on_threads(_: usize, work: impl Fn() + Sync) -> Result<(), ExperimentError> {
    work();
    Ok(())
}

/// Does one chunk of a plan, unless it is there already; gives whether it had to be done.
///
/// # Errors
/// If there is no such chunk, it cannot be written, or the work is told to stop.
pub fn run_chunk(
    plan: &Plan,
    number: u64,
    source: &dyn RunSource,
    store: &dyn Store,
    control: &Control<'_>,
) -> Result<bool, ExperimentError> {
    if number >= plan.chunks() {
        return Err(ExperimentError::NoChunk { number, last: plan.chunks().saturating_sub(1) });
    }
    let failed = AtomicBool::new(false);
    let worker = Worker { cut: plan.cut(), source, store, control, failed: &failed };
    let (cell, id) = worker.cut.chunk(number);
    let runs = id.replicates.end - id.replicates.start;
    if worker.is_there(&id)? {
        return Ok(false);
    }
    match worker.write(cell, &id)? {
        0 => Err(ExperimentError::Interrupted { done: 0, runs }),
        _ => Ok(true),
    }
}

struct Worker<'a> {
    cut: Cut<'a>,
    source: &'a dyn RunSource,
    store: &'a dyn Store,
    control: &'a Control<'a>,
    failed: &'a AtomicBool,
}

impl Worker<'_> {
    fn should_stop(&self) -> bool {
        self.failed.load(Ordering::Relaxed) || (self.control.cancel)()
    }

    /// Sees to it that a chunk is there; gives the number of its runs, 0 if told to stop before.
    fn chunk(&self, number: u64) -> Result<u64, ExperimentError> {
        let (cell, id) = self.cut.chunk(number);
        if self.is_there(&id)? {
            let runs = id.replicates.end - id.replicates.start;
            (self.control.on_progress)(Progress::Runs(runs));
            return Ok(runs);
        }
        self.write(cell, &id)
    }

    /// Whether a chunk is there and whole. One that is not whole is set aside.
    fn is_there(&self, id: &ChunkId) -> Result<bool, ExperimentError> {
        match self.store.chunk(id) {
            Ok(found) => Ok(found.is_some()),
            Err(RecordError::Damaged { path, reason }) => {
                let aside = self.store.set_aside(id.number)?;
                let notice = format!("{} is damaged ({reason}): {aside}, its runs are done again", path.display());
                (self.control.on_progress)(Progress::Notice(&notice));
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Does a chunk; gives the number of its runs, 0 if told to stop before the last.
    fn write(&self, cell: usize, id: &ChunkId) -> Result<u64, ExperimentError> {
        let mut written = Ok(0);
        self.source.with_runner(cell, &mut |runner| written = self.write_runs(runner, id));
        written
    }

    fn write_runs(&self, runner: Replicates<'_>, id: &ChunkId) -> Result<u64, ExperimentError> {
        let mut sketches = self.cut.plan.sketches(self.source.layout());
        let summarised = self.cut.plan.keeps != Keeps::NoSeries;
        let mut writer = self.store.begin_chunk(id)?;
        let mut batch = Vec::with_capacity(BATCH);
        for replicate in id.replicates.clone() {
            if self.should_stop() {
                return Ok(0);
            }
            batch.push(runner(replicate));
            if batch.len() == BATCH || replicate + 1 == id.replicates.end {
                (self.control.on_progress)(Progress::Runs(batch.len() as u64));
                if summarised {
                    add(&mut sketches, &mut batch);
                }
                for run in batch.drain(..) {
                    writer.run(run)?;
                }
            }
        }
        writer.finish(&sketches)?;
        Ok(id.replicates.end - id.replicates.start)
    }
}

/// Adds the series of runs to the summaries. A run whose series are not as the layout says has failed.
fn add(sketches: &mut Sketches, batch: &mut [RunRecord]) {
    let mut added = sketches.series.add_series(batch);
    if added.is_ok() {
        added = sketches.milestones.add_milestones(batch);
    }
    if let Err(mismatch) = added {
        for run in batch {
            let failure = Some(format!("the series are incomplete: {mismatch}"));
            *run = RunRecord { failure, ..RunRecord::empty(run.replicate) };
        }
    }
}
