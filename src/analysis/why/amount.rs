//! What made an amount of one run differ from the typical one, and what goes with more or less of it over many runs.
//!
//! In one run: whatever happened or was decided in it and not in most runs is a candidate, ranked by how the amount
//! differs over the ensemble between runs with and without it, and each of the first is taken away in a replay under the
//! same random numbers. What it added is the amount as it was less the amount without it. After any change a run goes
//! its own way, and its luck with it, so that even a change of no importance moves an amount: decisions picked at random
//! are turned to see by how much, and what moves it by less is not named.

use super::account::{Note, RunAccount};
use super::again::{Again, Rerun};
use super::change::{DecisionKey, Intervention};
use super::contrast::amount_contrasts;
use super::observed::{AmountRuns, is_alike};
use crate::analysis::answers::CONFIDENCE;
use crate::analysis::interval::sorted_quantile;
use crate::base::FactionId;
use crate::engine::Model;
use crate::measure::Question;
use crate::mechanism::{Chance, Decision, DecisionKind};
use crate::random::{DrawKey, Purpose, Source};
use crate::world::{Happening, HappeningKind, PartyStatus, Setting, Stance};
use rayon::prelude::*;
use std::sync::Arc;

/// How many candidates are taken away in replays.
const TESTED: usize = 96;
/// How many decisions picked at random are turned.
const RANDOM: u64 = 40;
/// How many causes are named.
const NAMED: usize = 8;
/// What happens in more runs than these is part of the typical run.
const MOST_RUNS: f64 = 0.5;

/// What an amount is in most runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TypicalAmount {
    /// The median.
    pub middle: f64,
    /// A tenth of the runs lie below.
    pub low: f64,
    /// A tenth of the runs lie above.
    pub high: f64,
}

impl TypicalAmount {
    /// The typical amount of some runs; none if there are no runs.
    pub fn of(amounts: &[f64]) -> Option<Self> {
        let mut sorted = amounts.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |share| sorted_quantile(&sorted, share);
        Some(Self { middle: at(0.5)?, low: at(0.1)?, high: at(0.9)? })
    }

    /// The number of the run whose amount lies nearest a quantile of all; of equals the first.
    pub fn run_at(amounts: &[f64], share: f64) -> Option<usize> {
        let mut sorted = amounts.to_vec();
        sorted.sort_by(f64::total_cmp);
        let wanted = sorted_quantile(&sorted, share)?;
        (0..amounts.len()).min_by(|a, b| (amounts[*a] - wanted).abs().total_cmp(&(amounts[*b] - wanted).abs()))
    }
}

/// Something of a run that may have moved an amount.
#[derive(Clone, Debug, PartialEq)]
pub struct Mover {
    /// What happened; of an event that failed to come, that it failed.
    pub happening: Happening,
    /// In which step.
    pub step: u32,
    /// What is made to be otherwise to test it.
    pub change: Intervention,
    /// In which share of all runs the same happened.
    pub share: f64,
}

/// A mover, taken away.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// What was taken away.
    pub mover: Mover,
    /// The amount without it.
    pub without: f64,
    /// The amount of the run less that.
    pub added: f64,
}

/// What made an amount of a run differ from the typical one.
#[derive(Clone, Debug)]
pub struct AmountExplanation {
    /// Which replicate.
    pub replicate: u64,
    /// The run as it was, with its amount.
    pub was: Rerun,
    /// The amount in most runs.
    pub typical: TypicalAmount,
    /// In which share of the runs the amount is lower.
    pub rank: f64,
    /// How many candidates there were.
    pub candidates: usize,
    /// How many of them were taken away.
    pub tested: usize,
    /// By how much a decision picked at random, turned, moves the amount in eight of ten cases at most.
    pub noise: f64,
    /// What moved it most, each by more than that, the largest first.
    pub causes: Vec<Moved>,
    /// The amount without all of these together.
    pub together: Option<f64>,
}

/// Explains an amount of a replicate. `model` watches the question and nothing else.
pub fn explain_amount(
    model: &Arc<Model>,
    setting: &Setting,
    question: &Question,
    runs: &AmountRuns,
    (seed, replicate): (u64, u64),
) -> Option<AmountExplanation> {
    let typical = TypicalAmount::of(&runs.amounts)?;
    let last = question.moment.min(setting.calendar.steps());
    let begin = || Again::answering(model, question, last, seed);
    let was = begin().run(replicate, None);
    let below = runs.amounts.iter().filter(|amount| **amount < was.answer).count();
    let rank = below as f64 / runs.amounts.len() as f64;
    let all = movers(setting, runs, &was.account);
    let candidates = all.len();
    let without = |again: &mut Again<'_>, change: &Intervention| {
        let then = again.run(replicate, Some(change));
        then.failure.is_none().then_some(then.answer)
    };
    let tested: Vec<Option<Moved>> = (all.into_par_iter().take(TESTED))
        .map_init(begin, |again, mover| {
            let without = without(again, &mover.change)?;
            Some(Moved { added: was.answer - without, without, mover })
        })
        .collect();
    let turned: Vec<Option<f64>> = random_decisions(&was.account, seed, replicate)
        .into_par_iter()
        .map_init(begin, |again, decision| {
            let change = Intervention::Decisions { list: vec![DecisionKey::of(&decision)], to: !decision.yes() };
            Some((was.answer - without(again, &change)?).abs())
        })
        .collect();
    let mut moved: Vec<f64> = turned.into_iter().flatten().collect();
    moved.sort_by(f64::total_cmp);
    let noise = sorted_quantile(&moved, 0.8).unwrap_or(0.0);
    let mut causes: Vec<Moved> = tested.into_iter().flatten().collect();
    let tested = causes.len();
    causes.retain(|cause| cause.added.abs() > noise.max(1e-9));
    causes.sort_by(|a, b| b.added.abs().total_cmp(&a.added.abs()));
    causes.truncate(NAMED);
    let changes = causes.iter().map(|cause| cause.mover.change.clone()).collect();
    let together = (!causes.is_empty()).then(|| without(&mut begin(), &Intervention::Together(changes))).flatten();
    Some(AmountExplanation { replicate, was, typical, rank, candidates, tested, noise, causes, together })
}

