//! What a command prints of results: the answers that come first, and where the files are.

use super::failure::Failure;
use crate::analysis::theories::{self, Theories};
use crate::base::number::{count, grouped};
use crate::estimate::DifferenceRow;
use crate::experiment::Done;
use crate::record::{QuestionRow, Results, RunKey, StopReason, StoppingEntry};
use crate::report::summary::{self, FrequentStructure, Shown};
use crate::report::words::{changed, several};
use crate::report::{self, Document};
use crate::scenario::Scenario;
use clap::ValueEnum;
use serde::Serialize;
use std::io::Write;
use std::path::PathBuf;

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object, for programs
    Json,
}

/// How many reasons for failures are printed.
const FAILURES: usize = 3;

/// What programs read of an experiment.
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
    stopping: Option<&'a StoppingEntry>,
    questions: Vec<QuestionRow>,
    /// How many inputs were drawn, if they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    inputs_drawn: Option<usize>,
    coalitions: Vec<FrequentStructure>,
    /// What variants change, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<Vec<DifferenceRow>>,
    /// What rival theories say, where they were run.
    #[serde(skip_serializing_if = "Option::is_none")]
    theories: Option<Theories>,
}

/// Prints what came of an experiment: how its answers vary over points, what its variants change, or its answers.
///
/// # Errors
/// If the results cannot be read.
pub fn print(
    done: &Done,
    scenario: &Scenario,
    format: OutputFormat,
    shown: Shown<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let results = &done.results;
    let manifest = results.manifest();
    if format == OutputFormat::Json {
        let summary = Summary {
            experiment: &manifest.experiment,
            folder: results.folder().path().display().to_string(),
            report: report(results).map(|path| path.display().to_string()),
            reused: done.reused,
            replicates: manifest.replicates,
            seed: manifest.seed,
            failures: manifest.failures,
            result_digest: &manifest.result_digest,
            stopping: manifest.stopping.as_ref(),
            questions: results.questions()?,
            inputs_drawn: manifest.inputs.as_ref().map(|inputs| inputs.paths().len()),
            coalitions: summary::frequent_structures(results)?,
            differences: results.differences()?,
            theories: theories::study(results, scenario)?,
        };
        let text = serde_json::to_string_pretty(&summary).map_err(Failure::failed)?;
        return writeln!(out, "{text}").map_err(Failure::failed);
    }
    let mut document = heading(done, scenario);
    failed(results, &mut document)?;
    match (theories::study(results, scenario)?, manifest.points > 1, manifest.variants.len() > 1) {
        (Some(found), ..) => report::theories::summary(&mut document, &found, scenario, shown),
        (None, true, _) => summary::spreads(&mut document, results, scenario, shown)?,
        (None, false, true) => summary::differences(&mut document, results, scenario, shown)?,
        (None, false, false) => summary::answers(&mut document, results, scenario, shown)?,
    }
    places(done, &mut document)?;
    out.write_all(document.text(summary::WIDTH).as_bytes()).map_err(Failure::failed)
}

/// Adds where the results are.
///
/// # Errors
/// If the results cannot be read.
fn places(done: &Done, document: &mut Document) -> Result<(), Failure> {
    let results = &done.results;
    let report = report(results).map(|report| ("Report", report.display().to_string()));
    let folder = ("Results", results.folder().path().display().to_string());
    document.facts(
        [Some(folder), report, Some(("Digest", results.manifest().result_digest.clone()))].into_iter().flatten(),
    );
    Ok(())
}

