//! What a variant changes, from runs that share their random numbers replicate by replicate.

use super::interval::Interval;
use super::probability::{BISECTIONS, normal_bound};
use serde::Serialize;

/// How the yes/no answers of paired runs fall out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PairedCounts {
    /// Yes in both runs of the pair.
    pub both: u64,
    /// No in the baseline, yes in the variant.
    pub gained: u64,
    /// Yes in the baseline, no in the variant.
    pub lost: u64,
    /// No in both.
    pub neither: u64,
}

impl PairedCounts {
    /// Counts pairs of (baseline, variant) answers.
    pub fn of(answers: impl IntoIterator<Item = (bool, bool)>) -> Self {
        let mut counts = Self::default();
        for (baseline, variant) in answers {
            match (baseline, variant) {
                (true, true) => counts.both += 1,
                (false, true) => counts.gained += 1,
                (true, false) => counts.lost += 1,
                (false, false) => counts.neither += 1,
            }
        }
        counts
    }

    /// How many pairs there are.
    pub fn total(&self) -> u64 {
        self.both + self.gained + self.lost + self.neither
    }

    /// Part of the pairs as a share, 0–1.
    pub fn share(&self, count: u64) -> f64 {
        count as f64 / self.total() as f64
    }

    /// Share of yes in the baseline, 0–1.
    pub fn baseline(&self) -> f64 {
        self.share(self.both + self.lost)
    }

    /// Share of yes in the variant, 0–1.
    pub fn variant(&self) -> f64 {
        self.share(self.both + self.gained)
    }

    /// How many times more runs the same precision would need without pairing: the variance of the difference between
    /// independent runs over that between paired ones. None if no answer flipped.
    pub fn variance_reduction(&self) -> Option<f64> {
        let (baseline, variant) = (self.baseline(), self.variant());
        let difference = (self.gained as f64 - self.lost as f64) / self.total() as f64;
        let paired = self.share(self.gained) + self.share(self.lost) - difference * difference;
        (paired > 0.0).then(|| (baseline * (1.0 - baseline) + variant * (1.0 - variant)) / paired)
    }
}

/// Tango's score interval for the difference of two proportions in `n` pairs, of which `gained` flipped one way and
/// `lost` the other (Tango 1998, Statistics in Medicine 17, 891–908): all differences that the score test does not
/// reject. It depends on the flips only, contains (gained − lost)/n and keeps within −1..1.
///
/// Preferred to Newcombe's method 10 (1998), because it follows from one principle, so that it agrees with McNemar's
/// test at a difference of 0, and covers at least as well when few answers flip. When none flips it is
/// ±z²/(n + z²), not 0: that nothing flipped in n pairs does not show that nothing ever will.
pub fn tango(gained: u64, lost: u64, n: u64, confidence: f64) -> Interval {
    tango_of(gained as f64, lost as f64, n as f64, confidence)
}

/// [`tango`] of pairs that tell as much as `n` independent ones, of which so many would have flipped.
pub fn tango_of(gained: f64, lost: f64, n: f64, confidence: f64) -> Interval {
    if n <= 0.0 {
        return Interval { low: -1.0, high: 1.0 };
    }
    let z = normal_bound(confidence);
    let upper = |gained: f64, lost: f64| {
        let (mut inside, mut outside) = ((gained - lost) / n, 1.0);
        if !rejected(gained, lost, n, outside, z) {
            return outside;
        }
        for _ in 0..BISECTIONS {
            let middle = 0.5 * (inside + outside);
            if rejected(gained, lost, n, middle, z) {
                outside = middle;
            } else {
                inside = middle;
            }
        }
        inside
    };
    Interval { low: -upper(lost, gained), high: upper(gained, lost) }
}

/// Whether the score test rejects a difference.
fn rejected(gained: f64, lost: f64, n: f64, difference: f64, z: f64) -> bool {
    let losing = constrained_loss(gained, lost, n, difference);
    let variance = n * (2.0 * losing + difference * (1.0 - difference));
    let distance = gained - lost - n * difference;
    distance * distance > z * z * variance.max(0.0)
}

/// The most likely probability of a loss, given that the probability of a gain exceeds it by `difference`.
fn constrained_loss(gained: f64, lost: f64, n: f64, difference: f64) -> f64 {
    let a = 2.0 * n;
    let b = -gained - lost + (2.0 * n - gained + lost) * difference;
    let c = -lost * difference * (1.0 - difference);
    let root = (b * b - 4.0 * a * c).max(0.0).sqrt();
    // The form without cancellation, for the sign of b.
    if b <= 0.0 { (root - b) / (2.0 * a) } else { -2.0 * c / (root + b) }
}

/// How many times more runs the same precision of the mean difference would need without pairing, over pairs of
/// (baseline, variant) values. None if all pairs differ by the same amount, or there are fewer than two.
pub fn variance_reduction(baseline: &[f64], variant: &[f64]) -> Option<f64> {
    let differences: Vec<f64> = baseline.iter().zip(variant).map(|(before, after)| after - before).collect();
    let [before, after, paired] = [baseline, variant, &differences].map(|values| mean_and_variance(values).1);
    let (independent, paired) = (before? + after?, paired?);
    (paired > 0.0).then(|| independent / paired)
}

