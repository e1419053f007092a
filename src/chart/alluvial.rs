//! What turns into what over time: at each date a column of blocks as high as their share, and between dates bands as
//! wide as the share that goes from one to the other.

use super::axis::percent;
use super::canvas::{Canvas, Text};
use super::frame::{About, Chart, Heading, MARGIN};
use super::palette::{Colour, GREY, INK, NOBODY, WHITE};

/// Kinds at a few dates, and the moves between them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alluvial {
    /// The name of its files.
    pub name: String,
    /// What is shown.
    pub heading: Heading,
    /// The dates, in words.
    pub dates: Vec<String>,
    /// The kinds in words, in lines to be listed; the last stands for all others.
    pub kinds: Vec<String>,
    /// Per date and kind: how many.
    pub counts: Vec<Vec<u64>>,
    /// Per date but the last, from kind, to kind: how many.
    pub moves: Vec<Vec<Vec<u64>>>,
}

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 360.0;
const BLOCK: f64 = 20.0;
const GAP: f64 = 6.0;
/// The ends of the scale of kinds.
const DARK: Colour = Colour::new(0x1c, 0x2b, 0x3d);
const LIGHT: Colour = Colour::new(0xd3, 0xe0, 0xee);
/// More dates than that are not drawn.
const MOST_DATES: usize = 8;

