//! Tables of a few lines, as CSV files.

use super::{Fingerprint, RecordError, WholeFile};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A CSV table being written, held in memory until it is whole.
pub struct RowsTable {
    path: PathBuf,
    content: csv::Writer<Vec<u8>>,
    rows: u64,
}

impl RowsTable {
    /// Begins a table that will be found at `path`, with the heads of its columns.
    ///
    /// # Errors
    /// If it cannot be begun.
    pub fn create(path: &Path, heads: &[&str]) -> Result<Self, RecordError> {
        let mut content = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
        content.write_record(heads).map_err(wrong(path))?;
        Ok(Self { path: path.to_owned(), content, rows: 0 })
    }

    /// Adds a row: a tuple, a list or a struct with a value for each column.
    ///
    /// # Errors
    /// If it has other than a value for each column.
    pub fn row(&mut self, row: impl Serialize) -> Result<(), RecordError> {
        self.rows += 1;
        self.content.serialize(row).map_err(wrong(&self.path))
    }

    /// Puts the file in its place; gives the number of rows and the fingerprint.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(self) -> Result<(u64, Fingerprint), RecordError> {
        let path = self.path;
        let bytes = self.content.into_inner().map_err(|error| RecordError::io("write", &path)(error.into_error()))?;
        let mut file = WholeFile::create(&path)?;
        file.write_all(&bytes).map_err(RecordError::io("write", &path))?;
        Ok((self.rows, file.finish()?))
    }
}

fn wrong(path: &Path) -> impl FnOnce(csv::Error) -> RecordError + use<> {
    let path = path.to_owned();
    move |error| RecordError::io("write", &path)(error.into())
}

/// Writes a whole table; gives the number of rows and the fingerprint.
///
/// # Errors
/// If it cannot be written.
pub fn write_rows<T: Serialize>(path: &Path, heads: &[&str], rows: &[T]) -> Result<(u64, Fingerprint), RecordError> {
    let mut table = RowsTable::create(path, heads)?;
    for row in rows {
        table.row(row)?;
    }
    table.finish()
}

/// The lines of a table as cells of text, the heads of its columns first.
///
/// # Errors
/// If a row has other than a value for each column.
pub fn lines<T: Serialize>(heads: &[&str], rows: &[T]) -> Result<Vec<Vec<String>>, RecordError> {
    let wrong = |error: csv::Error| RecordError::io("make", Path::new("a table"))(error.into());
    let mut table = RowsTable::create(Path::new("a table"), heads)?;
    rows.iter().try_for_each(|row| table.row(row))?;
    let text = table.content.into_inner().map_err(|error| wrong(csv::Error::from(error.into_error())))?;
    let mut cells = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_slice());
    cells.records().map(|line| Ok(line.map_err(wrong)?.iter().map(str::to_owned).collect())).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_without_rows_has_its_header() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        write_rows::<(u32, u32)>(&path, &["first", "second"], &[]).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "first,second\n");
        assert!(write_rows(&path, &["first", "second"], &[(1, 2, 3)]).is_err(), "a row has a cell for each head");
        let lines = lines(&["first", "second"], &[(Some(0.1 + 0.2), "a, \"b\""), (None, "")]).unwrap();
        assert_eq!(lines, [["first", "second"], ["0.30000000000000004", "a, \"b\""], ["", ""]]);
    }
}
