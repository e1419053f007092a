//! Threat: how much each faction has to fear from every other (balance of threat, Walt 1987).
//!
//! `θ_ij = h_ij · r_ij · b_ij / (b_ij + M_i) · φ(stance)`, and the threat share `ω_ij = θ_ij / (θ₀ + Σ_k θ_ik)`: a
//! faction that nobody threatens needs no ally. Reach is how much of the two forces meets,
//! `r_ij = Σ_z p_iz (A p_j)_z / √(Σ p_i A p_i · Σ p_j A p_j)`, with `A` 1 within a zone and falling with travel cost
//! to its neighbours. The denominator makes reach 1 for forces in the same places however many these are, so that
//! drawing finer zones does not make the world a safer one.

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::row::{self, sum};
use crate::base::{FactionId, Id, PairId};
use crate::world::{Setting, Stance, World};

parameters! {
    /// What makes a threat.
    Threat {
        /// Threat that a faction shrugs off. Higher values make all need allies less.
        floor = 0.1 in 0.0001 to 10.0, "threat", "assumption";
        /// What remains of a threat under rivalry instead of war.
        rivalry = 0.6 in 0.0 to 1.0, "share", "assumption";
        /// What remains of a threat between neutrals.
        neutral = 0.35 in 0.0 to 1.0, "share", "assumption";
        /// What remains of a threat under a pact.
        pact = 0.15 in 0.0 to 1.0, "share", "assumption";
        /// Travel cost at which a neighbouring force counts as 1/e of one on the spot. Higher values make threats reach
        /// further.
        distance = 1.5 in 0.01 to 100.0, "travel cost (about 100 km)", "assumption: a force moves 150 km in a week of operations";
    }
}

/// Below this reach two forces do not meet.
pub(super) const LEAST_REACH: f64 = 0.03;

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
    scratch.is_noted = false;
    let (slots, width) = (world.slots(), world.width());
    let World { reach, presence, .. } = world;
    let near = &mut scratch.weights[..width];
    // Smoothing is symmetric but its sums round differently; both halves must be the same number, so one is found.
    reach.values_mut().fill(0.0);
    for zone in setting.zones.ids() {
        let here = &presence.row(zone)[..width];
        near.copy_from_slice(here);
        for (neighbour, weight) in setting.neighbours.weighted(zone, &scratch.ways.edge_reach) {
            row::add_scaled(near, presence.row(neighbour), weight);
        }
        for (index, fighters) in here.iter().enumerate() {
            if *fighters > 0.0 {
                let upto = (index + 1).next_multiple_of(row::LANES).min(width);
                row::add_scaled(&mut reach.row_mut(FactionId::from_index(index))[..upto], near, *fighters);
            }
        }
    }
    // The roots of what each would meet of itself.
    for (faction, root) in (0..slots).map(FactionId::from_index).zip(near.iter_mut()) {
        *root = reach[(faction, faction)].sqrt();
    }
    for (a, own) in (0..slots).map(FactionId::from_index).zip(&*near) {
        scale(&mut reach.row_mut(a)[..=a.index()], near, *own);
    }
    for (_, low, high) in PairId::all(slots) {
        reach[(low, high)] = reach[(high, low)];
    }
}

/// Divides sums by the products of roots, one's own and the other's; of who has no force, nothing is met.
fn scale(reach: &mut [f64], roots: &[f64], own: f64) {
    for (reach, other) in reach.iter_mut().zip(roots) {
        let scale = own * other;
        *reach = if scale > 0.0 { (*reach / scale).min(1.0) } else { 0.0 };
    }
}

