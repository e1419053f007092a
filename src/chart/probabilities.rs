//! Chart 1: how likely the answer to each yes/no question is, with its interval.

use super::axis::{Format, Scale, percent};
use super::canvas::{Canvas, Text};
use super::frame::{Area, Band, Chart, Heading, MARGIN, WIDTH};
use super::palette::{ACCENT, GREY, INK, PALE};
use super::text;

/// A question with the probability of yes.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbabilityRow {
    /// The question, for people.
    pub text: String,
    /// Probability and interval, 0 to 1.
    pub probability: Band,
    /// What came to be, if it is known.
    pub observed: Option<bool>,
}

/// The questions' probabilities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Probabilities {
    /// What is shown.
    pub heading: Heading,
    /// The questions, in the scenario's order.
    pub rows: Vec<ProbabilityRow>,
}

/// More rows than that make a list, not a chart.
const MOST: usize = 60;

impl Chart for Probabilities {
    fn name(&self) -> &str {
        "probabilities"
    }

    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn draw(&self) -> Canvas {
        let rows: Vec<&ProbabilityRow> =
            self.rows.iter().filter(|row| row.probability.is_finite()).take(MOST).collect();
        if rows.is_empty() {
            return self.heading.nothing("The scenario asks no yes/no question.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let texts: Vec<Vec<String>> = rows.iter().map(|row| text::wrap(&row.text, 10.0, false, 400.0, 2)).collect();
        let heights: Vec<f64> = texts.iter().map(|lines| if lines.len() > 1 { 31.0 } else { 21.0 }).collect();
        let top = top + 14.0;
        let area = Area {
            left: MARGIN + 422.0,
            top,
            right: WIDTH - MARGIN - 118.0,
            bottom: top + heights.iter().sum::<f64>(),
        };
        let scale = Scale { low: 0.0, high: 1.0, ticks: vec![0.0, 0.25, 0.5, 0.75, 1.0], format: Format::Percent };
        for &tick in &scale.ticks {
            let x = scale.x(tick, &area);
            canvas.line((x, area.top - 4.0), (x, area.bottom), PALE, 0.8);
            let label = percent(tick);
            canvas.write(x, area.top - 8.0, Text::new(&label, 8.5).colour(GREY).middle());
            canvas.write(x, area.bottom + 12.0, Text::new(&label, 8.5).colour(GREY).middle());
        }
        let mut y = area.top;
        for ((row, lines), height) in rows.iter().zip(&texts).zip(&heights) {
            let middle = y + height / 2.0;
            if y > area.top {
                canvas.line((MARGIN, y), (WIDTH - MARGIN, y), PALE.mixed(super::palette::WHITE, 0.5), 0.6);
            }
            for (number, line) in lines.iter().enumerate() {
                let offset = (number as f64 - (lines.len() as f64 - 1.0) / 2.0) * 12.5;
                canvas.write_centred(MARGIN, middle + offset, Text::new(line, 10.0));
            }
            self.draw_row(&mut canvas, row, &area, &scale, middle);
            y += height;
        }
        let left_out = self.rows.len() - rows.len();
        let mut bottom = area.bottom + 24.0;
        if left_out > 0 {
            let note = format!("and {left_out} more, in questions.csv");
            canvas.write(MARGIN, area.bottom + 12.0, Text::new(&note, 9.0).colour(GREY));
        }
        if rows.iter().any(|row| row.observed.is_some()) {
            bottom += 12.0;
            let note = "Diamonds: what came to be (right: it happened; left: it did not).";
            canvas.write(MARGIN, area.bottom + 27.0, Text::new(note, 9.0).colour(GREY));
        }
        canvas.set_height(bottom + 6.0);
        canvas
    }
}

impl Probabilities {
    fn draw_row(&self, canvas: &mut Canvas, row: &ProbabilityRow, area: &Area, scale: &Scale, y: f64) {
        let Band { middle, low, high } = row.probability;
        let (x, left, right) = (scale.x(middle, area), scale.x(low, area), scale.x(high, area));
        if let Some(happened) = row.observed {
            let x = if happened { area.right + 10.0 } else { area.left - 10.0 };
            canvas.polygon([(x - 5.0, y), (x, y - 5.0), (x + 5.0, y), (x, y + 5.0)], INK);
            canvas.polygon([(x - 3.4, y), (x, y - 3.4), (x + 3.4, y), (x, y + 3.4)], super::palette::WHITE);
        }
        canvas.line((area.left, y), (x, y), ACCENT.faded(0.25), 2.0);
        canvas.line((left, y), (right.max(left + 1.0), y), ACCENT, 3.5);
        canvas.disc((x, y), 4.2, ACCENT);
        let label = Text::new(&percent(middle), 10.0).bold().end();
        canvas.write_centred(area.right + 46.0, y, label);
        let range = format!("{}–{}", percent(low).trim_end_matches('%'), percent(high));
        canvas.write_centred(area.right + 51.0, y, Text::new(&range, 8.5).colour(GREY));
    }
}
