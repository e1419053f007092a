//! What a scenario says is not known.

use super::file::{Distribution, Uncertainty};
use super::read::path;
use super::{Scenario, check};

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
    /// The values of a choice.
    pub choices: Vec<f64>,
    /// How likely each of them is, relative to the others; equally if there are none.
    pub weights: Vec<f64>,
}

impl Scenario {
    /// The uncertainties with their bounds, in the file's order.
    pub fn uncertainties(&self) -> Vec<Unsure> {
        let schema = path::schema();
        let resolve = |uncertainty: &Uncertainty| {
            let address = path::resolve(&self.tree, schema, &uncertainty.path).ok()?;
            let [low, best, high] = check::bounds(&self.tree, &address, uncertainty);
            Some(Unsure {
                path: uncertainty.path.clone(),
                low,
                best,
                high,
                distribution: uncertainty.distribution,
                choices: uncertainty.choices.clone(),
                weights: uncertainty.weights.clone(),
            })
        };
        self.file.uncertainty.iter().filter_map(resolve).collect()
    }
}
