//! Builds the engine of pages, which is the same crate in WebAssembly, and tells the program which commit it is built from,
//! where that is known: from `ENTENTE_COMMIT`, or from the repository's files. Needs no git and never fails: a program that was
//! not built from a repository says `unknown`, and one without the engine writes pages that cannot be played with.
#![allow(clippy::print_stdout, reason = "that is how a build script speaks")]

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::env::{var, var_os};
use std::fs::{read, read_to_string, write};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The target of the engine.
const TARGET: &str = "wasm32-unknown-unknown";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=ENTENTE_COMMIT");
    // Debug builds are made too often to be made with the engine, or anew for each commit.
    let release = var("PROFILE").as_deref() == Ok("release");
    if var_os("CARGO_FEATURE_REPORT").is_some()
        && let Err(reason) = engine(release)
    {
        println!("cargo::warning={reason}");
    }
    if var_os("ENTENTE_COMMIT").is_some() || !release {
        return;
    }
    if let Some(commit) = commit(Path::new(".git")) {
        println!("cargo::rustc-env=ENTENTE_COMMIT={commit}");
    }
}

/// Builds the engine and leaves it, compressed and in Base64, where the program includes it; none of a debug build.
fn engine(wanted: bool) -> Result<(), String> {
    let out = PathBuf::from(var_os("OUT_DIR").ok_or("there is no OUT_DIR")?);
    let told = out.join("engine.rs");
    write(&told, "None").map_err(|error| format!("{}: {error}", told.display()))?;
    let manifest = Path::new("web/engine/Cargo.toml");
    if !wanted || var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        return Ok(());
    }
    for watched in ["src", "web/engine", "Cargo.toml", "Cargo.lock"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    let without = |reason: String| format!("reports will be static: the engine of pages cannot be built: {reason}");
    let folder = out.ancestors().nth(3).unwrap_or(&out).join("engine");
    let mut cargo = Command::new(var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--profile", "engine", "--target", TARGET, "--manifest-path"]).arg(manifest);
    cargo.arg("--target-dir").arg(&folder);
    // What is meant for the program is not meant for the engine.
    let foreign = |name: &str| name.starts_with("CARGO_") || name.starts_with("RUSTC") || name == "RUSTFLAGS";
    let kept = ["CARGO_HOME", "CARGO_NET_OFFLINE", "RUSTC_WRAPPER"];
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| foreign(name) && !kept.contains(&name)) {
            cargo.env_remove(name);
        }
    }
    let made = cargo.output().map_err(|error| without(error.to_string()))?;
    if !made.status.success() {
        let words = String::from_utf8_lossy(&made.stderr);
        let first = words.lines().find(|line| line.starts_with("error")).unwrap_or("cargo failed");
        return Err(without(format!("{first} (`rustup target add {TARGET}` brings its target)")));
    }
    let module = folder.join(TARGET).join("engine/entente_engine.wasm");
    let packed = read(&module).and_then(|module| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&module)?;
        packed.finish()
    });
    let packed = packed.map_err(|error| without(format!("{}: {error}", module.display())))?;
    let text = out.join("engine.txt");
    write(&text, BASE64_STANDARD.encode(packed)).map_err(|error| without(error.to_string()))?;
    write(&told, "Some(include_str!(concat!(env!(\"OUT_DIR\"), \"/engine.txt\")))")
        .map_err(|error| without(error.to_string()))
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
