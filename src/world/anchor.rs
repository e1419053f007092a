//! What holds the start in place.
//!
//! A scenario says how things stand, not why they stand so. Anchors are what the model's own forces leave unexplained at
//! the start as it is written: taken off, what the file states is a state of rest, and what changes comes of decisions,
//! losses and chance.

use crate::base::{CellId, FactionId, Matrix, PairId, Table, ZoneId};
use serde::{Deserialize, Serialize};

/// How many reasons there are.
pub const REASONS: usize = 10;

/// What is taken off the forces of the model so that the start is at rest. Found once per scenario; part of the world,
/// for it follows mergers, splits and conquest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Anchors {
    /// Share of control at the start, 0 to 1: against it, ground is lost and gained.
    pub held: Matrix<ZoneId, FactionId, f64>,
    /// Share of control that a faction has beyond its share by force, per zone; -1 to 1.
    pub ground: Matrix<ZoneId, FactionId, f64>,
    /// Pull of each zone on each faction's forces at the start.
    pub pull: Matrix<ZoneId, FactionId, f64>,
    /// By how much each faction is liked in each cell beyond what draws people to it, as a factor of odds; 0 or more.
    pub leaning: Matrix<CellId, FactionId, f64>,
    /// What speaks for the row's closeness to the column at the start, reason by reason.
    pub reasons: Matrix<FactionId, FactionId, [f64; REASONS]>,
    /// Losses that the row lately took from the column at the start, as a share of its strength.
    pub weariness: Matrix<FactionId, FactionId, f64>,
    /// By what factor each pair's fighting differs from what is usual between such forces, so that it costs what it cost in
    /// the year before.
    pub fighting: Table<PairId, f64>,
    /// How fiercely each pair fought in the year before if it was not at war, as a share of what is usual in war: should they come
    /// to stand worse, it is what they fight with at least, in place of the factor. 0 for those at war, and where nothing is
    /// known.
    pub skirmishes: Table<PairId, f64>,
    /// By what factor each faction's attacks on civilians differ from what is usual, likewise.
    pub attacks: Table<FactionId, f64>,
    /// What the row could take from the column by war at the start.
    pub spoils: Matrix<FactionId, FactionId, f64>,
    /// By how much each zone is stronger than its defenders look, as a factor of at least 1.
    pub entrenchment: Table<ZoneId, f64>,
    /// Which rows of zones that have been taken are yet to be found anew, for them to be at rest as they are.
    pub taken: Table<ZoneId, Taken>,
    /// Weekly income at the start, in fighters kept.
    pub income: Table<FactionId, f64>,
    /// Fighters that this income keeps.
    pub establishment: Table<FactionId, f64>,
    /// Upkeep in hand that is kept as a reserve, in fighter-weeks.
    pub reserve: Table<FactionId, f64>,
    /// Recruits per week who can be found whatever people think: once and a half what desertion and fighting were
    /// expected to take at the start.
    pub recruits: Table<FactionId, f64>,
    /// Weekly change of the hostility of row towards column at the start.
    pub hostility: Matrix<FactionId, FactionId, f64>,
    /// Weekly change of the trust of row in column at the start.
    pub trust: Matrix<FactionId, FactionId, f64>,
    /// Weekly fall of cohesion at the start, as a rate.
    pub cohesion: Table<FactionId, f64>,
    /// Weekly rate at which a cell's displaced people return when it is as calm as at the start.
    pub homecoming: Table<CellId, f64>,
    /// Recent violence per zone at the start: deaths per thousand people, fading.
    pub violence: Table<ZoneId, f64>,
    /// Factions that have merged or split since their columns of `pull` and `leaning` were found: found anew, for them to
    /// be at rest as they are.
    pub stale: Table<FactionId, bool>,
}

/// What of a zone that has been taken still says how it was before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Its row of [`Anchors::ground`].
    pub ground: bool,
    /// Its row of [`Anchors::pull`].
    pub pull: bool,
}

impl Taken {
    /// A zone that has just been taken.
    pub const NOW: Self = Self { ground: true, pull: true };
}

impl Anchors {
    /// Anchors that hold nothing.
    pub fn none(zones: usize, factions: usize, cells: usize) -> Self {
        Self {
            held: Matrix::filled(zones, factions, 0.0),
            ground: Matrix::filled(zones, factions, 0.0),
            pull: Matrix::filled(zones, factions, 0.0),
            leaning: Matrix::filled(cells, factions, 1.0),
            reasons: Matrix::filled(factions, factions, [0.0; REASONS]),
            weariness: Matrix::filled(factions, factions, 0.0),
            fighting: Table::filled(PairId::count(factions), 1.0),
            skirmishes: Table::filled(PairId::count(factions), 0.0),
            attacks: Table::filled(factions, 1.0),
            spoils: Matrix::filled(factions, factions, 0.0),
            entrenchment: Table::filled(zones, 1.0),
            taken: Table::filled(zones, Taken::default()),
            income: Table::filled(factions, 0.0),
            establishment: Table::filled(factions, 0.0),
            reserve: Table::filled(factions, 0.0),
            recruits: Table::filled(factions, 0.0),
            hostility: Matrix::filled(factions, factions, 0.0),
            trust: Matrix::filled(factions, factions, 0.0),
            cohesion: Table::filled(factions, 0.0),
            homecoming: Table::filled(cells, 0.0),
            violence: Table::filled(zones, 0.0),
            stale: Table::filled(factions, false),
        }
    }
}
