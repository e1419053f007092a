//! Rival forecasters of the same answers: how each scores, and the mixture of them that scores best.
//!
//! Stacking (Yao, Vehtari, Simpson and Gelman 2018) gives each forecaster the weight with which the mixture of all has the best
//! mean logarithmic score. What the mixture is worth is told by conflicts that its weights were not fitted to.

use super::{Kind, MeanScore, Rule, ScoredAnswer, Slice, mean_scores};
use crate::base::maths::{exp, ln};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How forecasters score that say something of the same answers.
#[derive(Clone, Debug, Serialize)]
pub struct Rivals {
    /// Each of them, the full model first.
    pub forecasters: Vec<Rival>,
    /// Their mixture; none without answers of yes or no.
    pub stacked: Option<Stacked>,
}

/// A forecaster.
#[derive(Clone, Debug, Serialize)]
pub struct Rival {
    /// Its name.
    pub name: String,
    /// Its mean scores over all answers.
    pub means: Vec<MeanScore>,
}

/// The mixture with the best mean logarithmic score of answers of yes or no.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stacked {
    /// The weight of each forecaster, 0 to 1, fitted to all conflicts; they add up to 1.
    pub weights: Vec<f64>,
    /// Mean logarithmic score with those weights, on what they are fitted to: too good.
    pub fitted: f64,
    /// Each conflict left out in turn; empty where there is but one.
    pub left_out: Vec<LeftOut>,
    /// Mean over the conflicts left out; none where there is but one.
    pub out_of_sample: Option<f64>,
}

/// A conflict that weights were not fitted to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeftOut {
    /// The conflict.
    pub conflict: String,
    /// Weights fitted to the others.
    pub weights: Vec<f64>,
    /// Mean logarithmic score of the mixture on its answers.
    pub score: f64,
}

impl Rivals {
    /// The scores of forecasters, by name, the full model first. Only answers of which all say something are stacked.
    pub fn new(forecasters: &[(String, Vec<ScoredAnswer>)], seed: u64) -> Self {
        let rival = |(name, answers): &(String, Vec<ScoredAnswer>)| {
            let means = mean_scores(answers, seed).into_iter().filter(|mean| mean.slice == Slice::All);
            Rival { name: name.clone(), means: means.collect() }
        };
        Self { forecasters: forecasters.iter().map(rival).collect(), stacked: stacked(forecasters) }
    }
}

/// By conflict, per answer the probability that each forecaster gave to what came to be.
type Said = BTreeMap<String, Vec<Vec<f64>>>;

fn stacked(forecasters: &[(String, Vec<ScoredAnswer>)]) -> Option<Stacked> {
    let mut by_answer: BTreeMap<(&str, &str, &str), Vec<f64>> = BTreeMap::new();
    for (_, answers) in forecasters {
        for answer in answers.iter().filter(|answer| answer.kind == Kind::YesNo) {
            let said = answer.forecast.score(Rule::Logarithmic).map_or(f64::NAN, |score| exp(-score));
            by_answer.entry((&answer.conflict, &answer.scenario, &answer.answer)).or_default().push(said);
        }
    }
    let mut said = Said::new();
    for ((conflict, ..), answer) in by_answer.into_iter().filter(|(_, answer)| answer.len() == forecasters.len()) {
        said.entry(conflict.to_owned()).or_default().push(answer);
    }
    if said.is_empty() {
        return None;
    }
    let conflicts: BTreeSet<&str> = said.keys().map(String::as_str).collect();
    let (weights, left_out) = (fit(&said, None), leave_each_out(&said, &conflicts));
    let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
    let fitted: Vec<f64> = said.values().map(|answers| mixture_score(answers, &weights)).collect();
    let scores: Vec<f64> = left_out.iter().map(|left| left.score).collect();
    let out_of_sample = (!scores.is_empty()).then(|| mean(&scores));
    Some(Stacked { weights, fitted: mean(&fitted), left_out, out_of_sample })
}

fn leave_each_out(said: &Said, conflicts: &BTreeSet<&str>) -> Vec<LeftOut> {
    let leave = |conflict: &str| {
        let weights = fit(said, Some(conflict));
        let score = mixture_score(&said[conflict], &weights);
        LeftOut { conflict: conflict.to_owned(), weights, score }
    };
    if conflicts.len() < 2 { Vec::new() } else { conflicts.iter().map(|conflict| leave(conflict)).collect() }
}

/// Weights fitted to all conflicts but one, each of which counts the same.
fn fit(said: &Said, but: Option<&str>) -> Vec<f64> {
    let used = said.iter().filter(|(conflict, _)| Some(conflict.as_str()) != but);
    let (mut rows, mut counts) = (Vec::new(), Vec::new());
    for (_, answers) in used {
        for answer in answers {
            rows.push(answer.clone());
            counts.push(1.0 / answers.len() as f64);
        }
    }
    weights(&rows, &counts)
}

fn mixture(answer: &[f64], weights: &[f64]) -> f64 {
    answer.iter().zip(weights).map(|(said, weight)| said * weight).sum()
}

/// Mean logarithmic score of a mixture.
fn mixture_score(answers: &[Vec<f64>], weights: &[f64]) -> f64 {
    answers.iter().map(|answer| -ln(mixture(answer, weights))).sum::<f64>() / answers.len() as f64
}

