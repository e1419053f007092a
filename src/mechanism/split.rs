//! Splits: a member leaves its umbrella, or a part of a faction becomes a faction of its own.
//!
//! Weekly hazard `rate · (1 − cohesion)² · (1 + losses) · distance`, with the distance inside: between a member and its
//! umbrella's leader, or between a faction and its own base (Bakke, Cunningham and Seymour 2012 on fragmentation;
//! Christia 2012 on splits after losses). A splinter takes between a seventh and two fifths of the force and moves its
//! position away from the parent's, towards or away from the base.

use super::parameters::parameters;
use super::scratch::Scratch;
use super::trace::{Decision, DecisionKind, Trace};
use crate::base::maths::chance;
use crate::base::{CommunityId, FactionId, Id, PairId, Table};
use crate::random::{Purpose, Sequence};
use crate::world::{Door, Happening, HappeningKind, Setting, Stance, Tie, World, weighted_distance};

parameters! {
    /// How factions and umbrellas come apart.
    Split {
        /// Weekly hazard that a member leaves an umbrella whose leader stands as far from it as can be, at no cohesion.
        leave_umbrella = 0.04 in 0.0 to 1.0, "per week", "assumption";
        /// Weekly hazard that a faction wholly at odds with its base, at no cohesion, splits.
        splinter = 0.012 in 0.0 to 1.0, "per week", "assumption";
        /// How much the loss of its whole force to all enemies within a few months adds, in times.
        losses = 4.0 in 0.0 to 100.0, "times", "Christia 2012 for the direction; assumption for the value";
        /// The least fighters for a faction to split.
        smallest = 100.0 in 2.0 to 1000000.0, "fighters", "assumption";
        /// How far a splinter moves away on the axis that matters most to it.
        step_away = 0.3 in 0.0 to 2.0, "axis", "assumption";
        /// Hostility between a splinter and its parent.
        ill_will = 0.3 in 0.0 to 1.0, "share", "assumption";
    }
}

/// Members may leave and factions may split. Done at reviews, over the weeks to the next one.
pub fn come_apart(
    setting: &Setting,
    params: &Split,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    weeks: f64,
) {
    for faction in world.alive.ids() {
        if !world.alive[faction] || world.strength[faction] <= 0.0 {
            continue;
        }
        let loose = (1.0 - world.cohesion[faction]) * (1.0 - world.cohesion[faction]);
        let strain = loose * (1.0 + params.losses * world.lately_lost(faction));
        let leader = world.leader_of(faction).filter(|leader| *leader != faction);
        let (hazard, other) = match leader {
            Some(leader) => (params.leave_umbrella * strain * world.distance(faction, leader), leader),
            None if world.strength[faction] >= params.smallest => {
                (params.splinter * strain * distance_to_base(setting, world, faction), faction)
            }
            None => continue,
        };
        let draw = scratch.draws.of_faction(Purpose::Split, world, faction, world.step);
        let (probability, between) = (chance(hazard, weeks), (faction, other));
        let decision = Decision::unweighed(DecisionKind::Break, world.step, between, probability, draw);
        if trace.decided(&decision) {
            if leader.is_some() {
                leave_umbrella(world, trace, faction);
            } else {
                splinter(setting, params, world, scratch, trace, faction);
            }
        }
    }
}

/// Distance between a faction and its own base, as the base weighs the axes: 0 to 1.
pub fn distance_to_base(setting: &Setting, world: &World, faction: FactionId) -> f64 {
    let position = world.alignment.row(faction);
    let (mut sum, mut weight) = (0.0, 0.0);
    for (index, share) in world.base.row(faction).iter().enumerate() {
        if *share > 0.0 {
            let community = &setting.communities[CommunityId::from_index(index)];
            sum += share * weighted_distance(&community.alignment, position, &community.salience);
            weight += share;
        }
    }
    if weight > 0.0 { sum / weight } else { 0.0 }
}

fn leave_umbrella(world: &mut World, trace: &mut impl Trace, faction: FactionId) {
    if let Some(umbrella) = world.umbrella[faction].take() {
        for other in world.alive.ids() {
            if world.umbrella[other] == Some(umbrella) {
                for (a, b) in [(faction, other), (other, faction)] {
                    world.trust[(a, b)] *= 0.5;
                }
            }
        }
        trace.happened(Happening { kind: HappeningKind::LeftUmbrella { faction, umbrella }, public: true });
    }
}

fn splinter(
    setting: &Setting,
    params: &Split,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    parent: FactionId,
) {
    let slots = setting.founding..world.factions();
    let free = slots.map(FactionId::from_index).find(|slot| !world.alive[*slot] && world.splinter_of[*slot].is_none());
    // A run sees at most as many splinters as the scenario allows.
    let Some(slot) = free else { return };
    let before = world.splinter_of.values().iter().filter(|of| **of == Some(parent)).count() as u64;
    let mut draws = scratch.draws.sequence(Purpose::Splinter, world.key[parent], world.step);
    world.key[slot] = world.key[parent].child(before);
    scratch.draws.forget(slot);
    world.alive[slot] = true;
    world.splinter_of[slot] = Some(parent);
    take_share(world, parent, slot, 1.0 / 7.0 + (2.0 / 5.0 - 1.0 / 7.0) * draws.uniform());
    inherit(setting, params, world, parent, slot, &mut draws);
    trace.happened(Happening { kind: HappeningKind::Split { from: parent, splinter: slot }, public: true });
}

