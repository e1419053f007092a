//! What can go wrong with files.

use super::cells::WrongCells;
use crate::scenario::Problems;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A problem with a results folder or one of its files.
#[derive(Debug, Error)]
pub enum RecordError {
    /// The system refused to read or write.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, such as `write`.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A table could not be written or read.
    #[error("cannot use the table {}: {message}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What the Parquet library said.
        message: String,
    },
    /// Another process works at the folder.
    #[error("another process is at work in {}; wait for it, or give another folder with --out", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The folder holds something else.
    #[error("{} is not empty and holds no results of this program; give another folder with --out, or --force to write there", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// The folder holds another experiment.
    #[error("{} holds another experiment, {found}; give another folder with --out, or --force to replace it", path.display())]
    OtherExperiment {
        /// The folder.
        path: PathBuf,
        /// The experiment found there.
        found: String,
    },
    /// The folder holds the experiment, and of its series more or less is kept.
    #[error(
        "{} holds this experiment {} `--keep series`; the same command {} it shows it, --force does it anew, or give another folder \
         with --out", path.display(), if *with { "with" } else { "without" }, if *with { "with" } else { "without" }
    )]
    OtherSeries {
        /// The folder.
        path: PathBuf,
        /// Whether those of every run are kept.
        with: bool,
    },
    /// A file lies where a folder should.
    #[error("{} is a file, not a folder", path.display())]
    NotAFolder {
        /// The file.
        path: PathBuf,
    },
    /// A file is in a results folder that is not of the experiment.
    #[error("{} is not of this experiment: its manifest.json does not list it", path.display())]
    Unlisted {
        /// The file.
        path: PathBuf,
    },
    /// The scenario in a results folder cannot be used.
    #[error("{0}")]
    Scenario(Problems),
    /// A file does not hold what it should.
    #[error("{} is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file that the user gave is no table.
    #[error("{} cannot be read as a table: {reason}", path.display())]
    NotATable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A table has no column of a name.
    #[error("{} has no column `{name}`: {help}", path.display())]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
        /// The nearest name, or all there are.
        help: String,
    },
    /// Cells of a table hold no numbers.
    #[error("{}", wrong.lines(path))]
    Cells {
        /// The file.
        path: PathBuf,
        /// Which, and what stands there.
        wrong: WrongCells,
    },
    /// The folder is no finished results folder.
    #[error("{} holds no finished results: {reason}", path.display())]
    NoResults {
        /// The folder.
        path: PathBuf,
        /// What is missing.
        reason: String,
    },
}

impl RecordError {
    /// Turns a refusal of the system into an error that names the action and the file.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// Whether the user can help it by giving other input, rather than the system having failed.
    pub fn is_input(&self) -> bool {
        matches!(
            self,
            Self::Foreign { .. }
                | Self::OtherExperiment { .. }
                | Self::OtherSeries { .. }
                | Self::NotATable { .. }
                | Self::NoColumn { .. }
                | Self::Cells { .. }
                | Self::NoResults { .. }
                | Self::NotAFolder { .. }
                | Self::Scenario(_)
        )
    }

    pub(super) fn table(path: &Path) -> impl Fn(parquet::errors::ParquetError) -> Self + use<> {
        let path = path.to_owned();
        move |error| Self::Table { path: path.clone(), message: error.to_string() }
    }

    /// A file is not what this program wrote.
    pub fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), reason: reason.into() }
    }
}
