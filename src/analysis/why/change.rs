//! What is made to be otherwise in a run, all else being as it was.

use crate::base::FactionId;
use crate::mechanism::{Chance, Decision, DecisionKind};
use crate::world::Stance;

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
    /// All decisions of a kind that lead to a stance go a given way from a step on.
    Held {
        /// What is decided.
        kind: DecisionKind,
        /// Who decides, and with regard to whom.
        between: Vec<(FactionId, FactionId)>,
        /// Where the two would stand after a yes.
        goal: Stance,
        /// The first step.
        from: u32,
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
    /// Several changes at once; where two are about the same, the first holds.
    Together(Vec<Self>),
}

impl Intervention {
    /// What becomes of a decision; none if it stays as it is.
    pub fn decides(&self, decision: &Decision) -> Option<bool> {
        match self {
            Self::Decisions { list, to } => list.iter().any(|key| key.is(decision)).then_some(*to),
            Self::Held { kind, between, goal, from, to } => {
                let held = decision.step >= *from && decision.kind == *kind && decision.goal == *goal;
                (held && between.contains(&(decision.actor, decision.other))).then_some(*to)
            }
            Self::Together(parts) => parts.iter().find_map(|part| part.decides(decision)),
            Self::Term { .. } | Self::Chance { .. } => None,
        }
    }

    /// What becomes of something that chance brings in a step; none if it stays as it is.
    pub fn befalls(&self, now: u32, brought: Chance) -> Option<bool> {
        match self {
            Self::Chance { step, chance, to } => (*chance == brought && *step == now).then_some(*to),
            Self::Together(parts) => parts.iter().find_map(|part| part.befalls(now, brought)),
            Self::Term { .. } | Self::Decisions { .. } | Self::Held { .. } => None,
        }
    }

    /// Whether a term counts for nothing when one weighs a deal with another.
    pub fn ignores(&self, actor: FactionId, other: FactionId, which: usize) -> bool {
        match self {
            Self::Term { between, term } => *term == which && between.contains(&(actor, other)),
            Self::Together(parts) => parts.iter().any(|part| part.ignores(actor, other, which)),
            Self::Decisions { .. } | Self::Held { .. } | Self::Chance { .. } => false,
        }
    }
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
