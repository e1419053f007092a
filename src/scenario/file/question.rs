//! What one wants to know.

use super::{Condition, Quantity};
use crate::base::{Date, Duration};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An outcome with a name. Every analysis speaks of questions.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Short name: lower-case letters, digits and hyphens.
    pub id: String,
    /// The question, for people.
    pub text: String,
    /// Yes if the condition comes true at any step up to then: a duration from the start, or a date. The horizon
    /// unless `within` or `at` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Moment>,
    /// What is so at that moment: a duration from the start, or a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
    /// For a yes/no question: the condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// For a question of how much: the quantity. Exactly one of `when` and `measure` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Quantity>,
    /// What came to be, once known, for scoring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<Observed>,
}

/// A duration from the start, or a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// So long after the start.
    After(Duration),
    /// On that day.
    On(Date),
}

impl Moment {
    fn parse(text: &str) -> Result<Self, String> {
        Date::parse(text)
            .map(Self::On)
            .or_else(|_| Duration::parse(text).map(Self::After))
            .map_err(|_| format!("`{text}` is neither a date such as 2024-01-23 nor a duration such as \"12 months\""))
    }
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::After(duration) => duration.serialize(serializer),
            Self::On(date) => date.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": r"^(\d+ *(day|week|month|year)s?|\d{4}-\d{2}-\d{2})$",
            "description": "A duration from the start such as \"12 months\", or a date such as 2024-01-23."
        })
    }
}

/// What came to be: yes or no, or how much.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Observed {
    /// For a yes/no question.
    Answer(bool),
    /// For a quantity.
    Amount(f64),
}
