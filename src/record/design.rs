//! How inputs were varied, and `design.csv`: the inputs of every design point.

use super::{Fingerprint, NumberTable, RecordError, RowsTable, Wanted, write_whole};
use crate::scenario::{InputNames, InputValue};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// How the points of a design were chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Every combination of equally spaced values.
    Grid,
    /// A Latin hypercube.
    LatinHypercube,
    /// A scrambled Sobol' sequence.
    Sobol,
    /// Trajectories that change one input at a time (Morris 1991).
    Morris,
    /// Blocks for Sobol' indices (Saltelli 2002).
    Saltelli,
    /// A table that the user gave.
    Table,
}

/// What the manifest says of a design.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesignEntry {
    /// How the points were chosen.
    pub method: Method,
    /// Paths of the inputs, in the order of the columns of `design.csv`.
    pub inputs: Vec<String>,
    /// How many points there are.
    pub points: u64,
    /// How many base points of a Saltelli sample, trajectories of a Morris design or levels of a grid; 0 otherwise.
    pub blocks: u64,
    /// Whether a Saltelli sample has the rows for second-order indices.
    pub second_order: bool,
    /// The names that the numbers of points stand for, of inputs that are names.
    #[serde(default, skip_serializing_if = "InputNames::is_empty")]
    pub names: InputNames,
}

/// The points of a design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Design {
    /// Paths of the inputs.
    pub inputs: Vec<String>,
    /// The names that numbers stand for, of inputs that are names.
    pub names: InputNames,
    /// The inputs' values, in their own units: point after point.
    values: Vec<f64>,
}

impl Design {
    /// The file's name.
    pub const NAME: &'static str = "design.csv";

    /// Points of inputs, each with a value for every one.
    pub fn new(inputs: Vec<String>, points: impl IntoIterator<Item = Vec<f64>>) -> Self {
        Self { inputs, names: InputNames::default(), values: points.into_iter().flatten().collect() }
    }

    /// The same, in which numbers of some inputs stand for names.
    #[must_use]
    pub fn naming(mut self, names: InputNames) -> Self {
        self.names = names;
        self
    }

    /// The inputs of a point with what each is set to.
    pub fn values(&self, number: usize) -> impl Iterator<Item = (String, InputValue)> {
        let inputs = self.inputs.iter().zip(self.point(number));
        inputs.map(|(path, value)| (path.clone(), self.names.value(path, *value)))
    }

    /// Reads a table of points of the user's, CSV or Parquet: a column per path of an input and a row per point. A column
    /// `point` may number them, as that of results does.
    ///
    /// # Errors
    /// If it cannot be read, columns have no names of their own, or cells hold neither numbers nor names throughout.
    pub fn of_table(path: &Path) -> Result<Self, RecordError> {
        const POINT: &str = "point";
        let table = NumberTable::open(path)?;
        let wrong = |reason: String| RecordError::NotATable { path: path.to_owned(), reason };
        if let Some(separator) = table.other_separator() {
            return Err(wrong(format!("its columns are separated by {separator}, expected commas")));
        }
        table.check_names()?;
        let wanted = |name| Wanted { name, required: true, names: true };
        let wanted: Vec<Wanted<'_>> = table.columns().iter().map(|name| wanted(name.as_str())).collect();
        let mut columns = table.read(&wanted)?;
        let mut inputs = table.columns().to_vec();
        if let Some(place) = inputs.iter().position(|name| name == POINT) {
            inputs.remove(place);
            let numbers = columns.remove(place).numbers;
            let other = numbers.iter().enumerate().find(|(row, number)| (*number - *row as f64).abs() > 0.0);
            if let Some((row, number)) = other {
                return Err(wrong(format!(
                    "line {}: the point is numbered {number}, and results number points by their rows: expected {row}, or no \
                     column `{POINT}`",
                    row + 2
                )));
            }
        }
        let rows = columns.first().map_or(0, |column| column.numbers.len());
        if rows == 0 {
            return Err(wrong(
                "it holds no points; expected a line with the paths of inputs and a line per point".into(),
            ));
        }
        let points = (0..rows).map(|row| columns.iter().map(|column| column.numbers[row]).collect::<Vec<_>>());
        let points: Vec<Vec<f64>> = points.collect();
        let names = inputs.iter().cloned().zip(columns.into_iter().map(|column| column.names)).collect();
        Ok(Self::new(inputs, points).naming(names))
    }

