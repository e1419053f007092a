//! What there is in the folder: scenarios and results.

use super::results::may_be_in;
use super::root::{Root, Within};
use crate::base::program;
use crate::record::{Manifest, Results};
use crate::scenario::{Files, LARGEST, Overrides, Scenario};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// How deep folders are searched, and how many entries of them are looked at: somebody may serve a home folder.
const DEEPEST: usize = 6;
const MOST_ENTRIES: usize = 20_000;
/// How many scenarios, and how many results, are listed.
const MOST_LISTED: usize = 500;

/// A scenario file.
#[derive(Clone, Debug, Serialize)]
pub struct ShelfScenario {
    /// Its name within the folder.
    pub path: String,
    /// The scenario's id; that of a broken one is the name of the file.
    pub id: String,
    /// Its title; empty if it cannot be told.
    pub title: String,
    /// How many problems keep it from running.
    pub problems: usize,
}

/// A folder of finished results.
#[derive(Clone, Debug, Serialize)]
pub struct ShelfResults {
    /// Its name within the folder that is served.
    pub id: String,
    /// The scenario's id.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// The command that made it, such as `run`; the page plays with those of `run` and `compare`.
    pub kind: String,
    /// Replicates per point and variant.
    pub replicates: u64,
    /// The seed, as text: pages have no whole numbers of 64 bits.
    pub seed: String,
    /// When it was finished.
    pub finished: String,
    /// Why it cannot be opened; empty if it can.
    pub damaged: String,
}

/// All of it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Listed {
    /// By path.
    pub scenarios: Vec<ShelfScenario>,
    /// The newest first.
    pub results: Vec<ShelfResults>,
    /// What is said if not all was looked through; else empty.
    pub left_out: String,
}

/// What is known of scenarios as long as none of the files that they were read from changes.
#[derive(Debug, Default)]
pub struct Known(Mutex<BTreeMap<String, (ShelfScenario, Stamps)>>);

/// Files with their length and when they were last written.
type Stamps = Vec<(String, Option<(u64, SystemTime)>)>;

/// Looks through the folder.
pub fn list(root: &Root, known: &Known) -> Listed {
    let mut listed = Listed::default();
    let mut folders = vec![(root.path().to_owned(), 0)];
    let mut entries = 0;
    let mut scenarios = Vec::new();
    while let Some((folder, depth)) = folders.pop() {
        if let Some(results) = results(root, &folder) {
            listed.results.push(results);
            continue;
        }
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            entries += 1;
            let (path, kind) = (entry.path(), entry.file_type().ok());
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if hidden || entries > MOST_ENTRIES {
                continue;
            }
            // A link to a folder may lead anywhere, and in circles.
            match kind {
                Some(kind) if kind.is_dir() && depth < DEEPEST => folders.push((path, depth + 1)),
                Some(kind) if kind.is_file() && path.extension().is_some_and(|ending| ending == "toml") => {
                    scenarios.push(path);
                }
                _ => {}
            }
        }
    }
    scenarios.sort();
    listed.scenarios = scenarios.iter().filter_map(|path| scenario(root, path, known)).take(MOST_LISTED + 1).collect();
    listed.results.sort_by(|a, b| b.finished.cmp(&a.finished).then_with(|| a.id.cmp(&b.id)));
    if entries > MOST_ENTRIES || listed.scenarios.len() > MOST_LISTED || listed.results.len() > MOST_LISTED {
        listed.scenarios.truncate(MOST_LISTED);
        listed.results.truncate(MOST_LISTED);
        listed.left_out = format!(
            "there is more in this folder than {MOST_ENTRIES} entries, {MOST_LISTED} scenarios or {MOST_LISTED} results: not all is listed"
        );
    }
    listed
}

