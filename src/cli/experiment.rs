//! What `run`, `compare` and `sweep` share: their options, and the way from those to a finished results folder.

use super::failure::{Failure, INTERRUPTED};
use super::input;
use super::options::{ChartArgs, PrintArgs, ThreadArgs};
use super::output::open_report;
use super::progress::{Bar, interrupt};
use super::summary;
use crate::experiment::{Control, Done, ExperimentError, Progress, ResultsFolder, Stopping, Study, deciding};
use crate::record::Folder;
use crate::report::drawing;
use crate::report::summary::Shown;
use crate::scenario::{Overrides, Scenario};
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// Options of every experiment.
#[derive(Clone, Debug, Args)]
pub struct ExperimentArgs {
    /// Scenario file (TOML), or - for standard input
    pub scenario: PathBuf,
    /// How many replicates [default: as the scenario says]
    #[arg(long, value_name = "N", value_parser = super::options::whole::<u64>(1..=100_000_000))]
    pub replicates: Option<u64>,
    /// The first replicate: results of the same experiment with different replicates can be merged [default: 0]
    #[arg(long, value_name = "K", default_value_t = 0, hide_default_value = true, value_parser = super::options::whole::<u64>(0..=100_000_000))]
    pub first: u64,
    /// Run until every interval's half-width is at most this share, such as 0.02; of an amount, the share of runs between its median and an end
    #[arg(long, value_name = "SHARE", value_parser = precision, conflicts_with = "replicates")]
    pub precision: Option<f64>,
    /// Questions, or their answers at a moment, that are shown, and with --precision decide when to stop [default: the
    /// headline questions; those of yes or no decide]
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub question: Vec<String>,
    /// Show the answers to all questions, with the intervals of shares and the ranges of amounts
    #[arg(long)]
    pub all: bool,
    /// Stop after this time, such as "10 min", with what is done by then
    #[arg(long, value_name = "TIME", value_parser = time_limit)]
    pub time_limit: Option<f64>,
    /// With --precision or --time-limit: stop after this many replicates at the latest [default: 1000000]
    #[arg(long, value_name = "N", value_parser = super::options::whole::<u64>(1..=100_000_000), conflicts_with = "replicates")]
    pub max_replicates: Option<u64>,
    /// Master seed: the same seed gives the same results [default: as the scenario says]
    #[arg(long, value_name = "S", value_parser = super::options::seed)]
    pub seed: Option<u64>,
    #[command(flatten)]
    pub threads: ThreadArgs,
    /// Results folder [default: outputs/<scenario>/<experiment>]
    #[arg(long, value_name = "DIR", value_parser = super::options::folders())]
    pub out: Option<PathBuf>,
    /// Change a value of the scenario, by the same path as in the file
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    #[command(flatten)]
    pub print: PrintArgs,
    #[command(flatten)]
    pub charts: ChartArgs,
    /// Open the report in the browser
    #[arg(long, conflicts_with = "no_charts")]
    pub open: bool,
    /// Keep more than usual: the series of every run
    #[arg(long, value_enum, value_name = "WHAT")]
    pub keep: Vec<KeepMore>,
    /// Run anew and replace what an earlier experiment left in the folder
    #[arg(long)]
    pub force: bool,
    /// Runs in a chunk; changes nothing in the results
    #[arg(long, value_name = "N", hide = true, value_parser = super::options::whole::<u64>(1..=1_000_000))]
    pub chunk_size: Option<u64>,
}

/// What may be kept on demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeepMore {
    /// Every measure at every step of every run, as `series_runs.parquet`
    Series,
}

/// The most replicates of an experiment that ends when it is precise enough or its time is up.
const MOST_REPLICATES: u64 = 1_000_000;

impl ExperimentArgs {
    /// The changes to the scenario: as assignments, so that the resolved scenario gives the same results when it is run
    /// itself.
    pub fn overrides(&self) -> Overrides {
        let mut set = self.set.clone();
        set.extend(self.replicates.map(|replicates| format!("run.replicates={replicates}")));
        set.extend(self.seed.map(|seed| format!("run.seed={seed}")));
        Overrides { set, variant: None }
    }

