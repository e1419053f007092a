//! Where an experiment goes: into a results folder, or into memory.

use super::{Asked, ExperimentError, Keeps, Plan, Stopping};
use crate::record::{Claim, Folder, Manifest, Memory, RecordError, Results, StopReason, StoppingEntry, Store};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Takes what an experiment makes.
pub trait Sink {
    /// Makes ready for an experiment, and says how much of it is there.
    ///
    /// # Errors
    /// If another process or another experiment is in the way, or nothing can be written.
    fn begin(&mut self, plan: &Plan, asked: &Asked) -> Result<Begun, ExperimentError>;

    /// Says anew how much of the experiment is asked for, after [`Sink::begin`].
    ///
    /// # Errors
    /// If that cannot be written.
    fn ask(&mut self, plan: &Plan, asked: &Asked) -> Result<(), RecordError>;

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
    /// These replicates, of which there are to be more, or whose answers are to be told otherwise.
    Grows(Range<u64>),
    /// All of it.
    Finished(Box<Results>),
}

/// What a folder says of the experiment that is at work in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AtWork {
    /// What it is.
    pub plan: Plan,
    /// How much of it is asked for.
    pub asked: Asked,
}

impl Sink for Memory {
    fn begin(&mut self, _: &Plan, _: &Asked) -> Result<Begun, ExperimentError> {
        *self = Self::default();
        Ok(Begun::Anew)
    }

    fn ask(&mut self, _: &Plan, _: &Asked) -> Result<(), RecordError> {
        Ok(())
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
/// dropped. An experiment that was interrupted goes on; one that is finished is read, or grows.
#[derive(Debug)]
pub struct ResultsFolder {
    path: Option<PathBuf>,
    within: PathBuf,
    force: bool,
    folder: Folder,
    claim: Option<Claim>,
}

impl ResultsFolder {
    /// Where results go unless told otherwise: into a folder of the scenario, and in that one of the experiment.
    pub const OUTPUTS: &'static str = "outputs";

    /// The folder at a path, which need not exist; `outputs/<scenario>/<experiment>` unless given.
    pub fn new(path: Option<&Path>) -> Self {
        Self {
            path: path.map(Path::to_owned),
            within: PathBuf::new(),
            force: false,
            folder: Folder::new(""),
            claim: None,
        }
    }

    /// The usual folder, from another than the working folder on.
    pub fn within(folder: &Path) -> Self {
        Self { within: folder.to_owned(), ..Self::new(None) }
    }

    /// The same, where `force` says that what an earlier experiment left is replaced.
    #[must_use]
    pub fn force(self, force: bool) -> Self {
        Self { force, ..self }
    }

    /// Where the experiment of a plan goes.
    pub fn place_of(&self, plan: &Plan) -> PathBuf {
        let usual = || self.within.join(Self::OUTPUTS).join(&plan.scenario).join(plan.id());
        self.path.clone().unwrap_or_else(usual)
    }

    /// The folder, after [`Sink::begin`].
    pub fn folder(&self) -> &Folder {
        &self.folder
    }
}

/// What is wrong with a folder that holds the experiment of a plan with more or fewer series.
fn of_series(error: RecordError, folder: &Folder, plan: &Plan) -> RecordError {
    let RecordError::OtherExperiment { path, found } = error else { return error };
    let kept = [Keeps::NoSeries, Keeps::Summaries, Keeps::EverySeries];
    let unfinished = folder.plan().ok().flatten().map(|file| file.experiment);
    let is_there = |keeps: &Keeps| {
        let other = Plan { keeps: *keeps, ..plan.clone() };
        other.id() == found || unfinished.as_deref() == Some(other.digest().to_hex().as_str())
    };
    match kept.into_iter().find(is_there) {
        Some(keeps) => RecordError::OtherSeries { path, with: keeps == Keeps::EverySeries },
        None => RecordError::OtherExperiment { path, found },
    }
}

impl Sink for ResultsFolder {
    fn begin(&mut self, plan: &Plan, asked: &Asked) -> Result<Begun, ExperimentError> {
        self.folder = Folder::new(self.place_of(plan));
        let digest = plan.digest().to_hex();
        let at_work = AtWork { plan: plan.clone(), asked: asked.clone() };
        let claim = self.folder.clone().claim(digest.as_str(), &at_work, self.force);
        let claim = claim.map_err(|error| of_series(error, &self.folder, plan))?;
        let begun = match claim.finished() {
            Some(manifest) if answers_all(manifest, asked) => {
                Begun::Finished(Box::new(Results::open(self.folder.path())?))
            }
            Some(manifest) => {
                let (held, window) = (manifest.window(), asked.window());
                if window.start > held.end || held.start > window.end {
                    return Err(ExperimentError::Input(format!(
                        "{} holds the replicates {} to {} of this experiment, and {} to {} do not join on to them; give another folder with --out",
                        self.folder.path().display(),
                        held.start,
                        held.end - 1,
                        window.start,
                        window.end - 1
                    )));
                }
                claim.ask(digest.as_str(), &AtWork { plan: plan.clone(), asked: asked.joined(&held) })?;
                Begun::Grows(held)
            }
            None if claim.is_resumed() => {
                claim.ask(digest.as_str(), &at_work)?;
                Begun::Resumed
            }
            None => Begun::Anew,
        };
        self.claim = Some(claim);
        Ok(begun)
    }

    fn ask(&mut self, plan: &Plan, asked: &Asked) -> Result<(), RecordError> {
        let at_work = AtWork { plan: plan.clone(), asked: asked.clone() };
        self.claim.as_ref().map_or(Ok(()), |claim| claim.ask(plan.digest().to_hex().as_str(), &at_work))
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

impl Asked {
    /// The same with the replicates that there are.
    pub fn joined(&self, held: &Range<u64>) -> Self {
        let (window, mut asked) = (self.window(), self.clone());
        asked.first = window.start.min(held.start);
        asked.replicates = window.end.max(held.end) - asked.first;
        asked
    }
}

/// Whether finished results are what is asked for, or more replicates of the same.
fn answers_all(manifest: &Manifest, asked: &Asked) -> bool {
    let rule = |stopping: &StoppingEntry| Stopping {
        precision: stopping.precision,
        time_limit: stopping.time_limit,
        answers: stopping.answers.clone(),
        most: None,
    };
    let (held, window) = (manifest.window(), asked.window());
    let covers = held.start <= window.start && window.end <= held.end;
    match (&asked.stopping, &manifest.stopping) {
        (Some(wanted), Some(held)) => {
            // More may be done where it was not enough yet.
            let most = wanted.most.unwrap_or(asked.replicates);
            let is_enough = held.reason == StopReason::Precise || most <= held.most_replicates;
            Stopping { most: None, ..wanted.clone() } == rule(held) && is_enough
        }
        // An interval that holds however often one looks is another one.
        (None, Some(held)) => covers && held.precision.is_none(),
        (None, None) => covers,
        (Some(_), None) => false,
    }
}
