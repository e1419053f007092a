//! Events: what the scenario schedules comes to pass, or does not.

use super::accord;
use super::ladder::Choice;
use super::merger;
use super::scratch::Scratch;
use super::succession::{Succession, succeed};
use super::trace::{Chance, Trace};
use super::{choice, disposition};
use crate::base::maths::{exp_m1, ln_1p};
use crate::base::{Calendar, EventId, FactionId, Id, PairId};
use crate::random::{Purpose, Sequence, sample};
use crate::world::{
    Door, Happening, HappeningKind, Likelihood, Scheduled, ScheduledEffect, Setting, Stance, Withdrawal, World,
};

/// What falls due this week happens, and forces that are leaving go on doing so.
pub fn fire(
    setting: &Setting,
    params: (&Choice, &Succession),
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
) {
    let now = world.step;
    for (_, pair) in setting.brought.iter().filter(|(step, _)| *step == now) {
        bring(setting, params.0, world, scratch, trace, *pair);
    }
    for (id, event) in setting.events.iter() {
        // Events are sorted by their first step.
        if event.step > world.step {
            break;
        }
        if event.last < world.step {
            continue;
        }
        let Some(so) = fate(setting.calendar, (id, event), world, scratch) else { continue };
        if event.condition.is_some() {
            world.settled.push(event.key);
        }
        let held = trace.befell(Chance::Event(id), so);
        // An event held ready for a what-if, with no chance at all, is not news, nor that none came of those that come at a
        // rate or wait for a condition.
        let awaited = matches!(event.chance, Likelihood::Once(_)) && event.condition.is_none();
        if held || (awaited && event.chance.is_possible()) {
            trace.happened(Happening { kind: HappeningKind::Event { event: id, held }, public: true });
        }
        if held {
            world.came.push(event.key);
            take_effect(setting, params, world, scratch, trace, event);
        }
    }
    withdraw(setting, world, trace);
}

/// Whether an event comes in this step, where that is settled now; what will not come is told when it no longer can.
fn fate(calendar: Calendar, (id, event): (EventId, &Scheduled), world: &World, scratch: &Scratch) -> Option<bool> {
    // One and the same draw, wherever its days lie.
    let mut draws = scratch.draws.sequence(Purpose::Event, event.key, 0);
    let (last, waits) = (event.last == world.step, event.condition.is_some());
    let holds = scratch.holds[id];
    match event.chance {
        // One that is held ready is not settled as long as it has no chance.
        chance if waits && (!chance.is_possible() || world.settled.contains(&event.key)) => None,
        Likelihood::First(chance) => (holds || last).then(|| holds && sample::happens(draws.uniform(), chance)),
        Likelihood::Rate(rate) if waits => {
            let so = holds && has_occasion(event, rate, draws, world.step);
            (so || last).then_some(so)
        }
        Likelihood::Once(_) | Likelihood::Rate(_) => {
            let due = due(calendar, event, placed(calendar, event, draws.uniform(), scratch.fresh_since));
            let settles = due.unwrap_or(event.last) == world.step && !world.came.contains(&event.key);
            settles.then_some(due.is_some() && holds)
        }
    }
}

/// Where the uniform of an event that has not come lies among all that it may be. What is drawn anew in the middle of a run, or what
/// changes there, counts for the time that is left: the uniform is below none at which it would have come before.
fn placed(calendar: Calendar, event: &Scheduled, uniform: f64, fresh_since: Option<u32>) -> f64 {
    let above = |event: &Scheduled, step: u32, rank: f64| {
        let gone = chance_before(calendar, event, step);
        gone + (1.0 - gone) * rank
    };
    match (event.changed.as_deref(), fresh_since) {
        (Some(changed), since) if since.is_none_or(|since| since < changed.from) => {
            let before = placed(calendar, &changed.was, uniform, since);
            let gone = chance_before(calendar, &changed.was, changed.from);
            let rank = if gone < 1.0 { ((before - gone) / (1.0 - gone)).max(0.0) } else { uniform };
            above(event, changed.from, rank)
        }
        (_, Some(since)) => above(event, since, uniform),
        (_, None) => uniform,
    }
}

/// How likely it is that an event has come before a step.
fn chance_before(calendar: Calendar, event: &Scheduled, step: u32) -> f64 {
    let passed = f64::from(step.saturating_sub(event.step));
    match event.chance {
        Likelihood::Once(chance) => {
            let (first, days) = event.days;
            let share = if days > 0 {
                let gone = calendar.days_before_step(step).saturating_sub(first).min(days);
                f64::from(gone) / f64::from(days)
            } else {
                (passed / event.window).min(1.0)
            };
            chance * share
        }
        Likelihood::Rate(rate) => -exp_m1(-rate * passed.min(event.window)),
        Likelihood::First(_) => 0.0,
    }
}

