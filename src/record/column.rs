//! The columns of a table, and what a row holds in them.

use crate::base::Date;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// A calendar day.
    Date,
    /// Words.
    Text,
    /// Yes or no.
    Bool,
    /// A number of 64 bits.
    Double,
    /// A number of 32 bits.
    Float,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Field {
    name: String,
    kind: ColumnKind,
    optional: bool,
    words: Vec<String>,
}

impl Field {
    /// A column in which every row has a value.
    pub fn required(name: impl Into<String>, kind: ColumnKind) -> Self {
        Self { name: name.into(), kind, optional: false, words: Vec::new() }
    }

    /// A column in which values may be missing.
    pub fn optional(name: impl Into<String>, kind: ColumnKind) -> Self {
        Self { name: name.into(), kind, optional: true, words: Vec::new() }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it holds.
    pub fn kind(&self) -> ColumnKind {
        self.kind
    }

    /// Known words, in the order of their numbers.
    pub(super) fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether values may be missing.
    pub fn is_optional(&self) -> bool {
        self.optional
    }

    /// Known words, which rows give as [`RowValue::Word`] by their place in this list.
    pub fn with_words(mut self, words: Vec<String>) -> Self {
        self.words = words;
        self
    }
}

/// A value in a row.
#[derive(Clone, Copy, Debug)]
pub enum RowValue<'a> {
    /// For [`ColumnKind::Int32`] and [`ColumnKind::Int64`].
    Int(i64),
    /// For [`ColumnKind::Double`] and [`ColumnKind::Float`].
    Real(f64),
    /// For [`ColumnKind::Bool`].
    Yes(bool),
    /// For [`ColumnKind::Date`].
    Day(Date),
    /// For [`ColumnKind::Text`].
    Text(&'a str),
    /// For [`ColumnKind::Text`]: one of the column's known words.
    Word(u32),
    /// No value.
    Missing,
}
