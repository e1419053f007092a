//! What is observed of a run: questions and their conditions, measures, the event log.

mod outcome;

pub use outcome::{Answer, Column, EventKind, EventRow, Layout, Names, QuestionColumn, RunRecord};
