//! Every answer of the flagship's first replicates, as text in which each bit shows.

use entente::engine::{Model, Runner};
use entente::measure::Keep;
use entente::scenario::{Overrides, Scenario};
use std::fmt::Write;

const SCENARIO: &str = include_str!("../../../configs/northern-mali-2023.toml");
const REPLICATES: u64 = 50;

/// A line per replicate and question: its id, the bits of its value, and the step at which a yes first was one.
pub fn text() -> String {
    let scenario = match Scenario::from_text("northern-mali-2023.toml", SCENARIO, &Overrides::default()) {
        Ok(scenario) => scenario,
        Err(problems) => return problems.to_string(),
    };
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep::ANSWERS);
    let mut text = String::new();
    for replicate in 0..REPLICATES {
        let run = runner.run(scenario.file.run.seed, replicate);
        if let Some(failure) = &run.failure {
            let _ = writeln!(text, "{replicate} failed: {failure}");
        }
        for (question, answer) in scenario.questions.iter().zip(&run.answers) {
            let (bits, step) = (answer.value.to_bits(), answer.step);
            let _ = writeln!(text, "{replicate} {} {bits:016x} {step:?}", question.id);
        }
    }
    text
}
