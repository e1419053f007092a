//! Theory and code: lines for what is predicted, dots for what is measured.

use super::axis::Scale;
use super::canvas::{Canvas, Text};
use super::frame::{About, Area, Chart, Heading, MARGIN};
use super::palette::{self, Colour, GREY, INK, PALE, WHITE};

/// What theory says and what the code gives under one name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TheoryLine {
    /// What it is.
    pub label: String,
    /// The prediction; may be empty.
    pub theory: Vec<(f64, f64)>,
    /// The measurements; may be empty.
    pub code: Vec<(f64, f64)>,
}

/// Theory and code in one plane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TheoryPlot {
    /// The name of its files.
    pub name: String,
    /// What is shown.
    pub heading: Heading,
    /// What runs along x and along y.
    pub axes: (String, String),
    /// The lines.
    pub lines: Vec<TheoryLine>,
    /// Intervals of measurements: x, lower and upper end.
    pub intervals: Vec<(f64, f64, f64)>,
}

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 330.0;
const MOST_LINES: usize = 12;
const MOST_POINTS: usize = 20_000;

impl Chart for TheoryPlot {
    fn about(&self) -> About<'_> {
        About {
            name: &self.name,
            heading: &self.heading,
            caption: "Lines are what the theory predicts, dots what the program computes; they should lie on each \
                      other."
                .into(),
        }
    }

    fn draw(&self) -> Canvas {
        let finite = |points: &[(f64, f64)]| -> Vec<(f64, f64)> {
            points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite()).take(MOST_POINTS).collect()
        };
        let lines: Vec<TheoryLine> = (self.lines.iter().take(MOST_LINES))
            .map(|line| TheoryLine {
                label: line.label.clone(),
                theory: finite(&line.theory),
                code: finite(&line.code),
            })
            .filter(|line| !line.theory.is_empty() || !line.code.is_empty())
            .collect();
        if lines.is_empty() {
            return self.heading.nothing("There is nothing to show.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let all = || lines.iter().flat_map(|line| line.theory.iter().chain(&line.code));
        let ends = || self.intervals.iter().take(MOST_POINTS).flat_map(|(_, low, high)| [*low, *high]);
        let dots = || lines.iter().flat_map(|line| &line.code);
        let across = apart(Scale::spanning(all().map(|point| point.0), 6), dots().map(|point| point.0));
        let up = apart(Scale::spanning(all().map(|point| point.1).chain(ends()), 5), dots().map(|point| point.1));
        let area = Area {
            left: MARGIN + up.label_width(8.5) + 4.0,
            top: top + 16.0,
            right: WIDTH - MARGIN - 10.0,
            bottom: top + 16.0 + HEIGHT,
        };
        canvas.write(MARGIN, top + 4.0, Text::new(&self.axes.1, 9.5).bold().fit(area.width()));
        up.draw_left(&mut canvas, &area, 8.5);
        for &tick in &across.ticks {
            let x = across.x(tick, &area);
            canvas.line((x, area.top), (x, area.bottom), PALE, 0.5);
            canvas.line((x, area.bottom), (x, area.bottom + 3.0), GREY, 0.8);
            let label = Text::new(&across.format.write(tick), 8.5).colour(GREY).middle();
            canvas.write(x, area.bottom + 13.0, label);
        }
        let below = Text::new(&self.axes.0, 9.5).bold().middle().fit(area.width());
        canvas.write((area.left + area.right) / 2.0, area.bottom + 30.0, below);
        let place = |(x, y): &(f64, f64)| (across.x(*x, &area), up.y(*y, &area));
        for (number, line) in lines.iter().enumerate() {
            canvas.path(line.theory.iter().map(place), colour(number, line), 1.6);
        }
        for (x, low, high) in self.intervals.iter().take(MOST_POINTS) {
            canvas.line(place(&(*x, *low)), place(&(*x, *high)), INK.mixed(WHITE, 0.45), 1.4);
        }
        for (number, line) in lines.iter().enumerate() {
            for point in &line.code {
                canvas.disc(place(point), 3.6, WHITE);
                canvas.disc(place(point), 2.8, colour(number, line));
            }
        }
        let mut y = area.bottom + 50.0;
        let mut x = MARGIN;
        for (number, line @ TheoryLine { label, theory, code }) in lines.iter().enumerate() {
            let what = match (theory.is_empty(), code.is_empty()) {
                (false, false) if self.intervals.is_empty() => "line: theory, dots: code",
                (false, false) => "line: theory; dots: code, with 95% intervals",
                (false, true) => "theory",
                _ => "code",
            };
            let one = lines.len() == 1;
            let words = Text::new(&if one { format!("{label} ({what})") } else { label.clone() }, 9.0).fit(300.0);
            if x > MARGIN && x + 22.0 + words.width() > WIDTH - MARGIN {
                x = MARGIN;
                y += 15.0;
            }
            if !theory.is_empty() {
                canvas.line((x, y), (x + 16.0, y), colour(number, line), 2.0);
            }
            if !code.is_empty() {
                canvas.disc((x + 8.0, y), 2.8, colour(number, line));
            }
            let width = words.width();
            canvas.write_centred(x + 22.0, y, words.colour(INK));
            x += 22.0 + width + 18.0;
        }
        if lines.len() > 1 {
            y += 16.0;
            canvas.write(MARGIN, y + 3.0, Text::new("Lines: theory. Dots: the code.", 9.0).colour(GREY));
        }
        canvas.set_height(y + 16.0);
        canvas
    }
}

/// The colour of a line; of what is named after a colour that one.
fn colour(number: usize, line: &TheoryLine) -> Colour {
    match line.label.as_str() {
        "red" => Colour::new(0xb2, 0x18, 0x2b),
        "blue" => Colour::new(0x00, 0x72, 0xb2),
        _ => palette::faction(number),
    }
}

/// A scale on which no dot lies on its ends.
fn apart(scale: Scale, mut dots: impl Iterator<Item = f64>) -> Scale {
    let room = 0.03 * (scale.high - scale.low);
    let (low, high) = (scale.low, scale.high);
    if dots.any(|dot| dot - low < room / 2.0 || high - dot < room / 2.0) {
        Scale { low: low - room, high: high + room, ..scale }
    } else {
        scale
    }
}
