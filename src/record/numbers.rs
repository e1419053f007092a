//! Numbers from any table, CSV or Parquet: columns by name, for analyses of results that this program did not make.

use super::RecordError;
use super::read_column::{TableReader, Values};
use crate::scenario::nearest;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// A table of which columns can be had as numbers. Nothing is held in memory but what is asked for.
pub struct NumberTable {
    path: PathBuf,
    columns: Vec<String>,
    content: NumberSource,
}

enum NumberSource {
    Csv { delimiter: u8 },
    Parquet(TableReader),
}

/// A column that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether a missing value is an error rather than NaN.
    pub required: bool,
}

/// The largest number that is taken, either side of 0: sums of the squares of as many as fit into memory stay finite.
pub const LARGEST_NUMBER: f64 = 1e150;

/// Texts that stand for no value.
const MISSING: [&str; 5] = ["", "na", "nan", "null", "none"];

impl NumberTable {
    /// Opens a table: Parquet by its first bytes, anything else as CSV with a line of names, separated by commas,
    /// semicolons or tabs.
    ///
    /// # Errors
    /// If it cannot be read or is no table.
    pub fn open(path: &Path) -> Result<Self, RecordError> {
        let not_a_table = |reason: String| RecordError::NotATable { path: path.to_owned(), reason };
        let mut file = File::open(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => not_a_table("there is no such file".into()),
            _ => RecordError::io("open", path)(error),
        })?;
        let mut magic = [0; 4];
        let begins = file.read(&mut magic).map_err(RecordError::io("read", path))?;
        let (columns, content) = if begins == 4 && magic == *b"PAR1" {
            let table = TableReader::open(path).map_err(|error| not_a_table(error.to_string()))?;
            (table.columns(), NumberSource::Parquet(table))
        } else {
            let mut first = String::new();
            let mut lines = BufReader::new(File::open(path).map_err(RecordError::io("open", path))?);
            // A line of names is text of a reasonable length; what is not would be read as a whole.
            let mut head = Read::take(&mut lines, 1 << 20);
            head.read_line(&mut first).map_err(|_| not_a_table("it is no text".into()))?;
            let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
            let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|d| (count(*d), *d == b',')).unwrap_or(b',');
            let mut table = csv_reader(path, delimiter)?;
            let names = table.headers().map_err(|error| not_a_table(error.to_string()))?;
            (
                names.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect(),
                NumberSource::Csv { delimiter },
            )
        };
        if columns.iter().all(String::is_empty) {
            return Err(not_a_table("its first line names no columns".into()));
        }
        Ok(Self { path: path.to_owned(), columns, content })
    }

    /// Names of its columns, in order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// How many rows it has: exactly for Parquet, and for CSV about as many as its length and its first lines suggest.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn rows_about(&self) -> Result<u64, RecordError> {
        match &self.content {
            NumberSource::Parquet(table) => Ok(table.rows()),
            NumberSource::Csv { .. } => {
                let file = File::open(&self.path).map_err(RecordError::io("open", &self.path))?;
                let bytes = file.metadata().map_err(RecordError::io("read", &self.path))?.len();
                let mut beginning = Vec::new();
                file.take(1 << 16).read_to_end(&mut beginning).map_err(RecordError::io("read", &self.path))?;
                let lines = beginning.iter().filter(|byte| **byte == b'\n').count().max(1) as u64;
                Ok(bytes * lines / (beginning.len() as u64).max(1))
            }
        }
    }

    /// Reads columns in one pass, each as a list of numbers with one per row. The words yes and true are 1, no and false
    /// are 0; an empty cell, `NA`, `NaN`, `null` or `none` is NaN.
    ///
    /// # Errors
    /// If there is no such column, with the nearest name; if a cell is no number, or is missing where one is required,
    /// with its line and column.
    pub fn read(&self, wanted: &[Wanted<'_>]) -> Result<Vec<Vec<f64>>, RecordError> {
        let places: Vec<usize> = wanted.iter().map(|column| self.place(column.name)).collect::<Result<_, _>>()?;
        let mut numbers = vec![Vec::new(); wanted.len()];
        let cell = |line: u64, column: &Wanted<'_>, found: &str| RecordError::Cell {
            path: self.path.clone(),
            line,
            column: column.name.to_owned(),
            found: if found.is_empty() { "nothing".into() } else { format!("`{found}`") },
        };
        match &self.content {
            NumberSource::Csv { delimiter } => {
                let broken =
                    |error: csv::Error| RecordError::NotATable { path: self.path.clone(), reason: error.to_string() };
                let mut table = csv_reader(&self.path, *delimiter)?;
                let mut record = csv::StringRecord::new();
                while table.read_record(&mut record).map_err(broken)? {
                    let line = record.position().map_or(0, csv::Position::line);
                    for ((column, place), numbers) in wanted.iter().zip(&places).zip(&mut numbers) {
                        let found = record.get(*place).unwrap_or_default().trim();
                        let number = number(found).filter(fits).ok_or_else(|| cell(line, column, found))?;
                        if column.required && number.is_nan() {
                            return Err(cell(line, column, found));
                        }
                        numbers.push(number);
                    }
                }
            }
            NumberSource::Parquet(table) => {
                let names: Vec<&str> = wanted.iter().map(|column| column.name).collect();
                let mut before = 0u64;
                table.each_group(&names, None, |rows, values| {
                    for ((column, values), numbers) in wanted.iter().zip(values).zip(&mut numbers) {
                        for row in 0..rows {
                            // Rows are counted as the lines of a CSV with the same content.
                            let line = before + row as u64 + 2;
                            let found = match values {
                                Values::Texts(_) => {
                                    let text = values.text(row).unwrap_or_default();
                                    number(text).filter(fits).ok_or_else(|| cell(line, column, text))?
                                }
                                _ => {
                                    let number = values.number(row).unwrap_or(f64::NAN);
                                    Some(number).filter(fits).ok_or_else(|| cell(line, column, &number.to_string()))?
                                }
                            };
                            if column.required && found.is_nan() {
                                return Err(cell(line, column, ""));
                            }
                            numbers.push(found);
                        }
                    }
                    before += rows as u64;
                    Ok(())
                })?;
            }
        }
        Ok(numbers)
    }

    /// Where a column stands.
    ///
    /// # Errors
    /// If there is none of that name, or more than one.
    pub fn place(&self, name: &str) -> Result<usize, RecordError> {
        let mut places = (0..self.columns.len()).filter(|place| self.columns[*place] == name);
        match (places.next(), places.next()) {
            (Some(place), None) => Ok(place),
            (Some(_), Some(_)) => {
                let reason = format!("it has more than one column `{name}`");
                Err(RecordError::NotATable { path: self.path.clone(), reason })
            }
            _ => Err(RecordError::no_column(&self.path, name, self.columns.iter().map(String::as_str))),
        }
    }
}

