//! What may have caused an outcome, with an estimate from the record alone of how much hung on it.
//!
//! The estimate is what picks the top cause when explanations are held against replays, so it must not look at any
//! replay. For a term or a decision it asks two things of the record. Does a link of the chain break without it, given
//! the draw that the link met? And if so, how likely would the two have come to the same deal later, at the rate at
//! which they met and with the probabilities that their decisions had? For an event it is the attributable fraction
//! in the ensemble, `1 − P(yes | it failed) / P(yes | it held)`, a lower bound of the probability that it was necessary
//! (Pearl 1999; Greenland and Robins 1988): whether an event comes to pass is drawn, so the ensemble is an experiment. Of one that comes
//! in every run, or in nearly every one, there is no such fraction; then the record says whether it was itself the step by which the
//! outcome came about ([`super::last_step`]).

use super::account::{Note, RunAccount};
use super::chain::Chain;
use super::change::{DecisionKey, Intervention};
use super::last_step::is_last_step;
use super::of_accord::accord_of;
use super::outcome::{Outcome, members};
use super::reconsider::{attempts, probability_without, turns};
use crate::base::maths::{chance, exp, ln_1p};
use crate::base::{AccordId, EventId, FactionId, PairId, WEEKS_IN_A_YEAR};
use crate::measure::{Condition, Group};
use crate::mechanism::{Behaviour, Chance, Decision, DecisionKind, TERMS};
use crate::world::{HappeningKind, Setting};

/// A candidate for a cause: what is taken away to test it, and how much is thought to hang on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// What it is.
    pub kind: CauseKind,
    /// What is made to be otherwise to test it.
    pub change: Intervention,
    /// How likely, from the record alone, the outcome would not have come about without it: 0 to 1.
    pub estimate: f64,
}

/// What a cause is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CauseKind {
    /// A term in how one group weighs a deal with another, or (`both`) each with the other.
    Term {
        /// Who weighs.
        of: Group,
        /// With regard to whom.
        towards: Group,
        /// Whether the other way around as well.
        both: bool,
        /// Which term.
        term: usize,
    },
    /// Two took up talks, in a step.
    Talks {
        /// The two.
        between: (FactionId, FactionId),
        /// In which step.
        step: u32,
    },
    /// A decision, and the accord that it is about, if it is about one and the record tells which.
    Decision(Decision, Option<AccordId>),
    /// A scheduled event that came to pass.
    Event(EventId),
    /// A leak, in a step.
    Leak {
        /// Of which two.
        between: (FactionId, FactionId),
        /// In which step.
        step: u32,
    },
}

/// What the estimates rest on.
#[derive(Clone, Copy)]
pub struct Grounds<'a> {
    /// The setting.
    pub setting: &'a Setting,
    /// The weights and rates.
    pub behaviour: &'a Behaviour,
    /// The outcome.
    pub outcome: &'a Outcome,
    /// Attributable fraction of each event, from the ensemble; none where too few runs are without it, or it is not known.
    pub events: &'a [Option<f64>],
}

/// How much is thought to hang on what the record cannot weigh: leaks, and decisions of others.
const LITTLE: f64 = 0.05;
/// From this estimate on a cause is named as the top one.
const NAMED: f64 = 0.15;
/// Weeks between reviews.
const REVIEW_WEEKS: f64 = 4.0;
/// Attempts and weeks that stand for what is not known when a pair met seldom.
const PRIOR: (f64, f64) = (0.5, 26.0);

/// The candidates for causes of an outcome that came about, in a fixed order: terms, talks and decisions of the chain,
/// leaks, events, decisions of others that changed how a faction of the chain stood. The last step itself (the two
/// conclusions of a deal) is not among them: that it took place is the outcome, not its cause.
pub fn causes(grounds: &Grounds<'_>, account: &RunAccount, chain: &Chain) -> Vec<Cause> {
    let mut list = terms(grounds, account, chain);
    list.extend(earlier(grounds, account, chain));
    list.extend(chances(grounds, account, chain));
    list.extend(elsewhere(grounds.setting, account, chain));
    list
}

