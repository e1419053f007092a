//! Chart 4: each faction's share of the territory over time.

use super::axis::{Format, Scale, TimeAxis};
use super::canvas::Canvas;
use super::frame::{Band, Chart, Heading, MARGIN, Party, WIDTH, grid};
use super::panel::{Line, Panel, note};
use crate::base::Date;

/// A faction (or nobody) with its share per date.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareSeries {
    /// Whose.
    pub party: Party,
    /// The share per date, 0 to 1.
    pub share: Vec<Band>,
}

/// Territory over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Territory {
    /// What is shown.
    pub heading: Heading,
    /// The dates that the series run over.
    pub dates: Vec<Date>,
    /// The factions.
    pub series: Vec<ShareSeries>,
}

const MOST: usize = 24;

impl Chart for Territory {
    fn name(&self) -> &str {
        "territory"
    }

    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn caption(&self) -> &str {
        "Lines are each faction's share of control over all zones, weighted by strategic value; bands hold 95% of \
         the simulated futures."
    }

    fn draw(&self) -> Canvas {
        let time = TimeAxis::over(self.dates.iter().copied(), 150.0);
        let mut series: Vec<(&ShareSeries, f64)> = self.series.iter().map(|s| (s, peak(s))).collect();
        let (Some(time), false) = (time, series.is_empty()) else {
            return self.heading.nothing("There are no factions that hold territory.");
        };
        series.sort_by(|a, b| b.1.total_cmp(&a.1));
        // A faction that never holds a hundredth needs a name, not a panel.
        let shown: Vec<_> = series.iter().filter(|s| s.1 >= 0.005).take(MOST).collect();
        let shown = if shown.is_empty() { series.iter().take(1).collect() } else { shown };
        let left_out: Vec<&str> = series.iter().skip(shown.len()).map(|s| s.0.party.name.as_str()).collect();
        let (mut canvas, top) = self.heading.start(WIDTH);
        let columns = match shown.len() {
            1..=2 => shown.len(),
            3..=6 => 3,
            _ => 4,
        };
        let height = if columns < 3 { 220.0 } else { 118.0 };
        for (number, (series, _)) in shown.iter().enumerate() {
            // Panels of a row are alike in size and share a scale; one for all would flatten most of them.
            let row = &shown[number / columns * columns..((number / columns + 1) * columns).min(shown.len())];
            let highs = row.iter().flat_map(|s| s.0.share.iter().map(|b| b.high));
            let scale = Scale::from_zero(highs, 3, Format::Percent);
            let area = grid(number, columns, WIDTH, top, height, (16.0, 14.0));
            let colour = series.party.colour;
            let lines = vec![Line { label: "", colour, bands: &series.share, dashed: false }];
            let panel = Panel { title: &series.party.name, colour, dates: &self.dates, lines, values: true };
            panel.draw(&mut canvas, area, &time, &scale);
        }
        let mut bottom = top + shown.len().div_ceil(columns) as f64 * (height + 14.0);
        if shown.len() > columns {
            note(&mut canvas, MARGIN, bottom + 4.0, "Each row has a scale of its own.", WIDTH);
            bottom += 14.0;
        }
        if !left_out.is_empty() {
            let words = format!("Left out, the smallest: {}.", left_out.join(", "));
            note(&mut canvas, MARGIN, bottom + 4.0, &words, WIDTH - 2.0 * MARGIN);
            bottom += 14.0;
        }
        canvas.set_height(bottom + 4.0);
        canvas
    }
}

fn peak(series: &ShareSeries) -> f64 {
    series.share.iter().map(|b| b.middle).filter(|v| v.is_finite()).fold(0.0, f64::max)
}
