//! Chunk files: the runs of one range of replicates, with a summary of their series.
//!
//! A chunk begins with what it belongs to (format, plan, number, range) and ends with a BLAKE3 digest of everything
//! before, so one that is cut short, altered or of another experiment is told from a good one before it is used.
//! Between stand, each with its length, a block per run and one with the sketches.

use super::{Memory, RecordError, WholeFile};
use crate::measure::{RunRecord, SeriesSketch};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const MAGIC: &[u8; 8] = b"ENTCHUNK";
/// Raised whenever the content of chunk files changes.
const FORMAT: u32 = 2;
const DIGEST_BYTES: u64 = 32;

/// Which chunk of which plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkId {
    /// Digest of the plan.
    pub plan: [u8; 32],
    /// Number of the chunk in the plan.
    pub number: u64,
    /// The replicates it holds.
    pub replicates: Range<u64>,
    /// Whether it keeps the series of every run.
    pub keeps_series: bool,
}

impl ChunkId {
    fn header(&self) -> Vec<u8> {
        let mut header = MAGIC.to_vec();
        header.extend(FORMAT.to_le_bytes());
        header.extend(self.plan);
        for number in [self.number, self.replicates.start, self.replicates.end, u64::from(self.keeps_series)] {
            header.extend(number.to_le_bytes());
        }
        header
    }
}

/// The summaries of the series of a chunk's runs.
#[derive(Clone, Debug)]
pub struct Sketches {
    /// Of the series.
    pub series: SeriesSketch,
    /// Of the milestones.
    pub milestones: SeriesSketch,
}

/// A run as a chunk keeps it.
#[derive(Clone, Debug)]
pub struct ChunkRun {
    /// The run, without its series unless the chunk keeps them.
    pub record: RunRecord,
    /// The run without its series in canonical form, for digests.
    pub canonical: Vec<u8>,
}

/// A chunk being written.
#[derive(Debug)]
pub struct ChunkWriter {
    file: ChunkTarget,
    keeps_series: bool,
}

/// Where a chunk is written.
#[derive(Debug)]
enum ChunkTarget {
    File(Box<WholeFile>),
    Memory(Memory, u64, Vec<u8>),
}

impl ChunkWriter {
    /// Begins a chunk that will be found at `path`.
    ///
    /// # Errors
    /// If the file cannot be begun.
    pub fn create(path: &Path, id: &ChunkId) -> Result<Self, RecordError> {
        let mut file = WholeFile::create(path)?;
        file.write_all(&id.header()).map_err(RecordError::io("write", path))?;
        Ok(Self { file: ChunkTarget::File(Box::new(file)), keeps_series: id.keeps_series })
    }

    pub(super) fn in_memory(memory: Memory, id: &ChunkId) -> Self {
        Self { file: ChunkTarget::Memory(memory, id.number, Vec::new()), keeps_series: id.keeps_series }
    }

    /// Adds a run. Runs come in order.
    ///
    /// # Errors
    /// If the file cannot be written to.
    pub fn run(&mut self, mut run: RunRecord) -> Result<(), RecordError> {
        let series = (std::mem::take(&mut run.series), std::mem::take(&mut run.milestones));
        self.block(&run)?;
        if self.keeps_series { self.block(&series) } else { Ok(()) }
    }

    /// Adds the sketches and puts the file in its place.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn finish(mut self, sketches: &Sketches) -> Result<(), RecordError> {
        self.block(&(&sketches.series, &sketches.milestones))?;
        match self.file {
            ChunkTarget::File(mut file) => {
                let digest = file.digest();
                file.write_all(digest.as_bytes()).map_err(RecordError::io("write", file.path()))?;
                // A power cut may spoil it; the digest then tells, and the chunk is done again.
                file.finish_unsynced().map(|_| ())
            }
            ChunkTarget::Memory(memory, number, bytes) => {
                memory.put_chunk(number, bytes);
                Ok(())
            }
        }
    }

    fn block(&mut self, content: &impl Serialize) -> Result<(), RecordError> {
        let bytes = postcard::to_allocvec(content).map_err(std::io::Error::other);
        let (file, path): (&mut dyn Write, _) = match &mut self.file {
            ChunkTarget::File(file) => {
                let path = file.path().to_owned();
                (file, path)
            }
            ChunkTarget::Memory(_, _, bytes) => (bytes, PathBuf::new()),
        };
        bytes
            .and_then(|bytes| {
                file.write_all(&(bytes.len() as u64).to_le_bytes())?;
                file.write_all(&bytes)
            })
            .map_err(RecordError::io("write", &path))
    }
}

/// A chunk being read, found to be whole and of the right experiment.
pub struct ChunkReader {
    path: PathBuf,
    file: Box<dyn Read + Send>,
    left: u64,
    keeps_series: bool,
}

