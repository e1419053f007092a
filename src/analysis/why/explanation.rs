//! The explanation of an outcome in one replicate.

use super::ablation::{Ablation, delete, ranked};
use super::again::{Again, Rerun};
use super::cause::{Grounds, causes};
use super::chain::{Chain, chain};
use super::hindrance::{Hindrances, hindrances};
use crate::measure::Condition;
use crate::world::Stance;

/// Why an outcome came about in a replicate, or did not.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// Which replicate.
    pub replicate: u64,
    /// The run as it was.
    pub was: Rerun,
    /// What led to the outcome, or how those concerned came to stand where they stand if it did not come about.
    pub chain: Chain,
    /// Every cause or hindrance, tested, the most telling first.
    pub ablations: Vec<Ablation>,
    /// What was tried, if the outcome did not come about.
    pub hindrances: Option<Hindrances>,
}

/// Explains an outcome in a replicate: finds what led there, and tests every candidate by ablation.
pub fn explain(again: &mut Again<'_>, grounds: &Grounds<'_>, replicate: u64) -> Explanation {
    let Grounds { setting, behaviour, outcome, .. } = *grounds;
    let was = again.run(replicate, None);
    let moment = was.yes_at.unwrap_or(outcome.last);
    let chain = chain(setting, outcome, &was.account, moment);
    let hindrances = match was.yes_at {
        Some(_) => None,
        None => Some(hindrances(setting, behaviour, outcome, &was.account, is_rising(&outcome.condition))),
    };
    let candidates = match &hindrances {
        Some(hindrances) => hindrances.causes.clone(),
        None => causes(grounds, &was.account, &chain),
    };
    let tested = candidates.into_iter().map(|cause| delete(again, setting, outcome, (replicate, &was), &chain, cause));
    let ablations = ranked(tested.collect());
    Explanation { replicate, was, chain, ablations, hindrances }
}

/// Whether a condition takes steps up the ladder rather than down.
pub fn is_rising(condition: &Condition) -> bool {
    match condition {
        Condition::Stance { at_most, .. } => *at_most == Stance::Alliance,
        Condition::ActiveDyad { .. } => false,
        Condition::Not(part) => !is_rising(part),
        _ => true,
    }
}
