//! The probability that a recorded decision would have had, had its utility been another.

use super::account::{Note, RunAccount};
use crate::base::maths::{chance, exp, logistic};
use crate::mechanism::{Behaviour, Decision, DecisionKind, utility};

/// The probability of a yes to a decision at another utility; none for decisions that weigh no terms.
pub fn probability_at(behaviour: &Behaviour, weeks: f64, decision: &Decision, utility_then: f64) -> Option<f64> {
    let agrees = behaviour.weights().probability(utility_then);
    match decision.kind {
        DecisionKind::OpenTalks
        | DecisionKind::Conclude
        | DecisionKind::StepDown
        | DecisionKind::Cease
        | DecisionKind::Sign => Some(agrees),
        DecisionKind::Accord => Some(logistic(behaviour.accords.precision * utility_then)),
        DecisionKind::GoOn => Some(1.0 - chance(behaviour.negotiation.break_off, weeks) * (1.0 - agrees)),
        DecisionKind::Attack => {
            // The odds of attacking somewhere rather than nowhere grow with the exponential of what the best place is worth.
            let odds = decision.probability / (1.0 - decision.probability).max(f64::MIN_POSITIVE);
            let then = odds * exp(utility_then - utility(&decision.terms));
            Some(if then.is_finite() { then / (1.0 + then) } else { 1.0 })
        }
        DecisionKind::GoPublic
        | DecisionKind::Break
        | DecisionKind::Merge
        | DecisionKind::Succession
        | DecisionKind::Defect
        | DecisionKind::GiveUp
        | DecisionKind::Propose => None,
    }
}

/// The probability of a yes had a term counted for nothing; that of the decision if it weighs no terms.
pub fn probability_without(behaviour: &Behaviour, weeks: f64, decision: &Decision, term: usize) -> f64 {
    let then = utility(&decision.terms) - decision.terms[term];
    probability_at(behaviour, weeks, decision, then).unwrap_or(decision.probability)
}

/// Whether a decision turns when its probability becomes another: the draw it meets stays.
pub fn turns(decision: &Decision, probability: f64) -> bool {
    (decision.draw < probability) != decision.yes()
}

/// The steps in which a decision of a kind was made between two, either way.
pub fn attempts(
    account: &RunAccount,
    kind: DecisionKind,
    a: crate::base::FactionId,
    b: crate::base::FactionId,
) -> usize {
    let of_two = |decision: &Decision| {
        decision.kind == kind
            && ((decision.actor, decision.other) == (a, b) || (decision.actor, decision.other) == (b, a))
    };
    let mut steps: Vec<u32> = (account.notes.iter())
        .filter_map(|(step, note)| matches!(note, Note::Decided(decision, _) if of_two(decision)).then_some(*step))
        .collect();
    steps.dedup();
    steps.len()
}
