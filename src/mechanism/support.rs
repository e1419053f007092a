//! Support and grievance: whom people side with, and how ready they are to fight.
//!
//! In each community cell, shares of support move towards a logit share of `β_a (1 − 2D) + β_p q − β_h harm`: agreement
//! (alignment), protection (control), and minus recent harm, against a neutral attitude of utility `ν`. Because shares
//! compete, indiscriminate harm by one side feeds its rivals (Kalyvas 2006). Grievance rises with recent violence and
//! relaxes.

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::Id;
use crate::base::maths::{closing, exp};
use crate::world::{Setting, World};

parameters! {
    /// How people choose sides.
    Support {
        /// Weekly rate at which support moves. Higher values make people change sides faster.
        rate = 0.01 in 0.0 to 10.0, "per week", "assumption: half in 16 months";
        /// Weight of agreement, `1 − 2D`.
        agreement = 2.0 in 0.0 to 20.0, "log-odds", "assumption";
        /// Weight of protection: the share of control where people live.
        protection = 2.0 in 0.0 to 20.0, "log-odds", "Kalyvas 2006 for the direction; assumption for the value";
        /// Weight of recent harm, per death per thousand people.
        harm = 1.0 in 0.0 to 100.0, "log-odds per death per thousand", "Kalyvas 2006 for the direction; assumption for the value";
        /// Utility of staying out of it. Higher values make more people neutral.
        neutral = 1.5 in -20.0 to 20.0, "log-odds", "assumption";
        /// How fast harm is forgotten.
        memory = 0.02 in 0.0 to 10.0, "per week", "assumption: half in eight months";
        /// Grievance that a recent death per thousand people adds, as a share of what is missing, per week.
        grievance = 0.1 in 0.0 to 10.0, "per week per death per thousand", "assumption";
        /// How fast grievance relaxes to where it started.
        relaxation = 0.004 in 0.0 to 10.0, "per week", "assumption: half in three years";
    }
}

/// The share of a cell's people from which a faction is known where it is not.
const KNOWN: f64 = 0.001;

/// Moves support and grievance over the weeks since the last review.
pub fn choose(setting: &Setting, params: &Support, world: &mut World, scratch: &mut Scratch, weeks: f64) {
    let rate = closing(params.rate, weeks);
    let fading = 1.0 - closing(params.memory, weeks);
    for harm in world.harm.values_mut() {
        *harm *= fading;
    }
    let neutral = exp(params.neutral);
    // The exponential of a sum is taken factor by factor: there are far more cells than zones and communities. Who is
    // no more has no standing anywhere; who is there can be sided with by all, others by their followers alone.
    for (community, _) in setting.communities.iter() {
        for faction in world.alive.ids().filter(|faction| world.alive[*faction]) {
            let distance = scratch.estrangement[(community, faction)];
            scratch.appeal[(community, faction)] = exp(params.agreement * (1.0 - 2.0 * distance));
        }
    }
    let relaxing = closing(params.relaxation, weeks);
    let Scratch { appeal, candidates, standing, most, weights, .. } = scratch;
    for zone in setting.zones.ids() {
        most.fill(0.0);
        for cell in setting.cells_in(zone) {
            for (most, share) in most.iter_mut().zip(world.support.row(cell)) {
                *most = if *share > *most { *share } else { *most };
            }
        }
        // Those with whom anybody here can side, and with what odds whoever they are. All others weigh nothing.
        let (control, harm, presence) = (world.control.row(zone), world.harm.row(zone), world.presence.row(zone));
        candidates.clear();
        for (faction, (most, (control, presence))) in
            world.alive.ids().zip(most.iter().zip(control.iter().zip(presence)))
        {
            let open = *control > 0.01 || *presence > 1.0;
            if (open || *most > KNOWN) && world.alive[faction] && world.strength[faction] > 0.0 {
                let value = params.protection * control - params.harm * harm[faction.index()];
                standing[faction.index()] = if value == 0.0 { 1.0 } else { exp(value) };
                candidates.push((faction, open));
            }
        }
        let rise = closing(params.grievance * world.violence[zone], weeks);
        weights.fill(0.0);
        for cell in setting.cells_in(zone) {
            let appeals = appeal.row(setting.cells[cell].community);
            let support = world.support.row_mut(cell);
            let mut all = neutral;
            for (faction, open) in candidates.iter() {
                let index = faction.index();
                let known = *open || support[index] > KNOWN;
                let weight = if known { appeals[index] * standing[index] } else { 0.0 };
                weights[index] = weight;
                all += weight;
            }
            let per_weight = 1.0 / all;
            for (share, weight) in support.iter_mut().zip(weights.iter()) {
                *share += rate * (weight * per_weight - *share);
            }
            let grievance = &mut world.grievance[cell];
            *grievance += rise * (1.0 - *grievance);
            *grievance += relaxing * (setting.initial.grievance[cell] - *grievance);
        }
    }
}
