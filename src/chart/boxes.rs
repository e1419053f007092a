//! A box in the space of inputs, seen from the side of each pair of the inputs that it limits.

use super::axis::count;
use super::canvas::{Canvas, Text};
use super::frame::{About, Area, Chart, Heading, MARGIN, WIDTH, grid};
use super::palette::{Colour, GREY, INK, PALE, WHITE};

/// Two inputs, the cases by them, and the box's limits in them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoxPanel {
    /// The inputs along x and along y.
    pub axes: (String, String),
    /// Per case the two inputs and the share of its runs with the outcome, 0 to 1.
    pub points: Vec<(f64, f64, f64)>,
    /// Between which values of x the box lies; infinite where it has no limit.
    pub across: (f64, f64),
    /// Between which values of y it lies.
    pub up: (f64, f64),
    /// What stands at 0, 1, … along x and along y, of inputs that are names; none of numbers.
    pub names: (Vec<String>, Vec<String>),
}

/// A box on pair plots.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Boxes {
    /// The name of its files.
    pub name: String,
    /// What is shown.
    pub heading: Heading,
    /// What hits and misses are called.
    pub labels: (String, String),
    /// The pairs, the most telling first.
    pub panels: Vec<BoxPanel>,
}

const MOST_PANELS: usize = 6;
const MOST_POINTS: usize = 1500;
const HIT: Colour = Colour::new(0xd5, 0x5e, 0x00);
const MISS: Colour = Colour::new(0x9f, 0xb8, 0xc8);

impl Chart for Boxes {
    fn about(&self) -> About<'_> {
        About {
            name: &self.name,
            heading: &self.heading,
            caption:
                "Every dot is a case, by two of the inputs that the box limits; the more orange, the more often it \
                      has the outcome. The frame is the box."
                    .into(),
        }
    }

    fn draw(&self) -> Canvas {
        let panels: Vec<(&BoxPanel, [Range; 2])> = self
            .panels
            .iter()
            .filter_map(|panel| {
                let across = Range::over(panel.points.iter().map(|point| point.0))?.naming(&panel.names.0);
                Some((panel, [across, Range::over(panel.points.iter().map(|point| point.1))?.naming(&panel.names.1)]))
            })
            .take(MOST_PANELS)
            .collect();
        if panels.is_empty() {
            return self.heading.nothing("The box limits no input, so there is nothing to see from any side.");
        }
        let width = if panels.len() == 1 { 620.0 } else { WIDTH };
        let (mut canvas, top) = self.heading.start(width);
        let mut x = MARGIN;
        for (label, colour) in [(&self.labels.0, HIT), (&self.labels.1, MISS)] {
            let text = Text::new(label, 9.0).fit(240.0);
            let wide = text.width();
            canvas.disc((x + 4.0, top + 4.0), 4.0, colour);
            canvas.write_centred(x + 13.0, top + 4.0, text);
            x += wide + 34.0;
        }
        canvas.path(frame(x, top - 1.0, x + 16.0, top + 9.0), INK, 1.6);
        canvas.write_centred(x + 22.0, top + 4.0, Text::new("the box", 9.0));
        let top = top + 24.0;
        let columns = panels.len().min(if panels.len() == 4 { 2 } else { 3 });
        let (height, gap) = (if columns < 3 { 350.0 } else { 250.0 }, (26.0, 16.0));
        let mut bottom = top;
        for (number, (panel, ranges)) in panels.iter().enumerate() {
            let area = grid(number, columns, width, top, height, gap);
            panel.draw(&mut canvas, area, ranges);
            bottom = area.bottom;
        }
        canvas.set_height(bottom + 12.0);
        canvas
    }
}

