//! What a command prints of results: the answers, the coalition structures, where the files are.

use super::failure::Failure;
use super::perform::Done;
use crate::analysis::answers::CONFIDENCE;
use crate::analysis::interval::wilson;
use crate::record::{AnswerKind, QuestionRow};
use crate::scenario::Scenario;
use crate::scenario::file::Question;
use clap::ValueEnum;
use serde::Serialize;
use std::io::Write;

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON object, for programs
    Json,
}

/// Width of tables in letters.
const WIDTH: usize = 100;
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
    let report = Some(results.folder().file("report.html")).filter(|path| path.is_file());
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
    text.push_str(&answer_tables(&questions, &scenario.file.question));
    if !structures.is_empty() {
        text.push_str("\nCoalition structures found most often at the horizon (95% interval)\n");
        for structure in &structures {
            let numbers = numbers(Some(structure.share), Some(structure.low), Some(structure.high), percent);
            text.push_str(&line(&structure.coalitions, &numbers));
        }
    }
    for (key, reason) in results.failures(FAILURES)? {
        text.push_str(&format!("\nreplicate {} failed: {reason}", key.replicate));
    }
    text.push_str(&format!("\nResults  {}\n", results.folder().path().display()));
    if let Some(report) = report {
        text.push_str(&format!("Report   {}\n", report.display()));
    }
    text.push_str(&format!("Digest   {}\n", manifest.result_digest));
    out.write_all(text.as_bytes()).map_err(Failure::failed)
}

fn heading(done: &Done, scenario: &Scenario) -> String {
    let manifest = done.results.manifest();
    let variant = manifest.variants.join(", ");
    let mut text = format!("{} · {variant}\n", scenario.file.scenario.title);
    text.push_str(&format!("{} replicates, seed {}", manifest.replicates, manifest.seed));
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
    text
}

fn structures(done: &Done) -> Result<Vec<Structure>, Failure> {
    let manifest = done.results.manifest();
    let Some(variant) = manifest.variants.first() else { return Ok(Vec::new()) };
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
fn answer_tables(rows: &[QuestionRow], questions: &[Question]) -> String {
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
            text.push_str(&line(words_of(row, questions), &numbers));
        }
    }
    text
}

/// The question in words, or its id if the scenario does not have it.
fn words_of<'a>(row: &'a QuestionRow, questions: &'a [Question]) -> &'a str {
    questions.iter().find(|question| question.id == row.question).map_or(&row.question, |question| &question.text)
}

/// A line of a table: words at the left, wrapped, and three columns of numbers at the right.
fn line(words: &str, numbers: &str) -> String {
    let room = WIDTH - 2 - numbers.chars().count() - 2;
    let wrapped = wrap(words, room);
    let mut text = String::new();
    for (place, part) in wrapped.iter().enumerate() {
        let last = place + 1 == wrapped.len();
        let indent = if place == 0 { "  " } else { "    " };
        if last {
            let gap = WIDTH.saturating_sub(indent.len() + part.chars().count() + numbers.chars().count());
            text.push_str(&format!("{indent}{part}{}{numbers}\n", " ".repeat(gap)));
        } else {
            text.push_str(&format!("{indent}{part}\n"));
        }
    }
    text
}

/// Breaks words into lines of at most `room` letters (two less after the first); a longer word has a line of its own.
fn wrap(words: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let most = if lines.len() == 1 { room } else { room.saturating_sub(2) };
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A value and its interval, aligned.
fn numbers(value: Option<f64>, low: Option<f64>, high: Option<f64>, words: fn(f64) -> String) -> String {
    let of = |number: Option<f64>| number.map_or_else(|| "-".into(), words);
    let range = format!("{} to {}", of(low).trim_end_matches('%'), of(high));
    format!("{:>7}  {range:>18}", of(value))
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// Whole numbers in groups of three digits; three decimals below 10.
fn amount(value: f64) -> String {
    if value.abs() < 10.0 && value.fract().abs() > 1e-9 {
        return format!("{value:.3}");
    }
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    if value < 0.0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_readable() {
        assert_eq!(amount(1_234_567.4), "1 234 567");
        assert_eq!(amount(0.3214), "0.321");
        assert_eq!(amount(12.0), "12");
        assert_eq!(amount(-1500.0), "-1 500");
    }

    #[test]
    fn no_line_is_wider_than_the_table() {
        let long = "Do JNIM and the Coordination of Azawad Movements hold a non-aggression pact or more, in public or \
                    in secret, at any time within the first twenty-four months?";
        for line in line(long, &numbers(Some(0.5), Some(0.4), Some(0.6), percent)).lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
        assert_eq!(line("Yes?", "1.0%").chars().count(), WIDTH + 1, "numbers stand at the right edge");
    }
}
