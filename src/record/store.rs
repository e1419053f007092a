//! What an experiment makes, kept in a folder or in memory: chunks while it is at work, tables when it is done.

use super::block::{Block, disjoint};
use super::chunk::{Chunk, ChunkId};
use super::chunk_writer::ChunkWriter;
use super::{
    Design, Field, FileEntry, Fingerprint, Folder, Manifest, Memory, QuestionRow, RecordError, Results, TableWriter,
    write_differences, write_questions, write_whole,
};
use crate::estimate::DifferenceRow;
use crate::scenario::{JointTable, Scenario};
use std::path::PathBuf;

/// A keeper of what an experiment makes.
pub trait Store: Sync {
    /// Which chunks there are, by their names; nothing of them is verified.
    ///
    /// # Errors
    /// If it cannot be told.
    fn chunks(&self) -> Result<Vec<Block>, RecordError>;

    /// A finished chunk, found to be whole; none if there is none.
    ///
    /// # Errors
    /// [`RecordError::Damaged`] if it is not the whole of this chunk, another error if it cannot be read.
    fn chunk(&self, id: &ChunkId) -> Result<Option<Chunk>, RecordError>;

    /// What a chunk is called in errors.
    fn name_of_chunk(&self, block: &Block) -> PathBuf;

    /// Begins a chunk.
    ///
    /// # Errors
    /// If it cannot be begun.
    fn begin_chunk(&self, id: &ChunkId) -> Result<ChunkWriter, RecordError>;

    /// Moves a damaged chunk away so that it can be done again; says what became of it.
    ///
    /// # Errors
    /// If that is refused.
    fn set_aside(&self, block: &Block) -> Result<String, RecordError>;

    /// Where tables are kept in parts, beside or instead of chunks; none if this keeper has no parts.
    fn folder(&self) -> Option<&Folder>;

    /// Begins a table.
    ///
    /// # Errors
    /// If it cannot be begun.
    fn table(&self, name: &str, fields: Vec<Field>) -> Result<TableWriter, RecordError>;

    /// Keeps what was run: the scenario, its zones' outlines, the design and joint draws of inputs, where there are any.
    ///
    /// # Errors
    /// If it cannot be written.
    fn keep_inputs(
        &self,
        scenario: &Scenario,
        design: Option<&Design>,
        joint: Option<&JointTable>,
    ) -> Result<Vec<FileEntry>, RecordError>;

    /// Keeps the answers.
    ///
    /// # Errors
    /// If they cannot be written.
    fn keep_answers(&self, answers: &[QuestionRow]) -> Result<FileEntry, RecordError>;

    /// Keeps what variants change.
    ///
    /// # Errors
    /// If it cannot be written.
    fn keep_differences(&self, differences: &[DifferenceRow]) -> Result<FileEntry, RecordError>;

    /// The results whose tables were just written, with the manifest that they will have.
    fn results(&self, manifest: Manifest) -> Results;
}

/// What holds runs, parts and chunks, by their names, of which no two hold the same run; nothing is verified.
///
/// # Errors
/// If it cannot be told.
pub fn named_blocks(store: &dyn Store, cells: u64) -> Result<Vec<Block>, RecordError> {
    let parts = store.folder().map_or(Ok(Vec::new()), Folder::parts)?;
    Ok(disjoint(parts.into_iter().chain(store.chunks()?).collect(), cells))
}

/// A chunk that has to be there.
///
/// # Errors
/// If it is missing or damaged.
pub fn needed(store: &dyn Store, id: &ChunkId) -> Result<Chunk, RecordError> {
    store.chunk(id)?.ok_or_else(|| RecordError::damaged(&store.name_of_chunk(&id.block), "it is missing"))
}

fn entry(name: &str, rows: Option<u64>, fingerprint: Fingerprint) -> FileEntry {
    FileEntry { name: name.into(), rows, fingerprint }
}

impl Store for Folder {
    fn chunks(&self) -> Result<Vec<Block>, RecordError> {
        self.chunk_blocks()
    }

    fn chunk(&self, id: &ChunkId) -> Result<Option<Chunk>, RecordError> {
        Chunk::open(&self.chunk_path(&id.block), id, true)
    }

    fn name_of_chunk(&self, block: &Block) -> PathBuf {
        self.chunk_path(block)
    }

    fn begin_chunk(&self, id: &ChunkId) -> Result<ChunkWriter, RecordError> {
        ChunkWriter::create(&self.chunk_path(&id.block), id, true)
    }

    fn set_aside(&self, block: &Block) -> Result<String, RecordError> {
        let path = self.chunk_path(block);
        let aside = path.with_extension("damaged");
        match std::fs::rename(&path, &aside) {
            // Another process was faster.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok("set aside".into()),
            moved => {
                moved.map_err(RecordError::io("set aside", &path))?;
                Ok(format!("set aside as {}", aside.display()))
            }
        }
    }

