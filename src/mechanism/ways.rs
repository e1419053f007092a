//! Ways between zones: what counts how much from elsewhere, and what is within reach of what.

use crate::base::maths::exp;
use crate::base::{Table, ZoneId};
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

/// The ways between zones with some borders closed.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    /// How much of a neighbouring force counts, per entry of [`Setting::neighbours`]: nothing across a closed border.
    pub edge_reach: Vec<f64>,
    /// How easily forces move to a neighbour, per entry of [`Setting::neighbours`].
    pub edge_travel: Vec<f64>,
    /// Which zones are within reach of each, in order and itself among them, with how much a force there counts:
    /// 1 on the spot.
    pub near: Vec<Vec<(ZoneId, f64)>>,
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
        self.near.resize(self.costs.len(), Vec::new());
        for (near, costs) in self.near.iter_mut().zip(&self.costs) {
            near.clear();
            let within = costs.iter().filter(|(_, cost)| *cost <= distances.farthest);
            near.extend(within.map(|(zone, cost)| (*zone, exp(-cost / distances.mass))));
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
