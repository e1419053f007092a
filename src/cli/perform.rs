//! From a plan to a finished results folder.

use super::drawing::{self, Drawing};
use super::failure::{Failure, INTERRUPTED};
use crate::analysis::answers::answers;
use crate::analysis::differences::differences;
use crate::analysis::precision::Precision;
use crate::experiment::{ExperimentError, Gathered, Plan, Progress, Scenarios, Source, gather, run_until};
use crate::record::{
    Claim, Design, FileEntry, Folder, Manifest, Results, ScenarioEntry, StopReason, StoppingEntry, clock,
    write_differences, write_questions, write_whole,
};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// An experiment to be done.
pub struct Order {
    /// The plan.
    pub plan: Plan,
    /// The scenarios of its cells.
    pub source: Scenarios,
    /// The folder; `outputs/<scenario>/<experiment>` unless given.
    pub out: Option<PathBuf>,
    /// Whether to replace what is in the folder.
    pub force: bool,
    /// How many threads; as many as there are cores unless given.
    pub threads: Option<usize>,
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

impl Order {
    /// Where the results are or will be.
    pub fn folder(&self) -> Folder {
        let plan = &self.plan;
        let usual = || PathBuf::from("outputs").join(&plan.scenario).join(plan.id());
        Folder::new(self.out.clone().unwrap_or_else(usual))
    }

    /// Holds the results folder and sees to it that it has all that any process needs to do chunks of the plan.
    ///
    /// # Errors
    /// If another process holds it, it has other content, or it cannot be written to.
    pub fn claim(&self) -> Result<Claim, Failure> {
        let claim = self.folder().claim(self.plan.digest().to_hex().as_str(), &self.plan.text(), self.force)?;
        if claim.finished().is_none() {
            self.write_inputs(claim.folder())?;
        }
        Ok(claim)
    }

    /// Writes the scenario, and the zones' outlines and the design if there are any.
    fn write_inputs(&self, folder: &Folder) -> Result<Vec<FileEntry>, Failure> {
        let fingerprint = write_whole(&folder.file("scenario.toml"), self.source.first().resolved_toml().as_bytes())?;
        let mut files = vec![FileEntry { name: "scenario.toml".into(), rows: None, fingerprint }];
        if let Some(outlines) = self.source.outlines() {
            let fingerprint = write_whole(&folder.file(Folder::OUTLINES), outlines)?;
            files.push(FileEntry { name: Folder::OUTLINES.into(), rows: None, fingerprint });
        }
        if self.plan.design.is_some() {
            let (rows, fingerprint) = self.source.design().write(&folder.file(Design::NAME))?;
            files.push(FileEntry { name: Design::NAME.into(), rows: Some(rows), fingerprint });
        }
        Ok(files)
    }

    fn drawing(&self) -> Drawing<'_> {
        let boundaries = self.source.outlines().map(|_| self.folder().file(Folder::OUTLINES));
        Drawing { scenario: self.source.first(), layout: self.source.layout(), boundaries }
    }
}

/// Does what is not done yet of an experiment.
///
/// # Errors
/// If it cannot be done, or was interrupted.
pub fn perform(order: &Order) -> Result<Done, Failure> {
    let mut claim = order.claim()?;
    if claim.finished().is_some() {
        let results = Results::open(claim.folder().path())?;
        if order.charts && !drawing::is_complete(results.folder()) {
            drawing::draw(&results, &order.drawing())?;
        }
        return Ok(Done { results, reused: true, pace: None });
    }
    let started = clock::now();
    let watch = clock::Stopwatch::start();
    let threads = order.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |cores| cores.get()));
    let mut precision = Precision::of(&order.plan, order.source.layout());
    let (rounds, reason) = work(order, &claim, threads, &mut precision)?;
    let runs = order.plan.replicates_after(rounds) * order.plan.cells.len() as u64;
    let pace = (watch.seconds(), runs);
    let stopping = order.plan.stopping.as_ref().map(|stopping| StoppingEntry {
        reason,
        most_replicates: order.plan.replicates,
        time_limit: stopping.time_limit,
        precision: stopping.precision,
        half_width: precision.widest().map(|(_, half_width)| half_width),
        question: precision.widest().map(|(question, _)| question),
        fixed_plan: precision.fixed_plan(),
    });
    let results = finish(order, rounds, stopping, &mut claim, threads, started)?;
    Ok(Done { results, reused: false, pace: Some(pace) })
}

