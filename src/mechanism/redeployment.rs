//! Redeployment: forces flow along the edges between zones, towards threat to what they hold, opportunity and home.
//!
//! The pull of a zone on faction i is `w_h (home − here) / (home + here) + w_v · worth · (1 − q_i) · odds + w_t · q_i ·
//! enemies / (enemies + own)`: `home` and `here` are the shares of the force whose home it is and that is there (so
//! that ground draws less the more of a force is on it), `odds` the contest of own strength nearby against enemies. From each zone a share of the force
//! moves to those neighbours that pull more, by how much more and how near they are. Done at reviews; fighters are
//! conserved. Peace forces and factions without enemies and home stay where they are.

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::maths::closing;
use crate::base::{FactionId, Id};
use crate::world::{Campaign, FactionKind, Setting, World};

parameters! {
    /// How forces move.
    Redeployment {
        /// Weekly rate at which a force leaves a zone for a neighbour that pulls by 1 more. Higher values make forces more
        /// mobile.
        mobility = 0.1 in 0.0 to 10.0, "per week", "assumption";
        /// Pull of home ground, and push of ground that is crowded. Higher values hold forces where they started.
        home = 0.3 in 0.0 to 10.0, "weight", "assumption";
        /// Pull of a zone of worth to one that one does not hold and could take.
        opportunity = 0.8 in 0.0 to 10.0, "weight", "assumption";
        /// Pull of a zone that one holds and enemies threaten.
        threat = 0.6 in 0.0 to 10.0, "weight", "assumption";
        /// Travel cost at which a neighbour draws 1/e of what it would next door.
        distance = 1.5 in 0.01 to 100.0, "travel cost (about 100 km)", "assumption";
    }
}

/// Moves all forces over the weeks since the last review.
pub fn flow(setting: &Setting, params: &Redeployment, world: &mut World, scratch: &mut Scratch, weeks: f64) {
    find_pulls(setting, params, world, scratch);
    for zone in setting.zones.ids() {
        let anchors = world.anchor.pull.row_mut(zone).iter_mut().zip(world.anchor.stale.values());
        for (pull, (anchor, stale)) in scratch.zone_sums.row_mut(zone).iter_mut().zip(anchors) {
            if *stale || world.anchor.moved[zone] {
                *anchor = *pull;
            }
            *pull -= *anchor;
        }
    }
    let share = closing(params.mobility, weeks);
    let Scratch { present, first, zone_sums, zone_changes: changes, edge_travel, .. } = scratch;
    changes.values_mut().fill(0.0);
    for (index, zone) in setting.zones.ids().enumerate() {
        for faction in &present[first[index] as usize..first[index + 1] as usize] {
            let busy = |campaign: &Campaign| campaign.attacker == *faction && campaign.zone == zone;
            if !may_move(world, *faction) || world.campaigns.iter().any(busy) {
                continue;
            }
            let fighters = world.presence[(zone, *faction)];
            let here = zone_sums[(zone, *faction)];
            let mut wish = 0.0;
            for (neighbour, ease) in setting.neighbours.weighted(zone, edge_travel) {
                wish += (zone_sums[(neighbour, *faction)] - here).max(0.0) * ease;
            }
            if wish <= 0.0 {
                continue;
            }
            let leaving = fighters * share * wish.min(1.0);
            changes[(zone, *faction)] -= leaving;
            for (neighbour, ease) in setting.neighbours.weighted(zone, edge_travel) {
                let gain = zone_sums[(neighbour, *faction)] - here;
                if gain > 0.0 {
                    changes[(neighbour, *faction)] += leaving * gain * ease / wish;
                }
            }
        }
    }
    for (fighters, change) in world.presence.values_mut().iter_mut().zip(changes.values()) {
        *fighters = (*fighters + change).max(0.0);
    }
}

/// Fills `zone_sums` with the pull of every zone on every faction that may move, and 0 for others.
fn find_pulls(setting: &Setting, params: &Redeployment, world: &World, scratch: &mut Scratch) {
    let Scratch { movers, present, first, zone_sums, readiness, .. } = scratch;
    movers.clear();
    movers.extend(world.alive.ids().filter(|faction| may_move(world, *faction)));
    for (index, zone) in setting.zones.ids().enumerate() {
        let there = &present[first[index] as usize..first[index + 1] as usize];
        let (home, control, presence) =
            (world.home_ground.row(zone), world.control.row(zone), world.presence.row(zone));
        let pulls = zone_sums.row_mut(zone);
        pulls.fill(0.0);
        for faction in movers.iter() {
            let ready = readiness.row(*faction);
            let index = faction.index();
            // Nobody is ready to fight oneself.
            let enemies =
                there.iter().fold(0.0, |sum, other| sum + presence[other.index()] * ready[other.index()].min(1.0));
            let own = presence[index];
            let strength = world.strength[*faction];
            let (mut odds, mut threatened) = (1.0, 0.0);
            if enemies > 0.0 {
                let nearby = own + 0.1 * strength;
                odds = nearby / (nearby + enemies);
                threatened = enemies / (enemies + own);
            }
            let here = if own > 0.0 { own / strength } else { 0.0 };
            let longing = match (home[index] > 0.0, here > 0.0) {
                (true, true) => (home[index] - here) / (home[index] + here),
                (true, false) => 1.0,
                (false, true) => -1.0,
                (false, false) => 0.0,
            };
            pulls[index] = params.home * longing
                + params.opportunity * setting.worth(world, zone, *faction) * (1.0 - control[index]) * odds
                + params.threat * control[index] * threatened;
        }
    }
}

fn may_move(world: &World, faction: FactionId) -> bool {
    let character = &world.character[faction];
    let moves = character.peacekeeping <= 0.0 && character.kind != FactionKind::Mediator;
    moves && world.alive[faction] && world.strength[faction] > 0.0
}

/// The pull of every zone at the start: what [`crate::world::Anchors::pull`] holds.
pub(super) fn find_anchor(setting: &Setting, params: &Redeployment, world: &mut World, scratch: &mut Scratch) {
    find_pulls(setting, params, world, scratch);
    world.anchor.pull.values_mut().copy_from_slice(scratch.zone_sums.values());
}
