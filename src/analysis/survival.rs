//! How long things last when some had not ended when the watching did.

use super::Estimate;
use super::clustered::{BLOCKS, block_of};
use super::interval::Interval;
use super::probability::{chi_squared_above, normal_bound, student_bound};
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
    /// By the bits of the duration, which sort like the durations.
    by_duration: BTreeMap<u64, Left>,
}

/// How many are no longer watched after a duration, per block of clusters: how many ended then, and how many were last seen then.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Left([(u64, u64); BLOCKS]);

impl Left {
    const NONE: Self = Self([(0, 0); BLOCKS]);

    fn both(&self) -> (u64, u64) {
        self.0.iter().fold((0, 0), |sums, counts| (sums.0 + counts.0, sums.1 + counts.1))
    }
}

/// How many are still watched, per block, and in all.
struct AtRisk {
    by_block: [f64; BLOCKS],
    all: f64,
}

impl AtRisk {
    fn of(spells: &Spells) -> Self {
        let mut risk = Self { by_block: [0.0; BLOCKS], all: 0.0 };
        spells.by_duration.values().for_each(|left| risk.change(left, 1.0));
        risk
    }

    /// Takes away who left.
    fn less(&mut self, left: &Left) {
        self.change(left, -1.0);
    }

    fn change(&mut self, left: &Left, sign: f64) {
        for (risk, (ended, seen)) in self.by_block.iter_mut().zip(left.0) {
            let left = sign * (ended + seen) as f64;
            *risk += left;
            self.all += left;
        }
    }
}

impl Spells {
    /// Adds a spell of a cluster, in which spells may have something in common. One whose duration is not a number is left out, one
    /// below 0 counts as 0.
    pub fn add(&mut self, spell: Spell, cluster: u64) {
        if spell.duration.is_nan() {
            return;
        }
        let bits = if spell.duration > 0.0 { spell.duration.to_bits() } else { 0 };
        let (ended, seen) = &mut self.by_duration.entry(bits).or_insert(Left::NONE).0[block_of(cluster)];
        *if spell.ended { ended } else { seen } += 1;
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.by_duration.values().map(Left::both).map(|(ended, seen)| ended + seen).sum()
    }

    /// How many of them ended while they were watched.
    pub fn ended(&self) -> u64 {
        self.by_duration.values().map(|left| left.both().0).sum()
    }

    /// Durations in ascending order, with who left then.
    fn ascending(&self) -> impl Iterator<Item = (f64, &Left)> + '_ {
        self.by_duration.iter().map(|(bits, left)| (f64::from_bits(*bits), left))
    }

    /// Who left at exactly a duration.
    fn at(&self, bits: u64) -> &Left {
        self.by_duration.get(&bits).unwrap_or(&Left::NONE)
    }
}

