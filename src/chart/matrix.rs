//! Who with whom: for every pair of factions the probability that they end up allied, with a pact or more, and at war,
//! and who sponsors whom.

use super::axis::percent;
use super::canvas::{Canvas, Text};
use super::frame::{About, Chart, Heading, MARGIN, ON_THE_DAY, Party, WIDTH};
use super::palette::{self, Colour, GREY, INK, PALE, WHITE};

/// One probability per pair of factions, by the title of what it is the probability of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PairTable {
    /// "At war", "Allied", …
    pub title: String,
    /// The probability for parties `row` and `column` at `row * parties + column`, 0 to 1. Only `column < row` is read.
    pub values: Vec<f64>,
    /// The rung of the stance ladder whose colour it has: 0 war … 4 alliance.
    pub rung: usize,
}

/// Who with whom.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RelationMatrix {
    /// What is shown.
    pub heading: Heading,
    /// The factions.
    pub parties: Vec<Party>,
    /// One small matrix each, drawn side by side.
    pub tables: Vec<PairTable>,
    /// Sponsor and sponsored at the start, as positions in `parties`.
    pub sponsors: Vec<(usize, usize)>,
    /// Whether any of the parties is an umbrella.
    pub umbrellas: bool,
}

/// More factions than that cannot be told apart in a matrix.
const MOST: usize = 40;
/// So many tables stand side by side, with a gap between them.
const TABLES: usize = 3;
const GAP: f64 = 22.0;

impl Chart for RelationMatrix {
    fn about(&self) -> About<'_> {
        About { name: "who-with-whom", heading: &self.heading, caption: self.caption().into() }
    }

    fn draw(&self) -> Canvas {
        let count = self.count();
        let tables: Vec<&PairTable> = self.tables.iter().take(TABLES).collect();
        let is_known = tables.iter().any(|table| table.values.iter().any(|value| value.is_finite()));
        if count < 2 || !is_known {
            return self.heading.nothing("A matrix of who is with whom needs at least two factions.");
        }
        let (width, names, label, cell) = self.layout();
        let (mut canvas, top) = self.heading.start(width);
        let side = cell * count as f64;
        // Few factions leave less room than the title and the key need.
        let slot = side.max(150.0);
        let top = top + 8.0;
        for (number, table) in tables.iter().enumerate() {
            let left = MARGIN + label + number as f64 * (slot + GAP);
            self.draw_table(&mut canvas, table, (left, top), cell, count);
            for (column, name) in names.iter().enumerate().take(count) {
                let x = left + (column as f64 + 0.5) * cell;
                if cell >= 9.0 {
                    canvas.write(x + 3.0, top + side + 5.0, name.clone().upright().end());
                }
            }
            let title = Text::new(&table.title, 11.0).bold().fit(slot * 0.78).end();
            canvas.write(left + slot, top + 10.0, title);
            key(&mut canvas, table.rung, left + slot, top + 17.0);
        }
        for (row, name) in names.iter().enumerate() {
            if cell >= 9.0 {
                let y = top + (row as f64 + 0.5) * cell;
                canvas.write_centred(MARGIN + label - 5.0, y, name.clone().end());
            }
        }
        let mut bottom = top + side + 8.0 + label;
        if self.parties.len() > count {
            let note = format!("The first {count} of {} factions.", self.parties.len());
            canvas.write(MARGIN, bottom + 8.0, Text::new(&note, 9.0).colour(GREY));
            bottom += 14.0;
        }
        if !self.sponsors.is_empty() {
            let name = |party: usize| self.parties.get(party).map_or("", |party| party.name.as_str());
            let list: Vec<String> = (self.sponsors.iter().take(MOST))
                .map(|(sponsor, client)| format!("{} → {}", name(*sponsor), name(*client)))
                .collect();
            let words = format!("Marked corners: sponsors at the start ({}).", list.join(", "));
            for line in super::text::wrap(&words, 9.0, false, width - 2.0 * MARGIN, 3) {
                canvas.write(MARGIN, bottom + 8.0, Text::new(&line, 9.0).colour(GREY));
                bottom += 13.0;
            }
        }
        canvas.set_height(bottom + 8.0);
        canvas
    }
}

impl RelationMatrix {
    fn caption(&self) -> String {
        let (count, (.., cell)) = (self.count(), self.layout());
        let below = (0..count).flat_map(|row| (0..row).map(move |column| row * self.parties.len() + column));
        let missing =
            |table: &PairTable| below.clone().any(|at| table.values.get(at).is_none_or(|value| !value.is_finite()));
        let is_written = written(cell).is_some();
        let has_dashes = is_written && self.tables.iter().take(TABLES).any(missing);
        [
            (
                true,
                "Find one faction at the left and the other below: the darker the cell, the more of the simulated futures end that \
                 way.",
            ),
            (is_written, "Numbers are percentages; empty cells are below half a percent."),
            (has_dashes, "A dash was not recorded."),
            (true, "All tables ask how the two stand to each other, not through a third."),
            (self.umbrellas, "An umbrella stands as most of its fighters do."),
            (true, "A pact or more includes an alliance."),
            (true, ON_THE_DAY),
            (!self.sponsors.is_empty(), "Marked corners: one sponsors the other at the start."),
        ]
        .into_iter()
        .filter_map(|(is_drawn, words)| is_drawn.then_some(words))
        .collect::<Vec<_>>()
        .join(" ")
    }

