//! A results folder: what is in it, and who may write to it.

use super::file::is_temporary;
use super::{Manifest, RecordError, write_whole};
use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

const LOCK: &str = ".lock";
const CHUNKS: &str = "chunks";
const PLAN: &str = "plan.json";
/// Folders for what analyses found out about the results, which go with them.
const ANALYSES: [&str; 8] =
    ["coalitions", "explain", "branch", "replay", "sensitivity", "discover", "assumptions", "score"];

/// The longest name of an analysis's folder before it is cut, in bytes: file systems take 255.
const LONGEST_NAME: usize = 200;

/// A results folder, by its path.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

/// A results folder held by this process. Others are refused until it is dropped.
#[derive(Debug)]
pub struct Claim {
    folder: Folder,
    finished: Option<Manifest>,
    resumed: bool,
    /// Locked as long as it is open. None for a finished folder that cannot be written to.
    _lock: Option<File>,
}

/// What is in a folder.
enum FolderContent {
    Nothing,
    ThisUnfinished,
    ThisFinished(Box<Manifest>),
    Other(String),
    Damaged { path: PathBuf, reason: String },
    Foreign,
}

impl Folder {
    /// The data files that a results folder may hold: those that a manifest lists.
    pub const DATA: [&'static str; 17] = [
        "runs.parquet",
        "events.parquet",
        "series.parquet",
        "series_runs.parquet",
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
    /// The copy of a calibration's file.
    pub const CALIBRATION: &'static str = "calibration.toml";
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

    /// Where a chunk is.
    pub fn chunk_path(&self, number: u64) -> PathBuf {
        self.path.join(CHUNKS).join(format!("{number:06}.chunk"))
    }

    /// Holds the folder for an experiment, given by its plan's digest and text. Makes the folder if there is none.
    ///
    /// # Errors
    /// If another process holds it, if it has other content (unless `force`, which removes what an earlier experiment
    /// left and nothing else), or if it cannot be written to.
    pub fn claim(self, plan_digest: &str, plan: &str, force: bool) -> Result<Claim, RecordError> {
        self.admit(self.content(plan_digest, plan)?, force)?;
        let lock = match self.lock(File::try_lock) {
            Ok(lock) => Some(lock),
            // Results on a medium that cannot be written to can still be shown again.
            Err(RecordError::Io { .. }) if !force && self.is_finished(plan_digest, plan) => None,
            Err(error) => return Err(error),
        };
        // Another process may have been at work until the lock was had.
        let mut content = self.admit(self.content(plan_digest, plan)?, force)?;
        if lock.is_some() {
            self.remove_leftovers()?;
            // A replacement that was interrupted goes on: what it had to replace is gone already.
            if force && !matches!(content, FolderContent::ThisUnfinished) {
                self.clear()?;
                content = FolderContent::Nothing;
            }
        }
        let (finished, resumed) = match content {
            FolderContent::ThisFinished(manifest) => {
                if lock.is_some() {
                    self.remove_chunks()?;
                }
                (Some(*manifest), false)
            }
            FolderContent::ThisUnfinished => (None, true),
            _ => {
                make_folder(&self.path.join(CHUNKS))?;
                write_whole(&self.path.join(CHUNKS).join(PLAN), plan.as_bytes())?;
                (None, false)
            }
        };
        Ok(Claim { folder: self, finished, resumed, _lock: lock })
    }

    /// The text of the plan of an unfinished experiment; none if there is none at work in the folder.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn plan(&self) -> Result<Option<String>, RecordError> {
        let path = self.path.join(CHUNKS).join(PLAN);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound || error.kind() == ErrorKind::NotADirectory => Ok(None),
            Err(error) => Err(RecordError::io("read", &path)(error)),
        }
    }

    /// Holds the folder together with others that do single chunks, against those that want it for themselves.
    ///
    /// # Errors
    /// If a process holds it for itself, or the lock is refused.
    pub fn share(&self) -> Result<File, RecordError> {
        self.lock(File::try_lock_shared)
    }

    fn admit(&self, content: FolderContent, force: bool) -> Result<FolderContent, RecordError> {
        match content {
            FolderContent::Other(found) if !force => {
                Err(RecordError::OtherExperiment { path: self.path.clone(), found })
            }
            FolderContent::Damaged { path, reason } if !force => Err(RecordError::Damaged { path, reason }),
            FolderContent::Foreign if !force => Err(RecordError::Foreign { path: self.path.clone() }),
            content => Ok(content),
        }
    }

    fn is_finished(&self, plan_digest: &str, plan: &str) -> bool {
        matches!(self.content(plan_digest, plan), Ok(FolderContent::ThisFinished(_)))
    }

    fn content(&self, plan_digest: &str, plan: &str) -> Result<FolderContent, RecordError> {
        let entries = match std::fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(FolderContent::Nothing),
            Err(_) if self.path.is_file() => return Err(RecordError::NotAFolder { path: self.path.clone() }),
            Err(error) => return Err(RecordError::io("read", &self.path)(error)),
        };
        let mut empty = true;
        for entry in entries {
            let name = entry.map_err(RecordError::io("read", &self.path))?.file_name();
            let name = name.to_string_lossy();
            empty &= name == LOCK || is_temporary(&name) || (name == CHUNKS && self.has_no_chunk());
        }
        if empty {
            return Ok(FolderContent::Nothing);
        }
        match Manifest::read(&self.path) {
            Ok(Some(manifest)) if manifest.plan_digest == plan_digest => {
                return Ok(FolderContent::ThisFinished(Box::new(manifest)));
            }
            Ok(Some(manifest)) => return Ok(FolderContent::Other(manifest.experiment)),
            Ok(None) => {}
            Err(RecordError::NoResults { .. }) => return Ok(FolderContent::Foreign),
            Err(RecordError::Damaged { path, reason }) => return Ok(FolderContent::Damaged { path, reason }),
            Err(error) => return Err(error),
        }
        Ok(match self.plan()? {
            Some(found) if found == plan => FolderContent::ThisUnfinished,
            Some(_) => FolderContent::Other("one that was not finished".into()),
            None => FolderContent::Foreign,
        })
    }

    /// Whether the folder for chunks holds nothing yet: the process was killed before it wrote the plan.
    fn has_no_chunk(&self) -> bool {
        std::fs::read_dir(self.path.join(CHUNKS)).is_ok_and(|mut entries| {
            entries.all(|entry| entry.is_ok_and(|entry| is_temporary(&entry.file_name().to_string_lossy())))
        })
    }

    fn lock(&self, take: fn(&File) -> Result<(), TryLockError>) -> Result<File, RecordError> {
        make_folder(&self.path)?;
        let path = self.path.join(LOCK);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(RecordError::io("write", &path))?;
        match take(&file) {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(RecordError::InUse { path: self.path.clone() }),
            Err(TryLockError::Error(error)) => Err(RecordError::io("lock", &path)(error)),
        }
    }

    /// Removes what a killed process left of files in the making.
    fn remove_leftovers(&self) -> Result<(), RecordError> {
        let within = [self.path.join(CHUNKS), self.charts()].into_iter().filter(|folder| !folder.is_symlink());
        for folder in std::iter::once(self.path.clone()).chain(within) {
            for path in entries_of(&folder) {
                if path.file_name().is_some_and(|name| is_temporary(&name.to_string_lossy())) {
                    remove(&path)?;
                }
            }
        }
        Ok(())
    }

    /// Removes what an experiment leaves, and nothing else.
    fn clear(&self) -> Result<(), RecordError> {
        // The manifest goes first: without it nobody takes the rest for finished results.
        remove(&self.file(Manifest::NAME))?;
        for name in Self::DATA.into_iter().chain([Self::REPORT]) {
            remove(&self.file(name))?;
        }
        let charts = self.charts();
        if charts.is_symlink() {
            remove(&charts)?;
        }
        for path in entries_of(&charts) {
            if path.extension().is_some_and(|extension| extension == "svg" || extension == "png") {
                remove(&path)?;
            }
        }
        for findings in ANALYSES {
            remove_folder(&self.path.join(findings))?;
        }
        self.remove_chunks()
    }

    fn remove_chunks(&self) -> Result<(), RecordError> {
        remove_folder(&self.path.join(CHUNKS))
    }
}

