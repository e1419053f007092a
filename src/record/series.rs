//! `series.parquet`: every measure at every step, over the ensemble; `series_runs.parquet`: the same for every run.

use super::chunk::Sketches;
use super::{ColumnKind, Field, Fingerprint, RecordError, RowValue, Store, TableWriter};
use crate::base::Calendar;
use crate::measure::{Layout, RunRecord, SeriesSketch};

/// The quantiles of `series.parquet`.
const QUANTILES: [f64; 5] = [0.025, 0.25, 0.5, 0.75, 0.975];

/// What rows of both tables begin with: of which runs they are, when, and which measure.
fn fields(layout: &Layout, variants: &[String], replicate: Option<Field>) -> Vec<Field> {
    let measures = layout.over_time().map(|column| column.name.clone()).collect();
    let runs = [
        Field::required("point", ColumnKind::Int32),
        Field::required("variant", ColumnKind::Text).with_words(variants.to_vec()),
    ];
    let what = [
        Field::required("date", ColumnKind::Date),
        Field::required("week", ColumnKind::Double),
        Field::required("measure", ColumnKind::Text).with_words(measures),
    ];
    runs.into_iter().chain(replicate).chain(what).collect()
}

/// `series.parquet` being written. Quantiles are missing for measures that are so or not in a run (unit `chance`), of
/// which the mean says all.
pub struct SeriesTable {
    table: TableWriter,
    layout: Layout,
    calendar: Calendar,
}

impl SeriesTable {
    /// Begins the table; `variants` are the variants' ids, which rows give by their place in it.
    ///
    /// # Errors
    /// If the file cannot be begun.
    pub fn create(
        store: &dyn Store,
        layout: &Layout,
        variants: &[String],
        calendar: Calendar,
    ) -> Result<Self, RecordError> {
        let units = layout.over_time().map(|column| column.unit.id().to_owned()).collect();
        let mut fields = fields(layout, variants, None);
        fields.push(Field::required("unit", ColumnKind::Text).with_words(units));
        fields.push(Field::required("n", ColumnKind::Int64));
        fields.extend(
            ["mean", "low", "q25", "median", "q75", "high"].map(|name| Field::optional(name, ColumnKind::Double)),
        );
        Ok(Self { table: store.table("series.parquet", fields)?, layout: layout.clone(), calendar })
    }

    /// Adds all series of a point and variant: measure by measure, each through time.
    ///
    /// # Errors
    /// If the file cannot be written to.
    pub fn cell(&mut self, point: i32, variant: u32, sketches: &Sketches) -> Result<(), RecordError> {
        let every_step: Vec<u32> = (0..self.layout.moments).collect();
        let milestone_steps = self.layout.milestone_steps.clone();
        let series = self.layout.series.len();
        let milestones = self.layout.milestones.len();
        self.sketch((point, variant), &sketches.series, series, 0, &every_step)?;
        self.sketch((point, variant), &sketches.milestones, milestones, series, &milestone_steps)
    }

    fn sketch(
        &mut self,
        (point, variant): (i32, u32),
        sketch: &SeriesSketch,
        columns: usize,
        first_word: usize,
        steps: &[u32],
    ) -> Result<(), RecordError> {
        for column in 0..columns {
            for (moment, step) in steps.iter().enumerate() {
                let summary = sketch.at(moment, column);
                let mean = (summary.count() > 0).then(|| summary.mean());
                let [low, q25, median, q75, high] = QUANTILES.map(|share| summary.quantile(share));
                let word = RowValue::Word((first_word + column) as u32);
                let number = |number: Option<f64>| number.map_or(RowValue::Missing, RowValue::Real);
                self.table.row([
                    RowValue::Int(i64::from(point)),
                    RowValue::Word(variant),
                    RowValue::Day(self.calendar.date_of(*step)),
                    RowValue::Real(self.calendar.week_of(*step)),
                    word,
                    word,
                    RowValue::Int(summary.count() as i64),
                    number(mean),
                    number(low),
                    number(q25),
                    number(median),
                    number(q75),
                    number(high),
                ])?;
            }
        }
        Ok(())
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> Result<(u64, Fingerprint), RecordError> {
        self.table.finish()
    }
}

/// `series_runs.parquet` being written: every measure at every step of every run that did not fail.
pub struct SeriesRunsTable {
    table: TableWriter,
    layout: Layout,
    calendar: Calendar,
}

impl SeriesRunsTable {
    /// Begins the table under a name; `variants` are the variants' ids, which rows give by their place in it.
    ///
    /// # Errors
    /// If the file cannot be begun.
    pub fn create(
        store: &dyn Store,
        name: &str,
        layout: &Layout,
        variants: &[String],
        calendar: Calendar,
    ) -> Result<Self, RecordError> {
        let mut fields = fields(layout, variants, Some(Field::required("replicate", ColumnKind::Int64)));
        fields.push(Field::required("value", ColumnKind::Float));
        Ok(Self { table: store.table(name, fields)?, layout: layout.clone(), calendar })
    }

    /// Adds the series of a run, unless it failed: measure by measure, each through time.
    ///
    /// # Errors
    /// If the file cannot be written to.
    pub fn run(&mut self, point: i32, variant: u32, run: &RunRecord) -> Result<(), RecordError> {
        if run.failure.is_some() {
            return Ok(());
        }
        let every_step: Vec<u32> = (0..self.layout.moments).collect();
        let milestone_steps = self.layout.milestone_steps.clone();
        let parts = [
            (&run.series, self.layout.series.len(), 0, every_step),
            (&run.milestones, self.layout.milestones.len(), self.layout.series.len(), milestone_steps),
        ];
        for (values, columns, first_word, steps) in parts {
            for column in 0..columns {
                for (value, step) in values.iter().skip(column).step_by(columns).zip(&steps) {
                    self.table.row([
                        RowValue::Int(i64::from(point)),
                        RowValue::Word(variant),
                        RowValue::Int(run.replicate as i64),
                        RowValue::Day(self.calendar.date_of(*step)),
                        RowValue::Real(self.calendar.week_of(*step)),
                        RowValue::Word((first_word + column) as u32),
                        RowValue::Real(f64::from(*value)),
                    ])?;
                }
            }
        }
        Ok(())
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