    /// How many factions are drawn.
    fn count(&self) -> usize {
        self.parties.len().min(MOST)
    }

    /// The width of the chart, the names, the room that they need, and the width of a cell.
    fn layout(&self) -> (f64, Vec<Text>, f64, f64) {
        let count = self.count();
        let width = if count > 12 { 1000.0 } else { WIDTH };
        let names = self.parties[..count].iter();
        let names = names.map(|party| Text::new(&party.name, 8.5).colour(party.colour.for_text()).fit(86.0));
        let names: Vec<Text> = names.collect();
        let label = names.iter().map(Text::width).fold(0.0, f64::max) + 8.0;
        let tables = self.tables.len().clamp(1, TABLES) as f64;
        // Where there are many, names stand once at the left; room then goes to the cells.
        let room = (width - 2.0 * MARGIN - label - GAP * (tables - 1.0)) / tables;
        (width, names, label, (room / count.max(1) as f64).clamp(4.0, 46.0))
    }

    fn draw_table(&self, canvas: &mut Canvas, table: &PairTable, (left, top): (f64, f64), cell: f64, count: usize) {
        for row in 0..count {
            for column in 0..row {
                let value = table.values.get(row * self.parties.len() + column).copied().unwrap_or(f64::NAN);
                let (x, y) = (left + column as f64 * cell, top + row as f64 * cell);
                let gap = if cell > 10.0 { 0.6 } else { 0.2 };
                let colour = shade(table.rung, value);
                canvas.rectangle((x + gap, y + gap), (x + cell - gap, y + cell - gap), colour);
                let size = written(cell);
                if let Some(size) = size.filter(|_| value.is_finite() && value >= 0.005) {
                    let words = percent(value);
                    let words = if cell < 30.0 { words.trim_end_matches('%') } else { words.as_str() };
                    let words = if words == ">99" && cell < 24.0 { "99" } else { words };
                    let text = Text::new(words, size).colour(colour.contrasting()).middle();
                    canvas.write_centred(x + cell / 2.0, y + cell / 2.0, text);
                } else if let Some(size) = size.filter(|_| !value.is_finite()) {
                    canvas.write_centred(x + cell / 2.0, y + cell / 2.0, Text::new("–", size).colour(GREY).middle());
                }
                if self.sponsors.iter().any(|&(a, b)| (a, b) == (row, column) || (b, a) == (row, column)) {
                    let (right, corner) = (x + cell - gap, (cell * 0.3).min(10.0));
                    canvas.polygon([(right - corner, y + gap), (right, y + gap), (right, y + gap + corner)], INK);
                }
            }
            // The diagonal carries the faction's colour.
            let (x, y) = (left + row as f64 * cell, top + row as f64 * cell);
            let radius = (cell * 0.2).clamp(1.2, 5.0);
            canvas.disc((x + cell / 2.0, y + cell / 2.0), radius, self.parties[row].colour);
        }
    }
}

/// The size of numbers in cells of a width; none where they could not be read.
fn written(cell: f64) -> Option<f64> {
    Some((cell * 0.42).min(11.0)).filter(|size| *size >= 6.0)
}

fn shade(rung: usize, value: f64) -> Colour {
    if !value.is_finite() {
        return PALE;
    }
    // A pact's own colour is too pale to carry a scale.
    let full = if rung == 3 { palette::stance(3).mixed(palette::stance(4), 0.55) } else { palette::stance(rung) };
    Colour::new(0xf4, 0xf4, 0xf4).mixed(full, value.clamp(0.0, 1.0))
}

/// A ramp from 0 to 100% whose right end stands at `right`.
fn key(canvas: &mut Canvas, rung: usize, right: f64, top: f64) {
    let (steps, width) = (10, 7.0);
    for step in 0..steps {
        let x = right - 24.0 - (steps - step) as f64 * width;
        let colour = shade(rung, step as f64 / (steps - 1) as f64);
        canvas.rectangle((x, top), (x + width, top + 6.0), colour);
    }
    let left = right - 24.0 - steps as f64 * width;
    canvas.write(left - 3.0, top + 6.0, Text::new("0", 7.5).colour(GREY).end());
    canvas.write(right, top + 6.0, Text::new("100%", 7.5).colour(GREY).end());
    canvas.line((left, top + 6.5), (right - 24.0, top + 6.5), WHITE, 0.2);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caption_tells_of_what_is_drawn() {
        let matrix = |parties: usize, known: f64| RelationMatrix {
            parties: (0..parties).map(|place| Party::new(format!("F{place}"), place)).collect(),
            tables: vec![PairTable { title: "Allied".into(), values: vec![known; parties * parties], rung: 4 }; 3],
            ..RelationMatrix::default()
        };
        let tells = |matrix: &RelationMatrix, words: &str| matrix.about().caption.contains(words);
        let few = matrix(4, 0.5);
        assert!(
            tells(&few, "percentages") && !tells(&few, "dash") && !tells(&few, "sponsors") && !tells(&few, "umbrella")
        );
        assert!(tells(&matrix(4, f64::NAN), "dash"));
        let many = matrix(30, f64::NAN);
        assert!(!tells(&many, "percentages") && !tells(&many, "dash"), "cells are too small for numbers");
        assert!(tells(&RelationMatrix { sponsors: vec![(1, 0)], ..few }, "sponsors"));
    }
}
