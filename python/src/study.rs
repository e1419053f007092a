//! Studies: what is asked of a scenario, and the runs that answer it.

use crate::error;
use crate::results::Results;
use crate::scenario::Scenario;
use crate::wait::wait;
use entente::experiment::{
    Control, Experiment, ExperimentError, Inputs, Progress, ResultsFolder, Sink, Stopping, Study, deciding,
    merge as merged,
};
use entente::record::{Design, Memory, Method};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The most replicates of an experiment that ends when it is precise enough or its time is up.
const MOST_REPLICATES: u64 = 1_000_000;

/// What is asked of a scenario: a dict of `entente/_run.py`.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Asked {
    variants: Vec<String>,
    varied: Option<Varied>,
    inputs: String,
    seed: Option<u64>,
    first: u64,
    replicates: Option<u64>,
    precision: Option<f64>,
    time_limit: Option<f64>,
    questions: Vec<String>,
    keep_series: bool,
    tasks: Option<u64>,
    words: Vec<String>,
}

/// How inputs are varied.
#[derive(FromPyObject)]
pub enum Varied {
    /// Paths, each with the names that its numbers stand for (none of an input that is a number), and points, row by row.
    #[pyo3(transparent)]
    Points((Vec<(String, Vec<String>)>, Vec<Vec<f64>>)),
    /// A method, how many points, and the paths of inputs.
    #[pyo3(transparent)]
    Method((String, usize, Vec<String>)),
}

impl Asked {
    /// The experiment that answers it, ready to be done.
    pub fn prepare(self, py: Python<'_>, scenario: &Scenario) -> PyResult<Experiment> {
        let answers = deciding(&scenario.inner, &self.questions).map_err(|error| error::experiment(py, error))?;
        let mut study = Study::new(scenario.inner.clone())
            .named(&scenario.name)
            .variants(self.variants)
            .first(self.first)
            .tasks(self.tasks)
            .keep_series(self.keep_series)
            .command(self.words)
            .inputs(match self.inputs.as_str() {
                "drawn" => Inputs::Drawn,
                "best" => Inputs::Best,
                table => Inputs::Joint(table.into()),
            });
        if let Some(seed) = self.seed {
            study = study.seed(seed);
        }
        let (precision, time_limit) = (self.precision, self.time_limit);
        if precision.is_some() || time_limit.is_some() {
            let stopping = Stopping { precision, time_limit, answers, most: None };
            study = study.replicates(self.replicates.unwrap_or(MOST_REPLICATES)).stop(stopping);
        } else if let Some(replicates) = self.replicates {
            study = study.replicates(replicates);
        }
        let study = match self.varied {
            None => study,
            Some(Varied::Points((inputs, points))) => {
                let paths = inputs.iter().map(|(path, _)| path.clone()).collect();
                study.design(Design::new(paths, points).naming(inputs.into_iter().collect()))
            }
            Some(Varied::Method((method, points, inputs))) => study.vary(of_name(py, &method)?, points, &inputs),
        };
        let prepared = wait(py, None, &Arc::default(), |_| Ok(()), move || study.prepare())?;
        prepared.map_err(|error| error::experiment(py, error))
    }
}

fn of_name(py: Python<'_>, method: &str) -> PyResult<Method> {
    Ok(match method {
        "grid" => Method::Grid,
        "lhs" => Method::LatinHypercube,
        "sobol" => Method::Sobol,
        "morris" => Method::Morris,
        "saltelli" => Method::Saltelli,
        other => {
            let message =
                format!("there is no design `{other}`: expected grid, lhs, sobol, morris, saltelli, or points");
            return Err(error::input(py, message));
        }
    })
}

/// Runs a study, or goes on with it, or finds it done.
#[pyfunction]
#[pyo3(signature = (scenario, asked, *, memory, out, force, threads, progress))]
#[expect(clippy::too_many_arguments, reason = "the functions of entente/_run.py name them")]
pub fn study(
    py: Python<'_>,
    scenario: &Scenario,
    asked: Asked,
    memory: bool,
    out: Option<PathBuf>,
    force: bool,
    threads: Option<usize>,
    progress: Option<Bound<'_, PyAny>>,
) -> PyResult<Results> {
    let experiment = asked.prepare(py, scenario)?;
    let threads = at_most(threads);
    let mut sink: Box<dyn Sink + Send> = match memory {
        true => Box::new(Memory::default()),
        false => Box::new(ResultsFolder::new(out.as_deref()).force(force)),
    };
    let (runs, at_most) = (experiment.runs(), experiment.asked.stopping.is_some());
    let done =
        told(py, threads, progress, (runs, at_most), move |control| experiment.run(sink.as_mut(), threads, control))?;
    Ok(Results::new(done.map_err(|error| error::experiment(py, error))?.results))
}

/// Merges results of one experiment that differ in their replicates.
#[pyfunction]
pub fn merge(py: Python<'_>, all: Vec<PyRef<'_, Results>>, out: PathBuf) -> PyResult<Results> {
    let all: Vec<_> = all.iter().map(|results| results.inner.clone()).collect();
    let done = told(py, None, None, (0, false), move |control| {
        merged(&all, &mut ResultsFolder::new(Some(&out)), vec!["entente.merge".into()], control)
    })?;
    Ok(Results::new(done.map_err(|error| error::experiment(py, error))?.results))
}

/// No more threads than a machine can use.
pub fn at_most(threads: Option<usize>) -> Option<usize> {
    threads.map(|threads| threads.min(4 * std::thread::available_parallelism().map_or(1, usize::from)))
}

/// What an experiment tells while it is at work.
#[derive(Default)]
struct Told {
    runs: AtomicU64,
    notices: Mutex<Vec<String>>,
}

/// Does work under a control, and tells Python how far it is: of so many runs, or of no more than that.
pub fn told<T: Send + 'static>(
    py: Python<'_>,
    threads: Option<usize>,
    progress: Option<Bound<'_, PyAny>>,
    (runs, at_most): (u64, bool),
    work: impl FnOnce(&Control<'_>) -> Result<T, ExperimentError> + Send + 'static,
) -> PyResult<Result<T, ExperimentError>> {
    let (cancel, told) = (Arc::new(AtomicBool::new(false)), Arc::new(Told::default()));
    if let Some(progress) = &progress {
        progress.call_method1("start", (runs, at_most))?;
    }
    let mut said = 0;
    let look = |_: Python<'_>| {
        let Some(progress) = &progress else { return Ok(()) };
        for notice in std::mem::take(&mut *told.notices.lock().unwrap_or_else(PoisonError::into_inner)) {
            progress.call_method1("notice", (notice,))?;
        }
        let runs = told.runs.load(Ordering::Relaxed);
        if runs > said {
            said = runs;
            progress.call_method1("done", (runs,))?;
        }
        Ok(())
    };
    let doing = {
        let (told, cancel) = (Arc::clone(&told), Arc::clone(&cancel));
        move || {
            let on_progress = |progress: Progress<'_>| match progress {
                Progress::Runs(more) => drop(told.runs.fetch_add(more, Ordering::Relaxed)),
                Progress::Notice(words) => {
                    told.notices.lock().unwrap_or_else(PoisonError::into_inner).push(words.to_owned());
                }
            };
            work(&Control { cancel: &|| cancel.load(Ordering::Relaxed), on_progress: &on_progress })
        }
    };
    let done = wait(py, threads, &cancel, look, doing);
    if let Some(progress) = &progress {
        progress.call_method0("close")?;
    }
    done
}
