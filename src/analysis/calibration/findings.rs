//! What a calibration found, in the terms of people: weights before and after, what runs show before and after, scores.

use super::algorithm::{Posterior, Stage};
use super::problem::{Aim, Distances, Kind, Outcome};
use crate::analysis::linear::square;
use crate::analysis::score::{Baseline, Kind as AnswerKind, Rule};
use crate::analysis::weighted::quantile as weighted_quantile;
use crate::base::maths::{exp_m1, ln};
use crate::measure::Unit;
use crate::random::Spread;
use crate::scenario::calibration::{Target, Weight, What};
use serde::{Deserialize, Serialize};

/// Everything that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// The calibration's id.
    pub id: String,
    /// Its title; the id unless given.
    pub title: String,
    /// The conflicts.
    pub conflicts: Vec<String>,
    /// How many scenarios, targets, replicates of a point.
    pub scenarios: usize,
    /// Things that are known.
    pub targets: usize,
    /// Replicates of each scenario at a point.
    pub replicates: u64,
    /// The steps of the calibration on all conflicts, then of those that leave one out.
    pub stages: Vec<StageOf>,
    /// Whether no weights bring about all of what came to be, so that a wave was not heeded.
    pub contradicted: bool,
    /// How many draws the posterior has, and how many equally weighted ones they are worth.
    pub draws: usize,
    /// Effective draws.
    pub effective: f64,
    /// The weights, those first that the data say most about.
    pub weights: Vec<WeightFinding>,
    /// What runs show of each target.
    pub checks: Vec<Check>,
    /// Scores by conflict.
    pub scores: Vec<ScoreRow>,
}

impl Findings {
    /// How many points were run.
    pub fn points(&self) -> u64 {
        self.stages.iter().map(|of| of.stage.points as u64).sum()
    }
}

/// A step of a calibration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageOf {
    /// The conflict that is left out, if one is.
    pub without: Option<String>,
    /// The step.
    pub stage: Stage,
}

/// A weight before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightFinding {
    /// Its path.
    pub path: String,
    /// The model's default.
    pub default: f64,
    /// The ends of its prior.
    pub range: [f64; 2],
    /// 2.5%, 10%, 50%, 90% and 97.5% quantiles of the prior.
    pub prior: [f64; 5],
    /// The same of the posterior.
    pub posterior: [f64; 5],
    /// Mean of the posterior.
    pub mean: f64,
    /// By how much the variance shrank, of the weight as a share of its prior: 1 known exactly, 0 as before, below 0 less known.
    pub contraction: f64,
    /// How far the posterior is from the prior: the greatest difference of their distribution functions (Kolmogorov).
    pub moved: f64,
    /// What chance alone makes of that among as many weights in one case in twenty (Massey 1951, Bonferroni).
    pub chance: f64,
}

impl WeightFinding {
    /// Whether the data say something about it.
    pub fn is_learned(&self) -> bool {
        self.moved > self.chance
    }
}

/// What runs show of a target, before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// The target's id.
    pub id: String,
    /// In words.
    pub text: String,
    /// The conflict.
    pub conflict: String,
    /// Whether it is a yes or no, whose chances these are.
    pub yes_no: bool,
    /// What came to be; 1 for a yes.
    pub observed: f64,
    /// 10%, 50% and 90% quantile over the prior: of a yes or no of its probability, of all else of what one world would show.
    pub prior: [f64; 3],
    /// The same over the posterior.
    pub posterior: [f64; 3],
    /// How probable what came to be is under the posterior: the probability of the answer that was, or the share of worlds that
    /// are as far out, on either side.
    pub probability: f64,
}

/// Scores of a kind of answers of a conflict; lower is better.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreRow {
    /// The conflict.
    pub conflict: String,
    /// The kind of answers.
    pub kind: AnswerKind,
    /// The rule.
    pub rule: Rule,
    /// How many answers.
    pub answers: usize,
    /// The mean score of the model as it is.
    pub uncalibrated: f64,
    /// Calibrated on all conflicts, this one among them.
    pub calibrated: f64,
    /// Calibrated on the others; none if there are none.
    pub left_out: Option<f64>,
    /// Of each baseline: its mean score, and that of the model calibrated on the others (or on all) on the same answers.
    pub baselines: Vec<(Baseline, f64, f64)>,
}

impl ScoreRow {
    /// The fairest score that there is: calibrated on the others, else on all.
    pub fn fairest(&self) -> f64 {
        self.left_out.unwrap_or(self.calibrated)
    }
}

const ENDS: [f64; 5] = [0.025, 0.1, 0.5, 0.9, 0.975];

/// The weights before and after, those first that the data say most about.
pub fn weights(posterior: &Posterior, weights: &[Weight], spreads: &[Spread]) -> Vec<WeightFinding> {
    let chance = by_chance(posterior.worth, weights.len());
    let of = |(place, (weight, spread)): (usize, (&Weight, &Spread))| {
        let shares = shares_of(posterior, place);
        let mean_share: f64 = shares.iter().map(|(share, w)| share * w).sum();
        let variance: f64 = shares.iter().map(|(share, w)| w * square(share - mean_share)).sum();
        WeightFinding {
            path: weight.path().to_owned(),
            default: weight.parameter.default,
            range: [spread.value(0.0), spread.value(1.0)],
            prior: ENDS.map(|end| spread.value(end)),
            posterior: ENDS.map(|end| spread.value(weighted_quantile(&shares, end))),
            mean: shares.iter().map(|(share, w)| spread.value(*share) * w).sum(),
            contraction: 1.0 - 12.0 * variance,
            moved: from_uniform(&shares),
            chance,
        }
    };
    let mut found: Vec<WeightFinding> = weights.iter().zip(spreads).enumerate().map(of).collect();
    found.sort_by(|a, b| b.moved.total_cmp(&a.moved));
    found
}

