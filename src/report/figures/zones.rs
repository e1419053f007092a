//! Maps of who holds what.

use super::{Actors, FigureData, ReportedRuns};
use crate::base::ZoneId;
use crate::base::day;
use crate::chart::{Holder, MapPanel, MapZone, Party, ZoneMap};
use crate::measure::{Measure, Question, Slot};
use crate::record::SeriesPoint;
use crate::scenario::file::Zone;
use crate::scenario::{Outlines, Scenario};

/// A map for each moment at which holders were recorded.
pub fn map(subject: &FigureData<'_>) -> ZoneMap {
    let ids = subject.runs.scenario.file.zones_and_towns();
    let mut parties: Vec<Party> = subject.runs.actors.main().iter().map(|(_, party)| party.clone()).collect();
    parties.push(Actors::others());
    let slots: Vec<Slot> = subject.reported().map(|(slot, _)| slot).chain([Slot::Other]).collect();
    let numbers: Vec<Option<ZoneId>> = ids.iter().map(|id| subject.zone(id)).collect();
    let series =
        |zone: Option<ZoneId>, slot: Slot| zone.map_or(&[][..], |zone| subject.series(Measure::Holds(zone, slot)));
    let moments = numbers.first().map_or(&[][..], |zone| series(*zone, Slot::Nobody));
    let panels = moments.iter().enumerate().map(|(moment, at)| MapPanel {
        title: title(moment, moments.len(), at),
        holders: numbers
            .iter()
            .map(|zone| {
                let chance = |slot: Slot| series(*zone, slot).get(moment).map_or(0.0, |point| point.mean);
                let nobody = Holder { party: None, probability: chance(Slot::Nobody) };
                slots.iter().enumerate().fold(nobody, |best, (party, slot)| {
                    let probability = chance(*slot);
                    if probability > best.probability { Holder { party: Some(party), probability } } else { best }
                })
            })
            .collect(),
    });
    let mut distinct: Vec<(MapPanel, Option<&SeriesPoint>)> = Vec::new();
    for (panel, at) in panels.zip(moments) {
        match distinct.last_mut().filter(|(last, _)| alike(&last.holders, &panel.holders)) {
            Some((_, until)) => *until = Some(at),
            None => distinct.push((panel, None)),
        }
    }
    let panels = distinct.into_iter().map(|(panel, until)| match until {
        Some(at) => MapPanel { title: format!("{} to {}", panel.title, day(at.date)), ..panel },
        None => panel,
    });
    ZoneMap {
        heading: subject.heading("Who holds what", "the most likely holder of each zone; the paler, the less sure"),
        zones: drawn_zones(&subject.runs),
        parties,
        panels: panels.collect(),
    }
}

/// The zones as the map of a run draws them.
pub fn drawn_zones(runs: &ReportedRuns<'_>) -> Vec<MapZone> {
    let named: Vec<ZoneId> = runs.scenario.questions.iter().flat_map(Question::zones).collect();
    drawn(runs.scenario, runs.outlines.as_ref(), &named)
}

/// The zones as they are drawn, in the order of [`crate::scenario::file::ScenarioFile::zones_and_towns`]; some have their names always.
pub(super) fn drawn(scenario: &Scenario, outlines: Option<&Outlines>, named: &[ZoneId]) -> Vec<MapZone> {
    let written = &scenario.file.zone;
    let outlines = outlines.and_then(|outlines| outlines.of_zones(written).ok());
    let towns = written.iter().enumerate().filter(|(_, zone)| zone.town.is_some());
    let zones: Vec<(&Zone, Option<usize>)> =
        written.iter().map(|zone| (zone, None)).chain(towns.map(|(around, zone)| (zone, Some(around)))).collect();
    let ids = scenario.file.zones_and_towns();
    let is_named = |id: &String| {
        let found = scenario.setting.zones.iter().find(|(_, traits)| traits.id == *id);
        found.is_some_and(|(zone, _)| named.contains(&zone))
    };
    // A town has the name of the zone around it, and that is written once.
    let is_named = |place: usize| {
        let towns = zones.iter().zip(&ids).filter(|((_, around), _)| *around == Some(place));
        is_named(&ids[place]) || towns.map(|(_, id)| id).any(is_named)
    };
    let drawn = zones.iter().zip(&ids).enumerate();
    drawn
        .map(|(place, (&(zone, around), id))| MapZone {
            town_of: around,
            name: zone.name.clone(),
            position: (zone.position[0], zone.position[1]),
            named: is_named(place),
            country: zone.country.clone(),
            // A zone without an outline is drawn from its position.
            outlines: outlines.as_ref().and_then(|found| found.areas.get(id)).cloned().unwrap_or_default(),
        })
        .collect()
}

/// Whether two maps show the same: each zone has the same holder, as likely within ten points.
fn alike(before: &[Holder], after: &[Holder]) -> bool {
    before.iter().zip(after).all(|(a, b)| a.party == b.party && (a.probability - b.probability).abs() < 0.1)
}

fn title(moment: usize, moments: usize, at: &SeriesPoint) -> String {
    let date = day(at.date);
    // Milestones lie at whole months after the start, but for the last.
    let months = (at.week * 7.0 / 30.4375).round();
    match moment {
        0 => format!("Start, {date}"),
        _ if moment + 1 == moments => format!("End, {date}"),
        _ => format!("After {months:.0} months, {date}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Overrides;
    use std::path::Path;

    #[test]
    fn a_zone_is_named_where_a_question_asks_about_its_town() {
        let scenario = Scenario::load(Path::new("configs/history/bosnia-1993-06.toml"), &Overrides::default()).unwrap();
        let ids = scenario.file.zones_and_towns();
        let asked: Vec<ZoneId> = scenario.questions.iter().flat_map(Question::zones).collect();
        let zones = drawn(&scenario, None, &asked);
        let named = |id: &str| zones[ids.iter().position(|known| known == id).unwrap()].named;
        assert!(named("mostar-town") && named("mostar") && named("srebrenica"));
        assert!(!named("bihac"), "nothing is asked of it");
    }
}
