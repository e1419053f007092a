//! An experiment in parts: more of it later, others' parts, other processes, file systems as they are.

use crate::common::VALLEYS;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const VARIANT: &str = r#"
[[variant]]
id = "early-merger"
title = "The Front becomes one in January"
changes = { "event.congress.chance" = 1, "event.congress.date" = 2024-01-15 }
"#;

struct Place {
    root: TempDir,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let text = VALLEYS.replace("horizon = \"1 year\"", "horizon = \"6 months\"");
        std::fs::write(root.path().join("valleys.toml"), format!("{text}\n{VARIANT}")).unwrap();
        Self { root }
    }

    fn out(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn command(&self, command: &str, out: &str, more: &[&str]) -> Command {
        let mut entente = program();
        entente.arg(command).arg(self.out("valleys.toml")).args(["--no-charts", "--format", "json", "--out"]);
        entente.arg(self.out(out)).args(more);
        if !more.contains(&"--seed") {
            entente.args(["--seed", "5"]);
        }
        entente
    }

    fn experiment(&self, command: &str, out: &str, more: &[&str]) -> Value {
        told(&self.command(command, out, more).output().unwrap())
    }

    fn merge(&self, parts: &[&str], out: &str) -> Output {
        let mut entente = program();
        entente.arg("merge").args(parts.iter().map(|part| self.out(part)));
        entente.args(["--no-charts", "--format", "json", "--out"]).arg(self.out(out)).output().unwrap()
    }
}

fn program() -> Command {
    Command::new(assert_cmd::cargo::cargo_bin("entente"))
}

