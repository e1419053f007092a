//! Does the chunks of a plan.

use super::{ExperimentError, Plan, Runner, Source};
use crate::measure::{RunRecord, SeriesSketch};
use crate::record::chunk::{ChunkId, ChunkReader, ChunkWriter, Sketches};
use crate::record::{Folder, RecordError};
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
    /// Set by somebody who wants the work to stop.
    pub stop: &'a AtomicBool,
}

/// Does all chunks of a plan that the folder does not hold yet, on `threads` threads. A chunk that is damaged or belongs
/// to another experiment is set aside, named, and done again. Each thread does one chunk at a time, in order, so that
/// at most so many are lost when it is killed.
///
/// # Errors
/// If files cannot be written, a cell cannot be run, or it is told to stop.
pub fn run_chunks(
    plan: &Plan,
    source: &impl Source,
    folder: &Folder,
    threads: usize,
    progress: &Progress<'_>,
) -> Result<(), ExperimentError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| ExperimentError::Threads { threads, reason: error.to_string() })?;
    let next = AtomicU64::new(0);
    let done = AtomicU64::new(0);
    let failed = AtomicBool::new(false);
    let first_error = Mutex::new(None);
    pool.broadcast(|_| {
        let mut worker = Worker { plan, source, folder, progress, failed: &failed, runner: None };
        while !worker.should_stop() {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= plan.chunks() {
                return;
            }
            match worker.chunk(number) {
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
    let (done, runs) = (done.into_inner(), plan.runs());
    if done < runs { Err(ExperimentError::Interrupted { done, runs }) } else { Ok(()) }
}

struct Worker<'a, S> {
    plan: &'a Plan,
    source: &'a S,
    folder: &'a Folder,
    progress: &'a Progress<'a>,
    failed: &'a AtomicBool,
    runner: Option<(usize, Runner<'a>)>,
}

impl<'a, S: Source> Worker<'a, S> {
    fn should_stop(&self) -> bool {
        self.progress.stop.load(Ordering::Relaxed) || self.failed.load(Ordering::Relaxed)
    }

    /// Sees to it that a chunk is there; gives the number of its runs, 0 if told to stop before.
    fn chunk(&mut self, number: u64) -> Result<u64, ExperimentError> {
        let (cell, id) = self.plan.chunk(number);
        let runs = id.replicates.end - id.replicates.start;
        let path = self.folder.chunk(number);
        match ChunkReader::open(&path, &id) {
            Ok(Some(_)) => {
                (self.progress.runs)(runs);
                return Ok(runs);
            }
            Ok(None) => {}
            Err(RecordError::Damaged { path, reason }) => {
                let aside = path.with_extension("damaged");
                std::fs::rename(&path, &aside).map_err(RecordError::io("set aside", &path))?;
                (self.progress.notice)(&format!(
                    "{} is damaged ({reason}): set aside as {}, its runs are done again",
                    path.display(),
                    aside.display()
                ));
            }
            Err(error) => return Err(error.into()),
        }
        self.write(cell, &id)
    }

    fn write(&mut self, cell: usize, id: &ChunkId) -> Result<u64, ExperimentError> {
        let layout = self.source.layout();
        let mut sketches = Sketches {
            series: SeriesSketch::new(&layout.series, layout.moments as usize),
            milestones: SeriesSketch::new(&layout.milestones, layout.milestone_steps.len()),
        };
        let mut writer = ChunkWriter::create(&self.folder.chunk(id.number), id)?;
        let mut batch = Vec::with_capacity(BATCH);
        for replicate in id.replicates.clone() {
            if self.should_stop() {
                return Ok(0);
            }
            batch.push(self.run(cell, replicate)?);
            if batch.len() == BATCH || replicate + 1 == id.replicates.end {
                (self.progress.runs)(batch.len() as u64);
                add(&mut sketches, &mut batch);
                for run in batch.drain(..) {
                    writer.run(run)?;
                }
            }
        }
        writer.finish(&sketches)?;
        Ok(id.replicates.end - id.replicates.start)
    }

    fn run(&mut self, cell: usize, replicate: u64) -> Result<RunRecord, ExperimentError> {
        if self.runner.as_ref().is_none_or(|(ready, _)| *ready != cell) {
            let runner = self.source.runner(cell).map_err(|reason| {
                let cell = &self.plan.cells[cell];
                ExperimentError::Source { point: cell.point, variant: cell.variant.clone(), reason }
            })?;
            self.runner = Some((cell, runner));
        }
        match &mut self.runner {
            Some((_, runner)) => Ok(runner(replicate)),
            None => Ok(failure(replicate, "there is nothing to run")),
        }
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
            *run = failure(run.replicate, &format!("the series are incomplete: {mismatch}"));
        }
    }
}

fn failure(replicate: u64, reason: &str) -> RunRecord {
    RunRecord {
        replicate,
        failure: Some(reason.to_owned()),
        answers: Vec::new(),
        finals: Vec::new(),
        leader: None,
        coalitions: String::new(),
        events: Vec::new(),
        series: Vec::new(),
        milestones: Vec::new(),
    }
}
