//! A table: columns of words at the left, columns of numbers at the right.

use crate::analysis::Estimate;
use serde::Serialize;

/// A table. Columns of words are wrapped where there is little room, columns of numbers never.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Table {
    /// What it shows; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The heads of the columns.
    pub heads: Vec<String>,
    /// How many columns, from the left, hold words.
    pub words: usize,
    /// The rows, each with a cell for each head; what is missing is empty.
    pub rows: Vec<Vec<TableCell>>,
    /// How many rows a terminal shows; all if none. A page shows all.
    #[serde(skip)]
    pub printed: Option<usize>,
    /// How many rows there are that even a page leaves out, and the file that has them all.
    #[serde(skip)]
    pub left_out: Option<(usize, String)>,
    /// How to read it; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Table {
    /// A table without rows: the heads of its columns of words, and those of its columns of numbers.
    pub fn new(
        words: impl IntoIterator<Item = impl Into<String>>,
        numbers: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let mut heads: Vec<String> = words.into_iter().map(Into::into).collect();
        let words = heads.len();
        heads.extend(numbers.into_iter().map(Into::into));
        Self { heads, words, ..Self::default() }
    }

    /// With what it shows.
    pub fn titled(self, title: impl Into<String>) -> Self {
        Self { title: title.into(), ..self }
    }

    /// With how to read it.
    pub fn noted(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// With no more than so many rows in a terminal, which then says how many are left out.
    pub fn printing(self, rows: usize) -> Self {
        Self { printed: Some(rows), ..self }
    }

    /// With what is said of so many rows that are left out everywhere but in a file.
    pub fn leaving_out(self, rows: usize, file: impl Into<String>) -> Self {
        Self { left_out: (rows > 0).then(|| (rows, file.into())), ..self }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<TableCell>>) -> &mut Self {
        self.rows.push(cells.into_iter().map(Into::into).collect());
        self
    }
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TableCell {
    /// What stands in it.
    pub words: String,
    /// A share with the ends of its interval (low, share, high; 0 to 1), which a page draws as a bar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bar: Option<[f64; 3]>,
}

impl TableCell {
    /// Words with a bar: a share between the ends of its interval, of which what lies within 0 to 1 is drawn.
    pub fn bar(words: impl Into<String>, share: Estimate) -> Self {
        let bar = [share.low, share.value, share.high];
        let known = bar.iter().all(|end| end.is_finite());
        Self { words: words.into(), bar: known.then(|| bar.map(|end| end.clamp(0.0, 1.0))) }
    }
}

impl<T: Into<String>> From<T> for TableCell {
    fn from(words: T) -> Self {
        Self { words: words.into(), bar: None }
    }
}
