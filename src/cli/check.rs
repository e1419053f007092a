//! `entente check`: whether a scenario can be run, and where its numbers come from.

use super::Failure;
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
        (Ok(scenario), CheckFormat::Text) => text(&args.scenario.display().to_string(), &scenario, out),
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
        ("questions", scenario.questions.len()),
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

fn text(name: &str, scenario: &Scenario, out: &mut dyn Write) -> Result<(), Failure> {
    let inputs = scenario.inputs();
    let warnings = Problems { files: scenario.files().clone(), list: scenario.warnings.clone() };
    let mut page = String::new();
    for warning in &warnings.list {
        page.push_str(&warnings.render_one(warning, Level::WARNING, false));
        page.push_str("\n\n");
    }
    page.push_str(&format!("{name}: can be run\n"));
    let counts: Vec<String> = counts(scenario)
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| counted(what, count))
        .collect();
    page.push_str(&format!("  {}\n", counts.join(", ")));
    page.push_str(&sources(&inputs));
    page.push_str(&assumptions(&inputs));
    out.write_all(page.as_bytes()).map_err(Failure::failed)
}

/// The sources with how many inputs each has, the most used first.
fn sources(inputs: &[Input]) -> String {
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    for input in inputs.iter().filter(|input| !input.is_assumption()) {
        *used.entry(input.source.as_deref().unwrap_or_default()).or_default() += 1;
    }
    let mut used: Vec<(&str, usize)> = used.into_iter().collect();
    used.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let known = inputs.iter().filter(|input| !input.is_assumption()).count();
    let mut page = format!(
        "\nSources: {known} of {} inputs (numbers of the file and parameters of the model), from {} sources\n",
        inputs.len(),
        used.len()
    );
    for (source, count) in used {
        page.push_str(&format!("  {count:>5}  {source}\n"));
    }
    page
}

/// The inputs that nobody but the author vouches for.
fn assumptions(inputs: &[Input]) -> String {
    let assumed: Vec<&Input> = inputs.iter().filter(|input| input.is_assumption()).collect();
    let defaults = assumed.iter().filter(|input| input.default).count();
    let mut page = format!(
        "\nAssumptions: {} inputs without a source ({} in the file, {defaults} parameters of the model at their default)\n",
        assumed.len(),
        assumed.len() - defaults
    );
    let width = assumed.iter().map(|input| input.path.len()).max().unwrap_or(0).min(60);
    for input in assumed {
        let bounds = match (input.low, input.high) {
            (Some(low), Some(high)) => format!(" ({low} to {high})"),
            _ => String::new(),
        };
        let source = input.source.as_deref().unwrap_or("no source");
        page.push_str(&format!("  {:<width$}  {}{bounds}  {source}\n", input.path, shown(&input.value)));
    }
    page
}

fn shown(value: &serde_json::Value) -> String {
    match value.as_f64() {
        Some(number) => number.to_string(),
        None => value.to_string(),
    }
}
