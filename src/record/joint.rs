//! Joint draws of inputs: a table of the user's, such as a posterior, and the copy of it in a results folder.

use super::{Fingerprint, NumberTable, RecordError, RowsTable, Wanted};
use crate::scenario::JointTable;
use std::path::Path;

impl JointTable {
    /// The name of the copy in a results folder.
    pub const NAME: &'static str = "joint.csv";
    /// The column of the weights.
    const WEIGHT: &'static str = "weight";

    /// Reads a table, CSV or Parquet: a column per path, a row per draw, and a column `weight` unless all draws are
    /// equally likely.
    ///
    /// # Errors
    /// If it cannot be read, has no inputs or no draws, a cell holds no number, or the weights make no sense.
    pub fn read(path: &Path) -> Result<Self, RecordError> {
        let table = NumberTable::open(path)?;
        table.check_names()?;
        let inputs: Vec<String> = table.columns().iter().filter(|name| *name != Self::WEIGHT).cloned().collect();
        let wrong = |reason: &str| RecordError::NotATable { path: path.to_owned(), reason: reason.to_owned() };
        if inputs.is_empty() {
            return Err(wrong("it has no column of an input"));
        }
        let weighted = inputs.len() < table.columns().len();
        let names = inputs.iter().map(String::as_str).chain(weighted.then_some(Self::WEIGHT));
        let wanted: Vec<Wanted<'_>> = names.map(|name| Wanted { name, required: true, names: false }).collect();
        let mut columns: Vec<Vec<f64>> = table.read(&wanted)?.into_iter().map(|column| column.numbers).collect();
        let count = columns.first().map_or(0, Vec::len);
        if count == 0 {
            return Err(wrong("it holds no draws"));
        }
        let weights = if weighted { columns.pop().unwrap_or_default() } else { vec![1.0; count] };
        if let Some(row) = weights.iter().position(|weight| *weight < 0.0) {
            return Err(wrong(&format!("line {}: the weight {} is below 0", row + 2, weights[row])));
        }
        if weights.iter().sum::<f64>() <= 0.0 {
            return Err(wrong("all weights are 0"));
        }
        let rows = (0..count).map(|row| columns.iter().map(|column| column[row]).collect()).collect();
        Ok(Self { inputs, rows, weights })
    }

    /// Writes it as CSV; gives the number of rows and the fingerprint.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(u64, Fingerprint), RecordError> {
        let heads: Vec<&str> = self.inputs.iter().map(String::as_str).chain([Self::WEIGHT]).collect();
        let mut table = RowsTable::create(path, &heads)?;
        for (row, weight) in self.rows.iter().zip(&self.weights) {
            // The shortest text that reads back as the same number.
            table.row(row.iter().chain([weight]).map(f64::to_string).collect::<Vec<_>>())?;
        }
        table.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_survive_the_way_through_the_file_to_the_bit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(JointTable::NAME);
        let inputs = vec!["behaviour.choice.looks".into(), "behaviour.choice.bond".into()];
        let table =
            JointTable { inputs, rows: vec![vec![0.1 + 0.2, 1e-9], vec![1.0 / 3.0, 2.0]], weights: vec![1.0, 0.25] };
        assert_eq!(table.write(&path).unwrap().0, 2);
        let read = JointTable::read(&path).unwrap();
        assert_eq!((&read, read.digest()), (&table, table.digest()));
    }

    #[test]
    fn tables_that_hold_no_draws_are_refused_with_their_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("draws.csv");
        let refused = |text: &str| {
            std::fs::write(&path, text).unwrap();
            JointTable::read(&path).unwrap_err().to_string()
        };
        assert!(refused("weight\n1\n").contains("it has no column of an input"));
        assert!(refused("a.b,weight\n").contains("it holds no draws"));
        assert!(refused("a.b,weight\n1,0\n2,-1\n").contains("line 3: the weight -1 is below 0"));
        assert!(refused("a.b,weight\n1,0\n").contains("all weights are 0"));
        assert!(refused("a.b\n1\n\nmany\n").contains("column `a.b`: found `many`"));
    }
}
