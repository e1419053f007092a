//! Ways between zones: what counts how much from elsewhere, and what is within reach of what.

use crate::base::maths::exp;
use crate::base::{Id, Table, ZoneId, row};
use crate::world::{ClosedBorders, Neighbours, Setting};

/// Travel costs at which what is elsewhere counts as 1/e of what is on the spot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Distances {
    /// For threats, from next door.
    pub threat: f64,
    /// For moving next door.
    pub travel: f64,
    /// For what can be massed.
    pub mass: f64,
    /// The farthest from where anything can be massed.
    pub farthest: f64,
}

/// What is within reach of a zone.
#[derive(Clone, Debug, Default)]
pub struct Near {
    /// The zones, in order and itself among them, with how much a force there counts: 1 on the spot.
    pub list: Vec<(ZoneId, f64)>,
    /// The same from the first of these to the last, 0 for those between that are not within reach. Empty where most would be
    /// 0: a row is added faster than a list, if it is not much longer.
    row: Vec<f64>,
}

impl Near {
    fn fill(&mut self, within: impl Iterator<Item = (ZoneId, f64)>) {
        self.list.clear();
        self.list.extend(within);
        self.row.clear();
        let (Some((first, _)), Some((last, _))) = (self.list.first(), self.list.last()) else { return };
        let length = last.index() + 1 - first.index();
        if length <= MOST_ZEROS * self.list.len() {
            self.row.resize(length, 0.0);
            for (zone, counts) in &self.list {
                self.row[zone.index() - first.index()] = *counts;
            }
        }
    }

    /// Adds to what is massed in each zone what so many fighters in this one count there.
    #[inline]
    pub(super) fn add_to(&self, massed: &mut [f64], fighters: f64) {
        match (self.list.first(), self.row.is_empty()) {
            (Some((first, _)), false) => row::add_scaled(&mut massed[first.index()..], &self.row, fighters),
            _ => {
                for (other, counts) in &self.list {
                    massed[other.index()] += counts * fighters;
                }
            }
        }
    }
}

/// By how many times a row may be longer than the list that it stands for.
const MOST_ZEROS: usize = 2;

/// The ways between zones with some borders closed.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    /// How much of a neighbouring force counts, per entry of [`Setting::neighbours`]: nothing across a closed border.
    pub edge_reach: Vec<f64>,
    /// How easily forces move to a neighbour, per entry of [`Setting::neighbours`].
    pub edge_travel: Vec<f64>,
    /// What is within reach of each zone.
    pub near: Vec<Near>,
    /// Of what these were made.
    distances: Option<Distances>,
    borders: ClosedBorders,
    open: Neighbours,
    /// Which zones were within the farthest travel cost asked for so far of each, in order, with what the way costs.
    costs: Vec<Vec<(ZoneId, f64)>>,
    farthest: f64,
}

impl Ways {
    /// Whether the ways are those with these borders closed.
    pub(super) fn are_with(&self, borders: &ClosedBorders) -> bool {
        self.borders == *borders
    }

    /// Finds them in a setting, as far as they are not known.
    pub(super) fn find(&mut self, setting: &Setting, borders: &ClosedBorders, distances: Distances) {
        self.borders.clone_from(borders);
        let known = self.follow(setting, distances.farthest);
        if known && self.distances == Some(distances) {
            return;
        }
        self.distances = Some(distances);
        let lists = [(&mut self.edge_reach, distances.threat), (&mut self.edge_travel, distances.travel)];
        for (list, distance) in lists {
            list.clear();
            let counts = |cost: f64| if cost.is_finite() { exp(-cost / distance) } else { 0.0 };
            list.extend(self.open.entries.iter().map(|(_, cost)| counts(*cost)));
        }
        self.near.resize(self.costs.len(), Near::default());
        for (near, costs) in self.near.iter_mut().zip(&self.costs) {
            let within = costs.iter().filter(|(_, cost)| *cost <= distances.farthest);
            near.fill(within.map(|(zone, cost)| (*zone, exp(-cost / distances.mass))));
        }
    }

