//! What a check warns of before anything is run for good.

use crate::common::{VALLEYS, scenario};
use assert_cmd::Command;
use entente::analysis::foregone::{LEAST_RUNS, deaths_without_fighting, foregone, out_of_reach, without_base};
use entente::experiment::{RunSource, Study};
use std::cell::Cell;

/// The valleys with a question that is answered at the start and one that cannot come true so soon.
fn foregone_questions() -> String {
    let questions = r#"
[[question]]
id = "allies"
text = "Are the movements allied?"
when = { stance = { between = ["red", "blue"], at_least = "alliance" } }

[[question]]
id = "miracle"
text = "Do the raiders and the state ally?"
at = ["1 month", "2 months"]
when = { stance = { between = ["raiders", "state"], at_least = "alliance" } }

[run]"#;
    VALLEYS.replace("\n[run]", questions)
}

#[test]
fn a_question_is_foregone_if_all_runs_answer_alike_at_all_moments() {
    let scenario = scenario(&foregone_questions());
    let found = foregone(&scenario, 40, &|| false).unwrap();
    assert_eq!((found.runs, found.failed), (40, 0));
    assert!(found.always.contains(&"allies".to_owned()) && found.never.contains(&"miracle".to_owned()), "{found:?}");
    let source = Study::new(scenario.clone()).prepare().unwrap().source;
    let mut runs = Vec::new();
    source.with_runner(0, &mut |run| runs.extend((0..40).map(|replicate| run(replicate).answers)));
    for question in scenario.question_groups().iter().flat_map(|group| &group.questions) {
        let yes = |index: usize| runs.iter().filter(|answers| answers[index].value > 0.5).count();
        let all = |count| question.yes_no() && question.answers.iter().all(|answer| yes(answer.index) == count);
        assert_eq!(found.never.contains(&question.id), all(0), "{}", question.id);
        assert_eq!(found.always.contains(&question.id), all(40), "{}", question.id);
    }
}

#[test]
fn an_amount_that_never_differs_is_told() {
    let ransom = "\n[[question]]\nid = \"abroad\"\ntext = \"Who is killed abroad?\"\nmeasure = { deaths = { country = \"Elsewhere\" } }\n";
    let found = foregone(&scenario(&VALLEYS.replace("\n[run]", &format!("{ransom}\n[run]"))), 40, &|| false).unwrap();
    assert!(!found.same.contains(&"deaths".to_owned()), "{found:?}");
    let nobody = VALLEYS.replace("\n[run]", "\n[behaviour.clashes]\nrate = 0\n[behaviour.one_sided]\nrate = 0\n[behaviour.offensives]\nreadiness = 0\n[run]");
    let found = foregone(&scenario(&nobody), 40, &|| false).unwrap();
    assert_eq!(found.same, ["deaths"]);
}

#[test]
fn deaths_of_those_who_cannot_fight_are_told() {
    let with = |relation: &str| {
        let text = VALLEYS.replacen("[[accord]]", &format!("[[relation]]\n{relation}\n\n[[accord]]"), 1);
        deaths_without_fighting(&scenario(&text).setting)
    };
    assert!(with("between = [\"state\", \"peacekeepers\"]\nstance = \"war\"\ndeaths = 50\nhostility = 0.4").is_empty());
    let friendly = "between = [\"state\", \"peacekeepers\"]\nstance = \"war\"\ndeaths = 50\nhostility = 0";
    assert_eq!(with(friendly), ["peacekeepers and state"]);
}

#[test]
fn too_few_runs_say_nothing_and_a_run_that_is_not_done_does_not_count() {
    let scenario = scenario(&foregone_questions());
    let few = foregone(&scenario, LEAST_RUNS - 1, &|| false).unwrap();
    assert_eq!(few.runs, LEAST_RUNS - 1);
    assert!(few.always.is_empty() && few.never.is_empty() && few.early.is_empty());
    let steps = Cell::new(0);
    let ended = foregone(&scenario, 40, &|| {
        steps.set(steps.get() + 1);
        steps.get() > 3 * scenario.setting.calendar.steps() + 5
    })
    .unwrap();
    assert_eq!(ended.runs, 3);
}

