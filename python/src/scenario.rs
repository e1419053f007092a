//! Scenarios.

use crate::error;
use crate::frame::{Frame, bool, real, text};
use entente::experiment::PlannedVariant;
use entente::record::RecordError;
use entente::report::Document;
use entente::scenario::file::Observed;
use entente::scenario::{InputValue, Overrides, Scenario as Inner, Unsure};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString};
use std::path::PathBuf;

/// A scenario: who there is, what may happen, and what is asked. It is read and checked as a whole, and never changes:
/// `variant` and `set` give another one.
///
/// >>> s = entente.Scenario.load(standoff)
/// >>> s.id, s.start.year
/// ('three-way-standoff', 2024)
/// >>> s.set({"faction.traders.fighters": 900}).digest != s.digest
/// True
#[pyclass(module = "entente", frozen)]
pub struct Scenario {
    pub inner: Inner,
    /// The variant that it is, or the baseline.
    pub name: String,
}

/// What an input may be set to.
#[derive(Clone, Debug, FromPyObject, IntoPyObject)]
pub enum Value {
    /// A number, in the input's unit.
    #[pyo3(transparent)]
    Number(f64),
    /// A name.
    #[pyo3(transparent)]
    Name(String),
}

impl From<Value> for InputValue {
    fn from(value: Value) -> Self {
        match value {
            Value::Number(number) => Self::Number(number),
            Value::Name(name) => Self::Name(name),
        }
    }
}

impl Scenario {
    fn frame(py: Python<'_>, frame: Result<Frame, RecordError>) -> PyResult<Frame> {
        frame.map_err(|error| error::record(py, error))
    }
}

#[pymethods]
impl Scenario {
    /// Reads a scenario file, with all that it names.
    ///
    /// `changes` are new values by path, made after those of `variant`. Raises ScenarioError with everything that is wrong.
    #[staticmethod]
    #[pyo3(signature = (path, *, variant=None, changes=None))]
    fn load(
        py: Python<'_>,
        path: PathBuf,
        variant: Option<String>,
        changes: Option<Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let set = changes.map(|changes| assignments(&changes)).transpose()?.unwrap_or_default();
        let name = variant.clone().unwrap_or_else(|| PlannedVariant::BASELINE.into());
        let inner = py.detach(|| Inner::load(&path, &Overrides { set, variant }));
        Ok(Self { inner: inner.map_err(|problems| error::scenario(py, problems))?, name })
    }

    /// Reads a scenario from TOML text that stands by itself; `name` is what errors call it.
    #[staticmethod]
    #[pyo3(signature = (text, name="scenario.toml"))]
    fn loads(py: Python<'_>, text: &str, name: &str) -> PyResult<Self> {
        let inner = py.detach(|| Inner::from_text(name, text, &Overrides::default()));
        let inner = inner.map_err(|problems| error::scenario(py, problems))?;
        Ok(Self { inner, name: PlannedVariant::BASELINE.into() })
    }

    /// Its short name.
    #[getter]
    fn id(&self) -> &str {
        &self.inner.file.scenario.id
    }

    /// Its title.
    #[getter]
    fn title(&self) -> &str {
        &self.inner.file.scenario.title
    }

    /// A paragraph on the situation.
    #[getter]
    fn summary(&self) -> &str {
        &self.inner.file.scenario.summary
    }

