//! Alignment drift: positions move slowly towards allies and towards the base (bounded social influence, DeGroot 1974).

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::maths::closing;
use crate::base::row;
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

/// Moves all positions over the weeks to the next review.
pub fn drift(setting: &Setting, params: &Drift, world: &mut World, scratch: &mut Scratch, weeks: f64) {
    let (to_allies, to_base) = (closing(params.allies, weeks), closing(params.base, weeks));
    // All look at where the others stood before.
    let Scratch { positions, bloc, bloc_size, allied, means: [base, friends], .. } = scratch;
    positions.values_mut().copy_from_slice(world.alignment.values());
    for faction in world.alive.ids().filter(|faction| world.alive[*faction]) {
        let own = positions.row(faction);
        let bases = setting.communities.values().iter().zip(world.base.row(faction));
        find_mean(base, own, bases.map(|(community, share)| (community.alignment.as_slice(), *share)));
        friends.copy_from_slice(own);
        // Most stand alone.
        if bloc_size[bloc[faction]] > 1 {
            let stance = |other| if other == faction { Stance::Neutral } else { world.stance(faction, other) };
            let allies = allied.iter().filter(|other| stance(**other) == Stance::Alliance);
            find_mean(friends, own, allies.map(|other| (positions.row(*other), world.strength[*other])));
        }
        let means = friends.iter().zip(&*base);
        for ((target, position), (friends, base)) in world.alignment.row_mut(faction).iter_mut().zip(own).zip(means) {
            let moved = position + to_allies * (friends - position) + to_base * (base - position);
            *target = moved.clamp(-1.0, 1.0);
        }
    }
}

/// Finds the weighted mean of positions; where nothing has weight, one's own.
fn find_mean<'a>(mean: &mut [f64], own: &[f64], of: impl Iterator<Item = (&'a [f64], f64)>) {
    let mut all = 0.0;
    mean.fill(0.0);
    for (positions, weight) in of.filter(|(_, weight)| *weight > 0.0) {
        row::add_scaled(mean, positions, weight);
        all += weight;
    }
    for (mean, own) in mean.iter_mut().zip(own) {
        *mean = if all > 0.0 { *mean / all } else { *own };
    }
}
