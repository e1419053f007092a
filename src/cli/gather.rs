//! `entente gather`: puts the chunks of a planned experiment together.

use super::failure::Failure;
use super::options::{ChartArgs, PrintArgs};
use super::{experiment, results, summary};
use crate::experiment::{Done, Experiment, ResultsFolder};
use crate::report::drawing;
use crate::report::summary::Shown;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Options of `gather`.
#[derive(Clone, Debug, Args)]
pub struct GatherArgs {
    /// Folder of the planned experiment
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    #[command(flatten)]
    pub print: PrintArgs,
    #[command(flatten)]
    pub charts: ChartArgs,
}

/// Puts it together.
///
/// # Errors
/// If there is no such plan, a chunk is missing or damaged, or a file cannot be written.
pub fn gather(args: &GatherArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let folder = results::of_plan(&args.plan);
    let done = match Experiment::planned(&folder)? {
        Some(mut planned) => {
            planned.command = super::words();
            let mut sink = ResultsFolder::new(Some(folder.path()));
            let done = planned.gather(&mut sink)?;
            if !args.charts.no_charts && !drawing::is_complete(&folder) {
                drawing::draw(&done.results, None)?;
            }
            done
        }
        None => Done { results: results::open(folder.path())?, reused: true, pace: None },
    };
    if args.print.prints() {
        let scenario = done.results.scenario()?;
        summary::print(&done, &scenario, args.print.format, Shown::default(), out)?;
    }
    experiment::heed_failures(&done)
}
