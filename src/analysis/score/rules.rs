//! Scoring rules: how far a forecast was from what came to be. Lower is better; each is proper, so that who believes
//! in a probability or a distribution scores best in expectation by saying so (Gneiting and Raftery 2007).

use crate::base::maths::{ln, ln_1p};

/// The level of the central interval that is scored: 80%, between the 10% and the 90% quantile.
pub const LEVEL: f64 = 0.8;

/// The probability of a yes from `yes` of `n` runs, for the logarithmic score: (yes + ½) / (n + 1), the mean of Jeffreys'
/// posterior, which is neither 0 nor 1, for a finite number of runs cannot show that something is impossible.
pub fn probability(yes: u64, n: u64) -> f64 {
    (yes as f64 + 0.5) / (n as f64 + 1.0)
}

/// The score of Brier (1950) for two outcomes: the squared distance of the probability from 1 or 0. From 0 (certain and right)
/// to 1; 0.25 of an even chance.
pub fn brier(probability: f64, yes: bool) -> f64 {
    let missed = probability - f64::from(u8::from(yes));
    missed * missed
}

/// The logarithmic score (Good 1952): −ln of the probability of what came to be. From 0; ln 2 = 0.69 of an even chance, ∞ of
/// what was held to be impossible.
pub fn logarithmic(probability: f64, yes: bool) -> f64 {
    // A certain and right forecast scores 0, not −0.
    (-ln(if yes { probability } else { 1.0 - probability })).abs()
}

/// The continuous ranked probability score of an ensemble in its fair form (Ferro 2014), in the unit of the amount: the mean
/// distance of the members from what came to be, less half the mean distance of two different members. In expectation it does
/// not depend on how many members there are; of one member it is the absolute error. A few members may score just below 0.
/// NaN without members. `sorted` ascends.
pub fn crps(sorted: &[f64], observed: f64) -> f64 {
    let members = sorted.len() as f64;
    let missed: f64 = sorted.iter().map(|member| (member - observed).abs()).sum();
    if sorted.len() < 2 {
        return missed / members;
    }
    // The sum of the distances of all pairs, by how often each member is the upper and the lower one.
    let apart: f64 = sorted.iter().enumerate().map(|(rank, member)| (2.0 * rank as f64 + 1.0 - members) * member).sum();
    missed / members - apart / (members * (members - 1.0))
}

/// [`crps`] of ln(1 + amount) (Bosse et al. 2023): how far amounts were from what came to be as multiples of it, so that a
/// hundred and a hundred thousand count alike. Of a loss, an amount below 0, the logarithm is that of a gain as large, with its
/// sign.
pub fn crps_of_logarithms(sorted: &[f64], observed: f64) -> f64 {
    let logarithm = |amount: f64| ln_1p(amount.abs()).copysign(amount);
    let members: Vec<f64> = sorted.iter().map(|member| logarithm(*member)).collect();
    crps(&members, logarithm(observed))
}

