//! `entente branch --dates`: when was an outcome decided?

use super::failure::Failure;
use super::question::meant;
use super::trunk::{BranchArgs, FUTURES, Trunk, checkpoint_of};
use crate::analysis::Estimate;
use crate::analysis::branch::{futures, openness};
use crate::analysis::why::{Note, Witness};
use crate::base::Date;
use crate::chart::{Chart, FutureTree, Heading, TreePanel};
use crate::engine::Runner;
use crate::measure::Keep;
use crate::report::narrative::{Names, happening};
use crate::report::{Document, Table, TableCell, day, words};
use crate::world::HappeningKind;
use serde::Serialize;
use serde_json::json;
use std::io::Write;

/// How many questions are drawn unless they are named.
const DRAWN: usize = 4;

/// A question at a date, as a row of `tree.csv` and in JSON.
#[derive(Serialize)]
struct DateRow {
    question: String,
    date: String,
    probability: Estimate,
    actual: bool,
}

/// Runs fresh futures from a series of dates, prints how questions stood at each, and writes them into the results folder.
pub fn grow(args: &BranchArgs, trunk: &Trunk<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let target = trunk.target;
    let asked: Vec<usize> = match args.question.is_empty() {
        true => (0..target.questions.len()).filter(|place| target.questions[*place].yes_no()).collect(),
        false => {
            let place = |id: &String| {
                let wanted = target.question(&meant(&target.scenario, id)?.1.id)?;
                if !wanted.yes_no() {
                    return Err(Failure::input(format!("the question `{id}` asks how much; a tree needs a yes or no")));
                }
                Ok(target.questions.iter().position(|question| question.id == wanted.id).unwrap_or(0))
            };
            args.question.iter().map(place).collect::<Result<_, _>>()?
        }
    };
    let setting = &target.scenario.setting;
    let count = args.fresh.unwrap_or(FUTURES);
    let dates = args.dates.unwrap_or(2);
    // As late as any of the questions can still be open.
    let last = last_moment(trunk, &asked);
    let mut steps: Vec<u32> =
        (0..dates).map(|place| (u64::from(place) * u64::from(last) / u64::from(dates)) as u32).collect();
    steps.dedup();
    let mut found: Vec<(Date, Vec<Option<Estimate>>)> = Vec::new();
    for step in steps {
        let checkpoint = checkpoint_of(trunk.model, target.seed(), trunk.replicate, step)?;
        let list = trunk.pool.install(|| futures(trunk.model, &checkpoint, count));
        // At its moment and after, a question is settled.
        let open = |place: &usize| {
            let is_open = step < target.questions[*place].moment;
            is_open.then(|| openness(&list, *place, true)).flatten()
        };
        found.push((setting.calendar.date_of(step), asked.iter().map(open).collect()));
    }
    let rows = rows(trunk, &asked, &found);
    let questions = args.question.iter().map(|id| ("question", id.clone()));
    let apart = [("dates", dates.to_string())].into_iter().chain(questions);
    let finding = trunk.finding(apart, (args.fresh, Some(FUTURES)))?;
    finding.table("tree.csv", &["question", "date", "probability", "low", "high", "n", "actual"], &rows)?;
    let drawn = drawn(&asked, &found);
    let json = json!({ "replicate": trunk.replicate, "futures": count, "dates": rows });
    finding.tell(&target.results, document(trunk, &asked, &drawn, &found, (count, last)), json, args.tell, out)
}

/// The last moment at which any of some questions is open.
fn last_moment(trunk: &Trunk<'_>, asked: &[usize]) -> u32 {
    let last = |place: &usize| trunk.target.questions[*place].moment;
    let steps = trunk.target.scenario.setting.calendar.steps();
    asked.iter().map(last).max().unwrap_or(steps).clamp(2, steps)
}

fn rows(trunk: &Trunk<'_>, asked: &[usize], found: &[(Date, Vec<Option<Estimate>>)]) -> Vec<DateRow> {
    let mut rows = Vec::new();
    for (place, question) in asked.iter().enumerate() {
        for (date, list) in found {
            let Some(open) = list[place] else { continue };
            rows.push(DateRow {
                question: trunk.target.questions[*question].id.clone(),
                date: date.to_string(),
                probability: open,
                actual: trunk.was.answers[*question].value > 0.5,
            });
        }
    }
    rows
}

