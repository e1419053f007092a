//! A small chart over time: a title, lines with bands, and both axes.

use super::axis::{Format, Scale, TimeAxis};
use super::canvas::{Canvas, Text};
use super::frame::{Area, Band, spread};
use super::palette::GREY;
use super::series::{MOST_SERIES, Series, TimePanel};
use super::text;
use crate::base::Date;

/// Size of tick labels.
const TICK: f64 = 8.0;
/// Room for the title over a plot, and for a second line of it.
const TITLE: f64 = 19.0;
const LINE: f64 = 13.0;
const TITLE_SIZE: f64 = 10.5;
/// From this height on a panel has room for such a line.
const TWO_LINES: f64 = 150.0;

/// Writes a panel's title over its area and draws both axes; gives where to draw, with so much room at the left and right.
pub(super) fn begin(
    canvas: &mut Canvas,
    area: Area,
    panel: &TimePanel,
    (time, scale): (&TimeAxis, &Scale),
    (before, after): (f64, f64),
) -> Area {
    let title = |words: &str| Text::new(words, TITLE_SIZE).bold().colour(panel.colour.for_text());
    // A title that needs it takes two lines where a panel is high enough.
    let lines = text::wrap(&panel.title, TITLE_SIZE, true, area.width(), 3);
    let lines = if lines.len() == 2 && area.height() >= TWO_LINES { lines } else { vec![panel.title.clone()] };
    for (number, line) in lines.iter().enumerate() {
        canvas.write(area.left, area.top + 9.0 + LINE * number as f64, title(line).fit(area.width()));
    }
    let plot = Area {
        left: area.left + before,
        top: area.top + if panel.title.is_empty() { 4.0 } else { TITLE + LINE * (lines.len() - 1) as f64 },
        right: area.right - after,
        bottom: area.bottom - 16.0,
    };
    scale.draw_left(canvas, &plot, TICK);
    time.draw_below(canvas, &plot, TICK);
    plot
}

/// Room for the labels of a scale.
pub(super) fn room_before(scale: &Scale) -> f64 {
    scale.label_width(TICK)
}

/// Room for the labels at the ends of a panel's lines, of a panel that is so wide.
pub(super) fn room_after(panel: &TimePanel, format: Format, wide: f64) -> f64 {
    let right = labels(panel, format).iter().map(|(_, label)| label.width()).fold(0.0, f64::max).min(wide * 0.4);
    if right > 0.0 { right + AFTER } else { 4.0 }
}

/// What is between a line and its label.
const AFTER: f64 = 8.0;

/// The lines of a panel with their labels.
fn labels(panel: &TimePanel, format: Format) -> Vec<(&Series, Text)> {
    let known = |series: &&Series| series.bands.iter().any(Band::is_finite);
    let label = |line: &Series| {
        let value = last(line).filter(|_| panel.values).map(|band| written(format, band.middle));
        Text::new(&line.label, 9.0).colour(line.colour.for_text()).followed_by(&value.unwrap_or_default())
    };
    panel.series.iter().filter(known).take(MOST_SERIES).map(|line| (line, label(line))).collect()
}

/// Draws a panel of lines in an area that includes its title and labels, with so much room before and after the lines.
pub(super) fn draw(
    canvas: &mut Canvas,
    area: Area,
    dates: &[Date],
    panel: &TimePanel,
    (time, scale): (&TimeAxis, &Scale),
    room: (f64, f64),
) {
    let (lines, labels): (Vec<&Series>, Vec<Text>) = labels(panel, scale.format).into_iter().unzip();
    let plot = begin(canvas, area, panel, (time, scale), room);
    for line in &lines {
        ribbon(canvas, &plot, (time, scale), dates, line);
    }
    let ends: Vec<f64> = lines.iter().filter_map(|line| last(line)).map(|b| scale.y(b.middle, &plot)).collect();
    let placed = spread(&ends, 11.0, plot.top + 3.0, plot.bottom - 3.0);
    for (label, y) in labels.into_iter().zip(placed) {
        canvas.write_centred(plot.right + 5.0, y, label.fit((room.1 - AFTER).max(0.0) + 0.01));
    }
}

fn last(line: &Series) -> Option<&Band> {
    line.bands.iter().rev().find(|band| band.is_finite())
}

/// A value at the end of a series; counts to three significant digits, as more would pretend to be known.
pub(super) fn written(format: Format, value: f64) -> String {
    let mut unit = 1.0;
    while format == Format::Count && value.abs() / unit >= 1000.0 && unit < 1e15 {
        unit *= 10.0;
    }
    format.write(if unit > 1.0 { (value / unit).round() * unit } else { value })
}

/// Draws a band and its middle line. Dates without finite values leave a gap.
fn ribbon(canvas: &mut Canvas, plot: &Area, (time, scale): (&TimeAxis, &Scale), dates: &[Date], line: &Series) {
    let points: Vec<(f64, &Band)> = dates.iter().zip(&line.bands).map(|(d, b)| (time.x(*d, plot), b)).collect();
    let pieces = points.split(|(_, band)| !band.is_finite()).filter(|piece| !piece.is_empty());
    for piece in pieces.clone() {
        let upper = piece.iter().map(|(x, b)| (*x, scale.y(b.high, plot)));
        let lower = piece.iter().rev().map(|(x, b)| (*x, scale.y(b.low, plot)));
        canvas.polygon(upper.chain(lower), line.colour.faded(0.22));
    }
    for piece in pieces {
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
