//! Scenario files that are begun: what they may be called, and that nothing is written over.

use super::failure::Failure;
use super::output::place_for_file;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// The id of a scenario of a name.
///
/// # Errors
/// If the name cannot be one.
pub fn scenario_id(name: &str) -> Result<String, Failure> {
    let sound = !name.is_empty()
        && !name.starts_with('-')
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if sound {
        return Ok(name.to_owned());
    }
    let instead = if name.contains(['/', '\\']) { "; go to the folder that it is for" } else { "" };
    Err(Failure::input(format!(
        "`{name}` cannot be the name of a scenario: expected lower-case letters, digits and hyphens{instead}"
    )))
}

/// Checks that there is no file of a path, and that there can be one.
///
/// # Errors
/// If there is, or cannot be.
pub fn not_there(path: &Path) -> Result<(), Failure> {
    if path.exists() { Err(is_there(path)) } else { place_for_file(path) }
}

fn is_there(path: &Path) -> Failure {
    Failure::input(format!("{} is there already; it is left as it is", path.display()))
}

/// Writes a file that is not there yet.
///
/// # Errors
/// If it is, or cannot be written.
pub fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let mut file = match std::fs::OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(is_there(path));
        }
        Err(error) => return Err(Failure::failed(format!("cannot write {}: {error}", path.display()))),
    };
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| {
        // What was created here and is not whole is of no use to anybody.
        let _ = std::fs::remove_file(path);
        Failure::failed(format!("cannot write {}: {error}", path.display()))
    })
}
