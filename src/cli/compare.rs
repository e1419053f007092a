//! `entente compare`: variants against the baseline, under common random numbers.

use super::experiment::ExperimentArgs;
use super::failure::Failure;
use super::options::InputArgs;
use crate::experiment::Study;
use clap::Args;
use std::io::Write;

/// Options of `compare`.
#[derive(Clone, Debug, Args)]
pub struct CompareArgs {
    #[command(flatten)]
    pub experiment: ExperimentArgs,
    #[command(flatten)]
    pub inputs: InputArgs,
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
    let study = experiment.study(scenario)?.variants(ids).inputs(args.inputs.inputs.clone().unwrap_or_default());
    experiment.perform(&study, out)
}
