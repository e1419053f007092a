//! `inputs.parquet`: what was drawn.

use super::{ColumnKind, DrawnInputs, Field, FileEntry, INPUTS_TABLE, InputKind, RecordError, RowValue, Store};

/// Writes `inputs.parquet`: a row for every two replicates, the first of which it names, with the numbers of the draws and
/// the value of every input.
///
/// # Errors
/// If it cannot be written.
pub fn write_inputs(
    store: &dyn Store,
    drawn: &DrawnInputs,
    replicates: u64,
    values: impl Fn(u64) -> Vec<f64>,
) -> Result<FileEntry, RecordError> {
    let heads = std::iter::once("replicate").chain(InputKind::ALL.map(InputKind::column));
    let heads = heads.map(|name| Field::required(name, ColumnKind::Int64));
    let inputs = drawn.paths().into_iter().map(|path| Field::required(path, ColumnKind::Double));
    let mut table = store.table(INPUTS_TABLE, heads.chain(inputs).collect())?;
    for replicate in (0..replicates).step_by(InputKind::Weight.shared_by() as usize) {
        let draws = InputKind::ALL.map(|kind| kind.draw_of(replicate));
        let numbers = std::iter::once(replicate).chain(draws).map(|number| RowValue::Int(number as i64));
        table.row(numbers.chain(values(replicate).into_iter().map(RowValue::Real)))?;
    }
    let (rows, fingerprint) = table.finish()?;
    Ok(FileEntry { name: INPUTS_TABLE.into(), rows: Some(rows), fingerprint })
}
