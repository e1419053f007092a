//! A scenario that answers.

use super::{Change, DifferenceReply, OpenRequest, Opened, Play, Request, Runs};
use crate::engine::{Models, ReplicateRunner, SPLINTERS, check_alike, measures};
use crate::estimate::difference::{How, proportions, quantities};
use crate::estimate::nested::kinds;
use crate::measure::{Keep, Measures};
use crate::scenario::{InputDraws, Overrides, Scenario};
use serde::Serialize;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// How many changes are held ready: with each comes a model and a world.
const HELD: usize = 8;
/// The most replicates that are run at once.
pub const MOST_RUNS: u64 = 10_000;

/// A scenario as it was run, and what changes make of it.
#[derive(Clone, Debug)]
pub struct Engine {
    scenario: Scenario,
    draws: Option<Arc<InputDraws>>,
    seed: u64,
    /// The changes that were asked for last, the latest at the end.
    held: Vec<(Change, Changed)>,
}

/// A scenario under a change.
#[derive(Clone, Debug)]
struct Changed {
    scenario: Scenario,
    models: Models,
    runner: ReplicateRunner,
}

impl Engine {
    /// The engine of a scenario.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn open(request: OpenRequest) -> Result<Self, String> {
        let scenario = Scenario::from_text("scenario.toml", &request.toml, &Overrides::default());
        let scenario = scenario.map_err(|problems| problems.to_string())?;
        Ok(Self::of(scenario, request))
    }

    /// The engine of a scenario that is read already, with the rest of a request.
    pub fn of(scenario: Scenario, request: OpenRequest) -> Self {
        let OpenRequest { seed, inputs, joint, .. } = request;
        let draws = inputs.map(|drawn| Arc::new(InputDraws::stored(drawn, joint, seed)));
        Self { scenario, draws, seed, held: Vec::new() }
    }

    /// Answers a request, both as JSON: `{"ok": …}`, or `{"error": "…"}` with what is wrong, in words.
    pub fn reply(&mut self, request: &str) -> String {
        let parsed = serde_json::from_str(request).map_err(|error| format!("the request cannot be read: {error}"));
        let reply = match parsed.and_then(|request| self.answer(request)) {
            Ok(answer) => json!({ "ok": answer }),
            Err(reason) => json!({ "error": reason }),
        };
        reply.to_string()
    }

    /// Answers a request.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn answer(&mut self, request: Request) -> Result<Json, String> {
        match request {
            Request::Check { change } => self.check(&change).and_then(in_json),
            Request::Run { change, first, count } => self.run(&change, first, count).and_then(in_json),
            Request::Difference { answer, pairs } => self.difference(answer, pairs).and_then(in_json),
            Request::Play { change, replicate } => self.play(&change, replicate).and_then(in_json),
        }
    }

    /// What there is to run.
    pub fn opened(&self) -> Opened {
        Opened { answers: self.scenario.questions.len(), steps: self.scenario.setting.calendar.steps() }
    }

    /// Whether a change can be made.
    ///
    /// # Errors
    /// Why it cannot, in words.
    pub fn check(&mut self, change: &Change) -> Result<Opened, String> {
        self.changed(change)?;
        Ok(self.opened())
    }

    /// Runs replicates under a change.
    ///
    /// # Errors
    /// Why it cannot be made, in words.
    pub fn run(&mut self, change: &Change, first: u64, count: u64) -> Result<Runs, String> {
        if count > MOST_RUNS {
            return Err(format!("{count} runs at once are too many; {MOST_RUNS} are the most"));
        }
        let last = first.checked_add(count).ok_or("there are no replicates of such high numbers")?;
        let runner = &mut self.changed(change)?.runner;
        let mut runs = Runs { values: Vec::new(), failures: Vec::new() };
        for replicate in first..last {
            let record = runner.run(replicate);
            let values = record.answers.iter().map(|answer| answer.value).collect();
            runs.values.push(record.failure.is_none().then_some(values));
            runs.failures.push(record.failure);
        }
        Ok(runs)
    }

    /// What is changed about an answer, over pairs of (replicate, before, after): as `entente compare` says it of one variant.
    ///
    /// # Errors
    /// If there is no such answer.
    pub fn difference(&self, answer: usize, pairs: Vec<(u64, f64, f64)>) -> Result<DifferenceReply, String> {
        let question = self.scenario.questions.get(answer).ok_or_else(|| format!("there is no answer {answer}"))?;
        let drawn = self.draws.as_ref().map(|draws| kinds(draws.drawn()));
        let how = How { precision: None, lines: 1, drawn };
        let row = match question.yes_no() {
            true => proportions(pairs.into_iter(), &how),
            false => quantities(pairs.into_iter(), &how),
        };
        Ok(row.into())
    }

    /// A run under a change, step by step.
    ///
    /// # Errors
    /// Why it cannot be made, or what went wrong in the run.
    pub fn play(&mut self, change: &Change, replicate: u64) -> Result<Play, String> {
        let seed = self.seed;
        let Changed { scenario, models, .. } = self.changed(change)?;
        Play::of(scenario, &models.of_replicate(replicate)?, seed, replicate)
    }

    /// The scenario under a change.
    fn changed(&mut self, change: &Change) -> Result<&mut Changed, String> {
        let place = self.held.iter().position(|(held, _)| held == change);
        let entry = match place {
            Some(place) => self.held.remove(place),
            None => (change.clone(), self.make(change)?),
        };
        if self.held.len() == HELD {
            self.held.remove(0);
        }
        self.held.push(entry);
        self.held.last_mut().map(|(_, changed)| changed).ok_or_else(|| "nothing is held".to_owned())
    }

    fn make(&self, change: &Change) -> Result<Changed, String> {
        let scenario = match change.is_none() {
            true => self.scenario.clone(),
            false => self.scenario.overridden(&change.overrides()).map_err(|problems| problems.in_a_line())?,
        };
        check_alike(&self.scenario, &scenario)
            .map_err(|what| format!("the change makes another scenario of it: it differs in its {what}"))?;
        let measures = self.measures(&scenario)?;
        let models = Models::of(&scenario, measures, self.draws.clone()).map_err(|problems| problems.in_a_line())?;
        let runner = ReplicateRunner::new(models.clone(), Keep::ANSWERS, self.seed);
        Ok(Changed { scenario, models, runner })
    }

    /// What is measured: what the scenario asks, of as many splinters as there may be.
    fn measures(&self, scenario: &Scenario) -> Result<Arc<Measures>, String> {
        let drawn = self.draws.as_ref().and_then(|draws| draws.most(SPLINTERS)).unwrap_or(0.0);
        let own = f64::from(scenario.file.scenario.splinters.max(self.scenario.file.scenario.splinters));
        let asked = self.scenario.questions.clone();
        measures(scenario, own.max(drawn), asked).map_err(|problems| problems.in_a_line())
    }
}

fn in_json(value: impl Serialize) -> Result<Json, String> {
    serde_json::to_value(value).map_err(|error| error.to_string())
}
