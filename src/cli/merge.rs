//! `entente merge`: results of one experiment with different replicates become one.

use super::failure::Failure;
use super::options::{ChartArgs, PrintArgs, folders};
use super::{experiment, results};
use crate::experiment::{Control, ResultsFolder, merge as merge_results};
use crate::report::drawing;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Options of `merge`.
#[derive(Clone, Debug, Args)]
pub struct MergeArgs {
    /// Results of one experiment that differ in their replicates, such as those of `run --first 1000`
    #[arg(value_name = "RESULTS", num_args = 2.., required = true)]
    pub results: Vec<PathBuf>,
    /// Folder for the merged results
    #[arg(long, value_name = "DIR", value_parser = folders())]
    pub out: PathBuf,
    #[command(flatten)]
    pub print: PrintArgs,
    #[command(flatten)]
    pub charts: ChartArgs,
}

/// Merges them.
///
/// # Errors
/// If they are not of one experiment, differ in what more than one of them holds, or do not join.
pub fn merge(args: &MergeArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let all = args.results.iter().map(|path| results::open(path)).collect::<Result<Vec<_>, _>>()?;
    let mut sink = ResultsFolder::new(Some(&args.out));
    let on_progress = experiment::notices(args.print.quiet);
    let control = Control { on_progress: &on_progress, ..Control::default() };
    let done = merge_results(&all, &mut sink, super::words(), &control)?;
    if !args.charts.no_charts && !drawing::is_complete(sink.folder()) {
        drawing::draw(&done.results, None)?;
    }
    experiment::show(&done, args.print, out)
}