    /// Finds what ways of a setting cost, up to `farthest`. Gives whether that was known.
    fn follow(&mut self, setting: &Setting, farthest: f64) -> bool {
        let borders = &self.borders;
        let entries = setting.zones.ids().flat_map(|zone| {
            let neighbours = setting.neighbours.of(zone).iter();
            neighbours.map(move |(other, cost)| {
                (*other, if setting.is_open(borders, zone, *other) { *cost } else { f64::INFINITY })
            })
        });
        let same = self.open.first == setting.neighbours.first && entries.clone().eq(self.open.entries.iter().copied());
        if same && farthest <= self.farthest {
            return true;
        }
        let entries = entries.collect();
        self.open = Neighbours { first: setting.neighbours.first.clone(), entries };
        self.farthest = farthest;
        self.costs.resize(setting.zones.len(), Vec::new());
        let mut way = Table::filled(setting.zones.len(), f64::INFINITY);
        for (zone, costs) in setting.zones.ids().zip(&mut self.costs) {
            find_costs(&self.open, zone, farthest, (&mut way, costs));
        }
        false
    }
}

/// Finds the zones within a travel cost of one, in order, by Dijkstra (1959). `way` is infinite everywhere before and after.
fn find_costs(
    open: &Neighbours,
    from: ZoneId,
    farthest: f64,
    (way, costs): (&mut Table<ZoneId, f64>, &mut Vec<(ZoneId, f64)>),
) {
    costs.clear();
    let mut waiting = vec![from];
    way[from] = 0.0;
    while let Some(place) = (0..waiting.len()).min_by(|a, b| way[waiting[*a]].total_cmp(&way[waiting[*b]])) {
        let closest = waiting.swap_remove(place);
        costs.push((closest, way[closest]));
        for (neighbour, cost) in open.of(closest) {
            let through = way[closest] + cost;
            if through <= farthest && through < way[*neighbour] {
                if !waiting.contains(neighbour) {
                    waiting.push(*neighbour);
                }
                way[*neighbour] = through;
            }
        }
    }
    costs.sort_unstable_by_key(|(zone, _)| *zone);
    for (zone, _) in &*costs {
        way[*zone] = f64::INFINITY;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Zones in a row, each a travel cost of 1 from the next.
    fn row_of(zones: usize) -> Neighbours {
        let mut open = Neighbours { first: vec![0], entries: Vec::new() };
        for zone in 0..zones {
            let next = [zone.checked_sub(1), Some(zone + 1).filter(|next| *next < zones)];
            open.entries.extend(next.into_iter().flatten().map(|next| (ZoneId::from_index(next), 1.0)));
            open.first.push(open.entries.len() as u32);
        }
        open
    }

    #[test]
    fn what_is_within_reach_is_as_far_as_the_cheapest_way() {
        let mut way = Table::filled(9, f64::INFINITY);
        let mut costs = Vec::new();
        find_costs(&row_of(9), ZoneId(4), 3.0, (&mut way, &mut costs));
        let found: Vec<(u32, f64)> = costs.iter().map(|(zone, cost)| (zone.0, *cost)).collect();
        assert_eq!(found, [(1, 3.0), (2, 2.0), (3, 1.0), (4, 0.0), (5, 1.0), (6, 2.0), (7, 3.0)]);
        assert!(way.values().iter().all(|way| way.is_infinite()));
    }

    #[test]
    fn a_row_and_a_list_add_the_same() {
        for places in [vec![2, 3, 5], vec![0, 40], vec![]] {
            let mut near = Near::default();
            near.fill(places.iter().map(|place| (ZoneId(*place), 1.0 / f64::from(place + 1))));
            let mut massed = vec![1.0; 50];
            near.add_to(&mut massed, 7.0);
            for (zone, massed) in massed.iter().enumerate() {
                let counts =
                    near.list.iter().find(|(place, _)| place.index() == zone).map_or(0.0, |(_, counts)| *counts);
                assert!((massed - (1.0 + counts * 7.0)).abs() == 0.0, "{places:?} {zone}");
            }
        }
    }
}
