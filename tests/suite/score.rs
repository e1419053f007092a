//! Scores against known values, and the command that tells them.

use assert_cmd::Command;
use entente::analysis::score::answer::Forecast;
use entente::analysis::score::{reliability, rules};
use entente::scenario::{Overrides, Scenario};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// By `tests/fixtures/scores/make.py`.
const KNOWN: &str = include_str!("../fixtures/scores/known.json");

fn known() -> Value {
    serde_json::from_str(KNOWN).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn assert_close(found: f64, expected: &Value) {
    let expected = expected.as_f64().unwrap();
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found}, expected {expected}");
}

#[test]
fn ensembles_score_as_other_programs_say() {
    for case in known()["ensembles"].as_array().unwrap() {
        let (mut members, observed) = (numbers(&case["members"]), case["observed"].as_f64().unwrap());
        members.sort_by(f64::total_cmp);
        let fair = rules::crps(&members, observed);
        let n = members.len() as f64;
        if n > 1.0 {
            assert_close(fair, &case["crps_fair"]);
            // The plain form counts the distance of a member from itself too.
            let apart: f64 = members.iter().flat_map(|a| members.iter().map(move |b| (a - b).abs())).sum();
            assert_close(fair + 0.5 * apart * (1.0 / (n * (n - 1.0)) - 1.0 / (n * n)), &case["crps_plain"]);
        } else {
            assert_close(fair, &case["crps_plain"]);
        }
        let Some(Forecast::Ensemble { interval, .. }) = Forecast::ensemble(members, observed) else { panic!("{case}") };
        assert_close(interval, &case["interval"]);
    }
}

#[test]
fn probabilities_score_as_other_programs_say() {
    for case in known()["probabilities"].as_array().unwrap() {
        let (said, yes) = (case["said"].as_f64().unwrap(), case["yes"].as_bool().unwrap());
        assert_close(rules::brier(said, yes), &case["brier"]);
        assert_close(rules::brier(said, yes), &case["brier_again"]);
        assert_close(rules::logarithmic(said, yes), &case["logarithmic"]);
    }
}

#[test]
fn reliability_is_that_of_another_isotonic_regression() {
    for case in known()["reliabilities"].as_array().unwrap() {
        let yes = case["yes"].as_array().unwrap().iter().map(|yes| yes.as_bool().unwrap());
        let forecasts: Vec<reliability::Said> = numbers(&case["said"])
            .into_iter()
            .zip(yes)
            .map(|(probability, yes)| reliability::Said { probability, yes, weight: 1.0 })
            .collect();
        let found = reliability(&forecasts, 1).unwrap();
        assert_close(found.brier, &case["brier"]);
        assert_close(found.miscalibration, &case["miscalibration"]);
        assert_close(found.discrimination, &case["discrimination"]);
        assert_close(found.uncertainty, &case["uncertainty"]);
        let came = numbers(&case["came"]);
        assert_eq!(found.curve.len(), came.len());
        for (point, came) in found.curve.iter().zip(came) {
            assert!((point.came - came).abs() < 1e-9, "{point:?}, expected {came}");
        }
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/scores").join(name)
}

fn standoff() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/three-way-standoff.toml")
}

fn entente(arguments: &[&dyn AsRef<std::ffi::OsStr>]) -> std::process::Output {
    let mut command = Command::cargo_bin("entente").unwrap();
    command.args(arguments.iter().map(|argument| argument.as_ref()));
    command.output().unwrap()
}

