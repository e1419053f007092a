//! Coalitions over time are those that the runs had.

use crate::common::VALLEYS;
use entente::analysis::alliances::{Commitment, study};
use entente::measure::Measures;
use entente::record::Results;
use entente::scenario::{Overrides, Scenario};
use entente::world::Stance;
use std::path::Path;

/// Results of a hundred runs of the small scenario in which everything happens.
fn results(root: &Path) -> Results {
    results_of(root, VALLEYS)
}

/// Results of a hundred runs.
fn results_of(root: &Path, text: &str) -> Results {
    let file = root.join("valleys.toml");
    std::fs::write(&file, text).unwrap();
    let out = root.join("results");
    let arguments = ["run", file.to_str().unwrap(), "--replicates", "100", "--no-charts", "--quiet", "--out"];
    let done = assert_cmd::Command::cargo_bin("entente").unwrap().args(arguments).arg(&out).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Results::open(&out).unwrap()
}

#[test]
fn structures_at_the_horizon_are_those_of_the_runs() {
    let root = tempfile::tempdir().unwrap();
    let results = results(root.path());
    let scenario = Scenario::load(&results.folder().file("scenario.toml"), &Overrides::default()).unwrap();
    let moments = Measures::new(&scenario.setting, scenario.questions.clone()).layout().milestone_steps.clone();
    let found = study(&results, &[("baseline", &scenario.setting)], &moments).unwrap().remove(0);
    assert_eq!(found.runs, 100);

    // The structures that the event log leads to are those that the runs recorded from their worlds.
    let recorded = results.replicates_by_word("coalitions", 0, "baseline").unwrap();
    let over_time = &found.over_time;
    let last = over_time.counts.last().unwrap();
    for (words, count) in over_time.structures.iter().zip(last) {
        assert_eq!(recorded.get(words).map_or(0, Vec::len) as u64, *count, "{words}");
    }
    assert!(over_time.structures.len() > 1);
    for counts in &over_time.counts {
        assert_eq!(counts.iter().sum::<u64>(), 100);
    }
    assert_eq!(over_time.counts[0].iter().max(), Some(&100), "all runs start alike");
    for (moves, counts) in over_time.moves.iter().zip(&over_time.counts) {
        let leaving: Vec<u64> = moves.iter().map(|row| row.iter().sum()).collect();
        assert_eq!(&leaving, counts);
    }

    // The commonest outcomes were found in runs, and those end as said.
    let outcomes = &found.commonest.outcomes;
    assert_eq!(outcomes.iter().map(|outcome| outcome.count).sum::<u64>(), 100);
    for outcome in outcomes {
        assert!(outcome.exactly >= 1 && outcome.replicate < 100 && recorded.contains_key(&outcome.structure));
    }

    // Everything that began ended or was seen to the end, and pairs of the start are told apart.
    let made = found.duration(Commitment::PactMade);
    let held = found.duration(Commitment::AllianceHeld);
    assert!(made.n > 50 && made.steps.iter().all(|step| (0.0..=1.0).contains(&step.share.value)));
    assert_eq!(held.n, 100, "red and blue are allied at the start of each run");
    assert_eq!(found.duration(Commitment::PactHeld).n, 100);

    let changes: u64 = results.run_numbers("stance_changes").unwrap().iter().map(|changes| *changes as u64).sum();
    let windows: u64 = found.transitions.counts.iter().flatten().sum();
    assert!(windows > 0 && changes > 0);
    assert!(found.transitions.share(Stance::War as usize, Stance::War as usize, 0.95).is_some());
    assert!(found.compared(&found, Commitment::PactMade).unwrap().chi_squared < 1e-9);
}

#[test]
fn who_arrives_in_a_run_is_in_its_coalitions() {
    let root = tempfile::tempdir().unwrap();
    let guests = r#"
[[faction]]
id = "guests"
name = "Guests"
kind = "external_force"
fighters = 0

[[event]]
id = "come"
name = "Guests come"
date = 2024-02-05
effect = { arrive = { faction = "guests", fighters = 800, presence = { capital = 1 } } }

[[event]]
id = "ally"
name = "Guests ally"
date = 2024-03-04
effect = { stance = { between = ["guests", "state"], to = "alliance" } }
"#;
    let text = VALLEYS.replacen("\n[run]", &format!("{guests}\n[run]"), 1);
    let results = results_of(root.path(), &text);
    let scenario = Scenario::load(&results.folder().file("scenario.toml"), &Overrides::default()).unwrap();
    let moments = Measures::new(&scenario.setting, scenario.questions.clone()).layout().milestone_steps.clone();
    let found = study(&results, &[("baseline", &scenario.setting)], &moments).unwrap().remove(0);
    let recorded = results.replicates_by_word("coalitions", 0, "baseline").unwrap();
    assert!(recorded.keys().any(|words| words.contains("guests+state")), "{recorded:?}");
    for (words, count) in found.over_time.structures.iter().zip(found.over_time.counts.last().unwrap()) {
        assert_eq!(recorded.get(words).map_or(0, Vec::len) as u64, *count, "{words}");
    }
}

#[test]
fn the_command_prints_and_writes_what_is_found() {
    let root = tempfile::tempdir().unwrap();
    let results = results(root.path());
    let entente = |more: &[&str]| {
        let mut command = assert_cmd::Command::cargo_bin("entente").unwrap();
        command.arg("coalitions").arg(results.folder().path()).args(more).output().unwrap()
    };
    let told = String::from_utf8(entente(&[]).stdout).unwrap();
    for words in ["pacts or more made", "log-rank", "entente replay", "Where two that stand so"] {
        assert_eq!(told.contains(words), words != "log-rank", "{words}: {told}");
    }
    for file in ["durations.csv", "transitions.csv", "structures.csv", "commonest.csv", "pact-survival.png"] {
        assert!(results.folder().file("coalitions").join(file).is_file(), "{file}");
    }
    let json: serde_json::Value =
        serde_json::from_slice(&entente(&["--format", "json", "--no-charts"]).stdout).unwrap();
    assert_eq!(json["variants"][0]["runs"], 100);
    // The folder still counts as the results that it holds.
    let again = ["run", root.path().join("valleys.toml").to_str().unwrap(), "--replicates", "100", "--quiet", "--out"]
        .map(str::to_owned);
    let again = assert_cmd::Command::cargo_bin("entente").unwrap().args(again).arg(results.folder().path()).output();
    assert!(again.unwrap().status.success());
    assert!(results.folder().file("report.html").is_file());
    let page = std::fs::read_to_string(results.folder().file("report.html")).unwrap();
    assert!(page.contains("How long pacts and alliances last") && page.contains("id=\"pact-survival\""));
}
