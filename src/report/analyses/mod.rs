//! Analyses of results, from what is asked to what is said of it: each gives an [`Insight`](super::insight::Insight) for people and programs.
//!
//! [`sensitivity`], [`discover`] and [`assumptions`] look at a [`Subject`], which is a sweep, an ensemble with drawn inputs
//! or any table; [`explain()`], [`replay()`] and [`signposts()`] at the runs of a point and variant of some results.

mod assumptions;
mod discover;
mod explain;
mod explain_amount;
mod explain_many;
mod explain_one;
mod replay;
mod replicate;
mod sensitivity;
mod signposts;
mod subject;
mod update;

pub use assumptions::{AssumptionsAsked, assumptions};
pub use discover::{DiscoverAsked, discover};
pub use explain::{ExplainAsked, Why, explain};
pub use replay::{Replayed, likeness_words, replay};
pub use replicate::Replicate;
pub use sensitivity::{SensitivityMeasures, sensitivity};
pub use signposts::{WatchAsked, signposts};
pub use subject::{Subject, SubjectAsked, SubjectProgress};
pub use update::{UpdateAsked, update};

use crate::experiment::ExperimentError;
use crate::record::RecordError;
use std::fmt::Display;

/// Why an analysis cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum AnalysisError {
    /// What is asked makes no sense of these results, or they cannot be read.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// It came to nothing.
    #[error("{0}")]
    Failed(String),
}

impl AnalysisError {
    /// What is asked makes no sense.
    fn input(message: impl Display) -> Self {
        ExperimentError::Input(message.to_string()).into()
    }

    /// It came to nothing.
    fn failed(message: impl Display) -> Self {
        Self::Failed(message.to_string())
    }
}

impl From<RecordError> for AnalysisError {
    fn from(error: RecordError) -> Self {
        Self::Experiment(error.into())
    }
}

/// Threads for work in memory; as many as there are cores unless given.
fn pool(threads: Option<usize>) -> Result<rayon::ThreadPool, AnalysisError> {
    rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build().map_err(AnalysisError::failed)
}
