//! Whether explanations hold: over many cases, how often taking away the top cause flips the outcome, against a random
//! cause.
//!
//! The top cause is picked by its estimate ([`super::cause`]), which rests on the record of the run alone, and only then
//! tested by a replay; picked by the replays themselves it would flip by construction. Two baselines are drawn with keys
//! of their own: a random cause from the same list of candidates, and a random decision of the run, of the kinds that
//! the chain is made of and made before the outcome, turned.

use super::ablation::{Ablation, delete};
use super::account::RunAccount;
use super::again::{Again, Rerun};
use super::cause::{Cause, Grounds, causes, reversed, top};
use super::chain::{Chain, chain};
use crate::engine::Model;
use crate::mechanism::{Decision, DecisionKind};
use crate::random::{DrawKey, Purpose, Source};
use rayon::prelude::*;
use std::sync::Arc;

/// A case: a replicate in which the outcome came about, and what ablations did to it.
#[derive(Clone, Debug)]
pub struct Case {
    /// Which replicate.
    pub replicate: u64,
    /// The moment at which the outcome came about.
    pub yes_at: u32,
    /// How many candidates for causes there were.
    pub candidates: usize,
    /// The ablation of the top cause.
    pub top: Option<Ablation>,
    /// The ablation of a random cause of the same list.
    pub random: Option<Ablation>,
    /// The ablation of a random decision of the run, of the kinds that the chain is made of.
    pub any_decision: Option<Ablation>,
}

/// Tests explanations in replicates in which the outcome came about, in parallel; the cases come in the order of the
/// replicates. Those in which it did not come about after all (another program made the results) are left out.
pub fn cases(runs: &[(u64, Arc<Model>)], grounds: &Grounds<'_>, seed: u64) -> Vec<Case> {
    let tested: Vec<Option<Case>> = runs
        .par_iter()
        .map(|(replicate, model)| {
            let grounds = Grounds { setting: &model.setting, behaviour: &model.behaviour, ..*grounds };
            case(&mut Again::new(model, grounds.outcome, seed), &grounds, seed, *replicate)
        })
        .collect();
    tested.into_iter().flatten().collect()
}

fn case(again: &mut Again<'_>, grounds: &Grounds<'_>, seed: u64, replicate: u64) -> Option<Case> {
    let was = again.run(replicate, None);
    let yes_at = was.yes_at?;
    let chain = chain(grounds.setting, grounds.outcome, &was.account, yes_at);
    let list = causes(grounds, &was.account, &chain);
    let mut draws = Source::new(seed, replicate).sequence(Purpose::Resampling, DrawKey::named("why", "random"), 0);
    let mut pick = |length: usize| ((draws.uniform() * length as f64) as usize).min(length.saturating_sub(1));
    let random = (!list.is_empty()).then(|| list[pick(list.len())].clone());
    let decisions = of_the_same_kinds(grounds, &was.account, &chain, yes_at);
    let any = (!decisions.is_empty())
        .then(|| reversed((grounds.setting, &was.account), &decisions[pick(decisions.len())], 0.0));
    let mut test = |cause: Option<Cause>| cause.map(|cause| test(again, grounds, (replicate, &was), &chain, cause));
    Some(Case {
        replicate,
        yes_at,
        candidates: list.len(),
        top: test(top(&list).map(|place| list[place].clone())),
        random: test(random),
        any_decision: test(any),
    })
}

fn test(again: &mut Again<'_>, grounds: &Grounds<'_>, was: (u64, &Rerun), chain: &Chain, cause: Cause) -> Ablation {
    delete(again, grounds.setting, grounds.outcome, was, chain, cause)
}

/// Decisions of the run before the outcome, of the kinds that the chain is made of; the last step itself excepted.
fn of_the_same_kinds(grounds: &Grounds<'_>, account: &RunAccount, chain: &Chain, until: u32) -> Vec<Decision> {
    let mut kinds: Vec<DecisionKind> = chain.decisions().map(|decision| decision.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    (account.decisions())
        .map(|(decision, _)| decision)
        .filter(|decision| {
            decision.step < until && kinds.contains(&decision.kind) && !chain.is_outcome(grounds.outcome, decision)
        })
        .copied()
        .collect()
}

/// How often ablations flipped the outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fidelity {
    /// Ablations of a top cause that flipped it, and how many there were.
    pub top: (u64, u64),
    /// Ablations of a random cause of the same list.
    pub random: (u64, u64),
    /// Ablations of a random decision of the same kinds.
    pub any_decision: (u64, u64),
}

/// Counts the flips of the cases that are explained: of those whose record names a top cause.
pub fn fidelity<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Fidelity {
    let mut found = Fidelity::default();
    let add = |count: &mut (u64, u64), ablation: &Option<Ablation>| {
        if let Some(ablation) = ablation
            && ablation.failure.is_none()
        {
            count.0 += u64::from(ablation.flips);
            count.1 += 1;
        }
    };
    for case in cases.into_iter().filter(|case| case.top.is_some()) {
        add(&mut found.top, &case.top);
        add(&mut found.random, &case.random);
        add(&mut found.any_decision, &case.any_decision);
    }
    found
}