    /// The same points, of which some inputs only are kept; all if none are named. `path` is that of the table.
    ///
    /// # Errors
    /// If there is no such input.
    pub fn only(self, path: &Path, inputs: &[String]) -> Result<Self, RecordError> {
        if inputs.is_empty() {
            return Ok(self);
        }
        let known = || self.inputs.iter().map(String::as_str);
        let place = |name: &String| {
            known().position(|own| own == name).ok_or_else(|| RecordError::no_column(path, name, known()))
        };
        let places: Vec<usize> = inputs.iter().map(place).collect::<Result<_, _>>()?;
        let points = self.points().map(|point| places.iter().map(|place| point[*place]).collect());
        let names = inputs.iter().map(|path| (path.clone(), self.names.of(path).to_vec())).collect();
        Ok(Self::new(inputs.to_vec(), points.collect::<Vec<Vec<f64>>>()).naming(names))
    }

    /// How many points there are.
    pub fn count(&self) -> usize {
        self.values.len().checked_div(self.inputs.len()).unwrap_or(0)
    }

    /// The values of a point, in the order of the inputs.
    pub fn point(&self, number: usize) -> &[f64] {
        &self.values[number * self.inputs.len()..][..self.inputs.len()]
    }

    /// The values of the input of a path at all points; none if it is not varied.
    pub fn column(&self, path: &str) -> impl Iterator<Item = f64> {
        let place = self.inputs.iter().position(|input| input == path);
        place.into_iter().flat_map(|place| self.points().map(move |point| point[place]))
    }

    /// All points in order.
    pub fn points(&self) -> impl ExactSizeIterator<Item = &[f64]> + DoubleEndedIterator {
        self.values.chunks_exact(self.inputs.len().max(1))
    }

