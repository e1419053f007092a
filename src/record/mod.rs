//! What is kept: the results folder, its tables, its manifest and its digests.
//!
//! Every file is whole or absent ([`WholeFile`]). An experiment in the making keeps its finished chunks in `chunks/`
//! ([`chunk`]); a finished one has a `manifest.json`, which is written last. [`Folder`] claims a folder for one process
//! and tells what is in it; [`Results`] reads a finished one.

pub mod block;
mod cells;
pub mod chunk;
mod chunk_writer;
mod claim;
pub mod clock;
mod codec;
mod column;
mod decisions;
mod design;
mod differences;
pub mod digest;
mod error;
mod events;
mod file;
mod folder;
mod inputs_table;
mod joint;
mod lines;
mod manifest;
mod memory;
mod numbers;
mod part;
mod questions;
mod read;
mod read_column;
mod row_cursor;
mod row_key;
mod rows;
mod runs;
mod same;
mod seal;
mod series;
mod store;
mod table;

pub use cells::{TableColumn, Wanted, WrongCell, WrongCells};
pub use chunk_writer::{ChunkWriter, canonical};
pub use claim::Claim;
pub use column::{ColumnKind, Field, RowValue};
pub use decisions::DecisionsTable;
pub use design::{Design, DesignEntry, Method};
pub use differences::{read_differences, write_differences};
pub use error::RecordError;
pub use events::{EventEntry, EventView, EventsTable};
pub use file::{Fingerprint, WholeFile, write_whole};
pub use folder::{Folder, PlanFile, make_folder};
pub use inputs_table::write_inputs;
pub use lines::{Lines, line_of};
pub use manifest::{FileEntry, Manifest, ScenarioEntry, StopReason, StoppingEntry};
pub use memory::Memory;
pub use numbers::NumberTable;
pub use part::{Columns, Copier, Held, Part, SINGLE, Tables, write_leaves};
pub use questions::{QuestionRow, read_questions, write_questions};
pub use read::Results;
pub use read_column::{TableReader, Values, panic_becomes_error};
pub use row_key::{RunKey, SeriesKey, SeriesPoint};
pub use rows::{RowsTable, lines, write_rows};
pub use runs::{RunColumn, RunsTable};
pub use same::{Likeness, likeness};
pub use series::{SeriesRunsTable, SeriesTable};
pub use store::{Store, named_blocks, needed};
pub use table::TableWriter;