/// Moves a share of all that can be counted.
fn take_share(world: &mut World, parent: FactionId, slot: FactionId, share: f64) {
    let (from, to) = (parent.index(), slot.index());
    let factions = world.factions();
    let anchor = &mut world.anchor;
    let tables = [
        world.presence.values_mut(),
        world.control.values_mut(),
        world.support.values_mut(),
        anchor.ground.values_mut(),
    ];
    for row in tables.into_iter().flat_map(|values| values.chunks_exact_mut(factions)) {
        let part = row[from] * share;
        row[to] = part;
        row[from] -= part;
    }
    for row in world.home_ground.values_mut().chunks_exact_mut(factions) {
        row[to] = row[from];
    }
    for row in world.claim.values_mut().chunks_exact_mut(factions) {
        row[to] = row[from];
    }
    let split = |table: &mut Table<FactionId, f64>| {
        table[slot] = table[parent] * share;
        table[parent] -= table[slot];
    };
    for table in [
        &mut world.strength,
        &mut world.treasury,
        &mut world.income,
        &mut anchor.income,
        &mut anchor.establishment,
        &mut anchor.reserve,
        &mut anchor.recruits,
    ] {
        split(table);
    }
    for table in [&mut anchor.cohesion, &mut anchor.attacks, &mut world.shock.faction, &mut world.shock.attacks] {
        table[slot] = table[parent];
    }
    for of in [parent, slot] {
        anchor.stale[of] = true;
    }
}

/// How a splinter stands with another at first: it keeps its parent's quarrels, not its commitments.
pub fn stance_of_splinter(world: &World, parent: FactionId, other: FactionId) -> Stance {
    if other == parent { Stance::Rivalry } else { world.stance(parent, other).min(Stance::Neutral) }
}

fn inherit(
    setting: &Setting,
    params: &Split,
    world: &mut World,
    parent: FactionId,
    slot: FactionId,
    draws: &mut Sequence,
) {
    world.character[slot] = world.character[parent];
    // A young movement of people who agreed to leave.
    world.cohesion[slot] = 0.5 + 0.5 * world.cohesion[parent];
    for axis in 0..setting.axes.len() {
        world.alignment.row_mut(slot)[axis] = world.alignment.row(parent)[axis];
        world.salience.row_mut(slot)[axis] = world.salience.row(parent)[axis];
    }
    let mut weightiest = 0;
    for (axis, weight) in world.salience.row(parent).iter().enumerate() {
        if *weight > world.salience.row(parent)[weightiest] {
            weightiest = axis;
        }
    }
    if let Some(position) = world.alignment.row_mut(slot).get_mut(weightiest) {
        let sign = if draws.uniform() < 0.5 { -1.0 } else { 1.0 };
        *position = (*position + sign * params.step_away).clamp(-1.0, 1.0);
    }
    for community in 0..setting.communities.len() {
        world.base.row_mut(slot)[community] = world.base.row(parent)[community];
    }
    for other in world.alive.ids() {
        if other == slot {
            continue;
        }
        let (out, back) = if other == parent {
            (params.ill_will, params.ill_will)
        } else {
            (world.hostility[(parent, other)], world.hostility[(other, parent)])
        };
        for table in [&mut world.hostility, &mut world.lasting_hostility] {
            table[(slot, other)] = out;
            table[(other, slot)] = back;
        }
        // Trust that grew or wore off where its parent stood does so no more, for it stands where it stands for the first time.
        (world.anchor.trust[(slot, other)], world.anchor.trust[(other, slot)]) = (0.0, 0.0);
        for table in [&mut world.anchor.hostility, &mut world.trust, &mut world.reach, &mut world.dependence] {
            table[(slot, other)] = if other == parent { 0.0 } else { table[(parent, other)] };
            table[(other, slot)] = if other == parent { 0.0 } else { table[(other, parent)] };
        }
        let like_parent = (other != parent).then(|| PairId::of(parent, other));
        let anchor = &mut world.anchor;
        for (fighting, unknown) in [(&mut anchor.fighting, 1.0), (&mut anchor.skirmishes, 0.0)] {
            fighting[PairId::of(slot, other)] = like_parent.map_or(unknown, |pair| fighting[pair]);
        }
        world.weariness[(slot, other)] = 0.0;
        world.weariness[(other, slot)] = 0.0;
        world.belief[(slot, other)] = world.belief[(parent, other)];
        world.belief[(other, slot)] = world.strength[slot];
        let door = |pair| if other == parent { Door::Ajar } else { world.door[pair] };
        let (out, back) = (door((parent, other)), door((other, parent)));
        world.door[(slot, other)] = out;
        world.door[(other, slot)] = back;
        let stance = stance_of_splinter(world, parent, other);
        world.tie[PairId::of(slot, other)] =
            Tie { stance, claimed: stance, since: world.step, talks: None, leaked: false };
    }
    world.belief[(slot, parent)] = world.strength[parent];
    world.reach[(slot, parent)] = 1.0;
    world.reach[(parent, slot)] = 1.0;
}
