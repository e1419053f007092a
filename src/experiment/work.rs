//! Does the runs of a plan that are not there yet.

use super::{ExperimentError, Keeps, Plan, Replicates, RunSource};
use crate::measure::RunRecord;
use crate::record::block::{self, Block, LEAF};
use crate::record::chunk::Sketches;
use crate::record::digest::LeafDigest;
use crate::record::{ChunkWriter, Held, RecordError, Store, canonical};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

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

/// Who does the runs of a plan, into what.
#[derive(Clone, Copy)]
pub struct Bench<'a> {
    /// What is run.
    pub plan: &'a Plan,
    /// Where runs come from.
    pub source: &'a dyn RunSource,
    /// Where chunks go.
    pub store: &'a dyn Store,
    /// How many threads.
    pub threads: usize,
    /// Runs in a chunk, if not the usual number. Changes no result.
    pub chunk: Option<u64>,
    /// Whether to stop; how it goes on.
    pub control: &'a Control<'a>,
}

impl Bench<'_> {
    /// What there is of a window of replicates: chunks and parts, each found to be whole, of which no two hold the same run. What is
    /// damaged or belongs to another experiment is set aside, and named.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn held(&self, window: &Range<u64>) -> Result<Vec<Held>, ExperimentError> {
        self.held_where(window, |_| true)
    }

    /// As [`Self::held`], of those that `wanted` wants.
    pub(super) fn held_where(
        &self,
        window: &Range<u64>,
        wanted: impl Fn(&Block) -> bool,
    ) -> Result<Vec<Held>, ExperimentError> {
        let cells = self.plan.cells();
        let parts = self.store.folder().map_or(Ok(Vec::new()), |folder| folder.parts())?;
        let inside =
            |block: &Block| block.runs(cells) > 0 && block.within(window, cells).runs(cells) == block.runs(cells);
        let all: Vec<Block> =
            parts.iter().copied().chain(self.store.chunks()?).filter(|block| inside(block) && wanted(block)).collect();
        let blocks = block::disjoint(all, cells);
        let found = self.each(&blocks, |block| self.open(block, parts.contains(block)))?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Opens a chunk or part. One that is not whole is set aside.
    fn open(&self, block: &Block, is_part: bool) -> Result<Option<Held>, RecordError> {
        let id = self.plan.chunks()(*block);
        let found = match (is_part, self.store.folder()) {
            (true, Some(folder)) => folder.part(&id).map(|part| part.map(Held::Part)),
            _ => self.store.chunk(&id).map(|chunk| chunk.map(Held::Chunk)),
        };
        match found {
            Err(RecordError::Damaged { path, reason }) => {
                let aside = match (is_part, self.store.folder()) {
                    (true, Some(folder)) => folder.set_part_aside(block)?,
                    _ => self.store.set_aside(block)?,
                };
                let notice = format!("{} is damaged ({reason}): {aside}, its runs are done again", path.display());
                (self.control.on_progress)(Progress::Notice(&notice));
                Ok(None)
            }
            other => {
                if let Ok(Some(held)) = &other {
                    (self.control.on_progress)(Progress::Runs(held.block().runs(self.plan.cells())));
                }
                other
            }
        }
    }

    /// Does the runs of a window that `held` does not hold, and adds their chunks to it. Each thread does one chunk at a time, in order,
    /// so that at most so many are lost when it is killed.
    ///
    /// # Errors
    /// If files cannot be written, or it is told to stop; what is done by then is in `held`.
    pub fn fill(&self, window: &Range<u64>, held: &mut Vec<Held>) -> Result<(), ExperimentError> {
        let blocks: Vec<Block> = held.iter().map(Held::block).collect();
        let missing = block::missing(window, &blocks, self.plan.cells());
        self.fill_blocks(&missing, held)
    }

    /// Does the runs of some blocks.
    ///
    /// # Errors
    /// As [`Self::fill`].
    pub fn fill_blocks(&self, missing: &[Block], held: &mut Vec<Held>) -> Result<(), ExperimentError> {
        let cells = self.plan.cells();
        let runs: u64 = missing.iter().map(|block| block.runs(cells)).sum();
        let size = self.chunk.unwrap_or_else(|| Plan::usual_chunk(runs));
        let pieces: Vec<Block> = missing.iter().flat_map(|block| block::cut(block, cells, size)).collect();
        let (done, spare) = (AtomicU64::new(0), Mutex::new(Vec::new()));
        let written: Vec<Option<Held>> = self.each(&pieces, |piece| {
            let known = spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut sketches = known.unwrap_or_else(|| self.plan.sketches(self.source.layout()));
            let is_whole = self.write(piece, &mut sketches)?;
            spare.lock().unwrap_or_else(PoisonError::into_inner).push(sketches);
            if !is_whole {
                return Ok(None);
            }
            done.fetch_add(piece.runs(cells), Ordering::Relaxed);
            let chunk = self.store.chunk(&self.plan.chunks()(*piece))?;
            chunk.map(Held::Chunk).map(Some).ok_or_else(|| {
                RecordError::damaged(&self.store.name_of_chunk(piece), "it went away as soon as it was written")
            })
        })?;
        held.extend(written.into_iter().flatten());
        let done = done.into_inner();
        if done < runs { Err(ExperimentError::Interrupted { done, runs }) } else { Ok(()) }
    }

    /// Does something for each of a list, several at a time, in order, until one fails or the work is told to stop; gives what came of
    /// those that were done.
    pub(super) fn each<T: Sync, U: Send + Default>(
        &self,
        list: &[T],
        work: impl Fn(&T) -> Result<U, RecordError> + Sync,
    ) -> Result<Vec<U>, ExperimentError> {
        let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
        let (found, first_error) = (Mutex::new(Vec::with_capacity(list.len())), Mutex::new(None));
        on_threads(self.threads.min(list.len()), || {
            while !failed.load(Ordering::Relaxed) && !(self.control.cancel)() {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = list.get(place) else { return };
                match work(item) {
                    Ok(value) => found.lock().unwrap_or_else(PoisonError::into_inner).push((place, value)),
                    Err(error) => {
                        failed.store(true, Ordering::Relaxed);
                        first_error.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                    }
                }
            }
        })?;
        if let Some(error) = first_error.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(error.into());
        }
        let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.sort_unstable_by_key(|(place, _)| *place);
        Ok(found.into_iter().map(|(_, value)| value).collect())
    }

    /// Does a chunk, with the memory of these summaries; gives whether it came to its end.
    fn write(&self, block: &Block, sketches: &mut Sketches) -> Result<bool, RecordError> {
        let mut writer = self.store.begin_chunk(&self.plan.chunks()(*block))?;
        for cell in block.cells(self.plan.cells()) {
            sketches.series.clear();
            sketches.milestones.clear();
            let mut written = Ok(true);
            self.source.with_runner(cell as usize, &mut |runner| {
                written = self.write_cell(runner, (cell, block), &mut writer, sketches);
            });
            if !written? {
                return Ok(false);
            }
            writer.cell(sketches)?;
        }
        writer.finish().map(|_| true)
    }

    fn write_cell(
        &self,
        runner: Replicates<'_>,
        (cell, block): (u64, &Block),
        writer: &mut ChunkWriter,
        sketches: &mut Sketches,
    ) -> Result<bool, RecordError> {
        let cells = self.plan.cells();
        let summarised = self.plan.keeps != Keeps::NoSeries;
        let held = block.replicates(cell, cells);
        let mut runs = Vec::with_capacity(LEAF as usize);
        for round in block.rounds(cell, cells) {
            runs.clear();
            for replicate in block.digested(round) {
                if (self.control.cancel)() {
                    return Ok(false);
                }
                runs.push(runner(replicate));
            }
            let before = runs.iter().take_while(|run| run.replicate < held.start).count();
            if before == runs.len() {
                continue;
            }
            if summarised {
                add(sketches, &mut runs[before..]);
            }
            let mut digest = LeafDigest::default();
            let bytes: Vec<Vec<u8>> = runs.iter_mut().map(canonical).collect();
            for (run, bytes) in runs.iter().zip(&bytes) {
                digest.run(bytes, summarised.then_some(run));
            }
            writer.leaf(round * cells + cell, digest.finish());
            for (run, bytes) in runs.iter().zip(&bytes).skip(before) {
                writer.run(bytes, run)?;
            }
            (self.control.on_progress)(Progress::Runs((runs.len() - before) as u64));
        }
        Ok(true)
    }
}

/// Does the same on several threads; without the feature `parallel` on this one.
#[cfg(feature = "parallel")]
fn on_threads(threads: usize, work: impl Fn() + Sync) -> Result<(), ExperimentError> {
    if threads == 0 {
        return Ok(());
    }
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
