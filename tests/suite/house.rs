//! The house keeps its order: rooms use only rooms before them, files stay small, the model stays portable.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, in the order of the flow of data. A room may use those before it.
const ROOMS: [&str; 13] = [
    "base",
    "random",
    "world",
    "mechanism",
    "measure",
    "scenario",
    "engine",
    "record",
    "experiment",
    "analysis",
    "chart",
    "report",
    "cli",
];

fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn rooms_use_only_rooms_before_them() {
    let mut wrong = Vec::new();
    for (position, room) in ROOMS.iter().enumerate() {
        let folder = source().join(room);
        if !folder.exists() {
            continue;
        }
        for file in source_files(&folder) {
            let text = fs::read_to_string(&file).unwrap();
            for (number, line) in text.lines().enumerate() {
                for used in line.split("crate::").skip(1) {
                    let name: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    if ROOMS.iter().position(|other| *other == name).is_some_and(|other| other > position) {
                        wrong.push(format!("{}:{}: {room} uses {name}", file.display(), number + 1));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports against the flow of data:\n{}", wrong.join("\n"));
}

#[test]
fn every_folder_of_the_source_is_a_known_room() {
    for entry in fs::read_dir(source()).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        assert!(ROOMS.contains(&name.as_str()) || name == "lib.rs" || name == "main.rs", "src/{name} is no known room");
    }
}

#[test]
fn no_file_is_two_ideas() {
    let long: Vec<String> = source_files(&source())
        .into_iter()
        .map(|file| (fs::read_to_string(&file).unwrap().lines().count(), file))
        .filter(|(lines, _)| *lines > 500)
        .map(|(lines, file)| format!("{} has {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
