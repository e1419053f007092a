//! Chart 3: how likely a pact and an alliance are over time, for the pairs that questions ask about.

use super::axis::{Format, Scale, TimeAxis};
use super::canvas::Canvas;
use super::frame::{Band, Chart, Heading, MARGIN, WIDTH, grid};
use super::palette;
use super::panel::{Line, PLAIN, Panel, note};
use crate::base::Date;

/// A pair of factions with its probabilities per date.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PairSeries {
    /// Both names.
    pub pair: String,
    /// Probability of a pact or more, per date.
    pub pact: Vec<Band>,
    /// Probability of an alliance, per date.
    pub alliance: Vec<Band>,
    /// Probability of war, per date; may be empty.
    pub war: Vec<Band>,
}

/// Pairs over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PairOverTime {
    /// What is shown.
    pub heading: Heading,
    /// The dates that the series run over.
    pub dates: Vec<Date>,
    /// The pairs.
    pub pairs: Vec<PairSeries>,
}

const MOST: usize = 24;

impl Chart for PairOverTime {
    fn name(&self) -> &str {
        "pairs-over-time"
    }

    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn caption(&self) -> &str {
        "For each pair, the share of simulated futures in which the two hold a pact or more, and an alliance, on each \
         date; bands are 95% intervals."
    }

    fn draw(&self) -> Canvas {
        let pairs = &self.pairs[..self.pairs.len().min(MOST)];
        let columns = pairs.len().clamp(1, 3);
        let time = TimeAxis::over(self.dates.iter().copied(), WIDTH / columns as f64 - 90.0);
        let (Some(time), false) = (time, pairs.is_empty()) else {
            return self.heading.nothing("No question asks about a pair of factions.");
        };
        let (mut canvas, top) = self.heading.start(WIDTH);
        let all = pairs.iter().flat_map(|pair| pair.pact.iter().chain(&pair.alliance).chain(&pair.war)).map(|b| b.high);
        let scale = Scale::from_zero(all, 4, Format::Percent);
        let height = if columns < 3 { 240.0 } else { 165.0 };
        for (number, pair) in pairs.iter().enumerate() {
            let area = grid(number, columns, WIDTH, top, height, (18.0, 14.0));
            let mut lines = vec![
                Line {
                    label: "pact or more",
                    colour: palette::stance(3).mixed(palette::stance(4), 0.35),
                    bands: &pair.pact,
                    dashed: false,
                },
                Line {
                    label: "alliance",
                    colour: palette::stance(4).mixed(palette::INK, 0.35),
                    bands: &pair.alliance,
                    dashed: false,
                },
            ];
            if pair.war.iter().any(Band::is_finite) {
                lines.push(Line { label: "war", colour: palette::stance(0), bands: &pair.war, dashed: true });
            }
            let panel = Panel { title: &pair.pair, colour: PLAIN, dates: &self.dates, lines, values: true };
            panel.draw(&mut canvas, area, &time, &scale);
        }
        let rows = pairs.len().div_ceil(columns) as f64;
        let mut bottom = top + rows * (height + 14.0);
        if self.pairs.len() > pairs.len() {
            note(
                &mut canvas,
                MARGIN,
                bottom + 4.0,
                &format!("The first {} of {} pairs.", pairs.len(), self.pairs.len()),
                400.0,
            );
            bottom += 14.0;
        }
        canvas.set_height(bottom + 4.0);
        canvas
    }
}
