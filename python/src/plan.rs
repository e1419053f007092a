//! Plans: experiments that other processes and machines do, in chunks.

use crate::error;
use crate::results::Results;
use crate::scenario::Scenario;
use crate::study::{Asked, at_most, told};
use entente::experiment::slurm::{self, Job};
use entente::experiment::{Begun, Experiment, ExperimentError, ResultsFolder};
use entente::record::{Folder, Results as Inner};
use pyo3::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// An experiment cut into chunks, which any engine may do: in any order, at the same time, on any machine that sees the
/// folder, or elsewhere, as bytes.
///
/// >>> folder = getfixture("tmp_path") / "plan"
/// >>> p = entente.plan(standoff, replicates=64, chunks=2, out=folder)
/// >>> p.missing()
/// [0, 1]
/// >>> p.run_chunk(0), p.accept(p.chunk_bytes(1))
/// (True, 32)
/// >>> p.gather().replicates
/// 64
#[pyclass(module = "entente", frozen)]
pub struct Plan {
    experiment: Mutex<Arc<Experiment>>,
    folder: PathBuf,
}

/// Plans a study into a folder.
#[pyfunction]
#[pyo3(signature = (scenario, asked, *, out, force))]
pub fn plan(py: Python<'_>, scenario: &Scenario, asked: Asked, out: Option<PathBuf>, force: bool) -> PyResult<Plan> {
    let mut experiment = asked.prepare(py, scenario)?;
    experiment.begin_in_rounds();
    let mut sink = ResultsFolder::new(out.as_deref()).force(force);
    let begun = py.detach(|| experiment.begin(&mut sink)).map_err(|error| error::experiment(py, error))?;
    experiment.asked = begun.1;
    let folder = sink.folder().path().to_owned();
    Ok(Plan { experiment: Mutex::new(Arc::new(experiment)), folder })
}

impl Plan {
    fn experiment(&self) -> Arc<Experiment> {
        Arc::clone(&self.experiment.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, experiment: Experiment) {
        *self.experiment.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(experiment);
    }

    /// Cuts it into so many chunks, as far as it is at work.
    fn cut(&self, chunks: u64) -> Result<(), ExperimentError> {
        if let Some(mut planned) = Self::planned(&self.folder)? {
            planned.asked.tasks = Some(chunks);
            planned.begin(&mut ResultsFolder::new(Some(&self.folder)))?;
            self.replace(planned);
        }
        Ok(())
    }

    /// What the folder says of the experiment by now; nothing of one that is finished.
    fn planned(folder: &Path) -> Result<Option<Experiment>, ExperimentError> {
        Experiment::planned(&Folder::new(folder))
    }
}

#[pymethods]
impl Plan {
    /// The plan that is at work in a folder.
    #[staticmethod]
    fn open(py: Python<'_>, folder: PathBuf) -> PyResult<Self> {
        let planned = py.detach(|| Self::planned(&folder)).map_err(|error| error::experiment(py, error))?;
        match planned {
            Some(experiment) => Ok(Self { experiment: Mutex::new(Arc::new(experiment)), folder }),
            None => Err(error::input(py, format!("no plan is at work in {}", folder.display()))),
        }
    }

    /// The folder, as a `pathlib.Path`.
    #[getter]
    fn folder<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("pathlib")?.getattr("Path")?.call1((&self.folder,))
    }

    /// The experiment's id.
    #[getter]
    fn experiment_id(&self) -> String {
        self.experiment().plan.id()
    }

    /// How many chunks it has, which are numbered from 0.
    #[getter]
    fn chunks(&self) -> u64 {
        self.experiment().tasks().count()
    }

    /// How many runs it has.
    #[getter]
    fn runs(&self) -> u64 {
        self.experiment().runs()
    }

    /// The numbers of the chunks that are not done.
    fn missing(&self, py: Python<'_>) -> PyResult<Vec<u64>> {
        let (experiment, folder) = (self.experiment(), Folder::new(&self.folder));
        let missing = py.detach(|| match folder.plan()? {
            Some(_) => experiment.missing(&folder),
            // What is finished lacks nothing.
            None => Inner::open(&self.folder).map(|_| Vec::new()).map_err(ExperimentError::from),
        });
        missing.map_err(|error| error::experiment(py, error))
    }

    /// Does a chunk, or what of it is not done, into the folder; gives whether something had to be done. `folder` is where
    /// this machine sees it, if not where the plan was made.
    #[pyo3(signature = (number, *, threads=1, folder=None))]
    fn run_chunk(&self, py: Python<'_>, number: u64, threads: usize, folder: Option<PathBuf>) -> PyResult<bool> {
        let (experiment, folder) = (self.experiment(), Folder::new(folder.unwrap_or_else(|| self.folder.clone())));
        let threads = at_most(Some(threads.max(1))).unwrap_or(1);
        let done = told(py, Some(threads), None, (0, false), move |control| {
            experiment.tasks().share(number)?;
            if folder.plan()?.is_none() {
                // What is finished lacks nothing.
                return Inner::open(folder.path()).map(|_| false).map_err(ExperimentError::from);
            }
            let _shared = folder.share()?;
            let _held = folder.hold_task(number)?;
            experiment.run_task(number, &folder, threads, control)
        })?;
        done.map_err(|error| error::experiment(py, error))
    }