impl BoxPanel {
    fn draw(&self, canvas: &mut Canvas, area: Area, [across, up]: &[Range; 2]) {
        let labels: Vec<String> = up.ticks.iter().map(|tick| up.write(*tick)).collect();
        let wide = labels.iter().map(|label| Text::new(label, 8.0).width()).fold(0.0, f64::max) + 6.0;
        canvas.write(area.left, area.top + 9.0, Text::new(&self.axes.1, 9.0).bold().fit(area.width()));
        let plot =
            Area { left: area.left + wide, top: area.top + 18.0, right: area.right - 6.0, bottom: area.bottom - 32.0 };
        let place =
            |x: f64, y: f64| (plot.left + across.share(x) * plot.width(), plot.bottom - up.share(y) * plot.height());
        for (tick, label) in up.ticks.iter().zip(&labels) {
            let (_, y) = place(across.low, *tick);
            canvas.line((plot.left, y), (plot.right, y), PALE, 0.6);
            canvas.write_centred(plot.left - 4.0, y, Text::new(label, 8.0).colour(GREY).end());
        }
        let mut free = plot.left - 20.0;
        for tick in &across.ticks {
            let (x, _) = place(*tick, up.low);
            canvas.line((x, plot.top), (x, plot.bottom), PALE, 0.6);
            let label = Text::new(&across.write(*tick), 8.0).colour(GREY).middle();
            let half = label.width() / 2.0;
            if x - half > free {
                canvas.write(x, plot.bottom + 12.0, label);
                free = x + half + 5.0;
            }
        }
        let below = Text::new(&self.axes.0, 9.0).bold().end().fit(area.width());
        canvas.write(plot.right, plot.bottom + 26.0, below);
        let stride = self.points.len().div_ceil(MOST_POINTS).max(1);
        let mut shown: Vec<&(f64, f64, f64)> = self.points.iter().step_by(stride).filter(|p| p.2.is_finite()).collect();
        // Hits above misses, or few of them would not be seen.
        shown.sort_by(|a, b| a.2.total_cmp(&b.2));
        let radius = if shown.len() > 600 { 1.7 } else { 2.4 };
        for (x, y, share) in shown {
            canvas.disc(place(*x, *y), radius, MISS.mixed(HIT, share.clamp(0.0, 1.0)));
        }
        let ((left, low), (right, high)) = (place(self.across.0, self.up.0), place(self.across.1, self.up.1));
        canvas.path(frame(left, high, right, low), WHITE, 3.4);
        canvas.path(frame(left, high, right, low), INK, 1.8);
    }
}

fn frame(left: f64, top: f64, right: f64, bottom: f64) -> [(f64, f64); 5] {
    [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
}

/// A scale from the lowest to the highest value, with round ticks between.
struct Range {
    low: f64,
    high: f64,
    ticks: Vec<f64>,
    step: f64,
    names: Vec<String>,
}

impl Range {
    fn over(values: impl Iterator<Item = f64>) -> Option<Self> {
        let held = values.filter(|value| value.is_finite() && value.abs() < 1e200);
        let (low, high) = held.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        let (low, high) =
            if high - low > 1e-12 * high.abs().max(1e-300) { (low, high) } else { (low - 0.5, high + 0.5) };
        if !low.is_finite() || !high.is_finite() {
            return None;
        }
        let rough = (high - low) / 4.0;
        let mut step = 1.0;
        while step > rough {
            step /= 10.0;
        }
        while step * 10.0 <= rough {
            step *= 10.0;
        }
        let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * step).find(|s| *s >= rough).unwrap_or(rough);
        let first = (low / step - 1e-9).ceil();
        let ticks = (0..8).map(|tick| (first + f64::from(tick)) * step).take_while(|tick| *tick <= high + 1e-9 * step);
        let ticks = ticks.collect();
        // A little room at the edges, so that points on them are whole.
        let room = 0.02 * (high - low);
        Some(Self { low: low - room, high: high + room, ticks, step, names: Vec::new() })
    }

    /// The same of names, each of which has a tick.
    fn naming(self, names: &[String]) -> Self {
        if names.is_empty() {
            return self;
        }
        let ticks = (0..names.len()).map(|place| place as f64).collect();
        Self { low: -0.5, high: names.len() as f64 - 0.5, ticks, step: 1.0, names: names.to_vec() }
    }

    /// Where a value stands between the ends, held within; infinite ones stand at an end.
    fn share(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// A tick as text, with as many decimals as its step needs.
    fn write(&self, tick: f64) -> String {
        if let Some(name) = self.names.get(tick.round() as usize) {
            return name.clone();
        }
        if self.step >= 1.0 {
            return count(tick.round());
        }
        let (mut digits, mut step) = (0, self.step);
        while (step - step.round()).abs() > 1e-6 && digits < 6 {
            step *= 10.0;
            digits += 1;
        }
        format!("{tick:.digits$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        for (low, high) in [(0.0, 1.0), (700.0, 1400.0), (0.013, 0.0187), (-3.0, 1e6)] {
            let range = Range::over([low, high].into_iter()).unwrap();
            assert!((2..=8).contains(&range.ticks.len()), "{low} {high}: {:?}", range.ticks);
            assert!(range.ticks.iter().all(|tick| *tick >= low - 1e-9 && *tick <= high + 1e-9));
        }
        let range = Range::over([0.013, 0.0187].into_iter()).unwrap();
        assert_eq!(range.write(range.ticks[0]), "0.014");
        assert!(Range::over(std::iter::empty()).is_none());
        let same = Range::over([5.0, 5.0].into_iter()).unwrap();
        assert!(same.share(f64::NEG_INFINITY).abs() < 1e-12 && (same.share(f64::INFINITY) - 1.0).abs() < 1e-12);
    }
}
