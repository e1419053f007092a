//! What every chart draws on: a list of marks in points, from which both the SVG and the PNG are made.
//!
//! A chart is laid out once. Marks that are not finite are dropped here, so no backend ever sees one.

use super::palette::{Colour, INK};
use super::text;
use std::collections::{BTreeMap, BTreeSet};

/// A position in points: rightwards and downwards from the upper left corner.
pub type Point = (f64, f64);

/// A thing drawn.
#[derive(Clone, Debug)]
pub enum Mark {
    /// A line through points, `width` points wide.
    Path {
        /// The points, in order.
        points: Vec<Point>,
        /// Its colour.
        colour: Colour,
        /// Its width.
        width: f64,
    },
    /// A filled shape.
    Polygon {
        /// Its corners, in order.
        points: Vec<Point>,
        /// Its colour.
        colour: Colour,
    },
    /// A filled disc.
    Disc {
        /// Its centre.
        centre: Point,
        /// Its radius.
        radius: f64,
        /// Its colour.
        colour: Colour,
    },
    /// A line of text, drawn above everything else.
    Text(Text),
}

/// Which part of a text stands at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// A line of text with its looks.
#[derive(Clone, Debug)]
pub struct Text {
    /// The words, cleaned of controls.
    pub words: String,
    /// Where the anchor stands on the baseline.
    pub at: Point,
    /// Font size in points.
    pub size: f64,
    /// Bold or regular.
    pub bold: bool,
    /// Its colour.
    pub colour: Colour,
    /// Which part stands at the position.
    pub anchor: Anchor,
    /// Whether it reads from below to above instead of from left to right.
    pub upright: bool,
    /// All words, where they are cut.
    pub whole: Option<String>,
    /// What stands behind the words and is never cut, such as a value.
    pub tail: String,
}

impl Text {
    /// A label of a size, in ink, to be placed by [`Canvas::write`].
    pub fn new(words: &str, size: f64) -> Self {
        Self {
            words: text::clean(words),
            at: (0.0, 0.0),
            size,
            bold: false,
            colour: INK,
            anchor: Anchor::Start,
            upright: false,
            whole: None,
            tail: String::new(),
        }
    }

    /// With a value or the like behind it, which stays whole where the words are cut.
    pub fn followed_by(mut self, tail: &str) -> Self {
        let space = if self.words.is_empty() || tail.is_empty() { "" } else { " " };
        self.tail = format!("{space}{}", text::clean(tail));
        self
    }

    /// All that is written: the words and what stands behind them.
    pub fn line(&self) -> String {
        format!("{}{}", self.words, self.tail)
    }

    /// In bold.
    pub fn bold(mut self) -> Self {
        self.bold = true;
        self
    }

    /// In a colour.
    pub fn colour(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }

    /// With its middle at the position.
    pub fn middle(mut self) -> Self {
        self.anchor = Anchor::Middle;
        self
    }

    /// With its end at the position.
    pub fn end(mut self) -> Self {
        self.anchor = Anchor::End;
        self
    }

    /// Reading from below to above.
    pub fn upright(mut self) -> Self {
        self.upright = true;
        self
    }

    /// Cut to a width, each of two names by itself; bold and what stands behind it must be chosen before.
    pub fn fit(mut self, most: f64) -> Self {
        let most = most - text::width(&self.tail, self.size, self.bold);
        let fitted = text::fit_pair(&self.words, self.size, self.bold, most);
        let whole = std::mem::replace(&mut self.words, fitted);
        self.whole = (whole != self.words).then_some(whole);
        self
    }

    /// Its width.
    pub fn width(&self) -> f64 {
        text::width(&self.line(), self.size, self.bold)
    }

    /// The box it covers: left, top, right, bottom.
    pub fn bounds(&self) -> [f64; 4] {
        let (x, y) = self.at;
        let width = self.width();
        let before = match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => width / 2.0,
            Anchor::End => width,
        };
        let (above, below) = (0.75 * self.size, 0.2 * self.size);
        if self.upright {
            [x - above, y - (width - before), x + below, y + before]
        } else {
            [x - before, y - above, x + (width - before), y + below]
        }
    }
}

