//! Puts what holds the runs of an experiment together to the tables of its results.

use super::{Bench, ExperimentError, Keeps};
use crate::record::block::{self, Block};
use crate::record::chunk::Sketches;
use crate::record::digest::{Digest, result_digest};
use crate::record::{Copier, FileEntry, Folder, Held, RecordError, SINGLE, SeriesTable, Tables, write_leaves};
use std::ops::Range;
use std::thread::ScopedJoinHandle;

/// What was put together.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The tables.
    pub files: Vec<FileEntry>,
    /// Digest of what was found.
    pub result_digest: String,
    /// How many runs failed.
    pub failures: u64,
}

/// Makes the tables of a window of replicates, whose runs `held` holds, each once: `runs.parquet`, `events.parquet` and, as the plan keeps
/// them, `series.parquet` and `series_runs.parquet`. Up to [`SINGLE`] runs, each is one file; of more, it is in parts, of which those that
/// are there stay as they are.
///
/// # Errors
/// If a run is missing, or a file cannot be read or written.
pub fn gather(bench: &Bench<'_>, window: &Range<u64>, held: Vec<Held>) -> Result<Gathered, ExperimentError> {
    let (plan, cells) = (bench.plan, bench.plan.cells());
    let blocks: Vec<Block> = held.iter().map(Held::block).collect();
    if let Some(missing) = block::missing(window, &blocks, cells).first() {
        return Err(RecordError::damaged(&bench.store.name_of_chunk(missing), "it is missing").into());
    }
    let digests = digests(&held, window, cells);
    let rounds = block::rounds(window);
    let leaves =
        |cell: u64| (0..rounds.end - rounds.start).map(|round| digests[(round * cells + cell) as usize]).collect();
    let size = (window.start, window.end - window.start);
    let result_digest = result_digest(bench.source.layout(), bench.source.names(), size, (0..cells).map(leaves));
    let whole: Vec<&Held> = held.iter().collect();
    let mut series = (plan.keeps != Keeps::NoSeries).then(|| Series::create(bench)).transpose()?;
    let all = Block::of(window, cells);
    let mut summed = 0;
    let mut files = match bench.store.folder() {
        Some(folder) if all.runs(cells) > SINGLE => in_parts(bench, folder, &held)?,
        folder => std::thread::scope(|scope| {
            let digest = |leaf: u64| digests.get((leaf - all.from) as usize).copied();
            // Those of the first cell are merged while the tables are written.
            let ahead = bench.threads > 1 && folder.is_some() && !whole.is_empty();
            let mut first = ahead.then(|| scope.spawn(|| sketches(bench, &whole, 0)));
            write(bench, folder, (&all, None), &whole, &digest, &mut |cell| {
                // What goes beside the tables is what `series.parquet` tells.
                let sketches = match first.take_if(|_| cell == 0).map(ScopedJoinHandle::join) {
                    Some(merged) => merged.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?,
                    None => sketches(bench, &whole, cell)?,
                };
                if let Some(series) = &mut series {
                    series.cell(cell, &sketches)?;
                }
                summed = cell + 1;
                Ok(sketches)
            })
        })?,
    };
    if let Some(mut series) = series {
        for cell in summed..cells {
            series.cell(cell, &sketches(bench, &whole, cell)?)?;
        }
        files.push(series.finish()?);
    }
    let failures = held.iter().map(|held| held.leaves().failures()).sum();
    Ok(Gathered { files, result_digest, failures })
}

/// The digests of all leaves of a window, in the order of their numbers: of a leaf that several hold a part of, that over the most of it.
fn digests(held: &[Held], window: &Range<u64>, cells: u64) -> Vec<Digest> {
    let all = Block::of(window, cells);
    let mut found = vec![(0, [0; 32]); (all.to - all.from) as usize];
    for held in held {
        let block = held.block();
        for leaf in block.from.max(all.from)..block.to.min(all.to) {
            let (known, digest) = &mut found[(leaf - all.from) as usize];
            let end = block.digested(leaf / cells.max(1)).end;
            if let Some(better) = held.leaves().digest(leaf).filter(|_| end > *known) {
                (*known, *digest) = (end, better);
            }
        }
    }
    found.into_iter().map(|(_, digest)| digest).collect()
}

