//! Intervals that may be looked at after every run: confidence sequences.
//!
//! A plain 95% interval holds at a number of runs fixed beforehand. Whoever looks after every run and stops when the
//! interval pleases is wrong far more often, in nearly half of all experiments by 1,000 runs. The intervals here hold at
//! all numbers of runs at once with the asked confidence.
//!
//! They follow from betting (Waudby-Smith and Ramdas 2024, Journal of the Royal Statistical Society B 86, 1–27). If the
//! mean were `m`, a gambler who stakes a share of the capital on every run's deviation from `m` could not expect to
//! gain; capital that ever reaches 1/α therefore refutes `m`, with a chance of error of at most α (Ville 1939). The
//! gambler here spreads the capital over fixed stakes, so it depends on how often each answer came, not on the order,
//! and the same counts give the same interval however the runs were cut into chunks. Half of the capital bets that the
//! mean is higher and half that it is lower; each half falls or rises steadily in `m`, so what is not refuted is an
//! interval.

use super::interval::Interval;
use super::probability::{BISECTIONS, normal_bound};
use crate::base::maths::{exp, ln, ln_1p};

/// How one means to look: the confidence, and the precision at which one hopes to stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Looking {
    /// Share of experiments in which the sequence never misses, such as 0.95.
    pub confidence: f64,
    /// The half-width at which one will stop. The sequence is valid without it and at every other number of runs, but
    /// with it most of the stakes are those that get there soonest.
    pub precision: Option<f64>,
}

/// Share of the capital that goes on stakes made for the precision asked for.
const AIMED: f64 = 0.8;
/// Stakes that halve from all to 2⁻¹⁵ serve any number of runs up to some hundred million.
const HALVINGS: i32 = 16;

/// How often each value came. Values are in `lowest..1`.
struct AnswerCounts<'a> {
    counts: &'a [(f64, u64)],
    lowest: f64,
    /// Whether the variance is known from the mean, as for a yes/no answer.
    binary: bool,
}

impl AnswerCounts<'_> {
    /// ln of the capital of one who bets that the mean is above `mean`, having started with 1.
    fn ln_capital_above(&self, mean: f64, looking: &Looking) -> f64 {
        let room = mean - self.lowest;
        if room <= 0.0 {
            // Any value above the lowest refutes that the mean is the lowest.
            let above = self.counts.iter().any(|(value, count)| *count > 0 && *value > self.lowest);
            return if above { f64::INFINITY } else { 0.0 };
        }
        let mut stakes: Vec<(f64, f64)> = Vec::with_capacity(32);
        let mut rest = 1.0;
        if let Some(precision) = looking.precision {
            // A stake of h/v is the best one when the truth is h away with a variance of v (half of the variance, for
            // an answer yes or no, is known; for flips it may be anything down to none).
            rest = 1.0 - AIMED;
            if self.binary {
                stakes.push((AIMED, precision / (1.0 - mean).max(1e-12)));
            } else {
                for halvings in 0..8 {
                    let variance = scale(halvings);
                    stakes.push((AIMED / 8.0, (precision / variance * room).min(0.95)));
                }
            }
        }
        for halvings in 0..HALVINGS {
            stakes.push((rest / f64::from(HALVINGS), scale(halvings)));
        }
        let logs = stakes.iter().map(|(weight, stake)| {
            let stake = stake.min(1.0);
            let growth: f64 = self
                .counts
                .iter()
                .filter(|(_, count)| *count > 0)
                .map(|(value, count)| *count as f64 * ln_1p((stake * (value - mean) / room).max(-1.0)))
                .sum();
            ln(*weight) + growth
        });
        ln_sum(logs.collect())
    }

    /// Whether the mean is refuted from above: it must be higher.
    fn must_be_higher(&self, mean: f64, looking: &Looking) -> bool {
        self.ln_capital_above(mean, looking) >= ln(2.0 / (1.0 - looking.confidence))
    }

    /// The lowest mean that is not refuted.
    fn lower_end(&self, looking: &Looking) -> f64 {
        let n: u64 = self.counts.iter().map(|(_, count)| count).sum();
        let sum: f64 = self.counts.iter().map(|(value, count)| value * *count as f64).sum();
        if n == 0 || !self.must_be_higher(self.lowest, looking) {
            return self.lowest;
        }
        // At the sample mean no stake gains.
        let (mut refuted, mut possible) = (self.lowest, sum / n as f64);
        for _ in 0..BISECTIONS {
            let middle = 0.5 * (refuted + possible);
            if self.must_be_higher(middle, looking) {
                refuted = middle;
            } else {
                possible = middle;
            }
        }
        possible
    }
}

