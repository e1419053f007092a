//! Draws charts and writes the report into a results folder.

use super::figures::{FigureData, charts};
use super::{comparison, page, sweep};
use crate::base::program;
use crate::chart::{Chart, Picture, render_all};
use crate::measure::Measures;
use crate::record::{Folder, RecordError, Results, make_folder, write_whole};
use crate::scenario::Outlines;
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
    let (manifest, scenario) = (results.manifest(), results.scenario()?);
    let found = if manifest.design.is_some() {
        Some(sweep(results, &scenario)?)
    } else {
        results.differences()?.map(|rows| comparison(results, &scenario, &rows)).transpose()?
    };
    if let Some((mut document, charts)) = found {
        document.draw(&picture(&charts, &results.folder().charts(), &notes(results))?);
        write_whole(&results.folder().file(Folder::REPORT), document.html().as_bytes())?;
        return Ok(());
    }
    let variant = manifest.variants.first().map_or("baseline", String::as_str);
    let measures = Measures::new(&scenario.setting, scenario.questions.clone());
    let mut subject = FigureData::new(results, &scenario, measures.layout(), variant)?;
    subject.outlines = outlines.or(subject.outlines);
    let pictures = picture(&charts(&subject)?, &results.folder().charts(), &notes(results))?;
    let document = page(&subject, &pictures)?.html();
    write_whole(&results.folder().file(Folder::REPORT), document.as_bytes())?;
    Ok(())
}

/// Draws charts into a folder, which is made if need be.
///
/// # Errors
/// If one cannot be drawn or written.
pub fn picture(charts: &[Box<dyn Chart>], folder: &Path, notes: &Notes) -> Result<Vec<Picture>, DrawingError> {
    let notes: Vec<(&str, &str)> = notes.0.iter().map(|(keyword, text)| (*keyword, text.as_str())).collect();
    let pictures = render_all(charts, &notes).map_err(DrawingError::Chart)?;
    make_folder(folder)?;
    for picture in &pictures {
        write_whole(&folder.join(format!("{}.svg", picture.name)), picture.svg.as_bytes())?;
        write_whole(&folder.join(format!("{}.png", picture.name)), &picture.png)?;
    }
    Ok(pictures)
}

/// What pictures say of where they come from, as keywords and texts.
pub struct Notes(Vec<(&'static str, String)>);

impl Notes {
    /// Of something other than a results folder.
    pub fn of(keyword: &'static str, text: &str) -> Self {
        Self(vec![("Software", format!("entente {}", program::VERSION)), (keyword, text.to_owned())])
    }
}

/// The notes for the pictures of some results.
pub fn notes(results: &Results) -> Notes {
    let manifest = results.manifest();
    Notes(vec![
        ("Software", format!("{} {}", manifest.program, manifest.version)),
        ("Seed", manifest.seed.to_string()),
        ("Experiment", manifest.experiment.clone()),
        ("Result digest", manifest.result_digest.clone()),
    ])
}
