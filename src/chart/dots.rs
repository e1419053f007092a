//! What charts of dots with intervals share: a row for each thing that is told of, its words at the left, and right of
//! them dots with their intervals on one scale.

use super::canvas::{Canvas, Text};
use super::frame::{Area, Band, MARGIN};
use super::palette::{Colour, GREY, PALE, WHITE};
use super::text;

/// Width of the whole chart.
pub(super) const WIDTH: f64 = 1000.0;
/// Room for the words of a row.
const WORDS: f64 = 400.0;
/// From line to line.
const LINE: f64 = 12.5;

/// The rows, one below the other.
pub(super) struct DotRows {
    texts: Vec<Vec<String>>,
    heights: Vec<f64>,
    /// Where dots are drawn.
    pub area: Area,
}

impl DotRows {
    /// Rows from `top` on: the words of each, on up to four lines, and the least that it is high. Dots have room up to `right`.
    pub fn new<'a>(rows: impl IntoIterator<Item = (&'a str, f64)>, top: f64, right: f64) -> Self {
        let (mut texts, mut heights) = (Vec::new(), Vec::new());
        for (words, least) in rows {
            let lines = text::wrap(words, 10.0, false, WORDS, 4);
            heights.push(if lines.len() > 1 { least.max(lines.len() as f64 * LINE + 5.0) } else { least });
            texts.push(lines);
        }
        let area = Area { left: MARGIN + WORDS + 24.0, top, right, bottom: top + heights.iter().sum::<f64>() };
        Self { texts, heights, area }
    }

    /// A line of the scale at `x` through all rows, with its label above.
    pub fn tick(&self, canvas: &mut Canvas, x: f64, label: &str, colour: Colour) {
        canvas.line((x, self.area.top - 4.0), (x, self.area.bottom), colour, 0.8);
        canvas.write(x, self.area.top - 8.0, Text::new(label, 8.5).colour(GREY).middle().fit(60.0));
    }

    /// Draws the words, and what `dots` makes of each row, which it gets with its number and the height of its middle.
    pub fn draw(&self, canvas: &mut Canvas, mut dots: impl FnMut(&mut Canvas, usize, f64)) {
        let mut y = self.area.top;
        for (row, (lines, height)) in self.texts.iter().zip(&self.heights).enumerate() {
            let middle = y + height / 2.0;
            canvas.line((MARGIN, y), (WIDTH - MARGIN, y), PALE.mixed(WHITE, 0.5), 0.6);
            for (number, line) in lines.iter().enumerate() {
                let offset = (number as f64 - (lines.len() as f64 - 1.0) / 2.0) * LINE;
                canvas.write_centred(MARGIN, middle + offset, Text::new(line, 10.0));
            }
            dots(canvas, row, middle);
            y += height;
        }
    }
}

/// The interval of an estimate, as a line of some thickness.
pub(super) fn interval(canvas: &mut Canvas, band: &Band, x: impl Fn(f64) -> f64, y: f64, colour: Colour, thick: f64) {
    let left = x(band.low);
    canvas.line((left, y), (x(band.high).max(left + 1.0), y), colour, thick);
}

/// An estimate, as a dot with a white rim.
pub(super) fn dot(canvas: &mut Canvas, at: (f64, f64), colour: Colour, radius: f64) {
    canvas.disc(at, radius + 0.7, WHITE);
    canvas.disc(at, radius, colour);
}
