//! The tables that hold the runs of an experiment: in one file each, or of a large experiment in parts.
//!
//! Beside the tables of a [`Block`] is a file with the digests of its leaves and the summaries of its series, which names the tables
//! and their digests: so a part is verified by itself, and an experiment that grows goes on from the parts that it has.

use super::block::Block;
use super::chunk::{BlockTable, Chunk, ChunkId, Sketches};
use super::chunk_writer::ChunkWriter;
use super::digest::Digest;
use super::folder::{blocks_in, entries_of, remove_folder};
use super::row_cursor::RowCursor;
use super::{EventsTable, FileEntry, Folder, RecordError, RunsTable, SeriesRunsTable, Store, make_folder, write_whole};
use crate::base::Calendar;
use crate::measure::{Answer, Layout, LogNames, RunRecord};
use std::path::{Path, PathBuf};

/// Runs up to which a table is one file.
pub const SINGLE: u64 = 1 << 15;
/// The folder of the digests and summaries of parts.
const LEAVES: &str = "leaves";
/// The tables that hold runs.
const TABLES: [&str; 3] = ["runs", "events", "series_runs"];
/// Within the folder of chunks: the tables that an experiment had before it grew.
const HELD: &str = "held";

/// What the columns of the tables are.
#[derive(Clone, Copy)]
pub struct Columns<'a> {
    /// What is recorded of every run.
    pub layout: &'a Layout,
    /// The words of the event logs.
    pub names: &'a LogNames,
    /// The variants' ids.
    pub variants: &'a [String],
    /// The days of the steps.
    pub calendar: Calendar,
    /// Whether the series of every run are kept.
    pub keeps_series: bool,
}

/// The tables of runs being written.
pub struct Tables {
    runs: RunsTable,
    events: EventsTable,
    series_runs: Option<SeriesRunsTable>,
}

impl Tables {
    /// Begins the tables of a part, or of all runs.
    ///
    /// # Errors
    /// If they cannot be begun.
    pub fn create(store: &dyn Store, part: Option<&Block>, columns: &Columns<'_>) -> Result<Self, RecordError> {
        let Columns { layout, names, variants, calendar, keeps_series } = *columns;
        if let (Some(folder), Some(_)) = (store.folder(), part) {
            for table in TABLES.into_iter().chain([LEAVES]).filter(|table| keeps_series || *table != "series_runs") {
                make_folder(&folder.file(table))?;
            }
        }
        let name = |table: &str| table_name(table, part);
        let series_runs =
            keeps_series.then(|| SeriesRunsTable::create(store, &name("series_runs"), layout, variants, calendar));
        Ok(Self {
            runs: RunsTable::create(store, &name("runs"), layout, names, variants, calendar)?,
            events: EventsTable::create(store, &name("events"), names, variants, calendar)?,
            series_runs: series_runs.transpose()?,
        })
    }

    /// Adds a run of a point and variant.
    ///
    /// # Errors
    /// If a file cannot be written to.
    pub fn run(&mut self, point: i32, variant: u32, run: &RunRecord) -> Result<(), RecordError> {
        self.runs.run(point, variant, run)?;
        for event in &run.events {
            self.events.event(point, variant, run.replicate, event)?;
        }
        self.series_runs.as_mut().map_or(Ok(()), |table| table.run(point, variant, run))
    }

    /// Puts the files in their places.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn finish(self) -> Result<Vec<BlockTable>, RecordError> {
        let entry = |table: &str, (rows, fingerprint)| BlockTable { table: table.to_owned(), rows, fingerprint };
        let mut tables = vec![entry("runs", self.runs.finish()?), entry("events", self.events.finish()?)];
        if let Some(series) = self.series_runs {
            tables.push(entry("series_runs", series.finish()?));
        }
        Ok(tables)
    }
}

impl BlockTable {
    /// Its file among those of results: of a part, or the one of all runs.
    pub fn file(&self, part: Option<&Block>) -> FileEntry {
        let name = table_name(&self.table, part);
        FileEntry { name, rows: Some(self.rows), fingerprint: self.fingerprint.clone() }
    }
}

fn table_name(table: &str, part: Option<&Block>) -> String {
    part.map_or_else(|| format!("{table}.parquet"), |block| part_name(table, block))
}

fn part_name(table: &str, block: &Block) -> String {
    format!("{table}/{}.parquet", block.name())
}

fn leaves_name(part: Option<&Block>) -> String {
    part.map_or_else(|| Folder::LEAVES.to_owned(), |block| format!("{LEAVES}/{}.bin", block.name()))
}

