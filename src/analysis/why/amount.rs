//! What made an amount of one run differ from the typical one, and what goes with more or less of it over many runs.
//!
//! In one run: whatever happened or was decided in it and not in most runs is a candidate, and so is what happens in most
//! runs and did not in it; they are ranked by how the amount differs over the ensemble between runs with and without them,
//! and each of the first is made to be as in most runs, in a replay under the same random numbers; so is what the run was
//! under: how violent times were, and the inputs that it drew, which are held at what is usual. What a candidate added alone is the
//! amount as it was less the amount without it. Those that brought the amount away from the typical one are then taken
//! away one after the other, the largest first, each as long as it brings the amount nearer to the typical one than all
//! before it did: what each added then sums up, and what is left is not explained.
//!
//! After any change a run goes its own way, and its luck with it, so that even a change of no importance moves an amount:
//! decisions picked at random are turned to see by how much, and what moves it by less is not named. For the same reason
//! each cause is also seen under other luck: futures from the step after it on, with it and without it.

use super::account::{RunAccount, Witness};
use super::again::{Again, Rerun};
use super::change::{DecisionKey, Intervention};
use super::contrast::amount_contrasts;
use super::mover::{Circumstances, Mover, brought_about, covers, movable, weight};
use super::observed::{AmountRuns, is_alike};
use crate::analysis::Estimate;
use crate::analysis::interval::sorted_quantile;
use crate::engine::{Checkpoint, Model, RandomStream, Runner};
use crate::estimate::CONFIDENCE;
use crate::measure::{Keep, Question};
use crate::mechanism::{Decision, Silent};
use crate::random::{DrawKey, Purpose, Source};
use crate::scenario::Scenario;
use crate::world::{Happening, HappeningKind};
use rayon::prelude::*;
use std::sync::Arc;

/// How many candidates are taken away in replays.
const TESTED: usize = 96;
/// How many decisions picked at random are turned.
const RANDOM: u64 = 40;
/// How many causes are named, and how many that worked against them.
const NAMED: (usize, usize) = (8, 3);
/// How many futures under other luck a cause is seen in.
const FUTURES: u64 = 16;
/// From this share of the difference on, what came in one step is named.
const A_GOOD_PART: f64 = 0.25;
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

/// A mover, taken away.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// What was taken away.
    pub mover: Mover,
    /// The amount of the run less the amount without this alone.
    pub alone: f64,
    /// The mean of the same over futures under other luck, with its interval; none for times.
    pub on_average: Option<Estimate>,
    /// The amount once this and all that is named before it are taken away; none for what is not taken away with others.
    pub without: Option<f64>,
    /// What it added: by how much that is less than without those before it alone.
    pub added: Option<f64>,
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
    /// How many of these had happened, or failed to; the others are circumstances.
    pub happenings: usize,
    /// The step in which the amount moved most, in the direction of the difference, and by how much, if that is a good part of
    /// the difference: many die in a week by one attack, which nobody decides on in the model.
    pub leap: Option<(u32, f64)>,
    /// By how much a decision picked at random, turned, moves the amount in eight of ten cases at most.
    pub noise: f64,
    /// What made the difference, in the order in which it was taken away.
    pub causes: Vec<Moved>,
    /// What worked against it, the largest first.
    pub against: Vec<Moved>,
}

impl AmountExplanation {
    /// What of the difference to the typical amount is left when all causes are taken away.
    pub fn unexplained(&self) -> f64 {
        let left = self.causes.iter().rev().find_map(|cause| cause.without).unwrap_or(self.was.answer);
        left - self.typical.middle
    }
}

/// What an amount is asked of: a question of how much, in the runs of a scenario under a master seed.
#[derive(Clone, Copy)]
pub struct AmountAsked<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The scenario that a replicate ran, with the inputs that it drew; none if that cannot be made again.
    pub under: &'a (dyn Fn(u64) -> Option<Scenario> + Sync),
    /// The question.
    pub question: &'a Question,
    /// The runs with their amounts.
    pub runs: &'a AmountRuns,
    /// The master seed.
    pub seed: u64,
}

impl<'a> AmountAsked<'a> {
    fn last(&self) -> u32 {
        self.question.moment.min(self.scenario.setting.calendar.steps())
    }

