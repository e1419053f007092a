//! Where a conclusion turns over.

use super::surface::{Resample, mean, share_of, widened};
use super::{Flip, STEPS};
use crate::analysis::Estimate;
use crate::analysis::interval::Interval;

/// The mean residual of the runs that lie within a tenth of the range in every input of a set of up to three, drawn to 0 as
/// by five more runs without one.
pub(super) struct Nearby<'a> {
    set: &'a [usize],
    places: &'a [&'a [f64]],
    residuals: &'a [f64],
    /// Sums of residuals and numbers of runs over all cells up to one, exclusive, in each of three directions.
    sums: Vec<(f64, f64)>,
}

impl<'a> Nearby<'a> {
    /// Cells along an input: those between steps, and the steps themselves, on which many runs lie where values are round.
    const CELLS: usize = 2 * STEPS + 1;
    /// How many cells a tenth of the range is.
    const TENTH: usize = STEPS / 5;

    /// Of runs by their places and residuals.
    pub fn new(set: &'a [usize], places: &'a [&'a [f64]], residuals: &'a [f64]) -> Self {
        let sides = Self::sides(set);
        let index = |cell: [usize; 3]| (cell[0] * (sides[1] + 1) + cell[1]) * (sides[2] + 1) + cell[2];
        let mut sums = vec![(0.0, 0.0); index([sides[0], sides[1], sides[2]]) + 1];
        for (place, residual) in places.iter().zip(residuals) {
            let mut cell = [1; 3];
            set.iter().zip(&mut cell).for_each(|(input, cell)| *cell = 1 + Self::cell(place[*input]));
            let (sum, count) = &mut sums[index(cell)];
            *sum += residual;
            *count += 1.0;
        }
        for direction in 0..3 {
            for at in 0..=sides[0] {
                for up in 0..=sides[1] {
                    for out in 0..=sides[2] {
                        let cell = [at, up, out];
                        if cell[direction] > 0 {
                            let mut before = cell;
                            before[direction] -= 1;
                            let (sum, count) = sums[index(before)];
                            let here = &mut sums[index(cell)];
                            *here = (here.0 + sum, here.1 + count);
                        }
                    }
                }
            }
        }
        Self { set, places, residuals, sums }
    }

    /// How many cells there are in each direction.
    fn sides(set: &[usize]) -> [usize; 3] {
        [0, 1, 2].map(|direction| if direction < set.len() { Self::CELLS } else { 1 })
    }

    /// The cell of a share of a range: an even one where it is a step.
    fn cell(share: f64) -> usize {
        let steps = share.clamp(0.0, 1.0) * STEPS as f64;
        let whole = steps.round();
        if (steps - whole).abs() < 1e-9 { 2 * whole as usize } else { 2 * steps.floor() as usize + 1 }
    }

    /// About a point.
    pub fn mean(&self, at: &[f64]) -> f64 {
        let cells: Vec<usize> = self.set.iter().map(|input| Self::cell(at[*input])).collect();
        if cells.iter().any(|cell| cell % 2 > 0) {
            return self.mean_of_all(at);
        }
        let sides = Self::sides(self.set);
        let ends = |direction: usize| match cells.get(direction) {
            Some(cell) => [cell.saturating_sub(Self::TENTH), (cell + Self::TENTH + 1).min(sides[direction])],
            None => [0, 1],
        };
        let (mut sum, mut count) = (0.0, 5.0);
        // What lies between two ends in every direction, by inclusion and exclusion.
        for corner in 0..8usize {
            let cell = [0, 1, 2].map(|direction| ends(direction)[corner >> direction & 1]);
            let sign = if corner.count_ones() % 2 == 1 { 1.0 } else { -1.0 };
            let (of_sum, of_count) = self.sums[(cell[0] * (sides[1] + 1) + cell[1]) * (sides[2] + 1) + cell[2]];
            sum += sign * of_sum;
            count += sign * of_count;
        }
        sum / count
    }

    /// The same about a point that is no step, from all runs.
    fn mean_of_all(&self, at: &[f64]) -> f64 {
        let (mut sum, mut count) = (0.0, 5.0);
        for (place, residual) in self.places.iter().zip(self.residuals) {
            if self.set.iter().all(|input| (place[*input] - at[*input]).abs() <= 0.1) {
                sum += residual;
                count += 1.0;
            }
        }
        sum / count
    }
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
        let (mut distance, mut least) = (0.0, f64::INFINITY);
        for input in set {
            at[*input] = (rest % (steps + 1)) as f64 / steps as f64;
            let by = (at[*input] - best[*input]).abs();
            (distance, least) = (distance + by, least.min(by));
            rest /= steps + 1;
        }
        // One that stays where it is belongs to a smaller set.
        if least < 0.5 / steps as f64 {
            continue;
        }
        if nearest.as_ref().is_none_or(|(nearest, _)| distance < nearest - 1e-12) && (margin(&at) > 0.0) != holds {
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
        borne_out: false,
    })
}

/// So many runs at least bear a set out: one or two at the very end of a range say little, whatever they gave.
const BEARING: u64 = 5;

/// Counts how the sampled runs beyond a turning point went: `points` with how likely the conclusion holds at each
/// (`holding`) and its family. Where that is not sure, the interval is widened to what resamples scatter.
pub(super) fn verified(
    mut flip: Flip,
    points: &[&[f64]],
    (holding, families): (&[f64], &[u32]),
    resamples: &[Resample],
    holds: bool,
    confidence: f64,
) -> Flip {
    let beyond = |at: usize| {
        let mut moved = flip.inputs.iter().zip(&flip.to).zip(&flip.moves);
        moved.all(|((input, to), by)| (points[at][*input] - to) * by.signum() >= 0.0)
    };
    let beyond: Vec<usize> = (0..points.len()).filter(|at| beyond(*at)).collect();
    let turned = |weight: &dyn Fn(usize) -> f64, holding: &[f64]| {
        let add = |(sum, n): (f64, f64), at: &usize| (sum + weight(*at) * holding[*at], n + weight(*at));
        let (sum, n) = beyond.iter().fold((0.0, 0.0), add);
        (n > 0.0).then(|| if holds { 1.0 - sum / n } else { sum / n })
    };
    let of = |drawn: &Resample| turned(&|at| drawn.weights[at], &drawn.holding);
    let mut shares: Vec<f64> = resamples.iter().filter_map(of).collect();
    let turning: Vec<f64> = holding.iter().map(|holding| if holds { 1.0 - holding } else { *holding }).collect();
    flip.turned = widened(share_of(&turning, &beyond, families, confidence), &mut shares, confidence);
    let overall = mean(holding);
    let everywhere = if holds { 1.0 - overall } else { overall };
    flip.borne_out = flip.turned.n >= BEARING && flip.turned.low > everywhere;
    flip
}
