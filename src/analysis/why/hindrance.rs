//! What kept an outcome from coming about: terms that spoke against it, and the decisions that came nearest.

use super::account::RunAccount;
use super::cause::{Cause, CauseKind, directed, reversed};
use super::chain::contenders;
use super::change::{DecisionKey, Intervention};
use super::of_accord::{accord_of, accords_for};
use super::outcome::Outcome;
use super::reconsider::{attempts, probability_without};
use crate::base::{AccordId, EventId, FactionId, Id, PairId};
use crate::mechanism::{Behaviour, Chance, Decision, DecisionKind, TERMS};
use crate::world::Setting;

/// How many decisions that came near are tried.
const NEAREST: usize = 12;

/// What was tried towards an outcome that did not come about.
#[derive(Clone, Debug, Default)]
pub struct Hindrances {
    /// In how many steps any of the pairs considered taking up talks.
    pub meetings: usize,
    /// How often one of them broke talks off.
    pub broken_off: usize,
    /// In how many steps any of them came to conclude talks.
    pub conclusions: usize,
    /// Decisions that stood against it, nearest first: those that would have gone the other way most readily; with the accord that
    /// each is about, if it is about one and the record tells which.
    pub nearest: Vec<(Decision, Option<AccordId>)>,
    /// What may have kept it from coming about, to be tested.
    pub causes: Vec<Cause>,
}

/// The hindrances of an outcome in a run in which it did not come about. `rising` is whether the outcome takes steps up
/// the ladder (a pact) rather than down (a war).
pub fn hindrances(
    setting: &Setting,
    behaviour: &Behaviour,
    outcome: &Outcome,
    account: &RunAccount,
    rising: bool,
) -> Hindrances {
    let mut pairs = outcome.member_pairs(setting);
    if pairs.is_empty() {
        let others: Vec<FactionId> = match outcome.place() {
            Some(zone) => contenders(setting, zone, account),
            None => setting.factions.ids().take(setting.founding).collect(),
        };
        let tie = |other: FactionId| outcome.factions.iter().map(move |faction| (*faction, other));
        pairs = others.into_iter().flat_map(tie).filter(|(a, b)| a != b).collect();
    }
    let inside: Vec<PairId> = pairs.iter().map(|(a, b)| PairId::of(*a, *b)).collect();
    let counted = |kind| pairs.iter().map(|(a, b)| attempts(account, kind, *a, *b)).sum();
    let mut found = Hindrances {
        meetings: counted(DecisionKind::OpenTalks),
        broken_off: (account.decisions())
            .filter(|(decision, yes)| {
                decision.kind == DecisionKind::GoOn
                    && !yes
                    && inside.contains(&PairId::of(decision.actor, decision.other))
            })
            .count(),
        conclusions: counted(DecisionKind::Conclude),
        ..Hindrances::default()
    };
    let binds = |accord: &AccordId| {
        let party = |faction: FactionId| setting.accords[*accord].parties.iter().any(|(party, _)| *party == faction);
        pairs.iter().any(|(a, b)| party(*a) && party(*b))
    };
    // An accord that both keep makes a pact; other than that it is of no concern to a pair.
    let bound = |decision: &Decision| {
        let of_one =
            || accord_of(setting, account, decision).map_or_else(|| accords_for(setting, decision), |one| vec![one]);
        outcome.pairs.is_empty() || of_one().iter().all(binds)
    };
    let against = |decision: &Decision, yes: bool| match decision.kind {
        DecisionKind::OpenTalks | DecisionKind::GoOn | DecisionKind::Conclude | DecisionKind::Cease => rising && !yes,
        DecisionKind::Attack => outcome.pairs.is_empty() && outcome.factions.contains(&decision.actor) && !yes,
        DecisionKind::StepDown => yes == rising,
        DecisionKind::Accord => outcome.factions.contains(&decision.actor) && bound(decision),
        DecisionKind::Propose => outcome.is_mediated_by(setting, decision.actor) && !yes,
        DecisionKind::Sign => outcome.factions.contains(&decision.actor) && !yes && bound(decision),
        DecisionKind::Merge
        | DecisionKind::Break
        | DecisionKind::Succession
        | DecisionKind::Defect
        | DecisionKind::GiveUp => outcome.pairs.is_empty() && outcome.factions.contains(&decision.actor) && !yes,
        DecisionKind::GoPublic => false,
    };
    let concerns = |decision: &Decision| {
        decision.actor == decision.other || inside.contains(&PairId::of(decision.actor, decision.other))
    };
    let mut nearest: Vec<Decision> = (account.decisions())
        .filter(|(decision, yes)| concerns(decision) && against(decision, *yes))
        .map(|(decision, _)| *decision)
        .collect();
    let weigh = |decision: &Decision| if decision.yes() { 1.0 - decision.probability } else { decision.probability };
    nearest.sort_by(|a, b| weigh(b).total_cmp(&weigh(a)).then_with(|| DecisionKey::of(a).cmp(&DecisionKey::of(b))));
    nearest.truncate(NEAREST);
    found.causes = blocking_terms(setting, behaviour, outcome, account, &inside, rising);
    found.causes.extend(nearest.iter().map(|decision| turned((setting, account), decision)));
    found.causes.extend(events(setting, account));
    let about = |decision: Decision| (decision, accord_of(setting, account, &decision));
    found.nearest = nearest.into_iter().map(about).collect();
    found
}

