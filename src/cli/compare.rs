//! `entente compare`: variants against the baseline, under common random numbers.

use super::experiment::ExperimentArgs;
use super::failure::Failure;
use super::summary::{self, OutputFormat};
use crate::experiment::{Done, Study};
use crate::record::DifferenceRow;
use crate::report::summary::{Shown, WIDTH, differences};
use crate::scenario::Scenario;
use clap::Args;
use serde::Serialize;
use std::io::Write;

/// Options of `compare`.
#[derive(Clone, Debug, Args)]
pub struct CompareArgs {
    #[command(flatten)]
    pub experiment: ExperimentArgs,
    /// Variants to set against the baseline [default: all of the scenario's]
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub variants: Vec<String>,
}

/// Runs it.
///
/// # Errors
/// If the scenario is wrong, the runs fail or are interrupted, or replicates failed (after everything is written).
pub fn compare(args: &CompareArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let experiment = &args.experiment;
    let scenario = experiment.load(&experiment.overrides())?;
    if scenario.file.variant.is_empty() {
        return Err(Failure::input(format!(
            "{} has no [[variant]] to compare with the baseline",
            experiment.scenario.display()
        )));
    }
    let all = [String::from(Study::ALL)];
    let ids = if args.variants.is_empty() { &all[..] } else { &args.variants };
    let study = experiment.study(scenario)?.variants(ids);
    experiment.perform(&study, |done, scenario| print(done, scenario, experiment.print.format, experiment.shown(), out))
}

#[derive(Serialize)]
struct Compared {
    differences: Vec<DifferenceRow>,
}

/// Prints what changes.
///
/// # Errors
/// If the results cannot be read.
pub fn print(
    done: &Done,
    scenario: &Scenario,
    format: OutputFormat,
    shown: Shown<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let results = &done.results;
    if format == OutputFormat::Json {
        return summary::json(done, Compared { differences: results.differences()?.unwrap_or_default() }, out);
    }
    let mut document = summary::heading(done, scenario);
    differences(&mut document, results, scenario, shown)?;
    summary::places(done, &mut document)?;
    out.write_all(document.text(WIDTH).as_bytes()).map_err(Failure::failed)
}