/// The place of the cause on which most is thought to hang; the first of equals. None if the record says of none that
/// much would hang on it.
pub fn top(causes: &[Cause]) -> Option<usize> {
    let better = |best: usize, place: usize| if causes[place].estimate > causes[best].estimate { place } else { best };
    (0..causes.len()).reduce(better).filter(|place| causes[*place].estimate >= NAMED)
}

/// How much a decision of a kind counts for an outcome: wholly if it is what moves it, little if it can only help.
fn weight(outcome: &Outcome, kind: DecisionKind) -> f64 {
    if outcome.comes_by(kind) { 1.0 } else { LITTLE }
}

/// Who weighed what with regard to whom in the chain, by group: as the outcome names them, else by faction.
fn sides(grounds: &Grounds<'_>, chain: &Chain) -> Vec<(Group, Group)> {
    let mut sides: Vec<(Group, Group)> = Vec::new();
    for decision in chain.decisions().filter(|decision| decision.terms.iter().any(|term| *term != 0.0)) {
        let group = |faction: FactionId, not: FactionId| {
            let named = grounds.outcome.pairs.iter().flatten().copied();
            let holds = |group: &Group| {
                let members = members(grounds.setting, *group);
                members.contains(&faction) && !members.contains(&not)
            };
            named.into_iter().find(holds).unwrap_or(Group::Faction(faction))
        };
        let side = (group(decision.actor, decision.other), group(decision.other, decision.actor));
        if !sides.contains(&side) {
            sides.push(side);
        }
    }
    sides
}

/// Everyone in a group with everyone in another.
pub(super) fn directed(setting: &Setting, of: Group, towards: Group) -> Vec<(FactionId, FactionId)> {
    let towards = members(setting, towards);
    let pair = |one: FactionId| towards.iter().map(move |other| (one, *other)).collect::<Vec<_>>();
    members(setting, of).into_iter().flat_map(pair).collect()
}

fn terms(grounds: &Grounds<'_>, account: &RunAccount, chain: &Chain) -> Vec<Cause> {
    let mut list = Vec::new();
    let sides = sides(grounds, chain);
    for (of, towards) in &sides {
        let own = of == towards;
        let mirrored = !own && sides.contains(&(*towards, *of));
        for both in [false, true] {
            // One cause for both sides, in the order in which the outcome names them.
            if both && !(mirrored && in_order(grounds.outcome, *of, *towards)) {
                continue;
            }
            let mut pairs = directed(grounds.setting, *of, *towards);
            if both {
                pairs.extend(directed(grounds.setting, *towards, *of));
            }
            for term in 0..TERMS {
                let weighed = |decision: &&Decision| pairs.contains(&(decision.actor, decision.other));
                let support: f64 =
                    chain.decisions().filter(weighed).map(|decision| support(grounds, decision, term)).sum();
                if support > 0.0 {
                    let change = Intervention::Term { between: pairs.clone(), term };
                    let kind = CauseKind::Term { of: *of, towards: *towards, both, term };
                    let estimate = hangs_on_term(grounds, account, chain, &pairs, term);
                    list.push(Cause { kind, change, estimate });
                }
            }
        }
    }
    list
}

/// Whether two groups stand in the order of the outcome; in the order of their numbers, if it does not name them.
fn in_order(outcome: &Outcome, one: Group, other: Group) -> bool {
    match outcome.pairs.iter().any(|pair| *pair == [one, other] || *pair == [other, one]) {
        true => outcome.pairs.contains(&[one, other]),
        false => one < other,
    }
}

/// By how much a term raised the probability of what was decided.
fn support(grounds: &Grounds<'_>, decision: &Decision, term: usize) -> f64 {
    let calendar = grounds.setting.calendar;
    let without = probability_without(grounds.behaviour, calendar.weeks_in(decision.step), decision, term);
    let gain = decision.probability - without;
    if decision.yes() { gain } else { -gain }
}

