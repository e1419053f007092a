//! Where in the space of inputs an outcome lies: scenario discovery.
//!
//! [`peel()`] finds boxes of inputs in which the outcome is frequent (PRIM) and the trade-off between how much of it they
//! hold and how pure they are; `validation` tells which limits of a box mean something and how far its numbers can be trusted;
//! `tree` is a second opinion from another method. Cases come row-major with the share of each case's runs in which the
//! outcome came about: 0 or 1 where a case is a single run, anything between where a point was run several times. What
//! runs of one point have in common is thereby counted once.

mod limits;
mod prim;
mod tree;
mod validation;

pub use limits::Limits;
pub use prim::{Patience, Peeling, PeelingStep, best, peel, step_of};
pub use tree::{Branch, Tree, grow};
pub use validation::{Stability, prune, quasi_p_values, stability};

/// Cases, with what they were given and how often the outcome came about.
#[derive(Clone, Copy, Debug)]
pub struct Runs<'a> {
    points: &'a [f64],
    columns: usize,
    hits: &'a [f64],
}

impl<'a> Runs<'a> {
    /// `points` are row-major with `columns` inputs in any unit, `hits` one share per row, 0–1. None if the numbers do
    /// not fit or there is nothing.
    pub fn new(points: &'a [f64], columns: usize, hits: &'a [f64]) -> Option<Self> {
        (columns > 0 && !hits.is_empty() && points.len() == columns * hits.len()).then_some(Self {
            points,
            columns,
            hits,
        })
    }

    /// How many inputs.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many cases.
    pub fn count(&self) -> usize {
        self.hits.len()
    }

    /// An input of a case.
    pub fn value(&self, run: usize, input: usize) -> f64 {
        self.points[run * self.columns + input]
    }

    /// The inputs of a case.
    pub fn point(&self, run: usize) -> &'a [f64] {
        &self.points[run * self.columns..][..self.columns]
    }

    /// How often the outcome came about in a case, 0–1.
    pub fn hit(&self, run: usize) -> f64 {
        self.hits[run]
    }

    /// How often the outcome came about among some cases: the sum of their shares.
    fn hits_in(&self, runs: &[usize]) -> f64 {
        runs.iter().map(|run| self.hits[*run]).sum()
    }

    /// How often it came about in all of them.
    fn all_hits(&self) -> f64 {
        self.hits.iter().sum()
    }
}

/// The limit between a value outside and the nearest one inside: halfway, or the value inside where no number lies
/// between the two.
fn between(outside: f64, inside: f64) -> f64 {
    let halfway = f64::midpoint(outside, inside);
    if (halfway - outside).abs() > 0.0 { halfway } else { inside }
}

/// A number to three significant digits, as people write it.
pub fn written(value: f64) -> String {
    let size = value.abs();
    let digits = match size {
        _ if size < 1e-9 => 0,
        _ if size < 0.01 => return format!("{value:.2e}"),
        _ if size < 0.1 => 4,
        _ if size < 1.0 => 3,
        _ if size < 10.0 => 2,
        _ if size < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn numbers_are_written_as_people_do() {
        let numbers = [0.0, 0.05, 0.25, 1.0, 12.34, 1500.0, -0.5, 0.00123].map(written);
        assert_eq!(numbers, ["0", "0.05", "0.25", "1", "12.3", "1500", "-0.5", "1.23e-3"]);
    }
}
