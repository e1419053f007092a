//! Scores in words: what is scored, by which rule, and with how many decimals.

use super::super::naming::capital;
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

/// The name of a conflict, from the word that files give it: `bosnia-1992-95` is "Bosnia 1992–95".
pub(super) fn conflict_words(name: &str) -> String {
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_ascii_digit());
    let mut words = String::new();
    let mut before = "";
    for part in name.split(['-', '_']) {
        match (words.is_empty(), is_number(before) && is_number(part)) {
            (true, _) => {}
            (false, true) => words.push('–'),
            (false, false) => words.push(' '),
        }
        words.push_str(part);
        before = part;
    }
    capital(&words)
}

#[cfg(test)]
mod tests {
    use super::conflict_words;

    #[test]
    fn conflicts_are_named_in_words() {
        for (name, words) in [("bosnia-1992-95", "Bosnia 1992–95"), ("mali", "Mali"), ("civil_war", "Civil war")] {
            assert_eq!(conflict_words(name), words);
        }
    }
}
