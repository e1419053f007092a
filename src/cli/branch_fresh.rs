//! `entente branch` under fresh random numbers: how open was that moment?

use super::failure::Failure;
use super::finding::{Finding, figure};
use super::summary::Format;
use super::text;
use super::trunk::{BranchArgs, FUTURES, Trunk, is_itself};
use crate::analysis::branch::{Openness, futures, openness};
use crate::chart::{Band, Chart, Heading, Probabilities, ProbabilityRow};
use crate::engine::Checkpoint;
use crate::report::{Block, Narrative, day};
use serde::Serialize;
use serde_json::json;
use std::io::Write;

/// A question over the futures, as a row of `answers.csv` and in JSON.
#[derive(Serialize)]
struct Row {
    question: String,
    kind: &'static str,
    actual: f64,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    n: u64,
}

/// Runs fresh futures of a moment, prints how its questions stood, and writes them into the results folder.
pub fn open(args: &BranchArgs, trunk: &Trunk<'_>, checkpoint: &Checkpoint, out: &mut dyn Write) -> Result<(), Failure> {
    let target = trunk.target;
    let count = args.fresh.unwrap_or(FUTURES);
    let date = target.scenario.setting.calendar.date_of(checkpoint.step());
    let itself = is_itself(trunk, checkpoint);
    let list = trunk.pool.install(|| futures(trunk.model, checkpoint, count));
    let found: Vec<Option<Openness>> = (target.questions.iter().enumerate())
        .map(|(place, question)| openness(&list, place, question.yes_no()))
        .collect();
    let rows: Vec<Row> = (target.questions.iter().zip(&found).zip(&trunk.was.answers))
        .map(|((question, found), actual)| Row {
            question: question.id.clone(),
            kind: if question.yes_no() { "yes_no" } else { "quantity" },
            actual: actual.value,
            value: found.map(|found| found.value),
            low: found.and_then(|found| found.interval).map(|interval| interval.low),
            high: found.and_then(|found| found.interval).map(|interval| interval.high),
            n: found.map_or(0, |found| found.n),
        })
        .collect();
    let finding = Finding::create(&target.results, "branch", &trunk.folder(&date.to_string()))?;
    finding.table("answers.csv", &["question", "kind", "actual", "value", "low", "high", "n"], &rows)?;
    let page = if args.no_charts { None } else { Some(page(trunk, checkpoint, &found, count, itself, &finding)?) };
    if args.format == Format::Json {
        let value = json!({
            "replicate": trunk.replicate, "date": date.to_string(), "step": checkpoint.step(), "futures": count,
            "unchanged_is_identical": itself, "answers": rows, "folder": finding.path().display().to_string(),
        });
        return writeln!(out, "{value:#}").map_err(Failure::failed);
    }
    if args.quiet {
        return Ok(());
    }
    let mut words = trunk.heading(&format!("From {} on, {count} futures under fresh random numbers", day(date)));
    words.push_str(&format!("{}\n", itself_words(itself)));
    words.push_str("\nHow likely from there (95% interval), and what came of it\n");
    let mut settled = 0;
    for (question, (found, actual)) in target.questions.iter().zip(found.iter().zip(&trunk.was.answers)) {
        let Some(found) = found.filter(|_| question.yes_no()) else { continue };
        if found.value <= 0.0 || found.value >= 1.0 {
            settled += 1;
            continue;
        }
        let actual = if actual.value > 0.5 { "yes" } else { "no" };
        words.push_str(&text::line(&target.question_text(&question.id), &format!("{}   {actual:>3}", share(&found))));
    }
    if settled > 0 {
        words.push_str(&format!("  and {settled} questions on which all futures agree, in answers.csv\n"));
    }
    if let Some(page) = page {
        words.push_str(&format!("\nPage  {}\n", page.display()));
    }
    out.write_all(words.as_bytes()).map_err(Failure::failed)
}

/// Whether an unchanged branch is the run itself, in words.
pub fn itself_words(itself: bool) -> &'static str {
    match itself {
        true => "With nothing changed, going on from there gives the run itself, to the bit.",
        false => "With nothing changed, going on from there does NOT give the run itself: a fault of the program.",
    }
}

fn share(found: &Openness) -> String {
    text::numbers(
        Some(found.value),
        found.interval.map(|interval| interval.low),
        found.interval.map(|interval| interval.high),
        text::percent,
    )
}

fn page(
    trunk: &Trunk<'_>,
    checkpoint: &Checkpoint,
    found: &[Option<Openness>],
    count: u64,
    itself: bool,
    finding: &Finding,
) -> Result<std::path::PathBuf, Failure> {
    let target = trunk.target;
    let date = target.scenario.setting.calendar.date_of(checkpoint.step());
    let rows = target.questions.iter().zip(found.iter().zip(&trunk.was.answers));
    let rows = rows.filter_map(|(question, (found, actual))| {
        let found = found.filter(|found| question.yes_no() && found.value > 0.0 && found.value < 1.0)?;
        let interval = found.interval?;
        Some(ProbabilityRow {
            text: target.question_text(&question.id),
            probabilities: vec![Some(Band::new(found.value, interval.low, interval.high))],
            observed: Some(actual.value > 0.5),
        })
    });
    let run = format!("replicate {}, seed {}, {}", trunk.replicate, target.seed(), target.cell_words());
    let title = format!("How open was {}?", day(date));
    let chart = Probabilities {
        over_points: false,
        heading: Heading::new(title.clone(), format!("{count} futures from there under fresh random numbers · {run}")),
        horizons: vec![String::new()],
        rows: rows.collect(),
    };
    let charts: Vec<Box<dyn Chart>> = vec![Box::new(chart)];
    let pictures = finding.charts(&target.results, &charts)?;
    let caption = "Each dot is the share of futures from that moment in which the answer is yes; the line is its 95% interval. \
                   The diamond at the end of a row is what came of it in the run itself. Questions on which all futures \
                   agree are left out.";
    let mut blocks = vec![Block::Words(itself_words(itself).into())];
    blocks.extend(pictures.iter().map(|picture| Block::Chart(figure(picture, caption))));
    let page = Narrative {
        title,
        subtitle: format!("{count} futures · {run} · {}", target.scenario.file.scenario.title),
        cautions: Vec::new(),
        blocks,
    };
    finding.page(&page)
}
