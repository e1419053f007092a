//! What made an amount of a run differ from the typical one: a cause that is planted is found, the parts sum up and hold in
//! replays, and what has no meaning is refused with help.

use crate::common::VALLEYS;
use assert_cmd::Command;
use entente::analysis::why::{Again, AmountAsked, AmountRuns, Intervention, Mover, TypicalAmount, Witness};
use entente::engine::{Model, Runner};
use entente::experiment::Target;
use entente::measure::Keep;
use entente::mechanism::DecisionKind;
use entente::record::Results;
use entente::world::HappeningKind;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The valleys with questions of how much: one of which is always the same, and one that hangs on a rare reinforcement.
const QUESTIONS: &str = r#"
[[question]]
id = "nothing"
text = "How many die in fighting between the state and the peacekeepers?"
measure = { deaths = { between = ["state", "peacekeepers"] } }

[[question]]
id = "fighters"
text = "How many fighters has the state?"
measure = { strength = { faction = "state" } }

[[event]]
id = "legion"
name = "A foreign legion comes"
date = 2024-09-02
chance = 0.3
effect = { arrive = { faction = "state", fighters = 4000, presence = { capital = 1 } } }
"#;

fn command(arguments: &[&str]) -> std::process::Output {
    Command::cargo_bin("entente").unwrap().args(arguments).output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = command(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(arguments: &[&str]) -> String {
    let output = command(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Runs the valleys into a folder below another.
fn made(root: &Path, replicates: &str) -> PathBuf {
    let (file, out) = (root.join("valleys.toml"), root.join("out"));
    std::fs::write(&file, format!("{VALLEYS}{QUESTIONS}")).unwrap();
    let [file, place] = [&file, &out].map(|path| path.to_str().unwrap());
    printed(&["run", file, "--replicates", replicates, "--out", place, "--no-charts", "--quiet"]);
    out
}

#[test]
fn a_planted_cause_is_found_and_its_size_with_it() {
    let root = tempfile::tempdir().unwrap();
    let target = Target::of(Results::open(&made(root.path(), "80")).unwrap(), None, 0).unwrap();
    let setting = &target.scenario.setting;
    let question = target.question("fighters").unwrap();
    let runs = AmountRuns::read(&target.results, (0, "baseline"), setting, question).unwrap();
    let under = |replicate| target.scenario_of(replicate).ok();
    let asked = AmountAsked { scenario: &target.scenario, under: &under, question, runs: &runs, seed: target.seed() };
    let event = setting.events.iter().find(|(_, event)| event.id == "legion").unwrap().0;
    let is_legion =
        |kind: &HappeningKind| matches!(kind, HappeningKind::Event { event: known, held: true } if *known == event);
    let (legion, list) = runs.happenings.iter().find(|(happening, _)| is_legion(&happening.kind)).unwrap();
    assert!((8..40).contains(&list.len()), "the legion came in {} of 80 runs", list.len());
    for (run, _) in list.iter().take(3) {
        let found = asked.explain(runs.replicates[*run]).unwrap();
        let first = &found.causes[0];
        let is =
            matches!(&first.mover, Mover::Happening { happening, lacking: false, .. } if is_legion(&happening.kind));
        assert!(is, "{first:?}");
        let added = first.added.unwrap();
        assert!((2500.0..5500.0).contains(&added), "the legion added {added}");
        let on_average = first.on_average.unwrap();
        assert!(on_average.low > 0.0 && (2500.0..5500.0).contains(&on_average.value), "{on_average:?}");
    }
    let removed = asked.remove(legion, 6);
    assert!(removed.len() == 6 && removed.iter().all(|added| (2000.0..6000.0).contains(added)), "{removed:?}");
    // Where it did not come, it is not named.
    let without = (0..runs.amounts.len()).find(|run| list.iter().all(|(known, _)| known != run)).unwrap();
    let found = asked.explain(runs.replicates[without]).unwrap();
    let named = found.causes.iter().chain(&found.against);
    for cause in named {
        assert!(!matches!(&cause.mover, Mover::Happening { happening, .. } if is_legion(&happening.kind)), "{cause:?}");
    }
}

#[test]
fn the_parts_of_a_difference_sum_up_and_hold_in_replays() {
    let root = tempfile::tempdir().unwrap();
    let target = Target::of(Results::open(&made(root.path(), "60")).unwrap(), None, 0).unwrap();
    let setting = &target.scenario.setting;
    let question = target.question("deaths").unwrap();
    let runs = AmountRuns::read(&target.results, (0, "baseline"), setting, question).unwrap();
    let under = |replicate| target.scenario_of(replicate).ok();
    let asked = AmountAsked { scenario: &target.scenario, under: &under, question, runs: &runs, seed: target.seed() };
    let mut named = 0;
    for word in [0.1, 0.5, 0.9, 1.0] {
        let run = TypicalAmount::run_at(&runs.amounts, word).unwrap();
        let replicate = runs.replicates[run];
        let found = asked.explain(replicate).unwrap();
        assert!((found.was.answer - runs.amounts[run]).abs() < 1e-9, "the run is the recorded one");
        let explained: f64 = found.causes.iter().filter_map(|cause| cause.added).sum();
        let sum = found.typical.middle + explained + found.unexplained();
        assert!((found.was.answer - sum).abs() < 1e-6, "{} is not {sum}", found.was.answer);
        // Each cause brings the amount nearer to the typical one, and a replay without all so far gives what it says.
        let (mut left, mut changes, mut held) = (found.was.answer, Vec::new(), false);
        for cause in &found.causes {
            named += 1;
            let without = cause.without.unwrap();
            let near = |amount: f64| (amount - found.typical.middle).abs();
            assert!(near(left) - near(without) > found.noise, "{cause:?}");
            left = without;
            match &cause.mover {
                Mover::Happening { change, .. } => changes.push(change.clone()),
                Mover::Circumstances(_) => held = true,
            }
            if !held {
                let model = Model::asking(&under(replicate).unwrap(), vec![question.clone()]);
                let mut again = Again::answering(&model, question, question.moment, target.seed());
                let then = again.run(replicate, Some(&Intervention::Together(changes.clone())));
                assert!((then.answer - without).abs() < 1e-9);
            }
        }
        // Alone, what worked against the difference would have brought the amount further away.
        let up = found.was.answer > found.typical.middle;
        assert!(found.against.iter().all(|cause| (cause.alone > 0.0) != up && cause.alone.abs() > found.noise));
    }
    assert!(named > 0, "some difference has a cause");
    let usual = TypicalAmount::of(&asked.in_usual_times(60)).unwrap();
    let all = TypicalAmount::of(&runs.amounts).unwrap();
    assert!(usual.high - usual.low < all.high - all.low, "much of the spread is how violent times are");
}

#[test]
fn what_is_held_stays_so_from_its_step_on() {
    let scenario = crate::common::scenario(VALLEYS);
    let model = Model::of(&scenario);
    let account = |replicate, change: Option<&Intervention>| {
        let mut witness = Witness::new(change);
        Runner::new(&model, Keep::ALL).run_traced(3, replicate, &mut witness);
        witness.account
    };
    let mut held = 0;
    for replicate in 0..20 {
        let was = account(replicate, None);
        let steps = was.decisions().find(|(decision, yes)| *yes && decision.kind == DecisionKind::StepDown);
        let Some((decision, _)) = steps else { continue };
        let change = Intervention::Held {
            kind: decision.kind,
            between: vec![(decision.actor, decision.other)],
            goal: decision.goal,
            from: decision.step,
            to: false,
        };
        let then = account(replicate, Some(&change));
        let alike = |other: &entente::mechanism::Decision| {
            (other.kind, other.goal) == (decision.kind, decision.goal)
                && (other.actor, other.other) == (decision.actor, decision.other)
        };
        for (other, yes) in then.decisions().filter(|(other, _)| alike(other)) {
            assert!(other.step < decision.step || !yes, "{other:?}");
        }
        let before = |account: &entente::analysis::why::RunAccount| {
            account.notes.iter().take_while(|(step, _)| *step < decision.step).cloned().collect::<Vec<_>>()
        };
        assert_eq!(before(&was), before(&then), "nothing changes before");
        held += 1;
    }
    assert!(held > 3, "{held} runs had a step down");
}

#[test]
fn amounts_are_explained_on_the_command_line_and_what_has_no_meaning_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let results = made(root.path(), "60");
    let results = results.to_str().unwrap();
    let explain = |more: &[&str]| printed(&[&["explain", results], more].concat());
    let high = explain(&["--replicate", "high", "--question", "deaths"]);
    for part in ["What made the difference", "Typical", "in 80% of runs", "More than in "] {
        assert!(high.contains(part), "{part} in\n{high}");
    }
    for line in high.lines().take_while(|line| !line.starts_with("Page")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let json = |more: &[&str]| -> Value {
        serde_json::from_str(&explain(&[more, &["--format", "json", "--no-charts"]].concat())).unwrap()
    };
    let [low, high] = ["low", "high"].map(|word| json(&["--replicate", word, "--question", "deaths"]));
    for found in [&low, &high] {
        let number = |name: &str| found[name].as_f64().unwrap();
        let added: f64 = found["causes"].as_array().unwrap().iter().filter_map(|cause| cause["added"].as_f64()).sum();
        let typical = found["typical"]["median"].as_f64().unwrap();
        assert!((number("amount") - typical - added - number("unexplained")).abs() < 1e-6, "{found}");
        assert!(found["causes"].as_array().unwrap().len() <= 11);
    }
    assert!(low["amount"].as_f64() < low["typical"]["median"].as_f64());
    assert!(high["amount"].as_f64() > high["typical"]["median"].as_f64());
    let folder = PathBuf::from(high["folder"].as_str().unwrap());
    assert!(folder.join("causes.csv").is_file() && folder.join("amount.svg").is_file());

    let many = json(&["--question", "fighters", "--cases", "40"]);
    let legion = many["differences"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["happened"].as_str().is_some_and(|words| words == "A foreign legion comes"));
    let legion = legion.unwrap_or_else(|| panic!("{many}"));
    assert!(legion["low"].as_f64().unwrap() > 0.0 && legion["added"].as_f64().unwrap() > 2000.0, "{legion}");

    for (wrong, said) in [
        (&["--question", "nothing"][..], "there is no difference to explain"),
        (&["--question", "nothing", "--replicate", "3"], "`nothing` is 0 in all of 60 runs"),
        (&["--question", "deaths", "--replicate", "yes"], "--replicate high or low would do"),
        (&["--question", "pact", "--replicate", "high"], "--replicate yes or no would do"),
        (&["--question", "daeths", "--replicate", "high"], "did you mean `deaths`?"),
        (&["--pair", "raiders,state", "--replicate", "high"], "needs --question ID"),
    ] {
        let error = refused(&[&["explain", results, "--no-charts"], wrong].concat());
        assert!(error.contains(said), "{error}");
    }
}
