//! Reads single columns of Parquet tables, row group by row group.

use super::RecordError;
use super::codec;
use super::column::{ColumnKind, Field, RowValue};
use crate::base::Date;
use parquet::basic::{LogicalType, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescPtr;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::fs::File;
use std::ops::Range;
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
    /// Words.
    pub fn of_texts<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        Self::Texts(texts.into_iter().map(|text| text.map(ByteArray::from)).collect())
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        match self {
            Self::Ints(values) => values.len(),
            Self::Reals(values) => values.len(),
            Self::Bools(values) => values.len(),
            Self::Texts(values) => values.len(),
        }
    }

    /// Some of the rows.
    fn part(&self, rows: Range<usize>) -> Self {
        match self {
            Self::Ints(values) => Self::Ints(values[rows].to_vec()),
            Self::Reals(values) => Self::Reals(values[rows].to_vec()),
            Self::Bools(values) => Self::Bools(values[rows].to_vec()),
            Self::Texts(values) => Self::Texts(values[rows].to_vec()),
        }
    }

    /// Adds the rows of another part of the same column.
    pub fn extend(&mut self, more: &Self) {
        match (self, more) {
            (Self::Ints(values), Self::Ints(more)) => values.extend(more),
            (Self::Reals(values), Self::Reals(more)) => values.extend(more),
            (Self::Bools(values), Self::Bools(more)) => values.extend(more),
            (Self::Texts(values), Self::Texts(more)) => values.extend(more.iter().cloned()),
            _ => {}
        }
    }

    /// The same rows in another order.
    pub(super) fn in_order(&self, order: &[usize]) -> Self {
        fn pick<T: Clone>(values: &[T], order: &[usize]) -> Vec<T> {
            order.iter().map(|row| values[*row].clone()).collect()
        }
        match self {
            Self::Ints(values) => Self::Ints(pick(values, order)),
            Self::Reals(values) => Self::Reals(pick(values, order)),
            Self::Bools(values) => Self::Bools(pick(values, order)),
            Self::Texts(values) => Self::Texts(pick(values, order)),
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

    /// What a row holds, for a table to be written.
    pub(super) fn row(&self, row: usize, kind: ColumnKind) -> RowValue<'_> {
        let value = match (self, kind) {
            (Self::Ints(values), ColumnKind::Date) => {
                values[row].and_then(|days| Date::from_days_since_1970(days as i32)).map(RowValue::Day)
            }
            (Self::Ints(values), _) => values[row].map(RowValue::Int),
            (Self::Reals(values), _) => values[row].map(RowValue::Real),
            (Self::Bools(values), _) => values[row].map(RowValue::Yes),
            (Self::Texts(_), _) => self.text(row).map(RowValue::Text),
        };
        value.unwrap_or(RowValue::Missing)
    }

    /// Words.
    pub fn text(&self, row: usize) -> Option<&str> {
        match self {
            Self::Texts(values) => values[row].as_ref().and_then(|value| value.as_utf8().ok()),
            _ => None,
        }
    }
}

/// A table open for reading, row group by row group: of one file, or of several that have the same columns.
pub struct TableReader {
    path: PathBuf,
    content: TableContent,
    /// The places of columns by their names, the first of those of one name.
    places: BTreeMap<String, usize>,
}

impl Debug for TableReader {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableReader").field("path", &self.path).finish_non_exhaustive()
    }
}

enum TableContent {
    Files(Vec<TableFile>),
    Memory(Arc<Vec<(Field, Values)>>),
}

/// A file of a table.
struct TableFile {
    path: PathBuf,
    file: Arc<File>,
    reader: SerializedFileReader<File>,
}

impl TableReader {
    /// Rows of a table in memory that count as a group.
    const GROUP: usize = 1 << 16;

    /// Opens a table.
    ///
    /// # Errors
    /// If it cannot be read or is no table.
    pub fn open(path: &Path) -> Result<Self, RecordError> {
        Self::of_parts(path, vec![path.to_owned()])
    }

