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
    /// The factions. One of which nothing is recorded has no row.
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
/// The largest cell, and the room that the title and the key of a table need.
const LARGEST: f64 = 46.0;
const LEAST_SLOT: f64 = 150.0;

impl Chart for RelationMatrix {
    fn about(&self) -> About<'_> {
        About { name: "who-with-whom", heading: &self.heading, caption: self.caption().into() }
    }

    fn draw(&self) -> Canvas {
        let drawn = self.drawn();
        let count = drawn.len();
        let tables: Vec<&PairTable> = self.tables.iter().take(TABLES).collect();
        if count < 2 {
            return self.heading.nothing("A matrix of who is with whom needs at least two factions.");
        }
        let (width, names, label, cell) = self.layout();
        let (mut canvas, top) = self.heading.start(width);
        let side = cell * count as f64;
        // Few factions leave less room than the title and the key need.
        let slot = side.max(LEAST_SLOT);
        let top = top + 8.0;
        for (number, table) in tables.iter().enumerate() {
            let left = MARGIN + label + number as f64 * (slot + GAP);
            self.draw_table(&mut canvas, table, (left, top), cell, &drawn);
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
        let known = self.known().count();
        if known > count {
            let note = format!("The first {count} of {known} factions.");
            canvas.write(MARGIN, bottom + 8.0, Text::new(&note, 9.0).colour(GREY));
            bottom += 14.0;
        }
        if !self.sponsors.is_empty() {
            let name = |party: usize| self.parties.get(party).map_or("", |party| party.name.as_str());
            let list: Vec<String> = (self.sponsors.iter().take(MOST))
                .map(|(sponsor, client)| format!("{} → {}", name(*sponsor), name(*client)))
                .collect();
            let marked = if self.is_marked(&drawn) { ", with a marked corner where both have a row" } else { "" };
            let words = format!("Sponsors at the start{marked} ({}).", list.join(", "));
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
        let (drawn, (.., cell)) = (self.drawn(), self.layout());
        let below = pairs(&drawn).map(|(row, column)| row * self.parties.len() + column);
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
            (self.is_marked(&drawn), "Marked corners: one sponsors the other at the start."),
        ]
        .into_iter()
        .filter_map(|(is_drawn, words)| is_drawn.then_some(words))
        .collect::<Vec<_>>()
        .join(" ")
    }

    /// The factions of which something is recorded.
    fn known(&self) -> impl Iterator<Item = usize> + '_ {
        let all = self.parties.len();
        // Only what lies below the diagonal is read.
        let of_pair = move |one: usize, other: usize| {
            let at = one.max(other) * all + one.min(other);
            self.tables.iter().take(TABLES).any(|table| table.values.get(at).is_some_and(|value| value.is_finite()))
        };
        (0..all).filter(move |party| (0..all).any(|other| other != *party && of_pair(*party, other)))
    }

    /// The factions that are drawn, as positions in `parties`.
    fn drawn(&self) -> Vec<usize> {
        self.known().take(MOST).collect()
    }

    /// Whether one that is drawn sponsors another.
    fn is_marked(&self, drawn: &[usize]) -> bool {
        self.sponsors.iter().any(|(sponsor, client)| drawn.contains(sponsor) && drawn.contains(client))
    }

    /// The width of the chart, the names, the room that they need, and the width of a cell.
    fn layout(&self) -> (f64, Vec<Text>, f64, f64) {
        let drawn = self.drawn();
        let count = drawn.len();
        let width = if count > 12 { 1000.0 } else { WIDTH };
        let tables = self.tables.len().clamp(1, TABLES) as f64;
        // What the cells of few factions leave is the names'.
        let left = width - 2.0 * MARGIN - GAP * (tables - 1.0) - tables * (count as f64 * LARGEST).max(LEAST_SLOT);
        let most = left.clamp(86.0, 170.0);
        let names = drawn.iter().map(|party| &self.parties[*party]);
        let names = names.map(|party| Text::new(&party.name, 8.5).colour(party.colour.for_text()).fit(most));
        let names: Vec<Text> = names.collect();
        let label = names.iter().map(Text::width).fold(0.0, f64::max) + 8.0;
        // Where there are many, names stand once at the left; room then goes to the cells.
        let room = (width - 2.0 * MARGIN - label - GAP * (tables - 1.0)) / tables;
        (width, names, label, (room / count.max(1) as f64).clamp(4.0, LARGEST))
    }

    fn draw_table(&self, canvas: &mut Canvas, table: &PairTable, (left, top): (f64, f64), cell: f64, drawn: &[usize]) {
        for (row, &party) in drawn.iter().enumerate() {
            for (column, &other) in drawn[..row].iter().enumerate() {
                let value = table.values.get(party * self.parties.len() + other).copied().unwrap_or(f64::NAN);
                let (x, y) = (left + column as f64 * cell, top + row as f64 * cell);
                let gap = if cell > 10.0 { 0.6 } else { 0.2 };
                let colour = shade(table.rung, value);
                canvas.rectangle((x + gap, y + gap), (x + cell - gap, y + cell - gap), colour);
                let size = written(cell);
                if let Some(size) = size.filter(|_| value.is_finite() && value >= 0.005) {
                    let words = percent(value);
                    // The heading says that they are percentages.
                    let words = words.trim_end_matches('%');
                    let words = if words == ">99" && cell < 24.0 { "99" } else { words };
                    let text = Text::new(words, size).colour(colour.contrasting()).middle();
                    canvas.write_centred(x + cell / 2.0, y + cell / 2.0, text);
                } else if let Some(size) = size.filter(|_| !value.is_finite()) {
                    canvas.write_centred(x + cell / 2.0, y + cell / 2.0, Text::new("–", size).colour(GREY).middle());
                }
                if self.sponsors.iter().any(|&(a, b)| (a, b) == (party, other) || (b, a) == (party, other)) {
                    let (right, corner) = (x + cell - gap, (cell * 0.3).min(10.0));
                    canvas.polygon([(right - corner, y + gap), (right, y + gap), (right, y + gap + corner)], INK);
                }
            }
            // The diagonal carries the faction's colour.
            let (x, y) = (left + row as f64 * cell, top + row as f64 * cell);
            let radius = (cell * 0.2).clamp(1.2, 5.0);
            canvas.disc((x + cell / 2.0, y + cell / 2.0), radius, self.parties[party].colour);
        }
    }
}

