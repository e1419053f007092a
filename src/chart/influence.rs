//! Which inputs drive an output: bars with intervals, one or two per input.

use super::axis::{Format, Scale};
use super::canvas::{Canvas, Text};
use super::frame::{About, Area, Band, Chart, Heading, MARGIN, WIDTH};
use super::palette::{ACCENT, Colour, GREY, INK, PALE, WHITE};
use crate::base::number::grouped;

/// An input with how much it matters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InfluenceRow {
    /// The input.
    pub input: String,
    /// The measure of influence, with its interval.
    pub first: Band,
    /// A second one, such as the total index beside the first-order index.
    pub second: Option<Band>,
}

/// Influences of inputs, drawn in the order given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Influence {
    /// The name of its files.
    pub name: String,
    /// What is shown.
    pub heading: Heading,
    /// How to read it.
    pub caption: &'static str,
    /// What the two measures are called.
    pub labels: (String, String),
    /// What the numbers at the right are, the first measure, in a word or two.
    pub head: &'static str,
    /// Whether measures are shares of one, rather than amounts.
    pub in_shares: bool,
    /// The inputs.
    pub rows: Vec<InfluenceRow>,
}

const MOST: usize = 40;
const NAMES: f64 = 260.0;

impl Chart for Influence {
    fn about(&self) -> About<'_> {
        About { name: &self.name, heading: &self.heading, caption: self.caption.into() }
    }

    fn draw(&self) -> Canvas {
        let rows: Vec<&InfluenceRow> = self.rows.iter().filter(|row| row.first.is_finite()).take(MOST).collect();
        if rows.is_empty() {
            return self.heading.nothing("There is no input whose influence could be told.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let both = rows.iter().any(|row| row.second.is_some());
        let colours = [ACCENT, ACCENT.mixed(WHITE, 0.55)];
        let mut x = MARGIN;
        for (label, colour) in [&self.labels.0, &self.labels.1].into_iter().zip(colours).take(1 + usize::from(both)) {
            let text = Text::new(label, 9.0).fit(240.0);
            canvas.rectangle((x, top), (x + 11.0, top + 8.0), colour);
            let width = text.width();
            canvas.write_centred(x + 15.0, top + 4.0, text);
            x += width + 34.0;
        }
        let height = if both { 26.0 } else { 19.0 };
        let top = top + 32.0;
        let area =
            Area { left: MARGIN + NAMES, top, right: WIDTH - MARGIN - 60.0, bottom: top + rows.len() as f64 * height };
        let highs = rows.iter().flat_map(|row| [row.first.high, row.second.map_or(0.0, |band| band.high)]);
        let end = if self.in_shares { 1.0 } else { f64::INFINITY };
        let scale = Scale::from_zero_up_to(highs, 4, Format::Percent, end);
        let written = |value: f64| told(value, decimals(scale.high));
        for &tick in &scale.ticks {
            let x = scale.x(tick, &area);
            canvas.line((x, area.top - 3.0), (x, area.bottom), PALE, 0.8);
            canvas.write(x, area.top - 7.0, Text::new(&axis_words(tick), 8.5).colour(GREY).middle());
        }
        canvas.write(WIDTH - MARGIN, area.top - 7.0, Text::new(self.head, 8.5).colour(GREY).end());
        for (number, row) in rows.iter().enumerate() {
            let y = area.top + (number as f64 + 0.5) * height;
            canvas.write_centred(area.left - 8.0, y, Text::new(&row.input, 9.5).end().fit(NAMES - 12.0));
            let mut bars: Vec<(Band, Colour)> = vec![(row.first, colours[0])];
            bars.extend(row.second.filter(Band::is_finite).map(|band| (band, colours[1])));
            for (place, (band, colour)) in bars.iter().enumerate() {
                let y = y + (place as f64 - (bars.len() as f64 - 1.0) / 2.0) * 10.0;
                canvas.rectangle((area.left, y - 4.0), (scale.x(band.middle, &area), y + 4.0), *colour);
                canvas.line((scale.x(band.low, &area), y), (scale.x(band.high, &area), y), INK, 1.0);
                if place == 0 {
                    canvas.write_centred(WIDTH - MARGIN, y, Text::new(&written(band.middle), 9.0).end());
                }
            }
        }
        canvas.set_height(area.bottom + 16.0);
        canvas
    }
}

/// The decimals of numbers on a scale that ends so.
fn decimals(end: f64) -> usize {
    match end {
        end if end < 10.0 => 2,
        end if end < 1000.0 => 1,
        _ => 0,
    }
}

/// A number with so many decimals; one of very many digits by its power of ten.
fn told(value: f64, decimals: usize) -> String {
    if value.abs() < 1e15 { grouped(value, decimals) } else { format!("{value:.1e}") }
}

/// A tick without decimals that say nothing.
fn axis_words(tick: f64) -> String {
    let words = told(tick, 3);
    if !words.contains('.') || words.contains('e') {
        return words;
    }
    words.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Mark;
    use super::*;

    fn words(values: &[f64], in_shares: bool) -> Vec<String> {
        let row = |value: &f64| InfluenceRow {
            input: "x".into(),
            first: Band::new(*value, *value, *value),
            ..InfluenceRow::default()
        };
        let chart = Influence { in_shares, rows: values.iter().map(row).collect(), ..Influence::default() };
        let canvas = chart.draw();
        let text = |mark: &Mark| if let Mark::Text(text) = mark { Some(text.words.clone()) } else { None };
        canvas.marks().iter().filter_map(text).collect()
    }

    #[test]
    fn shares_end_at_one_and_amounts_do_not() {
        let shares = words(&[1.0, 0.25], true);
        assert!(shares.contains(&"0.25".into()) && shares.contains(&"1".into()), "{shares:?}");
        let points = words(&[31.4, 2.0], false);
        assert!(points.contains(&"31.4".into()) && points.contains(&"40".into()), "{points:?}");
        let people = words(&[1234.0], false);
        assert!(people.contains(&"1,234".into()) && people.contains(&"1,500".into()), "{people:?}");
    }
}
