//! What news says of answers: runs that are more like what was reported since the start count for more.
//!
//! The likelihood of each report in each run weighs the runs of a finished ensemble (importance weights; Beven and Binley 1992 of
//! simulators such as this). Where few runs are like the world, [`go_on`] goes on from those.

mod filter;
mod likelihood;

pub use filter::Particle;
pub use likelihood::ln_likelihood;

use crate::analysis::Estimate;
use crate::analysis::interval::Interval;
use crate::analysis::reask::Reasked;
use crate::analysis::runs_of;
use crate::analysis::weighted::WeightedRuns;
use crate::estimate::CONFIDENCE;
use crate::estimate::nested::sharing;
use crate::experiment::{ExperimentError, Target};
use crate::measure::{Question, answer_column};
use crate::scenario::facts::{Fact, Facts, Reported};
use serde::Serialize;

/// With fewer runs' worth left, answers are too rough to be used.
pub const ENOUGH: f64 = 100.0;
/// Of amounts of runs that are worth fewer than these nothing is said of how they spread.
const FEWEST: f64 = 6.0;
/// Shares between which four of five amounts lie.
const SPREAD: [f64; 2] = [0.1, 0.9];

/// With fewer runs' worth that are like a fact, or unlike it, there is none.
const ONE: f64 = 0.5;

/// How a fact tells the runs apart that count by all facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Alike {
    /// Some are like it and some are not; or it is an amount, which runs are more or less like.
    Some,
    /// All are: it has nothing to weigh down.
    All,
    /// None is: it has nothing to weigh up, and what it would change is not known.
    None,
}

/// What a fact does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FactFinding {
    /// Of a condition: in which share of the runs it is so. Of an amount: the share of runs that lie below it.
    pub runs_say: f64,
    /// Of an amount: the tenth, the middle and the ninth tenth of what runs say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<[f64; 3]>,
    /// How many runs those that there are would be worth by this fact alone.
    pub worth_alone: f64,
    /// How many they are worth by all facts but this one.
    pub worth_without: f64,
    /// Whether those that count are like it.
    pub alike: Alike,
}

/// An answer before the facts and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnswerFinding {
    /// The question's id.
    pub question: String,
    /// The share of yes, or the median, of all runs alike.
    pub before: Estimate,
    /// By the runs as they count after the facts.
    pub after: Estimate,
    /// Of an amount: between what four of five futures lie, before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range_before: Option<[f64; 2]>,
    /// And after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range_after: Option<[f64; 2]>,
    /// The answer by the runs that there were, as they are weighed by all facts.
    pub weighed: f64,
    /// By fact: the same without it.
    pub without: Vec<f64>,
    /// By fact: how far it moves the answer, which is what it is by all facts less what it is without that one.
    pub moved: Vec<Estimate>,
    /// As how many independent runs those that it is told of after the facts tell as much of it.
    pub worth: f64,
}

/// What became of the answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Updated {
    /// The runs, or the particles that went on from them, with their weights, whose sum is 1.
    pub runs: Vec<(Particle, f64)>,
    /// How many equally weighted runs they are worth.
    pub worth: f64,
    /// How many different replicates they began as.
    pub ancestors: usize,
    /// How many runs that were to go on failed, and are left out.
    pub failed: usize,
    /// By fact.
    pub facts: Vec<FactFinding>,
    /// The questions of which the last fact is not too late, in their order.
    pub answers: Vec<AnswerFinding>,
    /// The moments at which runs were drawn anew, with what they were worth before.
    pub resampled: Vec<(u32, f64)>,
}

/// Runs with what they say of facts and questions.
struct Said {
    runs: Vec<Particle>,
    families: Vec<u64>,
    /// By run and fact.
    facts: Vec<Vec<f64>>,
    /// By question and run.
    answers: Vec<Vec<f64>>,
}

