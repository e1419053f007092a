//! Results folders, for the page.

use super::limits::{LARGEST_MANIFEST, LARGEST_REPORT};
use super::refusal::Refusal;
use super::root::Root;
use crate::record::{Folder, Manifest, Results};
use std::path::{Path, PathBuf};

/// Whether a folder may hold results: it has a manifest, which is a file, and no larger than any is.
pub fn may_be_in(folder: &Path) -> bool {
    let found = std::fs::metadata(folder.join(Manifest::NAME));
    found.is_ok_and(|found| found.is_file() && found.len() <= LARGEST_MANIFEST)
}

/// The results folder of a name, with its manifest.
///
/// # Errors
/// If there is none.
pub fn find(root: &Root, name: &str) -> Result<(PathBuf, Manifest), Refusal> {
    let path = root.folder(name)?;
    let manifest = if may_be_in(&path) { Manifest::read(&path)? } else { None };
    let missing = || Refusal::missing(format!("`{name}` holds no finished results"));
    Ok((path, manifest.ok_or_else(missing)?))
}

/// Opens finished results of runs, by the name of their folder.
///
/// # Errors
/// If there are none, or a file in the folder is not what the experiment wrote.
pub fn open(root: &Root, name: &str) -> Result<Results, Refusal> {
    let (path, manifest) = find(root, name)?;
    if !manifest.has_runs() {
        return Err(Refusal::wrong(format!(
            "`{name}` holds what `{}` found, and no runs of a scenario",
            manifest.kind()
        )));
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