/// Writes what goes beside the tables of a block: the digests of its leaves and the summaries of its cells.
///
/// # Errors
/// If it cannot be written, or what is to go into it cannot be had.
pub fn write_leaves(
    folder: &Folder,
    (id, place): (&ChunkId, Option<&Block>),
    (tables, failures): (Vec<BlockTable>, u64),
    digests: impl Fn(u64) -> Result<Digest, RecordError>,
    mut sketches: impl FnMut(u64) -> Result<Sketches, RecordError>,
) -> Result<FileEntry, RecordError> {
    let name = leaves_name(place);
    let mut writer = ChunkWriter::create(&folder.file(&name), id, false)?;
    for leaf in id.block.from..id.block.to {
        writer.leaf(leaf, digests(leaf)?);
    }
    for cell in id.block.cells(id.cells) {
        writer.cell(&sketches(cell)?)?;
    }
    writer.tables(tables, failures);
    Ok(FileEntry { name, rows: None, fingerprint: writer.finish()? })
}

/// A part of the tables, found to be whole.
#[derive(Debug)]
pub struct Part {
    folder: Folder,
    leaves: Chunk,
}

impl Part {
    /// What stands beside the tables.
    pub fn leaves(&self) -> &Chunk {
        &self.leaves
    }

    /// Where one of its tables is; none if it has no such table.
    pub fn file(&self, table: &str) -> Option<PathBuf> {
        let known = self.leaves.tables().iter().any(|entry| entry.table == table);
        known.then(|| place_of(&self.folder, table, &self.leaves.block()))
    }

    /// The files of the part, where it is one of the finished results.
    ///
    /// # Errors
    /// If one cannot be read.
    pub fn files(&self) -> Result<Vec<FileEntry>, RecordError> {
        let block = self.leaves.block();
        let name = leaves_name(Some(&block));
        let fingerprint = super::Fingerprint::of(&self.folder.file(&name))?;
        Ok(self
            .leaves
            .tables()
            .iter()
            .map(|table| table.file(Some(&block)))
            .chain([FileEntry { name, rows: None, fingerprint }])
            .collect())
    }
}

/// Where a table of a block is: held from before the experiment grew, with the other parts, or the one file of finished results.
fn place_of(folder: &Folder, table: &str, block: &Block) -> PathBuf {
    let name = format!("{table}.parquet");
    let places = [held_folder(folder, block).join(&name), folder.file(&part_name(table, block))];
    places.into_iter().find(|path| path.exists()).unwrap_or_else(|| folder.file(&name))
}

fn held_folder(folder: &Folder, block: &Block) -> PathBuf {
    folder.chunks_folder().join(HELD).join(block.name())
}

impl Folder {
    /// Which parts there are, by their names; nothing of them is verified.
    ///
    /// # Errors
    /// If it cannot be told.
    pub fn parts(&self) -> Result<Vec<Block>, RecordError> {
        let mut blocks = blocks_in(&self.file(LEAVES), "bin")?;
        let held = entries_of(&self.chunks_folder().join(HELD)).filter(|path| path.join(Folder::LEAVES).is_file());
        blocks.extend(held.filter_map(|path| Block::parse(path.file_name()?.to_str()?)));
        blocks.extend(self.single()?.map(|id| id.block));
        blocks.sort_unstable();
        blocks.dedup();
        Ok(blocks)
    }

    /// A part, of which every file is verified; none if there is none.
    ///
    /// # Errors
    /// [`RecordError::Damaged`] if a file is missing or not what it was, another error if one cannot be read.
    pub fn part(&self, id: &ChunkId) -> Result<Option<Part>, RecordError> {
        let part = Chunk::open(&self.file(&leaves_name(Some(&id.block))), id, false)?;
        let leaves = match part {
            Some(leaves) => leaves,
            // They may be moved while they are used.
            None => {
                let held = read_if_there(&held_folder(self, &id.block).join(Folder::LEAVES))?;
                match held.map_or_else(|| read_if_there(&self.file(Folder::LEAVES)), |bytes| Ok(Some(bytes)))? {
                    Some(bytes) => Chunk::of_bytes(bytes.into(), id, false)?,
                    None => return Ok(None),
                }
            }
        };
        for BlockTable { table, rows, fingerprint } in leaves.tables() {
            let entry = FileEntry { name: table.clone(), rows: Some(*rows), fingerprint: fingerprint.clone() };
            entry.verify(&place_of(self, table, &id.block), true)?;
        }
        Ok(Some(Part { folder: self.clone(), leaves }))
    }

