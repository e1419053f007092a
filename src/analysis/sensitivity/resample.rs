//! Standard errors by points and by replicates.

use super::{Sensitivity, SensitivityError, Settings};
use crate::analysis::Estimate;
use crate::analysis::interval::Interval;
use crate::analysis::probability::{normal_bound, student_bound};
use crate::analysis::resample::{one_of, resamples};

/// The bootstrap standard error (Efron 1979) of several statistics at once: `statistics` gets the indices of a resample
/// of `n` units with replacement and returns one number each.
pub(super) fn standard_errors(n: usize, settings: &Settings, statistics: impl Fn(&[usize]) -> Vec<f64>) -> Vec<f64> {
    let mut chosen = vec![0; n];
    let mut sums: Vec<(f64, f64)> = Vec::new();
    // Deviations from the first resample keep the sums of squares exact enough.
    let mut origin: Vec<f64> = Vec::new();
    for mut draws in resamples("bootstrap", settings.seed, settings.resamples) {
        chosen.fill_with(|| one_of(n, &mut draws));
        let found = statistics(&chosen);
        if origin.is_empty() {
            sums = vec![(0.0, 0.0); found.len()];
            origin = found.clone();
        }
        for ((sum, value), origin) in sums.iter_mut().zip(found).zip(&origin) {
            let deviation = value - origin;
            sum.0 += deviation;
            sum.1 += deviation * deviation;
        }
    }
    let count = f64::from(settings.resamples.max(2));
    sums.into_iter().map(|(sum, squares)| ((squares - sum * sum / count) / (count - 1.0)).max(0.0).sqrt()).collect()
}

/// What a measure's standard error is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct StandardError {
    /// What other points would have moved.
    pub by_points: f64,
    /// What other replicates, whose luck all points share, would have moved; 0 where there are none such.
    pub by_luck: f64,
}

impl StandardError {
    /// Both together.
    pub fn whole(self) -> f64 {
        (self.by_points * self.by_points + self.by_luck * self.by_luck).sqrt()
    }
}

/// Adds to standard errors over points those over the replicates that all points share: their luck moves every point's output, and
/// another set of them would give other statistics (the jackknife, Efron and Stein 1981). What is the luck of single runs is in
/// both, so the sum is never too small. `statistics` gets outputs of all points.
pub(super) fn with_luck(
    errors: Vec<f64>,
    settings: &Settings,
    statistics: impl Fn(&[f64]) -> Result<Vec<f64>, SensitivityError>,
) -> Result<Vec<StandardError>, SensitivityError> {
    let found: Vec<Vec<f64>> =
        settings.left_out.iter().map(|outputs| statistics(outputs)).collect::<Result<_, SensitivityError>>()?;
    let n = found.len() as f64;
    let of_luck = |place: usize| {
        let mean = found.iter().map(|values| values[place]).sum::<f64>() / n;
        (n - 1.0) / n * found.iter().map(|values| (values[place] - mean) * (values[place] - mean)).sum::<f64>()
    };
    // Of few replicates it is itself not well known.
    let wider = if found.len() > 1 {
        student_bound(settings.confidence, n - 1.0) / normal_bound(settings.confidence)
    } else {
        1.0
    };
    let both = |(place, by_points): (usize, f64)| {
        let by_luck = if found.len() > 1 { wider * of_luck(place).sqrt() } else { 0.0 };
        StandardError { by_points, by_luck }
    };
    Ok(errors.into_iter().enumerate().map(both).collect())
}

/// A sensitivity over `n` runs, with the interval that a standard error gives.
pub(super) fn sensitivity(
    value: f64,
    error: StandardError,
    n: usize,
    bounds: Interval,
    settings: &Settings,
) -> Sensitivity {
    let (whole, luck) = (error.whole(), error.by_luck);
    let by_luck = if whole > 0.0 { luck * luck / (whole * whole) } else { 0.0 };
    Sensitivity { estimate: Estimate::normal(value, whole, n as u64, settings.confidence), by_luck, bounds }
}
