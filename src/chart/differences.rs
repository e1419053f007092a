//! What a variant changes: the paired difference of each question's answer against the baseline, with its interval.

use super::axis::{self, Format};
use super::canvas::{Canvas, Text};
use super::dots::{self, DotRows, WIDTH};
use super::frame::{About, Band, Chart, Heading, MARGIN};
use super::palette::{self, Colour, GREY, INK, PALE};
use super::text;
use crate::base::number::{grouped, sign};

/// A question with its difference under each variant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DifferenceDots {
    /// The question, for people.
    pub text: String,
    /// Variant minus baseline with its interval, in the order of `Differences::variants`; none where unknown.
    pub differences: Vec<Option<Band>>,
}

/// Differences per question and variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Differences {
    /// The name of its files.
    pub name: String,
    /// What is shown.
    pub heading: Heading,
    /// How to read it.
    pub caption: &'static str,
    /// The variants' titles.
    pub variants: Vec<String>,
    /// Their places in the palette of factions; those after the first one, which is the baseline's, if there are none.
    pub colours: Vec<usize>,
    /// The questions.
    pub rows: Vec<DifferenceDots>,
    /// Percentage points, or a count such as people; all rows share a scale, so they must share a unit.
    pub format: Format,
    /// Which differences are left out and where all stand, in sentences; those whose interval includes zero are always left out.
    pub note: &'static str,
}

const MOST_ROWS: usize = 60;
const MOST_VARIANTS: usize = 12;
/// Shares are drawn up to so many times the whole; what lies beyond is marked at the edge, with its number.
const FURTHEST: f64 = 3.0;
/// Room for such a number.
const NUMBER: f64 = 30.0;

