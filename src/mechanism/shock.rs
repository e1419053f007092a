//! Shocks: how much more or less violent times are than usual.
//!
//! `ln a' = ρ ln a + √(1 − ρ²) σ η` from review to review, `ρ = e^{−weeks / memory}`: one common to the theatre, one per
//! pair for fighting, one per faction for attacks on civilians. Only the common one moves totals, since the others
//! average out; these are divided by their mean, so that the usual level is the median of the total.

use super::parameters::parameters;
use super::scratch::Scratch;
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
        /// How long good and bad years last.
        memory = 52.0 in 0.1 to 1000.0, "weeks", "assumption: a year";
    }
}

/// Lets times change, over the weeks to the next review; `review` counts reviews, and at the first one all is drawn
/// anew.
pub fn change(params: &Shocks, world: &mut World, scratch: &mut Scratch, review: u32, weeks: f64) {
    let next = Next::after(params, review, weeks);
    let uniform = scratch.draws.sequence(Purpose::Times, DrawKey::whole(), review).uniform();
    world.shock.common = next.of(world.shock.common, uniform);
    let times = common(params, world);
    for faction in world.alive.ids() {
        if world.alive[faction] {
            let uniform = scratch.draws.of_faction(Purpose::Fury, world, faction, review);
            let level = next.of(world.shock.faction[faction], uniform);
            world.shock.faction[faction] = level;
            world.shock.attacks[faction] = exp(times + params.own * level);
        }
    }
}

/// Lets the times of hostile pairs change, who alone fight, up to the last review, of all that they have missed: `weeks` from one to
/// the next.
pub fn change_feuds(params: &Shocks, world: &mut World, scratch: &mut Scratch, weeks: f64) {
    let times = common(params, world);
    let (first, later) = (Next::after(params, 0, weeks), Next::after(params, 1, weeks));
    let reviews = scratch.reviews;
    let Scratch { hostile, draws, .. } = scratch;
    for (pair, low, high) in hostile.iter().copied() {
        let seen = std::mem::replace(&mut world.shock.seen[pair], reviews);
        if seen == reviews || !world.alive[low] || !world.alive[high] {
            continue;
        }
        let mut level = world.shock.pair[pair];
        for review in seen..reviews {
            let uniform = draws.earlier_of_pair(Purpose::Feud, world, low, high, review);
            level = if review == 0 { &first } else { &later }.of(level, uniform);
        }
        world.shock.pair[pair] = level;
        world.shock.fighting[pair] = exp(times + params.own * level);
    }
}

/// The logarithm of what all violence has in common, less by what a pair or faction of its own adds on average.
fn common(params: &Shocks, world: &World) -> f64 {
    params.common * world.shock.common - 0.5 * params.own * params.own
}

/// How a level changes from one review to the next.
struct Next {
    keep: f64,
    fresh: f64,
}

impl Next {
    fn after(params: &Shocks, review: u32, weeks: f64) -> Self {
        let keep = if review == 0 { 0.0 } else { exp(-weeks / params.memory) };
        Self { keep, fresh: (1.0 - keep * keep).sqrt() }
    }

    fn of(&self, level: f64, uniform: f64) -> f64 {
        self.keep * level + self.fresh * sample::normal(uniform)
    }
}
