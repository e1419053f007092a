//! Tables for Python: read when they are asked for, row group by row group.

use crate::arrow::{ArrowArrayStream, ArrowSchema};
use crate::error;
use entente::base::Date;
use entente::record::{ColumnKind, Field, RecordError, Results, TableReader, Values};
use pyo3::exceptions::{PyIndexError, PyKeyError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDate, PyDict, PyList};
use std::sync::Arc;

/// How many rows are shown.
const SHOWN: usize = 10;

/// A table that is read when it is asked for, a row group at a time: `polars.DataFrame(frame)`, `pyarrow.table(frame)`,
/// `duckdb.sql("from frame")` and pandas take it as it is, through the Arrow PyCapsule interface. Nothing of it is held in
/// memory.
///
/// >>> frame = entente.Scenario.load(standoff).variants
/// >>> frame.columns
/// ['id', 'title', 'theory']
/// >>> len(frame) == len(frame["id"])
/// True
#[pyclass(module = "entente", frozen)]
pub struct Frame {
    source: Source,
    fields: Vec<Field>,
    places: Vec<usize>,
    rows: u64,
}

#[derive(Clone)]
enum Source {
    /// A table of results.
    Results(Box<Results>, String),
    /// A table in memory.
    Memory(Arc<Vec<(Field, Values)>>),
}

impl Source {
    fn open(&self) -> Result<TableReader, RecordError> {
        match self {
            Self::Results(results, name) => results.table(name),
            Self::Memory(columns) => Ok(TableReader::of_memory("frame", columns.clone())),
        }
    }
}

impl Frame {
    fn new(source: Source) -> Result<Self, RecordError> {
        let reader = source.open()?;
        let (fields, rows) = (reader.fields()?, reader.rows());
        Ok(Self { source, places: (0..fields.len()).collect(), fields, rows })
    }

    /// A table of results.
    pub fn of_results(results: &Results, name: &str) -> Result<Self, RecordError> {
        Self::new(Source::Results(Box::new(results.clone()), name.to_owned()))
    }

    /// A table in memory; columns of one length.
    pub fn of_columns(columns: Vec<(Field, Values)>) -> Result<Self, RecordError> {
        Self::new(Source::Memory(Arc::new(columns)))
    }

    /// Lines of text, the names of the columns first: columns of which every cell is a number, or yes or no, hold those.
    pub fn of_lines(lines: &[Vec<String>]) -> Result<Self, RecordError> {
        let Some((heads, lines)) = lines.split_first() else { return Self::of_columns(Vec::new()) };
        let columns = heads.iter().enumerate().map(|(place, name)| {
            let cells = || lines.iter().map(|line| line.get(place).map(String::as_str).filter(|cell| !cell.is_empty()));
            let number = |cell: &str| cell.parse::<f64>().ok();
            let yes = |cell: &str| cell.parse::<bool>().ok();
            if cells().flatten().all(|cell| number(cell).is_some()) {
                return real(name, cells().map(|cell| cell.and_then(number)).collect());
            }
            match cells().flatten().all(|cell| yes(cell).is_some()) {
                true => bool(name, cells().map(|cell| cell.and_then(yes)).collect()),
                false => text(name, cells()),
            }
        });
        Self::of_columns(columns.collect())
    }

    fn values(&self, py: Python<'_>, most: usize) -> PyResult<Vec<Values>> {
        let refused = |error| error::record(py, error);
        let reader = self.source.open().map_err(refused)?;
        let mut all: Vec<Values> = Vec::new();
        for number in 0..reader.groups() {
            let (_, values) = py.detach(|| reader.group(number, &self.places)).map_err(refused)?;
            match all.is_empty() {
                true => all = values,
                false => all.iter_mut().zip(&values).for_each(|(all, more)| all.extend(more)),
            }
            if all.first().is_some_and(|column| column.rows() >= most) {
                break;
            }
        }
        Ok(all)
    }

    fn place(&self, name: &str) -> PyResult<usize> {
        let names = || self.fields.iter().map(Field::name);
        names().position(|known| known == name).ok_or_else(|| {
            let help = entente::scenario::nearest(name, names())
                .unwrap_or_else(|| format!("there are {}", names().collect::<Vec<_>>().join(", ")));
            PyKeyError::new_err(format!("there is no column `{name}`; {help}"))
        })
    }

