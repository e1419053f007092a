//! An experiment that is ready to be done.

use super::{Asked, AtWork, Begun, Bench, Control, ExperimentError, Plan, Scenarios, Sink};
use crate::record::{Design, Folder, RecordError, Store};
use crate::scenario::{DrawnInputs, InputDraws, JointTable, Overrides, Scenario};

/// An experiment that is ready to be done.
#[derive(Debug)]
pub struct Experiment {
    /// What it is.
    pub plan: Plan,
    /// How much of it is asked for.
    pub asked: Asked,
    /// The scenarios of its cells.
    pub source: Scenarios,
    /// Runs in a chunk, if not the usual number. Changes no result.
    pub chunk: Option<u64>,
    /// Who does it, for the manifest: a command line.
    pub command: Vec<String>,
}

impl Experiment {
    /// The experiment that is at work in a folder; none if there is none that is unfinished.
    ///
    /// # Errors
    /// If its files cannot be read, or this program would make other runs of them than the one that planned it.
    pub fn planned(folder: &Folder) -> Result<Option<Self>, ExperimentError> {
        let Some(file) = folder.plan()? else { return Ok(None) };
        let damaged = |reason: String| RecordError::Damaged { path: folder.path().to_owned(), reason };
        let at_work: AtWork =
            serde_json::from_value(file.asked).map_err(|error| damaged(format!("its plan is none: {error}")))?;
        let AtWork { plan, asked } = at_work;
        let text = folder.file("scenario.toml");
        let scenario = Scenario::load(&text, &Overrides::default()).map_err(RecordError::Scenario)?;
        let design = match &plan.design {
            Some(planned) => Some((Design::read_points(&folder.points_path(), &planned.entry)?, planned.entry.clone())),
            None => None,
        };
        let joint = |drawn: DrawnInputs| {
            let table = drawn.joint.as_ref().map(|_| JointTable::read(&folder.file(JointTable::NAME))).transpose()?;
            Ok::<_, RecordError>((drawn, table))
        };
        let drawn = plan.inputs.clone().map(joint).transpose()?;
        let source = Scenarios::kept((scenario, &plan.variant_ids()), design, drawn, plan.seed)?.keeping(plan.keeps);
        let made = source.plan(&plan.kind);
        if (&made.program, &made.commit) != (&plan.program, &plan.commit) {
            return Err(ExperimentError::Input(format!(
                "{} was planned by {} at commit {}, and this is {} at commit {}: their runs may differ",
                folder.path().display(),
                plan.program,
                plan.commit,
                made.program,
                made.commit
            )));
        }
        // Names, sources and where a file lies may be told in other words after a reload; they change no run.
        let runs = |plan: &Plan| -> Vec<(String, String)> {
            plan.variants.iter().map(|variant| (variant.id.clone(), variant.digest.clone())).collect()
        };
        if runs(&made) != runs(&plan) || made.design != plan.design {
            return Err(damaged("its scenario or design is not the one that was planned".to_owned()).into());
        }
        Ok(Some(Self { plan, asked, source, chunk: None, command: Vec::new() }))
    }

    /// Makes a sink ready, with all in it that any process needs to do chunks; gives what there is, and what is asked with what
    /// there is already.
    ///
    /// # Errors
    /// If something is in the way, or nothing can be written.
    pub fn begin(&self, sink: &mut dyn Sink) -> Result<(Begun, Asked), ExperimentError> {
        let begun = sink.begin(&self.plan, &self.asked)?;
        let asked = match &begun {
            Begun::Grows(held) => self.asked.joined(held),
            _ => self.asked.clone(),
        };
        match &begun {
            Begun::Finished(_) => {}
            // Until it has grown, the folder holds the results that it held.
            Begun::Grows(_) => sink.store().folder().map_or(Ok(()), |folder| self.keep_points(folder))?,
            _ => {
                sink.store().keep_inputs(self.source.first(), self.design(), self.joint())?;
                sink.store().folder().map_or(Ok(()), |folder| self.keep_points(folder))?;
            }
        }
        Ok((begun, asked))
    }

    /// Keeps the points of the design in a form of which one process reads its own quickly.
    fn keep_points(&self, folder: &Folder) -> Result<(), RecordError> {
        self.design().map_or(Ok(()), |design| design.write_points(&folder.points_path()))
    }

    /// Who does its runs into a keeper.
    pub fn bench<'a>(&'a self, store: &'a dyn Store, threads: usize, control: &'a Control<'a>) -> Bench<'a> {
        Bench { plan: &self.plan, source: &self.source, store, threads, chunk: self.chunk, control }
    }

    pub(super) fn design(&self) -> Option<&Design> {
        self.plan.design.as_ref().map(|_| self.source.design())
    }

    pub(super) fn joint(&self) -> Option<&JointTable> {
        self.source.draws().and_then(InputDraws::joint)
    }
}

/// How many threads there are, unless told otherwise.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
