//! How likely a pact, an alliance and war are over time, for the pairs that questions ask about.

use super::axis::{Format, percent};
use super::frame::{Band, Heading, ON_THE_DAY};
use super::over_time::{OverTime, Scaled};
use super::palette::{self, INK};
use super::series::{Series, TimePanel};
use crate::base::Date;

/// Pairs over time: per pair both names and the probabilities per date of a pact or more, of an alliance and of war
/// (which may be empty), and whether any of them is an umbrella.
pub fn pair_over_time(
    heading: Heading,
    dates: Vec<Date>,
    pairs: Vec<(String, [Vec<Band>; 3])>,
    umbrellas: bool,
) -> OverTime {
    let panel = |(title, [pact, alliance, war]): (String, [Vec<Band>; 3])| {
        let closer = palette::stance(3).mixed(palette::stance(4), 0.35);
        let lines = vec![
            Series::new("pact or more", closer, pact),
            Series::new("alliance", palette::stance(4).mixed(INK, 0.35), alliance),
            Series { dashed: true, ..Series::new("war", palette::stance(0), war) },
        ];
        TimePanel::lines(title, lines)
    };
    let (moving, still): (Vec<_>, Vec<_>) =
        pairs.into_iter().partition(|(_, lines)| lines.iter().any(|line| moves(line)));
    // What never changes is said and not drawn, unless nothing changes.
    let (drawn, said) = if moving.is_empty() { (still, Vec::new()) } else { (moving, still) };
    let mut list: Vec<String> =
        said.iter().take(SAID).map(|(title, lines)| format!("{title}, {}", state(lines))).collect();
    list.extend((said.len() > SAID).then(|| format!("and {} more", said.len() - SAID)));
    let notes = if list.is_empty() { Vec::new() } else { vec![format!("Without change: {}.", list.join("; "))] };
    let columns = drawn.len().clamp(1, 3);
    let caption = format!(
        "For each pair that a question asks about, the share of simulated futures in which the two hold a pact or more, hold an \
         alliance, and are at war, on each date; bands are 95% intervals. {ON_THE_DAY}{}{}",
        if umbrellas { " An umbrella stands as most of its fighters do." } else { "" },
        if notes.is_empty() {
            ""
        } else {
            " Pairs of which no line ever moves by a point are told below and not drawn."
        },
    );
    OverTime {
        name: "pairs-over-time",
        caption: caption.into(),
        heading,
        dates,
        panels: drawn.into_iter().map(panel).collect(),
        columns,
        height: if columns < 3 { 240.0 } else { 165.0 },
        format: Format::Percent,
        scaled: Scaled::Alike,
        empty: "No question asks about a pair of factions.",
        notes,
    }
}

/// Of how many pairs it is said how they stand throughout.
const SAID: usize = 6;

/// Whether a line moves by a point of percentage or more.
fn moves(line: &[Band]) -> bool {
    let values = line.iter().map(|band| band.middle).filter(|value| value.is_finite());
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    high - low >= 0.01
}

/// How two stand of whom no line moves.
fn state([pact, alliance, war]: &[Vec<Band>; 3]) -> String {
    let chance = |line: &[Band]| line.last().map_or(0.0, |band| band.middle);
    let likeliest = [("at war", war), ("allied", alliance), ("a pact or more", pact)];
    let found = likeliest.into_iter().find(|(_, line)| chance(line) >= 0.5);
    found.map_or_else(
        || "neither allied nor at war".into(),
        |(words, line)| format!("{words} {}", percent(chance(line))),
    )
}