    /// The scenario with changes.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn load(&self, overrides: &Overrides) -> Result<Scenario, Failure> {
        let scenario = input::scenario(&self.scenario, overrides).map_err(super::problems)?;
        deciding(&scenario, &self.question)?;
        if let Some(words) = scenario.left_out().filter(|_| !self.print.quiet) {
            super::tell(&words);
        }
        Ok(scenario)
    }

    /// A study of the scenario with what the options say of it.
    ///
    /// # Errors
    /// If options do not go together.
    pub fn study(&self, scenario: Scenario) -> Result<Study, Failure> {
        let early = self.precision.is_some() || self.time_limit.is_some();
        if self.max_replicates.is_some() && !early {
            let message = "--max-replicates goes with --precision or --time-limit; --replicates says how many to run";
            return Err(Failure::input(message));
        }
        let answers = deciding(&scenario, &self.question)?;
        let study = Study::new(scenario)
            .keep_series(self.keep.contains(&KeepMore::Series))
            .first(self.first)
            .chunk_size(self.chunk_size)
            .threads(self.threads.count())
            .command(super::words());
        Ok(match early {
            true => study
                .replicates(self.max_replicates.or(self.replicates).unwrap_or(MOST_REPLICATES))
                .stop(Stopping { precision: self.precision, time_limit: self.time_limit, answers, most: None }),
            false => study,
        })
    }

    /// The results folder of an experiment.
    pub fn sink(&self) -> ResultsFolder {
        ResultsFolder::new(self.out.as_deref()).force(self.force)
    }

    /// Does a study, draws it and prints what came of it.
    ///
    /// # Errors
    /// If it cannot be done, is interrupted, or runs failed (after everything is written).
    pub fn perform(&self, study: &Study, out: &mut dyn Write) -> Result<(), Failure> {
        let experiment = study.prepare()?;
        let (mut sink, stop) = (self.sink(), interrupt());
        let bar = Bar::new(&experiment, self.print.quiet);
        let on_progress = |progress: Progress<'_>| bar.on_progress(progress);
        let control = Control { cancel: &|| stop.load(Ordering::Relaxed), on_progress: &on_progress };
        let done = experiment.run(&mut sink, self.threads.count(), &control);
        let position = bar.finish();
        let done = done.map_err(|error| match error {
            ExperimentError::Interrupted { .. } => Failure {
                code: INTERRUPTED,
                message: format!(
                    "interrupted after about {position} of {} runs; what is done is kept in {}, and the same command goes \
                     on from there",
                    experiment.runs(),
                    sink.folder().path().display()
                ),
            },
            other => other.into(),
        })?;
        if !self.charts.no_charts && !drawing::is_complete(sink.folder()) {
            drawing::draw(&done.results, None)?;
        }
        if self.print.prints() {
            let shown = Shown { questions: &self.question, all: self.all };
            summary::print(&done, experiment.source.first(), self.print.format, shown, out)?;
        }
        if self.open {
            open_report(&sink.folder().file(Folder::REPORT))?;
        }
        heed_failures(&done)
    }
}

/// Tells notices of work that puts together what was done elsewhere.
pub fn notices(quiet: bool) -> impl Fn(Progress<'_>) + Sync {
    move |progress| {
        if let (Progress::Notice(text), false) = (progress, quiet) {
            super::tell(text);
        }
    }
}

/// Prints what came of an experiment that was put together.
///
/// # Errors
/// If it cannot be read or printed, or runs failed.
pub fn show(done: &Done, print: PrintArgs, out: &mut dyn Write) -> Result<(), Failure> {
    if print.prints() {
        let scenario = done.results.scenario()?;
        summary::print(done, &scenario, print.format, Shown::default(), out)?;
    }
    heed_failures(done)
}

/// Fails if runs failed: what is printed and written leaves them out.
///
/// # Errors
/// If there are any.
pub fn heed_failures(done: &Done) -> Result<(), Failure> {
    done.failures().map_or(Ok(()), |words| Err(Failure::failed(words)))
}

fn precision(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| "expected a share such as 0.02".to_owned())?;
    if (0.0005..0.5).contains(&share) { Ok(share) } else { Err("expected a share from 0.0005 to below 0.5".into()) }
}

fn time_limit(text: &str) -> Result<f64, String> {
    let wrong = |_| "expected a time such as \"90 s\", \"10 min\" or \"2 h\"".to_owned();
    let seconds = text.parse::<jiff::SignedDuration>().map_err(wrong)?.as_secs_f64();
    if seconds > 0.0 { Ok(seconds) } else { Err("expected a time longer than nothing".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_shares_are_written_as_people_do() {
        let seconds = |text| time_limit(text).unwrap();
        assert!((seconds("10 min") - 600.0).abs() < 1e-9 && (seconds("1h 30m") - 5400.0).abs() < 1e-9);
        assert!((seconds("2 hours") - 7200.0).abs() < 1e-9 && (seconds("90s") - 90.0).abs() < 1e-9);
        assert!(time_limit("soon").is_err() && time_limit("0 s").is_err() && time_limit("-5 min").is_err());
        assert!(precision("0.02").is_ok() && precision("2%").is_err() && precision("0.7").is_err());
    }
}