/// A drawing of a size in points.
#[derive(Clone, Debug)]
pub struct Canvas {
    /// Width in points.
    pub width: f64,
    /// Height in points.
    pub height: f64,
    /// What a screen reader says in its place.
    pub description: String,
    /// Whether it only says that there is nothing to draw.
    pub is_nothing: bool,
    marks: Vec<Mark>,
}

impl Canvas {
    /// An empty drawing. Sizes are held within 50 and 6,000 points.
    pub fn new(width: f64, height: f64) -> Self {
        let held = |v: f64| {
            if v.is_finite() { v.clamp(50.0, 6000.0).ceil() } else { 600.0 }
        };
        Self {
            width: held(width),
            height: held(height),
            description: String::new(),
            is_nothing: false,
            marks: Vec::new(),
        }
    }

    /// All marks, in the order drawn.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The marks as they are seen: where names are cut to the same, so that they are told apart.
    pub(super) fn told_apart(&self) -> Vec<Mark> {
        let mut cut: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for mark in &self.marks {
            if let Mark::Text(Text { words, whole: Some(whole), .. }) = mark {
                for (words, whole) in text::parts(words, whole) {
                    cut.entry(words).or_default().insert(whole);
                }
            }
        }
        cut.retain(|words, names| names.len() > 1 && !words.is_empty());
        let apart = |mark: &Mark| match mark {
            Mark::Text(text) => {
                let part = |(words, whole): (&str, &str)| {
                    let names: Vec<&str> = cut.get(words)?.iter().copied().collect();
                    let place = names.iter().position(|name| *name == whole)?;
                    let most = text::width(words, text.size, text.bold);
                    Some(text::cut_apart(&names, text.size, text.bold, most)?.swap_remove(place))
                };
                let parts = text::parts(&text.words, text.whole.as_deref()?);
                let words =
                    parts.into_iter().map(|(words, whole)| part((words, whole)).unwrap_or_else(|| words.to_owned()));
                let words = words.collect::<Vec<_>>().join(text::BETWEEN);
                Some(Mark::Text(Text { words, ..text.clone() }))
            }
            _ => None,
        };
        self.marks.iter().map(|mark| apart(mark).unwrap_or_else(|| mark.clone())).collect()
    }

    /// Changes the height, once a chart knows how much it needs.
    pub fn set_height(&mut self, height: f64) {
        self.height = Self::new(self.width, height).height;
    }

    /// A line through points.
    pub fn path(&mut self, points: impl IntoIterator<Item = Point>, colour: Colour, width: f64) {
        let points: Vec<Point> = points.into_iter().filter(|p| p.0.is_finite() && p.1.is_finite()).collect();
        if points.len() > 1 {
            self.marks.push(Mark::Path { points, colour, width });
        }
    }

    /// A straight line.
    pub fn line(&mut self, from: Point, to: Point, colour: Colour, width: f64) {
        self.path([from, to], colour, width);
    }

    /// A line through points in dashes of `on` points with gaps of `off`.
    pub fn dashed(&mut self, points: &[Point], colour: Colour, width: f64, (on, off): (f64, f64)) {
        let (mut left, mut drawing) = (on, true);
        let mut dash: Vec<Point> = points.first().copied().into_iter().collect();
        for pair in points.windows(2) {
            let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
            let length = ((to_x - x) * (to_x - x) + (to_y - y) * (to_y - y)).sqrt();
            if !length.is_finite() || length > 20_000.0 {
                return;
            }
            let mut gone = 0.0;
            while length - gone > left {
                gone += left;
                let at = (x + (to_x - x) * gone / length, y + (to_y - y) * gone / length);
                if drawing {
                    dash.push(at);
                    self.path(std::mem::take(&mut dash), colour, width);
                } else {
                    dash = vec![at];
                }
                drawing = !drawing;
                left = if drawing { on } else { off };
            }
            left -= length - gone;
            if drawing {
                dash.push((to_x, to_y));
            }
        }
        if drawing {
            self.path(dash, colour, width);
        }
    }

