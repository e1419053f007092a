//! Control: shares of a zone move towards the contest share of those who are there.
//!
//! The target of a group of allies is `G^m / (Σ G^m + g₀^m)` with effective strength `G` and `g₀` the force that the
//! zone's people take to govern; allies do not contest each other and divide their share by strength. Shares move at
//! a fast rate where enemies are present, slowly otherwise, so that peace keeps borders. Forces sent from abroad or
//! hired hold ground for their strongest ally there; peace forces and mediators hold none.

use super::clash::{Clashes, effective};
use super::contest::Law;
use super::parameters::parameters;
use super::scratch::Scratch;
use super::trace::Trace;
use crate::base::maths::closing;
use crate::base::{FactionId, Id, ZoneId};
use crate::world::{FactionKind, Happening, HappeningKind, Setting, World};

parameters! {
    /// How control changes hands.
    Control {
        /// Weekly rate at which control moves where enemies are present. Higher values make fronts move faster.
        contested = 0.04 in 0.0 to 10.0, "per week", "assumption: half of a district's ground is taken in four months";
        /// Weekly rate where nobody contests.
        settled = 0.002 in 0.0 to 10.0, "per week", "assumption";
        /// Fighters it takes to govern a thousand people half.
        garrison = 0.25 in 0.0 to 1000.0, "fighters per thousand people", "assumption";
        /// Fighters it takes to govern an empty zone half.
        outpost = 10.0 in 0.001 to 100000.0, "fighters", "assumption";
    }
}

/// Moves control in all zones over the weeks since the last time.
pub fn shift(
    setting: &Setting,
    params: &Control,
    (clashes, law): (&Clashes, Law),
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    weeks: f64,
) {
    let (fast, slow) = (closing(params.contested, weeks), closing(params.settled, weeks));
    for zone in setting.zones.ids() {
        let before = world.holder[zone];
        let contested = find_targets(setting, params, (clashes, law), world, scratch, zone);
        let rate = if contested { fast } else { slow };
        let targets = scratch.zone_sums.row_mut(zone);
        if std::mem::take(&mut world.anchor.moved[zone]) {
            let shares = world.control.row(zone).iter().zip(&*targets);
            for (beyond, (share, by_force)) in world.anchor.ground.row_mut(zone).iter_mut().zip(shares) {
                *beyond = share - by_force;
            }
        }
        hold_to_anchor(world.anchor.ground.row(zone), targets);
        let targets = &*targets;
        for (share, target) in world.control.row_mut(zone).iter_mut().zip(targets) {
            *share += rate * (target - *share);
        }
        let after = world.find_holder(zone);
        world.holder[zone] = after;
        let one = |(a, b): (FactionId, FactionId)| world.same_party(world.successor(a), b);
        if before != after && !before.zip(after).is_some_and(one) {
            let kind = HappeningKind::ControlChanged { zone, from: before, to: after };
            trace.happened(Happening { kind, public: true });
        }
    }
}

/// Adds to shares by force what each faction held at the start beyond its share by force.
fn hold_to_anchor(beyond: &[f64], targets: &mut [f64]) {
    let mut all = 0.0;
    for (target, beyond) in targets.iter_mut().zip(beyond) {
        *target = (*target + beyond).max(0.0);
        all += *target;
    }
    if all > 1.0 {
        targets.iter_mut().for_each(|target| *target /= all);
    }
}

/// By how much control differs from shares by force: what [`crate::world::Anchors::ground`] holds.
pub(super) fn find_anchor(
    setting: &Setting,
    params: &Control,
    laws: (&Clashes, Law),
    world: &mut World,
    scratch: &mut Scratch,
) {
    for zone in setting.zones.ids() {
        find_targets(setting, params, laws, world, scratch, zone);
        let shares = world.control.row(zone).iter().zip(scratch.zone_sums.row(zone));
        for (beyond, (share, by_force)) in world.anchor.ground.row_mut(zone).iter_mut().zip(shares) {
            *beyond = share - by_force;
        }
    }
}

/// Fills the zone's row of `zone_sums` with shares by force. Whether enemies are present.
fn find_targets(
    setting: &Setting,
    params: &Control,
    (clashes, law): (&Clashes, Law),
    world: &World,
    scratch: &mut Scratch,
    zone: ZoneId,
) -> bool {
    let present = scratch.present_in(zone);
    let traits = &setting.zones[zone];
    let mut contested = false;
    scratch.zone_sums.row_mut(zone).fill(0.0);
    for position in present.clone() {
        let faction = scratch.present[position];
        let ready = scratch.readiness.row(faction);
        contested |= scratch.present[present.start..position].iter().any(|other| ready[other.index()] > 0.01);
        let strength = effective(setting, clashes, world, zone, faction);
        if let Some(keeper) = holds_for(world, scratch, zone, faction) {
            scratch.zone_sums.row_mut(zone)[keeper.index()] += strength;
        }
    }
    // By bloc: a bloc's share of the ground, then each member's share of the bloc's.
    let governing = law.power(params.outpost + params.garrison * traits.population / 1000.0);
    let mut all = governing;
    let Scratch { movers: holders, zone_sums, weights, bloc, .. } = scratch;
    let row = zone_sums.row_mut(zone);
    holders.clear();
    holders
        .extend(row.iter().enumerate().filter(|(_, own)| **own > 0.0).map(|(index, _)| FactionId::from_index(index)));
    for (place, holder) in holders.iter().enumerate() {
        let inside = |other: &&FactionId| bloc[**other] == bloc[*holder];
        let of_bloc = holders.iter().filter(inside).fold(0.0, |sum, other| sum + row[other.index()]);
        weights[holder.index()] = of_bloc;
        if !holders[..place].iter().any(|other| inside(&other)) {
            all += law.power(of_bloc);
        }
    }
    for holder in holders.iter() {
        let (own, of_bloc) = (&mut row[holder.index()], weights[holder.index()]);
        *own = law.power(of_bloc) / all * *own / of_bloc;
    }
    contested
}

/// Who holds the ground that a faction takes: itself, or for a force from elsewhere its strongest ally there.
fn holds_for(world: &World, scratch: &Scratch, zone: ZoneId, faction: FactionId) -> Option<FactionId> {
    let character = &world.character[faction];
    if character.peacekeeping > 0.0 || character.kind == FactionKind::Mediator {
        return None;
    }
    if !matches!(character.kind, FactionKind::ExternalForce | FactionKind::Mercenary) {
        return Some(faction);
    }
    let mut best = (0.0, Some(faction));
    for ally in &scratch.present[scratch.present_in(zone)] {
        let force = world.presence[(zone, *ally)];
        let local = !matches!(world.character[*ally].kind, FactionKind::ExternalForce | FactionKind::Mercenary);
        if *ally != faction && local && scratch.bloc[*ally] == scratch.bloc[faction] && force > best.0 {
            best = (force, Some(*ally));
        }
    }
    best.1
}
