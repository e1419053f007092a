//! Why a record of events could not be made a scenario.

use crate::record::RecordError;
use std::path::Path;
use thiserror::Error;

/// Something that the user can help: nothing was made.
#[derive(Debug, Error)]
pub enum ImportError {
    /// A table cannot be read, or holds what it should not.
    #[error("{0}")]
    Table(#[from] RecordError),
    /// What was given does not go together.
    #[error("{0}")]
    Input(String),
}

impl ImportError {
    /// Whether the user can help it by giving other input, rather than the system having failed.
    pub fn is_input(&self) -> bool {
        match self {
            Self::Table(error) => error.is_input(),
            Self::Input(_) => true,
        }
    }

    /// A file that is no table.
    pub(super) fn not_a_table(path: &Path, reason: impl Into<String>) -> Self {
        Self::Table(RecordError::NotATable { path: path.to_owned(), reason: reason.into() })
    }
}
