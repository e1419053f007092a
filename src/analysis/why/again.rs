//! Runs a replicate again, as it was or with a change, up to the moment that settles an outcome or an amount.

use super::account::{RunAccount, Witness};
use super::change::Intervention;
use super::outcome::Outcome;
use crate::engine::{Model, Runner};
use crate::measure::{Ask, Keep, Question};
use crate::scenario::Scenario;
use std::sync::Arc;

/// The model of a scenario that watches one outcome and nothing else.
pub fn model(scenario: &Scenario, outcome: &Outcome) -> Arc<Model> {
    Model::asking(scenario, vec![outcome.question.clone()])
}

/// Runs replicates again. Owned by one thread.
#[derive(Clone, Debug)]
pub struct Again<'m> {
    runner: Runner,
    question: &'m Question,
    last: u32,
    seed: u64,
}

/// A run up to the moment that settles an outcome or an amount.
#[derive(Clone, Debug)]
pub struct Rerun {
    /// Everything that was decided and happened.
    pub account: RunAccount,
    /// The moment at which the outcome came about; none if it did not.
    pub yes_at: Option<u32>,
    /// The answer to the question: 1 for yes, 0 for no; of an amount, how much there is.
    pub answer: f64,
    /// Why the run failed, if it did.
    pub failure: Option<String>,
}

impl<'m> Again<'m> {
    /// For replicates of an experiment with a master seed; the model is that of [`model`].
    pub fn new(model: &Arc<Model>, outcome: &'m Outcome, seed: u64) -> Self {
        Self::answering(model, &outcome.question, outcome.last, seed)
    }

    /// For what is asked by a question, the only one of the model, up to a last moment.
    pub fn answering(model: &Arc<Model>, question: &'m Question, last: u32, seed: u64) -> Self {
        Self { runner: Runner::new(model, Keep::ANSWERS), question, last, seed }
    }

    /// Runs a replicate again, with a change or without.
    pub fn run(&mut self, replicate: u64, change: Option<&Intervention>) -> Rerun {
        let mut witness = Witness::new(change);
        self.runner.begin(self.seed, replicate);
        let within = matches!(self.question.ask, Ask::Within(_));
        let mut failure = None;
        loop {
            let answered = self.runner.answers()[0].value > 0.5;
            if (within && answered) || self.runner.world().step >= self.last {
                break;
            }
            if let Err(broken) = self.runner.step(&mut witness) {
                failure = Some(broken.to_string());
                break;
            }
        }
        let answer = self.runner.answers()[0];
        let yes = answer.value > 0.5 && self.question.yes_no();
        let yes_at = yes.then(|| answer.step.unwrap_or(self.runner.world().step));
        Rerun { account: witness.account, yes_at, answer: answer.value, failure }
    }
}
