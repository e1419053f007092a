//! From a plan to results.

use super::answers::answers;
use super::differences::differences;
use super::precision::Precision;
use super::prepared::cores;
use super::rounds::Round;
use super::{
    Asked, Begun, Bench, Control, Experiment, ExperimentError, Gathered, Progress, RunSource, Sink, Tasks, gather,
    run_until,
};
use crate::record::block::Block;
use crate::record::clock::{self, Stopwatch};
use crate::record::{Held, Manifest, RecordError, Results, ScenarioEntry, StoppingEntry, named_blocks, write_inputs};
use crate::scenario::{Overrides, Scenario};
use std::ops::Range;

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

impl Done {
    /// What is said of runs that failed, if there are any.
    pub fn failures(&self) -> Option<String> {
        let manifest = self.results.manifest();
        let (failures, runs) = (manifest.failures, manifest.runs);
        (failures > 0)
            .then(|| format!("{failures} of {runs} runs failed; the results leave them out, and runs.parquet says why"))
    }
}

/// How an experiment came to its end, for its manifest.
pub(super) struct Ending {
    /// When it stopped, if it could have before all was done.
    pub stopping: Option<StoppingEntry>,
    /// How many threads there were.
    pub threads: usize,
    /// When it was begun.
    pub started: String,
    /// Into how many tasks it was cut for other processes.
    pub tasks: Option<u64>,
}

impl Experiment {
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
        let (begun, asked) = self.begin(sink)?;
        match begun {
            Begun::Finished(results) => return Ok(Done { results: *results, reused: true, pace: None }),
            Begun::Resumed => {
                (control.on_progress)(Progress::Notice("going on with an experiment that was interrupted"))
            }
            Begun::Grows(held) => {
                let there = held.end - held.start;
                (control.on_progress)(Progress::Notice(&format!("going on from {there} replicates that are there")));
            }
            Begun::Anew => {}
        }
        let (started, watch) = (clock::now(), Stopwatch::start());
        let threads = threads.unwrap_or_else(cores);
        let bench = self.bench(sink.store(), threads, control);
        let mut precision = Precision::of(&self.plan, &asked, self.source.layout());
        let there: u64 = self.there(&bench, &asked)?;
        let (window, held, reason) = run_until(&bench, &asked, &mut precision)?;
        let cells = self.plan.cells();
        let runs = held.iter().map(|held| held.block().runs(cells)).sum::<u64>().saturating_sub(there);
        let pace = (watch.seconds(), runs);
        let stopping = asked.stopping.as_ref().map(|stopping| StoppingEntry {
            reason,
            most_replicates: asked.replicates,
            time_limit: stopping.time_limit,
            precision: stopping.precision,
            half_width: precision.widest().map(|(_, half_width)| half_width),
            question: precision.widest().map(|(question, _)| question),
            answers: stopping.answers.clone(),
            fixed_plan: precision.fixed_plan(),
        });
        let ending = Ending { stopping, threads, started, tasks: None };
        let results = self.finish(sink, (&window, held), ending, control)?;
        Ok(Done { results, reused: false, pace: Some(pace) })
    }

    /// How many runs of what is asked there are, by the names of what holds them.
    fn there(&self, bench: &Bench<'_>, asked: &Asked) -> Result<u64, ExperimentError> {
        let cells = self.plan.cells();
        let all = named_blocks(bench.store, cells)?.into_iter();
        let inside = all.map(|block| block.within(&asked.window(), cells));
        Ok(inside.map(|block| block.runs(cells)).sum())
    }

    /// Puts together what other processes did.
    ///
    /// # Errors
    /// If something is missing or damaged, or a file cannot be written.
    pub fn gather(&self, sink: &mut dyn Sink, control: &Control<'_>) -> Result<Done, ExperimentError> {
        let (begun, asked) = self.begin(sink)?;
        if let Begun::Finished(results) = begun {
            return Ok(Done { results: *results, reused: true, pace: None });
        }
        let started = clock::now();
        let bench = self.bench(sink.store(), cores(), control);
        let held = bench.held(&asked.window())?;
        let blocks: Vec<Block> = held.iter().map(Held::block).collect();
        let missing = Tasks::of(&self.plan, &asked).missing(&blocks);
        if !missing.is_empty() {
            return Err(ExperimentError::Missing { tasks: missing });
        }
        let stopping = match self.judge(&bench, &asked, &held)? {
            None => None,
            Some(Round::Enough(stopping)) => Some(stopping),
            Some(Round::More(next)) => return Err(self.next_round(sink, (&asked, next))?),
        };
        let tasks = Some(Tasks::of(&self.plan, &asked).count());
        let ending = Ending { stopping, threads: bench.threads, started, tasks };
        let results = self.finish(sink, (&asked.window(), held), ending, control)?;
        Ok(Done { results, reused: false, pace: None })
    }

    /// The scenario that gives the same results when it is run itself: with as many replicates as there are.
    fn scenario_of(&self, window: &Range<u64>) -> Result<Scenario, RecordError> {
        let (scenario, replicates) = (self.source.first(), window.end - window.start);
        if scenario.file.run.replicates == replicates {
            return Ok(scenario.clone());
        }
        let set = vec![format!("run.replicates={replicates}")];
        scenario.overridden(&Overrides { set, variant: None }).map_err(RecordError::Scenario)
    }

    /// Makes tables of the runs and answers of the tables, and says last that all is there.
    pub(super) fn finish(
        &self,
        sink: &mut dyn Sink,
        (window, held): (&Range<u64>, Vec<Held>),
        ending: Ending,
        control: &Control<'_>,
    ) -> Result<Results, ExperimentError> {
        let store = sink.store();
        if let Some(folder) = store.folder() {
            folder.retire()?;
        }
        let gathered = gather(&self.bench(store, ending.threads, control), window, held)?;
        let mut manifest = self.manifest(window, ending.stopping, gathered);
        (manifest.threads, manifest.started, manifest.tasks) = (ending.threads as u64, ending.started, ending.tasks);
        let scenario = self.scenario_of(window)?;
        manifest.files.extend(store.keep_inputs(&scenario, self.design(), self.joint())?);
        if let Some(draws) = self.source.draws() {
            let drawn = |replicate| draws.values(replicate);
            manifest.files.push(write_inputs(store, draws.drawn(), window.clone(), drawn)?);
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

    fn manifest(&self, window: &Range<u64>, stopping: Option<StoppingEntry>, gathered: Gathered) -> Manifest {
        let (plan, scenario, replicates) = (&self.plan, self.source.first(), window.end - window.start);
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
            variants: plan.variant_ids(),
            points: plan.points(),
            design: plan.design.as_ref().map(|design| design.entry.clone()),
            inputs: plan.inputs.clone(),
            stopping,
            tasks: None,
            seed: plan.seed,
            first: window.start,
            replicates,
            runs: replicates * plan.cells(),
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
