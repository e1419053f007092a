//! Who has columns of their own: the reported actors.

use super::{Group, Slot, Snapshot, coalition_words};
use crate::base::{FactionId, Id, PairId, UmbrellaId, ZoneId};
use crate::world::{Setting, World};

/// The most actors that have columns of their own; weaker ones are counted as `other`.
const MOST_ACTORS: usize = 24;

/// Umbrellas, and the factions outside umbrellas that have fighters at the start; strongest first. Of too many those that
/// questions ask about come before others. Positions in the list are slots; the slot after the last is that of all others (splinters, members that left their umbrella).
#[derive(Clone, Debug)]
pub struct ReportedActors {
    /// The actors.
    pub groups: Vec<Group>,
    /// Their ids.
    pub ids: Vec<String>,
    of_umbrella: Vec<usize>,
    of_faction: Vec<usize>,
}

impl ReportedActors {
    /// The actors of a setting, of which some are asked about.
    pub fn new(setting: &Setting, asked: &[Group]) -> Self {
        let initial = &setting.initial;
        let umbrellas = setting.umbrellas.ids().map(Group::Umbrella);
        let factions = (initial.alive.ids().take(setting.founding))
            .filter(|faction| initial.umbrella[*faction].is_none())
            .map(Group::Faction);
        let strength =
            |group: Group| -> f64 { group.members(setting, initial).map(|member| initial.strength[member]).sum() };
        let mut groups: Vec<Group> = umbrellas.chain(factions).filter(|group| strength(*group) > 0.0).collect();
        groups.sort_by(|a, b| strength(*b).total_cmp(&strength(*a)));
        if groups.len() > MOST_ACTORS {
            groups.sort_by_key(|group| !asked.contains(group));
            groups.truncate(MOST_ACTORS);
            groups.sort_by(|a, b| strength(*b).total_cmp(&strength(*a)));
        }
        let other = groups.len();
        let slot = |wanted: Group| groups.iter().position(|group| *group == wanted).unwrap_or(other);
        Self {
            ids: groups.iter().map(|group| group.id(setting).to_owned()).collect(),
            of_umbrella: setting.umbrellas.ids().map(|umbrella| slot(Group::Umbrella(umbrella))).collect(),
            of_faction: setting.factions.ids().map(|faction| slot(Group::Faction(faction))).collect(),
            groups,
        }
    }

    /// The slot of all others.
    pub fn other(&self) -> usize {
        self.groups.len()
    }

    /// The slot of a place, that of all others included.
    pub fn slot(&self, place: usize) -> Slot {
        if place == self.other() { Slot::Other } else { Slot::Actor(place) }
    }

    /// All slots but nobody's, that of all others last.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        (0..=self.other()).map(|place| self.slot(place))
    }

    /// All pairs of actors, the stronger first.
    pub fn pairs(&self) -> impl Iterator<Item = [Group; 2]> + '_ {
        // Pairs are numbered by their higher member; here the lower slot is the stronger actor.
        PairId::all(self.groups.len()).map(|(_, low, high)| [self.groups[low.index()], self.groups[high.index()]])
    }

    /// The actor that a living faction is or belongs to.
    #[inline]
    pub fn slot_of(&self, world: &World, faction: FactionId) -> usize {
        match world.umbrella[faction] {
            Some(umbrella) => self.of_umbrella[umbrella.index()],
            None => self.of_faction[faction.index()],
        }
    }

    /// Sums a quantity of factions by actor, all others last.
    pub fn sum(&self, world: &World, values: &[f64], into: &mut [f64]) {
        into.fill(0.0);
        for (index, value) in values.iter().enumerate() {
            into[self.slot_of(world, FactionId::from_index(index))] += value;
        }
    }

    /// The actor that holds a zone.
    pub fn holder(&self, world: &World, zone: ZoneId) -> Option<usize> {
        world.holder[zone].map(|holder| self.slot_of(world, world.successor(holder)))
    }

    /// Who leads the largest bloc: the actor, or the single other faction, with most fighters in it.
    pub fn leader(&self, world: &World, snapshot: &Snapshot, sums: &mut [f64]) -> Option<Leader> {
        let largest_bloc = snapshot.blocs.largest()?;
        sums.fill(0.0);
        let mut stray: Option<FactionId> = None;
        for (faction, strength) in world.strength.iter() {
            if snapshot.blocs.of(faction) == Some(largest_bloc) {
                let slot = self.slot_of(world, faction);
                if slot == self.other() {
                    stray = stray.filter(|best| world.strength[*best] >= *strength).or(Some(faction));
                } else {
                    sums[slot] += strength;
                }
            }
        }
        let best = largest(&sums[..self.other()]).filter(|slot| sums[*slot] > 0.0);
        match (best, stray) {
            (Some(slot), Some(stray)) if world.strength[stray] > sums[slot] => Some(Leader::Other(stray)),
            (Some(slot), _) => Some(Leader::Actor(slot)),
            (None, Some(stray)) => Some(Leader::Other(stray)),
            (None, None) => None,
        }
    }

    /// The coalition structure of a moment in words: see [`super::RunRecord::coalitions`].
    pub fn coalitions(&self, setting: &Setting, world: &World, snapshot: &Snapshot) -> String {
        let mut blocs: Vec<Vec<&str>> = Vec::new();
        for top in world.alive.ids().filter(|faction| snapshot.blocs.of(*faction) == Some(*faction)) {
            let inside = |faction: &FactionId| snapshot.blocs.of(*faction) == Some(top);
            let mut names: Vec<&str> = Vec::new();
            for member in world.alive.ids().filter(inside) {
                let whole = world.umbrella[member]
                    .filter(|umbrella| whole_inside(setting, world, snapshot, *umbrella, top))
                    .map(Group::Umbrella);
                names.push(whole.unwrap_or(Group::Faction(member)).id(setting));
            }
            names.sort_unstable();
            names.dedup();
            blocs.push(names);
        }
        coalition_words(blocs)
    }
}

/// Who leads a bloc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Leader {
    /// An actor, by slot.
    Actor(usize),
    /// A faction that is none.
    Other(FactionId),
}

/// Whether all of an umbrella's members that have fighters are in a bloc.
fn whole_inside(setting: &Setting, world: &World, snapshot: &Snapshot, umbrella: UmbrellaId, bloc: FactionId) -> bool {
    Group::Umbrella(umbrella)
        .members(setting, world)
        .all(|member| snapshot.blocs.of(member).is_none_or(|found| found == bloc))
}

/// The position of the largest value, the first of equals.
fn largest(values: &[f64]) -> Option<usize> {
    (0..values.len()).reduce(|best, index| if values[index] > values[best] { index } else { best })
}