/// 2 to the power of `-halvings`.
fn scale(halvings: i32) -> f64 {
    1.0 / f64::from(1u32 << halvings)
}

/// ln of the sum of numbers of which the logarithms are given.
fn ln_sum(logs: Vec<f64>) -> f64 {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most.is_finite() { most + ln(logs.iter().map(|log| exp(log - most)).sum()) } else { most }
}

/// The interval of a probability after `successes` in `n` runs.
pub fn proportion(successes: u64, n: u64, looking: &Looking) -> Interval {
    let lower = |yes: u64| {
        let counts = [(1.0, yes), (0.0, n - yes)];
        AnswerCounts { counts: &counts, lowest: 0.0, binary: true }.lower_end(looking)
    };
    Interval { low: lower(successes), high: 1.0 - lower(n - successes) }
}

/// The interval of the paired difference of two probabilities after `n` pairs of runs, of which `gained` flipped from
/// no to yes and `lost` from yes to no. Within −1..1.
pub fn paired_proportions(gained: u64, lost: u64, n: u64, looking: &Looking) -> Interval {
    // Counts that were scaled and rounded may be one more than there are.
    let lost = lost.min(n.saturating_sub(gained));
    let lower = |up: u64, down: u64| {
        let counts = [(1.0, up), (0.0, n - up - down), (-1.0, down)];
        AnswerCounts { counts: &counts, lowest: -1.0, binary: false }.lower_end(looking)
    };
    Interval { low: lower(gained, lost), high: -lower(lost, gained) }
}

/// The ranks (counted from 1) of the order statistics that enclose the quantile at `share` after `n` runs, whatever the
/// distribution. None if `n` is too small.
///
/// The number of values up to the true quantile is a sum of yes/no answers with a known probability; ranks are kept if
/// the gambler who bets against that probability could not refute it. Ties only make the interval wider.
pub fn quantile_ranks(n: u64, share: f64, confidence: f64) -> Option<(u64, u64)> {
    let looking = Looking { confidence, precision: None };
    let kept = |successes: u64, share: f64| {
        let counts = [(1.0, successes), (0.0, n - successes)];
        !AnswerCounts { counts: &counts, lowest: 0.0, binary: true }.must_be_higher(share, &looking)
    };
    // The most values below the quantile that are not too many, seen from either end.
    let most = |share: f64| {
        let (mut keeps, mut breaks) = (0, n + 1);
        while breaks - keeps > 1 {
            let middle = keeps + (breaks - keeps) / 2;
            if kept(middle, share) {
                keeps = middle;
            } else {
                breaks = middle;
            }
        }
        keeps
    };
    let (high, low) = (most(share) + 1, n.checked_sub(most(1.0 - share))?);
    (low >= 1 && high <= n).then_some((low, high))
}

/// The interval of a mean after `n` runs with a sample mean and variance, for quantities without bounds: asymptotic, by
/// a normal mixture (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, Annals of Statistics 52, theorem 2.2). Its
/// coverage holds in the limit of a late first look, so look from about 50 runs on.
///
/// `expected` is the number of runs at which one expects to stop; the interval is tightest about there.
pub fn mean(n: u64, mean: f64, variance: f64, expected: u64, confidence: f64) -> Interval {
    if n == 0 {
        return Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };
    }
    let outside = 1.0 - confidence;
    // The mixture that is tightest after `expected` runs, equation (25) there.
    let spread = (-2.0 * ln(outside) + ln(-2.0 * ln(outside) + 1.0)) / expected.max(1) as f64;
    let n = n as f64;
    let grown = n * spread + 1.0;
    let reach = (variance.max(0.0) * 2.0 * grown / (n * n * spread) * ln(grown.sqrt() / outside)).sqrt();
    Interval { low: mean - reach, high: mean + reach }
}

