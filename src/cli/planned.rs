//! An experiment that was planned, read back from its folder.

use super::failure::Failure;
use super::perform::Order;
use crate::experiment::{Plan, Scenarios};
use crate::record::{Design, Folder, RecordError};
use crate::scenario::{Overrides, Scenario};
use std::path::{Path, PathBuf};

/// The results folder that an argument means: itself, or that of the plan file.
pub fn folder(path: &Path) -> Folder {
    let of_plan = path.file_name().is_some_and(|name| name == "plan.json");
    let above = path.parent().and_then(Path::parent).filter(|_| of_plan);
    Folder::new(above.map_or_else(
        || path.to_owned(),
        |above| if above == Path::new("") { PathBuf::from(".") } else { above.to_owned() },
    ))
}

/// The experiment of a folder; none if there is none that is unfinished.
///
/// # Errors
/// If its files cannot be read, or this program would make other runs of them than the one that planned it.
pub fn order(folder: &Folder, charts: bool, quiet: bool) -> Result<Option<Order>, Failure> {
    let Some(text) = folder.plan()? else { return Ok(None) };
    let damaged = |reason: String| RecordError::Damaged { path: folder.path().to_owned(), reason };
    let plan: Plan = serde_json::from_str(&text).map_err(|error| damaged(format!("its plan is none: {error}")))?;
    let file = folder.file("scenario.toml");
    let scenario = Scenario::load(&file, &Overrides::default()).map_err(super::problems)?;
    let design = match &plan.design {
        Some(entry) => Some((Design::read(&folder.file(Design::NAME))?, entry.clone())),
        None => None,
    };
    let variants = Scenarios::stored(scenario, &plan.variants()).map_err(super::problems)?;
    let source = Scenarios::new(variants, design, plan.seed).map_err(Failure::input)?.keeping(plan.keeps);
    let made = source.plan(&plan.kind, plan.replicates);
    if (&made.program, &made.commit) != (&plan.program, &plan.commit) {
        return Err(Failure::input(format!(
            "{} was planned by {} at commit {}, and this is {} at commit {}: their runs may differ",
            folder.path().display(),
            plan.program,
            plan.commit,
            made.program,
            made.commit
        )));
    }
    // Names, sources and where a file lies may be told in other words after a reload; they change no run.
    let runs = |plan: &Plan| -> Vec<(i32, String, String)> {
        plan.cells.iter().map(|cell| (cell.point, cell.variant.clone(), cell.digest.clone())).collect()
    };
    if runs(&made) != runs(&plan) {
        let reason = "its scenario or design is not the one that was planned".to_owned();
        return Err(damaged(reason).into());
    }
    Ok(Some(Order {
        plan,
        source,
        out: Some(folder.path().to_owned()),
        force: false,
        threads: None,
        charts,
        quiet,
        command: super::words(),
    }))
}
