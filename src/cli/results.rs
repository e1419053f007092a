//! Which results folder an argument means.

use super::failure::Failure;
use crate::base::name::first_few;
use crate::experiment::ResultsFolder;
use crate::record::{Folder, Manifest, Results};
use crate::scenario::nearest;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where results go unless a command says otherwise.
const OUTPUTS: &str = ResultsFolder::OUTPUTS;
/// Stands for the newest results under [`OUTPUTS`], also with a colon and a scenario's id.
const LATEST: &str = "latest";

/// Opens a results folder.
///
/// # Errors
/// If there is none, or a file in it is not what the experiment wrote.
pub fn open(path: &Path) -> Result<Results, Failure> {
    let path = resolve(path)?;
    if let Some(manifest) = Manifest::read(&path).ok().flatten().filter(|manifest| !manifest.has_runs()) {
        let folder = Folder::new(&path);
        let [posterior, page] = [Folder::POSTERIOR, Folder::REPORT].map(|name| folder.file(name).display().to_string());
        if !manifest.is_calibration() {
            return Err(Failure::input(format!(
                "{} holds what `{}` found, and no runs of a scenario: its page is {page}; expected a folder of `run`, `compare` or \
                 `sweep`",
                path.display(),
                manifest.kind()
            )));
        }
        return Err(Failure::input(format!(
            "{} holds a calibration: weights, and no runs of a scenario. How it scores is in {page}. For runs under its weights, \
             `entente run SCENARIO --inputs {posterior}`, and give the folder of those",
            path.display()
        )));
    }
    let results = Results::open(&path)?;
    results.verify(Results::VERIFIED)?;
    Ok(results)
}

/// The folder that a path means: itself, or the newest results of all or of one scenario.
///
/// # Errors
/// If there are no results yet.
pub fn resolve(path: &Path) -> Result<PathBuf, Failure> {
    let text = path.to_string_lossy();
    let scenario = match text.strip_prefix(LATEST) {
        Some("") => None,
        Some(rest) if rest.starts_with(':') => Some(&rest[1..]),
        _ => return Ok(path.to_owned()),
    };
    // A folder of that very name is what somebody made it to be.
    if path.is_dir() {
        return Ok(path.to_owned());
    }
    let all = entries(Path::new(OUTPUTS));
    let name = |folder: &PathBuf| folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let of_scenario = |folder: &&PathBuf| scenario.is_none() || name(folder).as_deref() == scenario;
    let manifest = |folder: &Path| Manifest::read(folder).ok().flatten().filter(Manifest::has_runs);
    let finished = |folder: PathBuf| Some((manifest(&folder)?.finished, folder));
    let named = all.iter().filter(of_scenario).flat_map(|folder| entries(folder)).filter_map(finished);
    // Those that were given a folder of their own by `--out`.
    let is_asked = |found: &Manifest| scenario.is_none_or(|scenario| found.scenario.id == scenario);
    let own = all.iter().filter_map(|folder| {
        let found = manifest(folder).filter(is_asked)?;
        Some((found.finished, folder.clone()))
    });
    let found = named.chain(own);
    found.max().map(|(_, folder)| folder).ok_or_else(|| {
        let names: Vec<String> = all.iter().filter_map(name).collect::<BTreeSet<_>>().into_iter().collect();
        let message = match scenario {
            None => format!("there are no results under {OUTPUTS}/ yet; `entente run SCENARIO` makes some"),
            Some(scenario) => {
                let help = nearest(scenario, names.iter().map(String::as_str));
                let help = help.unwrap_or_else(|| match names.is_empty() {
                    true => "there are none of any other".to_owned(),
                    false => format!("there are results of {}", first_few(&names, 12)),
                });
                format!("there are no results of `{scenario}` under {OUTPUTS}/; {help}")
            }
        };
        Failure::input(message)
    })
}

/// The folders in a folder; none if it cannot be read.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

/// The results folder of a plan: itself, or that of the plan file.
pub fn of_plan(path: &Path) -> Folder {
    let of_plan = path.file_name().is_some_and(|name| name == "plan.json");
    let above = path.parent().and_then(Path::parent).filter(|_| of_plan);
    Folder::new(above.map_or_else(
        || path.to_owned(),
        |above| if above == Path::new("") { PathBuf::from(".") } else { above.to_owned() },
    ))
}
