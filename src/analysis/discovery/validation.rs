//! Which limits of a box mean something, and how far its numbers can be trusted.

use super::prim::{Patience, Peeling, PeelingStep, peel_in, step_of};
use super::slice::orders;
use super::{Limits, Runs};
use crate::analysis::families::Families;
use crate::analysis::probability::binomial_at_least;
use crate::analysis::resample;
use crate::random::Sequence;
use rayon::prelude::*;
use serde::Serialize;

/// Per limited input, its quasi-p-value (Bryant and Lempert 2010): with that input free, how likely would as many runs
/// of the box, drawn at random, have the outcome as often as they do? One-sided binomial. Small means that the limit
/// does something; "quasi" because the box was made from the same runs. Where a case stands for several runs, or several share
/// inputs, they count as the number of independent runs that would scatter as much.
pub fn quasi_p_values(runs: &Runs, limits: &Limits) -> Vec<(usize, f64)> {
    let inside = limits.select(runs);
    let (share, n) = share_of(runs, &inside);
    limits
        .restricted()
        .map(|input| {
            let wider = limits.without(input).select(runs);
            let expected = runs.hits_in(&wider) / runs.mass_in(&wider).max(1.0);
            (input, binomial_at_least((share * n).round() as u64, n.round() as u64, expected))
        })
        .collect()
}

/// How often the outcome came about among some cases, ascending, and how many independent runs would scatter as much: as many
/// as there are cases where each is one run, more where each stands for several, fewer where they share inputs.
fn share_of(runs: &Runs, cases: &[usize]) -> (f64, f64) {
    let n = runs.mass_in(cases);
    let share = runs.hits_in(cases) / n.max(1.0);
    let families = || cases.chunk_by(|one, next| runs.family(*one) == runs.family(*next));
    // A resample has all cases of a family equally often.
    let times = |family: &[usize]| runs.weight(family[0]);
    let off = |family: &[usize]| family.iter().map(|case| runs.hit(*case) - share).sum::<f64>();
    let squares: f64 = families().map(|family| times(family) * off(family) * off(family)).sum();
    let least: f64 = families().map(times).sum();
    let effective = if squares > 0.0 { n * share * (1.0 - share) / (squares / n) } else { least };
    (share, effective.clamp(least, 1000.0 * n.max(1.0)))
}

/// A box without the limits that do nothing: frees the input with the largest quasi-p-value as long as that is above
/// `most`, as people do by hand (Bryant and Lempert 2010).
pub fn prune(runs: &Runs, step: &PeelingStep, most: f64) -> PeelingStep {
    let mut limits = step.limits.clone();
    loop {
        let worst = quasi_p_values(runs, &limits).into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
        match worst {
            Some((input, p)) if p > most => limits = limits.without(input),
            _ => return step_of(runs, &limits),
        }
    }
}

/// What comes of it when the search is repeated on resampled cases.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stability {
    /// Per input, share of resamples in which the box with the same coverage limits it, 0–1.
    pub at_coverage: Vec<f64>,
    /// Per input, share of resamples in which the box with the same density limits it, 0–1.
    pub at_density: Vec<f64>,
    /// By how much the density of a box in the cases in which it was sought exceeds that in others, on average: Efron's
    /// (1983) optimism. 0 or more.
    pub optimism: f64,
}

