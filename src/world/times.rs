//! Times: how violent they are.

use crate::base::{FactionId, PairId, Table};
use serde::{Deserialize, Serialize};

/// How much more or less violent times are than usual.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shock {
    /// What all violence has in common, in standard deviations.
    pub common: f64,
    /// What the fighting of each pair has of its own, in standard deviations.
    pub pair: Table<PairId, f64>,
    /// How many reviews that has seen.
    pub seen: Table<PairId, u32>,
    /// What the attacks of each faction have of their own, in standard deviations.
    pub faction: Table<FactionId, f64>,
    /// By what factor each pair's fighting differs from usual.
    pub fighting: Table<PairId, f64>,
    /// By what factor each faction's attacks on civilians differ from usual.
    pub attacks: Table<FactionId, f64>,
}

impl Shock {
    /// Usual times.
    pub fn none(factions: usize) -> Self {
        let pairs = PairId::count(factions);
        Self {
            common: 0.0,
            pair: Table::filled(pairs, 0.0),
            seen: Table::filled(pairs, 0),
            faction: Table::filled(factions, 0.0),
            fighting: Table::filled(pairs, 1.0),
            attacks: Table::filled(factions, 1.0),
        }
    }
}
