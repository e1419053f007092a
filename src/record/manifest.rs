//! `manifest.json`: everything needed to run an experiment again, and to trust what it left.

use super::seal::{is_sealed, write_sealed};
use super::{DesignEntry, Fingerprint, RecordError};
use crate::base::program;
use crate::estimate::nested::kinds;
use crate::scenario::{DrawnInputs, InputKind};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::Path;

/// What `manifest.json` says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `entente`.
    pub program: String,
    /// The program's version.
    pub version: String,
    /// The commit that it was built from, or `unknown`.
    pub commit: String,
    /// The platform that it was built for.
    pub target: String,
    /// The experiment's id: its kind and the beginning of the plan's digest.
    pub experiment: String,
    /// Digest of the plan: of the same plan, the same replicates give the same results.
    pub plan_digest: String,
    /// What was run.
    pub scenario: ScenarioEntry,
    /// The variants that were run, `baseline` included, in order.
    pub variants: Vec<String>,
    /// Design points; 1 unless inputs were varied.
    pub points: u64,
    /// How the inputs were varied, if they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<DesignEntry>,
    /// Which inputs were drawn, and from what; none if all are at their best guess or those of a design.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<DrawnInputs>,
    /// How it came to its end, if it could have ended before all replicates were done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopping: Option<StoppingEntry>,
    /// How many chunks it was cut into, if it was planned for other processes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasks: Option<u64>,
    /// The master seed.
    pub seed: u64,
    /// The first replicate, 0 unless it was asked for others.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub first: u64,
    /// Replicates per point and variant.
    pub replicates: u64,
    /// Runs in all.
    pub runs: u64,
    /// How many of them failed; `runs.parquet` says why.
    pub failures: u64,
    /// Threads in use when it was finished.
    pub threads: u64,
    /// The command line that finished it.
    pub command: Vec<String>,
    /// When that command began.
    pub started: String,
    /// When it was done.
    pub finished: String,
    /// The data files.
    pub files: Vec<FileEntry>,
    /// Digest of what was found, see [`super::digest::result_digest`]: the same for the same inputs whatever the machine, the
    /// number of threads, the size of chunks, or how often the experiment grew until it had its replicates.
    pub result_digest: String,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// What was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioEntry {
    /// The scenario's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Digest of the resolved scenario.
    pub digest: String,
}

/// How an experiment came to its end that could have ended before all replicates were done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoppingEntry {
    /// Why it ended.
    pub reason: StopReason,
    /// Replicates per point and variant that there would have been at most.
    pub most_replicates: u64,
    /// The seconds that it might take, if there was a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit: Option<f64>,
    /// The half-width asked for, if one was; intervals are then those of a confidence sequence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<f64>,
    /// The greatest half-width reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_width: Option<f64>,
    /// The question that has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// The answers that decided, by their ids; all if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<String>,
    /// The replicates that a plan fixed beforehand would have needed for that precision, had one known the answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_plan: Option<u64>,
}

/// Why an experiment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// Every answer was precise enough.
    Precise,
    /// All replicates that it might have were done.
    AllReplicates,
    /// The time was up.
    TimeLimit,
}

/// A data file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name within the folder.
    pub name: String,
    /// Rows of a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Size and digest.
    #[serde(flatten)]
    pub fingerprint: Fingerprint,
}

impl FileEntry {
    /// Compares the length of the file at a path, and its content if `content` says so, with what the manifest says.
    ///
    /// # Errors
    /// [`RecordError::Damaged`] if it is missing or differs.
    pub fn verify(&self, path: &Path, content: bool) -> Result<(), RecordError> {
        let bytes = match std::fs::metadata(path) {
            Ok(found) => found.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(RecordError::damaged(path, "it is missing"));
            }
            Err(error) => return Err(RecordError::io("read", path)(error)),
        };
        match bytes == self.fingerprint.bytes && (!content || Fingerprint::of(path)? == self.fingerprint) {
            true => Ok(()),
            false => Err(RecordError::damaged(path, "its content is not what the manifest says")),
        }
    }
}

impl Manifest {
    /// Of which kinds inputs are drawn; none if they are not.
    pub fn drawn_kinds(&self) -> Option<[bool; InputKind::ALL.len()]> {
        self.inputs.as_ref().map(kinds)
    }

    /// The replicates of each point and variant.
    pub fn window(&self) -> Range<u64> {
        self.first..self.first + self.replicates
    }

    /// The file's name.
    pub const NAME: &'static str = "manifest.json";

    /// The name of its last entry.
    const SEAL: &str = "manifest_digest";

    /// Writes it into a folder, with a digest of itself as its last entry.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), RecordError> {
        write_sealed(&folder.join(Self::NAME), self, Self::SEAL)
    }

    /// Reads that of a folder; none if there is none.
    ///
    /// # Errors
    /// [`RecordError::NoResults`] if there is one that is not of this program, [`RecordError::Damaged`] if it was changed
    /// since it was written, another error if it cannot be read.
    pub fn read(folder: &Path) -> Result<Option<Self>, RecordError> {
        let path = folder.join(Self::NAME);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(RecordError::io("read", &path)(error)),
        };
        let text = String::from_utf8_lossy(&bytes);
        if !text.contains("\"program\": \"entente\"") {
            let reason = "its manifest.json is not of this program".into();
            return Err(RecordError::NoResults { path: folder.to_owned(), reason });
        }
        if !is_sealed(&text, Self::SEAL) {
            return Err(RecordError::damaged(&path, "its content does not match its digest"));
        }
        serde_json::from_str(&text).map(Some).map_err(|error| RecordError::damaged(&path, error.to_string()))
    }

    /// The platform that this program was built for, such as `x86_64-unknown-linux-gnu`.
    pub fn this_target() -> String {
        let vendor = match () {
            () if cfg!(target_vendor = "apple") => "apple",
            () if cfg!(target_vendor = "pc") => "pc",
            () => "unknown",
        };
        let system = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
        let environment = match () {
            () if cfg!(target_env = "gnu") => "-gnu",
            () if cfg!(target_env = "musl") => "-musl",
            () if cfg!(target_env = "msvc") => "-msvc",
            () => "",
        };
        format!("{}-{vendor}-{system}{environment}", std::env::consts::ARCH)
    }

    /// The commit that this program was built from, or `unknown`.
    pub fn this_commit() -> &'static str {
        program::commit()
    }
}
