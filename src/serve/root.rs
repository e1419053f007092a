//! The folder that is served, which nothing leads out of.

use super::limits::LONGEST_TEXT;
use super::refusal::Refusal;
use crate::record::RecordError;
use crate::scenario::{Disk, Texts, Unread};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

/// The longest name of a file or folder within it, in bytes.
const LONGEST: usize = 1024;

/// A folder, by the one path that it has when all links are followed.
#[derive(Clone, Debug)]
pub struct Root(PathBuf);

impl Root {
    /// The folder at a path.
    ///
    /// # Errors
    /// If there is none.
    pub fn open(path: &Path) -> Result<Self, RecordError> {
        let whole = std::fs::canonicalize(path).map_err(RecordError::io("open", path))?;
        if whole.is_dir() { Ok(Self(whole)) } else { Err(RecordError::NotAFolder { path: whole }) }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The name by which the page knows something in it: its path from the folder on, with `/`.
    pub fn name(&self, path: &Path) -> String {
        let inside = path.strip_prefix(&self.0).unwrap_or(path);
        inside.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
    }

    /// The file that is known by a name, whose name must end in `ending`.
    ///
    /// # Errors
    /// If there is no such file, or it is not within the folder.
    pub fn file(&self, name: &str, ending: &str) -> Result<PathBuf, Refusal> {
        let path = self.inside(&self.0.join(plain(name, ending)?), name)?;
        if path.is_file() { Ok(path) } else { Err(Refusal::wrong(format!("`{name}` is no file"))) }
    }

    /// The folder that is known by a name.
    ///
    /// # Errors
    /// If there is no such folder, or it is not within the folder that is served.
    pub fn folder(&self, name: &str) -> Result<PathBuf, Refusal> {
        let path = self.inside(&self.0.join(plain(name, "")?), name)?;
        if path.is_dir() { Ok(path) } else { Err(Refusal::wrong(format!("`{name}` is no folder"))) }
    }

    /// Where a file of a name may be written: over one that is there, or as a new one of a folder that is there.
    ///
    /// # Errors
    /// If that is not within the folder.
    pub fn place(&self, name: &str, ending: &str) -> Result<PathBuf, Refusal> {
        let path = self.0.join(plain(name, ending)?);
        if path.symlink_metadata().is_ok() {
            return self.file(name, ending);
        }
        let (Some(folder), Some(file)) = (path.parent(), path.file_name()) else { return Err(outside(name)) };
        Ok(self.inside(folder, name)?.join(file))
    }

    /// The one path of what is there, if it is within the folder.
    fn inside(&self, path: &Path, name: &str) -> Result<PathBuf, Refusal> {
        match std::fs::canonicalize(path) {
            Ok(path) if path.starts_with(&self.0) => Ok(path),
            Ok(_) => Err(outside(name)),
            Err(_) => Err(Refusal::missing(format!("there is no `{name}` in the folder that is served"))),
        }
    }

    /// A path without `.` and `..`, if it is within the folder as written.
    fn as_written(&self, path: &Path) -> Option<PathBuf> {
        let mut whole = PathBuf::new();
        for part in self.0.join(path).components() {
            match part {
                Component::ParentDir => drop(whole.pop()),
                Component::CurDir => {}
                other => whole.push(other),
            }
        }
        whole.starts_with(&self.0).then_some(whole)
    }
}

fn outside(name: &str) -> Refusal {
    Refusal::new(axum::http::StatusCode::FORBIDDEN, format!("`{name}` is not within the folder that is served"))
}

/// A name that can only be of something within a folder: parts divided by `/`, none of which is hidden or leads upwards.
fn plain<'a>(name: &'a str, ending: &str) -> Result<&'a Path, Refusal> {
    let sound = |part: &str| !part.is_empty() && !part.starts_with('.');
    let strange = |sign: char| sign.is_control() || matches!(sign, '\\' | ':' | '\u{fffd}');
    if name.len() > LONGEST || name.contains(strange) || !name.split('/').all(sound) {
        return Err(outside(&name.chars().filter(|sign| !sign.is_control()).take(80).collect::<String>()));
    }
    if !name.ends_with(ending) {
        return Err(Refusal::wrong(format!("`{name}` does not end in {ending}")));
    }
    Ok(Path::new(name))
}

/// The texts of the folder, with one of them as it is edited.
#[derive(Clone, Debug)]
pub struct Within<'a> {
    root: &'a Root,
    edited: Option<(PathBuf, &'a str)>,
}

impl<'a> Within<'a> {
    /// As they are on disk.
    pub fn new(root: &'a Root) -> Self {
        Self { root, edited: None }
    }

    /// With another text for one of them, by its name.
    ///
    /// # Errors
    /// If the name leads out of the folder, or the text is too long.
    pub fn with(root: &'a Root, name: &str, text: &'a str) -> Result<Self, Refusal> {
        if text.len() > LONGEST_TEXT {
            return Err(Refusal::wrong(format!("the text has {} bytes, expected at most {LONGEST_TEXT}", text.len())));
        }
        Ok(Self { root, edited: Some((root.place(name, ".toml")?, text)) })
    }
}

