//! Alignment drift: positions move slowly towards allies and towards the base (bounded social influence, DeGroot 1974).

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::maths::closing;
use crate::base::{AxisId, FactionId, Matrix, PairId};
use crate::world::{Setting, Stance, World};

/// Where each faction stands on each axis.
type Positions = Matrix<FactionId, AxisId, f64>;

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
    // All look at where the others stood before.
    let Scratch { positions, bloc, bloc_size, weights: sums, .. } = scratch;
    positions.clone_from(&world.alignment);
    for faction in world.alive.ids().filter(|faction| world.alive[*faction]) {
        sums.resize(sums.len().max(setting.axes.len()), 0.0);
        sums[..setting.axes.len()].fill(0.0);
        let mut weight = 0.0;
        for ((_, community), share) in setting.communities.iter().zip(world.base.row(faction)) {
            for (sum, position) in sums.iter_mut().zip(&community.alignment) {
                *sum += share * position;
            }
            weight += share;
        }
        for (axis, sum) in sums[..setting.axes.len()].iter().enumerate() {
            let position = positions.row(faction)[axis];
            let allies = mean_of_allies(world, positions, bloc_size[bloc[faction]], faction, axis);
            let base = if weight > 0.0 { sum / weight } else { position };
            let mut target = position;
            target += to_allies * (allies - position);
            target += to_base * (base - position);
            world.alignment.row_mut(faction)[axis] = target.clamp(-1.0, 1.0);
        }
    }
}

fn mean_of_allies(world: &World, positions: &Positions, bloc_size: u32, faction: FactionId, axis: usize) -> f64 {
    let own = positions.row(faction)[axis];
    // Most stand alone.
    if bloc_size < 2 {
        return own;
    }
    let (mut sum, mut weight) = (0.0, 0.0);
    for other in world.alive.ids() {
        if other != faction && world.alive[other] && world.tie[PairId::of(faction, other)].stance == Stance::Alliance {
            sum += world.strength[other] * positions.row(other)[axis];
            weight += world.strength[other];
        }
    }
    if weight > 0.0 { sum / weight } else { own }
}