impl Claim {
    /// The folder.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The manifest, if the experiment is finished already.
    pub fn finished(&self) -> Option<&Manifest> {
        self.finished.as_ref()
    }

    /// Whether an earlier process began the experiment.
    pub fn is_resumed(&self) -> bool {
        self.resumed
    }

    /// Declares the experiment finished: writes the manifest and removes the chunks.
    ///
    /// # Errors
    /// If that is refused.
    pub fn finish(&mut self, manifest: Manifest) -> Result<(), RecordError> {
        manifest.write(&self.folder.path)?;
        self.finished = Some(manifest);
        self.folder.remove_chunks()
    }
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
fn entries_of(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

fn remove_folder(path: &Path) -> Result<(), RecordError> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(RecordError::io("remove", path)(error)),
        _ => Ok(()),
    }
}

fn remove(path: &Path) -> Result<(), RecordError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(RecordError::io("remove", path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(path: &Path, plan: &str, force: bool) -> Result<Claim, RecordError> {
        Folder::new(path).claim(plan, plan, force)
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
        std::fs::write(Folder::new(root.path()).chunk_path(0), "a chunk").unwrap();
        assert!(matches!(claim(root.path(), "two", false), Err(RecordError::OtherExperiment { .. })));
        let forced = claim(root.path(), "two", true).unwrap();
        assert!(!forced.is_resumed());
        assert!(!forced.folder().chunk_path(0).exists());
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
        std::fs::write(root.path().join(".entente-x1y2.part"), "half").unwrap();
        let claimed = claim(root.path(), "plan", false).unwrap();
        assert!(!claimed.folder().file(".entente-x1y2.part").exists());
    }
}
