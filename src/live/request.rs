//! What is asked of the engine, and what it answers.

use super::Change;
use crate::engine::check_alike;
use crate::scenario::{Blueprint, DrawnInputs, JointTable, Problems, Scenario};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What the engine is opened with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenRequest {
    /// The scenario as it was run.
    pub blueprint: Blueprint,
    /// The master seed. As text, for not all such numbers are numbers in JavaScript.
    #[serde(serialize_with = "as_text", deserialize_with = "number_in_text")]
    pub seed: u64,
    /// What was drawn; none if inputs were at their best guess.
    #[serde(default)]
    pub inputs: Option<DrawnInputs>,
    /// The joint draws, if there are any.
    #[serde(default)]
    pub joint: Option<JointTable>,
}

impl OpenRequest {
    /// That of a scenario under a master seed, with all its variants that can be set side by side with it: none of one that is
    /// a variant itself.
    ///
    /// # Errors
    /// If it has no inputs such as are drawn.
    pub fn of(
        scenario: &Scenario,
        is_baseline: bool,
        (inputs, joint): (Option<DrawnInputs>, Option<JointTable>),
        seed: u64,
    ) -> Result<Self, Problems> {
        let alike = |id: &String| scenario.variant(id).ok().filter(|changed| check_alike(scenario, changed).is_ok());
        let ids = scenario.file.variant.iter().filter(|_| is_baseline).map(|variant| variant.id.clone());
        let variants: Vec<(String, Scenario)> = ids.filter_map(|id| alike(&id).map(|changed| (id, changed))).collect();
        let blueprint = Blueprint::of(scenario, &inputs.clone().unwrap_or_default(), &variants)?;
        Ok(Self { blueprint, seed, inputs, joint })
    }
}

fn as_text<S: Serializer>(number: &u64, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(number)
}

fn number_in_text<'de, D: Deserializer<'de>>(source: D) -> Result<u64, D::Error> {
    let text = String::deserialize(source)?;
    text.parse().map_err(|_| serde::de::Error::custom(format!("the seed is no whole number: `{text}`")))
}

/// What is asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Whether a change can be made.
    Check {
        /// The change.
        change: Change,
    },
    /// The answers of replicates under a change.
    Run {
        /// The change.
        change: Change,
        /// The first replicate.
        first: u64,
        /// How many.
        count: u64,
    },
    /// What is changed about an answer.
    Difference {
        /// The answer, by its place.
        answer: usize,
        /// Replicates with the answer before and after.
        pairs: Vec<(u64, f64, f64)>,
    },
    /// A run step by step.
    Play {
        /// The change.
        change: Change,
        /// The replicate.
        replicate: u64,
    },
}

/// What is told of an engine that is open, and of a change that can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Opened {
    /// How many answers a run gives.
    pub answers: usize,
    /// How many steps it has.
    pub steps: u32,
}

/// Answers of replicates, in order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Runs {
    /// By replicate the value of every answer; none if the run failed.
    pub values: Vec<Option<Vec<f64>>>,
    /// By replicate why it failed.
    pub failures: Vec<Option<String>>,
}
