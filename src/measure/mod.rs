//! What is observed: questions and their conditions, measures, the event log, and sums over many runs.
//!
//! [`Measures`] are what a scenario's runs are asked, compiled once; a [`Recorder`] takes them of one run after the other
//! and leaves a [`RunRecord`] of each; a [`SeriesSketch`] sums the series of many.

mod bloc;
mod condition;
mod evaluate;
mod group;
mod key;
mod layout;
mod log;
mod memory;
mod outcome;
mod question;
mod recorder;
mod reported_actors;
mod sketch;
mod slot;
mod snapshot;
mod unit;

pub use bloc::{Blocs, coalition_blocs, coalition_words};
pub use condition::{Account, Condition, Held, Notation, Quantity, Resolved, Written};
pub use evaluate::Evaluator;
pub use group::{Group, SPLINTERS_OF};
pub use key::{Measure, Relation, answer_column, date_column};
pub use layout::{Column, Layout, QuestionColumn};
pub use log::LogWords;
pub use outcome::{Answer, EventKind, EventRow, LogNames, RunRecord};
pub use question::{Ask, Question};
pub use recorder::{Halfway, Keep, Measures, Recorder};
pub use reported_actors::ReportedActors;
pub use sketch::{Mismatch, SeriesSketch, Summary};
pub use slot::Slot;
pub use snapshot::Snapshot;
pub use unit::Unit;
