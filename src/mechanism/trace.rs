//! Who listens while a week is stepped: what happened, and how each decision was made.

use super::terms::{TERMS, Terms};
use crate::base::{EventId, FactionId};
use crate::world::{Happening, Stance};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DecisionKind {
    /// To enter talks about a stance.
    OpenTalks,
    /// To go on with talks for another week.
    GoOn,
    /// To conclude talks with a deal.
    Conclude,
    /// To make a deal known, the two together; the terms are those of the first.
    GoPublic,
    /// To step down from a stance.
    StepDown,
    /// To let fighting or rivalry cease.
    Cease,
    /// To begin an offensive.
    Attack,
    /// To suspend, return to or leave an accord.
    Accord,
    /// To leave an umbrella, or to break away from a faction.
    Break,
    /// To become one faction.
    Merge,
    /// A leader falls, or a member takes over the lead of its umbrella.
    Succession,
    /// A commander goes over to another faction.
    Defect,
    /// To dissolve.
    GiveUp,
    /// To sign an accord.
    Sign,
    /// To put an accord to its parties, as its mediator.
    Propose,
}

impl DecisionKind {
    /// All kinds, in their order.
    pub const ALL: [Self; 15] = [
        Self::OpenTalks,
        Self::GoOn,
        Self::Conclude,
        Self::GoPublic,
        Self::StepDown,
        Self::Cease,
        Self::Attack,
        Self::Accord,
        Self::Break,
        Self::Merge,
        Self::Succession,
        Self::Defect,
        Self::GiveUp,
        Self::Sign,
        Self::Propose,
    ];

    /// The name in result files.
    pub fn id(self) -> &'static str {
        match self {
            Self::OpenTalks => "open_talks",
            Self::GoOn => "go_on",
            Self::Conclude => "conclude",
            Self::GoPublic => "go_public",
            Self::StepDown => "step_down",
            Self::Cease => "cease",
            Self::Attack => "attack",
            Self::Accord => "accord",
            Self::Break => "break",
            Self::Merge => "merge",
            Self::Succession => "succession",
            Self::Defect => "defect",
            Self::GiveUp => "give_up",
            Self::Sign => "sign",
            Self::Propose => "propose",
        }
    }
}

/// A decision: what was weighed, the probability it gave, and the draw it met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decision {
    /// What was decided.
    pub kind: DecisionKind,
    /// The step.
    pub step: u32,
    /// Who decided.
    pub actor: FactionId,
    /// With regard to whom.
    pub other: FactionId,
    /// Where the two stand.
    pub from: Stance,
    /// The stance at issue: where they would stand after a yes.
    pub goal: Stance,
    /// The terms of the utility, each with its weight applied.
    pub terms: Terms,
    /// The probability of a yes.
    pub probability: f64,
    /// The uniform that it met: yes if below the probability.
    pub draw: f64,
}

impl Decision {
    /// A decision that weighs no terms, and is not about where two stand.
    pub fn unweighed(
        kind: DecisionKind,
        step: u32,
        (actor, other): (FactionId, FactionId),
        probability: f64,
        draw: f64,
    ) -> Self {
        Self {
            kind,
            step,
            actor,
            other,
            from: Stance::Neutral,
            goal: Stance::Neutral,
            terms: [0.0; TERMS],
            probability,
            draw,
        }
    }

    /// What came of it.
    #[inline]
    pub fn yes(&self) -> bool {
        self.draw < self.probability
    }
}

/// Something that chance alone brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chance {
    /// A scheduled event comes to pass.
    Event(EventId),
    /// A secret of two factions becomes known.
    Leak(FactionId, FactionId),
}

/// A listener. The default methods do nothing, and cost nothing when compiled in.
pub trait Trace {
    /// A step begins.
    #[inline]
    fn begins(&mut self, _step: u32) {}

    /// A mechanism begins its part of the step; an empty name ends the step.
    #[inline]
    fn enters(&mut self, _mechanism: &'static str) {}

    /// Something happened.
    #[inline]
    fn happened(&mut self, _happening: Happening) {}

    /// Terms were weighed; a listener that asks "what if this had not counted" may change them. A party that reviews
    /// its part in an accord, or may sign one, weighs it with regard to itself, and a pact.
    #[inline]
    fn weighed(&mut self, _actor: FactionId, _other: FactionId, _goal: Stance, _terms: &mut Terms) {}

    /// Chance brought something, or not (only events are told when they fail); what the listener returns is what came
    /// of it.
    #[inline]
    fn befell(&mut self, _chance: Chance, so: bool) -> bool {
        so
    }

    /// A decision was made; the answer is what the listener returns, which is what came of it unless the listener asks
    /// "what if it had gone the other way".
    #[inline]
    fn decided(&mut self, decision: &Decision) -> bool {
        decision.yes()
    }
}

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Trace for Silent {}
