//! `entente run`: an ensemble of a scenario, its results, charts and report.

use super::failure::{FAILED, Failure};
use super::perform::{Order, perform};
use super::summary::{self, Format};
use crate::experiment::{Cell, Plan};
use crate::scenario::{Overrides, Scenario};
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Options of `run`.
#[derive(Clone, Debug, Args)]
pub struct RunArgs {
    /// Scenario file (TOML)
    pub scenario: PathBuf,
    /// Run this variant of the scenario instead of the baseline
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    /// How many replicates [default: as the scenario says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub replicates: Option<u64>,
    /// Master seed: the same seed gives the same results [default: as the scenario says]
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// How many threads [default: one per core]
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub threads: Option<u16>,
    /// Results folder [default: outputs/<scenario>/<experiment>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Change a value of the scenario, by the same path as in the file
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
    /// How to print the summary
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Draw no charts and write no report
    #[arg(long)]
    pub no_charts: bool,
    /// Keep more than usual: the series of every run
    #[arg(long, value_enum, value_name = "WHAT")]
    pub keep: Vec<KeepMore>,
    /// Run anew and replace what an earlier experiment left in the folder
    #[arg(long)]
    pub force: bool,
    /// Replicates in a chunk; changes nothing in the results
    #[arg(long, value_name = "N", hide = true, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub chunk_size: Option<u64>,
}

/// What may be kept on demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeepMore {
    /// Every measure at every step of every run, as `series_runs.parquet`
    Series,
}

/// Runs it.
///
/// # Errors
/// If the scenario is wrong, the run fails or is interrupted, or replicates failed (after everything is written).
pub fn run(args: &RunArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let mut overrides = Overrides { set: args.set.clone(), variant: args.variant.clone() };
    // As assignments, so that the resolved scenario gives the same results when it is run itself.
    overrides.set.extend(args.replicates.map(|replicates| format!("run.replicates={replicates}")));
    overrides.set.extend(args.seed.map(|seed| format!("run.seed={seed}")));
    let scenario = Scenario::load(&args.scenario, &overrides).map_err(super::problems)?;
    let defaults = scenario.file.run;
    let cell = Cell {
        point: 0,
        variant: args.variant.clone().unwrap_or_else(|| Cell::BASELINE.into()),
        digest: scenario.digest(),
        text: blake3::hash(scenario.resolved_toml().as_bytes()).to_hex().to_string(),
    };
    let mut plan = Plan::new("run", &scenario.file.scenario.id, vec![cell], defaults.seed, defaults.replicates);
    plan.keeps_series = args.keep.contains(&KeepMore::Series);
    plan.chunk_size = args.chunk_size.unwrap_or(plan.chunk_size);
    let done = perform(&Order {
        plan,
        scenarios: std::slice::from_ref(&scenario),
        out: args.out.clone(),
        force: args.force,
        threads: args.threads.map(usize::from),
        boundaries: boundaries(&scenario, &args.scenario),
        charts: !args.no_charts,
        quiet: args.quiet,
        command: std::env::args().collect(),
    })?;
    if !args.quiet || args.format == Format::Json {
        summary::print(&done, &scenario, args.format, out)?;
    }
    match done.results.manifest().failures {
        0 => Ok(()),
        failures => Err(Failure {
            code: FAILED,
            message: format!(
                "{failures} of {} replicates failed; the results leave them out, and runs.parquet says why",
                done.results.manifest().runs
            ),
        }),
    }
}

/// The file with the zones' outlines, which the scenario names relative to itself.
pub fn boundaries(scenario: &Scenario, file: &Path) -> Option<PathBuf> {
    let named = scenario.file.scenario.boundaries.as_ref()?;
    Some(file.parent().unwrap_or(Path::new("")).join(named))
}
