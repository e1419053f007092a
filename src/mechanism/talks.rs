//! Talks: how two factions come to a pact or an alliance, in confidence.
//!
//! A pair comes into contact with a weekly hazard that grows with both sides' outreach, with how much their forces
//! meet, and with mediation. In contact, each side weighs what could be agreed ([`super::choice`]); if both agree, talks
//! begin. Each week either side may break them off; after some weeks they come to a conclusion, where both weigh
//! again. A deal is made public or kept secret, by how much both sides' bases would object.

use super::accord;
use super::appraisal::bases_objection;
use super::choice::decides;
use super::disposition::acquaint;
use super::outlook::{Outlooks, Weights, circumstances, look_out, weigh};
use super::parameters::parameters;
use super::scratch::{Scratch, merge};
use super::terms::{TERMS, utility};
use super::threat::LEAST_REACH;
use super::trace::{Decision, DecisionKind, Trace};
use crate::base::maths::{chance, logistic};
use crate::base::{FactionId, PairId};
use crate::random::Purpose;
use crate::world::{Door, Happening, HappeningKind, Setting, Stance, Talks, World};

parameters! {
    /// How talks come about, go on and end.
    Negotiation {
        /// Weekly hazard of contact for two factions of full outreach whose forces meet everywhere. Higher values make
        /// all diplomacy livelier.
        contact = 0.2 in 0.0 to 10.0, "per week", "assumption";
        /// The least that two forces count as meeting, for envoys can travel.
        envoys = 0.15 in 0.0 to 1.0, "share", "assumption";
        /// How much a mediator of full leverage adds to the chance of contact.
        good_offices = 1.0 in 0.0 to 10.0, "share", "assumption";
        /// Weekly hazard that running talks come to their conclusion: its inverse is their usual length.
        conclusion = 0.15 in 0.0 to 10.0, "per week", "assumption: about seven weeks";
        /// Weekly hazard of breaking off, for a side that is wholly against.
        break_off = 0.3 in 0.0 to 10.0, "per week", "assumption";
        /// How readily deals are made public that nobody would object to, as log-odds.
        publicity = 1.5 in -10.0 to 10.0, "log-odds", "assumption";
        /// How much the objections of bases keep a deal secret.
        discretion = 5.0 in 0.0 to 50.0, "log-odds", "assumption";
        /// Trust that each side gains in the other by a deal, as a share of what is missing.
        trust_gain = 0.1 in 0.0 to 1.0, "share", "assumption";
    }
}

/// One week of contacts and talks, for all pairs.
pub fn advance(
    setting: &Setting,
    params: &Negotiation,
    weights: Weights<'_>,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
) {
    // Strangers meet envoys alone, and nobody mediates between them.
    let most = chance(params.contact * params.envoys.max(LEAST_REACH), setting.calendar.step_weeks());
    scratch.draws.set_low(Purpose::Contact, most);
    let step = world.step;
    let (mut factions, mut pairs) = (std::mem::take(&mut scratch.factions), std::mem::take(&mut scratch.pairs));
    factions.clear();
    let standing = world.alive.ids().filter(|faction| world.alive[*faction] && !world.stands_aside(*faction));
    factions.extend(standing);
    let mut lucky = std::mem::take(&mut scratch.lucky);
    lucky.clear();
    for (place, high) in factions.iter().copied().enumerate() {
        for low in factions[..place].iter().copied() {
            let pair = PairId::of(low, high);
            if scratch.draws.is_low(Purpose::Contact, world, pair, (low, high), step) {
                lucky.push((pair, low, high));
            }
        }
    }
    scratch.find_touching(world);
    merge(scratch.touching.iter().copied(), lucky.iter().copied(), &mut pairs);
    for (pair, low, high) in pairs.iter().copied() {
        let tie = &world.tie[pair];
        if !world.alive[low] || !world.alive[high] {
            continue;
        }
        if let Some(talks) = tie.talks {
            go_on(setting, params, weights, world, scratch, trace, (low, high), talks);
        } else if tie.stance < Stance::Alliance && !world.stand_aside(low, high) {
            come_into_contact(setting, params, weights, world, scratch, trace, (low, high));
        }
    }
    (scratch.factions, scratch.pairs, scratch.lucky) = (factions, pairs, lucky);
}

fn come_into_contact(
    setting: &Setting,
    params: &Negotiation,
    weights: Weights<'_>,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    (low, high): (FactionId, FactionId),
) {
    let weeks = setting.calendar.weeks_in(world.step);
    let draw = scratch.draws.of_pair(Purpose::Contact, world, low, high, world.step);
    let meeting = world.reach[(low, high)].max(params.envoys);
    // A chance is never above its hazard, so most weeks need no exponential.
    if draw >= params.contact * meeting * (1.0 + params.good_offices) * weeks {
        return;
    }
    let unmediated = contact_hazard(params, world, low, high);
    if draw >= unmediated * (1.0 + params.good_offices) * weeks {
        return;
    }
    let mediation = accord::mediation(setting, world, low, high);
    let hazard = unmediated * (1.0 + params.good_offices * mediation);
    if draw < hazard * weeks && draw < chance(hazard, weeks) {
        meet(setting, weights, world, scratch, trace, (low, high));
    }
}

/// The weekly hazard that two factions come into contact with no mediator at work.
fn contact_hazard(params: &Negotiation, world: &World, a: FactionId, b: FactionId) -> f64 {
    let closed = world.door[(a, b)] == Door::Closed || world.door[(b, a)] == Door::Closed;
    if closed || world.strength[a] <= 0.0 || world.strength[b] <= 0.0 {
        return 0.0;
    }
    let outreach = (world.character[a].outreach * world.character[b].outreach).sqrt();
    let meeting = world.reach[(a, b)].max(params.envoys);
    params.contact * outreach * meeting
}

