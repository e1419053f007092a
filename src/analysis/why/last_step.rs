//! Whether a scheduled event was itself the step by which an outcome came about: by the record alone, for an event that comes in every
//! run leaves none without it to hold against those with it.

use super::account::{Note, RunAccount};
use super::chain::{Chain, Link};
use super::outcome::Outcome;
use crate::base::{EventId, PairId};
use crate::measure::Condition;
use crate::mechanism::Chance;
use crate::world::{Happening, HappeningKind};

/// Whether what an event did in a step is what the outcome came about by: of what is asked within a time, in its last step; of what is
/// asked of a moment, nothing moved it any more.
pub fn is_last_step(outcome: &Outcome, account: &RunAccount, chain: &Chain, (step, event): (u32, EventId)) -> bool {
    let lasts = |done: &Happening| match chain.end {
        Some(end) => end == step,
        None => !account.happenings().any(|(other, later)| other > step && is_of_the_same(done, later)),
    };
    let linked = |done: &Happening| chain.links.contains(&Link { step, note: Note::Happened(*done) });
    done_by(account, step, event).any(|done| linked(done) && brings(&outcome.condition, done) && lasts(done))
}

/// What an event did at once: it is noted right after the event, before anything is decided or drawn.
fn done_by(account: &RunAccount, step: u32, event: EventId) -> impl Iterator<Item = &Happening> {
    let came = (step, Note::Befell(Chance::Event(event), true));
    let after = account.notes.iter().skip_while(move |note| **note != came).skip(1);
    after.map_while(|(_, note)| if let Note::Happened(happening) = note { Some(happening) } else { None })
}

/// Whether a happening is one that a condition comes true by.
fn brings(condition: &Condition, done: &Happening) -> bool {
    use HappeningKind as Kind;
    match condition {
        Condition::Stance { at_least, at_most, .. } => {
            matches!(done.kind, Kind::StanceChanged { to, .. } if (*at_least..=*at_most).contains(&to))
        }
        Condition::Accord { .. } => matches!(done.kind, Kind::AccordStatus { .. }),
        Condition::Merged { .. } => matches!(done.kind, Kind::Merged { .. }),
        Condition::LeaderFell { .. } => matches!(done.kind, Kind::Succession { .. }),
        Condition::Controls { .. } => matches!(done.kind, Kind::ControlChanged { .. }),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|part| brings(part, done)),
        Condition::Not(part) => match (&**part, done.kind) {
            (Condition::Stance { at_least, at_most, .. }, Kind::StanceChanged { to, .. }) => {
                !(*at_least..=*at_most).contains(&to)
            }
            _ => brings(part, done),
        },
        _ => false,
    }
}

/// Whether a later happening is about the same as an earlier one, so that it may have undone it.
fn is_of_the_same(done: &Happening, later: &Happening) -> bool {
    use HappeningKind as Kind;
    match (done.kind, later.kind) {
        (Kind::StanceChanged { between: (a, b), .. }, Kind::StanceChanged { between: (c, d), .. }) => {
            PairId::of(a, b) == PairId::of(c, d)
        }
        (Kind::AccordStatus { accord, party, .. }, Kind::AccordStatus { accord: same, party: other, .. }) => {
            (accord, party) == (same, other)
        }
        (Kind::ControlChanged { zone, .. }, Kind::ControlChanged { zone: same, .. }) => zone == same,
        (Kind::Merged { into, .. }, Kind::LeftUmbrella { faction, .. } | Kind::Split { from: faction, .. }) => {
            into == faction
        }
        _ => false,
    }
}