    /// The day on which runs begin, as a `datetime.date`.
    #[getter]
    fn start<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let (year, month, day) = self.inner.file.scenario.start.parts();
        py.import("datetime")?.getattr("date")?.call1((year, month, day))
    }

    /// How long a run is, in words, such as "18 months".
    #[getter]
    fn horizon(&self) -> String {
        self.inner.file.scenario.horizon.to_string()
    }

    /// A digest (64 hexadecimal digits) of all that matters for the results of a run.
    #[getter]
    fn digest(&self) -> String {
        self.inner.digest()
    }

    /// What looks wrong but can be run: a list of Problem.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let of = entente::scenario::Problems { files: self.inner.files().clone(), list: Vec::new() };
        error::problem_list(py, &self.inner.warnings, &of)
    }

    /// The answers that are asked for: id, question (that of the entry), text, group, moment, days (from the start), unit
    /// ("chance" for yes or no), headline, base_rate (0–1), observed (what came to be, where it is known).
    #[getter]
    fn questions(&self, py: Python<'_>) -> PyResult<Frame> {
        let groups = self.inner.question_groups();
        let rows: Vec<_> = groups
            .iter()
            .flat_map(|group| group.questions.iter().map(|question| (group.name.as_deref(), question)))
            .flat_map(|(group, question)| question.answers.iter().map(move |answer| (group, question, answer)))
            .collect();
        let observed: Vec<Option<String>> = rows
            .iter()
            .map(|(.., answer)| {
                Some(match answer.observed? {
                    Observed::Answer(yes) => if yes { "yes" } else { "no" }.to_owned(),
                    Observed::Amount(amount) => amount.to_string(),
                    Observed::On(date) => date.to_string(),
                })
            })
            .collect();
        let frame = Frame::of_columns(vec![
            text("id", rows.iter().map(|(.., answer)| Some(answer.id.as_str()))),
            text("question", rows.iter().map(|(_, question, _)| Some(question.id.as_str()))),
            text("text", rows.iter().map(|(.., answer)| Some(answer.text.as_str()))),
            text("group", rows.iter().map(|(group, ..)| *group)),
            text("moment", rows.iter().map(|(.., answer)| Some(answer.label.as_str()))),
            real("days", rows.iter().map(|(.., answer)| Some(answer.days)).collect()),
            text("unit", rows.iter().map(|(_, question, _)| Some(question.unit.id()))),
            bool("headline", rows.iter().map(|(_, question, _)| Some(question.headline)).collect()),
            real("base_rate", rows.iter().map(|(.., answer)| answer.base_rate).collect()),
            text("observed", observed.iter().map(Option::as_deref)),
        ]);
        Self::frame(py, frame)
    }

    /// Every number of the scenario and every weight of the model: path, value, words (what it holds if it is no number),
    /// low, best, high (each in the input's unit, where the file gives them), source, assumption (nobody vouches for it),
    /// default (the file leaves it as it is).
    #[getter]
    fn inputs(&self, py: Python<'_>) -> PyResult<Frame> {
        let rows = self.inner.inputs();
        let words: Vec<Option<String>> =
            rows.iter().map(|input| (!input.value.is_number()).then(|| input.value.to_string())).collect();
        let frame = Frame::of_columns(vec![
            text("path", rows.iter().map(|input| Some(input.path.as_str()))),
            real("value", rows.iter().map(|input| input.value.as_f64()).collect()),
            text("words", words.iter().map(Option::as_deref)),
            real("low", rows.iter().map(|input| input.low).collect()),
            real("best", rows.iter().map(|input| input.best).collect()),
            real("high", rows.iter().map(|input| input.high).collect()),
            text("source", rows.iter().map(|input| input.source.as_deref())),
            bool("assumption", rows.iter().map(|input| Some(input.is_assumption())).collect()),
            bool("default", rows.iter().map(|input| Some(input.default)).collect()),
        ]);
        Self::frame(py, frame)
    }

    /// The inputs that a sweep varies: path, distribution, low, best, high (in the input's unit).
    #[getter]
    fn uncertainties(&self, py: Python<'_>) -> PyResult<Frame> {
        let rows = self.inner.uncertainties();
        let kinds: Vec<String> = rows
            .iter()
            .map(|unsure| serde_json::to_value(unsure.distribution).ok()?.as_str().map(str::to_owned))
            .map(Option::unwrap_or_default)
            .collect();
        let frame = Frame::of_columns(vec![
            text("path", rows.iter().map(|unsure| Some(unsure.path.as_str()))),
            text("distribution", kinds.iter().map(|kind| Some(kind.as_str()))),
            real("low", rows.iter().map(|unsure| unsure.low).collect()),
            real("best", rows.iter().map(|unsure| unsure.best).collect()),
            real("high", rows.iter().map(|unsure| unsure.high).collect()),
        ]);
        Self::frame(py, frame)
    }

    /// The values of each uncertainty that is a choice among several, in the order of `uncertainties`; none of others.
    #[getter]
    fn choices(&self) -> Vec<Vec<Value>> {
        let of = |unsure: Unsure| match unsure.names.is_empty() {
            true => unsure.choices.into_iter().map(Value::Number).collect(),
            false => unsure.names.into_iter().map(Value::Name).collect(),
        };
        self.inner.uncertainties().into_iter().map(of).collect()
    }

    /// The variants: id, title, theory (whether it is a rival theory of who sides with whom).
    #[getter]
    fn variants(&self, py: Python<'_>) -> PyResult<Frame> {
        let rows = &self.inner.file.variant;
        let frame = Frame::of_columns(vec![
            text("id", rows.iter().map(|variant| Some(variant.id.as_str()))),
            text("title", rows.iter().map(|variant| Some(variant.title.as_str()))),
            bool("theory", rows.iter().map(|variant| Some(variant.theory)).collect()),
        ]);
        Self::frame(py, frame)
    }

    /// The same scenario with a variant's changes, which results then call by the variant's id.
    fn variant(&self, py: Python<'_>, id: &str) -> PyResult<Self> {
        let inner = py.detach(|| self.inner.variant(id)).map_err(|problems| error::scenario(py, problems))?;
        Ok(Self { inner, name: id.to_owned() })
    }

    /// The same scenario with other values, by the same paths as in the file: `s.set({"faction.jnim.cohesion": 0.6})`.
    fn set(&self, py: Python<'_>, changes: Bound<'_, PyDict>) -> PyResult<Self> {
        let overrides = Overrides { set: assignments(&changes)?, variant: None };
        let inner = py.detach(|| self.inner.overridden(&overrides));
        Ok(Self { inner: inner.map_err(|problems| error::scenario(py, problems))?, name: self.name.clone() })
    }

    /// The scenario as one TOML text that stands by itself, with all changes in it.
    fn to_toml(&self) -> String {
        self.inner.resolved_toml()
    }

    /// Values of the uncertainties, in their order and units, of shares (0–1) of their distributions: a row of the sample
    /// each. The inverse of the distributions, which makes of an even sample one that is spread as the scenario says.
    fn spread(&self, py: Python<'_>, shares: Vec<Vec<f64>>) -> PyResult<Vec<Vec<f64>>> {
        let unsure = self.inner.uncertainties();
        let spreads = unsure.iter().map(|unsure| unsure.spread()).collect::<Result<Vec<_>, _>>();
        let spreads = spreads.map_err(|error| error::input(py, error.to_string()))?;
        let row = |(number, row): (usize, &Vec<f64>)| {
            if row.len() != spreads.len() || row.iter().any(|share| !(0.0..=1.0).contains(share)) {
                let count = spreads.len();
                return Err(error::input(
                    py,
                    format!("row {number} is not {count} shares from 0 to 1, one per uncertainty"),
                ));
            }
            Ok(spreads.iter().zip(row).map(|(spread, share)| spread.value(*share)).collect())
        };
        shares.iter().enumerate().map(row).collect()
    }

    /// Why a number or a name cannot be that of an input, in words; None if it can.
    fn refusal(&self, path: &str, value: Value) -> Option<String> {
        self.inner.range_of(path).and_then(|range| range.check(&value.into())).err()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String, String, String))> {
        let restore = slf.py().import("entente._pickle")?.getattr("scenario")?;
        let scenario = slf.get();
        Ok((restore, (scenario.to_toml(), scenario.id().to_owned() + ".toml", scenario.name.clone())))
    }

    /// The same scenario under the name of a variant.
    fn _named(&self, name: String) -> Self {
        Self { inner: self.inner.clone(), name }
    }

    fn __repr__(&self) -> String {
        let variant =
            if self.name == PlannedVariant::BASELINE { String::new() } else { format!(", variant {}", self.name) };
        format!("<Scenario {}{variant}: {}>", self.id(), self.title())
    }

    fn _repr_html_(&self) -> String {
        let file = &self.inner.file;
        let mut page = Document::new(
            file.scenario.title.clone(),
            format!("{}, {} from then", self.inner.file.scenario.start, file.scenario.horizon),
        );
        if !file.scenario.summary.is_empty() {
            page.words(file.scenario.summary.clone());
        }
        page.facts([
            ("Factions", file.faction.len().to_string()),
            ("Questions", self.inner.questions.len().to_string()),
            ("Variants", file.variant.iter().map(|variant| variant.id.as_str()).collect::<Vec<_>>().join(", ")),
            ("Uncertain inputs", file.uncertainty.len().to_string()),
        ]);
        crate::report::framed(&page.html(), 320)
    }
}

/// Changes as assignments of the language.
fn assignments(changes: &Bound<'_, PyDict>) -> PyResult<Vec<String>> {
    changes.iter().map(|(path, value)| Ok(format!("{}={}", path.extract::<String>()?, toml(&value)?))).collect()
}

/// A value as TOML.
fn toml(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(yes) = value.cast::<PyBool>() {
        return Ok(yes.is_true().to_string());
    }
    if let Ok(words) = value.cast::<PyString>() {
        return serde_json::to_string(words.to_str()?).map_err(|error| PyValueError::new_err(error.to_string()));
    }
    if value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>() || value.hasattr("__float__")? {
        let number: f64 = value.extract()?;
        return match number.is_finite() {
            true => Ok(number.to_string()),
            false => Err(PyValueError::new_err(format!("{number} is no value of an input"))),
        };
    }
    if let Ok(values) = value.cast::<PyList>() {
        return Ok(format!("[{}]", values.iter().map(|value| toml(&value)).collect::<PyResult<Vec<_>>>()?.join(", ")));
    }
    Err(PyTypeError::new_err(format!("{value} is no value of an input: expected a number, bool, str or list")))
}
