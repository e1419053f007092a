//! What a calibration file may hold, as written, before any check.

use crate::base::field::number;
use crate::scenario::file::Distribution;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A whole calibration file.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalibrationFile {
    /// What may move, and how much work it may cost.
    pub calibration: Header,
    /// The scenarios whose outcomes are known. Those of one conflict count as much together as those of any other.
    #[schemars(length(max = 200))]
    pub scenario: Vec<Used>,
    /// What the weights are to bring about.
    #[schemars(length(max = 2000))]
    pub summary: Vec<Summary>,
    /// What is known of single weights before; the plausible range of each unless given.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub prior: Vec<Prior>,
}

/// What may move, and how much work it may cost.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Short name: lower-case letters, digits and hyphens.
    pub id: String,
    /// Title for people.
    #[serde(default)]
    pub title: String,
    /// Which weights may move: paths such as `behaviour.choice.looks`, or all of a mechanism, `behaviour.choice.*`.
    #[schemars(length(max = 500))]
    pub weights: Vec<String>,
    /// Weights among those that stay where they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 500))]
    pub except: Vec<String>,
    /// How priors are spread between their ends unless a `[[prior]]` says otherwise; triangular ones peak at the default.
    #[serde(default)]
    pub distribution: Distribution,
    /// Points of each wave, and of each generation.
    #[serde(default = "points")]
    #[schemars(transform = number("points", 20.0, 100_000.0))]
    pub points: u64,
    /// Replicates of each scenario at each point.
    #[serde(default = "replicates")]
    #[schemars(transform = number("runs", 2.0, 100_000.0))]
    pub replicates: u64,
    /// Waves of history matching.
    #[serde(default = "waves")]
    #[schemars(transform = number("waves", 1.0, 20.0))]
    pub waves: u32,
    /// Generations of approximate Bayesian computation, at most.
    #[serde(default = "generations")]
    #[schemars(transform = number("generations", 1.0, 100.0))]
    pub generations: u32,
    /// Points whose implausibility is above this are ruled out: standard deviations between what the emulator says and what came
    /// to be (Pukelsheim 1994: at least 95% of any distribution with one peak lie within 3).
    #[serde(default = "cutoff")]
    #[schemars(transform = number("standard deviations", 1.0, 10.0))]
    pub cutoff: f64,
    /// How far off the model may be at its best, as a share of each amount: the standard deviation of its discrepancy from what
    /// came to be.
    #[serde(default = "discrepancy")]
    #[schemars(transform = number("share", 0.0, 10.0))]
    pub discrepancy: f64,
    /// Whether each conflict is left out once: calibrated on the others and scored on it.
    #[serde(default = "yes")]
    pub leave_one_out: bool,
    /// The master seed: the same seed gives the same posterior.
    #[serde(default = "one")]
    pub seed: u64,
}

/// A scenario whose outcomes are known.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Used {
    /// Its file, relative to this one.
    pub file: String,
}

/// What the weights are to bring about. Exactly one of `questions`, `measure` and `frequency` is given.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Questions with `observed`, by their ids or those of their answers; `["*"]` for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 5000))]
    pub questions: Vec<String>,
    /// An amount at the horizon or in a year of the run, by its column in `runs.parquet`, such as `deaths.year_2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// How often dyads change, as counted over the years of the runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// The scenarios of this conflict only; of all unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<String>,
    /// What came to be, of a measure or frequency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<f64>,
    /// The least that it may have been: the 2.5% point of what is not known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The most: the 97.5% point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Where that is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// How often dyads change from one year of the run to the next. A dyad is active in a year in which fighting between the two
/// cost 25 lives (UCDP).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// Of dyads that are active in a year, the share that are so in the next.
    StaysActive,
    /// Of dyads that were active and are not in a year, the share that are active in the next.
    Returns,
    /// Of dyads that have not been active, the share that are active in the next year.
    Begins,
}

/// What is known of a weight before.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// Which weight.
    pub path: String,
    /// Lowest value; that of its plausible range unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Most likely value; its default unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<f64>,
    /// Highest value; that of its plausible range unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// How it is spread between the ends; as the file says of all unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<Distribution>,
}

fn points() -> u64 {
    400
}

fn replicates() -> u64 {
    40
}

fn waves() -> u32 {
    2
}

fn generations() -> u32 {
    8
}

fn cutoff() -> f64 {
    3.0
}

fn discrepancy() -> f64 {
    0.1
}

fn yes() -> bool {
    true
}

fn one() -> u64 {
    1
}
