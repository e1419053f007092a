//! Whether what is said to be so likely comes to be so often: reliability without bins, and how sharp forecasts are.
//!
//! The consistent, optimally binned, reproducible and PAV-based diagram (CORP: Dimitriadis, Gneiting and Jordan 2021): the
//! isotonic regression of outcomes on forecasts, by pooling adjacent violators (Ayer et al. 1955), says how often each forecast
//! was right, and splits the mean Brier score into miscalibration − discrimination + uncertainty.

use super::rules::brier;
use crate::analysis::interval::{Interval, sorted_quantile};
use crate::analysis::resample::resamples;
use serde::Serialize;

/// The fewest answers of which a curve is drawn.
pub const FEWEST: usize = 20;
/// Parts of the histogram of forecasts.
const PARTS: usize = 10;
/// How many outcomes are drawn for the band.
const RESAMPLES: u32 = 1000;
/// What share of them lies within the band.
const WITHIN: f64 = 0.9;

/// A probability, what came to be, and how much it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Said {
    /// The probability of a yes.
    pub probability: f64,
    /// Whether it came to be.
    pub yes: bool,
    /// Its weight.
    pub weight: f64,
}

/// What a mean Brier score is made of, and the curve that it comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reliability {
    /// How many answers.
    pub answers: usize,
    /// The mean Brier score: miscalibration − discrimination + uncertainty.
    pub brier: f64,
    /// How much of it recalibrating would take away; 0 of what is said as often as it comes to be.
    pub miscalibration: f64,
    /// How much better the recalibrated forecasts do than always saying how often it came to be.
    pub discrimination: f64,
    /// The score of always saying how often it came to be: a matter of the questions, not of the forecasts.
    pub uncertainty: f64,
    /// By forecast, ascending: what is said, how often it came to be, and where that would lie if all were calibrated.
    /// Empty of fewer than [`FEWEST`] answers.
    pub curve: Vec<ReliabilityPoint>,
    /// How many forecasts lie in each tenth of 0 to 1.
    pub histogram: [u64; PARTS],
}

/// A point of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ReliabilityPoint {
    /// The probability that is said.
    pub said: f64,
    /// How often it came to be, by isotonic regression.
    pub came: f64,
    /// Where nine in ten such curves of calibrated forecasts lie.
    pub consistent: Interval,
}

/// Reliability of forecasts; none without any.
pub fn reliability(forecasts: &[Said], seed: u64) -> Option<Reliability> {
    let mut sorted = forecasts.to_vec();
    sorted.sort_by(|a, b| a.probability.total_cmp(&b.probability));
    let total: f64 = sorted.iter().map(|said| said.weight).sum();
    if sorted.is_empty() || total <= 0.0 {
        return None;
    }
    let outcomes: Vec<bool> = sorted.iter().map(|said| said.yes).collect();
    let came = isotonic(&sorted, &outcomes);
    let mean = |score: &dyn Fn(usize, &Said) -> f64| {
        sorted.iter().enumerate().map(|(place, said)| said.weight * score(place, said)).sum::<f64>() / total
    };
    let rate = mean(&|_, said| f64::from(u8::from(said.yes)));
    let score = mean(&|_, said| brier(said.probability, said.yes));
    let recalibrated = mean(&|place, said| brier(came[place], said.yes));
    let uncertainty = mean(&|_, said| brier(rate, said.yes));
    let mut histogram = [0; PARTS];
    for said in &sorted {
        histogram[((said.probability * PARTS as f64) as usize).min(PARTS - 1)] += 1;
    }
    Some(Reliability {
        answers: sorted.len(),
        brier: score,
        miscalibration: score - recalibrated,
        discrimination: uncertainty - recalibrated,
        uncertainty,
        curve: if sorted.len() < FEWEST { Vec::new() } else { curve(&sorted, &came, seed) },
        histogram,
    })
}

/// One point per forecast that is said, with the band of calibrated forecasts.
fn curve(sorted: &[Said], came: &[f64], seed: u64) -> Vec<ReliabilityPoint> {
    let drawn: Vec<Vec<f64>> = resamples("reliability", seed, RESAMPLES)
        .map(|mut draws| {
            let outcomes: Vec<bool> = sorted.iter().map(|said| draws.uniform() < said.probability).collect();
            isotonic(sorted, &outcomes)
        })
        .collect();
    let mut points: Vec<ReliabilityPoint> = Vec::new();
    for (place, said) in sorted.iter().enumerate() {
        if points.last().is_some_and(|last| last.said.total_cmp(&said.probability).is_eq()) {
            continue;
        }
        let mut there: Vec<f64> = drawn.iter().map(|curve| curve[place]).collect();
        there.sort_by(f64::total_cmp);
        let end = |share: f64| sorted_quantile(&there, share).unwrap_or(f64::NAN);
        let consistent = Interval { low: end(0.5 * (1.0 - WITHIN)), high: end(0.5 * (1.0 + WITHIN)) };
        points.push(ReliabilityPoint { said: said.probability, came: came[place], consistent });
    }
    points
}

