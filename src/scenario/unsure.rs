//! What a scenario says is not known.

use super::file::{Composition, Distribution, Uncertainty};
use super::read::path;
use super::{Scenario, check};
use crate::base::maths::beta_quantile;
use crate::random::Spread;
use serde::{Deserialize, Serialize};

/// An uncertainty of a scenario with its bounds resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsure {
    /// Which input.
    pub path: String,
    /// Lowest value; none for a choice.
    pub low: Option<f64>,
    /// Most likely value; the scenario's own unless given.
    pub best: Option<f64>,
    /// Highest value; none for a choice.
    pub high: Option<f64>,
    /// How it is spread.
    pub distribution: Distribution,
    /// The values of a choice: of names, their places in `names`.
    pub choices: Vec<f64>,
    /// The names of a choice among names; none if the input is a number.
    pub names: Vec<String>,
    /// How likely each of them is, relative to the others; equally if there are none.
    pub weights: Vec<f64>,
    /// What it costs to move it over its whole range, above 0; 1 unless given.
    pub cost: f64,
}

impl Unsure {
    /// How the input is spread.
    ///
    /// # Errors
    /// Why, if its bounds are missing or make no sense.
    pub fn spread(&self) -> Result<Spread, String> {
        let spread = match self.distribution {
            Distribution::Choice => Spread::Choice { values: self.choices.clone(), weights: self.weights.clone() },
            other => {
                let (low, high) = self.low.zip(self.high).ok_or("it has no low and high")?;
                // Where nothing is most likely, or nothing says what is, the middle is.
                let best = self.best.unwrap_or(0.5 * (low + high));
                match other {
                    Distribution::Triangular => Spread::Triangular { low, best, high },
                    Distribution::Pert => Spread::Pert { low, best, high },
                    Distribution::Normal => Spread::Normal { low, best, high },
                    Distribution::LogNormal => Spread::LogNormal { low, best, high },
                    Distribution::LogUniform => Spread::LogUniform { low, high },
                    Distribution::Uniform | Distribution::Choice => Spread::Uniform { low, high },
                }
            }
        };
        spread.check().map_err(|error| error.to_string())?;
        Ok(spread)
    }
}

/// Shares of a scenario that are not known and sum to the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Composed {
    /// The paths of the shares.
    pub paths: Vec<String>,
    /// The parameters of Dirichlet's distribution, one per path.
    pub concentration: Vec<f64>,
    /// What the shares sum to.
    pub total: f64,
}

impl Composed {
    /// How many coordinates it takes to give all shares.
    pub fn dimensions(&self) -> usize {
        self.paths.len().saturating_sub(1)
    }

    /// The shares at coordinates of the unit cube: of what those before have left, each takes a part from a beta distribution
    /// (Connor and Mosimann 1969), which together are Dirichlet's.
    pub fn shares(&self, at: &[f64]) -> Vec<f64> {
        let mut rest = self.total;
        let mut later: f64 = self.concentration.iter().sum();
        let mut shares = Vec::with_capacity(self.paths.len());
        for (own, at) in self.concentration.iter().zip(at).take(self.dimensions()) {
            later -= own;
            let share = rest * beta_quantile(*own, later, *at);
            shares.push(share);
            rest = (rest - share).max(0.0);
        }
        shares.push(rest);
        shares
    }
}

impl Scenario {
    /// The compositions, in the file's order.
    pub fn compositions(&self) -> Vec<Composed> {
        let schema = path::schema();
        let own = |path: &String| {
            let address = path::resolve(&self.tree, schema, path).ok();
            address.and_then(|address| check::own(&self.tree, &address)).unwrap_or(0.0)
        };
        let resolve = |composition: &Composition| Composed {
            paths: composition.paths.clone(),
            concentration: match composition.concentration.is_empty() {
                true => vec![1.0; composition.paths.len()],
                false => composition.concentration.clone(),
            },
            total: composition.total.unwrap_or_else(|| composition.paths.iter().map(own).sum()),
        };
        self.file.composition.iter().map(resolve).collect()
    }

    /// The inputs that are set together with that of a path: of a share those that it sums up with, itself of any other.
    pub fn together<'a>(&'a self, path: &'a str) -> Vec<&'a str> {
        let composition =
            self.file.composition.iter().find(|composition| composition.paths.iter().any(|own| own == path));
        composition.map_or_else(|| vec![path], |composition| composition.paths.iter().map(String::as_str).collect())
    }

    /// Whether the input of a path is left open by what was set: neither it was, nor one that is set together with it.
    pub fn is_open(&self, path: &str) -> bool {
        !self.together(path).into_iter().any(|path| self.is_set(path))
    }

    /// The uncertainties with their bounds, in the file's order.
    pub fn uncertainties(&self) -> Vec<Unsure> {
        let schema = path::schema();
        let resolve = |uncertainty: &Uncertainty| {
            let address = path::resolve(&self.tree, schema, &uncertainty.path).ok()?;
            let before = self.written.as_ref().map_or(&self.tree, |written| written.tree());
            let [low, best, high] = check::bounds((&self.tree, before), schema, &address, uncertainty);
            let names = uncertainty.values.clone();
            let of_names = !names.is_empty();
            Some(Unsure {
                path: uncertainty.path.clone(),
                low,
                best,
                high,
                distribution: if of_names { Distribution::Choice } else { uncertainty.distribution },
                choices: match of_names {
                    true => (0..names.len()).map(|place| place as f64).collect(),
                    false => uncertainty.choices.clone(),
                },
                names,
                weights: uncertainty.weights.clone(),
                cost: uncertainty.cost.unwrap_or(1.0),
            })
        };
        self.file.uncertainty.iter().filter_map(resolve).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_up_and_have_the_moments_of_their_distribution() {
        let paths = ["a", "b", "c"].map(String::from).to_vec();
        let composed = Composed { paths, concentration: vec![6.0, 3.0, 1.0], total: 0.8 };
        let at = |place: usize| (place as f64 + 0.5) / 64.0;
        let found: Vec<Vec<f64>> = (0..4096).map(|i| composed.shares(&[at(i / 64), at(i % 64)])).collect();
        assert!(found.iter().all(|shares| (shares.iter().sum::<f64>() - 0.8).abs() < 1e-12 && shares.len() == 3));
        for (place, own) in composed.concentration.iter().enumerate() {
            // Of Dirichlet's distribution: a mean of a/A and a variance of a (A − a) / (A² (A + 1)).
            let shares = || found.iter().map(|shares| shares[place] / 0.8);
            let mean = shares().sum::<f64>() / 4096.0;
            let variance = shares().map(|share| (share - mean) * (share - mean)).sum::<f64>() / 4096.0;
            assert!((mean - own / 10.0).abs() < 0.003, "{place}: {mean}");
            assert!((variance - own * (10.0 - own) / 1100.0).abs() < 0.001, "{place}: {variance}");
        }
    }
}
