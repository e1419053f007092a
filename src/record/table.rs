//! Parquet tables, written row by row and kept column by column until a row group is full.
//!
//! Doubles are split into byte streams and integers written as differences, which beats heavier codecs here; words are
//! written once per column and row group. Nothing in a table depends on when, where or by which thread it was written.

use super::column::{ColumnKind, Field, RowValue};
use super::read_column::Values;
use super::{Fingerprint, Memory, RecordError, WholeFile};
use crate::base::Date;
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, FloatType, Int32Type, Int64Type};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many values a row group holds: about 16 MB of doubles.
const GROUP_VALUES: usize = 1 << 21;
/// The most rows in a row group.
const GROUP_ROWS: usize = 1 << 18;

#[derive(Debug)]
enum Data {
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Bool(Vec<bool>),
    Double(Vec<f64>),
    Float(Vec<f32>),
    Text(Dictionary),
}

/// Words by number: the known ones first, then those met in the current row group.
#[derive(Debug, Default)]
struct Dictionary {
    codes: Vec<u32>,
    list: Vec<ByteArray>,
    known: usize,
    met: BTreeMap<String, u32>,
}

#[derive(Debug)]
struct Buffer {
    field: Field,
    /// 1 where there is a value; kept for optional columns only.
    present: Vec<i16>,
    data: Data,
}

/// Where a table goes.
enum Writer {
    File(Box<SerializedFileWriter<WholeFile>>),
    Memory(Memory),
}

