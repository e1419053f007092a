//! Whatever happens to the process, the disk or the files: nothing is lost, nothing half-written, and the error says so.

use assert_cmd::Command;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::time::Duration;

const SCENARIO: &str = "configs/three-way-standoff.toml";

fn arguments(out: &Path, replicates: &str) -> Vec<String> {
    [
        "run",
        SCENARIO,
        "--replicates",
        replicates,
        "--chunk-size",
        "16",
        "--threads",
        "2",
        "--no-charts",
        "--format",
        "json",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain(["--out".to_owned(), out.to_str().unwrap().to_owned()])
    .collect()
}

fn run(out: &Path, replicates: &str) -> std::process::Output {
    Command::cargo_bin("entente").unwrap().args(arguments(out, replicates)).output().unwrap()
}

fn start(out: &Path, replicates: &str) -> Child {
    Process::new(assert_cmd::cargo::cargo_bin("entente"))
        .args(arguments(out, replicates))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn digest(output: &std::process::Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    summary["result_digest"].as_str().unwrap().to_owned()
}

fn chunks(out: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(out.join("chunks")).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "chunk"));
    found.sort();
    found
}

/// Lets a run go on until it has finished some chunks, then kills it.
fn leave_unfinished(out: &Path, replicates: &str) {
    let mut child = start(out, replicates);
    while chunks(out).len() < 3 {
        assert!(child.try_wait().unwrap().is_none(), "it was done before it could be killed");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn killed_at_any_moment_it_goes_on_to_the_same_results() {
    let root = tempfile::tempdir().unwrap();
    let expected = digest(&run(&root.path().join("whole"), "160"));
    let out = root.path().join("killed");
    // Later and later moments, from before the first file to after the last.
    for round in 0..24u64 {
        let mut child = start(&out, "160");
        std::thread::sleep(Duration::from_millis(3 + round * 7));
        child.kill().unwrap();
        child.wait().unwrap();
        let before = chunks(&out).len();
        if round % 6 == 5 && !out.join("manifest.json").exists() {
            assert!(before <= 10, "no more chunks than the plan has");
        }
    }
    let finished = run(&out, "160");
    assert_eq!(digest(&finished), expected);
    let mut left: Vec<_> = std::fs::read_dir(&out).unwrap().flatten().map(|entry| entry.file_name()).collect();
    left.sort();
    let expected_files = [
        ".lock",
        "events.parquet",
        "inputs.parquet",
        "leaves.bin",
        "manifest.json",
        "questions.csv",
        "runs.parquet",
        "scenario.toml",
        "series.parquet",
    ];
    assert_eq!(left, expected_files, "nothing half-written is left");
}

#[test]
fn finished_chunks_are_not_done_again() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    leave_unfinished(&out, "20000");
    let before: Vec<_> =
        chunks(&out).iter().map(|path| (path.clone(), std::fs::metadata(path).unwrap().modified().unwrap())).collect();
    let mut child = start(&out, "20000");
    while chunks(&out).len() <= before.len() {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for (path, time) in before {
        assert_eq!(std::fs::metadata(&path).unwrap().modified().unwrap(), time, "{}", path.display());
    }
}

#[test]
fn a_damaged_chunk_is_named_and_done_again() {
    let root = tempfile::tempdir().unwrap();
    let expected = digest(&run(&root.path().join("whole"), "1600"));
    let out = root.path().join("out");
    leave_unfinished(&out, "1600");
    let damaged = chunks(&out)[1].clone();
    let mut bytes = std::fs::read(&damaged).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    std::fs::write(&damaged, bytes).unwrap();
    let finished = run(&out, "1600");
    assert_eq!(digest(&finished), expected);
    let told = String::from_utf8_lossy(&finished.stderr);
    assert!(told.contains(damaged.file_name().unwrap().to_str().unwrap()), "{told}");
    assert!(told.contains("set aside"), "{told}");
}

#[test]
fn two_processes_do_not_share_a_folder() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    let mut first = start(&out, "20000");
    while chunks(&out).is_empty() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let second = run(&out, "20000");
    assert_eq!(second.status.code(), Some(75), "it may be tried again");
    assert!(String::from_utf8_lossy(&second.stderr).contains("another process is at work in"));
    first.kill().unwrap();
    first.wait().unwrap();
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_cleanly_and_says_how_to_go_on() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    for signal in ["-INT", "-TERM"] {
        let child = start(&out, "20000");
        let before = chunks(&out).len();
        while chunks(&out).len() <= before {
            std::thread::sleep(Duration::from_millis(2));
        }
        assert!(Process::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(130));
        let told = String::from_utf8_lossy(&ended.stderr);
        assert!(told.contains("the same command goes on from there"), "{told}");
        assert!(!chunks(&out).is_empty());
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let locked = root.path().join("locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::set_permissions(&locked, PermissionsExt::from_mode(0o555)).unwrap();
    // Permissions do not bind the superuser, for whom a file in the way does the same.
    let out = match std::fs::write(locked.join("probe"), "") {
        Err(_) => locked.join("out"),
        Ok(()) => locked.join("probe/out"),
    };
    let output = run(&out, "10");
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("cannot ") && told.contains("out"), "{told}");
    assert!(!out.exists());
    std::fs::set_permissions(&locked, PermissionsExt::from_mode(0o755)).unwrap();
}

/// A file of another experiment, a changed byte, a changed manifest or a file too many: every reader names it.
#[test]
fn whatever_reads_results_names_the_file_that_is_not_theirs() {
    let root = tempfile::tempdir().unwrap();
    let (good, other) = (root.path().join("good"), root.path().join("other"));
    digest(&run(&good, "40"));
    digest(&run(&other, "60"));
    let bad = root.path().join("bad");
    let told = |name: &str, spoil: &dyn Fn(&Path)| {
        for arguments in [&["report"][..], &["coalitions"], &["gather"], &["explain", "--question", "pact"]] {
            let _ = std::fs::remove_dir_all(&bad);
            std::fs::create_dir(&bad).unwrap();
            for entry in std::fs::read_dir(&good).unwrap().flatten().filter(|entry| entry.path().is_file()) {
                std::fs::copy(entry.path(), bad.join(entry.file_name())).unwrap();
            }
            spoil(&bad.join(name));
            let mut command = Command::cargo_bin("entente").unwrap();
            let output = command.arg(arguments[0]).arg(&bad).args(&arguments[1..]).output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{arguments:?}, {name}: {told}");
            assert!(told.contains(name) && !told.contains("panicked"), "{arguments:?}, {name}: {told}");
        }
    };
    for name in ["runs.parquet", "series.parquet", "questions.csv", "scenario.toml"] {
        told(name, &|path| {
            let mut bytes = std::fs::read(path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(path, bytes).unwrap();
        });
    }
    told("events.parquet", &|path| {
        std::fs::copy(other.join("events.parquet"), path).unwrap();
    });
    told("design.csv", &|path| std::fs::write(path, "point,a\n0,1\n").unwrap());
    told("manifest.json", &|path| {
        let text = std::fs::read_to_string(path).unwrap();
        std::fs::write(path, text.replace("\"replicates\": 40", "\"replicates\": 4000000000")).unwrap();
    });
}

/// The map's outlines go with the results, and where they were does not matter.
#[test]
fn a_results_folder_that_is_moved_draws_the_same_map() {
    let root = tempfile::tempdir().unwrap();
    let (here, out) = (root.path().join("here"), root.path().join("out"));
    std::fs::create_dir(&here).unwrap();
    let text = std::fs::read_to_string(SCENARIO).unwrap();
    let text = text.replacen("[scenario]\n", "[scenario]\nboundaries = \"land.geojson\"\n", 1);
    std::fs::write(here.join("s.toml"), text).unwrap();
    let land = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"heights"},
        "geometry":{"type":"Polygon","coordinates":[[[0,0],[3,0],[3,2],[0,2],[0,0]]]}}]}"#;
    std::fs::write(here.join("land.geojson"), land).unwrap();
    let entente = |arguments: &[&str], folder: &Path| {
        let mut command = Command::cargo_bin("entente").unwrap();
        command.arg(arguments[0]).args(&arguments[1..]).arg(folder).arg("--quiet").assert().success();
    };
    entente(&["run", here.join("s.toml").to_str().unwrap(), "--replicates", "5", "--out"], &out);
    let map = std::fs::read_to_string(out.join("charts/map.svg")).unwrap();
    assert_eq!(std::fs::read_to_string(out.join("outlines.geojson")).unwrap(), land);
    let resolved = std::fs::read_to_string(out.join("scenario.toml")).unwrap();
    assert!(resolved.contains("boundaries = \"outlines.geojson\""), "{resolved}");
    std::fs::remove_dir_all(&here).unwrap();
    let moved = root.path().join("moved");
    std::fs::rename(&out, &moved).unwrap();
    std::fs::remove_dir_all(moved.join("charts")).unwrap();
    entente(&["report"], &moved);
    assert!(map == std::fs::read_to_string(moved.join("charts/map.svg")).unwrap(), "another map");
}

