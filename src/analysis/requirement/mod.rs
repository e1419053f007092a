//! What it would take: the least change of the levers that takes an answer past a line.
//!
//! [`search()`] knows nothing of the model: a [`Simulator`] says of replicates whether they end past the line. What it finds is
//! run again with other replicates, so that what is told is not the winner's luck ([`require_into`]).

mod findings;
mod lever;
mod search;
mod study;

#[cfg(test)]
mod tests;

pub use findings::{Checked, Findings, Side, Swing, Verdict};
pub use lever::{Change, Lever};
pub use search::{Move, STEPS, Screened, Searched, Settings, Simulator, Tried, Way, search};
pub use study::{RequireAsked, require_into};