/// Whether one of the occasions of an event at a rate, a Poisson process from its first step on, falls into a step. The
/// first occasion is that on which it would come without a condition.
fn has_occasion(event: &Scheduled, rate: f64, mut draws: Sequence, step: u32) -> bool {
    let begins = f64::from(step - event.step);
    let ends = (begins + 1.0).min(event.window);
    let mut after = 0.0;
    // Before the step is compared, for a rate of 0 gives a time beyond all numbers, or none.
    while after < ends {
        after += -ln_1p(-draws.uniform()) / rate;
        if after >= begins && after < ends {
            return true;
        }
        if !after.is_finite() {
            break;
        }
    }
    false
}

/// On which step an event comes to pass, if it does: one uniform, monotone in chance and rate.
fn due(calendar: Calendar, event: &Scheduled, uniform: f64) -> Option<u32> {
    let after = match event.chance {
        Likelihood::Once(chance) => {
            if !sample::happens(uniform, chance) {
                return None;
            }
            let (first, days) = event.days;
            if days > 0 {
                let day = first + (uniform / chance * f64::from(days)) as u32;
                return Some(calendar.step_of_day(day.min(first + days - 1)));
            }
            uniform / chance * event.window
        }
        Likelihood::Rate(rate) => -ln_1p(-uniform) / rate,
        Likelihood::First(_) => 0.0,
    };
    // Before it is made whole, for a rate of 0 gives a time beyond all whole numbers.
    if after < event.window {
        Some((event.step + after as u32).min(event.last))
    } else if matches!(event.chance, Likelihood::Once(_)) {
        Some(event.last)
    } else {
        None
    }
}

