//! Choice: where factions stand with each other, as an ordered response to a wish for closeness.
//!
//! `y_ij(t) = μ_ij + S [a_ij(t) − a_ij(0)] + ε_ij(t)`: what the pair has always been to each other, by how much reasons
//! ([`super::appraisal`]) differ from those of the start as written, and the side's mood. At a look, both sides compare
//! where they stand with the other rungs ([`super::ladder`]). Stepping down takes one of them; letting the fighting
//! cease, up to leaving each other alone, takes both and no talks, as most wars end (Kreutz 2010); a pact or an alliance
//! takes talks ([`super::talks`]). A client does not easily make peace with its sponsor's enemy or turn on its friend. Who leaves a public commitment loses trust with everybody who watched, most with the
//! one left (audience cost, Fearon 1994). A pair looks at times that come at random, more often when something that
//! concerns it has happened since.

use super::accord;
use super::appraisal::balance_between;
use super::ladder::Choice;
use super::outlook::{Outlooks, Weights, circumstances, look_out_of, weigh};
use super::scratch::Scratch;
use super::terms::utility;
use super::threat::LEAST_REACH;
use super::trace::{Decision, DecisionKind, Trace};
use crate::base::maths::chance;
use crate::base::{FactionId, PairId, WEEKS_IN_A_YEAR};
use crate::random::Purpose;
use crate::world::{Happening, HappeningKind, Setting, Stance, World};

/// Below this hostility two have nothing to fight about.
const LEAST_HOSTILITY: f64 = 0.05;

/// Pairs in touch that come to it look at how they stand. Peace forces and mediators stand where their mandate puts them.
pub fn look(setting: &Setting, weights: Weights<'_>, world: &mut World, scratch: &mut Scratch, trace: &mut impl Trace) {
    let params = weights.choice;
    let weeks = setting.calendar.weeks_in(world.step);
    let rate = params.looks / WEEKS_IN_A_YEAR;
    let most = chance(rate * (1.0 + params.stir), setting.calendar.step_weeks());
    scratch.draws.set_low(Purpose::Look, most);
    let step = world.step;
    for place in 0..scratch.touching.len() {
        let (pair, low, high) = scratch.touching[place];
        if !world.alive[low]
            || !world.alive[high]
            || !scratch.draws.is_low(Purpose::Look, world, pair, (low, high), step)
            || world.stand_aside(low, high)
        {
            continue;
        }
        let hazard = rate * (1.0 + params.stir * world.disposition[pair].stirred.min(1.0));
        let draw = scratch.draws.of_pair(Purpose::Look, world, low, high, step);
        // A chance is never above its hazard.
        if draw < hazard * weeks
            && draw < chance(hazard, weeks)
            && world.strength[low] > 0.0
            && world.strength[high] > 0.0
        {
            world.disposition[pair].stirred = 0.0;
            reconsider(setting, weights, world, scratch, trace, (low, high));
        }
    }
}

fn reconsider(
    setting: &Setting,
    weights: Weights<'_>,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    (low, high): (FactionId, FactionId),
) {
    let tie = world.tie_of(low, high);
    let from = tie.stance;
    let floor = lowest(setting, world, low, high);
    if from >= Stance::Neutral && from <= floor {
        return;
    }
    let about = circumstances(setting, world, low, high, tie.is_public());
    let sides = [(low, high, Purpose::ReconsiderLow), (high, low, Purpose::ReconsiderHigh)];
    let peace = Stance::ALL.into_iter().filter(|to| *to > from && *to <= Stance::Neutral);
    let balance = balance_between(scratch, low, high);
    let of_low = look_out_of(weights, world, scratch, (low, high), about, balance);
    // Peace takes both: where one gains nothing by it, the other need not be asked.
    if from == Stance::War && best(peace.clone(), |to| of_low.gain(weights, to)).is_none() {
        return;
    }
    let outlooks = [of_low, look_out_of(weights, world, scratch, (high, low), about, balance)];
    let down = Stance::ALL.into_iter().filter(|to| *to >= floor && *to < from);
    let mut leavers = [0, 1].map(|side| (sides[side], best(down.clone(), |to| outlooks[side].gain(weights, to))));
    // Who gains more by it is the first to leave, and is blamed.
    let gain = |leaver: &(_, Option<(Stance, f64)>)| leaver.1.map_or(0.0, |(_, gain)| gain);
    if gain(&leavers[1]) > gain(&leavers[0]) {
        leavers.swap(0, 1);
    }
    for (by, step) in leavers {
        if let Some((to, _)) = step
            && decides(weights, world, scratch, trace, DecisionKind::StepDown, by, to, &outlooks, false)
        {
            leave(weights.choice, world, trace, (by.0, by.1), to);
            return;
        }
    }
    let both_gain = |to| outlooks[0].gain(weights, to).min(outlooks[1].gain(weights, to));
    if let Some((to, _)) = best(peace, both_gain)
        && sides
            .into_iter()
            .all(|side| decides(weights, world, scratch, trace, DecisionKind::Cease, side, to, &outlooks, false))
    {
        if from == Stance::War && about.mediation > 0.0 {
            world.truce[PairId::of(low, high)] =
                world.step + setting.calendar.steps_for_weeks(weights.choice.pause_time);
        }
        cease(world, trace, (low, high), to);
    }
}

