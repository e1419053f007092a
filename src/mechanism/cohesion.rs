//! Cohesion: how far a faction acts with one will.
//!
//! Falls with losses (as a share of the force) and with alliances that stand far from the base; recovers to where it
//! started. Only what strains it more than at the start lowers it. (Kenny 2010; Staniland 2014 on what holds armed
//! organisations together.)

use super::appraisal::bases_objection;
use super::parameters::parameters;
use super::scratch::Scratch;
use super::threat::take_sides;
use crate::base::maths::closing;
use crate::base::row::sum_of_few;
use crate::base::{FactionId, Id, PairId};
use crate::world::{Setting, Stance, World};

parameters! {
    /// How cohesion changes.
    Cohesion {
        /// Weekly fall per share of the force lately lost. Higher values make defeats disintegrate forces.
        losses = 0.15 in 0.0 to 10.0, "per week", "Staniland 2014 for the direction; assumption for the value";
        /// Weekly fall per public alliance with somebody wholly opposed by the base.
        strange_allies = 0.01 in 0.0 to 10.0, "per week", "assumption";
        /// Weekly rate of recovery.
        recovery = 0.02 in 0.0 to 10.0, "per week", "assumption: half in eight months";
        /// Weekly fall for a faction without any upkeep in hand.
        poverty = 0.01 in 0.0 to 10.0, "per week", "assumption";
        /// Weeks of upkeep in hand that count as plenty.
        plenty = 4.0 in 0.001 to 1000.0, "weeks of upkeep", "assumption";
    }
}

/// Changes all cohesion over the weeks to the next review.
pub fn update(setting: &Setting, params: &Cohesion, world: &mut World, scratch: &mut Scratch, weeks: f64) {
    take_sides(world, scratch);
    for faction in world.alive.ids() {
        if !world.alive[faction] || world.strength[faction] <= 0.0 {
            continue;
        }
        let falling = (strain(params, world, scratch, faction) - world.anchor.cohesion[faction]).max(0.0);
        let start = setting.initial.cohesion[faction];
        let cohesion = &mut world.cohesion[faction];
        *cohesion *= 1.0 - closing(falling, weeks);
        *cohesion += closing(params.recovery, weeks) * (start - *cohesion);
    }
}

/// What wears a faction's cohesion down, as a weekly rate.
pub(super) fn strain(params: &Cohesion, world: &World, scratch: &Scratch, faction: FactionId) -> f64 {
    let losses = sum_of_few(world.weariness.row(faction));
    let mut strange = 0.0;
    for (other, _) in &scratch.sides[faction.index()] {
        let tie = &world.tie[PairId::of(faction, *other)];
        if tie.stance == Stance::Alliance && tie.is_public() {
            strange += bases_objection(world, scratch, faction, *other);
        }
    }
    let poor = 1.0 - (world.treasury[faction] / (params.plenty * world.strength[faction])).min(1.0);
    params.losses * losses + params.strange_allies * strange + params.poverty * poor
}