/// The isotonic regression of outcomes on forecasts in ascending order, one value per forecast: adjacent groups are pooled
/// as long as the later one came to be no more often. Equal forecasts are one group.
fn isotonic(sorted: &[Said], outcomes: &[bool]) -> Vec<f64> {
    struct Group {
        weight: f64,
        yes: f64,
        members: usize,
    }
    let mut groups: Vec<Group> = Vec::new();
    for (place, (said, yes)) in sorted.iter().zip(outcomes).enumerate() {
        let counts = said.weight * f64::from(u8::from(*yes));
        let tied = place > 0 && sorted[place - 1].probability.total_cmp(&said.probability).is_eq();
        match groups.last_mut() {
            Some(last) if tied => {
                last.weight += said.weight;
                last.yes += counts;
                last.members += 1;
            }
            _ => groups.push(Group { weight: said.weight, yes: counts, members: 1 }),
        }
        let more_to_come = sorted.get(place + 1);
        if more_to_come.is_some_and(|next| next.probability.total_cmp(&said.probability).is_eq()) {
            continue;
        }
        while let [.., before, last] = &groups[..]
            && before.yes * last.weight >= last.yes * before.weight
        {
            let Some(Group { weight, yes, members }) = groups.pop() else { break };
            if let Some(pooled) = groups.last_mut() {
                pooled.weight += weight;
                pooled.yes += yes;
                pooled.members += members;
            }
        }
    }
    groups.iter().flat_map(|group| std::iter::repeat_n(group.yes / group.weight, group.members)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{DrawKey, Purpose, Source};

    fn said(list: &[(f64, bool)]) -> Vec<Said> {
        list.iter().map(|&(probability, yes)| Said { probability, yes, weight: 1.0 }).collect()
    }

    #[test]
    fn adjacent_violators_are_pooled() {
        // By hand: 0.2 came never, 0.4 always, 0.6 never; the last two are pooled to one half, 0.8 came always.
        let forecasts = said(&[(0.8, true), (0.2, false), (0.6, false), (0.4, true)]);
        let found = reliability(&forecasts, 1).unwrap();
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        close(found.brier, (0.04 + 0.04 + 0.36 + 0.36) / 4.0);
        close(found.miscalibration, found.brier - 0.125);
        close(found.discrimination, 0.125);
        close(found.uncertainty, 0.25);
        assert!(found.curve.is_empty(), "too few for a curve");
        assert_eq!(found.histogram, [0, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
        assert_eq!(reliability(&[], 1), None);
    }

    #[test]
    fn weights_count_as_repetitions() {
        let repeated = said(&[(0.1, false), (0.1, false), (0.3, true), (0.7, false), (0.7, false), (0.7, true)]);
        let mut weighted = said(&[(0.1, false), (0.3, true), (0.7, false), (0.7, true)]);
        weighted[0].weight = 2.0;
        weighted[2].weight = 2.0;
        let [one, other] = [repeated, weighted].map(|forecasts| reliability(&forecasts, 1).unwrap());
        assert!((one.miscalibration - other.miscalibration).abs() < 1e-12);
        assert!((one.discrimination - other.discrimination).abs() < 1e-12);
    }

    #[test]
    fn calibrated_forecasts_lie_in_the_band_and_overconfident_ones_do_not() {
        let mut draws = Source::new(6, 0).sequence(Purpose::Resampling, DrawKey::whole(), 0);
        let forecasts: Vec<(f64, bool)> = (0..400)
            .map(|number| {
                let probability = f64::from(number % 20) / 20.0 + 0.025;
                (probability, draws.uniform() < probability)
            })
            .collect();
        let outside = |forecasts: &[(f64, bool)]| {
            let found = reliability(&said(forecasts), 1).unwrap();
            assert!((found.brier - found.miscalibration + found.discrimination - found.uncertainty).abs() < 1e-12);
            assert!(found.miscalibration >= 0.0 && found.discrimination >= 0.0);
            found.curve.iter().filter(|point| !point.consistent.contains(point.came)).count()
        };
        assert!(outside(&forecasts) <= 5, "{}", outside(&forecasts));
        let extreme =
            forecasts.iter().map(|(said, yes)| (if *said < 0.5 { said * 0.2 } else { 1.0 - (1.0 - said) * 0.2 }, *yes));
        assert!(outside(&extreme.collect::<Vec<_>>()) >= 10);
    }
}
