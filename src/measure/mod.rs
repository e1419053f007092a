//! What is observed: questions and their conditions, measures, the event log, and sums over many runs.

mod outcome;
mod sketch;

pub use outcome::{Answer, Column, EventKind, EventRow, Layout, Names, QuestionColumn, RunRecord};
pub use sketch::{Mismatch, SeriesSketch, Summary};
