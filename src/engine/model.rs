//! What all runs of a scenario share.

use crate::measure::{Measures, Question};
use crate::mechanism::Behaviour;
use crate::scenario::Scenario;
use crate::world::Setting;

/// A scenario as the engine needs it: what is fixed, how it behaves, what is measured.
#[derive(Clone, Debug)]
pub struct Model<'s> {
    /// What is fixed, and the world at the start.
    pub setting: &'s Setting,
    /// Weights and rates.
    pub behaviour: &'s Behaviour,
    /// What is measured.
    pub measures: Measures,
}

impl<'s> Model<'s> {
    /// The model of a scenario, with the scenario's questions.
    pub fn of(scenario: &'s Scenario) -> Self {
        Self::new(&scenario.setting, &scenario.behaviour, scenario.questions.clone())
    }

    /// A model that measures what its questions ask.
    pub fn new(setting: &'s Setting, behaviour: &'s Behaviour, questions: Vec<Question>) -> Self {
        Self { setting, behaviour, measures: Measures::new(setting, questions) }
    }
}