/// What rows that are added together hold of a column.
#[derive(Clone, Copy, Debug)]
pub enum ColumnPart<'a> {
    /// The same in all rows.
    Same(RowValue<'a>),
    /// A day per row.
    Days(&'a [Date]),
    /// A number per row, for [`ColumnKind::Double`].
    Doubles(&'a [f64]),
    /// A number per row, for [`ColumnKind::Float`].
    Floats(&'a [f32]),
    /// Numbers in some rows, which are given in order by their place, for an optional [`ColumnKind::Float`].
    Few {
        /// Their places.
        rows: &'a [u32],
        /// A number for each.
        values: &'a [f32],
    },
}

/// A table being written.
pub struct TableWriter {
    path: PathBuf,
    writer: Writer,
    buffers: Vec<Buffer>,
    rows_in_group: usize,
    group_rows: usize,
    rows: u64,
}

impl TableWriter {
    /// Begins a table at `path` with the given columns.
    ///
    /// # Errors
    /// If the file cannot be begun.
    pub fn create(path: &Path, fields: Vec<Field>) -> Result<Self, RecordError> {
        let wrong = RecordError::table(path);
        let mut properties = WriterProperties::builder()
            .set_created_by(concat!("entente version ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::SNAPPY)
            .set_dictionary_enabled(false)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_max_row_group_row_count(None);
        let mut columns = Vec::with_capacity(fields.len());
        for field in &fields {
            let path = ColumnPath::new(vec![field.name().to_owned()]);
            properties = match field.kind() {
                ColumnKind::Text => properties.set_column_dictionary_enabled(path, true),
                ColumnKind::Double | ColumnKind::Float => {
                    properties.set_column_encoding(path, Encoding::BYTE_STREAM_SPLIT)
                }
                ColumnKind::Int32 | ColumnKind::Int64 | ColumnKind::Date => {
                    properties.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED)
                }
                ColumnKind::Bool => properties,
            };
            columns.push(Arc::new(column_type(field).map_err(&wrong)?));
        }
        let schema = Type::group_type_builder("entente").with_fields(columns).build().map_err(&wrong)?;
        let file = WholeFile::create(path)?;
        let writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties.build())).map_err(&wrong)?;
        let group_rows = (GROUP_VALUES / fields.len().max(1)).clamp(1024, GROUP_ROWS);
        Ok(Self {
            path: path.to_owned(),
            writer: Writer::File(Box::new(writer)),
            buffers: fields.into_iter().map(Buffer::new).collect(),
            rows_in_group: 0,
            group_rows,
            rows: 0,
        })
    }

    /// Begins a table in memory.
    pub(super) fn in_memory(memory: Memory, name: &str, fields: Vec<Field>) -> Self {
        Self {
            path: name.into(),
            writer: Writer::Memory(memory),
            buffers: fields.into_iter().map(Buffer::new).collect(),
            rows_in_group: 0,
            group_rows: usize::MAX,
            rows: 0,
        }
    }

    /// Adds a row: one value per column, in their order.
    ///
    /// # Errors
    /// If a value does not fit its column, or the file cannot be written to.
    pub fn row<'a>(&mut self, values: impl IntoIterator<Item = RowValue<'a>>) -> Result<(), RecordError> {
        let mut values = values.into_iter();
        for buffer in &mut self.buffers {
            let fits = values.next().is_some_and(|value| buffer.push(value));
            if !fits {
                return Err(unfit(&self.path, self.rows, buffer));
            }
        }
        self.added(1)
    }

    /// Adds rows, given column by column.
    ///
    /// # Errors
    /// If a value does not fit its column, or the file cannot be written to.
    pub fn rows(&mut self, count: usize, columns: &[ColumnPart<'_>]) -> Result<(), RecordError> {
        let mut done = 0;
        while done < count {
            let next = count.min(done.saturating_add(self.group_rows - self.rows_in_group));
            for (place, buffer) in self.buffers.iter_mut().enumerate() {
                if !columns.get(place).is_some_and(|part| buffer.extend(part, done..next)) {
                    return Err(unfit(&self.path, self.rows, buffer));
                }
            }
            self.added(next - done)?;
            done = next;
        }
        Ok(())
    }

    /// Rows have been added, at most as many as the row group had room for.
    fn added(&mut self, rows: usize) -> Result<(), RecordError> {
        self.rows += rows as u64;
        self.rows_in_group += rows;
        if self.rows_in_group == self.group_rows { self.flush() } else { Ok(()) }
    }

    /// What its columns hold.
    pub(super) fn kinds(&self) -> Vec<ColumnKind> {
        self.buffers.iter().map(|buffer| buffer.field.kind()).collect()
    }

    /// Puts the file in its place; gives the number of rows and the fingerprint.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(mut self) -> Result<(u64, Fingerprint), RecordError> {
        if self.rows_in_group > 0 {
            self.flush()?;
        }
        match self.writer {
            Writer::File(writer) => {
                let file = writer.into_inner().map_err(RecordError::table(&self.path))?;
                Ok((self.rows, file.finish()?))
            }
            Writer::Memory(memory) => {
                let columns = self.buffers.into_iter().map(Buffer::values).collect();
                memory.kept().tables.insert(self.path.display().to_string(), Arc::new(columns));
                Ok((self.rows, Fingerprint { bytes: 0, blake3: String::new() }))
            }
        }
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        let wrong = RecordError::table(&self.path);
        let Writer::File(writer) = &mut self.writer else { return Ok(()) };
        let mut group = writer.next_row_group().map_err(&wrong)?;
        for buffer in &mut self.buffers {
            if let Some(mut column) = group.next_column().map_err(&wrong)? {
                buffer.write(&mut column).map_err(&wrong)?;
                column.close().map_err(&wrong)?;
            }
        }
        group.close().map_err(&wrong)?;
        self.rows_in_group = 0;
        Ok(())
    }
}

fn unfit(path: &Path, row: u64, buffer: &Buffer) -> RecordError {
    let message = format!("row {row} has no fitting value for column `{}`", buffer.field.name());
    RecordError::Table { path: path.to_owned(), message }
}

impl Buffer {
    fn new(field: Field) -> Self {
        let data = match field.kind() {
            ColumnKind::Int32 | ColumnKind::Date => Data::Int32(Vec::new()),
            ColumnKind::Int64 => Data::Int64(Vec::new()),
            ColumnKind::Bool => Data::Bool(Vec::new()),
            ColumnKind::Double => Data::Double(Vec::new()),
            ColumnKind::Float => Data::Float(Vec::new()),
            ColumnKind::Text => Data::Text(Dictionary {
                list: field.words().iter().map(|word| ByteArray::from(word.as_str())).collect(),
                known: field.words().len(),
                ..Dictionary::default()
            }),
        };
        Self { field, present: Vec::new(), data }
    }

    /// Whether the value fitted.
    fn push(&mut self, value: RowValue<'_>) -> bool {
        if self.field.is_optional() {
            self.present.push(i16::from(!matches!(value, RowValue::Missing)));
            if matches!(value, RowValue::Missing) {
                return true;
            }
        }
        match (&mut self.data, value) {
            (Data::Int32(data), RowValue::Int(value)) => i32::try_from(value).map(|value| data.push(value)).is_ok(),
            (Data::Int32(data), RowValue::Day(day)) => {
                data.push(day.days_since_1970());
                true
            }
            (Data::Int64(data), RowValue::Int(value)) => {
                data.push(value);
                true
            }
            (Data::Bool(data), RowValue::Yes(value)) => {
                data.push(value);
                true
            }
            (Data::Double(data), RowValue::Real(value)) => {
                data.push(value);
                true
            }
            (Data::Float(data), RowValue::Real(value)) => {
                data.push(value as f32);
                true
            }
            (Data::Text(words), RowValue::Word(code)) => {
                words.codes.push(code);
                (code as usize) < words.known
            }
            (Data::Text(words), RowValue::Text(text)) => {
                words.push(text);
                true
            }
            _ => false,
        }
    }

    /// Adds some rows of a part; whether it fitted.
    fn extend(&mut self, part: &ColumnPart<'_>, rows: Range<usize>) -> bool {
        match (&mut self.data, part, self.field.is_optional()) {
            (_, ColumnPart::Same(value), _) => rows.into_iter().all(|_| self.push(*value)),
            (Data::Int32(data), ColumnPart::Days(days), false) if rows.end <= days.len() => {
                data.extend(days[rows].iter().map(|day| day.days_since_1970()));
                true
            }
            (Data::Double(data), ColumnPart::Doubles(values), false) if rows.end <= values.len() => {
                data.extend_from_slice(&values[rows]);
                true
            }
            (Data::Float(data), ColumnPart::Floats(values), false) if rows.end <= values.len() => {
                data.extend_from_slice(&values[rows]);
                true
            }
            (Data::Float(data), ColumnPart::Few { rows: places, values }, true) if places.len() == values.len() => {
                let before = self.present.len();
                self.present.resize(before + rows.len(), 0);
                for (place, value) in places.iter().zip(*values) {
                    if let Some(within) = (*place as usize).checked_sub(rows.start).filter(|at| *at < rows.len()) {
                        self.present[before + within] = 1;
                        data.push(*value);
                    }
                }
                true
            }
            _ => false,
        }
    }

    /// The column and its values.
    fn values(self) -> (Field, Values) {
        fn all<T, U>(present: &[i16], data: Vec<T>, convert: impl Fn(T) -> U) -> Vec<Option<U>> {
            if present.is_empty() {
                return data.into_iter().map(|value| Some(convert(value))).collect();
            }
            let mut data = data.into_iter();
            present.iter().map(|present| if *present > 0 { data.next().map(&convert) } else { None }).collect()
        }
        let present = &self.present;
        let values = match self.data {
            Data::Int32(data) => Values::Ints(all(present, data, i64::from)),
            Data::Int64(data) => Values::Ints(all(present, data, |value| value)),
            Data::Bool(data) => Values::Bools(all(present, data, |value| value)),
            Data::Double(data) => Values::Reals(all(present, data, |value| value)),
            Data::Float(data) => Values::Reals(all(present, data, f64::from)),
            Data::Text(words) => Values::Texts(all(present, words.codes, |code| words.list[code as usize].clone())),
        };
        (self.field, values)
    }

    /// Writes the values of a row group and forgets them.
    fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<(), parquet::errors::ParquetError> {
        let present = self.field.is_optional().then_some(self.present.as_slice());
        match &mut self.data {
            Data::Int32(data) => {
                column.typed::<Int32Type>().write_batch(data, present, None)?;
                data.clear();
            }
            Data::Int64(data) => {
                column.typed::<Int64Type>().write_batch(data, present, None)?;
                data.clear();
            }
            Data::Bool(data) => {
                column.typed::<BoolType>().write_batch(data, present, None)?;
                data.clear();
            }
            Data::Double(data) => {
                column.typed::<DoubleType>().write_batch(data, present, None)?;
                data.clear();
            }
            Data::Float(data) => {
                column.typed::<FloatType>().write_batch(data, present, None)?;
                data.clear();
            }
            Data::Text(words) => {
                let values: Vec<ByteArray> =
                    words.codes.iter().map(|code| words.list[*code as usize].clone()).collect();
                column.typed::<ByteArrayType>().write_batch(&values, present, None)?;
                words.clear();
            }
        }
        self.present.clear();
        Ok(())
    }
}

impl Dictionary {
    fn push(&mut self, text: &str) {
        let code = match self.met.get(text) {
            Some(code) => *code,
            None => {
                let code = self.list.len() as u32;
                self.list.push(ByteArray::from(text));
                self.met.insert(text.to_owned(), code);
                code
            }
        };
        self.codes.push(code);
    }

    fn clear(&mut self) {
        self.codes.clear();
        self.met.clear();
        self.list.truncate(self.known);
    }
}

fn column_type(field: &Field) -> Result<Type, parquet::errors::ParquetError> {
    let (physical, logical) = match field.kind() {
        ColumnKind::Int32 => (Physical::INT32, None),
        ColumnKind::Int64 => (Physical::INT64, None),
        ColumnKind::Date => (Physical::INT32, Some(LogicalType::Date)),
        ColumnKind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnKind::Bool => (Physical::BOOLEAN, None),
        ColumnKind::Double => (Physical::DOUBLE, None),
        ColumnKind::Float => (Physical::FLOAT, None),
    };
    let repetition = if field.is_optional() { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    Type::primitive_type_builder(field.name(), physical).with_logical_type(logical).with_repetition(repetition).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many columns that a row group has as few rows as there may be.
    const WIDE: usize = 2100;
    const ROWS: usize = 700;

    fn fields() -> Vec<Field> {
        let mut fields = vec![
            Field::required("run", ColumnKind::Int64),
            Field::required("word", ColumnKind::Text).with_words(vec!["one".into(), "other".into()]),
            Field::required("day", ColumnKind::Date),
            Field::required("week", ColumnKind::Double),
            Field::optional("few", ColumnKind::Float),
        ];
        fields.extend((0..WIDE).map(|number| Field::required(number.to_string(), ColumnKind::Float)));
        fields
    }

    #[test]
    fn rows_added_together_are_those_added_one_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let first = Date::new(2023, 1, 1).unwrap();
        let days: Vec<Date> = (0..ROWS as i64).map(|day| first.plus_days(day)).collect();
        let weeks: Vec<f64> = (0..ROWS).map(|row| row as f64 / 7.0).collect();
        let values: Vec<f32> = (0..ROWS).map(|row| (row * row % 1013) as f32).collect();
        // On both sides of where a row group ends.
        let (places, few) = ([0, 323, 324, 325, 699], [1.5, 2.5, 3.5, 4.5, 5.5]);
        let written = |together: bool| {
            let path = folder.path().join(if together { "together" } else { "one by one" });
            let mut table = TableWriter::create(&path, fields()).unwrap();
            assert_eq!(table.group_rows, 1024, "so that three parts do not fit into whole groups");
            for run in 0..3 {
                let [number, word] = [RowValue::Int(run), RowValue::Word(u32::from(run == 1))];
                if together {
                    let mut parts = vec![ColumnPart::Same(number), ColumnPart::Same(word)];
                    parts.extend([ColumnPart::Days(&days), ColumnPart::Doubles(&weeks)]);
                    parts.push(ColumnPart::Few { rows: &places, values: &few });
                    parts.extend([ColumnPart::Floats(&values); WIDE]);
                    table.rows(ROWS, &parts).unwrap();
                } else {
                    for row in 0..ROWS {
                        let few = places.iter().position(|place| *place as usize == row).map(|at| f64::from(few[at]));
                        let mut cells = vec![number, word, RowValue::Day(days[row]), RowValue::Real(weeks[row])];
                        cells.push(few.map_or(RowValue::Missing, RowValue::Real));
                        cells.extend([RowValue::Real(f64::from(values[row])); WIDE]);
                        table.row(cells).unwrap();
                    }
                }
            }
            let (rows, fingerprint) = table.finish().unwrap();
            assert_eq!(rows, 3 * ROWS as u64);
            fingerprint
        };
        assert_eq!(written(true), written(false));
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |part: ColumnPart<'_>| {
            let fields = vec![Field::required("value", ColumnKind::Float)];
            let mut table = TableWriter::create(&folder.path().join("t"), fields).unwrap();
            let refused = table.rows(3, &[part]).unwrap_err().to_string();
            assert!(refused.contains("no fitting value for column `value`"), "{refused}");
        };
        refused(ColumnPart::Floats(&[1.0, 2.0]));
        refused(ColumnPart::Doubles(&[1.0, 2.0, 3.0]));
        refused(ColumnPart::Few { rows: &[0], values: &[1.0] });
        refused(ColumnPart::Same(RowValue::Missing));
    }
}
