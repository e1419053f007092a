//! Zones, the ways between them, and where people flee to.

use crate::base::{Id, Table, ZoneId, maths};
use crate::random::DrawKey;
use crate::scenario::file::Zone;
use crate::world::{Directory, Neighbours, ZoneTraits};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// How many places of refuge gravity chooses for a zone.
const REFUGES: usize = 8;
/// How many of the nearest zones it chooses among: keeps the cost linear in the number of zones.
const NEAREST: usize = 32;
const EARTH_RADIUS_KM: f64 = 6371.0;

/// A place of refuge with how much it draws, 0 to 1.
pub type Refuge = (ZoneId, f64);

pub fn countries(zones: &[&Zone]) -> Vec<String> {
    let mut countries: Vec<String> = zones.iter().map(|zone| zone.country.clone()).collect();
    countries.sort_unstable();
    countries.dedup();
    countries
}

pub fn traits(zones: &[&Zone], countries: &[String]) -> Table<ZoneId, ZoneTraits> {
    zones
        .iter()
        .map(|zone| ZoneTraits {
            id: zone.id.clone(),
            name: zone.name.clone(),
            country: countries.binary_search(&zone.country).unwrap_or(0),
            key: DrawKey::named("zone", zone.draw_key.as_deref().unwrap_or(&zone.id)),
            position: zone.position,
            population: zone.population,
            revenue: zone.revenue,
            strategic_value: if zone.refuge { 0.0 } else { zone.strategic_value },
            ruggedness: zone.ruggedness,
            refuge: zone.refuge,
        })
        .collect()
}

/// Great-circle distance between two positions (longitude, latitude in degrees), in kilometres, by the haversine
/// formula.
pub fn distance_km(a: [f64; 2], b: [f64; 2]) -> f64 {
    let radians = std::f64::consts::PI / 180.0;
    let (low, high) = (a[1] * radians, b[1] * radians);
    let half_latitude = maths::sin((high - low) / 2.0);
    let half_longitude = maths::sin((b[0] - a[0]) * radians / 2.0);
    let chord = half_latitude * half_latitude + maths::cos(low) * maths::cos(high) * half_longitude * half_longitude;
    let chord = chord.clamp(0.0, 1.0);
    2.0 * EARTH_RADIUS_KM * maths::atan2(chord.sqrt(), (1.0 - chord).sqrt())
}

/// Travel cost between two zones when none is given: distance in units of 100 km times (1 + mean ruggedness).
fn travel_cost(a: &Zone, b: &Zone) -> f64 {
    // In a fixed order, so that the cost there is the cost back to the bit.
    let (a, b) = if a.id <= b.id { (a, b) } else { (b, a) };
    let cost = distance_km(a.position, b.position) / 100.0 * (1.0 + (a.ruggedness + b.ruggedness) / 2.0);
    cost.max(0.01)
}

/// Neighbours are mutual: a way that one of two zones names is a way for both, at the cost that either gives.
pub fn neighbours(zones: &[&Zone], names: &Directory) -> Neighbours {
    let mut lists: Vec<BTreeMap<ZoneId, f64>> = vec![BTreeMap::new(); zones.len()];
    for (index, zone) in zones.iter().enumerate() {
        let here = ZoneId::from_index(index);
        let named = zone.neighbours.iter().chain(zone.travel_cost.keys());
        for (name, there) in named.filter_map(|name| Some((name, names.zone(name)?))).filter(|(_, id)| *id != here) {
            let given = zone.travel_cost.get(name).or_else(|| zones[there.index()].travel_cost.get(&zone.id));
            let cost = given.copied().unwrap_or_else(|| travel_cost(zone, zones[there.index()]));
            lists[here.index()].insert(there, cost);
            if !zones[there.index()].travel_cost.contains_key(&zone.id) {
                lists[there.index()].insert(here, cost);
            }
        }
    }
    let mut neighbours = Neighbours { first: vec![0], entries: Vec::new() };
    for list in lists {
        neighbours.entries.extend(list);
        neighbours.first.push(neighbours.entries.len() as u32);
    }
    neighbours
}

