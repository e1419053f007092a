//! Whom a question names: a faction, or the members of an umbrella, as they are by now.

use crate::base::{FactionId, UmbrellaId};
use crate::world::{Setting, World};

/// A faction or an umbrella.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// A faction; what has absorbed it, once that has happened.
    Faction(FactionId),
    /// The members that an umbrella has left; the faction that they have become, once they have merged.
    Umbrella(UmbrellaId),
}

impl Group {
    /// The id of the faction or umbrella.
    pub fn id(self, setting: &Setting) -> &str {
        match self {
            Self::Faction(faction) => &setting.factions[faction].id,
            Self::Umbrella(umbrella) => &setting.umbrellas[umbrella].id,
        }
    }

    /// The living factions that the group is by now: none when all are gone.
    pub fn members<'a>(self, setting: &'a Setting, world: &'a World) -> impl Iterator<Item = FactionId> + Clone + 'a {
        let (one, listed) = self.parts(setting, world);
        let stays = move |member: &FactionId| match self {
            Self::Faction(_) => true,
            Self::Umbrella(umbrella) => world.umbrella[*member] == Some(umbrella),
        };
        let listed = listed.iter().copied().filter(stays);
        one.into_iter().chain(listed).filter(|member| world.alive[*member])
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
        };
        let stays = move |member: &FactionId| match self {
            Self::Faction(_) => true,
            Self::Umbrella(umbrella) => !world.alive[*member] || world.umbrella[*member] == Some(umbrella),
        };
        let founding = single.into_iter().chain(founding.iter().copied().filter(stays));
        let extra = one.filter(|one| !founding.clone().any(|member| member == *one));
        founding.chain(extra)
    }

    /// The one faction that the group has become, or else the members it had at the start.
    fn parts<'a>(self, setting: &'a Setting, world: &World) -> (Option<FactionId>, &'a [FactionId]) {
        match self {
            Self::Faction(faction) => (Some(world.successor(faction)), &[]),
            Self::Umbrella(umbrella) => match world.merged[umbrella] {
                Some(merged) => (Some(world.successor(merged)), &[]),
                None => (None, &setting.umbrellas[umbrella].members),
            },
        }
    }
}