impl Chart for Differences {
    fn about(&self) -> About<'_> {
        About { name: &self.name, heading: &self.heading, caption: self.caption.into() }
    }

    fn draw(&self) -> Canvas {
        let variants = self.variants.len().min(MOST_VARIANTS);
        let rows: Vec<&DifferenceDots> =
            self.rows.iter().filter(|row| sure(row, variants).next().is_some()).take(MOST_ROWS).collect();
        if rows.is_empty() {
            return self.heading.nothing("No difference stands out.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let drawn = |number: usize| rows.iter().any(|row| sure(row, variants).any(|(other, _)| other == number));
        let top = self.draw_key(&mut canvas, top, (0..variants).filter(|number| drawn(*number))) + 20.0;
        let step = 8.0;
        let least = |row: &DifferenceDots| (sure(row, variants).count() as f64 * step + 10.0).max(32.0);
        let reach = || rows.iter().flat_map(|row| sure(row, variants)).map(|(_, b)| b.low.abs().max(b.high.abs()));
        let furthest = if self.format == Format::Percent { FURTHEST } else { f64::INFINITY };
        let beyond = |band: &Band| band.middle.abs() > furthest;
        let marked = rows.iter().flat_map(|row| sure(row, variants)).any(|(_, band)| beyond(&band));
        let right = WIDTH - MARGIN - if marked { 16.0 + NUMBER } else { 16.0 };
        let list = DotRows::new(rows.iter().map(|row| (row.text.as_str(), least(row))), top, right);
        let area = list.area;
        let reach = reach().map(|far| far.min(furthest));
        // An amount may more than double.
        let ticks = axis::Scale::from_zero_up_to(reach, 3, self.format, f64::INFINITY).ticks;
        let most = ticks.last().copied().unwrap_or(1.0);
        let x = |value: f64| area.left + (value.clamp(-most, most) / most + 1.0) / 2.0 * area.width();
        for &tick in &ticks {
            for value in if tick > 0.0 { vec![-tick, tick] } else { vec![0.0] } {
                let colour = if tick > 0.0 { PALE } else { INK };
                list.tick(&mut canvas, x(value), &self.write(value), colour);
            }
        }
        list.draw(&mut canvas, |canvas, row, middle| {
            let shown = sure(rows[row], variants).count() as f64;
            for (place, (number, band)) in sure(rows[row], variants).enumerate() {
                let at = middle + (place as f64 - (shown - 1.0) / 2.0) * step;
                if beyond(&band) {
                    self.mark(canvas, &band, (x(band.middle), at), self.colour(number));
                } else {
                    dots::interval(canvas, &band, x, at, self.colour(number), 1.8);
                    dots::dot(canvas, (x(band.middle), at), self.colour(number), 3.2);
                }
            }
        });
        let mut bottom = area.bottom + 16.0;
        for line in text::wrap(self.note, 9.0, false, WIDTH - 2.0 * MARGIN, 2) {
            canvas.write(MARGIN, bottom, Text::new(&line, 9.0).colour(GREY));
            bottom += 12.0;
        }
        canvas.set_height(bottom);
        canvas
    }
}

impl Differences {
    fn write(&self, value: f64) -> String {
        let points = 100.0 * value.abs();
        match self.format {
            _ if value.abs() <= 0.0 => "no change".to_owned(),
            Format::Percent if points > 100.0 * FURTHEST => sign(value, &grouped(points, 0)),
            format => axis::difference(format, value),
        }
    }

    /// What lies beyond the scale: an arrow at its edge, with the number.
    fn mark(&self, canvas: &mut Canvas, band: &Band, (x, y): (f64, f64), colour: Colour) {
        let side = if band.middle > 0.0 { 1.0 } else { -1.0 };
        canvas.polygon([(x - 3.0 * side, y - 3.8), (x + 4.0 * side, y), (x - 3.0 * side, y + 3.8)], colour);
        let number = Text::new(&self.write(band.middle), 8.0).colour(colour.for_text());
        canvas.write_centred(x + 7.0 * side, y, if side > 0.0 { number } else { number.end() });
    }

    /// Variants are told apart by the same colours as factions; no chart shows both.
    fn colour(&self, number: usize) -> Colour {
        palette::faction(self.colours.get(number).copied().unwrap_or(number + 1))
    }

    /// The key of the variants of which something is drawn; gives where it ends.
    fn draw_key(&self, canvas: &mut Canvas, top: f64, drawn: impl Iterator<Item = usize>) -> f64 {
        let (mut x, mut y) = (MARGIN, top + 4.0);
        for number in drawn {
            let label = Text::new(&self.variants[number], 9.0).fit(WIDTH - 2.0 * MARGIN - 30.0);
            let width = label.width() + 30.0;
            if x > MARGIN && x + width > WIDTH - MARGIN {
                (x, y) = (MARGIN, y + 15.0);
            }
            canvas.disc((x + 5.0, y), 3.8, self.colour(number));
            canvas.write_centred(x + 13.0, y, label);
            x += width;
        }
        if self.variants.len() > MOST_VARIANTS {
            y += 15.0;
            let words = format!("The first {MOST_VARIANTS} of {} variants.", self.variants.len());
            canvas.write_centred(MARGIN, y, Text::new(&words, 9.0).colour(GREY));
        }
        y + 8.0
    }
}

/// The variants of which the interval excludes zero.
fn sure(row: &DifferenceDots, variants: usize) -> impl Iterator<Item = (usize, Band)> {
    let bands = row.differences[..row.differences.len().min(variants)].iter().enumerate();
    let sure = |band: &Band| band.is_finite() && (band.low > 0.0 || band.high < 0.0);
    bands.filter_map(move |(number, band)| band.filter(sure).map(|band| (number, band)))
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Mark;
    use super::*;

    #[test]
    fn what_lies_beyond_the_scale_is_marked_with_its_number() {
        let chart = Differences {
            name: "differences-amounts".into(),
            heading: Heading::new("What changes", "so"),
            caption: "",
            variants: vec!["one".into(), "other".into(), "none".into()],
            colours: vec![0, 4, 2],
            rows: vec![DifferenceDots {
                text: "How many?".into(),
                differences: vec![
                    Some(Band::new(5.4, 5.0, 6.0)),
                    Some(Band::new(0.2, 0.1, 0.3)),
                    Some(Band::new(0.1, -0.1, 0.3)),
                ],
            }],
            format: Format::Percent,
            note: "All stand elsewhere.",
        };
        let canvas = chart.draw();
        let words: Vec<&str> = (canvas.marks().iter())
            .filter_map(|mark| if let Mark::Text(text) = mark { Some(text.words.as_str()) } else { None })
            .collect();
        assert!(words.contains(&"+540") && words.contains(&"+300"), "{words:?}");
        let most = words.iter().filter_map(|words| words.strip_prefix('+')?.parse::<f64>().ok()).fold(0.0, f64::max);
        assert!((most - 540.0).abs() < 1e-9, "the scale itself ends before: {words:?}");
        assert!(words.contains(&"All stand elsewhere."), "what is left out is said by who leaves it out: {words:?}");
        assert!(words.contains(&"one") && words.contains(&"other") && !words.contains(&"none"), "{words:?}");
        let in_colour = |place: usize| {
            let same = |mark: &Mark| matches!(mark, Mark::Disc { colour, .. } if *colour == palette::faction(place));
            canvas.marks().iter().filter(|mark| same(mark)).count()
        };
        assert_eq!((in_colour(4), in_colour(2)), (2, 0), "a dot and its place in the key");
    }
}
