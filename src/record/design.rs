//! How inputs were varied, and `design.csv`: the inputs of every design point.

use super::{Fingerprint, RecordError, RowsTable};
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
}

/// The points of a design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Design {
    /// Paths of the inputs.
    pub inputs: Vec<String>,
    /// The inputs' values, in their own units, by point.
    pub points: Vec<Vec<f64>>,
}

impl Design {
    /// The file's name.
    pub const NAME: &'static str = "design.csv";

    /// Writes it as a table with a column `point` and one per input; gives the number of rows and the fingerprint.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(u64, Fingerprint), RecordError> {
        let heads: Vec<&str> = std::iter::once("point").chain(self.inputs.iter().map(String::as_str)).collect();
        let mut table = RowsTable::create(path, &heads)?;
        for (number, point) in self.points.iter().enumerate() {
            // The shortest text that reads back as the same number.
            let values = point.iter().map(f64::to_string);
            table.row(std::iter::once(number.to_string()).chain(values).collect::<Vec<_>>())?;
        }
        table.finish()
    }

    /// Reads what [`Design::write`] wrote.
    ///
    /// # Errors
    /// If it cannot be read, or is no such table.
    pub fn read(path: &Path) -> Result<Self, RecordError> {
        let damaged = |error: csv::Error| RecordError::damaged(path, error.to_string());
        let file = std::fs::File::open(path).map_err(RecordError::io("open", path))?;
        let mut table = csv::Reader::from_reader(file);
        let inputs = table.headers().map_err(damaged)?.iter().skip(1).map(str::to_owned).collect();
        let mut points = Vec::new();
        for record in table.records() {
            let record = record.map_err(damaged)?;
            let point: Result<Vec<f64>, _> = record.iter().skip(1).map(str::parse).collect();
            points
                .push(point.map_err(|_| {
                    RecordError::damaged(path, format!("point {} is no list of numbers", points.len()))
                })?);
        }
        Ok(Self { inputs, points })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_survive_the_way_through_the_file_to_the_bit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(Design::NAME);
        let design = Design {
            inputs: vec!["faction.red.fighters".into(), "accord.peace.health".into()],
            points: vec![vec![100.0, 0.1 + 0.2], vec![1e-9, 1.0 / 3.0]],
        };
        assert_eq!(design.write(&path).unwrap().0, 2);
        assert_eq!(Design::read(&path).unwrap(), design);
        std::fs::write(&path, "point,a\n0,many\n").unwrap();
        assert!(Design::read(&path).unwrap_err().to_string().contains("point 0 is no list of numbers"));
    }
}
