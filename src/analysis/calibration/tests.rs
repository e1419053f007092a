//! Calibration of simulators whose posterior is known.

use super::problem::Hopeless;
use super::*;
use crate::analysis::linear::square;
use crate::base::maths::logistic;
use crate::random::sample::normal;
use crate::random::{DrawKey, Purpose, Source};
use std::convert::Infallible;

/// A model in a line: means by the weights, and the luck of a mean of so many runs.
struct Toy {
    means: fn(&[f64]) -> Vec<f64>,
    aims: Vec<Aim>,
    luck: f64,
    runs: f64,
    points: usize,
    stopped: usize,
}

impl Toy {
    fn outcome(&self, mean: f64, kind: Kind, deviate: f64, runs: f64) -> Outcome {
        let variance = if kind == Kind::YesNo { mean * (1.0 - mean) } else { self.luck };
        let mean = mean + deviate * (variance / runs).sqrt();
        let mean = if kind == Kind::YesNo { mean.clamp(0.5 / (runs + 1.0), 1.0 - 0.5 / (runs + 1.0)) } else { mean };
        Outcome { mean, luck: variance, runs }
    }
}

impl Simulator for Toy {
    type Error = Infallible;

    fn run(
        &mut self,
        batch: &str,
        points: &[Vec<f64>],
        hopeless: Option<Hopeless<'_>>,
    ) -> Result<Vec<Tried>, Infallible> {
        self.points += points.len();
        let one = |(number, at): (usize, &Vec<f64>)| {
            let who = DrawKey::named("toy", batch).child(number as u64);
            let outcomes = |runs: f64| -> Vec<Outcome> {
                let mut draws = Source::new(5, 0).sequence(Purpose::Design, who, runs as u32);
                let all = (self.means)(at).into_iter().zip(&self.aims);
                all.map(|(mean, aim)| self.outcome(mean, aim.kind, normal(draws.uniform()), runs)).collect()
            };
            let few = outcomes((self.runs / 5.0).max(2.0));
            let stopped = hopeless.is_some_and(|hopeless| hopeless(number, &few));
            let outcomes = if stopped { few } else { outcomes(self.runs) };
            Tried { at: at.clone(), outcomes: Some(outcomes), stopped }
        };
        let all: Vec<Tried> = points.iter().enumerate().map(one).collect();
        self.stopped += all.iter().filter(|point| point.stopped).count();
        Ok(all)
    }
}

fn budget(points: usize, waves: u32, generations: u32, seed: u64) -> Budget {
    Budget { points, waves, generations, cutoff: 3.0, seed }
}

fn aim(kind: Kind, conflict: usize, observed: f64, error: f64) -> Aim {
    Aim { conflict, share: 1.0, kind, observed, error }
}

fn found(toy: &mut Toy, dimensions: usize, budget: &Budget) -> Posterior {
    let aims = toy.aims.clone();
    let Ok(posterior) = calibrate(&aims, dimensions, budget, "all", toy);
    posterior
}

/// The weighted share of draws of a weight below a value.
fn below(posterior: &Posterior, weight: usize, value: f64) -> f64 {
    posterior.draws.iter().filter(|draw| draw.at[weight] < value).map(|draw| draw.weight).sum()
}

fn mean(posterior: &Posterior, weight: usize) -> f64 {
    posterior.draws.iter().map(|draw| draw.weight * draw.at[weight]).sum()
}

fn frequencies(at: &[f64]) -> Vec<f64> {
    vec![0.2 + 0.5 * at[0] + 0.1 * at[1], 0.5 + 0.4 * (at[1] - 0.5) * (0.5 + at[0])]
}

#[test]
fn planted_weights_lie_within_their_intervals_and_what_nothing_speaks_of_stays_as_it_was() {
    let mut stopped = 0;
    for (truth, seed) in [([0.3, 0.7], 1), ([0.8, 0.2], 2)] {
        let seen = frequencies(&truth);
        let aims = seen.iter().map(|seen| aim(Kind::Frequency, 0, *seen, 0.0004)).collect();
        let mut toy = Toy { means: frequencies, aims, luck: 0.05, runs: 40.0, points: 0, stopped: 0 };
        let posterior = found(&mut toy, 3, &budget(200, 2, 6, seed));
        for (weight, truth) in truth.iter().enumerate() {
            let share = below(&posterior, weight, *truth);
            assert!((0.025..=0.975).contains(&share), "{seed} {weight}: {share}");
            assert!((mean(&posterior, weight) - truth).abs() < 0.12, "{}", mean(&posterior, weight));
        }
        let spread = |weight| {
            let mean = mean(&posterior, weight);
            posterior.draws.iter().map(|draw| draw.weight * square(draw.at[weight] - mean)).sum::<f64>()
        };
        assert!(spread(0) < 0.02 && spread(2) > 0.05, "{} {}", spread(0), spread(2));
        stopped += posterior.stages.iter().map(|stage| stage.stopped).sum::<usize>();
        assert!(posterior.stages[1].share < 0.5, "{seed}: {}", posterior.stages[1].share);
    }
    assert!(stopped > 0, "points that cannot be are given up early");
}

