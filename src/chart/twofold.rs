//! Probabilities two by two: what each is in one case, and what it is in the other.

use super::axis::{Format, Scale, percent};
use super::canvas::{Canvas, Text};
use super::dots::{self, DotRows, WIDTH};
use super::frame::{About, Band, Chart, Heading, MARGIN};
use super::palette::{ACCENT, GREY, INK, PALE, WHITE};

/// Two probabilities of the same thing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TwofoldRow {
    /// What they are of.
    pub text: String,
    /// The one that is drawn as a filled dot, with its interval.
    pub filled: Band,
    /// The one that is drawn as a hollow dot, below the filled one.
    pub hollow: Band,
    /// What stands at the end of the row.
    pub note: String,
}

/// Probabilities two by two, drawn in the order given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Twofold {
    /// The name of its files.
    pub name: &'static str,
    /// What is shown.
    pub heading: Heading,
    /// How to read it.
    pub caption: &'static str,
    /// What the filled and the hollow dots are.
    pub labels: [&'static str; 2],
    /// A probability to compare all with, and its name.
    pub line: Option<(f64, String)>,
    /// What the notes at the ends of rows are.
    pub notes: &'static str,
    /// What is said where there are no rows.
    pub nothing: &'static str,
    /// The rows.
    pub rows: Vec<TwofoldRow>,
}

const MOST: usize = 25;
const COLUMN: f64 = 64.0;
/// How far the two of a row lie apart.
const APART: f64 = 7.0;

impl Chart for Twofold {
    fn about(&self) -> About<'_> {
        About { name: self.name, heading: &self.heading, caption: self.caption.into() }
    }

    fn draw(&self) -> Canvas {
        let finite = |row: &&TwofoldRow| row.filled.is_finite() && row.hollow.is_finite();
        let mut rows: Vec<&TwofoldRow> = self.rows.iter().filter(finite).collect();
        let all = rows.len();
        rows.truncate(MOST);
        if rows.is_empty() {
            return self.heading.nothing(self.nothing);
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let pale = ACCENT.mixed(WHITE, 0.45);
        let mut x = MARGIN;
        for (label, filled) in self.labels.into_iter().zip([true, false]) {
            let text = Text::new(label, 9.0).fit(300.0);
            dots::dot(&mut canvas, (x + 5.0, top + 6.0), if filled { ACCENT } else { pale }, 4.2);
            if !filled {
                canvas.disc((x + 5.0, top + 6.0), 2.6, WHITE);
            }
            let width = text.width();
            canvas.write_centred(x + 15.0, top + 6.0, text);
            x += width + 40.0;
        }
        let words = rows.iter().map(|row| (row.text.as_str(), 22.0));
        let list = DotRows::new(words, top + 42.0, WIDTH - MARGIN - COLUMN - 12.0);
        let area = list.area;
        let scale = Scale { low: 0.0, high: 1.0, ticks: vec![0.0, 0.25, 0.5, 0.75, 1.0], format: Format::Percent };
        for &tick in &scale.ticks {
            list.tick(&mut canvas, scale.x(tick, &area), &percent(tick), PALE);
        }
        canvas.write(WIDTH - MARGIN, area.top - 8.0, Text::new(self.notes, 8.5).bold().colour(GREY).end().fit(COLUMN));
        if let Some((value, name)) = self.line.as_ref().filter(|(value, _)| value.is_finite()) {
            let middle = scale.x(*value, &area);
            canvas.line((middle, area.top), (middle, area.bottom), INK.mixed(WHITE, 0.4), 1.2);
            let text = Text::new(name, 9.0).colour(GREY).followed_by(&percent(*value)).fit(200.0);
            let text = if *value > 0.85 { text.end() } else { text.middle() };
            canvas.write(middle, area.bottom + 14.0, text);
        }
        let place = |value: f64| scale.x(value, &area);
        list.draw(&mut canvas, |canvas, row, y| {
            let row = rows[row];
            // One above the other, so that both are seen where they are the same.
            let [above, below] = [y - APART / 2.0, y + APART / 2.0];
            canvas.line((place(row.filled.middle), above), (place(row.hollow.middle), below), PALE, 1.2);
            dots::interval(canvas, &row.filled, place, above, ACCENT, 2.4);
            dots::interval(canvas, &row.hollow, place, below, pale, 1.8);
            dots::dot(canvas, (place(row.filled.middle), above), ACCENT, 3.8);
            dots::dot(canvas, (place(row.hollow.middle), below), pale, 3.6);
            canvas.disc((place(row.hollow.middle), below), 2.1, WHITE);
            canvas.write_centred(WIDTH - MARGIN, y, Text::new(&row.note, 9.5).end().fit(COLUMN));
        });
        let mut bottom = area.bottom + 28.0;
        if all > rows.len() {
            let words = format!("The first {} of {all}.", rows.len());
            canvas.write(MARGIN, bottom - 4.0, Text::new(&words, 9.0).colour(GREY));
            bottom += 8.0;
        }
        canvas.set_height(bottom);
        canvas
    }
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Mark;
    use super::super::palette::Colour;
    use super::*;

    #[test]
    fn both_dots_are_seen_where_they_are_the_same_and_what_is_left_out_is_said() {
        let same = Band::new(0.3, 0.2, 0.4);
        let row = TwofoldRow { filled: same, hollow: same, ..TwofoldRow::default() };
        let canvas = Twofold { rows: vec![row; 27], ..Twofold::default() }.draw();
        let centre = |mark: &Mark| if let Mark::Disc { centre, .. } = mark { Some(*centre) } else { None };
        let mut heights: Vec<f64> = canvas.marks().iter().filter_map(centre).map(|(_, y)| y).collect();
        heights.sort_by(f64::total_cmp);
        heights.dedup_by(|a, b| (*a - *b).abs() < 1e-9);
        // The key, and two for each row.
        assert_eq!(heights.len(), 1 + 2 * MOST);
        let told = |mark: &Mark| matches!(mark, Mark::Text(text) if text.words == "The first 25 of 27.");
        assert!(canvas.marks().iter().any(told));
    }

    #[test]
    fn the_hollow_dot_of_a_row_lies_below_the_filled_one() {
        let row =
            TwofoldRow { filled: Band::new(0.8, 0.7, 0.9), hollow: Band::new(0.3, 0.2, 0.4), ..TwofoldRow::default() };
        let canvas = Twofold { rows: vec![row], ..Twofold::default() }.draw();
        let lowest = |colour: Colour| {
            let height = |mark: &Mark| match mark {
                Mark::Disc { centre, colour: of, .. } if *of == colour => Some(centre.1),
                _ => None,
            };
            canvas.marks().iter().filter_map(height).fold(f64::NEG_INFINITY, f64::max)
        };
        let (filled, hollow) = (lowest(ACCENT), lowest(ACCENT.mixed(WHITE, 0.45)));
        assert!(hollow > filled, "down the page heights grow: {filled} {hollow}");
    }
}