/// Makes parts of the chunks, each of as many neighbours as make a part.
fn in_parts(bench: &Bench<'_>, folder: &Folder, held: &[Held]) -> Result<Vec<FileEntry>, ExperimentError> {
    let cells = bench.plan.cells();
    let mut groups: Vec<(Block, Vec<&Held>)> = Vec::new();
    let mut chunks: Vec<&Held> = held.iter().filter(|held| matches!(held, Held::Chunk(_))).collect();
    chunks.sort_by_key(|chunk| (chunk.block().first, chunk.block().end, chunk.block().from));
    for chunk in chunks {
        let block = chunk.block();
        match groups.last_mut() {
            Some((group, members))
                if group.window() == block.window() && group.to == block.from && group.runs(cells) < SINGLE =>
            {
                group.to = block.to;
                members.push(chunk);
            }
            _ => groups.push((block, vec![chunk])),
        }
    }
    let made = bench.each(&groups, |(block, members)| part(bench, folder, block, members))?;
    if made.len() < groups.len() {
        return Err(ExperimentError::Interrupted { done: 0, runs: 0 });
    }
    let mut keep: Vec<Block> = groups.iter().map(|(block, _)| *block).collect();
    let mut files: Vec<FileEntry> = made.into_iter().flatten().collect();
    for held in held {
        if let Held::Part(part) = held {
            folder.settle(&held.block())?;
            files.extend(part.files()?);
            keep.push(held.block());
        }
    }
    folder.keep_parts(&keep)?;
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// Makes a part of chunks that follow each other.
///
/// # Errors
/// If a file cannot be read or written.
pub fn part(
    bench: &Bench<'_>,
    folder: &Folder,
    block: &Block,
    members: &[&Held],
) -> Result<Vec<FileEntry>, RecordError> {
    let digest = |leaf: u64| members.iter().find_map(|held| held.leaves().digest(leaf));
    write(bench, Some(folder), (block, Some(block)), members, &digest, &mut |cell| sketches(bench, members, cell))
}

/// Writes the tables of a block, and in a folder what goes beside them.
fn write(
    bench: &Bench<'_>,
    folder: Option<&Folder>,
    (block, place): (&Block, Option<&Block>),
    members: &[&Held],
    digest: &dyn Fn(u64) -> Option<Digest>,
    sketches: &mut dyn FnMut(u64) -> Result<Sketches, RecordError>,
) -> Result<Vec<FileEntry>, RecordError> {
    let (plan, cells) = (bench.plan, bench.plan.cells());
    let variants = plan.variant_ids();
    let columns = plan.columns(bench.source, &variants);
    let mut tables = Tables::create(bench.store, place, &columns)?;
    let mut copiers: Vec<(Block, Copier<'_>)> = members.iter().map(|held| (held.block(), Copier::new(held))).collect();
    copiers.sort_by_key(|(block, _)| (block.first, block.from));
    for cell in block.cells(cells) {
        let (point, variant) = plan.cell(cell);
        let mut own: Vec<_> =
            copiers.iter_mut().filter(|(block, _)| !block.replicates(cell, cells).is_empty()).collect();
        own.sort_by_key(|(block, _)| block.replicates(cell, cells).start);
        for (_, copier) in own {
            copier.copy(cell, (point, variant, &variants[variant as usize]), &mut tables)?;
        }
    }
    let written = tables.finish()?;
    let mut files: Vec<FileEntry> = written.iter().map(|table| table.file(place)).collect();
    if let Some(folder) = folder {
        let failures = members.iter().map(|held| held.leaves().failures()).sum();
        let lost = || RecordError::damaged(&bench.store.name_of_chunk(block), "it has no digest of a leaf");
        files.push(write_leaves(
            folder,
            (&plan.chunks()(*block), place),
            (written, failures),
            |leaf| digest(leaf).ok_or_else(lost),
            sketches,
        )?);
    }
    Ok(files)
}

/// The summaries of a cell over all that hold some of its runs, merged by several threads where there are many.
fn sketches(bench: &Bench<'_>, held: &[&Held], cell: u64) -> Result<Sketches, RecordError> {
    /// So many are merged sooner than a thread is started.
    const FEW: usize = 4;
    let cells = bench.plan.cells();
    let own: Vec<&Held> =
        held.iter().copied().filter(|held| !held.block().replicates(cell, cells).is_empty()).collect();
    let shares: Vec<&[&Held]> = own.chunks(own.len().div_ceil(bench.threads.max(1)).max(FEW)).collect();
    let Some((first, others)) = shares.split_first() else { return Ok(bench.plan.sketches(bench.source.layout())) };
    std::thread::scope(|scope| {
        let others: Vec<_> = others.iter().map(|share| scope.spawn(|| merged(bench, share, cell))).collect();
        let mut all = merged(bench, first, cell);
        for (other, share) in others.into_iter().zip(&shares[1..]) {
            let more = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            all = all.and_then(|mut all| add(&mut all, &more?, share[0]).map(|()| all));
        }
        all
    })
}

/// The summaries of a cell over some that hold some of its runs.
fn merged(bench: &Bench<'_>, held: &[&Held], cell: u64) -> Result<Sketches, RecordError> {
    let mut all = bench.plan.sketches(bench.source.layout());
    for held in held {
        add(&mut all, &held.leaves().sketches(cell)?, held)?;
    }
    Ok(all)
}

fn add(all: &mut Sketches, more: &Sketches, of: &Held) -> Result<(), RecordError> {
    all.series
        .merge(&more.series)
        .and_then(|()| all.milestones.merge(&more.milestones))
        .map_err(|mismatch| RecordError::damaged(of.leaves().path(), mismatch.to_string()))
}

/// `series.parquet` being written, cell by cell in their order.
struct Series<'a> {
    bench: &'a Bench<'a>,
    table: SeriesTable,
}

impl<'a> Series<'a> {
    fn create(bench: &'a Bench<'a>) -> Result<Self, RecordError> {
        let variants = bench.plan.variant_ids();
        let table = SeriesTable::create(bench.store, bench.source.layout(), &variants, bench.source.calendar())?;
        Ok(Self { bench, table })
    }

    fn cell(&mut self, cell: u64, sketches: &Sketches) -> Result<(), RecordError> {
        let (point, variant) = self.bench.plan.cell(cell);
        self.table.cell(point, variant, sketches)
    }

    fn finish(self) -> Result<FileEntry, RecordError> {
        let (rows, fingerprint) = self.table.finish()?;
        Ok(FileEntry { name: "series.parquet".into(), rows: Some(rows), fingerprint })
    }
}
