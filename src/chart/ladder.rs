//! Why it came about in one replicate: the ladder of stances of each pair over time, with the causes that were tested.

use super::axis::TimeAxis;
use super::canvas::{Canvas, Text};
use super::frame::{About, Area, Chart, Heading, MARGIN, WIDTH, spread};
use super::palette::{self, Colour, GREY, INK, PALE, WHITE};
use super::text;
use super::timeline::{Lane, Symbol, draw_key, draw_symbol};
use crate::base::Date;

/// A cause that was taken away in a replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// What it is.
    pub label: String,
    /// Its day; none for what counts throughout.
    pub date: Option<Date>,
    /// Whether the outcome flipped without it.
    pub flips: bool,
    /// What came of it.
    pub verdict: String,
}

/// The ladders of pairs, and the causes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CausalLadder {
    /// What is shown.
    pub heading: Heading,
    /// First and last day.
    pub span: Option<(Date, Date)>,
    /// The day of the outcome, if it came about.
    pub outcome: Option<Date>,
    /// The pairs: how they stood, and what happened between them.
    pub lanes: Vec<Lane>,
    /// The causes, the most telling first.
    pub causes: Vec<Tested>,
}

const RUNGS: [&str; 5] = ["war", "rivalry", "neutral", "pact", "alliance"];
const MOST_LANES: usize = 4;
const MOST_CAUSES: usize = 16;
const RUNG: f64 = 19.0;
const NAMES: f64 = 150.0;
/// Causes without which the outcome flips.
const FLIP: Colour = Colour::new(0xd5, 0x5e, 0x00);

impl Chart for CausalLadder {
    fn about(&self) -> About<'_> {
        About {
            name: "causal-ladder",
            heading: &self.heading,
            caption:
                "Each lane is a pair on the ladder from war to alliance, with symbols for what happened between the two. Numbers are the causes \
                      that were tested in a replay, at their dates; filled, the outcome flips without them. The dashed line is the day \
                      after the step in which it came about."
                    .into(),
        }
    }

    fn draw(&self) -> Canvas {
        let width = WIDTH + 60.0;
        let lanes = &self.lanes[..self.lanes.len().min(MOST_LANES)];
        let causes = &self.causes[..self.causes.len().min(MOST_CAUSES)];
        let time = TimeAxis::over(self.span.iter().flat_map(|(from, to)| [*from, *to]), width - NAMES - 60.0);
        let (Some(time), false) = (time, lanes.is_empty() && causes.is_empty()) else {
            return self.heading.nothing("Nothing was found that led there.");
        };
        let (mut canvas, top) = self.heading.start(width);
        let key = lanes.iter().any(|lane| !lane.moments.is_empty());
        let top = if key { draw_key(&mut canvas, lanes, false, (top, width - MARGIN)) } else { top };
        let marks_top = top + 6.0;
        let plot = Area {
            left: MARGIN + NAMES,
            top: marks_top + 24.0,
            right: width - MARGIN - 12.0,
            bottom: marks_top + 24.0 + lanes.len() as f64 * (4.0 * RUNG + 34.0),
        };
        time.draw_years(&mut canvas, &plot);
        self.draw_marks(&mut canvas, causes, &plot, &time, marks_top);
        if let Some(day) = self.outcome {
            let x = time.x(day, &plot);
            canvas.dashed(&[(x, plot.top - 2.0), (x, plot.bottom)], INK, 1.0, (3.0, 2.5));
            let words = Text::new("it has come about", 8.0).colour(GREY);
            let fits = x + 4.0 + text::width(&words.words, 8.0, false) <= width - MARGIN;
            let (at, words) = if fits { (x + 4.0, words) } else { (x - 4.0, words.end()) };
            canvas.write_centred(at, plot.bottom - 8.0, words);
        }
        for (number, lane) in lanes.iter().enumerate() {
            draw_lane(&mut canvas, lane, &plot, &time, plot.top + number as f64 * (4.0 * RUNG + 34.0));
        }
        time.draw_below(&mut canvas, &plot, 8.5);
        let mut y = plot.bottom + 40.0;
        if self.lanes.len() > lanes.len() {
            let words = format!("The first {} of {} pairs.", lanes.len(), self.lanes.len());
            canvas.write(MARGIN, y - 12.0, Text::new(&words, 9.0).colour(GREY));
            y += 8.0;
        }
        y = draw_list(&mut canvas, causes, y, width);
        if self.causes.len() > causes.len() {
            let words = format!("The first {} of {} causes.", causes.len(), self.causes.len());
            canvas.write(MARGIN, y, Text::new(&words, 9.0).colour(GREY));
            y += 14.0;
        }
        canvas.set_height(y + 4.0);
        canvas
    }
}

