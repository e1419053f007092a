//! `entente branch` with a lever pulled: what did it change?

use super::failure::Failure;
use super::trunk::{BranchArgs, Trunk};
use crate::analysis::Estimate;
use crate::analysis::branch::{Pulled, futures, openness, pull as pull_lever};
use crate::analysis::why::Witness;
use crate::base::number::percent;
use crate::engine::{Checkpoint, Model, RandomStream, Runner};
use crate::measure::{Keep, Question, RunRecord};
use crate::report::narrative::{Names, happening};
use crate::report::{Document, Table, day, words};
use crate::scenario::{Overrides, Scenario};
use crate::world::Happening;
use serde::Serialize;
use serde_json::json;
use std::io::Write;

/// How many happenings of each run are told from where they part.
const TOLD: usize = 8;

/// A question before and after, as a row of `answers.csv` and in JSON.
#[derive(Serialize)]
struct LeverRow {
    question: String,
    kind: &'static str,
    before: f64,
    after: f64,
    fresh_before: Option<f64>,
    fresh_after: Option<f64>,
    n: u64,
}

/// What happens in one run and not in the other.
#[derive(Default)]
struct Parting {
    only_before: Vec<(u32, Happening)>,
    only_after: Vec<(u32, Happening)>,
}

/// Pulls a lever at a moment, prints what it changed, and writes it into the results folder.
pub fn pull(args: &BranchArgs, trunk: &Trunk<'_>, checkpoint: &Checkpoint, out: &mut dyn Write) -> Result<(), Failure> {
    let target = trunk.target;
    let overrides = Overrides { set: args.set.clone(), variant: args.variant.clone() };
    let changed = target.scenario.overridden(&overrides).map_err(super::problems)?;
    check_alike(&target.scenario, &changed)?;
    let mut moment = checkpoint.clone();
    let (made, pulled) = pull_lever(&target.scenario, &changed, &mut moment.world).map_err(Failure::failed)?;
    let model = Model::set_up(made, trunk.model.measures.clone());
    let (mut before, mut after) = (Witness::new(None), Witness::new(None));
    let was = Runner::new(trunk.model, Keep::ALL).run_from(checkpoint, RandomStream::Same, &mut before);
    let is = Runner::new(&model, Keep::ALL).run_from(&moment, RandomStream::Same, &mut after);
    if let Some(failure) = &is.failure {
        return Err(Failure::failed(format!("the branch failed: {failure}")));
    }
    let parting = part(&before, &after);
    let both = |count| (futures(trunk.model, checkpoint, count), futures(&model, &moment, count));
    let fresh = args.fresh.map(|count| trunk.pool.install(|| both(count)));
    let rows: Vec<LeverRow> = (target.questions.iter().enumerate())
        .map(|(place, question)| {
            let open = |list| openness(list, place, question.yes_no());
            let both = fresh.as_ref().map(|(before, after)| (open(before), open(after)));
            let value = |found: Option<Estimate>| found.map(|found| found.value);
            LeverRow {
                question: question.id.clone(),
                kind: if question.yes_no() { "yes_no" } else { "quantity" },
                before: was.answers[place].value,
                after: is.answers[place].value,
                fresh_before: both.and_then(|(before, _)| value(before)),
                fresh_after: both.and_then(|(_, after)| value(after)),
                n: both.and_then(|(before, _)| before).map_or(0, |found| found.n),
            }
        })
        .collect();
    let date = target.scenario.setting.calendar.date_of(checkpoint.step());
    let lever = args.variant.clone().into_iter().chain(args.set.clone()).collect::<Vec<_>>().join(", ");
    let variant = args.variant.iter().map(|id| ("lever", id.clone()));
    let set = args.set.iter().map(|change| ("set", change.clone()));
    let finding = trunk.finding([("from", date.to_string())].into_iter().chain(variant).chain(set))?;
    finding.table(
        "answers.csv",
        &["question", "kind", "before", "after", "fresh_before", "fresh_after", "n"],
        &rows,
    )?;
    let said = LeverFindings { lever: &lever, pulled: &pulled, parting: &parting, was: &was, is: &is, rows: &rows };
    let names = Names(&target.scenario.setting);
    let tell = |list: &[(u32, Happening)]| -> Vec<_> {
        let one = |(step, what): &(u32, Happening)| json!({ "date": target.scenario.setting.calendar.date_of(*step).to_string(), "text": happening::sentence(names, what) });
        list.iter().map(one).collect()
    };
    let json = json!({
        "replicate": trunk.replicate, "date": date.to_string(), "lever": lever, "identical": said.identical(),
        "moved": pulled.moved, "from_now_on": said.otherwise(trunk), "without_effect": said.without_effect(trunk),
        "answers": rows,
        "only_before": tell(&parting.only_before), "only_after": tell(&parting.only_after),
    });
    finding.tell(&target.results, (said.document(trunk, &day(date)), Vec::new()), json, args.tell, out)
}