/// Weighs the runs of a finished ensemble by facts.
///
/// # Errors
/// If the results cannot be read, a run cannot be made again, or the facts are impossible in all of them.
pub fn update(target: &Target, facts: &Facts) -> Result<Updated, ExperimentError> {
    let rows = runs_of(&target.results, target.point, &target.variant)?;
    if rows.is_empty() {
        return Err(ExperimentError::Input("all runs failed: there is none to be weighed".into()));
    }
    let replicates: Vec<u64> = rows.iter().map(|(_, replicate)| *replicate).collect();
    let answered = Reasked::new(target, facts.questions())?.answers(&replicates)?;
    let mut answers = Vec::new();
    for question in open(target, facts) {
        let column = target.results.run_numbers(&answer_column(&question.id))?;
        answers.push(rows.iter().map(|(row, _)| column[*row]).collect());
    }
    let shared = sharing(target.results.manifest().drawn_kinds());
    let said = Said {
        runs: replicates
            .iter()
            .map(|replicate| Particle { replicate: *replicate, turns: Vec::new(), ln_weight: 0.0 })
            .collect(),
        families: replicates.iter().map(|replicate| replicate / shared).collect(),
        facts: answered.iter().map(|answers| likelihood::says(facts, answers)).collect(),
        answers,
    };
    let ln =
        |run: &[f64]| facts.list.iter().zip(run).map(|(fact, says)| ln_likelihood(&fact.reported, *says)).collect();
    let ln: Vec<Vec<f64>> = said.facts.iter().map(|run| ln(run)).collect();
    let before = WeightedRuns::new(&vec![0.0; said.runs.len()], &said.families);
    let (Some(before), Some(after)) = (before, weighed(&ln, &said.families, |_| true)) else {
        return Err(filter::impossible(target, facts.last()));
    };
    let without: Vec<Option<WeightedRuns>> =
        (0..facts.list.len()).map(|left_out| weighed(&ln, &said.families, |fact| fact != left_out)).collect();
    let alone = |only: usize| weighed(&ln, &said.families, |fact| fact == only).map_or(0.0, |runs| runs.worth());
    let worth_without = |left_out: usize| without[left_out].as_ref().map_or(0.0, WeightedRuns::worth);
    let alike = |place: usize| alike(&facts.list[place], place, &said.facts, (&after, without[place].as_ref()));
    let alikes: Vec<Alike> = (0..facts.list.len()).map(alike).collect();
    let findings = |place: usize, fact: &Fact| FactFinding {
        worth_alone: alone(place),
        worth_without: worth_without(place),
        alike: alikes[place],
        ..of_fact(fact, &said.facts.iter().map(|run| run[place]).collect::<Vec<_>>(), &before)
    };
    let questions = open(target, facts);
    let answers = questions.iter().zip(&said.answers).map(|(question, values)| AnswerFinding {
        without: without
            .iter()
            .map(|runs| runs.as_ref().map_or(f64::NAN, |runs| estimate(runs, question, values).value))
            .collect(),
        moved: without
            .iter()
            .zip(&alikes)
            .map(|(without, alike)| moved(question, values, &after, without.as_ref(), *alike))
            .collect(),
        ..answer(question, (&before, values), (&after, values))
    });
    Ok(Updated {
        worth: after.worth(),
        ancestors: said.runs.len(),
        failed: 0,
        facts: facts.list.iter().enumerate().map(|(place, fact)| findings(place, fact)).collect(),
        answers: answers.collect(),
        resampled: Vec::new(),
        runs: said.runs.into_iter().zip(after.weights().iter().copied()).collect(),
    })
}

/// [`update`] with so many runs that go on from those that are like the facts; `done` hears of every run that was made. Runs that fail
/// are left out.
///
/// # Errors
/// If the results cannot be read, all runs fail, or the facts are impossible in all of them.
pub fn go_on(
    target: &Target,
    facts: &Facts,
    particles: u64,
    done: &(dyn Fn() + Sync),
) -> Result<Updated, ExperimentError> {
    let first = update(target, facts)?;
    let start = target.results.manifest().window().start;
    let filtered = filter::filter(target, facts, start..start + particles, done)?;
    let runs = filter::weighted(&filtered.particles, sharing(target.results.manifest().drawn_kinds()))
        .ok_or_else(|| filter::impossible(target, facts.last()))?;
    let questions = open(target, facts);
    let place = |question: &Question| target.questions.iter().position(|known| known.id == question.id).unwrap_or(0);
    let answers = questions.iter().zip(&first.answers).map(|(question, known)| {
        let place = place(question);
        let values: Vec<f64> = filtered.answers.iter().map(|answers| answers[place].value).collect();
        let after = answer(question, (&runs, &values), (&runs, &values));
        AnswerFinding { after: after.after, range_after: after.range_after, worth: after.worth, ..known.clone() }
    });
    let mut ancestors: Vec<u64> = filtered.particles.iter().map(|particle| particle.replicate).collect();
    ancestors.sort_unstable();
    ancestors.dedup();
    Ok(Updated {
        worth: runs.worth(),
        ancestors: ancestors.len(),
        failed: filtered.failed,
        answers: answers.collect(),
        resampled: filtered.resampled,
        runs: filtered.particles.into_iter().zip(runs.weights().iter().copied()).collect(),
        facts: first.facts,
    })
}

