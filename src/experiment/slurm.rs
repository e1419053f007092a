//! A script that runs an experiment as a job array of Slurm.

use super::{Experiment, ExperimentError};

/// What the script is of.
#[derive(Clone, Debug)]
pub struct Job {
    /// The experiment's id.
    pub id: String,
    /// The results folder.
    pub folder: String,
    /// How many chunks there are.
    pub tasks: u64,
    /// How many runs in all.
    pub runs: u64,
    /// Time of a task.
    pub time: String,
    /// Memory of a task.
    pub memory: String,
    /// Threads of a task.
    pub threads: u64,
}

/// The most tasks of an array: Slurm allows a thousand unless told otherwise.
const ARRAY: u64 = 1000;

impl Job {
    /// The job of a planned experiment. Time and memory of a task are measured here unless given.
    ///
    /// # Errors
    /// If there is nothing to run.
    pub fn of(
        planned: &Experiment,
        folder: &str,
        threads: u64,
        (time, memory): (Option<String>, Option<String>),
    ) -> Result<Self, ExperimentError> {
        let tasks = planned.tasks();
        let (time, memory) = match (time, memory) {
            (Some(time), Some(memory)) => (time, memory),
            (time, memory) => {
                let pace = planned.seconds_per_run()?;
                let seconds = pace * tasks.most_runs() as f64 / threads as f64;
                (
                    time.unwrap_or_else(|| time_for(seconds)),
                    memory.unwrap_or_else(|| memory_for(peak_memory(), threads)),
                )
            }
        };
        Ok(Self {
            id: planned.plan.id(),
            folder: folder.to_owned(),
            tasks: tasks.count(),
            runs: planned.runs(),
            time,
            memory,
            threads,
        })
    }
}

/// The script: run by a shell it submits the array and a job that gathers; run by Slurm it is a task of the array, or that job. What is
/// missing when all have ended is submitted again, at most twice; tasks that a node lost are queued again by Slurm.
pub fn script(job: &Job) -> String {
    let Job { id, folder, tasks, runs, time, memory, threads } = job;
    let (folder, last) = (quoted(folder), tasks.saturating_sub(1));
    let (array, chunks) = match *tasks > ARRAY {
        false => (format!("0-{last}"), "\"$SLURM_ARRAY_TASK_ID\"".to_owned()),
        true => (format!("0-{}", ARRAY - 1), format!("\"$SLURM_ARRAY_TASK_ID-{last}:{ARRAY}\"")),
    };
    // Of more chunks than an array may have, those that are missing are not numbers of its tasks.
    let again = if *tasks > ARRAY { array.clone() } else { "\"$missing\"".to_owned() };
    format!(
        r#"#!/bin/sh
# {runs} runs in {tasks} chunks. Submit it from the folder in which the plan was made: sh THIS_FILE
set -eu
folder={folder}
script=${{3:-$(realpath "$0")}}
submit() {{
    job=$(sbatch --parsable --job-name={id} --array="$1" --time={time} --mem={memory} --cpus-per-task={threads} --requeue --open-mode=append "$script" chunk "$2" "$script")
    sbatch --job-name={id} --dependency="afterany:${{job%%;*}}" --time={time} --mem={memory} --requeue --open-mode=append "$script" gather "$2" "$script"
}}
case "${{1:-submit}}" in
    submit) submit {array} 2 ;;
    chunk) exec entente chunk "$folder" {chunks} --threads {threads} ;;
    gather)
        missing=$(entente gather "$folder" --missing)
        if [ -z "$missing" ]; then
            exec entente gather "$folder"
        elif [ "$2" -gt 0 ]; then
            submit {again} $(($2 - 1))
        else
            echo "these chunks are missing after three submissions: $missing" >&2
            exit 1
        fi ;;
esac
"#
    )
}

/// A path as a shell takes it for one word.
pub fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if path.chars().all(plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

/// A time as Slurm takes it: minutes, minutes:seconds, hours:minutes:seconds, days-hours…
///
/// # Errors
/// If it is none.
pub fn time(text: &str) -> Result<String, String> {
    let good = text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == ':' || c == '-');
    if good { Ok(text.to_owned()) } else { Err("expected a time such as 30, 1:00:00 or 1-12:00:00".into()) }
}

/// An amount of memory as Slurm takes it.
///
/// # Errors
/// If it is none.
pub fn memory(text: &str) -> Result<String, String> {
    let number = text.trim_end_matches(['K', 'M', 'G', 'T']);
    let good = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) && text.len() <= number.len() + 1;
    if good { Ok(text.to_owned()) } else { Err("expected an amount of memory such as 500M or 2G".into()) }
}

/// The time to ask for where the work takes so many seconds here: thrice as many, and ten minutes to spare.
fn time_for(seconds: f64) -> String {
    let minutes = (3.0 * seconds / 60.0).ceil() as u64 + 10;
    format!("{}:{:02}:00", minutes / 60, minutes % 60)
}

/// The memory to ask for where one thread takes so many bytes here.
fn memory_for(peak: Option<u64>, threads: u64) -> String {
    let bytes = peak.unwrap_or(1 << 30) * 3 / 2 + (threads.saturating_sub(1) * peak.unwrap_or(1 << 28)) / 4;
    format!("{}M", bytes.div_ceil(1 << 28).max(2) * 256)
}

/// The most memory that this process has had, in bytes; none where the system does not say.
fn peak_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(tasks: u64, folder: &str) -> Job {
        Job {
            id: "run-1".into(),
            folder: folder.into(),
            tasks,
            runs: 100,
            time: "1:00:00".into(),
            memory: "1G".into(),
            threads: 2,
        }
    }

    #[test]
    fn a_script_covers_every_chunk_with_at_most_a_thousand_tasks() {
        let few = script(&job(12, "outputs/a"));
        assert!(
            few.contains("submit 0-11 2") && few.contains("entente chunk \"$folder\" \"$SLURM_ARRAY_TASK_ID\""),
            "{few}"
        );
        let many = script(&job(2500, "outputs/my results"));
        assert!(many.contains("submit 0-999 2") && many.contains("\"$SLURM_ARRAY_TASK_ID-2499:1000\""), "{many}");
        assert!(many.contains("folder='outputs/my results'\n"), "{many}");
    }

    #[test]
    fn what_a_task_needs_is_asked_for_with_room_to_spare() {
        assert_eq!(time_for(60.0), "0:13:00");
        assert_eq!(time_for(7200.0), "6:10:00");
        assert_eq!(memory_for(Some(300 << 20), 1), "512M");
        assert!(memory("2G").is_ok() && memory("G").is_err() && memory("2 G").is_err());
        assert!(time("1:00:00").is_ok() && time("1 hour; rm").is_err());
    }
}
