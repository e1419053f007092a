//! The results folder keeps its promises, through the command line.

use assert_cmd::Command;
use entente::record::{Results, TableReader};
use std::collections::BTreeMap;
use std::path::Path;

const SCENARIO: &str = "configs/three-way-standoff.toml";

fn entente(arguments: &[&str]) -> std::process::Output {
    Command::cargo_bin("entente").unwrap().args(arguments).output().unwrap()
}

/// Runs 40 replicates of the small scenario into a folder; gives the printed summary.
fn run(out: &Path, more: &[&str]) -> serde_json::Value {
    run_of(SCENARIO, out, more)
}

fn run_of(scenario: &str, out: &Path, more: &[&str]) -> serde_json::Value {
    let mut arguments =
        vec!["run", scenario, "--replicates", "40", "--format", "json", "--no-charts", "--out", out.to_str().unwrap()];
    arguments.extend(more);
    let output = entente(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn manifest(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

/// Every file of a folder with its content.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        found.insert(entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap());
    }
    found
}

#[test]
fn threads_and_chunk_sizes_give_the_same_bytes() {
    let root = tempfile::tempdir().unwrap();
    let mut digests = Vec::new();
    let mut tables = Vec::new();
    for (name, more) in [
        ("a", ["--threads", "1", "--chunk-size", "32"]),
        ("b", ["--threads", "2", "--chunk-size", "32"]),
        ("c", ["--threads", "5", "--chunk-size", "3"]),
        ("d", ["--threads", "2", "--chunk-size", "1000"]),
    ] {
        let folder = root.path().join(name);
        digests.push(run(&folder, &more)["result_digest"].clone());
        let mut files = contents(&folder);
        files.remove("manifest.json");
        tables.push(files);
    }
    for other in 1..digests.len() {
        assert_eq!(digests[0], digests[other]);
        assert_eq!(tables[0], tables[other]);
    }
    assert_ne!(run(&root.path().join("e"), &["--seed", "99"])["result_digest"], digests[0]);
}

#[test]
fn the_folder_holds_what_the_manifest_says_and_nothing_else() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("results");
    run(&folder, &["--keep", "series"]);
    let manifest = manifest(&folder);
    let mut expected = vec![".lock".to_owned(), "manifest.json".to_owned()];
    for file in manifest["files"].as_array().unwrap() {
        let name = file["name"].as_str().unwrap();
        let content = std::fs::read(folder.join(name)).unwrap();
        assert_eq!(file["bytes"], content.len() as u64, "{name}");
        assert_eq!(file["blake3"], blake3::hash(&content).to_hex().as_str(), "{name}");
        expected.push(name.to_owned());
    }
    expected.sort();
    assert_eq!(contents(&folder).into_keys().collect::<Vec<_>>(), expected);
    for name in ["runs.parquet", "events.parquet", "series.parquet", "series_runs.parquet", "questions.csv"] {
        assert!(expected.contains(&name.to_owned()), "{name}");
    }
    assert_eq!(manifest["runs"], 40);
    assert_eq!(manifest["files"][0]["rows"], 40);
    let questions = std::fs::read_to_string(folder.join("questions.csv")).unwrap();
    assert!(questions.starts_with("question,variant,kind,probability,median,low,high,n,luck,scenario,weights,moves\n"));
    assert!(questions.lines().skip(1).all(|line| line.contains(",baseline,") && line.split(',').nth(7) == Some("40")));
}

#[test]
fn the_resolved_scenario_gives_the_same_results() {
    let root = tempfile::tempdir().unwrap();
    let first = run(&root.path().join("first"), &["--set", "faction.traders.outreach=0.9", "--seed", "5"]);
    let resolved = root.path().join("first/scenario.toml");
    let again = run_of(resolved.to_str().unwrap(), &root.path().join("again"), &["--seed", "5"]);
    assert_eq!(first["result_digest"], again["result_digest"]);
}

#[test]
fn keeping_more_changes_no_result() {
    let root = tempfile::tempdir().unwrap();
    let plain = run(&root.path().join("plain"), &[]);
    let kept = run(&root.path().join("kept"), &["--keep", "series"]);
    assert_eq!(plain["result_digest"], kept["result_digest"]);
}

