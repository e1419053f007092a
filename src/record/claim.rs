//! Who may write to a results folder, and how what is in it is told apart.

use super::file::is_temporary;
use super::folder::{CHUNKS, LOCK, PLAN, PlanFile, SEAL};
use super::seal::write_sealed;
use super::{Folder, Manifest, RecordError, make_folder};
use serde::Serialize;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A results folder held by this process. Others are refused until it is dropped.
#[derive(Debug)]
pub struct Claim {
    folder: Folder,
    finished: Option<Manifest>,
    resumed: bool,
    /// Locked as long as it is open. None where there are no locks, and for a finished folder that cannot be written to.
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
    /// Holds the folder for an experiment, given by its digest, and says what is asked of it. Makes the folder if there is none.
    ///
    /// Locks keep two processes from doing the same work twice, and no more: where a file system has none, or they do not hold,
    /// every file still appears whole or not at all.
    ///
    /// # Errors
    /// If another process holds it, if it has other content (unless `force`, which removes what an earlier experiment
    /// left and nothing else), or if it cannot be written to.
    pub fn claim(self, experiment: &str, asked: &impl Serialize, force: bool) -> Result<Claim, RecordError> {
        self.admit(self.content(experiment)?, force)?;
        let lock = match self.lock(File::try_lock) {
            Ok(lock) => lock,
            // Results on a medium that cannot be written to can still be shown again.
            Err(RecordError::Io { .. }) if !force && self.is_finished(experiment) => None,
            Err(error) => return Err(error),
        };
        // Another process may have been at work until the lock was had.
        let mut content = self.admit(self.content(experiment)?, force)?;
        // A replacement that was interrupted goes on: what it had to replace is gone already.
        if force && !matches!(content, FolderContent::ThisUnfinished) {
            self.clear()?;
            content = FolderContent::Nothing;
        }
        let mut claim = Claim { folder: self, finished: None, resumed: false, _lock: lock };
        match content {
            FolderContent::ThisFinished(manifest) => claim.finished = Some(*manifest),
            content => {
                claim.resumed = matches!(content, FolderContent::ThisUnfinished);
                claim.ask(experiment, asked)?;
            }
        }
        Ok(claim)
    }

    fn admit(&self, content: FolderContent, force: bool) -> Result<FolderContent, RecordError> {
        match content {
            FolderContent::Other(found) if !force => {
                Err(RecordError::OtherExperiment { path: self.path().to_owned(), found })
            }
            FolderContent::Damaged { path, reason } if !force => Err(RecordError::Damaged { path, reason }),
            FolderContent::Foreign if !force => Err(RecordError::Foreign { path: self.path().to_owned() }),
            content => Ok(content),
        }
    }

    fn is_finished(&self, experiment: &str) -> bool {
        matches!(self.content(experiment), Ok(FolderContent::ThisFinished(_)))
    }

    fn content(&self, experiment: &str) -> Result<FolderContent, RecordError> {
        let entries = match std::fs::read_dir(self.path()) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(FolderContent::Nothing),
            Err(_) if self.path().is_file() => return Err(RecordError::NotAFolder { path: self.path().to_owned() }),
            Err(error) => return Err(RecordError::io("read", self.path())(error)),
        };
        let mut empty = true;
        for entry in entries {
            let name = entry.map_err(RecordError::io("read", self.path()))?.file_name();
            let name = name.to_string_lossy();
            let path = self.path().join(&*name);
            empty &= name == LOCK || is_temporary(&name) || (name == CHUNKS && self.has_no_chunk()) || is_hollow(&path);
        }
        if empty {
            return Ok(FolderContent::Nothing);
        }
        match Manifest::read(self.path()) {
            Ok(Some(manifest)) if manifest.plan_digest == experiment => {
                return Ok(FolderContent::ThisFinished(Box::new(manifest)));
            }
            Ok(Some(manifest)) => return Ok(FolderContent::Other(manifest.experiment)),
            Ok(None) => {}
            Err(RecordError::NoResults { .. }) => return Ok(FolderContent::Foreign),
            Err(RecordError::Damaged { path, reason }) => return Ok(FolderContent::Damaged { path, reason }),
            Err(error) => return Err(error),
        }
        match self.plan() {
            Ok(Some(found)) if found.experiment == experiment => Ok(FolderContent::ThisUnfinished),
            Ok(Some(_)) => Ok(FolderContent::Other("one that was not finished".into())),
            Ok(None) => Ok(FolderContent::Foreign),
            Err(RecordError::Damaged { path, reason }) => Ok(FolderContent::Damaged { path, reason }),
            Err(error) => Err(error),
        }
    }

    /// Whether the folder for chunks holds nothing yet: the process was killed before it wrote the plan.
    fn has_no_chunk(&self) -> bool {
        std::fs::read_dir(self.path().join(CHUNKS)).is_ok_and(|mut entries| {
            entries.all(|entry| entry.is_ok_and(|entry| is_temporary(&entry.file_name().to_string_lossy())))
        })
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

    /// Says what is asked of the experiment, for other processes.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn ask(&self, experiment: &str, asked: &impl Serialize) -> Result<(), RecordError> {
        let folder = self.folder.chunks_folder();
        make_folder(&folder)?;
        self.folder.remove_leftovers()?;
        let path = folder.join(PLAN);
        let asked = serde_json::to_value(asked).map_err(|error| RecordError::io("write", &path)(error.into()))?;
        let plan = PlanFile { program: "entente".into(), experiment: experiment.to_owned(), asked };
        match self.folder.plan() {
            Ok(Some(found)) if found == plan => Ok(()),
            _ => write_sealed(&path, &plan, SEAL),
        }
    }

    /// Gives up an experiment that makes no sense: what was begun of it here goes, unless an earlier process began it.
    ///
    /// # Errors
    /// If it cannot be removed.
    pub fn abandon(self) -> Result<(), RecordError> {
        if self.finished.is_none() && !self.resumed {
            self.folder.remove_chunks()?;
            // A folder that holds something else stays.
            drop(std::fs::remove_file(self.folder.path().join(LOCK)));
            drop(std::fs::remove_dir(self.folder.path()));
        }
        Ok(())
    }

    /// Declares the experiment finished: writes the manifest and removes the chunks.
    ///
    /// # Errors
    /// If that is refused.
    pub fn finish(&mut self, manifest: Manifest) -> Result<(), RecordError> {
        manifest.write(self.folder.path())?;
        self.finished = Some(manifest);
        self.folder.remove_leftovers()?;
        self.folder.remove_chunks()
    }
}

/// Whether a path is a folder with nothing but such folders in it, as workflow managers prepare them.
fn is_hollow(path: &Path) -> bool {
    !path.is_symlink()
        && std::fs::read_dir(path)
            .is_ok_and(|mut entries| entries.all(|entry| entry.is_ok_and(|entry| is_hollow(&entry.path()))))
}
