//! What can stop an experiment.

use crate::record::RecordError;
use thiserror::Error;

/// Why an experiment did not come to its end.
#[derive(Debug, Error)]
pub enum ExperimentError {
    /// Files could not be written or read.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The threads could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// Why not.
        reason: String,
    },
    /// The time was up before every cell had a chunk.
    #[error("the time limit of {seconds} seconds is too short: not one round of {runs} runs was done in it")]
    TooShort {
        /// The limit.
        seconds: f64,
        /// Runs in a round.
        runs: u64,
    },
    /// What is asked makes no sense.
    #[error("{0}")]
    Input(String),
    /// There is no such chunk.
    #[error("there is no chunk {number}: the plan has chunks 0 to {last}")]
    NoChunk {
        /// The number asked for.
        number: u64,
        /// The last chunk's.
        last: u64,
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
