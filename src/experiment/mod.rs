//! What is asked of many runs: a [`Plan`] of points, variants and replicates, cut into chunks.
//!
//! [`run_chunks`] does those chunks that are not done yet, several at a time, each into one file, [`run_chunk`] a single
//! one, and [`run_until`] as many as a [`Judge`] wants; [`gather`] puts the files together to the tables of the results folder. Neither depends on the other's process: whatever kills the work,
//! doing the same again goes on with the chunks that are missing. [`design`] spreads points over uncertain inputs.

pub mod design;
mod error;
mod gather;
mod plan;
mod scenarios;
mod source;
mod until;
mod work;

pub use error::ExperimentError;
pub use gather::{Gathered, gather};
pub use plan::{Cell, Cut, Keeps, Plan, Stopping};
pub use scenarios::{Recipe, Scenarios};
pub use source::{Runner, Source};
pub use until::{Judge, run_until};
pub use work::{Progress, run_chunk, run_chunks};
