//! Results.

use crate::error;
use crate::frame::{Frame, bool, int, real, text};
use crate::report::{Chart, Report, framed, python};
use crate::scenario::Scenario;
use crate::wait::wait;
use entente::base::Duration;
use entente::estimate::AnswerKind;
use entente::experiment::{PlannedVariant, Target, meant};
use entente::record::{Folder, RecordError, Results as Inner};
use entente::report::analyses::{
    self, AnalysisError, AssumptionsAsked, DiscoverAsked, ExplainAsked, Replicate, SensitivityMeasures, Subject,
    SubjectAsked, UpdateAsked, WatchAsked, Why,
};
use entente::report::insight::Insight;
use entente::report::summary::{self, Shown};
use entente::report::{Document, drawing};
use entente::scenario::facts::Facts;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Files of up to so many bytes are verified when a folder is opened; larger ones when they are used.
const VERIFIED: u64 = 64 << 20;

/// The results of an experiment: in a folder, of which nothing is read but what is asked for, or in memory.
///
/// >>> r = entente.run(standoff, replicates=40, out=None, progress=False)
/// >>> len(r.runs), r.replicates, r.folder
/// (40, 40, None)
/// >>> 0 <= r.questions["probability"][0] <= 1
/// True
#[pyclass(module = "entente", frozen)]
pub struct Results {
    pub inner: Inner,
}

/// Opens a folder of results. Nothing is used that is not what the experiment wrote.
#[pyfunction]
pub fn open(py: Python<'_>, folder: PathBuf) -> PyResult<Results> {
    let open = || {
        let results = Inner::open(&folder)?;
        results.verify(VERIFIED)?;
        Ok(results)
    };
    py.detach(open).map(Results::new).map_err(|error| error::record(py, error))
}

impl Results {
    pub fn new(inner: Inner) -> Self {
        Self { inner }
    }

    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Frame> {
        if !self.inner.has_table(name) {
            return Frame::of_columns(Vec::new()).map_err(|error| error::record(py, error));
        }
        py.detach(|| Frame::of_results(&self.inner, name)).map_err(|error| error::record(py, error))
    }

    /// Does something with the results on another thread.
    fn off<T: Send + 'static>(
        &self,
        py: Python<'_>,
        threads: Option<usize>,
        work: impl FnOnce(Inner) -> T + Send + 'static,
    ) -> PyResult<T> {
        let results = self.inner.clone();
        wait(py, threads, &Arc::new(AtomicBool::new(false)), |_| Ok(()), move || work(results))
    }

    /// Analyses the results and draws what was found.
    fn analysed(
        &self,
        py: Python<'_>,
        threads: Option<usize>,
        analyse: impl FnOnce(Inner) -> Result<Insight, AnalysisError> + Send + 'static,
    ) -> PyResult<Report> {
        let of = self.inner.manifest().experiment.clone();
        let found = self.off(py, threads, move |results| analyse(results).map(|insight| Report::of(insight, &of)))?;
        let report = found.map_err(|error| error::analysis(py, error))?;
        report.map_err(|error| error::drawing(py, error))
    }

    fn first_lines(&self) -> Result<Document, RecordError> {
        let (results, manifest) = (&self.inner, self.inner.manifest());
        let scenario = results.scenario()?;
        let runs = format!("{} replicates, seed {}", manifest.replicates, manifest.seed);
        let mut page = Document::new(scenario.file.scenario.title.clone(), runs);
        match (manifest.points > 1, manifest.variants.len() > 1) {
            (true, _) => summary::spreads(&mut page, results, &scenario, Shown::default())?,
            (false, true) => summary::differences(&mut page, results, &scenario, Shown::default())?,
            (false, false) => summary::answers(&mut page, results, &scenario, Shown::default())?,
        }
        page.facts([("Digest", manifest.result_digest.clone())]);
        Ok(page)
    }
}

#[pymethods]
impl Results {
    /// A row per run: point, variant, replicate, status, a `question.<id>` column per question (true or false, or an amount in
    /// the question's unit) and the measures at the end of the run.
    #[getter]
    fn runs(&self, py: Python<'_>) -> PyResult<Frame> {
        self.table(py, "runs.parquet")
    }

