//! Tells the program which commit it is built from, where that is known: from `ENTENTE_COMMIT`, or from the repository's
//! files. Needs no git and never fails; a program that was not built from a repository says `unknown`.
#![allow(clippy::print_stdout, reason = "that is how a build script speaks")]

use std::fs::read_to_string;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=ENTENTE_COMMIT");
    // Debug builds are made too often to be made anew for each commit.
    if std::env::var("ENTENTE_COMMIT").is_ok() || std::env::var("PROFILE").as_deref() != Ok("release") {
        return;
    }
    if let Some(commit) = commit(Path::new(".git")) {
        println!("cargo::rustc-env=ENTENTE_COMMIT={commit}");
    }
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
