//! What a file of facts may hold, as written, before any check.

use crate::base::field::{degree, number};
use crate::scenario::file::{Condition, Moment, Quantity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A whole file of facts.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactsFile {
    /// What goes for all of them.
    #[serde(default)]
    pub facts: Header,
    /// What was reported since the start.
    #[schemars(length(max = 500))]
    pub fact: Vec<Entry>,
}

/// What goes for all facts.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Header {
    /// How far off the model may be at its best, as a share of each amount: a standard deviation beside that of reports.
    #[schemars(transform = number("share", 0.0, 10.0))]
    pub discrepancy: f64,
    /// Chance that something that is so is not reported, unless a fact says otherwise.
    #[schemars(transform = degree)]
    pub missed: f64,
    /// Chance that something is reported that is not so, unless a fact says otherwise.
    #[schemars(transform = degree)]
    pub invented: f64,
    /// How far off reports of amounts are, unless a fact says otherwise: the standard deviation of the logarithm of what is
    /// counted, and of a share itself.
    #[schemars(transform = number("", 0.0, 10.0))]
    pub error: f64,
}

impl Default for Header {
    fn default() -> Self {
        Self { discrepancy: 0.1, missed: 0.05, invented: 0.01, error: 0.2 }
    }
}

/// Something that was reported: whether something was so, or how much there was of something.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What it is, for people.
    pub text: String,
    /// A condition, which was reported to be so or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// A quantity, of which so much was reported. Exactly one of `when` and `measure` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Quantity>,
    /// Of a condition: whether it came true at any time up to then, a date or a duration from the start. One of `within` and `at`
    /// is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Moment>,
    /// What was so then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
    /// Of what is counted since the start, such as deaths: only from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Moment>,
    /// What was reported: true or false of a condition, a number of a quantity.
    pub observed: Report,
    /// Chance that it is not reported though it is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = degree)]
    pub missed: Option<f64>,
    /// Chance that it is reported though it is not so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = degree)]
    pub invented: Option<f64>,
    /// Of an amount, how far off the report is: the standard deviation of the logarithm of what is counted, and of a share itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = number("", 0.0, 10.0))]
    pub error: Option<f64>,
    /// The least that the amount may have been: the 2.5% point of what is not known of it. With `high`, instead of `error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The most that it may have been: the 97.5% point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Where the report is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// True or false, or a number.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Report {
    /// Of a condition.
    So(bool),
    /// Of a quantity.
    Amount(f64),
}
