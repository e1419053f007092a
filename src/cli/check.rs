//! `entente check`: whether a scenario can be run, where its numbers come from, and what of it is foregone.

use super::Failure;
use super::input;
use super::options::PrintArgs;
use super::summary::OutputFormat;
use crate::analysis::foregone::{self, Foregone, LEAST_RUNS, QUARTER_WEEKS, QUICK_RUNS, foregone};
use crate::analysis::interval::wilson;
use crate::base::name::first_few;
use crate::base::number::{count, percent};
use crate::estimate::CONFIDENCE;
use crate::record::clock::Stopwatch;
use crate::report::drawing::shown_by_id;
use crate::report::summary::{LINES, WIDTH};
use crate::report::words::several;
use crate::report::{Document, Table};
use crate::scenario::{Input, Overrides, Problem, Problems, Scenario};
use annotate_snippets::Level;
use clap::Args;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// For how many seconds quick runs are done at most.
const QUICK_SECONDS: f64 = 2.0;
/// What helps where inputs that are drawn make what cannot be run.
const GO_TOGETHER: &str = "Inputs are drawn apart from each other: let the bounds of those named leave room for each other, or draw \
                           them from a table of joint draws (`joint_inputs`).";
/// How many ids are named unless all are asked for.
const NAMED: usize = 5;

/// Options of `check`.
#[derive(Clone, Debug, Args)]
pub struct CheckArgs {
    /// Scenario file (TOML), or - for standard input
    pub scenario: PathBuf,
    /// Check this variant of the scenario instead of the baseline
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    /// Change a value of the scenario, by the same path as in the file
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// List every source and every assumption, and name all that is foregone
    #[arg(long)]
    pub all: bool,
    /// Do no quick runs (at most 64, or for 2 seconds), which tell what is foregone
    #[arg(long)]
    pub no_runs: bool,
    #[command(flatten)]
    pub print: PrintArgs,
}

/// Checks it.
///
/// # Errors
/// If the scenario is wrong, inputs cannot be drawn, or quick runs fail (after all is printed).
pub fn check(args: &CheckArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let overrides = Overrides { set: args.set.clone(), variant: args.variant.clone() };
    match (input::scenario(&args.scenario, &overrides), args.print.format) {
        (Ok(scenario), format) => {
            let found = quick_runs(&scenario, args.no_runs)?;
            match format {
                OutputFormat::Text if args.print.quiet => {}
                OutputFormat::Text => text(args, &scenario, found.as_ref(), out)?,
                OutputFormat::Json => {
                    writeln!(out, "{:#}", json(&scenario, found.as_ref())).map_err(Failure::failed)?;
                }
            }
            match failing(found.as_ref()) {
                Some(words) => Err(Failure::failed(words)),
                None => Ok(()),
            }
        }
        (Err(problems), OutputFormat::Text) => Err(super::problems(problems)),
        (Err(problems), OutputFormat::Json) => {
            let list: Vec<_> = problems.list.iter().map(|problem| told(&problems, problem)).collect();
            writeln!(out, "{:#}", json!({ "ok": false, "problems": list })).map_err(Failure::failed)?;
            Err(Failure::input(several(list.len(), "problem")))
        }
    }
}

fn told(problems: &Problems, problem: &Problem) -> serde_json::Value {
    let place = problem.place.as_ref().map(|place| {
        let (line, column) = problems.files.line_and_column(place);
        json!({ "file": problems.files.name(place.file), "line": line, "column": column })
    });
    json!({ "message": problem.message, "expected": problem.expected, "help": problem.help, "place": place })
}

/// What there is, in the order in which people ask.
fn counts(scenario: &Scenario) -> Vec<(&'static str, usize)> {
    let (setting, file) = (&scenario.setting, &scenario.file);
    vec![
        ("zones", setting.zones.len()),
        ("communities", file.community.len()),
        ("factions", setting.founding),
        ("umbrellas", setting.umbrellas.len()),
        ("relations", file.relation.len()),
        ("accords", setting.accords.len()),
        ("events", setting.events.len()),
        ("questions", file.question.len()),
        ("answers", scenario.questions.len()),
        ("variants", file.variant.len()),
        ("uncertainties", file.uncertainty.len() + file.composition.len()),
        ("steps", setting.calendar.steps() as usize),
    ]
}

/// `3 zones`, `1 community`.
fn counted(what: &str, count: usize) -> String {
    match (count, what.strip_suffix("ies"), what.strip_suffix('s')) {
        (1, Some(stem), _) => format!("1 {stem}y"),
        (1, None, Some(stem)) => format!("1 {stem}"),
        _ => format!("{count} {what}"),
    }
}