#[test]
fn what_can_do_nothing_is_hardly_ever_said_to_be_learned() {
    // One weight of eleven moves three amounts and a chance.
    let means = |at: &[f64]| vec![0.3 + 0.4 * at[0], 0.6 - 0.3 * at[0], 0.2 + 0.5 * at[0], 0.1 + 0.6 * at[0]];
    let kinds = [Kind::Amount, Kind::Amount, Kind::Frequency, Kind::YesNo];
    // Beyond what the model can show, the plane is drawn out far: then little can be said of any.
    for (points, runs, beyond, least) in [(100, 10.0, 0.0, 10), (300, 30.0, 0.0, 15), (300, 30.0, 0.25, 0)] {
        let (mut wrong, mut learned) = (0, 0);
        for seed in 0..30 {
            let seen = means(&[0.7]).into_iter().zip(kinds).enumerate();
            let seen = seen.map(|(place, (mean, kind))| {
                let error = if kind == Kind::YesNo { 0.0 } else { 0.002 };
                aim(
                    kind,
                    place % 2,
                    if kind == Kind::YesNo { 1.0 } else { mean + beyond + 0.03 * (seed % 3) as f64 },
                    error,
                )
            });
            let aims = seen.collect();
            let mut toy = Toy { means, aims, luck: 0.05, runs, points: 0, stopped: 0 };
            let posterior = found(&mut toy, 11, &budget(points, 2, 6, seed));
            let is_learned = |weight: usize| {
                let (moved, chance) = super::findings::moved(&posterior, weight, 11);
                moved > chance
            };
            learned += u32::from(is_learned(0));
            wrong += u32::from((1..11).any(is_learned));
        }
        assert!(
            wrong <= 4 && learned >= least,
            "of 30 calibrations {wrong} name what can do nothing, {learned} what does"
        );
    }
}

#[test]
fn a_normal_posterior_is_found_as_it_is() {
    // The posterior of a mean that is seen with a known error, within a flat prior: normal about what was seen.
    let deviation = (0.005f64 + 0.0036).sqrt();
    let seeds = 4..8;
    let posteriors: Vec<Posterior> = seeds
        .map(|seed| {
            let aims = vec![aim(Kind::Amount, 0, 0.55, 0.005)];
            let mut toy = Toy { means: |at| vec![at[0]], aims, luck: 0.0036, runs: 100.0, points: 0, stopped: 0 };
            found(&mut toy, 1, &budget(1000, 1, 5, seed))
        })
        .collect();
    for share in [0.1, 0.25, 0.5, 0.75, 0.9] {
        let place = 0.55 + deviation * normal(share);
        let all: f64 = posteriors.iter().map(|posterior| below(posterior, 0, place)).sum();
        let found = all / posteriors.len() as f64;
        assert!((found - share).abs() < 0.04, "{share}: {found}");
    }
}

#[test]
fn ranks_of_what_was_planted_are_uniform() {
    // Simulation-based calibration (Talts et al. 2018): what is planted is drawn from the prior, what is seen from the model.
    const TRIALS: u64 = 250;
    let mut bins = [[0u32; 10]; 2];
    for trial in 0..TRIALS {
        let mut draws = Source::new(11, trial).sequence(Purpose::Design, DrawKey::named("test", "planted"), 0);
        let truth = [draws.uniform(), draws.uniform()];
        let error: f64 = 0.0025;
        let mut seen = |mean: f64| mean + error.sqrt() * normal(draws.uniform());
        let seen: Vec<f64> = frequencies(&truth).into_iter().map(&mut seen).collect();
        let aims = seen.iter().map(|seen| aim(Kind::Frequency, 0, *seen, error)).collect();
        let mut toy = Toy { means: frequencies, aims, luck: 0.01, runs: 50.0, points: 0, stopped: 0 };
        let posterior = found(&mut toy, 2, &budget(160, 2, 4, trial));
        for (weight, truth) in truth.iter().enumerate() {
            bins[weight][((below(&posterior, weight, *truth) * 10.0) as usize).min(9)] += 1;
        }
    }
    for counts in bins {
        let expected = TRIALS as f64 / 10.0;
        let chi: f64 = counts.iter().map(|count| square(f64::from(*count) - expected) / expected).sum();
        // The 99.9% point of χ² with nine degrees of freedom.
        assert!(chi < 27.9, "{counts:?}: {chi}");
    }
}