impl Chart for Alluvial {
    fn about(&self) -> About<'_> {
        About {
            name: &self.name,
            heading: &self.heading,
            caption: match self.is_seen(self.kinds.len().saturating_sub(1)) {
                true => {
                    "Each column is a date; blocks say which of the factions in the heading are allied, directly \
                     or through others, and are as high as the share of simulated futures in which they are; \
                     bands show what turns into what. Numbers are those of the list below, and no colour is a faction's. The last \
                     holds the rare ones."
                }
                false => {
                    "Each column is a date; blocks say which of the factions in the heading are allied, directly \
                     or through others, and are as high as the share of simulated futures in which they are; \
                     bands show what turns into what. Numbers are those of the list below, and no colour is a faction's."
                }
            }
            .into(),
        }
    }

    fn draw(&self) -> Canvas {
        let total = self.counts.first().map_or(0, |counts| counts.iter().sum::<u64>());
        let kinds = self.kinds.len();
        let fits = self.counts.iter().all(|counts| counts.len() == kinds);
        let dates = self.dates.len().min(self.counts.len()).min(MOST_DATES);
        if total == 0 || dates < 2 || kinds == 0 || !fits {
            return self.heading.nothing("There are no structures over time to show.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let (left, right) = (MARGIN + 26.0, WIDTH - MARGIN - 40.0);
        let top = top + 18.0;
        let x = |date: usize| left + (right - left - BLOCK) * date as f64 / (dates - 1) as f64;
        let room = HEIGHT - GAP * (kinds - 1) as f64;
        let high = |count: u64| room * count as f64 / total as f64;
        let tops: Vec<Vec<f64>> = self.counts[..dates]
            .iter()
            .map(|counts| {
                let mut y = top;
                let place = |count: &u64| {
                    let at = y;
                    y += high(*count) + if *count > 0 { GAP } else { 0.0 };
                    at
                };
                counts.iter().map(place).collect()
            })
            .collect();
        for date in 0..dates - 1 {
            self.draw_moves(&mut canvas, date, (x(date) + BLOCK, x(date + 1)), &tops, &high);
        }
        for (date, words) in self.dates[..dates].iter().enumerate() {
            let anchor = x(date) + BLOCK / 2.0;
            let label = Text::new(words, 9.5).bold();
            let (at, label) = match date {
                0 => (x(date), label),
                _ if date + 1 == dates => (x(date) + BLOCK, label.end()),
                _ => (anchor, label.middle()),
            };
            canvas.write(at, top - 8.0, label);
            for (kind, count) in self.counts[date].iter().enumerate().filter(|(_, count)| **count > 0) {
                let (from, to) = (tops[date][kind], tops[date][kind] + high(*count).max(0.8));
                canvas.rectangle((x(date), from), (x(date) + BLOCK, to), self.colour(kind));
                if to - from >= 10.0 {
                    self.number(&mut canvas, kind, (x(date) + BLOCK / 2.0, (from + to) / 2.0));
                    let share = Text::new(&percent(*count as f64 / total as f64), 8.5).colour(INK);
                    let (at, share) =
                        if date == 0 { (x(date) - 4.0, share.end()) } else { (x(date) + BLOCK + 4.0, share) };
                    canvas.write_centred(at, (from + to) / 2.0, share);
                }
            }
        }
        let mut y = top + HEIGHT + 16.0;
        for (kind, words) in self.kinds.iter().enumerate().filter(|(kind, _)| self.is_seen(*kind)) {
            let lines = super::text::wrap(words, 9.0, false, WIDTH - 2.0 * MARGIN - 23.0, 2);
            canvas.rounded((MARGIN, y - 5.5), (MARGIN + 16.0, y + 5.5), 2.0, self.colour(kind));
            self.number(&mut canvas, kind, (MARGIN + 8.0, y));
            for line in lines {
                canvas.write_centred(MARGIN + 23.0, y, Text::new(&line, 9.0));
                y += 13.0;
            }
            y += 2.0;
        }
        let note = "Heights are shares of the simulated futures; bands show what turns into what.";
        canvas.write(MARGIN, y + 8.0, Text::new(note, 9.0).colour(GREY));
        canvas.set_height(y + 20.0);
        canvas
    }
}

impl Alluvial {
    /// Whether a kind is there at some date.
    fn is_seen(&self, kind: usize) -> bool {
        self.counts.iter().any(|counts| counts.get(kind).is_some_and(|count| *count > 0))
    }

    /// From dark to pale: hues are those of factions.
    fn colour(&self, kind: usize) -> Colour {
        match self.kinds.len().saturating_sub(2).max(1) {
            _ if kind + 1 == self.kinds.len() => NOBODY,
            last => DARK.mixed(LIGHT, kind as f64 / last as f64),
        }
    }

    /// The number of a kind on its block.
    fn number(&self, canvas: &mut Canvas, kind: usize, (x, y): (f64, f64)) {
        let number = Text::new(&(kind + 1).to_string(), 7.5).bold().colour(self.colour(kind).contrasting());
        canvas.write_centred(x, y, number.middle());
    }

    /// Draws the bands between two dates: at both ends stacked in the order of the kinds at the other end.
    fn draw_moves(
        &self,
        canvas: &mut Canvas,
        date: usize,
        (from_x, to_x): (f64, f64),
        tops: &[Vec<f64>],
        high: &dyn Fn(u64) -> f64,
    ) {
        let Some(moves) = self.moves.get(date) else { return };
        let mut leaving = tops[date].clone();
        let mut arriving = tops[date + 1].clone();
        for (from, row) in moves.iter().enumerate().take(leaving.len()) {
            for (to, count) in row.iter().enumerate().take(arriving.len()).filter(|(_, count)| **count > 0) {
                let height = high(*count);
                let (a, b) = (leaving[from], arriving[to]);
                leaving[from] += height;
                arriving[to] += height;
                // A cubic that starts and ends level: 3t² − 2t³.
                let edge = |low: f64, high: f64| {
                    (0..=24).map(move |part| {
                        let t = f64::from(part) / 24.0;
                        (from_x + (to_x - from_x) * t, low + (high - low) * t * t * (3.0 - 2.0 * t))
                    })
                };
                let lower: Vec<(f64, f64)> = edge(a + height, b + height).collect();
                let band = edge(a, b).chain(lower.into_iter().rev());
                canvas.polygon(band, self.colour(from).mixed(WHITE, 0.25).faded(0.45));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Mark;
    use super::*;

    #[test]
    fn no_kind_has_the_colour_of_a_faction_and_all_are_told_apart_by_their_numbers() {
        let chart = Alluvial {
            dates: vec!["Start".into(), "End".into()],
            kinds: (0..11).map(|kind| format!("kind {kind}")).collect(),
            counts: vec![vec![10; 11], vec![10; 11]],
            moves: vec![vec![vec![0; 11]; 11]],
            ..Alluvial::default()
        };
        for kind in 0..10 {
            let colour = chart.colour(kind);
            assert!((0..16).all(|place| crate::chart::palette::faction(place) != colour));
            assert!(kind == 0 || chart.colour(kind - 1).luminance() < colour.luminance(), "darker to paler");
        }
        let canvas = chart.draw();
        for number in 1..=11 {
            let is_it = |mark: &&Mark| matches!(mark, Mark::Text(text) if text.words == number.to_string());
            assert_eq!(canvas.marks().iter().filter(is_it).count(), 3, "in both columns and the list");
        }
    }

    #[test]
    fn kinds_that_are_never_there_are_not_listed() {
        let chart = |others: u64| Alluvial {
            name: "coalitions-over-time".into(),
            heading: Heading::new("Who", "so"),
            dates: vec!["Start".into(), "End".into()],
            kinds: vec!["A + B".into(), "any other".into()],
            counts: vec![vec![9 - others, others], vec![9 - others, others]],
            moves: vec![vec![vec![9 - others, 0], vec![0, others]]],
        };
        for (others, is_listed) in [(0, false), (2, true)] {
            let chart = chart(others);
            let canvas = chart.draw();
            let listed = |mark: &Mark| matches!(mark, Mark::Text(text) if text.words == "any other");
            assert_eq!(canvas.marks().iter().any(listed), is_listed);
            assert_eq!(chart.about().caption.contains("rare ones"), is_listed);
        }
    }
}