/// Adds why runs failed: those that come after each other and failed for one reason are told of together.
fn failed(results: &Results, document: &mut Document) -> Result<(), Failure> {
    let manifest = results.manifest();
    if manifest.failures == 0 {
        return Ok(());
    }
    let all = results.failures(usize::MAX)?;
    let alike = |(a, reason): &(RunKey, String), (b, other): &(RunKey, String)| {
        (a.point, a.variant) == (b.point, b.variant) && reason == other
    };
    let groups: Vec<&[(RunKey, String)]> = all.chunk_by(alike).collect();
    for group in groups.iter().take(FAILURES) {
        let [(first, reason), ..] = group else { continue };
        let which = match group.len() {
            1 => format!("replicate {}", first.replicate),
            some => format!("{some} replicates from {} on", first.replicate),
        };
        let point = if manifest.points > 1 { format!(" at point {}", first.point) } else { String::new() };
        let variant = manifest.variants.get(first.variant as usize).filter(|_| manifest.variants.len() > 1);
        let variant = variant.map_or_else(String::new, |id| format!(" of {id}"));
        document.caution(format!("{which}{variant}{point} failed: {reason}."));
    }
    let left: usize = groups.iter().skip(FAILURES).map(|group| group.len()).sum();
    if left > 0 {
        document.caution(format!(
            "{} failed for other reasons like these: runs.parquet says why.",
            several(left, "more run")
        ));
    }
    Ok(())
}

fn report(results: &Results) -> Option<PathBuf> {
    Some(results.folder().file("report.html")).filter(|path| path.is_file())
}

/// What was run, and how long it took.
fn heading(done: &Done, scenario: &Scenario) -> Document {
    let manifest = done.results.manifest();
    let what = match manifest.variants.as_slice() {
        [first, second, ..] if manifest.design.is_none() => {
            let others = manifest.variants.len() - 1;
            let others = if others == 1 { second.clone() } else { format!("{others} variants") };
            format!("{first} against {others}")
        }
        variants => variants.join(", "),
    };
    let points = if manifest.points > 1 { format!("{} points, ", manifest.points) } else { String::new() };
    let each = if manifest.runs > manifest.replicates { " of each" } else { "" };
    let mut subtitle =
        format!("{points}{}{each}, seed {}", several(manifest.replicates as usize, "replicate"), manifest.seed);
    if manifest.failures > 0 {
        subtitle.push_str(&format!(", {} failed and left out", manifest.failures));
    }
    match done.pace {
        Some((seconds, runs)) if seconds > 0.0 => {
            subtitle.push_str(&format!("; {seconds:.1} s, {} runs per second", count((runs as f64 / seconds).round())));
        }
        _ if done.reused => subtitle.push_str("; from an earlier run with the same inputs (--force runs anew)"),
        _ => {}
    }
    let mut document = Document::new(format!("{} · {what}", scenario.file.scenario.title), subtitle);
    if let Some(changed) = changed(scenario) {
        document.words(changed);
    }
    if let Some(stopping) = &manifest.stopping {
        document.words(ending(stopping, manifest.replicates, scenario));
    }
    document
}

/// How an experiment that could end early came to its end.
fn ending(stopping: &StoppingEntry, replicates: u64, scenario: &Scenario) -> String {
    let replicates = count(replicates as f64);
    let reached = match (stopping.half_width, &stopping.question) {
        (Some(half_width), Some(id)) => {
            let amount = scenario.questions.iter().any(|question| question.id == *id && !question.yes_no());
            let half_width = grouped(100.0 * half_width, 1);
            match amount {
                true => format!(" (the widest interval holds ±{half_width}% of the runs about the median of `{id}`)"),
                false => format!(" (the widest interval is ±{half_width} points, of `{id}`)"),
            }
        }
        _ => String::new(),
    };
    let mut text = match stopping.reason {
        StopReason::Precise => format!("Precise enough after {replicates} replicates{reached}."),
        StopReason::TimeLimit => format!("The time was up after {replicates} replicates{reached}."),
        StopReason::AllReplicates => format!("All {replicates} replicates were done{reached}."),
    };
    if let Some(fixed) = stopping.fixed_plan {
        text.push_str(&format!(
            " A plan fixed beforehand would have needed {} for the precision that was asked for, had one known the answers; \
             intervals here hold however often one looks.",
            count(fixed as f64)
        ));
    }
    text
}
