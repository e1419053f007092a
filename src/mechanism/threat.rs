//! Threat: how much each faction has to fear from every other (balance of threat, Walt 1987).
//!
//! `θ_ij = h_ij · r_ij · b_ij / (b_ij + M_i) · φ(stance)`, and the threat share `ω_ij = θ_ij / (θ₀ + Σ_k θ_ik)`: a
//! faction that nobody threatens needs no ally. Reach is how much of the two forces meets,
//! `r_ij = Σ_z p_iz (A p_j)_z / √(Σ p_i A p_i · Σ p_j A p_j)`, with `A` 1 within a zone and falling with travel cost
//! to its neighbours. The denominator makes reach 1 for forces in the same places however many these are, so that
//! drawing finer zones does not make the world a safer one.

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::{Id, PairId};
use crate::world::{Setting, Stance, World};

parameters! {
    /// What makes a threat.
    Threat {
        /// Threat that a faction shrugs off. Higher values make all need allies less.
        floor = 0.1 in 0.0001 to 10.0, "threat", "assumption";
        /// What remains of a threat under rivalry instead of war.
        rivalry = 0.6 in 0.0 to 1.0, "share", "assumption";
        /// What remains of it between neutrals.
        neutral = 0.35 in 0.0 to 1.0, "share", "assumption";
        /// What remains of it under a pact.
        pact = 0.15 in 0.0 to 1.0, "share", "assumption";
        /// Travel cost at which a neighbouring force counts as 1/e of one on the spot. Higher values make threats reach
        /// further.
        distance = 1.5 in 0.01 to 100.0, "travel cost (about 100 km)", "assumption: a force moves 150 km in a week of operations";
    }
}

impl Threat {
    fn remaining(&self, stance: Stance) -> f64 {
        match stance {
            Stance::War => 1.0,
            Stance::Rivalry => self.rivalry,
            Stance::Neutral => self.neutral,
            Stance::Pact => self.pact,
            Stance::Alliance => 0.0,
        }
    }
}

/// Finds anew how much of each pair's forces meets. Done at reviews.
pub fn find_reach(setting: &Setting, world: &mut World, scratch: &mut Scratch) {
    let factions = world.factions();
    let smoothed = &mut scratch.zone_sums;
    smoothed.values_mut().copy_from_slice(world.presence.values());
    for zone in setting.zones.ids() {
        for (neighbour, weight) in setting.neighbours.weighted(zone, &scratch.edge_reach) {
            let from = world.presence.row(neighbour);
            for (sum, fighters) in smoothed.row_mut(zone).iter_mut().zip(from) {
                *sum += weight * fighters;
            }
        }
    }
    // Smoothing is symmetric but its sums round differently; both halves must be the same number, so one is found.
    world.reach.values_mut().fill(0.0);
    for zone in setting.zones.ids() {
        let near = smoothed.row(zone);
        for (index, fighters) in world.presence.row(zone).iter().enumerate() {
            if *fighters > 0.0 {
                let row = &mut world.reach.values_mut()[index * factions..][..=index];
                for (sum, other) in row.iter_mut().zip(near) {
                    *sum += fighters * other;
                }
            }
        }
    }
    let own = &mut scratch.weights;
    for (faction, own) in world.alive.ids().zip(own.iter_mut()) {
        *own = world.reach[(faction, faction)];
    }
    for (a, own_a) in world.alive.ids().zip(own.iter()) {
        for (reach, own_b) in world.reach.row_mut(a)[..=a.index()].iter_mut().zip(own.iter()) {
            let scale = (own_a * own_b).sqrt();
            *reach = if scale > 0.0 { (*reach / scale).min(1.0) } else { 0.0 };
        }
    }
    for (_, low, high) in PairId::all(factions) {
        world.reach[(low, high)] = world.reach[(high, low)];
    }
}

/// Weighs what threatens each faction this week, and sums its enemies' strength.
pub fn weigh(params: &Threat, world: &World, scratch: &mut Scratch) {
    let total: f64 = world.strength.values().iter().sum();
    for (faction, weight) in scratch.weight.iter_mut() {
        *weight = if total > 0.0 { world.strength[faction] / total } else { 0.0 };
    }
    scratch.weight_of_all = scratch.weight.values().iter().fold(0.0, |sum, weight| sum + weight);
    weigh_stances(params, world, scratch);
    for faction in world.alive.ids() {
        let own = world.strength[faction];
        let threats = scratch.threat.row_mut(faction);
        if !world.alive[faction] || own <= 0.0 {
            threats.fill(0.0);
            continue;
        }
        let felt = world.hostility.row(faction).iter().zip(world.reach.row(faction));
        let known = world.belief.row(faction).iter().zip(scratch.changes.row(faction));
        for ((threat, (hostility, reach)), (believed, remaining)) in threats.iter_mut().zip(felt).zip(known) {
            *threat = hostility * reach * believed / (believed + own) * remaining;
        }
        let sum = threats.iter().fold(params.floor, |sum, threat| sum + threat);
        for share in threats {
            *share /= sum;
        }
    }
}

/// Fills `changes` with what stances leave of threats (0 for those who are no more), `claimed_valence`, and the sums of
/// enemies.
fn weigh_stances(params: &Threat, world: &World, scratch: &mut Scratch) {
    scratch.enemies.values_mut().fill(0.0);
    for (pair, low, high) in PairId::all(world.factions()) {
        let tie = &world.tie[pair];
        let both = world.alive[low] && world.alive[high];
        let valence = if both { tie.claimed.valence() } else { 0.0 };
        let remaining = if both { params.remaining(tie.stance) } else { 0.0 };
        for (own, other) in [(low, high), (high, low)] {
            scratch.claimed_valence[(own, other)] = valence;
            scratch.changes[(own, other)] = remaining;
            // Each one's sum runs through the others in order, for so do the pairs.
            if both && tie.stance == Stance::War && world.strength[own] > 0.0 {
                let reach = world.reach[(own, other)];
                if world.hostility[(own, other)] * reach > 0.0 {
                    scratch.enemies[own] += world.belief[(own, other)] * reach;
                }
            }
        }
    }
    for faction in world.alive.ids() {
        scratch.changes[(faction, faction)] = 0.0;
    }
}