fn hangs_on_term(
    grounds: &Grounds<'_>,
    account: &RunAccount,
    chain: &Chain,
    pairs: &[(FactionId, FactionId)],
    term: usize,
) -> f64 {
    let calendar = grounds.setting.calendar;
    let without = |decision: &Decision| {
        if pairs.contains(&(decision.actor, decision.other)) {
            probability_without(grounds.behaviour, calendar.weeks_in(decision.step), decision, term)
        } else {
            decision.probability
        }
    };
    let decisive = |decision: &&Decision| weight(grounds.outcome, decision.kind) >= 1.0;
    let broken = chain.decisions().filter(decisive).find(|decision| turns(decision, without(decision)));
    match broken {
        Some(broken) => 1.0 - comes_later(grounds, account, chain, broken, without),
        None => {
            // How near the nearest decision came to turning, never as much as one that turns.
            let near = |decision: &Decision| {
                let room = (decision.probability - decision.draw).abs();
                let moved = (decision.probability - without(decision)).abs();
                if room > 0.0 { (moved / room).min(1.0) } else { 0.0 }
            };
            NAMED * 0.9 * chain.decisions().filter(decisive).map(near).fold(0.0, f64::max)
        }
    }
}

/// How likely the pair of a broken link would have made up for it in the time that was left: attempts at the rate at which
/// they met, each of which succeeds as the chain's own decisions would have.
fn comes_later(
    grounds: &Grounds<'_>,
    account: &RunAccount,
    chain: &Chain,
    broken: &Decision,
    probability: impl Fn(&Decision) -> f64,
) -> f64 {
    let Decision { actor, other, .. } = *broken;
    let pair = |decision: &&Decision| {
        let two = (decision.actor, decision.other);
        two == (actor, other) || two == (other, actor)
    };
    let calendar = grounds.setting.calendar;
    let left = (calendar.week_of(grounds.outcome.last) - calendar.week_of(broken.step)).max(0.0);
    if matches!(broken.kind, DecisionKind::StepDown | DecisionKind::Cease) {
        let looks = grounds.behaviour.choice.looks / WEEKS_IN_A_YEAR;
        return chance(looks * probability(broken), left);
    }
    if broken.kind == DecisionKind::Attack {
        let looks = grounds.behaviour.offensives.readiness / REVIEW_WEEKS;
        return chance(looks * probability(broken), left);
    }
    let of_accord = matches!(broken.kind, DecisionKind::Accord | DecisionKind::Sign);
    let reviewed = [
        DecisionKind::Merge,
        DecisionKind::Break,
        DecisionKind::Succession,
        DecisionKind::Defect,
        DecisionKind::GiveUp,
        DecisionKind::Propose,
    ];
    if of_accord || reviewed.contains(&broken.kind) {
        let reviews = if of_accord { grounds.behaviour.accords.review } else { 1.0 / REVIEW_WEEKS };
        let same = if broken.yes() { probability(broken) } else { 1.0 - probability(broken) };
        return chance(reviews * same, left);
    }
    let seen = calendar.week_of(grounds.outcome.last.min(account.notes.last().map_or(0, |(step, _)| *step)));
    let met = attempts(account, DecisionKind::OpenTalks, actor, other) as f64;
    let rate = (met + PRIOR.0) / (seen + PRIOR.1);
    // The last rung is what is missing; both sides must say yes when talks open and when they conclude.
    let goal = chain.decisions().filter(pair).map(|decision| decision.goal).last().unwrap_or(broken.goal);
    let of_rung = |kind: DecisionKind| -> Vec<f64> {
        let rung = chain.decisions().filter(pair).filter(|decision| decision.kind == kind && decision.goal == goal);
        rung.map(&probability).collect()
    };
    let (open, close) = (of_rung(DecisionKind::OpenTalks), of_rung(DecisionKind::Conclude));
    let product = |list: &[f64]| list.iter().product::<f64>();
    // Talks that ran at the start were opened by nobody in the record: as likely as to be concluded.
    let success = product(&close) * if open.is_empty() { product(&close) } else { product(&open) };
    let length = 1.0 / grounds.behaviour.negotiation.conclusion.max(0.01);
    1.0 - exp(rate * (left - length).max(0.0) * ln_1p(-success.min(1.0 - 1e-9)))
}

