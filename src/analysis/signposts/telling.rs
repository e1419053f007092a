//! How much it tells of an outcome that something was seen: likelihood ratios, tests, and what many of them are worth together.

use crate::analysis::Estimate;
use crate::analysis::interval::Interval;
use crate::analysis::probability::{chi_squared_above, normal_bound};
use crate::base::maths::{exp, ln, ln_gamma};
use crate::estimate::CONFIDENCE;
use serde::Serialize;

/// How often something was seen in runs with an outcome and in those without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Runs with the outcome in which it was seen.
    pub seen_yes: u64,
    /// Runs without the outcome in which it was seen.
    pub seen_no: u64,
    /// Runs with the outcome.
    pub yes: u64,
    /// Runs without it.
    pub no: u64,
}

/// What it tells of an outcome that something was seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Telling {
    /// The counts.
    pub counts: Counts,
    /// Share of all runs in which it was seen.
    pub share: f64,
    /// Probability of the outcome where it was seen.
    pub with: Estimate,
    /// Probability of the outcome where it was not.
    pub without: Estimate,
    /// Likelihood ratio: how many times as often it was seen in runs with the outcome as in those without. Its interval is that
    /// of its logarithm (Simel, Samsa and Matchar 1991); where one of the two never saw it, half a run is added to each.
    pub ratio: Estimate,
    /// What the outcome's uncertainty loses when one knows whether it was seen, 0 to 1: mutual information over entropy.
    pub information: f64,
    /// Which share of the runs counts as independent of the others.
    pub independent: f64,
    /// Chance of a table as uneven if it told nothing: Fisher's exact test, two-sided.
    pub p: f64,
}

impl Counts {
    /// Counts of runs, of each of which is known whether it was seen and whether the outcome came about.
    pub fn of(runs: impl IntoIterator<Item = (bool, bool)>) -> Self {
        let mut counts = Self::default();
        for (seen, yes) in runs {
            match yes {
                true => counts.yes += 1,
                false => counts.no += 1,
            }
            match (seen, yes) {
                (true, true) => counts.seen_yes += 1,
                (true, false) => counts.seen_no += 1,
                _ => {}
            }
        }
        counts
    }

    /// All runs.
    pub fn runs(&self) -> u64 {
        self.yes + self.no
    }

    /// Runs in which it was seen.
    pub fn seen(&self) -> u64 {
        self.seen_yes + self.seen_no
    }

    /// What it tells. `independent` says which share of the runs counts as independent of the others, for some have inputs in
    /// common: above 0, at most 1.
    pub fn telling(&self, independent: f64) -> Telling {
        let share_of =
            |yes: u64, n: u64| Estimate::share_of(yes as f64 / n.max(1) as f64, n as f64 * independent, n, CONFIDENCE);
        let unseen_yes = self.yes - self.seen_yes;
        let fewer = |count: u64| (count as f64 * independent).round() as u64;
        let kept = Self {
            seen_yes: fewer(self.seen_yes),
            seen_no: fewer(self.seen_no),
            yes: fewer(self.seen_yes) + fewer(unseen_yes),
            no: fewer(self.seen_no) + fewer(self.no - self.seen_no),
        };
        Telling {
            counts: *self,
            share: self.seen() as f64 / self.runs().max(1) as f64,
            with: share_of(self.seen_yes, self.seen()),
            without: share_of(unseen_yes, self.runs() - self.seen()),
            ratio: self.ratio(independent),
            information: self.information(),
            independent,
            p: kept.fisher(),
        }
    }

    fn ratio(&self, independent: f64) -> Estimate {
        let more = if self.seen_yes == 0 || self.seen_no == 0 { 0.5 } else { 0.0 };
        let [a, b] = [self.seen_yes, self.seen_no].map(|count| count as f64 + more);
        let [yes, no] = [self.yes, self.no].map(|count| count as f64 + 2.0 * more);
        let value = (a / yes) / (b / no);
        let error = ((1.0 / a - 1.0 / yes + 1.0 / b - 1.0 / no).max(0.0) / independent).sqrt();
        let reach = normal_bound(CONFIDENCE) * error;
        let interval = Interval { low: exp(ln(value) - reach), high: exp(ln(value) + reach) };
        Estimate::new(value, interval, self.runs())
    }

