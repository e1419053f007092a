//! Landscape theory of aggregation (Axelrod and Bennett 1993, British Journal of Political Science 23, 211–233): which
//! coalitions a static table of propensities settles into.
//!
//! Every pair of actors has a propensity to work together, above 0, or not, below. A configuration assigns actors to
//! blocs; its energy is low when those who want together are together. Actors change sides one at a time while that
//! lowers the energy, so a configuration that no single move improves is stable, and the more configurations lead
//! there, the likelier it is. [`two_blocs`] looks at all configurations of two blocs, [`partitions`] at any number of
//! blocs, [`study`] at both. [`start`] makes a landscape of a scenario's starting state, and [`compare`] holds simulated
//! coalitions against its minima.

mod case;
mod dynamic;
mod energy;
mod exhaustive;
mod partition;
mod start;
mod study;

pub use case::NamedLandscape;
pub use dynamic::{Criterion, Fit, compare};
pub use energy::{Landscape, LandscapeError};
pub use exhaustive::{ByDistance, MOST_ACTORS, TwoBlocs, by_distance, two_blocs};
pub use partition::partitions;
pub use start::{Start, Weights, start};
pub use study::{LandscapeStudy, study, switched};

use super::Estimate;
use serde::Serialize;

/// From how many random starts minima or their basins are sought where not all configurations are followed.
pub const STARTS: u32 = 20_000;

/// Who is with whom.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Configuration {
    /// Each actor's bloc, numbered from 0 in the order in which they first come.
    pub blocs: Vec<u32>,
    /// Its energy.
    pub energy: f64,
    /// Each actor's frustration: the sizes of the others, weighted by the propensity towards them, from which it is
    /// parted; what it dislikes counts below 0.
    pub frustration: Vec<f64>,
}

/// A configuration that no single move improves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Minimum {
    /// The configuration.
    pub configuration: Configuration,
    /// Share of all configurations from which steepest descent leads here, 0–1; exact where all were followed.
    pub basin: Estimate,
}

/// Renumbers blocs in the order in which they first come.
pub fn canonical(blocs: &[u32]) -> Vec<u32> {
    let mut seen: Vec<u32> = Vec::new();
    blocs
        .iter()
        .map(|bloc| {
            let known = seen.iter().position(|other| other == bloc);
            known.unwrap_or_else(|| {
                seen.push(*bloc);
                seen.len() - 1
            }) as u32
        })
        .collect()
}
