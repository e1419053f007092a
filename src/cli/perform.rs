//! From a plan to a finished results folder: what `run` and its relatives share.

use super::drawing::{self, Drawing};
use super::failure::{Failure, INTERRUPTED};
use crate::analysis::answers::answers;
use crate::experiment::{ExperimentError, Plan, Progress, Scenarios, Source, gather, run_chunks};
use crate::record::{Claim, FileEntry, Folder, Manifest, Results, ScenarioEntry, clock, write_questions, write_whole};
use crate::scenario::Scenario;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// An experiment to be done.
pub struct Order<'a> {
    /// The plan.
    pub plan: Plan,
    /// The scenario of each cell of the plan.
    pub scenarios: &'a [Scenario],
    /// The folder; `outputs/<scenario>/<experiment>` unless given.
    pub out: Option<PathBuf>,
    /// Whether to replace what is in the folder.
    pub force: bool,
    /// How many threads; as many as there are cores unless given.
    pub threads: Option<usize>,
    /// A GeoJSON file with the zones' outlines, if there is one.
    pub boundaries: Option<PathBuf>,
    /// Whether to draw charts.
    pub charts: bool,
    /// Whether to keep progress and notices to oneself.
    pub quiet: bool,
    /// The command line.
    pub command: Vec<String>,
}

/// An experiment that is done.
pub struct Done {
    /// The results.
    pub results: Results,
    /// Whether they were there before.
    pub reused: bool,
    /// Seconds that running took, and how many runs were done in them; none if reused.
    pub pace: Option<(f64, u64)>,
}

/// Does what is not done yet of an experiment.
///
/// # Errors
/// If it cannot be done, or was interrupted.
pub fn perform(order: &Order<'_>) -> Result<Done, Failure> {
    let plan = &order.plan;
    let scenario = order.scenarios.first().ok_or_else(|| Failure::failed("there is no scenario to run"))?;
    let path = order.out.clone().unwrap_or_else(|| PathBuf::from("outputs").join(&plan.scenario).join(plan.id()));
    let source = Scenarios::new(order.scenarios, plan.seed).map_err(Failure::failed)?;
    let drawing = Drawing { scenario, layout: source.layout(), boundaries: order.boundaries.clone() };
    let mut claim = Folder::new(path).claim(plan.digest().to_hex().as_str(), &plan.text(), order.force)?;
    if let Some(manifest) = claim.finished().cloned() {
        let results = Results::new(claim.folder().clone(), manifest);
        results.manifest().verify(results.folder().path())?;
        if order.charts && !drawing::is_complete(results.folder()) {
            drawing::draw(&results, &drawing)?;
        }
        return Ok(Done { results, reused: true, pace: None });
    }
    let started = clock::now();
    let watch = clock::Stopwatch::start();
    let threads = order.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |cores| cores.get()));
    let fresh = work(order, &source, &claim, threads)?;
    let pace = (watch.seconds(), fresh);
    let results = finish(order, &source, &drawing, &mut claim, threads, started)?;
    Ok(Done { results, reused: false, pace: Some(pace) })
}

/// Does the chunks; gives the number of runs.
fn work(order: &Order<'_>, source: &impl Source, claim: &Claim, threads: usize) -> Result<u64, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // A second handler is refused; the first then does, for there is one experiment in a process.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    let bar = if order.quiet { ProgressBar::hidden() } else { ProgressBar::new(order.plan.runs()) };
    let style = "{bar:40} {pos}/{len} runs · {per_sec} · {eta} left";
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
    let notice = |text: &str| {
        if !order.quiet {
            bar.suspend(|| super::tell(text));
        }
    };
    if claim.is_resumed() {
        notice("going on with an experiment that was interrupted");
    }
    let progress = Progress { runs: &|more| bar.inc(more), notice: &notice, stop: &stop };
    let done = run_chunks(&order.plan, source, claim.folder(), threads, &progress);
    bar.finish_and_clear();
    match done {
        Ok(()) => Ok(order.plan.runs()),
        Err(ExperimentError::Interrupted { done, runs }) => Err(Failure {
            code: INTERRUPTED,
            message: format!(
                "interrupted: {done} of {runs} runs are kept in {}; the same command goes on from there",
                claim.folder().path().display()
            ),
        }),
        Err(error) => Err(error.into()),
    }
}

/// Makes the files of the results folder from the chunks, the manifest last.
fn finish(
    order: &Order<'_>,
    source: &impl Source,
    drawing: &Drawing<'_>,
    claim: &mut Claim,
    threads: usize,
    started: String,
) -> Result<Results, Failure> {
    let (plan, folder, scenario) = (&order.plan, claim.folder().clone(), drawing.scenario);
    let gathered = gather(plan, source, &folder)?;
    let mut manifest = Manifest {
        program: env!("CARGO_PKG_NAME").into(),
        version: env!("CARGO_PKG_VERSION").into(),
        commit: Manifest::this_commit().into(),
        target: Manifest::this_target(),
        experiment: plan.id(),
        plan_digest: plan.digest().to_hex().to_string(),
        scenario: ScenarioEntry {
            id: scenario.file.scenario.id.clone(),
            title: scenario.file.scenario.title.clone(),
            digest: scenario.digest(),
        },
        variants: plan.variants(),
        points: plan.points(),
        design: None,
        seed: plan.seed,
        replicates: plan.replicates,
        runs: plan.runs(),
        failures: gathered.failures,
        threads: threads as u64,
        command: order.command.clone(),
        started,
        finished: String::new(),
        files: gathered.files,
        result_digest: gathered.result_digest,
    };
    let fingerprint = write_whole(&folder.file("scenario.toml"), scenario.resolved_toml().as_bytes())?;
    manifest.files.push(FileEntry { name: "scenario.toml".into(), rows: None, fingerprint });
    let results = Results::new(folder.clone(), manifest.clone());
    let (rows, fingerprint) = write_questions(&folder.file("questions.csv"), &answers(&results)?)?;
    manifest.files.push(FileEntry { name: "questions.csv".into(), rows: Some(rows), fingerprint });
    manifest.finished = clock::now();
    let results = Results::new(folder, manifest.clone());
    if order.charts {
        drawing::draw(&results, drawing)?;
    }
    claim.finish(manifest)?;
    Ok(results)
}
