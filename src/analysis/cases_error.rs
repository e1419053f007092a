//! Why a sweep cannot be analysed.

use crate::record::RecordError;

/// Why a sweep cannot be analysed.
#[derive(Debug, thiserror::Error)]
pub enum CasesError {
    /// A file cannot be read, or has no such column.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// No inputs were varied or drawn.
    #[error(
        "{path} holds no sweep: nothing was varied in it; expected the results of `entente sweep`, of `run` or `compare` with drawn \
         inputs, or a table with --inputs and --output"
    )]
    NoDesign {
        /// The folder.
        path: String,
    },
    /// A variant was not run.
    #[error("the variant `{found}` was not run: expected one of {expected}")]
    NoVariant {
        /// Its id.
        found: String,
        /// Those that were.
        expected: String,
    },
    /// The output is words.
    #[error("the column `{column}` of {path} holds words, such as {example}: expected one of numbers, or of yes or no")]
    Words {
        /// The column.
        column: String,
        /// The folder.
        path: String,
        /// One of its words.
        example: String,
    },
    /// No run has the point and variant.
    #[error("there is no run of the variant `{0}` at any point of the design")]
    Nothing(String),
}
