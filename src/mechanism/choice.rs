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
use super::appraisal::{Circumstances, Diplomacy, appraise};
use super::contest::Law;
use super::histories::{Moods, shift};
use super::ladder::{Choice, rungs};
use super::scratch::Scratch;
use super::terms::{DISPOSITION, HABIT, LOSSES, MOOD, SPOILS, SPONSOR, THRESHOLD, Terms, utility};
use super::trace::{Decision, DecisionKind, Trace};
use crate::base::maths::{chance, ln, logistic};
use crate::base::{FactionId, PairId, WEEKS_IN_A_YEAR};
use crate::random::{DrawKey, Purpose, sample};
use crate::world::{Happening, HappeningKind, REASONS, Setting, Stance, World};

/// Below this reach two forces do not meet, and below this hostility they have nothing to fight about.
const LEAST_REACH: f64 = 0.03;
const LEAST_HOSTILITY: f64 = 0.05;

/// The weights of a choice.
#[derive(Clone, Copy)]
pub struct Weights<'a> {
    /// Of wishes and rungs.
    pub choice: &'a Choice,
    /// Of reasons.
    pub diplomacy: &'a Diplomacy,
    /// How a coalition's strength becomes its chance.
    pub law: Law,
    /// Of what could be taken by war.
    pub spoils: f64,
}

impl Weights<'_> {
    /// With which probability a side does what gains so much: never what gains nothing.
    pub fn probability(&self, gain: f64) -> f64 {
        if gain > 0.0 { logistic(self.choice.precision * gain) } else { 0.0 }
    }
}

/// The circumstances under which a pair weighs how it stands.
pub fn circumstances(setting: &Setting, world: &World, a: FactionId, b: FactionId, public: bool) -> Circumstances {
    Circumstances {
        public,
        mediation: accord::mediation(setting, world, a, b),
        protection: accord::protection(setting, world, a, b),
    }
}

/// What speaks for closeness of two, to either side.
pub(super) type Reasons = [[f64; REASONS]; 2];

/// Finds what speaks for closeness of two, to the lower one first.
pub(super) fn appraise_both(
    weights: Weights<'_>,
    world: &World,
    scratch: &Scratch,
    (low, high): (FactionId, FactionId),
    about: Circumstances,
) -> Reasons {
    [(low, high), (high, low)].map(|pair| appraise(weights.diplomacy, weights.law, world, scratch, pair, about))
}

/// What `own` gains by standing with `other` on the rung `to` instead of where they stand, given what speaks for closeness,
/// as the listener lets it.
pub(super) fn weigh(
    weights: Weights<'_>,
    world: &World,
    (own, other): (FactionId, FactionId),
    to: Stance,
    reasons: &Reasons,
    trace: &mut impl Trace,
) -> Terms {
    let reasons = &reasons[usize::from(own > other)];
    let mut terms = gain((weights.choice, weights.spoils), world, (own, other), to, reasons);
    trace.weighed(own, other, to, &mut terms);
    terms
}

fn gain(
    (params, spoils): (&Choice, f64),
    world: &World,
    (own, other): (FactionId, FactionId),
    to: Stance,
    reasons: &[f64; REASONS],
) -> Terms {
    let pair = PairId::of(own, other);
    let from = world.tie[pair].stance;
    let up = rungs(from, to);
    let disposition = world.disposition[pair];
    let mut terms = [0.0; super::terms::TERMS];
    let at_start = &world.anchor.reasons[(own, other)];
    for (term, (now, before)) in terms.iter_mut().zip(reasons.iter().zip(at_start)) {
        *term = up * params.scale * (now - before);
    }
    terms[DISPOSITION] = up * disposition.lasting;
    terms[MOOD] = up * disposition.mood[usize::from(own > other)];
    terms[THRESHOLD] = -params.asks(from, to);
    // What war itself is worth, beyond how close the two want to be.
    let weary = (world.weariness[(own, other)] - world.anchor.weariness[(own, other)]) / params.exhaustion;
    let of_war = -params.losses * weary.clamp(0.0, 1.0);
    let spoils = spoils * (world.spoils[(own, other)] - world.anchor.spoils[(own, other)]);
    if to == Stance::War {
        terms[SPOILS] = spoils;
        terms[LOSSES] = of_war;
        let pause = disposition.peace.is_some_and(|years| years * WEEKS_IN_A_YEAR < params.pause_time);
        terms[HABIT] =
            -disposition.peace.map_or(0.0, |years| params.hardened(years)) - if pause { params.pause } else { 0.0 };
    } else if from == Stance::War {
        terms[SPOILS] = -spoils;
        terms[LOSSES] = -of_war;
    }
    terms[SPONSOR] -= params.patronage * defied(world, (own, other), from, to);
    if to < from && from >= Stance::Pact {
        let depends = world.dependence[(own, other)].max(world.dependence[(other, own)]);
        terms[HABIT] -= params.bound(disposition.age).max(params.patronage * depends);
    }
    terms
}

