//! What has been counted since the start: deaths by type, dyad, faction and zone, as they are, as admitted, as observed.

use crate::base::{FactionId, PairId, Table, ZoneId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// UCDP's three types of organised violence (Sundberg and Melander 2013; Davies et al. 2025).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum DeathType {
    /// Fighting in which one side is a state.
    StateBased = 0,
    /// Fighting between organised groups, none of them a state.
    NonState = 1,
    /// Violence against civilians.
    OneSided = 2,
}

impl DeathType {
    /// All types.
    pub const ALL: [Self; 3] = [Self::StateBased, Self::NonState, Self::OneSided];

    /// The name in result files.
    pub fn id(self) -> &'static str {
        ["state_based", "non_state", "one_sided"][self as usize]
    }
}

/// Counts since the start of the run, in people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Deaths by type, see [`DeathType`].
    pub deaths: [f64; 3],
    /// Deaths by zone and type.
    pub zone: Table<ZoneId, [f64; 3]>,
    /// Deaths in fighting, by pair.
    pub dyad: Table<PairId, f64>,
    /// Deaths in fighting in the last step, by pair.
    pub dyad_step: Table<PairId, f64>,
    /// Deaths in fighting within the last 52 weeks, by pair.
    pub dyad_year: Table<PairId, LastYear>,
    /// Fighters killed, by the faction they fought for.
    pub fighters_lost: Table<FactionId, f64>,
    /// Civilians killed, by the faction that did it.
    pub civilians: Table<FactionId, f64>,
    /// Of those, how many it admits.
    pub civilians_admitted: Table<FactionId, f64>,
    /// Of those, how many an independent observer reports.
    pub civilians_observed: Table<FactionId, f64>,
    /// Fighters who joined.
    pub recruited: f64,
    /// Fighters who deserted.
    pub deserted: f64,
    /// Fighters whom events brought (surges) or took away (withdrawals: negative).
    pub moved_by_events: f64,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(factions: usize, zones: usize) -> Self {
        Self {
            deaths: [0.0; 3],
            zone: Table::filled(zones, [0.0; 3]),
            dyad: Table::filled(PairId::count(factions), 0.0),
            dyad_step: Table::filled(PairId::count(factions), 0.0),
            dyad_year: Table::filled(PairId::count(factions), LastYear::default()),
            fighters_lost: Table::filled(factions, 0.0),
            civilians: Table::filled(factions, 0.0),
            civilians_admitted: Table::filled(factions, 0.0),
            civilians_observed: Table::filled(factions, 0.0),
            recruited: 0.0,
            deserted: 0.0,
            moved_by_events: 0.0,
        }
    }
}

/// A sum over the last 52 weeks, in 13 parts of four weeks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LastYear {
    parts: [f32; 13],
    current: u8,
}

impl LastYear {
    /// Adds to the current part.
    #[inline]
    pub fn add(&mut self, amount: f64) {
        self.parts[usize::from(self.current)] += amount as f32;
    }

    /// A year in which so much came evenly.
    pub fn even(amount: f64) -> Self {
        Self { parts: [(amount / 13.0) as f32; 13], current: 0 }
    }

    /// Begins the next part, which forgets the oldest. Called every four weeks.
    pub fn advance(&mut self) {
        self.current = (self.current + 1) % 13;
        self.parts[usize::from(self.current)] = 0.0;
    }

    /// The sum.
    pub fn sum(&self) -> f64 {
        self.parts.iter().map(|part| f64::from(*part)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_forgets_what_is_older_than_thirteen_parts() {
        let mut year = LastYear::default();
        for part in 0..20 {
            year.add(f64::from(part));
            let kept: i32 = (0..=part).rev().take(13).sum();
            assert!((year.sum() - f64::from(kept)).abs() < 1e-6);
            year.advance();
        }
    }
}
