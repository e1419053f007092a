//! `entente plan`: prepares an experiment for other processes or machines.

use super::experiment::ExperimentArgs;
use super::failure::Failure;
use super::options::inputs;
use super::summary::OutputFormat;
use super::sweep::{self, VariedArgs};
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
    /// Print a job-array script for Slurm
    #[arg(long)]
    pub slurm: bool,
}

/// Tasks in a job array: clusters commonly allow a thousand.
const TASKS: u64 = 1000;

#[derive(Serialize)]
struct Planned {
    folder: String,
    experiment: String,
    chunks: u64,
    runs: u64,
}

/// Prepares it.
///
/// # Errors
/// If the scenario or the design is wrong, or the folder cannot be written to.
pub fn plan(args: &PlanArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let experiment = &args.experiment;
    if experiment.precision.is_some() || experiment.time_limit.is_some() {
        let message =
            "a plan has a fixed number of replicates: give --replicates instead of --precision or --time-limit";
        return Err(Failure::input(message));
    }
    let planned = study(args)?.prepare()?;
    let mut sink = experiment.sink();
    let begun = planned.begin(&mut sink)?;
    let folder = sink.folder().path().display().to_string();
    let (chunks, runs) = (planned.plan.chunks(), planned.plan.runs());
    let last = chunks.saturating_sub(1);
    let text = if matches!(begun, Begun::Finished(_)) {
        format!("{folder} holds the results of this experiment already\n")
    } else if args.slurm {
        script(&folder, &planned.plan.id(), chunks)
    } else if experiment.print.format == OutputFormat::Json {
        let told = Planned { folder, experiment: planned.plan.id(), chunks, runs };
        serde_json::to_string_pretty(&told).map_err(Failure::failed)? + "\n"
    } else {
        format!(
            "Plan     {}: {runs} runs in {chunks} chunks\nFolder   {folder}\nChunks   entente chunk {1} K, for K from 0 to \
             {last}, in any order and at the same time\nThen     entente gather {1}\n",
            planned.plan.id(),
            quoted(&folder),
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

fn script(folder: &str, id: &str, chunks: u64) -> String {
    let tasks = chunks.clamp(1, TASKS);
    let (last_task, last) = (tasks - 1, chunks.saturating_sub(1));
    let quoted = quoted(folder);
    format!(
        "#!/bin/sh\n\
         # Submit from the folder in which the plan was made:\n\
         #   job=$(sbatch --parsable THIS_FILE)\n\
         #   sbatch --dependency=afterok:$job --wrap \"entente gather {quoted}\"\n\
         # A task that fails can be given again: chunks that are done are left as they are.\n\
         #SBATCH --job-name={id}\n\
         #SBATCH --array=0-{last_task}\n\
         #SBATCH --cpus-per-task=1\n\
         set -e\n\
         for chunk in $(seq \"$SLURM_ARRAY_TASK_ID\" {tasks} {last}); do\n    entente chunk {quoted} \"$chunk\"\ndone\n"
    )
}

/// A path as a shell takes it for one word.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if path.chars().all(plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_covers_every_chunk_with_at_most_a_thousand_tasks() {
        let few = script("outputs/a", "run-1", 12);
        assert!(few.contains("--array=0-11\n") && few.contains("seq \"$SLURM_ARRAY_TASK_ID\" 12 11"), "{few}");
        let many = script("outputs/my results", "sweep-1", 2500);
        assert!(many.contains("--array=0-999\n") && many.contains(" 1000 2499"), "{many}");
        assert!(many.contains("entente chunk 'outputs/my results' \"$chunk\""), "{many}");
    }
}
