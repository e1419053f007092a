//! What outcomes hung on over an ensemble: how often each cause was the top one, and how often its removal flipped the
//! outcome.

use super::axis::{Format, Scale};
use super::canvas::{Canvas, Text};
use super::frame::{About, Area, Band, Chart, Heading, MARGIN, WIDTH};
use super::palette::{ACCENT, Colour, GREY, INK, PALE, WHITE};
use super::text;

/// A kind of cause.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CauseRow {
    /// What it is.
    pub label: String,
    /// Share of the cases whose top cause it was, with its interval; none for a baseline.
    pub share: Option<Band>,
    /// Share of its removals that flipped the outcome, with its interval; none without any.
    pub flips: Option<Band>,
}

/// Causes over an ensemble, and what they are held against.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CauseBars {
    /// What is shown.
    pub heading: Heading,
    /// The causes, the most frequent first.
    pub rows: Vec<CauseRow>,
    /// All top causes together, and the baselines.
    pub totals: Vec<CauseRow>,
}

const MOST: usize = 24;
const NAMES: f64 = 330.0;
const ROW: f64 = 24.0;
const FLIP: Colour = Colour::new(0xd5, 0x5e, 0x00);

impl Chart for CauseBars {
    fn about(&self) -> About<'_> {
        About {
            name: "causes",
            heading: &self.heading,
            caption: "Left: how often each cause is the one on which most hangs, by the record of the run. Right: how \
                      often taking it away flips the outcome; below, the same for all top causes and for two random \
                      baselines. Lines are 95% intervals."
                .into(),
        }
    }

    fn draw(&self) -> Canvas {
        let rows = &self.rows[..self.rows.len().min(MOST)];
        if rows.is_empty() {
            return self.heading.nothing("There is no case whose cause could be told.");
        }
        let width = WIDTH + 60.0;
        let (mut canvas, top) = self.heading.start(width);
        let top = top + 24.0;
        let middle = MARGIN + NAMES + (width - 2.0 * MARGIN - NAMES) * 0.52;
        let bottom = top + rows.len() as f64 * ROW;
        let left = Area { left: MARGIN + NAMES, top, right: middle - 62.0, bottom };
        let end = bottom + 22.0 + self.totals.len() as f64 * ROW;
        let right = Area { left: middle + 12.0, top, right: width - MARGIN - 50.0, bottom: end };
        let shares =
            Scale::from_zero(rows.iter().filter_map(|row| row.share.map(|share| share.high)), 4, Format::Percent);
        let flips = Scale::from_zero([1.0], 4, Format::Percent);
        column(&mut canvas, &left, &shares, "share of cases in which it is the top cause");
        column(&mut canvas, &right, &flips, "share in which its removal flips the outcome");
        for (number, row) in rows.iter().enumerate() {
            let y = top + (number as f64 + 0.5) * ROW;
            draw_row(&mut canvas, row, y, (&left, &shares), (&right, &flips));
        }
        canvas.line((MARGIN, bottom + 11.0), (width - MARGIN, bottom + 11.0), GREY, 0.8);
        for (number, row) in self.totals.iter().enumerate() {
            let y = bottom + 22.0 + (number as f64 + 0.5) * ROW;
            draw_row(&mut canvas, row, y, (&left, &shares), (&right, &flips));
        }
        let mut y = end + 16.0;
        if self.rows.len() > rows.len() {
            let words = format!("The first {} of {} causes.", rows.len(), self.rows.len());
            canvas.write(MARGIN, y, Text::new(&words, 9.0).colour(GREY));
            y += 13.0;
        }
        let words = "Lines are 95% intervals. Top causes are picked from the record of the run alone and then tested in a replay.";
        canvas.write(MARGIN, y, Text::new(words, 9.0).colour(GREY));
        canvas.set_height(y + 14.0);
        canvas
    }
}

fn column(canvas: &mut Canvas, area: &Area, scale: &Scale, title: &str) {
    canvas.write(area.left, area.top - 20.0, Text::new(title, 9.0).bold());
    for &tick in &scale.ticks {
        let x = scale.x(tick, area);
        canvas.line((x, area.top - 3.0), (x, area.bottom), PALE, 0.8);
        canvas.write(x, area.top - 7.0, Text::new(&Format::Percent.write(tick), 8.0).colour(GREY).middle());
    }
}

fn draw_row(canvas: &mut Canvas, row: &CauseRow, y: f64, left: (&Area, &Scale), right: (&Area, &Scale)) {
    let lines = text::wrap(&row.label, 9.5, false, NAMES - 14.0, 2);
    for (number, line) in lines.iter().enumerate() {
        let offset = (number as f64 - (lines.len() as f64 - 1.0) / 2.0) * 11.0;
        canvas.write_centred(left.0.left - 8.0, y + offset, Text::new(line, 9.5).end());
    }
    if let Some(share) = row.share.filter(Band::is_finite) {
        let x = |value: f64| left.1.x(value, left.0);
        canvas.rectangle((left.0.left, y - 6.0), (x(share.middle), y + 6.0), ACCENT.mixed(WHITE, 0.3));
        canvas.line((x(share.low), y), (x(share.high), y), INK, 1.0);
        let label = Text::new(&Format::Percent.write(share.middle), 9.0).colour(GREY);
        canvas.write_centred(x(share.high) + 6.0, y, label);
    }
    if let Some(flips) = row.flips.filter(Band::is_finite) {
        let x = |value: f64| right.1.x(value, right.0);
        canvas.line((x(flips.low), y), (x(flips.high).max(x(flips.low) + 1.0), y), FLIP.mixed(WHITE, 0.35), 2.6);
        canvas.disc((x(flips.middle), y), 4.2, FLIP);
        let label = Text::new(&Format::Percent.write(flips.middle), 9.0).bold().colour(FLIP.for_text()).end();
        canvas.write_centred(right.0.right + 42.0, y, label);
    }
}
