//! Reads single columns of Parquet tables, row group by row group.

use super::RecordError;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::file::statistics::Statistics;
use std::cell::Cell;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The values of a column in one row group.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Whole numbers and days.
    Ints(Vec<Option<i64>>),
    /// Numbers.
    Reals(Vec<Option<f64>>),
    /// Yes or no.
    Bools(Vec<Option<bool>>),
    /// Words.
    Texts(Vec<Option<ByteArray>>),
}

impl Values {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        match self {
            Self::Ints(values) => values.len(),
            Self::Reals(values) => values.len(),
            Self::Bools(values) => values.len(),
            Self::Texts(values) => values.len(),
        }
    }

    /// Adds the rows of another part of the same column.
    pub(super) fn extend(&mut self, more: &Self) {
        match (self, more) {
            (Self::Ints(values), Self::Ints(more)) => values.extend(more),
            (Self::Reals(values), Self::Reals(more)) => values.extend(more),
            (Self::Bools(values), Self::Bools(more)) => values.extend(more),
            (Self::Texts(values), Self::Texts(more)) => values.extend(more.iter().cloned()),
            _ => {}
        }
    }

    /// A number; yes is 1 and no is 0.
    pub fn number(&self, row: usize) -> Option<f64> {
        match self {
            Self::Ints(values) => values[row].map(|value| value as f64),
            Self::Reals(values) => values[row],
            Self::Bools(values) => values[row].map(|value| f64::from(u8::from(value))),
            Self::Texts(_) => None,
        }
    }

    /// A whole number.
    pub fn int(&self, row: usize) -> Option<i64> {
        match self {
            Self::Ints(values) => values[row],
            _ => None,
        }
    }

    /// Words.
    pub fn text(&self, row: usize) -> Option<&str> {
        match self {
            Self::Texts(values) => values[row].as_ref().and_then(|value| value.as_utf8().ok()),
            _ => None,
        }
    }
}

/// A table open for reading.
pub struct TableReader {
    path: PathBuf,
    content: TableContent,
}

enum TableContent {
    File(Box<SerializedFileReader<File>>),
    Memory(Arc<Vec<(String, Values)>>),
}

impl TableReader {
    /// Opens a table.
    pub fn open(path: &Path) -> Result<Self, RecordError> {
        let file = File::open(path).map_err(RecordError::io("open", path))?;
        let file = guarded(|| SerializedFileReader::new(file)).map_err(RecordError::table(path))?;
        Ok(Self { path: path.to_owned(), content: TableContent::File(Box::new(file)) })
    }

    /// A table in memory.
    pub fn of_memory(name: &str, columns: Arc<Vec<(String, Values)>>) -> Self {
        Self { path: name.into(), content: TableContent::Memory(columns) }
    }

    /// Names of its columns.
    pub fn columns(&self) -> Vec<String> {
        match &self.content {
            TableContent::File(file) => {
                let schema = file.metadata().file_metadata().schema_descr();
                schema.columns().iter().map(|column| column.name().to_owned()).collect()
            }
            TableContent::Memory(columns) => columns.iter().map(|(name, _)| name.clone()).collect(),
        }
    }

    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        match &self.content {
            TableContent::File(file) => file.metadata().file_metadata().num_rows().unsigned_abs(),
            TableContent::Memory(columns) => columns.first().map_or(0, |(_, values)| values.rows() as u64),
        }
    }

    /// Reads columns, row group by row group, and hands each group's values and number of rows on. A group is left out
    /// if `range` names a column of whole numbers and a value that its statistics exclude.
    pub fn each_group(
        &self,
        columns: &[&str],
        range: Option<(&str, i64)>,
        mut take: impl FnMut(usize, &[Values]) -> Result<(), RecordError>,
    ) -> Result<(), RecordError> {
        let wrong = RecordError::table(&self.path);
        let all = self.columns();
        let place = |name: &str| {
            all.iter().position(|column| column == name).ok_or_else(|| RecordError::Table {
                path: self.path.clone(),
                message: format!("there is no column `{name}`"),
            })
        };
        let places: Vec<usize> = columns.iter().map(|name| place(name)).collect::<Result<_, _>>()?;
        let range = range.map(|(name, value)| place(name).map(|place| (place, value))).transpose()?;
        let file = match &self.content {
            TableContent::File(file) => file,
            TableContent::Memory(columns) => {
                let values: Vec<Values> = places.iter().map(|place| columns[*place].1.clone()).collect();
                return take(self.rows() as usize, &values);
            }
        };
        for number in 0..file.num_row_groups() {
            let group = guarded(|| file.get_row_group(number)).map_err(&wrong)?;
            if range.is_some_and(|(place, value)| excludes(group.metadata().column(place).statistics(), value)) {
                continue;
            }
            let rows = group.metadata().num_rows() as usize;
            let values: Vec<Values> =
                guarded(|| places.iter().map(|place| read(group.as_ref(), *place, rows)).collect::<Result<_, _>>())
                    .map_err(&wrong)?;
            take(rows, &values)?;
        }
        Ok(())
    }
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread reads a table of which a panic becomes an error: a program's panic hook has nothing to tell then.
pub fn panic_becomes_error() -> bool {
    GUARDED.get()
}

/// The Parquet library panics on some damaged tables; here that is an error like any other.
fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    GUARDED.set(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(false);
    read.unwrap_or_else(|_| Err(ParquetError::General("it is damaged".into())))
}

fn excludes(statistics: Option<&Statistics>, value: i64) -> bool {
    let (low, high) = match statistics {
        Some(Statistics::Int32(statistics)) => {
            (statistics.min_opt().map(|low| i64::from(*low)), statistics.max_opt().map(|high| i64::from(*high)))
        }
        Some(Statistics::Int64(statistics)) => (statistics.min_opt().copied(), statistics.max_opt().copied()),
        _ => (None, None),
    };
    low.is_some_and(|low| value < low) || high.is_some_and(|high| value > high)
}

fn read(group: &dyn RowGroupReader, column: usize, rows: usize) -> Result<Values, ParquetError> {
    Ok(match group.get_column_reader(column)? {
        ColumnReader::Int32ColumnReader(reader) => Values::Ints(all(reader, rows, i64::from)?),
        ColumnReader::Int64ColumnReader(reader) => Values::Ints(all(reader, rows, |value| value)?),
        ColumnReader::DoubleColumnReader(reader) => Values::Reals(all(reader, rows, |value| value)?),
        ColumnReader::FloatColumnReader(reader) => Values::Reals(all(reader, rows, f64::from)?),
        ColumnReader::BoolColumnReader(reader) => Values::Bools(all(reader, rows, |value| value)?),
        ColumnReader::ByteArrayColumnReader(reader) => Values::Texts(all(reader, rows, |value| value)?),
        _ => return Err(ParquetError::General("a column of a type that this program does not read".into())),
    })
}

fn all<T: DataType, U>(
    mut reader: ColumnReaderImpl<T>,
    rows: usize,
    convert: impl Fn(T::T) -> U,
) -> Result<Vec<Option<U>>, ParquetError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let mut done = 0;
    while done < rows {
        let (records, _, _) = reader.read_records(rows - done, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            return Err(ParquetError::EOF(format!("{done} rows where {rows} were expected")));
        }
        done += records;
    }
    // Columns in which no value can be missing have no levels.
    if values.len() == rows {
        return Ok(values.into_iter().map(|value| Some(convert(value))).collect());
    }
    let mut values = values.into_iter();
    Ok(levels.iter().map(|level| if *level > 0 { values.next().map(&convert) } else { None }).collect())
}
