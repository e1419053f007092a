//! What of a run may have moved an amount, and what is made to be otherwise to see whether it did.

use super::account::{Note, RunAccount};
use super::change::{DecisionKey, Intervention};
use crate::base::FactionId;
use crate::mechanism::{Chance, Decision, DecisionKind};
use crate::world::{Happening, HappeningKind, PartyStatus, Stance};

/// Something of a run that may have moved an amount.
#[derive(Clone, Debug, PartialEq)]
pub enum Mover {
    /// Something that happened and does not in most runs, or an event that failed to come; or what happens in most runs
    /// and did not.
    Happening {
        /// What.
        happening: Happening,
        /// Whether it did not happen.
        lacking: bool,
        /// In which step; of what did not happen, by when it does in half of all runs.
        step: u32,
        /// What is made to be otherwise to test it.
        change: Intervention,
        /// In which share of all runs the same happened.
        share: f64,
    },
    /// What the run was under; held at what is usual to test it.
    Circumstances(Circumstances),
}

/// What of a run is held at what is usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// How violent times are: what all violence has in common.
    pub common: bool,
    /// The same of single pairs and factions.
    pub own: bool,
    /// The inputs and weights that it drew; usual are the best guesses.
    pub inputs: bool,
}

impl Circumstances {
    /// How violent times are, of all and of some.
    pub const TIMES: Self = Self { common: true, own: true, inputs: false };

    /// What is held by either.
    pub fn and(self, other: Self) -> Self {
        Self { common: self.common || other.common, own: self.own || other.own, inputs: self.inputs || other.inputs }
    }
}

/// The change by which something comes about that somebody decides on: from a step on, whenever it is weighed, the answer is
/// that which brings it. None for what takes more than that, such as talks.
pub(super) fn brought_about(happening: &Happening, step: u32) -> Option<Intervention> {
    let held = |kind, (a, b), goal, to| Intervention::Held { kind, between: both(a, b), goal, from: step, to };
    match happening.kind {
        HappeningKind::StanceChanged { between, from, to } if to < from => {
            Some(held(DecisionKind::StepDown, between, to, true))
        }
        HappeningKind::StanceChanged { between, from: Stance::War, to: Stance::Rivalry | Stance::Neutral } => {
            let goals = [Stance::Rivalry, Stance::Neutral];
            Some(Intervention::Together(goals.map(|goal| held(DecisionKind::Cease, between, goal, true)).into()))
        }
        HappeningKind::StanceChanged { between, to: to @ Stance::Neutral, .. } => {
            Some(held(DecisionKind::Cease, between, to, true))
        }
        HappeningKind::Merged { absorbed, into, .. } => {
            Some(held(DecisionKind::Merge, (absorbed, into), Stance::Neutral, true))
        }
        _ => None,
    }
}

/// Both ways between two; one of a faction with itself.
fn both(a: FactionId, b: FactionId) -> Vec<(FactionId, FactionId)> {
    let mut between = vec![(a, b), (b, a)];
    between.sort_unstable();
    between.dedup();
    between
}

/// Whether a change is made by another already: what is held from a step on is held later too.
pub(super) fn covers(earlier: &Intervention, change: &Intervention) -> bool {
    match (earlier, change) {
        (
            Intervention::Held { kind, between, goal, from, to },
            Intervention::Held { kind: same, between: pair, goal: end, from: later, to: way },
        ) => (kind, between, goal, to) == (same, pair, end, way) && from <= later,
        _ => earlier == change,
    }
}

/// Which of two candidates of which the ensemble says nothing is tried first: wars, then offensives, then the rest.
pub(super) fn weight(happening: &Happening) -> u8 {
    match happening.kind {
        HappeningKind::StanceChanged { to, from, .. } if to == Stance::War || from == Stance::War => 2,
        HappeningKind::Offensive { .. } | HappeningKind::Event { .. } => 1,
        _ => 0,
    }
}

