//! Mergers: factions become one.
//!
//! Scheduled, as a congress of an umbrella's members; or of their own accord, when allies are close in alignment and
//! high in trust. Presence, treasury and control are pooled; attitudes and character are means weighted by strength; the
//! leader's ties hold.

use super::accord;
use super::parameters::parameters;
use super::scratch::Scratch;
use super::trace::{Decision, DecisionKind, Trace};
use crate::base::maths::chance;
use crate::base::{FactionId, Id, PairId, UmbrellaId};
use crate::random::{DrawKey, Purpose};
use crate::world::{Character, Happening, HappeningKind, Setting, Stance, World};

parameters! {
    /// How factions become one.
    Merger {
        /// Weekly hazard that two members of one umbrella, allied, in full trust and agreement, merge unasked.
        rate = 0.004 in 0.0 to 1.0, "per week", "assumption: a few per cent a year for the closest";
        /// The trust from which allies may merge.
        trust = 0.75 in 0.0 to 1.0, "share", "assumption";
        /// The distance up to which they may.
        distance = 0.2 in 0.0 to 1.0, "share", "assumption";
    }
}

/// Allies that are close enough may merge this week. Done at reviews, over the weeks to the next one.
pub fn unite(
    setting: &Setting,
    params: &Merger,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    weeks: f64,
) {
    for (pair, low, high) in PairId::all(world.factions()) {
        let same_umbrella = world.umbrella[low].is_some() && world.umbrella[low] == world.umbrella[high];
        if !same_umbrella || world.tie[pair].stance != Stance::Alliance || !world.alive[low] || !world.alive[high] {
            continue;
        }
        let trust = world.trust[(low, high)].min(world.trust[(high, low)]);
        let distance = world.distance(low, high).max(world.distance(high, low));
        if trust < params.trust || distance > params.distance {
            continue;
        }
        let who = DrawKey::pair(world.key[low], world.key[high]);
        let draw = scratch.draws.sequence(Purpose::Merger, who, world.step).uniform();
        let probability = chance(params.rate * trust * (1.0 - distance), weeks);
        let decision = Decision::unweighed(DecisionKind::Merge, world.step, (low, high), probability, draw);
        if trace.decided(&decision) {
            let leader = world.leader_of(low);
            let (into, absorbed) =
                if leader == Some(low) || (leader != Some(high) && world.strength[low] >= world.strength[high]) {
                    (low, high)
                } else {
                    (high, low)
                };
            absorb(setting, world, trace, absorbed, into);
            note_if_whole(setting, world, into);
        }
    }
}

/// The members of an umbrella hold a congress: all that still belong to it, stand, and are not at war with the leader
/// become one with it.
pub fn hold_congress(setting: &Setting, world: &mut World, trace: &mut impl Trace, umbrella: UmbrellaId) {
    let leader = world.successor(world.leader[umbrella]);
    if !world.alive[leader] || world.umbrella[leader] != Some(umbrella) {
        return;
    }
    for member in &setting.umbrellas[umbrella].members {
        let stays_out = *member == leader
            || !world.alive[*member]
            || world.umbrella[*member] != Some(umbrella)
            || world.stance(leader, *member) == Stance::War;
        if !stays_out {
            absorb(setting, world, trace, *member, leader);
        }
    }
    note_if_whole(setting, world, leader);
}

/// An umbrella has merged when all that remains of it is one faction made of several members.
pub(super) fn note_if_whole(setting: &Setting, world: &mut World, into: FactionId) {
    let Some(umbrella) = world.umbrella[into] else { return };
    let members = &setting.umbrellas[umbrella].members;
    let remaining =
        world.alive.iter().filter(|(faction, alive)| **alive && world.umbrella[*faction] == Some(umbrella)).count();
    let absorbed = members.iter().any(|member| *member != into && world.successor(*member) == into);
    if remaining == 1 && absorbed {
        world.merged[umbrella] = Some(into);
    }
}

/// `absorbed` becomes a part of `into`.
pub fn absorb(setting: &Setting, world: &mut World, trace: &mut impl Trace, absorbed: FactionId, into: FactionId) {
    let (theirs, ours) = (world.strength[absorbed], world.strength[into]);
    let share = if theirs + ours > 0.0 { theirs / (theirs + ours) } else { 0.0 };
    pool(world, absorbed, into);
    blend(setting, world, absorbed, into, share);
    for other in world.alive.ids() {
        if other != absorbed {
            let tie = &mut world.tie[PairId::of(absorbed, other)];
            tie.talks = None;
            tie.stance = Stance::Neutral;
            tie.claimed = Stance::Neutral;
        }
    }
    accord::drop_party(setting, &mut world.accord, absorbed);
    for leaving in &mut world.withdrawals {
        // A part of the one is a smaller part of what both become.
        if leaving.faction == absorbed {
            (leaving.faction, leaving.part) = (into, leaving.part * share);
        } else if leaving.faction == into {
            leaving.part *= 1.0 - share;
        }
    }
    world.alive[absorbed] = false;
    world.absorbed_into[absorbed] = Some(into);
    let umbrella = world.umbrella[absorbed];
    world.umbrella[absorbed] = None;
    trace.happened(Happening { kind: HappeningKind::Merged { absorbed, into, umbrella }, public: true });
}

