//! `runs.parquet`: one row per point, variant and replicate.

use super::{Calendar, Field, Fingerprint, Kind, RecordError, Table, Value};
use crate::measure::{Layout, Names, RunRecord};
use std::path::Path;

/// `runs.parquet` being written. In the row of a failed run all answers and measures are missing.
pub struct RunsTable {
    table: Table,
    yes_no: Vec<bool>,
    finals: usize,
    calendar: Calendar,
}

impl RunsTable {
    /// Begins the table; `variants` are the variants' ids, which rows give by their place in it.
    ///
    /// # Errors
    /// If the file cannot be begun.
    pub fn create(
        path: &Path,
        layout: &Layout,
        names: &Names,
        variants: &[String],
        calendar: Calendar,
    ) -> Result<Self, RecordError> {
        let mut fields = vec![
            Field::required("point", Kind::Int32),
            Field::required("variant", Kind::Text).with_words(variants.to_vec()),
            Field::required("replicate", Kind::Int64),
            Field::required("status", Kind::Text).with_words(vec!["ok".into(), "failed".into()]),
            Field::optional("failure", Kind::Text),
        ];
        for question in &layout.questions {
            let kind = if question.yes_no { Kind::Bool } else { Kind::Double };
            fields.push(Field::optional(question.name(), kind));
            if question.yes_no {
                fields.push(Field::optional(question.date_name(), Kind::Date));
            }
        }
        fields.extend(layout.finals.iter().map(|measure| Field::optional(measure.name.clone(), Kind::Double)));
        fields.push(Field::optional("bloc.leader", Kind::Text).with_words(names.0.clone()));
        fields.push(Field::optional("coalitions", Kind::Text));
        Ok(Self {
            table: Table::create(path, fields)?,
            yes_no: layout.questions.iter().map(|question| question.yes_no).collect(),
            finals: layout.finals.len(),
            calendar,
        })
    }

    /// Adds a run.
    ///
    /// # Errors
    /// If the file cannot be written to.
    pub fn run(&mut self, point: i32, variant: u32, run: &RunRecord) -> Result<(), RecordError> {
        let counts = run.failure.is_none();
        let calendar = self.calendar;
        let key = [
            Value::Int(i64::from(point)),
            Value::Word(variant),
            Value::Int(run.replicate as i64),
            Value::Word(u32::from(!counts)),
            run.failure.as_deref().map_or(Value::Missing, Value::Text),
        ];
        let answers = self.yes_no.iter().enumerate().flat_map(|(question, yes_no)| {
            let answer = run.answers.get(question).filter(|_| counts);
            let value = answer.map_or(Value::Missing, |answer| match yes_no {
                true => Value::Yes(answer.value > 0.5),
                false => Value::Real(answer.value),
            });
            let day =
                answer.and_then(|answer| answer.step).map_or(Value::Missing, |step| Value::Day(calendar.date_of(step)));
            std::iter::once(value).chain(yes_no.then_some(day))
        });
        let finals = (0..self.finals).map(|measure| {
            run.finals.get(measure).filter(|_| counts).map_or(Value::Missing, |value| Value::Real(*value))
        });
        let last = [
            run.leader.filter(|_| counts).map_or(Value::Missing, Value::Word),
            if counts { Value::Text(&run.coalitions) } else { Value::Missing },
        ];
        self.table.row(key.into_iter().chain(answers).chain(finals).chain(last))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> Result<(u64, Fingerprint), RecordError> {
        self.table.finish()
    }
}
