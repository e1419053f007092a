//! What it would take, and what makes a difference: of scenarios, by the commands, whoever does the work and however often it is
//! interrupted.

use crate::common::VALLEYS;
use assert_cmd::Command;
use entente::analysis::attribution::{ContrastAsked, contrast_into};
use entente::analysis::requirement::{Checked, Findings, RequireAsked, Side, Verdict, require_into};
use entente::analysis::{Finished, Request, attribution};
use entente::experiment::{Control, ExperimentError, Inputs, Progress};
use entente::record::RecordError;
use entente::report::insight;
use entente::scenario::{Overrides, Scenario};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Levers of the standoff: how open the Traders are, and how hostile the Highlanders are to them, which is as dear as nothing else.
const LEVERS: &str = r#"
[[uncertainty]]
path = "faction.traders.outreach"
low = 0.1
high = 1
best = 0.2

[[uncertainty]]
path = "relation.highlanders.traders.hostility"
low = 0
high = 0.9
best = 0.7
cost = 2

[[uncertainty]]
path = "relation.highlanders.traders.stance"
values = ["neutral", "pact"]
weights = [49, 1]
"#;

fn standoff(more: &str, set: &[&str]) -> Scenario {
    let text = include_str!("../../configs/three-way-standoff.toml");
    let (text, run) = text.split_once("[run]").unwrap();
    let set = set.iter().map(|set| (*set).to_owned()).collect();
    let overrides = Overrides { set, variant: None };
    Scenario::from_text("standoff.toml", &format!("{text}{more}\n[run]{run}"), &overrides)
        .unwrap_or_else(|problems| panic!("{problems}"))
}

fn closed() -> Scenario {
    standoff(LEVERS, &["faction.traders.outreach=0.2", "relation.highlanders.traders.hostility=0.7"])
}

fn asked(side: Side, line: f64, levers: &[&str]) -> RequireAsked {
    RequireAsked {
        question: "pact".into(),
        side,
        line,
        levers: levers.iter().map(|lever| (*lever).to_owned()).collect(),
        inputs: Inputs::Drawn,
        runs: 8000,
        fresh: 400,
    }
}

