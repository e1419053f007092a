//! Dissolution: a force that has lost gives up (victory, one of the ways in which wars end; Kreutz 2010).
//!
//! Who has less than `remnant` of the most fighters it ever had, and holds no place, gives up with hazard `rate`, and so does
//! who has not one fighter left: it becomes part of its closest ally, or its fighters go home. A splinter counts from what it began with. A state falls so
//! too, but for one that held no place at the start: what it rests on lies beyond the scenario.

use super::event::vanish;
use super::merger::{absorb, note_if_whole};
use super::parameters::parameters;
use super::scratch::Scratch;
use super::trace::{Decision, DecisionKind, Trace};
use crate::base::maths::chance;
use crate::base::{FactionId, Table, ZoneId};
use crate::random::Purpose;
use crate::world::{Setting, Stance, World};

parameters! {
    /// How forces that have lost give up.
    Dissolution {
        /// Share of its greatest strength below which a force that holds nothing gives up. Higher values make victories.
        remnant = 0.25 in 0.0 to 1.0, "share", "assumption";
        /// Weekly hazard that a force that is weak enough to give up does.
        rate = 0.02 in 0.0 to 1.0, "per week", "assumption: half within eight months";
    }
}

/// Forces that have lost may give up. Done at reviews, over the weeks to the next one.
pub fn give_up(
    setting: &Setting,
    params: &Dissolution,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    weeks: f64,
) {
    for own in world.alive.ids() {
        let strength = world.strength[own];
        world.peak[own] = world.peak[own].max(strength);
        let holds = |holders: &Table<ZoneId, Option<FactionId>>| {
            holders.values().iter().flatten().any(|holder| world.successor(*holder) == own)
        };
        let beaten = || strength < params.remnant * world.peak[own] && !holds(&world.holder);
        let lost = strength > 0.0
            && ((strength < 1.0 && world.peak[own] >= 1.0) || beaten())
            && world.on_its_own_account(own)
            && (!world.character[own].kind.is_state() || holds(&setting.initial.holder));
        if !lost {
            continue;
        }
        let refuge = closest_ally(world, own);
        let draw = scratch.draws.of_faction(Purpose::GivingUp, world, own, world.step);
        let (probability, between) = (chance(params.rate, weeks), (own, refuge.unwrap_or(own)));
        let decision = Decision::unweighed(DecisionKind::GiveUp, world.step, between, probability, draw);
        if trace.decided(&decision) {
            match refuge {
                Some(ally) => {
                    absorb(setting, world, trace, own, ally);
                    note_if_whole(setting, world, ally);
                }
                None => {
                    world.tally.deserted += strength;
                    world.strength[own] = 0.0;
                    vanish(setting, world, trace, own);
                }
            }
        }
    }
}

/// Whom a force that gives up joins: of its allies and its umbrella's members, the one it trusts most.
fn closest_ally(world: &World, own: FactionId) -> Option<FactionId> {
    let allies = world.alive.ids().filter(|other| {
        *other != own
            && world.on_its_own_account(*other)
            && world.stance(own, *other) > Stance::War
            && (world.same_party(own, *other) || world.stance(own, *other) == Stance::Alliance)
    });
    allies.reduce(|best, next| if world.trust[(own, next)] > world.trust[(own, best)] { next } else { best })
}
