//! Where the texts of a scenario come from: files, or memory.

use super::place::Place;
use super::problem::{Problem, nearest};
use std::collections::BTreeMap;
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

/// A source of texts, each with a path: the scenario, what it extends, its zones' outlines.
pub trait Texts {
    /// The bytes of a text, or as many as `most` and one more of a longer one.
    ///
    /// # Errors
    /// Why it cannot be had.
    fn bytes(&self, path: &Path, most: u64) -> Result<Vec<u8>, Unread>;

    /// The one path of a text, however it is written.
    fn identity(&self, path: &Path) -> PathBuf;

    /// Names of the texts in a folder, at most a thousand: the nearest is suggested for one that is not there.
    fn names(&self, folder: &Path) -> Vec<String>;
}

/// Why a text cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// There is none of that path.
    Missing,
    /// A folder has that path.
    Folder,
    /// Another reason, in the words of the system.
    Refused(String),
}

/// The files of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Texts for Disk {
    fn bytes(&self, path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
        let refused = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound => Unread::Missing,
            _ => Unread::Refused(error.to_string()),
        };
        if std::fs::metadata(path).map_err(refused)?.is_dir() {
            return Err(Unread::Folder);
        }
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).map_err(refused)?;
        file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(refused)?;
        Ok(bytes)
    }

    fn identity(&self, path: &Path) -> PathBuf {
        let absolute = || std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        std::fs::canonicalize(path).unwrap_or_else(|_| absolute())
    }

    fn names(&self, folder: &Path) -> Vec<String> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let entries = std::fs::read_dir(folder).into_iter().flatten().take(1000);
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
    }
}

/// Texts in memory, by paths with `/` between folders.
impl Texts for BTreeMap<String, String> {
    fn bytes(&self, path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
        let text = self.get(&*self.identity(path).to_string_lossy()).ok_or(Unread::Missing)?;
        Ok(text.bytes().take(most.saturating_add(1) as usize).collect())
    }

    fn identity(&self, path: &Path) -> PathBuf {
        let mut plain: Vec<String> = Vec::new();
        for part in path.components() {
            match part {
                Component::ParentDir if plain.last().is_some_and(|last| last != "..") => drop(plain.pop()),
                Component::CurDir => {}
                Component::RootDir => plain.push(String::new()),
                other => plain.push(other.as_os_str().to_string_lossy().into_owned()),
            }
        }
        plain.join("/").into()
    }

    fn names(&self, folder: &Path) -> Vec<String> {
        let folder = self.identity(folder);
        let within = self.keys().map(Path::new).filter(|path| path.parent() == Some(&folder));
        within.filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).take(1000).collect()
    }
}

/// Reads a text of at most so many bytes; `what` it is said to be, and `ending` is what the names of its like end in.
///
/// # Errors
/// If it is not there (with the nearest name in its folder), too large, or not UTF-8.
pub fn read_text(
    texts: &dyn Texts,
    path: &Path,
    (what, ending, most): (&str, &str, u64),
    named_at: Option<&Place>,
) -> Result<String, Problem> {
    let problem =
        |message: String, help: Option<String>| Problem { message, expected: None, help, place: named_at.cloned() };
    let shown = path.display();
    let near = |path: &Path| {
        let names = texts.names(path.parent().unwrap_or(Path::new("")));
        let mut names: Vec<&str> = names.iter().map(String::as_str).filter(|name| name.ends_with(ending)).collect();
        names.sort_unstable();
        nearest(path.file_name()?.to_str()?, names)
    };
    let bytes = texts.bytes(path, most).map_err(|unread| match unread {
        Unread::Missing => problem(format!("there is no file {shown}"), near(path)),
        Unread::Folder => problem(format!("{shown} is a folder, not {what}"), near(&path.join(format!("x{ending}")))),
        Unread::Refused(reason) => problem(format!("cannot read {shown}: {reason}"), None),
    })?;
    if bytes.len() as u64 > most {
        return Err(problem(format!("{shown} has at least {} bytes; {what} has at most {most}", bytes.len()), None));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        problem(
            format!("{shown} is not UTF-8 text: byte {} (line {line}) belongs to no character", at + 1),
            Some("save the file as UTF-8".into()),
        )
    })
}
