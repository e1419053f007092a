//! What commands read: files, and standard input where a dash stands for a file.

use super::failure::Failure;
use crate::record::RecordError;
use crate::scenario::{Disk, Overrides, Problems, Scenario, Texts, Unread};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tempfile::TempDir;

/// Stands for standard input.
pub const DASH: &str = "-";

/// The name of the file that keeps it.
const NAME: &str = "standard-input";

/// Where standard input is kept while the program runs: it can be read once, and tables are read at several places at once.
static KEPT: Mutex<Option<TempDir>> = Mutex::new(None);

/// Whether a path stands for standard input.
pub fn is_standard(path: &Path) -> bool {
    path == Path::new(DASH)
}

/// What people are told that a path is.
pub fn shown(path: &Path) -> String {
    if is_standard(path) { "standard input".into() } else { path.display().to_string() }
}

/// The file to read for a path: that of the path itself, or what standard input holds.
///
/// # Errors
/// If standard input cannot be read or kept.
pub fn file(path: &Path) -> Result<PathBuf, Failure> {
    let kept = |error: io::Error| Failure::failed(RecordError::io("read", Path::new("standard input"))(error));
    if is_standard(path) { standard_input().map_err(kept) } else { Ok(path.to_owned()) }
}

fn standard_input() -> io::Result<PathBuf> {
    let mut kept = KEPT.lock().map_err(|_| io::Error::from(ErrorKind::Other))?;
    let folder = match kept.take() {
        Some(folder) => folder,
        None => {
            let folder = tempfile::tempdir()?;
            io::copy(&mut io::stdin().lock(), &mut File::create(folder.path().join(NAME))?)?;
            folder
        }
    };
    Ok(kept.insert(folder).path().join(NAME))
}

/// Words with the path of what is kept of standard input told as what it is.
pub fn told(words: String) -> String {
    let path = KEPT.lock().ok().and_then(|kept| Some(kept.as_ref()?.path().join(NAME)));
    match path {
        Some(path) => words.replace(&path.display().to_string(), "standard input"),
        None => words,
    }
}

/// Removes what is kept of standard input.
pub fn forget() {
    if let Ok(mut kept) = KEPT.lock() {
        drop(kept.take());
    }
}

/// Files, and standard input under the path of a dash, from which other files are named as from the working folder.
#[derive(Clone, Copy, Debug)]
pub struct Input;

impl Texts for Input {
    fn bytes(&self, path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
        if is_standard(path) {
            let kept = standard_input().map_err(|error| Unread::Refused(error.to_string()))?;
            return Disk.bytes(&kept, most);
        }
        Disk.bytes(path, most)
    }

    fn identity(&self, path: &Path) -> PathBuf {
        if is_standard(path) { path.to_owned() } else { Disk.identity(path) }
    }

    fn names(&self, folder: &Path) -> Vec<String> {
        Disk.names(folder)
    }
}

/// Reads a scenario.
///
/// # Errors
/// Everything that is wrong with it.
pub fn scenario(path: &Path, overrides: &Overrides) -> Result<Scenario, Problems> {
    Scenario::read(&Input, path, overrides)
}
