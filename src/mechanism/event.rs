//! Events: what the scenario schedules comes to pass, or does not.

use super::accord;
use super::merger;
use super::scratch::Scratch;
use super::trace::{Chance, Trace};
use crate::base::{EventId, FactionId, Id, PairId};
use crate::random::{Purpose, sample};
use crate::world::{Door, Happening, HappeningKind, ScheduledEffect, Setting, Stance, Withdrawal, World};

/// What falls due this week happens, and forces that are leaving go on doing so.
pub fn fire(setting: &Setting, world: &mut World, scratch: &mut Scratch, trace: &mut impl Trace) {
    // Events are sorted by step, so those due are one run of them.
    let first = setting.events.values().partition_point(|event| event.step < world.step);
    for (index, event) in setting.events.values().iter().enumerate().skip(first) {
        if event.step > world.step {
            break;
        }
        let draw = scratch.draws.sequence(Purpose::Event, event.key, event.step).uniform();
        let id = EventId::from_index(index);
        let held = trace.befell(Chance::Event(id), sample::happens(draw, event.chance));
        let happening = HappeningKind::Event { event: id, held };
        // An event held ready for a what-if, with no chance at all, is not news.
        if held || event.chance > 0.0 {
            trace.happened(Happening { kind: happening, public: true });
        }
        if held {
            take_effect(setting, world, trace, &event.effect);
        }
    }
    withdraw(world, trace);
}

fn take_effect(setting: &Setting, world: &mut World, trace: &mut impl Trace, effect: &ScheduledEffect) {
    match effect {
        ScheduledEffect::Leave { faction, steps } => {
            let faction = world.successor(*faction);
            world.withdrawals.push(Withdrawal { faction, steps: *steps });
        }
        ScheduledEffect::Scale { faction, factor } => {
            world.scale_force(world.successor(*faction), *factor);
        }
        ScheduledEffect::Income { faction, amount } => {
            let faction = world.successor(*faction);
            world.income[faction] = *amount;
        }
        ScheduledEffect::Merge { umbrella } => merger::hold_congress(setting, world, trace, *umbrella),
        ScheduledEffect::Mission { accord, steps, health } => {
            let state = &mut world.accord[*accord];
            state.mission_until = state.mission_until.max(world.step + steps);
            state.health = (state.health + health).clamp(0.0, 1.0);
        }
        ScheduledEffect::AccordStatus { accord, parties, status } => {
            for party in parties {
                let party = world.successor(*party);
                accord::set_status(setting, world, trace, *accord, party, *status);
            }
        }
        ScheduledEffect::OpenDialogue { pairs } => {
            for (a, b) in pairs {
                let (a, b) = (world.successor(*a), world.successor(*b));
                world.door[(a, b)] = Door::Open;
                world.door[(b, a)] = Door::Open;
            }
        }
        ScheduledEffect::Hostility { pairs, change } => {
            for (of, towards) in pairs {
                let (of, towards) = (world.successor(*of), world.successor(*towards));
                if of != towards {
                    let hostility = &mut world.hostility[(of, towards)];
                    *hostility = (*hostility + change).clamp(0.0, 1.0);
                }
            }
        }
    }
}

/// Each leaving force takes home an equal part of what is left per step; the last step takes all.
fn withdraw(world: &mut World, trace: &mut impl Trace) {
    for index in 0..world.withdrawals.len() {
        let Withdrawal { faction, steps } = world.withdrawals[index];
        if steps == 0 || !world.alive[faction] {
            continue;
        }
        world.scale_force(faction, 1.0 - 1.0 / f64::from(steps));
        world.withdrawals[index].steps -= 1;
        if steps == 1 {
            world.tally.moved_by_events -= world.strength[faction];
            world.strength[faction] = 0.0;
            vanish(world, trace, faction);
        }
    }
    world.withdrawals.retain(|withdrawal| withdrawal.steps > 0);
}

/// A faction is no more: its ground is nobody's, its talks and commitments lapse.
pub fn vanish(world: &mut World, trace: &mut impl Trace, faction: FactionId) {
    let factions = world.factions();
    for values in [world.presence.values_mut(), world.control.values_mut(), world.support.values_mut()] {
        for row in values.chunks_exact_mut(factions) {
            row[faction.index()] = 0.0;
        }
    }
    world.alive[faction] = false;
    for (_, low, high) in PairId::all(factions).filter(|(_, low, high)| *low == faction || *high == faction) {
        let tie = &mut world.tie[PairId::of(low, high)];
        tie.talks = None;
        tie.stance = Stance::Neutral;
        tie.claimed = Stance::Neutral;
    }
    trace.happened(Happening { kind: HappeningKind::Gone { faction }, public: true });
}
