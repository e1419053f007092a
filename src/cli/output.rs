//! Where commands write.

use super::failure::Failure;
use crate::record::make_folder;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;

/// Standard output. When its reader has gone (`entente … | head`), what is left to say is dropped without complaint.
pub struct Output {
    stdout: io::StdoutLock<'static>,
    gone: bool,
}

impl Output {
    /// Standard output of the process.
    pub fn stdout() -> Self {
        Self { stdout: io::stdout().lock(), gone: false }
    }

    fn heed<T>(&mut self, result: io::Result<T>, instead: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(instead)
            }
            other => other,
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gone {
            return Ok(bytes.len());
        }
        let result = self.stdout.write(bytes);
        self.heed(result, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.stdout.flush();
        self.heed(result, ())
    }
}

/// Makes a folder for what a command writes, or takes it again if the command has written it before: then `mark` is in it.
///
/// # Errors
/// If the folder holds anything else, or cannot be made.
pub fn folder_for(folder: &Path, mark: &str) -> Result<(), Failure> {
    let holds_more = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if holds_more && !folder.join(mark).is_file() {
        let message = format!(
            "{} is not empty and was not made by this command (there is no {mark}); give another folder with --out",
            folder.display()
        );
        return Err(Failure::input(message));
    }
    Ok(make_folder(folder)?)
}

/// Tells people something beside the results.
pub fn tell(text: &str) {
    // Nobody is left to be told if this fails.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Whether people read what is told in colour.
pub fn tells_in_colour() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}
