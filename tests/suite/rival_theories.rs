//! Rival theories: what they leave of the model, that a run answers under each, and that scores tell them apart.

use assert_cmd::Command;
use entente::experiment::{Control, Study, Target};
use entente::mechanism::Behaviour;
use entente::record::{Likeness, Memory};
use entente::scenario::{Overrides, Scenario, Theory};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The weights of all theories: what one of them does not keep is 0 in it.
const TERMS: [&str; 13] = [
    "diplomacy.common_enemy",
    "diplomacy.coalition_gain",
    "diplomacy.alignment",
    "diplomacy.trust",
    "diplomacy.hostility",
    "diplomacy.balance",
    "diplomacy.sponsor",
    "diplomacy.base",
    "diplomacy.mediation",
    "diplomacy.ground",
    "choice.losses",
    "choice.patronage",
    "offensives.spoils",
];

/// What each theory keeps of them.
const KEPT: [(&str, &[&str]); 4] = [
    ("balance-of-threat", &["diplomacy.common_enemy", "diplomacy.hostility"]),
    ("minimum-winning-coalition", &["diplomacy.coalition_gain", "diplomacy.ground", "offensives.spoils"]),
    ("alignment", &["diplomacy.alignment", "diplomacy.base"]),
    ("patrons", &["diplomacy.sponsor", "choice.patronage"]),
];

fn standoff() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/three-way-standoff.toml")
}

fn scenario() -> Scenario {
    Scenario::load(&standoff(), &Overrides::default()).unwrap()
}

