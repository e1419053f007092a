//! Hostility: what factions hold against each other.
//!
//! Rises with the share of one's force lately lost to the other, concavely (`√weariness`); relaxes to its long-run level;
//! falls under pacts and alliances; and is pulled by structural balance: `+κ h (1 − h) Σ_k w_k h_ik v_jk`, the friend of
//! my enemy, the enemy of my enemy (Heider 1946; Antal, Krapivsky and Redner 2006). Every rise is scaled by the
//! hostility that is there, so that where there is none, none comes of nothing. What these forces add up to at the start
//! is taken off: the levels that a file states are at rest.

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::maths::closing;
use crate::base::{Id, row};
use crate::world::{Stance, World};

parameters! {
    /// How hostility changes.
    Hostility {
        /// Weekly rise per square root of the share of the force lately lost to the other. Higher values make hostility follow
        /// the fighting: it grows with it, and falls where it ends.
        losses = 0.05 in 0.0 to 10.0, "per week", "assumption";
        /// Weekly rate of return to the long-run level.
        relaxation = 0.01 in 0.0 to 10.0, "per week", "assumption: half in 16 months";
        /// Weekly pull of structural balance.
        balance = 0.03 in 0.0 to 10.0, "per week", "assumption";
        /// Weekly fall under a pact.
        pact = 0.005 in 0.0 to 10.0, "per week", "assumption";
        /// Weekly fall under an alliance.
        alliance = 0.015 in 0.0 to 10.0, "per week", "assumption";
        /// How fast losses are forgotten.
        memory = 0.06 in 0.0 to 10.0, "per week", "assumption: half in three months";
    }
}

/// Changes all hostility over the weeks to the next review.
pub fn update(params: &Hostility, world: &mut World, scratch: &mut Scratch, weeks: f64) {
    let relaxing = closing(params.relaxation, weeks);
    let forgetting = 1.0 - closing(params.memory, weeks);
    let (under_pact, under_alliance) = (closing(params.pact, weeks), closing(params.alliance, weeks));
    let width = world.width();
    let Scratch { changes, sides, weight, weights: pulls, .. } = scratch;
    // Sides are those of the week's beginning: who has fallen since may be among them.
    for own in world.alive.ids().filter(|own| world.alive[*own]) {
        // The pull on all ties at a time, third party by third party. The diagonals are 0, so the pair itself is none.
        pulls.fill(0.0);
        for (third, (hate, weight)) in world.alive.ids().zip(world.hostility.row(own).iter().zip(weight.values())) {
            let share = weight * hate;
            if share != 0.0 {
                for (other, valence) in &sides[third.index()] {
                    pulls[other.index()] += share * valence;
                }
            }
        }
        let levels = world.hostility.row(own).iter().zip(world.lasting_hostility.row(own));
        let felt = levels.zip(world.weariness.row(own)).zip(world.anchor.hostility.row(own));
        for ((other, change), ((((hostility, lasting), weariness), at_start), pull)) in
            world.alive.ids().zip(changes.row_mut(own)).zip(felt.zip(&*pulls))
        {
            let (hostility, weariness) = (*hostility, *weariness);
            *change = 0.0;
            if own == other || !world.alive[other] || (hostility <= 0.0 && *lasting <= 0.0) {
                continue;
            }
            let mut next = hostility;
            if weariness > 0.0 {
                let losses = closing(params.losses * weariness.sqrt(), weeks);
                next += losses * hostility.sqrt() * (1.0 - hostility);
            }
            next += params.balance * weeks * pull * hostility * (1.0 - hostility);
            next += relaxing * (lasting - next);
            next *= 1.0
                - match world.tie_of(own, other).stance {
                    Stance::Pact => under_pact,
                    Stance::Alliance => under_alliance,
                    _ => 0.0,
                };
            next -= at_start * weeks;
            *change = next.clamp(0.0, 1.0) - hostility;
        }
    }
    for own in world.alive.ids().filter(|own| world.alive[*own]) {
        row::add_scaled(&mut world.hostility.row_mut(own)[..width], changes.row(own), 1.0);
    }
    for weariness in world.weariness.values_mut() {
        *weariness *= forgetting;
    }
}