/// How many runs a plan fixed beforehand needs for an interval of a half-width, when one run's answer (or paired
/// difference) has the given variance: z²·variance / half-width². For a probability `p` the variance is p(1 − p), for a
/// paired difference `d` with a share `f` of flips it is f − d².
pub fn fixed_plan(variance: f64, half_width: f64, confidence: f64) -> u64 {
    let z = normal_bound(confidence);
    (z * z * variance.max(0.0) / (half_width * half_width)).ceil().max(1.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::interval::wilson;
    use crate::random::{DrawKey, Purpose, Source, sample};

    const PLAIN: Looking = Looking { confidence: 0.95, precision: None };
    const AIMED_AT: Looking = Looking { confidence: 0.95, precision: Some(0.05) };

    fn uniforms(trial: u64, purpose: u32) -> impl FnMut() -> f64 {
        let mut draws = Source::new(21, trial).sequence(Purpose::Resampling, DrawKey::whole(), purpose);
        move || draws.uniform()
    }

    #[test]
    fn a_plain_interval_looked_at_after_every_run_is_wrong_nearly_half_of_the_time() {
        let z = normal_bound(0.95);
        let mut wrong = 0;
        for trial in 0..4000 {
            let mut uniform = uniforms(trial, 0);
            let mut sum = 0.0;
            wrong += u32::from((1..=1000).any(|n| {
                sum += sample::normal(uniform());
                // From ten runs on, as one would; the first looks alone would be wrong more often.
                n >= 10 && f64::abs(sum) > z * f64::from(n).sqrt()
            }));
        }
        let share = f64::from(wrong) / 4000.0;
        assert!((share - 0.46).abs() < 0.04, "{share}");
    }

    #[test]
    fn the_sequence_of_a_proportion_is_seldom_ever_wrong() {
        for (case, p) in [0.5, 0.1, 0.01].into_iter().enumerate() {
            for looking in [PLAIN, AIMED_AT] {
                let mut wrong = 0;
                for trial in 0..400 {
                    let mut uniform = uniforms(trial, 1 + case as u32);
                    let mut yes = 0;
                    wrong += u32::from((1..=1000).any(|n| {
                        yes += u64::from(uniform() < p);
                        let counts = [(1.0, yes), (0.0, n - yes)];
                        let mirrored = [(1.0, n - yes), (0.0, yes)];
                        let tally = |counts, mean| {
                            AnswerCounts { counts, lowest: 0.0, binary: true }.must_be_higher(mean, &looking)
                        };
                        tally(&counts, p) || tally(&mirrored, 1.0 - p)
                    }));
                }
                // 5% of 400 and three standard errors.
                assert!(wrong <= 33, "p {p}: {wrong} of 400");
            }
        }
    }

    #[test]
    fn the_sequence_of_a_paired_difference_is_seldom_ever_wrong() {
        for (case, (gain, loss)) in [(0.1, 0.05), (0.4, 0.4), (0.01, 0.0)].into_iter().enumerate() {
            let mut wrong = 0;
            for trial in 0..300 {
                let mut uniform = uniforms(trial, 10 + case as u32);
                let (mut up, mut down) = (0, 0);
                wrong += u32::from((1..=600).any(|n| {
                    let drawn = uniform();
                    up += u64::from(drawn < gain);
                    down += u64::from(drawn > 1.0 - loss);
                    let counts = [(1.0, up), (0.0, n - up - down), (-1.0, down)];
                    let mirrored = [(1.0, down), (0.0, n - up - down), (-1.0, up)];
                    let tally = |counts, mean| {
                        AnswerCounts { counts, lowest: -1.0, binary: false }.must_be_higher(mean, &AIMED_AT)
                    };
                    tally(&counts, gain - loss) || tally(&mirrored, loss - gain)
                }));
            }
            assert!(wrong <= 26, "{gain} {loss}: {wrong} of 300");
        }
    }

    #[test]
    fn the_end_of_an_interval_is_where_a_mean_is_refuted() {
        for (yes, n) in [(0, 0), (0, 40), (3, 20), (500, 1000), (40, 40)] {
            let interval = proportion(yes, n, &PLAIN);
            let share = if n == 0 { 0.5 } else { yes as f64 / n as f64 };
            assert!(interval.contains(share) && interval.low >= 0.0 && interval.high <= 1.0, "{interval:?}");
            let fixed = wilson(yes, n, 0.95);
            assert!(interval.low <= fixed.low && interval.high >= fixed.high, "{yes} of {n}: {interval:?}");
        }
        let interval = paired_proportions(120, 80, 1000, &PLAIN);
        let mirrored = paired_proportions(80, 120, 1000, &PLAIN);
        assert!((interval.low + mirrored.high).abs() < 1e-12 && interval.contains(0.04));
    }

    #[test]
    fn aiming_at_a_precision_costs_about_twice_the_runs_of_a_fixed_plan() {
        let needed = |n_to_interval: &dyn Fn(u64) -> Interval, precision: f64| {
            (1..1000).map(|i| i * 50).find(|n| n_to_interval(*n).half_width() <= precision).unwrap()
        };
        for (p, most) in [(0.5, 2.3), (0.2, 2.3), (0.05, 2.6)] {
            let looking = Looking { confidence: 0.95, precision: Some(0.02) };
            let n = needed(&|n| proportion((p * n as f64) as u64, n, &looking), 0.02);
            let plan = fixed_plan(p * (1.0 - p), 0.02, 0.95);
            assert!((n as f64) < most * plan as f64, "p {p}: {n} against {plan}");
        }
        for (gain, loss) in [(0.1, 0.05), (0.3, 0.3)] {
            let looking = Looking { confidence: 0.95, precision: Some(0.02) };
            let count = |share: f64, n: u64| (share * n as f64) as u64;
            let n = needed(&|n| paired_proportions(count(gain, n), count(loss, n), n, &looking), 0.02);
            let plan = fixed_plan(gain + loss - (gain - loss) * (gain - loss), 0.02, 0.95);
            assert!((n as f64) < 3.5 * plan as f64, "{gain} {loss}: {n} against {plan}");
        }
    }

    #[test]
    fn ranks_and_means_are_seldom_ever_wrong() {
        let ranks: Vec<Option<(u64, u64)>> = (0..=500).map(|n| quantile_ranks(n, 0.5, 0.95)).collect();
        let quarter: Vec<Option<(u64, u64)>> = (0..=500).map(|n| quantile_ranks(n, 0.25, 0.95)).collect();
        let (mut wrong, mut wrong_quarter, mut wrong_mean) = (0, 0, 0);
        for trial in 0..400 {
            let mut uniform = uniforms(trial, 30);
            let (mut half, mut fourth, mut sum, mut squares) = (0u64, 0u64, 0.0, 0.0);
            let (mut missed, mut missed_quarter, mut missed_mean) = (false, false, false);
            for n in 1..=500usize {
                let value = uniform();
                half += u64::from(value <= 0.5);
                fourth += u64::from(value <= 0.25);
                sum += value;
                squares += value * value;
                // The quantile lies between the ranks if at least `low` and fewer than `high` values are up to it.
                missed |= ranks[n].is_some_and(|(low, high)| half < low || half >= high);
                missed_quarter |= quarter[n].is_some_and(|(low, high)| fourth < low || fourth >= high);
                let average = sum / n as f64;
                let variance = squares / n as f64 - average * average;
                missed_mean |= n >= 50 && !mean(n as u64, average, variance, 200, 0.95).contains(0.5);
            }
            wrong += u32::from(missed);
            wrong_quarter += u32::from(missed_quarter);
            wrong_mean += u32::from(missed_mean);
        }
        assert!(wrong <= 33 && wrong_quarter <= 33 && wrong_mean <= 33, "{wrong} {wrong_quarter} {wrong_mean}");
        assert!(ranks[5].is_none() && ranks[500].is_some_and(|(low, high)| low > 200 && high < 301));
    }
}
