//! How large the largest bloc is, and who leads it.

use super::axis::{Format, percent};
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
    // A lead that never is in doubt needs no panel.
    let sure = |(_, bands): &(Party, Vec<Band>)| bands.iter().all(|band| band.middle >= SURE);
    let always = leaders.iter().find(|leader| sure(leader)).map(|(party, _)| party.name.clone());
    let leads = leaders.into_iter().map(|(party, bands)| Series::new(party.name, party.colour, bands)).collect();
    let mut panels = Vec::new();
    if !share.is_empty() {
        panels.push(TimePanel::lines("Largest bloc's share of all fighters", vec![Series::new("", ACCENT, share)]));
        if always.is_none() {
            panels.push(TimePanel::lines("Probability that it is led by", leads));
        }
    }
    let rare = (!small.is_empty()).then(|| format!("Left out, the rarest: {}.", small.join(", ")));
    let notes = match always {
        Some(name) => vec![format!("On every date {name} has the lead in {} of the futures or more.", percent(SURE))],
        None => rare.into_iter().collect(),
    };
    OverTime {
        name: "hegemony",
        caption: "The share of all fighters that belong to the largest bloc; the band holds 95% of the simulated \
                  futures. Where it is in doubt, beside it: how likely each faction is to be the strongest member of \
                  that bloc, with 95% intervals."
            .into(),
        heading,
        dates,
        columns: panels.len().clamp(1, 2),
        panels,
        height: 300.0,
        format: Format::Percent,
        scaled: Scaled::Whole,
        empty: "No blocs were recorded over time.",
        notes,
    }
}

/// From this probability on, a lead is in no doubt.
const SURE: f64 = 0.98;
/// More lines than that cannot be told apart.
const MOST: usize = 8;

/// How likely a leader is, over all dates.
fn weight((_, bands): &(Party, Vec<Band>)) -> f64 {
    let values = bands.iter().map(|band| band.middle).filter(|value| value.is_finite());
    values.clone().sum::<f64>() / values.count().max(1) as f64
}
