//! Goes through the rows of a table, to copy them into others.

use super::read_column::{TableReader, Values};
use super::{RecordError, TableWriter};
use std::path::Path;

/// Goes through the rows of a table whose first columns are `point` and `variant`, in whose order they are.
pub struct RowCursor {
    table: TableReader,
    places: Vec<usize>,
    next_group: usize,
    row: usize,
    rows: usize,
    values: Vec<Values>,
}

impl RowCursor {
    /// At the first row of a table.
    pub fn open(path: &Path) -> Result<Self, RecordError> {
        let table = TableReader::open(path)?;
        let places = (0..table.columns().len()).collect();
        Ok(Self { table, places, next_group: 0, row: 0, rows: 0, values: Vec::new() })
    }

    /// Copies rows up to the first that is not of a point and variant.
    pub fn copy_cell(&mut self, point: i32, variant: &str, into: &mut TableWriter) -> Result<(), RecordError> {
        let kinds = into.kinds();
        loop {
            while self.row == self.rows {
                if self.next_group == self.table.groups() {
                    return Ok(());
                }
                (self.rows, self.values) = self.table.group(self.next_group, &self.places)?;
                (self.row, self.next_group) = (0, self.next_group + 1);
            }
            let row = self.row;
            let of_cell =
                self.values[0].int(row) == Some(i64::from(point)) && self.values[1].text(row) == Some(variant);
            if !of_cell {
                return Ok(());
            }
            into.row(self.values.iter().zip(&kinds).map(|(values, kind)| values.row(row, *kind)))?;
            self.row += 1;
        }
    }
}