fn required(
    scenario: &Scenario,
    asked: &RequireAsked,
    folder: &Path,
    (threads, control): (usize, &Control<'_>),
) -> Result<Finished<Findings>, ExperimentError> {
    let (out, threads) = (Some(folder), Some(threads));
    require_into(scenario, asked, &Request { out, force: false, threads, chunk_size: Some(32), control, command: &[] })
}

fn refused(scenario: &Scenario, asked: &RequireAsked) -> String {
    let folder = tempfile::tempdir().unwrap();
    match required(scenario, asked, folder.path(), (2, &Control::default())) {
        Err(ExperimentError::Input(words)) => words,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_change_that_is_told_does_what_it_says_when_it_is_run() {
    let (scenario, folder) = (closed(), tempfile::tempdir().unwrap());
    let asked = asked(Side::Above, 0.5, &[]);
    let found = required(&scenario, &asked, folder.path(), (2, &Control::default())).unwrap();
    let findings = &found.findings;
    let chosen = findings.chosen.as_ref().unwrap();
    assert!(chosen.fresh.value > 0.5 && findings.baseline.fresh.value < 0.4, "{findings:#?}");
    assert!(findings.options.iter().all(|option| option.cost > 0.0 && option.changes.len() <= 2));
    // What is told is one of the options, and the only one that moves these levers so far or further.
    let levers = |of: &Checked| of.changes.iter().map(|change| change.path.clone()).collect::<Vec<_>>();
    assert!(findings.options.contains(chosen) && findings.options.is_sorted_by(|a, b| a.cost <= b.cost));
    let alike = |other: &&Checked| levers(other) == levers(chosen) && other.cost >= chosen.cost;
    assert_eq!(findings.options.iter().filter(alike).count(), 1, "{findings:#?}");
    let told = std::fs::read_to_string(folder.path().join("changes.csv")).unwrap();
    let rows: Vec<Vec<&str>> = told.lines().map(|line| line.splitn(3, ',').collect()).collect();
    let told = rows.iter().find(|row| row[0] == "told").unwrap();
    assert!(rows.iter().any(|row| row[0] == "option" && row[2] == told[2]), "{rows:#?}");
    // What is not moved is as it is said to be.
    for (drawn, words) in [(true, "all else as unsure as it is"), (false, "all else at its best guess")] {
        let page = insight::requirement(&Findings { drawn, ..findings.clone() }, &scenario).document.text(1000);
        assert!(page.contains(words), "{page}");
    }
    // The same runs by a study of the scenario with the change made.
    let set = chosen.set.clone();
    let changed = scenario.overridden(&Overrides { set, variant: None }).unwrap();
    let first = findings.replicates.next_multiple_of(8);
    let study = entente::experiment::Study::new(changed).first(first).replicates(400);
    let results = study.run(&mut entente::record::Memory::default(), &Control::default()).unwrap().results;
    let answers = results.questions().unwrap();
    let row = answers.iter().find(|row| row.question == "pact").unwrap();
    assert!((row.probability.unwrap() - chosen.fresh.value).abs() < 1e-12);
    assert!((row.low.unwrap() - chosen.fresh.low).abs() < 1e-12);
    // The other side of the line is the mirror.
    let below = RequireAsked { side: Side::Below, line: 0.5, ..asked };
    let words = refused(&scenario, &below);
    assert!(words.contains("below 0.5 without any change"), "{words}");
}

#[test]
fn a_kill_costs_a_chunk_and_changes_nothing() {
    let scenario = closed();
    let asked =
        RequireAsked { runs: 4000, fresh: 64, ..asked(Side::Above, 0.5, &["faction.*", "relation.*.hostility"]) };
    let (whole, parts) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let of_one = required(&scenario, &asked, whole.path(), (1, &Control::default())).unwrap();
    let mut kills = 0;
    let found = loop {
        let runs = AtomicU64::new(0);
        let on_progress = |progress: Progress<'_>| {
            if let Progress::Runs(more) = progress {
                runs.fetch_add(more, Ordering::Relaxed);
            }
        };
        // What is found done is told of too, so the limit grows.
        let most = 300 * (kills + 1);
        let cancel = || runs.load(Ordering::Relaxed) > most;
        let control = Control { cancel: &cancel, on_progress: &on_progress };
        match required(&scenario, &asked, parts.path(), (2, &control)) {
            Ok(found) => break found,
            Err(ExperimentError::Interrupted { .. }) => kills += 1,
            Err(error) => panic!("{error}"),
        }
        assert!(kills < 60);
    };
    assert!(kills >= 2, "{kills}");
    assert_eq!(found.manifest.result_digest, of_one.manifest.result_digest);
    let again = required(&scenario, &asked, parts.path(), (2, &Control::default())).unwrap();
    assert!(again.reused && again.findings == found.findings);
}

#[test]
fn what_cannot_be_required_is_refused_with_a_reason() {
    let scenario = closed();
    let ask = |line, levers: &[&str]| asked(Side::Above, line, levers);
    for (asked, part) in [
        (ask(50.0, &[]), "expected a share from 0 to 1"),
        (ask(1.0, &[]), "expected a share from 0 to 1"),
        (ask(f64::NAN, &[]), "expected a number"),
        (ask(0.5, &["faction.trader.outreach"]), "did you mean `faction.traders.outreach`?"),
        (ask(0.5, &["faction.traders.fighters"]), "has no range in which it could be moved"),
        (ask(0.5, &["zone.*"]), "has a path like `zone.*`"),
        (ask(0.01, &[]), "above 0.01 without any change"),
        (RequireAsked { question: "pakt".into(), ..ask(0.5, &[]) }, "did you mean `pact`?"),
        (RequireAsked { question: "deaths".into(), side: Side::Below, ..ask(0.0, &[]) }, "never is below 0"),
        (RequireAsked { question: "deaths".into(), ..ask(1e9, &[]) }, "makes no sense of `deaths`"),
    ] {
        let words = refused(&scenario, &asked);
        assert!(words.contains(part), "{part}: {words}");
    }
    let inert = standoff("[[uncertainty]]\npath = \"event.bridge-lost.chance\"\nlow = 0\nhigh = 0.001\n", &[]);
    let words = refused(&inert, &ask(0.999, &["event.*"]));
    assert!(words.contains("none of the levers matters"), "{words}");
    let bare = standoff("", &[]);
    let words = refused(&bare, &RequireAsked { levers: vec!["behaviour.*".into()], ..ask(0.5, &[]) });
    assert!(words.contains("has a path like `behaviour.*`"), "{words}");
}

/// A table of joint draws is what it holds, wherever it lies: what was found with another is never told again.
#[test]
fn what_is_kept_rests_on_what_a_table_of_draws_holds() {
    let (first, second) = (closed(), standoff(LEVERS, &["faction.traders.outreach=0.1"]));
    let root = tempfile::tempdir().unwrap();
    let table = |name: &str, looks: [f64; 2]| {
        let path = root.path().join(name);
        std::fs::write(&path, format!("behaviour.choice.looks\n{}\n{}\n", looks[0], looks[1])).unwrap();
        path
    };
    let control = &Control::default();
    let require = |path: &Path| {
        let inputs = Inputs::Joint(path.to_owned());
        let asked = RequireAsked {
            inputs,
            runs: 2000,
            fresh: 16,
            ..asked(Side::Above, 0.5, &["faction.*", "relation.*.hostility"])
        };
        required(&first, &asked, &root.path().join("r"), (2, control)).map(|found| found.reused)
    };
    let contrast = |path: &Path| {
        let asked = ContrastAsked {
            question: "deaths".into(),
            by_section: false,
            orders: None,
            replicates: 8,
            first: 0,
            inputs: Inputs::Joint(path.to_owned()),
            seed: 7,
        };
        let out = root.path().join("c");
        let request =
            Request { out: Some(&out), force: false, threads: Some(2), chunk_size: None, control, command: &[] };
        contrast_into((&first, &second), &asked, &request).map(|found| found.reused)
    };
    type Find<'a> = &'a dyn Fn(&Path) -> Result<bool, ExperimentError>;
    let finds: [Find<'_>; 2] = [&require, &contrast];
    for find in finds {
        let path = table("a.csv", [0.3, 0.4]);
        assert!(!find(&path).unwrap());
        assert!(find(&path).unwrap() && find(&table("b.csv", [0.3, 0.4])).unwrap());
        let other = find(&table("a.csv", [0.3, 0.5])).unwrap_err();
        assert!(matches!(other, ExperimentError::Record(RecordError::OtherExperiment { .. })), "{other}");
    }
    // The same of a table that a scenario names, and of shares that are drawn together.
    let named = |looks| {
        let mut scenario = closed();
        scenario.set_joint_inputs(table("n.csv", looks).to_str());
        Inputs::Drawn.mark(&scenario).unwrap()
    };
    assert!(named([0.3, 0.4]) == named([0.3, 0.4]) && named([0.3, 0.4]) != named([0.3, 0.5]));
}

/// Which inputs runs share is that of both files: whichever is the first, intervals are as wide.
#[test]
fn a_contrast_is_as_sure_from_either_side() {
    let unsure = "[[uncertainty]]\npath = \"faction.rivermen.fighters\"\nlow = 50\nhigh = 6000\n";
    let (known, unsure) = (standoff("", &[]), standoff(unsure, &["faction.traders.outreach=0.3"]));
    let there = contrasted((&known, &unsure), "deaths", (true, None)).unwrap();
    let back = contrasted((&unsure, &known), "deaths", (true, None)).unwrap();
    assert!((there.difference.low + back.difference.high).abs() < 1e-9, "{there:?} {back:?}");
    for (one, other) in there.answers.iter().zip(back.answers.iter().rev()) {
        assert!((one.low - other.low).abs() < 1e-9 && (one.high - other.high).abs() < 1e-9, "{one:?} {other:?}");
    }
}

#[test]
fn it_is_said_if_nothing_is_enough() {
    let (scenario, folder) = (closed(), tempfile::tempdir().unwrap());
    let asked = RequireAsked { runs: 4000, fresh: 64, ..asked(Side::Above, 0.99, &["relation.*.hostility"]) };
    let found = required(&scenario, &asked, folder.path(), (2, &Control::default())).unwrap().findings;
    assert!(found.options.is_empty() && found.chosen.is_none());
    let furthest = found.furthest.as_ref().unwrap();
    assert!(furthest.fresh.value > found.baseline.fresh.value && furthest.verdict == Verdict::Short);
    let text = insight::requirement(&found, &scenario).document.text(80);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("does not take it past the line") && words.contains("Closest comes hostility (Highlanders"),
        "{text}"
    );
    // What is told stands in the table, and is called out of reach only if its interval says so.
    let told = furthest.set.len() == 1 && words.matches("hostility (Highlanders").count() > 1;
    assert!(told || furthest.set.len() > 1, "{text}");
    assert_eq!(words.contains("out of reach"), found.is_surely_short(furthest.fresh), "{text}");
}

fn contrasted(
    pair: (&Scenario, &Scenario),
    question: &str,
    (by_section, orders): (bool, Option<u32>),
) -> Result<attribution::Findings, ExperimentError> {
    let folder = tempfile::tempdir().unwrap();
    let asked = ContrastAsked {
        question: question.into(),
        by_section,
        orders,
        replicates: 96,
        first: 0,
        inputs: Inputs::Drawn,
        seed: 7,
    };
    let (out, control) = (Some(folder.path()), &Control::default());
    let request = Request { out, force: false, threads: Some(2), chunk_size: None, control, command: &[] };
    contrast_into(pair, &asked, &request).map(|found| found.findings)
}

fn sums(found: &attribution::Findings) -> bool {
    let sum: f64 = found.parts.iter().map(|part| part.amount.value).sum();
    (sum - found.difference.value).abs() < 1e-12
}

#[test]
fn parts_sum_to_the_difference_that_both_files_show() {
    let first = standoff("", &[]);
    let set = ["faction.traders.outreach=0.1", "faction.rivermen.fighters=1600", "behaviour.choice.looks=0.9"];
    let second = standoff("", &set);
    let found = contrasted((&first, &second), "pact", (false, None)).unwrap();
    assert!(sums(&found) && found.parts.len() == 3 && found.mixtures == 8 && found.joined.is_empty());
    // Each end is what a study of the file says.
    for (scenario, answer) in [(&first, found.answers[0]), (&second, found.answers[1])] {
        let study = entente::experiment::Study::new(scenario.clone()).seed(7).replicates(96);
        let results = study.run(&mut entente::record::Memory::default(), &Control::default()).unwrap().results;
        let row = results.questions().unwrap().into_iter().find(|row| row.question == "pact").unwrap();
        assert!((row.probability.unwrap() - answer.value).abs() < 1e-12, "{row:?}");
    }
    let drawn = contrasted((&first, &second), "pact", (false, Some(2))).unwrap();
    assert!(sums(&drawn) && drawn.orders == Some(4), "at least two pairs of orders");
    // Orders that pass through all mixtures are as good as all of them.
    assert_eq!(contrasted((&first, &second), "pact", (false, Some(8))).unwrap().parts, found.parts);
    let deaths = contrasted((&first, &second), "deaths", (true, None)).unwrap();
    assert!(sums(&deaths) && deaths.parts.len() == 2, "{:?}", deaths.parts);
    let text = insight::attribution(&found, [&first, &second], ["a.toml", "b.toml"]).document.text(80);
    assert!(text.lines().count() <= 40, "{text}");
    for part in ["Traders", "Weights of choice", "All together", "a.toml"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

/// The valleys with a faction more, which a zone and a relation name.
fn with_raiders_allies() -> String {
    let more = r#"
[[faction]]
id = "riders"
name = "Riders"
kind = "armed_group"
fighters = 300
presence = { plain = 1 }
[[relation]]
between = ["riders", "state"]
stance = "war"
hostility = 0.8
"#;
    format!("{VALLEYS}\n{more}")
}

#[test]
fn what_stands_in_one_file_only_goes_with_what_names_it() {
    let load = |text: &str| Scenario::from_text("valleys.toml", text, &Overrides::default()).unwrap();
    let (first, second) = (load(VALLEYS), load(&with_raiders_allies().replace("fighters = 300\n", "fighters = 320\n")));
    let other = second.overridden(&Overrides { set: vec!["faction.blue.outreach=0.9".into()], variant: None }).unwrap();
    let found = contrasted((&first, &other), "pact", (false, None)).unwrap();
    assert!(sums(&found), "{:?}", found.parts);
    assert_eq!(found.parts.len(), 2, "{:?}", found.joined);
    assert_eq!(found.joined.len(), 1);
    let both = found.parts.iter().find(|part| part.members.len() == 2).unwrap();
    let sections: Vec<&str> =
        both.members.iter().map(|member| found.differences[*member].key.section.as_str()).collect();
    assert_eq!(sections, ["faction", "relation"]);
    // Back again, with the signs turned.
    let back = contrasted((&other, &first), "pact", (false, None)).unwrap();
    assert!((back.difference.value + found.difference.value).abs() < 1e-12 && sums(&back));
}

#[test]
fn files_that_cannot_be_contrasted_are_refused() {
    let (first, text) = (standoff("", &[]), include_str!("../../configs/three-way-standoff.toml"));
    let load = |text: &str| Scenario::from_text("other.toml", text, &Overrides::default()).unwrap();
    let words = |second: &Scenario, question: &str| match contrasted((&first, second), question, (false, None)) {
        Err(ExperimentError::Input(words)) => words,
        other => panic!("{other:?}"),
    };
    let named = text.replace("title = \"Three-way standoff\"", "title = \"Another name\"");
    assert!(words(&load(&named), "pact").contains("run the same"));
    let told = words(&load(VALLEYS), "pact");
    assert!(told.contains("differ in their start, step or horizon") || told.contains("no faction in common"), "{told}");
    let later = text.replace("horizon = \"2 years\"", "horizon = \"3 years\"");
    assert!(words(&load(&later), "pact").contains("start, step or horizon"));
    let elsewhere = text.replace("id = \"pact\"", "id = \"treaty\"");
    let told = words(&load(&elsewhere), "pact");
    assert!(told.contains("the second file: the scenario has no question `pact`"), "{told}");
    assert!(words(&first, "pakt").contains("the first file"));
}

#[test]
fn the_newest_results_are_those_that_hold_runs() {
    let folder = tempfile::tempdir().unwrap();
    let entente = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("entente").unwrap();
        let output = command.current_dir(folder.path()).args(arguments).output().unwrap();
        (String::from_utf8(output.stderr).unwrap(), output.status.code())
    };
    let text = include_str!("../../configs/three-way-standoff.toml");
    std::fs::write(folder.path().join("a.toml"), text).unwrap();
    std::fs::write(folder.path().join("b.toml"), text.replace("outreach = 0.8", "outreach = 0.2")).unwrap();
    assert_eq!(entente(&["run", "a.toml", "--replicates", "8", "--no-charts"]).1, Some(0));
    let contrast = ["contrast", "a.toml", "b.toml", "--question", "pact", "--replicates", "8", "--no-charts"];
    assert_eq!(entente(&contrast), (String::new(), Some(0)));
    let (told, code) = entente(&["coalitions", "latest", "--no-charts"]);
    assert_eq!(code, Some(0), "{told}");
    let (told, code) = entente(&[&contrast[..], &["--out", "c"]].concat());
    assert_eq!(code, Some(0), "{told}");
    let (told, code) = entente(&["coalitions", "c"]);
    assert!(code == Some(2) && told.contains("holds what `contrast` found, and no runs of a scenario"), "{told}");
}

#[test]
fn the_commands_print_a_screen_and_write_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let entente = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("entente").unwrap();
        let output = command.current_dir(folder.path()).args(arguments).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (text, output.status.code())
    };
    let text = include_str!("../../configs/three-way-standoff.toml");
    let (before, run) = text.split_once("[run]").unwrap();
    let closed = before.replace("hostility = 0.15", "hostility = 0.6").replace("outreach = 0.8", "outreach = 0.2");
    std::fs::write(folder.path().join("a.toml"), format!("{closed}{LEVERS}[run]{run}")).unwrap();
    std::fs::write(folder.path().join("b.toml"), text).unwrap();
    let asked =
        ["require", "a.toml", "--question", "pact", "--above", "0.5", "--runs", "4000", "--fresh", "96", "--out", "r"];
    let (told, code) = entente(&asked);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.lines().count() <= 40 && told.lines().all(|line| line.chars().count() <= 80), "{told}");
    let (told, code) =
        entente(&["contrast", "a.toml", "b.toml", "--question", "pact", "--replicates", "32", "--out", "c"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.lines().count() <= 40 && told.lines().all(|line| line.chars().count() <= 80), "{told}");
    for file in [
        "r/report.html",
        "r/charts/frontier.png",
        "r/changes.csv",
        "c/report.html",
        "c/charts/parts.svg",
        "c/parts.csv",
    ] {
        assert!(folder.path().join(file).is_file(), "{file}");
    }
    let (told, code) = entente(&["require", "a.toml", "--question", "pact"]);
    assert!(code == Some(2) && told.contains("--above"), "{told}");
    let (told, code) = entente(&["require", "a.toml", "--question", "pact", "--above", "0.5", "--below", "0.2"]);
    assert!(code == Some(2) && told.contains("cannot be used with"), "{told}");
    let json = entente(&[
        "contrast",
        "a.toml",
        "b.toml",
        "--question",
        "pact",
        "--replicates",
        "32",
        "--out",
        "c",
        "--format",
        "json",
    ]);
    let found: serde_json::Value = serde_json::from_str(&json.0).unwrap();
    assert!(found["parts"].is_array() && found["groups"].is_array() && found["files"][1] == "b.toml");
}
