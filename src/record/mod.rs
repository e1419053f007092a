//! What is kept: the results folder, its tables, its manifest and its digests.
//!
//! Every file is whole or absent ([`WholeFile`]). An experiment in the making keeps its finished chunks in `chunks/`
//! ([`chunk`]); a finished one has a `manifest.json`, which is written last. [`Folder`] claims a folder for one process
//! and tells what is in it; [`Results`] reads a finished one.

mod calendar;
pub mod chunk;
pub mod clock;
mod decisions;
mod design;
mod differences;
mod digest;
mod error;
mod event_stream;
mod events;
mod file;
mod folder;
mod manifest;
mod numbers;
mod questions;
mod read;
mod read_column;
mod rows;
mod runs;
mod same;
mod series;
mod table;

pub use crate::base::Calendar;
pub use decisions::DecisionsTable;
pub use design::{Design, DesignEntry, Method};
pub use differences::{DifferenceRow, read_differences, write_differences};
pub use digest::ResultDigest;
pub use error::RecordError;
pub use event_stream::EventView;
pub use events::EventsTable;
pub use file::{Fingerprint, WholeFile, write_whole};
pub use folder::{Claim, Folder, make_folder};
pub use manifest::{FileEntry, Manifest, ScenarioEntry, StopReason, StoppingEntry};
pub use numbers::{NumberTable, Wanted};
pub use questions::{AnswerKind, QuestionRow, read_questions, write_questions};
pub use read::{EventEntry, Results, RunKey, SeriesKey, SeriesPoint};
pub use rows::{RowsTable, write_rows};
pub use runs::RunsTable;
pub use same::{Likeness, likeness};
pub use series::{SeriesRunsTable, SeriesTable};
pub use table::{Field, Kind, Table, Value};