    fn information(&self) -> f64 {
        let n = self.runs() as f64;
        let part = |count: u64, row: u64, column: u64| match count {
            0 => 0.0,
            _ => count as f64 / n * ln(count as f64 * n / (row as f64 * column as f64)),
        };
        let unseen = self.runs() - self.seen();
        let mutual = part(self.seen_yes, self.seen(), self.yes)
            + part(self.seen_no, self.seen(), self.no)
            + part(self.yes - self.seen_yes, unseen, self.yes)
            + part(self.no - self.seen_no, unseen, self.no);
        let entropy = entropy(self.yes as f64 / n);
        if entropy > 0.0 { (mutual / entropy).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Fisher's exact test (1922): the chance of all tables with the same margins that are no likelier than this one.
    fn fisher(&self) -> f64 {
        let (seen, runs) = (self.seen(), self.runs());
        let ln_choose =
            |n: u64, k: u64| ln_gamma(n as f64 + 1.0) - ln_gamma(k as f64 + 1.0) - ln_gamma((n - k) as f64 + 1.0);
        let ln_chance = |k: u64| ln_choose(self.yes, k) + ln_choose(self.no, seen - k) - ln_choose(runs, seen);
        let (least, most) = (seen.saturating_sub(self.no), seen.min(self.yes));
        let own = ln_chance(self.seen_yes);
        // Each table's chance follows from its neighbour's; rounding must not part equals.
        let mut chance = exp(ln_chance(least) - own);
        let mut sum = 0.0;
        let mut all = 0.0;
        for k in least..=most {
            if k > least {
                let (k, yes, no, seen) = (k as f64, self.yes as f64, self.no as f64, seen as f64);
                chance *= (yes - k + 1.0) * (seen - k + 1.0) / (k * (no - seen + k));
            }
            all += chance;
            if chance <= 1.0 + 1e-7 {
                sum += chance;
            }
        }
        if all > 0.0 && all.is_finite() { (sum / all).min(1.0) } else { exp(own) }
    }
}

/// Entropy of a yes or no, in natural units.
fn entropy(share: f64) -> f64 {
    let part = |share: f64| if share > 0.0 { -share * ln(share) } else { 0.0 };
    part(share) + part(1.0 - share)
}

/// Adjusted chances of many tests: the least share of false discoveries at which each would be among what is found (Benjamini
/// and Hochberg 1995, Journal of the Royal Statistical Society B 57).
pub fn false_discovery(chances: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by(|a, b| chances[*b].total_cmp(&chances[*a]));
    let mut adjusted = vec![1.0; chances.len()];
    let mut least: f64 = 1.0;
    for (above, place) in order.into_iter().enumerate() {
        let rank = (chances.len() - above) as f64;
        least = least.min(chances[place] * chances.len() as f64 / rank);
        adjusted[place] = least;
    }
    adjusted
}

/// Whether something tells more of an outcome among runs that are alike otherwise: the chance of strata as uneven if it told
/// nothing within any of them (Cochran 1954, Mantel and Haenszel 1959, without a correction for continuity). Each run comes with its
/// stratum, whether it was seen, and whether the outcome came about.
pub fn within_strata(runs: impl IntoIterator<Item = (usize, bool, bool)>, independent: f64) -> f64 {
    let mut strata: Vec<Counts> = Vec::new();
    for (stratum, seen, yes) in runs {
        if strata.len() <= stratum {
            strata.resize(stratum + 1, Counts::default());
        }
        let one = Counts::of([(seen, yes)]);
        let sum = &mut strata[stratum];
        (sum.seen_yes, sum.seen_no) = (sum.seen_yes + one.seen_yes, sum.seen_no + one.seen_no);
        (sum.yes, sum.no) = (sum.yes + one.yes, sum.no + one.no);
    }
    let (mut off, mut variance) = (0.0, 0.0);
    for counts in strata.iter().filter(|counts| counts.runs() > 1) {
        let (seen, yes, no, n) = (counts.seen() as f64, counts.yes as f64, counts.no as f64, counts.runs() as f64);
        off += counts.seen_yes as f64 - seen * yes / n;
        variance += seen * (n - seen) * yes * no / (n * n * (n - 1.0));
    }
    if variance > 0.0 { chi_squared_above(independent * off * off / variance, 1.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(seen_yes: u64, seen_no: u64, yes: u64, no: u64) -> Counts {
        Counts { seen_yes, seen_no, yes, no }
    }

    #[test]
    fn a_likelihood_ratio_is_the_published_one() {
        // Ankle X-rays: 30 of 40 with the fracture and 12 of 60 without are positive. LR = .75 / .2.
        let told = counts(30, 12, 40, 60).telling(1.0);
        assert!((told.ratio.value - 3.75).abs() < 1e-12);
        // se² = 1/30 − 1/40 + 1/12 − 1/60.
        let error = (1.0f64 / 30.0 - 1.0 / 40.0 + 1.0 / 12.0 - 1.0 / 60.0).sqrt();
        assert!((ln(told.ratio.high / told.ratio.value) - 1.959_963_984_540_054 * error).abs() < 1e-12);
        assert!((told.with.value - 30.0 / 42.0).abs() < 1e-12 && (told.without.value - 10.0 / 58.0).abs() < 1e-12);
    }

    #[test]
    fn fishers_test_gives_the_tabled_chances() {
        // Fisher's tea (1935): 3 of 4 right has 34/70 two-sided; all right 2/70.
        assert!((counts(3, 1, 4, 4).fisher() - 34.0 / 70.0).abs() < 1e-12);
        assert!((counts(4, 0, 4, 4).fisher() - 2.0 / 70.0).abs() < 1e-12);
        // R: fisher.test(matrix(c(10, 2, 3, 15), 2))$p.value.
        assert!((counts(10, 3, 12, 18).fisher() - 0.000_536_724_119_143_435).abs() < 1e-12);
        // What was seen in all runs tells nothing.
        assert!((counts(5, 7, 5, 7).fisher() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_seen_where_the_outcome_is_and_nowhere_else_tells_all() {
        let all = counts(40, 0, 40, 60).telling(1.0);
        assert!((all.information - 1.0).abs() < 1e-12 && all.ratio.value > 10.0 && all.ratio.low > 1.0);
        let nothing = counts(20, 30, 40, 60).telling(1.0);
        assert!(nothing.information < 1e-12 && (nothing.ratio.value - 1.0).abs() < 1e-12 && nothing.p > 0.99);
    }

    #[test]
    fn runs_that_share_inputs_tell_less() {
        let (alone, shared) = (counts(60, 30, 100, 100).telling(1.0), counts(60, 30, 100, 100).telling(0.5));
        let width = |told: &Telling| ln(told.ratio.high / told.ratio.low);
        assert!((width(&shared) / width(&alone) - 2f64.sqrt()).abs() < 1e-12 && shared.p > alone.p);
    }

    #[test]
    fn adjusted_chances_are_those_of_the_paper() {
        // Benjamini and Hochberg (1995), section 3.2: 15 tests of thrombolysis; 4 are found at 0.05.
        let chances = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        let adjusted = false_discovery(&chances);
        assert_eq!(adjusted.iter().filter(|q| **q <= 0.05).count(), 4);
        assert!((adjusted[0] - 0.0015).abs() < 1e-12 && (adjusted[3] - 0.0095 * 15.0 / 4.0).abs() < 1e-12);
        assert!(false_discovery(&[]).is_empty());
    }

    #[test]
    fn what_another_already_says_tells_no_more() {
        // The second is the first with a tenth turned: given the first, it says nothing.
        let run = |place: usize| (place.is_multiple_of(2), place.is_multiple_of(10), place.is_multiple_of(3));
        let runs = (0..6000).map(run).map(|(first, turned, luck)| (first, first ^ turned, first ^ luck));
        let list: Vec<(bool, bool, bool)> = runs.collect();
        assert!(within_strata(list.iter().map(|(_, second, yes)| (0, *second, *yes)), 1.0) < 1e-6);
        assert!(
            within_strata(list.iter().map(|(first, second, yes)| (usize::from(*first), *second, *yes)), 1.0) > 0.05
        );
    }
}
