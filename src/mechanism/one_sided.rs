//! One-sided violence: attacks on civilians, by faction and zone, and what is said about them.
//!
//! `N ~ Poisson(dt · λ · civilian_harm · √(m / m₀) · contest · (1 − support) · (1 − peacekeeping))` with
//! `contest = floor + (1 − floor)(1 − Σ q²)` with the control `q` of each enemy and rival, and of all others together with
//! one's own: most where control is divided and the people are not on one's side (Kalyvas 2006). Deaths per attack as in clashes. Of those deaths the faction admits a share (its candour), and an
//! observer on the spot (a peace force, some press everywhere) reports a share; both are kept apart from the fact.

use super::clash::{Clashes, local_support, lomax, mean_up_to, peacekeeping};
use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::{FactionId, Id, Matrix, ZoneId};
use crate::random::{Purpose, sample};
use crate::world::{DeathType, Setting, Stance, World};

parameters! {
    /// How often factions attack civilians, how deadly, and what becomes known.
    OneSidedViolence {
        /// Attacks per week by a force of the typical size with the worst conduct on contested ground that hates it.
        rate = 0.16 in 0.0 to 100.0, "per week", "fitted to UCDP's one-sided deaths in Mali 2018 to 2022";
        /// Share of the rate of attacks on civilians that remains on uncontested ground.
        floor = 0.05 in 0.0 to 1.0, "share", "Kalyvas 2006 for the direction; assumption for the value";
        /// Mean deaths in an attack.
        deaths = 5.0 in 0.0 to 1000.0, "deaths", "UCDP GED events in Mali have a mean of about five deaths";
        /// Tail exponent of deaths per attack, as for clashes.
        tail = 1.8 in 1.05 to 10.0, "exponent", "Clauset, Young and Gleditsch 2007 find 1.4 for attacks worldwide; less heavy for one country", plausible 1.4 to 2.5;
        /// The most that one attack can kill, as a share of the people there.
        most = 0.01 in 0.0 to 1.0, "share", "assumption";
        /// Share of deaths that is reported where no independent observer is.
        press = 0.4 in 0.0 to 1.0, "share", "assumption", plausible 0.25 to 0.6;
    }
}

/// One week of attacks on civilians in all zones.
pub fn attack(
    setting: &Setting,
    params: &OneSidedViolence,
    clashes: &Clashes,
    world: &mut World,
    scratch: &mut Scratch,
) {
    let scale = setting.calendar.weeks_in(world.step) / clashes.typical.sqrt();
    // What each would do where nothing holds it back.
    for (faction, most) in scratch.targets.iter_mut() {
        let intensity = world.anchor.attacks[faction] * world.shock.attacks[faction];
        *most = scale * params.rate * world.character[faction].civilian_harm * intensity;
    }
    for zone in setting.zones.ids() {
        for position in scratch.present_in(zone) {
            let faction = scratch.present[position];
            // All else only lowers the mean, and most weeks bring no attack even without it.
            let most = scratch.targets[faction] * scratch.roots[position];
            if most <= 0.0 {
                continue;
            }
            let Some(draw) = scratch.draws.one_sided(setting, world, zone, faction, most) else { continue };
            let kept = peacekeeping(clashes, scratch, zone);
            let mean = most * exposure(setting, params, world, zone, faction, kept);
            let attacks = sample::poisson(draw, mean);
            if attacks > 0 {
                kill(setting, params, world, scratch, zone, faction, attacks, kept);
            }
        }
    }
}

