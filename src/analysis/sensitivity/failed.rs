//! What failed runs could have given.

use super::{SensitivityError, Settings};
use crate::analysis::interval::Interval;

/// Outputs of which some are unknown.
pub(super) struct Outputs {
    /// All outputs; failed ones stand at the mean of the others.
    pub filled: Vec<f64>,
    /// Which runs failed.
    pub failed: Vec<usize>,
    /// Between which values a failed one lies.
    pub range: Interval,
}

impl Outputs {
    /// Tells failed runs (not finite) from the others.
    pub fn new(outputs: &[f64], settings: &Settings) -> Result<Self, SensitivityError> {
        let known = || outputs.iter().copied().filter(|y| y.is_finite());
        let count = known().count();
        if count == 0 {
            return Err(SensitivityError::AllFailed);
        }
        let mean = known().sum::<f64>() / count as f64;
        let range = settings.output_range.unwrap_or_else(|| Interval {
            low: known().fold(f64::INFINITY, f64::min),
            high: known().fold(f64::NEG_INFINITY, f64::max),
        });
        Ok(Self {
            filled: outputs.iter().map(|y| if y.is_finite() { *y } else { mean }).collect(),
            failed: (0..outputs.len()).filter(|at| !outputs[*at].is_finite()).collect(),
            range,
        })
    }
}
