//! Brings the engine of pages into the program, and tells it which commit it is built from, where that is known: from
//! `ENTENTE_COMMIT`, or from the repository's files. Needs no git and never fails: a program that was not built from a repository
//! says `unknown`, and one without the engine writes pages that cannot be played with.
#![allow(clippy::print_stdout, reason = "that is how a build script speaks")]

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::env::{var, var_os};
use std::fs::{read, read_to_string, write};
use std::io::Write;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=ENTENTE_COMMIT");
    if var_os("CARGO_FEATURE_REPORT").is_some()
        && let Err(reason) = engine()
    {
        println!("cargo::warning=reports will be static: the engine of pages cannot be built: {reason}");
    }
    // Debug builds are made too often to be made anew for each commit.
    if var_os("ENTENTE_COMMIT").is_some() || var("PROFILE").as_deref() != Ok("release") {
        return;
    }
    if let Some(commit) = commit(Path::new(".git")) {
        println!("cargo::rustc-env=ENTENTE_COMMIT={commit}");
    }
}

/// Leaves the engine, compressed and in Base64, where the program includes it; none of a debug build.
fn engine() -> Result<(), String> {
    let out = PathBuf::from(var_os("OUT_DIR").ok_or("there is no OUT_DIR")?);
    let leave = |name: &str, text: &str| {
        let path = out.join(name);
        write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
    };
    leave("engine.rs", "None")?;
    if let Ok(reason) = var("DEP_ENTENTE_MODULE_WITHOUT") {
        return Err(reason);
    }
    let Some(module) = var_os("DEP_ENTENTE_MODULE_PATH").map(PathBuf::from) else { return Ok(()) };
    println!("cargo::rerun-if-changed={}", module.display());
    let packed = read(&module).and_then(|module| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&module)?;
        packed.finish()
    });
    let packed = packed.map_err(|error| format!("{}: {error}", module.display()))?;
    leave("engine.txt", &BASE64_STANDARD.encode(packed))?;
    leave("engine.rs", "Some(include_str!(concat!(env!(\"OUT_DIR\"), \"/engine.txt\")))")
}

fn commit(git: &Path) -> Option<String> {
    // In a linked worktree `.git` is a file that names the folder.
    let folder = match git.is_file() {
        true => PathBuf::from(read_to_string(git).ok()?.strip_prefix("gitdir:")?.trim()),
        false => git.to_owned(),
    };
    let head = watched(&folder.join("HEAD"))?;
    let Some(name) = head.trim().strip_prefix("ref: ") else { return Some(head.trim().to_owned()) };
    let shared =
        read_to_string(folder.join("commondir")).map_or_else(|_| folder.clone(), |path| folder.join(path.trim()));
    if let Some(commit) = watched(&shared.join(name)) {
        return Some(commit.trim().to_owned());
    }
    let packed = watched(&shared.join("packed-refs"))?;
    packed.lines().find_map(|line| Some(line.strip_suffix(name)?.trim().to_owned()))
}

/// Reads a file, and has the program built again when it changes.
fn watched(path: &Path) -> Option<String> {
    let text = read_to_string(path).ok()?;
    println!("cargo::rerun-if-changed={}", path.display());
    Some(text)
}
