//! Chart 7: displaced people over time, by where they are.

use super::axis::{Format, Scale, TimeAxis};
use super::canvas::{Canvas, Text};
use super::frame::{Area, Band, Chart, Heading, MARGIN, WIDTH};
use super::palette::{ACCENT, Colour, GREY, INK, WHITE};
use super::stack::{self, Layer};
use crate::base::Date;

/// A destination with the people displaced to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Destination {
    /// The country, or "within the country".
    pub name: String,
    /// Mean number of people per date; means, because only they add up.
    pub people: Vec<f64>,
}

/// Displaced people over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Displacement {
    /// What is shown.
    pub heading: Heading,
    /// The dates that the series run over.
    pub dates: Vec<Date>,
    /// The destinations, the most important first.
    pub destinations: Vec<Destination>,
    /// All displaced people per date, with the interval; may be empty.
    pub total: Vec<Band>,
}

impl Chart for Displacement {
    fn name(&self) -> &str {
        "displacement"
    }

    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn caption(&self) -> &str {
        "Areas are the mean number of displaced people by where they are; the dashed lines hold 95% of the totals."
    }

    fn draw(&self) -> Canvas {
        let time = TimeAxis::over(self.dates.iter().copied(), 600.0);
        let (Some(time), false) = (time, self.destinations.is_empty()) else {
            return self.heading.nothing("The scenario has no destinations for displaced people.");
        };
        let (mut canvas, top) = self.heading.start(WIDTH);
        let sums = (0..self.dates.len()).map(|date| {
            let at = |d: &Destination| d.people.get(date).copied().filter(|v| v.is_finite() && *v > 0.0).unwrap_or(0.0);
            self.destinations.iter().map(at).sum::<f64>()
        });
        let scale = Scale::from_zero(sums.chain(self.total.iter().map(|b| b.high)), 5, Format::Count);
        let layers: Vec<Layer<'_>> = self
            .destinations
            .iter()
            .enumerate()
            .take(16)
            .map(|(i, d)| Layer { name: &d.name, colour: tint(i, self.destinations.len()), heights: &d.people })
            .collect();
        let area = Area { left: MARGIN, top, right: WIDTH - MARGIN, bottom: top + 340.0 };
        let plot = stack::draw(&mut canvas, area, &self.dates, &layers, (&time, &scale), 190.0);
        let edge = |pick: fn(&Band) -> f64| -> Vec<(f64, f64)> {
            self.dates
                .iter()
                .zip(&self.total)
                .filter(|(_, band)| band.is_finite())
                .map(|(d, b)| (time.x(*d, &plot), scale.y(pick(b), &plot)))
                .collect()
        };
        for pick in [(|b| b.low) as fn(&Band) -> f64, |b| b.high] {
            canvas.dashed(&edge(pick), INK, 1.0, (4.0, 3.0));
        }
        if self.total.iter().any(Band::is_finite) {
            let words = "Areas: means by destination. Dashed lines: interval of the total.";
            canvas.write(MARGIN, area.bottom + 14.0, Text::new(words, 9.0).colour(GREY));
        }
        canvas.set_height(area.bottom + 26.0);
        canvas
    }
}

/// Shades of one colour: a faction's would suggest that the people are its own.
fn tint(index: usize, count: usize) -> Colour {
    ACCENT.mixed(INK, 0.15).mixed(WHITE, 0.8 * index as f64 / count.clamp(2, 16) as f64)
}
