//! Chunk files: the runs of a [`Block`], with the digests of its leaves and a summary of the series of each of its cells.
//!
//! A chunk begins with what it belongs to (format, experiment, block) and ends with a BLAKE3 digest of everything before, so one that is
//! cut short, altered or of another experiment is told from a good one before it is used. Between stand, cell by cell, the runs and
//! the summary, each with its length, and then where each of them begins. The same file without runs goes beside tables that hold
//! them.

use super::block::Block;
use super::digest::Digest;
use super::{Fingerprint, RecordError};
use crate::measure::{RunRecord, SeriesSketch};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

const MAGIC: &[u8; 8] = b"ENTCHUNK";
/// Raised whenever the content of chunk files changes.
const FORMAT: u32 = 4;
const DIGEST_BYTES: u64 = 32;
/// Of files with more cells a reader stays open between them.
const FEW_CELLS: usize = 64;

/// Which chunk of which experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkId {
    /// Digest of the plan.
    pub plan: Digest,
    /// What it holds.
    pub block: Block,
    /// How many cells the experiment has.
    pub cells: u64,
    /// Whether it keeps the series of every run.
    pub keeps_series: bool,
}

impl ChunkId {
    pub(super) fn header(&self, holds_runs: bool) -> Vec<u8> {
        let mut header = MAGIC.to_vec();
        header.extend(FORMAT.to_le_bytes());
        header.extend(self.plan);
        let Block { first, end, from, to } = self.block;
        let flags = u64::from(self.keeps_series) | u64::from(holds_runs) << 1;
        for number in [first, end, from, to, self.cells, flags] {
            header.extend(number.to_le_bytes());
        }
        header
    }

    /// What the beginning of a file says that it is; none if it is no chunk.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let number = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
        let at = |place: usize| number(44 + 8 * place);
        let block = Block { first: at(0)?, end: at(1)?, from: at(2)?, to: at(3)? };
        let plan: Digest = bytes.get(12..44)?.try_into().ok()?;
        let id = Self { plan, block, cells: at(4)?, keeps_series: at(5)? & 1 == 1 };
        bytes.starts_with(&id.header(at(5)? & 2 == 2)).then_some(id)
    }
}

/// The summaries of the series of runs of one cell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sketches {
    /// Of the series.
    pub series: SeriesSketch,
    /// Of the milestones.
    pub milestones: SeriesSketch,
}

/// A table that holds the runs of a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockTable {
    /// Which: `runs`, `events`, `series_runs`.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// Its length and digest.
    pub fingerprint: Fingerprint,
}

/// What stands at the end: where all that a chunk holds begins.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Contents {
    /// By leaf, in the order of their numbers: its digest, and where its runs begin.
    pub(super) leaves: Vec<(Digest, u64)>,
    /// By cell: where its summaries are.
    pub(super) sketches: Vec<u64>,
    /// How many runs failed.
    pub(super) failures: u64,
    /// The tables that hold the runs, if the file does not.
    pub(super) tables: Vec<BlockTable>,
}

/// A chunk that was found to be whole and of the right experiment.
#[derive(Debug)]
pub struct Chunk {
    path: PathBuf,
    id: ChunkId,
    contents: Contents,
    bytes: Option<Arc<[u8]>>,
    /// A reader that stays open between cells.
    open: Mutex<Option<BufReader<File>>>,
}

