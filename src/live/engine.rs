//! A scenario that answers.

use super::{Change, OpenRequest, Opened, Play, Request, Runs};
use crate::engine::{Model, Models, ReplicateRunner, SPLINTERS};
use crate::estimate::difference::{DifferenceRow, How, Pair, proportions, quantities};
use crate::estimate::nested::kinds;
use crate::measure::{Keep, Measures, Question};
use crate::scenario::{Blueprint, InputDraws};
use crate::world::Setting;
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
    blueprint: Blueprint,
    questions: Vec<Question>,
    steps: u32,
    draws: Option<Arc<InputDraws>>,
    seed: u64,
    /// The changes that were asked for last, the latest at the end.
    held: Vec<(Change, Ready)>,
}

/// A scenario under a change.
#[derive(Clone, Debug)]
struct Ready {
    models: Models,
    runner: ReplicateRunner,
}

impl Engine {
    /// The engine of a scenario.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn open(request: OpenRequest) -> Result<Self, String> {
        let OpenRequest { blueprint, seed, inputs, joint } = request;
        let draws = inputs.map(|drawn| Arc::new(InputDraws::stored(drawn, joint, seed)));
        let questions = blueprint.questions()?;
        let mut engine = Self { blueprint, questions, steps: 0, draws, seed, held: Vec::new() };
        engine.steps = engine.ready(&Change::default())?.models.own().setting.calendar.steps();
        Ok(engine)
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
        Opened { answers: self.questions.len(), steps: self.steps }
    }

    /// Whether a change can be made.
    ///
    /// # Errors
    /// Why it cannot, in words.
    pub fn check(&mut self, change: &Change) -> Result<Opened, String> {
        self.ready(change)?;
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
        let runner = &mut self.ready(change)?.runner;
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
    pub fn difference(&self, answer: usize, pairs: Vec<(u64, f64, f64)>) -> Result<DifferenceRow, String> {
        let question = self.questions.get(answer).ok_or_else(|| format!("there is no answer {answer}"))?;
        let drawn = self.draws.as_ref().map(|draws| kinds(draws.drawn()));
        let how = How { precision: None, lines: 1, drawn };
        let pair = |(replicate, before, after)| Pair { replicate, before, after };
        let pairs = pairs.into_iter().map(pair);
        let row = match question.yes_no() {
            true => proportions(pairs, &how),
            false => quantities(pairs, &how),
        };
        Ok(DifferenceRow { question: question.id.clone(), variant: "change".to_owned(), ..row })
    }

    /// A run under a change, step by step.
    ///
    /// # Errors
    /// Why it cannot be made, or what went wrong in the run.
    pub fn play(&mut self, change: &Change, replicate: u64) -> Result<Play, String> {
        let seed = self.seed;
        let zones = self.blueprint.zones_and_towns();
        let model = self.ready(change)?.models.of_replicate(replicate)?;
        Play::of(&model, &zones, seed, replicate)
    }

    /// The scenario under a change.
    fn ready(&mut self, change: &Change) -> Result<&mut Ready, String> {
        let place = self.held.iter().position(|(held, _)| held == change);
        let entry = match place {
            Some(place) => self.held.remove(place),
            None => (change.clone(), self.make(change)?),
        };
        if self.held.len() == HELD {
            self.held.remove(0);
        }
        self.held.push(entry);
        self.held.last_mut().map(|(_, ready)| ready).ok_or_else(|| "nothing is held".to_owned())
    }

    fn make(&self, change: &Change) -> Result<Ready, String> {
        let changed = self.blueprint.changed(change.variant.as_deref(), &change.values()?)?;
        let measures = self.measures(&changed.set_up.setting);
        let model = Model::set_up(changed.set_up, measures);
        let models = match &self.draws {
            Some(draws) => Models::drawing(model, draws.clone(), changed.setter, changed.open),
            None => Models::same(model),
        };
        let runner = ReplicateRunner::new(models.clone(), Keep::ANSWERS, self.seed);
        Ok(Ready { models, runner })
    }

    /// What is measured: what the scenario asks, of as many splinters as there may be.
    fn measures(&self, setting: &Setting) -> Arc<Measures> {
        let own = (setting.factions.len() - setting.founding) as u32;
        let most = self.draws.as_ref().and_then(|draws| draws.most(SPLINTERS)).unwrap_or(0.0) as u32;
        let wider = (most > own).then(|| self.blueprint.setting_with_splinters(most));
        Arc::new(Measures::new(wider.as_ref().unwrap_or(setting), self.questions.clone()))
    }
}

fn in_json(value: impl Serialize) -> Result<Json, String> {
    serde_json::to_value(value).map_err(|error| error.to_string())
}
