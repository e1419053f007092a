//! Experiments that ask what if: differences are honest, designs keep their points, looking as one goes is allowed, and
//! any process may do any chunk.

use crate::common::VALLEYS;
use assert_cmd::Command;
use entente::engine::{Model, Runner};
use entente::estimate::DifferenceRow;
use entente::measure::{EventKind, EventRow, Keep};
use entente::record::{Results, read_differences};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Levers and uncertain inputs for the valleys: one lever changes nothing, one moves many draws early on, one moves an
/// event to before another.
const WHAT_IF: &str = r#"
[[variant]]
id = "nothing"
title = "A parameter is set to what it is"
changes = { "event.congress.chance" = 0.5 }

[[variant]]
id = "early-merger"
title = "The Front becomes one in January"
changes = { "event.congress.chance" = 1, "event.congress.date" = 2024-01-15 }

[[uncertainty]]
path = "faction.raiders.fighters"
low = 400
high = 1600
distribution = "log_uniform"

[[uncertainty]]
path = "relation.raiders.front.hostility"
low = 0.1
high = 0.9

[[uncertainty]]
path = "faction.blue.outreach"
distribution = "choice"
choices = [0.2, 0.8]
"#;

struct Place {
    root: tempfile::TempDir,
    scenario: PathBuf,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let scenario = root.path().join("valleys.toml");
        std::fs::write(&scenario, format!("{VALLEYS}\n{WHAT_IF}")).unwrap();
        Self { root, scenario }
    }

    fn out(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Runs a command on the scenario into a folder, and gives its summary.
    fn experiment(&self, command: &str, out: &str, more: &[&str]) -> Value {
        let output = Command::cargo_bin("entente")
            .unwrap()
            .arg(command)
            .arg(&self.scenario)
            .args(["--no-charts", "--format", "json", "--out"])
            .arg(self.out(out))
            .args(more)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn entente(arguments: &[&str]) -> std::process::Output {
    Command::cargo_bin("entente").unwrap().args(arguments).output().unwrap()
}

fn refusal(output: &std::process::Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn differences(folder: &Path) -> Vec<DifferenceRow> {
    read_differences(&folder.join("differences.csv")).unwrap()
}

#[test]
fn a_variant_that_changes_nothing_gives_exactly_zero_everywhere() {
    let place = Place::new();
    place.experiment("compare", "out", &["--replicates", "60", "--variants", "nothing"]);
    let rows = differences(&place.out("out"));
    assert_eq!(rows.len(), 3);
    for row in rows {
        let zero = Some(0.0);
        assert_eq!((row.difference, row.low, row.high, row.gained, row.lost), (zero, zero, zero, zero, zero));
        assert_eq!((row.stands_out, row.inert, row.n), (false, true, 60));
    }
}

#[test]
fn pairing_pays_on_a_lever_that_disturbs_many_draws() {
    let place = Place::new();
    place.experiment("compare", "out", &["--replicates", "300", "--variants", "early-merger"]);
    let rows = differences(&place.out("out"));
    assert!(rows.iter().any(|row| row.difference != Some(0.0)), "an early merger changes something");
    for row in rows {
        assert!(!row.inert);
        let saved = row.variance_reduction.unwrap_or(f64::INFINITY);
        assert!(saved > 1.15, "{}: {saved} times the runs", row.question);
    }
}

#[test]
fn a_paired_difference_is_that_of_the_two_ensembles() {
    let place = Place::new();
    place.experiment("compare", "both", &["--replicates", "80", "--variants", "early-merger"]);
    place.experiment("run", "alone", &["--replicates", "80", "--variant", "early-merger"]);
    let alone = Results::open(&place.out("alone")).unwrap().questions().unwrap();
    for row in differences(&place.out("both")).iter().filter(|row| row.question != "deaths") {
        let answer = alone.iter().find(|answer| answer.question == row.question).unwrap();
        assert_eq!(answer.probability, row.value, "{}", row.question);
    }
}

#[test]
fn it_stops_after_the_same_replicates_whatever_the_threads() {
    let place = Place::new();
    let stopped = |out: &str, threads: &str| {
        let summary = place.experiment("compare", out, &["--precision", "0.08", "--threads", threads]);
        (summary["replicates"].clone(), summary["result_digest"].clone(), summary["stopping"].clone())
    };
    let first = stopped("one", "1");
    assert_eq!(first, stopped("two", "2"));
    assert_eq!(first, stopped("three", "3"));
    let (replicates, _, stopping) = first;
    assert_eq!(stopping["reason"], "precise");
    assert!(stopping["half_width"].as_f64().unwrap() <= 0.08);
    let fixed = stopping["fixed_plan"].as_u64().unwrap();
    assert!(fixed <= replicates.as_u64().unwrap(), "looking has its price");
    for row in differences(&place.out("one")).iter().filter(|row| row.question != "deaths") {
        assert!(row.high.unwrap() - row.low.unwrap() <= 0.16 + 1e-9, "{row:?}");
    }
    let most = place.experiment("compare", "most", &["--precision", "0.01", "--max-replicates", "128"]);
    assert_eq!((&most["replicates"], &most["stopping"]["reason"]), (&Value::from(128), &Value::from("all_replicates")));
    // What was not enough is gone on with when more may be done, and is there for whoever would have had less.
    for (most, done) in [("192", 192), ("160", 192)] {
        let more = place.experiment("compare", "most", &["--precision", "0.01", "--max-replicates", most]);
        assert_eq!(more["replicates"], done);
    }
}

/// All files of a folder, by their paths within it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(at) = folders.pop() {
        for path in std::fs::read_dir(at).unwrap().map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path.strip_prefix(folder).unwrap().to_owned()),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_folder_that_is_replaced_holds_nothing_of_what_was_there() {
    let place = Place::new();
    let best = ["--replicates", "8", "--inputs", "best"];
    place.experiment("run", "fresh", &best);
    let table = place.out("draws.csv");
    std::fs::write(&table, "behaviour.clashes.rate\n0.05\n0.1\n").unwrap();
    place.experiment("run", "out", &["--replicates", "8", "--inputs", table.to_str().unwrap()]);
    let mine = place.out("out").join("parts.csv");
    std::fs::write(&mine, "mine").unwrap();
    assert!(place.out("out").join("inputs.parquet").is_file() && place.out("out").join("joint.csv").is_file());
    place.experiment("run", "out", &[&best[..], &["--force"]].concat());
    // What no manifest listed is left alone.
    assert_eq!(std::fs::read_to_string(&mine).unwrap(), "mine");
    std::fs::remove_file(&mine).unwrap();
    assert_eq!(files(&place.out("out")), files(&place.out("fresh")));
}

#[test]
fn a_time_limit_ends_with_what_is_done() {
    let place = Place::new();
    let summary = place.experiment("run", "out", &["--time-limit", "1500 ms"]);
    let replicates = summary["replicates"].as_u64().unwrap();
    // Leaves of a digest are of 32 replicates.
    assert!(replicates >= 32 && replicates.is_multiple_of(32), "{replicates}");
    assert_eq!(Results::open(&place.out("out")).unwrap().run_keys().unwrap().len() as u64, replicates);
    let again = place.experiment("run", "fixed", &["--replicates", &replicates.to_string()]);
    assert_eq!(again["result_digest"], summary["result_digest"], "it is the beginning of any longer experiment");
}

#[test]
fn a_sweep_runs_every_point_under_every_variant_with_the_same_luck() {
    let place = Place::new();
    let more = ["--points", "6", "--replicates", "5", "--variants", "early-merger"];
    place.experiment("sweep", "out", &more);
    let results = Results::open(&place.out("out")).unwrap();
    let keys = results.run_keys().unwrap();
    assert_eq!(keys.len(), 6 * 2 * 5);
    assert!(keys.is_sorted() && keys.iter().all(|key| !key.failed));
    let design = results.manifest().design.clone().unwrap();
    assert_eq!((design.points, design.inputs.len()), (6, 3));

    // One's own points: the scenario's numbers give the scenario's runs.
    let file = place.out("own.csv");
    std::fs::write(&file, "faction.raiders.fighters,relation.raiders.front.hostility\n800,0.4\n400,0.1\n").unwrap();
    place.experiment("sweep", "own", &["--design", file.to_str().unwrap(), "--replicates", "5"]);
    // Of its columns those that are named; it has as many points as it has lines.
    let hostility = "relation.raiders.front.hostility";
    let one = ["--design", file.to_str().unwrap(), "--replicates", "2", "--inputs", hostility];
    place.experiment("sweep", "one", &one);
    let results = Results::open(&place.out("one")).unwrap();
    let points = results.design().unwrap().unwrap();
    assert_eq!(points.inputs, [hostility]);
    assert_eq!(points.column(hostility).collect::<Vec<_>>(), [0.4, 0.1]);
    let sweep = |more: [&str; 2]| {
        let own = ["sweep", place.scenario.to_str().unwrap(), "--design", file.to_str().unwrap()];
        refusal(&entente(&[&own[..], &more].concat()))
    };
    assert!(sweep(["--points", "2"]).contains("expected no --points"));
    let told = sweep(["--inputs", "relation.raiders.front.hostilty"]);
    assert!(told.contains(hostility), "{told}");
    place.experiment("run", "run", &["--replicates", "5", "--inputs", "best"]);
    let deaths = |folder: &str| Results::open(&place.out(folder)).unwrap().run_numbers("question.deaths").unwrap();
    assert_eq!(deaths("own")[..5], deaths("run")[..]);
    assert_ne!(deaths("own")[5..], deaths("run")[..]);
}

#[test]
fn what_a_lever_sets_is_no_longer_uncertain() {
    let place = Place::new();
    let file = place.out("own.csv");
    std::fs::write(&file, "event.congress.chance,faction.raiders.fighters\n0,700\n0,900\n").unwrap();
    let more = ["--design", file.to_str().unwrap(), "--replicates", "6", "--variants", "early-merger"];
    place.experiment("sweep", "out", &more);
    let results = Results::open(&place.out("out")).unwrap();
    let mergers = results.run_numbers("mergers").unwrap();
    for (key, mergers) in results.run_keys().unwrap().iter().zip(mergers) {
        assert!(key.variant == 0 || mergers > 0.5, "the lever calls the congress, whatever the point says: {key:?}");
    }
}

#[test]
fn a_point_that_cannot_be_run_is_rows_that_say_why() {
    let place = Place::new();
    let file = place.out("own.csv");
    // Shares of control that are possible one by one sum to more than 1 at the middle point.
    std::fs::write(&file, "zone.plain.control.state,zone.plain.control.raiders\n0.5,0.2\n0.6,0.7\n0.1,0.8\n").unwrap();
    let output = Command::cargo_bin("entente")
        .unwrap()
        .arg("sweep")
        .arg(&place.scenario)
        .args(["--no-charts", "--quiet", "--replicates", "3", "--design"])
        .arg(&file)
        .arg("--out")
        .arg(place.out("out"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let results = Results::open(&place.out("out")).unwrap();
    let failures = results.failures(9).unwrap();
    assert_eq!(failures.len(), 3);
    assert!(
        failures.iter().all(|(key, reason)| key.point == 1 && reason.contains("zone.plain.control.raiders = 0.7")),
        "{failures:?}"
    );
    assert_eq!(results.manifest().failures, 3);
}

#[test]
fn chunks_done_by_other_processes_in_any_order_give_the_same_results() {
    let place = Place::new();
    let more = ["--replicates", "96", "--variants", "early-merger"];
    let whole = place.experiment("compare", "whole", &more);
    let planned = place.experiment("plan", "planned", &[&more[..], &["--tasks", "6"]].concat());
    let chunks = planned["chunks"].as_u64().unwrap();
    assert_eq!((chunks, planned["runs"].as_u64().unwrap()), (6, 192));
    let folder = place.out("planned");
    let path = folder.to_str().unwrap();
    let chunk = |number: u64| entente(&["chunk", path, &number.to_string()]);
    for number in [4, 0, 5, 2, 1] {
        assert!(chunk(number).status.success());
    }
    let missing = entente(&["gather", path, "--quiet", "--no-charts"]);
    assert_eq!(missing.status.code(), Some(1));
    let told = String::from_utf8_lossy(&missing.stderr);
    assert!(told.contains("these are missing: 3\n") && told.contains(&format!("entente chunk {path} 3")), "{told}");
    assert_eq!(entente(&["gather", path, "--missing"]).stdout, b"3\n");
    let file = folder.join("chunks/0000000000-0000000001.0-96.chunk");
    let before = std::fs::metadata(&file).unwrap().modified().unwrap();
    assert!(chunk(0).status.success() && chunk(3).status.success());
    assert_eq!(std::fs::metadata(&file).unwrap().modified().unwrap(), before, "a chunk that is there is left alone");
    let nothing = chunk(6);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("there is no chunk 6: the plan has chunks 0 to 5"));
    let gathered = entente(&["gather", path, "--format", "json", "--no-charts"]);
    let gathered: Value = serde_json::from_slice(&gathered.stdout).unwrap();
    assert_eq!(gathered["result_digest"], whole["result_digest"]);
    assert_eq!(differences(&folder), differences(&place.out("whole")));
    assert!(chunk(2).status.success(), "what is finished needs no chunk");
    assert_eq!(chunk(6).status.code(), Some(2), "which it never had");
    assert!(entente(&["gather", path, "--missing"]).stdout.is_empty());
}

#[test]
fn the_flagship_can_be_planned_and_run_elsewhere() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("planned");
    let path = out.to_str().unwrap();
    let scenario = "configs/northern-mali-2023.toml";
    let more = ["--replicates", "1", "--variants", "no-merger,is-surge", "--tasks", "3", "--out", path];
    assert!(entente(&[&["plan", scenario][..], &more].concat()).status.success());
    let chunk = entente(&["chunk", path, "2"]);
    assert!(chunk.status.success(), "{}", String::from_utf8_lossy(&chunk.stderr));
}

#[test]
fn a_chunk_killed_at_any_moment_is_whole_or_absent() {
    let place = Place::new();
    let whole = place.experiment("run", "whole", &["--replicates", "64"]);
    place.experiment("plan", "planned", &["--replicates", "64", "--tasks", "2"]);
    let folder = place.out("planned");
    let path = folder.to_str().unwrap();
    for round in 0..16u64 {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("entente"))
            .args(["chunk", path, &(round % 2).to_string()])
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(2 + round * 9));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(entente(&["chunk", path, "0"]).status.success() && entente(&["chunk", path, "1"]).status.success());
    let gathered = entente(&["gather", path, "--format", "json", "--no-charts"]);
    let gathered: Value = serde_json::from_slice(&gathered.stdout).unwrap();
    assert_eq!(gathered["result_digest"], whole["result_digest"]);
    assert!(!folder.join("chunks").exists(), "nothing half-written is left");
}

#[test]
fn a_planned_scenario_that_was_changed_is_refused() {
    let place = Place::new();
    place.experiment("plan", "planned", &["--replicates", "40"]);
    let folder = place.out("planned");
    let file = folder.join("scenario.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("fighters = 3000", "fighters = 3001")).unwrap();
    let changed = entente(&["chunk", folder.to_str().unwrap(), "0"]);
    let told = String::from_utf8_lossy(&changed.stderr).into_owned();
    assert!(!changed.status.success() && told.contains("not the one that was planned"), "{told}");
}

#[test]
fn where_dialogue_is_open_talks_begin() {
    let with = |closed: &str, event: &str| {
        let text = VALLEYS.replace("civilian_harm = 0.2\n", &format!("civilian_harm = 0.2\n{closed}\n"));
        let scenario = crate::common::scenario(&format!("{text}\n{event}"));
        let model = Model::of(&scenario);
        let mut runner = Runner::new(&model, Keep { events: true, series: false });
        let names = &model.measures.names().0;
        let talks = |row: &&EventRow| {
            let pair = [Some(row.who), row.other].map(|who| who.map(|who| names[who as usize].as_str()));
            row.kind == EventKind::TalksOpened && pair.contains(&Some("state")) && pair.contains(&Some("raiders"))
        };
        (0..60).filter(|replicate| runner.run(5, *replicate).events.iter().any(|row| talks(&row))).count()
    };
    let closed = "closed_to = [\"raiders\"]";
    let event = "[[event]]\nid = \"opening\"\nname = \"Opening\"\ndate = 2024-02-01\n\
                 effect = { open_dialogue = { faction = \"state\", with = \"raiders\" } }";
    let (never, open) = (with(closed, ""), with(closed, event));
    assert_eq!(never, 0, "who refuses does not talk");
    assert!(open > with("", "") && open >= 6, "{open} of 60");
}

/// Points of a table, and what the runs at each are under: names, whole numbers, and shares that sum up.
#[test]
fn names_whole_numbers_and_shares_are_varied_like_numbers() {
    let place = Place::new();
    let unsure = r#"
[[uncertainty]]
path = "relation.raiders.front.stance"
values = ["war", "rivalry", "neutral"]

[[uncertainty]]
path = "scenario.splinters"
distribution = "choice"
choices = [1, 3]

[[composition]]
paths = ["faction.raiders.presence.border", "faction.raiders.presence.river", "faction.raiders.presence.plain"]
concentration = [6, 2, 2]

[[variant]]
id = "at-the-border"
title = "The raiders stay at the border"
changes = { "faction.raiders.presence" = { border = 1 } }
"#;
    let text = std::fs::read_to_string(&place.scenario).unwrap();
    std::fs::write(&place.scenario, format!("{text}\n{unsure}")).unwrap();
    let inputs = "relation.raiders.front.stance,scenario.splinters";
    for points in ["6", "9"] {
        let more = ["--design", "grid", "--points", points, "--inputs", inputs, "--replicates", "2"];
        place.experiment("sweep", &format!("grid-{points}"), &more);
        let text = std::fs::read_to_string(place.out(&format!("grid-{points}")).join("design.csv")).unwrap();
        let expected =
            format!("point,{inputs}\n0,war,1\n1,war,3\n2,rivalry,1\n3,rivalry,3\n4,neutral,1\n5,neutral,3\n");
        assert_eq!(text, expected);
    }
    let folder = place.out("grid-6");
    let target = entente::experiment::Target::of(Results::open(&folder).unwrap(), None, 3).unwrap();
    assert_eq!(target.scenario.file.scenario.splinters, 3);
    let both = ["raiders".to_owned(), "front".to_owned()];
    let relation = target.scenario.file.relation.iter().find(|relation| relation.between == both);
    assert_eq!(format!("{:?}", relation.unwrap().stance), "Rivalry");
    // The table of results is one of points; as a design of one's own it gives the same runs.
    let table = folder.join("design.csv");
    place.experiment("sweep", "again", &["--design", table.to_str().unwrap(), "--replicates", "2"]);
    let deaths = |folder: &str| Results::open(&place.out(folder)).unwrap().run_numbers("question.deaths").unwrap();
    assert_eq!(deaths("again"), deaths("grid-6"));
    let path = folder.to_str().unwrap().to_owned();
    let told = entente(&["sensitivity", &path, "--output", "bloc.leader", "--no-charts"]);
    assert!(refusal(&told).contains("holds words, such as"));
    // Shares sum up at every point, and are left to a variant that sets them.
    let more = ["--design", "sobol", "--points", "16", "--replicates", "2", "--variants", "at-the-border"];
    let summary = place.experiment("sweep", "shares", &more);
    assert_eq!(summary["failures"], 0);
    let results = Results::open(&place.out("shares")).unwrap();
    let design = results.design().unwrap().unwrap();
    let shares = |point: &[f64]| -> Vec<f64> {
        (0..point.len()).filter(|at| design.inputs[*at].contains("presence")).map(|at| point[at]).collect()
    };
    for point in design.points() {
        assert!(shares(point).len() == 3 && (shares(point).iter().sum::<f64>() - 1.0).abs() < 1e-9, "{point:?}");
    }
    // So do those that are drawn, of which the table says what they are.
    place.experiment("run", "drawn", &["--replicates", "8"]);
    let drawn = Results::open(&place.out("drawn")).unwrap().drawn_inputs().unwrap().unwrap();
    let stances: Vec<String> = (0..drawn.count())
        .flat_map(|point| drawn.values(point).collect::<Vec<_>>())
        .filter(|(path, _)| path.ends_with(".stance"))
        .map(|(_, value)| value.to_string())
        .collect();
    assert!(
        stances.len() == 4 && stances.iter().all(|stance| ["war", "rivalry", "neutral"].contains(&stance.as_str()))
    );
}

#[test]
fn tables_of_points_that_no_scenario_can_take_are_refused_at_once() {
    let place = Place::new();
    let file = place.out("own.csv");
    for (table, expected) in [
        ("faction.blue.outreach\n0.5\n1.5\n", "point 1: `faction.blue.outreach` is 1.5, expected 0 to 1"),
        ("faction.blue.outreech\n0.5\n", "did you mean `faction.blue.outreach`?"),
        ("scenario.splinters\n1.5\n", "point 0: `scenario.splinters` is 1.5, expected a whole number"),
        (
            "relation.raiders.front.stance\nwar\npeace\n",
            "point 1: `relation.raiders.front.stance` is peace, expected one of",
        ),
        ("point,faction.blue.outreach\n7,0.5\n", "line 2: the point is numbered 7"),
        (",faction.blue.outreach\n0,0.5\n", "column 1 has no name; it may be an index"),
    ] {
        std::fs::write(&file, table).unwrap();
        let scenario = place.scenario.to_str().unwrap();
        let out = place.out("out");
        let told =
            refusal(&entente(&["sweep", scenario, "--design", file.to_str().unwrap(), "--out", out.to_str().unwrap()]));
        assert!(told.contains(expected) && !out.exists(), "{table}: {told}");
    }
}

#[test]
fn wrong_names_and_designs_are_refused_with_the_nearest_right_one_and_nothing_is_written() {
    let place = Place::new();
    let scenario = place.scenario.to_str().unwrap();
    let out = place.out("out");
    let out = out.to_str().unwrap();
    for (arguments, expected) in [
        (vec!["compare", scenario, "--variants", "early-merge"], "did you mean `early-merger`?"),
        (vec!["compare", scenario, "--variants", "nothing,nothing"], "variant `nothing` is named twice"),
        (vec!["sweep", scenario, "--design", "sobel"], "did you mean `sobol`?"),
        (vec!["sweep", scenario, "--inputs", "faction.blue.outreech"], "did you mean `faction.blue.outreach`?"),
        (vec!["sweep", scenario, "--design", "grid", "--points", "5"], "a grid over 3 inputs needs 2 × 2^2 points"),
        (
            vec!["sweep", scenario, "--design", "nowhere.csv"],
            "nowhere.csv cannot be read as a table: there is no such file",
        ),
        (vec!["run", scenario, "--precision", "2"], "expected a share"),
        (vec!["run", scenario, "--max-replicates", "10"], "goes with --precision or --time-limit"),
        (vec!["plan", scenario, "--time-limit", "1 min"], "a plan knows nothing of time"),
        (vec!["plan", scenario, "--time", "1:00:00"], "--slurm"),
    ] {
        let told = refusal(&entente(&[&arguments[..], &["--out", out]].concat()));
        assert!(told.contains(expected), "{arguments:?}: {told}");
        assert!(!Path::new(out).exists(), "{arguments:?}");
    }
}
