//! What is observed: questions and their conditions, measures, the event log, and sums over many runs.
//!
//! [`Measures`] are what a scenario's runs are asked, compiled once; a [`Recorder`] takes them of one run after the other
//! and leaves a [`RunRecord`] of each; a [`SeriesSketch`] sums the series of many.

mod bloc;
mod cast;
mod condition;
mod gauge;
mod glance;
mod group;
mod layout;
mod log;
mod outcome;
mod question;
mod recorder;
mod sight;
mod sketch;

pub use bloc::Blocs;
pub use cast::Cast;
pub use condition::{Account, Condition, Notation, Quantity, Resolved, Unit, Written};
pub use glance::Glance;
pub use group::Group;
pub use layout::moment_of;
pub use outcome::{Answer, Column, EventKind, EventRow, Layout, Names, QuestionColumn, RunRecord};
pub use question::{Ask, Question};
pub use recorder::{Halfway, Keep, Measures, Recorder};
pub use sight::Sight;
pub use sketch::{Mismatch, SeriesSketch, Summary};