/// A file of outlines that is not there, or is none, is an error of every command that takes it.
#[test]
fn outlines_that_cannot_be_read_are_an_error() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    digest(&run(&out, "5"));
    let refused = |arguments: &[&str], named: &str| {
        let output = Command::cargo_bin("entente").unwrap().args(arguments).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(named), "{arguments:?}: {told}");
    };
    let text = std::fs::read_to_string(SCENARIO).unwrap();
    let text = text.replacen("[scenario]\n", "[scenario]\nboundaries = \"land.geojson\"\n", 1);
    let scenario = root.path().join("s.toml");
    std::fs::write(&scenario, text).unwrap();
    let land = root.path().join("land.geojson");
    for (content, reason) in [(None, "there is no file"), (Some("["), "not JSON"), (Some("{}"), "no list `features`")] {
        if let Some(content) = content {
            std::fs::write(&land, content).unwrap();
        }
        refused(&["report", out.to_str().unwrap(), "--boundaries", land.to_str().unwrap()], reason);
        for command in ["check", "run", "compare", "sweep", "landscape"] {
            refused(&[command, scenario.to_str().unwrap()], reason);
        }
    }
}

#[test]
fn a_forced_replacement_that_was_interrupted_goes_on() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    digest(&run(&out, "10"));
    let forced = || {
        let mut command = Process::new(assert_cmd::cargo::cargo_bin("entente"));
        command.args(arguments(&out, "20000")).arg("--force").stdout(Stdio::null()).spawn().unwrap()
    };
    let mut child = forced();
    while chunks(&out).len() < 3 {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let before = chunks(&out);
    let mut child = forced();
    while chunks(&out).len() <= before.len() {
        assert!(before.iter().all(|path| path.exists()), "finished chunks are kept");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_file_where_the_folder_should_be_is_called_a_file() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("notes.txt");
    std::fs::write(&out, "mine").unwrap();
    let output = run(&out, "10");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("notes.txt is a file, not a folder"));
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "mine");
}