fn take_effect(
    setting: &Setting,
    (choice, succession): (&Choice, &Succession),
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    event: &Scheduled,
) {
    match &event.effect {
        ScheduledEffect::Leave { faction, steps, zones } => {
            let part = world.part_of_successor(&setting.initial, *faction);
            let faction = world.successor(*faction);
            if part >= 1.0 {
                zones.iter().for_each(|zone| world.abandon(*zone, faction));
            }
            world.withdrawals.push(Withdrawal { faction, steps: *steps, part, zones: zones.clone() });
        }
        ScheduledEffect::Arrive { faction, fighters } => {
            let faction = world.successor(*faction);
            if world.alive[faction] {
                fighters.iter().for_each(|(zone, fighters)| world.bring(faction, *zone, *fighters));
            }
        }
        ScheduledEffect::Stance { pairs, to } => {
            for pair in pairs {
                let Some((a, b)) = standing(world, *pair) else { continue };
                disposition::acquaint(setting, choice, world, scratch, (a, b));
                set_stance(world, trace, (a, b), *to);
                disposition::settle(choice, world, scratch, (a, b));
            }
        }
        ScheduledEffect::Truce { pairs, steps } => {
            for pair in pairs {
                let Some((a, b)) = standing(world, *pair) else { continue };
                let truce = &mut world.truce[PairId::of(a, b)];
                *truce = (*truce).max(world.step + steps);
                if world.stance(a, b) == Stance::War {
                    disposition::acquaint(setting, choice, world, scratch, (a, b));
                    set_stance(world, trace, (a, b), Stance::Rivalry);
                    disposition::settle(choice, world, scratch, (a, b));
                }
            }
        }
        ScheduledEffect::Leader { faction } => {
            let faction = world.successor(*faction);
            if world.alive[faction] {
                succeed(setting, (succession, choice), world, scratch, trace, faction);
            }
        }
        ScheduledEffect::Sponsor { faction, sponsor, dependence } => {
            let (faction, sponsor) = (world.successor(*faction), world.successor(*sponsor));
            if faction != sponsor {
                let lost = world.dependence[(faction, sponsor)] - *dependence;
                // What the sponsor no longer pays is gone; what another pays is said by an event of income.
                world.income[faction] *= 1.0 - lost.max(0.0);
                world.dependence[(faction, sponsor)] = *dependence;
                scratch.is_noted = false;
            }
        }
        ScheduledEffect::Arms { faction, factor } => {
            let factor = world.partly(&setting.initial, *faction, *factor);
            let faction = world.successor(*faction);
            world.character[faction].quality *= factor;
        }
        ScheduledEffect::Scale { faction, factor } => {
            world.scale_force(world.successor(*faction), world.partly(&setting.initial, *faction, *factor));
        }
        ScheduledEffect::Income { faction, amount } => {
            let part = world.part_of_successor(&setting.initial, *faction);
            let faction = world.successor(*faction);
            let income = &mut world.income[faction];
            *income = if part < 1.0 { *income * (1.0 - part) + amount } else { *amount };
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
        ScheduledEffect::Propose { accord } => accord::propose(setting, world, trace, *accord),
        ScheduledEffect::OpenDialogue { pairs } => {
            for (a, b) in pairs {
                let (a, b) = (world.successor(*a), world.successor(*b));
                world.door[(a, b)] = Door::Open;
                world.door[(b, a)] = Door::Open;
            }
        }
        ScheduledEffect::Border { between, open } => world.borders.set(*between, *open),
        ScheduledEffect::Hostility { pairs, change } => {
            scratch.is_noted = false;
            for (place, pair) in pairs.iter().enumerate() {
                let now = |(of, towards): (FactionId, FactionId)| (world.successor(of), world.successor(towards));
                let (of, towards) = now(*pair);
                // Members of an umbrella that have become one feel it once.
                let known = pairs[..place].iter().any(|before| now(*before) == (of, towards));
                if of != towards && !known {
                    let hostility = &mut world.hostility[(of, towards)];
                    *hostility = (*hostility + change).clamp(0.0, 1.0);
                }
            }
        }
    }
}

/// The two of an event as they are by now; nobody if one has become one with the other, or is no more.
fn standing(world: &World, (a, b): (FactionId, FactionId)) -> Option<(FactionId, FactionId)> {
    let (a, b) = (world.successor(a), world.successor(b));
    (a != b && world.alive[a] && world.alive[b]).then_some((a, b))
}

/// What two have always been to each other is drawn anew, given where something from outside has brought them.
fn bring(
    setting: &Setting,
    choice: &Choice,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    (low, high): (FactionId, FactionId),
) {
    // Who has not been founded comes from a past that led there.
    if world.founded[PairId::of(low, high)] && world.alive[low] && world.alive[high] {
        disposition::acquaint(setting, choice, world, scratch, (low, high));
        choice::cut_off(world, trace, (low, high));
        disposition::settle(choice, world, scratch, (low, high));
    }
}

fn set_stance(world: &mut World, trace: &mut impl Trace, (a, b): (FactionId, FactionId), to: Stance) {
    let from = world.take_stance(a, b, to, true);
    if from != to {
        world.tie[PairId::of(a, b)].talks = None;
        let kind = HappeningKind::StanceChanged { between: (a, b), from, to };
        trace.happened(Happening { kind, public: true });
        choice::cut_off(world, trace, (a, b));
    }
}

/// Each leaving force takes home an equal part of what is left per step; the last step takes all.
fn withdraw(setting: &Setting, world: &mut World, trace: &mut impl Trace) {
    for index in 0..world.withdrawals.len() {
        let Withdrawal { faction, steps, part, ref zones } = world.withdrawals[index];
        if steps == 0 || !world.alive[faction] {
            continue;
        }
        let share = part / f64::from(steps);
        if zones.is_empty() {
            world.scale_force(faction, 1.0 - share);
        } else {
            zones.clone().into_iter().for_each(|zone| world.withdraw_from(faction, zone, share));
        }
        let everywhere = world.withdrawals[index].zones.is_empty();
        let leaving = &mut world.withdrawals[index];
        leaving.steps -= 1;
        leaving.part = if share < 1.0 { (part - share) / (1.0 - share) } else { 1.0 };
        if steps == 1 && everywhere && part >= 1.0 {
            world.tally.moved_by_events -= world.strength[faction];
            world.strength[faction] = 0.0;
            vanish(setting, world, trace, faction);
        }
    }
    world.withdrawals.retain(|withdrawal| withdrawal.steps > 0);
}

/// A faction is no more: its ground is nobody's, its talks and commitments lapse, and it is no party to any accord.
pub fn vanish(setting: &Setting, world: &mut World, trace: &mut impl Trace, faction: FactionId) {
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
    // Nobody pays it any more, and it pays nobody.
    world.dependence.row_mut(faction).fill(0.0);
    for other in world.alive.ids().filter(|other| *other != faction) {
        choice::cut_off(world, trace, (faction, other));
    }
    accord::drop_party(setting, &mut world.accord, faction);
    trace.happened(Happening { kind: HappeningKind::Gone { faction }, public: true });
}
