//! How long things last when some had not ended when the watching did.

use super::Estimate;
use super::interval::Interval;
use super::probability::{chi_squared_above, normal_bound};
use crate::base::maths::{exp, ln};
use serde::Serialize;
use std::collections::BTreeMap;

/// How long one thing was seen to last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spell {
    /// For how long it was watched, in any unit of time, 0 or more.
    pub duration: f64,
    /// Whether it then ended; if not, it lasted longer than was seen (right-censored).
    pub ended: bool,
}

/// The share that lasts beyond a time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SurvivalStep {
    /// The time.
    pub time: f64,
    /// How many were still watched just before.
    pub at_risk: u64,
    /// How many ended then.
    pub ended: u64,
    /// Share that lasts beyond, 0–1.
    pub share: Estimate,
}

/// How many spells lasted how long: all that the estimates need, in room that does not grow with their number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spells {
    /// By the bits of the duration, which sort like the durations: how many ended then, and how many were last seen then.
    by_duration: BTreeMap<u64, (u64, u64)>,
}

impl Spells {
    /// Adds a spell. One whose duration is not a number is left out, one below 0 counts as 0.
    pub fn add(&mut self, spell: Spell) {
        if spell.duration.is_nan() {
            return;
        }
        let bits = if spell.duration > 0.0 { spell.duration.to_bits() } else { 0 };
        let (ended, seen) = self.by_duration.entry(bits).or_default();
        *if spell.ended { ended } else { seen } += 1;
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.by_duration.values().map(|(ended, seen)| ended + seen).sum()
    }

    /// How many of them ended while they were watched.
    pub fn ended(&self) -> u64 {
        self.by_duration.values().map(|(ended, _)| ended).sum()
    }

    /// Durations in ascending order, with how many ended and how many were last seen then.
    fn ascending(&self) -> impl Iterator<Item = (f64, u64, u64)> + '_ {
        self.by_duration.iter().map(|(bits, (ended, seen))| (f64::from_bits(*bits), *ended, *seen))
    }

    /// How many ended and how many were last seen at exactly a duration.
    fn at(&self, bits: u64) -> (u64, u64) {
        self.by_duration.get(&bits).copied().unwrap_or_default()
    }
}

impl FromIterator<Spell> for Spells {
    fn from_iter<I: IntoIterator<Item = Spell>>(spells: I) -> Self {
        let mut all = Self::default();
        spells.into_iter().for_each(|spell| all.add(spell));
        all
    }
}

/// How long things last.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Survival {
    /// How many there were.
    pub n: u64,
    /// The longest that any was watched; 0 if there were none.
    pub longest: f64,
    /// One step per time at which something ended, ascending; before the first the share is 1.
    pub steps: Vec<SurvivalStep>,
    /// The time by which half have ended. The value and each end of the interval is ∞ if it was not seen, so that it may be
    /// any time later.
    pub median: Estimate,
}

impl Survival {
    /// The share that lasts beyond a time, with its interval: all before the first that ended. None if there were none, or
    /// if none was watched for so long.
    pub fn at(&self, time: f64) -> Option<Estimate> {
        if self.n == 0 || time > self.longest {
            return None;
        }
        let step = self.steps.iter().rev().find(|step| step.time <= time);
        Some(step.map_or(Estimate::exactly(1.0, self.n), |step| step.share))
    }
}

/// The estimate of Kaplan and Meier (1958), with intervals by Greenwood's variance on the scale of ln(−ln S) (Kalbfleisch
/// and Prentice 1980), which keep within 0–1, and the median's interval by Brookmeyer and Crowley (1982): all times at
/// which the share's interval holds a half. Spells with a duration that is not a number are left out.
pub fn kaplan_meier(spells: &Spells, confidence: f64) -> Survival {
    let z = normal_bound(confidence);
    let (mut share, mut greenwood) = (1.0, 0.0);
    let mut steps = Vec::new();
    let n = spells.count();
    let mut at_risk = n;
    for (time, ended, seen) in spells.ascending() {
        if ended > 0 {
            let (risk, ends) = (at_risk as f64, ended as f64);
            share *= (risk - ends) / risk;
            greenwood += ends / (risk * (risk - ends));
            let estimate = Estimate::new(share, interval(share, greenwood, z), n);
            steps.push(SurvivalStep { time, at_risk, ended, share: estimate });
        }
        at_risk -= ended + seen;
    }
    // Shares are products of fractions: a half may come out a rounding error above.
    let first = |below: &dyn Fn(&SurvivalStep) -> f64| {
        steps.iter().find(|step| below(step) <= 0.5 + 1e-12).map_or(f64::INFINITY, |step| step.time)
    };
    let median = Interval { low: first(&|step| step.share.low), high: first(&|step| step.share.high) };
    Survival {
        n,
        longest: spells.by_duration.last_key_value().map_or(0.0, |(bits, _)| f64::from_bits(*bits)),
        median: Estimate::new(first(&|step| step.share.value), median, n),
        steps,
    }
}

/// Where all have ended there is no variance to speak of: anything from 0 to the step before is not excluded, so only
/// the estimate is given.
fn interval(share: f64, greenwood: f64, z: f64) -> Interval {
    if share <= 0.0 {
        return Interval::exactly(0.0);
    }
    let log = ln(share);
    let reach = z * greenwood.sqrt() / log;
    // reach is below 0: the share to a power above 1 is lower.
    Interval { low: exp(log * exp(-reach)), high: exp(log * exp(reach)) }
}

/// Whether two groups last equally long.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LogRank {
    /// χ² with one degree of freedom.
    pub chi_squared: f64,
    /// Chance of one as large if both groups last equally long.
    pub p: f64,
    /// How many ended in the first group.
    pub observed: f64,
    /// How many would have been expected to end there if both last equally long.
    pub expected: f64,
}