fn told(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn entente(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn more_replicates_go_on_from_those_that_are_there() {
    let place = Place::new();
    let whole = place.experiment("compare", "whole", &["--variants", "early-merger", "--replicates", "100"]);
    for replicates in ["30", "64", "100", "50"] {
        let grown = place.experiment("compare", "grown", &["--variants", "early-merger", "--replicates", replicates]);
        let held = replicates.parse::<u64>().unwrap().max(if replicates == "50" { 100 } else { 0 });
        assert_eq!((&grown["replicates"], &grown["reused"]), (&held.into(), &(replicates == "50").into()));
    }
    assert_eq!(
        place.experiment("compare", "grown", &["--variants", "early-merger", "--replicates", "100"])["result_digest"],
        whole["result_digest"]
    );
    for name in ["runs.parquet", "events.parquet", "series.parquet", "questions.csv", "differences.csv", "leaves.bin"] {
        let file = |folder: &str| std::fs::read(place.out(folder).join(name)).unwrap();
        assert!(file("grown") == file("whole"), "{name}");
    }
}

#[test]
fn until_it_has_grown_a_folder_holds_what_it_held() {
    let place = Place::new();
    let before = place.experiment("run", "out", &["--replicates", "20"]);
    let planned = place.experiment("plan", "out", &["--replicates", "80", "--tasks", "3"]);
    assert_eq!((&planned["chunks"], &planned["missing"]), (&3.into(), &"0-2".into()));
    let path = place.out("out");
    let path = path.to_str().unwrap();
    assert!(entente(&["chunk", path, "1"]).status.success());
    assert!(entente(&["report", path]).status.success());
    let manifest = std::fs::read_to_string(place.out("out/manifest.json")).unwrap();
    assert!(manifest.contains(before["result_digest"].as_str().unwrap()));
    assert!(entente(&["chunk", path, "0-2"]).status.success());
    let grown = told(&entente(&["gather", path, "--no-charts", "--format", "json"]));
    assert_eq!(grown["result_digest"], place.experiment("run", "whole", &["--replicates", "80"])["result_digest"]);
    assert!(!place.out("out/report.html").exists(), "a page of fewer runs is not left");
}

#[test]
fn parts_from_other_machines_are_merged() {
    let place = Place::new();
    let whole = place.experiment("run", "whole", &["--replicates", "150"]);
    place.experiment("run", "a", &["--replicates", "70"]);
    place.experiment("run", "b", &["--first", "70", "--replicates", "45"]);
    place.experiment("run", "c", &["--first", "115", "--replicates", "35"]);
    let merged = told(&place.merge(&["c", "a", "b"], "merged"));
    assert_eq!((&merged["result_digest"], &merged["replicates"]), (&whole["result_digest"], &150.into()));
    let file = |folder: &str, name: &str| std::fs::read(place.out(folder).join(name)).unwrap();
    for name in ["runs.parquet", "events.parquet", "series.parquet", "questions.csv", "inputs.parquet", "scenario.toml"]
    {
        assert!(file("merged", name) == file("whole", name), "{name}");
    }
    // One that holds what the other holds is the result, where they agree.
    let within = told(&place.merge(&["a", "whole", "b"], "within"));
    assert_eq!(within["result_digest"], whole["result_digest"]);
    let alone = told(&entente(&["replay", place.out("b").to_str().unwrap(), "--replicate", "80", "--format", "json"]));
    assert_eq!(alone["replicate"], 80);
    assert!(words(&entente(&["replay", place.out("b").to_str().unwrap(), "--replicate", "3"])).contains("70 to 114"));
}

#[test]
fn what_does_not_go_together_is_not_merged() {
    let place = Place::new();
    place.experiment("run", "a", &["--replicates", "40"]);
    place.experiment("run", "later", &["--first", "50", "--replicates", "10"]);
    place.experiment("run", "across", &["--first", "30", "--replicates", "20"]);
    place.experiment("run", "other", &["--replicates", "40", "--set", "faction.blue.outreach=0.61"]);
    place.experiment("run", "seed", &["--replicates", "40", "--seed", "6"]);
    for (parts, expected) in [
        (["a", "later"], "replicates 40 to 49 are in none of the results: `--first 40 --replicates 10` does them"),
        (["a", "across"], "both hold the replicates 30 to 39, and neither holds all of the other"),
        (["a", "other"], "are not of one experiment: their scenarios are"),
        (["a", "seed"], "are not of one experiment: their seeds are 5 and 6"),
    ] {
        let refused = place.merge(&parts, "merged");
        let told = words(&refused);
        assert_eq!(refused.status.code(), Some(2), "{told}");
        assert!(told.contains(expected), "{told}");
        assert!(!place.out("merged").exists(), "nothing is written");
    }
    let joins = place.command("run", "a", &["--first", "90", "--replicates", "5"]).output().unwrap();
    assert_eq!(joins.status.code(), Some(2));
    assert!(
        words(&joins).contains("holds the replicates 0 to 39 of this experiment, and 90 to 94 do not join on to them")
    );
}

#[test]
fn a_precision_is_reached_after_the_same_replicates_whatever_the_chunks() {
    let place = Place::new();
    let of = |name: &str, more: &[&str]| place.experiment("run", name, &[&["--precision", "0.05"], more].concat());
    let first = of("0", &[]);
    for (name, chunk, threads) in [("1", "1", "1"), ("2", "100000", "2"), ("3", "70", "2")] {
        let other = of(name, &["--chunk-size", chunk, "--threads", threads]);
        assert_eq!(other["result_digest"], first["result_digest"], "{chunk}");
        assert_eq!(other["stopping"], first["stopping"]);
    }
    let replicates = first["replicates"].as_u64().unwrap();
    place.experiment("run", "grown", &["--replicates", "100"]);
    assert_eq!(of("grown", &[])["result_digest"], first["result_digest"], "it goes on from what is there");
    place.experiment("run", "more", &["--replicates", "3000"]);
    assert_eq!(of("more", &[])["replicates"], 3000, "what is there counts");
    let fixed = place.experiment("run", "fixed", &["--replicates", &replicates.to_string()]);
    assert_eq!(fixed["result_digest"], first["result_digest"]);
}

#[test]
fn a_plan_with_a_precision_works_in_rounds() {
    let place = Place::new();
    place.experiment("plan", "out", &["--precision", "0.002", "--max-replicates", "3000", "--tasks", "2"]);
    let path = place.out("out");
    let path = path.to_str().unwrap();
    for round in 0..5 {
        assert!(entente(&["chunk", path, "0-1", "--threads", "2"]).status.success());
        let gathered = entente(&["gather", path, "--no-charts", "--format", "json"]);
        match gathered.status.code() {
            Some(75) => assert!(words(&gathered).contains("are planned now, and the chunks"), "{}", words(&gathered)),
            _ => {
                let stopping = &told(&gathered)["stopping"];
                let precise = stopping["half_width"].as_f64().unwrap() <= 0.002;
                assert_eq!(stopping["reason"], if precise { "precise" } else { "all_replicates" });
                assert!(round > 0, "a thousand replicates are not enough");
                return;
            }
        }
    }
    panic!("never precise enough");
}

#[test]
fn a_chunk_that_another_process_does_is_left_with_try_again() {
    let place = Place::new();
    place.experiment("plan", "out", &["--replicates", "96", "--tasks", "3"]);
    let path = place.out("out");
    let held = std::fs::File::create(path.join("chunks/task-1.lock")).unwrap();
    held.lock().unwrap();
    let path = path.to_str().unwrap();
    let left = entente(&["chunk", path, "0-2"]);
    assert_eq!(left.status.code(), Some(75));
    assert!(words(&left).contains("at work on the chunks 1;"), "{}", words(&left));
    assert_eq!(entente(&["gather", path, "--missing"]).stdout, b"1\n", "the others are done");
    drop(held);
    assert!(entente(&["chunk", path, "0:1"]).status.success());
    assert!(entente(&["gather", path, "--missing"]).stdout.is_empty());
}

/// Compiles a library that stands in for `flock`; none where there is no C compiler.
#[cfg(target_os = "linux")]
fn shim(folder: &Path, body: &str) -> Option<PathBuf> {
    let (source, library) = (folder.join("shim.c"), folder.join("shim.so"));
    let head = "#include <errno.h>\n#include <fcntl.h>\n#include <stdlib.h>\n#include <sys/file.h>\n";
    std::fs::write(&source, format!("{head}int flock(int file, int how) {{ {body} }}\n")).unwrap();
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status();
    built.is_ok_and(|status| status.success()).then_some(library)
}

/// Locks that fail in every way, that always succeed, and those of NFS, which want a file that may be read to share it and written to have it.
#[cfg(target_os = "linux")]
#[test]
fn no_file_system_is_too_poor() {
    let place = Place::new();
    let whole = place.experiment("run", "whole", &["--replicates", "64"]);
    let nfs = "int mode = fcntl(file, F_GETFL) & O_ACCMODE; \
               if ((how & LOCK_SH) && mode == O_WRONLY || (how & LOCK_EX) && mode == O_RDONLY) { errno = EBADF; return -1; } return 0;";
    let fails = ["ENOSYS", "EOPNOTSUPP", "ENOLCK", "EBADF"].map(|error| format!("errno = {error}; return -1;"));
    for (number, body) in fails.iter().map(String::as_str).chain(["return 0;", nfs]).enumerate() {
        let Some(library) = shim(place.root.path(), body) else { return };
        let under = |command: &mut Command| {
            let output = command.env("LD_PRELOAD", &library).output().unwrap();
            assert!(output.status.success(), "{body}: {}", words(&output));
            output
        };
        let out = format!("planned-{number}");
        let path = place.out(&out);
        under(&mut place.command("plan", &out, &["--replicates", "64", "--tasks", "2"]));
        // A chunk that is at work while the plan is made again.
        let part = path.join("chunks/.entente-other.part");
        std::fs::write(&part, "half").unwrap();
        under(&mut place.command("plan", &out, &["--replicates", "64", "--tasks", "2"]));
        assert!(part.exists(), "{body}: what another process writes is left alone");
        for chunk in ["0", "1", "0"] {
            under(program().arg("chunk").arg(&path).arg(chunk));
        }
        let gathered = under(program().arg("gather").arg(&path).args(["--no-charts", "--format", "json"]));
        assert_eq!(told(&gathered)["result_digest"], whole["result_digest"]);
        let run = under(&mut place.command("run", &format!("run-{number}"), &["--replicates", "64"]));
        assert_eq!(told(&run)["result_digest"], whole["result_digest"]);
    }
}

#[test]
fn folders_that_were_prepared_are_empty_and_names_are_one_line() {
    let place = Place::new();
    std::fs::create_dir_all(place.out("prepared/charts/deep")).unwrap();
    place.experiment("run", "prepared", &["--replicates", "5"]);
    let refused = place.command("plan", "a\nrm -r x", &["--replicates", "5", "--slurm"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(words(&refused).contains("found '\\n' in the name of the folder"), "{}", words(&refused));
    assert!(refused.stdout.is_empty() && !place.out("a\nrm -r x").exists());
}
