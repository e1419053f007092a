//! Lost ground: what factions held at the start and others have gained since.
//!
//! `L_ij` is the share of what i held at the start, by worth, that j has gained since. What is lost of a zone is laid to those
//! who have gained there, in proportion; the to and fro of a front is not counted. It is one of the reasons of
//! [`super::appraisal`].

use crate::base::{FactionId, Id, Matrix};
use crate::world::{Setting, World};

/// Finds what share of what each faction held at the start, by worth, each other has gained since. Done at reviews.
pub fn find(setting: &Setting, world: &mut World) {
    /// Changes of control below this are the to and fro of a front.
    const NOTICED: f64 = 0.05;
    let factions = world.factions();
    let mut lost = std::mem::replace(&mut world.lost, Matrix::filled(0, 0, 0.0));
    lost.values_mut().fill(0.0);
    let mut held = vec![0.0; factions];
    let mut before = vec![0.0; factions];
    for zone in setting.zones.ids() {
        before.fill(0.0);
        for (index, share) in world.anchor.held.row(zone).iter().enumerate().filter(|(_, share)| **share > 0.0) {
            before[world.successor(FactionId::from_index(index)).index()] += share;
        }
        let gained = |faction: usize| {
            let gain = world.control.row(zone)[faction] - before[faction];
            if gain > NOTICED { gain } else { 0.0 }
        };
        let mut all = None;
        for own in world.alive.ids().filter(|own| before[own.index()] > 0.0) {
            let worth = setting.worth(world, zone, own);
            let share = before[own.index()];
            held[own.index()] += worth * share;
            let fell = share - world.control[(zone, own)];
            if fell <= NOTICED {
                continue;
            }
            let all = *all.get_or_insert_with(|| (0..factions).map(gained).sum::<f64>());
            if all <= 0.0 {
                continue;
            }
            let rivals = world.alive.ids().filter(|other| !world.same_party(own, *other));
            for other in rivals {
                lost[(own, other)] += worth * fell.min(all) * gained(other.index()) / all;
            }
        }
    }
    for own in world.alive.ids() {
        let all = held[own.index()];
        for lost in lost.row_mut(own) {
            *lost = if all > 0.0 { *lost / all } else { 0.0 };
        }
    }
    world.lost = lost;
}