/// How much a client depends on sponsors whom a change defies: a step towards their enemy, or away from their friend.
fn defied(world: &World, (own, other): (FactionId, FactionId), from: Stance, to: Stance) -> f64 {
    let sponsors = world.alive.ids().zip(world.dependence.row(own)).filter(|(_, depends)| **depends > 0.0);
    sponsors
        .filter(|(sponsor, _)| *sponsor != other && world.alive[*sponsor])
        .filter(|(sponsor, _)| {
            let theirs = world.stance(*sponsor, other);
            (theirs == Stance::War && to > from) || (theirs >= Stance::Pact && to < from)
        })
        .fold(0.0, |sum, (_, depends)| sum + depends)
}

/// Founds the pairs that have begun to stand to each other: where they come from, and what reasons they began with.
/// Done in the first step, and when a faction has split.
pub fn found_pairs(setting: &Setting, weights: Weights<'_>, world: &mut World, scratch: &mut Scratch) {
    for (pair, low, high) in PairId::all(world.factions()) {
        if !world.alive[low] || !world.alive[high] || world.founded[pair] {
            continue;
        }
        world.founded[pair] = true;
        let newcomers = world.splinter_of[low].is_some() || world.splinter_of[high].is_some();
        if newcomers {
            note_reasons(setting, weights, world, scratch, (low, high));
        }
        let (one, two) = speakers(world, (low, high));
        let who = DrawKey::pair(world.key[one], world.key[two]);
        let uniform = scratch.draws.sequence(Purpose::Disposition, who, world.step).uniform();
        let past = if newcomers { crate::world::Past { age: Some(0.0), peace: None } } else { setting.past[pair] };
        let talking = if world.tie[pair].talks.is_some() { weights.choice.talking } else { 0.0 };
        let fierce = if newcomers { 0.0 } else { fierceness(setting, world, pair) };
        let reasons = reasons_at_start(world, (low, high));
        let shift = shift(weights.choice, reasons) + talking - weights.choice.intensity * fierce;
        let picked = scratch.histories.pick(world.tie[pair].stance, past, shift, uniform);
        world.disposition[pair] = picked;
    }
}

/// Who speaks for two: the leader of an umbrella for all its members, towards those outside it. What they have always been to
/// others, their moods and their upheavals are those of the umbrella; their reasons are their own.
pub(super) fn speakers(world: &World, (a, b): (FactionId, FactionId)) -> (FactionId, FactionId) {
    if world.same_party(a, b) {
        return (a, b);
    }
    (world.leader_of(a).unwrap_or(a), world.leader_of(b).unwrap_or(b))
}

/// What the reasons of the start come to for a pair: the mean of its two sides.
fn reasons_at_start(world: &World, (a, b): (FactionId, FactionId)) -> f64 {
    let sum = |own, other| -> f64 { world.anchor.reasons[(own, other)].iter().sum() };
    0.5 * (sum(a, b) + sum(b, a))
}

/// By how many powers of ten a war of the start costs more lives a year than 100; 0 where that is not known.
fn fierceness(setting: &Setting, world: &World, pair: PairId) -> f64 {
    /// Deaths of a year that say nothing.
    const USUAL: f64 = 100.0;
    let of_pair = setting.fought.iter().rfind(|(pairs, _)| pairs.contains(&pair));
    match of_pair {
        Some((pairs, deaths)) if world.tie[pair].stance == Stance::War => {
            ln((deaths / pairs.len() as f64 / USUAL).max(0.1)) * std::f64::consts::LOG10_E
        }
        _ => 0.0,
    }
}

/// Draws anew what a pair has always been to each other, given where they now stand: something from outside set it there.
pub(super) fn settle(params: &Choice, world: &mut World, scratch: &Scratch, (a, b): (FactionId, FactionId)) {
    let pair = PairId::of(a, b);
    let (one, two) = speakers(world, (a, b));
    let who = DrawKey::pair(world.key[one], world.key[two]);
    let uniform = scratch.draws.sequence(Purpose::Disposition, who, world.step).uniform();
    let past = crate::world::Past { age: Some(0.0), peace: Some(world.disposition[pair].peace) };
    let shift = shift(params, reasons_at_start(world, (a, b)));
    world.disposition[pair] = scratch.histories.pick(world.tie[pair].stance, past, shift, uniform);
}

/// Notes what speaks for closeness between two as they stand.
pub fn note_reasons(
    setting: &Setting,
    weights: Weights<'_>,
    world: &mut World,
    scratch: &Scratch,
    (low, high): (FactionId, FactionId),
) {
    let about = circumstances(setting, world, low, high, true);
    let reasons = appraise_both(weights, world, scratch, (low, high), about);
    (world.anchor.reasons[(low, high)], world.anchor.reasons[(high, low)]) = (reasons[0], reasons[1]);
}

