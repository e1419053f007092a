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
use crate::estimate::CONFIDENCE;
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
    /// What rows are called where something is said of them, in the plural.
    pub rows_are: &'a str,
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
            confidence: CONFIDENCE,
            resamples: 500,
            seed: 1,
            output_range: None,
            scales: &[],
            left_out: &[],
            rows_are: "points",
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
    /// How much of the squared standard error is of the luck of replicates that all points share, 0–1. More points do not make
    /// that part smaller.
    pub by_luck: f64,
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
fn too_small(measures: &[Sensitivity], runs: usize, what: &str, replicates: usize) -> Option<String> {
    const USEFUL: f64 = 0.1;
    let half_width = |measure: &Sensitivity| measure.estimate.interval().half_width();
    let widest = measures.iter().max_by(|a, b| half_width(a).total_cmp(&half_width(b)))?;
    let (width, luck) = (half_width(widest), half_width(widest) * widest.by_luck.sqrt());
    if width <= USEFUL {
        return None;
    }
    // What more points leave as it is, and what they make smaller.
    let (stays, shrinks) = (luck * luck, width * width - luck * luck);
    let widest_is = format!("too few to rely on: the widest interval is ±{width:.2}");
    let runs = runs as f64;
    Some(if stays > shrinks {
        format!(
            "The {replicates} replicates whose luck all {what} share are {widest_is}, ±{luck:.2} of it by their luck alone, which more \
             {what} do not narrow. More replicates do."
        )
    } else if stays < USEFUL * USEFUL {
        let needed = runs * shrinks / (USEFUL * USEFUL - stays);
        format!("{} {what} are {widest_is}; about {} would bring it to ±{USEFUL}.", count(runs), count(rough(needed)))
    } else {
        format!(
            "{} {what} are {widest_is}. However many there are, it stays at ±{luck:.2} by the luck of the {replicates} replicates that all \
             share: it takes more of both.",
            count(runs)
        )
    })
}

/// A guess with the one significant digit that it bears, rounded up.
fn rough(guess: f64) -> f64 {
    let mut step = 1.0;
    while guess >= 10.0 * step {
        step *= 10.0;
    }
    (guess / step).ceil() * step
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(width: f64, by_luck: f64) -> Sensitivity {
        Sensitivity {
            estimate: Estimate { value: 0.5, low: 0.5 - width, high: 0.5 + width, n: 128 },
            by_luck,
            bounds: Interval::exactly(0.5),
        }
    }

    #[test]
    fn advice_is_of_what_makes_the_interval_wide() {
        let said = |width, by_luck| too_small(&[measured(0.05, 0.0), measured(width, by_luck)], 128, "points", 4);
        assert_eq!(said(0.1, 1.0), None);
        // ±0.4 of 128 points is ±0.1 of sixteen times as many.
        let points = said(0.4, 0.0).unwrap();
        assert!(points.contains("about 3,000 would bring it to ±0.1"), "{points}");
        let luck = said(0.4, 0.9).unwrap();
        assert!(luck.starts_with("The 4 replicates") && luck.contains("more points do not narrow"), "{luck}");
        // By points in the main, and yet out of their reach.
        let both = said(0.4, 0.4).unwrap();
        assert!(both.contains("more of both") && !both.contains("would bring"), "{both}");
        assert_eq!([1.2, 9.5, 4924.0, 13_615.0].map(|number| rough(number) as u64), [2, 10, 5000, 20_000]);
    }
}