/// What happened in a run and can be taken away, with the change that does it.
pub(super) fn movable(account: &RunAccount) -> impl Iterator<Item = (u32, Happening, Intervention)> + '_ {
    account.notes.iter().enumerate().filter_map(|(place, (step, note))| {
        let chance = |chance, kind, to| {
            let happening = Happening { kind, public: true };
            Some((*step, happening, Intervention::Chance { step: *step, chance, to }))
        };
        match *note {
            Note::Befell(event @ Chance::Event(id), so) => {
                chance(event, HappeningKind::Event { event: id, held: so }, !so)
            }
            Note::Befell(leak @ Chance::Leak(..), true) => {
                let told = account.notes[place..].iter().take_while(|(other, _)| other == step);
                let told =
                    told.filter_map(|(_, note)| if let Note::Happened(found) = note { Some(found.kind) } else { None });
                let kind = told.into_iter().find(|kind| matches!(kind, HappeningKind::Leaked { .. }))?;
                chance(leak, kind, false)
            }
            Note::Happened(happening) => {
                let change = taken_away(account, place, *step, &happening)?;
                Some((*step, happening, change))
            }
            _ => None,
        }
    })
}

/// The change that takes away what somebody decided: an attack or a fall is turned once, all else is held off for good.
fn taken_away(account: &RunAccount, place: usize, step: u32, happening: &Happening) -> Option<Intervention> {
    let (kinds, actor, other) = brought_by(happening)?;
    let concerns = |decision: &Decision| {
        let (one, two) = (decision.actor, decision.other);
        match other {
            Some(other) => (one, two) == (actor, other) || (one, two) == (other, actor),
            None => one == actor,
        }
    };
    // What came of it tells which of several decisions of the step it was.
    let to = !matches!(
        happening.kind,
        HappeningKind::AccordStatus { to: PartyStatus::Suspended | PartyStatus::Withdrawn, .. }
    );
    let (decision, yes) = account.notes[..place].iter().rev().take_while(|(other, _)| *other == step).find_map(
        |(_, note)| match note {
            Note::Decided(decision, yes) if kinds.contains(&decision.kind) && *yes == to && concerns(decision) => {
                Some((*decision, *yes))
            }
            _ => None,
        },
    )?;
    let once = matches!(decision.kind, DecisionKind::Attack | DecisionKind::Defect)
        || (decision.kind == DecisionKind::Succession && decision.actor == decision.other);
    if once {
        return Some(Intervention::Decisions { list: vec![DecisionKey::of(&decision)], to: !yes });
    }
    let between = both(decision.actor, decision.other);
    Some(Intervention::Held { kind: decision.kind, between, goal: decision.goal, from: step, to: !yes })
}

/// Whether something can be taken away: it is decided on, or chance alone brings it.
pub fn can_be_taken_away(happening: &Happening) -> bool {
    let by_chance = matches!(happening.kind, HappeningKind::Event { .. } | HappeningKind::Leaked { .. });
    by_chance || brought_by(happening).is_some()
}

/// Which decisions something happens by: their kinds, who decides, and with regard to whom if that tells them apart.
fn brought_by(happening: &Happening) -> Option<(&'static [DecisionKind], FactionId, Option<FactionId>)> {
    Some(match happening.kind {
        HappeningKind::StanceChanged { between: (a, b), from, to } => match to > from {
            true => (&[DecisionKind::Conclude, DecisionKind::Cease], a, Some(b)),
            false => (&[DecisionKind::StepDown], a, Some(b)),
        },
        HappeningKind::Offensive { attacker, .. } => (&[DecisionKind::Attack], attacker, None),
        HappeningKind::Succession { faction } => (&[DecisionKind::Succession], faction, Some(faction)),
        HappeningKind::Takeover { faction, .. } => (&[DecisionKind::Succession], faction, None),
        HappeningKind::Defection { from, .. } => (&[DecisionKind::Defect], from, None),
        HappeningKind::Merged { absorbed, into, .. } => (&[DecisionKind::Merge], absorbed, Some(into)),
        HappeningKind::Split { from: faction, .. } | HappeningKind::LeftUmbrella { faction, .. } => {
            (&[DecisionKind::Break], faction, None)
        }
        HappeningKind::AccordStatus { party, .. } => (&[DecisionKind::Accord, DecisionKind::Sign], party, None),
        HappeningKind::Gone { faction } => (&[DecisionKind::GiveUp], faction, None),
        HappeningKind::Event { .. }
        | HappeningKind::TalksOpened { .. }
        | HappeningKind::TalksEnded { .. }
        | HappeningKind::Leaked { .. }
        | HappeningKind::Upheaval { .. }
        | HappeningKind::Siege { .. }
        | HappeningKind::Repelled { .. }
        | HappeningKind::CutOff { .. }
        | HappeningKind::ControlChanged { .. } => return None,
    })
}
