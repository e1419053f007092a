//! Blocs: connected groups of factions under alliance.

use crate::base::{FactionId, Id, PairId};
use crate::world::{Stance, World};

const NONE: u32 = u32::MAX;

/// The words in which a coalition structure is recorded: members of a bloc joined by `+`, blocs by ` | `, both sorted; blocs
/// of one are left out.
pub fn coalition_words<'a>(blocs: impl IntoIterator<Item = Vec<&'a str>>) -> String {
    let several = blocs.into_iter().filter(|bloc| bloc.len() > 1);
    let mut words: Vec<String> = several
        .map(|mut bloc| {
            bloc.sort_unstable();
            bloc.join("+")
        })
        .collect();
    words.sort_unstable();
    words.join(" | ")
}

/// The blocs of a coalition structure in [`coalition_words`], each with its members' ids.
pub fn coalition_blocs(words: &str) -> impl Iterator<Item = Vec<&str>> {
    words.split(" | ").filter(|bloc| !bloc.is_empty()).map(|bloc| bloc.split('+').collect())
}

/// The partition of the factions that have fighters into blocs. A faction that is allied with nobody is a bloc of one.
#[derive(Clone, Debug, Default)]
pub struct Blocs {
    /// Per faction: the lowest member of its bloc.
    root: Vec<u32>,
    /// Fighters of the bloc, by its lowest member.
    strength: Vec<f64>,
    /// Members of the bloc, by its lowest member.
    members: Vec<u32>,
    total: f64,
    largest: Option<FactionId>,
}

impl Blocs {
    /// Finds the blocs of a moment, by what is so and not by what is claimed: who is linked by stances of `rung` or more.
    /// Two at war are of no one bloc, even when both are linked to a third.
    pub fn find(&mut self, world: &World, rung: Stance) {
        let factions = world.factions();
        self.root.clear();
        self.root.extend((0..factions as u32).map(|index| {
            let faction = FactionId(index);
            if world.alive[faction] && world.strength[faction] > 0.0 { index } else { NONE }
        }));
        for (pair, low, high) in PairId::all(factions) {
            let stand = self.root[low.index()] != NONE && self.root[high.index()] != NONE;
            if world.tie[pair].stance >= rung && stand {
                let (a, b) = (self.top(low.0), self.top(high.0));
                if a == b || self.at_war(world, a, b) {
                    continue;
                }
                self.root[a.max(b) as usize] = a.min(b);
            }
        }
        self.strength.clear();
        self.strength.resize(factions, 0.0);
        self.members.clear();
        self.members.resize(factions, 0);
        self.total = 0.0;
        self.largest = None;
        let mut most = 0.0;
        for index in 0..factions as u32 {
            if self.root[index as usize] != NONE {
                let top = self.top(index) as usize;
                self.root[index as usize] = top as u32;
                self.strength[top] += world.strength[FactionId(index)];
                self.members[top] += 1;
                self.total += world.strength[FactionId(index)];
            }
        }
        for (top, strength) in self.strength.iter().enumerate() {
            if *strength > most {
                most = *strength;
                self.largest = Some(FactionId::from_index(top));
            }
        }
    }

    fn at_war(&self, world: &World, a: u32, b: u32) -> bool {
        PairId::all(world.factions()).any(|(pair, low, high)| {
            let stand = self.root[low.index()] != NONE && self.root[high.index()] != NONE;
            world.tie[pair].stance == Stance::War && stand && {
                let (one, two) = (self.top(low.0), self.top(high.0));
                (one, two) == (a, b) || (one, two) == (b, a)
            }
        })
    }

    fn top(&self, mut index: u32) -> u32 {
        while self.root[index as usize] != index {
            index = self.root[index as usize];
        }
        index
    }

    /// The bloc of a faction, named by its lowest member; none for a faction without fighters.
    #[inline]
    pub fn of(&self, faction: FactionId) -> Option<FactionId> {
        let root = self.root[faction.index()];
        (root != NONE).then_some(FactionId(root))
    }

    /// The bloc with most fighters, the lowest of equals; none when nobody has any.
    pub fn largest(&self) -> Option<FactionId> {
        self.largest
    }

    /// Share of all fighters in a bloc, 0 to 1.
    pub fn share(&self, bloc: FactionId) -> f64 {
        if self.total > 0.0 { self.strength[bloc.index()] / self.total } else { 0.0 }
    }

    /// How many blocs have two members or more.
    pub fn of_several(&self) -> usize {
        self.members.iter().filter(|members| **members > 1).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_are_read_from_the_words_that_are_written() {
        let words = coalition_words([vec!["d", "c", "e"], vec!["f"], vec!["b", "a"]]);
        assert_eq!(words, "a+b | c+d+e");
        assert_eq!(coalition_blocs(&words).collect::<Vec<_>>(), [vec!["a", "b"], vec!["c", "d", "e"]]);
        assert_eq!(coalition_blocs("").count(), 0);
    }
}
