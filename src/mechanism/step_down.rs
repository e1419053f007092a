//! Stepping down: leaving an alliance, a pact or a peace is one side's own decision.
//!
//! Weekly hazard `ν · logistic(−λ U − b)` with `U` the value of where the two stand; below a pact it is scaled by
//! hostility and by the square root of how much the forces meet, for without either there is nothing to fight about. Who leaves a public
//! commitment loses trust with everybody who watched, most with the one left (audience cost, Fearon 1994). Forces of
//! states may fall out with a peace force, but do not go to war with it, nor it with them.

use super::accord;
use super::appraisal::{Diplomacy, utility};
use super::contest::Law;
use super::parameters::parameters;
use super::scratch::Scratch;
use super::talks::{circumstances, weigh};
use super::trace::{Decision, DecisionKind, Trace};
use crate::base::maths::{chance, logistic};
use crate::base::{FactionId, PairId};
use crate::random::Purpose;
use crate::world::{Happening, HappeningKind, Setting, Stance, World};

parameters! {
    /// How factions step down the ladder.
    Rupture {
        /// Weekly hazard of reconsidering where one stands with another. Higher values make all ties shorter-lived.
        reconsider = 0.04 in 0.0 to 10.0, "per week", "assumption: a stance is reviewed twice a year";
        /// Inertia of a peace without commitments, in log-odds. Higher values make rivals slower to fight.
        peace = 1.3 in -10.0 to 10.0, "log-odds", "assumption";
        /// Inertia of standing commitments, in log-odds. Higher values make them last longer.
        inertia = 2.5 in -10.0 to 10.0, "log-odds", "assumption";
        /// Share of its trust that the one who was left loses.
        betrayal = 0.5 in 0.0 to 1.0, "share", "assumption";
        /// Share of their trust in the one who left that all others lose when the commitment was public.
        reputation = 0.1 in 0.0 to 1.0, "share", "assumption";
    }
}

/// All factions reconsider their ties this week, downwards.
pub fn reconsider(
    setting: &Setting,
    params: &Rupture,
    valuing: (&Diplomacy, Law),
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
) {
    let within = |weeks| chance(params.reconsider, weeks);
    let (most, hazard) = (within(setting.calendar.step_weeks()), within(setting.calendar.weeks_in(world.step)));
    scratch.draws.set_low(Purpose::ReconsiderLow, most);
    scratch.draws.set_low(Purpose::ReconsiderHigh, most);
    let step = world.step;
    for (pair, low, high) in PairId::all(world.factions()) {
        if world.tie[pair].stance == Stance::War || !world.alive[low] || !world.alive[high] {
            continue;
        }
        for (own, other, purpose) in [(low, high, Purpose::ReconsiderLow), (high, low, Purpose::ReconsiderHigh)] {
            // No draw above the hazard can be a yes, so most weeks need no weighing.
            if !scratch.draws.is_low(purpose, world, pair, (low, high), step) {
                continue;
            }
            let draw = scratch.draws.of_pair(purpose, world, low, high, step);
            if draw < hazard && steps_down(setting, params, valuing, world, scratch, trace, (own, other), draw, hazard)
            {
                leave(params, world, trace, (own, other));
                break;
            }
        }
    }
}

#[allow(clippy::too_many_arguments, reason = "what the decision depends on, each named")]
fn steps_down(
    setting: &Setting,
    params: &Rupture,
    valuing: (&Diplomacy, Law),
    world: &World,
    scratch: &Scratch,
    trace: &mut impl Trace,
    (own, other): (FactionId, FactionId),
    draw: f64,
    hazard: f64,
) -> bool {
    let tie = world.tie_of(own, other);
    let goal = tie.stance;
    if world.strength[own] <= 0.0 || (goal <= Stance::Pact && accord::binds(setting, world, own, other)) {
        return false;
    }
    if goal == Stance::Rivalry && at_peace_by_mandate(world, own, other) {
        return false;
    }
    let (scale, inertia) = if goal >= Stance::Pact {
        (1.0, params.inertia)
    } else {
        (world.hostility[(own, other)] * world.reach[(own, other)].sqrt(), params.peace)
    };
    if scale <= 0.0 {
        return false;
    }
    let about = circumstances(setting, world, own, other, tie.is_public());
    let terms = weigh(valuing, world, scratch, (own, other), goal, about, trace);
    let wish = logistic(-valuing.0.precision * utility(&terms) - inertia);
    let decision = Decision {
        kind: DecisionKind::StepDown,
        step: world.step,
        actor: own,
        other,
        goal,
        terms,
        probability: hazard * scale * wish,
        draw,
    };
    trace.decided(&decision)
}

/// Whether one of the two is a peace force and both fight for states.
fn at_peace_by_mandate(world: &World, a: FactionId, b: FactionId) -> bool {
    let (a, b) = (&world.character[a], &world.character[b]);
    a.peacekeeping.max(b.peacekeeping) > 0.0 && a.kind.is_state() && b.kind.is_state()
}

/// `own` takes its tie with `other` one rung down.
pub fn leave(params: &Rupture, world: &mut World, trace: &mut impl Trace, (own, other): (FactionId, FactionId)) {
    let pair = PairId::of(own, other);
    let from = world.tie[pair].stance;
    let Some(to) = from.down() else { return };
    let was_public = world.tie[pair].is_public();
    let tie = &mut world.tie[pair];
    tie.stance = to;
    tie.since = world.step;
    // What was secret can be dropped in secret; fighting cannot be hidden.
    if was_public || to < Stance::Neutral || tie.claimed > to {
        tie.claimed = to;
    }
    let public = tie.is_public();
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
}
