//! Chunk files being written.

use super::chunk::{BlockTable, ChunkId, Contents, Sketches};
use super::digest::Digest;
use super::{Fingerprint, Memory, RecordError, WholeFile};
use crate::measure::RunRecord;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A chunk being written: cell by cell, each with its leaves in order, and then its summaries.
#[derive(Debug)]
pub struct ChunkWriter {
    target: ChunkTarget,
    id: ChunkId,
    at: u64,
    leaves: Vec<(u64, Digest, u64)>,
    contents: Contents,
}

/// Where a chunk is written.
#[derive(Debug)]
enum ChunkTarget {
    File(Box<WholeFile>),
    Memory(Memory, Vec<u8>),
}

impl ChunkWriter {
    /// Begins a chunk that will be found at `path`; of one beside tables, `holds_runs` is false.
    ///
    /// # Errors
    /// If the file cannot be begun.
    pub fn create(path: &Path, id: &ChunkId, holds_runs: bool) -> Result<Self, RecordError> {
        Self::new(ChunkTarget::File(Box::new(WholeFile::create(path)?)), id, holds_runs)
    }

    pub(super) fn in_memory(memory: Memory, id: &ChunkId) -> Result<Self, RecordError> {
        Self::new(ChunkTarget::Memory(memory, Vec::new()), id, true)
    }

    fn new(target: ChunkTarget, id: &ChunkId, holds_runs: bool) -> Result<Self, RecordError> {
        let mut writer = Self { target, id: *id, at: 0, leaves: Vec::new(), contents: Contents::default() };
        writer.write(&id.header(holds_runs))?;
        Ok(writer)
    }

    /// Begins a leaf of a number, of which it is known what its digest is. Its runs follow.
    pub fn leaf(&mut self, number: u64, digest: Digest) {
        self.leaves.push((number, digest, self.at));
    }

    /// Adds a run in the form of [`canonical`].
    ///
    /// # Errors
    /// If the file cannot be written to.
    pub fn run(&mut self, canonical: &[u8], run: &RunRecord) -> Result<(), RecordError> {
        self.contents.failures += u64::from(run.failure.is_some());
        self.block(canonical)?;
        if self.id.keeps_series {
            let series = postcard::to_allocvec(&(&run.series, &run.milestones));
            self.block(&series.map_err(|error| self.refused(std::io::Error::other(error)))?)?;
        }
        Ok(())
    }

    /// Ends a cell with its summaries.
    ///
    /// # Errors
    /// If the file cannot be written to.
    pub fn cell(&mut self, sketches: &Sketches) -> Result<(), RecordError> {
        self.contents.sketches.push(self.at);
        let bytes = postcard::to_allocvec(sketches).map_err(|error| self.refused(std::io::Error::other(error)))?;
        self.block(&bytes)
    }

    /// Says which tables hold the runs, and how many failed.
    pub fn tables(&mut self, tables: Vec<BlockTable>, failures: u64) {
        (self.contents.tables, self.contents.failures) = (tables, failures);
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn finish(mut self) -> Result<Fingerprint, RecordError> {
        self.leaves.sort_unstable_by_key(|(number, ..)| *number);
        self.contents.leaves = self.leaves.iter().map(|(_, digest, at)| (*digest, *at)).collect();
        let contents = postcard::to_allocvec(&self.contents);
        let contents = contents.map_err(|error| self.refused(std::io::Error::other(error)))?;
        self.write(&contents)?;
        self.write(&(contents.len() as u64).to_le_bytes())?;
        match self.target {
            ChunkTarget::File(mut file) => {
                let digest = file.digest();
                file.write_all(digest.as_bytes()).map_err(RecordError::io("write", file.path()))?;
                // A power cut may spoil it; the digest then tells, and the chunk is done again.
                file.finish_unsynced()
            }
            ChunkTarget::Memory(memory, mut bytes) => {
                let digest = blake3::hash(&bytes);
                bytes.extend(digest.as_bytes());
                let fingerprint = Fingerprint { bytes: bytes.len() as u64, blake3: digest.to_hex().to_string() };
                memory.put_chunk(self.id.block, bytes);
                Ok(fingerprint)
            }
        }
    }

    fn block(&mut self, bytes: &[u8]) -> Result<(), RecordError> {
        self.write(&(bytes.len() as u64).to_le_bytes())?;
        self.write(bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), RecordError> {
        self.at += bytes.len() as u64;
        match &mut self.target {
            ChunkTarget::File(file) => file.write_all(bytes).map_err(RecordError::io("write", file.path())),
            ChunkTarget::Memory(_, all) => {
                all.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    fn refused(&self, error: std::io::Error) -> RecordError {
        let path = match &self.target {
            ChunkTarget::File(file) => file.path().to_owned(),
            ChunkTarget::Memory(..) => PathBuf::from(self.id.block.name()),
        };
        RecordError::io("write", &path)(error)
    }
}

/// A run without its series, in the form of which digests are taken.
pub fn canonical(run: &mut RunRecord) -> Vec<u8> {
    let series = (std::mem::take(&mut run.series), std::mem::take(&mut run.milestones));
    // Plain data, which always has a form in bytes.
    let bytes = postcard::to_allocvec(run).unwrap_or_default();
    (run.series, run.milestones) = series;
    bytes
}
