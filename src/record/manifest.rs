//! `manifest.json`: everything needed to run an experiment again, and to trust what it left.

use super::{DesignEntry, Fingerprint, RecordError, write_whole};
use crate::base::program;
use serde::{Deserialize, Serialize};
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
    /// Digest of the plan: the same plan gives the same results.
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
    /// How it came to its end, if it could have ended before all replicates were done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopping: Option<StoppingEntry>,
    /// The master seed.
    pub seed: u64,
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
    /// Digest of what was found, see [`super::ResultDigest`]: the same for the same inputs whatever the machine, the
    /// number of threads or the size of chunks.
    pub result_digest: String,
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

impl Manifest {
    /// The file's name.
    pub const NAME: &'static str = "manifest.json";

    /// Writes it into a folder.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), RecordError> {
        let path = folder.join(Self::NAME);
        let mut text =
            serde_json::to_string_pretty(self).map_err(|error| RecordError::io("write", &path)(error.into()))?;
        text.push('\n');
        write_whole(&path, text.as_bytes()).map(|_| ())
    }

    /// Reads that of a folder; none if there is none.
    ///
    /// # Errors
    /// If there is one that cannot be read, or is not of this program.
    pub fn read(folder: &Path) -> Result<Option<Self>, RecordError> {
        let path = folder.join(Self::NAME);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(RecordError::io("read", &path)(error)),
        };
        serde_json::from_slice(&text).map(Some).map_err(|error| RecordError::damaged(&path, error.to_string()))
    }

    /// Compares the data files of a folder with what the manifest says of them.
    ///
    /// # Errors
    /// [`RecordError::Damaged`] for the first that is missing or differs.
    pub fn verify(&self, folder: &Path) -> Result<(), RecordError> {
        for file in &self.files {
            let path = folder.join(&file.name);
            if !path.is_file() {
                return Err(RecordError::damaged(&path, "it is missing"));
            }
            if Fingerprint::of(&path)? != file.fingerprint {
                return Err(RecordError::damaged(&path, "its content is not what the manifest says"));
            }
        }
        Ok(())
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
