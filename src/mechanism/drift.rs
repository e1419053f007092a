//! Alignment drift: positions move slowly towards allies and towards the base (bounded social influence, DeGroot 1974).

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::maths::closing;
use crate::base::{CommunityId, FactionId, Id, PairId};
use crate::world::{Setting, Stance, World};

parameters! {
    /// How positions move.
    Drift {
        /// Weekly rate towards the strength-weighted mean of allies. Higher values make alliances grow alike.
        allies = 0.001 in 0.0 to 10.0, "per week", "assumption";
        /// Weekly rate towards the mean of the base.
        base = 0.0005 in 0.0 to 10.0, "per week", "assumption";
    }
}

/// Moves all positions over the weeks since the last review.
pub fn drift(setting: &Setting, params: &Drift, world: &mut World, scratch: &mut Scratch, weeks: f64) {
    let (to_allies, to_base) = (closing(params.allies, weeks), closing(params.base, weeks));
    for axis in 0..setting.axes.len() {
        let targets = &mut scratch.targets;
        for faction in world.alive.ids() {
            let position = world.alignment.row(faction)[axis];
            targets[faction] = position;
            if world.alive[faction] {
                targets[faction] += to_allies
                    * (mean_of_allies(world, scratch.bloc_size[scratch.bloc[faction]], faction, axis) - position);
                targets[faction] += to_base * (mean_of_base(setting, world, faction, axis) - position);
            }
        }
        for faction in world.alive.ids() {
            world.alignment.row_mut(faction)[axis] = targets[faction].clamp(-1.0, 1.0);
        }
    }
}

fn mean_of_allies(world: &World, bloc_size: u32, faction: FactionId, axis: usize) -> f64 {
    let own = world.alignment.row(faction)[axis];
    // Most stand alone.
    if bloc_size < 2 {
        return own;
    }
    let (mut sum, mut weight) = (0.0, 0.0);
    for other in world.alive.ids() {
        if other != faction && world.alive[other] && world.tie[PairId::of(faction, other)].stance == Stance::Alliance {
            sum += world.strength[other] * world.alignment.row(other)[axis];
            weight += world.strength[other];
        }
    }
    if weight > 0.0 { sum / weight } else { own }
}

fn mean_of_base(setting: &Setting, world: &World, faction: FactionId, axis: usize) -> f64 {
    let own = world.alignment.row(faction)[axis];
    let (mut sum, mut weight) = (0.0, 0.0);
    for (index, share) in world.base.row(faction).iter().enumerate() {
        sum += share * setting.communities[CommunityId::from_index(index)].alignment[axis];
        weight += share;
    }
    if weight > 0.0 { sum / weight } else { own }
}