    /// Opens a table in parts.
    ///
    /// # Errors
    /// If one cannot be read or is no table.
    pub fn of_parts(name: &Path, paths: Vec<PathBuf>) -> Result<Self, RecordError> {
        let open = |path: PathBuf| {
            let file = File::open(&path).map_err(RecordError::io("open", &path))?;
            let again = file.try_clone().map_err(RecordError::io("open", &path))?;
            let reader = guarded(|| SerializedFileReader::new(again)).map_err(RecordError::table(&path))?;
            Ok(TableFile { path, file: Arc::new(file), reader })
        };
        let files = paths.into_iter().map(open).collect::<Result<_, RecordError>>()?;
        Ok(Self::with(name, TableContent::Files(files)))
    }

    /// A table in memory.
    pub fn of_memory(name: &str, columns: Arc<Vec<(Field, Values)>>) -> Self {
        Self::with(Path::new(name), TableContent::Memory(columns))
    }

    fn with(path: &Path, content: TableContent) -> Self {
        let mut table = Self { path: path.to_owned(), content, places: BTreeMap::new() };
        for (place, name) in table.columns().into_iter().enumerate() {
            table.places.entry(name).or_insert(place);
        }
        table
    }

    /// Names of its columns.
    pub fn columns(&self) -> Vec<String> {
        match &self.content {
            TableContent::Files(files) => files.first().map_or_else(Vec::new, |file| {
                let schema = file.reader.metadata().file_metadata().schema_descr();
                schema.columns().iter().map(|column| column.name().to_owned()).collect()
            }),
            TableContent::Memory(columns) => columns.iter().map(|(field, _)| field.name().to_owned()).collect(),
        }
    }

    /// Its columns.
    ///
    /// # Errors
    /// If one is of a type that this program does not read.
    pub fn fields(&self) -> Result<Vec<Field>, RecordError> {
        let file = match &self.content {
            TableContent::Files(files) => files.first(),
            TableContent::Memory(columns) => return Ok(columns.iter().map(|(field, _)| field.clone()).collect()),
        };
        let Some(file) = file else { return Ok(Vec::new()) };
        let field = |column: &ColumnDescPtr| {
            let kind = match (column.physical_type(), column.logical_type_ref()) {
                (Physical::INT32, Some(LogicalType::Date)) => ColumnKind::Date,
                (Physical::INT32, _) => ColumnKind::Int32,
                (Physical::INT64, _) => ColumnKind::Int64,
                (Physical::BOOLEAN, _) => ColumnKind::Bool,
                (Physical::DOUBLE, _) => ColumnKind::Double,
                (Physical::FLOAT, _) => ColumnKind::Float,
                (Physical::BYTE_ARRAY, _) => ColumnKind::Text,
                _ => return Err(RecordError::table(&self.path)(unread())),
            };
            Ok(match column.max_def_level() {
                0 => Field::required(column.name(), kind),
                _ => Field::optional(column.name(), kind),
            })
        };
        file.reader.metadata().file_metadata().schema_descr().columns().iter().map(field).collect()
    }

    /// How many rows it has.
    pub fn rows(&self) -> u64 {
        match &self.content {
            TableContent::Files(files) => {
                files.iter().map(|file| file.reader.metadata().file_metadata().num_rows().unsigned_abs()).sum()
            }
            TableContent::Memory(columns) => columns.first().map_or(0, |(_, values)| values.rows() as u64),
        }
    }

    /// How many row groups it has.
    pub fn groups(&self) -> usize {
        match &self.content {
            TableContent::Files(files) => files.iter().map(|file| file.reader.num_row_groups()).sum(),
            TableContent::Memory(_) => (self.rows() as usize).div_ceil(Self::GROUP),
        }
    }

