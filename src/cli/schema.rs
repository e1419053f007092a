//! `entente schema`: the scenario language as JSON Schema, for editors.

use super::Failure;
use crate::scenario;
use std::io::Write;

/// Prints it.
///
/// # Errors
/// If the output cannot be written.
pub fn schema(out: &mut dyn Write) -> Result<(), Failure> {
    writeln!(out, "{:#}", scenario::schema()).map_err(Failure::failed)
}
