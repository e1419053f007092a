//! Shocks: how much more or less violent times are than usual.
//!
//! `ln a' = ρ ln a + √(1 − ρ²) σ η` from review to review, `ρ = e^{−weeks / memory}`: one common to the theatre, one per
//! pair for fighting, one per faction for attacks on civilians. Only the common one moves totals, since the others
//! average out; these are divided by their mean, so that the usual level is the median of the total.

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::PairId;
use crate::base::maths::exp;
use crate::random::{DrawKey, Purpose, sample};
use crate::world::World;

parameters! {
    /// How much violence varies beyond what its causes explain.
    Shocks {
        /// Standard deviation of the logarithm of what all violence has in common. Higher values make good and bad years.
        common = 0.6 in 0.0 to 3.0, "natural logarithm", "fitted to the spread of yearly deaths in Mali, 2012 to 2022 (UCDP)", plausible 0.35 to 0.8;
        /// Standard deviation of the logarithm of each pair's fighting and each faction's attacks.
        own = 0.8 in 0.0 to 3.0, "natural logarithm", "fitted to the spread of yearly deaths by type in Mali, 2012 to 2022 (UCDP)", plausible 0.6 to 1.0;
        /// How long such times last.
        memory = 52.0 in 0.1 to 1000.0, "weeks", "assumption: a year";
    }
}

/// Lets times change, over the weeks since the last review; `review` counts reviews, and at the first one all is drawn
/// anew.
pub fn change(params: &Shocks, world: &mut World, scratch: &mut Scratch, review: u32, weeks: f64) {
    let keep = if review == 0 { 0.0 } else { exp(-weeks / params.memory) };
    let fresh = (1.0 - keep * keep).sqrt();
    let next = |level: f64, uniform: f64| keep * level + fresh * sample::normal(uniform);
    let uniform = scratch.draws.sequence(Purpose::Times, DrawKey::whole(), review).uniform();
    world.shock.common = next(world.shock.common, uniform);
    let times = params.common * world.shock.common - 0.5 * params.own * params.own;
    for (pair, low, high) in PairId::all(world.factions()) {
        if world.alive[low] && world.alive[high] {
            let uniform = scratch.draws.of_pair(Purpose::Feud, world, low, high, review);
            let level = next(world.shock.pair[pair], uniform);
            world.shock.pair[pair] = level;
            world.shock.fighting[pair] = exp(times + params.own * level);
        }
    }
    for faction in world.alive.ids() {
        if world.alive[faction] {
            let uniform = scratch.draws.of_faction(Purpose::Fury, world, faction, review);
            let level = next(world.shock.faction[faction], uniform);
            world.shock.faction[faction] = level;
            world.shock.attacks[faction] = exp(times + params.own * level);
        }
    }
}
