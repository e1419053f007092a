//! Typed identifiers: a zone cannot be used where a faction is meant.
//!
//! Identifiers are positions in the canonical order of a scenario (sorted by draw key), not in the file's order, so
//! that reordering a file changes no sum.

use super::table::Id;

macro_rules! identifier {
    ($(#[$doc:meta] $name:ident),+ $(,)?) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub struct $name(pub u32);

        impl Id for $name {
            fn from_index(index: usize) -> Self {
                Self(index as u32)
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

identifier! {
    /// A faction: an agent that decides. Includes the slots kept free for splinters.
    FactionId,
    /// A zone: a place that can be held.
    ZoneId,
    /// A community: people with an alignment.
    CommunityId,
    /// A cell: the part of one community that lives in one zone.
    CellId,
    /// An umbrella: a named group of factions, such as a coalition of movements.
    UmbrellaId,
    /// An accord between parties.
    AccordId,
    /// A scheduled event of the scenario.
    EventId,
    /// An axis of alignment.
    AxisId,
    /// An unordered pair of factions; see [`PairId::of`].
    PairId,
}

impl PairId {
    /// The pair of two different factions, in either order. Pairs are numbered by the larger index first, so that the
    /// number of a pair does not depend on how many factions there are.
    #[inline]
    pub fn of(a: FactionId, b: FactionId) -> Self {
        let (low, high) = if a.0 < b.0 { (a.0, b.0) } else { (b.0, a.0) };
        debug_assert!(low != high, "a faction makes no pair with itself");
        Self(high * (high - 1) / 2 + low)
    }

    /// The two factions of the pair, the lower first.
    #[inline]
    pub fn members(self) -> (FactionId, FactionId) {
        let high = (0.5 + (0.25 + 2.0 * f64::from(self.0)).sqrt()) as u32;
        (FactionId(self.0 - high * (high - 1) / 2), FactionId(high))
    }

    /// The pair with its two factions, the lower first.
    #[inline]
    pub fn with_members(self) -> (Self, FactionId, FactionId) {
        let (low, high) = self.members();
        (self, low, high)
    }

    /// The positions of the pairs in which a faction is the higher one, by the lower one.
    #[inline]
    pub fn below(high: FactionId) -> std::ops::Range<usize> {
        let high = high.0 as usize;
        let first = high * high.saturating_sub(1) / 2;
        first..first + high
    }

    /// How many pairs `factions` factions make.
    pub fn count(factions: usize) -> usize {
        factions * factions.saturating_sub(1) / 2
    }

    /// All pairs of `factions` factions with their members (lower first), in the order of their numbers.
    pub fn all(factions: usize) -> impl Iterator<Item = (Self, FactionId, FactionId)> {
        (1..factions.max(1) as u32).flat_map(|high| {
            let first = high * (high - 1) / 2;
            (0..high).map(move |low| (Self(first + low), FactionId(low), FactionId(high)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_numbered_without_gaps_and_symmetric() {
        let all: Vec<_> = PairId::all(700).collect();
        assert_eq!(all.len(), PairId::count(700));
        for (expected, (pair, low, high)) in all.into_iter().enumerate() {
            assert_eq!(pair.index(), expected);
            assert_eq!(pair, PairId::of(low, high));
            assert_eq!(pair, PairId::of(high, low));
            assert_eq!(pair.members(), (low, high));
            assert_eq!(PairId::below(high).nth(low.index()), Some(expected));
        }
    }
}
