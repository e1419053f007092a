//! Chart 1: how likely the answer to each yes/no question is, with its interval; one row per question, one dot per
//! horizon that it is asked for.

use super::axis::{Format, Scale, percent};
use super::canvas::{Canvas, Text};
use super::dots::{self, DotRows, WIDTH};
use super::frame::{About, Area, Band, Chart, Heading, MARGIN};
use super::palette::{ACCENT, Colour, GREY, INK, PALE, WHITE};

/// A question with the probability of yes for each horizon.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProbabilityRow {
    /// The question, for people.
    pub text: String,
    /// Probability and interval, 0 to 1, in the order of `Probabilities::horizons`; none where it is not asked.
    pub probabilities: Vec<Option<Band>>,
    /// What came to be at the last horizon asked for, if it is known.
    pub observed: Option<bool>,
}

/// The questions' probabilities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Probabilities {
    /// Whether the lines hold nine points in ten of a sweep instead of the 95% interval of one ensemble.
    pub over_points: bool,
    /// What is shown.
    pub heading: Heading,
    /// The horizons, the nearest first: "6 months", "12 months". A single empty one if there are none.
    pub horizons: Vec<String>,
    /// The questions, in the scenario's order.
    pub rows: Vec<ProbabilityRow>,
}

/// More rows than that make a list, not a chart.
const MOST_ROWS: usize = 80;
const COLUMN: f64 = 62.0;
/// How far variants of a sweep lie beneath each other.
const BENEATH: f64 = 9.0;

impl Probabilities {
    /// More horizons than that are not drawn.
    pub const MOST_HORIZONS: usize = 6;
}

impl Chart for Probabilities {
    fn about(&self) -> About<'_> {
        About {
            name: if self.over_points { "over-the-points" } else { "probabilities" },
            heading: &self.heading,
            caption: match (self.over_points, self.horizons.len() > 1) {
                (true, _) => {
                    "Each dot is the share of all runs in which the answer is yes, each line what the shares of nine \
                     points in ten lie between: how far the answer moves with what is not known, and with luck where a \
                     point has few replicates."
                }
                (false, true) => {
                    "Each dot is the share of simulated futures in which the answer is yes, the darker the later the \
                     horizon; the line through it is the 95% interval, which shrinks with more replicates. Numbers are \
                     the shares by horizon."
                }
                (false, false) => {
                    "Each dot is the share of simulated futures in which the answer is yes; the line through it is the \
                     95% interval, which shrinks with more replicates. Numbers are the shares."
                }
            }
            .into(),
        }
    }

    fn draw(&self) -> Canvas {
        let horizons = &self.horizons[..self.horizons.len().min(Self::MOST_HORIZONS)];
        let answered = |row: &&ProbabilityRow| known(row, horizons.len()).next().is_some();
        let rows: Vec<&ProbabilityRow> = self.rows.iter().filter(answered).take(MOST_ROWS).collect();
        if rows.is_empty() {
            return self.heading.nothing("The scenario asks no yes/no question.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let right = WIDTH - MARGIN - horizons.len() as f64 * COLUMN - 24.0;
        let shown = (horizons.len(), self.over_points);
        let height = if self.over_points { 12.0 + BENEATH * horizons.len() as f64 } else { 20.0 };
        let list = DotRows::new(rows.iter().map(|row| (row.text.as_str(), height.max(20.0))), top + 14.0, right);
        let area = list.area;
        let scale = Scale { low: 0.0, high: 1.0, ticks: vec![0.0, 0.25, 0.5, 0.75, 1.0], format: Format::Percent };
        for &tick in &scale.ticks {
            let (x, label) = (scale.x(tick, &area), percent(tick));
            list.tick(&mut canvas, x, &label, PALE);
            canvas.write(x, area.bottom + 12.0, Text::new(&label, 8.5).colour(GREY).middle());
        }
        for (number, horizon) in horizons.iter().enumerate() {
            let colour = shade(number, horizons.len()).for_text();
            let label = Text::new(horizon, 8.5).bold().colour(colour).end().fit(COLUMN - 4.0);
            canvas.write(column_end(number, horizons.len()), area.top - 8.0, label);
        }
        list.draw(&mut canvas, |canvas, row, y| draw_row(canvas, rows[row], (&area, &scale), y, shown));
        let mut bottom = area.bottom + 14.0;
        let mut notes = Vec::new();
        if self.rows.len() > rows.len() {
            notes.push(format!("{} more: see questions.csv.", self.rows.len() - rows.len()));
        }
        if rows.iter().any(|row| row.observed.is_some()) {
            notes.push("Diamonds: what came to be (right: it happened; left: it did not).".to_owned());
        }
        for note in notes {
            bottom += 12.0;
            canvas.write(MARGIN, bottom, Text::new(&note, 9.0).colour(GREY).fit(WIDTH - 2.0 * MARGIN));
        }
        canvas.set_height(bottom + 12.0);
        canvas
    }
}

/// The finite probabilities of a row with the position of their horizon.
fn known(row: &ProbabilityRow, horizons: usize) -> impl DoubleEndedIterator<Item = (usize, Band)> {
    let probabilities = row.probabilities[..row.probabilities.len().min(horizons)].iter().enumerate();
    probabilities.filter_map(|(number, band)| band.filter(Band::is_finite).map(|band| (number, band)))
}

fn column_end(number: usize, horizons: usize) -> f64 {
    WIDTH - MARGIN - (horizons - 1 - number) as f64 * COLUMN
}

/// Darker the later.
fn shade(number: usize, horizons: usize) -> Colour {
    let early = 1.0 - (number + 1) as f64 / horizons as f64;
    ACCENT.mixed(INK, 0.25 * (1.0 - early)).mixed(WHITE, 0.75 * early)
}

fn draw_row(
    canvas: &mut Canvas,
    row: &ProbabilityRow,
    (area, scale): (&Area, &Scale),
    y: f64,
    (horizons, apart): (usize, bool),
) {
    if let Some(happened) = row.observed {
        let x = if happened { area.right + 10.0 } else { area.left - 10.0 };
        canvas.polygon([(x - 5.0, y), (x, y - 5.0), (x + 5.0, y), (x, y + 5.0)], INK);
        canvas.polygon([(x - 3.4, y), (x, y - 3.4), (x + 3.4, y), (x, y + 3.4)], WHITE);
    }
    // Variants of a sweep lie beneath each other; horizons of a run on one line, which they move along.
    let beneath = |number: usize| if apart { (number as f64 - (horizons as f64 - 1.0) / 2.0) * BENEATH } else { 0.0 };
    if !apart {
        let ends = known(row, horizons).map(|(_, band)| scale.x(band.middle, area));
        let (from, to) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        let from = if horizons == 1 { area.left } else { from };
        canvas.line((from, y), (to, y), ACCENT.mixed(WHITE, 0.75), 1.6);
    }
    for (number, band) in known(row, horizons) {
        let colour = shade(number, horizons);
        dots::interval(canvas, &band, |value| scale.x(value, area), y + beneath(number), colour, 3.2);
    }
    for (number, band) in known(row, horizons) {
        let colour = shade(number, horizons);
        dots::dot(canvas, (scale.x(band.middle, area), y + beneath(number)), colour, 3.9);
        let end = column_end(number, horizons);
        let last = number + 1 == horizons;
        let label = Text::new(&percent(band.middle), 9.5).colour(colour.for_text()).end();
        canvas.write_centred(end, y, if last { label.bold() } else { label });
    }
}
