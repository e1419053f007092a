//! Blocs: connected groups of factions under alliance.

use crate::base::{FactionId, Id, Table};
use crate::world::{Stance, World, find_blocs, pairs_from};

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
    /// Per faction with fighters: the lowest member of its bloc.
    root: Vec<Option<FactionId>>,
    /// Fighters of the bloc, by its lowest member.
    strength: Vec<f64>,
    /// Members of the bloc, by its lowest member.
    members: Vec<u32>,
    total: f64,
    largest: Option<FactionId>,
    memory: Vec<FactionId>,
}

impl Blocs {
    /// Finds the blocs of a moment ([`find_blocs`]): who is linked by stances of `rung` or more.
    pub fn find(&mut self, world: &World, rung: Stance) {
        let factions = world.factions();
        let stands = |faction: FactionId| world.alive[faction] && world.strength[faction] > 0.0;
        let mut bloc = Table::filled(factions, FactionId(0));
        find_blocs(world, pairs_from(world, rung), stands, &mut bloc, &mut self.memory);
        self.root.clear();
        self.root.extend(bloc.iter().map(|(faction, bloc)| stands(faction).then_some(*bloc)));
        self.strength.clear();
        self.strength.resize(factions, 0.0);
        self.members.clear();
        self.members.resize(factions, 0);
        self.total = 0.0;
        self.largest = None;
        let mut most = 0.0;
        for (index, root) in self.root.iter().enumerate() {
            if let Some(root) = root {
                let strength = world.strength[FactionId::from_index(index)];
                self.strength[root.index()] += strength;
                self.members[root.index()] += 1;
                self.total += strength;
            }
        }
        for (top, strength) in self.strength.iter().enumerate() {
            if *strength > most {
                most = *strength;
                self.largest = Some(FactionId::from_index(top));
            }
        }
    }

    /// The bloc of a faction, named by its lowest member; none for a faction without fighters.
    #[inline]
    pub fn of(&self, faction: FactionId) -> Option<FactionId> {
        self.root[faction.index()]
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
