//! Sizes, propensities and energy.

use super::{Configuration, canonical};

/// Actors with their sizes and their propensities towards each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Landscape {
    sizes: Vec<f64>,
    propensities: Vec<f64>,
    /// sᵢ sⱼ (pᵢⱼ + pⱼᵢ)/2, row-major, 0 on the diagonal.
    weights: Vec<f64>,
}

/// Why a table makes no landscape.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LandscapeError {
    /// There are too few actors.
    #[error("{0} actors make no coalitions: it takes at least two")]
    TooFew(usize),
    /// There are too many actors to look at every configuration.
    #[error("{found} actors are too many to look at every configuration of two blocs: at most {most}")]
    TooMany {
        /// How many actors.
        found: usize,
        /// How many it may be.
        most: usize,
    },
    /// The table is not square or does not fit the actors.
    #[error("{what} has {found} values, expected {expected}")]
    Shape {
        /// Which part of the table.
        what: String,
        /// How many values it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// A value cannot be used.
    #[error("{what} is {value}, expected {expected}")]
    Value {
        /// Which value.
        what: String,
        /// What it is.
        value: f64,
        /// What it should be.
        expected: &'static str,
    },
    /// The file cannot be read as a table.
    #[error("the landscape table cannot be read: {0}")]
    Table(String),
}

impl Landscape {
    /// A landscape of actors with `sizes` (0 or more) and `propensities` (row-major, from actor to actor; the diagonal is
    /// not read). Only the mean of pᵢⱼ and pⱼᵢ matters to the energy.
    ///
    /// # Errors
    /// If there are fewer than two actors, numbers do not fit, or are negative sizes or not finite.
    pub fn new(sizes: &[f64], propensities: &[f64]) -> Result<Self, LandscapeError> {
        let n = sizes.len();
        if n < 2 {
            return Err(LandscapeError::TooFew(n));
        }
        if propensities.len() != n * n {
            let what = "the matrix of propensities".to_owned();
            return Err(LandscapeError::Shape { what, found: propensities.len(), expected: n * n });
        }
        for (actor, size) in sizes.iter().enumerate() {
            if !size.is_finite() || *size < 0.0 {
                let what = format!("the size of actor {}", actor + 1);
                return Err(LandscapeError::Value { what, value: *size, expected: "a number of 0 or more" });
            }
        }
        for (at, value) in propensities.iter().enumerate().filter(|(at, _)| at / n != at % n) {
            if !value.is_finite() {
                let what = format!("the propensity of actor {} towards actor {}", at / n + 1, at % n + 1);
                return Err(LandscapeError::Value { what, value: *value, expected: "a number" });
            }
        }
        let weight = |at: usize| {
            let (i, j) = (at / n, at % n);
            let mean = 0.5 * (propensities[i * n + j] + propensities[j * n + i]);
            if i == j { 0.0 } else { sizes[i] * sizes[j] * mean }
        };
        let weights = (0..n * n).map(weight).collect();
        Ok(Self { sizes: sizes.to_vec(), propensities: propensities.to_vec(), weights })
    }

    /// How many actors.
    pub fn actors(&self) -> usize {
        self.sizes.len()
    }

    /// Their sizes.
    pub fn sizes(&self) -> &[f64] {
        &self.sizes
    }

    /// E = Σᵢ Σⱼ sᵢ sⱼ pᵢⱼ over ordered pairs of actors in different blocs.
    pub fn energy(&self, blocs: &[u32]) -> f64 {
        let n = self.actors();
        let apart = |at: &usize| blocs[at / n] != blocs[at % n];
        (0..n * n).filter(apart).map(|at| self.weights[at]).sum()
    }

    /// A configuration with its energy and frustrations: Fᵢ = Σⱼ sⱼ pᵢⱼ over the actors in other blocs.
    pub fn configuration(&self, blocs: &[u32]) -> Configuration {
        let n = self.actors();
        let frustration = |i: usize| {
            let others = (0..n).filter(|j| blocs[*j] != blocs[i]);
            others.map(|j| self.sizes[j] * self.propensities[i * n + j]).sum()
        };
        Configuration {
            blocs: canonical(blocs),
            energy: self.energy(blocs),
            frustration: (0..n).map(frustration).collect(),
        }
    }

    /// Whether no actor among those `present` lowers the energy by going to another bloc, or to one of its own. The others
    /// are left out of account.
    pub fn is_stable(&self, blocs: &[u32], present: &[bool]) -> bool {
        let n = self.actors();
        let tolerance = self.tolerance();
        let there = |actor: &usize| present[*actor];
        (0..n).filter(there).all(|actor| {
            // What binds it to each bloc; a bloc of its own binds it by nothing.
            let tie = |bloc: u32| -> f64 {
                let members = (0..n).filter(there).filter(|other| blocs[*other] == bloc);
                members.map(|other| self.weights[actor * n + other]).sum()
            };
            let own = tie(blocs[actor]);
            own >= -tolerance && (0..n).filter(there).all(|other| tie(blocs[other]) <= own + tolerance)
        })
    }

    /// The energy among the actors `present`.
    pub fn energy_of(&self, blocs: &[u32], present: &[bool]) -> f64 {
        let n = self.actors();
        let apart = |at: &usize| present[at / n] && present[at % n] && blocs[at / n] != blocs[at % n];
        (0..n * n).filter(apart).map(|at| self.weights[at]).sum()
    }

    /// The propensities, row-major, from actor to actor.
    pub fn propensities(&self) -> &[f64] {
        &self.propensities
    }

    /// The weight of the tie between an actor and each other.
    pub(super) fn weights_of(&self, actor: usize) -> &[f64] {
        &self.weights[actor * self.actors()..][..self.actors()]
    }

    /// Changes of energy that are rounding and not improvement.
    pub(super) fn tolerance(&self) -> f64 {
        1e-12 * self.weights.iter().map(|weight| weight.abs()).sum::<f64>()
    }
}