    fn folder(&self) -> Option<&Folder> {
        Some(self)
    }

    fn table(&self, name: &str, fields: Vec<Field>) -> Result<TableWriter, RecordError> {
        TableWriter::create(&self.file(name), fields)
    }

    fn keep_inputs(
        &self,
        scenario: &Scenario,
        design: Option<&Design>,
        joint: Option<&JointTable>,
    ) -> Result<Vec<FileEntry>, RecordError> {
        let mut files = Vec::new();
        let fingerprint = write_whole(&self.file("scenario.toml"), scenario.resolved_toml().as_bytes())?;
        files.push(entry("scenario.toml", None, fingerprint));
        if let Some(outlines) = &scenario.outlines {
            let fingerprint = write_whole(&self.file(Self::OUTLINES), outlines.text.as_bytes())?;
            files.push(entry(Self::OUTLINES, None, fingerprint));
        }
        if let Some(design) = design {
            let (rows, fingerprint) = design.write(&self.file(Design::NAME))?;
            files.push(entry(Design::NAME, Some(rows), fingerprint));
        }
        if let Some(joint) = joint {
            let (rows, fingerprint) = joint.write(&self.file(JointTable::NAME))?;
            files.push(entry(JointTable::NAME, Some(rows), fingerprint));
        }
        Ok(files)
    }

    fn keep_answers(&self, answers: &[QuestionRow]) -> Result<FileEntry, RecordError> {
        let (rows, fingerprint) = write_questions(&self.file("questions.csv"), answers)?;
        Ok(entry("questions.csv", Some(rows), fingerprint))
    }

    fn keep_differences(&self, differences: &[DifferenceRow]) -> Result<FileEntry, RecordError> {
        let (rows, fingerprint) = write_differences(&self.file("differences.csv"), differences)?;
        Ok(entry("differences.csv", Some(rows), fingerprint))
    }

    fn results(&self, manifest: Manifest) -> Results {
        Results::written(self.clone(), manifest)
    }
}

fn of_memory(name: &str, rows: usize) -> FileEntry {
    entry(name, Some(rows as u64), Fingerprint { bytes: 0, blake3: String::new() })
}

impl Store for Memory {
    fn chunks(&self) -> Result<Vec<Block>, RecordError> {
        Ok(self.kept().chunks.keys().copied().collect())
    }

    fn chunk(&self, id: &ChunkId) -> Result<Option<Chunk>, RecordError> {
        let found = self.kept().chunks.get(&id.block).cloned();
        found.map(|bytes| Chunk::of_bytes(bytes, id, true)).transpose()
    }

    fn name_of_chunk(&self, block: &Block) -> PathBuf {
        format!("chunk {}", block.name()).into()
    }

    fn begin_chunk(&self, id: &ChunkId) -> Result<ChunkWriter, RecordError> {
        ChunkWriter::in_memory(self.clone(), id)
    }

    fn set_aside(&self, block: &Block) -> Result<String, RecordError> {
        self.kept().chunks.remove(block);
        Ok("forgotten".into())
    }

    fn folder(&self) -> Option<&Folder> {
        None
    }

    fn table(&self, name: &str, fields: Vec<Field>) -> Result<TableWriter, RecordError> {
        Ok(TableWriter::in_memory(self.clone(), name, fields))
    }

    fn keep_inputs(
        &self,
        scenario: &Scenario,
        design: Option<&Design>,
        joint: Option<&JointTable>,
    ) -> Result<Vec<FileEntry>, RecordError> {
        let mut kept = self.kept();
        kept.scenario = Some(scenario.clone());
        kept.design = design.cloned();
        kept.joint = joint.cloned();
        let design = design.map(|design| of_memory(Design::NAME, design.count()));
        let joint = joint.map(|joint| of_memory(JointTable::NAME, joint.rows.len()));
        Ok(std::iter::once(of_memory("scenario.toml", 0)).chain(design).chain(joint).collect())
    }

    fn keep_answers(&self, answers: &[QuestionRow]) -> Result<FileEntry, RecordError> {
        self.kept().answers = answers.to_vec();
        Ok(of_memory("questions.csv", answers.len()))
    }

    fn keep_differences(&self, differences: &[DifferenceRow]) -> Result<FileEntry, RecordError> {
        self.kept().differences = Some(differences.to_vec());
        Ok(of_memory("differences.csv", differences.len()))
    }

    fn results(&self, manifest: Manifest) -> Results {
        Results::in_memory(self.clone(), manifest)
    }
}
