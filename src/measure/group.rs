//! Whom a question names: a faction, the members of an umbrella, or the splinters of a faction, as they are by now.

use crate::base::{FactionId, UmbrellaId};
use crate::world::{Setting, World};

/// What stands before the id of a faction in the name of its splinters.
pub const SPLINTERS_OF: &str = "splinters-of-";

/// A faction, an umbrella, or the splinters of a faction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// A faction; what has absorbed it, once that has happened.
    Faction(FactionId),
    /// The members that an umbrella has left; the faction that they have become, once they have merged.
    Umbrella(UmbrellaId),
    /// The factions that have broken from this one, or from one that broke from it.
    Splinters(FactionId),
}

impl Group {
    /// The id of the faction or umbrella; of splinters, that of the faction from which they broke.
    pub fn id(self, setting: &Setting) -> &str {
        match self {
            Self::Faction(faction) | Self::Splinters(faction) => &setting.factions[faction].id,
            Self::Umbrella(umbrella) => &setting.umbrellas[umbrella].id,
        }
    }

    /// The living factions that the group is by now: none when all are gone.
    pub fn members<'a>(self, setting: &'a Setting, world: &'a World) -> impl Iterator<Item = FactionId> + Clone + 'a {
        let (one, listed) = self.parts(setting, world);
        let stays = move |member: &FactionId| match self {
            Self::Faction(_) | Self::Splinters(_) => true,
            Self::Umbrella(umbrella) => world.umbrella[*member] == Some(umbrella),
        };
        let listed = listed.iter().copied().filter(stays);
        one.into_iter().chain(listed).chain(self.splinters(world)).filter(|member| world.alive[*member])
    }

    /// The living members, and the members of the start that are gone or have become a part of a living one: those
    /// whose past counts as the group's. A living member that has left is not among them.
    pub fn members_ever<'a>(
        self,
        setting: &'a Setting,
        world: &'a World,
    ) -> impl Iterator<Item = FactionId> + Clone + 'a {
        let (one, _) = self.parts(setting, world);
        let (single, founding): (Option<FactionId>, &[FactionId]) = match self {
            Self::Faction(faction) => (Some(faction), &[]),
            Self::Umbrella(umbrella) => (None, &setting.umbrellas[umbrella].members),
            Self::Splinters(_) => (None, &[]),
        };
        let stays = move |member: &FactionId| match self {
            Self::Faction(_) | Self::Splinters(_) => true,
            Self::Umbrella(umbrella) => !world.alive[*member] || world.umbrella[*member] == Some(umbrella),
        };
        let founding = single.into_iter().chain(founding.iter().copied().filter(stays));
        let extra = one.filter(|one| !founding.clone().any(|member| member == *one));
        founding.chain(extra).chain(self.splinters(world))
    }

    /// The splinters that the group is, living or gone; none for what is no group of splinters.
    fn splinters(self, world: &World) -> impl Iterator<Item = FactionId> + Clone + '_ {
        let of = match self {
            Self::Splinters(faction) => Some(faction),
            Self::Faction(_) | Self::Umbrella(_) => None,
        };
        let broke = move |faction: &FactionId| {
            let parents = std::iter::successors(world.splinter_of[*faction], |parent| world.splinter_of[*parent]);
            of.is_some_and(|of| parents.into_iter().any(|parent| parent == of))
        };
        world.splinter_of.ids().filter(broke)
    }

    /// The one faction that the group has become, or else the members it had at the start.
    fn parts<'a>(self, setting: &'a Setting, world: &World) -> (Option<FactionId>, &'a [FactionId]) {
        match self {
            Self::Faction(faction) => (Some(world.successor(faction)), &[]),
            Self::Umbrella(umbrella) => match world.merged[umbrella] {
                Some(merged) => (Some(world.successor(merged)), &[]),
                None => (None, &setting.umbrellas[umbrella].members),
            },
            Self::Splinters(_) => (None, &[]),
        }
    }
}
