//! JSON files that end with a digest of themselves.

use super::{RecordError, write_whole};
use serde::Serialize;
use std::path::Path;

/// Writes a value as JSON whose last entry, of the given name, is the BLAKE3 of all that stands before.
///
/// # Errors
/// If it cannot be written.
pub fn write_sealed(path: &Path, value: &impl Serialize, name: &str) -> Result<(), RecordError> {
    let text = serde_json::to_string_pretty(value).map_err(|error| RecordError::io("write", path)(error.into()))?;
    let body = text.strip_suffix("\n}").unwrap_or(&text);
    let digest = blake3::hash(body.as_bytes()).to_hex();
    write_whole(path, format!("{body}{}{digest}\"\n}}\n", seal(name)).as_bytes()).map(|_| ())
}

/// Whether a text is as [`write_sealed`] wrote it.
pub fn is_sealed(text: &str, name: &str) -> bool {
    text.rsplit_once(&seal(name)).is_some_and(|(body, found)| {
        found.strip_suffix("\"\n}\n") == Some(blake3::hash(body.as_bytes()).to_hex().as_str())
    })
}

fn seal(name: &str) -> String {
    format!(",\n  \"{name}\": \"")
}
