//! Why an outcome came about, or did not, or why an amount is what it is, in one run or over an ensemble.

use super::{AnalysisError, explain_amount, explain_many, explain_one};
use crate::analysis::why::{Again, Outcome, OutcomeError, model};
use crate::experiment::Target;
use crate::measure::{Ask, Condition, Group, Question};
use crate::report::insight::Insight;
use crate::scenario::nearest_or_all;
use crate::world::{Directory, Stance};

/// What is to be explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The answer to the question of this id.
    Question(String),
    /// How two factions or umbrellas, with a comma between them, came to stand where they stood.
    Pair(String),
}

/// What is asked of an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainAsked {
    /// What is to be explained.
    pub why: Why,
    /// The replicate; of all runs of the point and variant if none. A pair needs one.
    pub replicate: Option<u64>,
    /// Over an ensemble, how many cases are run again at most.
    pub cases: usize,
    /// How many threads; as many as there are cores unless given.
    pub threads: Option<usize>,
}

/// Explains it.
///
/// # Errors
/// If there is no such question, pair or replicate, nothing to explain, or the results cannot be read.
pub fn explain(target: Target, asked: &ExplainAsked) -> Result<Insight, AnalysisError> {
    if let Some(replicate) = asked.replicate {
        target.check_replicate(replicate)?;
        target.check_success(replicate)?;
    }
    let amount = match &asked.why {
        Why::Question(id) => Some(target.question(id)?).filter(|question| !question.yes_no()),
        Why::Pair(_) => None,
    };
    if let Some(question) = amount {
        return match asked.replicate {
            Some(replicate) => explain_amount::one(&target, replicate, question, asked.threads),
            None => explain_amount::many(&target, question, asked.cases, asked.threads),
        };
    }
    match (asked.replicate, &asked.why) {
        (Some(replicate), why) => {
            let target = target.of_replicate(replicate)?;
            let outcome = match why {
                Why::Pair(pair) => of_pair(&target, replicate, pair)?,
                Why::Question(id) => of_run(&target, id, replicate)?,
            };
            explain_one::explain(&target, replicate, &outcome)
        }
        (None, Why::Question(id)) => {
            let outcome = of_question(&target, id)?;
            explain_many::explain(&target, &outcome, asked.cases, asked.threads)
        }
        (None, Why::Pair(pair)) => {
            Err(AnalysisError::input(format!("how {pair} came to stand is explained of one replicate only: say which")))
        }
    }
}

fn of_question(target: &Target, id: &str) -> Result<Outcome, AnalysisError> {
    Outcome::of_question(&target.scenario.setting, target.question(id)?).map_err(AnalysisError::input)
}

/// The outcome of a question in a run: what it asks about; where that was so at the start and is not at the moment asked
/// about, that it came to an end; where it was so all the time, that it was so from the start.
fn of_run(target: &Target, id: &str, replicate: u64) -> Result<Outcome, AnalysisError> {
    let outcome = of_question(target, id)?;
    let Some(end) = outcome.end(&target.scenario) else { return Ok(outcome) };
    let comes = |outcome: &Outcome| {
        Again::new(&model(&target.scenario, outcome), outcome, target.seed()).run(replicate, None).yes_at.is_some()
    };
    if comes(&end) {
        return Ok(end);
    }
    // What never ceased to be so was so from the start.
    let within = |condition: Condition| {
        let question = Question { ask: Ask::Within(condition), ..outcome.question.clone() };
        Outcome::of_question(&target.scenario.setting, &question).map_err(AnalysisError::input)
    };
    if comes(&within(Condition::Not(Box::new(outcome.condition.clone())))?) {
        return Ok(outcome);
    }
    within(outcome.condition.clone())
}

/// The outcome of two in a run: the highest rung that they came to, if above where they began; else the lowest, if
/// below; else that they did not take the next step up.
fn of_pair(target: &Target, replicate: u64, pair: &str) -> Result<Outcome, AnalysisError> {
    let setting = &target.scenario.setting;
    let Some((a, b)) = pair.split_once(',') else {
        return Err(AnalysisError::input(format!(
            "`{pair}` is no pair: expected two names with a comma, such as jnim,cma"
        )));
    };
    let directory = Directory::of(setting);
    let group = |name: &str| {
        let name = name.trim();
        let found = directory.faction(name).map(Group::Faction);
        found.or_else(|| directory.umbrella(name).map(Group::Umbrella)).ok_or_else(|| {
            let factions = setting.factions.values().iter().take(setting.founding).map(|traits| traits.id.as_str());
            let umbrellas = setting.umbrellas.values().iter().map(|traits| traits.id.as_str());
            let all: Vec<&str> = umbrellas.chain(factions).collect();
            let help = nearest_or_all(name, all);
            AnalysisError::input(format!("the scenario has no faction or umbrella `{name}`; {help}"))
        })
    };
    let between = [group(a)?, group(b)?];
    // No question has this id: ids hold no comma.
    let id = format!("{},{}", a.trim(), b.trim());
    let outcome = |rung, falling| Outcome::of_pair(setting, between, &id, rung, falling);
    let comes_about = |outcome: &Outcome| {
        let model = model(&target.scenario, outcome);
        Again::new(&model, outcome, target.seed()).run(replicate, None).yes_at
    };
    let refused = |error: OutcomeError| AnalysisError::input(error);
    for (rungs, falling) in
        [(Stance::ALL.iter().rev().collect::<Vec<_>>(), false), (Stance::ALL.iter().collect(), true)]
    {
        for rung in rungs {
            let tried = outcome(*rung, falling).map_err(refused)?;
            match comes_about(&tried) {
                Some(moment) if moment > 0 => return Ok(tried),
                // It was so from the start: so are all rungs beyond.
                Some(_) => break,
                None => {}
            }
        }
    }
    // They stood where they stood throughout: what kept them from the next step up?
    let from_start = |rung: &&Stance| outcome(**rung, false).is_ok_and(|tried| comes_about(&tried).is_none());
    let next = Stance::ALL.iter().find(from_start).copied().unwrap_or(Stance::Alliance);
    outcome(next, false).map_err(refused)
}