/// The deaths that a week of attacks is expected to bring, with all as it stands, per zone and attacker.
pub(super) fn expect(
    setting: &Setting,
    params: &OneSidedViolence,
    clashes: &Clashes,
    world: &World,
    scratch: &Scratch,
) -> Matrix<ZoneId, FactionId, f64> {
    let mut deaths = Matrix::filled(setting.zones.len(), world.factions(), 0.0);
    for zone in setting.zones.ids() {
        let people: f64 = setting.cells_in(zone).map(|cell| world.at_home[cell]).sum();
        let deaths_each = mean_up_to(params.deaths, params.tail, params.most * people);
        for position in scratch.present_in(zone) {
            let faction = scratch.present[position];
            let size = scratch.roots[position] / clashes.typical.sqrt();
            let kept = peacekeeping(clashes, scratch, zone);
            let rate = params.rate * world.character[faction].civilian_harm;
            let exposure = exposure(setting, params, world, zone, faction, kept);
            let attacks = rate * exposure * size * world.anchor.attacks[faction];
            deaths[(zone, faction)] = attacks * deaths_each;
        }
    }
    deaths
}

/// What of a faction's attacks the ground, the people and peacekeepers leave: 0 to 1.
fn exposure(
    setting: &Setting,
    params: &OneSidedViolence,
    world: &World,
    zone: ZoneId,
    faction: FactionId,
    kept: f64,
) -> f64 {
    // Who is neither its enemy nor its rival does not contest ground with it.
    let (mut own, mut others) = (0.0, 0.0);
    for (other, share) in
        world.alive.ids().zip(world.control.row(zone).iter().copied()).filter(|(_, share)| *share > 0.0)
    {
        if other == faction || world.stance(faction, other) > Stance::Rivalry {
            own += share;
        } else {
            others += share * share;
        }
    }
    let contest = params.floor + (1.0 - params.floor) * (1.0 - own * own - others);
    contest * (1.0 - kept) * (1.0 - local_support(setting, world, zone, faction))
}

#[allow(clippy::too_many_arguments, reason = "what the deaths depend on, each named")]
fn kill(
    setting: &Setting,
    params: &OneSidedViolence,
    world: &mut World,
    scratch: &mut Scratch,
    zone: ZoneId,
    faction: FactionId,
    attacks: u32,
    kept: f64,
) {
    let key = setting.zones[zone].key.with(world.key[faction]);
    let mut draws = scratch.draws.sequence(Purpose::OneSidedDeaths, key, world.step);
    let mut dead = 0.0;
    for _ in 0..attacks {
        let people: f64 = setting.cells_in(zone).map(|cell| world.at_home[cell]).sum();
        let most = (params.most * people).floor();
        let mean = lomax(draws.uniform(), params.deaths, params.tail).min(most);
        let deaths = f64::from(sample::poisson(draws.uniform(), mean)).min(most);
        dead += bury(setting, world, zone, faction, deaths);
    }
    world.tally.deaths[DeathType::OneSided as usize] += dead;
    world.tally.zone[zone][DeathType::OneSided as usize] += dead;
    world.tally.civilians[faction] += dead;
    world.tally.civilians_admitted[faction] += dead * world.character[faction].candour;
    world.tally.civilians_observed[faction] += dead * (params.press + (1.0 - params.press) * kept);
    scratch.deaths[zone] += dead;
    let population = setting.zones[zone].population;
    if population > 0.0 {
        world.harm[(zone, faction)] += 1000.0 * dead / population;
    }
}

/// Takes the dead from the cells of a zone, by people at home who do not support the faction. Returns how many.
fn bury(setting: &Setting, world: &mut World, zone: ZoneId, faction: FactionId, deaths: f64) -> f64 {
    let exposed = |world: &World, cell| world.at_home[cell] * (1.0 - world.support.row(cell)[faction.index()]).max(0.0);
    let all: f64 = setting.cells_in(zone).map(|cell| exposed(world, cell)).sum();
    if all <= 0.0 {
        return 0.0;
    }
    let mut dead = 0.0;
    for cell in setting.cells_in(zone) {
        let part = (deaths * exposed(world, cell) / all).min(world.at_home[cell]);
        world.at_home[cell] -= part;
        world.killed[cell] += part;
        dead += part;
    }
    dead
}