    /// What happened, a row each: point, variant, replicate, date, week (from the start), kind, who, other, from, to,
    /// public.
    #[getter]
    fn events(&self, py: Python<'_>) -> PyResult<Frame> {
        self.table(py, "events.parquet")
    }

    /// Measures through time, over the runs of a point and variant: point, variant, measure, unit, date, week, n (runs),
    /// mean, and the quantiles low (2.5%), q25, median, q75, high (97.5%) in the measure's unit. Without rows in a sweep.
    #[getter]
    fn series(&self, py: Python<'_>) -> PyResult<Frame> {
        self.table(py, "series.parquet")
    }

    /// The answers: question, variant, kind, probability (0–1) or median (in the question's unit), low and high (ends of
    /// the 95% interval), n (runs), and where the variance comes from: luck, scenario, weights (shares, 0–1), moves (one
    /// standard deviation of what the answer would be were inputs and weights known).
    #[getter]
    fn questions(&self, py: Python<'_>) -> PyResult<Frame> {
        let rows = self.inner.questions().map_err(|error| error::record(py, error))?;
        let frame = Frame::of_columns(vec![
            text("question", rows.iter().map(|row| Some(row.question.as_str()))),
            text("variant", rows.iter().map(|row| Some(row.variant.as_str()))),
            text("kind", rows.iter().map(|row| Some(kind(row.kind)))),
            real("probability", rows.iter().map(|row| row.probability).collect()),
            real("median", rows.iter().map(|row| row.median).collect()),
            real("low", rows.iter().map(|row| row.low).collect()),
            real("high", rows.iter().map(|row| row.high).collect()),
            int("n", rows.iter().map(|row| Some(row.n as i64)).collect()),
            real("luck", rows.iter().map(|row| row.luck).collect()),
            real("scenario", rows.iter().map(|row| row.scenario).collect()),
            real("weights", rows.iter().map(|row| row.weights).collect()),
            real("moves", rows.iter().map(|row| row.moves).collect()),
        ]);
        frame.map_err(|error| error::record(py, error))
    }

    /// What variants change against the baseline, in runs paired by replicate: question, variant, kind, baseline and value
    /// (probability, or mean amount), difference with low and high (95%), gained and lost (shares of pairs, 0–1),
    /// median_difference with median_low and median_high, variance_reduction, stands_out, inert (whether the variant left every
    /// run as it was), n (pairs). Without rows unless variants were compared.
    #[getter]
    fn differences(&self, py: Python<'_>) -> PyResult<Frame> {
        let rows = self.inner.differences().map_err(|error| error::record(py, error))?.unwrap_or_default();
        let frame = Frame::of_columns(vec![
            text("question", rows.iter().map(|row| Some(row.question.as_str()))),
            text("variant", rows.iter().map(|row| Some(row.variant.as_str()))),
            text("kind", rows.iter().map(|row| Some(kind(row.kind)))),
            real("baseline", rows.iter().map(|row| row.baseline).collect()),
            real("value", rows.iter().map(|row| row.value).collect()),
            real("difference", rows.iter().map(|row| row.difference).collect()),
            real("low", rows.iter().map(|row| row.low).collect()),
            real("high", rows.iter().map(|row| row.high).collect()),
            real("gained", rows.iter().map(|row| row.gained).collect()),
            real("lost", rows.iter().map(|row| row.lost).collect()),
            real("median_difference", rows.iter().map(|row| row.median_difference).collect()),
            real("median_low", rows.iter().map(|row| row.median_low).collect()),
            real("median_high", rows.iter().map(|row| row.median_high).collect()),
            real("variance_reduction", rows.iter().map(|row| row.variance_reduction).collect()),
            bool("stands_out", rows.iter().map(|row| Some(row.stands_out)).collect()),
            bool("inert", rows.iter().map(|row| Some(row.inert)).collect()),
            int("n", rows.iter().map(|row| Some(row.n as i64)).collect()),
        ]);
        frame.map_err(|error| error::record(py, error))
    }

