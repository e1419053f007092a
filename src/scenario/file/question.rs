//! What one wants to know.

use super::{Condition, Quantity};
use crate::base::date::{DurationUnit, written_as_text};
use crate::base::field::degree;
use crate::base::{Date, Duration};
use schemars::JsonSchema;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// An outcome with a name. Every analysis speaks of questions.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Short name: lower-case letters, digits and hyphens.
    pub id: String,
    /// The question, for people. With a list of moments, without the moment.
    pub text: String,
    /// What it belongs to, for people: questions of one group stand together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Whether it is one of those that come first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub headline: bool,
    /// Yes if the condition comes true at any step up to then: a duration from the start, or a date. The horizon
    /// unless `within` or `at` is given. A list asks of each of its moments; the moment then ends the id of each
    /// answer: `-6m` for 6 months, `-12m` for 1 year, `-8w`, `-10d`, `-2024-01-31`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Moments>,
    /// What is so at that moment: a duration from the start, or a date; or a list of them, as with `within`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Moments>,
    /// For a yes/no question: the condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// For a question of how much: the quantity. Exactly one of `when` and `measure` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Quantity>,
    /// What came to be, once known, for scoring; with a list of moments, a table by moment. Of `within` the day on which
    /// it came true says more than `true` does, and goes for all moments of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<Observations>,
    /// How often a yes is right of cases like this one, 0 to 1, with its source: a baseline for scores. With a list of
    /// moments, a table by moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_rate: Option<BaseRates>,
    /// What the amount was before the start, from which a baseline for scores is resampled: a CSV file with the columns
    /// `date` and `value`, relative to this one, or a table of values by date. What is counted since the start (deaths) has
    /// in each row what was counted from that day to the next row's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
}

impl Question {
    /// The moments that are asked of, and whether they are a list; none is the horizon.
    pub fn moments(&self) -> (&[Moment], bool) {
        match self.at.as_ref().or(self.within.as_ref()) {
            Some(Moments::One(moment)) => (std::slice::from_ref(moment), false),
            Some(Moments::Many(list)) => (list, true),
            None => (&[], false),
        }
    }

    /// What came to be at a moment, if it is known.
    pub fn observed(&self, moment: Moment) -> Option<Observed> {
        match self.observed.as_ref()? {
            Observations::One(observed) => Some(*observed),
            Observations::ByMoment(known) => {
                known.iter().find(|(written, _)| Moment::parse(written) == Ok(moment)).map(|(_, observed)| *observed)
            }
        }
    }

    /// The base rate of a moment, if it is given.
    pub fn base_rate(&self, moment: Moment) -> Option<f64> {
        match self.base_rate.as_ref()? {
            BaseRates::One(rate) => Some(rate.0),
            BaseRates::ByMoment(rates) => {
                rates.iter().find(|(written, _)| Moment::parse(written) == Ok(moment)).map(|(_, rate)| rate.0)
            }
        }
    }
}

/// A duration or date in quotes, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Moments {
    /// One, which leaves the id alone.
    One(Moment),
    /// A list: each has an answer of its own.
    Many(Vec<Moment>),
}

impl<'de> Deserialize<'de> for Moments {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Moments;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration or date in quotes, or a list of them")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Moments, E> {
                Moment::parse(text).map(Moments::One).map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Moments, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Moments::Many)
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
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
    /// The day.
    ///
    /// # Errors
    /// If it is past what dates can hold.
    pub fn day(self, start: Date) -> Result<Date, String> {
        match self {
            Self::After(duration) => start.plus(duration),
            Self::On(date) => Ok(date),
        }
    }

    /// What ends the id of its answer, where a question has a list of moments.
    pub fn suffix(self) -> String {
        match self {
            Self::After(Duration { count, unit: DurationUnit::Day }) => format!("-{count}d"),
            Self::After(Duration { count, unit: DurationUnit::Week }) => format!("-{count}w"),
            Self::After(Duration { count, unit: DurationUnit::Month }) => format!("-{count}m"),
            Self::After(Duration { count, unit: DurationUnit::Year }) => format!("-{}m", 12 * u64::from(count)),
            Self::On(date) => format!("-{date}"),
        }
    }

    /// A moment as written.
    ///
    /// # Errors
    /// If it is neither a date nor a duration.
    pub fn parse(text: &str) -> Result<Self, String> {
        Date::parse(text)
            .map(Self::On)
            .or_else(|_| Duration::parse(text).map(Self::After))
            .map_err(|_| format!("`{text}` is neither a date such as 2024-01-23 nor a duration such as \"12 months\""))
    }
}

written_as_text!(
    Moment,
    r"^(\d+ *(day|week|month|year)s?|\d{4}-\d{2}-\d{2})$",
    "A duration from the start such as \"12 months\", or a date such as 2024-01-23."
);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::After(duration) => duration.fmt(f),
            Self::On(date) => date.fmt(f),
        }
    }
}

/// True, false, a number or a date, or a table of them by moment.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Observations {
    /// At the one moment that is asked of.
    One(Observed),
    /// By moment, as written.
    ByMoment(BTreeMap<String, Observed>),
}

/// True, false or the day on which it came true for a yes/no question, or a number for a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Observed {
    /// For a yes/no question.
    Answer(bool),
    /// For a quantity.
    Amount(f64),
    /// For what comes true within a time: the day on which it did.
    On(Date),
}

impl Observed {
    /// Whether it is a yes; none for an amount.
    pub fn is_yes(self) -> Option<bool> {
        match self {
            Self::Answer(answer) => Some(answer),
            Self::On(_) => Some(true),
            Self::Amount(_) => None,
        }
    }
}

/// A probability, or a table of them by moment.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum BaseRates {
    /// For the one moment that is asked of.
    One(BaseRate),
    /// By moment, as written.
    ByMoment(BTreeMap<String, BaseRate>),
}

/// A probability.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(transform = degree)]
pub struct BaseRate(pub f64);

/// The name of a CSV file, or a table of values by date.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum History {
    /// A file, which is read with the scenario and becomes a table.
    File(String),
    /// Values by date, as written.
    Series(BTreeMap<String, f64>),
}