/// The questions whose moment comes after the last fact.
fn open(target: &Target, facts: &Facts) -> Vec<Question> {
    let last = facts.last();
    target.questions.iter().filter(|question| question.moment > last).cloned().collect()
}

/// Runs weighed by some of the facts.
fn weighed(ln: &[Vec<f64>], families: &[u64], counts: impl Fn(usize) -> bool) -> Option<WeightedRuns> {
    let sum = |run: &Vec<f64>| run.iter().enumerate().filter(|(fact, _)| counts(*fact)).map(|(_, ln)| ln).sum::<f64>();
    WeightedRuns::new(&ln.iter().map(sum).collect::<Vec<_>>(), families)
}

/// What runs say of a fact.
fn of_fact(fact: &Fact, says: &[f64], runs: &WeightedRuns) -> FactFinding {
    let share = |counts: &dyn Fn(f64) -> bool| {
        says.iter().filter(|says| counts(**says)).count() as f64 / says.len().max(1) as f64
    };
    let (runs_say, spread) = match fact.reported {
        Reported::So { .. } => (share(&|says| says > 0.5), None),
        Reported::Amount { amount, .. } => {
            (share(&|says| says < amount), Some([SPREAD[0], 0.5, SPREAD[1]].map(|share| runs.quantile(says, share))))
        }
    };
    FactFinding { runs_say, spread, worth_alone: 0.0, worth_without: 0.0, alike: Alike::Some }
}

/// Whether the runs that count are like a fact, of those that say something of each fact: with it, none is if even so those that are
/// count for next to nothing; without it, all are if those that are not do.
fn alike(
    fact: &Fact,
    place: usize,
    says: &[Vec<f64>],
    (with, without): (&WeightedRuns, Option<&WeightedRuns>),
) -> Alike {
    let (Reported::So { yes, .. }, Some(without)) = (fact.reported, without) else { return Alike::Some };
    let worth = |runs: &WeightedRuns, so: bool| -> f64 {
        let those = runs.weights().iter().zip(says).filter(|(_, run)| (run[place] > 0.5) == so);
        runs.worth() * those.map(|(weight, _)| weight).sum::<f64>()
    };
    match () {
        () if worth(with, yes) < ONE => Alike::None,
        () if worth(without, !yes) < ONE => Alike::All,
        () => Alike::Some,
    }
}

fn estimate(runs: &WeightedRuns, question: &Question, values: &[f64]) -> Estimate {
    match question.yes_no() {
        true => runs.share(values, CONFIDENCE),
        false => runs.median(values, CONFIDENCE),
    }
}

/// How far the fact that some of the weights are without moves an answer; nothing is known if no run is like the others, or like the
/// fact. Where all are like it, it moves nothing here, but how little that is for sure is not known: no run shows what else there is.
fn moved(
    question: &Question,
    values: &[f64],
    with: &WeightedRuns,
    without: Option<&WeightedRuns>,
    alike: Alike,
) -> Estimate {
    let by = match without {
        Some(without) if alike != Alike::None && question.yes_no() => with.share_less(without, values, CONFIDENCE),
        Some(without) if alike != Alike::None => with.median_less(without, values, CONFIDENCE),
        _ => Estimate::new(f64::NAN, Interval::everything(), values.len() as u64),
    };
    match alike {
        Alike::All => Estimate::new(by.value, Interval::everything(), by.n),
        _ => by,
    }
}

/// As how many independent runs some tell as much of an answer.
fn worth(question: &Question, runs: &WeightedRuns, values: &[f64]) -> f64 {
    if question.yes_no() {
        return runs.tells(values);
    }
    let middle = runs.quantile(values, 0.5);
    runs.tells(&values.iter().map(|value| f64::from(u8::from(*value > middle))).collect::<Vec<_>>())
}

fn answer(
    question: &Question,
    (before, values_before): (&WeightedRuns, &[f64]),
    (after, values): (&WeightedRuns, &[f64]),
) -> AnswerFinding {
    let range = |runs: &WeightedRuns, values: &[f64]| {
        (!question.yes_no() && runs.worth() >= FEWEST).then(|| SPREAD.map(|share| runs.quantile(values, share)))
    };
    AnswerFinding {
        question: question.id.clone(),
        before: estimate(before, question, values_before),
        after: estimate(after, question, values),
        range_before: range(before, values_before),
        range_after: range(after, values),
        weighed: estimate(after, question, values).value,
        without: Vec::new(),
        moved: Vec::new(),
        worth: worth(question, after, values),
    }
}

#[cfg(test)]
mod twins;
