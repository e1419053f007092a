//! Probabilities in plain words.
//!
//! The words and their ranges are those of the United States' Intelligence Community Directive 203 (2015), extended to
//! the ends of the scale, since a share of simulated futures may be none or all.

use super::TableCell;
use crate::analysis::Estimate;
use crate::analysis::why::TypicalAmount;
use crate::base::name::first_few;
pub use crate::base::number::several;
use crate::base::number::{Format, count, percent, tenths};
use crate::measure::Unit;
use crate::scenario::Scenario;
use crate::world::DeathType;

/// Words with the probability up to which they are used.
pub const SCALE: [(&str, f64); 7] = [
    ("almost no chance", 0.05),
    ("very unlikely", 0.20),
    ("unlikely", 0.45),
    ("about even", 0.55),
    ("likely", 0.80),
    ("very likely", 0.95),
    ("almost certain", 1.0),
];

/// The words for a probability, 0 to 1.
pub fn likelihood(probability: f64) -> &'static str {
    SCALE.iter().find(|(_, upto)| probability < *upto).map_or("almost certain", |(words, _)| words)
}

/// The range of the words at a position of [`SCALE`]: "5 to 20%".
pub fn range(position: usize) -> String {
    let from = if position == 0 { 0.0 } else { SCALE[(position - 1).min(6)].1 };
    format!("{:.0} to {:.0}%", from * 100.0, SCALE[position.min(6)].1 * 100.0)
}

/// An interval of shares: "10 to 14%".
pub fn interval(low: f64, high: f64) -> String {
    let (low, high) = (percent(low), percent(high));
    if low == high { low } else { format!("{} to {high}", low.trim_end_matches('%')) }
}

/// The answer to a yes/no question in a few words, from `replicates` simulated futures: "Very unlikely: 12% (10 to 14%)".
pub fn answer(probability: f64, low: f64, high: f64, replicates: u64) -> String {
    let futures = count(replicates as f64);
    if !probability.is_finite() || replicates == 0 {
        return "Not known: no simulated future gave an answer".to_owned();
    }
    if probability <= 0.0 {
        return format!("In none of {futures} futures (below {})", upper(high));
    }
    if probability >= 1.0 {
        return format!("In all of {futures} futures (above {})", lower(low));
    }
    let words = likelihood(probability);
    let mut capital = words.to_owned();
    if let Some(first) = capital.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    format!("{capital}: {} ({})", percent(probability), interval(low, high))
}

/// A quantity of one run, by its unit.
pub fn quantity(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share | Unit::Chance => tenths(value),
        Unit::People | Unit::Fighters | Unit::Count => count(value),
    }
}

/// An estimate of an amount with its interval.
pub fn estimate(unit: Unit, of: Estimate) -> String {
    written(unit).0.estimate(of.value, of.low, of.high)
}

/// What an amount is in runs, its middle and between what four of five lie: "2,000 (300 to 8,000)".
pub fn spread(unit: Unit, of: &TypicalAmount) -> String {
    let [low, middle, high] = [of.low, of.middle, of.high].map(|value| of_a_run(unit, value));
    let (middle, range) = written(unit).0.range(middle, low, high);
    format!("{middle} ({range})")
}

/// What of a scenario is changed from what its file says; none if nothing is.
pub fn changed(scenario: &Scenario) -> Option<String> {
    /// So many changes are told.
    const MOST: usize = 8;
    let changes = scenario.changes();
    let of_weights = |change: &&String| change.starts_with("behaviour.");
    let rest = match (changes.iter().any(|one| of_weights(&one)), changes.iter().any(|one| !of_weights(&one))) {
        (false, _) => "What the file says is at rest, and a change is a push away from it.",
        (true, true) => {
            "What the file says is at rest under the weights as they are changed, and a change of anything else is a push away \
             from it."
        }
        (true, false) => "The start is at rest under the weights as they are changed.",
    };
    (!changes.is_empty()).then(|| format!("Changed from what the file says: {}. {rest}", first_few(&changes, MOST)))
}

/// A share as two cells of a table: in percent, which a page draws too, and its interval; dashes if it is not known.
pub fn share(share: Option<Estimate>) -> [TableCell; 2] {
    share.filter(|share| share.n > 0).map_or(["–", "–"].map(TableCell::from), |share| {
        [TableCell::bar(percent(share.value), share), interval(share.low, share.high).into()]
    })
}

fn lower(low: f64) -> String {
    if low > 0.99 { format!("{:.1}%", (low * 1000.0).floor() / 10.0) } else { percent(low) }
}

fn upper(high: f64) -> String {
    if high < 0.01 { format!("{:.1}%", (high * 1000.0).ceil() / 10.0) } else { percent(high) }
}

/// A value between two runs, as one that a run could have: people and fighters come whole.
pub(super) fn of_a_run(unit: Unit, value: f64) -> f64 {
    if matches!(unit, Unit::People | Unit::Fighters) { value.round() } else { value }
}

/// How a unit is written, and what it counts; nothing for a share.
pub(super) fn written(unit: Unit) -> (Format, &'static str) {
    match unit {
        Unit::People => (Format::Count, "people"),
        Unit::Fighters => (Format::Count, "fighters"),
        Unit::Share | Unit::Chance => (Format::Percent, ""),
        Unit::Count => (Format::Count, ""),
    }
}

/// A type of violence, to follow "killed in".
pub fn violence(kind: DeathType) -> &'static str {
    match kind {
        DeathType::StateBased => "fighting that a state takes part in",
        DeathType::NonState => "fighting between other groups",
        DeathType::OneSided => "attacks on civilians",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_come_whole() {
        let [low, middle, high] = [0.0, 0.4, 1.1].map(|value| of_a_run(Unit::People, value));
        assert_eq!(written(Unit::People).0.range(middle, low, high), ("0".to_owned(), "0 to 1".to_owned()));
        assert!((of_a_run(Unit::Share, 0.4) - 0.4).abs() < 1e-12);
    }

    #[test]
    fn words_follow_the_scale() {
        assert_eq!(likelihood(0.0), "almost no chance");
        assert_eq!(likelihood(0.05), "very unlikely");
        assert_eq!(likelihood(0.5), "about even");
        assert_eq!(likelihood(1.0), "almost certain");
        assert_eq!(range(0), "0 to 5%");
        assert_eq!(range(6), "95 to 100%");
    }

    #[test]
    fn answers_read_well_at_the_ends_and_between() {
        assert_eq!(answer(0.12, 0.10, 0.14, 1000), "Very unlikely: 12% (10 to 14%)");
        assert!(
            answer(0.0, 0.0, 0.0038, 1000).contains("none of 1,000") && answer(0.0, 0.0, 0.0038, 1000).contains("0.4%")
        );
        assert!(answer(1.0, 0.996, 1.0, 1000).contains("In all"));
        assert!(answer(f64::NAN, 0.0, 1.0, 0).contains("Not known"));
    }
}
