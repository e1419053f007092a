//! How likely a pact, an alliance and war are over time, for the pairs that questions ask about.

use super::axis::Format;
use super::frame::{Band, Heading};
use super::over_time::{OverTime, Scaled};
use super::palette::{self, INK};
use super::series::{Series, TimePanel};
use crate::base::Date;

/// Pairs over time: per pair both names and the probabilities per date of a pact or more, of an alliance and of war
/// (which may be empty).
pub fn pair_over_time(heading: Heading, dates: Vec<Date>, pairs: Vec<(String, [Vec<Band>; 3])>) -> OverTime {
    let panel = |(title, [pact, alliance, war]): (String, [Vec<Band>; 3])| {
        let closer = palette::stance(3).mixed(palette::stance(4), 0.35);
        let lines = vec![
            Series::new("pact or more", closer, pact),
            Series::new("alliance", palette::stance(4).mixed(INK, 0.35), alliance),
            Series { dashed: true, ..Series::new("war", palette::stance(0), war) },
        ];
        TimePanel::lines(title, lines)
    };
    let columns = pairs.len().clamp(1, 3);
    OverTime {
        name: "pairs-over-time",
        caption: "For each pair, the share of simulated futures in which the two hold a pact or more, hold an \
                  alliance, and are at war, on each date; bands are 95% intervals. An umbrella stands as most of \
                  its fighters do.",
        heading,
        dates,
        panels: pairs.into_iter().map(panel).collect(),
        columns,
        height: if columns < 3 { 240.0 } else { 165.0 },
        format: Format::Percent,
        scaled: Scaled::Alike,
        empty: "No question asks about a pair of factions.",
        notes: Vec::new(),
    }
}