/// The mean, and the unbiased variance where there are two values or more.
pub fn mean_and_variance(values: &[f64]) -> (f64, Option<f64>) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, (values.len() > 1).then(|| squares / (n - 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::maths::{exp, ln, ln_gamma};
    use crate::estimate::Estimate;
    use crate::random::{DrawKey, Purpose, Source, sample};

    /// ln of the probability of a table, with the gains exceeding the losses by `difference`.
    fn ln_likelihood(gained: u64, lost: u64, n: u64, losing: f64, difference: f64) -> f64 {
        let term = |count: u64, p: f64| {
            if count == 0 { 0.0 } else { count as f64 * ln(p.max(1e-300)) }
        };
        let same = 1.0 - 2.0 * losing - difference;
        term(gained, losing + difference) + term(lost, losing) + term(n - gained - lost, same)
    }

    #[test]
    fn constrained_estimate_is_the_most_likely_by_search() {
        for n in [1u64, 4, 9] {
            for gained in 0..=n {
                for lost in 0..=n - gained {
                    for difference in [-0.8, -0.3, 0.0, 0.1, 0.6] {
                        let found = constrained_loss(gained as f64, lost as f64, n as f64, difference);
                        let (low, high) = ((-difference).max(0.0), 0.5 * (1.0 - difference));
                        assert!(found >= low - 1e-9 && found <= high + 1e-9, "{gained} {lost} {n} {difference}");
                        let best = ln_likelihood(gained, lost, n, found, difference);
                        for step in 1..500 {
                            let other = low + (high - low) * f64::from(step) / 500.0;
                            assert!(ln_likelihood(gained, lost, n, other, difference) <= best + 1e-9);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn interval_covers_by_adding_up_every_table() {
        for n in [10u64, 25] {
            let ln_factorial = |k: u64| ln_gamma(k as f64 + 1.0);
            let (mut sum, mut cells) = (0.0, 0.0);
            let intervals: Vec<(u64, u64, Interval)> = (0..=n)
                .flat_map(|gained| (0..=n - gained).map(move |lost| (gained, lost, tango(gained, lost, n, 0.95))))
                .collect();
            for gain in (1..10).map(|i| f64::from(i) * 0.1) {
                for loss in (1..10).map(|i| f64::from(i) * 0.1).filter(|loss| gain + loss < 0.99) {
                    let covered: f64 = intervals
                        .iter()
                        .filter(|(_, _, interval)| interval.contains(gain - loss))
                        .map(|(gained, lost, _)| {
                            let ways = ln_factorial(n)
                                - ln_factorial(*gained)
                                - ln_factorial(*lost)
                                - ln_factorial(n - gained - lost);
                            exp(ways + ln_likelihood(*gained, *lost, n, loss, gain - loss))
                        })
                        .sum();
                    assert!(covered > 0.92, "n {n}, {gain}, {loss}: {covered}");
                    sum += covered;
                    cells += 1.0;
                }
            }
            assert!((sum / cells - 0.95).abs() < 0.01, "n {n}: {}", sum / cells);
        }
    }

    #[test]
    fn interval_is_mirrored_and_agrees_with_mcnemar() {
        for (gained, lost, n) in [(12, 2, 50), (0, 0, 54), (1, 0, 54), (0, 29, 30), (30, 0, 30), (500, 430, 10_000)] {
            let (one, other) = (tango(gained, lost, n, 0.95), tango(lost, gained, n, 0.95));
            assert!((one.low + other.high).abs() < 1e-12 && (one.high + other.low).abs() < 1e-12);
            let z = (gained as f64 - lost as f64) / ((gained + lost) as f64).sqrt();
            assert_eq!(one.contains(0.0), gained + lost == 0 || z.abs() <= 1.959_963_984_540_054);
            assert!(one.contains((gained as f64 - lost as f64) / n as f64));
        }
        // No flip in n pairs: ±z²/(n + z²).
        let z2 = 3.841_458_820_694_124;
        assert!((tango(0, 0, 100, 0.95).high - z2 / (100.0 + z2)).abs() < 1e-9);
    }

    #[test]
    fn variance_reduction_is_that_of_the_planted_correlation() {
        let mut draws = Source::new(3, 0).sequence(Purpose::Resampling, DrawKey::whole(), 0);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for _ in 0..20_000 {
            let shared = sample::normal(draws.uniform());
            before.push(3.0 * shared + sample::normal(draws.uniform()));
            after.push(1.0 + 3.0 * shared + sample::normal(draws.uniform()));
        }
        // Var = 10 each and 2 for the difference: 20 / 2.
        assert!((variance_reduction(&before, &after).unwrap() - 10.0).abs() < 0.3);
        let changes: Vec<f64> = before.iter().zip(&after).map(|(before, after)| after - before).collect();
        assert!(Estimate::mean(&changes, 0.95).interval().contains(1.0));
        assert!(Estimate::median(&changes, 0.95).unwrap().interval().contains(1.0));
    }

    #[test]
    fn mean_interval_covers_as_often_as_it_says() {
        let mut covered = 0;
        for trial in 0..2000 {
            let mut draws = Source::new(9, trial).sequence(Purpose::Resampling, DrawKey::whole(), 0);
            let after: Vec<f64> = (0..12).map(|_| 0.7 + sample::normal(draws.uniform())).collect();
            covered += u32::from(Estimate::mean(&after, 0.95).interval().contains(0.7));
        }
        assert!((1870..=1930).contains(&covered), "{covered} of 2000");
    }
}
