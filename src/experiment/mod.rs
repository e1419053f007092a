//! What is asked of many runs: a [`Plan`] says what an experiment is, [`Asked`] how many replicates of it.
//!
//! A [`Study`] says what is asked, and runs it into a [`Sink`]: a [`ResultsFolder`], or memory
//! ([`crate::record::Memory`]). [`Study::prepare`] fixes it as an [`Experiment`].
//!
//! A [`Bench`] does the runs that are not there yet, several chunks at a time, [`run_until`] as many as a [`Judge`] wants, and
//! [`Experiment::run_task`] those of one of its [`Tasks`]; [`gather`] puts them together to tables. Neither depends on the other's
//! process: whatever kills the work, doing the same again goes on with the runs that are missing. [`design`] spreads
//! points over uncertain inputs; [`mod@answers`] and [`mod@differences`] are made of runs by [`crate::estimate`]; a [`Target`] is a point and variant to run again.

pub mod answers;
mod deciding;
pub mod design;
pub mod differences;
mod error;
mod gather;
mod inputs;
mod merge;
mod perform;
mod plan;
mod precision;
mod prepared;
mod rounds;
mod scenarios;
mod sink;
pub mod slurm;
mod source;
mod study;
mod target;
mod tasks;
mod until;
mod work;

pub use deciding::{deciding, meant};
pub use error::{ExperimentError, ranges};
pub use gather::{Gathered, gather, part};
pub use inputs::Inputs;
pub use merge::merge;
pub use perform::Done;
pub use plan::{Asked, Keeps, Plan, PlannedDesign, PlannedVariant, Stopping};
pub use prepared::Experiment;
pub use scenarios::{Recipe, Scenarios};
pub use sink::{AtWork, Begun, ResultsFolder, Sink};
pub use source::{Replicates, RunSource};
pub use study::Study;
pub use target::Target;
pub use tasks::Tasks;
pub use until::{Judge, run_until};
pub use work::{Bench, Control, Progress};
