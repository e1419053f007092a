//! `entente sweep`: many points over a scenario's uncertain inputs, for each variant.

use super::experiment::ExperimentArgs;
use super::failure::Failure;
use super::input::{self, DASH};
use crate::experiment::Study;
use crate::experiment::design::varied::MOST_POINTS;
use crate::record::{Design, Method};
use crate::scenario::nearest;
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Options of `sweep`. Without --replicates, 50 are run at every point.
#[derive(Clone, Debug, Args)]
pub struct SweepArgs {
    #[command(flatten)]
    pub experiment: ExperimentArgs,
    #[command(flatten)]
    pub varied: VariedArgs,
    /// Variants to run at every point besides the baseline
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub variants: Vec<String>,
}

/// How inputs are varied.
#[derive(Clone, Debug, Args)]
pub struct VariedArgs {
    /// How to choose the points: grid, lhs, sobol, morris, saltelli, or a table, CSV or Parquet,
    /// with a column per input (- for standard input)
    #[arg(long, value_name = "METHOD|TABLE", value_parser = chosen)]
    pub design: Option<Chosen>,
    /// How many points at most [default: 256]
    #[arg(long, value_name = "N", value_parser = super::options::whole::<u32>(2..=MOST_POINTS as u64))]
    pub points: Option<u32>,
    /// Vary these inputs only, of the scenario's uncertainties or of the table's columns; in a plan without a design as in `run`: drawn, best, or a
    /// table of joint draws
    #[arg(long, value_name = "PATH,…", value_delimiter = ',')]
    pub inputs: Vec<String>,
}

/// Where the points come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A method.
    Method(Method),
    /// The user's own table.
    File(PathBuf),
}

/// Replicates at a point unless told otherwise.
const REPLICATES: u64 = 50;
/// Points unless told otherwise.
const POINTS: u32 = 256;

/// Runs it.
///
/// # Errors
/// If the scenario or the design is wrong, the run fails or is interrupted, or runs failed.
pub fn sweep(args: &SweepArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let study = study(&args.experiment, &args.varied, &args.variants)?;
    args.experiment.perform(&study, out)
}

/// The sweep as a study.
///
/// # Errors
/// If the scenario or the user's own design is wrong.
pub fn study(args: &ExperimentArgs, varied: &VariedArgs, ids: &[String]) -> Result<Study, Failure> {
    let mut args = args.clone();
    let early = args.precision.is_some() || args.time_limit.is_some();
    if !early {
        args.replicates = args.replicates.or(Some(REPLICATES));
    }
    let scenario = args.load(&args.overrides())?;
    let study = args.study(scenario)?.variants(ids);
    let points = varied.points.unwrap_or(POINTS) as usize;
    Ok(match &varied.design {
        Some(Chosen::File(path)) if varied.points.is_some() => {
            return Err(Failure::input(format!(
                "{} has its own points: expected no --points, or a method as --design",
                input::shown(path)
            )));
        }
        Some(Chosen::File(path)) => {
            let file = input::file(path)?;
            study.design(Design::of_table(&file)?.only(&file, &varied.inputs)?)
        }
        Some(Chosen::Method(method)) => study.vary(*method, points, &varied.inputs),
        None => study.vary(Method::LatinHypercube, points, &varied.inputs),
    })
}

fn is_of_kind(file: &str, ending: &str) -> bool {
    Path::new(file).extension().is_some_and(|own| own.eq_ignore_ascii_case(ending))
}

fn chosen(text: &str) -> Result<Chosen, String> {
    let method = match text {
        "grid" => Method::Grid,
        "lhs" => Method::LatinHypercube,
        "sobol" => Method::Sobol,
        "morris" => Method::Morris,
        "saltelli" => Method::Saltelli,
        DASH => return Ok(Chosen::File(DASH.into())),
        file if ["csv", "parquet"].iter().any(|ending| is_of_kind(file, ending)) => {
            return Ok(Chosen::File(file.into()));
        }
        other => {
            let help = nearest(other, ["grid", "lhs", "sobol", "morris", "saltelli"]);
            let help = help.map_or_else(String::new, |help| format!("; {help}"));
            return Err(format!(
                "expected grid, lhs, sobol, morris, saltelli or a table that ends in .csv or .parquet{help}"
            ));
        }
    };
    Ok(Chosen::Method(method))
}