    /// A filled shape.
    pub fn polygon(&mut self, points: impl IntoIterator<Item = Point>, colour: Colour) {
        let points: Vec<Point> = points.into_iter().filter(|p| p.0.is_finite() && p.1.is_finite()).collect();
        if points.len() > 2 {
            self.marks.push(Mark::Polygon { points, colour });
        }
    }

    /// A filled rectangle between two corners.
    pub fn rectangle(&mut self, (left, top): Point, (right, bottom): Point, colour: Colour) {
        if (right - left).abs() > 1e-9 && (bottom - top).abs() > 1e-9 {
            self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour);
        }
    }

    /// A filled rectangle with round corners.
    pub fn rounded(&mut self, (left, top): Point, (right, bottom): Point, radius: f64, colour: Colour) {
        let r = radius.min((right - left) / 2.0).min((bottom - top) / 2.0).max(0.0);
        // A quarter circle in four steps: cosines of 0, 22.5, 45, 67.5 and 90 degrees.
        const QUARTER: [f64; 5] = [1.0, 0.923_88, std::f64::consts::FRAC_1_SQRT_2, 0.382_683, 0.0];
        let mut points = Vec::with_capacity(20);
        for step in 0..5 {
            points.push((right - r + r * QUARTER[step], bottom - r + r * QUARTER[4 - step]));
        }
        for step in 0..5 {
            points.push((left + r - r * QUARTER[4 - step], bottom - r + r * QUARTER[step]));
        }
        for step in 0..5 {
            points.push((left + r - r * QUARTER[step], top + r - r * QUARTER[4 - step]));
        }
        for step in 0..5 {
            points.push((right - r + r * QUARTER[4 - step], top + r - r * QUARTER[step]));
        }
        self.polygon(points, colour);
    }

    /// A filled disc.
    pub fn disc(&mut self, centre: Point, radius: f64, colour: Colour) {
        if centre.0.is_finite() && centre.1.is_finite() && radius > 0.0 {
            self.marks.push(Mark::Disc { centre, radius, colour });
        }
    }

    /// A disc with a white middle.
    pub fn ring(&mut self, centre: Point, radius: f64, width: f64, colour: Colour) {
        self.disc(centre, radius, colour);
        self.disc(centre, radius - width, super::palette::WHITE);
    }

    /// Writes a label with its anchor on the baseline at a position. Empty labels are left out.
    pub fn write(&mut self, x: f64, baseline: f64, text: Text) {
        if x.is_finite() && baseline.is_finite() && !(text.words.is_empty() && text.tail.is_empty()) {
            self.marks.push(Mark::Text(Text { at: (x, baseline), ..text }));
        }
    }

    /// Writes a label whose middle stands at a height.
    pub fn write_centred(&mut self, x: f64, middle: f64, text: Text) {
        let down = 0.36 * text.size;
        self.write(x, middle + down, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finite_is_not_drawn() {
        let mut canvas = Canvas::new(f64::NAN, f64::INFINITY);
        canvas.path([(f64::NAN, 1.0), (1.0, 1.0)], INK, 1.0);
        canvas.disc((f64::INFINITY, 0.0), 1.0, INK);
        canvas.polygon([(0.0, 0.0), (1.0, f64::NAN), (1.0, 1.0)], INK);
        canvas.dashed(&[(0.0, 0.0), (f64::INFINITY, 0.0)], INK, 1.0, (2.0, 2.0));
        canvas.write(f64::NAN, 0.0, Text::new("a", 9.0));
        assert!(canvas.marks().is_empty());
        assert!(canvas.width.is_finite() && canvas.height.is_finite());
    }

    #[test]
    fn dashes_cover_their_share_of_the_line() {
        let mut canvas = Canvas::new(200.0, 100.0);
        canvas.dashed(&[(0.0, 0.0), (50.0, 0.0), (100.0, 0.0)], INK, 1.0, (3.0, 2.0));
        let drawn: f64 = canvas
            .marks()
            .iter()
            .map(|mark| match mark {
                Mark::Path { points, .. } => points[points.len() - 1].0 - points[0].0,
                _ => 0.0,
            })
            .sum();
        assert!((drawn - 60.0).abs() < 1e-9, "{drawn}");
    }
}
