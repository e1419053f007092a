//! Chart 6: deaths per four weeks, by type of violence and in all.

use super::axis::{Format, Scale, TimeAxis};
use super::canvas::Canvas;
use super::frame::{Band, Chart, Heading, WIDTH, grid};
use super::palette::Colour;
use super::panel::{Line, Panel};
use crate::base::Date;

/// A type of violence with the deaths per period.
#[derive(Clone, Debug, PartialEq)]
pub struct DeathSeries {
    /// "state-based", "one-sided", "all", …
    pub label: String,
    /// Its colour; see [`super::palette::death`].
    pub colour: Colour,
    /// Deaths per period: median and the ends of the band.
    pub deaths: Vec<Band>,
}

/// Deaths over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deaths {
    /// What is shown.
    pub heading: Heading,
    /// The days on which the periods end.
    pub dates: Vec<Date>,
    /// The types of violence.
    pub series: Vec<DeathSeries>,
}

impl Chart for Deaths {
    fn name(&self) -> &str {
        "deaths"
    }

    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn caption(&self) -> &str {
        "Lines are medians over the simulated futures, bands hold 95% of them. Any one future is more jagged than \
         the median. Types as in UCDP's data."
    }

    fn draw(&self) -> Canvas {
        let series = &self.series[..self.series.len().min(12)];
        let columns = if series.len() == 3 { 3 } else { series.len().clamp(1, 2) };
        let time = TimeAxis::over(self.dates.iter().copied(), WIDTH / columns as f64 - 80.0);
        let (Some(time), false) = (time, series.is_empty()) else {
            return self.heading.nothing("No deaths were recorded over time.");
        };
        let (mut canvas, top) = self.heading.start(WIDTH);
        let scale = Scale::from_zero(series.iter().flat_map(|s| s.deaths.iter().map(|b| b.high)), 4, Format::Count);
        let height = 190.0;
        for (number, one) in series.iter().enumerate() {
            let area = grid(number, columns, WIDTH, top, height, (22.0, 16.0));
            let lines = vec![Line { label: "", colour: one.colour, bands: &one.deaths, dashed: false }];
            let panel = Panel { title: &one.label, colour: one.colour, dates: &self.dates, lines, values: false };
            panel.draw(&mut canvas, area, &time, &scale);
        }
        canvas.set_height(top + series.len().div_ceil(columns) as f64 * (height + 16.0) + 4.0);
        canvas
    }
}
