//! Each faction's share of the territory over time.

use super::axis::Format;
use super::frame::{Band, Heading, Party};
use super::over_time::{OverTime, Scaled};
use super::series::{Series, TimePanel};
use crate::base::Date;

/// Territory over time: per faction (or nobody) its share per date, 0 to 1. One that never holds a hundredth is named
/// and has no panel; of one that never holds anything nothing is said.
pub fn territory(heading: Heading, dates: Vec<Date>, mut shares: Vec<(Party, Vec<Band>)>) -> OverTime {
    let held = |(_, share): &(Party, Vec<Band>)| peak(share) > 0.0;
    if shares.iter().any(held) {
        shares.retain(held);
    }
    shares.sort_by(|a, b| peak(&b.1).total_cmp(&peak(&a.1)));
    let large = shares.iter().filter(|(_, share)| peak(share) >= 0.005).count().max(1).min(shares.len());
    let small: Vec<String> = shares.drain(large..).map(|(party, _)| party.name).collect();
    let columns = match large {
        0..=2 => large,
        3..=6 => 3,
        _ => 4,
    };
    let panel = |(party, share): (Party, Vec<Band>)| TimePanel {
        colour: party.colour,
        ..TimePanel::lines(party.name, vec![Series::new("", party.colour, share)])
    };
    let note = format!("Left out, the smallest: {}.", small.join(", "));
    OverTime {
        name: "territory",
        caption: "Lines are each faction's share of control over all zones, weighted by strategic value; bands \
                  hold 95% of the simulated futures."
            .into(),
        heading,
        dates,
        panels: shares.into_iter().map(panel).collect(),
        columns,
        height: if columns < 3 { 220.0 } else { 118.0 },
        format: Format::Percent,
        // One scale for all would flatten most of them.
        scaled: Scaled::ByRow,
        empty: "There are no factions that hold territory.",
        notes: if small.is_empty() { Vec::new() } else { vec![note] },
    }
}

fn peak(share: &[Band]) -> f64 {
    share.iter().map(|band| band.middle).filter(|value| value.is_finite()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_those_that_hold_nothing_nothing_is_said() {
        let share = |name: &str, middle: f64| (Party::new(name, 0), vec![Band::new(middle, middle, middle)]);
        let told = |shares| territory(Heading::default(), Vec::new(), shares).notes;
        assert!(told(vec![share("A", 0.5), share("others", 0.0)]).is_empty());
        assert_eq!(told(vec![share("A", 0.5), share("B", 0.004)]), ["Left out, the smallest: B."]);
    }
}
