//! What distinguishes the replicates in which an outcome came about: happenings and measures known before it.
//!
//! A happening is compared at the moment just before the outcome, between each case and all replicates in which the
//! outcome had not come about by then (incidence density sampling with the whole risk set; Prentice and Breslow 1978).
//! Comparing whole runs instead would give the runs without the outcome more time for everything to happen in.

use crate::analysis::Estimate;
use crate::analysis::interval::{Interval, wilson};
use crate::analysis::paired::mean_and_variance;
use crate::analysis::probability::student_bound;
use serde::Serialize;

/// In fewer runs than these, or with fewer others, nothing is compared.
pub const FEWEST: usize = 5;

/// The first step in which something happened, per run in which it did: (run, step).
pub type Occurrences = Vec<(usize, u32)>;

/// How often something had happened before the outcome, against runs without it at the same moments.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Contrast {
    /// Share of the cases in which it had happened.
    pub cases: f64,
    /// Share of the runs at risk at the same moments in which it had, averaged over the cases.
    pub others: f64,
    /// The difference of the two over the cases. Its interval is Newcombe's from two score intervals (1998, method 10),
    /// where the runs at risk count as so many as were at risk at the middle of the cases.
    pub difference: Estimate,
}

/// Compares occurrences before the outcome. `outcomes` is the moment at which the outcome came about, per run; none where
/// it did not. What happened in the last step before that moment does not count: it is the outcome.
pub fn contrasts(outcomes: &[Option<u32>], occurrences: &[Occurrences], confidence: f64) -> Vec<Option<Contrast>> {
    let mut moments: Vec<u32> = outcomes.iter().flatten().copied().collect();
    moments.sort_unstable();
    let Some(middle) = moments.get(moments.len() / 2).copied() else { return vec![None; occurrences.len()] };
    let at_risk = |moment: u32| outcomes.len() - moments.partition_point(|known| *known <= moment);
    let moments: Vec<u32> = moments.iter().copied().filter(|moment| at_risk(*moment) > 0).collect();
    let at_middle = at_risk(middle) as u64;
    occurrences
        .iter()
        .map(|list| {
            let n = moments.len() as u64;
            if n == 0 {
                return None;
            }
            // It had happened before a moment, and the run was still at risk at it: two sorted lists tell how many.
            let mut happened: Vec<u32> = list.iter().map(|(_, step)| step + 2).collect();
            let left = |(run, step): &(usize, u32)| outcomes[*run].map(|moment| moment.max(step + 2));
            let mut spent: Vec<u32> = list.iter().filter_map(left).collect();
            happened.sort_unstable();
            spent.sort_unstable();
            let by = |list: &[u32], moment: u32| list.partition_point(|known| *known <= moment) as f64;
            let exposed = |moment: u32| by(&happened, moment) - by(&spent, moment);
            let others: f64 =
                moments.iter().map(|moment| exposed(*moment) / at_risk(*moment) as f64).sum::<f64>() / n as f64;
            let of_cases = list
                .iter()
                .filter(|(run, step)| outcomes[*run].is_some_and(|moment| step + 1 < moment && at_risk(moment) > 0));
            let yes = of_cases.count() as u64;
            let cases = yes as f64 / n as f64;
            let one = wilson(yes, n, confidence);
            let many = wilson((others * at_middle as f64).round() as u64, at_middle, confidence);
            let difference = cases - others;
            let reach = |a: f64, b: f64| (a * a + b * b).sqrt();
            let interval = Interval {
                low: difference - reach(cases - one.low, many.high - others),
                high: difference + reach(one.high - cases, others - many.low),
            };
            Some(Contrast { cases, others, difference: Estimate::new(difference, interval, n) })
        })
        .collect()
}

/// How an amount differs between runs in which something happened and all others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AmountContrast {
    /// In which share of the runs it happened.
    pub share: f64,
    /// Mean amount where it did.
    pub with: f64,
    /// Mean amount elsewhere.
    pub without: f64,
    /// The difference of the means, with Welch's interval (1947), or that of so many runs taken at random from all where that is
    /// wider: a few runs that happen to be alike say little of how far such amounts scatter. `n` counts the runs in which it
    /// happened.
    pub difference: Estimate,
}