    fn part(&self, chosen: &[usize]) -> Self {
        let pick = |place: &usize| self.fields[*place].clone();
        Self {
            source: self.source.clone(),
            fields: chosen.iter().map(pick).collect(),
            places: chosen.iter().map(|place| self.places[*place]).collect(),
            rows: self.rows,
        }
    }

    /// The first rows as text, cell by cell.
    fn shown(&self, py: Python<'_>) -> PyResult<Vec<Vec<String>>> {
        let values = self.values(py, SHOWN)?;
        let rows = (self.rows as usize).min(SHOWN);
        let cell = |row: usize, (field, values): (&Field, &Values)| match (values, field.kind()) {
            (Values::Texts(_), _) => values.text(row).unwrap_or_default().to_owned(),
            (Values::Ints(_), ColumnKind::Date) => date(values, row).map_or_else(String::new, |date| date.to_string()),
            (Values::Ints(_), _) => values.int(row).map_or_else(String::new, |number| number.to_string()),
            (Values::Bools(values), _) => values[row].map_or_else(String::new, |yes| yes.to_string()),
            (Values::Reals(values), _) => {
                values[row].map_or_else(String::new, |number| entente::base::number::grouped(number, 4))
            }
        };
        Ok((0..rows).map(|row| self.fields.iter().zip(&values).map(|column| cell(row, column)).collect()).collect())
    }
}

fn date(values: &Values, row: usize) -> Option<Date> {
    Date::from_days_since_1970(values.int(row)? as i32)
}

/// A column of words.
pub fn text<'a>(name: &str, words: impl IntoIterator<Item = Option<&'a str>>) -> (Field, Values) {
    (Field::optional(name, ColumnKind::Text), Values::of_texts(words))
}

/// A column of numbers.
pub fn real(name: &str, numbers: Vec<Option<f64>>) -> (Field, Values) {
    (Field::optional(name, ColumnKind::Double), Values::Reals(numbers))
}

/// A column of whole numbers.
pub fn int(name: &str, numbers: Vec<Option<i64>>) -> (Field, Values) {
    (Field::optional(name, ColumnKind::Int64), Values::Ints(numbers))
}

/// A column of yes or no.
pub fn bool(name: &str, yes: Vec<Option<bool>>) -> (Field, Values) {
    (Field::optional(name, ColumnKind::Bool), Values::Bools(yes))
}

#[pymethods]
impl Frame {
    /// The names of the columns.
    #[getter]
    fn columns(&self) -> Vec<&str> {
        self.fields.iter().map(Field::name).collect()
    }