/// Needs the right to mount; where there is none, nothing is tested.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_leaves_nothing_half_written() {
    let root = tempfile::tempdir().unwrap();
    let disk = root.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let mount = |arguments: &[&str]| {
        let mounted = Process::new("mount").args(arguments).arg(&disk).stderr(Stdio::null()).status();
        mounted.is_ok_and(|status| status.success())
    };
    if !mount(&["-t", "tmpfs", "-o", "size=96k", "tmpfs"]) {
        return;
    }
    let out = disk.join("out");
    let full = run(&out, "2000");
    let told = String::from_utf8_lossy(&full.stderr).into_owned();
    let left: Vec<_> = std::fs::read_dir(&out).unwrap().flatten().map(|entry| entry.file_name()).collect();
    let code = full.status.code();
    let grown = mount(&["-o", "remount,size=64m"]);
    let finished = run(&out, "2000");
    let expected = run(&root.path().join("elsewhere"), "2000");
    assert!(Process::new("umount").arg(&disk).status().unwrap().success());
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("cannot write") && told.to_lowercase().contains("no space"), "{told}");
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".part")), "{left:?}");
    assert!(!left.iter().any(|name| name == "manifest.json"), "{left:?}");
    assert!(grown);
    assert_eq!(digest(&finished), digest(&expected), "with room again, it goes on");
}
