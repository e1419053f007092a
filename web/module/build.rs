//! Builds the engine of pages, which is the program's own crate in WebAssembly. Never fails: without the target there is no engine.
#![allow(clippy::print_stdout, reason = "that is how a build script speaks")]

use std::env::{var, var_os, vars_os};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The target of the engine.
const TARGET: &str = "wasm32-unknown-unknown";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Debug builds are made too often to be made with the engine.
    if var("PROFILE").as_deref() != Ok("release") {
        return;
    }
    for watched in ["src", "web/engine", "Cargo.toml", "Cargo.lock"] {
        println!("cargo::rerun-if-changed=../../{watched}");
    }
    match engine() {
        Ok(module) => {
            // A module that was moved or taken away is made anew.
            println!("cargo::rerun-if-changed={}", module.display());
            println!("cargo::metadata=PATH={}", module.display());
        }
        Err(reason) => {
            // A target that is brought later shows there.
            if let Some(targets) = targets() {
                println!("cargo::rerun-if-changed={}", targets.display());
            }
            println!("cargo::metadata=WITHOUT={reason}");
        }
    }
}

/// Where the compiler keeps the targets that it has.
fn targets() -> Option<PathBuf> {
    let asked = Command::new(var_os("RUSTC")?).args(["--print", "sysroot"]).output().ok()?;
    Some(Path::new(String::from_utf8(asked.stdout).ok()?.trim()).join("lib/rustlib"))
}

/// Builds the engine.
fn engine() -> Result<PathBuf, String> {
    let out = PathBuf::from(var_os("OUT_DIR").ok_or("there is no OUT_DIR")?);
    let folder = out.ancestors().nth(3).unwrap_or(&out).join("engine");
    let mut cargo = Command::new(var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--profile", "engine", "--target", TARGET, "--manifest-path"]);
    cargo.arg(Path::new("../engine/Cargo.toml")).arg("--target-dir").arg(&folder);
    // What is meant for the program is not meant for the engine.
    let foreign = |name: &str| name.starts_with("CARGO_") || name.starts_with("RUSTC") || name == "RUSTFLAGS";
    let kept = ["CARGO_HOME", "CARGO_NET_OFFLINE", "RUSTC_WRAPPER"];
    for (name, _) in vars_os() {
        if name.to_str().is_some_and(|name| foreign(name) && !kept.contains(&name)) {
            cargo.env_remove(name);
        }
    }
    let made = cargo.output().map_err(|error| error.to_string())?;
    if !made.status.success() {
        let words = String::from_utf8_lossy(&made.stderr);
        let first = words.lines().find(|line| line.starts_with("error")).unwrap_or("cargo failed");
        return Err(format!("{first} (`rustup target add {TARGET}` brings its target)"));
    }
    let made = folder.join(TARGET).join("engine/entente_engine.wasm");
    let kept = out.join("entente_engine.wasm");
    keep(&made, &kept).map(|()| kept).map_err(|error| error.to_string())
}

/// Copies the engine, as old as what it is made of: what is younger than this script's beginning counts as changed since.
fn keep(made: &Path, kept: &Path) -> std::io::Result<()> {
    std::fs::copy(made, kept)?;
    let old = std::fs::metadata("Cargo.toml")?.modified()?;
    std::fs::File::options().write(true).open(kept)?.set_modified(old)
}