/// Compares an amount between the runs in which something happened and all others. None where either are too few.
pub fn amount_contrasts(amounts: &[f64], occurrences: &[Occurrences], confidence: f64) -> Vec<Option<AmountContrast>> {
    let (_, of_all) = mean_and_variance(amounts);
    let one = |list: &Occurrences| {
        let mut happened = vec![false; amounts.len()];
        list.iter().for_each(|(run, _)| happened[*run] = true);
        let of = |wanted: bool| -> Vec<f64> {
            let runs = amounts.iter().zip(&happened).filter(|(_, so)| **so == wanted);
            runs.map(|(amount, _)| *amount).collect()
        };
        let (with, without) = (of(true), of(false));
        if with.len().min(without.len()) < FEWEST {
            return None;
        }
        let ((mean, variance), (other, other_variance)) = (mean_and_variance(&with), mean_and_variance(&without));
        let (n, m) = (with.len() as f64, without.len() as f64);
        let (a, b) = (variance? / n, other_variance? / m);
        // What random parts of these sizes differ by (Fisher 1935, randomisation).
        let at_random = of_all? * (1.0 / n + 1.0 / m);
        let interval = match at_random > 0.0 {
            true => {
                let degrees =
                    if a + b > 0.0 { (a + b) * (a + b) / (a * a / (n - 1.0) + b * b / (m - 1.0)) } else { n - 1.0 };
                Interval::about(mean - other, student_bound(confidence, degrees) * (a + b).max(at_random).sqrt())
            }
            false => Interval::exactly(mean - other),
        };
        let difference = Estimate::new(mean - other, interval, with.len() as u64);
        Some(AmountContrast { share: n / (n + m), with: mean, without: other, difference })
    };
    occurrences.iter().map(one).collect()
}

/// By how much a measure differs between two groups of runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MeasureContrast {
    /// Mean over the cases.
    pub cases: f64,
    /// Mean over the other runs.
    pub others: f64,
    /// Standardised mean difference over the cases, with Hedges' correction for small samples, and the interval of Hedges
    /// and Olkin (1985) for large ones.
    pub effect: Estimate,
}

/// A measure known before the outcome: its value per run, and the moment at which it was known.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Its name.
    pub name: String,
    /// The moment from which it is known; 0 for what is given.
    pub known: u32,
    /// Its value per run.
    pub values: Vec<f64>,
}

/// Compares measures between runs in which the outcome came about after they were known and runs in which it never did.
/// Runs in which it came about before are left out.
pub fn spreads(outcomes: &[Option<u32>], measures: &[Measured], confidence: f64) -> Vec<Option<MeasureContrast>> {
    let one = |measured: &Measured| {
        let (mut cases, mut others) = (Vec::new(), Vec::new());
        for (value, outcome) in measured.values.iter().zip(outcomes).filter(|(value, _)| value.is_finite()) {
            match outcome {
                Some(moment) if *moment > measured.known => cases.push(*value),
                Some(_) => {}
                None => others.push(*value),
            }
        }
        if cases.len() < 2 || others.len() < 2 {
            return None;
        }
        let ((mean, variance), (other, other_variance)) = (mean_and_variance(&cases), mean_and_variance(&others));
        let (n, m) = (cases.len() as f64, others.len() as f64);
        let pooled = ((n - 1.0) * variance? + (m - 1.0) * other_variance?) / (n + m - 2.0);
        if pooled <= 0.0 {
            return None;
        }
        let effect = (mean - other) / pooled.sqrt() * (1.0 - 3.0 / (4.0 * (n + m) - 9.0));
        let error = ((n + m) / (n * m) + effect * effect / (2.0 * (n + m))).sqrt();
        let effect = Estimate::normal(effect, error, cases.len() as u64, confidence);
        Some(MeasureContrast { cases: mean, others: other, effect })
    };
    measures.iter().map(one).collect()
}

