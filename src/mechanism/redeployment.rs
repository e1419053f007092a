//! Redeployment: forces flow along the edges between zones, towards threat to what they hold, opportunity and home.
//!
//! The pull of a zone on faction i is `w_h (home − here) / (home + here) + w_v · value · (1 − q_i) · odds + w_t · q_i ·
//! enemies / (enemies + own)`: `home` and `here` are the shares of the force whose home it is and that is there (so
//! that ground draws less the more of a force is on it), `odds` the contest of own strength nearby against enemies. From each zone a share of the force
//! moves to those neighbours that pull more, by how much more and how near they are. Done at reviews; fighters are
//! conserved. Peace forces and factions without enemies and home stay where they are.

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::maths::closing;
use crate::base::{FactionId, Id, PairId};
use crate::world::{Setting, World};

parameters! {
    /// How forces move.
    Redeployment {
        /// Weekly rate at which a force leaves a zone for a neighbour that pulls by 1 more. Higher values make forces more
        /// mobile.
        mobility = 0.1 in 0.0 to 10.0, "per week", "assumption";
        /// Pull of home ground, and push of ground that is crowded. Higher values hold forces where they started.
        home = 0.3 in 0.0 to 10.0, "weight", "assumption";
        /// Pull of a valuable zone that one does not hold and could take.
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
    let share = closing(params.mobility, weeks);
    let changes = &mut scratch.zone_changes;
    changes.values_mut().fill(0.0);
    for zone in setting.zones.ids() {
        for position in scratch.first[zone.index()]..scratch.first[zone.index() + 1] {
            let faction = scratch.present[position as usize];
            if world.character[faction].peacekeeping > 0.0 {
                continue;
            }
            let fighters = world.presence[(zone, faction)];
            let here = scratch.zone_sums[(zone, faction)];
            let mut wish = 0.0;
            for (neighbour, ease) in setting.neighbours.weighted(zone, &scratch.edge_travel) {
                wish += (scratch.zone_sums[(neighbour, faction)] - here).max(0.0) * ease;
            }
            if wish <= 0.0 {
                continue;
            }
            let leaving = fighters * share * wish.min(1.0);
            changes[(zone, faction)] -= leaving;
            for (neighbour, ease) in setting.neighbours.weighted(zone, &scratch.edge_travel) {
                let gain = (scratch.zone_sums[(neighbour, faction)] - here).max(0.0);
                changes[(neighbour, faction)] += leaving * gain * ease / wish;
            }
        }
    }
    for (fighters, change) in world.presence.values_mut().iter_mut().zip(changes.values()) {
        *fighters = (*fighters + change).max(0.0);
    }
}

/// Fills `zone_sums` with the pull of every zone on every faction.
fn find_pulls(setting: &Setting, params: &Redeployment, world: &World, scratch: &mut Scratch) {
    let factions = world.factions();
    for zone in setting.zones.ids() {
        let home = world.home_ground.row(zone);
        let control = world.control.row(zone);
        let value = setting.zones[zone].strategic_value;
        let present = scratch.first[zone.index()] as usize..scratch.first[zone.index() + 1] as usize;
        for index in 0..factions {
            let faction = FactionId::from_index(index);
            if !world.alive[faction] || world.strength[faction] <= 0.0 {
                scratch.zone_sums.row_mut(zone)[index] = 0.0;
                continue;
            }
            let mut enemies = 0.0;
            for other in &scratch.present[present.clone()] {
                if *other != faction {
                    enemies += world.presence[(zone, *other)] * scratch.readiness[PairId::of(faction, *other)].min(1.0);
                }
            }
            let own = world.presence[(zone, faction)];
            let nearby = own + 0.1 * world.strength[faction];
            let odds = nearby / (nearby + enemies);
            let threatened = if enemies > 0.0 { enemies / (enemies + own) } else { 0.0 };
            let here = own / world.strength[faction];
            let longing = if home[index] + here > 0.0 { (home[index] - here) / (home[index] + here) } else { 0.0 };
            scratch.zone_sums.row_mut(zone)[index] = params.home * longing
                + params.opportunity * value * (1.0 - control[index]) * odds
                + params.threat * control[index] * threatened;
        }
    }
}