/// Moves all that can be counted.
fn pool(world: &mut World, absorbed: FactionId, into: FactionId) {
    let (from, to) = (absorbed.index(), into.index());
    for table in [&mut world.presence, &mut world.control, &mut world.anchor.ground] {
        let factions = table.columns();
        for row in table.values_mut().chunks_exact_mut(factions) {
            row[to] += row[from];
            row[from] = 0.0;
        }
    }
    let factions = world.support.columns();
    for row in world.support.values_mut().chunks_exact_mut(factions) {
        row[to] += row[from];
        row[from] = 0.0;
    }
    for row in world.claim.values_mut().chunks_exact_mut(factions) {
        row[to] = row[to].max(row[from]);
    }
    for row in world.harm.values_mut().chunks_exact_mut(factions) {
        row[to] += row[from];
        row[from] = 0.0;
    }
    world.strength[into] += world.strength[absorbed];
    world.strength[absorbed] = 0.0;
    world.treasury[into] += world.treasury[absorbed];
    world.treasury[absorbed] = 0.0;
    let anchor = &mut world.anchor;
    for sums in
        [&mut world.income, &mut anchor.income, &mut anchor.establishment, &mut anchor.reserve, &mut anchor.recruits]
    {
        sums[into] += sums[absorbed];
        sums[absorbed] = 0.0;
    }
    anchor.stale[into] = true;
}

/// Takes means, weighted by strength, of all that cannot be counted. `share` is the absorbed one's weight.
fn blend(setting: &Setting, world: &mut World, absorbed: FactionId, into: FactionId, share: f64) {
    let mix = |ours: f64, theirs: f64| ours + share * (theirs - ours);
    let (a, b) = (world.character[into], world.character[absorbed]);
    world.character[into] = Character {
        kind: a.kind,
        quality: mix(a.quality, b.quality),
        outreach: mix(a.outreach, b.outreach),
        aggression: mix(a.aggression, b.aggression),
        civilian_harm: mix(a.civilian_harm, b.civilian_harm),
        discipline: mix(a.discipline, b.discipline),
        candour: mix(a.candour, b.candour),
        boast: mix(a.boast, b.boast),
        peacekeeping: mix(a.peacekeeping, b.peacekeeping),
        leverage: mix(a.leverage, b.leverage),
        recruits: a.recruits || b.recruits,
    };
    for table in [&mut world.cohesion, &mut world.anchor.cohesion, &mut world.anchor.attacks] {
        table[into] = mix(table[into], table[absorbed]);
    }
    for axis in 0..setting.axes.len() {
        let (ours, theirs) = (world.alignment.row(into)[axis], world.alignment.row(absorbed)[axis]);
        world.alignment.row_mut(into)[axis] = mix(ours, theirs);
        let (ours, theirs) = (world.salience.row(into)[axis], world.salience.row(absorbed)[axis]);
        world.salience.row_mut(into)[axis] = mix(ours, theirs);
    }
    for community in 0..setting.communities.len() {
        let (ours, theirs) = (world.base.row(into)[community], world.base.row(absorbed)[community]);
        world.base.row_mut(into)[community] = mix(ours, theirs);
    }
    for zone in setting.zones.ids() {
        let row = world.home_ground.row_mut(zone);
        row[into.index()] = mix(row[into.index()], row[absorbed.index()]);
        row[absorbed.index()] = 0.0;
    }
    for other in setting.factions.ids() {
        if other == into || other == absorbed {
            continue;
        }
        for table in [&mut world.hostility, &mut world.lasting_hostility, &mut world.anchor.hostility, &mut world.trust]
        {
            table[(into, other)] = mix(table[(into, other)], table[(absorbed, other)]);
            table[(other, into)] = mix(table[(other, into)], table[(other, absorbed)]);
        }
        let at_start = |faction| setting.initial.tie[PairId::of(faction, other)].stance;
        // What each has lost to others, and rests on them for, is of its own force; what others have to both of them adds up.
        for table in [&mut world.weariness, &mut world.anchor.weariness, &mut world.lost, &mut world.dependence] {
            table[(into, other)] = mix(table[(into, other)], table[(absorbed, other)]);
            table[(other, into)] += table[(other, absorbed)];
        }
        world.dependence[(other, into)] = world.dependence[(other, into)].min(1.0);
        for (kept, lost) in [((into, other), (absorbed, other)), ((other, into), (other, absorbed))] {
            let theirs = world.anchor.reasons[lost];
            for (ours, theirs) in world.anchor.reasons[kept].iter_mut().zip(theirs) {
                *ours = mix(*ours, theirs);
            }
            world.anchor.spoils[kept] = mix(world.anchor.spoils[kept], world.anchor.spoils[lost]);
            // Trust is at rest by where two stood at the start.
            if at_start(into) == at_start(absorbed) {
                world.anchor.trust[kept] = mix(world.anchor.trust[kept], world.anchor.trust[lost]);
            }
        }
        let (own, theirs) = (PairId::of(into, other), PairId::of(absorbed, other));
        world.truce[own] = world.truce[own].max(world.truce[theirs]);
        for fighting in [&mut world.anchor.fighting, &mut world.anchor.skirmishes] {
            fighting[own] = mix(fighting[own], fighting[theirs]);
        }
        world.belief[(other, into)] += world.belief[(other, absorbed)];
    }
    world.dependence[(into, absorbed)] = 0.0;
}
