//! A box in the space of inputs.

use super::{Runs, rounded};
use crate::analysis::interval::Interval;
use crate::analysis::scale::Scale;
use serde::Serialize;

/// Which values an input may have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Limit {
    /// Between which values it lies; infinite where it is free.
    pub range: Interval,
    /// The names that it has not, by their places in ascending order.
    pub without: Vec<usize>,
}

impl Limit {
    /// Any value.
    pub const FREE: Self =
        Self { range: Interval { low: f64::NEG_INFINITY, high: f64::INFINITY }, without: Vec::new() };

    /// Whether a value is one of them.
    pub fn contains(&self, value: f64) -> bool {
        self.range.contains(value) && (self.without.is_empty() || !self.without.contains(&(value as usize)))
    }

    /// Whether it says anything.
    pub fn is_free(&self) -> bool {
        !self.range.low.is_finite() && !self.range.high.is_finite() && self.without.is_empty()
    }

    /// The names that are left, of those that there are.
    pub fn names<'n>(&self, names: &'n [String]) -> Vec<&'n str> {
        (0..names.len()).filter(|place| !self.without.contains(place)).map(|place| names[place].as_str()).collect()
    }

    /// In words, of an input: "outreach is at least 0.4", "policy is full or partial".
    fn in_words(&self, name: &str, scale: &Scale) -> String {
        if !self.without.is_empty() {
            let all = scale.names();
            let left = self.names(all);
            return match self.without.len() < left.len() {
                true => {
                    let out = self.without.iter().filter_map(|place| all.get(*place).map(String::as_str));
                    format!("{name} is not {}", either(&out.collect::<Vec<_>>()))
                }
                false => format!("{name} is {}", either(&left)),
            };
        }
        let Interval { low, high } = self.range;
        match (low.is_finite(), high.is_finite()) {
            (true, true) => format!("{name} is between {} and {}", rounded(low), rounded(high)),
            (true, false) => format!("{name} is at least {}", rounded(low)),
            _ => format!("{name} is at most {}", rounded(high)),
        }
    }
}

/// Names of which one holds: "a", "a or b", "a, b or c".
fn either(names: &[&str]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// Which values each input may have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Limits(pub Vec<Limit>);

impl Limits {
    /// The box that holds everything.
    pub fn free(inputs: usize) -> Self {
        Self(vec![Limit::FREE; inputs])
    }

    /// Whether a point lies within.
    pub fn contains(&self, point: &[f64]) -> bool {
        self.0.iter().zip(point).all(|(limit, value)| limit.contains(*value))
    }

    /// Which inputs are limited.
    pub fn restricted(&self) -> impl Iterator<Item = usize> {
        (0..self.0.len()).filter(|input| !self.0[*input].is_free())
    }

    /// The box with one input free.
    pub fn without(&self, input: usize) -> Self {
        let mut limits = self.clone();
        limits.0[input] = Limit::FREE;
        limits
    }

    /// The runs that lie within.
    pub fn select(&self, runs: &Runs) -> Vec<usize> {
        let restricted: Vec<(usize, &Limit)> = self.restricted().map(|input| (input, &self.0[input])).collect();
        let within = |run: &usize| {
            let point = runs.point(*run);
            runs.weight(*run) > 0.0 && restricted.iter().all(|(input, limit)| limit.contains(point[*input]))
        };
        (0..runs.rows()).filter(within).collect()
    }

    /// The limits in words, such as "outreach is at least 0.4 and revenue is between 10 and 20"; "anything holds" if
    /// nothing is limited. `names` are those of the inputs in order, and `scales` what their numbers stand for.
    pub fn in_words(&self, names: &[&str], scales: &[Scale]) -> String {
        let words: Vec<String> = self
            .restricted()
            .map(|input| {
                let name = names.get(input).copied().unwrap_or("an input");
                self.0[input].in_words(name, scales.get(input).unwrap_or(&Scale::Real))
            })
            .collect();
        match words.as_slice() {
            [] => "anything holds".to_owned(),
            [one] => one.clone(),
            [most @ .., last] => format!("{} and {last}", most.join(", ")),
        }
    }
}