/// The interval score (Gneiting and Raftery 2007, section 6.2) of a central interval that is to hold [`LEVEL`] of the
/// probability, in the unit of the amount: its width, and ten times as much as the amount lies outside.
pub fn interval_score(low: f64, high: f64, observed: f64) -> f64 {
    let missed = (low - observed).max(0.0) + (observed - high).max(0.0);
    high - low + 2.0 / (1.0 - LEVEL) * missed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{DrawKey, Purpose, Source, sample};

    fn close(found: f64, expected: f64) -> bool {
        (found - expected).abs() < 1e-12
    }

    #[test]
    fn scores_by_hand() {
        assert!(close(brier(0.3, true), 0.49) && close(brier(0.3, false), 0.09));
        assert!(close(logarithmic(0.5, true), std::f64::consts::LN_2));
        assert!(close(probability(0, 999), 0.0005) && close(probability(999, 999), 0.9995));
        // Members 1, 2, 4 and 3 observed: 4/3 − (1 + 3 + 2) / (3 · 2).
        assert!(close(crps(&[1.0, 2.0, 4.0], 3.0), 4.0 / 3.0 - 1.0));
        assert!(close(interval_score(2.0, 5.0, 4.0), 3.0));
        let e = std::f64::consts::E;
        assert!(close(crps_of_logarithms(&[e - 1.0, e * e - 1.0], e * e * e - 1.0), 1.5 - 0.5));
        assert!(
            close(crps_of_logarithms(&[1.0 - e * e, 1.0 - e], 1.0 - e * e * e), 1.5 - 0.5),
            "losses count as gains do"
        );
        assert!(close(interval_score(2.0, 5.0, 1.0), 13.0) && close(interval_score(2.0, 5.0, 6.5), 18.0));
    }

    #[test]
    fn a_perfect_forecast_scores_nothing_and_a_point_its_error() {
        for yes in [true, false] {
            let certain = f64::from(u8::from(yes));
            assert!(close(brier(certain, yes), 0.0) && close(logarithmic(certain, yes), 0.0));
            assert!(logarithmic(1.0 - certain, yes).is_infinite());
        }
        assert!(close(crps(&[7.0], 7.0), 0.0) && close(crps(&[7.0; 20], 7.0), 0.0));
        assert!(close(interval_score(7.0, 7.0, 7.0), 0.0));
        assert!(close(crps(&[7.0], 3.0), 4.0) && close(crps(&[7.0; 20], 3.0), 4.0));
        assert!(crps(&[], 3.0).is_nan());
    }

    #[test]
    fn the_true_probability_scores_best_in_expectation() {
        for true_probability in [0.02, 0.3, 0.5, 0.85] {
            let mut draws = Source::new(3, 0).sequence(Purpose::Resampling, DrawKey::whole(), 0);
            let outcomes: Vec<bool> = (0..20_000).map(|_| draws.uniform() < true_probability).collect();
            let share = outcomes.iter().filter(|yes| **yes).count() as f64 / outcomes.len() as f64;
            for score in [brier, logarithmic] {
                let mean = |said: f64| outcomes.iter().map(|yes| score(said, *yes)).sum::<f64>();
                let said = (1..200).map(|step| f64::from(step) / 200.0);
                let best = said.min_by(|a, b| mean(*a).total_cmp(&mean(*b))).unwrap_or_default();
                assert!((best - share).abs() <= 0.0025 + 1e-9, "{true_probability}: {best}");
            }
        }
    }

    #[test]
    fn the_true_spread_and_place_score_best_in_expectation() {
        let mut draws = Source::new(4, 0).sequence(Purpose::Resampling, DrawKey::whole(), 0);
        let observed: Vec<f64> = (0..4000).map(|_| sample::normal(draws.uniform())).collect();
        let members: Vec<f64> = (0..200).map(|rank| sample::normal((f64::from(rank) + 0.5) / 200.0)).collect();
        let mean = |place: f64, spread: f64, score: &dyn Fn(&[f64], f64) -> f64| {
            let said: Vec<f64> = members.iter().map(|member| place + spread * member).collect();
            observed.iter().map(|value| score(&said, *value)).sum::<f64>() / observed.len() as f64
        };
        let interval = |said: &[f64], value: f64| {
            let end = |share| crate::analysis::interval::sorted_quantile(said, share).unwrap_or(f64::NAN);
            interval_score(end(0.1), end(0.9), value)
        };
        for score in [&crps as &dyn Fn(&[f64], f64) -> f64, &interval] {
            let best = mean(0.0, 1.0, score);
            for (place, spread) in [(0.4, 1.0), (-0.4, 1.0), (0.0, 0.6), (0.0, 1.5)] {
                assert!(best < mean(place, spread, score), "{place} {spread}");
            }
        }
    }

    #[test]
    fn the_fair_score_does_not_depend_on_the_number_of_members() {
        // Members and outcome of one standard normal: E|X − Y| − E|X − X'| / 2 = 1 / √π.
        let expected = 1.0 / std::f64::consts::PI.sqrt();
        for members in [2u32, 5, 40] {
            let (mut sum, trials) = (0.0, 20_000);
            let mut draws = Source::new(5, u64::from(members)).sequence(Purpose::Resampling, DrawKey::whole(), 0);
            for _ in 0..trials {
                let mut said: Vec<f64> = (0..members).map(|_| sample::normal(draws.uniform())).collect();
                said.sort_by(f64::total_cmp);
                sum += crps(&said, sample::normal(draws.uniform()));
            }
            let found = sum / f64::from(trials);
            assert!((found - expected).abs() < 0.025, "{members}: {found}");
        }
    }
}
