//! How likely what was reported is, if the world is as a run says.

use crate::base::maths::ln;
use crate::measure::Answer;
use crate::scenario::facts::{Fact, Facts, Reported};

/// The logarithm of the likelihood of a report, where a run says that something is so (1) or not (0), or that there is so much of it.
/// Of an amount the normal density on the scale on which it is compared, over the one at its peak.
pub fn ln_likelihood(reported: &Reported, says: f64) -> f64 {
    match *reported {
        Reported::So { yes, missed, invented } => {
            let told = if says > 0.5 { 1.0 - missed } else { invented };
            ln(if yes { told } else { 1.0 - told })
        }
        Reported::Amount { amount, error, unit } => {
            let off = (unit.scaled(amount) - unit.scaled(says)) / error;
            -0.5 * off * off
        }
    }
}

/// What a run says of each fact, from its answers to the facts' questions, the first of which has a place among all answers.
pub fn says(facts: &Facts, answers: &[Answer]) -> Vec<f64> {
    let mut answers = answers.iter().map(|answer| answer.value);
    let mut next = || answers.next().unwrap_or(f64::NAN);
    facts
        .list
        .iter()
        .map(|fact: &Fact| {
            let until = next();
            until - fact.since.as_ref().map_or(0.0, |_| next())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::maths::exp;
    use crate::measure::Unit;

    #[test]
    fn reports_are_as_likely_as_they_are_said_to_be() {
        let report = |yes| Reported::So { yes, missed: 0.2, invented: 0.05 };
        for (yes, so, chance) in [(true, 1.0, 0.8), (false, 1.0, 0.2), (true, 0.0, 0.05), (false, 0.0, 0.95)] {
            assert!((exp(ln_likelihood(&report(yes), so)) - chance).abs() < 1e-12, "{yes} {so}");
        }
        let certain = Reported::So { yes: true, missed: 0.0, invented: 0.0 };
        assert!(ln_likelihood(&certain, 0.0).is_infinite());
    }

    #[test]
    fn amounts_are_compared_by_their_ratio() {
        let report = Reported::Amount { amount: 199.0, error: 0.5, unit: Unit::People };
        let at = |amount| ln_likelihood(&report, amount);
        assert!(at(199.0).abs() < 1e-12 && (at(99.0) - at(399.0)).abs() < 1e-12);
        // ln 2 is 1.386 standard deviations of a half.
        let off = std::f64::consts::LN_2 / 0.5;
        assert!((at(99.0) + 0.5 * off * off).abs() < 1e-12);
        let share = Reported::Amount { amount: 0.5, error: 0.1, unit: Unit::Share };
        assert!((ln_likelihood(&share, 0.3) + 2.0).abs() < 1e-12);
    }
}
