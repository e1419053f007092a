//! Files that are whole or absent.

use super::RecordError;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::NamedTempFile;

/// What the names of files in the making begin with; what a killed process leaves of them is removed by the next one.
const TEMPORARY_PREFIX: &str = ".entente-";
const TEMPORARY_SUFFIX: &str = ".part";

/// Size and digest of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Its length.
    pub bytes: u64,
    /// BLAKE3 of its content, in hexadecimal.
    pub blake3: String,
}

impl Fingerprint {
    /// Reads a file through and takes its fingerprint.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn of(path: &Path) -> Result<Self, RecordError> {
        let mut file = File::open(path).map_err(RecordError::io("open", path))?;
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; 1 << 16];
        let mut bytes = 0;
        loop {
            let read = file.read(&mut buffer).map_err(RecordError::io("read", path))?;
            if read == 0 {
                return Ok(Self { bytes, blake3: hasher.finalize().to_hex().to_string() });
            }
            bytes += read as u64;
            hasher.update(&buffer[..read]);
        }
    }
}

/// A file that gets its name only when it is whole: written beside its place, flushed to disk, then renamed. Dropped
/// before that, it leaves nothing.
#[derive(Debug)]
pub struct WholeFile {
    path: PathBuf,
    out: BufWriter<NamedTempFile>,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl WholeFile {
    /// Begins a file that will be found at `path`, whose folder must exist.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn create(path: &Path) -> Result<Self, RecordError> {
        let mut builder = tempfile::Builder::new();
        let prefix = format!("{TEMPORARY_PREFIX}{}", writer(std::process::id()));
        builder.prefix(&prefix).suffix(TEMPORARY_SUFFIX);
        // Temporary files are private by default; results are as readable as any file of the user.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let temporary = builder.tempfile_in(folder_of(path)).map_err(RecordError::io("write", path))?;
        Ok(Self {
            path: path.to_owned(),
            out: BufWriter::with_capacity(1 << 16, temporary),
            hasher: blake3::Hasher::new(),
            bytes: 0,
        })
    }

    /// Where it will be found.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Digest of what was written so far.
    pub fn digest(&self) -> blake3::Hash {
        self.hasher.finalize()
    }

    /// Puts it in its place, over an older one, once its bytes are on disk.
    ///
    /// # Errors
    /// If the disk refuses; the older file then stays.
    pub fn finish(self) -> Result<Fingerprint, RecordError> {
        self.place(true)
    }

    /// As [`Self::finish`], without waiting for the disk: for files whose loss or damage in a power cut would be noticed
    /// and made good.
    ///
    /// # Errors
    /// If the file system refuses.
    pub fn finish_unsynced(self) -> Result<Fingerprint, RecordError> {
        self.place(false)
    }

    fn place(self, sync: bool) -> Result<Fingerprint, RecordError> {
        let path = self.path;
        let temporary = self.out.into_inner().map_err(|error| RecordError::io("write", &path)(error.into_error()))?;
        if sync {
            temporary.as_file().sync_all().map_err(RecordError::io("write", &path))?;
        }
        temporary.persist(&path).map_err(|error| RecordError::io("write", &path)(error.error))?;
        if sync {
            // Not every system lets a folder be flushed; the file itself is safe by then.
            let _ = File::open(folder_of(&path)).and_then(|folder| folder.sync_all());
        }
        Ok(Fingerprint { bytes: self.bytes, blake3: self.hasher.finalize().to_hex().to_string() })
    }
}

impl Write for WholeFile {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        let written = self.out.write(buffer)?;
        self.hasher.update(&buffer[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// Writes a whole file at once.
///
/// # Errors
/// If it cannot be written; an older file of that name then stays.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<Fingerprint, RecordError> {
    let mut file = WholeFile::create(path)?;
    file.write_all(content).map_err(RecordError::io("write", path))?;
    file.finish()
}

/// Whether a file of that name is one in the making.
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY_PREFIX) && name.ends_with(TEMPORARY_SUFFIX)
}

/// Whether a file in the making is known to be of a process of this machine that is no more. Where processes cannot be told, no file is.
pub(super) fn is_of_a_dead_process(name: &str) -> bool {
    let id = name.strip_prefix(TEMPORARY_PREFIX).and_then(|rest| rest.split('-').nth(1)?.parse().ok());
    id.is_some_and(|id| {
        let writer = writer(id);
        !writer.is_empty()
            && name[TEMPORARY_PREFIX.len()..].starts_with(&writer)
            && !Path::new(&format!("/proc/{id}")).exists()
    })
}

/// Who writes a file, as its name tells: a mark of the running system and of the space in which process numbers count, and the
/// number. Nothing where the system does not tell these.
fn writer(id: u32) -> String {
    static SYSTEM: OnceLock<Option<String>> = OnceLock::new();
    let system = SYSTEM.get_or_init(|| {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let space = std::fs::read_link("/proc/self/ns/pid").ok()?;
        Some(blake3::hash(format!("{boot}{}", space.display()).as_bytes()).to_hex()[..8].to_owned())
    });
    system.as_ref().map_or_else(String::new, |system| format!("{system}-{id}-"))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        assert!(!path.exists());
        drop(file);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "an abandoned file leaves nothing");

        let written = write_whole(&path, b"whole").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"whole");
        assert_eq!(written, Fingerprint::of(&path).unwrap());
        assert_eq!(written.blake3, blake3::hash(b"whole").to_hex().to_string());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_writer_of_a_file_is_known_to_live_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let _file = WholeFile::create(&folder.path().join("a.txt")).unwrap();
        let name = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().file_name();
        let name = name.to_string_lossy();
        assert!(is_temporary(&name) && !is_of_a_dead_process(&name), "{name}");
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        let own = format!("-{}-", std::process::id());
        assert!(is_of_a_dead_process(&name.replace(&own, &format!("-{}-", child.id()))), "{name}");
        for other in [".entente-a1b2.part", ".entente-00000000-1-a1b2.part", ".entente-.part"] {
            assert!(!is_of_a_dead_process(other), "{other}");
        }
    }

    #[test]
    fn an_error_names_the_file() {
        let message = write_whole(Path::new("/nowhere/at/all.csv"), b"").unwrap_err().to_string();
        assert!(message.starts_with("cannot write /nowhere/at/all.csv: "), "{message}");
    }
}
