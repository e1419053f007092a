//! Draws charts and writes the report into a results folder.

use super::failure::Failure;
use crate::chart::{Chart, Picture, render_all};
use crate::measure::Layout;
use crate::record::{Folder, RecordError, Results, read_differences, write_whole};
use crate::report::figures::{Subject, charts};
use crate::report::{Figure, comparison, html, page, sweep};
use crate::scenario::Scenario;
use std::path::PathBuf;

/// What drawing needs besides the results.
pub struct Drawing<'a> {
    /// The scenario that was run.
    pub scenario: &'a Scenario,
    /// What was recorded of it.
    pub layout: &'a Layout,
    /// A GeoJSON file with the zones' outlines, if there is one.
    pub boundaries: Option<PathBuf>,
}

/// Whether a folder has its report.
pub fn is_complete(folder: &Folder) -> bool {
    folder.file("report.html").is_file()
}

/// Draws all charts and writes the report, which comes last: of a run, of a comparison, or of a sweep.
///
/// # Errors
/// If a chart cannot be drawn or a file written.
pub fn draw(results: &Results, drawing: &Drawing<'_>) -> Result<(), Failure> {
    let manifest = results.manifest();
    let differences = results.folder().file("differences.csv");
    let found = if manifest.design.is_some() {
        Some(sweep(results, drawing.scenario)?)
    } else if differences.is_file() {
        Some(comparison(results, drawing.scenario, &read_differences(&differences)?)?)
    } else {
        None
    };
    if let Some((mut finding, charts)) = found {
        let pictures = picture(results, &charts)?;
        finding.figures = pictures.iter().map(Figure::of).collect();
        write_whole(&results.folder().file("report.html"), finding.html().as_bytes())?;
        return Ok(());
    }
    let variant = manifest.variants.first().map_or("baseline", String::as_str);
    let mut subject = Subject::new(results, drawing.scenario, drawing.layout, variant)?;
    subject.boundaries.clone_from(&drawing.boundaries);
    let pictures = picture(results, &charts(&subject)?)?;
    let document = html(&page(&subject, &pictures)?);
    write_whole(&results.folder().file("report.html"), document.as_bytes())?;
    Ok(())
}

/// Draws charts into the folder of some results.
fn picture(results: &Results, charts: &[Box<dyn Chart>]) -> Result<Vec<Picture>, Failure> {
    let manifest = results.manifest();
    let seed = manifest.seed.to_string();
    let software = format!("{} {}", manifest.program, manifest.version);
    let notes = [
        ("Software", software.as_str()),
        ("Seed", seed.as_str()),
        ("Experiment", manifest.experiment.as_str()),
        ("Result digest", manifest.result_digest.as_str()),
    ];
    let pictures = render_all(charts, &notes).map_err(Failure::failed)?;
    write(results.folder(), &pictures)?;
    Ok(pictures)
}

fn write(folder: &Folder, pictures: &[Picture]) -> Result<(), Failure> {
    let charts = folder.charts();
    std::fs::create_dir_all(&charts).map_err(RecordError::io("make", &charts))?;
    for picture in pictures {
        write_whole(&charts.join(format!("{}.svg", picture.name)), picture.svg.as_bytes())?;
        write_whole(&charts.join(format!("{}.png", picture.name)), &picture.png)?;
    }
    Ok(())
}
