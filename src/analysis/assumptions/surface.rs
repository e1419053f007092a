//! The response surface, and what luck makes of it.

use super::STEPS;
use super::misfit::Misfit;
use crate::analysis::Estimate;
use crate::analysis::clustered::ClusteredMean;
use crate::analysis::families::Families;
use crate::analysis::interval::{Interval, sorted_quantile};
use crate::analysis::linear::{Cholesky, dot, products};
use crate::analysis::probability::normal_distribution;
use crate::analysis::resample::one_of;
use crate::random::{DrawKey, Purpose, Source};
use rayon::prelude::*;

/// How many resamples intervals rest on.
pub const RESAMPLES: u32 = 100;

/// A surface fitted to noisy margins.
pub(super) struct Fitted {
    pub coefficients: Vec<f64>,
    /// Share of the variance explained of what is not luck, 0–1.
    pub explained: f64,
    /// Variance about the surface that is not luck.
    missed: f64,
    /// Share of the variance about the surface that is not luck.
    pub trust: f64,
}

impl Fitted {
    /// Fitted to the targets plus `shift`, of runs that count as often as `weights` says.
    pub fn new(rows: &Terms, targets: &[f64], noises: &[f64], weights: &[f64], shift: f64) -> Self {
        let coefficients = least_squares(rows, targets, weights, shift);
        let n: f64 = weights.iter().sum();
        let weighted =
            |values: &[f64]| values.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f64>() / n;
        let average = weighted(targets) + shift;
        let (mut left, mut total) = (0.0, 0.0);
        for ((row, target), weight) in rows.iter().zip(targets).zip(weights).filter(|(_, weight)| **weight > 0.0) {
            let target = target + shift;
            let off = target - dot(row, &coefficients);
            left += weight * off * off;
            total += weight * (target - average) * (target - average);
        }
        let about = left / (n - coefficients.len() as f64).max(1.0);
        // An infinite one counts only where its run does.
        let counted = noises.iter().zip(weights).filter(|(_, weight)| **weight > 0.0);
        let luck = counted.map(|(noise, weight)| noise * weight).sum::<f64>() / n;
        let missed = if luck > 0.0 { (about - luck).max(0.0) } else { about };
        let trust = if luck > 0.0 { missed / about.max(f64::MIN_POSITIVE) } else { 1.0 };
        // Where luck cannot be told from inputs, all that is left counts as missed.
        let unexplained = if luck.is_finite() { (n * missed).min(left) } else { left };
        let real = total - (left - unexplained);
        let explained = if real > 0.0 { (1.0 - unexplained / real).clamp(0.0, 1.0) } else { 1.0 };
        Self { coefficients, explained, missed, trust }
    }

    /// Per run, by how much its margin with `shift` added lies above the surface.
    pub fn residuals(&self, rows: &Terms, targets: &[f64], shift: f64) -> Vec<f64> {
        rows.iter().zip(targets).map(|(row, target)| target + shift - dot(row, &self.coefficients)).collect()
    }

    /// Per run, how likely its true margin is above 0, with `shift` added to it. Of a run of which luck cannot be told from inputs it
    /// is that of the surface, as `misfit` puts it right.
    pub fn holding(&self, rows: &Terms, (targets, shift): (&[f64], f64), noises: &[f64], misfit: &Misfit) -> Vec<f64> {
        let put_right = misfit.of_points();
        let of = |(run, ((row, target), noise)): (usize, ((&[f64], &f64), &f64))| {
            let target = target + shift;
            let surface = dot(row, &self.coefficients);
            let own = if *noise > 0.0 { self.missed / (self.missed + noise) } else { 1.0 };
            let (middle, variance) = match put_right.get(run) {
                Some((by, variance)) if noise.is_infinite() => (surface + by, *variance),
                _ => (surface + own * (target - surface), if own < 1.0 { own * noise } else { 0.0 }),
            };
            if variance > 1e-18 && variance.is_finite() {
                normal_distribution(middle / variance.sqrt())
            } else {
                f64::from(u8::from(middle > 0.0))
            }
        };
        rows.iter().zip(targets).zip(noises).enumerate().map(of).collect()
    }
}

/// Runs drawn anew: how often each of those kept, and how likely the conclusion holds in it.
pub(super) struct Resample {
    pub weights: Vec<f64>,
    pub holding: Vec<f64>,
    /// What the surface that is fitted to them is made of.
    pub coefficients: Vec<f64>,
}

impl Resample {
    /// How likely the conclusion holds on average.
    pub fn mean(&self) -> f64 {
        dot(&self.holding, &self.weights) / self.weights.iter().sum::<f64>()
    }
}

/// How likely the conclusion holds in some runs on average, with Wilson's interval. Runs of one family are no independent ones.
pub(super) fn share_of(holding: &[f64], runs: &[usize], families: &[u32], confidence: f64) -> Estimate {
    let n = runs.len();
    let clustered = ClusteredMean::of(
        runs.iter().filter_map(|run| families.get(*run).map(|family| (*family as usize, None, holding[*run]))),
    );
    let effective = clustered.map_or(n as f64, |mean| mean.effective);
    let share = if n > 0 { runs.iter().map(|run| holding[*run]).sum::<f64>() / n as f64 } else { f64::NAN };
    Estimate::share_of(share, effective, n as u64, confidence)
}

/// A share with its interval widened to what resampled ones scatter (their quantiles); as it is without any.
pub(super) fn widened(share: Estimate, shares: &mut [f64], confidence: f64) -> Estimate {
    shares.sort_by(f64::total_cmp);
    let tail = |share: f64| sorted_quantile(shares, share);
    match (tail(0.5 * (1.0 - confidence)), tail(0.5 * (1.0 + confidence))) {
        (Some(low), Some(high)) => Estimate { low: low.min(share.low), high: high.max(share.high), ..share },
        _ => share,
    }
}

