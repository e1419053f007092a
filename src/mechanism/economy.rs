//! Economy: revenue, upkeep, recruits, desertion.
//!
//! A faction's weekly income is the revenue of the zones it controls, what supporters give, and what comes from
//! elsewhere; each fighter costs 1. Recruits come from supporters with a grievance where the faction is present,
//! limited by the money; unpaid fighters desert, the more the lower the cohesion. Fighters are counted in and out.
//! The budget of the start is taken as balanced: a faction keeps `M(0) · income(t) / income(0)` fighters, its
//! establishment, and fills gaps from those who support it, or else at the pace at which it lost fighters at the start.
//! Forces that do not recruit where they are make up for losses by rotation, at that pace.

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::maths::closing;
use crate::base::row;
use crate::base::{FactionId, Id};
use crate::world::{Setting, World};

parameters! {
    /// How forces are paid, and grow and shrink.
    Economy {
        /// What a thousand supporters give, in fighters kept. Higher values make popularity pay.
        gifts = 0.05 in 0.0 to 100.0, "fighters per thousand supporters", "assumption";
        /// Weekly share of supporters at full grievance who would join.
        recruitment = 0.0005 in 0.0 to 1.0, "per week", "assumption: one in 40 a year";
        /// The most a force can grow in a week.
        growth = 0.02 in 0.0 to 1.0, "per week", "assumption: doubling in eight months";
        /// Weekly share of unpaid fighters who leave, at no cohesion.
        desertion = 0.1 in 0.0 to 1.0, "per week", "assumption";
        /// Weekly share who leave even when paid, at no cohesion.
        attrition = 0.004 in 0.0 to 1.0, "per week", "assumption";
        /// The most upkeep that can be hoarded.
        hoard = 52.0 in 0.0 to 1000.0, "weeks of upkeep", "assumption";
    }
}

/// What a file tells of a budget says what changes of it do only where that is so much of what the force needs; a force
/// of which it tells less lives on what the file does not know of.
const LEAST_BUDGET: f64 = 0.1;

/// Pays, recruits and loses fighters over the weeks to the next review.
pub fn provide(setting: &Setting, params: &Economy, world: &mut World, scratch: &mut Scratch, weeks: f64) {
    find_incomes(setting, params, world, scratch);
    find_recruits(setting, params, world, scratch);
    let width = world.width();
    let Scratch { targets: incomes, rows: [willing, leaving, joining, ..], .. } = scratch;
    let found = willing.iter().zip(incomes.values());
    for ((faction, (willing, income)), (leaving, joining)) in
        world.alive.ids().zip(found).zip(leaving.iter_mut().zip(joining.iter_mut())).take(width)
    {
        (*leaving, *joining) = (0.0, 0.0);
        let force = world.strength[faction];
        if !world.alive[faction] || force <= 0.0 {
            continue;
        }
        let at_start = world.anchor.income[faction];
        let establishment = world.anchor.establishment[faction];
        let budget = at_start.max(LEAST_BUDGET * establishment);
        let kept = if budget > 0.0 { establishment * (1.0 + (income - at_start) / budget) } else { *income };
        let purse = world.treasury[faction] + kept * weeks;
        let upkeep = force * weeks;
        let unpaid = if purse < upkeep { 1.0 - purse.max(0.0) / upkeep } else { 0.0 };
        world.treasury[faction] = (purse - upkeep).clamp(0.0, params.hoard * force);

        *leaving = closing((params.desertion * unpaid + params.attrition) * loose(world, faction), weeks);
        // No more are taken on than a year's income and what is in hand beyond the usual reserve can pay.
        let spare = (world.treasury[faction] - world.anchor.reserve[faction]).max(0.0) / 52.0;
        let surplus = if unpaid > 0.0 { 0.0 } else { (kept - force).max(0.0) + spare };
        let willing = willing.max(world.anchor.recruits[faction]);
        *joining = (willing * weeks).min(surplus).min(force * params.growth * weeks);
    }
    come_and_go(setting, world, scratch);
}

fn loose(world: &World, faction: FactionId) -> f64 {
    1.0 - world.cohesion[faction]
}

/// The budget of the start, and how many recruits can always be found, given how many fighters each faction is expected
/// to lose per week: what [`crate::world::Anchors`] holds.
pub(super) fn find_anchor(
    setting: &Setting,
    params: &Economy,
    world: &mut World,
    scratch: &mut Scratch,
    losses: impl Fn(FactionId) -> f64,
) {
    /// Recruits who can be found, in times of those lost.
    const AMPLE: f64 = 1.5;
    find_incomes(setting, params, world, scratch);
    for faction in world.alive.ids() {
        let force = world.strength[faction];
        let leaving = force * closing(params.attrition * loose(world, faction), 1.0);
        world.anchor.income[faction] = scratch.targets[faction];
        world.anchor.establishment[faction] = force;
        world.anchor.reserve[faction] = world.treasury[faction];
        world.anchor.recruits[faction] = AMPLE * (leaving + losses(faction));
    }
}

/// Fills `targets` with the weekly income of each faction, in fighters kept.
fn find_incomes(setting: &Setting, params: &Economy, world: &World, scratch: &mut Scratch) {
    scratch.targets.values_mut().copy_from_slice(world.income.values());
    let incomes = &mut scratch.targets.values_mut()[..world.width()];
    for (zone, traits) in setting.zones.iter() {
        row::add_scaled(incomes, world.control.row(zone), traits.revenue);
    }
    let each = params.gifts / 1000.0;
    let people = world.at_home.values();
    for (people, support) in people.iter().zip(world.support.rows_in(0..people.len())) {
        row::add_scaled(incomes, support, each * people);
    }
}