/// A lever changes numbers; runs with other factions or zones have no moment in common.
fn check_alike(before: &Scenario, after: &Scenario) -> Result<(), Failure> {
    let pair = |id: &str, scenario: &Scenario| (id.to_owned(), scenario.clone());
    crate::experiment::Scenarios::new(vec![pair("before", before), pair("lever", after)], None, 0)
        .map(|_| ())
        .map_err(|what| Failure::input(format!("the lever changes more than a branch can: {what}")))
}

/// What happens in one run only, in order.
fn part(before: &Witness<'_>, after: &Witness<'_>) -> Parting {
    let list = |witness: &Witness<'_>| -> Vec<(u32, Happening)> {
        witness.account.happenings().map(|(step, what)| (step, *what)).collect()
    };
    let (was, is) = (list(before), list(after));
    let only = |these: &[(u32, Happening)], those: &[(u32, Happening)]| -> Vec<(u32, Happening)> {
        let mut left = those.to_vec();
        let mut found = Vec::new();
        for what in these {
            match left.iter().position(|other| other == what) {
                Some(place) => {
                    left.swap_remove(place);
                }
                None => found.push(*what),
            }
        }
        found
    };
    Parting { only_before: only(&was, &is), only_after: only(&is, &was) }
}

/// All that there is to say.
struct LeverFindings<'a> {
    lever: &'a str,
    pulled: &'a Pulled,
    parting: &'a Parting,
    was: &'a RunRecord,
    is: &'a RunRecord,
    rows: &'a [LeverRow],
}

