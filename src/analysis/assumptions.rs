//! The key-assumptions check: which unproven inputs a conclusion rests on.
//!
//! Inputs are free to move within their ranges. How often does the conclusion hold, and which of them, moved together
//! and how far, would turn it over while the others stay at their best estimates? Turning points are found on a response
//! surface fitted to the sample and put right by the runs nearby, then checked against all runs beyond them.

use super::interval::{Interval, wilson};
use serde::Serialize;

/// Runs over free inputs, with the conclusion's margin in each.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// Inputs row-major, each as a share of its range, 0–1.
    pub points: &'a [f64],
    /// How many inputs a run has.
    pub columns: usize,
    /// Per run, by how much the conclusion holds (above 0) or fails (below 0), in any unit; ±1 if only that is known.
    /// A run that failed is not finite.
    pub margins: &'a [f64],
    /// The best estimates of the inputs, as shares of their ranges, 0–1.
    pub best: &'a [f64],
}

/// What a conclusion rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assumptions {
    /// Share of runs in which the conclusion holds, 0–1; failed runs are left out here and counted in `bounds`.
    pub holds: f64,
    /// Wilson's interval of that share.
    pub interval: Interval,
    /// The share if all failed runs had gone against the conclusion, and if all had gone with it.
    pub bounds: Interval,
    /// Whether it holds at the best estimates, by the fitted surface.
    pub holds_at_best: bool,
    /// Sets of inputs that turn it over: the smallest first, of equal size the least moved first. No set holds another.
    pub flips: Vec<Flip>,
    /// Inputs by how far the fitted margin swings over their range, as a share of the greatest swing, widest first.
    pub swings: Vec<(usize, f64)>,
    /// Share of the margins' variance that the fitted surface explains, 0–1. Where it is low, lean on each flip's
    /// `turned`, not on its place.
    pub fit: f64,
}

/// A set of inputs that turns the conclusion over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Flip {
    /// The inputs, ascending.
    pub inputs: Vec<usize>,
    /// Where each must be for the conclusion to turn, as a share of its range, 0–1.
    pub to: Vec<f64>,
    /// How far each moves from its best estimate, as a share of its range, with its sign.
    pub moves: Vec<f64>,
    /// The sum of the moves' sizes.
    pub distance: f64,
    /// Share of sampled runs in which the conclusion is turned over among those where all these inputs are as far out
    /// or further, whatever the others are; none if the sample has no such run.
    pub turned: Option<f64>,
    /// Wilson's interval of that share.
    pub turned_interval: Interval,
    /// How many runs that is.
    pub runs: usize,
}

/// Why there is nothing to say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssumptionsError {
    /// Numbers do not fit together.
    #[error("{points} input values and {best} best estimates do not fit {runs} runs with {columns} inputs each")]
    Shape {
        /// How many input values.
        points: usize,
        /// How many best estimates.
        best: usize,
        /// How many runs.
        runs: usize,
        /// How many inputs.
        columns: usize,
    },
    /// There are too few runs to fit anything.
    #[error("{found} runs that did not fail are too few for {columns} free inputs: it takes at least {least}")]
    TooFew {
        /// How many runs.
        found: usize,
        /// How many inputs.
        columns: usize,
        /// How many runs it takes.
        least: usize,
    },
}

/// Inputs between which interactions are fitted and sets are searched.
const LEADING: usize = 8;
/// Steps into which an input's range is cut in the search.
const STEPS: usize = 20;