/// Talks taken up and decisions of the chain, the last step excepted.
fn earlier(grounds: &Grounds<'_>, account: &RunAccount, chain: &Chain) -> Vec<Cause> {
    let mut list: Vec<Cause> = Vec::new();
    for decision in chain.decisions().filter(|decision| !chain.is_outcome(grounds.outcome, decision)) {
        let later = comes_later(grounds, account, chain, decision, |decision| decision.probability);
        let estimate = (1.0 - later) * weight(grounds.outcome, decision.kind);
        if decision.kind == DecisionKind::OpenTalks {
            let between = (decision.actor.min(decision.other), decision.actor.max(decision.other));
            let kind = CauseKind::Talks { between, step: decision.step };
            if list.iter().any(|cause| cause.kind == kind) {
                continue;
            }
            let keys = [(between.0, between.1), (between.1, between.0)].map(|(actor, other)| DecisionKey {
                step: decision.step,
                kind: DecisionKind::OpenTalks,
                actor,
                other,
            });
            list.push(Cause { kind, change: Intervention::Decisions { list: keys.into(), to: false }, estimate });
        } else {
            list.push(reversed((grounds.setting, account), decision, estimate));
        }
    }
    list
}

/// A decision of a run as a cause: tested by letting it go the other way.
pub fn reversed((setting, account): (&Setting, &RunAccount), decision: &Decision, estimate: f64) -> Cause {
    let change = Intervention::Decisions { list: vec![DecisionKey::of(decision)], to: !decision.yes() };
    let kind = CauseKind::Decision(*decision, accord_of(setting, account, decision));
    Cause { kind, change, estimate }
}

fn chances(grounds: &Grounds<'_>, account: &RunAccount, chain: &Chain) -> Vec<Cause> {
    let cause = |link: &super::chain::Link| match link.note {
        // A leak that was asked about is the outcome, not its cause.
        Note::Befell(Chance::Leak(..), true)
            if chain.end == Some(link.step) && matches!(grounds.outcome.condition, Condition::Leaked { .. }) =>
        {
            None
        }
        Note::Befell(chance, true) => {
            let (kind, estimate) = match chance {
                Chance::Event(event) => {
                    let known = grounds.events.get(crate::base::Id::index(event)).copied().flatten();
                    let by_record = || match is_last_step(grounds.outcome, account, chain, (link.step, event)) {
                        true => 1.0,
                        false => 0.0,
                    };
                    (CauseKind::Event(event), known.unwrap_or_else(by_record))
                }
                Chance::Leak(a, b) => (CauseKind::Leak { between: (a, b), step: link.step }, LITTLE),
            };
            Some(Cause { kind, change: Intervention::Chance { step: link.step, chance, to: false }, estimate })
        }
        _ => None,
    };
    chain.links.iter().filter_map(cause).collect()
}

/// Decisions outside the chain that changed how one of its factions stood with a third, before the outcome.
fn elsewhere(setting: &Setting, account: &RunAccount, chain: &Chain) -> Vec<Cause> {
    let until = chain.links.last().map_or(0, |link| link.step);
    let inside: Vec<PairId> =
        chain.decisions().filter(|d| d.actor != d.other).map(|d| PairId::of(d.actor, d.other)).collect();
    let mut moved: Vec<(u32, PairId)> = Vec::new();
    for (step, happening) in account.happenings().take_while(|(step, _)| *step <= until) {
        if let HappeningKind::StanceChanged { between: (a, b), .. } = happening.kind
            && (chain.factions.contains(&a) || chain.factions.contains(&b))
            && !inside.contains(&PairId::of(a, b))
        {
            moved.push((step, PairId::of(a, b)));
        }
    }
    let mut list: Vec<Cause> = Vec::new();
    for (decision, yes) in account.decisions() {
        let brings = matches!(decision.kind, DecisionKind::Conclude | DecisionKind::StepDown | DecisionKind::Cease);
        if yes && brings && moved.contains(&(decision.step, PairId::of(decision.actor, decision.other))) {
            // The later of two conclusions says nothing more than the first.
            let twin = |cause: &Cause| match &cause.kind {
                CauseKind::Decision(other, _) => {
                    (other.step, other.kind) == (decision.step, decision.kind) && other.actor == decision.other
                }
                _ => false,
            };
            if !list.iter().any(twin) {
                let near = f64::from(decision.step + 1) / f64::from(until.max(decision.step) + 1);
                list.push(reversed((setting, account), decision, LITTLE * near * 0.5));
            }
        }
    }
    list
}
