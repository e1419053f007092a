//! Tables of a few lines, as CSV files with a column per field.

use super::{Fingerprint, RecordError, WholeFile};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::Write;
use std::path::Path;

/// Writes a table with a line per row under a line of heads; gives the number of rows and the fingerprint. Without rows,
/// `heads` are all there is.
///
/// # Errors
/// If it cannot be written.
pub fn write_rows<T: Serialize>(path: &Path, heads: &[&str], rows: &[T]) -> Result<(u64, Fingerprint), RecordError> {
    let wrong = |error: csv::Error| RecordError::io("write", path)(error.into());
    let mut content = csv::Writer::from_writer(Vec::new());
    for row in rows {
        content.serialize(row).map_err(wrong)?;
    }
    if rows.is_empty() {
        content.write_record(heads).map_err(wrong)?;
    }
    let bytes = content.into_inner().map_err(|error| RecordError::io("write", path)(error.into_error()))?;
    let mut file = WholeFile::create(path)?;
    file.write_all(&bytes).map_err(RecordError::io("write", path))?;
    Ok((rows.len() as u64, file.finish()?))
}

/// Reads a table whose columns have the names of a row's fields.
///
/// # Errors
/// If it cannot be read, or a cell is not what its field needs.
pub fn read_rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, RecordError> {
    let file = std::fs::File::open(path).map_err(RecordError::io("open", path))?;
    csv::Reader::from_reader(file)
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| RecordError::damaged(path, error.to_string()))
}
