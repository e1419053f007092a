//! Where commands write.

use super::failure::Failure;
use crate::record::make_folder;
use crate::report::Document;
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
            // It is the printing that failed, and none of the files that were written before.
            Err(error) => Err(io::Error::new(error.kind(), format!("cannot write to standard output: {error}"))),
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

/// Letters in a line of the terminal that standard output goes to; 80 if it goes elsewhere.
pub fn width() -> usize {
    terminal_size::terminal_size_of(io::stdout()).map_or(80, |(width, _)| usize::from(width.0))
}

/// Prints a document, and under it where to find what was written.
///
/// # Errors
/// If it cannot be written.
pub fn print(document: &Document, places: &[(&str, &Path)], out: &mut dyn Write) -> Result<(), Failure> {
    let mut text = document.text(width());
    if !places.is_empty() {
        let mut foot = Document::default();
        foot.facts(places.iter().map(|(label, path)| (*label, path.display().to_string())));
        text.push('\n');
        text.push_str(&foot.text(width()));
    }
    out.write_all(text.as_bytes()).map_err(Failure::failed)
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

/// Checks that a file can stand at a path, before what goes into it is made.
///
/// # Errors
/// If that is a folder, or lies in none.
pub fn place_for_file(path: &Path) -> Result<(), Failure> {
    let names_folder =
        path.as_os_str().as_encoded_bytes().last().is_some_and(|end| std::path::is_separator(char::from(*end)));
    if path.is_dir() || names_folder {
        return Err(Failure::input(format!("{} is a folder; expected the name of a file to write", path.display())));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
    folder.map_or(Ok(()), |folder| {
        Err(Failure::input(format!("there is no folder {} to write {} in", folder.display(), path.display())))
    })
}

/// [`place_for_file`], where nothing is written over but a file of the same kind, such as a checkpoint.
///
/// # Errors
/// If something else is there, or no file can be.
pub fn place_for_kind(path: &Path, kind: &str, is_one: impl Fn(&Path) -> bool) -> Result<(), Failure> {
    place_for_file(path)?;
    if path.exists() && !(path.is_file() && is_one(path)) {
        let shown = path.display();
        return Err(Failure::input(format!(
            "{shown} is there already and is no {kind}; it is left as it is: expected a new name, or that of a {kind} to write over"
        )));
    }
    Ok(())
}

/// Opens a report in the user's browser.
///
/// # Errors
/// If there is none to be found.
pub fn open_report(path: &Path) -> Result<(), Failure> {
    opener::open_browser(path).map_err(|error| {
        Failure::failed(format!(
            "cannot open {} in a browser ({error}); the file is there all the same",
            path.display()
        ))
    })
}

/// Opens an address in the user's browser.
///
/// # Errors
/// If there is none to be found.
pub fn open_address(address: &str) -> Result<(), Failure> {
    opener::open_browser(address).map_err(|error| Failure::failed(format!("cannot open a browser ({error})")))
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