/// Checks a conclusion. Sets of up to three of the eight inputs with the widest swings are searched, in steps of a
/// twentieth of the range.
///
/// # Errors
/// If numbers do not fit, or there are fewer than three runs per fitted coefficient of the main effects.
pub fn check(sample: &Sample, confidence: f64) -> Result<Assumptions, AssumptionsError> {
    let Sample { points, columns, margins, best } = *sample;
    if points.len() != columns * margins.len() || best.len() != columns || columns == 0 {
        return Err(AssumptionsError::Shape { points: points.len(), best: best.len(), runs: margins.len(), columns });
    }
    let kept: Vec<usize> = (0..margins.len()).filter(|run| margins[*run].is_finite()).collect();
    let least = 3 * (1 + 2 * columns);
    if kept.len() < least {
        return Err(AssumptionsError::TooFew { found: kept.len(), columns, least });
    }
    let point = |run: usize| &points[run * columns..][..columns];
    let holding = kept.iter().filter(|run| margins[**run] > 0.0).count();
    let failed = margins.len() - kept.len();
    let share = |held: usize, of: usize| held as f64 / of as f64;
    let fit = |leading: &[usize]| {
        let rows: Vec<Vec<f64>> = kept.iter().map(|run| terms(point(*run), leading)).collect();
        let targets: Vec<f64> = kept.iter().map(|run| margins[*run]).collect();
        let coefficients = least_squares(&rows, &targets);
        let explained = explained(&rows, &targets, &coefficients);
        (coefficients, explained)
    };
    let value = |coefficients: &[f64], leading: &[usize], at: &[f64]| -> f64 {
        terms(at, leading).iter().zip(coefficients).map(|(term, coefficient)| term * coefficient).sum()
    };
    let (main, _) = fit(&[]);
    let mut swings: Vec<(usize, f64)> =
        (0..columns).map(|input| (input, swing(input, best, |at| value(&main, &[], at)))).collect();
    swings.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut leading: Vec<usize> = swings.iter().take(LEADING).map(|(input, _)| *input).collect();
    leading.sort_unstable();
    // Interactions need runs of their own.
    let pairs = leading.len() * (leading.len() - 1) / 2;
    let interacting: &[usize] = if kept.len() >= least + 3 * pairs { &leading } else { &[] };
    let (coefficients, explained) = fit(interacting);
    let surface = |at: &[f64]| value(&coefficients, interacting, at);
    for (input, swing_of) in &mut swings {
        *swing_of = swing(*input, best, surface);
    }
    swings.sort_by(|a, b| b.1.total_cmp(&a.1));
    let widest = swings.first().map_or(0.0, |(_, swing)| *swing).max(f64::MIN_POSITIVE);
    for (_, swing_of) in &mut swings {
        *swing_of /= widest;
    }
    let holds_at_best = surface(best) > 0.0;
    let residuals: Vec<(usize, f64)> = kept.iter().map(|run| (*run, margins[*run] - surface(point(*run)))).collect();
    let mut flips: Vec<Flip> = Vec::new();
    for size in 1..=3 {
        let mut found: Vec<Flip> = subsets(&leading, size)
            .into_iter()
            .filter(|set| !flips.iter().any(|flip| flip.inputs.iter().all(|input| set.contains(input))))
            .filter_map(|set| {
                // Where the surface misses, as at a threshold, the runs nearby put it right.
                let margin = |at: &[f64]| surface(at) + nearby(&set, at, &residuals, point);
                nearest_turn(&set, best, holds_at_best, margin)
            })
            .map(|flip| verified(flip, &kept, point, margins, holds_at_best, confidence))
            .collect();
        found.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        flips.append(&mut found);
    }
    Ok(Assumptions {
        holds: share(holding, kept.len()),
        interval: wilson(holding as u64, kept.len() as u64, confidence),
        bounds: Interval { low: share(holding, margins.len()), high: share(holding + failed, margins.len()) },
        holds_at_best,
        flips,
        swings,
        fit: explained,
    })
}

/// 1, every input and its square, and the products of the leading inputs.
fn terms(point: &[f64], leading: &[usize]) -> Vec<f64> {
    let centred = |input: usize| point[input] - 0.5;
    let mut terms = vec![1.0];
    terms.extend((0..point.len()).map(centred));
    terms.extend((0..point.len()).map(|input| centred(input) * centred(input) - 1.0 / 12.0));
    for (at, one) in leading.iter().enumerate() {
        terms.extend(leading[at + 1..].iter().map(|other| centred(*one) * centred(*other)));
    }
    terms
}