impl RecordError {
    /// There is no column of a name: says the nearest one, or those that there are.
    pub fn no_column<'a>(path: &Path, name: &str, columns: impl Iterator<Item = &'a str>) -> Self {
        const SHOWN: usize = 12;
        let columns: Vec<&str> = columns.collect();
        let help = nearest(name, columns.iter().copied()).unwrap_or_else(|| {
            let more = if columns.len() > SHOWN { ", …" } else { "" };
            format!("its columns are {}{more}", columns[..columns.len().min(SHOWN)].join(", "))
        });
        Self::NoColumn { path: path.to_owned(), name: name.to_owned(), help }
    }
}

fn csv_reader(path: &Path, delimiter: u8) -> Result<csv::Reader<File>, RecordError> {
    let file = File::open(path).map_err(RecordError::io("open", path))?;
    Ok(csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(file))
}

fn fits(number: &f64) -> bool {
    number.is_nan() || number.abs() <= LARGEST_NUMBER
}

fn number(text: &str) -> Option<f64> {
    match text.parse() {
        Ok(number) => Some(number),
        Err(_) if ["yes", "true"].iter().any(|word| text.eq_ignore_ascii_case(word)) => Some(1.0),
        Err(_) if ["no", "false"].iter().any(|word| text.eq_ignore_ascii_case(word)) => Some(0.0),
        Err(_) if MISSING.iter().any(|word| text.eq_ignore_ascii_case(word)) => Some(f64::NAN),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{ColumnKind, Field, RowValue, TableWriter};

    fn optional(name: &str) -> Wanted<'_> {
        Wanted { name, required: false }
    }

    fn written(content: &str) -> (tempfile::TempDir, NumberTable) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        std::fs::write(&path, content).unwrap();
        let table = NumberTable::open(&path).unwrap();
        (folder, table)
    }

    #[test]
    fn numbers_words_and_gaps_are_read() {
        for (delimiter, name) in [(",", "comma"), (";", "semicolon"), ("\t", "tab")] {
            let (_folder, table) = written(&"a,b,yes?\n1,0.5,yes\n-2e3,,FALSE\n3,NA,1\n".replace(',', delimiter));
            assert_eq!(table.columns(), ["a", "b", "yes?"], "{name}");
            let found = table.read(&[optional("yes?"), optional("a"), optional("b")]).unwrap();
            assert_eq!(found[..2], [vec![1.0, 0.0, 1.0], vec![1.0, -2000.0, 3.0]]);
            assert!((found[2][0] - 0.5).abs() < 1e-12 && found[2][1].is_nan() && found[2][2].is_nan());
        }
    }

    #[test]
    fn wrong_cells_and_columns_are_named() {
        let (_folder, table) = written("fighters,support\n1,2\nmany,3\n4,\n");
        let refused = |wanted| table.read(&[wanted]).unwrap_err().to_string();
        assert!(refused(optional("fighters")).ends_with(
            "line 3, column `fighters`: found `many`, expected a number from -1e150 to 1e150, yes, no, true or false"
        ));
        let gap = refused(Wanted { name: "support", required: true });
        assert!(gap.contains("line 4, column `support`: found nothing"), "{gap}");
        assert!(refused(optional("fighter")).contains("has no column `fighter`: did you mean `fighters`?"));
        assert!(refused(optional("zzz")).contains("its columns are fighters, support"));
        assert!(table.read(&[optional("zzz")]).unwrap_err().is_input());
        let absent = NumberTable::open(Path::new("/nowhere.csv")).err().unwrap();
        assert!(absent.is_input() && absent.to_string().contains("/nowhere.csv"));
    }

    #[test]
    fn parquet_gives_the_same_as_csv() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.parquet");
        let fields = vec![
            Field::required("a", ColumnKind::Int64),
            Field::optional("b", ColumnKind::Double),
            Field::optional("c", ColumnKind::Bool),
            Field::optional("d", ColumnKind::Text),
        ];
        let mut table = TableWriter::create(&path, fields).unwrap();
        table.row([RowValue::Int(7), RowValue::Real(0.25), RowValue::Yes(true), RowValue::Text("no")]).unwrap();
        table.row([RowValue::Int(8), RowValue::Missing, RowValue::Missing, RowValue::Text("what")]).unwrap();
        table.finish().unwrap();
        let table = NumberTable::open(&path).unwrap();
        assert_eq!(table.rows_about().unwrap(), 2);
        let found = table.read(&[optional("a"), optional("b"), optional("c")]).unwrap();
        assert_eq!(found[0], [7.0, 8.0]);
        assert!((found[1][0] - 0.25).abs() < 1e-12 && found[1][1].is_nan() && found[2][1].is_nan());
        let wrong = table.read(&[optional("d")]).unwrap_err().to_string();
        assert!(wrong.contains("line 3, column `d`: found `what`"), "{wrong}");
    }
}
