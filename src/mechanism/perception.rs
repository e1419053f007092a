//! Perception: each faction's estimate of every other's strength.
//!
//! The logarithm of an estimate returns to the logarithm of the strength shown and is disturbed by noise, an
//! Ornstein–Uhlenbeck process `d ln b = κ (ln T − ln b) dt + s √(2κ) dW`, stepped exactly over the time between two
//! reviews (Uhlenbeck and Ornstein 1930). What is shown, `T = M (1 + credence · boast)`, is what a faction claims as
//! far as it is believed; a peace force that can look for itself lowers the credence. Estimates are revised at
//! reviews, not every week, as intelligence estimates are. The noise is shared in halves by the observer (who may be
//! poor at it) and the observed (who may be hard to read).

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::Id;
use crate::base::maths::{exp, ln};
use crate::random::{Purpose, sample};
use crate::world::World;

parameters! {
    /// How factions estimate each other's strength.
    Perception {
        /// How fast an estimate returns to the strength shown. Higher values make news travel faster.
        revision = 0.08 in 0.0 to 10.0, "per week", "assumption: half of a surprise is taken in after nine weeks";
        /// Spread of an estimate about the strength shown, as the standard deviation of its logarithm. Higher values make
        /// misjudgement commoner.
        noise = 0.25 in 0.0 to 2.0, "natural logarithm", "published estimates of one group's strength commonly differ by a factor of 1.5";
        /// How far boasts are believed. Higher values make claimed strength count as real.
        credence = 0.5 in 0.0 to 1.0, "share", "assumption";
    }
}

/// Revises all estimates over the weeks to the next review. `review` counts reviews, for the draws.
pub fn revise(params: &Perception, world: &mut World, scratch: &mut Scratch, review: u32, weeks: f64) {
    let keep = exp(-params.revision * weeks);
    let spread = params.noise * (1.0 - keep * keep).sqrt() * std::f64::consts::FRAC_1_SQRT_2;
    let credence = credence(params, world);
    let slots = world.slots();
    let Scratch { draws, rows, .. } = scratch;
    let [shown, hard_to_read, stands, ..] = rows.each_mut().map(|row| &mut row[..slots]);
    for row in [&mut *shown, &mut *hard_to_read, &mut *stands] {
        row.fill(0.0);
    }
    for observed in world.alive.ids() {
        let (index, strength) = (observed.index(), world.strength[observed]);
        if world.alive[observed] && strength > 0.0 {
            shown[index] = ln(strength * (1.0 + credence * world.character[observed].boast));
            hard_to_read[index] =
                sample::normal(draws.of_faction(Purpose::PerceptionObserved, world, observed, review));
            stands[index] = 1.0;
        } else {
            for observer in world.alive.ids() {
                world.belief[(observer, observed)] = 0.0;
            }
        }
    }
    for observer in world.alive.ids().filter(|observer| world.alive[*observer]) {
        let poor_eye = sample::normal(draws.of_faction(Purpose::PerceptionObserver, world, observer, review));
        let of_oneself = world.belief[(observer, observer)];
        let news = shown.iter().zip(&*hard_to_read).zip(&*stands);
        for (belief, ((shown, hard_to_read), stands)) in world.belief.row_mut(observer).iter_mut().zip(news) {
            let gap = if *belief > 0.0 { ln(*belief) - shown } else { 0.0 };
            *belief = stands * exp(shown + gap * keep + spread * (hard_to_read + poor_eye));
        }
        world.belief[(observer, observer)] = of_oneself;
    }
}

/// How far boasts are believed: less where a peace force can look for itself.
fn credence(params: &Perception, world: &World) -> f64 {
    let watched: f64 = world
        .alive
        .iter()
        .filter(|(faction, alive)| **alive && world.strength[*faction] > 0.0)
        .map(|(faction, _)| world.character[faction].peacekeeping)
        .fold(0.0, f64::max);
    params.credence * (1.0 - watched)
}

/// Sets all estimates to the strength shown, about which they are scattered later.
pub(super) fn see_what_is_shown(params: &Perception, world: &mut World) {
    let credence = credence(params, world);
    for observed in world.alive.ids() {
        let shown = world.strength[observed] * (1.0 + credence * world.character[observed].boast);
        for observer in world.alive.ids() {
            let stands = world.alive[observed] && observer != observed;
            world.belief[(observer, observed)] = if stands { shown } else { world.strength[observed] };
        }
    }
}
