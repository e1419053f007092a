//! Where an experiment goes: into a results folder, or into memory.

use super::{ExperimentError, Plan};
use crate::record::{Claim, Folder, Manifest, Memory, Results, Store};
use std::path::{Path, PathBuf};

/// Takes what an experiment makes.
pub trait Sink {
    /// Makes ready for an experiment, and says how much of it is there.
    ///
    /// # Errors
    /// If another process or another experiment is in the way, or nothing can be written.
    fn begin(&mut self, plan: &Plan) -> Result<Begun, ExperimentError>;

    /// Where chunks and tables go, after [`Sink::begin`].
    fn store(&self) -> &dyn Store;

    /// Declares the experiment finished.
    ///
    /// # Errors
    /// If that cannot be written.
    fn finish(&mut self, manifest: &Manifest) -> Result<(), ExperimentError>;
}

/// How much of an experiment was there when it was begun.
#[derive(Debug)]
pub enum Begun {
    /// Nothing.
    Anew,
    /// Chunks, perhaps: an earlier process began it.
    Resumed,
    /// All of it.
    Finished(Box<Results>),
}

impl Sink for Memory {
    fn begin(&mut self, _: &Plan) -> Result<Begun, ExperimentError> {
        *self = Self::default();
        Ok(Begun::Anew)
    }

    fn store(&self) -> &dyn Store {
        self
    }

    fn finish(&mut self, _: &Manifest) -> Result<(), ExperimentError> {
        self.forget_chunks();
        Ok(())
    }
}

/// A results folder, which the sink holds against other processes from the beginning of an experiment until it is
/// dropped. An experiment that was interrupted goes on; one that is finished is read.
#[derive(Debug)]
pub struct ResultsFolder {
    path: Option<PathBuf>,
    force: bool,
    folder: Folder,
    claim: Option<Claim>,
}

impl ResultsFolder {
    /// The folder at a path, which need not exist; `outputs/<scenario>/<experiment>` unless given.
    pub fn new(path: Option<&Path>) -> Self {
        Self { path: path.map(Path::to_owned), force: false, folder: Folder::new(""), claim: None }
    }

    /// The same, where `force` says that what an earlier experiment left is replaced.
    #[must_use]
    pub fn force(self, force: bool) -> Self {
        Self { force, ..self }
    }

    /// The folder, after [`Sink::begin`].
    pub fn folder(&self) -> &Folder {
        &self.folder
    }
}

impl Sink for ResultsFolder {
    fn begin(&mut self, plan: &Plan) -> Result<Begun, ExperimentError> {
        let usual = || Path::new("outputs").join(&plan.scenario).join(plan.id());
        self.folder = Folder::new(self.path.clone().unwrap_or_else(usual));
        let claim = self.folder.clone().claim(plan.digest().to_hex().as_str(), &plan.text(), self.force)?;
        let begun = match (claim.finished().is_some(), claim.is_resumed()) {
            (true, _) => Begun::Finished(Box::new(Results::open(self.folder.path())?)),
            (false, true) => Begun::Resumed,
            (false, false) => Begun::Anew,
        };
        self.claim = Some(claim);
        Ok(begun)
    }

    fn store(&self) -> &dyn Store {
        &self.folder
    }

    fn finish(&mut self, manifest: &Manifest) -> Result<(), ExperimentError> {
        match &mut self.claim {
            Some(claim) => Ok(claim.finish(manifest.clone())?),
            None => Ok(()),
        }
    }
}
