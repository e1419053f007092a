//! What can stop an experiment.

use crate::record::RecordError;
use thiserror::Error;

/// Why an experiment did not come to its end.
#[derive(Debug, Error)]
pub enum ExperimentError {
    /// Files could not be written or read.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A point or variant could not be made ready.
    #[error("cannot run point {point} of variant `{variant}`: {reason}")]
    Source {
        /// The design point.
        point: i32,
        /// The variant.
        variant: String,
        /// Why.
        reason: String,
    },
    /// The threads could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// Why not.
        reason: String,
    },
    /// Somebody asked to stop. Finished chunks are kept.
    #[error("interrupted after {done} of {runs} runs")]
    Interrupted {
        /// Runs in finished chunks.
        done: u64,
        /// Runs in all.
        runs: u64,
    },
}
