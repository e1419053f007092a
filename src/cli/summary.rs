//! What a command prints of results: the answers, the coalition structures, where the files are.

use super::failure::Failure;
use super::perform::Done;
use super::text::{amount, line, numbers, paragraph, percent};
use crate::analysis::answers::CONFIDENCE;
use crate::analysis::interval::wilson;
use crate::record::{AnswerKind, QuestionRow, Results, StopReason, StoppingEntry};
use crate::scenario::Scenario;
use clap::ValueEnum;
use serde::Serialize;
use std::io::Write;
use std::path::PathBuf;

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON object, for programs
    Json,
}

/// How many coalition structures are printed.
const STRUCTURES: usize = 5;
/// How many failures are printed.
const FAILURES: usize = 3;

#[derive(Serialize)]
struct Summary<'a> {
    experiment: &'a str,
    folder: String,
    report: Option<String>,
    reused: bool,
    replicates: u64,
    seed: u64,
    failures: u64,
    result_digest: &'a str,
    questions: &'a [QuestionRow],
    coalitions: Vec<Structure>,
}

#[derive(Serialize)]
struct Structure {
    coalitions: String,
    share: f64,
    low: f64,
    high: f64,
}

/// Prints a summary of results.
///
/// # Errors
/// If the results cannot be read.
pub fn print(done: &Done, scenario: &Scenario, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
    let results = &done.results;
    let manifest = results.manifest();
    let questions = results.questions()?;
    let report = report(results);
    let structures = structures(done)?;
    if format == Format::Json {
        let summary = Summary {
            experiment: &manifest.experiment,
            folder: results.folder().path().display().to_string(),
            report: report.map(|path| path.display().to_string()),
            reused: done.reused,
            replicates: manifest.replicates,
            seed: manifest.seed,
            failures: manifest.failures,
            result_digest: &manifest.result_digest,
            questions: &questions,
            coalitions: structures,
        };
        let text = serde_json::to_string_pretty(&summary).map_err(Failure::failed)?;
        return writeln!(out, "{text}").map_err(Failure::failed);
    }
    let mut text = heading(done, scenario);
    text.push_str(&answer_tables(&questions, scenario));
    if !structures.is_empty() {
        text.push_str("\nCoalition structures found most often at the horizon (95% interval)\n");
        for structure in &structures {
            let numbers = numbers(Some(structure.share), Some(structure.low), Some(structure.high), percent);
            text.push_str(&line(&structure.coalitions, &numbers));
        }
    }
    text.push_str(&places(done)?);
    out.write_all(text.as_bytes()).map_err(Failure::failed)
}

/// What failed, and where the results are.
///
/// # Errors
/// If the results cannot be read.
pub fn places(done: &Done) -> Result<String, Failure> {
    let results = &done.results;
    let mut text = String::new();
    for (key, reason) in results.failures(FAILURES)? {
        text.push_str(&format!("\nreplicate {} failed: {reason}", key.replicate));
    }
    text.push_str(&format!("\nResults  {}\n", results.folder().path().display()));
    if let Some(report) = report(results) {
        text.push_str(&format!("Report   {}\n", report.display()));
    }
    text.push_str(&format!("Digest   {}\n", results.manifest().result_digest));
    Ok(text)
}

fn report(results: &Results) -> Option<PathBuf> {
    Some(results.folder().file("report.html")).filter(|path| path.is_file())
}

/// What was run, and how long it took.
pub fn heading(done: &Done, scenario: &Scenario) -> String {
    let manifest = done.results.manifest();
    let what = match manifest.variants.as_slice() {
        [first, second, ..] if manifest.design.is_none() => {
            let others = manifest.variants.len() - 1;
            let others = if others == 1 { second.clone() } else { format!("{others} variants") };
            format!("{first} against {others}")
        }
        variants => variants.join(", "),
    };
    let mut text = format!("{} · {what}\n", scenario.file.scenario.title);
    let points = if manifest.points > 1 { format!("{} points, ", manifest.points) } else { String::new() };
    let each = if manifest.runs > manifest.replicates { " of each" } else { "" };
    text.push_str(&format!("{points}{} replicates{each}, seed {}", manifest.replicates, manifest.seed));
    if manifest.failures > 0 {
        text.push_str(&format!(", {} failed and left out", manifest.failures));
    }
    match done.pace {
        Some((seconds, runs)) if seconds > 0.0 => {
            text.push_str(&format!("; {seconds:.1} s, {:.0} runs per second\n", runs as f64 / seconds));
        }
        _ if done.reused => text.push_str("; from an earlier run with the same inputs (--force runs anew)\n"),
        _ => text.push('\n'),
    }
    if let Some(stopping) = &manifest.stopping {
        text.push_str(&paragraph(&ending(stopping, manifest.replicates)));
    }
    text
}

/// How an experiment that could end early came to its end.
fn ending(stopping: &StoppingEntry, replicates: u64) -> String {
    let reached = match (&stopping.half_width, &stopping.question) {
        (Some(half_width), Some(question)) => format!(" (the widest interval is ±{:.3}, of `{question}`)", half_width),
        _ => String::new(),
    };
    let mut text = match stopping.reason {
        StopReason::Precise => format!("Precise enough after {replicates} replicates{reached}."),
        StopReason::TimeLimit => format!("The time was up after {replicates} replicates{reached}."),
        StopReason::AllReplicates => format!("All {replicates} replicates were done{reached}."),
    };
    if let Some(fixed) = stopping.fixed_plan {
        text.push_str(&format!(
            " A plan fixed beforehand would have needed {fixed} for the same half-width, had one known the answers; intervals \
             here hold however often one looks."
        ));
    }
    text
}

fn structures(done: &Done) -> Result<Vec<Structure>, Failure> {
    let manifest = done.results.manifest();
    let Some(variant) = manifest.variants.first().filter(|_| manifest.points == 1) else { return Ok(Vec::new()) };
    let counts = done.results.count_words("coalitions", 0, variant)?;
    let n: u64 = counts.values().sum();
    let mut sorted: Vec<(String, u64)> = counts.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(sorted
        .into_iter()
        .take(STRUCTURES)
        .map(|(words, count)| {
            let interval = wilson(count, n, CONFIDENCE);
            let coalitions = if words.is_empty() { "no alliances".into() } else { words };
            Structure { coalitions, share: count as f64 / n as f64, low: interval.low, high: interval.high }
        })
        .collect())
}

/// The answers as two tables: how likely, and how much.
fn answer_tables(rows: &[QuestionRow], scenario: &Scenario) -> String {
    let mut text = String::new();
    for (kind, title) in
        [(AnswerKind::YesNo, "How likely (95% interval)"), (AnswerKind::Quantity, "How much: median (95% interval)")]
    {
        let of_kind: Vec<&QuestionRow> = rows.iter().filter(|row| row.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        text.push_str(&format!("\n{title}\n"));
        for row in of_kind {
            let numbers = match kind {
                AnswerKind::YesNo => numbers(row.probability, row.low, row.high, percent),
                AnswerKind::Quantity => numbers(row.median, row.low, row.high, amount),
            };
            text.push_str(&line(words_of(row, scenario), &numbers));
        }
    }
    text
}

/// The question in words, or its id if the scenario does not have it.
fn words_of<'a>(row: &'a QuestionRow, scenario: &'a Scenario) -> &'a str {
    scenario.answer(&row.question).map_or(&row.question, |(_, answer)| &answer.text)
}
