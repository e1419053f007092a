//! Errors of the library as the exceptions of `entente/errors.py`.

use entente::experiment::ExperimentError;
use entente::record::RecordError;
use entente::report::analyses::AnalysisError;
use entente::report::drawing::DrawingError;
use entente::scenario::{Problem, Problems};
use pyo3::prelude::*;
use pyo3::types::PyList;

/// An exception of `entente.errors` with a message.
fn exception(py: Python<'_>, class: &str, message: String) -> PyErr {
    let raised = py.import("entente.errors").and_then(|module| module.getattr(class)?.call1((message,)));
    raised.map_or_else(|error| error, PyErr::from_value)
}

/// What is asked makes no sense.
pub fn input(py: Python<'_>, message: impl Into<String>) -> PyErr {
    exception(py, "InputError", message.into())
}

/// Problems as a list of `entente.errors.Problem`.
pub fn problem_list<'py>(py: Python<'py>, problems: &[Problem], of: &Problems) -> PyResult<Bound<'py, PyList>> {
    let class = py.import("entente.errors")?.getattr("Problem")?;
    let list = PyList::empty(py);
    for problem in problems {
        let place = problem.place.as_ref().map(|place| (of.files.name(place.file), of.files.line_and_column(place)));
        let file = place.map(|(file, _)| file);
        let (line, column) = place.map_or((None, None), |(_, (line, column))| (Some(line), Some(column)));
        let (message, expected, help) = (&problem.message, &problem.expected, &problem.help);
        list.append(class.call1((message, file, line, column, expected, help))?)?;
    }
    Ok(list)
}

/// What is wrong with a scenario.
pub fn scenario(py: Python<'_>, problems: Problems) -> PyErr {
    let raise = || {
        let list = problem_list(py, &problems.list, &problems)?;
        py.import("entente.errors")?.getattr("ScenarioError")?.call1((problems.render(false).trim_end(), list))
    };
    raise().map_or_else(|error| error, PyErr::from_value)
}

/// What is wrong with files.
pub fn record(py: Python<'_>, error: RecordError) -> PyErr {
    match error {
        RecordError::Scenario(problems) => scenario(py, problems),
        error if error.is_input() => input(py, error.to_string()),
        error => exception(py, "ResultsError", error.to_string()),
    }
}

/// What stopped an experiment.
pub fn experiment(py: Python<'_>, error: ExperimentError) -> PyErr {
    match error {
        ExperimentError::Record(error) => record(py, error),
        ExperimentError::Input(message) => input(py, message),
        error @ ExperimentError::NoChunk { .. } => input(py, error.to_string()),
        ExperimentError::Missing { ref tasks } | ExperimentError::MoreToDo { ref tasks, .. } => {
            unfinished(py, error.to_string(), tasks)
        }
        error => exception(py, "EntenteError", error.to_string()),
    }
}

/// Chunks are to be done.
fn unfinished(py: Python<'_>, message: String, chunks: &[u64]) -> PyErr {
    let raise = || py.import("entente.errors")?.getattr("Unfinished")?.call1((message, chunks.to_vec()));
    raise().map_or_else(|error| error, PyErr::from_value)
}

/// What stopped an analysis.
pub fn analysis(py: Python<'_>, error: AnalysisError) -> PyErr {
    match error {
        AnalysisError::Experiment(error) => experiment(py, error),
        AnalysisError::Failed(message) => exception(py, "EntenteError", message),
    }
}

/// What stopped a drawing.
pub fn drawing(py: Python<'_>, error: DrawingError) -> PyErr {
    match error {
        DrawingError::Record(error) => record(py, error),
        DrawingError::Chart(message) => exception(py, "EntenteError", message),
    }
}

/// What should not have happened.
pub fn internal(py: Python<'_>, message: String) -> PyErr {
    exception(py, "EntenteError", message)
}
