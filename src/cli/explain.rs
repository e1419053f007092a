//! `entente explain`: why an outcome came about, or did not, or why an amount is what it is, in one run or over an ensemble.

use super::explain_args::ExplainArgs;
use super::failure::Failure;
use super::target::{Target, warn_of_other_program};
use super::{explain_amount, explain_many, explain_one};
use crate::analysis::why::{Again, Outcome, OutcomeError, model};
use crate::measure::Group;
use crate::scenario::nearest;
use crate::world::{Directory, Stance};
use std::io::Write;

/// Explains it.
///
/// # Errors
/// If there is no such run, question or pair, or files cannot be read or written.
pub fn explain(args: &ExplainArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let target = args.cell.open()?;
    let amount = match &args.question {
        Some(id) => Some(target.question(id)?).filter(|question| !question.yes_no()),
        None => None,
    };
    let replicate = match args.replicate {
        Some(replicate) => Some(replicate.number(&target, args.question.as_deref())?),
        None => None,
    };
    if let Some(question) = amount {
        warn_of_other_program(&target);
        return match replicate {
            Some(replicate) => explain_amount::one(args, &target, replicate, question, out),
            None => explain_amount::many(args, &target, question, out),
        };
    }
    match replicate {
        Some(replicate) => {
            let target = target.of_replicate(replicate)?;
            let outcome = match (&args.question, &args.pair) {
                (_, Some(pair)) => of_pair(&target, replicate, pair)?,
                (Some(id), None) => of_run(&target, id, replicate)?,
                (None, None) => return Err(Failure::input("say what to explain: --question ID, or --pair A,B")),
            };
            warn_of_other_program(&target);
            explain_one::explain(args, &target, replicate, &outcome, out)
        }
        None => {
            let id = args.question.as_deref().unwrap_or_default();
            let outcome = of_question(&target, id)?;
            warn_of_other_program(&target);
            explain_many::explain(args, &target, &outcome, out)
        }
    }
}

fn of_question(target: &Target, id: &str) -> Result<Outcome, Failure> {
    Outcome::of_question(&target.scenario.setting, target.question(id)?).map_err(Failure::input)
}

/// The outcome of a question in a run: what it asks about, or, where that was so at the start and is not at the moment asked
/// about, that it came to an end.
fn of_run(target: &Target, id: &str, replicate: u64) -> Result<Outcome, Failure> {
    let outcome = of_question(target, id)?;
    let Some(end) = outcome.end(&target.scenario) else { return Ok(outcome) };
    let ended = Again::new(&model(&target.scenario, &end), &end, target.seed()).run(replicate, None).yes_at.is_some();
    Ok(if ended { end } else { outcome })
}

/// The outcome of two in a run: the highest rung that they came to, if above where they began; else the lowest, if
/// below; else that they did not take the next step up.
fn of_pair(target: &Target, replicate: u64, pair: &str) -> Result<Outcome, Failure> {
    let setting = &target.scenario.setting;
    let Some((a, b)) = pair.split_once(',') else {
        return Err(Failure::input(format!("`{pair}` is no pair: expected two names with a comma, such as jnim,cma")));
    };
    let directory = Directory::of(setting);
    let group = |name: &str| {
        let name = name.trim();
        let found = directory.faction(name).map(Group::Faction);
        found.or_else(|| directory.umbrella(name).map(Group::Umbrella)).ok_or_else(|| {
            let factions = setting.factions.values().iter().take(setting.founding).map(|traits| traits.id.as_str());
            let umbrellas = setting.umbrellas.values().iter().map(|traits| traits.id.as_str());
            let all: Vec<&str> = umbrellas.chain(factions).collect();
            let help = nearest(name, all.iter().copied()).unwrap_or_else(|| format!("there are {}", all.join(", ")));
            Failure::input(format!("the scenario has no faction or umbrella `{name}`; {help}"))
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
    let refused = |error: OutcomeError| Failure::input(error);
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
