//! What is asked of many runs: a [`Plan`] of points, variants and replicates, cut into chunks.
//!
//! A [`Study`] says what is asked, and runs it into a [`Sink`]: a [`ResultsFolder`], or memory
//! ([`crate::record::Memory`]). [`Study::prepare`] fixes it as an [`Experiment`].
//!
//! [`run_chunks`] does those chunks that are not done yet, several at a time, [`run_chunk`] a single one, and
//! [`run_until`] as many as a [`Judge`] wants; [`gather`] puts them together to tables. Neither depends on the other's
//! process: whatever kills the work, doing the same again goes on with the chunks that are missing. [`design`] spreads
//! points over uncertain inputs; [`estimate`] makes answers of runs; a [`Target`] is a point and variant to run again.

pub mod design;
mod error;
pub mod estimate;
mod gather;
mod inputs;
mod perform;
mod plan;
mod scenarios;
mod sink;
mod source;
mod study;
mod target;
mod until;
mod work;

pub use error::ExperimentError;
pub use gather::{Gathered, gather};
pub use inputs::{InputDraws, Inputs};
pub use perform::{Done, Experiment};
pub use plan::{Cut, Keeps, Plan, PlannedCell, Stopping};
pub use scenarios::{Recipe, Scenarios};
pub use sink::{Begun, ResultsFolder, Sink};
pub use source::{Replicates, RunSource};
pub use study::Study;
pub use target::Target;
pub use until::{Judge, run_until};
pub use work::{Control, Progress, run_chunk, run_chunks};