/// How far a surface swings while one input runs over its range.
fn swing(input: usize, best: &[f64], surface: impl Fn(&[f64]) -> f64) -> f64 {
    let mut at = best.to_vec();
    let values = (0..=STEPS).map(|step| {
        at[input] = step as f64 / STEPS as f64;
        surface(&at)
    });
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)));
    high - low
}

/// Coefficients of least squares, by Cholesky decomposition of the normal equations with a ridge so small that it only
/// keeps inputs that never vary from dividing by zero.
fn least_squares(rows: &[Vec<f64>], targets: &[f64]) -> Vec<f64> {
    let width = rows.first().map_or(0, Vec::len);
    let mut normal = vec![vec![0.0; width]; width];
    let mut solution = vec![0.0; width];
    for (row, target) in rows.iter().zip(targets) {
        for i in 0..width {
            solution[i] += row[i] * target;
            for j in 0..=i {
                normal[i][j] += row[i] * row[j];
            }
        }
    }
    let ridge = 1e-6 * rows.len() as f64;
    for i in 0..width {
        normal[i][i] += if i == 0 { 0.0 } else { ridge };
        for j in 0..=i {
            let sum: f64 = normal[i][j] - (0..j).map(|k| normal[i][k] * normal[j][k]).sum::<f64>();
            normal[i][j] = if i == j { sum.max(1e-12).sqrt() } else { sum / normal[j][j] };
        }
    }
    for i in 0..width {
        let known: f64 = (0..i).map(|k| normal[i][k] * solution[k]).sum();
        solution[i] = (solution[i] - known) / normal[i][i];
    }
    for i in (0..width).rev() {
        let known: f64 = (i + 1..width).map(|k| normal[k][i] * solution[k]).sum();
        solution[i] = (solution[i] - known) / normal[i][i];
    }
    solution
}

fn explained(rows: &[Vec<f64>], targets: &[f64], coefficients: &[f64]) -> f64 {
    let mean = targets.iter().sum::<f64>() / targets.len() as f64;
    let (mut left, mut total) = (0.0, 0.0);
    for (row, target) in rows.iter().zip(targets) {
        let fitted: f64 = row.iter().zip(coefficients).map(|(term, coefficient)| term * coefficient).sum();
        left += (target - fitted) * (target - fitted);
        total += (target - mean) * (target - mean);
    }
    if total > 0.0 { (1.0 - left / total).max(0.0) } else { 1.0 }
}

