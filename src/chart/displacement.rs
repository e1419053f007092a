//! Displaced people over time, by where they are.

use super::axis::Format;
use super::frame::{Band, Heading};
use super::over_time::{OverTime, Scaled};
use super::palette::{ACCENT, Colour, INK, WHITE};
use super::panel::written;
use super::series::{Series, TimePanel};
use crate::base::Date;

/// Displaced people over time: per destination, the most important first, the mean number of people per date (means,
/// because only they add up), and all displaced people with the interval.
pub fn displacement(
    heading: Heading,
    dates: Vec<Date>,
    destinations: Vec<(String, Vec<f64>)>,
    total: Vec<Band>,
) -> OverTime {
    let count = destinations.len();
    let layer = |(place, (name, people)): (usize, (String, Vec<f64>))| {
        Series::new(name, tint(place, count), people.iter().map(|mean| Band::new(*mean, *mean, *mean)).collect())
    };
    let in_all = total.iter().rev().find(|band| band.is_finite()).map_or_else(String::new, |band| {
        let [low, middle, high] = [band.low, band.middle, band.high].map(|people| written(Format::Count, people));
        format!(" In all at the end: median {middle}, and 95% between {low} and {high}.")
    });
    let layers: Vec<Series> = destinations.into_iter().enumerate().map(layer).collect();
    OverTime {
        name: "displacement",
        caption: "Areas are the mean number of displaced people by where they are; the dashed lines hold 95% of \
                  the totals. Values are those of every fourth week, just after people could return; between them \
                  the number only grows."
            .into(),
        heading,
        dates,
        panels: if layers.is_empty() || !total.iter().any(|band| band.high > 0.0 || band.middle > 0.0) {
            Vec::new()
        } else {
            vec![TimePanel { sum: total, ..TimePanel::stack("", layers) }]
        },
        columns: 1,
        height: 340.0,
        format: Format::Count,
        scaled: Scaled::Alike,
        empty: "The scenario has no destinations for displaced people.",
        notes: vec![format!(
            "Areas: means by destination. Dashed lines: the range of 95% of the replicates, in all.{in_all}"
        )],
    }
}

/// Shades of one colour: a faction's would suggest that the people are its own.
fn tint(index: usize, count: usize) -> Colour {
    ACCENT.mixed(INK, 0.15).mixed(WHITE, 0.8 * index as f64 / count.clamp(2, 16) as f64)
}
