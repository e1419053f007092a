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
    /// Some tasks of a plan are not done.
    #[error("not all chunks of the plan are done; these are missing: {}", ranges(tasks))]
    Missing {
        /// Their numbers, in order.
        tasks: Vec<u64>,
    },
    /// A plan that ends when it is precise enough goes on with another round.
    #[error(
        "after {done} replicates an interval's half-width is still above {precision}: {next} replicates are planned now, and the chunks {} are to do",
        ranges(tasks)
    )]
    MoreToDo {
        /// The half-width asked for.
        precision: f64,
        /// Replicates that are done.
        done: u64,
        /// Replicates that are planned now.
        next: u64,
        /// Numbers of the chunks to do, in order.
        tasks: Vec<u64>,
    },
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

/// Numbers in order as ranges: `3-17,40`.
pub fn ranges(numbers: &[u64]) -> String {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let word = |(first, last): &(u64, u64)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    ranges.iter().map(word).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_told_as_ranges() {
        assert_eq!(super::ranges(&[3, 4, 5, 9, 11, 12]), "3-5,9,11-12");
        assert_eq!(super::ranges(&[]), "");
    }
}
