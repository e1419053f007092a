//! A matrix of points.

/// Points of the unit cube, one per row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    dimensions: usize,
    values: Vec<f64>,
}

impl Points {
    /// No points yet, of so many dimensions.
    pub fn new(dimensions: usize) -> Self {
        Self { dimensions, values: Vec::new() }
    }

    /// Points whose coordinates are computed one by one from (row, dimension).
    pub fn from_fn(rows: usize, dimensions: usize, mut coordinate: impl FnMut(usize, usize) -> f64) -> Self {
        let values = (0..rows * dimensions).map(|at| coordinate(at / dimensions, at % dimensions)).collect();
        Self { dimensions, values }
    }

    /// How many coordinates a point has.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// How many points there are.
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.dimensions).unwrap_or(0)
    }

    /// One point.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.dimensions..][..self.dimensions]
    }

    /// All points in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values.chunks_exact(self.dimensions.max(1))
    }

    /// One coordinate of all points.
    pub fn column(&self, dimension: usize) -> impl Iterator<Item = f64> {
        self.iter().map(move |point| point[dimension])
    }

    /// All coordinates, point after point.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Adds a point at the end. Coordinates beyond the dimensions are left out; missing ones are 0.
    pub fn push(&mut self, point: impl IntoIterator<Item = f64>) {
        let end = self.values.len() + self.dimensions;
        self.values.extend(point.into_iter().take(self.dimensions));
        self.values.resize(end, 0.0);
    }
}
