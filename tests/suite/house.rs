//! The house keeps its order: rooms use only rooms before them, files stay small, the model stays portable.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, in the order of the flow of data. A room may use those before it.
const ROOMS: [&str; 18] = [
    "base",
    "random",
    "world",
    "mechanism",
    "measure",
    "narrative",
    "scenario",
    "engine",
    "estimate",
    "live",
    "record",
    "import",
    "experiment",
    "analysis",
    "chart",
    "report",
    "serve",
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

/// The modules that a file names: paths as lists of names from the crate's root, as far as they are written in `use`s.
fn used_paths(text: &str, module: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("\nuse ").or_else(|| rest.find("\npub use ")) {
        let after = &rest[start + 1..];
        let Some(end) = after.find(';') else { break };
        let statement = after[..end].trim_start_matches("pub ").trim_start_matches("use ");
        expand(statement, &[], module, &mut found);
        rest = &after[end..];
    }
    found
}

/// Takes a tree of names apart: `a::{b, c::D}` gives `a::b` and `a::c::D`.
fn expand(tree: &str, before: &[String], module: &[String], found: &mut Vec<Vec<String>>) {
    let tree = tree.trim();
    let (head, group) = tree.split_once('{').map_or((tree, None), |(head, group)| (head, group.strip_suffix('}')));
    let mut path = before.to_vec();
    for name in head.split("::").map(str::trim).filter(|name| !name.is_empty()) {
        let name = name.split(" as ").next().unwrap_or(name);
        match name {
            "crate" => path = vec!["crate".into()],
            "self" if path.is_empty() => path.extend_from_slice(module),
            "super" if path.is_empty() => path.extend_from_slice(&module[..module.len() - 1]),
            "super" => {
                path.pop();
            }
            "self" => {}
            name => path.push(name.to_owned()),
        }
    }
    let Some(group) = group else {
        found.push(path);
        return;
    };
    let (mut depth, mut part) = (0, String::new());
    for letter in group.chars().chain([',']) {
        match letter {
            ',' if depth == 0 => {
                if !part.trim().is_empty() {
                    expand(&part, &path, module, found);
                }
                part.clear();
            }
            letter => {
                depth += i32::from(letter == '{') - i32::from(letter == '}');
                part.push(letter);
            }
        }
    }
}

/// The file in which what a path names stands; through the re-exports of the `mod.rs` on the way.
fn defined_in(
    path: &[String],
    modules: &BTreeMap<Vec<String>, PathBuf>,
    exports: &BTreeMap<Vec<String>, Vec<Vec<String>>>,
) -> Option<PathBuf> {
    let longest = (1..=path.len()).rev().find(|length| modules.contains_key(&path[..*length]))?;
    let module = &path[..longest];
    if let Some(name) = path.get(longest)
        && let Some(through) =
            exports.get(module).and_then(|list| list.iter().find(|export| export.last() == Some(name)))
        && through != path
    {
        return defined_in(through, modules, exports);
    }
    modules.get(module).cloned()
}

#[test]
fn files_do_not_use_each_other_in_circles() {
    let mut modules = BTreeMap::new();
    for file in source_files(&source()) {
        let inside = file.strip_prefix(source()).unwrap().with_extension("");
        let mut path = vec!["crate".to_owned()];
        path.extend(inside.iter().map(|part| part.to_str().unwrap().to_owned()));
        path.pop_if(|name| name == "mod" || name == "lib");
        modules.insert(path, file);
    }
    let text = |file: &Path| format!("\n{}", fs::read_to_string(file).unwrap());
    let is_front = |file: &Path| file.ends_with("mod.rs") || file.ends_with("lib.rs");
    let exports: BTreeMap<Vec<String>, Vec<Vec<String>>> = modules
        .iter()
        .filter(|(_, file)| is_front(file))
        .map(|(module, file)| {
            let inside = |path: Vec<String>| {
                if path[0] == "crate" { path } else { module.iter().cloned().chain(path).collect() }
            };
            (module.clone(), used_paths(&text(file), module).into_iter().map(inside).collect())
        })
        .collect();
    let mut uses: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
    for (module, file) in modules.iter().filter(|(_, file)| !is_front(file)) {
        for path in used_paths(&text(file), module).iter().filter(|path| path[0] == "crate") {
            if let Some(used) = defined_in(path, &modules, &exports).filter(|used| used != file && !is_front(used)) {
                uses.entry(file.clone()).or_default().insert(used);
            }
        }
    }
    // What nobody uses, or uses nobody, is in no circle; what is left at the end is.
    loop {
        let used: BTreeSet<PathBuf> = uses.values().flatten().cloned().collect();
        let free: Vec<PathBuf> = uses
            .iter()
            .filter(|(file, list)| list.is_empty() || !used.contains(*file))
            .map(|(file, _)| file.clone())
            .collect();
        let known: BTreeSet<PathBuf> = uses.keys().cloned().collect();
        let before = uses.values().map(BTreeSet::len).sum::<usize>() + uses.len();
        uses.values_mut().for_each(|list| list.retain(|file| known.contains(file)));
        free.iter().for_each(|file| drop(uses.remove(file)));
        if uses.values().map(BTreeSet::len).sum::<usize>() + uses.len() == before {
            break;
        }
    }
    let told: Vec<String> = uses
        .iter()
        .map(|(file, list)| {
            let name = |file: &Path| file.strip_prefix(source()).unwrap().display().to_string();
            format!("{} uses {}", name(file), list.iter().map(|file| name(file)).collect::<Vec<_>>().join(", "))
        })
        .collect();
    assert!(told.is_empty(), "files in circles, or between two:\n{}", told.join("\n"));
}
