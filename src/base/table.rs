//! Dense tables indexed by typed identifiers.

use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut, Range};

/// An identifier that is a position in a table.
pub trait Id: Copy {
    /// The identifier at a position.
    fn from_index(index: usize) -> Self;
    /// The position of this identifier.
    fn index(self) -> usize;
}

/// One value per identifier `I`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(serialize = "T: Serialize", deserialize = "T: Deserialize<'de>"))]
pub struct Table<I, T> {
    values: Vec<T>,
    #[serde(skip)]
    key: PhantomData<I>,
}

impl<I, T: Clone> Clone for Table<I, T> {
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), key: PhantomData }
    }

    fn clone_from(&mut self, other: &Self) {
        self.values.clone_from(&other.values);
    }
}

impl<I, T> Default for Table<I, T> {
    /// A table of nothing.
    fn default() -> Self {
        Self { values: Vec::new(), key: PhantomData }
    }
}

impl<I: Id, T> Table<I, T> {
    /// A table over values that are already in the order of their identifiers.
    pub fn new(values: Vec<T>) -> Self {
        Self { values, key: PhantomData }
    }

    /// How many identifiers there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether the table holds nothing.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// All identifiers, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + Clone + use<I, T> {
        (0..self.values.len()).map(I::from_index)
    }

    /// Identifiers with their values, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> {
        self.values.iter().enumerate().map(|(index, value)| (I::from_index(index), value))
    }

    /// Identifiers with their values, in order, to change.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (I, &mut T)> {
        self.values.iter_mut().enumerate().map(|(index, value)| (I::from_index(index), value))
    }

    /// The values in order.
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// The values in order, to change.
    pub fn values_mut(&mut self) -> &mut [T] {
        &mut self.values
    }
}

impl<I: Id, T: Clone> Table<I, T> {
    /// A table of `length` copies of one value.
    pub fn filled(length: usize, value: T) -> Self {
        Self::new(vec![value; length])
    }
}

impl<I: Id, T> Index<I> for Table<I, T> {
    type Output = T;
    #[inline]
    fn index(&self, id: I) -> &T {
        &self.values[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for Table<I, T> {
    #[inline]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.values[id.index()]
    }
}

impl<I: Id, T> FromIterator<T> for Table<I, T> {
    fn from_iter<S: IntoIterator<Item = T>>(values: S) -> Self {
        Self::new(values.into_iter().collect())
    }
}

/// One value per pair of identifiers, row-major: `matrix[(row, column)]`.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "T: Serialize", deserialize = "T: Deserialize<'de>"))]
pub struct Matrix<R, C, T> {
    values: Vec<T>,
    columns: usize,
    #[serde(skip)]
    key: PhantomData<(R, C)>,
}

impl<R, C, T: Clone> Clone for Matrix<R, C, T> {
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), columns: self.columns, key: PhantomData }
    }

    fn clone_from(&mut self, other: &Self) {
        self.values.clone_from(&other.values);
        self.columns = other.columns;
    }
}

impl<R: Id, C: Id, T: Clone> Matrix<R, C, T> {
    /// A matrix of `rows` by `columns` copies of one value.
    pub fn filled(rows: usize, columns: usize, value: T) -> Self {
        Self { values: vec![value; rows * columns], columns, key: PhantomData }
    }
}

impl<R: Id, C: Id, T> Matrix<R, C, T> {
    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.columns).unwrap_or(0)
    }

    /// One row, by column.
    #[inline]
    pub fn row(&self, row: R) -> &[T] {
        &self.values[row.index() * self.columns..][..self.columns]
    }

    /// One row, by column, to change.
    #[inline]
    pub fn row_mut(&mut self, row: R) -> &mut [T] {
        &mut self.values[row.index() * self.columns..][..self.columns]
    }

    /// Rows that follow each other, by their positions.
    pub fn rows_in(&self, rows: Range<usize>) -> impl Iterator<Item = &[T]> {
        self.values[rows.start * self.columns..rows.end * self.columns].chunks_exact(self.columns.max(1))
    }

    /// Rows that follow each other, by their positions, to change.
    pub fn rows_in_mut(&mut self, rows: Range<usize>) -> impl Iterator<Item = &mut [T]> {
        self.values[rows.start * self.columns..rows.end * self.columns].chunks_exact_mut(self.columns.max(1))
    }

    /// All values, row after row.
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// All values, row after row, to change.
    pub fn values_mut(&mut self) -> &mut [T] {
        &mut self.values
    }
}

impl<R: Id, C: Id, T> Index<(R, C)> for Matrix<R, C, T> {
    type Output = T;
    #[inline]
    fn index(&self, (row, column): (R, C)) -> &T {
        &self.values[row.index() * self.columns + column.index()]
    }
}

impl<R: Id, C: Id, T> IndexMut<(R, C)> for Matrix<R, C, T> {
    #[inline]
    fn index_mut(&mut self, (row, column): (R, C)) -> &mut T {
        &mut self.values[row.index() * self.columns + column.index()]
    }
}
