//! What the answers for northern Mali rest on: each weight halved and doubled, by group of questions (a table of
//! `docs/validity.md`). A number says how many replicates; a name of a mechanism or weight leaves out all others.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "it prints, and fails by panicking"
)]

use entente::engine::{Model, Runner};
use entente::measure::Keep;
use entente::mechanism::{Behaviour, Silent};
use entente::scenario::{Overrides, Scenario};
use rayon::prelude::*;
use std::path::Path;

/// The answers of each run, by question.
fn answers(set: &[String], replicates: u64) -> (Scenario, Vec<Vec<f64>>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/northern-mali-2023.toml");
    let overrides = Overrides { set: set.to_vec(), variant: None };
    let scenario = Scenario::load(&path, &overrides).unwrap_or_else(|problems| panic!("{problems}"));
    let model = Model::of(&scenario);
    let one = |runner: &mut Runner, replicate: u64| -> Vec<f64> {
        runner.begin(20_230_123, replicate);
        while !runner.at_horizon() {
            runner.step(&mut Silent).unwrap();
        }
        runner.answers().iter().map(|answer| if answer.value.is_finite() { answer.value } else { 0.0 }).collect()
    };
    let runner = || Runner::new(&model, Keep::ANSWERS);
    let runs = (0..replicates).into_par_iter().map_init(runner, one).collect();
    (scenario, runs)
}

/// The mean of a question's answers in standard deviations of those at the defaults, less that at the defaults; and how many
/// standard errors of paired differences that is.
fn effect(base: &[Vec<f64>], other: &[Vec<f64>], question: usize) -> Option<(f64, f64)> {
    let n = base.len() as f64;
    let moments = |values: &dyn Fn(usize) -> f64| {
        let mean = (0..base.len()).map(values).sum::<f64>() / n;
        let squares = (0..base.len()).map(|run| (values(run) - mean) * (values(run) - mean)).sum::<f64>();
        (mean, (squares / (n - 1.0)).sqrt())
    };
    let (_, spread) = moments(&|run| base[run][question]);
    let (difference, of_differences) = moments(&|run| other[run][question] - base[run][question]);
    if of_differences <= 0.0 || spread <= 0.0 {
        return (spread > 0.0).then_some((0.0, 0.0));
    }
    Some((difference / spread, difference / (of_differences / n.sqrt())))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let replicates = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(200);
    let asked: Vec<&String> = arguments.iter().filter(|argument| argument.parse::<u64>().is_err()).collect();
    let (scenario, base) = answers(&[], replicates);
    let groups: Vec<(String, Vec<usize>)> = (scenario.question_groups().iter())
        .map(|group| {
            let answers = group.questions.iter().flat_map(|question| &question.answers);
            (group.name.clone().unwrap_or_default(), answers.map(|answer| answer.index).collect())
        })
        .collect();
    println!("{replicates} replicates with the same draws, seed 20230123; in hundredths of a standard deviation.\n");
    let names: Vec<&str> = groups.iter().map(|(name, _)| name.as_str()).collect();
    println!("| weight | {} | surest |", names.join(" | "));
    println!("| --- |{} ---: |", " ---: |".repeat(names.len()));
    for (section, table, values) in Behaviour::default().sections() {
        for (parameter, value) in table.iter().zip(values) {
            let name = format!("{section}.{}", parameter.name);
            if !asked.is_empty() && !asked.iter().any(|asked| name.starts_with(asked.as_str())) {
                continue;
            }
            let about = if value.abs() < 1e-12 { 0.5 * parameter.high.min(1.0) } else { value };
            let moved = [0.5, 2.0].map(|times| {
                let value = (about * times).clamp(parameter.low, parameter.high);
                answers(&[format!("behaviour.{name}={value:?}")], replicates).1
            });
            let mut surest: f64 = 0.0;
            let cells: Vec<String> = groups
                .iter()
                .map(|(_, questions)| {
                    let [half, double] = [0, 1].map(|which: usize| {
                        let effects: Vec<(f64, f64)> =
                            questions.iter().filter_map(|question| effect(&base, &moved[which], *question)).collect();
                        surest = effects.iter().fold(surest, |most, (_, sure)| most.max(sure.abs()));
                        100.0 * effects.iter().map(|(size, _)| size.abs()).sum::<f64>() / effects.len().max(1) as f64
                    });
                    format!("{half:.0} / {double:.0}")
                })
                .collect();
            println!("| `{name}` | {} | {surest:.1} |", cells.join(" | "));
        }
    }
}
