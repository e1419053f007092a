//! Massing: what can be brought to bear on a place, by those who attack it and those who hold it.
//!
//! A force on the spot counts wholly, one elsewhere the less the farther it is, `Σ_z' m_z' e^{−way/D}`. The attacker brings
//! a share of that, the holder has help; on both sides come allies, who count for less: those who stand in the place,
//! and a part of what they have within reach. Allies of the attacker come if they are at war with the holder too.

use super::clash::{Clashes, find_local_support};
use super::scratch::Scratch;
use crate::base::{FactionId, Id, Table, ZoneId};
use crate::world::{Setting, Stance, World};

/// Finds what each faction has within reach of each zone, and who supports it there.
pub(super) fn find_within_reach(setting: &Setting, world: &World, scratch: &mut Scratch) {
    let Scratch { massed, following, ways, .. } = scratch;
    massed.values_mut().fill(0.0);
    for faction in world.alive.ids().filter(|faction| world.alive[*faction]) {
        // Who has fighters in few zones is within reach of many.
        let massed = massed.row_mut(faction);
        for (zone, near) in setting.zones.ids().zip(&ways.near) {
            let fighters = world.presence[(zone, faction)];
            if fighters > 0.0 {
                near.add_to(massed, fighters);
            }
        }
    }
    let width = world.width();
    for zone in setting.zones.ids() {
        find_local_support(setting, world, zone, &mut following.row_mut(zone)[..width]);
    }
}

/// [`find_within_reach`] for one zone alone.
pub(super) fn find_within_reach_of(setting: &Setting, world: &World, scratch: &mut Scratch, zone: ZoneId) {
    let Scratch { massed, following, ways, .. } = scratch;
    for faction in world.alive.ids() {
        massed[(faction, zone)] = 0.0;
    }
    for (other, counts) in ways.near[zone.index()].list.iter().copied() {
        for (faction, fighters) in world.alive.ids().zip(world.presence.row(other)) {
            massed[(faction, zone)] += counts * fighters;
        }
    }
    find_local_support(setting, world, zone, following.row_mut(zone));
}

/// Who comes to help, and how much they count.
#[derive(Clone, Copy)]
pub(super) struct Help {
    /// Share of what is within reach that comes.
    pub reinforcement: f64,
    /// How much allies count beside a force of one's own.
    pub allies: f64,
}

/// An attack on a place.
#[derive(Clone, Copy)]
pub(super) struct Attack {
    /// The strength of those who are there, and of help.
    there: f64,
    /// The strength of what the attacker has elsewhere.
    elsewhere: f64,
}

impl Attack {
    /// The strength of an attack with a share of the force that is elsewhere.
    pub fn with(self, share: f64) -> f64 {
        self.there + share * self.elsewhere
    }
}

/// A place that is fought for, as things stand, with strengths by faction.
pub(super) struct Ground<'a> {
    world: &'a World,
    bloc: &'a Table<FactionId, FactionId>,
    help: Help,
    zone: ZoneId,
    holder: FactionId,
    /// The strength of those who are there.
    there: &'a [f64],
    /// The strength of those elsewhere, less the farther they are.
    elsewhere: &'a [f64],
    /// What comes with an ally's attack, from those at war with the holder; 0 from those without allies.
    aid: &'a [f64],
    /// The sum of that over each bloc, by its name.
    aid_of_bloc: &'a [f64],
}

impl<'a> Ground<'a> {
    /// A place that is defended in the name of a holder.
    pub fn of(
        setting: &Setting,
        (help, clashes): (Help, &Clashes),
        world: &'a World,
        scratch: &'a mut Scratch,
        (zone, holder): (ZoneId, FactionId),
    ) -> Self {
        let width = world.width();
        let Scratch { rows, massed, following, bloc, allied, .. } = scratch;
        let [there, elsewhere, aid, aid_of_bloc, ..] = rows.each_mut().map(|row| &mut row[..width]);
        for (sum, massed) in elsewhere.iter_mut().zip(massed.values().chunks_exact(setting.zones.len())) {
            *sum = massed[zone.index()];
        }
        for (worth, character) in there.iter_mut().zip(world.character.values()) {
            *worth = character.quality;
        }
        let ground = [world.presence.row(zone), following.row(zone), world.control.row(zone)].map(|row| &row[..width]);
        clashes.strengths(there, elsewhere, setting.zones[zone].ruggedness, ground);
        aid.fill(0.0);
        aid_of_bloc.fill(0.0);
        for ally in allied.iter().filter(|ally| world.stance(**ally, holder) == Stance::War) {
            let index = ally.index();
            aid[index] = there[index] + help.reinforcement * elsewhere[index];
            aid_of_bloc[bloc[*ally].index()] += aid[index];
        }
        Self { world, bloc, help, zone, holder, there, elsewhere, aid, aid_of_bloc }
    }

    /// An attack on the place: whoever is on the spot comes with it.
    pub fn attack(&self, own: FactionId) -> Attack {
        let index = own.index();
        let help = self.aid_of_bloc[self.bloc[own].index()] - self.aid[index];
        Attack { there: self.there[index] + self.help.allies * help, elsewhere: self.elsewhere[index] }
    }

    /// Whether a faction is on the holder's side: of its umbrella or its bloc.
    pub fn defends(&self, own: FactionId) -> bool {
        self.bloc[own] == self.bloc[self.holder] || self.world.same_party(own, self.holder)
    }

    /// The strength with which a zone's holder, its umbrella and its bloc defend it.
    pub fn defence(&self) -> f64 {
        let Self { world, bloc, holder, .. } = *self;
        let (with, umbrella) = (bloc[holder], world.umbrella[holder]);
        let (mut there, mut help) = (0.0, 0.0);
        let sides = bloc.values().iter().zip(world.umbrella.values());
        for ((of, under), (here, elsewhere)) in sides.zip(self.there.iter().zip(self.elsewhere)) {
            if *of == with || (umbrella.is_some() && *under == umbrella) {
                there += here;
                help += elsewhere;
            }
        }
        // The holder's own help counts wholly.
        let help = self.help.allies * help + (1.0 - self.help.allies) * self.elsewhere[holder.index()];
        (there + self.help.reinforcement * help) * self.world.anchor.entrenchment[self.zone]
    }
}