    /// The names of all files that are parts of tables or stand beside them, or that whoever reads those would take for such.
    pub(super) fn part_files(&self) -> Vec<String> {
        let mut names = Vec::new();
        for (table, extension) in TABLES.map(|table| (table, "parquet")).into_iter().chain([(LEAVES, "bin")]) {
            let of_kind =
                entries_of(&self.file(table)).filter(|path| path.extension().is_some_and(|found| found == extension));
            names.extend(of_kind.filter_map(|path| Some(format!("{table}/{}", path.file_name()?.to_string_lossy()))));
        }
        names.sort_unstable();
        names
    }

    /// Moves what a finished experiment has to where an experiment that grows takes it from: the manifest goes first, and with it
    /// the results are unfinished. Interrupted, it goes on where it was.
    ///
    /// # Errors
    /// If a file cannot be moved.
    pub fn retire(&self) -> Result<(), RecordError> {
        super::folder::remove(&self.file(super::Manifest::NAME))?;
        self.clear_drawn()?;
        let Some(id) = self.single()? else { return Ok(()) };
        let held = held_folder(self, &id.block);
        make_folder(&held)?;
        for table in TABLES {
            let name = format!("{table}.parquet");
            move_file(&self.file(&name), &held.join(&name))?;
        }
        move_file(&self.file(Folder::LEAVES), &held.join(Folder::LEAVES))
    }

    /// What stands beside the tables of finished results that are one file each; none if there are none.
    fn single(&self) -> Result<Option<ChunkId>, RecordError> {
        Ok(read_if_there(&self.file(Folder::LEAVES))?.and_then(|bytes| ChunkId::read(&bytes)))
    }

    /// Moves a part that is held from before the experiment grew to the other parts.
    ///
    /// # Errors
    /// If a file cannot be moved.
    pub fn settle(&self, block: &Block) -> Result<(), RecordError> {
        let held = held_folder(self, block);
        if !held.exists() {
            return Ok(());
        }
        for table in TABLES.into_iter().filter(|table| held.join(format!("{table}.parquet")).exists()) {
            make_folder(&self.file(table))?;
            move_file(&held.join(format!("{table}.parquet")), &self.file(&part_name(table, block)))?;
        }
        make_folder(&self.file(LEAVES))?;
        move_file(&held.join(Folder::LEAVES), &self.file(&leaves_name(Some(block))))
    }

    /// Moves a damaged part away so that its runs can be done again; says what became of it.
    ///
    /// # Errors
    /// If that is refused.
    pub fn set_part_aside(&self, block: &Block) -> Result<String, RecordError> {
        let held = held_folder(self, block).join(Folder::LEAVES);
        let single = self.single()?.filter(|id| id.block == *block).map(|_| self.file(Folder::LEAVES));
        for path in [self.file(&leaves_name(Some(block))), held].into_iter().chain(single) {
            move_file(&path, &path.with_extension("damaged"))?;
        }
        Ok("set aside".into())
    }

    /// Takes a part of another folder.
    ///
    /// # Errors
    /// If a file cannot be copied.
    pub fn take_part(&self, part: &Part) -> Result<(), RecordError> {
        let block = part.leaves.block();
        let held = held_folder(self, &block);
        make_folder(&held)?;
        for table in TABLES {
            if let Some(from) = part.file(table) {
                copy_file(&from, &held.join(format!("{table}.parquet")))?;
            }
        }
        write_whole(&held.join(Folder::LEAVES), &part.leaves.to_bytes()?).map(drop)
    }

    /// Removes all parts but some.
    ///
    /// # Errors
    /// If that is refused.
    pub fn keep_parts(&self, keep: &[Block]) -> Result<(), RecordError> {
        for (table, extension) in TABLES.map(|table| (table, "parquet")).into_iter().chain([(LEAVES, "bin")]) {
            let folder = self.file(table);
            for block in blocks_in(&folder, extension)?.iter().filter(|block| !keep.contains(block)) {
                super::folder::remove(&folder.join(format!("{}.{extension}", block.name())))?;
            }
        }
        Ok(())
    }

    /// Where parts of tables and their digests are.
    pub(super) fn folders_of_parts(&self) -> impl Iterator<Item = PathBuf> {
        TABLES.into_iter().chain([LEAVES]).map(|table| self.file(table))
    }

