//! Where the fitted surface misses what points gave, told from luck by what points that lie together have in common.
//!
//! Of a point that was run once nobody knows how much of its distance from the surface is luck. But luck differs from point to
//! point, while what the surface misses, such as a threshold, is alike in points nearby. So points are halved again and again, first
//! along one input after the other, then along the leading ones in turn, and how far each half's mean distance lies from that of the
//! whole is kept by as much as it is more than luck (empirical Bayes, Morris 1983): the wavelets of Haar on points as they lie.

use crate::base::maths::ln;

/// The fewest points of a cell: enough for their mean to be told from luck, and few enough to find a threshold.
const LEAST: usize = 40;

/// Points that are halved along inputs in turn, down to cells that hold too few to be halved.
pub(super) struct Cells {
    /// Per depth, from the first halves on, the half in which each point lies; one that was not cut further stands for itself.
    depths: Vec<Vec<u32>>,
    /// How many halves there are, of all depths, with the whole.
    count: usize,
    whole: Half,
}

/// Some of the points, and how they are cut further.
struct Half {
    number: u32,
    cut: Option<Cut>,
}

struct Cut {
    input: usize,
    at: f64,
    halves: Box<[Half; 2]>,
}

impl Cells {
    /// Of points by their places, cut along some inputs.
    pub fn new(places: &[&[f64]], inputs: &[usize]) -> Self {
        let mut cells = Self { depths: Vec::new(), count: 0, whole: Half { number: 0, cut: None } };
        let mut points: Vec<usize> = (0..places.len()).collect();
        cells.whole = cells.halved(&mut points, places, (inputs, 0), 0);
        cells
    }

    /// Halves some points, as long as each half has enough, by an input that has its turn.
    fn halved(
        &mut self,
        points: &mut [usize],
        places: &[&[f64]],
        (inputs, next): (&[usize], usize),
        depth: usize,
    ) -> Half {
        let number = self.count as u32;
        self.count += 1;
        // Deeper depths, which may come later, begin as copies of the one above.
        if depth > 0 {
            for below in &mut self.depths[depth - 1..] {
                points.iter().for_each(|point| below[*point] = number);
            }
        }
        for turn in next..next + inputs.len() {
            let input = inputs[turn % inputs.len()];
            points.sort_by(|a, b| places[*a][input].total_cmp(&places[*b][input]));
            let value = |rank: usize| places[points[rank]][input];
            // Equal values stay together: the cut is where a new one begins nearest to the middle.
            let new = (LEAST..(points.len() + 1).saturating_sub(LEAST)).filter(|rank| value(rank - 1) < value(*rank));
            let Some(rank) = new.min_by_key(|rank| rank.abs_diff(points.len() / 2)) else { continue };
            let at = f64::midpoint(value(rank - 1), value(rank));
            if self.depths.len() == depth {
                let above = self.depths.last().cloned();
                self.depths.push(above.unwrap_or_else(|| vec![0; places.len()]));
            }
            let (below, above) = points.split_at_mut(rank);
            let halves = [below, above].map(|half| self.halved(half, places, (inputs, turn + 1), depth + 1));
            return Half { number, cut: Some(Cut { input, at, halves: Box::new(halves) }) };
        }
        Half { number, cut: None }
    }

    /// The last half in which each point lies.
    fn last(&self) -> &[u32] {
        self.depths.last().map_or(&[], Vec::as_slice)
    }

    /// The last half in which a place lies.
    fn at(&self, place: &[f64]) -> usize {
        let mut half = &self.whole;
        while let Some(Cut { input, at, halves }) = &half.cut {
            half = &halves[usize::from(place[*input] >= *at)];
        }
        half.number as usize
    }
}

/// By how much the surface is put right in each cell.
pub(super) struct Misfit<'a> {
    stages: Vec<Stage<'a>>,
}

/// What is put right by one way of halving.
struct Stage<'a> {
    cells: &'a Cells,
    /// By how much, in each half that is not cut further.
    shifts: Vec<f64>,
    /// The variance that is left about that.
    variances: Vec<f64>,
    /// Per depth and half, the share that is no luck of how far its mean lies from that of the half that it is one of, 0–1.
    kept: Vec<Vec<f64>>,
}

impl<'a> Misfit<'a> {
    /// Of the distances of points from the surface, by ways of halving them that follow each other.
    pub fn new(cells: &'a [Cells], residuals: &[f64]) -> Self {
        let (mut left, once) = (residuals.to_vec(), vec![1.0; residuals.len()]);
        let stage = |cells: &'a Cells| Stage::new(cells, None, &once, &mut left);
        Self { stages: cells.iter().map(stage).collect() }
    }

