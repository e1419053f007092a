//! A results folder: what is in it, and who may write to it.

use super::block::Block;
use super::clock;
use super::file::{is_of_a_dead_process, is_temporary};
use super::seal::is_sealed;
use super::{Manifest, RecordError};
use crate::scenario::JointTable;
use serde::{Deserialize, Serialize};
use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

pub(super) const LOCK: &str = ".lock";
pub(super) const CHUNKS: &str = "chunks";
pub(super) const PLAN: &str = "plan.json";
/// Folders for what analyses found out about the results, which go with them.
const ANALYSES: [&str; 10] = [
    "coalitions",
    "explain",
    "branch",
    "replay",
    "sensitivity",
    "discover",
    "assumptions",
    "score",
    "signposts",
    "update",
];

/// The longest name of an analysis's folder before it is cut, in bytes: file systems take 255.
const LONGEST_NAME: usize = 200;

/// The name of the last entry of a plan.
pub(super) const SEAL: &str = "plan_digest";
/// Files in the making that nobody wrote to for so many seconds are of a process that was killed, whatever the machine.
const ABANDONED: f64 = 3600.0;

/// What `chunks/plan.json` says: which experiment is at work, and what is asked of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanFile {
    /// Always `entente`.
    pub program: String,
    /// Digest of what it is.
    pub experiment: String,
    /// All that another process must know.
    pub asked: serde_json::Value,
}

/// A results folder, by its path.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Manifest {
    /// Whether it is of runs of a scenario, and not of what an analysis found that runs scenarios itself.
    pub fn has_runs(&self) -> bool {
        !self.variants.is_empty()
    }

    /// Whether it is of what `calibrate` found, which are weights and no runs.
    pub fn is_calibration(&self) -> bool {
        self.files.iter().any(|file| file.name == Folder::POSTERIOR)
    }

    /// What made it: `run`, `require`.
    pub fn kind(&self) -> &str {
        self.experiment.split('-').next().unwrap_or_default()
    }
}

impl Folder {
    /// The data files that a results folder may hold: those that a manifest lists.
    pub const DATA: [&'static str; 19] = [
        "runs.parquet",
        Self::INPUTS,
        "events.parquet",
        "series.parquet",
        "series_runs.parquet",
        Self::LEAVES,
        "questions.csv",
        "differences.csv",
        "design.csv",
        "scenario.toml",
        Self::OUTLINES,
        Self::CALIBRATION,
        Self::POSTERIOR,
        Self::BEHAVIOUR,
        Self::FINDINGS,
        "weights.csv",
        "checks.csv",
        "left_out.csv",
        "stages.csv",
    ];
    /// The table of what was drawn.
    pub const INPUTS: &'static str = "inputs.parquet";
    /// The copy of a calibration's file.
    pub const CALIBRATION: &'static str = "calibration.toml";
    /// Digests of the leaves, and summaries of the series: what an experiment that grows goes on from.
    pub const LEAVES: &'static str = "leaves.bin";
    /// Draws of weights: a column per path, and `weight`.
    pub const POSTERIOR: &'static str = "posterior.parquet";
    /// Weights for a scenario file.
    pub const BEHAVIOUR: &'static str = "behaviour.toml";
    /// All that a calibration found, for its page.
    pub const FINDINGS: &'static str = "findings.json";
    /// The report, which can be made anew from the data.
    pub const REPORT: &'static str = "report.html";
    /// The copy of the zones' outlines.
    pub const OUTLINES: &'static str = "outlines.geojson";

    /// The folder at a path, which need not exist.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Where its charts are.
    pub fn charts(&self) -> PathBuf {
        self.path.join("charts")
    }

