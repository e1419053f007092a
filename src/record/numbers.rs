//! Numbers and names from any table, CSV or Parquet: columns by name, for analyses of results that this program did not make.

use super::RecordError;
use super::cells::{CellReader, TableColumn, Wanted, WrongCells};
use super::lines::{Lines, line_of};
use super::read_column::{TableReader, Values};
use crate::base::name::first_few;
use crate::scenario::nearest;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// A table of which columns can be had as numbers or names. Nothing is held in memory but what is asked for.
pub struct NumberTable {
    path: PathBuf,
    columns: Vec<String>,
    content: NumberSource,
}

enum NumberSource {
    Csv { delimiter: u8 },
    Parquet(TableReader),
}

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
            let delimiter = b",;\t".iter().copied().max_by_key(|d| (count(*d), *d == b',')).unwrap_or(b',');
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

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
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

    /// Checks that every column has a name of its own, as it must where columns are the paths of inputs.
    ///
    /// # Errors
    /// Which columns have none, or one that another has too.
    pub fn check_names(&self) -> Result<(), RecordError> {
        let mut problems = Vec::new();
        for (place, name) in self.columns.iter().enumerate() {
            // What pandas calls an index that was saved with the table.
            let index = name.starts_with("Unnamed: ") || name.starts_with("__index_level_");
            if name.is_empty() || index {
                let found = if index { format!(", `{name}`,") } else { String::new() };
                problems.push(format!(
                    "column {}{found} has no name; it may be an index: save the table without (in pandas with `index=False`)",
                    place + 1
                ));
            } else if self.columns[..place].contains(name) {
                problems.push(format!("it has more than one column `{name}`"));
            }
        }
        match problems.is_empty() {
            true => Ok(()),
            false => Err(RecordError::NotATable { path: self.path.clone(), reason: problems.join("; ") }),
        }
    }

    /// Whether its columns are separated by something else than commas, in words.
    pub fn other_separator(&self) -> Option<&'static str> {
        match &self.content {
            NumberSource::Csv { delimiter: b';' } => Some("semicolons"),
            NumberSource::Csv { delimiter: b'\t' } => Some("tabs"),
            _ => None,
        }
    }

    /// Reads columns, each as a list of numbers with one per row. The words yes and true are 1, no and false are 0; an
    /// empty cell, `NA`, `NaN`, `null` or `none` is NaN. A column that may hold names and holds no number is one of names.
    ///
    /// # Errors
    /// If there is no such column, with the nearest name; which cells are no numbers, or are missing where they are
    /// required, with their lines and columns.
    pub fn read(&self, wanted: &[Wanted<'_>]) -> Result<Vec<TableColumn>, RecordError> {
        let mut columns: Vec<CellReader<'_>> = wanted.iter().map(|column| CellReader::new(*column)).collect();
        let mut wrong = WrongCells::default();
        self.pass(wanted, &mut columns.iter_mut().collect::<Vec<_>>(), &mut wrong)?;
        if wrong.count == 0 {
            let (again, mut of_names): (Vec<Wanted<'_>>, Vec<&mut CellReader<'_>>) = wanted
                .iter()
                .zip(&mut columns)
                .filter_map(|(wanted, column)| column.holds_names().then_some((*wanted, column)))
                .unzip();
            if !again.is_empty() {
                self.pass(&again, &mut of_names, &mut wrong)?;
            }
        }
        let columns = columns.into_iter().map(|column| column.finish(&mut wrong)).collect();
        match wrong.count {
            0 => Ok(columns),
            _ => Err(RecordError::Cells { path: self.path.clone(), wrong }),
        }
    }

    /// Hands every cell of some columns to who reads them.
    fn pass(
        &self,
        wanted: &[Wanted<'_>],
        columns: &mut [&mut CellReader<'_>],
        wrong: &mut WrongCells,
    ) -> Result<(), RecordError> {
        let places: Vec<usize> = wanted.iter().map(|column| self.place(column.name)).collect::<Result<_, _>>()?;
        match &self.content {
            NumberSource::Csv { delimiter } => {
                let broken = |reason: String| RecordError::NotATable { path: self.path.clone(), reason };
                let mut table = csv_reader(&self.path, *delimiter)?;
                let mut record = csv::StringRecord::new();
                while table.read_record(&mut record).map_err(|error| broken(error.to_string()))? {
                    let line = line_of(record.position(), table.position(), record.as_slice().as_bytes());
                    if record.len() != self.columns.len() {
                        let (found, expected) = (record.len(), self.columns.len());
                        return Err(broken(format!(
                            "line {line}: found {found} cells, expected {expected}, one per column"
                        )));
                    }
                    for (column, place) in columns.iter_mut().zip(&places) {
                        column.text(line, record.get(*place).unwrap_or_default().trim(), wrong);
                    }
                }
                Ok(())
            }
            NumberSource::Parquet(table) => {
                let names: Vec<&str> = wanted.iter().map(|column| column.name).collect();
                let mut before = 0u64;
                table.each_group(&names, None, |rows, values| {
                    for (column, values) in columns.iter_mut().zip(values) {
                        for row in 0..rows {
                            // Rows are counted as the lines of a CSV with the same content.
                            let line = before + row as u64 + 2;
                            match values {
                                Values::Texts(_) => column.text(line, values.text(row).unwrap_or_default(), wrong),
                                Values::Ints(_) => column.number(line, values.number(row), true, wrong),
                                _ => column.number(line, values.number(row), false, wrong),
                            }
                        }
                    }
                    before += rows as u64;
                    Ok(())
                })
            }
        }
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
        let columns: Vec<&str> = columns.collect();
        let help = nearest(name, columns.iter().copied())
            .unwrap_or_else(|| format!("its columns are {}", first_few(&columns, 12)));
        Self::NoColumn { path: path.to_owned(), name: name.to_owned(), help }
    }
}

fn csv_reader(path: &Path, delimiter: u8) -> Result<csv::Reader<Lines<File>>, RecordError> {
    let file = File::open(path).map_err(RecordError::io("open", path))?;
    Ok(csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::Headers)
        .from_reader(Lines::of(file)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{ColumnKind, Field, RowValue, TableWriter};

    fn optional(name: &str) -> Wanted<'_> {
        Wanted { name, required: false, names: false }
    }

    fn numbers(table: &NumberTable, names: &[&str]) -> Vec<Vec<f64>> {
        let wanted: Vec<Wanted<'_>> = names.iter().map(|name| optional(name)).collect();
        table.read(&wanted).unwrap().into_iter().map(|column| column.numbers).collect()
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
            let found = numbers(&table, &["yes?", "a", "b"]);
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
        let gap = refused(Wanted { name: "support", required: true, names: false });
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
        let found = numbers(&table, &["a", "b", "c"]);
        assert_eq!(found[0], [7.0, 8.0]);
        assert!((found[1][0] - 0.25).abs() < 1e-12 && found[1][1].is_nan() && found[2][1].is_nan());
        let wrong = table.read(&[optional("d")]).unwrap_err().to_string();
        assert!(wrong.contains("line 3, column `d`: found `what`"), "{wrong}");
    }

    #[test]
    fn a_column_without_numbers_is_one_of_names_and_all_wrong_cells_are_told() {
        let (_folder, table) = written("policy,x\nnone,1\npartial,2\nfull,many\nnone,few\n");
        let wanted = Wanted { name: "policy", required: true, names: true };
        let found = table.read(&[wanted]).unwrap().remove(0);
        assert_eq!(
            found,
            TableColumn {
                numbers: vec![1.0, 2.0, 0.0, 1.0],
                names: ["full", "none", "partial"].map(String::from).to_vec(),
                whole: false
            }
        );
        let refused = table.read(&[wanted, Wanted { name: "x", ..wanted }]).unwrap_err().to_string();
        assert!(refused.contains("line 4, column `x`: found `many`, expected a number"), "{refused}");
        assert!(refused.contains("line 5, column `x`: found `few`") && refused.contains("or names in all rows"));
        let (_folder, table) = written("policy\nmany\n3\n");
        let refused = table.read(&[Wanted { name: "policy", ..wanted }]).unwrap_err().to_string();
        assert!(refused.contains("line 2, column `policy`: found `many`"), "{refused}");
    }

    #[test]
    fn columns_without_a_name_of_their_own_are_told() {
        for (text, expected) in [
            (",a\n0,1\n", "column 1 has no name; it may be an index"),
            ("Unnamed: 0,a\n0,1\n", "column 1, `Unnamed: 0`, has no name"),
            ("a,b,a\n0,1,2\n", "it has more than one column `a`"),
        ] {
            let refused = written(text).1.check_names().unwrap_err().to_string();
            assert!(refused.contains(expected), "{refused}");
        }
        assert_eq!(written("a,b\n0,1\n").1.check_names().ok(), Some(()));
    }
}