/// Two factions are in contact: do they begin to talk about the next rung?
fn meet(
    setting: &Setting,
    weights: Weights<'_>,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    (low, high): (FactionId, FactionId),
) {
    let pair = PairId::of(low, high);
    acquaint(setting, weights.choice, world, scratch, (low, high));
    let about = circumstances(setting, world, low, high, false);
    let outlooks = look_out(weights, world, scratch, (low, high), about);
    let Some(goal) = worth_talking_of(weights, world.tie[pair].stance, &outlooks) else { return };
    if both_say_yes(weights, world, scratch, trace, DecisionKind::OpenTalks, (low, high), goal, &outlooks) {
        world.tie[pair].talks = Some(Talks { goal, since: world.step, known: false });
        trace.happened(Happening { kind: HappeningKind::TalksOpened { between: (low, high), goal }, public: false });
    }
}

/// The commitment that two who meet would talk of: that of which the side that gains less gains most, the lowest of
/// equals; the next one if neither of it is so good, for one may be ready to talk for talk's sake.
fn worth_talking_of(weights: Weights<'_>, from: Stance, outlooks: &Outlooks) -> Option<Stance> {
    let worth = |to: Stance| (to, outlooks[0].gain(weights, to).min(outlooks[1].gain(weights, to)));
    let commitments = [Stance::Pact, Stance::Alliance].into_iter().filter(|to| *to > from);
    commitments
        .map(worth)
        .reduce(|best, other| if other.1 > best.1 && other.1 > 0.0 { other } else { best })
        .map(|(to, _)| to)
}

#[allow(clippy::too_many_arguments, reason = "what a joint decision depends on, each named")]
fn both_say_yes(
    weights: Weights<'_>,
    world: &World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    kind: DecisionKind,
    (low, high): (FactionId, FactionId),
    goal: Stance,
    outlooks: &Outlooks,
) -> bool {
    let mut all = true;
    for (own, other, purpose) in [(low, high, Purpose::AnswerLow), (high, low, Purpose::AnswerHigh)] {
        let willing = kind == DecisionKind::OpenTalks && world.door[(own, other)] == Door::Open;
        all &= decides(weights, world, scratch, trace, kind, (own, other, purpose), goal, outlooks, willing);
    }
    all
}

/// Another week of running talks: a side may break off, or the talks conclude.
#[allow(clippy::too_many_arguments, reason = "what running talks depend on, each named")]
fn go_on(
    setting: &Setting,
    params: &Negotiation,
    weights: Weights<'_>,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    (low, high): (FactionId, FactionId),
    talks: Talks,
) {
    let pair = PairId::of(low, high);
    let about = circumstances(setting, world, low, high, talks.known);
    let concludes = chance(params.conclusion, setting.calendar.weeks_in(world.step));
    if scratch.draws.of_pair(Purpose::Contact, world, low, high, world.step) < concludes {
        world.tie[pair].talks = None;
        let outlooks = look_out(weights, world, scratch, (low, high), about);
        if both_say_yes(weights, world, scratch, trace, DecisionKind::Conclude, (low, high), talks.goal, &outlooks) {
            agree(params, world, scratch, trace, (low, high), talks);
        } else {
            end(trace, (low, high), talks);
        }
        return;
    }
    let may_break = chance(params.break_off, setting.calendar.weeks_in(world.step));
    for (own, other, purpose) in [(low, high, Purpose::AnswerLow), (high, low, Purpose::AnswerHigh)] {
        let draw = scratch.draws.of_pair(purpose, world, low, high, world.step);
        // Staying is the yes: a draw above this can never break off, so most weeks need no weighing.
        if draw < 1.0 - may_break {
            continue;
        }
        let outlooks = look_out(weights, world, scratch, (low, high), about);
        let terms = weigh(weights, (own, other), talks.goal, &outlooks, trace);
        let decision = Decision {
            kind: DecisionKind::GoOn,
            step: world.step,
            actor: own,
            other,
            from: world.stance(own, other),
            goal: talks.goal,
            probability: 1.0 - may_break * (1.0 - weights.probability(utility(&terms))),
            terms,
            draw,
        };
        if !trace.decided(&decision) {
            world.tie[pair].talks = None;
            end(trace, (own, other), talks);
            return;
        }
    }
}

fn end(trace: &mut impl Trace, between: (FactionId, FactionId), talks: Talks) {
    let kind = HappeningKind::TalksEnded { between, goal: talks.goal };
    trace.happened(Happening { kind, public: talks.known });
}

/// The two have a deal: they stand on the next rung, in public or in secret.
fn agree(
    params: &Negotiation,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    (low, high): (FactionId, FactionId),
    talks: Talks,
) {
    let pair = PairId::of(low, high);
    let from = world.tie[pair].stance;
    let objection = bases_objection(world, scratch, low, high) + bases_objection(world, scratch, high, low);
    let probability = if talks.known { 1.0 } else { logistic(params.publicity - params.discretion * 0.5 * objection) };
    let draw = scratch.draws.of_pair(Purpose::Publicity, world, low, high, world.step);
    let decision = Decision {
        kind: DecisionKind::GoPublic,
        step: world.step,
        actor: low,
        other: high,
        from,
        goal: talks.goal,
        terms: [0.0; TERMS],
        probability,
        draw,
    };
    let public = trace.decided(&decision);
    world.take_stance(low, high, talks.goal, public);
    for (own, other) in [(low, high), (high, low)] {
        let trust = &mut world.trust[(own, other)];
        *trust += params.trust_gain * (1.0 - *trust);
    }
    let kind = HappeningKind::StanceChanged { between: (low, high), from, to: talks.goal };
    trace.happened(Happening { kind, public });
}