    /// The rows of a group, and the values of columns in it, which are given by their places.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn group(&self, number: usize, places: &[usize]) -> Result<(usize, Vec<Values>), RecordError> {
        match &self.content {
            TableContent::Files(files) => {
                let Some((file, number)) = in_file(files, number) else { return Ok((0, Vec::new())) };
                let wrong = RecordError::table(&file.path);
                // The library's reader of a row group makes room for all of its columns, of which there may be very many.
                let group = file.reader.metadata().row_group(number);
                let rows = group.num_rows() as usize;
                let values = || places.iter().map(|place| read(&file.file, group.column(*place), rows)).collect();
                Ok((rows, guarded(values).map_err(&wrong)?))
            }
            TableContent::Memory(columns) => {
                let first = number * Self::GROUP;
                let rows = first..(first + Self::GROUP).min(self.rows() as usize);
                Ok((rows.len(), places.iter().map(|place| columns[*place].1.part(rows.clone())).collect()))
            }
        }
    }

    /// The place of a column.
    fn place(&self, name: &str) -> Result<usize, RecordError> {
        let message = || format!("there is no column `{name}`");
        self.places.get(name).copied().ok_or_else(|| RecordError::Table { path: self.path.clone(), message: message() })
    }

    /// Reads columns, row group by row group, and hands each group's number of rows and values on. A group is left out
    /// if `range` names a column of whole numbers and a value that its statistics exclude.
    pub fn each_group(
        &self,
        columns: &[&str],
        range: Option<(&str, i64)>,
        mut take: impl FnMut(usize, &[Values]) -> Result<(), RecordError>,
    ) -> Result<(), RecordError> {
        let places: Vec<usize> = columns.iter().map(|name| self.place(name)).collect::<Result<_, _>>()?;
        let range = range.map(|(name, value)| self.place(name).map(|place| (place, value))).transpose()?;
        for number in 0..self.groups() {
            if range.is_some_and(|(place, value)| self.excludes(number, place, value)) {
                continue;
            }
            let (rows, values) = self.group(number, &places)?;
            take(rows, &values)?;
        }
        Ok(())
    }

    /// Whether the statistics of a group say that a column of whole numbers does not hold a value.
    fn excludes(&self, number: usize, place: usize, value: i64) -> bool {
        match &self.content {
            TableContent::Files(files) => in_file(files, number).is_some_and(|(file, number)| {
                excludes(file.reader.metadata().row_group(number).column(place).statistics(), value)
            }),
            TableContent::Memory(_) => false,
        }
    }
}

/// The file that holds a row group of all, and which of its groups it is.
fn in_file(files: &[TableFile], mut number: usize) -> Option<(&TableFile, usize)> {
    for file in files {
        if number < file.reader.num_row_groups() {
            return Some((file, number));
        }
        number -= file.reader.num_row_groups();
    }
    None
}

fn unread() -> ParquetError {
    ParquetError::General("a column of a type that this program does not read".into())
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

fn read(file: &Arc<File>, column: &ColumnChunkMetaData, rows: usize) -> Result<Values, ParquetError> {
    let pages = codec::pages(file, column, rows)?;
    Ok(match get_column_reader(column.column_descr_ptr(), pages) {
        ColumnReader::Int32ColumnReader(reader) => Values::Ints(all(reader, rows, i64::from)?),
        ColumnReader::Int64ColumnReader(reader) => Values::Ints(all(reader, rows, |value| value)?),
        ColumnReader::DoubleColumnReader(reader) => Values::Reals(all(reader, rows, |value| value)?),
        ColumnReader::FloatColumnReader(reader) => Values::Reals(all(reader, rows, f64::from)?),
        ColumnReader::BoolColumnReader(reader) => Values::Bools(all(reader, rows, |value| value)?),
        ColumnReader::ByteArrayColumnReader(reader) => Values::Texts(all(reader, rows, |value| value)?),
        _ => return Err(unread()),
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
