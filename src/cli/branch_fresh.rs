//! `entente branch` under fresh random numbers: how open was that moment?

use super::failure::Failure;
use super::trunk::{BranchArgs, FUTURES, Trunk, is_itself};
use crate::analysis::Estimate;
use crate::analysis::branch::{futures, openness, spread};
use crate::analysis::why::TypicalAmount;
use crate::base::Date;
use crate::base::number::{self, Format};
use crate::chart::{Chart, Heading, Probabilities, ProbabilityRow};
use crate::engine::Checkpoint;
use crate::report::{Document, Table, day, words};
use serde::Serialize;
use serde_json::json;
use std::io::Write;

/// How many amounts a terminal shows.
const AMOUNTS: usize = 6;

/// A question over the futures, as a row of `answers.csv` and in JSON.
#[derive(Serialize)]
struct FutureRow {
    question: String,
    kind: &'static str,
    actual: f64,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    tenth: Option<f64>,
    ninth_tenth: Option<f64>,
    n: u64,
}

/// The columns of `answers.csv`.
const HEADS: [&str; 9] = ["question", "kind", "actual", "value", "low", "high", "tenth", "ninth_tenth", "n"];

/// Runs fresh futures of a moment, prints how its questions stood, and writes them into the results folder.
pub fn open(args: &BranchArgs, trunk: &Trunk<'_>, checkpoint: &Checkpoint, out: &mut dyn Write) -> Result<(), Failure> {
    let target = trunk.target;
    let count = args.fresh.unwrap_or(FUTURES);
    let date = target.scenario.setting.calendar.date_of(checkpoint.step());
    let itself = is_itself(trunk, checkpoint);
    let list = trunk.pool.install(|| futures(trunk.model, checkpoint, count));
    let found: Vec<Option<Estimate>> = (target.questions.iter().enumerate())
        .map(|(place, question)| openness(&list, place, question.yes_no()))
        .collect();
    let spreads: Vec<Option<TypicalAmount>> = (target.questions.iter().enumerate())
        .map(|(place, question)| if question.yes_no() { None } else { spread(&list, place) })
        .collect();
    let rows: Vec<FutureRow> = (target.questions.iter().zip(found.iter().zip(&spreads)).zip(&trunk.was.answers))
        .map(|((question, (found, spread)), actual)| FutureRow {
            question: question.id.clone(),
            kind: if question.yes_no() { "yes_no" } else { "quantity" },
            actual: actual.value,
            value: found.map(|found| found.value),
            low: found.and_then(|found| found.ends().0),
            high: found.and_then(|found| found.ends().1),
            tenth: spread.as_ref().map(|spread| spread.low),
            ninth_tenth: spread.as_ref().map(|spread| spread.high),
            n: found.map_or(0, |found| found.n),
        })
        .collect();
    let finding = trunk.finding([("from", date.to_string())], (args.fresh, Some(FUTURES)))?;
    finding.table("answers.csv", &HEADS, &rows)?;
    let json = json!({
        "replicate": trunk.replicate, "date": date.to_string(), "step": checkpoint.step(), "futures": count,
        "unchanged_is_identical": itself, "answers": rows,
    });
    finding.tell(&target.results, document(trunk, date, (&found, &spreads), count, itself), json, args.tell, out)
}

/// Whether an unchanged branch is the run itself, in words.
fn itself_words(itself: bool) -> &'static str {
    match itself {
        true => "With nothing changed, going on from there gives the run itself, to the bit.",
        false => "With nothing changed, going on from there does NOT give the run itself: a fault of the program.",
    }
}

fn document(
    trunk: &Trunk<'_>,
    date: Date,
    (found, spreads): (&[Option<Estimate>], &[Option<TypicalAmount>]),
    count: u64,
    itself: bool,
) -> (Document, Vec<Box<dyn Chart>>) {
    let title = format!("How open was {}?", day(date));
    let mut page = trunk.document(title.clone());
    page.heading("How likely from there, and what came of it").words(format!(
        "Over {} futures from there under fresh random numbers; probabilities with 95% intervals.{}",
        number::count(count as f64),
        trunk.inputs_held()
    ));
    let sheet = || Table::new(["Question"], ["From there", "In the run itself"]);
    let mut table = sheet();
    let mut amounts = Table::new(["Question"], ["From there: median (80%)", "In the run itself"])
        .titled("Amounts over these futures")
        .printing(AMOUNTS)
        .noted(
            "In brackets between what 80% of these futures lie, which is what one run can be compared with. How surely the median itself is \
             known, answers.csv says.",
        );
    let mut drawn = Vec::new();
    let mut settled = 0;
    let all = found.iter().zip(spreads).zip(&trunk.was.answers);
    for (question, ((found, spread), actual)) in trunk.target.questions.iter().zip(all) {
        let Some(found) = *found else { continue };
        let text = trunk.target.question_text(&question.id);
        if !question.yes_no() {
            let unit = question.unit();
            let spread = spread.as_ref().map_or_else(|| "–".to_owned(), |spread| words::spread(unit, spread));
            amounts.row([text, spread, words::quantity(unit, actual.value)]);
            continue;
        }
        if found.value <= 0.0 || found.value >= 1.0 {
            settled += 1;
            continue;
        }
        let yes = actual.value > 0.5;
        let share = Format::Percent.estimate(found.value, found.low, found.high);
        table.row([text.clone(), share, if yes { "yes" } else { "no" }.into()]);
        drawn.push(ProbabilityRow { text, probabilities: vec![Some(found.into())], observed: Some(yes) });
    }
    let chart = Probabilities {
        over_points: false,
        heading: Heading::new(
            title,
            format!("{count} futures from there under fresh random numbers · {}", trunk.words()),
        ),
        horizons: vec![String::new()],
        rows: drawn,
    };
    page.chart(&chart).table(table);
    if settled > 0 {
        page.words(format!(
            "All futures agree on {}, which answers.csv holds.",
            words::several(settled, "other yes/no question")
        ));
    }
    if !amounts.rows.is_empty() {
        page.table(amounts);
    }
    trunk.end(&mut page, Some(itself_words(itself)));
    (page, vec![Box::new(chart)])
}
