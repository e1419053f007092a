//! `entente calibrate`: which weights go with what came to be.

use super::failure::{Failure, INTERRUPTED};
use super::options::{ChartArgs, PrintArgs, ThreadArgs};
use super::output::open_report;
use super::progress::{Bar, interrupt};
use crate::analysis::calibration::{Request, calibrate_into};
use crate::experiment::{Control, ExperimentError, Progress};
use crate::record::{Folder, write_whole};
use crate::report::drawing::{self, Notes};
use crate::report::{insight, provenance, quoted};
use crate::scenario::calibration::Calibration;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// Options of `calibrate`.
#[derive(Clone, Debug, Args)]
pub struct CalibrateArgs {
    /// Calibration file (TOML): scenarios, what is known of them, weights, priors, budget
    pub file: PathBuf,
    #[command(flatten)]
    pub threads: ThreadArgs,
    /// Results folder [default: outputs/<calibration>/<experiment>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub print: PrintArgs,
    #[command(flatten)]
    pub charts: ChartArgs,
    /// Open the report in the browser
    #[arg(long, conflicts_with = "no_charts")]
    pub open: bool,
    /// Calibrate anew and replace what an earlier experiment left in the folder
    #[arg(long)]
    pub force: bool,
    /// Runs in a chunk; changes nothing in the results
    #[arg(long, value_name = "N", hide = true, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub chunk_size: Option<u64>,
}

/// Calibrates, or goes on with it, and prints.
///
/// # Errors
/// If the file or a scenario is wrong, something cannot be run or written, or it is interrupted.
pub fn calibrate(args: &CalibrateArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let calibration = Calibration::load(&args.file).map_err(super::problems)?;
    let stop = interrupt();
    let bar = Bar::open(args.print.quiet);
    let on_progress = |progress: Progress<'_>| bar.on_progress(progress);
    let control = Control { cancel: &|| stop.load(Ordering::Relaxed), on_progress: &on_progress };
    let words = super::words();
    let request = Request {
        out: args.out.as_deref(),
        force: args.force,
        threads: args.threads.count(),
        chunk_size: args.chunk_size,
        control: &control,
        command: &words,
    };
    let done = calibrate_into(&calibration, &request);
    let position = bar.finish();
    let done = done.map_err(|error| match error {
        ExperimentError::Interrupted { .. } => Failure {
            code: INTERRUPTED,
            message: format!(
                "interrupted after about {position} runs; what is done is kept, and the same command goes on from there"
            ),
        },
        other => other.into(),
    })?;
    let mut found = insight::calibration(&done.findings);
    let page = &mut found.document;
    page.heading("How it was made");
    page.command(done.manifest.command.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "));
    page.facts(provenance(&done.manifest));
    page.use_with_care();
    let report = done.folder.file(Folder::REPORT);
    if !args.charts.no_charts {
        let notes = Notes::of("Experiment", &done.manifest.experiment);
        page.draw(&drawing::picture(&found.charts, &done.folder.charts(), &notes)?);
        write_whole(&report, page.html().as_bytes())?;
    }
    let behaviour = done.folder.file(Folder::BEHAVIOUR);
    let mut places = vec![("Folder", done.folder.path()), ("Weights", &*behaviour)];
    if !args.charts.no_charts {
        places.push(("Page", &*report));
    }
    found.json["folder"] = done.folder.path().display().to_string().into();
    args.print.print(&found.document, &places, || found.json.clone(), out)?;
    if args.open {
        open_report(&report)?;
    }
    Ok(())
}
