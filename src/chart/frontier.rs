//! What can be had for how much: an answer against the cost of the change that it takes.

use super::axis::{Format, Scale};
use super::canvas::{Canvas, Text};
use super::frame::{About, Area, Band, Chart, Heading, MARGIN, WIDTH};
use super::palette::{ACCENT, Colour, GREY, INK, PALE, WHITE};

/// A change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrontierPoint {
    /// What is changed, in words.
    pub text: String,
    /// What it costs.
    pub cost: f64,
    /// How many levers it moves.
    pub levers: usize,
    /// What the search found, 0 to 1.
    pub searched: f64,
    /// What fresh runs say, with its interval, 0 to 1.
    pub fresh: Band,
    /// Whether no change is as cheap and gets as far.
    pub on_front: bool,
}

/// Changes by cost and by what comes of them, and the line that is to be passed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frontier {
    /// What is shown.
    pub heading: Heading,
    /// What stands along the height.
    pub label: String,
    /// The line.
    pub line: f64,
    /// The changes, in the order of their numbers; the first is how it is.
    pub points: Vec<FrontierPoint>,
}

const HEIGHT: f64 = 320.0;
const MOST: usize = 20;
/// Height of a line of the key.
const LINE: f64 = 14.0;

impl Chart for Frontier {
    fn about(&self) -> About<'_> {
        About {
            name: "frontier",
            heading: &self.heading,
            caption: "Each dot is a change, the further to the right the more it takes; its height is what fresh runs say, with the 95% \
                      interval, and the ring what the search had seen. The dashed line is the one to be passed.".into(),
        }
    }

    fn draw(&self) -> Canvas {
        let known = |point: &&FrontierPoint| point.fresh.is_finite() && point.cost.is_finite() && point.cost < 1e9;
        let points: Vec<&FrontierPoint> = self.points.iter().filter(known).take(MOST).collect();
        if points.is_empty() || !self.line.is_finite() {
            return self.heading.nothing("There is no change that could be shown.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let heights = points.iter().flat_map(|point| [point.fresh.high, point.searched]);
        let up = Scale::from_zero(heights.chain([self.line]), 5, Format::Percent);
        let across = Scale::spanning(points.iter().map(|point| point.cost).chain([0.0]), 6);
        let left = MARGIN + up.label_width(8.5) + 6.0;
        let area = Area { left, top: top + 46.0, right: WIDTH - MARGIN - 12.0, bottom: top + 46.0 + HEIGHT };
        canvas.write(MARGIN, area.top - 36.0, Text::new(&self.label, 9.5).bold().fit(area.width()));
        up.draw_left(&mut canvas, &area, 8.5);
        for &tick in &across.ticks {
            let x = across.x(tick, &area);
            canvas.line((x, area.top), (x, area.bottom), PALE, 0.6);
            let words = format!("{}", (tick * 1000.0).round() / 1000.0);
            canvas.write(x, area.bottom + 13.0, Text::new(&words, 8.5).colour(GREY).middle());
        }
        let below = Text::new("cost of the change", 9.5).bold().middle().fit(area.width());
        canvas.write((area.left + area.right) / 2.0, area.bottom + 29.0, below);
        let y = up.y(self.line, &area);
        canvas.dashed(&[(area.left, y), (area.right, y)], ACCENT, 1.4, (5.0, 4.0));
        let front = points.iter().filter(|point| point.on_front);
        let at = |point: &FrontierPoint| (across.x(point.cost, &area), up.y(point.fresh.middle, &area));
        canvas.path(front.map(|point| at(point)), PALE.mixed(INK, 0.25), 1.6);
        let mut taken: Vec<(f64, f64)> = Vec::new();
        for (number, point) in points.iter().enumerate() {
            let ((x, y), colour) = (at(point), colour(point.levers));
            canvas.line((x, up.y(point.fresh.low, &area)), (x, up.y(point.fresh.high, &area)), colour, 1.4);
            if point.searched.is_finite() {
                canvas.ring((x, up.y(point.searched, &area)), 4.2, 1.2, colour);
            }
            canvas.disc((x, y), 4.4, WHITE);
            canvas.disc((x, y), 3.6, colour);
            // Above its interval, and above the labels of those beside it; right of those of the scale.
            let mut label = (x.max(area.left + 7.0), up.y(point.fresh.high.max(point.searched), &area) - 10.0);
            let near = |label: (f64, f64), taken: &[(f64, f64)]| {
                taken.iter().any(|other| (other.0 - label.0).abs() < 15.0 && (other.1 - label.1).abs() < 10.5)
            };
            while near(label, &taken) {
                label.1 -= 3.0;
            }
            taken.push(label);
            let words = Text::new(&number.to_string(), 9.0).colour(colour.for_text()).bold().middle();
            canvas.write_centred(label.0, label.1, words);
        }
        let mut y = area.bottom + 48.0;
        let mut x = MARGIN;
        for (levers, words) in [(0, "as it is"), (1, "one lever"), (2, "two levers")] {
            if !points.iter().any(|point| point.levers.min(2) == levers) {
                continue;
            }
            canvas.disc((x + 5.0, y), 3.6, colour(levers));
            let text = Text::new(words, 9.0);
            let width = text.width();
            canvas.write_centred(x + 13.0, y, text);
            x += width + 34.0;
        }
        canvas.ring((x + 5.0, y), 4.2, 1.2, INK);
        let seen = Text::new("what the search had seen", 9.0);
        let width = seen.width();
        canvas.write_centred(x + 13.0, y, seen);
        x += width + 34.0;
        canvas.dashed(&[(x, y), (x + 24.0, y)], ACCENT, 1.4, (5.0, 4.0));
        canvas.write_centred(x + 30.0, y, Text::new("the line to be passed", 9.0));
        y += 18.0;
        for (number, point) in points.iter().enumerate() {
            canvas.write_centred(MARGIN + 12.0, y, Text::new(&number.to_string(), 9.0).bold().end());
            canvas.write_centred(MARGIN + 20.0, y, Text::new(&point.text, 9.0).fit(WIDTH - 2.0 * MARGIN - 24.0));
            y += LINE;
        }
        canvas.set_height(y + 6.0);
        canvas
    }
}

fn colour(levers: usize) -> Colour {
    match levers {
        0 => GREY,
        1 => ACCENT,
        _ => INK,
    }
}