    /// The same of other distances, of points that count as often as `weights` says, with as much taken for luck as before: what is
    /// drawn twice would pass for what points have in common.
    pub fn again(&self, residuals: &[f64], weights: &[f64]) -> Self {
        let mut left = residuals.to_vec();
        let stage = |before: &Stage<'a>| Stage::new(before.cells, Some(before), weights, &mut left);
        Self { stages: self.stages.iter().map(stage).collect() }
    }

    /// Per point, by how much the surface is put right there, and the variance that is left about that.
    pub fn of_points(&self) -> Vec<(f64, f64)> {
        let points = self.stages.first().map_or(0, |stage| stage.cells.last().len());
        let mut found = vec![(0.0, 0.0); points];
        for Stage { cells, shifts, variances, .. } in &self.stages {
            for ((shift, variance), half) in found.iter_mut().zip(cells.last()) {
                *shift += shifts[*half as usize];
                *variance += variances[*half as usize];
            }
        }
        found
    }

    /// By how much the surface is put right at a place.
    pub fn at(&self, place: &[f64]) -> f64 {
        self.stages.iter().map(|stage| stage.shifts[stage.cells.at(place)]).sum()
    }
}

impl<'a> Stage<'a> {
    /// What is put right of what is `left`, from which it is taken off; with what a stage before took for luck.
    fn new(cells: &'a Cells, before: Option<&Self>, weights: &[f64], left: &mut [f64]) -> Self {
        let none = vec![0.0; cells.count];
        let mut stage = Self { cells, shifts: none.clone(), variances: none, kept: Vec::new() };
        let whole = vec![0; left.len()];
        let mut above = (whole.as_slice(), means(&whole, 1, left, weights));
        for (depth, halves) in cells.depths.iter().enumerate() {
            let means = means(halves, cells.count, left, weights);
            // Of each half: its last ones' place, how far it lies from the one that it is of, and the luck in that.
            let mut apart: Vec<Option<Apart>> = vec![None; cells.count];
            for (half, of) in halves.iter().zip(above.0) {
                let ((mean, n), (mean_of, n_of)) = (means[*half as usize], above.1[*of as usize]);
                if half != of && n > 0.0 {
                    apart[*half as usize].get_or_insert(Apart { n, by: mean - mean_of, luck: 1.0 / n - 1.0 / n_of });
                }
            }
            let within = within(halves, left, &means);
            stage.kept.push(before.map_or_else(|| kept(&apart, within), |before| before.kept[depth].clone()));
            let mut done = vec![false; cells.count];
            for (half, last) in halves.iter().zip(cells.last()) {
                let (Some(apart), kept) = (&apart[*half as usize], stage.kept[depth][*half as usize]) else { continue };
                if !std::mem::replace(&mut done[*last as usize], true) {
                    stage.shifts[*last as usize] += kept * apart.by;
                    stage.variances[*last as usize] += kept * within * apart.luck;
                }
            }
            above = (halves, means);
        }
        if let Some(before) = before {
            stage.variances.clone_from(&before.variances);
        }
        left.iter_mut().zip(cells.last()).for_each(|(left, last)| *left -= stage.shifts[*last as usize]);
        stage
    }
}

/// A half beside the one that it is of.
#[derive(Clone, Copy)]
struct Apart {
    /// How many points it has.
    n: f64,
    /// How far its mean lies from the other's.
    by: f64,
    /// The variance of that by luck, in units of the variance within halves.
    luck: f64,
}

/// Per half, the share that is no luck of how far it lies from the one that it is of. Those that lie farther than luck makes any of so
/// many are kept as they are (the universal threshold of Donoho and Johnstone 1994), for a step is in few of them; the others by how
/// much all of these scatter beyond luck.
fn kept(apart: &[Option<Apart>], within: f64) -> Vec<f64> {
    let count = apart.iter().flatten().count().max(2) as f64;
    let most = 2.0 * ln(count);
    let is_far = |half: &Apart| half.by * half.by > most * within * half.luck;
    let near = || apart.iter().flatten().filter(|half| !is_far(half));
    let squares: f64 = near().map(|half| half.n * (half.by * half.by - within * half.luck)).sum();
    let between = (squares / near().map(|half| half.n).sum::<f64>().max(1.0)).max(0.0);
    let share = |half: &Option<Apart>| match half {
        Some(half) if is_far(half) => 1.0,
        Some(half) if between > 0.0 => between / (between + within * half.luck),
        _ => 0.0,
    };
    apart.iter().map(share).collect()
}

/// The variance within halves, of which the means are known.
fn within(halves: &[u32], values: &[f64], means: &[(f64, f64)]) -> f64 {
    let rows = means.iter().filter(|(_, n)| *n > 0.0).count() as f64;
    let off = values.iter().zip(halves).map(|(value, half)| value - means[*half as usize].0);
    off.map(|off| off * off).sum::<f64>() / (values.len() as f64 - rows).max(1.0)
}

