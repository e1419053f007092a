//! `entente chunk`: one chunk of a planned experiment.

use super::failure::{Failure, INTERRUPTED};
use super::progress::interrupt;
use super::results;
use crate::experiment::{Control, Experiment, ExperimentError, Progress, run_chunk};
use crate::record::Results;
use clap::Args;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// Options of `chunk`.
#[derive(Clone, Debug, Args)]
pub struct ChunkArgs {
    /// Folder of the planned experiment
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// Number of the chunk, from 0
    #[arg(value_name = "K")]
    pub number: u64,
}

/// Does it, unless it is done already.
///
/// # Errors
/// If there is no such plan or chunk, or it cannot be done or written.
pub fn chunk(args: &ChunkArgs) -> Result<(), Failure> {
    let folder = results::of_plan(&args.plan);
    let Some(planned) = Experiment::planned(&folder)? else {
        // All chunks are in the results; without those there is an error to tell.
        return Results::open(folder.path()).map(|_| ()).map_err(Failure::from);
    };
    let _shared = folder.share()?;
    let stop = interrupt();
    let on_progress = |progress: Progress<'_>| {
        if let Progress::Notice(text) = progress {
            super::tell(text);
        }
    };
    let control = Control { cancel: &|| stop.load(Ordering::Relaxed), on_progress: &on_progress };
    match run_chunk(&planned.plan, args.number, &planned.source, &folder, &control) {
        Ok(_) => Ok(()),
        Err(ExperimentError::Interrupted { .. }) => Err(Failure {
            code: INTERRUPTED,
            message: format!("interrupted: chunk {} is not done; the same command does it", args.number),
        }),
        Err(error) => Err(error.into()),
    }
}
