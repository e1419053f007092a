//! Massing: what can be brought to bear on a place, by those who attack it and those who hold it.
//!
//! A force on the spot counts wholly, one elsewhere the less the farther it is, `Σ_z' m_z' e^{−way/D}`. The attacker brings
//! a share of that, the holder has help; on both sides come allies, who count for less: those who stand in the place,
//! and a part of what they have within reach. Allies of the attacker come if they are at war with the holder too.

use super::clash::{Clashes, find_local_support, per_fighter};
use super::scratch::Scratch;
use crate::base::{FactionId, Id, ZoneId};
use crate::world::{Setting, Stance, World};

/// Finds what each faction has within reach of each zone, and who supports it there.
pub(super) fn find_within_reach(setting: &Setting, world: &World, scratch: &mut Scratch) {
    // A third of all zones and factions have fighters, and most zones are within reach of many.
    let mut forces: Vec<(usize, f64)> = Vec::with_capacity(world.presence.values().len());
    let mut first = vec![0];
    for zone in setting.zones.ids() {
        let there = world.presence.row(zone).iter().copied().enumerate();
        forces.extend(there.filter(|(_, fighters)| *fighters > 0.0));
        first.push(forces.len());
    }
    let Scratch { massed, following, near, first_near, .. } = scratch;
    for (index, zone) in setting.zones.ids().enumerate() {
        let row = massed.row_mut(zone);
        row.fill(0.0);
        for (other, weight) in &near[first_near[index] as usize..first_near[index + 1] as usize] {
            for (faction, fighters) in &forces[first[other.index()]..first[other.index() + 1]] {
                row[*faction] += weight * fighters;
            }
        }
        find_local_support(setting, world, zone, following.row_mut(zone));
    }
}

/// Who comes to help, and how much they count.
#[derive(Clone, Copy)]
pub(super) struct Help {
    /// Share of what is within reach that comes.
    pub reinforcement: f64,
    /// How much allies count beside a force of one's own.
    pub allies: f64,
}

/// A place that is fought for, as things stand.
pub(super) struct Ground<'a> {
    pub setting: &'a Setting,
    pub help: Help,
    pub clashes: &'a Clashes,
    pub world: &'a World,
    pub scratch: &'a Scratch,
    pub zone: ZoneId,
}

impl Ground<'_> {
    /// The strength of an attack with a share of the force that is elsewhere: whoever is on the spot comes with it.
    pub fn attack(&self, own: FactionId, holder: FactionId, share: f64) -> f64 {
        let there = self.there(own);
        let fighters = there + share * self.elsewhere(own);
        let friends = self.allies(own, |friend| self.world.stance(friend, holder) == Stance::War);
        let (mut on_the_spot, mut help) = (0.0, 0.0);
        for friend in friends {
            let worth = self.worth(friend);
            on_the_spot += self.there(friend) * worth;
            help += self.elsewhere(friend) * worth;
        }
        fighters * self.worth(own) + self.help.allies * (on_the_spot + self.help.reinforcement * help)
    }

    /// The strength with which a zone's holder, its umbrella and its bloc defend it.
    pub fn defence(&self, holder: FactionId) -> f64 {
        let (world, zone) = (self.world, self.zone);
        let mut there = 0.0;
        let mut help = self.elsewhere(holder) * self.worth(holder);
        for faction in world.alive.ids() {
            let ours = world.same_party(faction, holder);
            if !ours && self.scratch.bloc[faction] != self.scratch.bloc[holder] {
                continue;
            }
            if world.presence[(zone, faction)] > 0.0 {
                there += self.there(faction) * self.worth(faction);
            }
            let elsewhere = self.elsewhere(faction);
            if faction != holder && elsewhere > 0.0 {
                help += self.help.allies * elsewhere * self.worth(faction);
            }
        }
        (there + self.help.reinforcement * help) * world.anchor.entrenchment[zone]
    }

    fn allies(&self, own: FactionId, comes: impl Fn(FactionId) -> bool) -> impl Iterator<Item = FactionId> {
        let bloc = self.scratch.bloc[own];
        let alone = self.scratch.bloc_size[bloc] < 2;
        let others = self.world.alive.ids().filter(move |_| !alone);
        others.filter(move |friend| *friend != own && self.scratch.bloc[*friend] == bloc && comes(*friend))
    }

    fn there(&self, faction: FactionId) -> f64 {
        self.world.presence[(self.zone, faction)]
    }

    fn elsewhere(&self, faction: FactionId) -> f64 {
        (self.scratch.massed[(self.zone, faction)] - self.there(faction)).max(0.0)
    }

    fn worth(&self, faction: FactionId) -> f64 {
        let support = self.scratch.following[(self.zone, faction)];
        per_fighter(self.setting, self.clashes, self.world, self.zone, faction, support)
    }
}
