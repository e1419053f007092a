//! `series.parquet`: every measure at every step, over the ensemble; `series_runs.parquet`: the measures at every step of every run.

use super::chunk::Sketches;
use super::table::ColumnPart;
use super::{ColumnKind, Field, Fingerprint, RecordError, RowValue, Store, TableWriter};
use crate::base::{Calendar, Date};
use crate::measure::{Layout, RunRecord, SeriesSketch};
use std::collections::BTreeSet;

/// The quantiles of `series.parquet`.
const QUANTILES: [f64; 5] = [0.025, 0.25, 0.5, 0.75, 0.975];

/// The measures that are taken at milestones and at no other step, by their places among those of milestones.
fn of_milestones_alone(layout: &Layout) -> Vec<usize> {
    let known: BTreeSet<&str> = layout.series.iter().map(|column| column.name.as_str()).collect();
    let places = layout.milestones.iter().enumerate();
    places.filter(|(_, column)| !known.contains(column.name.as_str())).map(|(place, _)| place).collect()
}

/// The days and weeks of moments.
struct Times {
    days: Vec<Date>,
    weeks: Vec<f64>,
}

impl Times {
    fn of(calendar: Calendar, moments: u32) -> Self {
        Self {
            days: (0..moments).map(|moment| calendar.date_of(moment)).collect(),
            weeks: (0..moments).map(|moment| calendar.week_of(moment)).collect(),
        }
    }
}

/// What rows of both tables begin with: of which runs they are.
fn of_runs(variants: &[String]) -> [Field; 2] {
    [
        Field::required("point", ColumnKind::Int32),
        Field::required("variant", ColumnKind::Text).with_words(variants.to_vec()),
    ]
}

/// And when.
fn of_times() -> [Field; 2] {
    [Field::required("date", ColumnKind::Date), Field::required("week", ColumnKind::Double)]
}

/// `series.parquet` being written. Quantiles are missing for measures that are so or not in a run (unit `chance`), of
/// which the mean says all.
pub struct SeriesTable {
    table: TableWriter,
    layout: Layout,
    times: Times,
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
        let measures = layout.over_time().map(|column| column.name.clone()).collect();
        let mut fields = [of_runs(variants), of_times()].concat();
        fields.push(Field::required("measure", ColumnKind::Text).with_words(measures));
        fields.push(Field::required("unit", ColumnKind::Text).with_words(units));
        fields.push(Field::required("n", ColumnKind::Int64));
        fields.extend(
            ["mean", "low", "q25", "median", "q75", "high"].map(|name| Field::optional(name, ColumnKind::Double)),
        );
        let times = Times::of(calendar, layout.moments);
        Ok(Self { table: store.table("series.parquet", fields)?, layout: layout.clone(), times })
    }

    /// Adds all series of a point and variant: measure by measure, each through time.
    ///
    /// # Errors
    /// If the file cannot be written to.
    pub fn cell(&mut self, point: i32, variant: u32, sketches: &Sketches) -> Result<(), RecordError> {
        let every_step: Vec<u32> = (0..self.layout.moments).collect();
        let milestone_steps = self.layout.milestone_steps.clone();
        let series: Vec<usize> = (0..self.layout.series.len()).collect();
        let milestones = of_milestones_alone(&self.layout);
        self.sketch((point, variant), &sketches.series, (&series, 0), &every_step)?;
        self.sketch((point, variant), &sketches.milestones, (&milestones, series.len()), &milestone_steps)
    }

    fn sketch(
        &mut self,
        (point, variant): (i32, u32),
        sketch: &SeriesSketch,
        (columns, first_word): (&[usize], usize),
        steps: &[u32],
    ) -> Result<(), RecordError> {
        for column in columns.iter().copied() {
            for (moment, step) in steps.iter().enumerate() {
                let summary = sketch.at(moment, column);
                let mean = (summary.count() > 0).then(|| summary.mean());
                let [low, q25, median, q75, high] = QUANTILES.map(|share| summary.quantile(share));
                let word = RowValue::Word((first_word + column) as u32);
                let number = |number: Option<f64>| number.map_or(RowValue::Missing, RowValue::Real);
                self.table.row([
                    RowValue::Int(i64::from(point)),
                    RowValue::Word(variant),
                    RowValue::Day(self.times.days[*step as usize]),
                    RowValue::Real(self.times.weeks[*step as usize]),
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

/// `series_runs.parquet` being written: every measure at every step of every run that did not fail, in a column of its own.
pub struct SeriesRunsTable {
    table: TableWriter,
    times: Times,
    /// How many measures are taken at every step.
    series: usize,
    /// How many are taken at the moments in `milestone_steps`, and which of them have columns.
    milestones: usize,
    of_milestones: Vec<usize>,
    milestone_steps: Vec<u32>,
    /// Memory for the values of a run, measure by measure.
    values: [Vec<f32>; 2],
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
        let mut fields = of_runs(variants).to_vec();
        fields.push(Field::required("replicate", ColumnKind::Int64));
        fields.extend(of_times());
        fields.extend(layout.series.iter().map(|column| Field::required(&column.name, ColumnKind::Float)));
        let of_milestones = of_milestones_alone(layout);
        let names = of_milestones.iter().map(|place| &layout.milestones[*place].name);
        fields.extend(names.map(|name| Field::optional(name, ColumnKind::Float)));
        Ok(Self {
            table: store.table(name, fields)?,
            times: Times::of(calendar, layout.moments),
            series: layout.series.len(),
            milestones: layout.milestones.len(),
            of_milestones,
            milestone_steps: layout.milestone_steps.clone(),
            values: Default::default(),
        })
    }

    /// Adds the series of a run, unless it failed: moment by moment.
    ///
    /// # Errors
    /// If the file cannot be written to.
    pub fn run(&mut self, point: i32, variant: u32, run: &RunRecord) -> Result<(), RecordError> {
        if run.failure.is_some() {
            return Ok(());
        }
        let Self { table, times, milestone_steps, values: [series, milestones], .. } = self;
        transpose(&run.series, self.series, 0..self.series, series);
        transpose(&run.milestones, self.milestones, self.of_milestones.iter().copied(), milestones);
        let moments = times.days.len();
        let mut parts = vec![
            ColumnPart::Same(RowValue::Int(i64::from(point))),
            ColumnPart::Same(RowValue::Word(variant)),
            ColumnPart::Same(RowValue::Int(run.replicate as i64)),
            ColumnPart::Days(&times.days),
            ColumnPart::Doubles(&times.weeks),
        ];
        parts.extend(series.chunks_exact(moments.max(1)).map(ColumnPart::Floats));
        let few = milestones.chunks_exact(milestone_steps.len().max(1));
        parts.extend(few.map(|values| ColumnPart::Few { rows: milestone_steps, values }));
        table.rows(moments, &parts)
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

/// Puts values of some columns that lie moment by moment, so many of each, measure by measure.
fn transpose(values: &[f32], width: usize, columns: impl Iterator<Item = usize>, into: &mut Vec<f32>) {
    into.clear();
    for column in columns {
        into.extend(values.iter().skip(column).step_by(width));
    }
}
