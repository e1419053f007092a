//! A box in the space of inputs.

use super::{Runs, written};
use crate::analysis::interval::Interval;
use serde::Serialize;

/// Between which values each input lies; infinite where it is free.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Limits(pub Vec<Interval>);

impl Limits {
    /// The box that holds everything.
    pub fn free(inputs: usize) -> Self {
        Self(vec![Interval { low: f64::NEG_INFINITY, high: f64::INFINITY }; inputs])
    }

    /// Whether a point lies within.
    pub fn contains(&self, point: &[f64]) -> bool {
        self.0.iter().zip(point).all(|(limit, value)| limit.contains(*value))
    }

    /// Which inputs are limited.
    pub fn restricted(&self) -> impl Iterator<Item = usize> {
        (0..self.0.len()).filter(|input| self.0[*input].low.is_finite() || self.0[*input].high.is_finite())
    }

    /// The box with one input free.
    pub fn without(&self, input: usize) -> Self {
        let mut limits = self.clone();
        limits.0[input] = Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };
        limits
    }

    /// The runs that lie within.
    pub fn select(&self, runs: &Runs) -> Vec<usize> {
        (0..runs.count()).filter(|run| self.contains(runs.point(*run))).collect()
    }

    /// The limits in words, such as "outreach is at least 0.4 and revenue is between 10 and 20"; "anything holds" if
    /// nothing is limited. `names` are those of the inputs in order.
    pub fn in_words(&self, names: &[&str]) -> String {
        let words: Vec<String> = self
            .restricted()
            .map(|input| {
                let name = names.get(input).copied().unwrap_or("an input");
                let Interval { low, high } = self.0[input];
                match (low.is_finite(), high.is_finite()) {
                    (true, true) => format!("{name} is between {} and {}", written(low), written(high)),
                    (true, false) => format!("{name} is at least {}", written(low)),
                    _ => format!("{name} is at most {}", written(high)),
                }
            })
            .collect();
        match words.as_slice() {
            [] => "anything holds".to_owned(),
            [one] => one.clone(),
            [most @ .., last] => format!("{} and {last}", most.join(", ")),
        }
    }
}
