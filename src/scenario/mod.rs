//! What a user wrote: TOML text becomes a checked, resolved [`Scenario`].
//!
//! [`Scenario::read`] reads a text and those that it extends, of files or from memory, applies a variant and `--set`
//! assignments, checks everything and reports all [`Problems`] at once, each with its place in the text. [`mod@file`] holds the scenario language as plain
//! types; the setting of a run is built from them.

mod baseline;
mod blueprint;
mod build;
pub mod calibration;
mod check;
mod compile;
mod draws;
pub mod facts;
mod field_change;
pub mod file;
mod history;
mod input_value;
mod inputs;
mod mixture;
mod naming;
pub mod outlines;
mod provenance;
mod question_groups;
mod read;
mod reference;
mod resolved;
#[expect(clippy::module_inception, reason = "the room is named after what it makes")]
mod scenario;
mod theory;
mod tried;
mod unsure;
mod written;

pub use blueprint::{Blueprint, Changed};
pub use build::town_id;
pub use draws::{DrawnInput, DrawnInputs, InputDraws, InputKind, JointEntry, JointTable};
pub use field_change::FieldChange;
pub use input_value::{InputNames, InputRange, InputValue};
pub use inputs::{InputSetter, SetUp};
pub use mixture::{ChangedValue, EntryDifference, EntryKey, Mixture, Standing};
pub use outlines::{Area, Outlines, Ring, ZoneOutlines};
pub use provenance::Input;
pub use question_groups::{AnswerAt, GroupedQuestion, QuestionGroup};
pub use read::parse::LARGEST;
pub use read::place::{Files, Place};
pub use read::problem::{Problem, Problems, nearest, nearest_or_all, there_are};
pub use read::texts::{Disk, Texts, Unread};
pub use reference::{reference, schema};
pub use scenario::{Overrides, Scenario};
pub use theory::Theory;
pub use unsure::{Composed, Unsure};
