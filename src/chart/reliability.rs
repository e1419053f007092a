//! How often what was said to be so likely came to be, without bins.

use super::axis::{Format, Scale};
use super::canvas::{Canvas, Text};
use super::frame::{About, Area, Band, Chart, Heading, MARGIN};
use super::palette::{ACCENT, GREY, INK, PALE, WHITE};

/// Forecasts against what came of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReliabilityCurve {
    /// What is shown.
    pub heading: Heading,
    /// By forecast, ascending: what is said, 0 to 1, and how often it came to be, with where that lies if all is calibrated.
    pub points: Vec<(f64, Band)>,
    /// What the mean score is made of, in words.
    pub parts: Vec<String>,
}

const WIDTH: f64 = 640.0;
const SIDE: f64 = 420.0;
const MOST: usize = 5000;

impl Chart for ReliabilityCurve {
    fn about(&self) -> About<'_> {
        About {
            name: "reliability",
            heading: &self.heading,
            caption: "Each dot is a probability that was said: the higher, the more often what was said to be so likely came to \
                      be (isotonic regression: Dimitriadis, Gneiting and Jordan 2021). Forecasts are calibrated on the dashed \
                      line; nine in ten calibrated forecasts of these questions would lie within the band.".into(),
        }
    }

    fn draw(&self) -> Canvas {
        let known = |point: &&(f64, Band)| point.0.is_finite() && point.1.is_finite();
        let points: Vec<&(f64, Band)> = self.points.iter().filter(known).take(MOST).collect();
        if points.is_empty() {
            return self.heading.nothing("There are too few answers for a curve.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let scale = Scale { low: 0.0, high: 1.0, ticks: vec![0.0, 0.25, 0.5, 0.75, 1.0], format: Format::Percent };
        let left = MARGIN + 40.0;
        let area = Area { left, top: top + 16.0, right: left + SIDE, bottom: top + 16.0 + SIDE };
        let place = |said: f64, came: f64| (scale.x(said, &area), scale.y(came, &area));
        let upper = points.iter().map(|(said, band)| place(*said, band.high));
        let lower = points.iter().rev().map(|(said, band)| place(*said, band.low));
        canvas.polygon(upper.chain(lower), ACCENT.faded(0.15));
        canvas.write(MARGIN, area.top - 8.0, Text::new("how often it came to be", 9.5).bold().fit(SIDE));
        scale.draw_left(&mut canvas, &area, 8.5);
        for &tick in &scale.ticks {
            let x = scale.x(tick, &area);
            canvas.line((x, area.top), (x, area.bottom), PALE, 0.6);
            canvas.write(x, area.bottom + 13.0, Text::new(&scale.format.write(tick), 8.5).colour(GREY).middle());
        }
        let below = Text::new("probability that was said", 9.5).bold().middle().fit(SIDE);
        canvas.write((area.left + area.right) / 2.0, area.bottom + 30.0, below);
        canvas.dashed(&[place(0.0, 0.0), place(1.0, 1.0)], INK.mixed(WHITE, 0.4), 1.0, (4.0, 4.0));
        let curve = || points.iter().map(|(said, band)| place(*said, band.middle));
        canvas.path(curve(), ACCENT, 1.6);
        for at in curve() {
            canvas.disc(at, 3.4, WHITE);
            canvas.disc(at, 2.6, ACCENT);
        }
        for (number, words) in self.parts.iter().take(8).enumerate() {
            let room = WIDTH - MARGIN - area.right - 14.0;
            canvas.write(area.right + 14.0, area.top + 12.0 + 16.0 * number as f64, Text::new(words, 9.0).fit(room));
        }
        canvas.set_height(area.bottom + 44.0);
        canvas
    }
}
