//! A cause tested by taking it away: the replicate is replayed under the same random numbers without it.

use super::account::RunAccount;
use super::again::{Again, Rerun};
use super::cause::Cause;
use super::chain::{Chain, of_interest};
use super::outcome::Outcome;
use crate::base::PairId;
use crate::mechanism::Decision;
use crate::world::{Happening, Setting};

/// How many things that happened instead are kept.
const INSTEAD: usize = 3;

/// What came of a replay with one thing changed.
#[derive(Clone, Debug)]
pub struct Ablation {
    /// What was changed.
    pub cause: Cause,
    /// Whether the outcome flipped.
    pub flips: bool,
    /// The moment at which the outcome came about in the replay, if it did.
    pub yes_at: Option<u32>,
    /// The probability that the last step of the chain had in the replay, and had before: the product over its
    /// decisions. None if those decisions were not made there, or the chain ends in none.
    pub last_step: Option<(f64, f64)>,
    /// The first things that happened between or to those whom the outcome is about, and that had not happened before.
    pub instead: Vec<(u32, Happening)>,
    /// Why the replay failed, if it did: it then says nothing.
    pub failure: Option<String>,
}

/// Replays a replicate with a cause taken away.
pub fn delete(
    again: &mut Again<'_>,
    setting: &Setting,
    outcome: &Outcome,
    (replicate, was): (u64, &Rerun),
    chain: &Chain,
    cause: Cause,
) -> Ablation {
    let then = again.run(replicate, Some(&cause.change));
    Ablation {
        flips: then.failure.is_none() && then.yes_at.is_some() != was.yes_at.is_some(),
        yes_at: then.yes_at,
        last_step: last_step(&chain.last, &then.account),
        instead: instead(setting, outcome, &was.account, &then.account),
        failure: then.failure,
        cause,
    }
}

/// The joint probability of the last step's decisions in a replay, and before.
fn last_step(last: &[Decision], then: &RunAccount) -> Option<(f64, f64)> {
    let mut product = (1.0, 1.0);
    for decision in last {
        let now = then.find(decision)?;
        let part = |decision: &Decision| if decision.yes() { decision.probability } else { 1.0 - decision.probability };
        // What the same answer would have taken.
        let same = if decision.yes() { now.probability } else { 1.0 - now.probability };
        product = (product.0 * same, product.1 * part(decision));
    }
    (!last.is_empty()).then_some(product)
}

fn instead(setting: &Setting, outcome: &Outcome, was: &RunAccount, then: &RunAccount) -> Vec<(u32, Happening)> {
    let pairs: Vec<PairId> = outcome.member_pairs(setting).into_iter().map(|(a, b)| PairId::of(a, b)).collect();
    let mut before: Vec<(u32, Happening)> = was.happenings().map(|(step, happening)| (step, *happening)).collect();
    let mut fresh = Vec::new();
    for (step, happening) in then.happenings().filter(|(_, happening)| of_interest(outcome, &pairs, happening)) {
        match before.iter().position(|known| *known == (step, *happening)) {
            // The same thing twice in a step was there twice before.
            Some(place) => {
                before.swap_remove(place);
            }
            None if fresh.len() < INSTEAD => fresh.push((step, *happening)),
            None => break,
        }
    }
    fresh
}

/// Causes with what deleting them did, most telling first: flips before others, then by how much less likely the last step
/// became, then by the estimate.
pub fn ranked(mut ablations: Vec<Ablation>) -> Vec<Ablation> {
    let loss = |ablation: &Ablation| match ablation.last_step {
        Some((then, was)) => was - then,
        // The last step was not even come to.
        None => 1.0,
    };
    ablations.sort_by(|a, b| {
        b.flips
            .cmp(&a.flips)
            .then_with(|| b.cause.estimate.total_cmp(&a.cause.estimate).then_with(|| loss(b).total_cmp(&loss(a))))
    });
    ablations
}