/// Puts the chunks of an experiment together that other processes did.
///
/// # Errors
/// If one is missing or damaged, or a file cannot be written.
pub fn put_together(order: &Order) -> Result<Done, Failure> {
    let mut claim = order.claim()?;
    if claim.finished().is_some() {
        return Ok(Done { results: Results::open(claim.folder().path())?, reused: true, pace: None });
    }
    let started = clock::now();
    let results = finish(order, order.plan.rounds(), None, &mut claim, 1, started)?;
    Ok(Done { results, reused: false, pace: None })
}

/// A flag that an interrupt of the process sets.
pub fn interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // A second handler is refused; the first then does, for there is one experiment in a process.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    stop
}

/// Does the chunks; gives the number of rounds, and why there are no more.
fn work(order: &Order, claim: &Claim, threads: usize, precision: &mut Precision) -> Result<(u64, StopReason), Failure> {
    let plan = &order.plan;
    let stop = interrupt();
    let bar = if order.quiet { ProgressBar::hidden() } else { ProgressBar::new(plan.runs()) };
    let style = match plan.stopping {
        None => "{bar:40} {pos}/{len} runs · {per_sec} · {eta} left",
        Some(_) => "{spinner} {pos} runs, {len} at most · {per_sec} · {elapsed}",
    };
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
    let notice = |text: &str| {
        if !order.quiet {
            bar.suspend(|| super::tell(text));
        }
    };
    if claim.is_resumed() {
        notice("going on with an experiment that was interrupted");
    }
    let progress = Progress { runs: &|more| bar.inc(more), notice: &notice, stop: &|| stop.load(Ordering::Relaxed) };
    let done = run_until(plan, &order.source, claim.folder(), threads, &progress, precision);
    let position = bar.position();
    bar.finish_and_clear();
    match done {
        Ok(done) => Ok(done),
        Err(ExperimentError::Interrupted { .. }) => Err(Failure {
            code: INTERRUPTED,
            message: format!(
                "interrupted after about {position} of {} runs; what is done is kept in {}, and the same command goes on \
                 from there",
                plan.runs(),
                claim.folder().path().display()
            ),
        }),
        Err(error) => Err(error.into()),
    }
}

/// Makes the files of the results folder from the chunks, the manifest last.
fn finish(
    order: &Order,
    rounds: u64,
    stopping: Option<StoppingEntry>,
    claim: &mut Claim,
    threads: usize,
    started: String,
) -> Result<Results, Failure> {
    let (plan, folder) = (&order.plan, claim.folder().clone());
    let gathered = gather(plan, rounds, &order.source, &folder)?;
    let mut manifest = manifest(order, plan.replicates_after(rounds), stopping, gathered);
    (manifest.threads, manifest.started) = (threads as u64, started);
    manifest.files.extend(order.write_inputs(&folder)?);
    let results = Results::written(folder.clone(), manifest.clone());
    let questions = &order.source.layout().questions;
    let (rows, fingerprint) = write_questions(&folder.file("questions.csv"), &answers(&results, questions)?)?;
    manifest.files.push(FileEntry { name: "questions.csv".into(), rows: Some(rows), fingerprint });
    if plan.is_comparison() {
        let (rows, fingerprint) =
            write_differences(&folder.file("differences.csv"), &differences(&results, questions)?)?;
        manifest.files.push(FileEntry { name: "differences.csv".into(), rows: Some(rows), fingerprint });
    }
    manifest.finished = clock::now();
    let results = Results::written(folder, manifest.clone());
    if order.charts {
        drawing::draw(&results, &order.drawing())?;
    }
    claim.finish(manifest)?;
    Ok(results)
}

fn manifest(order: &Order, replicates: u64, stopping: Option<StoppingEntry>, gathered: Gathered) -> Manifest {
    let (plan, scenario) = (&order.plan, order.source.first());
    Manifest {
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
        design: plan.design.clone(),
        stopping,
        seed: plan.seed,
        replicates,
        runs: replicates * plan.cells.len() as u64,
        failures: gathered.failures,
        threads: 1,
        command: order.command.clone(),
        started: String::new(),
        finished: String::new(),
        files: gathered.files,
        result_digest: gathered.result_digest,
    }
}
