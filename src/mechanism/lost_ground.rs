//! Lost ground: what factions held at the start and others have gained since.
//!
//! `L_ij` is the share of what i held at the start, by worth, that j has gained since. What is lost of a zone is laid to those
//! who have gained there, in proportion; the to and fro of a front is not counted. It is one of the reasons of
//! [`super::appraisal`].

use super::scratch::Scratch;
use crate::base::row;
use crate::base::{FactionId, Id, Matrix, ZoneId};
use crate::world::{Setting, World, worth};

/// Changes of control below this are the to and fro of a front.
const NOTICED: f64 = 0.05;

/// Finds what share of what each faction held at the start, by worth, each other has gained since. Done at reviews.
pub fn find(setting: &Setting, world: &mut World, scratch: &mut Scratch) {
    let mut lost = std::mem::replace(&mut world.lost, Matrix::filled(0, 0, 0.0));
    let [held, followed, gains, ..] = &mut scratch.rows;
    lost.values_mut().fill(0.0);
    held.fill(0.0);
    let merged = world.absorbed_into.values().iter().any(Option::is_some);
    for zone in setting.zones.ids() {
        let mut before = world.anchor.held.row(zone);
        if merged {
            followed.copy_from_slice(before);
            hand_over(world, followed);
            before = followed;
        }
        // Most places are nearly as they were.
        let value = setting.zones[zone].strategic_value;
        let fell = hold(held, before, value, world.claim.row(zone), world.control.row(zone));
        if fell {
            lay_to_winners(setting, world, zone, (before, gains), &mut lost);
        }
    }
    for (own, all) in world.alive.ids().zip(&*held) {
        let per_worth = if *all > 0.0 { 1.0 / all } else { 0.0 };
        lost.row_mut(own).iter_mut().for_each(|lost| *lost *= per_worth);
        scratch.lost[own.index()] = row::sum(lost.row(own));
    }
    world.lost = lost;
}

/// Adds what was held of a place, by worth, to what was held of all; whether much of it has been lost.
fn hold(held: &mut [f64], before: &[f64], value: f64, claims: &[f64], control: &[f64]) -> bool {
    let mut fell = false;
    for ((held, claim), (share, now)) in held.iter_mut().zip(claims).zip(before.iter().zip(control)) {
        *held += worth(value, *claim) * share;
        fell |= share - now > NOTICED;
    }
    fell
}

/// What was held by those who merged counts as held by what they have become.
fn hand_over(world: &World, before: &mut [f64]) {
    for (index, into) in world.absorbed_into.values().iter().enumerate() {
        if into.is_some() && before[index] > 0.0 {
            let share = std::mem::take(&mut before[index]);
            before[world.successor(FactionId::from_index(index)).index()] += share;
        }
    }
}

/// Lays what has been lost of a zone to those who have gained there, by worth.
fn lay_to_winners(
    setting: &Setting,
    world: &World,
    zone: ZoneId,
    (before, gains): (&[f64], &mut [f64]),
    lost: &mut Matrix<FactionId, FactionId, f64>,
) {
    let control = world.control.row(zone);
    let mut all = 0.0;
    for ((gain, now), share) in gains.iter_mut().zip(control).zip(before) {
        *gain = if now - share > NOTICED { now - share } else { 0.0 };
        all += *gain;
    }
    if all <= 0.0 {
        return;
    }
    for (own, (share, now)) in world.alive.ids().zip(before.iter().zip(control)) {
        let fell = share - now;
        if fell <= NOTICED {
            continue;
        }
        let per_gain = setting.worth(world, zone, own) * fell.min(all) / all;
        for (other, gain) in world.alive.ids().zip(&*gains) {
            if *gain > 0.0 && !world.same_party(own, other) {
                lost[(own, other)] += per_gain * gain;
            }
        }
    }
}