/// What quick runs show, if they are wanted.
fn quick_runs(scenario: &Scenario, without: bool) -> Result<Option<Foregone>, Failure> {
    let watch = Stopwatch::start();
    let found = (!without).then(|| foregone(scenario, QUICK_RUNS, &|| watch.seconds() > QUICK_SECONDS));
    Ok(found.transpose()?)
}

/// How many quick runs failed, if any did.
fn failing(found: Option<&Foregone>) -> Option<String> {
    let found = found.filter(|found| found.failed > 0)?;
    let all = several((found.runs + found.failed) as usize, "replicate");
    Some(format!("{} of the first {all} of `run` failed", found.failed))
}

fn json(scenario: &Scenario, foregone: Option<&Foregone>) -> serde_json::Value {
    let inputs = scenario.inputs();
    let warnings = Problems { files: scenario.files().clone(), list: scenario.warnings.clone() };
    let assumptions = inputs.iter().filter(|input| input.is_assumption()).count();
    json!({
        "ok": failing(foregone).is_none(),
        "scenario": scenario.file.scenario.id,
        "digest": scenario.digest(),
        "counts": counts(scenario).into_iter().map(|(what, count)| (what.to_owned(), count.into())).collect::<serde_json::Map<_, _>>(),
        "warnings": warnings.list.iter().map(|warning| told(&warnings, warning)).collect::<Vec<_>>(),
        "foregone": foregone,
        "deaths_without_fighting": foregone::deaths_without_fighting(&scenario.setting),
        "without_base": foregone::without_base(&scenario.setting),
        "out_of_reach": foregone::out_of_reach(&scenario.setting),
        "assumptions": assumptions,
        "shown_by_id": shown_by_id(scenario),
        "inputs": inputs,
    })
}

/// What was read in a few lines, then what looks wrong.
fn text(args: &CheckArgs, scenario: &Scenario, found: Option<&Foregone>, out: &mut dyn Write) -> Result<(), Failure> {
    let (inputs, all) = (scenario.inputs(), args.all);
    let but = if failing(found).is_some() { ", but some runs fail" } else { "" };
    let mut document = Document::new(format!("{}: can be run{but}", input::shown(&args.scenario)), "");
    let counts = counts(scenario).into_iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(what, count)| counted(what, count)).collect();
    document.words(counts.join(", "));
    provenance(&mut document, &inputs, all);
    if let (Some(words), Some((replicate, reason))) = (failing(found), found.and_then(|found| found.failure.as_ref())) {
        document.caution(format!("{words}, replicate {replicate} because {reason}. {GO_TOGETHER}"));
    }
    beware(&mut document, scenario, found, all);
    let by_id = shown_by_id(scenario);
    if !by_id.is_empty() {
        let most = if all { usize::MAX } else { NAMED };
        document.words(format!(
            "Images (PNG) have no letters for what is called in other scripts and show ids: {}. SVG files and the page show the names.",
            first_few(&by_id, most)
        ));
    }
    let mut page = document.text(WIDTH);
    let warnings = Problems { files: scenario.files().clone(), list: scenario.warnings.clone() };
    for (place, warning) in warnings.list.iter().enumerate() {
        let words = format!("\n{}\n", warnings.render_one(warning, Level::WARNING, false));
        // What is left out takes two lines.
        if !all && page.lines().count() + words.lines().count() + 2 > LINES {
            let left = several(warnings.list.len() - place, "more warning");
            page.push_str(&format!("\n{left} (--all shows them)\n"));
            break;
        }
        page.push_str(&words);
    }
    out.write_all(page.as_bytes()).map_err(Failure::failed)
}

