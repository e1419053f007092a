//! Sensitivity, discovery and the assumptions check through the command line, on tables whose answers are known.

use assert_cmd::Command;
use entente::base::maths::sin;
use entente::experiment::design::{Points, Scramble, latin, morris, saltelli};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn entente(arguments: &[&str]) -> std::process::Output {
    Command::cargo_bin("entente").unwrap().args(arguments).output().unwrap()
}

/// What a command gives for programs.
fn found(arguments: &[&str]) -> serde_json::Value {
    let output = entente(&[arguments, &["--format", "json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What a command prints for people.
fn printed(arguments: &[&str]) -> String {
    let output = entente(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Words without the breaks between lines.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The complaint about wrong input.
fn refused(arguments: &[&str]) -> String {
    let output = entente(arguments);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(output.stdout.is_empty());
    message
}

/// Writes a table with columns x1, x2, … and y.
fn table(folder: &Path, points: &Points, output: impl Fn(&[f64]) -> f64) -> PathBuf {
    let path = folder.join("table.csv");
    let mut text: String = (1..=points.dimensions()).map(|input| format!("x{input},")).collect();
    text.push_str("y\n");
    for point in points.iter() {
        point.iter().for_each(|value| write!(text, "{value},").unwrap());
        writeln!(text, "{}", output(point)).unwrap();
    }
    std::fs::write(&path, text).unwrap();
    path
}

/// Ishigami and Homma (1990), A = 7 and B = 0.1, on the unit cube.
fn ishigami(point: &[f64]) -> f64 {
    let x = |input: usize| std::f64::consts::PI * (2.0 * point[input] - 1.0);
    let (a, b, c) = (sin(x(0)), sin(x(1)), x(2));
    a + 7.0 * b * b + 0.1 * c * c * c * c * a
}

#[test]
fn sobol_indices_of_a_table_are_those_of_the_reference_implementation() {
    let folder = tempfile::tempdir().unwrap();
    for second_order in [true, false] {
        let points = saltelli::sample(1024, 3, second_order, Scramble::None).unwrap();
        let path = table(folder.path(), &points, ishigami);
        let found = found(&["sensitivity", path.to_str().unwrap(), "--inputs", "x1,x2,x3", "--output", "y"]);
        let indices = &found["found"]["indices"];
        assert_eq!(found["found"]["method"], "sobol");
        for (order, expected) in [("first", [0.33296, 0.44131, 0.01858]), ("total", [0.55818, 0.44328, 0.24215])] {
            for (input, value) in expected.into_iter().enumerate() {
                let found = indices[order][input]["estimate"]["value"].as_f64().unwrap();
                assert!((found - value).abs() < 5e-6, "{order} of input {input}: {found}");
            }
        }
        assert_eq!(indices["second"].as_array().unwrap().len(), if second_order { 3 } else { 0 });
    }
}

#[test]
fn a_sensitivity_is_told_in_words_written_and_needs_the_design_only_for_what_rests_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let points = saltelli::sample(256, 3, false, Scramble::Seed(1)).unwrap();
    let path = table(folder.path(), &points, ishigami);
    let (path, out) = (path.to_str().unwrap(), folder.path().join("out"));
    let all = ["sensitivity", path, "--inputs", "x1,x2,x3", "--output", "y", "--out", out.to_str().unwrap()];
    let text = printed(&all);
    for words in ["x1 comes first: it has a part in", "Sobol' indices", "95% interval", "PAWN", "Report"] {
        assert!(flat(&text).contains(words), "{words}\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("<svg") && page.contains("x1 comes first"));
    let numbers = std::fs::read_to_string(out.join("indices.csv")).unwrap();
    assert!(numbers.starts_with("measure,input,with,value,low,high,bound_low,bound_high\nfirst,x1,,0."), "{numbers}");
    assert!(out.join("charts/influence.png").is_file() && out.join("charts/influence.svg").is_file());
    // Two of three inputs are no Saltelli sample.
    let two = ["sensitivity", path, "--inputs", "x1,x2", "--output", "y"];
    assert_eq!(found(&two)["found"]["method"], "given");
    let message = refused(&[&two[..], &["--method", "sobol"]].concat());
    assert!(message.contains("no Saltelli sample") && message.contains("--method given"), "{message}");
}

#[test]
fn morris_trajectories_are_recognised_in_their_own_units() {
    let folder = tempfile::tempdir().unwrap();
    let mut points = Points::new(3);
    for point in morris::trajectories(20, 3, 4, 1).iter() {
        points.push([100.0 * point[0], point[1] - 5.0, point[2]]);
    }
    let path = table(folder.path(), &points, |p| 0.03 * p[0] - 2.0 * p[1]);
    let found = found(&["sensitivity", path.to_str().unwrap(), "--inputs", "x1,x2,x3", "--output", "y"]);
    assert_eq!(found["found"]["method"], "morris");
    for (input, slope) in [3.0, -2.0, 0.0].into_iter().enumerate() {
        let mean = found["found"]["effects"][input]["mean"].as_f64().unwrap();
        assert!((mean - slope).abs() < 1e-9, "{input}: {mean}");
    }
}

#[test]
fn a_planted_box_is_discovered() {
    let folder = tempfile::tempdir().unwrap();
    let points = latin::sample(&[1000], 4, 7);
    let path = table(folder.path(), &points, |p| if p[1] > 0.6 && p[3] < 0.5 { 10.0 + p[0] } else { p[2] });
    let path = path.to_str().unwrap();
    let search = ["discover", path, "--inputs", "x1,x2,x3,x4", "--output", "y", "--above", "5"];
    let seen = found(&search);
    let limits = seen["box"].as_object().unwrap();
    assert_eq!(limits.keys().collect::<Vec<_>>(), ["x2", "x4"]);
    assert!((limits["x2"][0].as_f64().unwrap() - 0.6).abs() < 0.02 && limits["x2"][1].is_null());
    assert!((limits["x4"][1].as_f64().unwrap() - 0.5).abs() < 0.02);
    assert!(seen["density"]["value"].as_f64().unwrap() > 0.95 && seen["coverage"].as_f64().unwrap() > 0.95);
    let text = flat(&printed(&search));
    assert!(text.contains("is above 5 in ") && text.contains("of the rows where x2 is at least 0."), "{text}");
    assert!(text.contains("overall. That box holds "), "{text}");
    let message = refused(&["discover", path, "--inputs", "x1,x2", "--output", "y"]);
    assert!(message.contains("is an amount") && message.contains("--above"), "{message}");
    let message = refused(&["discover", path, "--inputs", "x1,x2", "--output", "y", "--above", "99"]);
    assert!(message.contains("in none of the 1000 rows"), "{message}");
}

#[test]
fn planted_assumptions_are_found_with_how_far_they_must_move() {
    let folder = tempfile::tempdir().unwrap();
    let mut points = Points::new(4);
    for point in latin::sample(&[600], 4, 1).iter() {
        points.push([1000.0 + 1000.0 * point[0], point[1], point[2], point[3]]);
    }
    // Holds at the best estimates; turns when the first input rises above 1,600, whatever the others are.
    let path = table(folder.path(), &points, |p| 1600.0 - p[0] + 20.0 * p[3]);
    let path = path.to_str().unwrap();
    let check = ["assumptions", path, "--inputs", "x1,x2,x3,x4", "--output", "y", "--above", "0"];
    let best = [&check[..], &["--best", "x1=1200,x4=0"]].concat();
    let seen = found(&best);
    let flips = seen["found"]["flips"].as_array().unwrap();
    assert_eq!((flips.len(), &flips[0]["inputs"]), (1, &serde_json::json!([0])));
    assert!((flips[0]["to"][0].as_f64().unwrap() - 0.65).abs() < 0.06, "{flips:?}");
    assert!((seen["found"]["holds"]["value"].as_f64().unwrap() - 0.61).abs() < 0.01, "{seen}");
    let text = flat(&printed(&best));
    assert!(text.contains("One assumption is enough to overturn it: moving x1 from 1,200 to about 1,6"), "{text}");
    assert!(text.contains("At the best estimates it holds."), "{text}");
    // Two inputs that turn it only together.
    let path = table(folder.path(), &points, |p| if p[0] > 1600.0 && p[2] < 0.4 { -1.0 } else { 1.0 });
    let path = path.to_str().unwrap();
    let check = ["assumptions", path, "--inputs", "x1,x2,x3,x4", "--output", "y", "--above", "0"];
    let text = flat(&printed(&[&check[..], &["--best", "x1=1200,x3=0.8"]].concat()));
    assert!(
        text.contains("No single assumption is enough to overturn it; 2 together are: moving x1 from 1,200"),
        "{text}"
    );
    for (wrong, complaint) in [
        (vec!["--best", "x9=1"], "has no column `x9`"),
        (vec!["--best", "x1"], "expected INPUT=NUMBER"),
        (vec!["--best", "x1=5"], "outside what was sampled"),
    ] {
        let message = refused(&[&check[..], &wrong].concat());
        assert!(message.contains(complaint), "{message}");
    }
}

#[test]
fn wrong_input_is_refused_with_what_was_expected() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), &latin::sample(&[12], 2, 1), |p| p[0]);
    let path = path.to_str().unwrap();
    let broken = folder.path().join("broken.csv");
    std::fs::write(&broken, "a,y\n1,2\nmany,3\n").unwrap();
    for command in ["sensitivity", "discover", "assumptions"] {
        let complaint = |arguments: &[&str]| refused(&[&[command], arguments].concat());
        assert!(complaint(&[path]).contains("--output"));
        assert!(complaint(&[path, "--output", "y"]).contains("--inputs"));
        assert!(complaint(&[path, "--inputs", "x1,x3", "--output", "y"]).contains("did you mean `x1`?"));
        assert!(complaint(&[path, "--inputs", "x1", "--output", "x1"]).contains("both an input and the output"));
        assert!(complaint(&[path, "--question", "pact"]).contains("a table"));
        assert!(complaint(&["/nowhere.csv", "--inputs", "a", "--output", "y"]).contains("there is no /nowhere.csv"));
        let level: &[&str] = if command == "sensitivity" { &[] } else { &["--above", "0.5"] };
        let wrong = complaint(&[&[broken.to_str().unwrap(), "--inputs", "a", "--output", "y"], level].concat());
        assert!(wrong.contains("line 3, column `a`: found `many`"), "{wrong}");
        let few = complaint(&[&[path, "--inputs", "x1,x2", "--output", "y"], level].concat());
        assert!(few.contains("too few"), "{few}");
    }
    assert!(refused(&["sensitivity", folder.path().to_str().unwrap()]).contains("no finished results"));
}

/// Sweeps the small scenario over four inputs.
fn sweep(folder: &Path, more: &[&str]) -> PathBuf {
    let scenario = folder.join("three.toml");
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/three-way-standoff.toml");
    let uncertain =
        |path: &str| format!("[[uncertainty]]\npath = \"{path}\"\nlow = 0.1\nhigh = 0.9\ndistribution = \"uniform\"\n");
    let text = format!(
        "extends = {:?}\n{}{}{}",
        base.to_str().unwrap(),
        uncertain("faction.highlanders.outreach"),
        uncertain("relation.highlanders.traders.trust"),
        uncertain("faction.traders.outreach")
    );
    std::fs::write(&scenario, text).unwrap();
    let out = folder.join("results");
    let (scenario, out_text) = (scenario.to_str().unwrap(), out.to_str().unwrap());
    let arguments = [&["sweep", scenario, "--out", out_text, "--no-charts", "--quiet"], more].concat();
    let output = entente(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    out
}

/// Sums of squares of such numbers are infinite; they are refused where they are read.
#[test]
fn numbers_too_large_to_reckon_with_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("t.csv");
    let rows: String = (0..200).map(|row| format!("{},{}e306\n", row % 17, (row * 7) % 180)).collect();
    std::fs::write(&table, format!("a,y\n{rows}")).unwrap();
    let path = table.to_str().unwrap();
    for command in [&["sensitivity"][..], &["discover", "--above", "1"], &["assumptions", "--above", "1"]] {
        let told = refused(&[&[command[0], path, "--inputs", "a", "--output", "y"], &command[1..]].concat());
        assert!(told.contains("line 3, column `y`: found `7e306`, expected a number from -1e150"), "{told}");
    }
}

#[test]
fn a_sweep_is_analysed_within_its_folder_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--points", "60", "--replicates", "20", "--variants", "old-feud"];
    let results = sweep(folder.path(), &options);
    let manifest = std::fs::read(results.join("manifest.json")).unwrap();
    let path = results.to_str().unwrap();
    let message = refused(&["sensitivity", path]);
    assert!(
        message.contains("which question?") || message.contains("Which question?") || message.contains("--question")
    );
    assert!(refused(&["sensitivity", path, "--question", "pakt"]).contains("did you mean `pact`?"));
    assert!(refused(&["discover", path, "--question", "pact", "--variant", "x"]).contains("baseline, old-feud"));
    assert!(refused(&["assumptions", path, "--question", "deaths"]).contains("--above"));
    for (command, more, place) in [
        ("sensitivity", vec!["--question", "pact"], "sensitivity/pact"),
        (
            "sensitivity",
            vec!["--output", "deaths", "--variant", "old-feud"],
            "sensitivity/output=deaths,variant=old-feud",
        ),
        ("discover", vec!["--question", "pact"], "discover/pact"),
        ("discover", vec!["--question", "deaths", "--above", "88"], "discover/deaths,above=88"),
        ("assumptions", vec!["--question", "pact", "--above", "0.2"], "assumptions/pact,above=0.2"),
        ("assumptions", vec!["--question", "pact", "--variant", "old-feud"], "assumptions/pact,variant=old-feud"),
    ] {
        let text = printed(&[&[command, path, "--no-charts"][..], &more].concat());
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        assert!(results.join(place).join("report.html").is_file(), "{place}");
    }
    let text = flat(&printed(&["assumptions", path, "--question", "pact", "--variant", "old-feud", "--no-charts"]));
    assert!(text.contains("makes it less likely that the Highlanders and the Traders hold"), "{text}");
    // The experiment is found again, and its results are as they were.
    assert_eq!(sweep(folder.path(), &options), results);
    assert_eq!(std::fs::read(results.join("manifest.json")).unwrap(), manifest);
    // A folder without a design is no sweep.
    let run = folder.path().join("run");
    let arguments = [
        "run",
        "configs/three-way-standoff.toml",
        "--inputs",
        "best",
        "--replicates",
        "5",
        "--no-charts",
        "--quiet",
        "--out",
    ];
    assert!(entente(&[&arguments[..], &[run.to_str().unwrap()]].concat()).status.success());
    assert!(refused(&["sensitivity", run.to_str().unwrap(), "--question", "pact"]).contains("holds no sweep"));
}

#[test]
fn the_measures_follow_the_design_of_a_sweep() {
    for (design, points, method) in [("saltelli", "48", "sobol"), ("morris", "40", "morris"), ("lhs", "40", "given")] {
        let folder = tempfile::tempdir().unwrap();
        let results = sweep(folder.path(), &["--design", design, "--points", points, "--replicates", "2"]);
        let found = found(&["sensitivity", results.to_str().unwrap(), "--question", "deaths", "--no-charts"]);
        assert_eq!(found["found"]["method"], method);
        assert_eq!(found["inputs"].as_array().unwrap().len(), 4);
    }
}

/// Runs of drawn inputs have luck of their own: no two points rest on the same replicates, and more points make it sharper.
#[test]
fn points_of_drawn_inputs_share_no_replicates() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("r");
    let (scenario, out) = ("configs/three-way-standoff.toml", out.to_str().unwrap());
    let ran = entente(&["run", scenario, "--replicates", "512", "--no-charts", "--out", out]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let inputs = "behaviour.choice.scale,behaviour.choice.pact,behaviour.negotiation.contact";
    let told = flat(&printed(&[
        "assumptions",
        out,
        "--question",
        "pact",
        "--above",
        "0.4",
        "--inputs",
        inputs,
        "--no-charts",
    ]));
    assert!(!told.contains("the same 2 replicates") && told.contains("2 runs of its own. More points"), "{told}");
}
