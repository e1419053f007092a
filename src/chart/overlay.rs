//! Curves over time, several to a panel: a question's probability under each variant, say.

use super::axis::{Format, Scale, TimeAxis};
use super::canvas::Canvas;
use super::frame::{Band, Chart, Heading, MARGIN, WIDTH, grid};
use super::palette;
use super::panel::{Line, PLAIN, Panel, note};
use crate::base::Date;

/// A curve of a panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OverlayLine {
    /// A few words that stand at its end.
    pub label: String,
    /// Its values per date, with their intervals.
    pub bands: Vec<Band>,
}

/// A panel of curves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OverlayPanel {
    /// What its curves are of.
    pub title: String,
    /// Its curves, in the same order (and so in the same colours) as in every other panel.
    pub lines: Vec<OverlayLine>,
}

/// Panels of curves over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlay {
    /// The name of its files.
    pub name: String,
    /// What is shown.
    pub heading: Heading,
    /// The dates that the curves run over.
    pub dates: Vec<Date>,
    /// The panels.
    pub panels: Vec<OverlayPanel>,
    /// Shares or counts.
    pub format: Format,
}

const MOST: usize = 16;
const MOST_LINES: usize = 12;

impl Chart for Overlay {
    fn name(&self) -> &str {
        &self.name
    }

    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn caption(&self) -> &str {
        "Each curve is the share of simulated futures that have answered yes by a date, the band its 95% interval; each panel \
         shows the baseline and the variants that change it most."
    }

    fn draw(&self) -> Canvas {
        let panels = &self.panels[..self.panels.len().min(MOST)];
        let columns = panels.len().clamp(1, 2);
        let time = TimeAxis::over(self.dates.iter().copied(), WIDTH / columns as f64 - 160.0);
        let (Some(time), false) = (time, panels.is_empty()) else {
            return self.heading.nothing("There are no curves to show.");
        };
        let (mut canvas, top) = self.heading.start(WIDTH);
        let most = panels.iter().map(|panel| panel.lines.len().min(MOST_LINES)).max().unwrap_or(1);
        let height = (most as f64 * 12.0 + 60.0).max(210.0);
        for (number, panel) in panels.iter().enumerate() {
            let area = grid(number, columns, WIDTH, top, height, (22.0, 16.0));
            let lines = &panel.lines[..panel.lines.len().min(MOST_LINES)];
            let scale = Scale::from_zero(lines.iter().flat_map(|l| l.bands.iter().map(|b| b.high)), 4, self.format);
            // A curve that a panel leaves out keeps its colour for the others.
            let shown = lines.iter().enumerate().filter(|(_, line)| line.bands.iter().any(Band::is_finite));
            let lines = shown.map(|(place, line)| Line {
                label: &line.label,
                colour: palette::faction(place),
                bands: &line.bands,
                dashed: false,
            });
            let lines = lines.collect();
            Panel { title: &panel.title, colour: PLAIN, dates: &self.dates, lines, values: true }.draw(
                &mut canvas,
                area,
                &time,
                &scale,
            );
        }
        let mut bottom = top + panels.len().div_ceil(columns) as f64 * (height + 16.0);
        if self.panels.len() > panels.len() {
            let words = format!("The first {} of {} panels.", panels.len(), self.panels.len());
            note(&mut canvas, MARGIN, bottom + 4.0, &words, 400.0);
            bottom += 14.0;
        }
        canvas.set_height(bottom + 4.0);
        canvas
    }
}
