//! Weights before and after a calibration, each within the ends of its prior.

use super::canvas::{Canvas, Text};
use super::dots::{self, DotRows, WIDTH};
use super::frame::{About, Band, Chart, Heading, MARGIN};
use super::palette::{ACCENT, GREY, PALE};

/// A weight before and after.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PriorRow {
    /// Its name, for people.
    pub text: String,
    /// The ends of its prior, as written.
    pub ends: [String; 2],
    /// Before: median and interval, as shares of the way from end to end.
    pub before: Band,
    /// After.
    pub after: Band,
    /// Whether the data say something about it.
    pub learned: bool,
}

/// Weights before and after.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Priors {
    /// What is shown.
    pub heading: Heading,
    /// The weights.
    pub rows: Vec<PriorRow>,
}

const MOST_ROWS: usize = 80;
/// Room for the ends at either side.
const ENDS: f64 = 56.0;

impl Chart for Priors {
    fn about(&self) -> About<'_> {
        About {
            name: "weights",
            heading: &self.heading,
            caption: "Each row is a weight, from the lowest to the highest value of its prior. Grey: its median and 80% interval \
                      before; colour: after, pale where the data say nothing about it.".into(),
        }
    }

    fn draw(&self) -> Canvas {
        let sound = |row: &&PriorRow| row.before.is_finite() && row.after.is_finite();
        let rows: Vec<&PriorRow> = self.rows.iter().filter(sound).take(MOST_ROWS).collect();
        if rows.is_empty() {
            return self.heading.nothing("No weight may move.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let list = DotRows::new(rows.iter().map(|row| (row.text.as_str(), 24.0)), top, WIDTH - MARGIN - ENDS);
        let area = list.area;
        let x = |share: f64| area.left + ENDS + share.clamp(0.0, 1.0) * (area.width() - ENDS);
        list.draw(&mut canvas, |canvas, row, y| {
            let row = rows[row];
            let colour = if row.learned { ACCENT } else { ACCENT.mixed(PALE, 0.7) };
            canvas.line((x(0.0), y), (x(1.0), y), PALE, 0.8);
            dots::interval(canvas, &row.before, x, y - 3.5, GREY, 1.6);
            dots::dot(canvas, (x(row.before.middle), y - 3.5), GREY, 2.6);
            dots::interval(canvas, &row.after, x, y + 3.5, colour, 3.0);
            dots::dot(canvas, (x(row.after.middle), y + 3.5), colour, 3.6);
            let [low, high] = &row.ends;
            canvas.write_centred(x(0.0) - 6.0, y, Text::new(low, 8.5).colour(GREY).end().fit(ENDS - 8.0));
            canvas.write_centred(x(1.0) + 6.0, y, Text::new(high, 8.5).colour(GREY).fit(ENDS - 8.0));
        });
        let mut bottom = area.bottom + 14.0;
        if self.rows.len() > rows.len() {
            let words = format!("{} more: see weights.csv.", self.rows.len() - rows.len());
            canvas.write(MARGIN, bottom, Text::new(&words, 9.0).colour(GREY));
            bottom += 12.0;
        }
        canvas.set_height(bottom);
        canvas
    }
}