/// The ways that forces take: those between zones that are no places of refuge alone.
pub fn for_forces(zones: &[&Zone], ways: &Neighbours) -> Neighbours {
    let mut kept = Neighbours { first: vec![0], entries: Vec::new() };
    for (index, zone) in zones.iter().enumerate() {
        let open = |(there, _): &&(ZoneId, f64)| !zone.refuge && !zones[there.index()].refuge;
        kept.entries.extend(ways.of(ZoneId::from_index(index)).iter().filter(open));
        kept.first.push(kept.entries.len() as u32);
    }
    kept
}

/// The people who draw others to each zone: those whose home it is, and in a place of refuge alone those who are there.
fn drawing(zones: &[&Zone], names: &Directory) -> Vec<f64> {
    let mut people: Vec<f64> = zones.iter().map(|zone| zone.population).collect();
    for (place, number) in zones.iter().flat_map(|zone| &zone.displaced) {
        if let Some(there) = names.zone(place).filter(|there| zones[there.index()].refuge) {
            people[there.index()] += number;
        }
    }
    people
}

/// Where people of each zone flee to: the strongest by gravity (people over (1 + travel cost) squared) among the
/// nearest, and the places where the file says that people of the zone already are.
pub fn refuges(zones: &[&Zone], neighbours: &Neighbours, names: &Directory) -> Vec<Vec<Refuge>> {
    let mut search = Search::new(zones.len());
    let people = drawing(zones, names);
    zones
        .iter()
        .enumerate()
        .map(|(index, zone)| {
            let gravity = |there: ZoneId, cost: f64| (1.0 + people[there.index()]) / ((1.0 + cost) * (1.0 + cost));
            let mut places: Vec<Refuge> = search
                .nearest(neighbours, ZoneId::from_index(index))
                .into_iter()
                .map(|(there, cost)| (there, gravity(there, cost)))
                .collect();
            places.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let known = places.clone();
            places.truncate(REFUGES);
            for there in zone.displaced.keys().filter_map(|name| names.zone(name)) {
                if there.index() != index && places.iter().all(|(place, _)| *place != there) {
                    let found = known.iter().find(|(place, _)| *place == there).copied();
                    places.push(found.unwrap_or_else(|| {
                        let cost = travel_cost(zone, zones[there.index()]);
                        (there, gravity(there, cost))
                    }));
                }
            }
            let strongest = places.iter().map(|(_, pull)| *pull).fold(0.0, f64::max);
            if strongest > 0.0 {
                places.iter_mut().for_each(|(_, pull)| *pull /= strongest);
            }
            places
        })
        .collect()
}

/// Dijkstra's search for the nearest zones, with buffers that are used again.
struct Search {
    cost: Vec<f64>,
    touched: Vec<usize>,
}

#[derive(PartialEq)]
struct Reached(f64, ZoneId);

impl Eq for Reached {}

impl PartialOrd for Reached {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Reached {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0).then(self.1.cmp(&other.1))
    }
}

impl Search {
    fn new(zones: usize) -> Self {
        Self { cost: vec![f64::INFINITY; zones], touched: Vec::new() }
    }

    fn nearest(&mut self, neighbours: &Neighbours, from: ZoneId) -> Vec<(ZoneId, f64)> {
        let mut found = Vec::with_capacity(NEAREST);
        let mut queue = BinaryHeap::from([Reverse(Reached(0.0, from))]);
        self.cost[from.index()] = 0.0;
        self.touched.push(from.index());
        while let Some(Reverse(Reached(cost, zone))) = queue.pop() {
            if cost > self.cost[zone.index()] {
                continue;
            }
            if zone != from {
                found.push((zone, cost));
                if found.len() == NEAREST {
                    break;
                }
            }
            for (next, step) in neighbours.of(zone) {
                let total = cost + step;
                if total < self.cost[next.index()] {
                    self.cost[next.index()] = total;
                    self.touched.push(next.index());
                    queue.push(Reverse(Reached(total, *next)));
                }
            }
        }
        for index in self.touched.drain(..) {
            self.cost[index] = f64::INFINITY;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_latitude_is_about_111_km() {
        assert!((distance_km([1.0, 18.0], [1.0, 19.0]) - 111.19).abs() < 0.05);
        // Bamako to Kidal, about 1,240 km by the great circle.
        let far = distance_km([-8.0, 12.65], [1.41, 18.44]);
        assert!((1150.0..1300.0).contains(&far), "{far}");
    }
}
