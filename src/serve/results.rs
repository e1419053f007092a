//! Results folders, for the page.

use super::limits::LARGEST_REPORT;
use super::refusal::Refusal;
use super::root::Root;
use crate::record::{Folder, Manifest, Results};
use std::path::PathBuf;

/// Opens finished results of runs, by the name of their folder.
///
/// # Errors
/// If there are none, or a file in the folder is not what the experiment wrote.
pub fn open(root: &Root, name: &str) -> Result<Results, Refusal> {
    let path = root.folder(name)?;
    if Manifest::read(&path)?.is_some_and(|manifest| manifest.is_calibration()) {
        return Err(Refusal::wrong(format!("`{name}` holds a calibration: weights, and no runs of a scenario")));
    }
    let results = Results::open(&path)?;
    results.verify(Results::VERIFIED)?;
    Ok(results)
}

/// The report of a results folder.
///
/// # Errors
/// If it has none.
pub fn report(root: &Root, name: &str) -> Result<Vec<u8>, Refusal> {
    root.folder(name)?;
    let path = root.file(&format!("{name}/{}", Folder::REPORT), "").map_err(|refusal| match refusal.status {
        axum::http::StatusCode::NOT_FOUND => {
            Refusal::missing(format!("`{name}` has no report; `entente report {name}` draws it"))
        }
        _ => refusal,
    })?;
    read(&path).map_err(|error| Refusal::failed(format!("cannot read the report of `{name}`: {error}")))?.ok_or_else(
        || Refusal::wrong(format!("the report of `{name}` has more than {LARGEST_REPORT} bytes; open it from disk")),
    )
}

fn read(path: &PathBuf) -> std::io::Result<Option<Vec<u8>>> {
    if std::fs::metadata(path)?.len() > LARGEST_REPORT { Ok(None) } else { std::fs::read(path).map(Some) }
}
