//! Where things go from where they are: a table of shares from each state (row) to each.

use super::canvas::{Canvas, Text};
use super::frame::{About, Band, Chart, Heading, MARGIN};
use super::palette::{ACCENT, GREY, INK, PALE, WHITE};
use crate::base::number::{percent, tenths};

/// Shares of what is in each state that is later in each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransitionTable {
    /// The name of its files.
    pub name: String,
    /// What is shown.
    pub heading: Heading,
    /// The states.
    pub states: Vec<String>,
    /// How many were seen in each state.
    pub seen: Vec<u64>,
    /// Row by row: the share that goes from the row's state to each, with its interval; 0 to 1. Not finite where nothing was
    /// seen.
    pub shares: Vec<Band>,
}

const CELL: (f64, f64) = (84.0, 40.0);
const MOST: usize = 8;

impl Chart for TransitionTable {
    fn about(&self) -> About<'_> {
        About {
            name: &self.name,
            heading: &self.heading,
            caption: "Read along a row: of all pairs that stand so, the share that stands otherwise, or as before, \
                      half a year later."
                .into(),
        }
    }

    fn draw(&self) -> Canvas {
        let n = self.states.len();
        let is_seen = self.shares.iter().any(Band::is_finite);
        if n == 0 || n > MOST || self.shares.len() != n * n || !is_seen {
            return self.heading.nothing("There is nothing to show.");
        }
        let (mut canvas, top) = self.heading.start(640.0);
        let (left, top) = (MARGIN + 120.0, top + 30.0);
        let label = |words: &str| Text::new(words, 9.5).bold();
        canvas.write(MARGIN, top - 16.0, Text::new("From", 9.0).colour(GREY));
        canvas.write(left, top - 20.0, Text::new("To", 9.0).colour(GREY));
        for (place, state) in self.states.iter().enumerate() {
            let x = left + (place as f64 + 0.5) * CELL.0;
            canvas.write(x, top - 6.0, label(state).middle().fit(CELL.0 - 4.0));
            let y = top + (place as f64 + 0.5) * CELL.1;
            canvas.write_centred(MARGIN, y - 6.0, label(state).fit(100.0));
            let seen = self.seen.get(place).copied().unwrap_or(0);
            let seen = format!("of {}", super::axis::count(seen as f64));
            canvas.write_centred(MARGIN, y + 7.0, Text::new(&seen, 8.0).colour(GREY).fit(100.0));
        }
        for (at, share) in self.shares.iter().enumerate() {
            let (x, y) = (left + (at % n) as f64 * CELL.0, top + (at / n) as f64 * CELL.1);
            let known = share.is_finite();
            let colour = if known { WHITE.mixed(ACCENT, share.middle.clamp(0.0, 1.0)) } else { PALE.mixed(WHITE, 0.5) };
            canvas.rectangle((x + 1.0, y + 1.0), (x + CELL.0 - 1.0, y + CELL.1 - 1.0), colour);
            if !known {
                canvas.write_centred(x + CELL.0 / 2.0, y + CELL.1 / 2.0, Text::new("–", 9.0).colour(GREY).middle());
            } else if share.middle > 0.0 {
                let ink = colour.contrasting();
                let middle = x + CELL.0 / 2.0;
                canvas.write_centred(
                    middle,
                    y + CELL.1 / 2.0 - 6.0,
                    Text::new(&tenth(share.middle), 10.5).bold().colour(ink).middle(),
                );
                let range = between(share.low, share.high);
                let range = Text::new(&range, 7.5).colour(ink.mixed(colour, 0.15)).middle().fit(CELL.0 - 4.0);
                canvas.write_centred(middle, y + CELL.1 / 2.0 + 8.0, range);
            }
        }
        let bottom = top + n as f64 * CELL.1;
        for line in 0..=n {
            let at = line as f64;
            canvas.line((left, top + at * CELL.1), (left + n as f64 * CELL.0, top + at * CELL.1), PALE, 0.6);
            canvas.line((left + at * CELL.0, top), (left + at * CELL.0, bottom), PALE, 0.6);
        }
        let any = |what: &dyn Fn(&Band) -> bool| self.shares.iter().any(what);
        let mut words = "Small figures: 95% intervals.".to_owned();
        if any(&|share| share.is_finite() && share.middle <= 0.0) {
            words.push_str(" Empty: none went there.");
        }
        if any(&|share| !share.is_finite()) {
            words.push_str(" A dash: no pair was seen to stand so.");
        }
        let words = words.as_str();
        canvas.write(MARGIN, bottom + 18.0, Text::new(words, 9.0).colour(INK.mixed(WHITE, 0.3)));
        canvas.set_height(bottom + 30.0);
        canvas
    }
}

/// The ends of an interval, with a digit more where they would read the same: "95.7 to 96.3%".
fn between(low: f64, high: f64) -> String {
    let ends = [tenth(low), tenth(high)];
    let [low, high] = if ends[0] == ends[1] { [low, high].map(tenths) } else { ends };
    if low == high { low } else { format!("{} to {high}", low.trim_end_matches('%')) }
}

/// A share in percent, with as many digits as tell it from none and from all.
fn tenth(share: f64) -> String {
    if (0.0095..0.0995).contains(&share) { tenths(share) } else { percent(share) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_an_interval_never_read_the_same() {
        assert_eq!(between(0.957, 0.963), "95.7 to 96.3%");
        assert_eq!(between(0.92, 0.94), "92 to 94%");
        assert_eq!(between(0.5, 0.5), "50.0%");
        assert_eq!(between(0.98, 0.995), "98 to 99.5%", "a digit more is for ends that read the same");
    }
}