fn with_shipped() -> Scenario {
    scenario().with_theories(&Theory::shipped()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn weights(behaviour: &Behaviour) -> BTreeMap<String, f64> {
    let sections = behaviour.sections().into_iter();
    let named = sections.flat_map(|(section, table, values)| {
        table.iter().zip(values).map(move |(parameter, value)| (format!("{section}.{}", parameter.name), value))
    });
    named.collect()
}

#[test]
fn a_theory_keeps_its_own_terms_and_no_others() {
    let scenario = with_shipped();
    let full = weights(&scenario.behaviour);
    for (id, kept) in KEPT {
        let found = weights(&scenario.variant(id).unwrap().behaviour);
        for (name, value) in &found {
            let term = TERMS.contains(&name.as_str());
            let expected = if term && !kept.contains(&name.as_str()) { 0.0 } else { full[name] };
            assert!((value - expected).abs() < 1e-12 || name == "choice.usual", "{id}: {name} is {value}");
        }
        assert!(kept.iter().all(|name| found[*name] > 0.0), "{id}");
    }
    // Nothing speaks for or against anything where the weight of reasons is 0.
    let inertia = weights(&scenario.variant(Theory::INERTIA).unwrap().behaviour);
    for (name, value) in &inertia {
        let none = ["choice.scale", "choice.losses", "choice.patronage", "offensives.spoils"].contains(&name.as_str());
        assert!((value - if none { 0.0 } else { full[name] }).abs() < 1e-12, "inertia: {name} is {value}");
    }
    // Every reason is some theory's, but for those of the commitment problem and of balance, which docs/theories.md names.
    let all: Vec<&str> = KEPT.iter().flat_map(|(_, kept)| kept.iter().copied()).collect();
    let nobodys: Vec<&str> = TERMS.into_iter().filter(|term| !all.contains(term)).collect();
    assert_eq!(nobodys, ["diplomacy.trust", "diplomacy.balance", "diplomacy.mediation", "choice.losses"]);
}

#[test]
fn a_theory_leaves_the_start_at_rest() {
    let scenario = with_shipped();
    for (id, _) in KEPT {
        let variant = scenario.variant(id).unwrap();
        let reasons = &variant.setting.initial.anchor.reasons;
        let kept = variant.behaviour.diplomacy;
        let largest = |place: usize| reasons.values().iter().map(|row| row[place].abs()).fold(0.0, f64::max);
        // Reasons are weighed against those that the theory itself sees at the start.
        assert_eq!(largest(2) > 0.0, kept.alignment > 0.0, "{id}");
        assert_eq!(largest(4) > 0.0, kept.hostility > 0.0, "{id}");
    }
}

#[test]
fn what_is_no_theory_is_told_with_its_place() {
    for (text, line, message, help) in [
        ("[behaviour.diplomacy]\ntrust = 0\n[scenario]\nid = \"b\"\n", 3, "a theory has no `scenario`", ""),
        ("extends = \"a.toml\"\n", 1, "a theory has no `extends`", ""),
        ("# nothing\n", 1, "this theory says nothing", ""),
        ("[behaviour.diplomacy]\n\ntrusts = 0\n", 3, "`behaviour.diplomacy.trusts`", "trust"),
        ("[behaviour.diplomacy]\ntrust = -1\n", 2, "-1", ""),
        ("[behaviour.diplomacy]\ntrust = \"much\"\n", 2, "in variant `mine`", ""),
        ("[behaviour\n", 1, "", ""),
    ] {
        let theories = [Theory::from_text("theories/mine.toml", text)];
        let problems = scenario().with_theories(&theories).unwrap_err();
        let problem = problems.list.iter().find(|problem| problem.message.contains(message));
        let problem = problem.unwrap_or_else(|| panic!("{message}: {problems}"));
        let place = problem.place.as_ref().unwrap_or_else(|| panic!("{problems}"));
        assert_eq!(problems.files.line_and_column(place).0, line, "{problems}");
        assert!(problems.files.name(place.file).ends_with("mine.toml"), "{problems}");
        assert!(problem.help.as_deref().unwrap_or_default().contains(help), "{problems}");
    }
    let twice = [Theory::from_text("old-feud.toml", "[behaviour.choice]\nscale = 1\n")];
    let problems = scenario().with_theories(&twice).unwrap_err();
    assert!(problems.to_string().contains("the variant `old-feud` stands twice"), "{problems}");
}

#[test]
fn a_study_of_theories_is_the_same_for_any_threads_and_can_be_run_again() {
    let ids = || Theory::shipped().into_iter().map(|theory| theory.id);
    let results = |threads| {
        let study = Study::new(with_shipped()).variants(ids()).replicates(24).threads(Some(threads));
        study.run(&mut Memory::default(), &Control::default()).unwrap().results
    };
    let (one, two) = (results(1), results(2));
    assert_eq!(one.manifest().result_digest, two.manifest().result_digest);
    let plain = Study::new(scenario()).replicates(24).run(&mut Memory::default(), &Control::default()).unwrap().results;
    let deaths = plain.run_numbers("deaths").unwrap();
    assert_eq!(one.run_numbers("deaths").unwrap()[..24], deaths[..], "the full model is as it is without theories");
    let target = Target::of(one, Some(Theory::INERTIA), 0).unwrap();
    let run = target.run(3);
    assert!(matches!(target.compare(&run).unwrap(), Likeness::Same));
    assert!(target.scenario.behaviour.choice.scale.abs() < 1e-12);
}

fn entente(arguments: &[&dyn AsRef<std::ffi::OsStr>]) -> std::process::Output {
    let mut command = Command::cargo_bin("entente").unwrap();
    command.args(arguments.iter().map(|argument| argument.as_ref()));
    command.output().unwrap()
}

fn text(output: &std::process::Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_run_tells_what_each_theory_says_and_scores_tell_them_apart() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("run");
    let mine = root.path().join("all-at-once.toml");
    std::fs::write(&mine, "[behaviour.choice]\nscale = 5\n").unwrap();
    let own = format!("--theories={}", mine.display());
    let outcomes = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/scores/outcomes.toml");
    let arguments: [&dyn AsRef<std::ffi::OsStr>; 8] =
        [&"run", &outcomes, &own, &"--replicates", &"96", &"--quiet", &"--out", &out];
    let json: Value =
        serde_json::from_str(&text(&entente(&[&arguments[..], &[&"--format", &"json"]].concat()))).unwrap();
    assert_eq!(json["theories"]["theories"].as_array().unwrap().len(), 6);
    let pact = &json["theories"]["answers"][0];
    assert_eq!(pact["answer"], "pact");
    let differences = json["differences"].as_array().unwrap();
    let row = differences.iter().find(|row| row["question"] == "pact" && row["variant"] == "inertia").unwrap();
    assert_eq!((&pact["full"], &pact["alone"][4]), (&row["baseline"], &row["value"]));
    let loud: Vec<_> = arguments.into_iter().filter(|one| one.as_ref() != "--quiet").collect();
    let printed = text(&entente(&loud));
    assert!(printed.lines().count() <= 40, "{printed}");
    let told = |line: &&str| !["Results", "Report"].iter().any(|word| line.starts_with(word));
    assert!(printed.lines().filter(told).all(|line| line.chars().count() <= 80), "{printed}");
    for part in ["Full", "BOT", "MWC", "Alignment", "Patrons", "Inertia", "AAO", "BOT balance of threat"] {
        assert!(printed.split_whitespace().collect::<Vec<_>>().join(" ").contains(part), "{part} in\n{printed}");
    }
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("Which theory the answers hang on") && page.contains("Full less inertia"));
    assert!(out.join("charts/theories.png").is_file());
    let again = text(&entente(&[&"replay", &out, &"--variant", &"balance-of-threat", &"--replicate", &"5"]));
    assert!(again.contains("balance-of-threat"), "{again}");

    let scores: Value = serde_json::from_str(&text(&entente(&[&"score", &out, &"--format", &"json"]))).unwrap();
    let forecasters = scores["theories"]["forecasters"].as_array().unwrap();
    assert_eq!(forecasters.len(), 7);
    assert_eq!((&forecasters[0]["name"], &forecasters[1]["name"]), (&"Full model".into(), &"Balance of threat".into()));
    let stacked = &scores["theories"]["stacked"];
    let sum: f64 = stacked["weights"].as_array().unwrap().iter().map(|weight| weight.as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9 && stacked["out_of_sample"].is_null(), "{stacked}");
    let folder = PathBuf::from(scores["folder"].as_str().unwrap());
    assert!(folder.join("theories.csv").is_file() && folder.join("stacking.csv").is_file());
    let printed = text(&entente(&[&"score", &out, &"--no-charts"]));
    assert!(printed.lines().count() <= 40 && printed.contains("nothing can be left out"), "{printed}");
    let alone = text(&entente(&[&"score", &out, &"--variant", &"patrons", &"--format", &"json"]));
    assert!(!alone.contains("forecasters"), "of one variant nothing is stacked");
    let refused = entente(&[&"run", &standoff(), &"--theories=nowhere.toml", &"--out", &root.path().join("none")]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("there is no file nowhere.toml"));
}