    /// Where an analysis of these results keeps what it found: `<kind>/<subject>`, followed by `,key=value` for all that
    /// sets it apart from others of the same subject (which may be empty). No two analyses share a folder, whatever their subjects are
    /// called: signs that part or lengthen a path are written as `%` and their code, and a long name ends in its digest.
    pub fn finding<'a>(
        &self,
        kind: &str,
        subject: &str,
        apart: impl IntoIterator<Item = (&'a str, String)>,
    ) -> PathBuf {
        let coded = |text: &str, plain: &str| -> String {
            let plain = |sign: char| sign.is_alphanumeric() || plain.contains(sign);
            let code = |sign: char| if plain(sign) { sign.to_string() } else { format!("%{:02X}", u32::from(sign)) };
            text.chars().map(code).collect()
        };
        let subject = Some(coded(subject, "-_")).filter(|subject| !subject.is_empty());
        let apart = apart.into_iter().map(|(key, value)| format!("{key}={}", coded(&value, "-_.+=")));
        let mut name = subject.into_iter().chain(apart).collect::<Vec<_>>().join(",");
        if name.len() > LONGEST_NAME {
            let end = (0..=LONGEST_NAME).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
            name = format!("{},{}", &name[..end], &blake3::hash(name.as_bytes()).to_hex()[..16]);
        }
        self.path.join(kind).join(name)
    }

    /// Where the points of a design are while the experiment is at work.
    pub fn points_path(&self) -> PathBuf {
        self.path.join(CHUNKS).join("points")
    }

    /// Where chunks are.
    pub(super) fn chunks_folder(&self) -> PathBuf {
        self.path.join(CHUNKS)
    }

    /// Where a chunk is.
    pub fn chunk_path(&self, block: &Block) -> PathBuf {
        self.path.join(CHUNKS).join(format!("{}.chunk", block.name()))
    }

    /// Removes a chunk, whose runs are kept otherwise.
    ///
    /// # Errors
    /// If that is refused.
    pub fn remove_chunk(&self, block: &Block) -> Result<(), RecordError> {
        remove(&self.chunk_path(block))
    }

    /// Which chunks there are, by their names.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub(super) fn chunk_blocks(&self) -> Result<Vec<Block>, RecordError> {
        blocks_in(&self.path.join(CHUNKS), "chunk")
    }

    /// What is asked of the experiment that is at work in the folder; none if there is none.
    ///
    /// # Errors
    /// If it cannot be read, or was changed.
    pub fn plan(&self) -> Result<Option<PlanFile>, RecordError> {
        let path = self.path.join(CHUNKS).join(PLAN);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound || error.kind() == ErrorKind::NotADirectory => {
                return Ok(None);
            }
            Err(error) => return Err(RecordError::io("read", &path)(error)),
        };
        let text = String::from_utf8_lossy(&bytes);
        if !is_sealed(&text, SEAL) {
            let reason = "its content does not match its digest; the same `plan` or `run` with --force begins anew";
            return Err(RecordError::damaged(&path, reason));
        }
        serde_json::from_str(&text).map(Some).map_err(|error| RecordError::damaged(&path, error.to_string()))
    }

    /// Holds the folder together with others that do single chunks, against those that want it for themselves. None where there are
    /// no locks.
    ///
    /// # Errors
    /// If a process holds it for itself, or the folder cannot be written to.
    pub fn share(&self) -> Result<Option<File>, RecordError> {
        self.lock(File::try_lock_shared)
    }

    /// Holds one of its tasks, against another process that does the same. None where there are no locks.
    ///
    /// # Errors
    /// If another process is at work on it.
    pub fn hold_task(&self, number: u64) -> Result<Option<File>, RecordError> {
        lock(&self.path.join(CHUNKS).join(format!("task-{number}.lock")), File::try_lock)
    }

    pub(super) fn lock(&self, take: fn(&File) -> Result<(), TryLockError>) -> Result<Option<File>, RecordError> {
        make_folder(&self.path)?;
        match lock(&self.path.join(LOCK), take) {
            Err(RecordError::InUse { .. }) => Err(RecordError::InUse { path: self.path.clone() }),
            other => other,
        }
    }

    /// Removes what a killed process left of files in the making: of this machine at once, of another, long enough ago that none can be at
    /// work on them.
    pub(super) fn remove_leftovers(&self) -> Result<(), RecordError> {
        let within = [self.path.join(CHUNKS), self.charts()].into_iter().chain(self.folders_of_parts());
        let within = within.filter(|folder| !folder.is_symlink());
        for folder in std::iter::once(self.path.clone()).chain(within) {
            for path in entries_of(&folder) {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let is_old = || clock::seconds_since_change(&path).is_some_and(|seconds| seconds > ABANDONED);
                if is_temporary(&name) && (is_of_a_dead_process(&name) || is_old()) {
                    remove(&path)?;
                }
            }
        }
        Ok(())
    }

    /// Removes what an experiment leaves, and nothing else.
    pub(super) fn clear(&self) -> Result<(), RecordError> {
        let listed = self.left_behind();
        // The manifest goes first: without it nobody takes the rest for finished results.
        remove(&self.file(Manifest::NAME))?;
        for name in Self::DATA.into_iter().chain(listed.iter().map(String::as_str)) {
            remove(&self.file(name))?;
        }
        self.clear_drawn()?;
        self.clear_parts()?;
        self.remove_chunks()
    }

    /// Files of the experiment in the folder that others may have files of the same names as: those that its manifest lists, and
    /// what is written before there is one.
    fn left_behind(&self) -> Vec<String> {
        let finished = Manifest::read(&self.path).ok().flatten();
        let begun = self.plan().ok().flatten().map(|_| JointTable::NAME.to_owned());
        let listed = finished.into_iter().flat_map(|manifest| manifest.files).map(|file| file.name);
        let is_plain = |name: &String| Path::new(name).file_name().is_some_and(|own| own == name.as_str());
        listed.filter(is_plain).chain(begun).collect()
    }

    /// Removes what was drawn of the results and found out about them, which may not be true of more of them.
    pub(super) fn clear_drawn(&self) -> Result<(), RecordError> {
        remove(&self.file(Self::REPORT))?;
        let charts = self.charts();
        if charts.is_symlink() {
            remove(&charts)?;
        }
        for path in entries_of(&charts) {
            if path.extension().is_some_and(|extension| extension == "svg" || extension == "png") {
                remove(&path)?;
            }
        }
        ANALYSES.into_iter().try_for_each(|findings| remove_folder(&self.path.join(findings)))
    }

    pub(super) fn remove_chunks(&self) -> Result<(), RecordError> {
        remove_folder(&self.path.join(CHUNKS))
    }
}

