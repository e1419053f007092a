//! `entente gather`: puts the chunks of a planned experiment together.

use super::failure::{FAILED, Failure, TRY_AGAIN};
use super::options::{ChartArgs, PrintArgs};
use super::{experiment, results};
use crate::experiment::slurm::quoted;
use crate::experiment::{Control, Done, Experiment, ExperimentError, ResultsFolder, ranges};
use crate::report::drawing;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Options of `gather`.
#[derive(Clone, Debug, Args)]
pub struct GatherArgs {
    /// Folder of the planned experiment
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// Print the numbers of the chunks that are not done, as `chunk` takes them, and gather nothing
    #[arg(long)]
    pub missing: bool,
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
    let planned = Experiment::planned(&folder)?;
    if args.missing {
        let missing = planned.map_or_else(
            || results::open(folder.path()).map(|_| Vec::new()),
            |planned| planned.missing(&folder).map_err(Failure::from),
        )?;
        return match missing.is_empty() {
            true => Ok(()),
            false => writeln!(out, "{}", ranges(&missing)).map_err(Failure::failed),
        };
    }
    let done = match planned {
        Some(mut planned) => {
            planned.command = super::words();
            let mut sink = ResultsFolder::new(Some(folder.path()));
            let on_progress = experiment::notices(args.print.quiet);
            let control = Control { on_progress: &on_progress, ..Control::default() };
            let path = quoted(&folder.path().display().to_string());
            let done = planned.gather(&mut sink, &control).map_err(|error| match error {
                ExperimentError::Missing { ref tasks } => Failure {
                    code: FAILED,
                    message: format!("{error}\n`entente chunk {path} {}` does them", ranges(tasks)),
                },
                ExperimentError::MoreToDo { ref tasks, .. } => Failure {
                    code: TRY_AGAIN,
                    message: format!("{error}\n`entente chunk {path} {}` does them; then gather again", ranges(tasks)),
                },
                other => other.into(),
            })?;
            if !args.charts.no_charts && !drawing::is_complete(&folder) {
                drawing::draw(&done.results, None)?;
            }
            done
        }
        None => Done { results: results::open(folder.path())?, reused: true, pace: None },
    };
    experiment::show(&done, args.print, out)
}
