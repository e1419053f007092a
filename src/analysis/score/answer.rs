//! An answer that is known by now: what was said of it, by the model and by baselines, and how each scores.

use super::rules::{LEVEL, brier, crps, crps_of_logarithms, interval_score, logarithmic};
use crate::analysis::interval::sorted_quantile;
use crate::measure::Unit;
use serde::{Deserialize, Serialize};

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Yes or no.
    YesNo,
    /// Until when something came true: weeks from the start, cut at the moment that is asked of; never counts as that moment.
    Date,
    /// So many people.
    People,
    /// So many fighters.
    Fighters,
    /// A share, 0 to 1.
    Share,
    /// So many things.
    Count,
}

impl Kind {
    /// The kind of an amount.
    pub fn of(unit: Unit) -> Self {
        match unit {
            Unit::People => Self::People,
            Unit::Fighters => Self::Fighters,
            Unit::Share => Self::Share,
            Unit::Count => Self::Count,
            Unit::Chance => Self::YesNo,
        }
    }

    /// The rules by which it is scored, the foremost first: of what is counted, that of logarithms, or the largest amounts
    /// would decide alone.
    pub fn rules(self) -> &'static [Rule] {
        match self {
            Self::YesNo => &[Rule::Brier, Rule::Logarithmic],
            Self::Date | Self::Share => &[Rule::Crps, Rule::Interval],
            Self::People | Self::Fighters | Self::Count => &[Rule::LogarithmicCrps, Rule::Crps, Rule::Interval],
        }
    }

    /// The foremost of its rules.
    pub fn foremost(self) -> Rule {
        match self {
            Self::YesNo => Rule::Brier,
            Self::Date | Self::Share => Rule::Crps,
            Self::People | Self::Fighters | Self::Count => Rule::LogarithmicCrps,
        }
    }

    /// Its name in results.
    pub fn id(self) -> &'static str {
        ["yes_no", "date", "people", "fighters", "share", "count"][self as usize]
    }
}

/// A scoring rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// [`brier`].
    Brier,
    /// [`logarithmic`].
    Logarithmic,
    /// [`crps`].
    Crps,
    /// [`crps_of_logarithms`].
    LogarithmicCrps,
    /// [`interval_score`].
    Interval,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Brier, Self::Logarithmic, Self::Crps, Self::LogarithmicCrps, Self::Interval];
    /// The names of all.
    pub const NAMES: [&'static str; 5] = ["brier", "logarithmic", "crps", "logarithmic_crps", "interval"];

    /// Its name in results.
    pub fn id(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// What forecasts are held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// What stood at the start goes on.
    Persistence,
    /// How often it comes to be, as the file says.
    BaseRate,
    /// An even chance.
    Even,
    /// A history, resampled.
    History,
}

impl Baseline {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Persistence, Self::BaseRate, Self::Even, Self::History];

    /// Its name in results.
    pub fn id(self) -> &'static str {
        ["persistence", "base_rate", "even", "history"][self as usize]
    }
}

/// What is said of an answer before it is known, and how that scores.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Forecast {
    /// Of a yes or no.
    Probability {
        /// The probability of a yes, 0 to 1.
        probability: f64,
        /// Brier score.
        brier: f64,
        /// Logarithmic score.
        logarithmic: f64,
    },
    /// Of an amount or a date.
    Ensemble {
        /// The median, in the answer's unit (weeks for a date).
        median: f64,
        /// The 10% quantile.
        low: f64,
        /// The 90% quantile.
        high: f64,
        /// Continuous ranked probability score.
        crps: f64,
        /// The same of logarithms.
        logarithmic_crps: f64,
        /// Interval score.
        interval: f64,
    },
}

impl Forecast {
    /// A probability; `held` is that of the logarithmic score.
    pub fn probability(probability: f64, held: f64, yes: bool) -> Self {
        Self::Probability { probability, brier: brier(probability, yes), logarithmic: logarithmic(held, yes) }
    }

    /// An ensemble in any order; none without members.
    pub fn ensemble(mut members: Vec<f64>, observed: f64) -> Option<Self> {
        members.sort_by(f64::total_cmp);
        let quantile = |share| sorted_quantile(&members, share);
        let (low, high) = (quantile(0.5 * (1.0 - LEVEL))?, quantile(0.5 * (1.0 + LEVEL))?);
        Some(Self::Ensemble {
            median: quantile(0.5)?,
            low,
            high,
            crps: crps(&members, observed),
            logarithmic_crps: crps_of_logarithms(&members, observed),
            interval: interval_score(low, high, observed),
        })
    }

    /// Its score by a rule, if the rule is for such answers.
    pub fn score(&self, rule: Rule) -> Option<f64> {
        match (self, rule) {
            (Self::Probability { brier, .. }, Rule::Brier) => Some(*brier),
            (Self::Probability { logarithmic, .. }, Rule::Logarithmic) => Some(*logarithmic),
            (Self::Ensemble { crps, .. }, Rule::Crps) => Some(*crps),
            (Self::Ensemble { logarithmic_crps, .. }, Rule::LogarithmicCrps) => Some(*logarithmic_crps),
            (Self::Ensemble { interval, .. }, Rule::Interval) => Some(*interval),
            _ => None,
        }
    }

    /// What is said: the probability, or the median.
    pub fn middle(&self) -> f64 {
        match self {
            Self::Probability { probability, .. } => *probability,
            Self::Ensemble { median, .. } => *median,
        }
    }
}

/// An answer that is known, with the forecasts of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScoredAnswer {
    /// The conflict.
    pub conflict: String,
    /// The scenario's id.
    pub scenario: String,
    /// The group of its question, if it has one.
    pub group: Option<String>,
    /// The id of its question.
    pub question: String,
    /// Its own id.
    pub answer: String,
    /// The question with its moment.
    pub text: String,
    /// The moment: days from the start.
    pub days: f64,
    /// What it is.
    pub kind: Kind,
    /// What came to be: 1 or 0, the amount, or weeks from the start.
    pub observed: f64,
    /// How many runs say so.
    pub runs: u64,
    /// What the model says.
    pub forecast: Forecast,
    /// What baselines say, of those that have something to say.
    pub baselines: Vec<(Baseline, Forecast)>,
    /// The source of the base rate or history, if the file names one.
    pub source: Option<String>,
}

impl ScoredAnswer {
    /// What a baseline says of it.
    pub fn against(&self, baseline: Baseline) -> Option<&Forecast> {
        self.baselines.iter().find(|(known, _)| *known == baseline).map(|(_, forecast)| forecast)
    }

    /// Answers of one question of a scenario are not independent.
    pub fn cluster(&self) -> (&str, &str) {
        (&self.scenario, &self.question)
    }

    /// How far its moment is from the start, in words.
    pub fn horizon(&self) -> &'static str {
        match self.days {
            days if days <= 184.0 => "up to 6 months",
            days if days <= 366.0 => "6 to 12 months",
            days if days <= 731.0 => "1 to 2 years",
            _ => "over 2 years",
        }
    }

    /// Whether an amount or a date lies between the 10% and the 90% quantile; none of a yes or no.
    pub fn is_within(&self) -> Option<bool> {
        match self.forecast {
            Forecast::Ensemble { low, high, .. } => Some(low <= self.observed && self.observed <= high),
            Forecast::Probability { .. } => None,
        }
    }
}
