//! `entente run`: an ensemble of a scenario, its results, charts and report.

use super::experiment::ExperimentArgs;
use super::failure::Failure;
use super::input;
use super::options::InputArgs;
use crate::experiment::PlannedVariant;
use crate::scenario::{Overrides, Theory};
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

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
    /// Run each rival theory of who sides with whom too, with the same draws: those that come with the program, and with
    /// =FILE,… others, which have a [behaviour] section and nothing else
    #[arg(long, value_name = "FILE,…", num_args = 0.., require_equals = true, value_delimiter = ',', conflicts_with = "variant")]
    pub theories: Option<Vec<PathBuf>>,
}

/// Runs it.
///
/// # Errors
/// If the scenario is wrong, the run fails or is interrupted, or replicates failed (after everything is written).
pub fn run(args: &RunArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let overrides = Overrides { variant: args.variant.clone(), ..args.experiment.overrides() };
    let mut scenario = args.experiment.load(&overrides)?;
    let mut theories = Vec::new();
    if let Some(own) = &args.theories {
        theories = Theory::shipped();
        for path in own {
            theories.push(Theory::load(&input::file(path)?).map_err(super::problems)?);
        }
        scenario = scenario.with_theories(&theories).map_err(super::problems)?;
    }
    let variant = args.variant.clone().unwrap_or_else(|| PlannedVariant::BASELINE.into());
    let study = args.experiment.study(scenario)?.named(&variant).variants(theories.into_iter().map(|theory| theory.id));
    let study = study.inputs(args.inputs.inputs.clone().unwrap_or_default());
    args.experiment.perform(&study, out)
}
