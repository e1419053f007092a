//! One answer of many scenarios run by replicate, under common random numbers: in chunks, so that whatever kills the work, doing
//! the same again goes on.

use super::kept::Work;
use crate::base::Calendar;
use crate::experiment::{
    Bench, ExperimentError, Inputs, Keeps, Plan, PlannedDesign, PlannedVariant, Replicates, RunSource, Scenarios,
};
use crate::measure::{Answer, Layout, LogNames, RunRecord};
use crate::record::{DesignEntry, Folder, Held, Method, make_folder};
use crate::scenario::{InputNames, Scenario};
use std::ops::Range;

/// What is run, by number: scenarios that are made when they are needed, so that many take little memory.
pub(super) trait Cells: Sync {
    /// How many there are.
    fn count(&self) -> usize;
    /// What tells the cell of a number apart from every other of the same study.
    fn name(&self, cell: usize) -> String;
    /// Makes one.
    ///
    /// # Errors
    /// What of it cannot be run.
    fn make(&self, cell: usize) -> Result<Scenario, String>;
}

/// What the runs of a cell say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct CellRuns {
    /// The answer of each replicate, in order; not a number of one that failed.
    pub answers: Vec<f64>,
    /// Why one failed, if any did.
    pub failure: Option<String>,
}

/// Runs scenarios, and reads one answer of each run.
pub(super) struct AnswerRuns<'a> {
    base: Scenarios,
    kind: &'static str,
    question: String,
    inputs: &'a Inputs,
    mark: &'a str,
    seed: u64,
    work: Work<'a>,
    /// How many runs that took, whoever did them.
    pub done: u64,
}

impl<'a> AnswerRuns<'a> {
    /// Runs of scenarios of which each has a question of an id, with inputs that are drawn or not; `base` is one of them, and `mark` tells
    /// from what theirs are drawn ([`Inputs::mark`]).
    ///
    /// # Errors
    /// If it cannot be run.
    pub fn new(
        kind: &'static str,
        (base, question): (&Scenario, &str),
        (inputs, mark, seed): (&'a Inputs, &'a str, u64),
        work: Work<'a>,
    ) -> Result<Self, ExperimentError> {
        let base = Scenarios::new(vec![(PlannedVariant::BASELINE.into(), base.clone())], None, seed);
        let base = base.map_err(ExperimentError::Input)?;
        Ok(Self { base, kind, question: question.to_owned(), inputs, mark, seed, work, done: 0 })
    }

    /// The answers of replicates of each cell. `batch` names what they are for, and a folder.
    ///
    /// # Errors
    /// If something cannot be kept, or the work is told to stop.
    pub fn run(
        &mut self,
        batch: &str,
        cells: &dyn Cells,
        window: Range<u64>,
    ) -> Result<Vec<CellRuns>, ExperimentError> {
        let mut found = vec![CellRuns::default(); cells.count()];
        if found.is_empty() || window.is_empty() {
            return Ok(found);
        }
        let folder = Folder::new(self.work.folder.path().join("chunks").join(batch));
        make_folder(&folder.path().join("chunks"))?;
        let plan = self.plan(batch, cells, &window);
        let replicates = 0..window.end - window.start;
        let source = CellSource { runs: self, cells, first: window.start };
        let Work { threads, chunk_size: chunk, control, .. } = self.work;
        let bench = Bench { plan: &plan, source: &source, store: &folder, threads, chunk, control };
        let mut held = bench.held(&replicates)?;
        bench.fill(&replicates, &mut held)?;
        held.sort_by_key(Held::block);
        for held in &held {
            for cell in held.block().cells(plan.cells()) {
                let of = &mut found[cell as usize];
                let mut runs = Vec::new();
                held.leaves().each_run(cell, None, |run| {
                    runs.push(run);
                    Ok(())
                })?;
                for run in runs {
                    of.answers.push(run.answers.first().map_or(f64::NAN, |answer| answer.value));
                    if of.failure.is_none() {
                        of.failure = run.failure;
                    }
                }
            }
        }
        self.done += found.len() as u64 * (replicates.end - replicates.start);
        Ok(found)
    }

    fn plan(&self, batch: &str, cells: &dyn Cells, window: &Range<u64>) -> Plan {
        let mut hasher = blake3::Hasher::new();
        for part in [batch, &self.base.first().digest(), &self.question, self.mark] {
            hasher.update(part.as_bytes());
        }
        hasher.update(&[self.seed, window.start].map(u64::to_le_bytes).concat());
        (0..cells.count()).for_each(|cell| {
            hasher.update(cells.name(cell).as_bytes());
        });
        let digest = hasher.finalize().to_hex().to_string();
        let id = PlannedVariant::BASELINE.into();
        let variant = PlannedVariant { id, digest: digest.clone(), text: self.base.first().digest() };
        let entry = DesignEntry {
            method: Method::Table,
            inputs: Vec::new(),
            points: cells.count() as u64,
            blocks: 0,
            second_order: false,
            names: InputNames::default(),
        };
        let mut plan = Plan::new(self.kind, &self.base.first().file.scenario.id, vec![variant], self.seed);
        plan.design = Some(PlannedDesign { entry, digest });
        plan.keeps = Keeps::NoSeries;
        plan
    }

    /// A cell ready to run, with the place of the answer among those of its scenario.
    fn ready(&self, made: Result<Scenario, String>) -> Result<(Scenarios, usize), String> {
        let scenario = made?;
        let place = scenario.questions.iter().position(|question| question.id == self.question);
        let place = place.ok_or_else(|| format!("it has no question `{}`", self.question))?;
        let draws = self.inputs.draws(&scenario, self.seed).map_err(|error| error.to_string())?;
        let source = Scenarios::new(vec![(PlannedVariant::BASELINE.into(), scenario)], None, self.seed)?.answering();
        let source = match draws {
            Some(draws) => source.drawing(draws).map_err(|problems| problems.in_a_line())?,
            None => source,
        };
        Ok((source, place))
    }
}

/// Cells as the source of runs, from a replicate on.
struct CellSource<'a> {
    runs: &'a AnswerRuns<'a>,
    cells: &'a dyn Cells,
    first: u64,
}

impl RunSource for CellSource<'_> {
    fn layout(&self) -> &Layout {
        self.runs.base.layout()
    }

    fn names(&self) -> &LogNames {
        self.runs.base.names()
    }

    fn calendar(&self) -> Calendar {
        self.runs.base.calendar()
    }

    fn with_runner(&self, cell: usize, body: &mut dyn FnMut(Replicates<'_>)) {
        let failed =
            |replicate, reason: &str| RunRecord { failure: Some(reason.to_owned()), ..RunRecord::empty(replicate) };
        match self.runs.ready(self.cells.make(cell)) {
            Err(reason) => body(&mut |replicate| failed(replicate, &reason)),
            Ok((source, place)) => source.with_runner(0, &mut |runner| {
                body(&mut |replicate| {
                    let run = runner(self.first + replicate);
                    match (run.failure, run.answers.get(place)) {
                        (Some(reason), _) => failed(replicate, &reason),
                        (None, None) => failed(replicate, "it gave no answer"),
                        (None, Some(answer)) => {
                            let answers = vec![Answer { value: answer.value, step: None }];
                            RunRecord { answers, ..RunRecord::empty(replicate) }
                        }
                    }
                });
            }),
        }
    }
}