    /// Does a chunk in memory: bytes that `accept` takes, for engines without a shared disk.
    #[pyo3(signature = (number, *, threads=1))]
    fn chunk_bytes(&self, py: Python<'_>, number: u64, threads: usize) -> PyResult<Vec<u8>> {
        let experiment = self.experiment();
        let threads = at_most(Some(threads.max(1))).unwrap_or(1);
        let done =
            told(py, Some(threads), None, (0, false), move |control| experiment.task_bytes(number, threads, control))?;
        done.map_err(|error| error::experiment(py, error))
    }

    /// Takes the bytes of a chunk that was done elsewhere into the folder, after they were verified; gives how many runs
    /// they hold. Raises InputError if they are damaged or of another experiment; nothing is written then.
    fn accept(&self, py: Python<'_>, data: &[u8]) -> PyResult<u64> {
        let (experiment, folder) = (self.experiment(), Folder::new(&self.folder));
        py.detach(|| experiment.accept(data, &folder)).map_err(|error| error::experiment(py, error))
    }

    /// Puts the chunks together to results. Raises Unfinished, which names the chunks to do, if some are missing, or if
    /// more are needed for the precision that is asked for.
    fn gather(&self, py: Python<'_>) -> PyResult<Results> {
        let (experiment, path) = (self.experiment(), self.folder.clone());
        let done = told(py, None, None, (0, false), move |control| {
            experiment.gather(&mut ResultsFolder::new(Some(&path)), control)
        })?;
        match done {
            Ok(done) => Ok(Results::new(done.results)),
            Err(error @ (ExperimentError::Missing { .. } | ExperimentError::MoreToDo { .. })) => {
                let planned = Self::planned(&self.folder).map_err(|error| error::experiment(py, error))?;
                planned.map(|planned| self.replace(planned)).unwrap_or_default();
                Err(error::experiment(py, error))
            }
            Err(error) => Err(error::experiment(py, error)),
        }
    }

    /// The results, if they are there already.
    fn _finished(&self, py: Python<'_>) -> PyResult<Option<Results>> {
        let (experiment, path) = (self.experiment(), self.folder.clone());
        let begun = py.detach(|| experiment.begin(&mut ResultsFolder::new(Some(&path))));
        match begun.map_err(|error| error::experiment(py, error))?.0 {
            Begun::Finished(results) => Ok(Some(Results::new(*results))),
            _ => Ok(None),
        }
    }

    /// A script that runs the plan as a job array of Slurm, in so many chunks if that is said. Time and memory of a chunk
    /// ("1:00:00", "2G") are measured here unless given.
    #[pyo3(signature = (*, tasks=None, time=None, mem=None, threads=1))]
    fn slurm(
        &self,
        py: Python<'_>,
        tasks: Option<u64>,
        time: Option<String>,
        mem: Option<String>,
        threads: u64,
    ) -> PyResult<String> {
        let wrong = |what: &str, message: String| error::input(py, format!("{what}: {message}"));
        let time = time.map(|time| slurm::time(&time)).transpose().map_err(|message| wrong("time", message))?;
        let mem = mem.map(|mem| slurm::memory(&mem)).transpose().map_err(|message| wrong("mem", message))?;
        let path = self.folder.clone();
        let script = py.detach(|| {
            tasks.map_or(Ok(()), |tasks| self.cut(tasks))?;
            Job::of(&self.experiment(), &path.display().to_string(), threads.max(1), (time, mem))
        });
        script.map(|job| slurm::script(&job)).map_err(|error| error::experiment(py, error))
    }

    /// Cuts it into so many chunks.
    fn _cut(&self, py: Python<'_>, chunks: u64) -> PyResult<()> {
        py.detach(|| self.cut(chunks)).map_err(|error| error::experiment(py, error))
    }

    /// Writes what another process needs to do chunks into a folder of its own.
    fn _write(&self, py: Python<'_>, folder: PathBuf) -> PyResult<()> {
        let experiment = self.experiment();
        let written = py.detach(|| experiment.begin(&mut ResultsFolder::new(Some(&folder))));
        written.map(drop).map_err(|error| error::experiment(py, error))
    }

    fn __repr__(&self) -> String {
        format!("<Plan {}: {} runs in {} chunks>", self.experiment_id(), self.runs(), self.chunks())
    }
}
