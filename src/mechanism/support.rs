//! Support and grievance: whom people side with, and how ready they are to fight.
//!
//! In each community cell, shares of support move towards a logit share of `β_a (1 − 2D) + β_p q − β_h harm`: agreement
//! (alignment), protection (control), and minus recent harm, against a neutral attitude of utility `ν`. Because shares
//! compete, indiscriminate harm by one side feeds its rivals (Kalyvas 2006). Grievance rises with recent violence and
//! relaxes. What a faction's support at the start is beyond what this law makes of it, people's leaning, stays a factor of
//! its odds.

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::maths::{closing, exp};
use crate::base::{FactionId, Id, ZoneId};
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
    if world.anchor.stale.values().contains(&true) {
        find_anchor(setting, params, world, scratch, |world, faction| world.anchor.stale[faction]);
    }
    let rate = closing(params.rate, weeks);
    let fading = 1.0 - closing(params.memory, weeks);
    for harm in world.harm.values_mut() {
        *harm *= fading;
    }
    let neutral = exp(params.neutral);
    find_appeals(setting, params, world, scratch);
    let relaxing = closing(params.relaxation, weeks);
    for zone in setting.zones.ids() {
        find_candidates(setting, params, world, scratch, zone);
        let Scratch { appeal, candidates, standing, weights, .. } = scratch;
        let rise = closing(params.grievance * (world.violence[zone] - world.anchor.violence[zone]).max(0.0), weeks);
        weights.fill(0.0);
        for cell in setting.cells_in(zone) {
            let appeals = appeal.row(setting.cells[cell].community);
            let leanings = world.anchor.leaning.row(cell);
            let support = world.support.row_mut(cell);
            let mut all = neutral;
            for (faction, open) in candidates.iter() {
                let index = faction.index();
                let known = *open || support[index] > KNOWN;
                let weight = if known { appeals[index] * standing[index] * leanings[index] } else { 0.0 };
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

/// Fills `appeal`: how each community likes each living faction's position, in odds.
fn find_appeals(setting: &Setting, params: &Support, world: &World, scratch: &mut Scratch) {
    // The exponential of a sum is taken factor by factor: there are far more cells than zones and communities.
    for (community, _) in setting.communities.iter() {
        for faction in world.alive.ids().filter(|faction| world.alive[*faction]) {
            let distance = scratch.estrangement[(community, faction)];
            scratch.appeal[(community, faction)] = exp(params.agreement * (1.0 - 2.0 * distance));
        }
    }
}

/// Lists in `candidates` those with whom anybody in a zone can side, each with whether all can (who is there can be sided
/// with by all, others by their followers alone), and fills `standing` with their odds whoever the people are. All
/// others weigh nothing.
fn find_candidates(setting: &Setting, params: &Support, world: &World, scratch: &mut Scratch, zone: ZoneId) {
    let Scratch { candidates, standing, most, .. } = scratch;
    most.fill(0.0);
    for cell in setting.cells_in(zone) {
        for (most, share) in most.iter_mut().zip(world.support.row(cell)) {
            *most = if *share > *most { *share } else { *most };
        }
    }
    let (control, harm, presence) = (world.control.row(zone), world.harm.row(zone), world.presence.row(zone));
    candidates.clear();
    for (faction, (most, (control, presence))) in world.alive.ids().zip(most.iter().zip(control.iter().zip(presence))) {
        let open = *control > 0.01 || *presence > 1.0;
        if (open || *most > KNOWN) && world.alive[faction] && world.strength[faction] > 0.0 {
            let value = params.protection * control - params.harm * harm[faction.index()];
            standing[faction.index()] = if value == 0.0 { 1.0 } else { exp(value) };
            candidates.push((faction, open));
        }
    }
}

/// Finds for some factions by how much they are liked beyond what draws people to them, such that support stays where it
/// is: what [`crate::world::Anchors::leaning`] holds. Where nobody knows a faction, nothing is known of that.
pub(super) fn find_anchor(
    setting: &Setting,
    params: &Support,
    world: &mut World,
    scratch: &mut Scratch,
    whose: impl Fn(&World, FactionId) -> bool,
) {
    /// Shares below this are taken as this, for nobody is wholly without friends, or people without doubts.
    const LEAST: f64 = 0.0005;
    let neutral = exp(params.neutral);
    find_appeals(setting, params, world, scratch);
    for zone in setting.zones.ids() {
        find_candidates(setting, params, world, scratch, zone);
        for cell in setting.cells_in(zone) {
            let undecided = (1.0 - world.support.row(cell).iter().sum::<f64>()).max(LEAST);
            for (faction, open) in &scratch.candidates {
                let share = world.support[(cell, *faction)];
                if whose(world, *faction) && (*open || share > KNOWN) {
                    let drawn =
                        scratch.appeal[(setting.cells[cell].community, *faction)] * scratch.standing[faction.index()];
                    world.anchor.leaning[(cell, *faction)] = share.max(LEAST) / undecided * neutral / drawn;
                }
            }
        }
    }
}
