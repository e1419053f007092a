//! Leaks: secret talks and secret deals become known.
//!
//! Weekly hazard of a leak, higher for undisciplined sides. Third parties that are hostile to one side take it ill of
//! the other: hostility rises and trust falls in proportion to that hostility. The bases of both sides withdraw
//! support by how far the other side stands from them (audience cost, Fearon 1994). Leaked talks may end; a leaked
//! deal is public from then on.

use super::appraisal::bases_objection;
use super::parameters::parameters;
use super::scratch::Scratch;
use super::trace::{Chance, Trace};
use crate::base::maths::chance;
use crate::base::{FactionId, Id, PairId};
use crate::random::Purpose;
use crate::world::{Happening, HappeningKind, Setting, Stance, World};

parameters! {
    /// How secrets leak, and what that does.
    Leak {
        /// Weekly hazard that confidential talks leak, for two sides without discipline. Higher values make secrets
        /// shorter-lived; 0 keeps every secret.
        rate = 0.08 in 0.0 to 10.0, "per week", "assumption";
        /// Hazard of a concluded secret deal, relative to talks, which more people know of.
        deal = 0.4 in 0.0 to 10.0, "times", "assumption";
        /// Chance that talks end when they leak.
        end = 0.3 in 0.0 to 1.0, "share", "assumption";
        /// How much of the missing hostility, and of the trust, a fully hostile onlooker changes.
        reaction = 0.15 in 0.0 to 1.0, "share", "assumption";
        /// Share of its support that a side loses among people wholly opposed to the other side.
        audience_cost = 0.2 in 0.0 to 1.0, "share", "Fearon 1994 for the direction; assumption for the value";
    }
}

/// One week of leaks, for all pairs with a secret.
pub fn spread(setting: &Setting, params: &Leak, world: &mut World, scratch: &mut Scratch, trace: &mut impl Trace) {
    let weeks = setting.calendar.weeks_in(world.step);
    scratch.standing.refresh(world);
    for place in 0..scratch.standing.bonds().len() {
        let pair = scratch.standing.bonds()[place].pair;
        let tie = &world.tie[pair];
        let secret_talks = tie.talks.is_some_and(|talks| !talks.known);
        if !secret_talks && tie.is_public() {
            continue;
        }
        let (low, high) = pair.members();
        if !world.alive[low] || !world.alive[high] {
            continue;
        }
        let indiscipline = 1.0 - 0.5 * (world.character[low].discipline + world.character[high].discipline);
        let hazard = params.rate * indiscipline * if secret_talks { 1.0 } else { params.deal };
        let leaks = chance(hazard, weeks);
        let draw = scratch.draws.of_pair(Purpose::Leak, world, low, high, world.step);
        if draw < leaks && trace.befell(Chance::Leak(low, high), true) {
            // Given a leak, the draw is uniform on 0..1 once more.
            become_known(setting, params, world, scratch, trace, (low, high), draw / leaks);
        }
    }
}

fn become_known(
    setting: &Setting,
    params: &Leak,
    world: &mut World,
    scratch: &Scratch,
    trace: &mut impl Trace,
    (low, high): (FactionId, FactionId),
    draw: f64,
) {
    let pair = PairId::of(low, high);
    let tie = &mut world.tie[pair];
    tie.leaked = true;
    let mut about = tie.stance;
    let mut ended = None;
    tie.claimed = tie.stance;
    if let Some(talks) = &mut tie.talks {
        about = talks.goal;
        talks.known = true;
        if draw < params.end {
            ended = Some(*talks);
            tie.talks = None;
        }
    }
    trace.happened(Happening { kind: HappeningKind::Leaked { between: (low, high), about }, public: true });
    if let Some(talks) = ended {
        let kind = HappeningKind::TalksEnded { between: (low, high), goal: talks.goal };
        trace.happened(Happening { kind, public: true });
    }
    if about >= Stance::Neutral {
        // Before anybody has reacted.
        let hated = [low, high].map(|found| -> Vec<f64> {
            world.alive.ids().map(|onlooker| world.hostility[(onlooker, found)]).collect()
        });
        react(setting, params, world, scratch, (low, high), &hated[1]);
        react(setting, params, world, scratch, (high, low), &hated[0]);
    }
}

/// Onlookers and its own base react to `one` being found with `other`, whom each of them hated so much before.
fn react(
    setting: &Setting,
    params: &Leak,
    world: &mut World,
    scratch: &Scratch,
    (one, other): (FactionId, FactionId),
    hated: &[f64],
) {
    for onlooker in world.alive.ids() {
        if onlooker == one || onlooker == other || !world.alive[onlooker] {
            continue;
        }
        let weight = params.reaction * hated[onlooker.index()];
        // Scaled by the hostility that is there already: onlookers without any quarrel make none of this.
        let hostility = &mut world.hostility[(onlooker, one)];
        *hostility += weight * *hostility * (1.0 - *hostility);
        world.trust[(onlooker, one)] *= 1.0 - weight;
    }
    let cost = params.audience_cost * bases_objection(world, scratch, one, other);
    for (cell, traits) in setting.cells.iter() {
        if world.base[(one, traits.community)] > 0.0 {
            world.support.row_mut(cell)[one.index()] *= 1.0 - cost;
        }
    }
}