/// Weighs what threatens each faction this week, and sums its enemies' strength.
pub fn weigh(params: &Threat, world: &World, scratch: &mut Scratch) {
    let total = sum(world.strength.values());
    let per_fighter = if total > 0.0 { 1.0 / total } else { 0.0 };
    for (weight, strength) in scratch.weight.values_mut().iter_mut().zip(world.strength.values()) {
        *weight = strength * per_fighter;
    }
    scratch.weight_of_all = sum(scratch.weight.values());
    note(world, scratch);
    take_sides(world, scratch);
    let left = Stance::ALL.map(|stance| params.remaining(stance));
    let Scratch { threats, met, enemies, .. } = scratch;
    for faction in world.alive.ids() {
        let (own, threats) = (world.strength[faction], &mut threats[faction.index()]);
        threats.clear();
        enemies[faction] = 0.0;
        if !world.alive[faction] || own <= 0.0 {
            continue;
        }
        let (hostility, reach, belief) =
            (world.hostility.row(faction), world.reach.row(faction), world.belief.row(faction));
        let mut all = params.floor;
        for other in met[faction.index()].iter().copied().filter(|other| world.alive[*other]) {
            let stance = world.tie_of(faction, other).stance;
            let (felt, believed) = (hostility[other.index()] * reach[other.index()], belief[other.index()]);
            let threat = felt * believed / (believed + own) * left[stance as usize];
            if threat > 0.0 {
                threats.push((other, threat));
                all += threat;
            }
            if stance == Stance::War && felt > 0.0 {
                enemies[faction] += believed * reach[other.index()];
            }
        }
        let per_threat = 1.0 / all;
        threats.iter_mut().for_each(|(_, share)| *share *= per_threat);
    }
}

/// Lists who hates whom, and whose forces meet then, who is close to whom, and who has sponsors, and sums lost ground. All change at reviews, when
/// factions split or merge, and by events: nothing else makes hostility or dependence where there is none. Who is not hostile
/// for now but will be again is listed too.
pub(super) fn note(world: &World, scratch: &mut Scratch) {
    if std::mem::replace(&mut scratch.is_noted, true) && scratch.noted_of == world.alive {
        return;
    }
    scratch.noted_of.clone_from(&world.alive);
    let Scratch { hostile, met, close, parties, sponsors, lost, readiness, violence, .. } = scratch;
    for (pair, low, high) in hostile.drain(..) {
        (readiness[(low, high)], readiness[(high, low)], violence[pair]) = (0.0, 0.0, 0.0);
    }
    close.clone_from(parties);
    for own in world.alive.ids() {
        let (met, sponsors) = (&mut met[own.index()], &mut sponsors[own.index()]);
        met.clear();
        let hated = world.hostility.row(own).iter().zip(world.lasting_hostility.row(own));
        for (other, (hostility, lasting)) in world.alive.ids().zip(hated) {
            if (*hostility <= 0.0 && *lasting <= 0.0) || other == own || !world.alive[own] || !world.alive[other] {
                continue;
            }
            // Where it is mutual, the pair is listed once.
            let back = (other, own);
            if other > own || (world.hostility[back] <= 0.0 && world.lasting_hostility[back] <= 0.0) {
                hostile.push((PairId::of(own, other), own.min(other), own.max(other)));
            }
            if world.reach[(own, other)] > 0.0 {
                met.push(other);
            }
        }
        let reached = world.alive.ids().zip(&world.reach.row(own)[..own.index()]);
        let met = reached.filter(|(other, reach)| **reach >= LEAST_REACH && world.alive[own] && world.alive[*other]);
        close.extend(met.map(|(other, _)| PairId::of(own, other)));
        sponsors.clear();
        let on = world.alive.ids().zip(world.dependence.row(own));
        sponsors.extend(on.filter(|(_, depends)| **depends > 0.0).map(|(sponsor, _)| sponsor));
        lost[own.index()] = sum(world.lost.row(own));
    }
    close.sort_unstable();
    close.dedup();
    scratch.closeness += 1;
}

/// Lists on whose side, and against whom, each faction is seen to stand.
pub(super) fn take_sides(world: &World, scratch: &mut Scratch) {
    let version = scratch.standing.refresh(world);
    if std::mem::replace(&mut scratch.sided_at, version) == version {
        return;
    }
    scratch.sides.iter_mut().for_each(Vec::clear);
    for (pair, valence) in scratch.standing.claims() {
        let (low, high) = pair.members();
        scratch.sides[low.index()].push((high, valence));
        scratch.sides[high.index()].push((low, valence));
    }
}
