//! `entente report`: charts and report anew from stored results.

use super::drawing::{self, Drawing};
use super::failure::Failure;
use crate::experiment::{Scenarios, Source};
use crate::record::Results;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Options of `report`.
#[derive(Clone, Debug, Args)]
pub struct ReportArgs {
    /// Results folder
    pub results: PathBuf,
    /// GeoJSON file with the zones' outlines, for the maps
    #[arg(long, value_name = "FILE")]
    pub boundaries: Option<PathBuf>,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
}

/// Draws it.
///
/// # Errors
/// If there are no finished results, or files cannot be read or written.
pub fn report(args: &ReportArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let results = Results::open(&args.results)?;
    let scenario = results.scenario()?;
    let seed = results.manifest().seed;
    let boundaries = args.boundaries.clone().map_or_else(|| results.outlines(), |path| Ok(Some(path)))?;
    let source = Scenarios::new(vec![("baseline".into(), scenario)], None, seed).map_err(Failure::failed)?;
    drawing::draw(&results, &Drawing { scenario: source.first(), layout: source.layout(), boundaries })?;
    if args.quiet {
        return Ok(());
    }
    writeln!(out, "{}", results.folder().file("report.html").display()).map_err(Failure::failed)
}
