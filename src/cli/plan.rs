//! `entente plan`: prepares an experiment for other processes or machines.

use super::experiment::ExperimentArgs;
use super::failure::Failure;
use super::options::inputs;
use super::summary::OutputFormat;
use super::sweep::{self, VariedArgs};
use crate::base::number::grouped;
use crate::experiment::slurm::{self, Job};
use crate::experiment::{Begun, Inputs, Study};
use clap::Args;
use serde::Serialize;
use std::io::Write;

/// Options of `plan`. With a design it is a sweep, with variants a comparison, otherwise a run.
#[derive(Clone, Debug, Args)]
pub struct PlanArgs {
    #[command(flatten)]
    pub experiment: ExperimentArgs,
    #[command(flatten)]
    pub varied: VariedArgs,
    /// Variants to set against the baseline, or `all`
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub variants: Vec<String>,
    /// How many chunks it is cut into [default: of about 4,096 runs each, 1,000 at most]
    #[arg(long, value_name = "N", value_parser = super::options::whole::<u64>(1..=10_000_000))]
    pub tasks: Option<u64>,
    /// Print a script that runs it as a job array of Slurm
    #[arg(long)]
    pub slurm: bool,
    /// With --slurm: time of a task, such as 1:00:00 [default: three times what it takes here]
    #[arg(long, value_name = "TIME", requires = "slurm", value_parser = slurm::time)]
    pub time: Option<String>,
    /// With --slurm: memory of a task, such as 2G [default: half as much again as it takes here]
    #[arg(long, value_name = "SIZE", requires = "slurm", value_parser = slurm::memory)]
    pub mem: Option<String>,
}

#[derive(Serialize)]
struct Planned {
    folder: String,
    experiment: String,
    chunks: u64,
    missing: String,
    runs: u64,
}

/// Prepares it.
///
/// # Errors
/// If the scenario or the design is wrong, or the folder cannot be written to.
pub fn plan(args: &PlanArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let experiment = &args.experiment;
    if experiment.time_limit.is_some() {
        return Err(Failure::input(
            "a plan knows nothing of time: give --replicates or --precision instead of --time-limit",
        ));
    }
    let mut planned = study(args)?.tasks(args.tasks).prepare()?;
    planned.begin_in_rounds();
    let mut sink = experiment.sink();
    let (begun, asked) = planned.begin(&mut sink)?;
    planned.asked = asked;
    let folder = sink.folder().path().display().to_string();
    let tasks = planned.tasks();
    let missing = crate::experiment::ranges(&planned.missing(sink.folder())?);
    let runs = planned.runs();
    let text = if matches!(begun, Begun::Finished(_)) {
        format!("{folder} holds the results of this experiment already\n")
    } else if args.slurm {
        let threads = experiment.threads.count().unwrap_or(1) as u64;
        slurm::script(&Job::of(&planned, &folder, threads, (args.time.clone(), args.mem.clone()))?)
    } else if experiment.print.format == OutputFormat::Json {
        let told = Planned { folder, experiment: planned.plan.id(), chunks: tasks.count(), missing, runs };
        serde_json::to_string_pretty(&told).map_err(Failure::failed)? + "\n"
    } else {
        let quoted = slurm::quoted(&folder);
        let [runs, chunks] = [runs, tasks.count()].map(|number| grouped(number as f64, 0));
        format!(
            "Plan     {}: {runs} runs in {chunks} chunks\nFolder   {folder}\nChunks   entente chunk {quoted} {missing}\n         \
             (all or some of them, in any order, at the same time, on any machine that sees the folder)\nThen     entente \
             gather {quoted}\n",
            planned.plan.id(),
        )
    };
    out.write_all(text.as_bytes()).map_err(Failure::failed)
}

fn study(args: &PlanArgs) -> Result<Study, Failure> {
    let experiment = &args.experiment;
    if args.varied.design.is_some() {
        return sweep::study(experiment, &args.varied, &args.variants);
    }
    if args.varied.points.is_some() {
        return Err(Failure::input("--points goes with --design"));
    }
    let inputs = match args.varied.inputs.as_slice() {
        [] => Inputs::default(),
        [one] => inputs(one).map_err(|wrong| Failure::input(format!("--inputs without --design: {wrong}")))?,
        _ => return Err(Failure::input("--inputs without --design is drawn, best, or a table of joint draws")),
    };
    let scenario = experiment.load(&experiment.overrides())?;
    Ok(experiment.study(scenario)?.variants(&args.variants).inputs(inputs))
}