    /// Removes all parts, and nothing else.
    pub(super) fn clear_parts(&self) -> Result<(), RecordError> {
        for folder in self.folders_of_parts() {
            if folder.is_symlink() {
                continue;
            }
            for extension in ["parquet", "bin"] {
                for block in blocks_in(&folder, extension).unwrap_or_default() {
                    super::folder::remove(&folder.join(format!("{}.{extension}", block.name())))?;
                }
            }
            if entries_of(&folder).next().is_none() {
                remove_folder(&folder)?;
            }
        }
        Ok(())
    }
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, RecordError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(RecordError::io("read", path)(error)),
    }
}

/// Moves a file, unless it was moved before.
fn move_file(from: &Path, to: &Path) -> Result<(), RecordError> {
    match std::fs::rename(from, to) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(RecordError::io("move", from)(error)),
        _ => Ok(()),
    }
}

/// Copies a file, by a link where the file system has some.
fn copy_file(from: &Path, to: &Path) -> Result<(), RecordError> {
    if std::fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    let bytes = std::fs::read(from).map_err(RecordError::io("read", from))?;
    write_whole(to, &bytes).map(drop)
}

/// What holds runs of an experiment: a chunk, or a part of the tables.
#[derive(Debug)]
pub enum Held {
    /// A chunk.
    Chunk(Chunk),
    /// A part.
    Part(Part),
}

impl Held {
    /// What stands at the end of a chunk or beside a part.
    pub fn leaves(&self) -> &Chunk {
        match self {
            Self::Chunk(chunk) => chunk,
            Self::Part(part) => &part.leaves,
        }
    }

    /// What it holds.
    pub fn block(&self) -> Block {
        self.leaves().block()
    }
}

/// Copies the runs of what holds them, cell by cell in their order.
pub struct Copier<'a> {
    held: &'a Held,
    cursors: Option<Vec<RowCursor>>,
}

impl<'a> Copier<'a> {
    /// Of a chunk or part.
    pub fn new(held: &'a Held) -> Self {
        Self { held, cursors: None }
    }

    /// Copies the runs of a cell, given by its number, point and variant (place and id), into tables. Cells come in order.
    ///
    /// # Errors
    /// If a file cannot be read or written to.
    pub fn copy(
        &mut self,
        cell: u64,
        (point, variant, id): (i32, u32, &str),
        into: &mut Tables,
    ) -> Result<(), RecordError> {
        let part = match self.held {
            Held::Chunk(chunk) => return chunk.each_run(cell, None, |run| into.run(point, variant, &run)),
            Held::Part(part) => part,
        };
        let writers = [
            Some(into.runs.writer()),
            Some(into.events.writer()),
            into.series_runs.as_mut().map(SeriesRunsTable::writer),
        ];
        if self.cursors.is_none() {
            let open = |table: &str| part.file(table).map(|path| RowCursor::open(&path));
            self.cursors = Some(TABLES.into_iter().filter_map(open).collect::<Result<_, _>>()?);
        }
        let cursors = self.cursors.iter_mut().flatten();
        for (cursor, writer) in cursors.zip(writers.into_iter().flatten()) {
            cursor.copy_cell(point, id, writer)?;
        }
        Ok(())
    }
}

impl Part {
    /// Hands on the answers of some replicates of a point and variant, in order; nothing else of a run is told.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn each_answer(
        &self,
        (point, variant): (i32, &str),
        replicates: std::ops::Range<u64>,
        layout: &Layout,
        mut take: impl FnMut(RunRecord) -> Result<(), RecordError>,
    ) -> Result<(), RecordError> {
        let path = self.file("runs").unwrap_or_else(|| self.folder.file("runs.parquet"));
        let table = super::read_column::TableReader::open(&path)?;
        let names: Vec<String> = layout.questions.iter().map(|question| question.name()).collect();
        let keys = ["point", "variant", "replicate", "failure"];
        let columns: Vec<&str> = keys.into_iter().chain(names.iter().map(String::as_str)).collect();
        table.each_group(&columns, Some(("point", i64::from(point))), |rows, values| {
            for row in 0..rows {
                let replicate = values[2].int(row).unwrap_or(-1) as u64;
                let wanted = values[0].int(row) == Some(i64::from(point)) && values[1].text(row) == Some(variant);
                if !wanted || !replicates.contains(&replicate) {
                    continue;
                }
                let answers = values[keys.len()..].iter().filter_map(|values| values.number(row));
                let answers = answers.map(|value| Answer { value, step: None }).collect();
                let failure = values[3].text(row).map(str::to_owned);
                take(RunRecord { failure, answers, ..RunRecord::empty(replicate) })?;
            }
            Ok(())
        })
    }
}
