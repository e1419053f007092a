//! Scores in words: what is scored, by which rule, and with how many decimals.

use super::super::naming::capital;
use crate::analysis::Estimate;
use crate::analysis::score::{Kind, Rule};
use crate::base::number::{count, grouped};

/// What kind of answers are scored, in a sentence.
pub(super) fn kind_of_answer(kind: Kind) -> &'static str {
    match kind {
        Kind::YesNo => "questions of yes or no",
        Kind::Date => "dates",
        Kind::People => "numbers of people",
        Kind::Fighters => "numbers of fighters",
        Kind::Share => "shares",
        Kind::Count => "counts",
    }
}

/// The same, short and with the unit of plain scores.
pub(super) fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::YesNo => "yes/no",
        Kind::Date => "dates (weeks)",
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

/// A skill.
pub(super) fn skill_words(skill: f64) -> String {
    /// Worse than that it cannot be read how much worse.
    const WORST: f64 = -10.0;
    if skill < WORST { format!("<{}", grouped(WORST, 0)) } else { grouped(skill, 2) }
}

/// How the model does against a baseline, before what it is scored on, and its skill, by so many answers; of `several` conflicts or
/// one.
pub(super) fn against_words(skill: Estimate, answers: usize, several: bool) -> (&'static str, String) {
    let value = skill_words(skill.value);
    if let (Some(low), Some(high)) = skill.ends() {
        let verdict = match (low > 0.0, high < 0.0) {
            (true, _) => "beats it on",
            (_, true) => "is beaten by it on",
            _ => "cannot be told from it on",
        };
        return (verdict, format!(" (skill {value}, {} to {})", skill_words(low), skill_words(high)));
    }
    // As it is written, so that 0.00 is neither better nor worse.
    let hundredths = (100.0 * skill.value).round();
    let verdict = match (hundredths > 0.0, hundredths < 0.0, several) {
        (true, _, true) => "scores better in these conflicts on",
        (_, true, true) => "scores worse in these conflicts on",
        (_, _, true) => "scores the same in these conflicts on",
        (true, _, false) => "did better, of too few answers to tell by, on",
        (_, true, false) => "did worse, of too few answers to tell by, on",
        (_, _, false) => "did as well, of too few answers to tell by, on",
    };
    (verdict, format!(" (skill {value}, of {})", super::super::words::several(answers, "answer")))
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
    use super::*;

    #[test]
    fn conflicts_are_named_in_words() {
        for (name, words) in [("bosnia-1992-95", "Bosnia 1992–95"), ("mali", "Mali"), ("civil_war", "Civil war")] {
            assert_eq!(conflict_words(name), words);
        }
    }

    #[test]
    fn a_skill_below_nothing_is_told_as_worse() {
        let skill = |value, low, high| Estimate { value, low, high, n: 9 };
        let none = f64::NAN;
        assert_eq!(against_words(skill(-1.23, -2.0, -0.4), 9, true).0, "is beaten by it on");
        assert_eq!(against_words(skill(-0.1, -2.0, 0.4), 9, true).0, "cannot be told from it on");
        assert_eq!(against_words(skill(0.2, -59.46, 0.6), 9, true).1, " (skill 0.20, <−10 to 0.60)");
        let (words, with) = against_words(skill(-1.23, none, none), 4, true);
        assert_eq!(
            (words.starts_with("scores worse in these conflicts"), with.as_str()),
            (true, " (skill −1.23, of 4 answers)")
        );
        assert!(against_words(skill(-0.003, none, none), 9, true).0.starts_with("scores the same"));
    }

    #[test]
    fn without_an_interval_it_is_said_that_answers_are_too_few() {
        let of = |value, n| against_words(Estimate { value, low: f64::NAN, high: f64::NAN, n: 7 }, n, false);
        for (value, how) in [(0.67, "did better"), (-0.2, "did worse"), (0.001, "did as well")] {
            let (verdict, with) = of(value, 2);
            assert!(verdict.starts_with(how) && verdict.contains("too few answers"), "{verdict}");
            assert!(with.ends_with(", of 2 answers)"), "{with}");
        }
        assert!(of(0.6, 1).1.ends_with(", of 1 answer)"));
    }
}
