//! How long things last: the share that still stands after some time, as falling steps with their intervals.

use super::axis::{Format, Scale, count, percent};
use super::canvas::{Canvas, Text};
use super::frame::{About, Area, Band, Chart, Heading, MARGIN, WIDTH, spread};
use super::palette::{Colour, GREY, INK, PALE};
use crate::base::WEEKS_IN_A_YEAR;

/// A group of things that last.
#[derive(Clone, Debug, PartialEq)]
pub struct SurvivalLine {
    /// What they are.
    pub label: String,
    /// Their colour.
    pub colour: Colour,
    /// How many there are.
    pub number: u64,
    /// Weeks after which some ended, ascending, with the share that lasts longer and its interval; 0 to 1.
    pub steps: Vec<(f64, Band)>,
    /// For how many weeks any was watched.
    pub until: f64,
}

/// A panel of groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SurvivalPanel {
    /// What lasts.
    pub title: String,
    /// The groups.
    pub lines: Vec<SurvivalLine>,
}

/// How long things last, panel by panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SurvivalChart {
    /// The name of its files.
    pub name: String,
    /// What is shown.
    pub heading: Heading,
    /// The panels, side by side; two at the most.
    pub panels: Vec<SurvivalPanel>,
}

const HEIGHT: f64 = 250.0;
const MOST_LINES: usize = 8;
/// So many things must have been watched, and for so many weeks.
const LEAST: u64 = 5;
const LEAST_WEEKS: f64 = 4.0;
/// What is said to have been watched for longer than a century is left out.
const LONGEST: f64 = 100.0 * WEEKS_IN_A_YEAR;

impl Chart for SurvivalChart {
    fn about(&self) -> About<'_> {
        About {
            name: &self.name,
            heading: &self.heading,
            caption: "How many of the commitments still stand after so many months. Those that stand at the \
                      horizon, or whose side merged or is gone, were not seen to end; the estimate (Kaplan and \
                      Meier 1958) allows for that. Bands are 95% intervals that take commitments of one run \
                      together, and of runs that share inputs."
                .into(),
        }
    }

    fn draw(&self) -> Canvas {
        let panels: Vec<&SurvivalPanel> =
            self.panels.iter().filter(|panel| panel.lines.iter().any(is_known)).take(2).collect();
        let weeks = |line: &SurvivalLine| line.until;
        let most = panels.iter().flat_map(|panel| &panel.lines).filter(|line| is_known(line)).map(weeks);
        let most = most.fold(0.0, f64::max);
        let number: u64 = panels.iter().flat_map(|panel| &panel.lines).map(|line| line.number).sum();
        if panels.is_empty() || most < LEAST_WEEKS || number < LEAST {
            return self.heading.nothing("Too little began, or too late, for its duration to be watched.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        for (number, panel) in panels.iter().enumerate() {
            let area = super::frame::grid(number, panels.len(), WIDTH, top, HEIGHT, (34.0, 0.0));
            draw_panel(&mut canvas, panel, area, most);
        }
        let lines = panels.iter().map(|panel| panel.lines.iter().filter(|line| is_known(line)).count().min(MOST_LINES));
        canvas.set_height(top + HEIGHT + 20.0 + 13.0 * lines.max().unwrap_or(0) as f64 + MARGIN);
        canvas
    }
}

fn is_known(line: &SurvivalLine) -> bool {
    line.number > 0 && line.until > 0.0 && line.until <= LONGEST
}

/// Ticks along x: whole months or years, as many as there is room for.
fn ticks(most: f64) -> Vec<(f64, String)> {
    let months = most / (WEEKS_IN_A_YEAR / 12.0);
    let step = [1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 60.0, 120.0].into_iter().find(|step| months / step <= 8.0);
    let step = step.unwrap_or(240.0);
    (0..=(months / step) as usize)
        .map(|tick| {
            let months = tick as f64 * step;
            (months * WEEKS_IN_A_YEAR / 12.0, format!("{months:.0}"))
        })
        .collect()
}

fn draw_panel(canvas: &mut Canvas, panel: &SurvivalPanel, area: Area, most: f64) {
    canvas.write(area.left, area.top + 9.0, Text::new(&panel.title, 10.5).bold().fit(area.width()));
    let scale = Scale { low: 0.0, high: 1.0, ticks: vec![0.0, 0.25, 0.5, 0.75, 1.0], format: Format::Percent };
    let plot =
        Area { left: area.left + 34.0, top: area.top + 20.0, right: area.right - 46.0, bottom: area.bottom - 30.0 };
    scale.draw_left(canvas, &plot, 8.0);
    let x = |weeks: f64| plot.left + (weeks / most).clamp(0.0, 1.0) * plot.width();
    for (weeks, label) in ticks(most) {
        canvas.line((x(weeks), plot.bottom), (x(weeks), plot.bottom + 3.0), GREY, 0.8);
        canvas.write(x(weeks), plot.bottom + 13.0, Text::new(&label, 8.0).colour(GREY).middle());
    }
    let below = Text::new("months since it began", 8.5).colour(GREY).middle();
    canvas.write((plot.left + plot.right) / 2.0, plot.bottom + 26.0, below);
    let half = scale.y(0.5, &plot);
    canvas.dashed(&[(plot.left, half), (plot.right, half)], PALE.mixed(INK, 0.3), 0.8, (3.0, 3.0));
    let lines: Vec<&SurvivalLine> = panel.lines.iter().filter(|line| is_known(line)).take(MOST_LINES).collect();
    for line in &lines {
        let (mut upper, mut lower, mut middle) = (vec![(0.0, 1.0)], vec![(0.0, 1.0)], vec![(0.0, 1.0)]);
        for (weeks, band) in line.steps.iter().filter(|(weeks, band)| weeks.is_finite() && band.is_finite()) {
            for (path, value) in [(&mut upper, band.high), (&mut lower, band.low), (&mut middle, band.middle)] {
                let before = path.last().map_or(1.0, |last: &(f64, f64)| last.1);
                path.extend([(*weeks, before), (*weeks, value)]);
            }
        }
        for path in [&mut upper, &mut lower, &mut middle] {
            let last = path.last().map_or(1.0, |last| last.1);
            path.push((line.until, last));
            path.iter_mut().for_each(|(weeks, share)| (*weeks, *share) = (x(*weeks), scale.y(*share, &plot)));
        }
        canvas.polygon(upper.into_iter().chain(lower.into_iter().rev()), line.colour.faded(0.2));
        canvas.path(middle, line.colour, 1.7);
    }
    let last = |line: &SurvivalLine| {
        line.steps.iter().rev().find(|(_, band)| band.is_finite()).map_or(1.0, |(_, band)| band.middle)
    };
    let wanted: Vec<f64> = lines.iter().map(|line| scale.y(last(line), &plot)).collect();
    for (line, y) in lines.iter().zip(spread(&wanted, 11.0, plot.top, plot.bottom)) {
        let text = Text::new(&percent(last(line)), 9.0).bold().colour(line.colour.for_text());
        canvas.write_centred(plot.right + 5.0, y, text);
    }
    for (number, line) in lines.iter().enumerate() {
        let y = area.bottom + 14.0 + 13.0 * number as f64;
        canvas.line((plot.left, y), (plot.left + 16.0, y), line.colour, 2.4);
        let words = Text::new(&line.label, 9.0).followed_by(&format!("({})", count(line.number as f64)));
        canvas.write_centred(plot.left + 22.0, y, words.fit(area.width() - 60.0));
    }
}
