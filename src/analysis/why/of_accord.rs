//! Which accord a decision is about. The decision itself does not say; what followed it in the record, and where its party stood in each
//! accord, mostly do.

use super::account::{Note, RunAccount};
use crate::base::{AccordId, FactionId};
use crate::mechanism::{Decision, DecisionKind};
use crate::world::{HappeningKind, PartyStatus, Setting};

/// The accords that a decision may be about: of its mediator, or of its party; none if it is about no accord.
pub fn accords_for(setting: &Setting, decision: &Decision) -> Vec<AccordId> {
    let actor = decision.actor;
    let concerns = |accord: &AccordId| {
        let traits = &setting.accords[*accord];
        match decision.kind {
            DecisionKind::Accord | DecisionKind::Sign => traits.parties.iter().any(|(party, _)| *party == actor),
            DecisionKind::Propose => traits.mediator == Some(actor),
            _ => false,
        }
    };
    setting.accords.ids().filter(concerns).collect()
}

/// The accord that a decision of a run is about, where the record tells.
pub fn accord_of(setting: &Setting, account: &RunAccount, decision: &Decision) -> Option<AccordId> {
    let mut may = accords_for(setting, decision);
    if let [] | [_] = may[..] {
        return may.first().copied();
    }
    let is_it = |(_, note): &(u32, Note)| matches!(note, Note::Decided(other, _) if other == decision);
    let place = account.notes.iter().position(is_it)?;
    let yes = matches!(account.notes[place].1, Note::Decided(_, true));
    let actor = decision.actor;
    // What a decision changes is noted right after it.
    let next = account.notes.get(place + 1).filter(|(step, _)| *step == decision.step);
    let follows = next.and_then(|(_, note)| changed(note)).filter(|(_, party, to)| match decision.kind {
        DecisionKind::Propose => *to == PartyStatus::Proposed,
        _ => *party == actor,
    });
    if let Some((accord, ..)) = follows.filter(|(accord, ..)| may.contains(accord)) {
        return Some(accord);
    }
    // Nothing followed: the party stood already where the decision leaves it.
    let stands = match (decision.kind, yes) {
        (DecisionKind::Accord, true) => PartyStatus::Active,
        (DecisionKind::Accord, false) => PartyStatus::Suspended,
        (DecisionKind::Sign, false) => PartyStatus::Proposed,
        _ => return None,
    };
    may.retain(|accord| {
        let before = account.notes[..place].iter().rev().filter_map(|(_, note)| changed(note));
        let last = before.filter(|(other, party, _)| other == accord && *party == actor).map(|(.., to)| to).next();
        let at_start = || {
            let position = setting.accords[*accord].parties.iter().position(|(party, _)| *party == actor)?;
            setting.initial.accord[*accord].status[position]
        };
        last.or_else(at_start) == Some(stands)
    });
    if let [only] = may[..] { Some(only) } else { None }
}

/// The accord, the party and its new status, if a note is of a change of one.
fn changed(note: &Note) -> Option<(AccordId, FactionId, PartyStatus)> {
    match note {
        Note::Happened(happening) => match happening.kind {
            HappeningKind::AccordStatus { accord, party, to, .. } => Some((accord, party, to)),
            _ => None,
        },
        _ => None,
    }
}