/// The attributable fraction of something that was drawn, `1 − P(yes | not) / P(yes | so)`, at least: from (yes, runs) with
/// and without it, with the interval's end of each that makes it smaller, for few runs without it make a large fraction
/// by luck alone. 0 where that is not above 0.
pub fn attributable(with: (u64, u64), without: (u64, u64), confidence: f64) -> f64 {
    let least = wilson(with.0, with.1, confidence).low;
    let most = wilson(without.0, without.1, confidence).high;
    if least > 0.0 { (1.0 - most / least).max(0.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::maths::exp;
    use crate::random::{DrawKey, Purpose, Source, sample};

    /// What the fast way must give: run by run and case by case.
    fn slowly(outcomes: &[Option<u32>], list: &Occurrences) -> (f64, f64) {
        let before = |run: usize, moment: u32| list.iter().any(|(other, step)| *other == run && step + 1 < moment);
        let (mut cases, mut others, mut n) = (0.0, 0.0, 0.0);
        for (run, moment) in outcomes.iter().enumerate().filter_map(|(run, moment)| Some((run, (*moment)?))) {
            let risk: Vec<usize> =
                (0..outcomes.len()).filter(|other| outcomes[*other].is_none_or(|known| known > moment)).collect();
            if risk.is_empty() {
                continue;
            }
            n += 1.0;
            cases += f64::from(u8::from(before(run, moment)));
            others += risk.iter().filter(|other| before(**other, moment)).count() as f64 / risk.len() as f64;
        }
        (cases / n, others / n)
    }

    #[test]
    fn the_fast_way_is_the_slow_way() {
        let outcomes: Vec<Option<u32>> =
            (0..60u32).map(|run| (run % 3 != 1).then(|| 5 + run * 7 % 31).filter(|_| !run.is_multiple_of(5))).collect();
        for shift in 0..9 {
            let list: Occurrences = (0..60usize)
                .filter(|run| !(run + shift).is_multiple_of(4))
                .map(|run| (run, (run * (3 + shift) % 40) as u32))
                .collect();
            let found = contrasts(&outcomes, std::slice::from_ref(&list), 0.95)[0].unwrap();
            let (cases, others) = slowly(&outcomes, &list);
            assert!((found.cases - cases).abs() < 1e-12 && (found.others - others).abs() < 1e-12, "shift {shift}");
            assert!(found.difference.interval().contains(found.difference.value));
        }
    }

    #[test]
    fn more_time_alone_makes_no_difference() {
        // It happens in every run at a moment that has nothing to do with the outcome; runs without the outcome last longer.
        let outcomes: Vec<Option<u32>> =
            (0..2000u32).map(|run| (run.is_multiple_of(2)).then(|| 2 + run / 2 % 50)).collect();
        let list: Occurrences = (0..2000usize).map(|run| (run, (run * 7919 % 100) as u32)).collect();
        let found = contrasts(&outcomes, &[list], 0.95)[0].unwrap();
        assert!(found.difference.interval().contains(0.0) && found.difference.value.abs() < 0.03, "{found:?}");
    }

    #[test]
    fn amounts_differ_by_their_means() {
        let amounts: Vec<f64> = (0..40).map(|run| f64::from(run % 4) + if run < 20 { 10.0 } else { 0.0 }).collect();
        let first: Occurrences = (0..20).map(|run| (run, 3)).collect();
        let mixed: Occurrences = (0..40).filter(|run| run % 8 < 4).map(|run| (run, 3)).collect();
        let few: Occurrences = vec![(0, 1)];
        let found = amount_contrasts(&amounts, &[first, mixed, few], 0.95);
        let of_first = found[0].unwrap();
        assert!((of_first.difference.value - 10.0).abs() < 1e-12 && of_first.difference.has_sign());
        // Two samples of 20 with five each of 0 to 3, ten apart: variance of all (40 · 1.25 + 40 · 25) / 39, and 38 degrees of freedom.
        let reach = student_bound(0.95, 38.0) * (2.0 * (1050.0_f64 / 39.0) / 20.0).sqrt();
        assert!((of_first.difference.high - 10.0 - reach).abs() < 1e-9, "{of_first:?}");
        assert!(!found[1].unwrap().difference.has_sign());
        assert_eq!(found[2], None);
    }

    #[test]
    fn of_skewed_amounts_few_that_something_happened_in_seldom_stand_out() {
        // Amounts are log-normal, and forty things happen in 5 to 24 of 300 runs each, whatever the amount.
        let (mut false_ones, trials, things) = (0, 60, 40);
        for trial in 0..trials {
            let who = DrawKey::named("skewed", "").child(trial);
            let mut draws = Source::new(9, trial).sequence(Purpose::Resampling, who, 0);
            let amounts: Vec<f64> = (0..300).map(|_| exp(1.2 * sample::normal(draws.uniform()))).collect();
            let lists: Vec<Occurrences> = (0..things)
                .map(|thing| {
                    let mut runs: Vec<usize> = (0..300).collect();
                    (0..5 + thing / 2)
                        .map(|_| (runs.swap_remove((draws.uniform() * runs.len() as f64) as usize), 1))
                        .collect()
                })
                .collect();
            let found = amount_contrasts(&amounts, &lists, 1.0 - 0.05 / things as f64);
            false_ones += usize::from(found.into_iter().flatten().any(|found| found.difference.has_sign()));
        }
        // 5% of 60 families, and two standard errors of the simulation.
        assert!(false_ones <= 7, "{false_ones} of {trials}");
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(contrasts(&[None, None], &[vec![(0, 1)]], 0.95), vec![None]);
        assert_eq!(contrasts(&[], &[Vec::new()], 0.95), vec![None]);
        assert!(attributable((0, 10), (5, 10), 0.95).abs() < 1e-12);
        assert!(attributable((10, 20), (0, 0), 0.95).abs() < 1e-12);
        // 1 − 0.05 / 0.5 = 0.9, at least 0.86 in so many runs, and next to nothing in few.
        assert!((attributable((500, 1000), (50, 1000), 0.95) - 0.86).abs() < 0.01);
        assert!(attributable((10, 20), (1, 20), 0.95) < 0.3);
    }

    #[test]
    fn spreads_are_standardised_differences() {
        let outcomes = [Some(60), Some(70), Some(80), None, None, None, Some(10)];
        let measured = Measured { name: "deaths".into(), known: 52, values: vec![2.0, 4.0, 6.0, 1.0, 3.0, 5.0, 1e9] };
        let found = spreads(&outcomes, &[measured], 0.95)[0].unwrap();
        // Means 4 and 3, variances 4 and 4: d = 0.5 before the correction 1 − 3/15.
        assert!((found.effect.value - 0.4).abs() < 1e-12 && found.effect.n == 3, "{found:?}");
    }
}
