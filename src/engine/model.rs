//! What all runs of a scenario share.

use crate::base::EventId;
use crate::measure::{Condition, Measures, Question};
use crate::mechanism::Behaviour;
use crate::scenario::{Scenario, SetUp};
use crate::world::Setting;
use std::sync::Arc;

/// A scenario as the engine needs it: what is fixed, how it behaves, what is measured. It is shared by all that run it,
/// on any thread.
#[derive(Clone, Debug)]
pub struct Model {
    /// What is fixed, and the world at the start.
    pub setting: Arc<Setting>,
    /// Weights and rates.
    pub behaviour: Behaviour,
    /// What must hold for events to come, of those that wait for something.
    pub conditions: Vec<(EventId, Condition)>,
    /// What is measured.
    pub measures: Arc<Measures>,
}

impl Model {
    /// The model of a scenario, with the scenario's questions.
    pub fn of(scenario: &Scenario) -> Arc<Self> {
        Self::asking(scenario, scenario.questions.clone())
    }

    /// The model of a scenario that measures what other questions ask.
    pub fn asking(scenario: &Scenario, questions: Vec<Question>) -> Arc<Self> {
        Self::measuring(scenario, Arc::new(Measures::new(&scenario.setting, questions)))
    }

    /// The model of a scenario under other inputs, that takes the measures of the scenario.
    pub fn set_up(made: SetUp, measures: Arc<Measures>) -> Arc<Self> {
        let SetUp { setting, behaviour, conditions } = made;
        Arc::new(Self { setting, behaviour, conditions, measures })
    }

    /// The model of a scenario that takes the measures of another with the same actors, places and dates.
    pub fn measuring(scenario: &Scenario, measures: Arc<Measures>) -> Arc<Self> {
        Arc::new(Self {
            setting: scenario.setting.clone(),
            behaviour: scenario.behaviour,
            conditions: scenario.conditions.clone(),
            measures,
        })
    }
}
