//! `entente gather`: puts the chunks of a planned experiment together.

use super::failure::Failure;
use super::perform::{Done, put_together};
use super::summary::{self, Format};
use super::{experiment, planned};
use crate::record::Results;
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
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
    /// How to print the summary
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Draw no charts and write no report
    #[arg(long)]
    pub no_charts: bool,
}

/// Puts it together.
///
/// # Errors
/// If there is no such plan, a chunk is missing or damaged, or a file cannot be written.
pub fn gather(args: &GatherArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let folder = planned::folder(&args.plan);
    let done = match planned::order(&folder, !args.no_charts, args.quiet)? {
        Some(order) => put_together(&order)?,
        None => Done { results: Results::open(folder.path())?, reused: true, pace: None },
    };
    if !args.quiet || args.format == Format::Json {
        let scenario = done.results.scenario()?;
        summary::print(&done, &scenario, args.format, Shown::default(), out)?;
    }
    experiment::heed_failures(&done)
}