/// The questions to show, by their place among those asked: all if few were asked, else those that were open longest.
fn drawn(asked: &[usize], found: &[(Date, Vec<Option<Estimate>>)]) -> Vec<usize> {
    if asked.len() <= DRAWN {
        return (0..asked.len()).collect();
    }
    let open = |place: usize| -> f64 {
        found.iter().filter_map(|(_, list)| list[place]).map(|open| open.value * (1.0 - open.value)).sum()
    };
    let mut order: Vec<usize> = (0..asked.len()).collect();
    order.sort_by(|a, b| open(*b).total_cmp(&open(*a)).then(a.cmp(b)));
    order.truncate(DRAWN);
    order.sort_unstable();
    order
}

/// What happened in the run that people would mark: events, mergers, splits, and changes of stance between those asked
/// about.
fn marks(trunk: &Trunk<'_>, asked: &[usize], last: u32) -> Vec<(Date, String)> {
    use crate::analysis::why::{Outcome, pair_of};
    use crate::base::PairId;
    let setting = &trunk.target.scenario.setting;
    let mut witness = Witness::new(None);
    Runner::new(trunk.model, Keep::ANSWERS).run_traced(trunk.target.seed(), trunk.replicate, &mut witness);
    let mut pairs: Vec<PairId> = Vec::new();
    for place in asked {
        if let Ok(outcome) = Outcome::of_question(setting, &trunk.target.questions[*place]) {
            pairs.extend(outcome.member_pairs(setting).into_iter().map(|(a, b)| PairId::of(a, b)));
        }
    }
    let mut list: Vec<(Date, String)> = Vec::new();
    for (step, note) in witness.account.notes.iter().take_while(|(step, _)| *step < last) {
        let Note::Happened(what) = note else { continue };
        let shown = match what.kind {
            HappeningKind::Event { .. }
            | HappeningKind::Split { .. }
            | HappeningKind::LeftUmbrella { .. }
            | HappeningKind::Succession { .. }
            | HappeningKind::Takeover { .. } => true,
            HappeningKind::TalksOpened { .. }
            | HappeningKind::TalksEnded { .. }
            | HappeningKind::StanceChanged { .. }
            | HappeningKind::Leaked { .. } => pair_of(what).is_some_and(|pair| pairs.contains(&pair)),
            _ => false,
        };
        if shown {
            list.push((setting.calendar.date_of(*step), happening::sentence(Names(setting), what)));
        }
    }
    list
}

fn document(
    trunk: &Trunk<'_>,
    asked: &[usize],
    drawn: &[usize],
    found: &[(Date, Vec<Option<Estimate>>)],
    (count, last): (u64, u32),
) -> (Document, Vec<Box<dyn Chart>>) {
    let target = trunk.target;
    let date = |step: u32| target.scenario.setting.calendar.date_of(step);
    let shown: Vec<usize> = drawn.iter().map(|place| asked[*place]).collect();
    let mut panels = Vec::new();
    let mut tables = Vec::new();
    for (place, question) in drawn.iter().zip(&shown) {
        let actual = &trunk.was.answers[*question];
        let yes = actual.value > 0.5;
        let came_about = actual.step.filter(|_| yes).map(date);
        let answer = match (yes, came_about) {
            (true, Some(date)) => format!("yes, {}", day(date)),
            (true, None) => "yes".into(),
            _ => "no".into(),
        };
        let text = target.question_text(&target.questions[*question].id);
        let mut table = Table::new(["From"], ["Yes", "95% interval"])
            .titled(text.clone())
            .noted(format!("In the run itself: {answer}."));
        if found.iter().any(|(_, list)| list[*place].is_none()) {
            table.note.push_str(" Later dates lie at its moment or after: it is settled then.");
        }
        let mut moments = Vec::new();
        for (date, list) in found {
            let Some(open) = list[*place] else { continue };
            table.row([TableCell::from(day(*date))].into_iter().chain(words::share(Some(open))));
            moments.push((*date, open.into()));
        }
        tables.push(table);
        panels.push(TreePanel { question: text, moments, actual: yes, came_about });
    }
    let title = "When was it decided?";
    let subtitle = format!("{count} futures from each date under fresh random numbers · {}", trunk.words());
    let tree = FutureTree {
        heading: Heading::new(title, subtitle),
        end: Some(date(last)),
        panels,
        events: marks(trunk, &shown, last),
    };
    let mut page = trunk.document(title.into());
    page.words(format!(
        "{count} futures under fresh random numbers from each of {} dates.{}",
        found.len(),
        trunk.inputs_held()
    ))
    .chart(&tree);
    page.heading("How likely from each date on");
    tables.into_iter().for_each(|table| {
        page.table(table);
    });
    trunk.end(&mut page, None);
    (page, vec![Box::new(tree)])
}
