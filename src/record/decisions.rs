//! Every decision of a run as a Parquet table, for those who want to look at how a run was decided.

use super::{ColumnKind, Field, Fingerprint, RecordError, RowValue, TableReader, TableWriter};
use crate::base::Calendar;
use crate::mechanism::{Decision, DecisionKind, TERM_NAMES, utility};
use crate::world::Stance;
use std::path::Path;

/// A table of decisions being written.
pub struct DecisionsTable {
    table: TableWriter,
    calendar: Calendar,
}

impl DecisionsTable {
    /// Begins a table; `factions` are the ids of the factions in the order of their numbers.
    ///
    /// # Errors
    /// If the file cannot be begun.
    pub fn create(path: &Path, factions: &[String], calendar: Calendar) -> Result<Self, RecordError> {
        let mut fields = vec![
            Field::required("step", ColumnKind::Int32),
            Field::required("date", ColumnKind::Date),
            Field::required("kind", ColumnKind::Text)
                .with_words(DecisionKind::ALL.map(|kind| kind.id().to_owned()).into()),
            Field::required("actor", ColumnKind::Text).with_words(factions.to_vec()),
            Field::required("other", ColumnKind::Text).with_words(factions.to_vec()),
            Field::required("from", ColumnKind::Text)
                .with_words(Stance::ALL.map(|stance| stance.word().to_owned()).into()),
            Field::required("stance", ColumnKind::Text)
                .with_words(Stance::ALL.map(|stance| stance.word().to_owned()).into()),
        ];
        fields.extend(TERM_NAMES.map(|name| Field::required(column(name), ColumnKind::Double)));
        fields.extend(["utility", "probability", "draw"].map(|name| Field::required(name, ColumnKind::Double)));
        fields.push(Field::required("yes", ColumnKind::Bool));
        Ok(Self { table: TableWriter::create(path, fields)?, calendar })
    }

    /// Whether a file is such a table.
    pub fn is_one(path: &Path) -> bool {
        let heads = ["step", "actor", "other", "stance", "utility", "probability", "draw", "yes"].map(str::to_owned);
        TableReader::open(path).is_ok_and(|table| {
            let columns = table.columns();
            heads.iter().all(|head| columns.contains(head))
        })
    }

    /// Adds a decision with what came of it.
    ///
    /// # Errors
    /// If the file cannot be written to.
    pub fn decision(&mut self, decision: &Decision, yes: bool) -> Result<(), RecordError> {
        let key = [
            RowValue::Int(i64::from(decision.step)),
            RowValue::Day(self.calendar.date_of(decision.step)),
            RowValue::Word(decision.kind as u32),
            RowValue::Word(decision.actor.0),
            RowValue::Word(decision.other.0),
            RowValue::Word(decision.from as u32),
            RowValue::Word(decision.goal as u32),
        ];
        let last = [utility(&decision.terms), decision.probability, decision.draw].map(RowValue::Real);
        let terms = decision.terms.map(RowValue::Real);
        self.table.row(key.into_iter().chain(terms).chain(last).chain([RowValue::Yes(yes)]))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> Result<(u64, Fingerprint), RecordError> {
        self.table.finish()
    }
}

/// The name of a term as a column: `common enemy` is `term.common_enemy`.
fn column(name: &str) -> String {
    format!("term.{}", name.replace('\'', "").replace(' ', "_"))
}
