//! `entente check`: whether a scenario can be run, and where its numbers come from.

use super::Failure;
use crate::base::number::count;
use crate::report::summary::WIDTH;
use crate::report::words::several;
use crate::report::{Document, Table};
use crate::scenario::{Input, Overrides, Problem, Problems, Scenario};
use annotate_snippets::Level;
use clap::{Args, ValueEnum};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// Options of `check`.
#[derive(Clone, Debug, Args)]
pub struct CheckArgs {
    /// Scenario file (TOML)
    pub scenario: PathBuf,
    /// Check this variant of the scenario instead of the baseline
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    /// Change a value of the scenario, by the same path as in the file
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// List every source and every assumption
    #[arg(long)]
    pub all: bool,
    /// How to print what is found
    #[arg(long, value_enum, default_value_t)]
    pub format: CheckFormat,
}

/// How `check` prints what it finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// Checks it.
///
/// # Errors
/// If the scenario is wrong.
pub fn check(args: &CheckArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let overrides = Overrides { set: args.set.clone(), variant: args.variant.clone() };
    match (Scenario::load(&args.scenario, &overrides), args.format) {
        (Ok(scenario), CheckFormat::Text) => text(&args.scenario.display().to_string(), &scenario, args.all, out),
        (Ok(scenario), CheckFormat::Json) => {
            let found = json(&scenario);
            writeln!(out, "{found:#}").map_err(Failure::failed)
        }
        (Err(problems), CheckFormat::Text) => Err(super::problems(problems)),
        (Err(problems), CheckFormat::Json) => {
            let list: Vec<_> = problems.list.iter().map(|problem| told(&problems, problem)).collect();
            writeln!(out, "{:#}", json!({ "ok": false, "problems": list })).map_err(Failure::failed)?;
            Err(Failure::input(format!("{} problems", list.len())))
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
        ("uncertainties", file.uncertainty.len()),
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

fn json(scenario: &Scenario) -> serde_json::Value {
    let inputs = scenario.inputs();
    let warnings = Problems { files: scenario.files().clone(), list: scenario.warnings.clone() };
    let assumptions = inputs.iter().filter(|input| input.is_assumption()).count();
    json!({
        "ok": true,
        "scenario": scenario.file.scenario.id,
        "digest": scenario.digest(),
        "counts": counts(scenario).into_iter().map(|(what, count)| (what.to_owned(), count.into())).collect::<serde_json::Map<_, _>>(),
        "warnings": warnings.list.iter().map(|warning| told(&warnings, warning)).collect::<Vec<_>>(),
        "assumptions": assumptions,
        "inputs": inputs,
    })
}

/// What was read in a few lines, then what looks wrong.
fn text(name: &str, scenario: &Scenario, all: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let inputs = scenario.inputs();
    let mut document = Document::new(format!("{name}: can be run"), "");
    let counts = counts(scenario).into_iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(what, count)| counted(what, count)).collect();
    document.words(counts.join(", "));
    provenance(&mut document, &inputs, all);
    let mut page = document.text(WIDTH);
    let warnings = Problems { files: scenario.files().clone(), list: scenario.warnings.clone() };
    for warning in &warnings.list {
        page.push_str(&format!("\n{}\n", warnings.render_one(warning, Level::WARNING, false)));
    }
    out.write_all(page.as_bytes()).map_err(Failure::failed)
}

/// Where the inputs come from: counted, or all told.
fn provenance(document: &mut Document, inputs: &[Input], all: bool) {
    let (assumed, known): (Vec<&Input>, Vec<&Input>) = inputs.iter().partition(|input| input.is_assumption());
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    for input in &known {
        *used.entry(input.source.as_deref().unwrap_or_default()).or_default() += 1;
    }
    let defaults = assumed.iter().filter(|input| input.default).count();
    let [every, sourced, assumptions] = [inputs.len(), known.len(), assumed.len()].map(|number| count(number as f64));
    let more = if all { "" } else { " (--all lists them)" };
    document.words(format!(
        "Of {every} inputs (numbers of the file and parameters of the model) {sourced} name one of {} and {assumptions} are \
         assumptions: {} in the file, {} parameters of the model at their default{more}.",
        several(used.len(), "source"),
        count((assumed.len() - defaults) as f64),
        count(defaults as f64)
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
