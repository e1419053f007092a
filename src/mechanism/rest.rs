//! The start at rest: what holds in place what a scenario states.
//!
//! The model's forces rarely balance at the numbers of a file, for a file knows how things stand and not why. Each
//! mechanism is asked what it would change at the start as written; that much is taken off for the whole run
//! ([`Anchors`]), and memories that fade (of violence, harm, losses) begin where they would come to stand. So a start is
//! a moment and not a shock, and the model explains change.

use super::behaviour::Behaviour;
use super::scratch::Scratch;
use super::{
    clash, cohesion, control, displacement, disposition, economy, hostility, offensive, one_sided, perception,
    redeployment,
};
use super::{support, threat, trust};
use crate::base::{FactionId, Id, Matrix, PairId, Table, WEEKS_IN_A_YEAR, ZoneId};
use crate::world::{Anchors, LastYear, Setting, Stance, World};

/// Weeks over which drifts at the start are measured: those between two reviews.
const WEEKS: f64 = 4.0;

/// What a week of violence is expected to cost at the start.
struct Toll {
    deaths: Table<ZoneId, f64>,
    attacks: Matrix<ZoneId, FactionId, f64>,
    losses: Matrix<FactionId, FactionId, f64>,
}

/// Finds the anchors of a setting's start, under the given weights. `scratch` is turned to them.
pub fn anchors(setting: &Setting, behaviour: &Behaviour, scratch: &mut Scratch) -> Anchors {
    scratch.turn_to(setting, behaviour);
    let mut world = setting.initial.clone();
    world.anchor = Anchors::none(setting.zones.len(), world.factions(), setting.cells.len());
    world.anchor.held.clone_from(&world.control);
    let unscaled = look(setting, behaviour, &mut world, scratch);
    scale_violence(setting, &behaviour.clashes, &mut world, &unscaled);
    let toll = look(setting, behaviour, &mut world, scratch);
    remember(setting, behaviour, &mut world, &toll);

    let (clashes, law) = (&behaviour.clashes, behaviour.contest.control);
    control::find_anchor(setting, &behaviour.control, (clashes, law), &mut world, scratch);
    redeployment::find_anchor(setting, &behaviour.redeployment, &mut world, scratch);
    support::find_anchor(setting, &behaviour.support, &mut world, scratch, |_, _| true);
    let lost = |faction: FactionId| toll.losses.row(faction).iter().sum();
    economy::find_anchor(setting, &behaviour.economy, &mut world, scratch, lost);
    displacement::find_anchor(setting, &behaviour.displacement, &mut world, &toll.deaths);
    world.anchor.violence.clone_from(&world.violence);
    for faction in world.alive.ids().filter(|faction| world.alive[*faction] && world.strength[*faction] > 0.0) {
        world.anchor.cohesion[faction] = cohesion::strain(&behaviour.cohesion, &world, scratch, faction);
    }

    let assault = (&behaviour.clashes, behaviour.contest.offensive);
    offensive::find_anchor(setting, &behaviour.offensives, assault, &mut world, scratch);
    offensive::survey(setting, &behaviour.offensives, assault, &mut world, scratch);
    for (_, low, high) in PairId::all(world.factions()) {
        if world.alive[low] && world.alive[high] {
            disposition::note_reasons(setting, behaviour.weights(), &mut world, scratch, (low, high));
        }
    }
    world.anchor.weariness.clone_from(&world.weariness);

    let mut later = world.clone();
    hostility::update(&behaviour.hostility, &mut later, scratch, WEEKS);
    trust::grow(setting, &behaviour.trust, &mut later, scratch, WEEKS);
    let drift = |after: &Matrix<FactionId, FactionId, f64>, before: &Matrix<FactionId, FactionId, f64>| {
        let mut drift = after.clone();
        for (change, before) in drift.values_mut().iter_mut().zip(before.values()) {
            *change = (*change - before) / WEEKS;
        }
        drift
    };
    world.anchor.hostility = drift(&later.hostility, &world.hostility);
    world.anchor.trust = drift(&later.trust, &world.trust);
    world.anchor
}

