//! What moved an amount of one run away from the typical one: each cause as the way from the amount without it to the
//! amount as it was.

use super::axis::{Format, Scale};
use super::canvas::{Canvas, Text};
use super::dots::{self, DotRows, WIDTH};
use super::frame::{About, Band, Chart, Heading, MARGIN};
use super::palette::{self, ACCENT, Colour, GREY, INK, WHITE};

/// A cause taken away.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AmountRow {
    /// What was taken away.
    pub label: String,
    /// The amount with it, all before it being taken away.
    pub from: f64,
    /// The amount without it.
    pub to: f64,
    /// What it added, in words with the sign.
    pub added: String,
}

/// An amount of a run, what it is in most runs, and what moved it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AmountCauses {
    /// What is shown.
    pub heading: Heading,
    /// The amount of the run.
    pub amount: f64,
    /// Median of all runs, with their 10% and 90% quantiles.
    pub typical: Band,
    /// The causes, the one that added most first.
    pub rows: Vec<AmountRow>,
    /// What worked against them, each taken away alone.
    pub against: Vec<AmountRow>,
    /// Percent or a count.
    pub format: Format,
}

/// What was added, and what was taken.
const MORE: Colour = Colour::new(0xd5, 0x5e, 0x00);
const ROW: f64 = 30.0;

impl Chart for AmountCauses {
    fn about(&self) -> About<'_> {
        About {
            name: "amount",
            heading: &self.heading,
            caption: "From the amount of this run, row by row, to what it would have been: each row makes one thing more as in most runs, and its \
                      ring is the amount that the run then comes to. The shaded band holds 80% of all runs, with their median as \
                      a line in it. What lies between the last ring and the median is not explained. Grey rows worked the other \
                      way: each is made as in most runs alone.".into(),
        }
    }

    fn draw(&self) -> Canvas {
        if self.all().next().is_none() || !self.typical.is_finite() || !self.amount.is_finite() {
            return self.heading.nothing("Nothing that was taken away moves the amount by more than chance does.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let rows = self.all().map(|(row, _)| (row.label.as_str(), ROW));
        let list = DotRows::new(rows, top + 44.0, WIDTH - MARGIN - 80.0);
        let area = list.area;
        let values = self.all().map(|(row, _)| row.to).chain([self.amount, self.typical.low, self.typical.high]);
        let scale = Scale { format: self.format, ..Scale::spanning(values, 5) };
        let x = |value: f64| scale.x(value, &area);
        let (low, high) = (x(self.typical.low), x(self.typical.high));
        canvas.rectangle((low, area.top), (high.max(low + 1.0), area.bottom), palette::PALE);
        for tick in &scale.ticks {
            list.tick(&mut canvas, x(*tick), &self.format.write(*tick), GREY.mixed(WHITE, 0.6));
        }
        canvas.line((x(self.typical.middle), area.top), (x(self.typical.middle), area.bottom), GREY, 1.6);
        canvas.line((x(self.amount), area.top - 4.0), (x(self.amount), area.bottom), INK, 1.6);
        // The two lines have their names above, away from each other.
        let (run, median) = (x(self.amount), x(self.typical.middle));
        let label = |words: &str, colour| Text::new(words, 9.0).bold().colour(colour);
        let (first, second) = (label("this run", INK), label("median of all runs", GREY));
        let y = area.top - 26.0;
        if run >= median {
            canvas.write(run.max(median + 20.0) - 3.0, y, first);
            canvas.write(median.min(run - 20.0) + 3.0, y, second.end());
        } else {
            canvas.write(run + 3.0, y, first.end());
            canvas.write(median - 3.0, y, second);
        }
        let all: Vec<(&AmountRow, bool)> = self.all().collect();
        list.draw(&mut canvas, |canvas, number, y| {
            let (row, towards) = all[number];
            let colour = match (towards, row.to <= row.from) {
                (false, _) => GREY,
                (true, true) => MORE,
                (true, false) => ACCENT,
            };
            let (from, to) = (x(row.from), x(row.to));
            canvas.line((from, y), (to, y), colour, 3.0);
            dots::dot(canvas, (from, y), colour, 3.0);
            // The next row goes on from here.
            if all.get(number + 1).is_some_and(|(_, next)| *next) {
                canvas.dashed(&[(to, y), (to, y + ROW)], GREY, 0.8, (2.0, 2.0));
            }
            canvas.ring((to, y), 4.4, 1.8, colour);
            canvas.write_centred(WIDTH - MARGIN, y, Text::new(&row.added, 9.5).bold().colour(colour.for_text()).end());
        });
        canvas.set_height(area.bottom + 16.0);
        canvas
    }
}

impl AmountCauses {
    /// All rows, with whether they are of what made the difference.
    fn all(&self) -> impl Iterator<Item = (&AmountRow, bool)> {
        let against = self.against.iter().map(|row| (row, false));
        self.rows.iter().map(|row| (row, true)).chain(against)
    }
}
