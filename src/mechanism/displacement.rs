//! Displacement: people flee violence, and return when it is calm.
//!
//! From a zone in which people are killed, `people · (1 − e^(−k · deaths / people))` flee, so that each death drives about
//! `k` from home as long as few have left; from a place that falls or is besieged, a share. They go to places that draw
//! them (people over travel cost squared, the gravity law of migration), are safe, and lie behind no closed border. They
//! return at the rate that makes up for those who flee as things stand at the
//! start, faster where it is calmer and slower where it is worse; those who have fled since go home at the usual rate.

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::maths::{closing, exp, exp_m1};
use crate::base::row;
use crate::base::{Id, Table, ZoneId};
use crate::world::{Setting, World};

parameters! {
    /// How people flee and return.
    Displacement {
        /// People who flee per death where they live, at first.
        per_death = 40.0 in 0.0 to 100000.0, "people per death", "IDMC: about 150,000 new displacements in Mali in 2022; UCDP: 3,656 deaths";
        /// Share of the people of a place who flee when it falls; half of that when it is besieged.
        capture = 0.1 in 0.0 to 1.0, "share", "assumption";
        /// How fast violence is forgotten.
        memory = 0.08 in 0.0 to 10.0, "per week", "assumption: half in nine weeks";
        /// Recent deaths per thousand people that halve the draw of a refuge, and the wish to return.
        fear = 0.2 in 0.0001 to 1000.0, "deaths per thousand people", "assumption";
        /// Weekly rate of return to a zone that is calm.
        return_rate = 0.006 in 0.0 to 1.0, "per week", "UNHCR: 65,000 to 77,000 of about 350,000 returned a year, 2021 and 2022";
    }
}

/// How many times the usual rate people return at most.
const MOST: f64 = 2.0;

/// One week: memory of violence fades, and people flee from the zones where people died.
pub fn flee(setting: &Setting, params: &Displacement, world: &mut World, scratch: &mut Scratch, weeks: f64) {
    let fading = 1.0 - closing(params.memory, weeks);
    for violence in world.violence.values_mut() {
        *violence *= fading;
    }
    for (zone, dead) in scratch.deaths.iter().filter(|(_, dead)| **dead > 0.0) {
        let population = setting.zones[zone].population;
        if population > 0.0 {
            world.violence[zone] += 1000.0 * dead / population;
        }
    }
    let Scratch { deaths, safety, alarm, pulls: draws, .. } = scratch;
    for (safety, violence) in safety.iter_mut().zip(world.violence.values()) {
        *safety = params.fear / (params.fear + violence);
    }
    let any_closed = !world.borders.list().is_empty();
    for zone in setting.zones.ids() {
        let (deaths, alarm) = (deaths[zone], std::mem::take(&mut alarm[zone]));
        if deaths <= 0.0 && alarm <= 0.0 {
            continue;
        }
        let World { at_home, displaced, borders, .. } = &mut *world;
        let people: f64 = setting.cells_in(zone).map(|cell| at_home[cell]).sum();
        if people <= 0.0 {
            continue;
        }
        let in_fear = -exp_m1(-params.per_death * deaths / people);
        let leaving = in_fear + (1.0 - in_fear) * params.capture * alarm;
        for cell in setting.cells_in(zone) {
            let refuges = &setting.cells[cell].refuges;
            let mut all = 0.0;
            for (draw, (place, pull)) in draws.iter_mut().zip(refuges) {
                let open = !any_closed || setting.is_open(borders, zone, *place);
                *draw = if open { pull * safety[place.index()] } else { 0.0 };
                all += *draw;
            }
            if all <= 0.0 {
                continue;
            }
            let gone = at_home[cell] * leaving;
            row::add_scaled(displaced.row_mut(cell), &draws[..refuges.len()], gone / all);
            at_home[cell] -= gone;
        }
    }
}

/// The weekly rate of return of each cell's people that makes up for those who are expected to flee with so many deaths per
/// week and zone, at most [`MOST`]; the usual rate where nobody is displaced: what
/// [`crate::world::Anchors::homecoming`] holds.
pub(super) fn find_anchor(setting: &Setting, params: &Displacement, world: &mut World, deaths: &Table<ZoneId, f64>) {
    for zone in setting.zones.ids() {
        let people: f64 = setting.cells_in(zone).map(|cell| world.at_home[cell]).sum();
        let leaving = if people > 0.0 { -exp_m1(-params.per_death * deaths[zone] / people) } else { 0.0 };
        for cell in setting.cells_in(zone) {
            let away: f64 = (world.displaced.row(cell).iter().zip(&setting.cells[cell].refuges))
                .filter(|(_, (place, _))| setting.is_open(&world.borders, zone, *place))
                .map(|(people, _)| people)
                .sum();
            let rate = if away > 0.0 { world.at_home[cell] * leaving / away } else { params.return_rate };
            world.anchor.homecoming[cell] = rate.min(MOST * params.return_rate);
        }
    }
}

/// People return to zones that are as calm as at the start, and more of them to zones that are calmer. Done at reviews, over the weeks to the next one.
pub fn come_home(setting: &Setting, params: &Displacement, world: &mut World, weeks: f64) {
    let any_closed = !world.borders.list().is_empty();
    for zone in setting.zones.ids() {
        let more = world.violence[zone] - world.anchor.violence[zone];
        let calm = exp(-more / params.fear * std::f64::consts::LN_2);
        let shares = |rate: f64| {
            let of_all = (rate * calm).min(MOST * params.return_rate);
            let more_of_new = (params.return_rate - rate).max(0.0) * calm.min(1.0);
            let (of_all, of_new) = (closing(of_all, weeks), closing(of_all + more_of_new, weeks));
            (of_all, of_new - of_all)
        };
        // Most cells of a zone have the same rate.
        let (mut rate, mut of_all, mut of_new) = (f64::NAN, 0.0, 0.0);
        for cell in setting.cells_in(zone) {
            let displaced = world.displaced.row_mut(cell);
            if displaced.iter().all(|people| *people <= 0.0) {
                continue;
            }
            if rate.to_bits() != world.anchor.homecoming[cell].to_bits() {
                rate = world.anchor.homecoming[cell];
                (of_all, of_new) = shares(rate);
            }
            let part = |now: f64, at_start: f64| now * of_all + (now - at_start).max(0.0) * of_new;
            let before = setting.initial.displaced.row(cell);
            let mut returning = 0.0;
            if any_closed {
                let refuges = &setting.cells[cell].refuges;
                for ((displaced, at_start), (place, _)) in displaced.iter_mut().zip(before).zip(refuges) {
                    if setting.is_open(&world.borders, zone, *place) {
                        let part = part(*displaced, *at_start);
                        *displaced -= part;
                        returning += part;
                    }
                }
            } else {
                returning += row::sum(displaced);
                for (displaced, at_start) in displaced.iter_mut().zip(before) {
                    *displaced -= part(*displaced, *at_start);
                }
                returning -= row::sum(displaced);
            }
            world.at_home[cell] += returning;
        }
    }
}
