//! An analysis that runs scenarios itself, in a results folder: what it goes on from after a kill, and what it leaves.

use crate::experiment::{Control, ExperimentError};
use crate::record::clock::now;
use crate::record::{FileEntry, Fingerprint, Folder, Manifest, RecordError, ScenarioEntry, write_rows, write_whole};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// How an analysis is done and where it goes.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The folder; `outputs/<id>/<experiment>` unless given.
    pub out: Option<&'a Path>,
    /// Whether what an earlier experiment left there is replaced.
    pub force: bool,
    /// How many threads; as many as there are cores unless given.
    pub threads: Option<usize>,
    /// Runs in a chunk, if not the usual number; changes no result.
    pub chunk_size: Option<u64>,
    /// Whether to stop; how it goes on.
    pub control: &'a Control<'a>,
    /// Who does it, for the record: a command line.
    pub command: &'a [String],
}

/// How the work is done; changes no result.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// Where chunks are kept.
    pub folder: &'a Folder,
    /// How many threads.
    pub threads: usize,
    /// Runs in a chunk, if not the usual number.
    pub chunk_size: Option<u64>,
    /// Whether to stop; how it goes on.
    pub control: &'a Control<'a>,
}

/// What is to be found, and of what.
pub(super) struct Subject<'a> {
    /// What it is for, the first part of the experiment's name: `calibrate`.
    pub kind: &'a str,
    /// The id of what it is of, which is that of the folder too.
    pub id: &'a str,
    /// Digest of what it is of.
    pub digest: String,
    /// Everything that decides what is found, as text.
    pub plan: String,
    /// The master seed.
    pub seed: u64,
    /// Replicates of each point.
    pub replicates: u64,
}

/// What was found.
pub(super) struct Found<T> {
    /// What is kept of it for programs.
    pub findings: T,
    /// Its title.
    pub title: String,
    /// How many points there are.
    pub points: u64,
    /// How many runs it took.
    pub runs: u64,
}

/// An analysis that is done.
#[derive(Clone, Debug)]
pub struct Finished<T> {
    /// What was found.
    pub findings: T,
    /// Where it is.
    pub folder: Folder,
    /// What the folder says of it.
    pub manifest: Manifest,
    /// Whether it was there before.
    pub reused: bool,
}

/// A table of numbers: the file's name, and its lines from the heads on.
pub type NumberLines = (String, Vec<Vec<String>>);

/// Files of a folder, with what a manifest says of each.
pub(super) struct Files<'a> {
    folder: &'a Folder,
    list: Vec<FileEntry>,
}

impl Files<'_> {
    /// Takes note of a file that was written.
    pub fn keep(&mut self, name: &str, (rows, fingerprint): (Option<u64>, Fingerprint)) {
        self.list.push(FileEntry { name: name.into(), rows, fingerprint });
    }

    /// Writes a text.
    pub fn text(&mut self, name: &str, text: &str) -> Result<(), RecordError> {
        let fingerprint = write_whole(&self.folder.file(name), text.as_bytes())?;
        self.keep(name, (None, fingerprint));
        Ok(())
    }

    /// Writes a table of numbers.
    pub fn table(&mut self, name: &str, heads: &[&str], lines: &[Vec<String>]) -> Result<(), RecordError> {
        let (rows, fingerprint) = write_rows(&self.folder.file(name), heads, lines)?;
        self.keep(name, (Some(rows), fingerprint));
        Ok(())
    }

    /// Writes tables with their heads.
    pub fn tables(&mut self, tables: &[NumberLines]) -> Result<(), RecordError> {
        for (name, lines) in tables {
            let Some((heads, lines)) = lines.split_first() else { continue };
            self.table(name, &heads.iter().map(String::as_str).collect::<Vec<_>>(), lines)?;
        }
        Ok(())
    }

    /// Where a file of a name stands.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.file(name)
    }
}

/// Finds something in a folder, goes on with what a kill left there, or reads what is done; `write` writes all but the findings,
/// the page and its charts.
pub(super) fn find_into<T: Serialize + DeserializeOwned, D>(
    subject: &Subject<'_>,
    request: &Request<'_>,
    find: impl FnOnce(Work<'_>) -> Result<(Found<T>, D), ExperimentError>,
    write: impl FnOnce(&T, D, &mut Files<'_>) -> Result<(), RecordError>,
) -> Result<Finished<T>, ExperimentError> {
    let digest = blake3::hash(subject.plan.as_bytes()).to_hex().to_string();
    let experiment = format!("{}-{}", subject.kind, &digest[..12]);
    let usual = || Path::new("outputs").join(subject.id).join(&experiment);
    let folder = Folder::new(request.out.map_or_else(usual, PathBuf::from));
    let mut claim = folder.clone().claim(&digest, &subject.plan, request.force)?;
    if let Some(manifest) = claim.finished() {
        let findings = read_findings(&folder, manifest)?;
        return Ok(Finished { findings, folder, manifest: manifest.clone(), reused: true });
    }
    let started = now();
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = request.threads.unwrap_or_else(cores);
    let work = Work { folder: &folder, threads, chunk_size: request.chunk_size, control: request.control };
    let (found, details) = match find(work) {
        Err(error @ ExperimentError::Input(_)) => {
            claim.abandon()?;
            return Err(error);
        }
        other => other?,
    };
    let mut files = Files { folder: &folder, list: Vec::new() };
    write(&found.findings, details, &mut files)?;
    let text = serde_json::to_string_pretty(&found.findings).map_err(|error| {
        RecordError::io("write", &folder.file(Folder::FINDINGS))(std::io::Error::other(error.to_string()))
    })?;
    files.text(Folder::FINDINGS, &text)?;
    let files = files.list;
    let mut result = blake3::Hasher::new();
    files.iter().for_each(|file| {
        result.update(file.fingerprint.blake3.as_bytes());
    });
    let manifest = Manifest {
        program: env!("CARGO_PKG_NAME").into(),
        version: env!("CARGO_PKG_VERSION").into(),
        commit: Manifest::this_commit().into(),
        target: Manifest::this_target(),
        experiment,
        plan_digest: digest,
        scenario: ScenarioEntry { id: subject.id.into(), title: found.title, digest: subject.digest.clone() },
        variants: Vec::new(),
        points: found.points,
        design: None,
        inputs: None,
        stopping: None,
        tasks: None,
        seed: subject.seed,
        first: 0,
        replicates: subject.replicates,
        runs: found.runs,
        failures: 0,
        threads: threads as u64,
        command: request.command.to_vec(),
        started,
        finished: now(),
        files,
        result_digest: result.finalize().to_hex().to_string(),
    };
    claim.finish(manifest.clone())?;
    // As they will be read another time, to the last digit.
    let findings = read_findings(&folder, &manifest)?;
    Ok(Finished { findings, folder, manifest, reused: false })
}

fn read_findings<T: DeserializeOwned>(folder: &Folder, manifest: &Manifest) -> Result<T, RecordError> {
    let path = folder.file(Folder::FINDINGS);
    let entry = manifest.files.iter().find(|file| file.name == Folder::FINDINGS);
    entry.ok_or_else(|| RecordError::Unlisted { path: path.clone() })?.verify(&path, true)?;
    let text = std::fs::read_to_string(&path).map_err(RecordError::io("read", &path))?;
    serde_json::from_str(&text).map_err(|error| RecordError::damaged(&path, error.to_string()))
}