/// How far something swings, 0 or more, with the interval that swings of resampled surfaces give about it; just the swing without any.
/// A swing is never below 0 and luck adds to it, to those of resamples twice: so their quantiles are taken off from its double (the
/// basic bootstrap, Davison and Hinkley 1997).
pub(super) fn swung(swing: f64, n: u64, mut again: Vec<f64>, confidence: f64) -> Estimate {
    again.sort_by(f64::total_cmp);
    let tail = |share: f64| sorted_quantile(&again, share).unwrap_or(swing);
    let (low, high) = (2.0 * swing - tail(0.5 * (1.0 + confidence)), 2.0 * swing - tail(0.5 * (1.0 - confidence)));
    Estimate { value: swing, low: low.clamp(0.0, swing), high: high.max(swing), n }
}

/// Noisy margins with what is needed to resample them.
pub(super) struct Margins<'a> {
    pub kept: &'a [usize],
    pub targets: &'a [f64],
    pub noises: &'a [f64],
    pub replicates: &'a [f64],
    pub each: usize,
    /// The family of each run kept; none if each is by itself.
    pub families: &'a [u32],
}

impl Margins<'_> {
    /// What would have been found had other runs been drawn, and other luck with them.
    pub fn resampled(&self, rows: &Terms, misfit: &Misfit, done: &(dyn Fn() + Sync)) -> Vec<Resample> {
        let families = Families::new(self.kept.len(), self.families);
        let shared = self.shared_luck();
        let resample = |number: u32| {
            let who = DrawKey::named("analysis", "assumptions");
            let mut draws = Source::new(1, 0).sequence(Purpose::Resampling, who, number);
            let shift = mean(&(0..self.each).map(|_| shared[one_of(self.each, &mut draws)]).collect::<Vec<_>>());
            let weights: Vec<f64> = families.resampled(&mut draws).into_iter().map(f64::from).collect();
            let fitted = Fitted::new(rows, self.targets, self.noises, &weights, shift);
            let misfit = misfit.again(&fitted.residuals(rows, self.targets, shift), &weights);
            let holding = fitted.holding(rows, (self.targets, shift), self.noises, &misfit);
            done();
            Resample { weights, holding, coefficients: fitted.coefficients }
        };
        (0..RESAMPLES).into_par_iter().map(resample).collect()
    }

    /// By how much the luck of each replicate, which all runs share, moves margins.
    fn shared_luck(&self) -> Vec<f64> {
        let moved = |replicate: usize| {
            let margins = self.kept.iter().map(|run| self.replicates[run * self.each + replicate]);
            let moves = margins.zip(self.targets).map(|(margin, target)| margin - target).filter(|by| by.is_finite());
            mean(&moves.collect::<Vec<_>>())
        };
        (0..self.each).map(moved).collect()
    }
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The terms of runs, run after run.
pub(super) struct Terms {
    width: usize,
    values: Vec<f64>,
}

impl Terms {
    /// Of points, with products of the leading inputs.
    pub fn of<'p>(points: impl Iterator<Item = &'p [f64]>, leading: &[usize]) -> Self {
        let (mut width, mut values) = (0, Vec::new());
        for point in points {
            let of_point = terms(point, leading);
            width = of_point.len();
            values.extend(of_point);
        }
        Self { width, values }
    }

    /// Those of every run.
    pub fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.width.max(1))
    }
}

/// The height of a surface at a point.
pub(super) fn value(coefficients: &[f64], leading: &[usize], at: &[f64]) -> f64 {
    dot(&terms(at, leading), coefficients)
}

/// 1, every input and its square, and the products of the leading inputs.
pub(super) fn terms(point: &[f64], leading: &[usize]) -> Vec<f64> {
    let centred = |input: usize| point[input] - 0.5;
    let mut terms = vec![1.0];
    terms.extend((0..point.len()).map(centred));
    terms.extend((0..point.len()).map(|input| centred(input) * centred(input) - 1.0 / 12.0));
    for (at, one) in leading.iter().enumerate() {
        terms.extend(leading[at + 1..].iter().map(|other| centred(*one) * centred(*other)));
    }
    terms
}

/// How far a surface swings while one input runs over its range; it does not swing beyond what there is.
pub(super) fn swing(input: usize, best: &[f64], there_is: Interval, surface: impl Fn(&[f64]) -> f64) -> f64 {
    let mut at = best.to_vec();
    let values = (0..=STEPS).map(|step| {
        at[input] = step as f64 / STEPS as f64;
        surface(&at).clamp(there_is.low, there_is.high)
    });
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)));
    high - low
}

/// Coefficients of least squares, with a ridge so small that it only keeps inputs that never vary from dividing by zero.
pub(super) fn least_squares(rows: &Terms, targets: &[f64], weights: &[f64], shift: f64) -> Vec<f64> {
    let width = rows.width;
    let counted = || rows.iter().zip(targets).zip(weights).filter(|(_, weight)| **weight > 0.0);
    let mut normal = products(counted().map(|((row, _), weight)| (row, *weight)), width);
    let mut right = vec![0.0; width];
    for ((row, target), weight) in counted() {
        let part = weight * (target + shift);
        right.iter_mut().zip(row).for_each(|(sum, term)| *sum += term * part);
    }
    let ridge = 1e-6 * weights.iter().sum::<f64>();
    normal.iter_mut().enumerate().skip(1).for_each(|(i, row)| row[i] += ridge);
    Cholesky::of(normal).solve(&right)
}
