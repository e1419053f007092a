//! Does the chunks of a plan.

use super::plan::Cut;
use super::{ExperimentError, Keeps, Plan, Runner, Source};
use crate::measure::RunRecord;
use crate::record::chunk::{ChunkId, ChunkReader, ChunkWriter, Sketches};
use crate::record::{Folder, RecordError};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// How many runs a thread adds to its summaries at a time.
const BATCH: usize = 16;

/// What the work tells while it goes on. All of it is called from several threads.
pub struct Progress<'a> {
    /// Told how many more runs are there: done just now, or found done.
    pub runs: &'a (dyn Fn(u64) + Sync),
    /// Told what people should know, such as that a damaged chunk is done again.
    pub notice: &'a (dyn Fn(&str) + Sync),
    /// Asked after every run whether somebody wants the work to stop.
    pub stop: &'a (dyn Fn() -> bool + Sync),
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
    source: &impl Source,
    folder: &Folder,
    threads: usize,
    progress: &Progress<'_>,
) -> Result<(), ExperimentError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| ExperimentError::Threads { threads, reason: error.to_string() })?;
    let cells = plan.cells.len() as u64;
    let next = AtomicU64::new(0);
    let done = AtomicU64::new(0);
    let failed = AtomicBool::new(false);
    let first_error = Mutex::new(None);
    let worker = Worker { cut: plan.cut(), source, folder, progress, failed: &failed };
    pool.broadcast(|_| {
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
    });
    if let Some(error) = first_error.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let replicates = plan.replicates_after(rounds.end) - plan.replicates_after(rounds.start);
    let (done, runs) = (done.into_inner(), replicates * cells);
    if done < runs { Err(ExperimentError::Interrupted { done, runs }) } else { Ok(()) }
}

/// Does one chunk of a plan, unless it is there already; gives whether it had to be done.
///
/// # Errors
/// If there is no such chunk, it cannot be written, or the work is told to stop.
pub fn run_chunk(
    plan: &Plan,
    number: u64,
    source: &impl Source,
    folder: &Folder,
    progress: &Progress<'_>,
) -> Result<bool, ExperimentError> {
    if number >= plan.chunks() {
        return Err(ExperimentError::NoChunk { number, last: plan.chunks().saturating_sub(1) });
    }
    let failed = AtomicBool::new(false);
    let worker = Worker { cut: plan.cut(), source, folder, progress, failed: &failed };
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

struct Worker<'a, S> {
    cut: Cut<'a>,
    source: &'a S,
    folder: &'a Folder,
    progress: &'a Progress<'a>,
    failed: &'a AtomicBool,
}

impl<S: Source> Worker<'_, S> {
    fn should_stop(&self) -> bool {
        self.failed.load(Ordering::Relaxed) || (self.progress.stop)()
    }

    /// Sees to it that a chunk is there; gives the number of its runs, 0 if told to stop before.
    fn chunk(&self, number: u64) -> Result<u64, ExperimentError> {
        let (cell, id) = self.cut.chunk(number);
        if self.is_there(&id)? {
            let runs = id.replicates.end - id.replicates.start;
            (self.progress.runs)(runs);
            return Ok(runs);
        }
        self.write(cell, &id)
    }

    /// Whether a chunk is there and whole. One that is not whole is set aside.
    fn is_there(&self, id: &ChunkId) -> Result<bool, ExperimentError> {
        let path = self.folder.chunk(id.number);
        match ChunkReader::open(&path, id) {
            Ok(found) => Ok(found.is_some()),
            Err(RecordError::Damaged { path, reason }) => {
                let aside = path.with_extension("damaged");
                std::fs::rename(&path, &aside).map_err(RecordError::io("set aside", &path))?;
                (self.progress.notice)(&format!(
                    "{} is damaged ({reason}): set aside as {}, its runs are done again",
                    path.display(),
                    aside.display()
                ));
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

    fn write_runs(&self, runner: Runner<'_>, id: &ChunkId) -> Result<u64, ExperimentError> {
        let mut sketches = self.cut.plan.sketches(self.source.layout());
        let summarised = self.cut.plan.keeps != Keeps::NoSeries;
        let mut writer = ChunkWriter::create(&self.folder.chunk(id.number), id)?;
        let mut batch = Vec::with_capacity(BATCH);
        for replicate in id.replicates.clone() {
            if self.should_stop() {
                return Ok(0);
            }
            batch.push(runner(replicate));
            if batch.len() == BATCH || replicate + 1 == id.replicates.end {
                (self.progress.runs)(batch.len() as u64);
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
