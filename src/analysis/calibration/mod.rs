//! Which weights go with what came to be: history matching, then approximate Bayesian computation.
//!
//! The algorithms know nothing of the model: a [`Simulator`] gives what runs at points say, [`calibrate`] a [`Posterior`].

mod adjust;
mod algorithm;
mod emulator;
mod findings;
mod output;
mod population;
mod problem;
mod reading;
mod simulate;
mod study;

#[cfg(test)]
mod tests;

pub use adjust::Draw;
pub use algorithm::{Posterior, Stage, calibrate};
pub use emulator::Emulators;
pub use findings::{Check, Findings, ScoreRow, StageOf, WeightFinding};
pub use output::calibrate_into;
pub use population::Particle;
pub use problem::{Aim, Budget, Distances, Kind, Outcome, Simulator, Tried, implausibility};
pub use simulate::ScenarioRuns;
pub use study::{Calibrated, calibrated, spreads};
