//! Economy: revenue, upkeep, recruits, desertion.
//!
//! A faction's weekly income is the revenue of the zones it controls, what supporters give, and what comes from
//! elsewhere; each fighter costs 1. Recruits come from supporters with a grievance where the faction is present,
//! limited by the money; unpaid fighters desert, the more the lower the cohesion. Fighters are counted in and out.

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
        let purse = world.treasury[faction] + scratch.targets[faction] * weeks;
        let upkeep = force * weeks;
        let unpaid = if purse < upkeep { 1.0 - purse.max(0.0) / upkeep } else { 0.0 };
        world.treasury[faction] = (purse - upkeep).clamp(0.0, params.hoard * force);

        let loose = 1.0 - world.cohesion[faction];
        let leaving = closing((params.desertion * unpaid + params.attrition) * loose, weeks);
        let surplus = if unpaid > 0.0 {
            0.0
        } else {
            (scratch.targets[faction] - force).max(0.0) + world.treasury[faction] / 52.0
        };
        let willing: f64 = setting.zones.ids().map(|zone| scratch.zone_sums[(zone, faction)]).sum();
        let joining = (willing * weeks).min(surplus).min(force * params.growth * weeks);
        change(setting, world, scratch, faction, leaving, joining, willing);
    }
}

/// What supporters give at the start, as (faction, fighters kept per week) for each cell in which it has some.
pub fn first_gifts(setting: &Setting, params: &Economy) -> Vec<(FactionId, f64)> {
    let mut gifts = Vec::new();
    for (cell, _) in setting.cells.iter() {
        let thousands = setting.initial.at_home[cell] / 1000.0;
        for (index, share) in setting.initial.support.row(cell).iter().enumerate().filter(|(_, share)| **share > 0.0) {
            gifts.push((FactionId::from_index(index), params.gifts * thousands * share));
        }
    }
    gifts
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
    // What supporters gave at the start is part of how the budget stood then.
    for (faction, gifts) in &scratch.first_gifts {
        incomes[*faction] -= gifts;
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

fn change(
    setting: &Setting,
    world: &mut World,
    scratch: &Scratch,
    faction: FactionId,
    leaving: f64,
    joining: f64,
    willing: f64,
) {
    let mut sum = 0.0;
    for zone in setting.zones.ids() {
        let fighters = &mut world.presence[(zone, faction)];
        // Recruits come only where there are fighters already.
        if *fighters <= 0.0 {
            continue;
        }
        world.tally.deserted += *fighters * leaving;
        *fighters *= 1.0 - leaving;
        if willing > 0.0 {
            let joined = joining * scratch.zone_sums[(zone, faction)] / willing;
            *fighters += joined;
            world.tally.recruited += joined;
        }
        sum += *fighters;
    }
    world.strength[faction] = sum;
}
