//! `entente branch` with a lever pulled: what did it change?

use super::failure::Failure;
use super::trunk::{BranchArgs, Trunk};
use crate::analysis::Estimate;
use crate::analysis::branch::{Future, Pulled, changed, futures, openness, pull as pull_lever};
use crate::analysis::why::Witness;
use crate::base::number::{Format, count};
use crate::engine::{Checkpoint, Model, RandomStream, Runner};
use crate::estimate::{AnswerKind, DifferenceRow};
use crate::measure::{Keep, Question, RunRecord, Unit};
use crate::report::narrative::{Names, happening};
use crate::report::{Document, Table, day, effects, words};
use crate::scenario::{Overrides, Scenario};
use crate::world::Happening;
use serde::Serialize;
use serde_json::json;
use std::io::Write;
use std::sync::Arc;

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
    fresh_before_low: Option<f64>,
    fresh_before_high: Option<f64>,
    fresh_after: Option<f64>,
    fresh_after_low: Option<f64>,
    fresh_after_high: Option<f64>,
    difference: Option<f64>,
    difference_low: Option<f64>,
    difference_high: Option<f64>,
    stands_out: Option<bool>,
    n: u64,
}

/// The columns of `answers.csv`.
const HEADS: [&str; 15] = [
    "question",
    "kind",
    "before",
    "after",
    "fresh_before",
    "fresh_before_low",
    "fresh_before_high",
    "fresh_after",
    "fresh_after_low",
    "fresh_after_high",
    "difference",
    "difference_low",
    "difference_high",
    "stands_out",
    "n",
];

/// How a question stands over fresh futures without and with the lever, and what is changed about it.
struct OverFutures {
    before: Option<Estimate>,
    after: Option<Estimate>,
    difference: DifferenceRow,
}

impl OverFutures {
    /// Every question over the same futures, in order.
    fn of_all(questions: &[Question], before: &[Future], after: &[Future]) -> Vec<Self> {
        let of = |(place, question): (usize, &Question)| {
            let open = |list| openness(list, place, question.yes_no());
            let difference = changed(before, after, (place, question.yes_no()), questions.len());
            let difference = DifferenceRow { question: question.id.clone(), ..difference };
            Self { before: open(before), after: open(after), difference }
        };
        questions.iter().enumerate().map(of).collect()
    }
}

/// What happens in one run and not in the other.
#[derive(Default)]
struct Parting {
    only_before: Vec<(u32, Happening)>,
    only_after: Vec<(u32, Happening)>,
}

/// A lever that is pulled at a moment.
pub struct Lever {
    moment: Checkpoint,
    model: Arc<Model>,
    pulled: Pulled,
}

impl Lever {
    /// Pulls what is asked for at a moment; nothing is run, and nothing is written.
    ///
    /// # Errors
    /// If what is asked for cannot be changed.
    pub fn of(args: &BranchArgs, trunk: &Trunk<'_>, checkpoint: &Checkpoint) -> Result<Self, Failure> {
        let scenario = &trunk.target.scenario;
        let overrides = Overrides { set: args.set.clone(), variant: args.variant.clone() };
        let changed = scenario.overridden(&overrides).map_err(super::problems)?;
        check_alike(scenario, &changed)?;
        let mut moment = checkpoint.clone();
        let (made, pulled) = pull_lever(scenario, &changed, &mut moment.world).map_err(Failure::failed)?;
        let model = Model::set_up(made, trunk.model.measures.clone());
        Ok(Self { moment, model, pulled })
    }
}