/// Repeats the peeling on bootstrap resamples of the cases, or of their families, and compares with a chosen box (the reproducibility of Bryant
/// and Lempert 2010). `choose` chooses a box of a resample in the way in which the box was chosen; `done` hears of every
/// resample.
pub fn stability(
    runs: &Runs,
    chosen: &PeelingStep,
    settings: &Patience,
    choose: impl Fn(&Runs, &Peeling) -> Option<PeelingStep> + Sync,
    (resamples, seed): (u32, u64),
    done: &(dyn Fn() + Sync),
) -> Stability {
    let families = Families::new(runs.rows(), runs.families);
    let orders = orders(runs);
    let once = |mut draws: Sequence| {
        let weights = families.resampled(&mut draws);
        let resampled = runs.weighted(&weights);
        let peeling = peel_in(&resampled, &orders, settings);
        // Of steps with the same coverage the purest is the last, of those with the same density the widest the first.
        let coverage_missed = |step: &PeelingStep| (step.coverage - chosen.coverage).abs();
        let limited = |step: Option<&PeelingStep>| -> Vec<usize> {
            step.map(|step| step.limits.restricted().collect()).unwrap_or_default()
        };
        let at_coverage = limited(nearest(peeling.steps.iter().rev(), coverage_missed));
        let at_density = limited(nearest(peeling.steps.iter(), |step| (step.density - chosen.density).abs()));
        let beyond = choose(&resampled, &peeling);
        let optimism = beyond.map_or(0.0, |step| step.density - step_of(runs, &step.limits).density);
        done();
        (at_coverage, at_density, optimism)
    };
    let all: Vec<Sequence> = resample::resamples("discovery", seed, resamples).collect();
    let found: Vec<_> = all.into_par_iter().map(once).collect();
    let mut stability =
        Stability { at_coverage: vec![0.0; runs.columns()], at_density: vec![0.0; runs.columns()], optimism: 0.0 };
    for (at_coverage, at_density, optimism) in found {
        at_coverage.into_iter().for_each(|input| stability.at_coverage[input] += 1.0);
        at_density.into_iter().for_each(|input| stability.at_density[input] += 1.0);
        stability.optimism += optimism;
    }
    let count = f64::from(resamples.max(1));
    stability.at_coverage.iter_mut().chain(&mut stability.at_density).for_each(|share| *share /= count);
    stability.optimism = (stability.optimism / count).max(0.0);
    stability
}

/// The first step that misses a target least.
fn nearest<'a>(
    steps: impl Iterator<Item = &'a PeelingStep>,
    miss: impl Fn(&PeelingStep) -> f64,
) -> Option<&'a PeelingStep> {
    steps.reduce(|best, step| if miss(step) < miss(best) { step } else { best })
}

#[cfg(test)]
mod tests {
    use super::super::{best, peel};
    use super::*;
    use crate::analysis::cases::Cases;
    use crate::analysis::interval::Interval;
    use crate::experiment::design::latin;
    use crate::random::{DrawKey, Purpose, Source};

    fn planted(p: &[f64]) -> bool {
        p[1] > 0.6 && p[3] < 0.5
    }

    #[test]
    fn a_limit_that_matters_has_a_small_quasi_p_value_and_is_found_again() {
        let points = latin::sample(&[600], 4, 7);
        let hits: Vec<f64> = points.iter().map(|p| f64::from(u8::from(planted(p)))).collect();
        let runs = Runs::new(points.values(), 4, &hits).unwrap();
        let mut limits = Limits::free(4);
        limits.0[0].range = Interval { low: 0.1, high: f64::INFINITY };
        limits.0[1].range = Interval { low: 0.6, high: f64::INFINITY };
        let values = quasi_p_values(&runs, &limits);
        assert_eq!(values.iter().map(|(input, _)| *input).collect::<Vec<_>>(), [0, 1]);
        assert!(values[0].1 > 0.05 && values[1].1 < 1e-6, "{values:?}");
        let settings = Patience::default();
        let peeling = peel(&runs, &settings);
        let repeat = || {
            stability(
                &runs,
                best(&peeling, 4).unwrap(),
                &settings,
                |_, peeling| best(peeling, 4).cloned(),
                (20, 3),
                &|| {},
            )
        };
        let found = repeat();
        for shares in [&found.at_coverage, &found.at_density] {
            assert!(shares[1] > 0.9 && shares[3] > 0.9 && shares[0] < 0.5 && shares[2] < 0.5, "{found:?}");
        }
        assert_eq!(found, repeat());
    }

