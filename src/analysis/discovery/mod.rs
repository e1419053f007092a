//! Where in the space of inputs an outcome lies: scenario discovery.
//!
//! [`peel()`] finds boxes of inputs in which the outcome is frequent (PRIM) and the trade-off between how much of it they
//! hold and how pure they are; `validation` tells which limits of a box mean something and how far its numbers can be trusted;
//! `tree` is a second opinion from another method. Cases come row-major with the share of each case's runs in which the
//! outcome came about: 0 or 1 where a case is a single run, anything between where a point was run several times. What
//! runs of one point have in common is thereby counted once.

mod limits;
mod prim;
mod slice;
mod tree;
mod validation;

pub use limits::{Limit, Limits};
pub use prim::{Patience, Peeling, PeelingStep, best, peel, step_of};
pub use tree::{Branch, Tree, grow};
pub use validation::{Stability, prune, quasi_p_values, stability};

use crate::analysis::scale::Scale;
use crate::base::number::grouped;

/// Cases, with what they were given and how often the outcome came about.
#[derive(Clone, Copy, Debug)]
pub struct Runs<'a> {
    points: &'a [f64],
    columns: usize,
    hits: &'a [f64],
    /// What the numbers of inputs stand for; any numbers if empty.
    scales: &'a [Scale],
    /// How many cases each stands for; one each if empty.
    weights: &'a [u32],
    /// The family of each: those after each other that share some of their inputs. Each by itself if empty.
    families: &'a [u32],
}

impl<'a> Runs<'a> {
    /// `points` are row-major with `columns` inputs in any unit, `hits` one share per row, 0–1. None if the numbers do
    /// not fit or there is nothing.
    pub fn new(points: &'a [f64], columns: usize, hits: &'a [f64]) -> Option<Self> {
        (columns > 0 && !hits.is_empty() && points.len() == columns * hits.len()).then_some(Self {
            points,
            columns,
            hits,
            scales: &[],
            weights: &[],
            families: &[],
        })
    }

    /// The same, of inputs of which each is measured on a scale.
    #[must_use]
    pub fn scaled(self, scales: &'a [Scale]) -> Self {
        Self { scales, ..self }
    }

    /// The same, in families: those after each other that share some of their inputs are of one.
    #[must_use]
    pub fn in_families(self, families: &'a [u32]) -> Self {
        Self { families, ..self }
    }

    /// The family of a case.
    fn family(&self, run: usize) -> usize {
        self.families.get(run).map_or(run, |family| *family as usize)
    }

    /// The same, of which each stands for so many cases: a resample. All stay as they are if there are none.
    #[must_use]
    pub fn weighted(self, weights: &'a [u32]) -> Self {
        Self { weights, ..self }
    }

    /// What the numbers of an input stand for.
    pub fn scale(&self, input: usize) -> &'a Scale {
        self.scales.get(input).unwrap_or(&Scale::Real)
    }

    /// How many cases a row stands for.
    pub fn weight(&self, run: usize) -> f64 {
        self.weights.get(run).map_or(1.0, |weight| f64::from(*weight))
    }

    /// How many cases there are.
    pub fn mass(&self) -> f64 {
        match self.weights {
            [] => self.hits.len() as f64,
            weights => weights.iter().map(|weight| f64::from(*weight)).sum(),
        }
    }

    /// How many cases some rows stand for.
    fn mass_in(&self, runs: &[usize]) -> f64 {
        runs.iter().map(|run| self.weight(*run)).sum()
    }

    /// How many inputs.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
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
        runs.iter().map(|run| self.weight(*run) * self.hits[*run]).sum()
    }

    /// How often it came about in all of them.
    fn all_hits(&self) -> f64 {
        (0..self.rows()).map(|run| self.weight(run) * self.hits[run]).sum()
    }
}

/// The limit between a value outside and the nearest one inside: halfway, or the value inside where no number lies
/// between the two.
fn between(outside: f64, inside: f64) -> f64 {
    let halfway = f64::midpoint(outside, inside);
    if (halfway - outside).abs() > 0.0 { halfway } else { inside }
}

/// A number to three significant digits, as people write that which is only about right: 20,000 for 19,998.
pub fn rounded(value: f64) -> String {
    let mut step = 1.0;
    while value.is_finite() && value.abs() >= 1000.0 * step {
        step *= 10.0;
    }
    written(if step > 1.0 { (value / step).round() * step } else { value })
}

/// A number with three significant digits behind the point at most, as people write it.
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
    let text = grouped(value, digits);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::{rounded, written};

    #[test]
    fn numbers_are_written_as_people_do() {
        let numbers = [0.0, 0.05, 0.25, 1.0, 12.34, 1500.0, -0.5, 0.00123].map(written);
        assert_eq!(numbers, ["0", "0.05", "0.25", "1", "12.3", "1,500", "−0.5", "1.23e-3"]);
        // What already is below a thousand keeps its digits.
        assert_eq!(
            [19_998.0, 2265.0, -123_456.0, 999.0, 0.1234].map(rounded),
            ["20,000", "2,270", "−123,000", "999", "0.123"]
        );
    }
}