/// Per half the mean of its points' values, 0 of none, and how many points it counts.
fn means(halves: &[u32], count: usize, values: &[f64], weights: &[f64]) -> Vec<(f64, f64)> {
    let mut sums = vec![(0.0, 0.0); count];
    for ((value, weight), half) in values.iter().zip(weights).zip(halves) {
        sums[*half as usize].0 += weight * value;
        sums[*half as usize].1 += weight;
    }
    sums.into_iter().map(|(sum, n)| (if n > 0.0 { sum / n } else { 0.0 }, n)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Assumptions, MarginSample, check};
    use super::*;
    use crate::experiment::design::{Points, latin};
    use crate::random::{DrawKey, Purpose, Source};

    /// What is found of a probability above a level, of points that were run once each.
    fn once(points: &Points, seed: u64, level: f64, chance: impl Fn(&[f64]) -> f64) -> Assumptions {
        let mut draws = Source::new(seed, 3).sequence(Purpose::Resampling, DrawKey::whole(), 0);
        let margins: Vec<f64> =
            points.iter().map(|point| f64::from(u8::from(draws.uniform() < chance(point))) - level).collect();
        let noise = vec![f64::INFINITY; margins.len()];
        let sample = MarginSample {
            points: points.values(),
            columns: points.dimensions(),
            margins: &margins,
            best: &[0.5; 2],
            noise: &noise,
            ..MarginSample::default()
        };
        check(&sample, 0.95, &|| {}).unwrap()
    }

    fn step(point: &[f64]) -> f64 {
        if point[0] > 0.7 { 0.8 } else { 0.1 }
    }

    #[test]
    fn points_of_a_step_count_by_what_those_about_them_gave() {
        let mut flips = 0;
        for seed in 0..30 {
            let points = latin::sample(&[3000], 2, seed);
            let found = once(&points, seed, 0.2, step);
            assert!((found.holds.value - 0.3).abs() < 0.05 && !found.holds_at_best, "{found:?}");
            for flip in found.flips.iter().filter(|flip| flip.borne_out && flip.inputs == [0]) {
                assert!((flip.to[0] - 0.7).abs() < 0.06, "{flip:?}");
                let beyond = points.iter().filter(|point| point[0] >= flip.to[0]);
                let (turned, all) = beyond
                    .fold((0.0, 0.0), |(turned, all), point| (turned + f64::from(u8::from(point[0] > 0.7)), all + 1.0));
                flips += 1;
                assert!((flip.turned.value - turned / all).abs() < 0.03, "{flip:?} for {}", turned / all);
            }
        }
        assert!(flips >= 28, "{flips}");
    }

    #[test]
    fn where_the_surface_does_not_miss_luck_is_not_taken_for_it() {
        // Straight, so that the surface has all of it: above half in half of the points.
        let mut covered = 0;
        for seed in 0..30 {
            let found = once(&latin::sample(&[600], 2, seed), seed, 0.5, |point| 0.2 + 0.6 * point[0]);
            covered += u32::from(found.holds.interval().contains(0.5));
        }
        assert!(covered >= 27, "{covered} of 30");
        let luck = |run: usize| Source::new(7, run as u64).sequence(Purpose::Resampling, DrawKey::whole(), 0).uniform();
        let points = latin::sample(&[2000], 2, 5);
        let places: Vec<&[f64]> = points.iter().collect();
        let cells = [Cells::new(&places, &[0]), Cells::new(&places, &[0, 1])];
        let residuals: Vec<f64> = (0..2000).map(|run| luck(run) - 0.5).collect();
        let misfit = Misfit::new(&cells, &residuals);
        let worst = misfit.of_points().into_iter().map(|(by, _)| by.abs()).fold(0.0, f64::max);
        assert!(worst < 0.08, "{worst}");
    }

    #[test]
    fn cells_have_enough_points_and_equal_values_stay_together() {
        let values: Vec<f64> = (0..400).map(|point| f64::from(point % 3)).collect();
        let places: Vec<&[f64]> = values.chunks(1).collect();
        let cells = Cells::new(&places, &[0]);
        let last = cells.last();
        for (point, place) in places.iter().enumerate() {
            assert_eq!(last[point] as usize, cells.at(place));
            assert_eq!(last[point], last[point % 3]);
        }
        assert!(last[0] != last[1] && last[1] != last[2] && last[0] != last[2]);
        // Each depth is of halves that hold enough.
        for halves in &cells.depths {
            let sizes = means(halves, cells.count, &vec![0.0; 400], &vec![1.0; 400]);
            assert!(sizes.iter().all(|(_, n)| *n < 0.5 || *n >= LEAST as f64));
        }
        assert!(Cells::new(&places[..70], &[0]).depths.is_empty());
    }
}
