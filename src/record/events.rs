//! `events.parquet`: what happened in every run.

use super::{Calendar, Field, Fingerprint, Kind, RecordError, Table, Value};
use crate::measure::{EventKind, EventRow, Names};
use std::path::Path;

/// `events.parquet` being written.
pub struct EventsTable {
    table: Table,
    calendar: Calendar,
}

/// The kinds in the order of their numbers in the table's list of words.
const KINDS: [EventKind; 11] = [
    EventKind::Event,
    EventKind::TalksOpened,
    EventKind::TalksEnded,
    EventKind::Leaked,
    EventKind::StanceChanged,
    EventKind::Merged,
    EventKind::LeftUmbrella,
    EventKind::Split,
    EventKind::AccordStatus,
    EventKind::ControlChanged,
    EventKind::Gone,
];

impl EventsTable {
    /// Begins the table; `variants` are the variants' ids, which rows give by their place in it.
    ///
    /// # Errors
    /// If the file cannot be begun.
    pub fn create(path: &Path, names: &Names, variants: &[String], calendar: Calendar) -> Result<Self, RecordError> {
        let name = |column: &str| Field::optional(column, Kind::Text).with_words(names.0.clone());
        let kinds = KINDS.iter().map(|kind| kind.id().to_owned()).collect();
        let fields = vec![
            Field::required("point", Kind::Int32),
            Field::required("variant", Kind::Text).with_words(variants.to_vec()),
            Field::required("replicate", Kind::Int64),
            Field::required("date", Kind::Date),
            Field::required("week", Kind::Double),
            Field::required("kind", Kind::Text).with_words(kinds),
            Field::required("who", Kind::Text).with_words(names.0.clone()),
            name("other"),
            name("from"),
            name("to"),
            Field::required("public", Kind::Bool),
        ];
        Ok(Self { table: Table::create(path, fields)?, calendar })
    }

    /// Adds an event of a replicate.
    ///
    /// # Errors
    /// If the file cannot be written to.
    pub fn event(&mut self, point: i32, variant: u32, replicate: u64, event: &EventRow) -> Result<(), RecordError> {
        let name = |word: Option<u32>| word.map_or(Value::Missing, Value::Word);
        // All kinds are in the list; were one not, the table would refuse the row.
        let kind = KINDS.iter().position(|kind| *kind == event.kind).unwrap_or(KINDS.len());
        self.table.row([
            Value::Int(i64::from(point)),
            Value::Word(variant),
            Value::Int(replicate as i64),
            Value::Day(self.calendar.date_of(event.step)),
            Value::Real(self.calendar.week_of(event.step)),
            Value::Word(kind as u32),
            Value::Word(event.who),
            name(event.other),
            name(event.from),
            name(event.to),
            Value::Yes(event.public),
        ])
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> Result<(u64, Fingerprint), RecordError> {
        self.table.finish()
    }
}
