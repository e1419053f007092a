//! Draws charts and writes the report into a results folder.

use super::figures::{self, FigureData, ReportedRuns};
use super::live::{self, PageData};
use super::{Document, LivePart, comparison, page, sweep};
use crate::base::program;
use crate::chart::{Chart, Ids, Picture, is_shown, render_all};
use crate::experiment::PlannedVariant;
use crate::measure::Measures;
use crate::record::{Folder, RecordError, Results, make_folder, write_whole};
use crate::scenario::{Outlines, Scenario};
use std::path::Path;

/// Why a report cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum DrawingError {
    /// A file cannot be read or written.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A chart cannot be drawn.
    #[error("{0}")]
    Chart(String),
}

/// Whether a folder has its report.
pub fn is_complete(folder: &Folder) -> bool {
    folder.file(Folder::REPORT).is_file()
}

/// Draws all charts into a results folder and writes its report, which comes last: of a run, of a comparison, or of a
/// sweep. Zones have the given outlines, or else those of the scenario.
///
/// # Errors
/// If a chart cannot be drawn or a file read or written.
pub fn draw(results: &Results, outlines: Option<Outlines>) -> Result<(), DrawingError> {
    let report = report(results, outlines)?;
    write_pictures(&report.pictures, &results.folder().charts())?;
    let page = match &report.live {
        Some(part) => report.document.html_alive(part),
        None => report.document.html(),
    };
    write_whole(&results.folder().file(Folder::REPORT), page.as_bytes())?;
    Ok(())
}

/// A report, before it is written.
#[derive(Debug)]
pub struct Report {
    /// What it says.
    pub document: Document,
    /// Its charts.
    pub pictures: Vec<Picture>,
    /// What makes a page of it something to play with; none of a sweep, or if this program was built without the engine.
    pub live: Option<LivePart>,
}

/// The report of some results.
///
/// # Errors
/// If a chart cannot be drawn or a file read.
pub fn report(results: &Results, outlines: Option<Outlines>) -> Result<Report, DrawingError> {
    let scenario = results.scenario()?;
    let drawn = |charts: &[Box<dyn Chart>]| render(charts, &notes(results, &scenario));
    let measures = Measures::new(&scenario.setting, scenario.questions.clone());
    let runs = || {
        let runs = ReportedRuns::new(results, &scenario, measures.layout(), first_variant(results));
        ReportedRuns { outlines: outlines.clone().or(runs.outlines.clone()), ..runs }
    };
    let alive = |document: &mut Document, data: &PageData| match LivePart::of(data)? {
        Ok(part) => Ok::<_, RecordError>(Some(part)),
        Err(reason) => {
            document.without_play(&reason);
            Ok(None)
        }
    };
    if let Some((mut document, charts)) = several(results, &scenario)? {
        let pictures = drawn(&charts)?;
        document.draw(&pictures);
        let live = if results.manifest().design.is_some() { None } else { alive(&mut document, &known(&runs())?)? };
        return Ok(Report { document, pictures, live });
    }
    let subject = FigureData::new(runs())?;
    let pictures = drawn(&figures::charts(&subject)?)?;
    let mut document = page(&subject, &pictures)?;
    let typical = subject.typical.as_ref().map(|(replicate, _)| *replicate);
    let live = alive(&mut document, &live::page_data(&subject.runs, typical)?)?;
    Ok(Report { document, pictures, live })
}

/// What a page of some runs knows.
fn known(runs: &ReportedRuns<'_>) -> Result<PageData, RecordError> {
    live::page_data(runs, figures::typical(runs)?)
}

/// What a page of some results knows, to be played with.
///
/// # Errors
/// If a file cannot be read, or they are those of a sweep, whose runs differ in more than luck and draws of inputs.
pub fn page_data(results: &Results) -> Result<PageData, RecordError> {
    if results.manifest().design.is_some() {
        let reason = "they are those of a sweep, which has no page to play with".into();
        return Err(RecordError::NoResults { path: results.folder().path().to_owned(), reason });
    }
    let scenario = results.scenario()?;
    let measures = Measures::new(&scenario.setting, scenario.questions.clone());
    known(&ReportedRuns::new(results, &scenario, measures.layout(), first_variant(results)))
}

/// The charts of the report, to be drawn.
///
/// # Errors
/// If a file cannot be read.
pub fn charts(results: &Results) -> Result<Vec<Box<dyn Chart>>, RecordError> {
    let scenario = results.scenario()?;
    if let Some((_, charts)) = several(results, &scenario)? {
        return Ok(charts);
    }
    let measures = Measures::new(&scenario.setting, scenario.questions.clone());
    let runs = ReportedRuns::new(results, &scenario, measures.layout(), first_variant(results));
    figures::charts(&FigureData::new(runs)?)
}

/// A report with its charts, which are still to be drawn.
type Undrawn = (Document, Vec<Box<dyn Chart>>);