/// What makes answers foregone, in a line for each kind.
fn beware(document: &mut Document, scenario: &Scenario, found: Option<&Foregone>, all: bool) {
    let most = if all { usize::MAX } else { NAMED };
    let mut points = Vec::new();
    let mut point = |words: &str, ids: &[String]| {
        if !ids.is_empty() {
            points.push(format!("{words}: {}", first_few(ids, most)));
        }
    };
    if let Some(found) = found {
        let asked = scenario.question_groups().iter().flat_map(|group| &group.questions);
        let (yes_no, amounts): (Vec<_>, Vec<_>) = asked.partition(|question| question.yes_no());
        let of = |ids: &[String]| format!("{} of {}", ids.len(), several(yes_no.len(), "question"));
        point(&format!("{} never answered yes", of(&found.never)), &found.never);
        point(&format!("{} always answered yes", of(&found.always)), &found.always);
        let of_amounts = format!("{} of {} the same in all runs", found.same.len(), several(amounts.len(), "amount"));
        point(&of_amounts, &found.same);
        let zones: Vec<String> = found
            .early
            .iter()
            .map(|(zone, runs)| format!("{zone} ({})", percent(*runs as f64 / found.runs as f64)))
            .collect();
        point(&format!("Zones that change hands within {QUARTER_WEEKS} weeks in nearly all runs"), &zones);
    }
    let (baseless, unreached) = (foregone::without_base(&scenario.setting), foregone::out_of_reach(&scenario.setting));
    point(&format!("{} without any social base", several(baseless.len(), "faction")), &baseless);
    point(&format!("{} that nobody is in or can reach", several(unreached.len(), "zone")), &unreached);
    point(
        "Deaths of last year between those who are not hostile, or meet nowhere, so that none die",
        &foregone::deaths_without_fighting(&scenario.setting),
    );
    let words = match found {
        Some(found) if found.runs < LEAST_RUNS => format!(
            "Only {} done in {QUICK_SECONDS} seconds: too few to say which answers are foregone.",
            several(found.runs as usize, "quick run")
        ),
        Some(found) => format!(
            "{} the first {} of `run`{}; what comes in up to {} of runs may not have come in them{}.",
            if points.is_empty() { "No answer is foregone by" } else { "What makes answers foregone, by" },
            several(found.runs as usize, "replicate"),
            if found.failed > 0 { " that did not fail" } else { "" },
            may_be_missing(found.runs),
            hanging_on_inputs(found)
        ),
        None if points.is_empty() => return,
        None => "What can make answers foregone:".to_owned(),
    };
    document.words(words).list(points);
}

/// In how many runs at most, as a share, something comes that comes in none of so many independent ones.
fn may_be_missing(runs: u64) -> String {
    percent(wilson(0, runs, CONFIDENCE).high)
}

/// The same of what inputs decide, which runs share.
fn hanging_on_inputs(found: &Foregone) -> String {
    if found.sharing < 2 {
        return String::new();
    }
    let (most, sharing) = (may_be_missing((found.runs / found.sharing).max(1)), found.sharing);
    format!(", nor what hangs on inputs that are drawn, which {sharing} runs share, and comes in up to {most}")
}

/// Where the inputs come from: counted, or all told.
fn provenance(document: &mut Document, inputs: &[Input], all: bool) {
    let (assumed, known): (Vec<&Input>, Vec<&Input>) = inputs.iter().partition(|input| input.is_assumption());
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    for input in &known {
        *used.entry(input.source.as_deref().unwrap_or_default()).or_default() += 1;
    }
    let defaults = assumed.iter().filter(|input| input.default).count();
    let derived = assumed.iter().filter(|input| input.default && !input.path.starts_with("behaviour.")).count();
    let [every, sourced, assumptions] = [inputs.len(), known.len(), assumed.len()].map(|number| count(number as f64));
    let more = if all { "" } else { " (--all lists them)" };
    document.words(format!(
        "Of {every} inputs (numbers of the file and parameters of the model) {sourced} name one of {} and {assumptions} are \
         assumptions: {} in the file, {} parameters of the model at their default{}{more}.",
        several(used.len(), "source"),
        count((assumed.len() - defaults) as f64),
        count((defaults - derived) as f64),
        if derived > 0 { format!(", {} derived", count(derived as f64)) } else { String::new() }
    ));
    if !all {
        return;
    }
    let mut used: Vec<(&str, usize)> = used.into_iter().collect();
    used.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let mut sources = Table::new(["Source"], ["Inputs"]);
    for (source, count) in used {
        sources.row([source.to_owned(), count.to_string()]);
    }
    let mut table = Table::new(["Assumption", "Value", "Why"], [""; 0]);
    for input in assumed {
        let bounds = match (input.low, input.high) {
            (Some(low), Some(high)) => format!(" ({low} to {high})"),
            _ => String::new(),
        };
        let source = input.source.as_deref().unwrap_or("no source").to_owned();
        table.row([input.path.clone(), format!("{}{bounds}", shown(&input.value)), source]);
    }
    document.table(sources).table(table);
}

fn shown(value: &serde_json::Value) -> String {
    match value.as_f64() {
        Some(number) => number.to_string(),
        None => value.to_string(),
    }
}
