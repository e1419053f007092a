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
use crate::base::{FactionId, row};
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

/// Moves all forces over the weeks to the next review.
pub fn flow(setting: &Setting, params: &Redeployment, world: &mut World, scratch: &mut Scratch, weeks: f64) {
    find_pulls(setting, params, world, scratch);
    hold_to_anchor(setting, world, scratch);
    let share = closing(params.mobility, weeks);
    let Scratch { present, first, zone_sums: pulls, zone_changes: changes, ways, gains, .. } = scratch;
    changes.values_mut().fill(0.0);
    for (index, zone) in setting.zones.ids().enumerate() {
        for faction in &present[first[index] as usize..first[index + 1] as usize] {
            let busy = |campaign: &Campaign| campaign.attacker == *faction && campaign.zone == zone;
            if !may_move(world, *faction) || world.campaigns.iter().any(busy) {
                continue;
            }
            let here = pulls[(zone, *faction)];
            let mut wish = 0.0;
            for (gain, (neighbour, ease)) in gains.iter_mut().zip(setting.neighbours.weighted(zone, &ways.edge_travel))
            {
                *gain = (pulls[(neighbour, *faction)] - here).max(0.0) * ease;
                wish += *gain;
            }
            if wish <= 0.0 {
                continue;
            }
            let leaving = world.presence[(zone, *faction)] * share * wish.min(1.0);
            let per_gain = leaving / wish;
            changes[(zone, *faction)] -= leaving;
            for ((neighbour, _), gain) in setting.neighbours.of(zone).iter().zip(&*gains) {
                changes[(*neighbour, *faction)] += per_gain * gain;
            }
        }
    }
    for (fighters, change) in world.presence.values_mut().iter_mut().zip(changes.values()) {
        *fighters = (*fighters + change).max(0.0);
    }
}

/// Takes what each zone pulled at the start off the pulls; anew from where it is at rest, where that has changed.
fn hold_to_anchor(setting: &Setting, world: &mut World, scratch: &mut Scratch) {
    let anchor = &mut world.anchor;
    let any_stale = anchor.stale.values().contains(&true);
    for zone in setting.zones.ids() {
        let (pulls, anchors) = (scratch.zone_sums.row_mut(zone), anchor.pull.row_mut(zone));
        if std::mem::take(&mut anchor.taken[zone].pull) {
            anchors.copy_from_slice(pulls);
        } else if any_stale {
            for ((anchor, pull), stale) in anchors.iter_mut().zip(&*pulls).zip(anchor.stale.values()) {
                *anchor = if *stale { *pull } else { *anchor };
            }
        }
        for (pull, anchor) in pulls.iter_mut().zip(&*anchors) {
            *pull -= anchor;
        }
    }
}

/// Fills `zone_sums` with the pull of every zone on every faction that may move, and 0 for others.
fn find_pulls(setting: &Setting, params: &Redeployment, world: &World, scratch: &mut Scratch) {
    let width = world.width();
    let Scratch { present, first, zone_sums, readiness, rows, .. } = scratch;
    let [enemies, per_fighter, support, capped, ..] = rows.each_mut().map(|row| &mut row[..width]);
    // What a fighter is of its force, 0 for who may not move; and what counts as near wherever it is.
    for ((faction, strength), (per_fighter, support)) in
        world.strength.iter().zip(per_fighter.iter_mut().zip(support.iter_mut()))
    {
        let moves = may_move(world, faction);
        (*per_fighter, *support) = if moves { (1.0 / strength, 0.1 * strength) } else { (0.0, 0.0) };
    }
    for (index, (zone, traits)) in setting.zones.iter().enumerate() {
        // Readiness is mutual, and nobody is ready to fight oneself.
        enemies.fill(0.0);
        for other in &present[first[index] as usize..first[index + 1] as usize] {
            for (capped, ready) in capped.iter_mut().zip(readiness.row(*other)) {
                *capped = ready.min(1.0);
            }
            row::add_scaled(enemies, capped, world.presence[(zone, *other)]);
        }
        let ground =
            [world.control.row(zone), world.home_ground.row(zone), world.claim.row(zone)].map(|row| &row[..width]);
        let forces = [&world.presence.row(zone)[..width], enemies, per_fighter, support];
        let (pulls, others) = zone_sums.row_mut(zone).split_at_mut(width);
        pull(params, pulls, traits.strategic_value, ground, forces);
        others.fill(0.0);
    }
}

/// The pull of a zone on each faction.
fn pull(
    params: &Redeployment,
    pulls: &mut [f64],
    value: f64,
    [control, home, claim]: [&[f64]; 3],
    [presence, enemies, per_fighter, support]: [&[f64]; 4],
) {
    let ground = control.iter().zip(home).zip(claim);
    let forces = presence.iter().zip(enemies).zip(per_fighter.iter().zip(support));
    for ((pull, ((control, home), claim)), ((own, enemies), (per_fighter, support))) in
        pulls.iter_mut().zip(ground).zip(forces)
    {
        let here = own * per_fighter;
        // None of none is nothing.
        let whole = |sum: f64| sum.max(f64::MIN_POSITIVE);
        let longing = (home - here) / whole(home + here);
        let nearby = own + support;
        let odds = nearby / whole(nearby + enemies);
        let threatened = enemies / whole(enemies + own);
        let all = params.home * longing
            + params.opportunity * (value + claim).max(0.0) * (1.0 - control) * odds
            + params.threat * control * threatened;
        *pull = if *per_fighter > 0.0 { all } else { 0.0 };
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
