//! `events.parquet`: what happened in every run, written and read.

use super::{ColumnKind, Field, Fingerprint, RecordError, Results, RowValue, Store, TableWriter};
use crate::base::{Calendar, Date};
use crate::measure::{EventKind, EventRow, LogNames};

/// `events.parquet` being written.
pub struct EventsTable {
    table: TableWriter,
    calendar: Calendar,
}

impl EventsTable {
    /// Begins the table under a name; `variants` are the variants' ids, which rows give by their place in it.
    ///
    /// # Errors
    /// If the file cannot be begun.
    pub fn create(
        store: &dyn Store,
        file: &str,
        names: &LogNames,
        variants: &[String],
        calendar: Calendar,
    ) -> Result<Self, RecordError> {
        let name = |column: &str| Field::optional(column, ColumnKind::Text).with_words(names.0.clone());
        let kinds = EventKind::ALL.iter().map(|kind| kind.id().to_owned()).collect();
        let fields = vec![
            Field::required("point", ColumnKind::Int32),
            Field::required("variant", ColumnKind::Text).with_words(variants.to_vec()),
            Field::required("replicate", ColumnKind::Int64),
            Field::required("date", ColumnKind::Date),
            Field::required("week", ColumnKind::Double),
            Field::required("kind", ColumnKind::Text).with_words(kinds),
            Field::required("who", ColumnKind::Text).with_words(names.0.clone()),
            name("other"),
            name("from"),
            name("to"),
            Field::required("public", ColumnKind::Bool),
        ];
        Ok(Self { table: store.table(file, fields)?, calendar })
    }

    /// Adds an event of a replicate.
    ///
    /// # Errors
    /// If the file cannot be written to.
    pub fn event(&mut self, point: i32, variant: u32, replicate: u64, event: &EventRow) -> Result<(), RecordError> {
        let name = |word: Option<u32>| word.map_or(RowValue::Missing, RowValue::Word);
        self.table.row([
            RowValue::Int(i64::from(point)),
            RowValue::Word(variant),
            RowValue::Int(replicate as i64),
            RowValue::Day(self.calendar.date_of(event.step)),
            RowValue::Real(self.calendar.week_of(event.step)),
            RowValue::Word(event.kind as u32),
            RowValue::Word(event.who),
            name(event.other),
            name(event.from),
            name(event.to),
            RowValue::Yes(event.public),
        ])
    }

    /// What writes it.
    pub(super) fn writer(&mut self) -> &mut TableWriter {
        &mut self.table
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> Result<(u64, Fingerprint), RecordError> {
        self.table.finish()
    }
}

/// A line of the event log, as it stands in the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventView<'a> {
    /// The design point.
    pub point: i32,
    /// The variant's id.
    pub variant: &'a str,
    /// The replicate.
    pub replicate: u64,
    /// The day.
    pub date: Date,
    /// Weeks since the start.
    pub week: f64,
    /// What happened.
    pub kind: &'a str,
    /// Who: the id of a faction, an accord, a zone or an event.
    pub who: &'a str,
    /// The other one.
    pub other: Option<&'a str>,
    /// The state before.
    pub from: Option<&'a str>,
    /// The state after.
    pub to: Option<&'a str>,
    /// Whether it was known to all.
    pub public: bool,
}

/// A line of the event log of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct EventEntry {
    /// The day.
    pub date: Date,
    /// Weeks since the start.
    pub week: f64,
    /// What happened.
    pub kind: String,
    /// Who: the id of a faction, an accord, a zone or an event.
    pub who: String,
    /// The other one.
    pub other: Option<String>,
    /// The state before.
    pub from: Option<String>,
    /// The state after.
    pub to: Option<String>,
    /// Whether it was known to all.
    pub public: bool,
}

impl EventView<'_> {
    /// What it says of its run.
    fn entry(&self) -> EventEntry {
        EventEntry {
            date: self.date,
            week: self.week,
            kind: self.kind.to_owned(),
            who: self.who.to_owned(),
            other: self.other.map(str::to_owned),
            from: self.from.map(str::to_owned),
            to: self.to.map(str::to_owned),
            public: self.public,
        }
    }
}

impl Results {
    /// Hands on what happened in all runs, by point, variant, replicate and time. One row group is in memory at a time.
    ///
    /// # Errors
    /// If `events.parquet` cannot be read.
    pub fn each_event(&self, take: impl FnMut(EventView<'_>)) -> Result<(), RecordError> {
        self.events_in(None, take)
    }

    /// What happened in one run, in order.
    ///
    /// # Errors
    /// If `events.parquet` cannot be read.
    pub fn events_of(&self, point: i32, variant: &str, replicate: u64) -> Result<Vec<EventEntry>, RecordError> {
        let mut found = Vec::new();
        self.events(point, variant, Some(replicate), |_, entry| found.push(entry))?;
        Ok(found)
    }

    /// Hands on what happened in the runs of a point and variant, with the replicate: run by run, each in order; only one
    /// run if a replicate is given.
    ///
    /// # Errors
    /// If `events.parquet` cannot be read.
    pub fn events(
        &self,
        point: i32,
        variant: &str,
        replicate: Option<u64>,
        mut take: impl FnMut(u64, EventEntry),
    ) -> Result<(), RecordError> {
        let range = replicate.map_or(("point", i64::from(point)), |replicate| ("replicate", replicate as i64));
        self.events_in(Some(range), |event| {
            let of_run = replicate.is_none_or(|replicate| replicate == event.replicate);
            if of_run && event.point == point && event.variant == variant {
                take(event.replicate, event.entry());
            }
        })
    }

    /// Hands on the lines of the row groups that may hold a value of a column.
    fn events_in(&self, range: Option<(&str, i64)>, mut take: impl FnMut(EventView<'_>)) -> Result<(), RecordError> {
        let columns = ["point", "variant", "replicate", "date", "week", "kind", "who", "other", "from", "to", "public"];
        self.table("events.parquet")?.each_group(&columns, range, |rows, values| {
            for row in 0..rows {
                let Some(date) = values[3].int(row).and_then(|days| Date::from_days_since_1970(days as i32)) else {
                    continue;
                };
                take(EventView {
                    point: values[0].int(row).unwrap_or(0) as i32,
                    variant: values[1].text(row).unwrap_or_default(),
                    replicate: values[2].int(row).unwrap_or(0) as u64,
                    date,
                    week: values[4].number(row).unwrap_or(0.0),
                    kind: values[5].text(row).unwrap_or_default(),
                    who: values[6].text(row).unwrap_or_default(),
                    other: values[7].text(row),
                    from: values[8].text(row),
                    to: values[9].text(row),
                    public: values[10].number(row) > Some(0.5),
                });
            }
            Ok(())
        })
    }
}