impl Texts for Within<'_> {
    fn bytes(&self, path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
        let outside = || Unread::Refused("it is not within the folder that is served".into());
        let written = self.root.as_written(path).ok_or_else(outside)?;
        let whole = self.identity(&written);
        if let Some((_, text)) = self.edited.as_ref().filter(|(edited, _)| *edited == whole) {
            return Ok(text.as_bytes().to_vec());
        }
        let whole = std::fs::canonicalize(&written).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Unread::Missing,
            _ => Unread::Refused(error.to_string()),
        })?;
        if !whole.starts_with(&self.root.0) {
            return Err(outside());
        }
        // A pipe would be read for ever.
        if !whole.is_dir() && !whole.is_file() {
            return Err(Unread::Refused("it is no file".into()));
        }
        Disk.bytes(&whole, most)
    }

    fn identity(&self, path: &Path) -> PathBuf {
        let whole = self.root.0.join(path);
        // A text that is new has no path on disk, but its folder has.
        let new = || Some(std::fs::canonicalize(whole.parent()?).ok()?.join(whole.file_name()?));
        let found = std::fs::canonicalize(&whole).ok().or_else(new);
        found.or_else(|| self.root.as_written(path)).unwrap_or(whole)
    }

    fn names(&self, folder: &Path) -> Vec<String> {
        let inside = self.root.as_written(folder).and_then(|folder| std::fs::canonicalize(folder).ok());
        inside.filter(|folder| folder.starts_with(&self.root.0)).map_or_else(Vec::new, |folder| Disk.names(&folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out() {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("inner");
        std::fs::create_dir_all(inner.join("sub")).unwrap();
        for path in ["secret.toml", "inner/a.toml", "inner/sub/b.toml", "inner/.hidden.toml"] {
            std::fs::write(outer.path().join(path), "x").unwrap();
        }
        let root = Root::open(&inner).unwrap();
        for name in ["a.toml", "sub/b.toml"] {
            assert_eq!(root.name(&root.file(name, ".toml").unwrap()), name);
            assert_eq!(root.name(&root.place(name, ".toml").unwrap()), name);
        }
        assert_eq!(root.name(&root.place("sub/new.toml", ".toml").unwrap()), "sub/new.toml");
        let absolute = outer.path().join("secret.toml").display().to_string();
        let others = [
            "",
            ".",
            "..",
            "../secret.toml",
            "sub/../../secret.toml",
            "./a.toml",
            "sub//b.toml",
            "/a.toml",
            "a.toml/",
            &absolute,
            "..\\secret.toml",
            "sub\\b.toml",
            "C:a.toml",
            "a.toml\0",
            "a.toml\n",
            ".hidden.toml",
            "sub/../a.toml",
            "a.toml\u{fffd}",
        ];
        for name in others {
            assert!(root.file(name, ".toml").is_err() && root.place(name, ".toml").is_err(), "{name:?}");
            assert!(root.folder(name).is_err(), "{name:?}");
        }
        for name in ["%2e%2e/secret.toml", "nowhere/new.toml"] {
            assert_eq!(root.place(name, ".toml").unwrap_err().status, 404, "{name}");
        }
        assert!(root.file("sub", "").is_err() && root.folder("a.toml").is_err());
        let texts = Within::new(&root);
        assert!(texts.bytes(Path::new("sub/../a.toml"), 9).is_ok());
        for path in ["../secret.toml", "../nothing.toml", &absolute, "/etc/passwd"] {
            assert!(matches!(texts.bytes(Path::new(path), 9), Err(Unread::Refused(_))), "{path}");
        }
        assert!(texts.names(Path::new("..")).is_empty() && !texts.names(Path::new("")).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn no_link_leads_out() {
        use std::os::unix::fs::symlink;
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("inner");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(outer.path().join("secret.toml"), "x").unwrap();
        std::fs::write(inner.join("a.toml"), "x").unwrap();
        symlink(outer.path().join("secret.toml"), inner.join("link.toml")).unwrap();
        symlink(outer.path(), inner.join("up")).unwrap();
        symlink(inner.join("a.toml"), inner.join("own.toml")).unwrap();
        symlink(outer.path().join("not-there.toml"), inner.join("dangling.toml")).unwrap();
        let root = Root::open(&inner).unwrap();
        for name in ["link.toml", "up/secret.toml", "up/new.toml", "dangling.toml"] {
            assert!(root.file(name, ".toml").is_err() && root.place(name, ".toml").is_err(), "{name}");
            assert!(Within::new(&root).bytes(Path::new(name), 9).is_err(), "{name}");
        }
        assert!(root.folder("up").is_err());
        assert_eq!(root.name(&root.file("own.toml", ".toml").unwrap()), "a.toml", "a link within is followed");
    }
}
