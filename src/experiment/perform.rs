//! From a plan to results.

use super::estimate::answers::answers;
use super::estimate::differences::differences;
use super::estimate::precision::Precision;
use super::{
    Begun, Control, ExperimentError, Gathered, InputDraws, Plan, Progress, RunSource, Scenarios, Sink, gather,
    run_until,
};
use crate::record::clock::{self, Stopwatch};
use crate::record::{
    Design, Folder, JointTable, Manifest, RecordError, Results, ScenarioEntry, StoppingEntry, write_inputs,
};
use crate::scenario::{Overrides, Scenario};

/// An experiment that is ready to be done.
#[derive(Debug)]
pub struct Experiment {
    /// What it consists of.
    pub plan: Plan,
    /// The scenarios of its cells.
    pub source: Scenarios,
    /// Who does it, for the manifest: a command line.
    pub command: Vec<String>,
}

/// An experiment that is done.
#[derive(Debug)]
pub struct Done {
    /// The results.
    pub results: Results,
    /// Whether they were there before.
    pub reused: bool,
    /// Seconds that running took, and how many runs were done in them; none if nothing was run.
    pub pace: Option<(f64, u64)>,
}

impl Experiment {
    /// The experiment that is at work in a folder; none if there is none that is unfinished.
    ///
    /// # Errors
    /// If its files cannot be read, or this program would make other runs of them than the one that planned it.
    pub fn planned(folder: &Folder) -> Result<Option<Self>, ExperimentError> {
        let Some(text) = folder.plan()? else { return Ok(None) };
        let damaged = |reason: String| RecordError::Damaged { path: folder.path().to_owned(), reason };
        let plan: Plan = serde_json::from_str(&text).map_err(|error| damaged(format!("its plan is none: {error}")))?;
        let file = folder.file("scenario.toml");
        let scenario = Scenario::load(&file, &Overrides::default()).map_err(RecordError::Scenario)?;
        let design = match &plan.design {
            Some(entry) => Some((Design::read(&folder.file(Design::NAME))?, entry.clone())),
            None => None,
        };
        let variants = Scenarios::stored(scenario, &plan.variants()).map_err(RecordError::Scenario)?;
        let mut source =
            Scenarios::new(variants, design, plan.seed).map_err(ExperimentError::Input)?.keeping(plan.keeps);
        if let Some(drawn) = &plan.inputs {
            let joint = drawn.joint.as_ref().map(|_| JointTable::read(&folder.file(JointTable::NAME))).transpose()?;
            let draws = InputDraws::stored(drawn.clone(), joint, plan.seed);
            source = source.drawing(draws).map_err(RecordError::Scenario)?;
        }
        let made = source.plan(&plan.kind, plan.replicates);
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
        let runs = |plan: &Plan| -> Vec<(i32, String, String)> {
            plan.cells.iter().map(|cell| (cell.point, cell.variant.clone(), cell.digest.clone())).collect()
        };
        if runs(&made) != runs(&plan) {
            return Err(damaged("its scenario or design is not the one that was planned".to_owned()).into());
        }
        Ok(Some(Self { plan, source, command: Vec::new() }))
    }