#[test]
fn a_zone_that_is_lost_at_once_is_told() {
    // The raiders, who hold the border, are gone within days.
    let gone = "\n[[event]]\nid = \"gone\"\nname = \"The raiders leave\"\ndate = 2024-01-02\nchance = 1\neffect = { leave = { faction = \"raiders\" } }\n";
    let text = VALLEYS.to_owned() + gone;
    let found = foregone(&scenario(&text), 32, &|| false).unwrap();
    let border = found.early.iter().find(|(zone, _)| zone == "border");
    assert!(border.is_some_and(|(_, runs)| *runs >= 29), "{found:?}");
    let usual = foregone(&scenario(VALLEYS), 32, &|| false).unwrap();
    assert!(usual.early.iter().all(|(zone, _)| zone != "capital"), "{usual:?}");
}

#[test]
fn factions_without_a_base_are_told() {
    assert_eq!(without_base(&scenario(VALLEYS).setting), ["peacekeepers"]);
    let text = VALLEYS.replace("base = { herders = 0.4 }\n", "");
    assert_eq!(without_base(&scenario(&text).setting), ["peacekeepers", "raiders"]);
}

#[test]
fn zones_that_nobody_can_reach_are_told() {
    assert!(out_of_reach(&scenario(VALLEYS).setting).is_empty());
    let text = VALLEYS.replace("\"border\", \"abroad\"]", "\"border\"]").replace("neighbours = [\"abroad\"]\n", "");
    assert_eq!(out_of_reach(&scenario(&text).setting), ["abroad"]);
}

#[test]
fn a_check_prints_what_is_foregone_within_forty_lines_and_can_leave_runs_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("valleys.toml");
    std::fs::write(&file, foregone_questions()).unwrap();
    let check = |more: &[&str]| {
        let mut command = Command::cargo_bin("entente").unwrap();
        let output = command.current_dir(folder.path()).args(["check", "valleys.toml"]).args(more).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let text = check(&[]);
    assert!(text.lines().count() <= 40 && text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(text.contains("allies") && text.contains("1 faction without any social base: peacekeepers"), "{text}");
    let without = check(&["--no-runs"]);
    assert!(!without.contains("allies") && without.contains("peacekeepers"), "{without}");
    let json: serde_json::Value = serde_json::from_str(&check(&["--format", "json"])).unwrap();
    assert!(json["foregone"]["always"].as_array().unwrap().contains(&"allies".into()), "{json}");
    let json: serde_json::Value = serde_json::from_str(&check(&["--format", "json", "--no-runs"])).unwrap();
    assert!(json["foregone"].is_null() && json["without_base"][0] == "peacekeepers");
}

/// Shares that are each within bounds, and not together.
#[test]
fn inputs_that_cannot_go_together_are_named_before_and_after_they_are_run() {
    let bounds = |path: &str, low: f64, high: f64| {
        format!("\n[[uncertainty]]\npath = \"{path}\"\nlow = {low}\nhigh = {high}\ndistribution = \"uniform\"\n")
    };
    // Each goes with the best guess of the other, 0.5 and 0.2.
    let [first, second] = ["zone.plain.control.raiders", "zone.plain.control.state"];
    let text = [(first, 0.1, 0.49), (second, 0.3, 0.79), ("faction.raiders.outreach", 0.1, 0.8)];
    let text = VALLEYS.to_owned() + &text.map(|(path, low, high)| bounds(path, low, high)).concat();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("valleys.toml"), text).unwrap();
    let entente = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("entente").unwrap();
        let output = command.current_dir(folder.path()).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        let told = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        told.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let out = ["--replicates", "64", "--no-charts", "--out", "out"];
    for told in [entente(&["check", "valleys.toml"]), entente(&[&["run", "valleys.toml"], &out[..]].concat())] {
        for part in [&format!("it cannot be run with {first} = "), &format!(" and {second} = "), "together: "] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert!(!told.contains("outreach"), "{told}");
    }
    assert!(entente(&["check", "valleys.toml"]).contains("can be run, but some runs fail"));
    let points = ["sweep", "valleys.toml", "--points", "16", "--replicates", "2", "--no-charts", "--out", "swept"];
    let told = entente(&points);
    assert!(told.contains("at point ") && told.contains(&format!("{second} = ")), "{told}");
}
