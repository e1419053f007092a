//! Every decision of a run as a Parquet table, for those who want to look at how a run was decided.

use super::{Field, Fingerprint, Kind, RecordError, Table, Value};
use crate::base::Calendar;
use crate::mechanism::{Decision, DecisionKind, TERM_NAMES, utility};
use crate::world::Stance;
use std::path::Path;

/// A table of decisions being written.
pub struct DecisionsTable {
    table: Table,
    calendar: Calendar,
}

impl DecisionsTable {
    /// Begins a table; `factions` are the ids of the factions in the order of their numbers.
    ///
    /// # Errors
    /// If the file cannot be begun.
    pub fn create(path: &Path, factions: &[String], calendar: Calendar) -> Result<Self, RecordError> {
        let mut fields = vec![
            Field::required("step", Kind::Int32),
            Field::required("date", Kind::Date),
            Field::required("kind", Kind::Text).with_words(DecisionKind::ALL.map(|kind| kind.id().to_owned()).into()),
            Field::required("actor", Kind::Text).with_words(factions.to_vec()),
            Field::required("other", Kind::Text).with_words(factions.to_vec()),
            Field::required("from", Kind::Text).with_words(Stance::ALL.map(|stance| stance.word().to_owned()).into()),
            Field::required("stance", Kind::Text).with_words(Stance::ALL.map(|stance| stance.word().to_owned()).into()),
        ];
        fields.extend(TERM_NAMES.map(|name| Field::required(column(name), Kind::Double)));
        fields.extend(["utility", "probability", "draw"].map(|name| Field::required(name, Kind::Double)));
        fields.push(Field::required("yes", Kind::Bool));
        Ok(Self { table: Table::create(path, fields)?, calendar })
    }

    /// Adds a decision with what came of it.
    ///
    /// # Errors
    /// If the file cannot be written to.
    pub fn decision(&mut self, decision: &Decision, yes: bool) -> Result<(), RecordError> {
        let key = [
            Value::Int(i64::from(decision.step)),
            Value::Day(self.calendar.date_of(decision.step)),
            Value::Word(decision.kind as u32),
            Value::Word(decision.actor.0),
            Value::Word(decision.other.0),
            Value::Word(decision.from as u32),
            Value::Word(decision.goal as u32),
        ];
        let last = [utility(&decision.terms), decision.probability, decision.draw].map(Value::Real);
        let terms = decision.terms.map(Value::Real);
        self.table.row(key.into_iter().chain(terms).chain(last).chain([Value::Yes(yes)]))
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