/// Goes on from a moment with a lever pulled, prints what it changed, and writes it into the results folder.
///
/// # Errors
/// If the run fails from there on, or files cannot be written.
pub fn tell(
    args: &BranchArgs,
    trunk: &Trunk<'_>,
    (checkpoint, lever): (&Checkpoint, Lever),
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let target = trunk.target;
    let Lever { moment, model, pulled } = lever;
    let (mut before, mut after) = (Witness::new(None), Witness::new(None));
    let was = Runner::new(trunk.model, Keep::ALL).run_from(checkpoint, RandomStream::Same, &mut before);
    let is = Runner::new(&model, Keep::ALL).run_from(&moment, RandomStream::Same, &mut after);
    if let Some(failure) = &is.failure {
        return Err(Failure::failed(format!("the branch failed: {failure}")));
    }
    let parting = part(&before, &after);
    let both = |count| (futures(trunk.model, checkpoint, count), futures(&model, &moment, count));
    let fresh = args.fresh.map(|count| trunk.pool.install(|| both(count)));
    let fresh =
        fresh.map(|(before, after)| OverFutures::of_all(&target.questions, &before, &after)).unwrap_or_default();
    let rows: Vec<LeverRow> = (target.questions.iter().enumerate())
        .map(|(place, question)| {
            let over = fresh.get(place);
            let ends = |found: Option<Estimate>| {
                let (low, high) = found.map_or((None, None), |found| found.ends());
                (found.map(|found| found.value), low, high)
            };
            let (fresh_before, fresh_before_low, fresh_before_high) = ends(over.and_then(|over| over.before));
            let (fresh_after, fresh_after_low, fresh_after_high) = ends(over.and_then(|over| over.after));
            let difference = over.map(|over| &over.difference);
            LeverRow {
                question: question.id.clone(),
                kind: if question.yes_no() { "yes_no" } else { "quantity" },
                before: was.answers[place].value,
                after: is.answers[place].value,
                fresh_before,
                fresh_before_low,
                fresh_before_high,
                fresh_after,
                fresh_after_low,
                fresh_after_high,
                difference: difference.and_then(|row| row.difference),
                difference_low: difference.and_then(|row| row.low),
                difference_high: difference.and_then(|row| row.high),
                stands_out: difference.map(|row| row.stands_out),
                n: difference.map_or(0, |row| row.n),
            }
        })
        .collect();
    let date = target.scenario.setting.calendar.date_of(checkpoint.step());
    let lever = args.variant.clone().into_iter().chain(args.set.clone()).collect::<Vec<_>>().join(", ");
    let variant = args.variant.iter().map(|id| ("lever", id.clone()));
    let set = args.set.iter().map(|change| ("set", change.clone()));
    let apart = [("from", date.to_string())].into_iter().chain(variant).chain(set);
    let finding = trunk.finding(apart, (args.fresh, None))?;
    finding.table("answers.csv", &HEADS, &rows)?;
    let at_start = checkpoint.step() == 0;
    let (pulled, parting, fresh) = (&pulled, &parting, fresh.as_slice());
    let said = LeverFindings { lever: &lever, pulled, at_start, parting, was: &was, is: &is, fresh };
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
    /// Whether it is pulled on the first day.
    at_start: bool,
    parting: &'a Parting,
    was: &'a RunRecord,
    is: &'a RunRecord,
    fresh: &'a [OverFutures],
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
        if self.pulled.from_now_on.iter().any(|path| path.starts_with("behaviour.")) {
            list.push(
                "The start is not brought to rest anew under these weights, as `run` and `compare` do: what they do is a push away \
                 from the rest that it was at."
                    .into(),
            );
        }
        if self.at_start {
            list.push(
                "On the first day, too, this is not what `run --set` does: that builds the start anew from the changed scenario."
                    .into(),
            );
        }
        let vain = self.without_effect(trunk);
        if !vain.is_empty() {
            list.push(format!("Without effect at that date: {}.", vain.join("; ")));
        }
        if self.identical() {
            list.push(
                "Nothing that is recorded of the run changes from there on: no answer, no happening, no number.".into(),
            );
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

    /// How questions stand over fresh futures, of those that stand out, or that none does.
    fn over_futures(&self, trunk: &Trunk<'_>, page: &mut Document) {
        let scenario = &trunk.target.scenario;
        let rows: Vec<DifferenceRow> = self.fresh.iter().map(|over| over.difference.clone()).collect();
        let all = effects(scenario, &rows);
        let Some(of_lever) = all.first() else { return };
        let pairs = count(rows.iter().map(|row| row.n).max().unwrap_or(0) as f64);
        page.heading(format!("Over {pairs} fresh futures of that moment"));
        if of_lever.effects.is_empty() {
            page.words(of_lever.nothing(&rows));
        } else {
            page.words(
                "What moved by more than luck can explain, the most first: without and with the lever, with 95% intervals.",
            );
        }
        for yes_no in [true, false] {
            let of_kind = of_lever.effects.iter().filter(|effect| (effect.row.kind == AnswerKind::YesNo) == yes_no);
            let heads = ["Without", "With", if yes_no { "Difference" } else { "Difference of means" }];
            let mut table = Table::new(["Question"], heads);
            for effect in of_kind.take(TOLD) {
                let Some(over) = self.fresh.iter().find(|over| over.difference.question == effect.row.question) else {
                    continue;
                };
                let question = trunk.target.questions.iter().find(|question| question.id == effect.row.question);
                let unit = question.map_or(Unit::Count, |question| question.unit());
                let tell = |found: Option<Estimate>| match (found, yes_no) {
                    (None, _) => "–".to_owned(),
                    (Some(found), true) => Format::Percent.estimate(found.value, found.low, found.high),
                    (Some(found), false) => words::estimate(unit, found),
                };
                table.row([
                    effect.question.to_owned(),
                    tell(over.before),
                    tell(over.after),
                    effect.with_interval.clone(),
                ]);
            }
            if !table.rows.is_empty() {
                page.table(if yes_no { table } else { table.titled("Amounts, as medians over these futures") });
            }
        }
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
        if changes.is_empty() {
            let besides = match self.parting.only_before.is_empty() && self.parting.only_after.is_empty() {
                true => " and nothing else happens, though numbers on the way differ",
                false => "",
            };
            page.words(format!("No answer changes{besides}."));
        } else {
            page.heading(format!("Answers that changed: {} of {}", changes.len(), self.was.answers.len()));
            page.table(table(["Before", "After"], changes));
        }
        self.over_futures(trunk, &mut page);
        trunk.end(&mut page, None);
        page
    }
}
