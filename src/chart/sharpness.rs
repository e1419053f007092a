//! How decided forecasts are: how many lie in each part of 0 to 1.

use super::axis::{Format, Scale, count};
use super::canvas::{Canvas, Text};
use super::frame::{About, Area, Chart, Heading, MARGIN};
use super::palette::{ACCENT, GREY, INK};

/// How many forecasts lie in each of equal parts of 0 to 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sharpness {
    /// What is shown.
    pub heading: Heading,
    /// The counts, that of the lowest probabilities first.
    pub counts: Vec<u64>,
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 180.0;
const MOST: usize = 40;
/// Parts of the scale along x.
const TICKS: u32 = 10;

impl Chart for Sharpness {
    fn about(&self) -> About<'_> {
        About {
            name: "sharpness",
            heading: &self.heading,
            caption: "How many of the probabilities lie in each tenth. Those near the ends are sharp, which does not say that \
                      they are right.".into(),
        }
    }

    fn draw(&self) -> Canvas {
        let counts: Vec<f64> = self.counts.iter().take(MOST).map(|count| *count as f64).collect();
        if counts.iter().sum::<f64>() <= 0.0 {
            return self.heading.nothing("There are no probabilities to show.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let up = Scale::from_zero(counts.iter().copied(), 4, Format::Count);
        let left = MARGIN + up.label_width(8.5) + 4.0;
        let area = Area { left, top: top + 28.0, right: WIDTH - MARGIN, bottom: top + 28.0 + HEIGHT };
        canvas.write(MARGIN, area.top - 20.0, Text::new("answers", 9.5).bold().fit(area.width()));
        up.draw_left(&mut canvas, &area, 8.5);
        let part = area.width() / counts.len() as f64;
        for (number, value) in counts.iter().enumerate() {
            let (from, to) = (area.left + part * number as f64, area.left + part * (number as f64 + 1.0));
            let y = up.y(*value, &area);
            if *value > 0.0 {
                canvas.rectangle((from + 1.5, y), (to - 1.5, area.bottom), ACCENT);
                let label = Text::new(&count(*value), 8.5).colour(INK).middle().fit(part);
                canvas.write((from + to) / 2.0, y - 4.0, label);
            }
        }
        for tick in 0..=TICKS {
            let share = f64::from(tick) / f64::from(TICKS);
            let label = Text::new(&Format::Percent.write(share), 8.5).colour(GREY).middle();
            canvas.write(area.left + share * area.width(), area.bottom + 13.0, label);
        }
        let below = Text::new("probability that was said", 9.5).bold().middle().fit(area.width());
        canvas.write((area.left + area.right) / 2.0, area.bottom + 30.0, below);
        canvas.set_height(area.bottom + 44.0);
        canvas
    }
}