    /// Does what is not done yet of it, on as many threads; as many as there are cores unless given.
    ///
    /// # Errors
    /// If it cannot be done, or is cancelled: what is done is then kept.
    pub fn run(
        &self,
        sink: &mut dyn Sink,
        threads: Option<usize>,
        control: &Control<'_>,
    ) -> Result<Done, ExperimentError> {
        match self.begin(sink)? {
            Begun::Finished(results) => return Ok(Done { results: *results, reused: true, pace: None }),
            Begun::Resumed => {
                (control.on_progress)(Progress::Notice("going on with an experiment that was interrupted"))
            }
            Begun::Anew => {}
        }
        let (started, watch) = (clock::now(), Stopwatch::start());
        let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |cores| cores.get()));
        let mut precision = Precision::of(&self.plan, self.source.layout());
        let (rounds, reason) = run_until(&self.plan, &self.source, sink.store(), threads, control, &mut precision)?;
        let pace = (watch.seconds(), self.plan.replicates_after(rounds) * self.plan.cells.len() as u64);
        let stopping = self.plan.stopping.as_ref().map(|stopping| StoppingEntry {
            reason,
            most_replicates: self.plan.replicates,
            time_limit: stopping.time_limit,
            precision: stopping.precision,
            half_width: precision.widest().map(|(_, half_width)| half_width),
            question: precision.widest().map(|(question, _)| question),
            fixed_plan: precision.fixed_plan(),
        });
        let results = self.finish(sink, rounds, stopping, (threads, started))?;
        Ok(Done { results, reused: false, pace: Some(pace) })
    }

    /// Puts its chunks together, which other processes did.
    ///
    /// # Errors
    /// If one is missing or damaged, or a file cannot be written.
    pub fn gather(&self, sink: &mut dyn Sink) -> Result<Done, ExperimentError> {
        if let Begun::Finished(results) = self.begin(sink)? {
            return Ok(Done { results: *results, reused: true, pace: None });
        }
        let results = self.finish(sink, self.plan.rounds(), None, (1, clock::now()))?;
        Ok(Done { results, reused: false, pace: None })
    }

    /// Makes a sink ready, with all in it that any process needs to do chunks.
    ///
    /// # Errors
    /// If something is in the way, or nothing can be written.
    pub fn begin(&self, sink: &mut dyn Sink) -> Result<Begun, ExperimentError> {
        let begun = sink.begin(&self.plan)?;
        if !matches!(begun, Begun::Finished(_)) {
            sink.store().keep_inputs(self.source.first(), self.design(), self.joint())?;
        }
        Ok(begun)
    }

    fn design(&self) -> Option<&Design> {
        self.plan.design.as_ref().map(|_| self.source.design())
    }

    fn joint(&self) -> Option<&JointTable> {
        self.source.draws().and_then(InputDraws::joint)
    }

    /// Makes tables of the chunks and answers of the tables, and says last that all is there.
    fn finish(
        &self,
        sink: &mut dyn Sink,
        rounds: u64,
        stopping: Option<StoppingEntry>,
        (threads, started): (usize, String),
    ) -> Result<Results, ExperimentError> {
        let store = sink.store();
        let gathered = gather(&self.plan, rounds, &self.source, store)?;
        let mut manifest = self.manifest(self.plan.replicates_after(rounds), stopping, gathered);
        (manifest.threads, manifest.started) = (threads as u64, started);
        manifest.files.extend(store.keep_inputs(self.source.first(), self.design(), self.joint())?);
        if let Some(draws) = self.source.draws() {
            let drawn = |replicate| draws.values(replicate);
            manifest.files.push(write_inputs(store, draws.drawn(), manifest.replicates, drawn)?);
        }
        let results = store.results(manifest.clone());
        let questions = &self.source.layout().questions;
        manifest.files.push(store.keep_answers(&answers(&results, questions)?)?);
        if self.plan.is_comparison() {
            manifest.files.push(store.keep_differences(&differences(&results, questions)?)?);
        }
        manifest.finished = clock::now();
        let results = store.results(manifest.clone());
        sink.finish(&manifest)?;
        Ok(results)
    }

    fn manifest(&self, replicates: u64, stopping: Option<StoppingEntry>, gathered: Gathered) -> Manifest {
        let (plan, scenario) = (&self.plan, self.source.first());
        Manifest {
            program: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
            commit: Manifest::this_commit().into(),
            target: Manifest::this_target(),
            experiment: plan.id(),
            plan_digest: plan.digest().to_hex().to_string(),
            scenario: ScenarioEntry {
                id: scenario.file.scenario.id.clone(),
                title: scenario.file.scenario.title.clone(),
                digest: scenario.digest(),
            },
            variants: plan.variants(),
            points: plan.points(),
            design: plan.design.clone(),
            inputs: plan.inputs.clone(),
            stopping,
            seed: plan.seed,
            replicates,
            runs: replicates * plan.cells.len() as u64,
            failures: gathered.failures,
            threads: 1,
            command: self.command.clone(),
            started: String::new(),
            finished: String::new(),
            files: gathered.files,
            result_digest: gathered.result_digest,
        }
    }
}