    /// BLAKE3 of inputs and values.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for input in &self.inputs {
            hasher.update(&(input.len() as u64).to_le_bytes());
            hasher.update(input.as_bytes());
        }
        for block in self.values.chunks(1 << 12) {
            let bytes: Vec<u8> = block.iter().flat_map(|value| value.to_le_bytes()).collect();
            hasher.update(&bytes);
        }
        for input in &self.inputs {
            self.names.of(input).iter().for_each(|name| {
                hasher.update(name.as_bytes());
            });
        }
        hasher.finalize().to_hex().to_string()
    }

    /// Writes the values as 64-bit numbers, point after point: of a large design text takes long to read.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn write_points(&self, path: &Path) -> Result<(), RecordError> {
        let bytes: Vec<u8> = self.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        write_whole(path, &bytes).map(drop)
    }

    /// Reads what [`Design::write_points`] wrote.
    ///
    /// # Errors
    /// If it cannot be read, or holds no whole number of points.
    pub fn read_points(path: &Path, entry: &DesignEntry) -> Result<Self, RecordError> {
        let inputs = &entry.inputs;
        let bytes = std::fs::read(path).map_err(RecordError::io("read", path))?;
        if !bytes.len().is_multiple_of(8 * inputs.len().max(1)) {
            return Err(RecordError::damaged(path, "it holds no whole number of points"));
        }
        let (values, _) = bytes.as_chunks::<8>();
        let values = values.iter().map(|value| f64::from_le_bytes(*value)).collect();
        Ok(Self { inputs: inputs.clone(), names: entry.names.clone(), values })
    }

    /// Writes it as a table with a column `point` and one per input; gives the number of rows and the fingerprint.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(u64, Fingerprint), RecordError> {
        let heads: Vec<&str> = std::iter::once("point").chain(self.inputs.iter().map(String::as_str)).collect();
        let mut table = RowsTable::create(path, &heads)?;
        for number in 0..self.count() {
            // The shortest text that reads back as the same number.
            let values = self.values(number).map(|(_, value)| value.to_string());
            table.row(std::iter::once(number.to_string()).chain(values).collect::<Vec<_>>())?;
        }
        table.finish()
    }

    /// Reads what [`Design::write`] wrote.
    ///
    /// # Errors
    /// If it cannot be read, or is no such table.
    pub fn read(path: &Path, names: &InputNames) -> Result<Self, RecordError> {
        let damaged = |error: csv::Error| RecordError::damaged(path, error.to_string());
        let file = std::fs::File::open(path).map_err(RecordError::io("open", path))?;
        let mut table = csv::Reader::from_reader(file);
        let inputs: Vec<String> = table.headers().map_err(damaged)?.iter().skip(1).map(str::to_owned).collect();
        let mut values = Vec::new();
        for (number, record) in table.records().enumerate() {
            for (value, input) in record.map_err(damaged)?.iter().skip(1).zip(&inputs) {
                let wrong = || RecordError::damaged(path, format!("point {number} is no list of numbers"));
                let place = names.of(input).iter().position(|name| name == value);
                values.push(place.map(|place| place as f64).or_else(|| value.parse().ok()).ok_or_else(wrong)?);
            }
        }
        Ok(Self { inputs, names: names.clone(), values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_survive_the_way_through_the_file_to_the_bit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(Design::NAME);
        let inputs = vec!["faction.red.fighters".into(), "accord.peace.health".into(), "a.stance".into()];
        let names: InputNames =
            [("a.stance".to_owned(), vec!["war".to_owned(), "rivalry".to_owned()])].into_iter().collect();
        let design = Design::new(inputs, [vec![100.0, 0.1 + 0.2, 1.0], vec![1e-9, 1.0 / 3.0, 0.0]]).naming(names);
        let entry = DesignEntry {
            method: Method::Table,
            inputs: design.inputs.clone(),
            points: 2,
            blocks: 0,
            second_order: false,
            names: design.names.clone(),
        };
        let points = folder.path().join("points");
        design.write_points(&points).unwrap();
        assert_eq!(Design::read_points(&points, &entry).unwrap(), design);
        assert_eq!(design.write(&path).unwrap().0, 2);
        assert_eq!(Design::read(&path, &design.names).unwrap(), design);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("point,") && text.contains(",rivalry\n1,"), "{text}");
        // Results' own table is one of points; its names are then in the order of the alphabet.
        let again = Design::of_table(&path).unwrap();
        assert!(again.values(1).eq(design.values(1)) && again.count() == 2);
        std::fs::write(&path, "point,a\n0,many\n").unwrap();
        assert!(
            Design::read(&path, &InputNames::default())
                .unwrap_err()
                .to_string()
                .contains("point 0 is no list of numbers")
        );
    }

    #[test]
    fn tables_that_are_no_points_are_refused_with_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("points.csv");
        for (text, expected) in [
            ("a.b;a.c\n1;2\n", "separated by semicolons, expected commas"),
            (",a.b\n0,1\n", "column 1 has no name; it may be an index"),
            ("a.b,a.b\n0,1\n", "more than one column `a.b`"),
            ("point,a.b\n10,1\n", "line 2: the point is numbered 10"),
            ("a.b\n1\nmany\n", "line 3, column `a.b`: found `many`, expected a number"),
            ("a.b\n", "it holds no points"),
        ] {
            std::fs::write(&path, text).unwrap();
            let refused = Design::of_table(&path).unwrap_err();
            assert!(refused.is_input() && refused.to_string().contains(expected), "{refused}");
        }
        std::fs::write(&path, "point,a.b\n0,0.5\n1,2\n").unwrap();
        assert_eq!(Design::of_table(&path).unwrap(), Design::new(vec!["a.b".into()], [vec![0.5], vec![2.0]]));
    }
}
