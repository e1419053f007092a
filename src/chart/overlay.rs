//! Questions' probabilities over time under several variants.

use super::axis::Format;
use super::frame::{Band, Heading};
use super::over_time::{OverTime, Scaled};
use super::palette;
use super::series::{Series, TimePanel};
use crate::base::Date;

/// Variants over time: per question its words and the probability per date under each variant, in the same order (and so
/// in the same colours) in all; empty where a variant is left out.
pub fn overlay(
    heading: Heading,
    dates: Vec<Date>,
    variants: &[String],
    questions: Vec<(String, Vec<Vec<Band>>)>,
) -> OverTime {
    let most = questions.iter().map(|(_, lines)| lines.iter().filter(|line| !line.is_empty()).count()).max();
    let line = |(place, (variant, bands)): (usize, (&String, Vec<Band>))| {
        Series::new(variant.clone(), palette::faction(place), bands)
    };
    let panel = |(question, lines): (String, Vec<Vec<Band>>)| {
        TimePanel::lines(question, variants.iter().zip(lines).enumerate().map(line).collect())
    };
    OverTime {
        name: "variants-over-time",
        caption: "Each curve is the share of simulated futures that have answered yes by a date, the band its 95% \
                  interval; each panel shows the first of the list and those of the others that change it most, all on one scale."
            .into(),
        heading,
        dates,
        columns: questions.len().clamp(1, 2),
        panels: questions.into_iter().map(panel).collect(),
        height: (most.unwrap_or(1).min(20) as f64 * 12.0 + 60.0).max(210.0),
        format: Format::Percent,
        scaled: Scaled::Alike,
        empty: "There are no curves to show.",
        notes: Vec::new(),
    }
}
