//! The form of all charts over dates: panels of lines with bands, or of layers that add up.

use super::axis::{Format, Scale, TimeAxis};
use super::canvas::Canvas;
use super::frame::{About, Chart, Heading, MARGIN, WIDTH, grid};
use super::series::TimePanel;
use super::{panel, stack};
use crate::base::Date;
use std::borrow::Cow;

/// Which panels share a scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scaled {
    /// All.
    #[default]
    Alike,
    /// Those of a row.
    ByRow,
    /// All, from 0 to 100%.
    Whole,
}

/// A chart over dates.
#[derive(Clone, Debug, PartialEq)]
pub struct OverTime {
    /// The name of its files.
    pub name: &'static str,
    /// How to read it.
    pub caption: Cow<'static, str>,
    /// What is shown.
    pub heading: Heading,
    /// The dates that the series run over.
    pub dates: Vec<Date>,
    /// The panels.
    pub panels: Vec<TimePanel>,
    /// How many stand side by side.
    pub columns: usize,
    /// How high each is, in points.
    pub height: f64,
    /// Shares or counts.
    pub format: Format,
    /// Which panels share a scale.
    pub scaled: Scaled,
    /// What is said if there is nothing to draw.
    pub empty: &'static str,
    /// What stands below.
    pub notes: Vec<String>,
}

const MOST_PANELS: usize = 24;
const GAP: (f64, f64) = (20.0, 15.0);

impl Chart for OverTime {
    fn about(&self) -> About<'_> {
        About { name: self.name, heading: &self.heading, caption: Cow::Borrowed(&self.caption) }
    }

    fn draw(&self) -> Canvas {
        let panels = &self.panels[..self.panels.len().min(MOST_PANELS)];
        let columns = self.columns.clamp(1, 4);
        let time = TimeAxis::over(self.dates.iter().copied(), WIDTH / columns as f64 - 75.0);
        let (Some(time), false) = (time, panels.is_empty()) else {
            return self.heading.nothing(self.empty);
        };
        let (mut canvas, top) = self.heading.start(WIDTH);
        let scale = |number: usize| {
            let row = number / columns * columns;
            let alike = match self.scaled {
                Scaled::Alike | Scaled::Whole => panels,
                Scaled::ByRow => &panels[row..(row + columns).min(panels.len())],
            };
            let whole = (self.scaled == Scaled::Whole).then_some(1.0);
            let highs = alike.iter().map(TimePanel::highest).chain(whole);
            Scale::from_zero(highs, if self.height < 150.0 { 3 } else { 4 }, self.format)
        };
        let scales: Vec<Scale> = (0..panels.len()).map(scale).collect();
        // The axes of panels below each other begin and end alike.
        let wide = grid(0, columns, WIDTH, top, self.height, GAP).width();
        let before = scales.iter().map(panel::room_before).fold(0.0, f64::max);
        let after = panels.iter().map(|panel| panel::room_after(panel, self.format, wide)).fold(0.0, f64::max);
        for (number, (panel, scale)) in panels.iter().zip(&scales).enumerate() {
            let area = grid(number, columns, WIDTH, top, self.height, GAP);
            if panel.stacked {
                stack::draw(&mut canvas, area, &self.dates, panel, (&time, scale));
            } else {
                panel::draw(&mut canvas, area, &self.dates, panel, (&time, scale), (before, after));
            }
        }
        let mut bottom = top + panels.len().div_ceil(columns) as f64 * (self.height + GAP.1);
        let cut = (self.panels.len() > panels.len())
            .then(|| format!("The first {} of {} panels.", panels.len(), self.panels.len()));
        let rows = (self.scaled == Scaled::ByRow && panels.len() > columns)
            .then(|| "Each row has a scale of its own.".to_owned());
        for words in cut.iter().chain(&rows).chain(&self.notes) {
            panel::note(&mut canvas, MARGIN, bottom + 4.0, words, WIDTH - 2.0 * MARGIN);
            bottom += 14.0;
        }
        canvas.set_height(bottom + 4.0);
        canvas
    }
}