impl Chunk {
    /// Opens a chunk and checks it from end to end; none if there is no such file.
    ///
    /// # Errors
    /// [`RecordError::Damaged`] if it is not the whole of this chunk, another error if it cannot be read.
    pub fn open(path: &Path, id: &ChunkId, holds_runs: bool) -> Result<Option<Self>, RecordError> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(RecordError::io("open", path)(error)),
        };
        let length = file.metadata().map_err(RecordError::io("read", path))?.len();
        let contents = check(&mut file, length, path, &id.header(holds_runs))?;
        Ok(Some(Self { path: path.to_owned(), id: *id, contents, bytes: None, open: Mutex::default() }))
    }

    /// A chunk in memory.
    ///
    /// # Errors
    /// [`RecordError::Damaged`] if it is not the whole of this chunk.
    pub fn of_bytes(bytes: Arc<[u8]>, id: &ChunkId, holds_runs: bool) -> Result<Self, RecordError> {
        let path = PathBuf::from(id.block.name());
        let contents = check(&mut Cursor::new(&bytes), bytes.len() as u64, &path, &id.header(holds_runs))?;
        Ok(Self { path, id: *id, contents, bytes: Some(bytes), open: Mutex::default() })
    }

    /// What it holds.
    pub fn block(&self) -> Block {
        self.id.block
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// All of it, as another keeper takes it.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn to_bytes(&self) -> Result<Vec<u8>, RecordError> {
        match &self.bytes {
            Some(bytes) => Ok(bytes.to_vec()),
            None => std::fs::read(&self.path).map_err(RecordError::io("read", &self.path)),
        }
    }

    /// How many runs failed.
    pub fn failures(&self) -> u64 {
        self.contents.failures
    }

    /// The tables that hold the runs, if the file does not.
    pub fn tables(&self) -> &[BlockTable] {
        &self.contents.tables
    }

    /// The digest of a leaf, by its number; none if it is not in this chunk.
    pub fn digest(&self, leaf: u64) -> Option<Digest> {
        let place = leaf.checked_sub(self.id.block.from)?;
        self.contents.leaves.get(place as usize).map(|(digest, _)| *digest)
    }

    /// Hands on the runs of a cell in order, or those of one of its rounds.
    ///
    /// # Errors
    /// If the file cannot be read, or `take` says so.
    pub fn each_run(
        &self,
        cell: u64,
        round: Option<u64>,
        mut take: impl FnMut(RunRecord) -> Result<(), RecordError>,
    ) -> Result<(), RecordError> {
        let block = self.id.block;
        let rounds = round.map_or_else(|| block.rounds(cell, self.id.cells), |round| round..round + 1);
        let rows = Block { from: rounds.start * self.id.cells, to: rounds.end * self.id.cells, ..block };
        let replicates: Range<u64> = rows.replicates(cell, self.id.cells);
        if replicates.is_empty() {
            return Ok(());
        }
        // The first round of a block may hold none of the window.
        let first = (replicates.start / super::block::LEAF) * self.id.cells + cell - block.from;
        let at = self.contents.leaves.get(first as usize).map_or(u64::MAX, |(_, at)| *at);
        self.from(at, |source| {
            for _ in replicates.clone() {
                let canonical = self.read(source)?;
                let mut record: RunRecord = self.decode(&canonical)?;
                if self.id.keeps_series {
                    let series = self.read(source)?;
                    (record.series, record.milestones) = self.decode(&series)?;
                }
                take(record)?;
            }
            Ok(())
        })
    }

    /// The summaries of a cell.
    ///
    /// # Errors
    /// If the file cannot be read, or the cell is not in it.
    pub fn sketches(&self, cell: u64) -> Result<Sketches, RecordError> {
        let place = self.id.block.cells(self.id.cells).position(|known| known == cell);
        let at = place.and_then(|place| self.contents.sketches.get(place)).copied().unwrap_or(u64::MAX);
        self.from(at, |source| {
            let bytes = self.read(source)?;
            self.decode(&bytes)
        })
    }

    fn from<T>(&self, at: u64, read: impl FnOnce(&mut dyn Read) -> Result<T, RecordError>) -> Result<T, RecordError> {
        if let Some(bytes) = &self.bytes {
            let from = bytes.get(at.min(bytes.len() as u64) as usize..).unwrap_or_default();
            return read(&mut &*from);
        }
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut source = match open.take() {
            Some(source) => source,
            None => {
                let file = File::open(&self.path).map_err(RecordError::io("open", &self.path))?;
                BufReader::with_capacity(1 << 16, file)
            }
        };
        let wrong = RecordError::io("read", &self.path);
        let here = source.stream_position();
        let moved = here.and_then(|here| source.seek_relative(at.wrapping_sub(here) as i64));
        moved.map_err(wrong)?;
        let found = read(&mut source)?;
        if self.contents.sketches.len() > FEW_CELLS {
            *open = Some(source);
        }
        Ok(found)
    }

    fn read(&self, source: &mut dyn Read) -> Result<Vec<u8>, RecordError> {
        let mut length = [0; 8];
        source.read_exact(&mut length).map_err(RecordError::io("read", &self.path))?;
        let mut bytes = Vec::new();
        let length = u64::from_le_bytes(length);
        let read = source.take(length).read_to_end(&mut bytes);
        match read.map_err(RecordError::io("read", &self.path))? as u64 == length {
            true => Ok(bytes),
            false => Err(RecordError::damaged(&self.path, "a block is cut short")),
        }
    }

    fn decode<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, RecordError> {
        postcard::from_bytes(bytes).map_err(|error| RecordError::damaged(&self.path, error.to_string()))
    }
}

