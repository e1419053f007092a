//! What an experiment makes, kept in a folder or in memory: chunks while it is at work, tables when it is done.

use super::chunk::{ChunkId, ChunkReader, ChunkWriter};
use super::{
    Design, DifferenceRow, Field, FileEntry, Fingerprint, Folder, JointTable, Manifest, Memory, QuestionRow,
    RecordError, Results, TableWriter, write_differences, write_questions, write_whole,
};
use crate::scenario::Scenario;
use std::path::PathBuf;

/// A keeper of what an experiment makes.
pub trait Store: Sync {
    /// A finished chunk, found to be whole; none if there is none of that number.
    ///
    /// # Errors
    /// [`RecordError::Damaged`] if it is not the whole of this chunk, another error if it cannot be read.
    fn chunk(&self, id: &ChunkId) -> Result<Option<ChunkReader>, RecordError>;

    /// What a chunk is called in errors.
    fn name_of_chunk(&self, number: u64) -> PathBuf;

    /// Whether there is a chunk of a number.
    fn has_chunk(&self, number: u64) -> bool;

    /// Begins a chunk.
    ///
    /// # Errors
    /// If it cannot be begun.
    fn begin_chunk(&self, id: &ChunkId) -> Result<ChunkWriter, RecordError>;

    /// Moves a damaged chunk away so that it can be done again; says what became of it.
    ///
    /// # Errors
    /// If that is refused.
    fn set_aside(&self, number: u64) -> Result<String, RecordError>;

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

/// A chunk that has to be there.
///
/// # Errors
/// If it is missing or damaged.
pub fn needed(store: &dyn Store, id: &ChunkId) -> Result<ChunkReader, RecordError> {
    store.chunk(id)?.ok_or_else(|| RecordError::damaged(&store.name_of_chunk(id.number), "it is missing"))
}

fn entry(name: &str, rows: Option<u64>, fingerprint: Fingerprint) -> FileEntry {
    FileEntry { name: name.into(), rows, fingerprint }
}

impl Store for Folder {
    fn chunk(&self, id: &ChunkId) -> Result<Option<ChunkReader>, RecordError> {
        ChunkReader::open(&self.chunk_path(id.number), id)
    }

    fn name_of_chunk(&self, number: u64) -> PathBuf {
        self.chunk_path(number)
    }

    fn has_chunk(&self, number: u64) -> bool {
        self.chunk_path(number).is_file()
    }

    fn begin_chunk(&self, id: &ChunkId) -> Result<ChunkWriter, RecordError> {
        ChunkWriter::create(&self.chunk_path(id.number), id)
    }

    fn set_aside(&self, number: u64) -> Result<String, RecordError> {
        let path = self.chunk_path(number);
        let aside = path.with_extension("damaged");
        std::fs::rename(&path, &aside).map_err(RecordError::io("set aside", &path))?;
        Ok(format!("set aside as {}", aside.display()))
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
    fn chunk(&self, id: &ChunkId) -> Result<Option<ChunkReader>, RecordError> {
        let found = self.kept().chunks.get(&id.number).cloned();
        Ok(found.map(|bytes| ChunkReader::of_bytes(bytes, id)))
    }

    fn name_of_chunk(&self, number: u64) -> PathBuf {
        format!("chunk {number}").into()
    }

    fn has_chunk(&self, number: u64) -> bool {
        self.kept().chunks.contains_key(&number)
    }

    fn begin_chunk(&self, id: &ChunkId) -> Result<ChunkWriter, RecordError> {
        Ok(ChunkWriter::in_memory(self.clone(), id))
    }

    fn set_aside(&self, number: u64) -> Result<String, RecordError> {
        self.kept().chunks.remove(&number);
        Ok("forgotten".into())
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
        let design = design.map(|design| of_memory(Design::NAME, design.points.len()));
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
