//! Which limits of a box mean something.

use super::peel::{Settings, Step, peel};
use super::{Limits, Runs};
use crate::analysis::probability::binomial_at_least;
use crate::random::{DrawKey, Purpose, Source};
use serde::Serialize;

/// Per limited input, its quasi-p-value (Bryant and Lempert 2010): with that input free, how likely would as many runs
/// of the box, drawn at random, have the outcome as often as they do? One-sided binomial. Small means that the limit
/// does something; "quasi" because the box was made from the same runs.
pub fn quasi_p_values(runs: &Runs, limits: &Limits) -> Vec<(usize, f64)> {
    let inside = limits.select(runs);
    let hits = runs.hits_in(&inside);
    limits
        .restricted()
        .map(|input| {
            let wider = limits.without(input).select(runs);
            let share = runs.hits_in(&wider) as f64 / wider.len().max(1) as f64;
            (input, binomial_at_least(hits as u64, inside.len() as u64, share))
        })
        .collect()
}

/// How often each input is limited when the search is repeated on resampled runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stability {
    /// Per input, share of resamples in which the box with the same coverage limits it, 0–1.
    pub at_coverage: Vec<f64>,
    /// Per input, share of resamples in which the box with the same density limits it, 0–1.
    pub at_density: Vec<f64>,
}

/// Repeats the peeling on bootstrap resamples and compares with a chosen box (the reproducibility of Bryant and Lempert
/// 2010).
pub fn stability(runs: &Runs, chosen: &Step, settings: &Settings, resamples: u32, seed: u64) -> Stability {
    let n = runs.count();
    let mut stability = Stability { at_coverage: vec![0.0; runs.columns()], at_density: vec![0.0; runs.columns()] };
    for resample in 0..resamples {
        let who = DrawKey::named("analysis", "discovery");
        let mut draws = Source::new(seed, 0).sequence(Purpose::Resampling, who, resample);
        let (mut points, mut hits) = (Vec::with_capacity(n * runs.columns()), Vec::with_capacity(n));
        for _ in 0..n {
            let run = ((draws.uniform() * n as f64) as usize).min(n - 1);
            points.extend_from_slice(runs.point(run));
            hits.push(runs.hit(run));
        }
        let Some(resampled) = Runs::new(&points, runs.columns(), &hits) else { continue };
        let peeling = peel(&resampled, settings);
        // Of steps with the same coverage the purest is the last, of those with the same density the widest the first.
        let coverage_missed = |step: &Step| (step.coverage - chosen.coverage).abs();
        if let Some(step) = nearest(peeling.steps.iter().rev(), coverage_missed) {
            step.limits.restricted().for_each(|input| stability.at_coverage[input] += 1.0);
        }
        if let Some(step) = nearest(peeling.steps.iter(), |step| (step.density - chosen.density).abs()) {
            step.limits.restricted().for_each(|input| stability.at_density[input] += 1.0);
        }
    }
    for share in stability.at_coverage.iter_mut().chain(&mut stability.at_density) {
        *share /= f64::from(resamples.max(1));
    }
    stability
}

/// The first step that misses a target least.
fn nearest<'a>(steps: impl Iterator<Item = &'a Step>, miss: impl Fn(&Step) -> f64) -> Option<&'a Step> {
    steps.reduce(|best, step| if miss(step) < miss(best) { step } else { best })
}

#[cfg(test)]
mod tests {
    use super::super::{best, step_of};
    use super::*;
    use crate::analysis::interval::Interval;
    use crate::experiment::design::latin;

    #[test]
    fn a_limit_that_matters_has_a_small_quasi_p_value_and_is_found_again() {
        let points = latin::sample(&[600], 4, 7);
        let hits: Vec<bool> = points.iter().map(|p| p[1] > 0.6 && p[3] < 0.5).collect();
        let runs = Runs::new(points.values(), 4, &hits).unwrap();
        let mut limits = Limits::free(4);
        limits.0[0] = Interval { low: 0.1, high: f64::INFINITY };
        limits.0[1] = Interval { low: 0.6, high: f64::INFINITY };
        let values = quasi_p_values(&runs, &limits);
        assert_eq!(values.iter().map(|(input, _)| *input).collect::<Vec<_>>(), [0, 1]);
        assert!(values[0].1 > 0.05 && values[1].1 < 1e-6, "{values:?}");
        let settings = Settings::default();
        let peeling = peel(&runs, &settings);
        let found = stability(&runs, best(&peeling, 4).unwrap(), &settings, 20, 3);
        for shares in [&found.at_coverage, &found.at_density] {
            assert!(shares[1] > 0.9 && shares[3] > 0.9 && shares[0] < 0.5 && shares[2] < 0.5, "{found:?}");
        }
        assert_eq!(found, stability(&runs, best(&peeling, 4).unwrap(), &settings, 20, 3));
    }

    #[test]
    fn a_box_of_nothing_is_no_evidence() {
        let runs = Runs::new(&[0.1, 0.9], 1, &[true, false]).unwrap();
        let mut limits = Limits::free(1);
        limits.0[0] = Interval { low: 2.0, high: 3.0 };
        assert_eq!(quasi_p_values(&runs, &limits), [(0, 1.0)]);
        assert_eq!(step_of(&runs, &limits).runs, 0);
    }
}
