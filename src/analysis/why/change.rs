//! What is made to be otherwise in a run, all else being as it was.

use crate::base::FactionId;
use crate::mechanism::{Chance, Decision, DecisionKind};

/// A change to a run. Draws are keyed by who draws for what, so nothing else changes but what follows from it.
#[derive(Clone, Debug, PartialEq)]
pub enum Intervention {
    /// A term counts for nothing, from the start, whenever one of these weighs a deal with the other.
    Term {
        /// Who weighs, and with regard to whom.
        between: Vec<(FactionId, FactionId)>,
        /// Which term, by its place in [`crate::mechanism::TERM_NAMES`].
        term: usize,
    },
    /// Decisions go a given way.
    Decisions {
        /// Which.
        list: Vec<DecisionKey>,
        /// Which way.
        to: bool,
    },
    /// Something that chance brings comes to pass, or does not.
    Chance {
        /// In which step.
        step: u32,
        /// What.
        chance: Chance,
        /// Whether it comes to pass.
        to: bool,
    },
}

/// Which decision: nobody decides the same thing twice in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DecisionKey {
    /// In which step.
    pub step: u32,
    /// What is decided.
    pub kind: DecisionKind,
    /// Who decides.
    pub actor: FactionId,
    /// With regard to whom.
    pub other: FactionId,
}

impl DecisionKey {
    /// The key of a decision.
    pub fn of(decision: &Decision) -> Self {
        Self { step: decision.step, kind: decision.kind, actor: decision.actor, other: decision.other }
    }

    /// Whether it is this decision.
    pub fn is(&self, decision: &Decision) -> bool {
        *self == Self::of(decision)
    }
}
