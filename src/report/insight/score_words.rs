//! Scores in words: what is scored, by which rule, and with how many decimals.

use crate::analysis::score::{Kind, Rule};
use crate::base::number::{count, grouped};

/// What kind of answers are scored.
pub(super) fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::YesNo => "yes/no",
        Kind::Date => "dates",
        Kind::People => "people",
        Kind::Fighters => "fighters",
        Kind::Share => "shares",
        Kind::Count => "counts",
    }
}

/// The name of a rule.
pub(super) fn rule_words(rule: Rule) -> &'static str {
    match rule {
        Rule::Brier => "Brier",
        Rule::Logarithmic => "Logarithmic",
        Rule::Crps => "CRPS",
        Rule::LogarithmicCrps => "Log CRPS",
        Rule::Interval => "80% interval",
    }
}

/// A score with the decimals of its rule.
pub(super) fn score_words(kind: Kind, rule: Rule, value: f64) -> String {
    if rule == Rule::LogarithmicCrps { number(Kind::YesNo, value) } else { number(kind, value) }
}

/// What is scored with the decimals of its kind; of dates, weeks.
pub(super) fn number(kind: Kind, value: f64) -> String {
    match kind {
        _ if !value.is_finite() => if value.is_nan() { "–" } else { "∞" }.into(),
        Kind::YesNo | Kind::Share => grouped(value, 3),
        Kind::Date => grouped(value, 1),
        Kind::People | Kind::Fighters | Kind::Count => count(value),
    }
}