/// The rung that gains most, the first of equals, and what it gains; none if none gains anything.
fn best(rungs: impl Iterator<Item = Stance>, gain: impl Fn(Stance) -> f64) -> Option<(Stance, f64)> {
    let mut best: Option<(Stance, f64)> = None;
    for to in rungs {
        let gain = gain(to);
        if gain > best.map_or(0.0, |(_, most)| most) {
            best = Some((to, gain));
        }
    }
    best
}

/// Whether a side decides for another rung. One that is `willing` does whatever it gains.
#[allow(clippy::too_many_arguments, reason = "what the decision depends on, each named")]
pub(super) fn decides(
    weights: Weights<'_>,
    world: &World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    kind: DecisionKind,
    (own, other, purpose): (FactionId, FactionId, Purpose),
    goal: Stance,
    outlooks: &Outlooks,
    willing: bool,
) -> bool {
    let terms = weigh(weights, (own, other), goal, outlooks, trace);
    let draw = scratch.draws.of_pair(purpose, world, own, other, world.step);
    let decision = Decision {
        kind,
        step: world.step,
        actor: own,
        other,
        from: world.stance(own, other),
        goal,
        terms,
        probability: if willing { 1.0 } else { weights.probability(utility(&terms)) },
        draw,
    };
    trace.decided(&decision)
}

/// The lowest rung on which two can stand: forces that do not meet or have no quarrel leave each other alone; a truce binds
/// until it ends, and an accord that both keep.
fn lowest(setting: &Setting, world: &World, a: FactionId, b: FactionId) -> Stance {
    let now = world.stance(a, b);
    if now <= Stance::Pact && accord::binds(setting, world, a, b) {
        return Stance::Pact;
    }
    let hostility = world.hostility[(a, b)].max(world.hostility[(b, a)]);
    if world.reach[(a, b)] < LEAST_REACH || hostility < LEAST_HOSTILITY {
        return Stance::Neutral;
    }
    if world.truce[PairId::of(a, b)] > world.step {
        return Stance::Rivalry;
    }
    Stance::War
}

/// The fighting between two ceases, or they leave each other alone, without a word signed.
fn cease(world: &mut World, trace: &mut impl Trace, (low, high): (FactionId, FactionId), to: Stance) {
    let from = world.take_stance(low, high, to, true);
    let kind = HappeningKind::StanceChanged { between: (low, high), from, to };
    trace.happened(Happening { kind, public: true });
}

/// A sponsor pays nobody with whom it has no pact: what came from it is lost, and the dependence with it.
pub fn cut_off(world: &mut World, trace: &mut impl Trace, (a, b): (FactionId, FactionId)) {
    for (client, sponsor) in [(a, b), (b, a)] {
        if world.stance(client, sponsor) < Stance::Pact && world.dependence[(client, sponsor)] > 0.0 {
            let share = std::mem::replace(&mut world.dependence[(client, sponsor)], 0.0);
            world.income[client] *= 1.0 - share;
            trace.happened(Happening { kind: HappeningKind::CutOff { sponsor, client }, public: true });
        }
    }
}

/// `own` takes its tie with `other` down to a lower rung.
pub fn leave(
    params: &Choice,
    world: &mut World,
    trace: &mut impl Trace,
    (own, other): (FactionId, FactionId),
    to: Stance,
) {
    let was_public = world.tie_of(own, other).is_public();
    let claimed = world.tie_of(own, other).claimed;
    // What was secret can be dropped in secret; fighting cannot be hidden.
    let open = was_public || to < Stance::Neutral || claimed > to;
    let from = world.take_stance(own, other, to, open);
    let public = world.tie_of(own, other).is_public();
    if from >= Stance::Pact {
        world.trust[(other, own)] *= 1.0 - params.betrayal;
        if was_public {
            for watcher in world.alive.ids() {
                if watcher != own && watcher != other {
                    world.trust[(watcher, own)] *= 1.0 - params.reputation;
                }
            }
        }
    }
    let kind = HappeningKind::StanceChanged { between: (own, other), from, to };
    trace.happened(Happening { kind, public: public || was_public });
    cut_off(world, trace, (own, other));
}