fn chances(at: &[f64]) -> Vec<f64> {
    let chance = |place: usize| {
        let sign = if place.is_multiple_of(3) { -1.0 } else { 1.0 };
        logistic(sign * 6.0 * (at[place % 2] - 0.5) + 0.3 * (place as f64 - 6.0))
    };
    (0..12).map(chance).collect()
}

#[test]
fn yes_and_no_move_weights_to_where_they_score_well() {
    let probable = chances(&[0.8, 0.2]);
    let aims: Vec<Aim> = probable.iter().map(|p| aim(Kind::YesNo, 0, f64::from(u8::from(*p > 0.5)), 0.0)).collect();
    let mut toy = Toy { means: chances, aims: aims.clone(), luck: 0.0, runs: 40.0, points: 0, stopped: 0 };
    let posterior = found(&mut toy, 3, &budget(200, 2, 6, 3));
    let score = |at: &[f64]| {
        chances(at).iter().zip(&aims).map(|(p, aim)| square(p - aim.observed)).sum::<f64>() / aims.len() as f64
    };
    let after: f64 = posterior.draws.iter().map(|draw| draw.weight * score(&draw.at)).sum();
    let before = posterior.prior.iter().map(|point| score(&point.at)).sum::<f64>() / posterior.prior.len() as f64;
    assert!(after < 0.6 * before, "{before} {after}");
    assert!(mean(&posterior, 0) > 0.6 && mean(&posterior, 1) < 0.4, "the signs are planted");
    assert!((mean(&posterior, 2) - 0.5).abs() < 0.15);
}

#[test]
fn conflicts_count_the_same_however_much_is_known_of_each() {
    let many: Vec<Aim> = (0..9).map(|_| aim(Kind::YesNo, 0, 1.0, 0.0)).chain([aim(Kind::YesNo, 1, 0.0, 0.0)]).collect();
    let distances = Distances::over(&many, &[]);
    let shown = [vec![0.5; 9], vec![0.1]].concat();
    assert!((distances.squared(&shown) - 0.5 * (0.25 + 0.01)).abs() < 1e-12);
}

#[test]
fn what_no_weights_bring_about_is_said() {
    let aims = vec![aim(Kind::Frequency, 0, 0.05, 1e-6), aim(Kind::Frequency, 0, 0.99, 1e-6)];
    let mut toy = Toy { means: frequencies, aims, luck: 0.01, runs: 40.0, points: 0, stopped: 0 };
    let posterior = found(&mut toy, 2, &budget(60, 3, 2, 1));
    assert!(posterior.contradicted);
    assert!(posterior.draws.len() > 10 && posterior.draws.iter().all(|draw| draw.weight.is_finite()));
}

#[test]
fn a_point_is_given_up_only_where_more_runs_could_hardly_save_it() {
    let aims = vec![aim(Kind::YesNo, 0, 1.0, 0.0)];
    let distances = Distances::over(&aims, &[]);
    let few = |yes: f64| vec![Outcome { mean: (yes + 0.5) / 11.0, luck: 0.0, runs: 10.0 }];
    // A point at whose true chance of .5 the squared distance is .25 is given up under that tolerance less than once in 700 times.
    let choose = [1.0, 10.0, 45.0, 120.0, 210.0, 252.0, 210.0, 120.0, 45.0, 10.0, 1.0];
    let lost: f64 = choose
        .iter()
        .enumerate()
        .filter(|(yes, _)| distances.least(&few(*yes as f64), &[0.0]) > 0.25)
        .map(|(_, n)| n)
        .sum();
    assert!(lost / 1024.0 < 1.0 / 700.0, "{lost}");
    assert!(distances.least(&few(0.0), &[0.0]) > 0.25, "one without a yes is");
}