fn run(scenario: &Path, out: &Path, more: &[&str]) {
    let mut arguments: Vec<&dyn AsRef<std::ffi::OsStr>> =
        vec![&"run", &scenario, &"--replicates", &"40", &"--no-charts", &"--quiet", &"--out", &out];
    more.iter().for_each(|argument| arguments.push(argument));
    let output = entente(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn json(output: &std::process::Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_run_is_scored_on_what_is_known_and_tells_it_within_forty_lines() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("run");
    run(&fixture("outcomes.toml"), &out, &[]);
    let found = json(&entente(&[&"score", &out, &"--format", &"json"]));
    let answers: BTreeMap<String, &Value> = found["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| (format!("{} {}", answer["answer"].as_str().unwrap(), answer["kind"].as_str().unwrap()), answer))
        .collect();
    assert_eq!(
        answers.keys().map(String::as_str).collect::<Vec<_>>(),
        ["alliance date", "alliance yes_no", "deaths people", "pact yes_no"],
        "a date is scored where it is known"
    );
    let pact = answers["pact yes_no"];
    let share = pact["forecast"]["probability"].as_f64().unwrap();
    assert_close((1.0 - share) * (1.0 - share), &pact["forecast"]["brier"]);
    assert_close(-entente::base::maths::ln((40.0 * share + 0.5) / 41.0), &pact["forecast"]["logarithmic"]);
    let said = |answer: &Value, baseline: &str| -> Option<f64> {
        let list = answer["baselines"].as_array().unwrap();
        let found = list.iter().find(|entry| entry[0] == baseline)?;
        found[1]["probability"].as_f64().or(found[1]["median"].as_f64())
    };
    assert_eq!(said(pact, "persistence"), Some(0.05), "no pact stood at the start");
    assert_eq!((said(pact, "base_rate"), said(pact, "even")), (Some(0.1), Some(0.5)));
    assert_eq!(said(answers["alliance yes_no"], "base_rate"), None);
    let deaths = answers["deaths people"];
    assert_eq!(deaths["source"], "invented");
    assert_close(said(deaths, "persistence").unwrap() / 544.0, &Value::from(366.0 / (12.0 * (334.0 / 11.0))));
    assert!((450.0..650.0).contains(&said(deaths, "history").unwrap()), "{deaths}");
    let folder = Path::new(found["folder"].as_str().unwrap());
    assert!(folder.starts_with(&out), "{folder:?}");
    for name in ["forecasts.csv", "scores.csv", "report.html", "sharpness.png"] {
        assert!(folder.join(name).is_file(), "{name}");
    }
    let printed = entente(&[&"score", &out]);
    let text = String::from_utf8(printed.stdout).unwrap();
    assert!(text.lines().count() <= 40, "{text}");
    assert!(text.lines().take_while(|line| !line.starts_with("Page")).all(|line| line.chars().count() <= 80), "{text}");
    for part in [
        "(persistence): the model",
        "base rates: the model",
        "the history before the start: the model",
        "fewer than 6 questions",
        "too few",
    ] {
        assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(part), "{part} in\n{text}");
    }
}

#[test]
fn the_page_of_a_run_tells_its_scores_where_something_is_known() {
    let root = tempfile::tempdir().unwrap();
    for (file, known) in [(fixture("outcomes.toml"), true), (standoff(), false)] {
        let out = root.path().join(if known { "known" } else { "unknown" });
        run(&file, &out, &[]);
        let drawn = entente(&[&"report", &out]);
        assert!(drawn.status.success(), "{}", String::from_utf8_lossy(&drawn.stderr));
        let page = std::fs::read_to_string(out.join("report.html")).unwrap();
        assert_eq!(page.contains(">Scores</h2>"), known);
        assert_eq!(page.contains("(persistence): the model"), known);
        assert_eq!(page.contains("Lower is better"), known);
    }
}

#[test]
fn conflicts_stand_in_rows_of_their_own_and_outcomes_may_come_later() {
    let root = tempfile::tempdir().unwrap();
    let [one, other] = ["one", "other"].map(|name| root.path().join(name));
    run(&standoff(), &one, &[]);
    let elsewhere = root.path().join("elsewhere.toml");
    let base = fixture("outcomes.toml").display().to_string();
    let text = format!("extends = '{base}'\n[scenario]\nid = \"elsewhere\"\nconflict = \"another\"\n");
    std::fs::write(&elsewhere, text).unwrap();
    run(&elsewhere, &other, &["--seed", "5"]);
    let unknown = entente(&[&"score", &one]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("no question has `observed`"));
    assert!(!one.join("score").exists(), "nothing is written");
    let outcomes = fixture("outcomes.toml");
    let found = json(&entente(&[&"score", &one, &other, &"--outcomes", &outcomes, &"--format", &"json"]));
    let means = found["means"].as_array().unwrap();
    let brier = |of: &str, name: Value| {
        let wanted =
            |mean: &&Value| mean["slice"]["of"] == of && mean["slice"]["name"] == name && mean["rule"] == "brier";
        means.iter().find(wanted).unwrap_or_else(|| panic!("{of} {name}"))
    };
    let [first, second] =
        ["three-way-standoff", "another"].map(|name| &brier("conflict", name.into())["score"]["value"]);
    let whole = brier("all", Value::Null);
    assert_close((first.as_f64().unwrap() + second.as_f64().unwrap()) / 2.0, &whole["score"]["value"]);
    assert_eq!(whole["conflicts"], 2);
    assert!(whole["score"]["low"].is_null(), "two conflicts have no interval: {whole}");
    let printed = entente(&[&"score", &one, &other, &"--outcomes", &outcomes, &"--no-charts"]);
    let text = String::from_utf8(printed.stdout).unwrap();
    assert!(text.contains("Another") && text.contains("too few") && text.lines().count() <= 40, "{text}");
    let twice = entente(&[&"score", &other, &other]);
    assert!(String::from_utf8_lossy(&twice.stderr).contains("given twice"));
    let again = root.path().join("again");
    run(&elsewhere, &again, &["--seed", "6"]);
    let twice = entente(&[&"score", &other, &again]);
    assert!(String::from_utf8_lossy(&twice.stderr).contains("are runs of one scenario"));
    let nobody = entente(&[&"score", &other, &"--variant", &"old-fued"]);
    assert_eq!(nobody.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("has no variant `old-fued`"));
    let unfit = root.path().join("unfit.toml");
    std::fs::write(&unfit, format!("extends = '{base}'\n[scenario]\nhorizon = \"3 years\"\n")).unwrap();
    let refused = entente(&[&"score", &one, &"--outcomes", &unfit]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is not what any of these results were made with"));
}

#[test]
fn a_history_is_read_with_the_scenario_and_kept_in_it() {
    let load = |csv: &str| {
        let text = std::fs::read_to_string(standoff()).unwrap();
        let text =
            text.replace("measure = { deaths = {} }", "measure = { deaths = {} }\nhistory = \"past/deaths.csv\"");
        let texts = BTreeMap::from([("a.toml".to_owned(), text), ("past/deaths.csv".to_owned(), csv.to_owned())]);
        Scenario::read(&texts, Path::new("a.toml"), &Overrides::default())
    };
    let scenario = load("date,value\n2022-02-01,3\n2022-01-01,5.5\n2022-03-01,0\n").unwrap();
    let values: Vec<f64> = scenario.history("deaths").unwrap().into_iter().map(|(_, value)| value).collect();
    assert_eq!(values, [5.5, 3.0, 0.0]);
    let alone = Scenario::from_text("b.toml", &scenario.resolved_toml(), &Overrides::default()).unwrap();
    assert_eq!(alone.history("deaths"), scenario.history("deaths"));
    let plain = Scenario::load(&standoff(), &Overrides::default()).unwrap();
    assert_eq!(scenario.digest(), plain.digest(), "what scores are held against changes no result");
    for (csv, line, message) in [
        ("day,deaths\n2022-01-01,3\n", 1, "the columns are `day,deaths`"),
        ("date,value\n2022-01-01,many\n", 2, "`many` is not a number"),
        ("date,value\n2022-01-01,3\n2022-01-01,4\n", 3, "2022-01-01 stands twice"),
        ("date,value\n2022-01-01,3\nlater,4\n2022-02-01,4\n", 3, "`later` is not a date"),
        (
            "date,value\n2022-01-01,3\n2022-02-01,4\n2099-01-01,4\n",
            4,
            "the last row of this history, 2099-01-01, tells of",
        ),
    ] {
        let problems = load(csv).unwrap_err();
        let problem = &problems.list[0];
        assert!(problem.message.starts_with(message), "{}", problem.message);
        let place = problem.place.as_ref().unwrap();
        assert_eq!(problems.files.line_and_column(place).0, line, "{message}");
        assert!(problems.files.name(place.file).ends_with("deaths.csv"), "{message}");
    }
}