    #[test]
    fn cases_that_share_an_input_are_no_evidence_each() {
        let (families, mut doubted) = ((0..240).map(|case| case / 4).collect::<Vec<u32>>(), [0; 2]);
        for seed in 0..100 {
            // The outcome goes by what each family has in common beside the input.
            let shared = latin::sample(&[60], 2, seed);
            let rows: Vec<&[f64]> = (0..240).map(|case| shared.row(case / 4)).collect();
            let points: Vec<f64> = rows.iter().map(|row| row[0]).collect();
            let hits: Vec<f64> = rows.iter().map(|row| f64::from(u8::from(row[1] < 0.4))).collect();
            let mut limits = Limits::free(1);
            limits.0[0].range.low = 0.6;
            let runs = Runs::new(&points, 1, &hits).unwrap();
            for (doubted, runs) in doubted.iter_mut().zip([runs, runs.in_families(&families)]) {
                *doubted += u32::from(quasi_p_values(&runs, &limits)[0].1 < 0.05);
            }
        }
        assert!(doubted[0] > 10 && doubted[1] <= 8, "{doubted:?} of 100 limits that do nothing pass");
    }

    #[test]
    fn limits_that_do_nothing_are_pruned() {
        let points = latin::sample(&[400], 4, 3);
        let hits: Vec<f64> = points.iter().map(|p| f64::from(u8::from(planted(p)))).collect();
        let runs = Runs::new(points.values(), 4, &hits).unwrap();
        let mut limits = Limits::free(4);
        limits.0[0].range.low = 0.02;
        limits.0[1].range.low = 0.6;
        limits.0[3].range.high = 0.5;
        let pruned = prune(&runs, &step_of(&runs, &limits), 0.05);
        assert_eq!(pruned.limits.restricted().collect::<Vec<_>>(), [1, 3]);
        assert!(pruned.coverage > 0.999);
    }

    #[test]
    fn a_box_of_nothing_is_no_evidence() {
        let runs = Runs::new(&[0.1, 0.9], 1, &[1.0, 0.0]).unwrap();
        let mut limits = Limits::free(1);
        limits.0[0].range = Interval { low: 2.0, high: 3.0 };
        assert_eq!(quasi_p_values(&runs, &limits), [(0, 1.0)]);
        assert_eq!(step_of(&runs, &limits).runs, 0);
    }

    /// Points with a made-up chance of the outcome, each run so many times.
    fn chancy(points: usize, replicates: usize, seed: u64, chance: impl Fn(&[f64]) -> f64) -> Cases {
        let points = latin::sample(&[points], 4, seed);
        let draw = |point: usize, replicate: usize| {
            Source::new(seed, replicate as u64).sequence(Purpose::Design, DrawKey::whole(), point as u32).uniform()
        };
        let outputs = (0..points.rows() * replicates)
            .map(|run| (run / replicates, run % replicates))
            .map(|(point, replicate)| f64::from(u8::from(draw(point, replicate) < chance(points.row(point)))))
            .collect();
        Cases::new(vec![String::new(); 4], points.values().to_vec(), replicates, outputs).unwrap()
    }

    #[test]
    fn the_interval_of_a_box_covers_its_true_density() {
        let trials = 40;
        for (name, replicates, chance) in [
            ("a box", 1, (|p: &[f64]| if planted(p) { 0.7 } else { 0.1 }) as fn(&[f64]) -> f64),
            ("a slope", 5, |p: &[f64]| 0.6 * p[0] * p[0]),
            ("nothing", 1, |_: &[f64]| 0.3),
        ] {
            let settings = Patience::default();
            let mut covered = 0;
            for seed in 0..trials {
                let cases = chancy(250, replicates, seed, chance);
                let hits = cases.means();
                let runs = Runs::new(cases.points(), 4, &hits).unwrap();
                let choose = |runs: &Runs, peeling: &Peeling| best(peeling, 3).map(|step| prune(runs, step, 0.05));
                let chosen = choose(&runs, &peel(&runs, &settings)).unwrap();
                let found = stability(&runs, &chosen, &settings, choose, (12, seed), &|| {});
                let share = cases.share_in(&chosen.limits.select(&runs), |yes| yes > 0.5).unwrap().less(found.optimism);
                let fresh = latin::sample(&[4000], 4, 1000 + seed);
                let inside = fresh.iter().filter(|point| chosen.limits.contains(point));
                let (sum, count) = inside.fold((0.0, 0.0), |(sum, count), point| (sum + chance(point), count + 1.0));
                covered += u32::from(share.estimate(0.95).interval().contains(sum / count));
            }
            assert!(covered >= 36, "{name}: {covered} of {trials}");
        }
    }
}
