//! Analyses that run scenarios themselves: what it would take, and what makes a difference.

use crate::error;
use crate::report::Report;
use crate::scenario::Scenario;
use crate::study::{at_most, told};
use entente::analysis::attribution::{ContrastAsked, contrast_into};
use entente::analysis::requirement::{RequireAsked, Side, require_into};
use entente::analysis::{Finished, Request};
use entente::experiment::{Control, ExperimentError, Inputs, meant};
use entente::report::insight::{self, Insight};
use pyo3::prelude::*;
use std::path::PathBuf;

/// Where it goes and how: a dict of `entente/_long.py`.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct How {
    out: Option<PathBuf>,
    force: bool,
    threads: Option<usize>,
    inputs: String,
    seed: Option<u64>,
    words: Vec<String>,
}

impl How {
    fn inputs(&self) -> Inputs {
        match self.inputs.as_str() {
            "drawn" => Inputs::Drawn,
            "best" => Inputs::Best,
            table => Inputs::Joint(table.into()),
        }
    }

    /// Does it, and draws what was found.
    fn report<T: Send + 'static>(
        self,
        py: Python<'_>,
        progress: Option<Bound<'_, PyAny>>,
        runs: u64,
        work: impl FnOnce(&Request<'_>) -> Result<Finished<T>, ExperimentError> + Send + 'static,
        tell: impl FnOnce(&T) -> Insight,
    ) -> PyResult<Report> {
        let threads = at_most(self.threads);
        let doing = move |control: &Control<'_>| {
            let How { out, force, words: command, .. } = &self;
            let (out, force) = (out.as_deref(), *force);
            work(&Request { out, force, threads, chunk_size: None, control, command })
        };
        let done = told(py, threads, progress, (runs, true), doing)?.map_err(|error| error::experiment(py, error))?;
        let report = Report::of(tell(&done.findings), &done.manifest.experiment);
        report.map_err(|error| error::drawing(py, error))
    }
}

/// The scenario with a seed of its own.
fn seeded(py: Python<'_>, scenario: &Scenario, seed: Option<u64>) -> PyResult<entente::scenario::Scenario> {
    let Some(seed) = seed else { return Ok(scenario.inner.clone()) };
    let set = vec![format!("run.seed={seed}")];
    let overrides = entente::scenario::Overrides { set, variant: None };
    scenario.inner.overridden(&overrides).map_err(|problems| error::scenario(py, problems))
}

/// The least change of the levers that takes an answer past a line.
#[pyfunction]
#[pyo3(signature = (scenario, question, *, above, below, levers, runs, fresh, how, progress))]
#[expect(clippy::too_many_arguments, reason = "the functions of entente/_long.py name them")]
pub fn require(
    py: Python<'_>,
    scenario: &Scenario,
    question: String,
    above: Option<f64>,
    below: Option<f64>,
    levers: Vec<String>,
    runs: u64,
    fresh: u64,
    how: How,
    progress: Option<Bound<'_, PyAny>>,
) -> PyResult<Report> {
    let (side, line) = match (above, below) {
        (Some(line), None) => (Side::Above, line),
        (None, Some(line)) => (Side::Below, line),
        _ => return Err(error::input(py, "expected one of above and below")),
    };
    let scenario = seeded(py, scenario, how.seed)?;
    let question = meant(&scenario, &question).map(|(_, answer)| answer.id.clone());
    let question = question.map_err(|error| error::experiment(py, error))?;
    let asked = RequireAsked { question, side, line, levers, inputs: how.inputs(), runs, fresh };
    let of = scenario.clone();
    how.report(
        py,
        progress,
        runs,
        move |request| require_into(&of, &asked, request),
        |found| insight::requirement(found, &scenario),
    )
}

/// Which differences of two scenarios make the difference of their answers.
#[pyfunction]
#[pyo3(signature = (first, second, question, *, by_section, replicates, orders, how, progress))]
#[expect(clippy::too_many_arguments, reason = "the functions of entente/_long.py name them")]
pub fn contrast(
    py: Python<'_>,
    first: &Scenario,
    second: &Scenario,
    question: String,
    by_section: bool,
    replicates: u64,
    orders: Option<u32>,
    how: How,
    progress: Option<Bound<'_, PyAny>>,
) -> PyResult<Report> {
    let (first, second) = (first.inner.clone(), second.inner.clone());
    let seed = how.seed.unwrap_or(first.file.run.seed);
    let inputs = how.inputs();
    let asked = ContrastAsked { question, by_section, orders, replicates, first: 0, inputs, seed };
    let of = (first.clone(), second.clone());
    how.report(
        py,
        progress,
        0,
        move |request| contrast_into((&of.0, &of.1), &asked, request),
        |found| insight::attribution(found, [&first, &second], ["the first", "the second"]),
    )
}
