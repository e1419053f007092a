//! From charts to files' contents.

use super::canvas::{Canvas, Mark};
use super::frame::Chart;
use super::script::{Ids, is_shown, with_ids};
use super::{raster, vector};
use rayon::prelude::*;

/// The size of letters, in pixels, from which on a chart can be read.
const READABLE: f64 = 9.0;

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
    /// The least width in pixels at which its words can be read: all but a tenth of its letters are then large enough.
    pub least_width: u32,
    /// The SVG document.
    pub svg: String,
    /// The PNG image, twice as many pixels wide as points.
    pub png: Vec<u8>,
}

/// Draws one chart. `notes` (keyword, text; such as the seed and the program's version) go into the PNG, where `ids` stand for names
/// that its font does not have.
///
/// # Errors
/// If a drawing library reports one; the message names the chart.
pub fn render(chart: &dyn Chart, notes: &[(&str, &str)], ids: &Ids) -> Result<Picture, String> {
    picture(chart, &chart.draw(), notes, ids)
}

fn picture(chart: &dyn Chart, canvas: &Canvas, notes: &[(&str, &str)], ids: &Ids) -> Result<Picture, String> {
    let about = chart.about();
    let named = |problem: String| format!("cannot draw the chart `{}`: {problem}", about.name);
    let odd = |mark: &Mark| matches!(mark, Mark::Text(text) if !is_shown(&text.line()));
    let image = canvas.marks().iter().any(odd).then(|| with_ids(ids, || chart.draw()));
    Ok(Picture {
        name: about.name.to_owned(),
        title: about.heading.title.clone(),
        caption: about.caption.into_owned(),
        width: canvas.width as u32,
        height: canvas.height as u32,
        least_width: least_width(canvas),
        svg: vector::svg(canvas).map_err(named)?,
        png: raster::png(image.as_ref().unwrap_or(canvas), notes).map_err(named)?,
    })
}

/// The width in pixels at which all but a tenth of the letters of a drawing are as large as [`READABLE`].
fn least_width(canvas: &Canvas) -> u32 {
    let text =
        |mark: &Mark| if let Mark::Text(text) = mark { Some((text.size, text.line().chars().count())) } else { None };
    let mut sizes: Vec<(f64, usize)> = canvas.marks().iter().filter_map(text).filter(|(size, _)| *size > 0.0).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut left = sizes.iter().map(|(_, letters)| letters).sum::<usize>() / 10;
    let small = sizes.into_iter().find(|(_, letters)| {
        let found = *letters > left;
        left = left.saturating_sub(*letters);
        found
    });
    small.map_or(0, |(size, _)| (canvas.width * READABLE / size).ceil() as u32)
}

/// Draws charts in parallel; the pictures come in the charts' order. Charts that have nothing to show are left out.
///
/// # Errors
/// As [`render`], for the first chart that fails.
pub fn render_all(charts: &[Box<dyn Chart>], notes: &[(&str, &str)], ids: &Ids) -> Result<Vec<Picture>, String> {
    let drawn = charts.par_iter().filter_map(|chart| {
        let canvas = chart.draw();
        (!canvas.is_nothing).then(|| picture(chart.as_ref(), &canvas, notes, ids))
    });
    drawn.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Alluvial, Text};

    #[test]
    fn charts_with_nothing_to_show_are_left_out() {
        let charts: Vec<Box<dyn Chart>> = vec![Box::new(Alluvial::default())];
        assert_eq!(render_all(&charts, &[], &Ids::default()), Ok(Vec::new()));
    }

    #[test]
    fn a_chart_is_as_wide_as_its_letters_need() {
        let mut canvas = Canvas::new(600.0, 100.0);
        assert_eq!(least_width(&canvas), 0);
        canvas.write(0.0, 10.0, Text::new(&"many letters ".repeat(20), 10.0));
        assert_eq!(least_width(&canvas), 540);
        canvas.write(0.0, 20.0, Text::new("few", 5.0));
        assert_eq!(least_width(&canvas), 540, "a few small letters count for nothing");
        canvas.write(0.0, 30.0, Text::new(&"many small ones ".repeat(9), 6.0));
        assert_eq!(least_width(&canvas), 900);
    }
}