/// The weights on the simplex for which the mean logarithm of the mixture is greatest, within 1e-8 of it or after 20,000 steps of the EM
/// iteration, which begins with equal weights and rises throughout (Dempster, Laird and Rubin 1977). `said` has a row for each answer with
/// the probability (or density) that each forecaster gave to what came to be, `counts` how much each answer counts.
pub fn weights(said: &[Vec<f64>], counts: &[f64]) -> Vec<f64> {
    const MOST_ITERATIONS: usize = 20_000;
    const GAP: f64 = 1e-8;
    let forecasters = said.first().map_or(0, Vec::len);
    let all: f64 = counts.iter().sum();
    let mut weights = vec![1.0 / forecasters.max(1) as f64; forecasters];
    for _ in 0..MOST_ITERATIONS {
        // The gradient; at the best weights none is above 1, and the mean logarithm is within the excess of the best.
        let mut gradient = vec![0.0; forecasters];
        for (answer, count) in said.iter().zip(counts) {
            let mixed = mixture(answer, &weights);
            if mixed > 0.0 {
                gradient.iter_mut().zip(answer).for_each(|(sum, said)| *sum += count / all * said / mixed);
            }
        }
        weights.iter_mut().zip(&gradient).for_each(|(weight, gradient)| *weight *= gradient);
        if gradient.iter().all(|gradient| *gradient < 1.0 + GAP) {
            break;
        }
    }
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum.max(f64::MIN_POSITIVE)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::answer::Forecast;
    use super::*;

    /// Answers of a conflict, each said with a probability, of which the first so many came to be.
    fn answers(conflict: &str, said: f64, yes: usize, number: usize) -> Vec<ScoredAnswer> {
        (0..number)
            .map(|place| ScoredAnswer {
                conflict: conflict.into(),
                scenario: conflict.into(),
                group: None,
                question: format!("q{place}"),
                answer: format!("q{place}"),
                text: String::new(),
                days: 180.0,
                kind: Kind::YesNo,
                observed: f64::from(u8::from(place < yes)),
                runs: 100,
                forecast: Forecast::probability(said, said, place < yes),
                baselines: Vec::new(),
                source: None,
            })
            .collect()
    }

    #[test]
    fn two_forecasters_are_mixed_to_the_share_that_came_to_be() {
        // One says 0.8, the other 0.2: the mixture 0.2 + 0.6 w is best at the share of yes.
        for (yes, expected) in [(5, 0.5), (7, 5.0 / 6.0), (3, 1.0 / 6.0), (9, 1.0), (1, 0.0)] {
            let rows: Vec<Vec<f64>> =
                (0..10).map(|row| if row < yes { vec![0.8, 0.2] } else { vec![0.2, 0.8] }).collect();
            let found = weights(&rows, &[1.0; 10]);
            assert!(
                (found[0] - expected).abs() < 1e-4 && (found.iter().sum::<f64>() - 1.0).abs() < 1e-12,
                "{yes}: {found:?}"
            );
        }
    }

    #[test]
    fn a_forecaster_that_is_better_throughout_has_all_weight_and_equals_share_it() {
        let found = weights(&vec![vec![0.9, 0.6, 0.3]; 4], &[1.0; 4]);
        assert!(found[0] > 1.0 - 1e-6, "{found:?}");
        let alike = weights(&vec![vec![0.7, 0.7]; 4], &[1.0; 4]);
        assert!((alike[0] - 0.5).abs() < 1e-12);
    }

    #[test]
    fn weights_are_fitted_to_the_other_conflicts() {
        // In two conflicts most comes to be, in the third little: without it, who says 0.8 has all weight.
        let of = |said: f64| {
            let conflicts = [("a", 9), ("b", 9), ("c", 2)];
            conflicts.into_iter().flat_map(|(name, yes)| answers(name, said, yes, 10)).collect::<Vec<_>>()
        };
        let found = Rivals::new(&[("high".into(), of(0.8)), ("low".into(), of(0.2))], 1);
        let stacked = found.stacked.unwrap();
        // Of all, two thirds of .9 and a third of .2: .667, so w = (.667 − .2) / .6.
        assert!((stacked.weights[0] - (2.0 / 3.0 - 0.2) / 0.6).abs() < 1e-4, "{:?}", stacked.weights);
        let left = |name: &str| stacked.left_out.iter().find(|left| left.conflict == name).unwrap();
        assert!(left("c").weights[0] > 1.0 - 1e-6);
        let expected = -(2.0 * ln(0.8) + 8.0 * ln(0.2)) / 10.0;
        assert!((left("c").score - expected).abs() < 1e-5);
        assert!((left("a").weights[0] - (0.55 - 0.2) / 0.6).abs() < 1e-4);
        let mean = stacked.left_out.iter().map(|left| left.score).sum::<f64>() / 3.0;
        assert!((stacked.out_of_sample.unwrap() - mean).abs() < 1e-12 && mean > stacked.fitted);
    }

    #[test]
    fn of_one_conflict_nothing_can_be_left_out() {
        let of = |said| answers("a", said, 7, 10);
        let stacked = Rivals::new(&[("high".into(), of(0.8)), ("low".into(), of(0.2))], 1).stacked.unwrap();
        assert_eq!((stacked.left_out.len(), stacked.out_of_sample), (0, None));
        assert!((stacked.weights[0] - 5.0 / 6.0).abs() < 1e-4);
    }
}
