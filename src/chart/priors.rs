//! Weights before and after a calibration, each within the ends of its prior.

use super::canvas::{Canvas, Text};
use super::dots::{self, DotRows, WIDTH};
use super::frame::{About, Band, Chart, Heading, MARGIN};
use super::palette::{ACCENT, Colour, GREY, PALE};

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
        let top = self.draw_key(&mut canvas, &rows, top);
        let list = DotRows::new(rows.iter().map(|row| (row.text.as_str(), 24.0)), top, WIDTH - MARGIN - ENDS);
        let area = list.area;
        let x = |share: f64| area.left + ENDS + share.clamp(0.0, 1.0) * (area.width() - ENDS);
        list.draw(&mut canvas, |canvas, row, y| {
            let row = rows[row];
            let colour = if row.learned { ACCENT } else { unlearned() };
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

/// What data say nothing about.
fn unlearned() -> Colour {
    ACCENT.mixed(PALE, 0.7)
}

impl Priors {
    /// What the bars are, of those that are drawn; gives where it ends.
    fn draw_key(&self, canvas: &mut Canvas, rows: &[&PriorRow], top: f64) -> f64 {
        let kinds = [
            (true, GREY, "before"),
            (rows.iter().any(|row| row.learned), ACCENT, "after"),
            (rows.iter().any(|row| !row.learned), unlearned(), "after, where the data say nothing about it"),
        ];
        let (mut x, y) = (MARGIN, top + 4.0);
        for (_, colour, words) in kinds.into_iter().filter(|(is_drawn, ..)| *is_drawn) {
            let label = Text::new(words, 9.0);
            let wide = label.width();
            canvas.line((x, y), (x + 18.0, y), colour, 3.0);
            canvas.disc((x + 9.0, y), 3.2, colour);
            canvas.write_centred(x + 24.0, y, label);
            x += wide + 44.0;
        }
        y + 14.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Mark;
    use super::*;

    #[test]
    fn the_key_tells_of_the_bars_that_are_drawn() {
        let band = Band::new(0.5, 0.2, 0.8);
        let row = |learned| PriorRow { before: band, after: band, learned, ..PriorRow::default() };
        let told = |rows: Vec<PriorRow>| {
            let canvas = Priors { heading: Heading::new("Weights", "so"), rows }.draw();
            let is_told =
                |words: &str| canvas.marks().iter().any(|mark| matches!(mark, Mark::Text(text) if text.words == words));
            [is_told("before"), is_told("after"), is_told("after, where the data say nothing about it")]
        };
        assert_eq!(told(vec![row(true)]), [true, true, false]);
        assert_eq!(told(vec![row(false)]), [true, false, true]);
        assert_eq!(told(vec![row(false), row(true)]), [true; 3]);
    }
}
