//! What analyses that run scenarios themselves share: their options, and the way to a finished folder and what is printed of it.

use super::failure::{Failure, INTERRUPTED};
use super::options::{ChartArgs, PrintArgs, ThreadArgs};
use super::output::open_report;
use super::progress::{Bar, interrupt};
use crate::analysis::Request;
use crate::experiment::{Control, ExperimentError, Progress};
use crate::record::{Folder, Manifest, write_whole};
use crate::report::drawing::{self, Notes};
use crate::report::insight::Insight;
use crate::report::{provenance, quoted};
use crate::scenario::Scenario;
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// Options of such an analysis.
#[derive(Clone, Debug, Args)]
pub struct LongArgs {
    #[command(flatten)]
    pub threads: ThreadArgs,
    /// Results folder [default: outputs/<id>/<experiment>]
    #[arg(long, value_name = "DIR", value_parser = super::options::folders())]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub print: PrintArgs,
    #[command(flatten)]
    pub charts: ChartArgs,
    /// Open the report in the browser
    #[arg(long, conflicts_with = "no_charts")]
    pub open: bool,
    /// Do it anew and replace what an earlier experiment left in the folder
    #[arg(long)]
    pub force: bool,
    /// Runs in a chunk; changes nothing in the results
    #[arg(long, value_name = "N", hide = true, value_parser = super::options::whole::<u64>(1..=1_000_000))]
    pub chunk_size: Option<u64>,
}

impl LongArgs {
    /// Does the work while a line tells how far it is.
    ///
    /// # Errors
    /// What stops it; if it is interrupted, that the same command goes on.
    pub fn perform<T>(&self, work: impl FnOnce(&Request<'_>) -> Result<T, ExperimentError>) -> Result<T, Failure> {
        let stop = interrupt();
        let bar = Bar::open(self.print.quiet);
        let on_progress = |progress: Progress<'_>| bar.on_progress(progress);
        let control = Control { cancel: &|| stop.load(Ordering::Relaxed), on_progress: &on_progress };
        let words = super::words();
        let request = Request {
            out: self.out.as_deref(),
            force: self.force,
            threads: self.threads.count(),
            chunk_size: self.chunk_size,
            control: &control,
            command: &words,
        };
        let done = work(&request);
        let position = bar.finish();
        done.map_err(|error| match error {
            ExperimentError::Interrupted { .. } => Failure {
                code: INTERRUPTED,
                message: format!(
                    "interrupted after about {position} runs; what is done is kept, and the same command goes on from there"
                ),
            },
            other => other.into(),
        })
    }

    /// Completes the page, draws its charts, writes it and prints what it says, with the places of `more` files.
    ///
    /// # Errors
    /// If a chart cannot be drawn, or something cannot be written.
    pub fn deliver(
        &self,
        mut found: Insight,
        (folder, manifest): (&Folder, &Manifest),
        more: &[(&str, &Path)],
        scenario: Option<&Scenario>,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let page = &mut found.document;
        page.heading("How it was made");
        page.command(manifest.command.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "));
        page.facts(provenance(manifest));
        page.use_with_care();
        let report = folder.file(Folder::REPORT);
        if !self.charts.no_charts {
            let notes = Notes::of("Experiment", &manifest.experiment);
            let notes = match scenario {
                Some(scenario) => notes.naming(scenario),
                None => notes,
            };
            page.draw(&drawing::picture(&found.charts, &folder.charts(), &notes)?);
            write_whole(&report, page.html().as_bytes())?;
        }
        let mut places = vec![("Folder", folder.path())];
        places.extend_from_slice(more);
        if !self.charts.no_charts {
            places.push(("Page", &*report));
        }
        found.json["folder"] = folder.path().display().to_string().into();
        self.print.print(&found.document, &places, || found.json.clone(), out)?;
        if self.open {
            open_report(&report)?;
        }
        Ok(())
    }
}
