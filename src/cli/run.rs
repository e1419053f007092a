//! `entente run`: an ensemble of a scenario, its results, charts and report.

use super::experiment::ExperimentArgs;
use super::failure::Failure;
use super::options::InputArgs;
use crate::experiment::PlannedCell;
use crate::scenario::Overrides;
use clap::Args;
use std::io::Write;

/// Options of `run`.
#[derive(Clone, Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub experiment: ExperimentArgs,
    #[command(flatten)]
    pub inputs: InputArgs,
    /// Run this variant of the scenario instead of the baseline
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
}

/// Runs it.
///
/// # Errors
/// If the scenario is wrong, the run fails or is interrupted, or replicates failed (after everything is written).
pub fn run(args: &RunArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let overrides = Overrides { variant: args.variant.clone(), ..args.experiment.overrides() };
    let scenario = args.experiment.load(&overrides)?;
    let variant = args.variant.clone().unwrap_or_else(|| PlannedCell::BASELINE.into());
    let study = args.experiment.study(scenario)?.named(&variant).inputs(args.inputs.inputs.clone().unwrap_or_default());
    args.experiment.perform(&study, out)
}