/// A decision turned; where both sides have to agree, both are.
fn turned(of: (&Setting, &RunAccount), decision: &Decision) -> Cause {
    if !matches!(decision.kind, DecisionKind::OpenTalks | DecisionKind::Conclude | DecisionKind::Cease) {
        return reversed(of, decision, 0.0);
    }
    let own = DecisionKey::of(decision);
    let other = DecisionKey { actor: decision.other, other: decision.actor, ..own };
    Cause {
        kind: CauseKind::Decision(*decision, None),
        change: Intervention::Decisions { list: vec![own, other], to: true },
        estimate: 0.0,
    }
}

/// Terms without which the decisions between two groups would have been more favourable on the whole.
fn blocking_terms(
    setting: &Setting,
    behaviour: &Behaviour,
    outcome: &Outcome,
    account: &RunAccount,
    inside: &[PairId],
    rising: bool,
) -> Vec<Cause> {
    let mut list = Vec::new();
    for [a, b] in &outcome.pairs {
        for (of, towards, both) in [(*a, *b, false), (*b, *a, false), (*a, *b, true)] {
            let mut between = directed(setting, of, towards);
            if both {
                between.extend(directed(setting, towards, of));
            }
            for term in 0..TERMS {
                let mut gain = 0.0;
                for (decision, _) in account.decisions() {
                    let counts = decision.actor != decision.other
                        && inside.contains(&PairId::of(decision.actor, decision.other))
                        && between.contains(&(decision.actor, decision.other));
                    if counts {
                        let change =
                            probability_without(behaviour, setting.calendar.weeks_in(decision.step), decision, term)
                                - decision.probability;
                        let up = decision.kind != DecisionKind::StepDown;
                        gain += if up == rising { change } else { -change };
                    }
                }
                if gain > 0.0 {
                    let kind = CauseKind::Term { of, towards, both, term };
                    list.push(Cause {
                        kind,
                        change: Intervention::Term { between: between.clone(), term },
                        estimate: gain,
                    });
                }
            }
        }
    }
    list
}

/// Events, the other way around: those that came to pass do not, those that failed do. Events held ready without any
/// chance are left as they are.
fn events(setting: &Setting, account: &RunAccount) -> Vec<Cause> {
    let mut list = Vec::new();
    for (step, note) in &account.notes {
        if let super::account::Note::Befell(Chance::Event(event), so) = note
            && setting.events[*event].chance.is_possible()
        {
            let change = Intervention::Chance { step: *step, chance: Chance::Event(*event), to: !so };
            list.push(Cause { kind: CauseKind::Event(EventId::from_index(event.index())), change, estimate: 0.0 });
        }
    }
    list
}
