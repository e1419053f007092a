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

/// Pays, recruits and loses fighters over the weeks since the last review.
pub fn provide(setting: &Setting, params: &Economy, world: &mut World, scratch: &mut Scratch, weeks: f64) {
    find_incomes(setting, params, world, scratch);
    find_recruits(setting, params, world, scratch);
    for faction in world.alive.ids() {
        let force = world.strength[faction];
        if !world.alive[faction] || force <= 0.0 {
            continue;
        }
        let (income, at_start) = (scratch.targets[faction], world.anchor.income[faction]);
        let kept = if at_start > 0.0 { world.anchor.establishment[faction] * income / at_start } else { income };
        let purse = world.treasury[faction] + kept * weeks;
        let upkeep = force * weeks;
        let unpaid = if purse < upkeep { 1.0 - purse.max(0.0) / upkeep } else { 0.0 };
        world.treasury[faction] = (purse - upkeep).clamp(0.0, params.hoard * force);

        let leaving = closing((params.desertion * unpaid + params.attrition) * loose(world, faction), weeks);
        // No more are taken on than a year's income and what is in hand beyond the usual reserve can pay.
        let spare = (world.treasury[faction] - world.anchor.reserve[faction]).max(0.0) / 52.0;
        let surplus = if unpaid > 0.0 { 0.0 } else { (kept - force).max(0.0) + spare };
        let willing: f64 = setting.zones.ids().map(|zone| scratch.zone_sums[(zone, faction)]).sum();
        let willing = willing.max(world.anchor.recruits[faction]);
        let joining = (willing * weeks).min(surplus).min(force * params.growth * weeks);
        change(setting, world, &mut scratch.shares, faction, leaving, joining);
    }
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
    let incomes = &mut scratch.targets;
    incomes.values_mut().copy_from_slice(world.income.values());
    for (zone, traits) in setting.zones.iter() {
        for (income, share) in incomes.values_mut().iter_mut().zip(world.control.row(zone)) {
            *income += traits.revenue * share;
        }
    }
    for (cell, _) in setting.cells.iter() {
        let thousands = world.at_home[cell] / 1000.0;
        for (income, share) in incomes.values_mut().iter_mut().zip(world.support.row(cell)) {
            *income += params.gifts * thousands * share;
        }
    }
}

/// Fills `zone_sums` with those who would join per week, by zone and faction.
fn find_recruits(setting: &Setting, params: &Economy, world: &World, scratch: &mut Scratch) {
    for zone in setting.zones.ids() {
        let row = scratch.zone_sums.row_mut(zone);
        row.fill(0.0);
        for (faction, fighters) in world.alive.ids().zip(world.presence.row(zone)) {
            if *fighters > 1.0 && world.character[faction].recruits {
                row[faction.index()] = setting.cells_in(zone).fold(0.0, |sum, cell| {
                    let ready = params.recruitment * world.at_home[cell] * world.grievance[cell];
                    sum + ready * world.support[(cell, faction)]
                });
            }
        }
    }
}

/// Fighters leave where they are, and recruits fill the gaps where the force is at home and still has a foot; where it
/// has no gap they join in proportion to home, and where it has no home, what there is.
fn change(setting: &Setting, world: &mut World, shares: &mut Vec<f64>, faction: FactionId, leaving: f64, joining: f64) {
    /// Share of control that is a foot on the ground.
    const FOOT: f64 = 0.05;
    let force = world.strength[faction];
    let open = |world: &World, zone| world.presence[(zone, faction)] >= 1.0 || world.control[(zone, faction)] > FOOT;
    let at_home = |world: &World, zone| if open(world, zone) { world.home_ground[(zone, faction)] } else { 0.0 };
    shares.clear();
    shares.extend(setting.zones.ids().map(|zone| at_home(world, zone)));
    let homes: f64 = shares.iter().sum();
    if homes > 0.0 {
        let then = force * (1.0 - leaving) + joining;
        let gap =
            |at_home: f64, zone| (at_home / homes * then - world.presence[(zone, faction)] * (1.0 - leaving)).max(0.0);
        let gaps: f64 = shares.iter().zip(setting.zones.ids()).map(|(at_home, zone)| gap(*at_home, zone)).sum();
        for (share, zone) in shares.iter_mut().zip(setting.zones.ids()) {
            *share = if gaps > 0.0 { gap(*share, zone) / gaps } else { *share / homes };
        }
    } else {
        shares.clear();
        shares.extend(setting.zones.ids().map(|zone| world.presence[(zone, faction)] / force));
    }
    let mut sum = 0.0;
    for (zone, share) in setting.zones.ids().zip(shares.iter()) {
        let fighters = &mut world.presence[(zone, faction)];
        if *fighters <= 0.0 && *share <= 0.0 {
            continue;
        }
        world.tally.deserted += *fighters * leaving;
        *fighters *= 1.0 - leaving;
        *fighters += joining * share;
        world.tally.recruited += joining * share;
        sum += *fighters;
    }
    world.strength[faction] = sum;
}