impl ChunkReader {
    /// Opens a chunk and checks it from end to end; none if there is no such file.
    ///
    /// # Errors
    /// [`RecordError::Damaged`] if it is not the whole of this chunk, another error if it cannot be read.
    pub fn open(path: &Path, id: &ChunkId) -> Result<Option<Self>, RecordError> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(RecordError::io("open", path)(error)),
        };
        let header = id.header();
        check(&mut file, path, &header)?;
        file.seek(SeekFrom::Start(header.len() as u64)).map_err(RecordError::io("read", path))?;
        Ok(Some(Self {
            path: path.to_owned(),
            file: Box::new(BufReader::with_capacity(1 << 16, file)),
            left: id.replicates.end - id.replicates.start,
            keeps_series: id.keeps_series,
        }))
    }

    pub(super) fn of_bytes(bytes: Arc<[u8]>, id: &ChunkId) -> Self {
        let left = id.replicates.end - id.replicates.start;
        Self { path: PathBuf::new(), file: Box::new(Cursor::new(bytes)), left, keeps_series: id.keeps_series }
    }

    /// The next run, in order; none after the last.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn next_run(&mut self) -> Result<Option<ChunkRun>, RecordError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let canonical = self.block()?;
        let mut record: RunRecord = self.decode(&canonical)?;
        if self.keeps_series {
            let series = self.block()?;
            (record.series, record.milestones) = self.decode(&series)?;
        }
        Ok(Some(ChunkRun { record, canonical }))
    }

    /// The sketches; to be asked for after the last run.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn sketches(mut self) -> Result<Sketches, RecordError> {
        while self.next_run()?.is_some() {}
        let bytes = self.block()?;
        let (series, milestones) = self.decode(&bytes)?;
        Ok(Sketches { series, milestones })
    }

    fn block(&mut self) -> Result<Vec<u8>, RecordError> {
        let mut length = [0; 8];
        self.file.read_exact(&mut length).map_err(RecordError::io("read", &self.path))?;
        let mut bytes = Vec::new();
        let length = u64::from_le_bytes(length);
        let read = self.file.by_ref().take(length).read_to_end(&mut bytes);
        match read.map_err(RecordError::io("read", &self.path))? as u64 == length {
            true => Ok(bytes),
            false => Err(RecordError::damaged(&self.path, "a block is cut short")),
        }
    }

    fn decode<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, RecordError> {
        postcard::from_bytes(bytes).map_err(|error| RecordError::damaged(&self.path, error.to_string()))
    }
}

/// Reads a chunk file through and compares its header and digest.
fn check(file: &mut File, path: &Path, header: &[u8]) -> Result<(), RecordError> {
    let length = file.metadata().map_err(RecordError::io("read", path))?.len();
    if length < header.len() as u64 + DIGEST_BYTES {
        return Err(RecordError::damaged(path, format!("it is cut short after {length} bytes")));
    }
    let mut found = vec![0; header.len()];
    file.read_exact(&mut found).map_err(RecordError::io("read", path))?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(&found);
    let mut left = length - header.len() as u64 - DIGEST_BYTES;
    let mut buffer = vec![0; 1 << 16];
    while left > 0 {
        let part = left.min(buffer.len() as u64) as usize;
        file.read_exact(&mut buffer[..part]).map_err(RecordError::io("read", path))?;
        hasher.update(&buffer[..part]);
        left -= part as u64;
    }
    let mut digest = [0; DIGEST_BYTES as usize];
    file.read_exact(&mut digest).map_err(RecordError::io("read", path))?;
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
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Answer, Column, Measure, Unit};

    fn id() -> ChunkId {
        ChunkId { plan: [7; 32], number: 3, replicates: 10..12, keeps_series: true }
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
        let mut sketches =
            Sketches { series: SeriesSketch::new(&people, 2), milestones: SeriesSketch::new(&people, 1) };
        let mut writer = ChunkWriter::create(path, id).unwrap();
        for replicate in id.replicates.clone() {
            sketches.series.add(&[&run(replicate).series]).unwrap();
            sketches.milestones.add(&[&run(replicate).milestones]).unwrap();
            writer.run(run(replicate)).unwrap();
        }
        writer.finish(&sketches).unwrap();
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("3.chunk");
        assert!(ChunkReader::open(&path, &id()).unwrap().is_none());
        write(&path, &id());
        let mut reader = ChunkReader::open(&path, &id()).unwrap().unwrap();
        assert_eq!(reader.next_run().unwrap().unwrap().record, run(10));
        assert_eq!(reader.next_run().unwrap().unwrap().record, run(11));
        assert!(reader.next_run().unwrap().is_none());
        assert_eq!(reader.sketches().unwrap().series.at(0, 0).count(), 2);
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
            assert!(ChunkReader::open(&path, &id()).is_err(), "byte {position}");
            std::fs::write(&path, &good[..position]).unwrap();
            assert!(ChunkReader::open(&path, &id()).is_err(), "cut at {position}");
        }
    }

    #[test]
    fn a_chunk_of_another_experiment_is_named_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("3.chunk");
        write(&path, &ChunkId { plan: [8; 32], ..id() });
        let message = ChunkReader::open(&path, &id()).err().unwrap().to_string();
        assert!(message.ends_with("3.chunk is damaged: it belongs to another experiment"), "{message}");
    }
}