/// The greater of a variance of independent parts and of that of their sum by blocks, with the degrees of freedom that the latter has;
/// none where the former is greater, or all is in one block.
fn of_blocks(independent: f64, parts: &[f64; BLOCKS], blocks: f64) -> (f64, Option<f64>) {
    let squares: f64 = parts.iter().map(|part| part * part).sum();
    let by_blocks = if blocks > 1.0 { squares * blocks / (blocks - 1.0) } else { 0.0 };
    if by_blocks > independent { (by_blocks, Some(blocks - 1.0)) } else { (independent, None) }
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
/// which the share's interval holds a half. Where the spells of a block have so much in common that what they bring to ln S
/// scatters more than Greenwood's variance says (Ying and Wei 1994), that counts. Spells with a duration that is not a number are left
/// out.
pub fn kaplan_meier(spells: &Spells, confidence: f64) -> Survival {
    let z = normal_bound(confidence);
    let (mut share, mut greenwood) = (1.0, 0.0);
    let mut steps = Vec::new();
    let n = spells.count();
    let mut risk = AtRisk::of(spells);
    let blocks = risk.by_block.iter().filter(|risk| **risk > 0.0).count() as f64;
    let mut brought = [0.0; BLOCKS];
    for (time, left) in spells.ascending() {
        let (ended, _) = left.both();
        if ended > 0 {
            let ends = ended as f64;
            let lasting = risk.all - ends;
            share *= lasting / risk.all;
            greenwood += ends / (risk.all * lasting);
            if lasting > 0.0 {
                for ((brought, (ended, _)), risk_of) in brought.iter_mut().zip(left.0).zip(risk.by_block) {
                    *brought += (ended as f64 - risk_of * ends / risk.all) / lasting;
                }
            }
            let (variance, degrees) = of_blocks(greenwood, &brought, blocks);
            let bound = degrees.map_or(z, |degrees| student_bound(confidence, degrees));
            let before = steps.last().map_or(1.0, |step: &SurvivalStep| step.share.high);
            let estimate = Estimate::new(share, interval(share, variance, bound, before), n);
            steps.push(SurvivalStep { time, at_risk: risk.all as u64, ended, share: estimate });
        }
        risk.less(left);
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

/// Where all have ended there is no variance to speak of: nothing is excluded from 0 to the upper end of the step before.
fn interval(share: f64, variance: f64, bound: f64, before: f64) -> Interval {
    if share <= 0.0 {
        return Interval { low: 0.0, high: before };
    }
    let log = ln(share);
    let reach = bound * variance.sqrt() / log;
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

/// The log-rank test (Mantel 1966; Peto and Peto 1972) with the hypergeometric variance, or that of what blocks, which are the same
/// of both groups, bring to the difference, where it is greater (Lin and Wei 1989). None if nothing ended while both groups
/// were watched.
pub fn log_rank(first: &Spells, second: &Spells) -> Option<LogRank> {
    let mut times: Vec<u64> = first.by_duration.keys().chain(second.by_duration.keys()).copied().collect();
    times.sort_unstable();
    times.dedup();
    let mut risks = [AtRisk::of(first), AtRisk::of(second)];
    let blocks = (0..BLOCKS).filter(|block| risks.iter().any(|risk| risk.by_block[*block] > 0.0)).count() as f64;
    let (mut observed, mut expected, mut variance) = (0.0, 0.0, 0.0);
    let mut brought = [0.0; BLOCKS];
    for time in times {
        let left = [first.at(time), second.at(time)];
        let ends = left.map(|left| left.both().0 as f64);
        let (risk, ended) = (risks[0].all + risks[1].all, ends[0] + ends[1]);
        observed += ends[0];
        expected += ended * risks[0].all / risk;
        if risk > 1.0 {
            variance += ended * (risk - ended) * risks[0].all * risks[1].all / (risk * risk * (risk - 1.0));
        }
        for (group, sign) in [(0, 1.0), (1, -1.0)] {
            let weight = sign * risks[1 - group].all / risk;
            let of_group = left[group].0.iter().zip(risks[group].by_block);
            for (brought, ((ends, _), risk_of)) in brought.iter_mut().zip(of_group) {
                *brought += weight * (*ends as f64 - risk_of * ended / risk);
            }
        }
        risks.iter_mut().zip(left).for_each(|(risk, left)| risk.less(left));
    }
    (variance > 0.0).then(|| {
        let (variance, _) = of_blocks(variance, &brought, blocks);
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
        of_one_cluster(ended.iter().map(spell(true)).chain(censored.iter().map(spell(false))))
    }

    /// Of which nothing is known but that they are independent.
    fn of_one_cluster(all: impl IntoIterator<Item = Spell>) -> Spells {
        let mut spells = Spells::default();
        all.into_iter().for_each(|spell| spells.add(spell, 0));
        spells
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

    /// That all have ended says nothing of how much longer others may last.
    #[test]
    fn the_last_that_ends_bounds_no_median() {
        let one = kaplan_meier(&spells(&[8], &[]), 0.95);
        assert_eq!((one.median.low, one.median.value, one.median.high), (8.0, 8.0, f64::INFINITY));
        assert_eq!((one.steps[0].share.low, one.steps[0].share.high), (0.0, 1.0));
        let (trials, mut covered) = (1000, 0);
        for trial in 0..trials {
            let mut draws = Source::new(4, trial).sequence(Purpose::Resampling, DrawKey::whole(), 0);
            let group = of_one_cluster((0..4).map(|_| Spell { duration: -ln(draws.uniform()), ended: true }));
            let curve = kaplan_meier(&group, 0.95);
            covered += u32::from(curve.median.interval().contains(std::f64::consts::LN_2));
            assert!(curve.steps.windows(2).all(|pair| pair[1].share.high <= pair[0].share.high), "{curve:?}");
        }
        assert!(covered >= 930, "{covered} of {trials}");
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
                of_one_cluster((0..60).map(|_| {
                    // Exponential with mean 10, watched for 0 to 30.
                    let (lasts, watched) = (-10.0 * ln(draws.uniform()), 30.0 * draws.uniform());
                    Spell { duration: f64::min(lasts, watched), ended: lasts <= watched }
                }))
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

    #[test]
    fn spells_of_a_cluster_count_by_what_they_have_in_common() {
        let (trials, mut covered, mut rejected) = (400, [0; 2], [0; 2]);
        for trial in 0..trials {
            let mut draws = Source::new(3, trial).sequence(Purpose::Resampling, DrawKey::whole(), 0);
            let mut groups = [(); 4].map(|()| Spells::default());
            for run in 0..80 {
                // Four spells of a run end together, one in two of them by week 8.
                for group in 0..2 {
                    let lasts = 16.0 * draws.uniform();
                    for _ in 0..4 {
                        let spell = Spell { duration: lasts.floor(), ended: true };
                        groups[group].add(spell, run);
                        groups[2 + group].add(spell, 0);
                    }
                }
            }
            for (known, [one, other]) in [[&groups[2], &groups[3]], [&groups[0], &groups[1]]].into_iter().enumerate() {
                let share = kaplan_meier(one, 0.95).at(7.5).unwrap();
                covered[known] += u32::from(share.interval().contains(0.5));
                rejected[known] += u32::from(log_rank(one, other).unwrap().p < 0.05);
            }
        }
        // Without knowing of clusters, and knowing of them.
        assert!(covered[0] < 320 && (372..=396).contains(&covered[1]), "{covered:?} of {trials}");
        assert!(rejected[0] > 60 && (6..=36).contains(&rejected[1]), "{rejected:?} of {trials}");
    }
}