/// The results in a folder; none if there are none of this program.
fn results(root: &Root, folder: &Path) -> Option<ShelfResults> {
    if !may_be_in(folder) {
        return None;
    }
    let manifest = match Manifest::read(folder) {
        Ok(manifest) => manifest?,
        Err(error) => {
            // Any program may have a manifest.json; of a damaged one of ours nothing but its place can be trusted.
            let text = std::fs::read_to_string(folder.join(Manifest::NAME)).ok()?;
            return text.contains("\"program\": \"entente\"").then(|| ShelfResults {
                id: root.name(folder),
                scenario: String::new(),
                title: String::new(),
                kind: String::new(),
                replicates: 0,
                seed: String::new(),
                finished: String::new(),
                damaged: error.to_string(),
            });
        }
    };
    // A calibration has weights, and no runs to open.
    let damaged = match manifest.has_runs() {
        false => String::new(),
        true => Results::open(folder).err().map_or_else(String::new, |error| error.to_string()),
    };
    let kind = manifest.kind().to_owned();
    Some(ShelfResults {
        id: root.name(folder),
        scenario: manifest.scenario.id,
        title: manifest.scenario.title,
        kind,
        replicates: manifest.replicates,
        seed: manifest.seed.to_string(),
        finished: manifest.finished,
        damaged,
    })
}

/// The scenario in a file; none if it is a TOML file of another kind.
fn scenario(root: &Root, path: &PathBuf, known: &Known) -> Option<ShelfScenario> {
    let name = root.name(path);
    let kept = known.0.lock().unwrap_or_else(PoisonError::into_inner).get(&name).cloned();
    if let Some((listed, _)) = kept.filter(|(_, stamps)| stamps.iter().all(|(file, then)| stamp(root, file) == *then)) {
        return Some(listed);
    }
    if std::fs::metadata(path).ok()?.len() > LARGEST {
        return None;
    }
    let text = String::from_utf8_lossy(&std::fs::read(path).ok()?).into_owned();
    if !is_scenario(&text) {
        return None;
    }
    let (listed, files) = match Scenario::read(&Within::new(root), Path::new(&name), &Overrides::default()) {
        Ok(scenario) => {
            let header = &scenario.file.scenario;
            let (id, title) = (header.id.clone(), header.title.clone());
            (ShelfScenario { path: name.clone(), id, title, problems: 0 }, scenario.files().clone())
        }
        Err(problems) => {
            let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let title = title(&text).unwrap_or_default();
            (ShelfScenario { path: name.clone(), id, title, problems: problems.list.len() }, problems.files)
        }
    };
    let stamps = stamps(root, &name, &files);
    known.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, (listed.clone(), stamps));
    Some(listed)
}

/// The states of all files that a scenario was read from, itself among them.
fn stamps(root: &Root, name: &str, files: &Files) -> Stamps {
    let all = files.names().chain([name]);
    all.map(|file| (file.to_owned(), stamp(root, file))).collect()
}

fn stamp(root: &Root, file: &str) -> Option<(u64, SystemTime)> {
    let found = std::fs::metadata(root.path().join(file)).ok()?;
    Some((found.len(), found.modified().ok()?))
}

/// Whether a text is of a scenario, or meant to be one.
fn is_scenario(text: &str) -> bool {
    let says = |line: &str| {
        ["[scenario]", "scenario."].iter().any(|start| line.starts_with(start))
            || line.strip_prefix("extends").is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    text.lines().any(says)
}

/// The title in a text that cannot be read as a scenario.
fn title(text: &str) -> Option<String> {
    let title = |line: &'_ str| -> Option<String> {
        let line = line.strip_prefix("scenario.").unwrap_or(line);
        Some(line.strip_prefix("title")?.trim_start().strip_prefix('=')?.to_owned())
    };
    let title = text.lines().find_map(title)?;
    Some(title.trim().trim_matches('"').to_owned())
}

/// What the program calls itself.
pub fn program() -> String {
    format!("entente {}", program::VERSION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenarios_are_told_from_other_files() {
        assert!(is_scenario("# words\n[scenario]\nid = \"x\"") && is_scenario("extends = \"base.toml\"\n"));
        assert!(is_scenario("scenario.id = \"x\"\n"));
        assert!(!is_scenario("[package]\nname = \"x\"\n") && !is_scenario("[behaviour.choice]\n"));
        assert_eq!(title("[scenario]\ntitle = \"A war\"\n[").as_deref(), Some("A war"));
    }
}