impl LeverFindings<'_> {
    fn identical(&self) -> bool {
        postcard::to_allocvec(self.was).ok() == postcard::to_allocvec(self.is).ok()
    }

    /// What the lever changes in vain, in words.
    fn without_effect(&self, trunk: &Trunk<'_>) -> Vec<String> {
        let setting = &trunk.target.scenario.setting;
        let past = self.pulled.past.iter().map(|event| {
            let event = &setting.events[*event];
            format!("{}: it fell due before, on {}", event.name, day(setting.calendar.date_of(event.last)))
        });
        past.chain(self.pulled.without_effect.iter().cloned()).collect()
    }

    /// What is otherwise from now on, in words.
    fn otherwise(&self, trunk: &Trunk<'_>) -> Vec<String> {
        let setting = &trunk.target.scenario.setting;
        let events = self.pulled.events.iter().map(|event| setting.events[*event].name.clone());
        events.chain(self.pulled.from_now_on.iter().cloned()).collect()
    }

    fn lever_words(&self, trunk: &Trunk<'_>) -> Vec<String> {
        let mut list: Vec<String> = Vec::new();
        if !self.pulled.moved.is_empty() {
            list.push(format!("Moved at that moment: {}.", self.pulled.moved.join(", ")));
        }
        let otherwise = self.otherwise(trunk);
        if !otherwise.is_empty() {
            list.push(format!("Otherwise from now on: {}.", otherwise.join(", ")));
        }
        let vain = self.without_effect(trunk);
        if !vain.is_empty() {
            list.push(format!("Without effect at that date: {}.", vain.join("; ")));
        }
        if self.identical() {
            list.push("The lever changes nothing from there on: the branch is the run itself, to the bit.".into());
        }
        list
    }

    /// The questions whose answer changed, in words: question, before, after.
    fn changes(&self, trunk: &Trunk<'_>) -> Vec<[String; 3]> {
        let value = |question: &Question, record: &RunRecord, place: usize| match question.yes_no() {
            true if record.answers[place].value > 0.5 => "yes".to_owned(),
            true => "no".to_owned(),
            false => words::quantity(question.unit(), record.answers[place].value),
        };
        let questions = trunk.target.questions.iter().enumerate();
        questions
            .map(|(place, question)| {
                let text = trunk.target.question_text(&question.id);
                [text, value(question, self.was, place), value(question, self.is, place)]
            })
            .filter(|[_, before, after]| before != after)
            .collect()
    }

    /// The questions whose answer over fresh futures moved most: question, before, after. Of probabilities those of the largest
    /// difference, of amounts those whose medians are the furthest apart beside the larger one.
    fn fresh(&self, trunk: &Trunk<'_>, yes_no: bool) -> Vec<[String; 3]> {
        let questions = trunk.target.questions.iter().filter(|question| question.yes_no() == yes_no);
        let moved = questions.filter_map(|question| {
            let row = self.rows.iter().find(|row| row.question == question.id)?;
            let (before, after) = (row.fresh_before?, row.fresh_after?);
            let scale = if yes_no { 1.0 } else { before.abs().max(after.abs()) };
            ((before - after).abs() > 0.0).then(|| ((before - after).abs() / scale, question, [before, after]))
        });
        let mut moved: Vec<_> = moved.collect();
        moved.sort_by(|a, b| b.0.total_cmp(&a.0));
        let tell = |question: &Question, value: f64| {
            if yes_no { percent(value) } else { words::quantity(question.unit(), value) }
        };
        let row = |(_, question, [before, after]): &(f64, &Question, [f64; 2])| {
            [trunk.target.question_text(&question.id), tell(question, *before), tell(question, *after)]
        };
        moved.iter().take(TOLD).map(row).collect()
    }

    fn happenings(&self, trunk: &Trunk<'_>, list: &[(u32, Happening)]) -> Vec<String> {
        let setting = &trunk.target.scenario.setting;
        let names = Names(setting);
        let one = |(step, what): &(u32, Happening)| {
            format!("{}: {}", day(setting.calendar.date_of(*step)), happening::sentence(names, what))
        };
        list.iter().take(TOLD).map(one).collect()
    }

    fn document(&self, trunk: &Trunk<'_>, date: &str) -> Document {
        let title = |id: &str| trunk.target.scenario.file.variant.iter().find(|variant| variant.id == id);
        let title = title(self.lever).filter(|variant| !variant.title.is_empty());
        let lever = title.map_or(self.lever, |variant| &variant.title);
        let mut page = trunk.document(format!("From {date} on: {lever}"));
        page.words("The run goes on from there under the same random numbers.");
        self.lever_words(trunk).into_iter().for_each(|words| {
            page.words(words);
        });
        if self.identical() {
            page.rest().use_with_care();
            return page;
        }
        for (title, list) in
            [("What no longer happens", &self.parting.only_before), ("What happens instead", &self.parting.only_after)]
        {
            let told = self.happenings(trunk, list);
            if !told.is_empty() {
                let first = if told.len() < list.len() {
                    format!("{title} (the first {} of {})", told.len(), list.len())
                } else {
                    title.into()
                };
                page.heading(first).list(told);
            }
        }
        let table = |heads: [&str; 2], rows: Vec<[String; 3]>| {
            let mut table = Table::new(["Question"], heads);
            rows.into_iter().for_each(|row| {
                table.row(row);
            });
            table
        };
        let changes = self.changes(trunk);
        page.heading(format!("Answers that changed: {} of {}", changes.len(), self.rows.len()));
        page.table(table(["Before", "After"], changes));
        let [fresh, amounts] = [true, false].map(|yes_no| self.fresh(trunk, yes_no));
        if !fresh.is_empty() || !amounts.is_empty() {
            let n = self.rows.iter().map(|row| row.n).max().unwrap_or(0);
            page.heading(format!("Over {n} fresh futures of that moment"))
                .words("What moved most, without and with the lever.");
        }
        if !fresh.is_empty() {
            page.table(table(["Without", "With"], fresh));
        }
        if !amounts.is_empty() {
            page.table(table(["Without", "With"], amounts).titled("Amounts, as medians over these futures"));
        }
        page.rest().use_with_care();
        page
    }
}
