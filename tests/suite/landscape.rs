//! The static landscape through the command line: the Syrian case, tables, scenarios, and simulations held against it.

use crate::common::VALLEYS;
use std::path::Path;
use std::process::Output;

fn entente(arguments: &[&str]) -> Output {
    assert_cmd::Command::cargo_bin("entente").unwrap().args(arguments).output().unwrap()
}

fn landscape(file: &str, out: &Path, more: &[&str]) -> serde_json::Value {
    let mut arguments = vec!["landscape", file, "--format", "json", "--out", out.to_str().unwrap()];
    arguments.extend(more);
    let output = entente(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refused(arguments: &[&str]) -> String {
    let output = entente(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_syrian_case_settles_as_published() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("syria");
    let json = landscape("configs/landscape-syria.toml", &out, &[]);
    let found = &json["found"];
    let near = |value: &serde_json::Value, wanted: f64| (value.as_f64().unwrap() - wanted).abs() < 1e-6;
    assert!(near(&found["configurations"], 1024.0));
    assert!(near(&found["lowest"][0]["energy"], -83_200.0) && near(&found["lowest"][1]["energy"], -82_400.0));
    assert_eq!(found["two_blocs_count"], 1);
    let minimum = &found["two_blocs"][0];
    assert!(near(&minimum["basin"]["value"], 1.0));
    let sides: Vec<u64> =
        minimum["configuration"]["blocs"].as_array().unwrap().iter().map(|bloc| bloc.as_u64().unwrap()).collect();
    let other: Vec<&str> = (json["actors"].as_array().unwrap().iter().zip(&sides))
        .filter(|(_, side)| **side == 1)
        .map(|(actor, _)| actor.as_str().unwrap())
        .collect();
    assert_eq!(other, ["Turkey", "ISIS", "Nusra Front"]);
    for file in ["report.html", "minima.csv", "frustration.csv", "charts/landscape.svg", "charts/landscape.png"] {
        assert!(out.join(file).is_file(), "{file}");
    }
    // Written again it is the same; with other content the folder is left alone.
    let before = std::fs::read(out.join("minima.csv")).unwrap();
    landscape("configs/landscape-syria.toml", &out, &[]);
    assert_eq!(std::fs::read(out.join("minima.csv")).unwrap(), before);
    let foreign = root.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("note.txt"), "mine").unwrap();
    let said = refused(&["landscape", "configs/landscape-syria.toml", "--out", foreign.to_str().unwrap()]);
    assert!(said.contains("is not empty"), "{said}");
    assert_eq!(std::fs::read_dir(&foreign).unwrap().count(), 1);
}

#[test]
fn weights_that_are_no_three_numbers_are_refused() {
    for weights in ["1,1,1,oops", "1,1", "1,1,1,1", "1,x,1", "0,0,0", "1,-1,1", ""] {
        let said = refused(&["landscape", "configs/landscape-syria.toml", "--weights", weights]);
        assert!(said.contains("expected three numbers"), "{weights}: {said}");
    }
}

#[test]
fn a_matrix_is_read_by_its_content() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("three.txt");
    std::fs::write(&file, "actor,size,a,b,c\na,2,,1,-1\nb,2,1,,-1\nc,3,-1,-1,\n").unwrap();
    let json = landscape(file.to_str().unwrap(), &root.path().join("out"), &[]);
    assert_eq!(json["found"]["two_blocs"][0]["configuration"]["blocs"], serde_json::json!([0, 0, 1]));
    let said = refused(&["landscape", file.to_str().unwrap(), "--variant", "x"]);
    assert!(said.contains("--variant and --set are for scenarios"), "{said}");
    std::fs::write(&file, "actor,size,a,b\na,2,,many\nb,2,1,\n").unwrap();
    let said = refused(&["landscape", file.to_str().unwrap()]);
    assert!(said.contains("column 4 of `a` is `many`, expected a number"), "{said}");
    // As spreadsheets save it: with a byte order mark and quotes; what they part otherwise is told.
    std::fs::write(&file, "\u{feff}\"actor\",\"size\",\"a\",\"b\"\r\n\"a\",2,,1\r\n\"b\",2,1,\r\n").unwrap();
    let json = landscape(file.to_str().unwrap(), &root.path().join("marked"), &[]);
    assert_eq!(json["actors"], serde_json::json!(["a", "b"]));
    let named = root.path().join("three.csv");
    for (text, reason) in [
        ("actor;size;a;b\na;2;;1\nb;2;1;\n", "semicolons part its columns"),
        ("actor\tsize\ta\tb\na\t2\t\t1\nb\t2\t1\t\n", "tabs part its columns"),
        ("actor,size,a,a\na,2,,1\na,2,1,\n", "the actor `a` stands twice"),
        ("name,weight,a,b\na,2,,1\nb,2,1,\n", "begins with `name,weight`, expected `actor,size,<names>`"),
    ] {
        std::fs::write(&named, text).unwrap();
        let said = refused(&["landscape", named.to_str().unwrap()]);
        assert!(said.contains(reason) && !said.contains("TOML"), "{said}");
    }
    let twice = "[landscape]\ntitle = 't'\nsource = 's'\nactors = ['\u{e9}', 'e\u{301}']\nsizes = [1, 1]\nratings = [[0, 1], [1, 0]]\n";
    std::fs::write(&named, twice).unwrap();
    std::fs::rename(&named, &file).unwrap();
    assert!(refused(&["landscape", file.to_str().unwrap()]).contains("stands twice"));
}

#[test]
fn simulated_coalitions_are_held_against_the_start() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("valleys.toml");
    std::fs::write(&file, VALLEYS).unwrap();
    let (file, results) = (file.to_str().unwrap(), root.path().join("results"));
    let results = results.to_str().unwrap();
    let run = entente(&["run", file, "--replicates", "60", "--no-charts", "--quiet", "--out", results]);
    assert!(run.status.success());
    let out = root.path().join("out");
    let json = landscape(file, &out, &["--with", results]);
    assert_eq!(json["actors"].as_array().unwrap().len(), 5);
    let fits = json["with_simulation"].as_array().unwrap();
    assert_eq!(fits.len(), 8, "four criteria, by alliances and by pacts");
    for fit in fits {
        for of in ["simulated", "random"] {
            let number = |key: &str| fit[of][key].as_f64().unwrap();
            assert!(number("n") > 0.0 && (0.0..=1.0).contains(&number("value")));
            assert!(number("low") <= number("value") + 1e-9 && number("value") - 1e-9 <= number("high"));
        }
    }
    assert!(out.join("simulated.csv").is_file());
    // Of several variants those runs count that are of the landscape's own scenario.
    let standoff = "configs/three-way-standoff.toml";
    let fits_of = |arguments: &[&str], name: &str| {
        let results = root.path().join(name);
        let results = results.to_str().unwrap();
        let usual = ["--replicates", "40", "--no-charts", "--quiet", "--out", results];
        assert!(entente(&[arguments, &usual[..]].concat()).status.success());
        let out = root.path().join(format!("{name}-out"));
        landscape(standoff, &out, &["--variant", "old-feud", "--with", results])["with_simulation"].clone()
    };
    let of_both = fits_of(&["compare", standoff, "--variants", "old-feud"], "both");
    assert_eq!(of_both, fits_of(&["run", standoff, "--variant", "old-feud"], "alone"));
    let said = refused(&["landscape", standoff, "--with", results]);
    assert!(said.contains("whose factions are not those of"), "{said}");
    let said = refused(&["landscape", "configs/landscape-syria.toml", "--with", results]);
    assert!(said.contains("--with needs a scenario"), "{said}");
    let said = refused(&["landscape", file, "--weights", "1,2"]);
    assert!(said.contains("three numbers"), "{said}");
}
