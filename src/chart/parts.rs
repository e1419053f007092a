//! What makes a difference: its parts as bars from zero, each with its interval.

use super::axis::{self, Format};
use super::canvas::{Canvas, Text};
use super::dots::{self, DotRows, WIDTH};
use super::frame::{About, Band, Chart, Heading, MARGIN};
use super::palette::{ACCENT, Colour, GREY, INK, PALE, WHITE};

/// A part of a difference.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// What makes it, in words.
    pub text: String,
    /// How much, with its interval.
    pub amount: Band,
    /// How much, as it is told.
    pub told: String,
    /// How much by itself, first of all and last of all; none if not known.
    pub alone: Option<[f64; 2]>,
}

/// The parts of a difference and their sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// What is shown.
    pub heading: Heading,
    /// The parts, in the order in which they are drawn.
    pub rows: Vec<Part>,
    /// The whole difference.
    pub whole: Part,
    /// Percentage points, or an amount.
    pub format: Format,
}

const MOST: usize = 40;

impl Chart for Parts {
    fn about(&self) -> About<'_> {
        About {
            name: "parts",
            heading: &self.heading,
            caption: "Each bar is what one difference between the files does to the answer, averaged over all orders in which they \
                      could be made one after the other, with its 95% interval; together they are the whole. The two small marks are \
                      what it does as the first of all and as the last: far apart, it works together with others.".into(),
        }
    }

    fn draw(&self) -> Canvas {
        let mut rows: Vec<(&Part, Colour)> = Vec::new();
        for part in self.rows.iter().filter(|part| part.amount.is_finite()).take(MOST) {
            rows.push((part, if part.amount.middle < 0.0 { FALL } else { ACCENT }));
        }
        if rows.is_empty() {
            return self.heading.nothing("There is no difference to take apart.");
        }
        if self.whole.amount.is_finite() {
            rows.push((&self.whole, INK));
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let list =
            DotRows::new(rows.iter().map(|(part, _)| (part.text.as_str(), 24.0)), top + 20.0, WIDTH - MARGIN - 60.0);
        let area = list.area;
        let ends = |(part, _): &(&Part, Colour)| {
            let (alone, amount) = (part.alone.unwrap_or([0.0; 2]), part.amount);
            [amount.low, amount.high, amount.middle, alone[0], alone[1]].map(f64::abs)
        };
        let ticks = axis::Scale::from_zero(rows.iter().flat_map(ends), 3, self.format).ticks;
        let most = ticks.last().copied().unwrap_or(1.0);
        let x = |value: f64| area.left + (value.clamp(-most, most) / most + 1.0) / 2.0 * area.width();
        for &tick in &ticks {
            for value in if tick > 0.0 { vec![-tick, tick] } else { vec![0.0] } {
                let label = if tick > 0.0 { axis::difference(self.format, value) } else { "0".to_owned() };
                list.tick(&mut canvas, x(value), &label, if tick > 0.0 { PALE } else { INK });
            }
        }
        if self.format == Format::Percent {
            canvas.write(WIDTH - MARGIN, area.top - 8.0, Text::new("points", 8.5).colour(GREY).end());
        }
        list.draw(&mut canvas, |canvas, row, middle| {
            let (part, colour) = rows[row];
            let band = part.amount;
            let (from, to) = (x(0.0), x(band.middle));
            canvas.rectangle((from.min(to), middle - 5.0), (from.max(to), middle + 5.0), colour.mixed(WHITE, 0.45));
            dots::interval(canvas, &band, x, middle, colour, 1.6);
            dots::dot(canvas, (to, middle), colour, 3.0);
            for value in part.alone.into_iter().flatten().filter(|value| value.is_finite()) {
                canvas.line((x(value), middle - 8.0), (x(value), middle + 8.0), GREY, 1.0);
            }
            canvas.write_centred(WIDTH - MARGIN, middle, Text::new(&part.told, 9.5).bold().end().fit(54.0));
        });
        canvas.set_height(area.bottom + 16.0);
        canvas
    }
}

/// What lowers the answer; of the colours that the colour-blind tell apart (Okabe and Ito 2008).
const FALL: Colour = Colour::new(0xd5, 0x5e, 0x00);

#[cfg(test)]
mod tests {
    use super::super::canvas::Mark;
    use super::*;

    #[test]
    fn the_scale_says_what_it_is_of() {
        let part = |value: f64| Part {
            text: "It".into(),
            amount: Band::new(value, value - 0.02, value + 0.02),
            told: "+20.0".into(),
            alone: None,
        };
        let words = |format: Format| -> Vec<String> {
            let (rows, whole) = (vec![part(0.2)], part(0.2));
            let canvas = Parts { heading: Heading::new("What", "so"), rows, whole, format }.draw();
            let text = |mark: &Mark| if let Mark::Text(text) = mark { Some(text.words.clone()) } else { None };
            canvas.marks().iter().filter_map(text).collect()
        };
        let shares = words(Format::Percent);
        assert!(shares.contains(&"points".into()), "{shares:?}");
        let ticks = shares.iter().filter(|words| words.starts_with('+') && *words != "+20.0");
        assert!(ticks.clone().count() > 0 && ticks.clone().all(|tick| !tick.ends_with(".0")), "{shares:?}");
        assert!(!words(Format::Count).contains(&"points".into()));
    }
}