/// The mean residual of the runs that lie within a tenth of the range in every input of a set, drawn to 0 as by five
/// more runs without one.
fn nearby<'a>(set: &[usize], at: &[f64], residuals: &[(usize, f64)], point: impl Fn(usize) -> &'a [f64]) -> f64 {
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

fn subsets(of: &[usize], size: usize) -> Vec<Vec<usize>> {
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
fn nearest_turn(set: &[usize], best: &[f64], holds: bool, margin: impl Fn(&[f64]) -> f64) -> Option<Flip> {
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
    let turned_interval = Interval { low: 0.0, high: 1.0 };
    Some(Flip { inputs: set.to_vec(), to, moves, distance, turned: None, turned_interval, runs: 0 })
}

/// Counts how the sampled runs beyond a turning point went.
fn verified<'a>(
    mut flip: Flip,
    kept: &[usize],
    point: impl Fn(usize) -> &'a [f64],
    margins: &[f64],
    holds: bool,
    confidence: f64,
) -> Flip {
    let beyond = |run: usize| {
        let mut moved = flip.inputs.iter().zip(&flip.to).zip(&flip.moves);
        moved.all(|((input, to), by)| (point(run)[*input] - to) * by.signum() >= 0.0)
    };
    let held: Vec<usize> = kept.iter().copied().filter(|run| beyond(*run)).collect();
    let turned = held.iter().filter(|run| (margins[**run] > 0.0) != holds).count();
    flip.runs = held.len();
    flip.turned = (!held.is_empty()).then(|| turned as f64 / held.len() as f64);
    flip.turned_interval = wilson(turned as u64, held.len() as u64, confidence);
    flip
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::design::{Points, latin};

    fn checked(points: &Points, best: &[f64], margin: impl Fn(&[f64]) -> f64) -> Assumptions {
        let margins: Vec<f64> = points.iter().map(margin).collect();
        let sample = Sample { points: points.values(), columns: points.dimensions(), margins: &margins, best };
        check(&sample, 0.95).unwrap()
    }

    #[test]
    fn one_planted_input_turns_the_conclusion_at_its_threshold() {
        let points = latin::sample(&[600], 6, 1);
        let found = checked(&points, &[0.5, 0.5, 0.1, 0.5, 0.5, 0.5], |p| 0.4 - p[2] + 0.05 * p[4]);
        assert!(found.holds_at_best && found.fit > 0.99);
        assert!((found.holds - 0.425).abs() < 0.02 && found.interval.contains(0.425));
        let first = &found.flips[0];
        assert_eq!(first.inputs, [2]);
        assert!((first.to[0] - 0.45).abs() < 0.051 && first.moves[0] > 0.0, "{first:?}");
        assert!(first.turned.unwrap() > 0.97 && first.turned_interval.contains(0.99));
        // Whatever else is moved along is not needed, so no other set is named.
        assert_eq!(found.flips.len(), 1);
        assert_eq!((found.swings[0].0, found.swings[1].0), (2, 4));
        assert!((found.swings[0].1 - 1.0).abs() < 1e-12 && (found.swings[1].1 - 0.05).abs() < 0.01);
    }

    #[test]
    fn two_planted_inputs_turn_it_only_together() {
        let points = latin::sample(&[2000], 5, 2);
        let together = |p: &[f64]| if p[0] > 0.6 && p[3] < 0.4 { -1.0 } else { 1.0 };
        let found = checked(&points, &[0.2, 0.5, 0.5, 0.8, 0.5], together);
        assert!(found.holds_at_best && (found.holds - 0.84).abs() < 0.02);
        let first = &found.flips[0];
        assert_eq!(first.inputs, [0, 3], "{:?}", found.flips);
        assert!((first.to[0] - 0.6).abs() < 0.11 && (first.to[1] - 0.4).abs() < 0.16, "{first:?}");
        assert!(first.turned.unwrap() > 0.9, "{first:?}");
    }

    #[test]
    fn a_conclusion_that_always_holds_is_turned_by_nothing() {
        let points = latin::sample(&[300], 4, 3);
        let found = checked(&points, &[0.5; 4], |p| 1.0 + 0.3 * p[0]);
        assert!(found.flips.is_empty() && found.holds_at_best);
        assert!((found.holds - 1.0).abs() < 1e-12 && found.interval.high > 0.999);
    }

    #[test]
    fn failed_runs_bound_the_share_and_few_runs_are_refused() {
        let points = latin::sample(&[200], 2, 3);
        let found = checked(&points, &[0.1, 0.5], |p| if p[1] > 0.9 { f64::NAN } else { 0.5 - p[0] });
        assert!(found.bounds.low < found.holds && found.holds < found.bounds.high);
        assert!((found.bounds.half_width() - 0.05).abs() < 0.003);
        let few = Sample { points: &[0.5; 4], columns: 2, margins: &[1.0, -1.0], best: &[0.5; 2] };
        assert_eq!(check(&few, 0.95), Err(AssumptionsError::TooFew { found: 2, columns: 2, least: 15 }));
    }
}
