//! `inputs.parquet`: what was drawn.

use super::{ColumnKind, Design, Field, FileEntry, Folder, RecordError, Results, RowValue, Store, Values};
use crate::scenario::{DrawnInputs, InputKind};
use std::ops::Range;
use std::sync::Arc;

/// Writes `inputs.parquet`: a row for every two replicates, the first of which it names, with the numbers of the draws and
/// the value of every input.
///
/// # Errors
/// If it cannot be written.
pub fn write_inputs(
    store: &dyn Store,
    drawn: &DrawnInputs,
    replicates: Range<u64>,
    values: impl Fn(u64) -> Arc<[f64]>,
) -> Result<FileEntry, RecordError> {
    let heads = std::iter::once("replicate").chain(InputKind::ALL.map(InputKind::column));
    let heads = heads.map(|name| Field::required(name, ColumnKind::Int64));
    let (names, paths) = (drawn.names(), drawn.paths());
    let kind = |path: &String| if names.of(path).is_empty() { ColumnKind::Double } else { ColumnKind::Text };
    let inputs = paths.iter().map(|path| Field::required(path, kind(path)).with_words(names.of(path).to_vec()));
    let mut table = store.table(Folder::INPUTS, heads.chain(inputs).collect())?;
    let shared = InputKind::Weight.shared_by();
    for replicate in (replicates.start / shared * shared..replicates.end).step_by(shared as usize) {
        let draws = InputKind::ALL.map(|kind| kind.draw_of(replicate));
        let numbers = std::iter::once(replicate).chain(draws).map(|number| RowValue::Int(number as i64));
        let value = |(path, number): (&String, &f64)| match names.of(path) {
            [] => RowValue::Real(*number),
            _ => RowValue::Word(*number as u32),
        };
        table.row(numbers.chain(paths.iter().zip(values(replicate).iter()).map(value)))?;
    }
    let (rows, fingerprint) = table.finish()?;
    Ok(FileEntry { name: Folder::INPUTS.into(), rows: Some(rows), fingerprint })
}

impl Results {
    /// The inputs of every two replicates, as points of a design; none if they were not drawn.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn drawn_inputs(&self) -> Result<Option<Design>, RecordError> {
        let Some(drawn) = &self.manifest().inputs else { return Ok(None) };
        let inputs = drawn.paths();
        let of_names = drawn.names();
        let names: Vec<&str> = inputs.iter().map(String::as_str).collect();
        let mut points = Vec::new();
        self.table(Folder::INPUTS)?.each_group(&names, None, |rows, values| {
            let number = |input: &String, column: &Values, row| {
                let name = column.text(row).and_then(|text| of_names.of(input).iter().position(|name| name == text));
                name.map(|place| place as f64).or_else(|| column.number(row)).unwrap_or(f64::NAN)
            };
            let point = |row| -> Vec<f64> {
                inputs.iter().zip(values).map(|(input, column)| number(input, column, row)).collect()
            };
            points.extend((0..rows).map(point));
            Ok(())
        })?;
        Ok(Some(Design::new(inputs, points).naming(of_names)))
    }
}