/// Something that goes with more or less of an amount over many runs, taken away where it happened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Removed {
    /// By how much the amount of each run was larger than without it.
    pub added: Vec<f64>,
}

/// Takes something away in some of the runs in which it happened, `most` at most, spread evenly over them.
pub fn remove(
    model: &Arc<Model>,
    setting: &Setting,
    question: &Question,
    runs: &AmountRuns,
    seed: u64,
    (happening, most): (&Happening, usize),
) -> Removed {
    let last = question.moment.min(setting.calendar.steps());
    let known = runs.happenings.iter().find(|(known, _)| known == happening);
    let list = known.map_or(&[][..], |(_, list)| list.as_slice());
    let wanted = most.min(list.len());
    let sample: Vec<u64> =
        (0..wanted).map(|place| runs.replicates[list[place * list.len() / wanted.max(1)].0]).collect();
    let begin = || Again::answering(model, question, last, seed);
    let one = |again: &mut Again<'_>, replicate: u64| {
        let was = again.run(replicate, None);
        let mut found = notes_that_move(&was.account);
        let mover = found.find(|(_, found, _)| is_alike(found, happening))?;
        let then = again.run(replicate, Some(&mover.2));
        (was.failure.is_none() && then.failure.is_none()).then_some(was.answer - then.answer)
    };
    let added: Vec<Option<f64>> = sample.into_par_iter().map_init(begin, one).collect();
    Removed { added: added.into_iter().flatten().collect() }
}

/// The candidates of a run, those first of which the ensemble says most.
fn movers(setting: &Setting, runs: &AmountRuns, account: &RunAccount) -> Vec<Mover> {
    let lists: Vec<_> = runs.happenings.iter().map(|(_, list)| list.clone()).collect();
    let contrasts = amount_contrasts(&runs.amounts, &lists, CONFIDENCE);
    let known: Vec<(Happening, f64)> = (runs.happenings.iter().zip(contrasts))
        // As far as the difference is sure: the nearer end of its interval, or a tenth of it where that is none.
        .filter_map(|((happening, _), contrast)| {
            let found = contrast?.difference;
            let sure = if found.has_sign() { found.low.abs().min(found.high.abs()) } else { 0.0 };
            Some((*happening, sure + found.value.abs() * 0.1))
        })
        .collect();
    let likely = |happening: &Happening| {
        let alike = known.iter().filter(|(known, _)| is_alike(known, happening)).map(|(_, size)| *size);
        alike.fold(0.0, f64::max)
    };
    let mut list: Vec<(f64, Mover)> = Vec::new();
    for (step, happening, change) in notes_that_move(account) {
        if let HappeningKind::Event { event, .. } = happening.kind
            && !setting.events[event].chance.is_possible()
        {
            continue;
        }
        // A change that is held from a step on is the same when it is made again later.
        let held = |other: &Intervention| match (other, &change) {
            (Intervention::Held { from, .. }, Intervention::Held { from: later, .. }) => {
                let mut earlier = change.clone();
                if let Intervention::Held { from: step, .. } = &mut earlier {
                    *step = *from;
                }
                from <= later && *other == earlier
            }
            _ => *other == change,
        };
        let share = runs.share(&happening);
        if share <= MOST_RUNS && !list.iter().any(|(_, mover)| held(&mover.change)) {
            list.push((likely(&happening), Mover { happening, step, change, share }));
        }
    }
    list.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| weight(&b.1).cmp(&weight(&a.1))));
    list.into_iter().map(|(_, mover)| mover).collect()
}

/// Which of two candidates of which the ensemble says nothing is tried first: wars, then offensives, then the rest.
fn weight(mover: &Mover) -> u8 {
    match mover.happening.kind {
        HappeningKind::StanceChanged { to, from, .. } if to == Stance::War || from == Stance::War => 2,
        HappeningKind::Offensive { .. } | HappeningKind::Event { .. } => 1,
        _ => 0,
    }
}

/// What happened in a run and can be taken away, with the change that does it.
fn notes_that_move(account: &RunAccount) -> impl Iterator<Item = (u32, Happening, Intervention)> + '_ {
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
                let told = told.filter_map(|(_, note)| if let Note::Happened(found) = note { Some(found.kind) } else { None });
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
    let to = !matches!(happening.kind, HappeningKind::AccordStatus { to: PartyStatus::Suspended | PartyStatus::Withdrawn, .. });
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
    let mut between = vec![(decision.actor, decision.other), (decision.other, decision.actor)];
    between.sort_unstable();
    between.dedup();
    Some(Intervention::Held { kind: decision.kind, between, goal: decision.goal, from: step, to: !yes })
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

/// Decisions of a run, picked at random.
fn random_decisions(account: &RunAccount, seed: u64, replicate: u64) -> Vec<Decision> {
    let all: Vec<&Decision> = account.decisions().map(|(decision, _)| decision).collect();
    let mut draws = Source::new(seed, replicate).sequence(Purpose::Resampling, DrawKey::named("why", "amount"), 0);
    let mut pick = || ((draws.uniform() * all.len() as f64) as usize).min(all.len().saturating_sub(1));
    (0..RANDOM).filter_map(|_| all.get(pick()).map(|decision| **decision)).collect()
}
