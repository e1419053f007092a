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
    /// Deaths in fighting within the last year, by pair.
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

/// What came within the last year, in parts from review to review, of which the year before the start has some too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LastYear {
    parts: [f32; Self::PARTS],
    current: u8,
}

impl LastYear {
    /// Weeks of a year.
    pub const WEEKS: f64 = 52.0;
    /// The one that is going on, and as many as a year has where they are shortest: 19 days.
    const PARTS: usize = 21;

    /// Adds to the part that is going on.
    #[inline]
    pub fn add(&mut self, amount: f64) {
        self.parts[usize::from(self.current)] += amount as f32;
    }

    /// A year of so many parts, just over, in which so much came evenly.
    pub fn even(amount: f64, parts: f64) -> Self {
        let mut year = Self { parts: [(amount / parts) as f32; Self::PARTS], current: 0 };
        year.parts[0] = 0.0;
        year
    }

    /// Begins the next part, which forgets the oldest. Called at every review.
    pub fn advance(&mut self) {
        self.current = (self.current + 1) % Self::PARTS as u8;
        self.parts[usize::from(self.current)] = 0.0;
    }

    /// The sum over the part that is going on and so many before it; of the oldest of these a share, if that is not whole.
    pub fn sum(&self, before: f64) -> f64 {
        let current = usize::from(self.current);
        let mut sum = f64::from(self.parts[current]);
        for back in 1..Self::PARTS {
            let share = (before - (back - 1) as f64).clamp(0.0, 1.0);
            sum += share * f64::from(self.parts[(current + Self::PARTS - back) % Self::PARTS]);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_forgets_what_is_older() {
        let mut year = LastYear::default();
        for part in 0..50 {
            year.add(f64::from(part));
            let of = |parts: usize| (0..=part).rev().take(parts).map(f64::from).sum::<f64>();
            assert!((year.sum(12.0) - of(13)).abs() < 1e-6);
            assert!((year.sum(12.25) - 0.75 * of(13) - 0.25 * of(14)).abs() < 1e-6);
            year.advance();
        }
        assert!((LastYear::even(130.0, 13.0).sum(13.0) - 130.0).abs() < 1e-4);
        assert!((LastYear::even(130.0, 19.2).sum(19.2) - 130.0).abs() < 1e-4);
    }
}