/// Fills the first of `rows` with those who would join each faction per week: supporters with a grievance, where it is and
/// recruits.
fn find_recruits(setting: &Setting, params: &Economy, world: &World, scratch: &mut Scratch) {
    let slots = world.slots();
    let Scratch { rows: [willing, ..], movers: recruiters, .. } = scratch;
    willing.fill(0.0);
    for zone in setting.zones.ids() {
        recruiters.clear();
        let there = world.alive.ids().zip(&world.presence.row(zone)[..slots]).filter(|(_, fighters)| **fighters > 1.0);
        recruiters.extend(there.map(|(faction, _)| faction).filter(|faction| world.character[*faction].recruits));
        if recruiters.is_empty() {
            continue;
        }
        for cell in setting.cells_in(zone) {
            let ready = params.recruitment * world.at_home[cell] * world.grievance[cell];
            let support = world.support.row(cell);
            for faction in recruiters.iter() {
                willing[faction.index()] += ready * support[faction.index()];
            }
        }
    }
}

/// Fighters leave where they are (the second of `rows` says what share), and recruits (the third says how many) fill the
/// gaps where the force is at home and still has a foot; where it has no gap they join in proportion to home, and where it
/// has no home, to what there is.
fn come_and_go(setting: &Setting, world: &mut World, scratch: &mut Scratch) {
    let width = world.width();
    let Scratch { rows, zone_sums: at_home, .. } = scratch;
    let [_, leaving, joining, homes, due, per_gap, per_home, per_fighter] =
        rows.each_mut().map(|row| &mut row[..width]);
    homes.fill(0.0);
    for zone in setting.zones.ids() {
        let (at_home, presence) = (&mut at_home.row_mut(zone)[..width], &world.presence.row(zone)[..width]);
        find_homes(at_home, presence, &world.control.row(zone)[..width], &world.home_ground.row(zone)[..width]);
        row::add_scaled(homes, at_home, 1.0);
    }
    for (faction, force) in world.strength.values()[..width].iter().enumerate() {
        let then = force * (1.0 - leaving[faction]) + joining[faction];
        due[faction] = if homes[faction] > 0.0 { then / homes[faction] } else { 0.0 };
    }
    per_gap.fill(0.0);
    for zone in setting.zones.ids() {
        let at_home = &at_home.row(zone)[..width];
        add_gaps(per_gap, at_home, due, &world.presence.row(zone)[..width], leaving);
    }
    // One of three keys divides those who join.
    for (faction, force) in world.strength.values()[..width].iter().enumerate() {
        let (gaps, homes, joining) = (per_gap[faction], homes[faction], joining[faction]);
        let keys = match (homes > 0.0, gaps > 0.0, *force > 0.0) {
            (true, true, _) => [joining / gaps, 0.0, 0.0],
            (true, false, _) => [0.0, joining / homes, 0.0],
            (false, _, true) => [0.0, 0.0, joining / force],
            (false, _, false) => [0.0; 3],
        };
        [per_gap[faction], per_home[faction], per_fighter[faction]] = keys;
        world.tally.deserted += leaving[faction] * force;
        world.tally.recruited += joining;
    }
    let strength = &mut world.strength.values_mut()[..width];
    strength.fill(0.0);
    for zone in setting.zones.ids() {
        let presence = &mut world.presence.row_mut(zone)[..width];
        replace(presence, &at_home.row(zone)[..width], due, leaving, [per_gap, per_home, per_fighter]);
        row::add_scaled(strength, presence, 1.0);
    }
}

/// Fills `at_home` with home ground where a force is or has a foot on the ground.
fn find_homes(at_home: &mut [f64], presence: &[f64], control: &[f64], home_ground: &[f64]) {
    /// Share of control that is a foot on the ground.
    const FOOT: f64 = 0.05;
    let there = presence.iter().zip(control).zip(home_ground);
    for (at_home, ((fighters, control), home)) in at_home.iter_mut().zip(there) {
        let open = (*fighters >= 1.0) | (*control > FOOT);
        *at_home = if open { *home } else { 0.0 };
    }
}

/// What is missing of a force where it is at home: what is due there, by its share of all homes, less those who stay.
fn gap(at_home: f64, due: f64, fighters: f64, leaving: f64) -> f64 {
    (at_home * due - fighters * (1.0 - leaving)).max(0.0)
}

fn add_gaps(gaps: &mut [f64], at_home: &[f64], due: &[f64], presence: &[f64], leaving: &[f64]) {
    let there = at_home.iter().zip(due).zip(presence.iter().zip(leaving));
    for (gaps, ((at_home, due), (fighters, leaving))) in gaps.iter_mut().zip(there) {
        *gaps += gap(*at_home, *due, *fighters, *leaving);
    }
}

/// Lets some leave, and others join.
fn replace(
    presence: &mut [f64],
    at_home: &[f64],
    due: &[f64],
    leaving: &[f64],
    [per_gap, per_home, per_fighter]: [&[f64]; 3],
) {
    let there = at_home.iter().zip(due).zip(leaving);
    let keys = per_gap.iter().zip(per_home).zip(per_fighter);
    for ((fighters, ((at_home, due), leaving)), ((per_gap, per_home), per_fighter)) in
        presence.iter_mut().zip(there).zip(keys)
    {
        let gap = gap(*at_home, *due, *fighters, *leaving);
        *fighters = *fighters * (1.0 - leaving) + per_gap * gap + per_home * at_home + per_fighter * *fighters;
    }
}
