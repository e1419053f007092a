//! How large the largest bloc is, and who leads it.

use super::axis::Format;
use super::frame::{Band, Heading, Party};
use super::over_time::{OverTime, Scaled};
use super::palette::ACCENT;
use super::series::{Series, TimePanel};
use crate::base::Date;

/// The largest bloc over time: its share of all fighters per date, 0 to 1, and per faction (or nobody) the probability
/// per date that it leads that bloc, with the interval.
pub fn hegemony(
    heading: Heading,
    dates: Vec<Date>,
    share: Vec<Band>,
    mut leaders: Vec<(Party, Vec<Band>)>,
) -> OverTime {
    leaders.retain(|leader| weight(leader) >= 0.002);
    leaders.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    let small: Vec<String> = leaders.drain(MOST.min(leaders.len())..).map(|(party, _)| party.name).collect();
    let leads = leaders.into_iter().map(|(party, bands)| Series::new(party.name, party.colour, bands)).collect();
    let panels = if share.is_empty() {
        Vec::new()
    } else {
        vec![
            TimePanel::lines("Largest bloc's share of all fighters", vec![Series::new("", ACCENT, share)]),
            TimePanel::lines("Probability that it is led by", leads),
        ]
    };
    OverTime {
        name: "hegemony",
        caption: "Left: the share of all fighters that belong to the largest bloc; the band holds 95% of the \
                  simulated futures. Right: how likely each faction is to be the strongest member of that bloc, \
                  with 95% intervals.",
        heading,
        dates,
        panels,
        columns: 2,
        height: 300.0,
        format: Format::Percent,
        scaled: Scaled::Whole,
        empty: "No blocs were recorded over time.",
        notes: if small.is_empty() { Vec::new() } else { vec![format!("Left out, the rarest: {}.", small.join(", "))] },
    }
}

/// More lines than that cannot be told apart.
const MOST: usize = 8;

/// How likely a leader is, over all dates.
fn weight((_, bands): &(Party, Vec<Band>)) -> f64 {
    let values = bands.iter().map(|band| band.middle).filter(|value| value.is_finite());
    values.clone().sum::<f64>() / values.count().max(1) as f64
}