impl CausalLadder {
    /// The numbers of the causes at their days, above the ladders.
    fn draw_marks(&self, canvas: &mut Canvas, causes: &[Tested], plot: &Area, time: &TimeAxis, top: f64) {
        let dated: Vec<(usize, f64)> = (causes.iter().enumerate())
            .filter_map(|(number, cause)| cause.date.map(|date| (number, time.x(date, plot))))
            .collect();
        let wanted: Vec<f64> = dated.iter().map(|(_, x)| *x).collect();
        for ((number, x), at) in dated.iter().zip(spread(&wanted, 17.5, plot.left, plot.right)) {
            let colour = if causes[*number].flips { FLIP } else { GREY.mixed(WHITE, 0.35) };
            canvas.path([(at, top + 8.0), (*x, plot.top - 2.0), (*x, plot.bottom)], colour.faded(0.55), 0.9);
            badge(canvas, (at, top + 4.0), number + 1, causes[*number].flips);
        }
    }
}

fn badge(canvas: &mut Canvas, (x, y): (f64, f64), number: usize, flips: bool) {
    if flips {
        canvas.disc((x, y), 7.8, FLIP);
    } else {
        canvas.ring((x, y), 7.8, 1.2, GREY);
    }
    let colour = if flips { WHITE } else { GREY };
    canvas.write_centred(x, y, Text::new(&number.to_string(), 7.5).bold().colour(colour).middle());
}

fn draw_lane(canvas: &mut Canvas, lane: &Lane, plot: &Area, time: &TimeAxis, top: f64) {
    let y_of = |rung: usize| top + 20.0 + (4 - rung.min(4)) as f64 * RUNG;
    canvas.write(MARGIN, top + 11.0, Text::new(&lane.label, 9.5).bold().fit(NAMES + 200.0));
    for (rung, name) in RUNGS.iter().enumerate() {
        let y = y_of(rung);
        canvas.line((plot.left, y), (plot.right, y), PALE, 0.7);
        canvas.write_centred(plot.left - 6.0, y, Text::new(name, 8.0).colour(GREY).end());
    }
    for (number, span) in lane.spans.iter().enumerate() {
        let (from, to, y) = (time.x(span.from, plot), time.x(span.to, plot), y_of(span.rung));
        if let Some(before) = number.checked_sub(1).map(|before| &lane.spans[before]) {
            canvas.line((from, y_of(before.rung)), (from, y), GREY, 1.2);
        }
        canvas.line((from, y), (to, y), palette::stance(span.rung).mixed(INK, 0.15), 5.0);
    }
    let rung_at = |date: Date| lane.spans.iter().rev().find(|span| span.from <= date).or(lane.spans.first());
    let mut free = f64::NEG_INFINITY;
    for moment in &lane.moments {
        let y = rung_at(moment.date).map_or(y_of(2), |span| y_of(span.rung));
        let x = time.x(moment.date, plot).max(free);
        if x > plot.right + 4.0 {
            break;
        }
        let above = if matches!(moment.symbol, Symbol::Closer | Symbol::Apart) { 0.0 } else { -9.0 };
        draw_symbol(canvas, moment.symbol, (x, y + above), moment.secret);
        free = x + 2.5;
    }
}

fn draw_list(canvas: &mut Canvas, causes: &[Tested], top: f64, width: f64) -> f64 {
    let column = (width - 2.0 * MARGIN) * 0.5;
    let head = |canvas: &mut Canvas, x: f64, words: &str| {
        canvas.write(x, top, Text::new(words, 9.5).bold());
    };
    head(canvas, MARGIN + 20.0, "Taken away");
    head(canvas, MARGIN + column + 12.0, "What comes of it (filled: the outcome flips)");
    let mut y = top + 8.0;
    for (number, cause) in causes.iter().enumerate() {
        let label = if cause.date.is_none() { format!("{} (throughout)", cause.label) } else { cause.label.clone() };
        let left = text::wrap(&label, 9.0, false, column - 30.0, 2);
        let right = text::wrap(&cause.verdict, 9.0, false, column - 16.0, 3);
        let height = left.len().max(right.len()) as f64 * 11.5 + 7.0;
        canvas.line((MARGIN, y), (width - MARGIN, y), PALE.mixed(WHITE, 0.4), 0.6);
        badge(canvas, (MARGIN + 8.0, y + 10.5), number + 1, cause.flips);
        for (place, line) in left.iter().enumerate() {
            canvas.write(MARGIN + 20.0, y + 13.5 + place as f64 * 11.5, Text::new(line, 9.0));
        }
        for (place, line) in right.iter().enumerate() {
            let words = Text::new(line, 9.0).colour(if cause.flips { INK } else { GREY });
            canvas.write(MARGIN + column + 12.0, y + 13.5 + place as f64 * 11.5, words);
        }
        y += height;
    }
    y + 10.0
}
