//! Control: shares of a zone move towards the contest share of those who are there.
//!
//! The target of a group of allies is `G^m / (Σ G^m + g₀^m)` with effective strength `G` and `g₀` the force that the
//! zone's people take to govern; allies do not contest each other and divide their share by strength. Shares move at
//! a fast rate where enemies are present, slowly otherwise, so that peace keeps borders. Forces sent from abroad or
//! hired hold ground for their strongest ally there; peace forces and mediators hold none.

use super::clash::{Clashes, find_local_support, per_fighter};
use super::contest::Law;
use super::parameters::parameters;
use super::scratch::Scratch;
use super::trace::Trace;
use crate::base::maths::closing;
use crate::base::row;
use crate::base::{FactionId, Id, Table, ZoneId};
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

/// Moves control in all zones over the weeks to the next time.
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
        if std::mem::take(&mut world.anchor.taken[zone].ground) {
            let shares = world.control.row(zone).iter().zip(&*targets);
            for (beyond, (share, by_force)) in world.anchor.ground.row_mut(zone).iter_mut().zip(shares) {
                *beyond = share - by_force;
            }
        }
        let scale = hold_to_anchor(world.anchor.ground.row(zone), targets);
        row::approach(world.control.row_mut(zone), targets, scale, rate);
        let after = world.find_holder(zone);
        world.holder[zone] = after;
        let one = |(a, b): (FactionId, FactionId)| world.same_party(world.successor(a), b);
        if before != after && !before.zip(after).is_some_and(one) {
            let kind = HappeningKind::ControlChanged { zone, from: before, to: after };
            trace.happened(Happening { kind, public: true });
        }
    }
}

/// Adds to shares by force what each faction held at the start beyond its share by force. By what factor that is too much,
/// if it is.
fn hold_to_anchor(beyond: &[f64], targets: &mut [f64]) -> f64 {
    for (target, beyond) in targets.iter_mut().zip(beyond) {
        *target = (*target + beyond).max(0.0);
    }
    1.0 / row::sum(targets).max(1.0)
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
    let Scratch { movers: holders, zone_sums, weights, bloc, present: all_present, readiness, rows, .. } = scratch;
    let present = &all_present[present];
    let row = zone_sums.row_mut(zone);
    let support = &mut rows[0][..world.width()];
    let mut contested = false;
    row.fill(0.0);
    if !present.is_empty() {
        find_local_support(setting, world, zone, support);
    }
    holders.clear();
    for (position, faction) in present.iter().copied().enumerate() {
        let ready = readiness.row(faction);
        contested = contested || present[..position].iter().any(|other| ready[other.index()] > 0.01);
        let worth = per_fighter(setting, clashes, world, zone, faction, support[faction.index()]);
        let strength = world.presence[(zone, faction)] * worth;
        if let Some(keeper) = holds_for(world, bloc, present, zone, faction)
            && strength > 0.0
        {
            if row[keeper.index()] <= 0.0 {
                holders.push(keeper);
            }
            row[keeper.index()] += strength;
        }
    }
    // By bloc: a bloc's share of the ground, then each member's share of the bloc's.
    let governing = params.outpost + params.garrison * setting.zones[zone].population / 1000.0;
    let mut largest = governing;
    for holder in holders.iter() {
        let inside = |other: &&FactionId| bloc[**other] == bloc[*holder];
        let of_bloc = holders.iter().filter(inside).fold(0.0, |sum, other| sum + row[other.index()]);
        weights[holder.index()] = of_bloc;
        largest = largest.max(of_bloc);
    }
    // Beside the largest, so that no power is beyond all numbers.
    let mut all = law.power(governing / largest);
    for (place, holder) in holders.iter().enumerate() {
        if !holders[..place].iter().any(|other| bloc[*other] == bloc[*holder]) {
            all += law.power(weights[holder.index()] / largest);
        }
    }
    for holder in holders.iter() {
        let (own, of_bloc) = (&mut row[holder.index()], weights[holder.index()]);
        *own *= law.power(of_bloc / largest) / (all * of_bloc);
    }
    contested
}

/// Who holds the ground that a faction takes: itself, or for a force from elsewhere its strongest ally there.
fn holds_for(
    world: &World,
    bloc: &Table<FactionId, FactionId>,
    present: &[FactionId],
    zone: ZoneId,
    faction: FactionId,
) -> Option<FactionId> {
    let character = &world.character[faction];
    if character.peacekeeping > 0.0 || character.kind == FactionKind::Mediator {
        return None;
    }
    if !matches!(character.kind, FactionKind::ExternalForce | FactionKind::Mercenary) {
        return Some(faction);
    }
    let mut best = (0.0, Some(faction));
    for ally in present {
        let force = world.presence[(zone, *ally)];
        let local = !matches!(world.character[*ally].kind, FactionKind::ExternalForce | FactionKind::Mercenary);
        if *ally != faction && local && bloc[*ally] == bloc[faction] && force > best.0 {
            best = (force, Some(*ally));
        }
    }
    best.1
}