    /// The model that watches the question and nothing else, of the scenario that a replicate ran, with some circumstances held
    /// at what is usual.
    fn model(&self, ran: &Scenario, usual: Circumstances) -> Arc<Model> {
        let mut scenario = if usual.inputs { self.scenario.clone() } else { ran.clone() };
        let shocks = &mut scenario.behaviour.shocks;
        for (held, spread) in [(usual.common, &mut shocks.common), (usual.own, &mut shocks.own)] {
            if held {
                *spread = 0.0;
            }
        }
        Model::asking(&scenario, vec![self.question.clone()])
    }

    fn again(&self, model: &Arc<Model>) -> Again<'a> {
        Again::answering(model, self.question, self.last(), self.seed)
    }

    /// Explains the amount of a replicate. None if there are no runs to hold it against.
    pub fn explain(&self, replicate: u64) -> Option<AmountExplanation> {
        let typical = TypicalAmount::of(&self.runs.amounts)?;
        let ran = (self.under)(replicate)?;
        let model = self.model(&ran, Circumstances::default());
        let was = self.again(&model).run(replicate, None);
        let below = self.runs.amounts.iter().filter(|amount| **amount < was.answer).count();
        let drawn = ran.digest() != self.scenario.digest();
        let all = self.movers(&was.account, drawn);
        let candidates = all.len();
        let moved: Vec<Option<Moved>> = (all.into_par_iter().take(TESTED))
            .map(|mover| {
                let alone = was.answer - self.without(&ran, replicate, &[&mover])?;
                Some(Moved { mover, alone, on_average: None, without: None, added: None })
            })
            .collect();
        let turned: Vec<Option<f64>> = random_decisions(&was.account, self.seed, replicate)
            .into_par_iter()
            .map_init(
                || self.again(&model),
                |again, decision| {
                    let list = vec![DecisionKey::of(&decision)];
                    let then = again.run(replicate, Some(&Intervention::Decisions { list, to: !decision.yes() }));
                    then.failure.is_none().then(|| (was.answer - then.answer).abs())
                },
            )
            .collect();
        let mut turned: Vec<f64> = turned.into_iter().flatten().collect();
        turned.sort_by(f64::total_cmp);
        let noise = sorted_quantile(&turned, 0.8).unwrap_or(0.0);
        let moved: Vec<Moved> = moved.into_iter().flatten().collect();
        let tested = moved.len();
        let happenings = moved.iter().filter(|cause| matches!(cause.mover, Mover::Happening { .. })).count();
        let mut telling: Vec<Moved> = moved.into_iter().filter(|cause| cause.alone.abs() > noise.max(1e-9)).collect();
        telling.sort_by(|a, b| b.alone.abs().total_cmp(&a.alone.abs()));
        let difference = was.answer - typical.middle;
        let (towards, mut against): (Vec<Moved>, Vec<Moved>) =
            telling.into_iter().partition(|cause| (cause.alone > 0.0) == (difference > 0.0));
        let mut causes = self.one_after_the_other(&ran, replicate, (was.answer, typical.middle, noise), towards);
        against.truncate(NAMED.1);
        (causes.par_iter_mut().chain(&mut against)).for_each(|cause| {
            cause.on_average = self.on_average(&model, replicate, &cause.mover);
        });
        let rank = below as f64 / self.runs.amounts.len() as f64;
        let leap = self.leap(&ran, replicate).filter(|(_, leap)| leap / difference > A_GOOD_PART);
        Some(AmountExplanation {
            replicate,
            was,
            typical,
            rank,
            candidates,
            tested,
            happenings,
            leap,
            noise,
            causes,
            against,
        })
    }

    /// The step in which the amount of a replicate moved most towards where it ended, and by how much.
    fn leap(&self, ran: &Scenario, replicate: u64) -> Option<(u32, f64)> {
        let typical = TypicalAmount::of(&self.runs.amounts)?.middle;
        let at = |moment| Question { moment, ..self.question.clone() };
        let model = Model::asking(ran, (0..=self.last()).map(at).collect());
        let mut runner = Runner::new(&model, Keep::ANSWERS);
        runner.begin(self.seed, replicate);
        while runner.world().step < self.last() {
            runner.step(&mut Silent).ok()?;
        }
        let path: Vec<f64> = runner.answers().iter().map(|answer| answer.value).collect();
        let up = path.last().is_some_and(|last| *last > typical);
        let leaps = path.windows(2).enumerate().map(|(step, ends)| (step as u32, ends[1] - ends[0]));
        leaps.filter(|(_, leap)| (*leap > 0.0) == up).max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
    }

    /// The amount of a replicate without some of what moved it; none if the run then fails.
    fn without(&self, ran: &Scenario, replicate: u64, movers: &[&Mover]) -> Option<f64> {
        let mut usual = Circumstances::default();
        let mut changes = Vec::new();
        for mover in movers {
            match mover {
                Mover::Happening { change, .. } => changes.push(change.clone()),
                Mover::Circumstances(held) => usual = usual.and(*held),
            }
        }
        let change = Intervention::Together(changes);
        let then = self.again(&self.model(ran, usual)).run(replicate, Some(&change));
        then.failure.is_none().then_some(then.answer)
    }

    /// Takes causes away one after the other, as long as each brings the amount nearer to the typical one by more than
    /// chance does.
    fn one_after_the_other(
        &self,
        ran: &Scenario,
        replicate: u64,
        (amount, typical, noise): (f64, f64, f64),
        towards: Vec<Moved>,
    ) -> Vec<Moved> {
        let mut causes: Vec<Moved> = Vec::new();
        let mut left = amount;
        for cause in towards {
            if causes.len() == NAMED.0 || (left - typical).abs() <= noise {
                break;
            }
            let movers: Vec<&Mover> = causes.iter().map(|known| &known.mover).chain([&cause.mover]).collect();
            let Some(without) = self.without(ran, replicate, &movers) else { continue };
            let away = (left - without > 0.0) == (amount > typical);
            if away && (left - typical).abs() - (without - typical).abs() > noise {
                causes.push(Moved { without: Some(without), added: Some(left - without), ..cause });
                left = without;
            }
        }
        causes
    }

    /// What something added on average over futures under other luck, from the step after it on.
    fn on_average(&self, model: &Arc<Model>, replicate: u64, mover: &Mover) -> Option<Estimate> {
        let Mover::Happening { step, change, .. } = mover else { return None };
        let mut runner = Runner::new(model, Keep::ANSWERS);
        let checkpoint = |runner: &mut Runner, change| {
            runner.begin(self.seed, replicate);
            let mut witness = Witness::new(change);
            while runner.world().step <= *step {
                runner.step(&mut witness).ok()?;
            }
            Some(runner.checkpoint())
        };
        let (with, without) = (checkpoint(&mut runner, None)?, checkpoint(&mut runner, Some(change))?);
        let mut amount = |from: &Checkpoint, change, future| {
            runner.resume(from, RandomStream::Fresh(future));
            let mut witness = Witness::new(change);
            while runner.world().step < self.last() {
                runner.step(&mut witness).ok()?;
            }
            Some(runner.answers()[0].value)
        };
        let added: Option<Vec<f64>> = (0..FUTURES)
            .map(|future| Some(amount(&with, None, future)? - amount(&without, Some(change), future)?))
            .collect();
        Some(Estimate::mean(&added?, CONFIDENCE))
    }

    /// The amounts of some replicates, spread evenly over the runs, with times held at what is usual.
    pub fn in_usual_times(&self, most: usize) -> Vec<f64> {
        let runs = &self.runs.replicates;
        let wanted = most.min(runs.len());
        let sample: Vec<u64> = (0..wanted).map(|place| runs[place * runs.len() / wanted.max(1)]).collect();
        let one = |replicate: u64| {
            let model = self.model(&(self.under)(replicate)?, Circumstances::TIMES);
            let then = self.again(&model).run(replicate, None);
            then.failure.is_none().then_some(then.answer)
        };
        let amounts: Vec<Option<f64>> = sample.into_par_iter().map(one).collect();
        amounts.into_iter().flatten().collect()
    }

    /// Takes something away in some of the runs in which it happened, `most` at most, spread evenly over them. Gives by
    /// how much the amount of each was larger with it.
    pub fn remove(&self, happening: &Happening, most: usize) -> Vec<f64> {
        let known = self.runs.happenings.iter().find(|(known, _)| known == happening);
        let list = known.map_or(&[][..], |(_, list)| list.as_slice());
        let wanted = most.min(list.len());
        let sample = (0..wanted).map(|place| self.runs.replicates[list[place * list.len() / wanted.max(1)].0]);
        let sample: Vec<u64> = sample.collect();
        let one = |replicate: u64| {
            let mut again = self.again(&self.model(&(self.under)(replicate)?, Circumstances::default()));
            let was = again.run(replicate, None);
            let (.., change) = movable(&was.account).find(|(_, found, _)| is_alike(found, happening))?;
            let then = again.run(replicate, Some(&change));
            (was.failure.is_none() && then.failure.is_none()).then_some(was.answer - then.answer)
        };
        let added: Vec<Option<f64>> = sample.into_par_iter().map(one).collect();
        added.into_iter().flatten().collect()
    }

    /// The candidates of a run: how violent times were, and what happened, that first of which the ensemble says most.
    fn movers(&self, account: &RunAccount, drawn: bool) -> Vec<Mover> {
        let (setting, runs) = (&self.scenario.setting, self.runs);
        let lists: Vec<_> = runs.happenings.iter().map(|(_, list)| list.clone()).collect();
        let contrasts = amount_contrasts(&runs.amounts, &lists, CONFIDENCE);
        let known: Vec<(Happening, f64)> = (runs.happenings.iter().zip(contrasts))
            // As far as the difference is sure: the nearer end of its interval, and a tenth of it where that is none.
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
        let mut list: Vec<(f64, u8, Mover)> = Vec::new();
        for (step, happening, change) in movable(account) {
            let share = runs.share(&happening);
            let by_chance = match happening.kind {
                HappeningKind::Event { event, .. } => setting.events[event].chance.is_possible(),
                _ => true,
            };
            let known = |(.., mover): &(f64, u8, Mover)| match mover {
                Mover::Happening { change: earlier, .. } => covers(earlier, &change),
                Mover::Circumstances(_) => false,
            };
            if by_chance && share <= MOST_RUNS && step < self.last() && !list.iter().any(known) {
                let order = (likely(&happening), weight(&happening));
                list.push((order.0, order.1, Mover::Happening { happening, lacking: false, step, change, share }));
            }
        }
        let happened = |what: &Happening| account.happenings().any(|(_, known)| is_alike(known, what));
        for (happening, _) in &runs.happenings {
            let Some(step) = runs.usual_step(happening).filter(|step| *step < self.last()) else { continue };
            let Some(change) = brought_about(happening, step).filter(|_| !happened(happening)) else { continue };
            let known = |(.., mover): &(f64, u8, Mover)| match mover {
                Mover::Happening { happening: known, .. } => is_alike(known, happening),
                Mover::Circumstances(_) => false,
            };
            if !list.iter().any(known) {
                let (happening, share) = (*happening, runs.share(happening));
                let mover = Mover::Happening { happening, lacking: true, step, change, share };
                list.push((likely(&happening), weight(&happening), mover));
            }
        }
        list.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| b.1.cmp(&a.1)));
        let none = Circumstances::default();
        let usual = [
            Circumstances { common: true, ..none },
            Circumstances { own: true, ..none },
            Circumstances { inputs: true, ..none },
        ];
        let usual = usual.into_iter().filter(|held| drawn || !held.inputs).map(Mover::Circumstances);
        usual.chain(list.into_iter().map(|(.., mover)| mover)).collect()
    }
}

/// Decisions of a run, picked at random.
fn random_decisions(account: &RunAccount, seed: u64, replicate: u64) -> Vec<Decision> {
    let all: Vec<&Decision> = account.decisions().map(|(decision, _)| decision).collect();
    let mut draws = Source::new(seed, replicate).sequence(Purpose::Resampling, DrawKey::named("why", "amount"), 0);
    let mut pick = || ((draws.uniform() * all.len() as f64) as usize).min(all.len().saturating_sub(1));
    (0..RANDOM).filter_map(|_| all.get(pick()).map(|decision| **decision)).collect()
}