/// Reads a chunk through, compares its header and digest, and gives what stands at its end.
fn check(file: &mut (impl Read + Seek), length: u64, path: &Path, header: &[u8]) -> Result<Contents, RecordError> {
    let io = || RecordError::io("read", path);
    if length < header.len() as u64 + 8 + DIGEST_BYTES {
        return Err(RecordError::damaged(path, format!("it is cut short after {length} bytes")));
    }
    let mut found = vec![0; header.len()];
    file.read_exact(&mut found).map_err(io())?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(&found);
    let mut left = length - header.len() as u64 - DIGEST_BYTES;
    let mut buffer = vec![0; 1 << 16];
    while left > 0 {
        let part = left.min(buffer.len() as u64) as usize;
        file.read_exact(&mut buffer[..part]).map_err(io())?;
        hasher.update(&buffer[..part]);
        left -= part as u64;
    }
    let mut digest = [0; DIGEST_BYTES as usize];
    file.read_exact(&mut digest).map_err(io())?;
    if hasher.finalize().as_bytes() != &digest {
        return Err(RecordError::damaged(path, "its content does not match its digest"));
    }
    if found != header {
        let reason = if !found.starts_with(MAGIC) {
            "it is no chunk file"
        } else if found[8..12] != header[8..12] {
            "it is of another format version"
        } else if found[12..44] != header[12..44] {
            "it belongs to another experiment"
        } else {
            "it is another chunk of this experiment"
        };
        return Err(RecordError::damaged(path, reason));
    }
    let end = length - DIGEST_BYTES - 8;
    let mut size = [0; 8];
    file.seek(SeekFrom::Start(end)).and_then(|_| file.read_exact(&mut size)).map_err(io())?;
    let size = u64::from_le_bytes(size);
    let begin = end.checked_sub(size).ok_or_else(|| RecordError::damaged(path, "its contents are cut short"))?;
    let mut contents = vec![0; size as usize];
    file.seek(SeekFrom::Start(begin)).and_then(|_| file.read_exact(&mut contents)).map_err(io())?;
    postcard::from_bytes(&contents).map_err(|error| RecordError::damaged(path, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Answer, Column, Measure, Unit};
    use crate::record::chunk_writer::{ChunkWriter, canonical};

    /// Two cells, of which the first has the replicates 10 and 11 of its first leaf, and the second too.
    fn id() -> ChunkId {
        ChunkId { plan: [7; 32], block: Block { first: 10, end: 12, from: 0, to: 2 }, cells: 2, keeps_series: true }
    }

    fn run(replicate: u64) -> RunRecord {
        RunRecord {
            replicate,
            failure: None,
            answers: vec![Answer { value: 1.0, step: Some(4) }],
            finals: vec![0.5, 12.0],
            leader: Some(1),
            coalitions: "a+b".into(),
            events: Vec::new(),
            series: vec![1.0, 2.0],
            milestones: vec![3.0],
        }
    }

    fn write(path: &Path, id: &ChunkId) {
        let people = [Column { measure: Measure::Displaced, name: "displaced".into(), unit: Unit::People }];
        let mut writer = ChunkWriter::create(path, id, true).unwrap();
        for cell in 0..2 {
            let mut sketches =
                Sketches { series: SeriesSketch::new(&people, 2), milestones: SeriesSketch::new(&people, 1) };
            writer.leaf(cell, [cell as u8; 32]);
            for replicate in 10..12 {
                let mut run = run(replicate);
                sketches.series.add(&[&run.series]).unwrap();
                sketches.milestones.add(&[&run.milestones]).unwrap();
                let bytes = canonical(&mut run);
                writer.run(&bytes, &run).unwrap();
            }
            writer.cell(&sketches).unwrap();
        }
        writer.finish().unwrap();
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("3.chunk");
        assert!(Chunk::open(&path, &id(), true).unwrap().is_none());
        write(&path, &id());
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(ChunkId::read(&bytes), Some(id()));
        for chunk in
            [Chunk::open(&path, &id(), true).unwrap().unwrap(), Chunk::of_bytes(bytes.into(), &id(), true).unwrap()]
        {
            for cell in [1, 0] {
                let mut runs = Vec::new();
                let mut keep = |run| {
                    runs.push(run);
                    Ok(())
                };
                chunk.each_run(cell, None, &mut keep).unwrap();
                assert_eq!(runs, [run(10), run(11)]);
                assert_eq!(chunk.sketches(cell).unwrap().series.at(0, 0).count(), 2);
                assert_eq!(chunk.digest(cell), Some([cell as u8; 32]));
            }
            assert_eq!(chunk.digest(2), None);
        }
    }

    #[test]
    fn any_changed_or_missing_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("3.chunk");
        write(&path, &id());
        let good = std::fs::read(&path).unwrap();
        for position in 0..good.len() {
            let mut bad = good.clone();
            bad[position] ^= 0x10;
            std::fs::write(&path, &bad).unwrap();
            assert!(Chunk::open(&path, &id(), true).is_err(), "byte {position}");
            std::fs::write(&path, &good[..position]).unwrap();
            assert!(Chunk::open(&path, &id(), true).is_err(), "cut at {position}");
        }
    }

    #[test]
    fn a_chunk_of_another_experiment_is_named_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("3.chunk");
        write(&path, &ChunkId { plan: [8; 32], ..id() });
        let message = Chunk::open(&path, &id(), true).err().unwrap().to_string();
        assert!(message.ends_with("3.chunk is damaged: it belongs to another experiment"), "{message}");
    }
}