/// Takes a lock of a file, which is made if there is none. None where the file system has no locks.
fn lock(path: &Path, take: fn(&File) -> Result<(), TryLockError>) -> Result<Option<File>, RecordError> {
    // Open for both: NFS makes of a lock one of bytes, which asks for a file that may be read, or written, as the lock is shared or not.
    let file = File::options().create(true).truncate(false).read(true).write(true).open(path);
    let file = file.map_err(RecordError::io("write", path))?;
    match take(&file) {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(RecordError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// The blocks that files of a folder are named after, by their extension; none if there is no such folder.
pub(super) fn blocks_in(folder: &Path, extension: &str) -> Result<Vec<Block>, RecordError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(RecordError::io("read", folder)(error)),
    };
    let mut blocks = Vec::new();
    for entry in entries {
        let name = entry.map_err(RecordError::io("read", folder))?.file_name();
        let name = name.to_string_lossy();
        blocks.extend(name.strip_suffix(extension).and_then(|name| Block::parse(name.strip_suffix('.')?)));
    }
    blocks.sort_unstable();
    Ok(blocks)
}

/// Makes a folder, with those above it.
///
/// # Errors
/// If there is a file in its place, or it cannot be made.
pub fn make_folder(path: &Path) -> Result<(), RecordError> {
    if path.is_file() {
        return Err(RecordError::NotAFolder { path: path.to_owned() });
    }
    std::fs::create_dir_all(path).map_err(RecordError::io("make", path))
}

/// What is in a folder; nothing if it cannot be read.
pub(super) fn entries_of(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

pub(super) fn remove_folder(path: &Path) -> Result<(), RecordError> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(RecordError::io("remove", path)(error)),
        _ => Ok(()),
    }
}

