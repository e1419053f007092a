//! How all pairs stand, kept so that what rests on it is found anew only when it has changed.

use crate::base::{FactionId, Id, PairId, Table};
use crate::world::{Stance, World};

/// A pair that is something to each other: that stands, or is said to stand, otherwise than neutral, or talks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bond {
    /// The pair.
    pub pair: PairId,
    /// Where it stands, and where it is said to stand.
    pub stances: [Stance; 2],
    /// Whether it talks.
    pub talks: bool,
}

/// The pairs that were something to each other when this was last brought up to date, in order.
#[derive(Clone, Debug)]
pub struct Standing {
    bonds: Vec<Bond>,
    found: Vec<Bond>,
    alive: Table<FactionId, bool>,
    version: u32,
    /// A number that is another one whenever alliances or wars are others.
    grouping: u32,
    /// The count of changes of the ties that were looked at.
    changes: Option<u32>,
}

impl Standing {
    /// Of no world yet.
    pub(super) fn new(factions: usize) -> Self {
        Self {
            bonds: Vec::new(),
            found: Vec::new(),
            alive: Table::filled(factions, false),
            version: 0,
            grouping: 0,
            changes: None,
        }
    }

    /// Forgets the world that was looked at: another one may come.
    pub(super) fn forget(&mut self) {
        self.changes = None;
    }

    /// Brings it up to date. Gives a number that is another one whenever somebody has begun to stand, to be said to stand, or
    /// to talk, otherwise.
    pub(super) fn refresh(&mut self, world: &World) -> u32 {
        if self.changes == Some(world.tie.changes()) && self.alive == world.alive {
            return self.version;
        }
        self.changes = Some(world.tie.changes());
        self.found.clear();
        for (index, tie) in world.tie.values().iter().enumerate() {
            let (stances, talks) = ([tie.stance, tie.claimed], tie.talks.is_some());
            if stances != [Stance::Neutral; 2] || talks {
                self.found.push(Bond { pair: PairId::from_index(index), stances, talks });
            }
        }
        if self.version == 0 || self.found != self.bonds || self.alive != world.alive {
            self.version += 1;
            if self.version == 1 || self.alive != world.alive || decisive(&self.found).ne(decisive(&self.bonds)) {
                self.grouping += 1;
            }
            std::mem::swap(&mut self.found, &mut self.bonds);
            self.alive.clone_from(&world.alive);
        }
        self.version
    }

    /// A number that is another one whenever somebody has become an ally or an enemy, or ceased to be one.
    pub(super) fn grouping(&self) -> u32 {
        self.grouping
    }

    /// The pairs that are something to each other, in order.
    pub(super) fn bonds(&self) -> &[Bond] {
        &self.bonds
    }

    /// The pairs that stand on a rung above neutral, or higher up, in order.
    pub(super) fn pairs_from(&self, rung: Stance) -> impl Iterator<Item = PairId> {
        debug_assert!(rung > Stance::Neutral, "neutral pairs are not kept");
        self.bonds.iter().filter(move |bond| bond.stances[0] >= rung).map(|bond| bond.pair)
    }

    /// The pairs of living factions that are seen to stand otherwise than neutral, in order of pairs: each with how friendly it
    /// is, -1 to 1.
    pub(super) fn claims(&self) -> impl Iterator<Item = (PairId, f64)> {
        let bonds = self.bonds.iter().filter(|bond| bond.stances[1] != Stance::Neutral);
        let claims = bonds.map(|bond| (bond.pair, bond.stances[1].valence()));
        claims.filter(|(pair, _)| {
            let (low, high) = pair.members();
            self.alive[low] && self.alive[high]
        })
    }
}

/// The pairs that decide who is in which bloc.
fn decisive(bonds: &[Bond]) -> impl Iterator<Item = (PairId, Stance)> {
    let bonds = bonds.iter().map(|bond| (bond.pair, bond.stances[0]));
    bonds.filter(|(_, stance)| matches!(stance, Stance::War | Stance::Alliance))
}