    /// The points of a sweep: point, and a column per input, by its path, in the input's unit. Without rows unless inputs
    /// were varied.
    #[getter]
    fn design(&self, py: Python<'_>) -> PyResult<Frame> {
        let design = self.inner.design().map_err(|error| error::record(py, error))?.unwrap_or_default();
        let mut columns = vec![int("point", (0..design.count()).map(|point| Some(point as i64)).collect())];
        columns.extend(
            design
                .inputs
                .iter()
                .enumerate()
                .map(|(place, path)| real(path, design.points().map(|point| Some(point[place])).collect())),
        );
        Frame::of_columns(columns).map_err(|error| error::record(py, error))
    }

    /// The inputs that were drawn: replicate (the first of the two that share a draw), the numbers of the draws, and a
    /// column per input, by its path, in the input's unit. Without columns if none were drawn.
    #[getter]
    fn inputs(&self, py: Python<'_>) -> PyResult<Frame> {
        self.table(py, Folder::INPUTS)
    }

    /// BLAKE3 (64 hexadecimal digits) of what was found: the same for the same inputs, whatever the machine.
    #[getter]
    fn digest(&self) -> &str {
        &self.inner.manifest().result_digest
    }

    /// The folder, as a `pathlib.Path`; None in memory.
    #[getter]
    fn folder<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let path = self.inner.folder().path();
        let path = path.join("manifest.json").is_file().then_some(path);
        path.map(|path| py.import("pathlib")?.getattr("Path")?.call1((path,))).transpose()
    }

    /// The scenario that was run.
    #[getter]
    fn scenario(&self, py: Python<'_>) -> PyResult<Scenario> {
        let inner = py.detach(|| self.inner.scenario()).map_err(|error| error::record(py, error))?;
        let first = self.inner.manifest().variants.first();
        Ok(Scenario { inner, name: first.cloned().unwrap_or_else(|| PlannedVariant::BASELINE.into()) })
    }

    /// The experiment's id.
    #[getter]
    fn experiment(&self) -> &str {
        &self.inner.manifest().experiment
    }

    /// The variants that were run, in order.
    #[getter]
    fn variants(&self) -> Vec<String> {
        self.inner.manifest().variants.clone()
    }

    /// How many points were run; 1 unless inputs were varied.
    #[getter]
    fn points(&self) -> u64 {
        self.inner.manifest().points
    }

    /// The number of the first replicate.
    #[getter]
    fn first(&self) -> u64 {
        self.inner.manifest().first
    }

    /// How many replicates of each point and variant.
    #[getter]
    fn replicates(&self) -> u64 {
        self.inner.manifest().replicates
    }

    /// How many runs failed; `runs` says why in its column `failure`.
    #[getter]
    fn failures(&self) -> u64 {
        self.inner.manifest().failures
    }

    /// The master seed.
    #[getter]
    fn seed(&self) -> u64 {
        self.inner.manifest().seed
    }

    /// Everything that is needed to run it again, as a dict.
    #[getter]
    fn manifest<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        python(py, &serde_json::to_value(self.inner.manifest()).unwrap_or_default())
    }

    /// The report, with its charts drawn: of a run, a comparison or a sweep.
    fn report(&self, py: Python<'_>) -> PyResult<Report> {
        let drawn = self.off(py, None, |results| drawing::report(&results, None))?;
        drawn.map(Report::alive).map_err(|error| error::drawing(py, error))
    }

    /// The names of the charts of the report.
    #[getter]
    fn charts(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let charts = self.off(py, None, |results| drawing::charts(&results))?;
        let charts = charts.map_err(|error| error::record(py, error))?;
        Ok(charts.iter().map(|chart| chart.about().name.to_owned()).collect())
    }

    /// One of the charts of the report.
    fn chart(&self, py: Python<'_>, name: String) -> PyResult<Chart> {
        let drawn = self.off(py, None, move |results| {
            let charts = drawing::charts(&results)?;
            let names = || charts.iter().map(|chart| chart.about().name);
            Ok::<_, drawing::DrawingError>(match names().position(|known| known == name) {
                Some(place) => Ok(Chart::draw(charts[place].as_ref())?),
                None => {
                    Err(format!("there is no chart `{name}`: there are {}", names().collect::<Vec<_>>().join(", ")))
                }
            })
        })?;
        drawn.map_err(|error| error::drawing(py, error))?.map_err(PyKeyError::new_err)
    }

    /// A run again, bit for bit: its answers, its story, its timeline; `tables["events"]` is what happened.
    ///
    /// `replicate` is a number from 0, "typical", or, with `question`, "yes", "no", "high" or "low": the first run of such
    /// an answer, or one of a high or low amount.
    #[pyo3(signature = (replicate, *, question=None, variant=None, point=0))]
    fn replay(
        &self,
        py: Python<'_>,
        replicate: Bound<'_, PyAny>,
        question: Option<String>,
        variant: Option<String>,
        point: i32,
    ) -> PyResult<Report> {
        let replicate = which(py, &replicate)?;
        self.analysed(py, None, move |results| {
            let target = Target::of(results, variant.as_deref(), point)?;
            let number = replicate.number(&target, question.as_deref())?;
            let again = analyses::replay(target, number)?;
            Ok(again.insight()?)
        })
    }

    /// Why the answer to a question is what it is: over all runs of a variant and point, or in one replicate (a number, or
    /// a word as in `replay`). With `pair`, two factions with a comma between them instead of a question: how they came to
    /// stand where they stood in a replicate. `cases` runs at most are done again.
    #[pyo3(signature = (question=None, *, pair=None, replicate=None, variant=None, point=0, cases=100, threads=None))]
    #[expect(clippy::too_many_arguments, reason = "they are options with names")]
    fn explain(
        &self,
        py: Python<'_>,
        question: Option<String>,
        pair: Option<String>,
        replicate: Option<Bound<'_, PyAny>>,
        variant: Option<String>,
        point: i32,
        cases: usize,
        threads: Option<usize>,
    ) -> PyResult<Report> {
        let why = match (&question, pair) {
            (Some(id), None) => Why::Question(id.clone()),
            (None, Some(pair)) => Why::Pair(pair),
            _ => return Err(error::input(py, "say what to explain: a question, or a pair")),
        };
        let replicate = replicate.map(|replicate| which(py, &replicate)).transpose()?;
        self.analysed(py, threads, move |results| {
            let target = Target::of(results, variant.as_deref(), point)?;
            let replicate = replicate.map(|which| which.number(&target, question.as_deref())).transpose()?;
            analyses::explain(target, &ExplainAsked { why, replicate, cases, threads })
        })
    }

    /// What to watch for in the first weeks, and what it says of how a question will end: all that an outsider can see, or with
    /// `all` also what only those know who take part in it. `within` is how long the first weeks are, such as "8 weeks"; of an
    /// amount the outcome is more than `above`, the median unless given.
    #[pyo3(signature = (question, *, within=None, above=None, all=false, variant=None, point=0, threads=None))]
    #[expect(clippy::too_many_arguments, reason = "they are options with names")]
    fn signposts(
        &self,
        py: Python<'_>,
        question: String,
        within: Option<String>,
        above: Option<f64>,
        all: bool,
        variant: Option<String>,
        point: i32,
        threads: Option<usize>,
    ) -> PyResult<Report> {
        let within = within.map(|text| Duration::parse(&text)).transpose();
        let within = within.map_err(|message| error::input(py, message))?;
        self.analysed(py, threads, move |results| {
            let target = Target::of(results, variant.as_deref(), point)?;
            let question = meant(&target.scenario, &question)?.1.id.clone();
            analyses::signposts(&target, &WatchAsked { question, within, above, all, threads })
        })
    }

    /// What news says of the answers: a file of facts weighs the runs, or with `go_on` so many runs go on from those that are like
    /// the facts.
    #[pyo3(signature = (facts, *, go_on=None, questions=Vec::new(), variant=None, point=0, threads=None))]
    #[expect(clippy::too_many_arguments, reason = "they are options with names")]
    fn update(
        &self,
        py: Python<'_>,
        facts: PathBuf,
        go_on: Option<u64>,
        questions: Vec<String>,
        variant: Option<String>,
        point: i32,
        threads: Option<usize>,
    ) -> PyResult<Report> {
        self.analysed(py, threads, move |results| {
            let target = Target::of(results, variant.as_deref(), point)?;
            let facts = Facts::load(&facts, &target.scenario).map_err(RecordError::Scenario)?;
            analyses::update(&target, &facts, &UpdateAsked { questions, go_on, threads }, &|| {})
        })
    }

    /// Which inputs drive an answer: of a sweep, or of a run whose inputs were drawn. `method` is "auto" (what the design
    /// allows), "sobol" (needs a Saltelli sample), "morris" (needs Morris trajectories) or "given" (any sample).
    #[pyo3(signature = (question, *, method="auto", variant=None, inputs=Vec::new()))]
    fn sensitivity(
        &self,
        py: Python<'_>,
        question: String,
        method: &str,
        variant: Option<String>,
        inputs: Vec<String>,
    ) -> PyResult<Report> {
        let measures = match method {
            "auto" => SensitivityMeasures::Auto,
            "sobol" => SensitivityMeasures::Sobol,
            "morris" => SensitivityMeasures::Morris,
            "given" => SensitivityMeasures::Given,
            other => {
                let message = format!("there is no method `{other}`: expected auto, sobol, morris or given");
                return Err(error::input(py, message));
            }
        };
        let asked = SubjectAsked { question: Some(question), output: None, inputs, variant };
        self.analysed(py, None, move |results| {
            analyses::sensitivity(&mut Subject::of_results(results, &asked)?, measures)
        })
    }

    /// Where among the inputs an outcome comes about: a yes, or an amount `above` or `below` a level in the question's
    /// unit. `limits` is the most inputs that are limited, `peel` the share of a box's points that is peeled off at a time.
    #[pyo3(signature = (question, *, above=None, below=None, limits=4, resamples=50, peel=0.05, variant=None, inputs=Vec::new()))]
    #[expect(clippy::too_many_arguments, reason = "they are options with names")]
    fn discover(
        &self,
        py: Python<'_>,
        question: String,
        above: Option<f64>,
        below: Option<f64>,
        limits: usize,
        resamples: u32,
        peel: f64,
        variant: Option<String>,
        inputs: Vec<String>,
    ) -> PyResult<Report> {
        if !(peel > 0.0 && peel < 0.5) {
            return Err(error::input(py, format!("peel is {peel}, expected a share above 0 and below 0.5")));
        }
        let asked = SubjectAsked { question: Some(question), output: None, inputs, variant };
        let (limits, resamples) = (limits.clamp(1, 20), resamples.clamp(10, 10_000));
        let outcome = DiscoverAsked { above, below, limits, resamples, peel };
        self.analysed(py, None, move |results| analyses::discover(&mut Subject::of_results(results, &asked)?, &outcome))
    }

    /// Which unproven inputs a conclusion rests on: that the probability (or mean amount) is `above` or `below` a level, or,
    /// of a variant, the sign of its effect.
    #[pyo3(signature = (question, *, above=None, below=None, variant=None, inputs=Vec::new()))]
    fn assumptions(
        &self,
        py: Python<'_>,
        question: String,
        above: Option<f64>,
        below: Option<f64>,
        variant: Option<String>,
        inputs: Vec<String>,
    ) -> PyResult<Report> {
        let asked = SubjectAsked { question: Some(question), output: None, inputs, variant };
        self.analysed(py, None, move |results| {
            let conclusion = AssumptionsAsked { above, below, best: Vec::new() };
            analyses::assumptions(&mut Subject::of_results(results, &asked)?, &conclusion)
        })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let page = py.detach(|| self.first_lines()).map_err(|error| error::record(py, error))?;
        Ok(page.text(80).trim_end().to_owned())
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        let page = py.detach(|| self.first_lines()).map_err(|error| error::record(py, error))?;
        Ok(framed(&page.html(), 480))
    }
}

fn kind(kind: AnswerKind) -> &'static str {
    match kind {
        AnswerKind::YesNo => "yes_no",
        AnswerKind::Quantity => "quantity",
    }
}

fn which(py: Python<'_>, replicate: &Bound<'_, PyAny>) -> PyResult<Replicate> {
    let words = replicate.str()?.to_string();
    words.parse().map_err(|expected: String| error::input(py, format!("`{words}` is no replicate: {expected}")))
}
