//! `entente report`: charts and report anew from stored results.

use super::failure::Failure;
use super::input::{self, Input};
use super::options::PrintArgs;
use super::output::{open_report, tell};
use super::results;
use super::summary::OutputFormat;
use crate::record::Folder;
use crate::report::drawing;
use crate::scenario::Outlines;
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

/// Options of `report`.
#[derive(Clone, Debug, Args)]
pub struct ReportArgs {
    /// Results folder, or `latest`, or `latest:SCENARIO`
    pub results: PathBuf,
    /// GeoJSON file with the zones' outlines, for the maps; - for standard input
    #[arg(long, value_name = "FILE")]
    pub boundaries: Option<PathBuf>,
    /// Open the report in the browser
    #[arg(long)]
    pub open: bool,
    #[command(flatten)]
    pub print: PrintArgs,
}

/// Draws it.
///
/// # Errors
/// If there are no finished results, or files cannot be read or written.
pub fn report(args: &ReportArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let results = results::open(&args.results)?;
    let own = args.boundaries.as_ref().map(|path| Outlines::read(&Input, path, None));
    let outlines = own.transpose().map_err(|problem| super::problems(problem.into()))?;
    if let Some(outlines) = &outlines {
        let found = outlines.of_zones(&results.scenario()?.file.zone);
        let file = args.boundaries.as_deref().map(input::shown).unwrap_or_default();
        let found = found.map_err(|reason| Failure::input(format!("{file} {reason}")))?;
        if let Some(words) = found.left_over().filter(|_| !args.print.quiet) {
            tell(&format!("{file}: {words}"));
        }
    }
    drawing::draw(&results, outlines)?;
    let path = results.folder().file(Folder::REPORT);
    match args.print.format {
        OutputFormat::Json => writeln!(out, "{:#}", json!({ "report": path })).map_err(Failure::failed)?,
        OutputFormat::Text if args.print.quiet => {}
        OutputFormat::Text => writeln!(out, "{}", path.display()).map_err(Failure::failed)?,
    }
    if args.open { open_report(&path) } else { Ok(()) }
}
