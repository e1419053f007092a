//! Deaths per four weeks, by type of violence.

use super::axis::Format;
use super::frame::{Band, Heading};
use super::over_time::{OverTime, Scaled};
use super::palette::Colour;
use super::series::{Series, TimePanel};
use crate::base::Date;

/// Deaths over time: the days on which the periods end, and per type of violence (see [`super::palette::death`] for its
/// colour) the deaths per period.
pub fn deaths(heading: Heading, dates: Vec<Date>, types: Vec<(String, Colour, Vec<Band>)>) -> OverTime {
    let panel = |(label, colour, deaths)| TimePanel {
        colour,
        values: false,
        ..TimePanel::lines(label, vec![Series::new("", colour, deaths)])
    };
    OverTime {
        name: "deaths",
        caption: "Lines are medians over the simulated futures, bands hold 95% of them. Any one future is more \
                  jagged than the median. Types as in UCDP's data: state-based, non-state \
                  and one-sided violence."
            .into(),
        heading,
        dates,
        columns: if types.len() == 3 { 3 } else { types.len().clamp(1, 2) },
        panels: types.into_iter().map(panel).collect(),
        height: 190.0,
        format: Format::Count,
        scaled: Scaled::Alike,
        empty: "No deaths were recorded over time.",
        notes: Vec::new(),
    }
}