/// Pairs of those that are drawn, each as row and column.
fn pairs(drawn: &[usize]) -> impl Iterator<Item = (usize, usize)> + Clone + '_ {
    drawn.iter().enumerate().flat_map(|(place, row)| drawn[..place].iter().map(move |column| (*row, *column)))
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
    use super::super::canvas::Mark;
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
        let lacking = |parties: usize| {
            let mut matrix = matrix(parties, 0.5);
            matrix.tables.iter_mut().for_each(|table| table.values[parties] = f64::NAN);
            matrix
        };
        assert!(tells(&lacking(4), "dash"));
        let many = lacking(30);
        assert!(!tells(&many, "percentages") && !tells(&many, "dash"), "cells are too small for numbers");
        assert!(tells(&RelationMatrix { sponsors: vec![(1, 0)], ..few }, "sponsors"));
    }

    #[test]
    fn who_is_recorded_with_nobody_has_no_row_and_is_named_as_a_sponsor() {
        let party = |name: &str, place| Party::new(name, place);
        let mut values = vec![f64::NAN; 9];
        values[3] = 0.4;
        let matrix = RelationMatrix {
            parties: vec![party("One", 0), party("Other", 1), party("Abroad", 2)],
            tables: vec![PairTable { title: "Allied".into(), values, rung: 4 }],
            sponsors: vec![(2, 0)],
            ..RelationMatrix::default()
        };
        let canvas = matrix.draw();
        let words: Vec<&str> = (canvas.marks().iter())
            .filter_map(|mark| if let Mark::Text(text) = mark { Some(text.words.as_str()) } else { None })
            .collect();
        assert!(words.contains(&"One") && words.contains(&"40") && !words.contains(&"Abroad"), "{words:?}");
        assert!(words.contains(&"Sponsors at the start (Abroad → One)."), "{words:?}");
        assert!(!matrix.caption().contains("corners") && !matrix.caption().contains("dash"));
    }

    #[test]
    fn names_are_whole_where_few_factions_leave_room() {
        let long = "Government of Velmar";
        let of = |count: usize| {
            let parties = (0..count).map(|place| Party::new(if place == 0 { long } else { "F" }, place)).collect();
            let table = PairTable { title: "Allied".into(), values: vec![0.5; count * count], rung: 4 };
            let canvas = RelationMatrix { parties, tables: vec![table; 3], ..RelationMatrix::default() }.draw();
            canvas.marks().iter().any(|mark| matches!(mark, Mark::Text(text) if text.words == long))
        };
        assert!(of(4));
        assert!(!of(12), "there numbers need the room");
    }
}
