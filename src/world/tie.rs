//! How pairs stand.

use super::Stance;
use crate::base::{PairId, Table};
use serde::{Deserialize, Serialize};
use std::ops::{Index, IndexMut};

/// Talks between two factions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talks {
    /// The stance they talk about.
    pub goal: Stance,
    /// The step on which they began.
    pub since: u32,
    /// Whether they have become known.
    pub known: bool,
}

/// How two factions stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// Where they stand.
    pub stance: Stance,
    /// Where everybody else thinks they stand. Differs from `stance` while that is secret.
    pub claimed: Stance,
    /// The step on which the stance last changed.
    pub since: u32,
    /// Their talks, if any.
    pub talks: Option<Talks>,
    /// Whether a secret of theirs has ever leaked.
    pub leaked: bool,
}

impl Tie {
    /// Whether what they are to each other is known.
    #[inline]
    pub fn is_public(&self) -> bool {
        self.stance == self.claimed
    }
}

/// How all pairs stand, with a count of how often that may have changed: what rests on it is found anew only when the count is
/// another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ties {
    ties: Table<PairId, Tie>,
    changes: u32,
}

impl Ties {
    /// The ties of a start.
    pub fn new(ties: Table<PairId, Tie>) -> Self {
        Self { ties, changes: 0 }
    }

    /// How often somebody has asked for a tie to change it.
    pub fn changes(&self) -> u32 {
        self.changes
    }

    /// All ties in the order of their pairs.
    pub fn values(&self) -> &[Tie] {
        self.ties.values()
    }

    /// Pairs with their ties, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (PairId, &Tie)> {
        self.ties.iter()
    }

    /// Pairs with their ties, in order, to change.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (PairId, &mut Tie)> {
        self.changes += 1;
        self.ties.iter_mut()
    }
}

impl Index<PairId> for Ties {
    type Output = Tie;
    #[inline]
    fn index(&self, pair: PairId) -> &Tie {
        &self.ties[pair]
    }
}

impl IndexMut<PairId> for Ties {
    #[inline]
    fn index_mut(&mut self, pair: PairId) -> &mut Tie {
        self.changes += 1;
        &mut self.ties[pair]
    }
}
