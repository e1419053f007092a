//! What is said of results: pages and charts.

use crate::error;
use crate::frame::Frame;
use entente::chart::{Chart as Drawn, Picture, svg};
use entente::record::{RecordError, write_whole};
use entente::report::drawing::{self, DrawingError, Notes, render};
use entente::report::insight::Insight;
use entente::report::{Document, Figure, LivePart};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::PathBuf;

/// A chart. A notebook shows it.
#[pyclass(module = "entente", frozen)]
#[derive(Clone)]
pub struct Chart {
    /// The name of its file, without ending.
    #[pyo3(get)]
    name: String,
    /// What it shows.
    #[pyo3(get)]
    title: String,
    /// How to read it.
    #[pyo3(get)]
    caption: String,
    /// The SVG document.
    #[pyo3(get)]
    svg: String,
}

impl Chart {
    /// Draws a chart.
    pub fn draw(chart: &dyn Drawn) -> Result<Self, DrawingError> {
        let about = chart.about();
        let svg = svg(&chart.draw()).map_err(|reason| DrawingError::Chart(reason.to_string()))?;
        Ok(Self { name: about.name.into(), title: about.heading.title.clone(), caption: about.caption.into(), svg })
    }

    fn of(picture: &Picture) -> Self {
        let Figure { name, title, caption, svg, .. } = Figure::of(picture);
        Self { name, title, caption, svg }
    }
}

#[pymethods]
impl Chart {
    /// Writes it as an SVG file.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        write_whole(&path, self.svg.as_bytes()).map(drop).map_err(|error| error::record(py, error))
    }

    fn _repr_svg_(&self) -> &str {
        &self.svg
    }

    fn _repr_html_(&self) -> String {
        let caption = self.caption.replace('&', "&amp;").replace('<', "&lt;");
        format!("<figure style=\"margin:0;background:#fff\">{}<figcaption>{caption}</figcaption></figure>", self.svg)
    }

    fn __repr__(&self) -> String {
        format!("<Chart {}: {}>", self.name, self.title)
    }
}

/// What was found out: a page for people, with its charts, and tables and data for programs. A notebook shows it.
#[pyclass(module = "entente", frozen)]
pub struct Report {
    document: Document,
    pictures: Vec<Picture>,
    tables: Vec<(String, Vec<Vec<String>>)>,
    json: serde_json::Value,
    live: Option<LivePart>,
}

impl Report {
    /// A page with its pictures.
    pub fn new(document: Document, pictures: Vec<Picture>) -> Self {
        let json = serde_json::to_value(&document).unwrap_or_default();
        Self { document, pictures, tables: Vec::new(), json, live: None }
    }

    /// The same, of results with which its page can be played.
    pub fn alive(report: drawing::Report) -> Self {
        Self { live: report.live, ..Self::new(report.document, report.pictures) }
    }

    fn page(&self) -> String {
        self.live.as_ref().map_or_else(|| self.document.html(), |part| self.document.html_alive(part))
    }

    /// What an analysis found, with its charts drawn; `of` says which results.
    pub fn of(insight: Insight, of: &str) -> Result<Self, DrawingError> {
        let pictures = render(&insight.charts, &Notes::of("Source", of))?;
        let mut document = insight.document;
        document.draw(&pictures);
        Ok(Self { document, pictures, tables: insight.tables, json: insight.json, live: None })
    }
}

#[pymethods]
impl Report {
    /// What it is about.
    #[getter]
    fn title(&self) -> &str {
        &self.document.title
    }

    /// The page, as one HTML file that needs nothing else.
    #[getter]
    fn html(&self) -> String {
        self.page()
    }

    /// The page as text in lines of `width` letters, without charts.
    #[pyo3(signature = (width=80))]
    fn text(&self, width: usize) -> String {
        self.document.text(width.clamp(40, 400))
    }

    /// The charts, by name.
    #[getter]
    fn charts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let charts = PyDict::new(py);
        self.pictures
            .iter()
            .try_for_each(|picture| charts.set_item(&picture.name, Bound::new(py, Chart::of(picture))?))?;
        Ok(charts)
    }

    /// The tables of numbers, by name: frames.
    #[getter]
    fn tables<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let tables = PyDict::new(py);
        for (name, lines) in &self.tables {
            let frame = Frame::of_lines(lines).map_err(|error| error::record(py, error))?;
            tables.set_item(name.trim_end_matches(".csv"), Bound::new(py, frame)?)?;
        }
        Ok(tables)
    }

    /// Everything that was found, as dicts, lists, numbers and words.
    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        python(py, &self.json)
    }

    /// Writes the page as an HTML file.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let written: Result<_, RecordError> = write_whole(&path, self.page().as_bytes());
        written.map(drop).map_err(|error| error::record(py, error))
    }

    fn __repr__(&self) -> String {
        self.document.text(80).trim_end().to_owned()
    }

    fn _repr_html_(&self) -> String {
        framed(&self.document.html(), 640)
    }
}

/// A page within another, which its styles leave alone.
pub fn framed(html: &str, height: u32) -> String {
    let page = html.replace('&', "&amp;").replace('"', "&quot;");
    format!(
        "<iframe srcdoc=\"{page}\" style=\"width:100%;height:{height}px;border:1px solid #ccc;resize:vertical;overflow:auto\">\
         </iframe>"
    )
}

/// JSON as Python's own types.
pub fn python<'py>(py: Python<'py>, json: &serde_json::Value) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (json.to_string(),))
}