    /// What each column holds: "int32", "int64", "date", "str", "bool", "float64" or "float32".
    #[getter]
    fn schema<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let schema = PyDict::new(py);
        for field in &self.fields {
            let kind = match field.kind() {
                ColumnKind::Int32 => "int32",
                ColumnKind::Int64 => "int64",
                ColumnKind::Date => "date",
                ColumnKind::Text => "str",
                ColumnKind::Bool => "bool",
                ColumnKind::Double => "float64",
                ColumnKind::Float => "float32",
            };
            schema.set_item(field.name(), kind)?;
        }
        Ok(schema)
    }

    fn __len__(&self) -> usize {
        self.rows as usize
    }

    /// Some of the columns, in the order given: only these are read then.
    fn select(&self, columns: Vec<String>) -> PyResult<Self> {
        let places: Vec<usize> = columns.iter().map(|name| self.place(name)).collect::<PyResult<_>>()?;
        Ok(self.part(&places))
    }

    /// How many row groups there are.
    #[getter]
    fn groups(&self, py: Python<'_>) -> PyResult<usize> {
        self.source.open().map(|reader| reader.groups()).map_err(|error| error::record(py, error))
    }

    /// The rows of one group, as a frame in memory.
    fn group(&self, py: Python<'_>, number: usize) -> PyResult<Self> {
        let read = || {
            let reader = self.source.open()?;
            match number < reader.groups() {
                true => Ok(Some(reader.group(number, &self.places)?.1)),
                false => Ok::<_, RecordError>(None),
            }
        };
        let values = py.detach(read).map_err(|error| error::record(py, error))?;
        let values = values.ok_or_else(|| PyIndexError::new_err(format!("there is no row group {number}")))?;
        Self::of_columns(self.fields.iter().cloned().zip(values).collect()).map_err(|error| error::record(py, error))
    }

    /// A column as a list, with None where a value is missing.
    fn __getitem__<'py>(&self, py: Python<'py>, column: &str) -> PyResult<Bound<'py, PyList>> {
        let place = self.place(column)?;
        let mut values = self.part(&[place]).values(py, usize::MAX)?;
        values.pop().map_or_else(|| Ok(PyList::empty(py)), |values| list(py, self.fields[place].kind(), &values))
    }

    /// All columns as lists, by name.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let columns = PyDict::new(py);
        let mut values = self.values(py, usize::MAX)?.into_iter();
        for field in &self.fields {
            let list = values.next().map_or_else(|| Ok(PyList::empty(py)), |values| list(py, field.kind(), &values));
            columns.set_item(field.name(), list?)?;
        }
        Ok(columns)
    }

    /// As a `polars.DataFrame`.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("polars")?.call_method1("DataFrame", (slf,))
    }

    /// As a `polars.LazyFrame`, of which only the columns and row groups that are needed are read, when they are.
    fn scan<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("entente._scan")?.call_method1("scan", (slf,))
    }

    /// As a `pyarrow.Table`.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("pyarrow")?.call_method1("table", (slf,))
    }

    /// As a `pandas.DataFrame`; needs pyarrow besides pandas.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("pandas")?;
        Self::to_arrow(slf)?.call_method0("to_pandas")
    }

    /// The table as an Arrow stream: a record batch per row group. The schema is the table's own, whatever is asked for.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let reader = py.detach(|| self.source.open()).map_err(|error| error::record(py, error))?;
        let stream = ArrowArrayStream::new(reader, self.places.clone()).map_err(|error| error::record(py, error))?;
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    /// The names and types of the columns as an Arrow schema.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        PyCapsule::new_with_value(py, ArrowSchema::of(&self.fields), c"arrow_schema")
    }

    fn __iter__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err("a frame is not gone through row by row; see to_dict, to_polars and to_pandas"))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (heads, lines) = (self.columns(), self.shown(py)?);
        let cut = |cell: &str| cell.chars().take(24).collect::<String>();
        let width = |place: usize| {
            let cells = lines.iter().map(|line| cut(&line[place]).chars().count());
            cells.chain([cut(heads[place]).chars().count()]).max().unwrap_or(0)
        };
        let line = |cells: Vec<&str>| {
            let cells = cells.iter().enumerate().map(|(place, cell)| format!("{:<1$}", cut(cell), width(place)));
            let line = cells.collect::<Vec<_>>().join("  ");
            line.chars().take(160).collect::<String>().trim_end().to_owned()
        };
        let mut text = vec![self.size(), line(heads.clone())];
        text.extend(lines.iter().map(|cells| line(cells.iter().map(String::as_str).collect())));
        Ok(text.join("\n"))
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let row = |mark: &str, cells: &mut dyn Iterator<Item = &str>| {
            let cells: String = cells.map(|cell| format!("<{mark}>{}</{mark}>", escaped(cell))).collect();
            format!("<tr>{cells}</tr>")
        };
        let heads = row("th", &mut self.fields.iter().map(Field::name));
        let lines = self.shown(py)?;
        let lines: String = lines.iter().map(|line| row("td", &mut line.iter().map(String::as_str))).collect();
        let size = self.size();
        Ok(format!("<table><thead>{heads}</thead><tbody>{lines}</tbody></table><p>{size}</p>"))
    }
}

impl Frame {
    fn size(&self) -> String {
        format!("{} rows × {} columns", entente::base::number::count(self.rows as f64), self.fields.len())
    }
}

fn list<'py>(py: Python<'py>, kind: ColumnKind, values: &Values) -> PyResult<Bound<'py, PyList>> {
    match (values, kind) {
        (Values::Ints(numbers), ColumnKind::Date) => {
            let day = |row: usize| {
                let Some(date) = date(values, row) else { return Ok(None) };
                let (year, month, day) = date.parts();
                PyDate::new(py, i32::from(year), month as u8, day as u8).map(Some)
            };
            PyList::new(py, (0..numbers.len()).map(day).collect::<PyResult<Vec<_>>>()?)
        }
        (Values::Ints(numbers), _) => PyList::new(py, numbers),
        (Values::Reals(numbers), _) => PyList::new(py, numbers),
        (Values::Bools(yes), _) => PyList::new(py, yes),
        (Values::Texts(texts), _) => PyList::new(py, (0..texts.len()).map(|row| values.text(row))),
    }
}
