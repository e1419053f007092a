//! Trust: grows while commitments hold, wears away under war.
//!
//! Growth by experience is bounded, `dt/dτ = g (1 − t)` under pact and alliance, slower between the undisciplined (whose
//! people break what was agreed); under war `dt/dτ = −w t`; each less what it came to at the start, where trust is at
//! rest. Large steps down come with betrayal
//! ([`super::choice::leave`]) and leaks ([`super::leak`]). (Kydd 2005 on how trust is built by costly signals.)

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::PairId;
use crate::base::maths::closing;
use crate::world::{Setting, Stance, World};

parameters! {
    /// How trust changes while nothing special happens.
    Trust {
        /// Weekly growth of trust under a pact that holds, for a disciplined partner.
        pact = 0.006 in 0.0 to 10.0, "per week", "assumption";
        /// Weekly growth of trust under an alliance that holds.
        alliance = 0.012 in 0.0 to 10.0, "per week", "assumption";
        /// Weekly loss under war.
        war = 0.01 in 0.0 to 10.0, "per week", "assumption";
    }
}

/// Changes all trust over the weeks to the next review.
///
/// What it would change by where two stood at the start is at rest while they stand there.
pub fn grow(setting: &Setting, params: &Trust, world: &mut World, scratch: &mut Scratch, weeks: f64) {
    let worn = closing(params.war, weeks);
    scratch.standing.refresh(world);
    for bond in scratch.standing.bonds() {
        let (low, high) = bond.pair.members();
        let [stance, _] = bond.stances;
        for (own, other) in [(low, high), (high, low)] {
            let discipline = world.character[other].discipline;
            let trust = world.trust[(own, other)];
            let change = match stance {
                Stance::Pact => closing(params.pact * discipline, weeks) * (1.0 - trust),
                Stance::Alliance => closing(params.alliance * discipline, weeks) * (1.0 - trust),
                Stance::War => -worn * trust,
                Stance::Rivalry | Stance::Neutral => 0.0,
            };
            world.trust[(own, other)] = trust + change;
        }
    }
    let World { trust, anchor, alive, tie, .. } = world;
    for own in alive.ids().filter(|own| alive[*own]) {
        let ties = trust.row_mut(own).iter_mut().zip(anchor.trust.row(own));
        for ((trust, at_start), (other, alive)) in ties.zip(alive.iter()) {
            if *alive && other != own {
                let pair = PairId::of(own, other);
                let rest = if tie[pair].stance == setting.initial.tie[pair].stance { at_start * weeks } else { 0.0 };
                *trust = (*trust - rest).clamp(0.0, 1.0);
            }
        }
    }
}
