//! A zone with a town is two places: the countryside, which keeps the zone's id, and the town.
//!
//! People, revenue, value, claims and the displaced are divided by the town's share of them; a faction's fighters by what
//! it controls of each part, weighted by the people there. Whatever leads to the zone leads to both, and a short way joins
//! them. What the file says of the town by its own id stays as it is.

use crate::scenario::file::{Effect, ScenarioFile, Town, Zone};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Travel cost between a town and its countryside: about 10 km of plain.
const OUT_OF_TOWN: f64 = 0.1;

/// The id of a zone's town, and what the draw key of one ends with.
pub fn town_id(zone: &str) -> String {
    format!("{zone}-town")
}

/// The name of a zone's town.
pub fn town_name(zone: &str) -> String {
    format!("{zone} (town)")
}

impl ScenarioFile {
    /// The ids of all zones in the order in which maps have them: as written, and then their towns.
    pub fn zones_and_towns(&self) -> Vec<String> {
        let towns = self.zone.iter().filter(|zone| zone.town.is_some()).map(|zone| town_id(&zone.id));
        self.zone.iter().map(|zone| zone.id.clone()).chain(towns).collect()
    }
}

/// A town with the zone that it is of.
struct Division<'f> {
    zone: &'f Zone,
    town: &'f Town,
    id: String,
}

impl Division<'_> {
    /// Share of the zone's worth that is the town's.
    fn worth(&self) -> f64 {
        self.town.worth.unwrap_or(self.town.share)
    }

    /// Share of a faction's fighters in the zone who are in the town, given whose control counts as its own.
    fn garrison(&self, own: impl Fn(&str) -> bool) -> f64 {
        let of = |control: &BTreeMap<String, f64>| -> f64 {
            control.iter().filter(|(name, _)| own(name)).map(|(_, share)| *share).sum()
        };
        let inside = self.town.share * of(self.control());
        let outside = (1.0 - self.town.share) * of(&self.zone.control);
        if inside + outside > 0.0 { inside / (inside + outside) } else { self.town.share }
    }

    fn control(&self) -> &BTreeMap<String, f64> {
        self.town.control.as_ref().unwrap_or(&self.zone.control)
    }

    /// Divides what a table by zone says of the zone, unless it says what the town has.
    fn divide(&self, table: &mut BTreeMap<String, f64>, inside: f64) {
        if table.contains_key(&self.id) {
            return;
        }
        if let Some(all) = table.get_mut(&self.zone.id) {
            let part = *all * inside;
            *all -= part;
            table.insert(self.id.clone(), part);
        }
    }
}

/// A file in which every zone with a town has become two.
pub fn divided(file: &ScenarioFile) -> Cow<'_, ScenarioFile> {
    let divisions: Vec<Division> = file
        .zone
        .iter()
        .filter_map(|zone| Some(Division { zone, town: zone.town.as_ref()?, id: town_id(&zone.id) }))
        .collect();
    if divisions.is_empty() {
        return Cow::Borrowed(file);
    }
    let mut whole = file.clone();
    for zone in &mut whole.zone {
        lead_to_towns(zone, &divisions);
    }
    let mut towns = Vec::new();
    for division in &divisions {
        if let Some(country) = whole.zone.iter_mut().find(|zone| zone.id == division.zone.id) {
            towns.push(part(country, division));
        }
    }
    whole.zone.extend(towns);
    // Control is a faction's own or its umbrella's.
    let is_own = |faction: &str, name: &str| {
        let umbrella = file.umbrella.iter().find(|umbrella| umbrella.members.iter().any(|member| member == faction));
        name == faction || umbrella.is_some_and(|umbrella| umbrella.id == name)
    };
    for faction in &mut whole.faction {
        for division in &divisions {
            let id = faction.id.clone();
            division.divide(&mut faction.presence, division.garrison(|name| is_own(&id, name)));
            division.divide(&mut faction.claims, division.worth());
        }
    }
    for community in &mut whole.community {
        for division in &divisions {
            if let Some(share) = community.share.get(&division.zone.id).copied() {
                community.share.entry(division.id.clone()).or_insert(share);
            }
        }
    }
    for event in &mut whole.event {
        match &mut event.effect {
            Effect::Leave { zones, .. } => {
                let inside = divisions.iter().filter(|division| zones.contains(&division.zone.id));
                let towns: Vec<String> = inside.map(|division| division.id.clone()).collect();
                zones.extend(towns);
            }
            Effect::Arrive { faction, presence, .. } => {
                for division in &divisions {
                    division.divide(presence, division.garrison(|name| is_own(faction, name)));
                }
            }
            _ => {}
        }
    }
    Cow::Owned(whole)
}

/// Adds the towns of the zones to which a zone has ways.
fn lead_to_towns(zone: &mut Zone, divisions: &[Division]) {
    for division in divisions.iter().filter(|division| division.zone.id != zone.id) {
        if zone.neighbours.contains(&division.zone.id) && !zone.neighbours.contains(&division.id) {
            zone.neighbours.push(division.id.clone());
        }
        if let Some(cost) = zone.travel_cost.get(&division.zone.id).copied() {
            zone.travel_cost.entry(division.id.clone()).or_insert(cost);
        }
    }
}

/// Takes the town out of its zone, which becomes the countryside.
fn part(country: &mut Zone, division: &Division) -> Zone {
    let Division { zone, town, .. } = division;
    let worth = division.worth();
    let mut inside = Zone {
        id: division.id.clone(),
        name: town_name(&zone.name),
        population: zone.population * town.share,
        revenue: zone.revenue * worth,
        strategic_value: zone.strategic_value * worth,
        ruggedness: 0.0,
        control: division.control().clone(),
        draw_key: Some(town_id(zone.draw_key.as_deref().unwrap_or(&zone.id))),
        town: None,
        ..country.clone()
    };
    let cost = inside.travel_cost.remove(&division.id).unwrap_or(OUT_OF_TOWN);
    inside.travel_cost.insert(zone.id.clone(), cost);
    inside.displaced.values_mut().for_each(|people| *people *= town.share);
    inside.displaced.remove(&division.id);
    country.town = None;
    country.population -= inside.population;
    country.revenue -= inside.revenue;
    country.strategic_value -= inside.strategic_value;
    for (place, people) in &mut country.displaced {
        // Those who have fled into the town are of the countryside.
        *people *= if *place == division.id { 1.0 } else { 1.0 - town.share };
    }
    inside
}
