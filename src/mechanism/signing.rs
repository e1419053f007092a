//! Signing: how an accord that is on the table comes into force, party by party.
//!
//! A party that an accord has been put to considers it as often as parties review theirs, unless one of the others does
//! not talk to it or it does not talk to one of them. It weighs what it would gain by a pact with each of those at the
//! table with whom it has none ([`super::choice`]), under the accord's mediation and guarantee, and takes the mean; to
//! that comes what the accord itself is worth, `β_h (2 health − 1) − ask`, and that a text is there to agree on. A no
//! leaves the accord on the table.

use super::accord::{self, Accords, guarantee, leverage};
use super::outlook::{Weights, circumstances, look_out, weigh};
use super::scratch::Scratch;
use super::terms::{HABIT, TERMS, Terms, utility};
use super::trace::{Decision, DecisionKind, Trace};
use crate::base::maths::chance;
use crate::base::{AccordId, FactionId};
use crate::random::Purpose;
use crate::world::{Door, PartyStatus, Setting, Stance, World};

/// One week of all accords that are on the table.
pub fn advance(
    setting: &Setting,
    params: &Accords,
    weights: Weights<'_>,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
) {
    let due = chance(params.review, setting.calendar.weeks_in(world.step));
    for (accord, traits) in setting.accords.iter() {
        for (position, (party, _)) in traits.parties.iter().enumerate() {
            let proposed = world.accord[accord].status[position] == Some(PartyStatus::Proposed);
            if !proposed || !world.alive[*party] {
                continue;
            }
            let mut draws = scratch.draws.sequence(Purpose::Accord, world.key[*party].with(traits.key), world.step);
            if draws.uniform() >= due {
                continue;
            }
            let others = || others(setting, world, accord, *party);
            if others().next().is_none() || others().any(|other| is_closed(world, *party, other)) {
                continue;
            }
            let mut terms = worth(setting, params, weights, world, scratch, trace, accord, *party);
            trace.weighed(*party, *party, Stance::Pact, &mut terms);
            let decision = Decision {
                kind: DecisionKind::Sign,
                step: world.step,
                actor: *party,
                other: *party,
                from: Stance::Pact,
                goal: Stance::Pact,
                terms,
                probability: weights.probability(utility(&terms)),
                draw: draws.uniform(),
            };
            if trace.decided(&decision) {
                accord::set_status(setting, world, trace, accord, *party, PartyStatus::Active);
            }
        }
    }
}

/// The other parties that have signed, or may.
fn others(setting: &Setting, world: &World, accord: AccordId, party: FactionId) -> impl Iterator<Item = FactionId> {
    let parties = setting.accords[accord].parties.iter().zip(&world.accord[accord].status);
    parties
        .filter(move |((other, _), status)| {
            *other != party && world.alive[*other] && status.is_some_and(PartyStatus::is_at_table)
        })
        .map(|((other, _), _)| *other)
}

fn is_closed(world: &World, a: FactionId, b: FactionId) -> bool {
    world.door[(a, b)] == Door::Closed || world.door[(b, a)] == Door::Closed
}

#[allow(clippy::too_many_arguments, reason = "what the worth of an accord depends on, each named")]
fn worth(
    setting: &Setting,
    params: &Accords,
    weights: Weights<'_>,
    world: &World,
    scratch: &Scratch,
    trace: &mut impl Trace,
    accord: AccordId,
    party: FactionId,
) -> Terms {
    let mut terms = [0.0; TERMS];
    let mut count = 0.0;
    for other in others(setting, world, accord, party).filter(|other| world.stance(party, *other) < Stance::Pact) {
        let mut about = circumstances(setting, world, party, other, true);
        about.mediation = about.mediation.max(leverage(setting, world, accord));
        about.protection = about.protection.max(guarantee(setting, world, accord));
        let pair = (party.min(other), party.max(other));
        let outlooks = look_out(weights, world, scratch, pair, about);
        let gains = weigh(weights, (party, other), Stance::Pact, &outlooks, trace);
        terms.iter_mut().zip(gains).for_each(|(sum, gain)| *sum += gain);
        count += 1.0;
    }
    if count > 0.0 {
        terms.iter_mut().for_each(|sum| *sum /= count);
    }
    terms[HABIT] += params.text + params.health * (2.0 * world.accord[accord].health - 1.0) - params.ask;
    terms
}