/// Lets a world begin at rest: with these anchors, and with memories as they come to stand. `scratch` is turned to it.
pub fn begin_at_rest(setting: &Setting, behaviour: &Behaviour, anchors: &Anchors, scratch: &mut Scratch) -> World {
    scratch.turn_to(setting, behaviour);
    let mut world = setting.initial.clone();
    world.anchor.clone_from(anchors);
    let toll = look(setting, behaviour, &mut world, scratch);
    remember(setting, behaviour, &mut world, &toll);
    world.spoils.clone_from(&anchors.spoils);
    let (parts, _) = setting.calendar.in_reviews(LastYear::WEEKS, 0);
    for (pair, low, high) in PairId::all(world.factions()) {
        let year = WEEKS_IN_A_YEAR * (toll.losses[(low, high)] + toll.losses[(high, low)]);
        world.tally.dyad_year[pair] = LastYear::even(year, parts);
    }
    world
}

/// Brings what mechanisms share to the start, as the first step would, and finds what a week of violence costs.
fn look(setting: &Setting, behaviour: &Behaviour, world: &mut World, scratch: &mut Scratch) -> Toll {
    perception::see_what_is_shown(&behaviour.perception, world);
    threat::find_reach(setting, world, scratch);
    threat::weigh(&behaviour.threat, world, scratch);
    scratch.find_blocs(world);
    scratch.list_present(setting, world);
    clash::make_ready(&behaviour.clashes, world, scratch);
    let (mut deaths, losses) = clash::expect(setting, &behaviour.clashes, behaviour.contest.clash, world, scratch);
    let attacks = one_sided::expect(setting, &behaviour.one_sided, &behaviour.clashes, world, scratch);
    for (zone, deaths) in deaths.iter_mut() {
        *deaths += attacks.row(zone).iter().sum::<f64>();
    }
    Toll { deaths, attacks, losses }
}

/// Scales fighting and attacks such that, with nothing else changed, a year costs what the year before did. Where nothing
/// is known of that, or no deaths can be expected, what is usual stays.
fn scale_violence(setting: &Setting, clashes: &clash::Clashes, world: &mut World, toll: &Toll) {
    /// A year without deaths is as one with fewer than one: it does not say that there never will be any.
    const LEAST: f64 = 0.5;
    let factor = |known: f64, expected: f64| match expected > 0.0 {
        true => (known.max(LEAST) / expected).min(1000.0),
        false => 1.0,
    };
    let by_pair = |wanted: PairId| -> f64 {
        let (low, high) = wanted.members();
        toll.losses[(low, high)] + toll.losses[(high, low)]
    };
    let fought: Vec<f64> = setting
        .fought
        .iter()
        .map(|(pairs, deaths)| factor(*deaths, WEEKS_IN_A_YEAR * pairs.iter().map(|pair| by_pair(*pair)).sum::<f64>()))
        .collect();
    for ((pairs, _), factor) in setting.fought.iter().zip(fought) {
        for pair in pairs {
            world.anchor.fighting[*pair] = factor;
            let stance = world.tie[*pair].stance;
            world.anchor.skirmishes[*pair] = if stance > Stance::War { clashes.posture(stance) * factor } else { 0.0 };
        }
    }
    for (faction, deaths) in &setting.attacked {
        let expected: f64 = setting.zones.ids().map(|zone| toll.attacks[(zone, *faction)]).sum();
        world.anchor.attacks[*faction] = factor(*deaths, WEEKS_IN_A_YEAR * expected);
    }
}

/// Sets memories to where a toll that goes on as it is brings them: what comes in per week over the share that fades.
fn remember(setting: &Setting, behaviour: &Behaviour, world: &mut World, toll: &Toll) {
    for (zone, traits) in setting.zones.iter().filter(|(_, traits)| traits.population > 0.0) {
        let per_thousand = 1000.0 / traits.population;
        world.violence[zone] = stationary(toll.deaths[zone] * per_thousand, behaviour.displacement.memory);
        for (index, deaths) in toll.attacks.row(zone).iter().enumerate() {
            let harm = stationary(deaths * per_thousand, behaviour.support.memory);
            world.harm[(zone, FactionId::from_index(index))] = harm;
        }
    }
    for own in world.alive.ids().filter(|own| world.strength[*own] > 0.0) {
        for other in setting.factions.ids() {
            let share = toll.losses[(own, other)] / world.strength[own];
            world.weariness[(own, other)] = stationary(share, behaviour.hostility.memory);
        }
    }
}

fn stationary(weekly: f64, fading: f64) -> f64 {
    if fading > 0.0 { weekly / fading } else { 0.0 }
}
