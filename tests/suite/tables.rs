//! Analyses of tables that others wrote: names among inputs, gaps, codecs, and boxes like those of another program.

use assert_cmd::Command;
use entente::analysis::cases::Cases;
use entente::analysis::discovery::{Patience, Runs, peel};
use entente::analysis::scale::Scale;
use entente::record::NumberTable;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn entente(arguments: &[&str]) -> std::process::Output {
    Command::cargo_bin("entente").unwrap().args(arguments).output().unwrap()
}

/// What a command prints for people, on one line.
fn printed(arguments: &[&str]) -> String {
    let output = entente(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn found(arguments: &[&str]) -> serde_json::Value {
    let output = entente(&[arguments, &["--format", "json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The complaint about wrong input.
fn refused(arguments: &[&str]) -> String {
    let output = entente(arguments);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    message
}

fn table(folder: &Path, heads: &str, rows: impl Iterator<Item = String>) -> String {
    let path = folder.join("table.csv");
    let mut text = format!("{heads}\n");
    rows.for_each(|row| writeln!(text, "{row}").unwrap());
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// A number from 0 to 1 that looks drawn at random.
fn scattered(row: u32, of: u32) -> f64 {
    (f64::from(row) * [0.754_877_666, 0.569_840_291, 0.362_718_3][of as usize % 3] + f64::from(of) * 0.31).fract()
}

#[test]
fn boxes_are_those_of_ema_workbench() {
    let folder = fixtures().join("prim");
    let text = std::fs::read_to_string(folder.join("boxes.json")).unwrap();
    for expected in serde_json::from_str::<Vec<serde_json::Value>>(&text).unwrap() {
        let (name, output) = (expected["table"].as_str().unwrap(), expected["output"].as_str().unwrap());
        let table = NumberTable::open(&folder.join(format!("{name}.csv"))).unwrap();
        let inputs: Vec<String> = table.columns().iter().filter(|column| *column != output).cloned().collect();
        let cases = Cases::of_table(&table, &inputs, output).unwrap();
        let hits = cases.means();
        let runs = Runs::new(cases.points(), inputs.len(), &hits).unwrap().scaled(cases.scales());
        let peel_share = expected["peel"].as_f64().unwrap();
        let steps = peel(&runs, &Patience { peel: peel_share, ..Patience::default() }).steps;
        let expected = expected["steps"].as_array().unwrap();
        for (number, (step, expected)) in steps.iter().zip(expected).enumerate() {
            let place = format!("{name}, {peel_share}, box {number}");
            for (key, value) in [("coverage", step.coverage), ("density", step.density), ("mass", step.mass)] {
                assert!((expected[key].as_f64().unwrap() - value).abs() < 1e-12, "{place}: {key} {value}, {expected}");
            }
            let limited: Vec<&str> = step.limits.restricted().map(|input| inputs[input].as_str()).collect();
            let mut names: Vec<&str> = expected["box"].as_object().unwrap().keys().map(String::as_str).collect();
            names.sort_by_key(|name| inputs.iter().position(|input| input == name));
            assert_eq!(limited, names, "{place}");
            for input in step.limits.restricted() {
                let (limit, expected) = (&step.limits.0[input], &expected["box"][&inputs[input]]);
                if let Scale::Nominal(names) = &cases.scales()[input] {
                    assert_eq!(serde_json::json!(limit.names(names)), *expected, "{place}");
                    continue;
                }
                for (end, value) in [limit.range.low, limit.range.high].into_iter().enumerate() {
                    let expected = expected[end].as_f64();
                    assert_eq!(expected.is_some(), value.is_finite(), "{place}: {}", inputs[input]);
                    assert!(expected.is_none_or(|known| (known - value).abs() < 1e-9), "{place}: {value}");
                }
            }
        }
        assert_eq!(steps.len(), expected.len(), "{name}, {peel_share}");
    }
}

#[test]
fn names_are_inputs_like_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let policies = ["none", "late", "full", "partial"];
    let rows = (0..480).map(|row| {
        let policy = policies[(scattered(row, 1) * 4.0) as usize];
        let y = u8::from(scattered(row, 0) > 0.3 && ["late", "full"].contains(&policy));
        format!("{},{policy},{},{y}", scattered(row, 0), scattered(row, 2))
    });
    let path = table(folder.path(), "share,policy,other,y", rows);
    let asked = ["--inputs", "share,policy,other", "--output", "y"];
    let out = folder.path().join("out");
    let search = [&["discover", &path][..], &asked, &["--out", out.to_str().unwrap()]].concat();
    let seen = found(&search);
    assert_eq!(seen["box"]["policy"], serde_json::json!(["full", "late"]));
    assert!((seen["box"]["share"][0].as_f64().unwrap() - 0.3).abs() < 0.02, "{}", seen["box"]);
    assert!(std::fs::read_to_string(out.join("box.csv")).unwrap().contains("\npolicy,,,full; late,"));
    assert!(std::fs::read_to_string(out.join("charts/box.svg")).unwrap().contains("partial"));
    let text = printed(&search);
    assert!(text.contains("where share is at least 0.2") && text.contains("policy is full or late"), "{text}");
    // By the names alone: half of them have the outcome in 70% of their rows, so 0.35 / (1 − 0.35) of the variance.
    let indices = found(&[&["sensitivity", &path][..], &asked].concat());
    let value = |input: usize| indices["found"]["first"]["first"][input]["estimate"]["value"].as_f64().unwrap();
    assert!((value(1) - 0.35 / 0.65).abs() < 0.05 && value(2).abs() < 0.05, "{indices:#}");
    let refusal = refused(&[&["assumptions", &path][..], &asked, &["--above", "0.1"]].concat());
    assert!(refusal.contains("asked of numbers, and not of `policy`, which is a name"), "{refusal}");
    let words = refused(&["sensitivity", &path, "--inputs", "share,other", "--output", "policy"]);
    assert!(words.contains("column `policy`: found `") && words.contains("expected a number"), "{words}");
}

#[test]
fn rows_are_cases_and_gaps_are_no_failures() {
    let folder = tempfile::tempdir().unwrap();
    // Six kinds of rows only, each of which comes many times.
    let rows = (0..300).map(|row| {
        let (a, b) = (row % 2, row % 3);
        let y = if row % 10 == 9 { String::new() } else { u8::from(a == 1 && b > 0).to_string() };
        format!("{a},{b},{y}")
    });
    let path = table(folder.path(), "a,b,y", rows);
    let asked = [path.as_str(), "--inputs", "a,b", "--output", "y"];
    let text = printed(&[&["discover"][..], &asked].concat());
    assert!(text.contains("a is at least 1 and b is at least 1"), "{text}");
    for command in ["discover", "sensitivity"] {
        let text = printed(&[&[command][..], &asked].concat());
        assert!(text.contains("300 rows") && text.contains("30 ") && !text.contains("failed"), "{text}");
    }
    let text = printed(&[&["assumptions"][..], &asked].concat());
    assert!(text.contains("30 of 300 rows have no output"), "{text}");
}

#[test]
fn an_output_that_never_changes_and_inputs_that_do_nothing_are_said_to_be_such() {
    let folder = tempfile::tempdir().unwrap();
    let constant = |row: u32| if row.is_multiple_of(9) { "NA" } else { "2.5" };
    let rows = (0..90).map(|row| format!("{},{},{}", scattered(row, 0), scattered(row, 1), constant(row)));
    let path = table(folder.path(), "a,b,y", rows);
    let told = refused(&["sensitivity", &path, "--inputs", "a,b", "--output", "y"]);
    assert!(told.contains("`y` is the same in all 80 rows that have an output, 2.5: it never changes"), "{told}");
    // Of twenty inputs that do nothing, one or the other looks as if it did.
    let rows = (0..120u64).map(|row| {
        let number = |of: u64| {
            let mixed = (row * 31 + of + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            format!("{}", ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) % 10_000)
        };
        (0..21).map(number).collect::<Vec<_>>().join(",")
    });
    let heads: Vec<String> = (0..20).map(|input| format!("x{input}")).collect();
    let path = table(folder.path(), &format!("{},y", heads.join(",")), rows);
    let text = printed(&["sensitivity", &path, "--inputs", &heads.join(","), "--output", "y"]);
    assert!(text.contains("No input can be told from one that does nothing"), "{text}");
    assert!(!text.contains("matters most:"), "{text}");
}

#[test]
fn a_column_with_a_comma_in_its_name_is_named_in_quotes() {
    let folder = tempfile::tempdir().unwrap();
    let rows = (0..60).map(|row| format!("{},{},{}", scattered(row, 0), scattered(row, 1), scattered(row, 0)));
    let path = table(folder.path(), "\"mean, weighted\",b,y", rows);
    let seen = found(&["sensitivity", &path, "--inputs", "b,\"mean, weighted\"", "--output", "y"]);
    assert_eq!(seen["inputs"], serde_json::json!(["mean, weighted", "b"]));
    let level = ["--above", "0.5", "--best", "\"mean, weighted=0.9\",b=0.5"];
    let text =
        printed(&[&["assumptions", &path, "--inputs", "\"mean, weighted\",b", "--output", "y"][..], &level].concat());
    assert!(text.contains("moving mean, weighted from 0.9"), "{text}");
}

#[test]
fn tables_in_every_codec_hold_the_same() {
    let folder = fixtures().join("codecs");
    let mut seen = 0;
    let plain = NumberTable::open(&folder.join("polars-uncompressed.parquet")).unwrap();
    let inputs = ["a", "b", "policy"].map(String::from);
    let expected = Cases::of_table(&plain, &inputs, "y").unwrap();
    assert_eq!((expected.count(), expected.missing().without), (300, 6));
    assert_eq!(expected.scales()[1], Scale::Whole);
    assert_eq!(expected.scales()[2].names(), ["full", "none", "partial"]);
    let bits = |cases: &Cases| -> Vec<u64> {
        let outputs = (0..cases.count()).flat_map(|row| cases.outputs_of(row).to_vec());
        cases.points().iter().copied().chain(outputs).map(f64::to_bits).collect()
    };
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "parquet") {
            let cases = Cases::of_table(&NumberTable::open(&path).unwrap(), &inputs, "y").unwrap();
            assert!(bits(&cases) == bits(&expected) && cases.scales() == expected.scales(), "{}", path.display());
            seen += 1;
        }
    }
    assert_eq!(seen, 8);
}
