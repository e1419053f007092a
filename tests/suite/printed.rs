//! What `run`, `compare`, `sweep` and `check` print fits a terminal and says first what people ask first.

use assert_cmd::Command;
use std::path::Path;

const LINES: usize = 40;
const WIDTH: usize = 80;

fn flagship() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/northern-mali-2023.toml").display().to_string()
}

fn output(arguments: &[&str]) -> std::process::Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::cargo_bin("entente").unwrap();
    command.arg(arguments[0]).arg(flagship()).args(&arguments[1..]);
    if arguments[0] != "check" {
        command.arg("--no-charts").arg("--out").arg(folder.path().join("out"));
    }
    command.output().unwrap()
}

/// What is printed, which fits a terminal but for the paths at its end.
fn printed(arguments: &[&str]) -> String {
    let output = output(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    for line in text.lines().take_while(|line| !line.starts_with("Results")) {
        assert!(line.chars().count() <= WIDTH, "{line}");
    }
    text
}

#[test]
fn a_run_ends_in_the_headlines_by_group_within_forty_lines() {
    let text = printed(&["run", "--replicates", "20"]);
    assert!(text.lines().count() <= LINES, "{text}");
    for part in ["JNIM and the CMA\n", "(jnim-cma-pact)", "--question ID", "±"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    let all = printed(&["run", "--replicates", "20", "--all"]);
    for part in ["(displaced-algeria)", "Allied at the horizon", "a tenth of the runs stay"] {
        assert!(all.contains(part), "{part} in\n{all}");
    }
    // Four moments stand beside each other, each share above its interval.
    let line = all.lines().find(|line| line.contains("95% interval") && line.matches(" to ").count() == 4);
    assert!(line.is_some(), "{all}");
}

#[test]
fn questions_that_are_asked_for_are_shown_alone() {
    let text = printed(&["run", "--replicates", "20", "--question", "kidal-jnim,deaths-12m"]);
    assert!(text.contains("(kidal-jnim)") && text.contains("(deaths)") && !text.contains("(jnim-cma-pact)"), "{text}");
    let refused = output(&["run", "--replicates", "20", "--question", "jnim-cma-pakt"]);
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{words}");
    assert!(words.contains("no question `jnim-cma-pakt`") && words.contains("jnim-cma-pact"), "{words}");
}

#[test]
fn comparisons_and_sweeps_fit_a_terminal() {
    let compared = printed(&["compare", "--replicates", "60"]);
    assert!(compared.lines().count() <= LINES, "{compared}");
    for part in ["no-merger", "A row has what stands out", "Changed most by", "Nothing here stands out under "] {
        assert!(compared.contains(part), "{part} in\n{compared}");
    }
    let swept = printed(&["sweep", "--points", "4", "--replicates", "4"]);
    assert!(swept.lines().count() <= LINES, "{swept}");
    assert!(swept.contains("(jnim-cma-pact)") && swept.contains("4 points"), "{swept}");
}

#[test]
fn a_comparison_says_what_so_few_runs_can_tell_and_shows_every_answer_if_asked() {
    let few = printed(&["compare", "--replicates", "16", "--variants", "no-merger"]);
    let words = few.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("with 16 pairs of runs a share has to change by 81 points at least"), "{few}");
    let all = printed(&["compare", "--replicates", "16", "--variants", "no-merger", "--all"]);
    for id in ["(cma-merged-40m)", "(deaths-6m)", "(kidal-jnim-12m)"] {
        assert!(all.contains(id) && !few.contains(id), "{id} in\n{all}");
    }
    let asked = printed(&["compare", "--replicates", "16", "--question", "deaths"]);
    assert!(asked.matches("(deaths-40m)").count() == 11 && !asked.contains("(kidal-jnim-12m)"), "{asked}");
}

#[test]
fn a_check_says_what_was_read_in_a_few_lines() {
    let text = printed(&["check"]);
    assert!(text.lines().count() <= LINES, "{text}");
    let text = printed(&["check", "--no-runs"]);
    assert!(text.lines().count() <= 14, "{text}");
    assert!(text.contains("64 questions, 158 answers") && text.contains("assumptions"), "{text}");
    assert!(printed(&["check", "--all"]).contains("faction.jnim.fighters"));
}

#[test]
fn the_headlines_decide_when_an_experiment_is_precise_enough() {
    let replicates = |more: &[&str]| -> u64 {
        let output = output(&[&["run", "--inputs", "best", "--precision", "0.1", "--format", "json"], more].concat());
        let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        summary["replicates"].as_u64().unwrap()
    };
    let [headlines, amount] = [replicates(&[]), replicates(&["--question", "deaths"])];
    assert!(headlines < amount, "{headlines} replicates, {amount} where an amount decides");
}
