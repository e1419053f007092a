//! `runs.parquet`: one row per point, variant and replicate.

use super::{ColumnKind, Field, Fingerprint, RecordError, Results, RowValue, Store, TableWriter};
use crate::base::Calendar;
use crate::measure::{Layout, LogNames, Measures, RunRecord, Unit};
use std::collections::BTreeMap;

/// `runs.parquet` being written. In the row of a failed run all answers and measures are missing.
pub struct RunsTable {
    table: TableWriter,
    yes_no: Vec<bool>,
    finals: usize,
    calendar: Calendar,
}

impl RunsTable {
    /// Begins the table under a name; `variants` are the variants' ids, which rows give by their place in it.
    ///
    /// # Errors
    /// If the file cannot be begun.
    pub fn create(
        store: &dyn Store,
        name: &str,
        layout: &Layout,
        names: &LogNames,
        variants: &[String],
        calendar: Calendar,
    ) -> Result<Self, RecordError> {
        let fields = fields(layout, names, variants);
        Ok(Self {
            table: store.table(name, fields)?,
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
            RowValue::Int(i64::from(point)),
            RowValue::Word(variant),
            RowValue::Int(run.replicate as i64),
            RowValue::Word(u32::from(!counts)),
            run.failure.as_deref().map_or(RowValue::Missing, RowValue::Text),
        ];
        let answers = self.yes_no.iter().enumerate().flat_map(|(question, yes_no)| {
            let answer = run.answers.get(question).filter(|_| counts);
            let value = answer.map_or(RowValue::Missing, |answer| match yes_no {
                true => RowValue::Yes(answer.value > 0.5),
                false => RowValue::Real(answer.value),
            });
            let day = answer
                .and_then(|answer| answer.step)
                .map_or(RowValue::Missing, |step| RowValue::Day(calendar.date_of(step)));
            std::iter::once(value).chain(yes_no.then_some(day))
        });
        let finals = (0..self.finals).map(|measure| {
            run.finals.get(measure).filter(|_| counts).map_or(RowValue::Missing, |value| RowValue::Real(*value))
        });
        let last = [
            run.leader.filter(|_| counts).map_or(RowValue::Missing, RowValue::Word),
            if counts { RowValue::Text(&run.coalitions) } else { RowValue::Missing },
        ];
        self.table.row(key.into_iter().chain(answers).chain(finals).chain(last))
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

fn fields(layout: &Layout, names: &LogNames, variants: &[String]) -> Vec<Field> {
    let mut fields = vec![
        Field::required("point", ColumnKind::Int32),
        Field::required("variant", ColumnKind::Text).with_words(variants.to_vec()),
        Field::required("replicate", ColumnKind::Int64),
        Field::required("status", ColumnKind::Text).with_words(vec!["ok".into(), "failed".into()]),
        Field::optional("failure", ColumnKind::Text),
    ];
    for question in &layout.questions {
        let kind = if question.yes_no { ColumnKind::Bool } else { ColumnKind::Double };
        fields.push(Field::optional(question.name(), kind));
        if question.yes_no {
            fields.push(Field::optional(question.date_name(), ColumnKind::Date));
        }
    }
    fields.extend(layout.finals.iter().map(|measure| Field::optional(measure.name.clone(), ColumnKind::Double)));
    fields.push(Field::optional("bloc.leader", ColumnKind::Text).with_words(names.0.clone()));
    fields.push(Field::optional("coalitions", ColumnKind::Text));
    fields
}

/// A column of `runs.parquet`.
#[derive(Clone, Debug, PartialEq)]
pub struct RunColumn {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// Its unit, where it is a measure.
    pub unit: Option<Unit>,
}

impl Results {
    /// The columns of `runs.parquet`, in order; [`Results::run_column`] gives what they hold.
    ///
    /// # Errors
    /// If the scenario cannot be read.
    pub fn columns(&self) -> Result<Vec<RunColumn>, RecordError> {
        let scenario = self.scenario()?;
        let measures = Measures::new(&scenario.setting, scenario.questions.clone());
        let (layout, names) = (measures.layout(), measures.names());
        let units: BTreeMap<&str, Unit> =
            layout.finals.iter().map(|measure| (measure.name.as_str(), measure.unit)).collect();
        let column = |field: Field| {
            let unit = units.get(field.name()).copied();
            RunColumn { unit, kind: field.kind(), name: field.name().to_owned() }
        };
        Ok(fields(layout, names, &self.manifest().variants).into_iter().map(column).collect())
    }
}
