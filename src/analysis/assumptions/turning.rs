//! Where a conclusion turns over.

use super::surface::{Resample, mean, widened};
use super::{Flip, STEPS};
use crate::analysis::Estimate;
use crate::analysis::interval::Interval;

/// The mean residual of the runs that lie within a tenth of the range in every input of a set, drawn to 0 as by five
/// more runs without one.
pub(super) fn nearby<'a>(
    set: &[usize],
    at: &[f64],
    residuals: &[(usize, f64)],
    point: impl Fn(usize) -> &'a [f64],
) -> f64 {
    let (mut sum, mut count) = (0.0, 5.0);
    for (run, residual) in residuals {
        let place = point(*run);
        if set.iter().all(|input| (place[*input] - at[*input]).abs() <= 0.1) {
            sum += residual;
            count += 1.0;
        }
    }
    sum / count
}

pub(super) fn subsets(of: &[usize], size: usize) -> Vec<Vec<usize>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (at, first) in of.iter().enumerate() {
        for mut rest in subsets(&of[at + 1..], size - 1) {
            rest.insert(0, *first);
            all.push(rest);
        }
    }
    all
}

/// The point with the smallest sum of moves at which the margin has changed sign, on a grid over the set's inputs. The
/// grid of three inputs is coarser: it has more points, and fewer runs about each.
pub(super) fn nearest_turn(set: &[usize], best: &[f64], holds: bool, margin: impl Fn(&[f64]) -> f64) -> Option<Flip> {
    if (margin(best) > 0.0) != holds {
        return None;
    }
    let steps = if set.len() > 2 { STEPS / 2 } else { STEPS };
    let mut at = best.to_vec();
    let mut nearest: Option<(f64, Vec<f64>)> = None;
    let cells = (0..set.len()).fold(1, |cells, _| cells * (steps + 1));
    for cell in 0..cells {
        let mut rest = cell;
        let mut distance = 0.0;
        for input in set {
            at[*input] = (rest % (steps + 1)) as f64 / steps as f64;
            distance += (at[*input] - best[*input]).abs();
            rest /= steps + 1;
        }
        if nearest.as_ref().is_none_or(|(least, _)| distance < least - 1e-12) && (margin(&at) > 0.0) != holds {
            nearest = Some((distance, set.iter().map(|input| at[*input]).collect()));
        }
    }
    let (distance, to) = nearest?;
    let moves = set.iter().zip(&to).map(|(input, to)| to - best[*input]).collect();
    Some(Flip {
        inputs: set.to_vec(),
        to,
        moves,
        distance,
        turned: Estimate::new(f64::NAN, Interval { low: 0.0, high: 1.0 }, 0),
    })
}

/// Counts how the sampled runs beyond a turning point went: `points` with how likely the conclusion holds at each
/// (`holding`). Where that is not sure, the interval is widened to what resamples scatter.
pub(super) fn verified(
    mut flip: Flip,
    points: &[&[f64]],
    holding: &[f64],
    resamples: &[Resample],
    holds: bool,
    confidence: f64,
) -> Flip {
    let beyond = |at: usize| {
        let mut moved = flip.inputs.iter().zip(&flip.to).zip(&flip.moves);
        moved.all(|((input, to), by)| (points[at][*input] - to) * by.signum() >= 0.0)
    };
    let out: Vec<bool> = (0..points.len()).map(beyond).collect();
    let turned = |of: &mut dyn Iterator<Item = (usize, f64)>| {
        let held: Vec<f64> = of.filter(|(at, _)| out[*at]).map(|(_, holding)| holding).collect();
        (!held.is_empty()).then(|| if holds { 1.0 - mean(&held) } else { mean(&held) })
    };
    let runs = out.iter().filter(|out| **out).count() as u64;
    let share = turned(&mut holding.iter().copied().enumerate()).unwrap_or(f64::NAN);
    let mut shares: Vec<f64> = resamples
        .iter()
        .filter_map(|drawn| turned(&mut drawn.chosen.iter().copied().zip(drawn.holding.iter().copied())))
        .collect();
    flip.turned = widened(Estimate::share_of(share, runs as f64, runs, confidence), &mut shares, confidence);
    flip
}
