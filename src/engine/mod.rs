//! Weeks become a run, runs an ensemble.
//!
//! A [`Model`] is what all runs of a scenario share. A [`Runner`] steps one replicate at a time and leaves a
//! [`crate::measure::RunRecord`]; an [`Ensemble`] does so for many on several threads and hands the records over in
//! order. A run that fails is a record with the reason, never a crash. A [`Checkpoint`] holds a run in the middle of it.
//! [`Models`] are those of replicates whose inputs are drawn, and a [`ReplicateRunner`] runs them.

mod alike;
mod checkpoint;
#[cfg(feature = "parallel")]
mod ensemble;
mod model;
mod models;
mod run;

pub use alike::{SPLINTERS, check_alike, measures};
pub use checkpoint::{Checkpoint, CheckpointError, RandomStream};
#[cfg(feature = "parallel")]
pub use ensemble::{Ensemble, Finish};
pub use model::Model;
pub use models::{Models, ReplicateRunner};
pub use run::Runner;