#[test]
fn the_series_of_runs_are_those_of_which_the_summaries_are() {
    let root = tempfile::tempdir().unwrap();
    let more = ["--keep", "series", "--set", "scenario.horizon=\"14 months\""];
    run_of("configs/northern-mali-2023.toml", root.path(), &more);
    let table = TableReader::open(&root.path().join("series_runs.parquet")).unwrap();
    let results = Results::open(root.path()).unwrap();
    let series = results.series(|_| true).unwrap();
    let moments = series.values().map(|(_, points)| points.len()).max().unwrap();
    assert_eq!(table.rows(), 40 * moments as u64);
    assert_eq!(table.columns().len(), 5 + series.len(), "each measure has one column");
    let mut sums: Vec<BTreeMap<i64, (u64, f64)>> = vec![BTreeMap::new(); series.len()];
    let columns: Vec<&str> = ["date"].into_iter().chain(series.keys().map(|key| key.measure.as_str())).collect();
    let read = table.each_group(&columns, None, |rows, values| {
        for row in 0..rows {
            let day = values[0].int(row).unwrap();
            for (sums, values) in sums.iter_mut().zip(&values[1..]) {
                if let Some(value) = values.number(row) {
                    let (n, sum) = sums.entry(day).or_default();
                    (*n, *sum) = (*n + 1, *sum + value);
                }
            }
        }
        Ok(())
    });
    read.unwrap();
    let few = series.values().filter(|(_, points)| points.len() == 4).count();
    assert!(few > 100, "{few} measures are taken at the start, after half a year and a year, and at the end");
    for ((key, (_, points)), sums) in series.iter().zip(&sums) {
        assert_eq!(points.len(), sums.len(), "{}", key.measure);
        for (point, (day, (n, sum))) in points.iter().zip(sums) {
            assert_eq!((i64::from(point.date.days_since_1970()), point.n), (*day, *n), "{}", key.measure);
            assert!((point.mean - sum / 40.0).abs() < 1e-6 * (1.0 + point.mean), "{}: {}", key.measure, point.mean);
        }
    }
}

#[test]
fn what_is_changed_and_what_is_kept_otherwise_is_told() {
    let root = tempfile::tempdir().unwrap();
    let changed =
        ["run", SCENARIO, "--replicates", "8", "--no-charts", "--set", "faction.highlanders.fighters=900", "--out"];
    let changed = [&changed[..], &[root.path().to_str().unwrap()]].concat();
    let told = entente(&changed);
    let told = String::from_utf8_lossy(&told.stdout).replace('\n', " ");
    assert!(told.contains("Changed from what the file says: faction.highlanders.fighters = 900."), "{told}");
    let refused = entente(&[&changed[..], &["--keep", "series"]].concat());
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(told.starts_with("error: ") && told.contains("holds this experiment without `--keep series`"), "{told}");
    assert_eq!(entente(&changed).status.code(), Some(0));
}

#[test]
fn finished_results_are_reused_and_say_so() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("results");
    let first = run(&folder, &[]);
    assert_eq!(first["reused"], false);
    let before = contents(&folder);
    let second = run(&folder, &["--threads", "1"]);
    assert_eq!(second["reused"], true);
    assert_eq!(second["questions"], first["questions"]);
    assert_eq!(contents(&folder), before);
    assert_eq!(run(&folder, &["--force"])["reused"], false);
}

#[test]
fn other_content_is_refused_and_left_alone() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("results");
    run(&folder, &[]);
    let before = contents(&folder);
    let path = folder.to_str().unwrap();
    let other = ["run", SCENARIO, "--replicates", "40", "--no-charts", "--seed", "6", "--out", path];
    let refused = entente(&other);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("holds another experiment"));
    assert_eq!(contents(&folder), before);

    std::fs::write(root.path().join("letter.txt"), "dear reader").unwrap();
    let refused =
        entente(&["run", SCENARIO, "--replicates", "40", "--no-charts", "--out", root.path().to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--force"));

    let mut forced = other.to_vec();
    forced.push("--force");
    assert!(entente(&forced).status.success());
    assert_eq!(manifest(&folder)["seed"], 6);
}

#[test]
fn a_report_is_drawn_and_drawn_again() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("results");
    let arguments = ["run", SCENARIO, "--replicates", "20", "--quiet", "--out", folder.to_str().unwrap()];
    let output = entente(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.is_empty() && output.stderr.is_empty());
    let report = std::fs::read(folder.join("report.html")).unwrap();
    assert!(report.starts_with(b"<!DOCTYPE html>"));
    let charts: Vec<_> = std::fs::read_dir(folder.join("charts")).unwrap().flatten().collect();
    assert_eq!(charts.len(), 28, "fourteen charts, as SVG and PNG");

    std::fs::remove_file(folder.join("report.html")).unwrap();
    assert!(entente(&arguments).status.success());
    assert_eq!(std::fs::read(folder.join("report.html")).unwrap(), report);
    let written = entente(&["report", folder.to_str().unwrap()]);
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    assert_eq!(std::fs::read(folder.join("report.html")).unwrap(), report);
}

#[test]
fn a_report_needs_results() {
    let root = tempfile::tempdir().unwrap();
    let output = entente(&["report", root.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("it has no manifest.json"));
}

#[test]
fn every_column_is_documented() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("results");
    run(&folder, &[]);
    let documented = std::fs::read_to_string("docs/results.md").unwrap();
    let results = entente::record::Results::open(&folder).unwrap();
    let mut names = results.run_columns().unwrap();
    names.extend(results.series(|_| true).unwrap().into_keys().map(|key| key.measure));
    for name in names {
        let family = name.split('.').next().unwrap();
        assert!(
            documented.contains(&format!("`{family}`")) || documented.contains(&format!("`{family}.")),
            "docs/results.md does not tell of `{name}`"
        );
    }
}