/// The log-rank test (Mantel 1966; Peto and Peto 1972) with the hypergeometric variance. None if nothing ended while
/// both groups were watched.
pub fn log_rank(first: &Spells, second: &Spells) -> Option<LogRank> {
    let mut times: Vec<u64> = first.by_duration.keys().chain(second.by_duration.keys()).copied().collect();
    times.sort_unstable();
    times.dedup();
    let (mut risk_first, mut risk_second) = (first.count(), second.count());
    let (mut observed, mut expected, mut variance) = (0.0, 0.0, 0.0);
    for time in times {
        let ((ends_first, seen_first), (ends_second, seen_second)) = (first.at(time), second.at(time));
        let (risk, ends) = ((risk_first + risk_second) as f64, (ends_first + ends_second) as f64);
        observed += ends_first as f64;
        expected += ends * risk_first as f64 / risk;
        if risk > 1.0 {
            variance += ends * (risk - ends) * risk_first as f64 * risk_second as f64 / (risk * risk * (risk - 1.0));
        }
        risk_first -= ends_first + seen_first;
        risk_second -= ends_second + seen_second;
    }
    (variance > 0.0).then(|| {
        let chi_squared = (observed - expected) * (observed - expected) / variance;
        LogRank { chi_squared, p: chi_squared_above(chi_squared, 1.0), observed, expected }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{DrawKey, Purpose, Source};

    fn spells(ended: &[u32], censored: &[u32]) -> Spells {
        let spell = |ended| move |weeks: &u32| Spell { duration: f64::from(*weeks), ended };
        ended.iter().map(spell(true)).chain(censored.iter().map(spell(false))).collect()
    }

    /// Weeks in remission under 6-mercaptopurine and under placebo (Freireich et al. 1963).
    fn remission() -> (Spells, Spells) {
        let treated = spells(&[6, 6, 6, 7, 10, 13, 16, 22, 23], &[6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]);
        let placebo = spells(&[1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], &[]);
        (treated, placebo)
    }

    #[test]
    fn the_remission_data_give_the_published_figures() {
        let (treated, placebo) = remission();
        let (treated_curve, placebo_curve) = (kaplan_meier(&treated, 0.95), kaplan_meier(&placebo, 0.95));
        assert_eq!((treated_curve.median.value, placebo_curve.median.value), (23.0, 8.0));
        assert_eq!((treated_curve.median.low, treated_curve.median.high), (13.0, f64::INFINITY));
        assert_eq!((placebo_curve.median.low, placebo_curve.median.high), (4.0, 11.0));
        // Collett (2015), table 2.2 and after: S = 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448.
        for (step, share) in treated_curve.steps.iter().zip([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]) {
            assert!((step.share.value - share).abs() < 5e-4 && step.share.interval().contains(share), "{step:?}");
        }
        let test = log_rank(&treated, &placebo).unwrap();
        assert!((test.chi_squared - 16.793).abs() < 5e-4, "{test:?}");
        assert!(
            (test.p - 4.17e-5).abs() < 1e-7
                && (test.expected - 19.25).abs() < 0.01
                && (test.observed - 9.0).abs() < 1e-9
        );
    }

    #[test]
    fn without_censoring_the_curve_is_the_share_that_lasts() {
        let curve = kaplan_meier(&spells(&[3, 1, 2, 2], &[]), 0.95);
        let steps: Vec<(f64, f64)> = curve.steps.iter().map(|step| (step.time, step.share.value)).collect();
        assert_eq!(steps, [(1.0, 0.75), (2.0, 0.25), (3.0, 0.0)]);
        assert_eq!(curve.median.value.to_bits(), 2f64.to_bits());
    }

    #[test]
    fn nothing_that_ended_is_no_curve_and_no_test() {
        let none = kaplan_meier(&spells(&[], &[5, 6]), 0.95);
        assert!(none.steps.is_empty() && none.median.value.is_infinite() && none.n == 2);
        assert_eq!(log_rank(&spells(&[], &[5, 6]), &spells(&[], &[7])), None);
        assert_eq!(log_rank(&Spells::default(), &spells(&[3], &[])), None);
        assert_eq!(kaplan_meier(&Spells::default(), 0.95).n, 0);
    }

    #[test]
    fn intervals_cover_and_the_test_errs_as_often_as_they_say() {
        let (trials, mut covered, mut median_covered, mut rejected) = (1000, 0, 0, 0);
        for trial in 0..trials {
            let mut draws = Source::new(2, trial).sequence(Purpose::Resampling, DrawKey::whole(), 0);
            let mut group = || -> Spells {
                (0..60)
                    .map(|_| {
                        // Exponential with mean 10, watched for 0 to 30.
                        let (lasts, watched) = (-10.0 * ln(draws.uniform()), 30.0 * draws.uniform());
                        Spell { duration: f64::min(lasts, watched), ended: lasts <= watched }
                    })
                    .collect()
            };
            let (one, other) = (group(), group());
            let curve = kaplan_meier(&one, 0.95);
            let step = curve.steps.iter().rev().find(|step| step.time <= 8.0).unwrap();
            covered += u32::from(step.share.interval().contains(exp(-0.8)));
            let median = 10.0 * std::f64::consts::LN_2;
            median_covered += u32::from(curve.median.interval().contains(median));
            rejected += u32::from(log_rank(&one, &other).unwrap().p < 0.05);
        }
        assert!((930..=970).contains(&covered), "{covered}");
        assert!((925..=975).contains(&median_covered), "{median_covered}");
        assert!((30..=72).contains(&rejected), "{rejected}");
    }
}