/// The report of several points or variants.
fn several(results: &Results, scenario: &Scenario) -> Result<Option<Undrawn>, RecordError> {
    match results.manifest().design.is_some() {
        true => Ok(Some(sweep(results, scenario)?)),
        false => results.differences()?.map(|rows| comparison(results, scenario, &rows)).transpose(),
    }
}

fn first_variant(results: &Results) -> &str {
    results.manifest().variants.first().map_or(PlannedVariant::BASELINE, String::as_str)
}

/// Draws charts into a folder, which is made if need be.
///
/// # Errors
/// If one cannot be drawn or written.
pub fn picture(charts: &[Box<dyn Chart>], folder: &Path, notes: &Notes) -> Result<Vec<Picture>, DrawingError> {
    let pictures = render(charts, notes)?;
    write_pictures(&pictures, folder)?;
    Ok(pictures)
}

/// Draws charts.
///
/// # Errors
/// If one cannot be drawn.
pub fn render(charts: &[Box<dyn Chart>], notes: &Notes) -> Result<Vec<Picture>, DrawingError> {
    let list: Vec<(&str, &str)> = notes.list.iter().map(|(keyword, text)| (*keyword, text.as_str())).collect();
    render_all(charts, &list, &notes.ids).map_err(DrawingError::Chart)
}

/// Writes pictures into a folder, which is made if need be.
///
/// # Errors
/// If one cannot be written.
pub fn write_pictures(pictures: &[Picture], folder: &Path) -> Result<(), RecordError> {
    make_folder(folder)?;
    for picture in pictures {
        write_whole(&folder.join(format!("{}.svg", picture.name)), picture.svg.as_bytes())?;
        write_whole(&folder.join(format!("{}.png", picture.name)), &picture.png)?;
    }
    Ok(())
}

/// What pictures say of where they come from, as keywords and texts, and what stands for names in images.
pub struct Notes {
    list: Vec<(&'static str, String)>,
    ids: Ids,
}

impl Notes {
    /// Of something other than a results folder.
    pub fn of(keyword: &'static str, text: &str) -> Self {
        let list = vec![("Software", format!("entente {}", program::VERSION)), (keyword, text.to_owned())];
        Self { list, ids: Ids::default() }
    }

    /// With ids for the names of a scenario that images cannot show.
    pub fn naming(mut self, scenario: &Scenario) -> Self {
        let names = names(scenario);
        self.ids = Ids::of(names.iter().map(|(name, id)| (*name, *id)));
        self
    }

    /// With numbers for names that have no ids and that images cannot show.
    pub fn numbering(mut self, names: &[String]) -> Self {
        let numbers: Vec<String> = (1..=names.len()).map(|number| format!("no. {number}")).collect();
        self.ids = Ids::of(names.iter().map(String::as_str).zip(numbers.iter().map(String::as_str)));
        self
    }
}

/// What charts call what a scenario is of, each with its id.
fn names(scenario: &Scenario) -> Vec<(&str, &str)> {
    let file = &scenario.file;
    let mut names: Vec<(&str, &str)> = vec![(&file.scenario.title, &file.scenario.id)];
    for faction in &file.faction {
        names.extend(
            [faction.label.as_deref(), Some(&faction.name)].into_iter().flatten().map(|name| (name, &*faction.id)),
        );
    }
    for umbrella in &file.umbrella {
        names.extend(
            [umbrella.label.as_deref(), Some(&umbrella.name)].into_iter().flatten().map(|name| (name, &*umbrella.id)),
        );
    }
    names.extend(file.zone.iter().map(|zone| (&*zone.name, &*zone.id)));
    names.extend(file.community.iter().map(|community| (&*community.name, &*community.id)));
    names.extend(file.accord.iter().map(|accord| (&*accord.name, &*accord.id)));
    names.extend(file.event.iter().map(|event| (&*event.name, &*event.id)));
    names.extend(file.question.iter().map(|question| (&*question.text, &*question.id)));
    names.extend(file.variant.iter().map(|variant| (&*variant.title, &*variant.id)));
    names
}

/// The ids of what images call by them, for their font does not have all letters of its name.
pub fn shown_by_id(scenario: &Scenario) -> Vec<String> {
    let mut ids: Vec<&str> =
        names(scenario).into_iter().filter(|(name, _)| !is_shown(name)).map(|(_, id)| id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(str::to_owned).collect()
}

/// The notes for the pictures of some results of a scenario.
pub fn notes(results: &Results, scenario: &Scenario) -> Notes {
    let manifest = results.manifest();
    let list = vec![
        ("Software", format!("{} {}", manifest.program, manifest.version)),
        ("Seed", manifest.seed.to_string()),
        ("Experiment", manifest.experiment.clone()),
        ("Result digest", manifest.result_digest.clone()),
    ];
    Notes { list, ids: Ids::default() }.naming(scenario)
}
