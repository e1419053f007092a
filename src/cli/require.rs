//! `entente require`: the least change of the levers that takes an answer past a line.

use super::failure::Failure;
use super::input;
use super::long::LongArgs;
use super::options::InputArgs;
use crate::analysis::requirement::{RequireAsked, Side, require_into};
use crate::report::insight;
use crate::scenario::Overrides;
use clap::{ArgGroup, Args};
use std::io::Write;
use std::path::PathBuf;

/// Options of `require`.
#[derive(Clone, Debug, Args)]
#[command(group(ArgGroup::new("side").required(true).args(["above", "below"])))]
pub struct RequireArgs {
    /// Scenario file (TOML), or - for standard input
    pub scenario: PathBuf,
    /// The question, or its answer at a moment, that is to change
    #[arg(long, value_name = "ID")]
    pub question: String,
    /// The probability is to be above this; of an amount, its median
    #[arg(long, value_name = "X")]
    pub above: Option<f64>,
    /// The probability is to be below this; of an amount, its median
    #[arg(long, value_name = "X")]
    pub below: Option<f64>,
    /// Levers by their paths, in which * stands for anything [default: every [[uncertainty]] but weights of behaviour]
    #[arg(long, value_name = "PATH,…", value_delimiter = ',')]
    pub lever: Vec<String>,
    /// Runs of the search, at most
    #[arg(long, value_name = "N", default_value_t = RequireAsked::RUNS, value_parser = super::options::whole::<u64>(RequireAsked::LEAST..=100_000_000))]
    pub runs: u64,
    /// Fresh replicates that check each change that is told
    #[arg(long, value_name = "N", default_value_t = RequireAsked::FRESH, value_parser = super::options::whole::<u64>(16..=10_000_000))]
    pub fresh: u64,
    #[command(flatten)]
    pub inputs: InputArgs,
    /// Master seed: the same seed gives the same results [default: as the scenario says]
    #[arg(long, value_name = "S", value_parser = super::options::seed)]
    pub seed: Option<u64>,
    /// Change a value of the scenario, by the same path as in the file
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Start from a variant of the scenario
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    #[command(flatten)]
    pub long: LongArgs,
}

/// Searches, or goes on with it, and prints.
///
/// # Errors
/// If the scenario is wrong, what is asked makes no sense, something cannot be run or written, or it is interrupted.
pub fn require(args: &RequireArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let mut set = args.set.clone();
    set.extend(args.seed.map(|seed| format!("run.seed={seed}")));
    let overrides = Overrides { set, variant: args.variant.clone() };
    let scenario = input::scenario(&args.scenario, &overrides).map_err(super::problems)?;
    let answer = super::question::meant(&scenario, &args.question)?.1.id.clone();
    let (side, line) = match (args.above, args.below) {
        (Some(line), _) => (Side::Above, line),
        (None, line) => (Side::Below, line.unwrap_or(f64::NAN)),
    };
    let asked = RequireAsked {
        question: answer,
        side,
        line,
        levers: args.lever.clone(),
        inputs: args.inputs.inputs.clone().unwrap_or_default(),
        runs: args.runs,
        fresh: args.fresh,
    };
    let done = args.long.perform(|request| require_into(&scenario, &asked, request))?;
    args.long.deliver(
        insight::requirement(&done.findings, &scenario),
        (&done.folder, &done.manifest),
        &[],
        Some(&scenario),
        out,
    )
}