pub(super) fn remove(path: &Path) -> Result<(), RecordError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(RecordError::io("remove", path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Claim;
    use crate::record::clock;

    const CHUNK: Block = Block { first: 0, end: 32, from: 0, to: 1 };

    fn claim(path: &Path, plan: &str, force: bool) -> Result<Claim, RecordError> {
        Folder::new(path).claim(plan, &plan, force)
    }

    #[test]
    fn a_second_claim_is_refused_until_the_first_ends() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a/b");
        let first = claim(&path, "plan", false).unwrap();
        assert!(matches!(claim(&path, "plan", false), Err(RecordError::InUse { .. })));
        drop(first);
        assert!(claim(&path, "plan", false).unwrap().is_resumed());
    }

    #[test]
    fn no_two_analyses_share_a_folder() {
        let folder = Folder::new("r");
        let of = |subject: &str, apart: &[(&'static str, &str)]| {
            folder.finding("explain", subject, apart.iter().map(|(key, value)| (*key, (*value).to_owned())))
        };
        assert_eq!(of("peace", &[("replicate", "3")]), Path::new("r/explain/peace,replicate=3"));
        let long = "x".repeat(300);
        let all = [
            of("peace", &[]),
            of("peace-3", &[]),
            of("peace", &[("replicate", "3")]),
            of("peace", &[("variant", "truce")]),
            of("peace-truce", &[]),
            of("", &[("output", "peace")]),
            of("", &[("output", "a/b")]),
            of("", &[("output", "a-b")]),
            of("", &[("output", "a,variant=b")]),
            of("", &[("output", "a"), ("variant", "b")]),
            of("", &[("output", "..")]),
            of("", &[("output", &long)]),
            of("", &[("output", &format!("{long}y"))]),
        ];
        let apart: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(apart.len(), all.len(), "{all:?}");
        for path in &all {
            assert_eq!(path.parent(), Some(Path::new("r/explain")), "{path:?}");
            assert!(path.file_name().is_some_and(|name| name.len() < 255), "{path:?}");
        }
    }

    #[test]
    fn what_is_not_ours_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("thesis.txt"), "years of work").unwrap();
        assert!(matches!(claim(root.path(), "plan", false), Err(RecordError::Foreign { .. })));
        assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 1, "not even a lock is left");
        drop(claim(root.path(), "plan", true).unwrap());
        assert_eq!(std::fs::read_to_string(root.path().join("thesis.txt")).unwrap(), "years of work");
    }

    #[test]
    fn another_experiment_is_refused_unless_forced() {
        let root = tempfile::tempdir().unwrap();
        drop(claim(root.path(), "one", false).unwrap());
        std::fs::write(Folder::new(root.path()).chunk_path(&CHUNK), "a chunk").unwrap();
        assert!(matches!(claim(root.path(), "two", false), Err(RecordError::OtherExperiment { .. })));
        let forced = claim(root.path(), "two", true).unwrap();
        assert!(!forced.is_resumed());
        assert!(!forced.folder().chunk_path(&CHUNK).exists());
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_removed_through_a_symlink() {
        let root = tempfile::tempdir().unwrap();
        let (mine, out) = (root.path().join("mine"), root.path().join("out"));
        std::fs::create_dir_all(&mine).unwrap();
        std::fs::create_dir_all(&out).unwrap();
        for name in ["keep.svg", ".entente-x1y2.part"] {
            std::fs::write(mine.join(name), "mine").unwrap();
        }
        std::os::unix::fs::symlink(&mine, out.join("charts")).unwrap();
        drop(claim(&out, "plan", true).unwrap());
        assert_eq!(std::fs::read_dir(&mine).unwrap().count(), 2);
    }

    #[test]
    fn leftovers_of_a_killed_process_are_removed() {
        let root = tempfile::tempdir().unwrap();
        let old = clock::hours_ago(2);
        for (name, changed) in [(".entente-x1y2.part", old), (".entente-z3.part", clock::hours_ago(0))] {
            std::fs::write(root.path().join(name), "half").unwrap();
            let file = File::options().write(true).open(root.path().join(name)).unwrap();
            file.set_modified(changed).unwrap();
        }
        let claimed = claim(root.path(), "plan", false).unwrap();
        assert!(!claimed.folder().file(".entente-x1y2.part").exists());
        assert!(claimed.folder().file(".entente-z3.part").exists(), "somebody may be at work on it");
    }
}
