//! Which inputs drive an output.
//!
//! Variance-based indices from Saltelli samples ([`sobol`]) or from any sample of independent inputs ([`given`]), the
//! screening measures of Morris ([`morris`]), and the distribution-based PAWN ([`pawn`]); [`structure`] recognises what a sample
//! can be used for. Inputs come row-major, outputs
//! one per row, in the order of the design. A failed run is an output that is not finite: it is never dropped; what the
//! measure could be, whatever the run would have given, is reported beside the estimate.

pub mod every;
mod failed;
pub mod given;
#[cfg(test)]
mod known;
pub mod morris;
pub mod pawn;
mod resample;
pub mod sobol;
pub mod structure;

use super::Estimate;
use super::interval::Interval;
use super::scale::Scale;
use crate::base::number::count;
use serde::Serialize;

/// How a measure is estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings<'a> {
    /// Confidence of intervals, such as 0.95.
    pub confidence: f64,
    /// How many bootstrap resamples the intervals rest on.
    pub resamples: u32,
    /// Seed of the resampling.
    pub seed: u64,
    /// Between which values a failed run's output lies; the range of the others if not given.
    pub output_range: Option<Interval>,
    /// What the numbers of the inputs stand for; any numbers if empty.
    pub scales: &'a [Scale],
    /// The outputs without each of the replicates that all points have in common, whose luck moves them all. None if there are
    /// none such.
    pub left_out: &'a [Vec<f64>],
    /// The family of each row: rows after each other that share values of some inputs, and with them what these do, are of one.
    /// Empty if each row has its own values.
    pub families: &'a [u32],
}

impl Settings<'_> {
    /// Cuts the runs by an input: one that is a name into its names, others into parts of equal count. Returns each run's part
    /// and how many parts there are.
    fn parts(&self, input: usize, values: &[f64], parts: usize) -> (Vec<u32>, usize) {
        match self.scales.get(input) {
            Some(Scale::Nominal(names)) => (values.iter().map(|value| *value as u32).collect(), names.len()),
            _ => given::cut(values, parts),
        }
    }
}

impl Default for Settings<'_> {
    fn default() -> Self {
        Self {
            confidence: 0.95,
            resamples: 500,
            seed: 1,
            output_range: None,
            scales: &[],
            left_out: &[],
            families: &[],
        }
    }
}

/// How sensitive an output is to an input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Sensitivity {
    /// The estimate; failed runs count as the mean of the others. Its interval is from sampling alone: so many standard errors to
    /// each side, by points and by the replicates that they share.
    pub estimate: Estimate,
    /// Between which values the estimate moves with what the failed runs could have given; the estimate itself if none
    /// failed.
    pub bounds: Interval,
}

/// Why sensitivity cannot be had from a sample.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SensitivityError {
    /// The number of outputs does not fit the design.
    #[error("{found} outputs do not make whole blocks of {block} runs, as the design has them")]
    Blocks {
        /// How many outputs there are.
        found: usize,
        /// How many runs belong together.
        block: usize,
    },
    /// Inputs and outputs do not belong together.
    #[error("{inputs} input values do not fit {outputs} outputs with {columns} inputs each")]
    Shape {
        /// How many input values there are.
        inputs: usize,
        /// How many outputs there are.
        outputs: usize,
        /// How many inputs each run has.
        columns: usize,
    },
    /// There are too few runs for any estimate.
    #[error("{found} points are too few: the method needs at least {least}")]
    TooFew {
        /// How many runs there are.
        found: usize,
        /// How many it takes.
        least: usize,
    },
    /// A row is not what a Saltelli sample has there. Rows and inputs count from 1.
    #[error(
        "row {row} should be row {base} with input {exchanged} from row {other}, as a Saltelli sample has it, and is not"
    )]
    NotSaltelli {
        /// Which row.
        row: usize,
        /// From which most of it should be.
        base: usize,
        /// From which one input should be.
        other: usize,
        /// Which input.
        exchanged: usize,
    },
    /// Two points of a trajectory do not differ in exactly one input.
    #[error("run {0} does not differ from the one before in exactly one input, as a Morris trajectory does")]
    NotATrajectory(usize),
    /// No run has an output.
    #[error("there is no output to explain: it is missing throughout")]
    AllFailed,
}

/// What to say if the intervals are wider than can be of use: wider than 0.1 to each side for a share of the variance.
fn too_small(measures: &[Sensitivity], runs: usize, what: &str) -> Option<String> {
    const USEFUL: f64 = 0.1;
    let widest = measures.iter().map(|measure| measure.estimate.interval().half_width()).fold(0.0, f64::max);
    (widest > USEFUL).then(|| {
        let needed = (runs as f64 * (widest / USEFUL) * (widest / USEFUL)).ceil();
        format!(
            "{} {what} are too few to rely on: the widest interval is ±{widest:.2}; about {} would bring it to ±{USEFUL}.",
            count(runs as f64),
            count(needed)
        )
    })
}
