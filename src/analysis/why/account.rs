//! What a listener notes of a run, and how it may interfere.

use super::change::Intervention;
use crate::base::{FactionId, PairId};
use crate::mechanism::{Chance, Decision, Terms, Trace};
use crate::world::{Happening, Stance};

/// One thing noted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Note {
    /// A decision, and what came of it.
    Decided(Decision, bool),
    /// Something happened.
    Happened(Happening),
    /// Something that chance alone brings came to pass, or, for an event, failed to.
    Befell(Chance, bool),
}

/// A run as it was noted: everything that was decided and happened, in order, with the step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunAccount {
    /// The notes.
    pub notes: Vec<(u32, Note)>,
}

impl RunAccount {
    /// What happened, in order, with the step.
    pub fn happenings(&self) -> impl Iterator<Item = (u32, &Happening)> {
        self.notes.iter().filter_map(|(step, note)| match note {
            Note::Happened(happening) => Some((*step, happening)),
            _ => None,
        })
    }

    /// What was decided, in order, with what came of it.
    pub fn decisions(&self) -> impl Iterator<Item = (&Decision, bool)> {
        self.notes.iter().filter_map(|(_, note)| match note {
            Note::Decided(decision, yes) => Some((decision, *yes)),
            _ => None,
        })
    }

    /// The decision of a kind that somebody made in a step with regard to somebody.
    pub fn find(&self, like: &Decision) -> Option<&Decision> {
        let same = |decision: &&Decision| {
            decision.step == like.step
                && decision.kind == like.kind
                && (decision.actor, decision.other) == (like.actor, like.other)
        };
        let from = self.notes.partition_point(|(step, _)| *step < like.step);
        let until = self.notes.partition_point(|(step, _)| *step <= like.step);
        self.notes[from..until].iter().find_map(|(_, note)| match note {
            Note::Decided(decision, _) => Some(decision).filter(same),
            _ => None,
        })
    }
}

/// Listens to a run, notes it, and makes a change to it if asked to.
#[derive(Clone, Debug, Default)]
pub struct Witness<'a> {
    /// What was noted.
    pub account: RunAccount,
    /// What is made to be otherwise.
    pub change: Option<&'a Intervention>,
    step: u32,
}

impl<'a> Witness<'a> {
    /// A witness that makes a change, or none.
    pub fn new(change: Option<&'a Intervention>) -> Self {
        Self { change, ..Self::default() }
    }

    fn note(&mut self, note: Note) {
        self.account.notes.push((self.step, note));
    }
}

impl Trace for Witness<'_> {
    fn begins(&mut self, step: u32) {
        self.step = step;
    }

    fn happened(&mut self, happening: Happening) {
        self.note(Note::Happened(happening));
    }

    fn weighed(&mut self, actor: FactionId, other: FactionId, _goal: Stance, terms: &mut Terms) {
        if let Some(change) = self.change {
            for (term, weighed) in terms.iter_mut().enumerate() {
                if change.ignores(actor, other, term) {
                    *weighed = 0.0;
                }
            }
        }
    }

    fn befell(&mut self, chance: Chance, so: bool) -> bool {
        let so = self.change.and_then(|change| change.befalls(self.step, chance)).unwrap_or(so);
        self.note(Note::Befell(chance, so));
        so
    }

    fn decided(&mut self, decision: &Decision) -> bool {
        let yes = self.change.and_then(|change| change.decides(decision)).unwrap_or_else(|| decision.yes());
        self.note(Note::Decided(*decision, yes));
        yes
    }
}

/// The pair that a happening is about, if it is about one.
pub fn pair_of(happening: &Happening) -> Option<PairId> {
    use crate::world::HappeningKind as Kind;
    match happening.kind {
        Kind::TalksOpened { between: (a, b), .. }
        | Kind::TalksEnded { between: (a, b), .. }
        | Kind::Leaked { between: (a, b), .. }
        | Kind::StanceChanged { between: (a, b), .. }
        | Kind::Upheaval { between: (a, b) } => Some(PairId::of(a, b)),
        _ => None,
    }
}