/// Lets moods change and time harden peace and commitments, and brings upheavals. Done at reviews, over the weeks since
/// the last one; `review` counts reviews, for the draws.
pub fn live(
    params: &Choice,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    review: u32,
    weeks: f64,
) {
    let years = weeks / WEEKS_IN_A_YEAR;
    let upheaval = chance(params.upheaval, years);
    let moods = Moods::over(params, years);
    for (pair, low, high) in PairId::all(world.factions()) {
        if !world.alive[low] || !world.alive[high] || !world.founded[pair] || world.stand_aside(low, high) {
            continue;
        }
        let (one, two) = speakers(world, (low, high));
        let mut normal = |purpose| sample::normal(scratch.draws.of_pair(purpose, world, one, two, review));
        let normals = [normal(Purpose::MoodLow), normal(Purpose::MoodHigh)];
        let fate = scratch.draws.of_pair(Purpose::Upheaval, world, one, two, review);
        let disposition = &mut world.disposition[pair];
        // Moods are those of the lower and of the higher of the two who speak.
        let crossed = one > two;
        if crossed {
            disposition.mood.swap(0, 1);
        }
        moods.change(&mut disposition.mood, normals);
        if crossed {
            disposition.mood.swap(0, 1);
        }
        disposition.age += years;
        disposition.peace = disposition.peace.map(|peace| peace + years);
        if fate < upheaval {
            upheave(params, world, (low, high), fate / upheaval, 0.0);
            // Between two who have nothing to do with each other there is nothing to tell.
            let met = world.reach[(low, high)] >= LEAST_REACH || world.stance(low, high) != Stance::Neutral;
            if met && world.strength[low] > 0.0 && world.strength[high] > 0.0 {
                trace.happened(Happening { kind: HappeningKind::Upheaval { between: (low, high) }, public: true });
            }
        }
    }
}

/// What a pair has always been to each other is drawn anew, about what the reasons of the start say, and peace begins to
/// harden from the start. Of what was, `kept` stays, 0 to 1.
pub(super) fn upheave(
    params: &Choice,
    world: &mut World,
    (low, high): (FactionId, FactionId),
    uniform: f64,
    kept: f64,
) {
    let shift = shift(params, reasons_at_start(world, (low, high)));
    let mean = params.disposition + shift.clamp(-params.variety, params.variety);
    let disposition = &mut world.disposition[PairId::of(low, high)];
    // The spread over all pairs stays what it is.
    let fresh = (1.0 - kept * kept).sqrt() * params.variety * sample::normal(uniform);
    disposition.lasting = mean + kept * (disposition.lasting - mean) + fresh;
    disposition.peace = disposition.peace.map(|years| kept * years);
}

/// Pairs that come to it look at how they stand. Peace forces and mediators stand where their mandate puts them.
pub fn look(setting: &Setting, weights: Weights<'_>, world: &mut World, scratch: &mut Scratch, trace: &mut impl Trace) {
    let params = weights.choice;
    let weeks = setting.calendar.weeks_in(world.step);
    let rate = params.looks / WEEKS_IN_A_YEAR;
    let most = chance(rate * (1.0 + params.stir), setting.calendar.step_weeks());
    scratch.draws.set_low(Purpose::Look, most);
    let step = world.step;
    for (pair, low, high) in PairId::all(world.factions()) {
        if !world.alive[low]
            || !world.alive[high]
            || world.stand_aside(low, high)
            || !scratch.draws.is_low(Purpose::Look, world, pair, (low, high), step)
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
    let reasons = appraise_both(weights, world, scratch, (low, high), about);
    let gains = |side: usize, to: Stance| {
        let (own, other, _) = sides[side];
        utility(&gain((weights.choice, weights.spoils), world, (own, other), to, &reasons[side]))
    };
    let best = |moves: &mut dyn Iterator<Item = (Stance, f64)>| {
        moves.reduce(|best, other| if other.1 > best.1 { other } else { best }).filter(|(_, gain)| *gain > 0.0)
    };
    for (side, by) in sides.into_iter().enumerate() {
        let mut down = Stance::ALL.into_iter().filter(|to| *to >= floor && *to < from).map(|to| (to, gains(side, to)));
        if let Some((to, _)) = best(&mut down)
            && decides(weights, world, scratch, trace, DecisionKind::StepDown, by, to, &reasons, false)
        {
            leave(weights.choice, world, trace, (by.0, by.1), to);
            return;
        }
    }
    let peace = Stance::ALL.into_iter().filter(|to| *to > from && *to <= Stance::Neutral);
    let mut up = peace.map(|to| (to, gains(0, to).min(gains(1, to))));
    if let Some((to, _)) = best(&mut up)
        && sides
            .into_iter()
            .all(|side| decides(weights, world, scratch, trace, DecisionKind::Cease, side, to, &reasons, false))
    {
        if from == Stance::War && about.mediation > 0.0 {
            world.truce[PairId::of(low, high)] =
                world.step + setting.calendar.steps_for_weeks(weights.choice.pause_time);
        }
        cease(world, trace, (low, high), to);
    }
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
    reasons: &Reasons,
    willing: bool,
) -> bool {
    let terms = weigh(weights, world, (own, other), goal, reasons, trace);
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
