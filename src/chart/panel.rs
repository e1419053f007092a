//! A small chart over time: a title, lines with bands, and both axes. Several charts are grids of these.

use super::axis::{Format, Scale, TimeAxis};
use super::canvas::{Canvas, Text};
use super::frame::{Area, Band};
use super::palette::{Colour, GREY, INK};
use crate::base::Date;

/// Size of tick labels.
pub(super) const TICK: f64 = 8.0;

/// One line with its band.
pub(super) struct Line<'a> {
    /// A few words that stand at the line's end; none for a panel with one line.
    pub label: &'a str,
    pub colour: Colour,
    pub bands: &'a [Band],
    pub dashed: bool,
}

/// A chart of lines over time.
pub(super) struct Panel<'a> {
    pub title: &'a str,
    pub colour: Colour,
    pub dates: &'a [Date],
    pub lines: Vec<Line<'a>>,
    /// Whether the last value is written at the end of each line.
    pub values: bool,
}

impl Panel<'_> {
    /// Draws the panel in an area that includes its title and labels, on scales that panels may share.
    pub fn draw(&self, canvas: &mut Canvas, area: Area, time: &TimeAxis, scale: &Scale) {
        let title = Text::new(self.title, 10.5).bold().colour(self.colour.for_text()).fit(area.width());
        canvas.write(area.left, area.top + 9.0, title);
        let labels: Vec<String> = self.lines.iter().map(|line| self.label(line, scale.format)).collect();
        let right = labels.iter().map(|l| Text::new(l, 9.0).width()).fold(0.0, f64::max).min(area.width() * 0.4);
        let plot = Area {
            left: area.left + scale.label_width(TICK),
            top: area.top + 19.0,
            right: area.right - if right > 0.0 { right + 8.0 } else { 4.0 },
            bottom: area.bottom - 16.0,
        };
        scale.draw_left(canvas, &plot, TICK);
        time.draw_below(canvas, &plot, TICK);
        for line in &self.lines {
            ribbon(canvas, &plot, time, scale, self.dates, line);
        }
        let ends: Vec<f64> = self
            .lines
            .iter()
            .map(|line| {
                line.bands.iter().rev().find(|b| b.is_finite()).map_or(plot.bottom, |b| scale.y(b.middle, &plot))
            })
            .collect();
        let placed = super::frame::spread(&ends, 11.0, plot.top + 3.0, plot.bottom - 3.0);
        for ((line, label), y) in self.lines.iter().zip(&labels).zip(placed) {
            let text = Text::new(label, 9.0).colour(line.colour.for_text()).fit(right + 0.01);
            canvas.write_centred(plot.right + 5.0, y, text);
        }
    }

    fn label(&self, line: &Line<'_>, format: Format) -> String {
        let last = line.bands.iter().rev().find(|b| b.is_finite());
        match (last, self.values) {
            (Some(band), true) => format!("{} {}", line.label, format.write(band.middle)).trim().to_owned(),
            _ => line.label.to_owned(),
        }
    }
}

/// Draws a band and its middle line. Dates without finite values leave a gap.
pub(super) fn ribbon(
    canvas: &mut Canvas,
    plot: &Area,
    time: &TimeAxis,
    scale: &Scale,
    dates: &[Date],
    line: &Line<'_>,
) {
    let points: Vec<(f64, &Band)> = dates.iter().zip(line.bands).map(|(d, b)| (time.x(*d, plot), b)).collect();
    let pieces: Vec<&[(f64, &Band)]> =
        points.split(|(_, band)| !band.is_finite()).filter(|piece| !piece.is_empty()).collect();
    for piece in &pieces {
        let upper = piece.iter().map(|(x, b)| (*x, scale.y(b.high, plot)));
        let lower = piece.iter().rev().map(|(x, b)| (*x, scale.y(b.low, plot)));
        canvas.polygon(upper.chain(lower), line.colour.faded(0.22));
    }
    for piece in &pieces {
        let middle: Vec<(f64, f64)> = piece.iter().map(|(x, b)| (*x, scale.y(b.middle, plot))).collect();
        if let [only] = middle[..] {
            canvas.disc(only, 2.0, line.colour);
        } else if line.dashed {
            canvas.dashed(&middle, line.colour, 1.6, (4.0, 2.5));
        } else {
            canvas.path(middle, line.colour, 1.6);
        }
    }
}

/// A note in small grey letters.
pub(super) fn note(canvas: &mut Canvas, x: f64, y: f64, words: &str, most: f64) {
    canvas.write(x, y, Text::new(words, 9.0).colour(GREY).fit(most));
}

/// The colour of a panel that stands for no faction.
pub(super) const PLAIN: Colour = INK;
