//! Outlooks: how a side sees its tie with another, from which it follows what a change to another rung gains.
//!
//! The wish for closeness and what else counts are found once per look; every rung is then worth a few sums.

use super::accord;
use super::appraisal::{Circumstances, Diplomacy, appraise, balance_between};
use super::contest::Law;
use super::ladder::{Asks, Choice, rungs};
use super::scratch::Scratch;
use super::terms::{BASE, DISPOSITION, HABIT, LOSSES, MOOD, SPOILS, SPONSOR, TERMS, THRESHOLD, Terms};
use super::trace::Trace;
use crate::base::maths::logistic;
use crate::base::{FactionId, Id, PairId, WEEKS_IN_A_YEAR, row};
use crate::world::{REASONS, Setting, Stance, World};

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
    /// What a change from a rung to another asks.
    pub asks: Asks,
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

/// How a side sees its tie with another: all from which it follows what a change to another rung gains.
#[derive(Clone, Copy)]
pub(super) struct Outlook {
    from: Stance,
    /// What speaks for closeness, less what did at the start, in standard deviations of taste.
    reasons: [f64; REASONS],
    lasting: f64,
    mood: f64,
    /// What war itself is worth, beyond how close the two want to be: what could be taken, and what it has cost.
    spoils: f64,
    losses: f64,
    /// What peace takes off the worth of beginning a war.
    hardened: f64,
    /// What it takes to leave a commitment.
    bound: f64,
    /// How much it depends on sponsors whom a step towards the other defies, and a step away.
    defied: [f64; 2],
    /// The wish for closeness: the sum of reasons, what the pair has always been, and mood.
    wish: f64,
}

/// How both sides of a pair see their tie, the lower one first.
pub(super) type Outlooks = [Outlook; 2];

/// How one side of a pair sees their tie.
pub(super) fn look_out_of(
    weights: Weights<'_>,
    world: &World,
    scratch: &Scratch,
    (own, other): (FactionId, FactionId),
    about: Circumstances,
    balance: f64,
) -> Outlook {
    let reasons = appraise(weights.diplomacy, weights.law, world, scratch, (own, other), about, balance);
    Outlook::of(weights, world, scratch, (own, other), reasons, about.exposure(weights.diplomacy))
}

/// How both sides of a pair see their tie.
pub(super) fn look_out(
    weights: Weights<'_>,
    world: &World,
    scratch: &Scratch,
    (low, high): (FactionId, FactionId),
    about: Circumstances,
) -> Outlooks {
    let balance = balance_between(scratch, low, high);
    [(low, high), (high, low)].map(|pair| look_out_of(weights, world, scratch, pair, about, balance))
}

impl Outlook {
    fn of(
        weights: Weights<'_>,
        world: &World,
        scratch: &Scratch,
        (own, other): (FactionId, FactionId),
        mut reasons: [f64; REASONS],
        exposure: f64,
    ) -> Self {
        let params = weights.choice;
        let pair = PairId::of(own, other);
        let (from, disposition) = (world.tie[pair].stance, world.disposition[pair]);
        let mut before = world.anchor.reasons[(own, other)];
        // Objections of the start are in what the pair has always been, hidden or not: otherwise those who are objected to most
        // would gain most by a secret.
        for objection in [SPONSOR, BASE] {
            before[objection] *= exposure;
        }
        for (now, before) in reasons.iter_mut().zip(before) {
            *now = params.scale * (*now - before);
        }
        let (lasting, mood) = (disposition.lasting, disposition.mood[usize::from(own > other)]);
        let weary = (world.weariness[(own, other)] - world.anchor.weariness[(own, other)]) / params.exhaustion;
        let hardened = disposition.peace.filter(|_| from > Stance::War).map_or(0.0, |years| {
            let pauses = years * WEEKS_IN_A_YEAR < params.pause_time;
            params.hardened(years) + if pauses { params.pause } else { 0.0 }
        });
        let bound = if from >= Stance::Pact {
            let depends = world.dependence[(own, other)].max(world.dependence[(other, own)]);
            params.bound(disposition.age).max(params.patronage * depends)
        } else {
            0.0
        };
        Self {
            from,
            wish: row::sum(&reasons) + lasting + mood,
            reasons,
            lasting,
            mood,
            spoils: weights.spoils * (world.spoils[(own, other)] - world.anchor.spoils[(own, other)]),
            losses: -params.losses * weary.clamp(0.0, 1.0),
            hardened,
            bound,
            defied: defied(world, scratch, (own, other)),
        }
    }

    /// What standing on the rung `to` gains.
    pub fn gain(&self, weights: Weights<'_>, to: Stance) -> f64 {
        let others = self.of_war(to) + self.of_habit(to) + self.of_sponsors(weights, to);
        rungs(self.from, to) * self.wish - weights.asks.between(self.from, to) + others
    }

    /// The same, term by term.
    fn terms(&self, weights: Weights<'_>, to: Stance) -> Terms {
        let up = rungs(self.from, to);
        let mut terms = [0.0; TERMS];
        for (term, reason) in terms.iter_mut().zip(&self.reasons) {
            *term = up * reason;
        }
        terms[DISPOSITION] = up * self.lasting;
        terms[MOOD] = up * self.mood;
        terms[THRESHOLD] = -weights.asks.between(self.from, to);
        terms[SPOILS] = self.sign_of_war(to) * self.spoils;
        terms[LOSSES] = self.sign_of_war(to) * self.losses;
        terms[HABIT] = self.of_habit(to);
        terms[SPONSOR] += self.of_sponsors(weights, to);
        terms
    }

    /// 1 for a change that brings war, -1 for one that ends it.
    fn sign_of_war(&self, to: Stance) -> f64 {
        match (self.from, to) {
            (_, Stance::War) => 1.0,
            (Stance::War, _) => -1.0,
            _ => 0.0,
        }
    }

    fn of_war(&self, to: Stance) -> f64 {
        self.sign_of_war(to) * (self.spoils + self.losses)
    }

    /// Peace holds back from war, and a commitment from leaving it.
    fn of_habit(&self, to: Stance) -> f64 {
        let peace = if to == Stance::War { self.hardened } else { 0.0 };
        let bond = if to < self.from { self.bound } else { 0.0 };
        -(peace + bond)
    }

    /// A client does not easily take a step that defies its sponsors.
    fn of_sponsors(&self, weights: Weights<'_>, to: Stance) -> f64 {
        -weights.choice.patronage * self.defied[usize::from(to < self.from)]
    }
}

/// What a side gains by standing with the other on the rung `to` instead of where they stand, as the listener lets it.
pub(super) fn weigh(
    weights: Weights<'_>,
    (own, other): (FactionId, FactionId),
    to: Stance,
    outlooks: &Outlooks,
    trace: &mut impl Trace,
) -> Terms {
    let mut terms = outlooks[usize::from(own > other)].terms(weights, to);
    trace.weighed(own, other, to, &mut terms);
    terms
}

/// How much a client depends on sponsors whom a step towards another defies (it is their enemy), and a step away from it
/// (their friend).
fn defied(world: &World, scratch: &Scratch, (own, other): (FactionId, FactionId)) -> [f64; 2] {
    let (mut towards, mut away) = (0.0, 0.0);
    for sponsor in scratch.sponsors[own.index()].iter().copied() {
        if sponsor != other && world.alive[sponsor] {
            let (depends, theirs) = (world.dependence[(own, sponsor)], world.stance(sponsor, other));
            towards += if theirs == Stance::War { depends } else { 0.0 };
            away += if theirs >= Stance::Pact { depends } else { 0.0 };
        }
    }
    [towards, away]
}