/// Where the draws of a weight lie, as shares of its prior, with how much each counts.
fn shares_of(posterior: &Posterior, place: usize) -> Vec<(f64, f64)> {
    posterior.draws.iter().map(|draw| (draw.at[place], draw.weight)).collect()
}

/// How far so many independent draws lie from what they are drawn from, the furthest of so many weights in one case in twenty.
fn by_chance(draws: f64, weights: usize) -> f64 {
    (-0.5 * ln(0.5 * 0.05 / weights.max(1) as f64) / draws.max(1.0)).sqrt().min(1.0)
}

/// How far the draws of a weight lie from its prior, and what chance makes of that.
#[cfg(test)]
pub(super) fn moved(posterior: &Posterior, place: usize, weights: usize) -> (f64, f64) {
    (from_uniform(&shares_of(posterior, place)), by_chance(posterior.worth, weights))
}

/// The greatest difference of the distribution function of weighted shares from that of a uniform one.
fn from_uniform(shares: &[(f64, f64)]) -> f64 {
    let mut sorted = shares.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut most) = (0.0, 0.0f64);
    for (share, weight) in sorted {
        let before = below;
        below += weight;
        most = most.max((share - before).abs()).max((below - share).abs());
    }
    most
}

/// What runs show of each target over the prior and over the posterior. Worlds are drawn afresh: those that points were kept by would
/// show what they were kept for.
pub fn checks(posterior: &Posterior, (targets, aims): (&[&Target], &[Aim]), seed: u64) -> Vec<Check> {
    let distances = Distances::over(aims, &posterior.prior);
    let worlds = |all: Vec<(&[Outcome], f64)>, batch: &str| -> Vec<(Vec<f64>, f64)> {
        let shown = |(number, (outcomes, weight)): (usize, (&[Outcome], f64))| {
            (distances.shown(outcomes, &distances.deviates(seed, batch, number)), weight)
        };
        all.into_iter().enumerate().map(shown).collect()
    };
    let before = posterior.prior.iter().filter_map(|point| Some((&point.outcomes.as_ref()?[..], 1.0)));
    let after = posterior.particles.iter().map(|particle| (&particle.outcomes[..], particle.weight));
    let before = worlds(before.collect(), "check-prior");
    let after = worlds(after.collect(), "check-posterior");
    let check = |(place, (target, aim)): (usize, (&&Target, &Aim))| {
        let column = |worlds: &[(Vec<f64>, f64)]| -> Vec<(f64, f64)> {
            worlds.iter().map(|(shown, weight)| (unscaled(&target.what, shown[place]), *weight)).collect()
        };
        let (prior, shown) = (column(&before), column(&after));
        let total: f64 = shown.iter().map(|(_, weight)| weight).sum();
        let share = |of: &dyn Fn(f64) -> f64| shown.iter().map(|(value, w)| w * of(*value)).sum::<f64>() / total;
        let observed = unscaled(&target.what, aim.observed);
        let yes_no = aim.kind == Kind::YesNo;
        let probability = if yes_no {
            share(&|chance| if observed > 0.5 { chance } else { 1.0 - chance })
        } else {
            let below = share(&|value| f64::from(u8::from(value < observed)));
            2.0 * below.min(1.0 - below)
        };
        let quantiles = |values: &[(f64, f64)]| [0.1, 0.5, 0.9].map(|share| weighted_quantile(values, share));
        Check {
            id: target.id.clone(),
            text: target.text.clone(),
            conflict: target.conflict.clone(),
            yes_no,
            observed,
            prior: quantiles(&prior),
            posterior: quantiles(&shown),
            probability,
        }
    };
    targets.iter().zip(aims).enumerate().map(check).collect()
}

/// What a value on the scale of a target is in its own unit.
fn unscaled(what: &What, value: f64) -> f64 {
    match what {
        What::Amount { unit: Unit::People | Unit::Fighters | Unit::Count, .. } => exp_m1(value).max(0.0),
        _ => value.clamp(0.0, 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_and_distances_of_weighted_values() {
        let values = [(3.0, 1.0), (1.0, 2.0), (2.0, 1.0)];
        assert!((weighted_quantile(&values, 0.5) - 1.0).abs() < 1e-12);
        assert!((weighted_quantile(&values, 0.6) - 2.0).abs() < 1e-12);
        assert!(weighted_quantile(&[], 0.5).is_nan());
        let even: Vec<(f64, f64)> = (0..100).map(|i| ((f64::from(i) + 0.5) / 100.0, 0.01)).collect();
        assert!(from_uniform(&even) < 0.006);
        let low: Vec<(f64, f64)> = even.iter().map(|(share, weight)| (share / 2.0, *weight)).collect();
        assert!((from_uniform(&low) - 0.5).abs() < 0.01);
    }
}
