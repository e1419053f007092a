//! From charts to files' contents.

use super::frame::Chart;
use super::{raster, vector};
use rayon::prelude::*;

/// A chart, drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The name of its files, without extension.
    pub name: String,
    /// What is shown.
    pub title: String,
    /// How to read it, in a sentence or two.
    pub caption: String,
    /// Width in points.
    pub width: u32,
    /// Height in points.
    pub height: u32,
    /// The SVG document.
    pub svg: String,
    /// The PNG image, twice as many pixels wide as points.
    pub png: Vec<u8>,
}

/// Draws one chart. `notes` (keyword, text; such as the seed and the program's version) go into the PNG.
///
/// # Errors
/// If a drawing library reports one; the message names the chart.
pub fn render(chart: &dyn Chart, notes: &[(&str, &str)]) -> Result<Picture, String> {
    let (about, canvas) = (chart.about(), chart.draw());
    let named = |problem: String| format!("cannot draw the chart `{}`: {problem}", about.name);
    Ok(Picture {
        name: about.name.to_owned(),
        title: about.heading.title.clone(),
        caption: about.caption.to_owned(),
        width: canvas.width as u32,
        height: canvas.height as u32,
        svg: vector::svg(&canvas).map_err(named)?,
        png: raster::png(&canvas, notes).map_err(named)?,
    })
}

/// Draws charts in parallel; the pictures come in the charts' order.
///
/// # Errors
/// As [`render`], for the first chart that fails.
pub fn render_all(charts: &[Box<dyn Chart>], notes: &[(&str, &str)]) -> Result<Vec<Picture>, String> {
    charts.par_iter().map(|chart| render(chart.as_ref(), notes)).collect()
}
