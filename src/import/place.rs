//! Where events took place, as far as their records say: in which zones, with which share in each.

use super::event::{Event, Events, Exactness};
use super::land::Land;
use crate::base::name::folded;
use std::collections::{BTreeMap, BTreeSet};

/// A zone is no part of a region if fewer than one in so many of its events were there.
const FEW: usize = 10;

/// Where an event took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// In a zone.
    In(usize),
    /// About there: in a zone, at half its weight.
    Near(usize),
    /// Somewhere in a first-level region.
    Region(u32),
    /// Too vague to be placed.
    Vague,
    /// Outside all zones.
    Outside,
}

/// Places of events.
#[derive(Debug, Default)]
pub struct Places {
    /// Where each event was, in their order.
    pub sites: Vec<Site>,
    /// The zones of each region, by its number; none of one that is not known.
    pub regions: BTreeMap<u32, Vec<usize>>,
    /// The first event outside all zones that lies within one if its longitude and latitude are exchanged, and how many do.
    pub exchanged: Option<(u32, usize)>,
}

impl Places {
    /// Places events. A region has the zones that their file says are in it, or that it is, or else
    /// those in which other events of it were.
    pub fn of(events: &Events, list: &[&Event], land: &Land) -> Self {
        let mut places = Self::default();
        let mut met: BTreeMap<(u64, u64), Option<usize>> = BTreeMap::new();
        let mut zone_at = |point: (f64, f64)| {
            *met.entry((point.0.to_bits(), point.1.to_bits())).or_insert_with(|| land.zone_at(point))
        };
        let mut seen: BTreeMap<u32, BTreeMap<usize, usize>> = BTreeMap::new();
        for event in list {
            let site = match (event.exactness, event.point, event.region) {
                (Exactness::Region, _, Some(region)) => Site::Region(region),
                (Exactness::Region | Exactness::Vague, ..) | (_, None, _) => Site::Vague,
                (exactness, Some(point), region) => match zone_at(point) {
                    None => {
                        if land.zone_at((point.1, point.0)).is_some() {
                            let (line, count) = places.exchanged.unwrap_or((event.line, 0));
                            places.exchanged = Some((line.min(event.line), count + 1));
                        }
                        Site::Outside
                    }
                    Some(zone) if exactness == Exactness::About => Site::Near(zone),
                    Some(zone) => {
                        if let Some(region) = region {
                            *seen.entry(region).or_default().entry(zone).or_default() += 1;
                        }
                        Site::In(zone)
                    }
                },
            };
            places.sites.push(site);
        }
        let asked =
            places.sites.iter().filter_map(|site| if let Site::Region(region) = site { Some(*region) } else { None });
        for region in asked.collect::<BTreeSet<u32>>() {
            let names = names(events.regions.name(region));
            let said =
                |zone: &usize| land.zones[*zone].region.as_deref().is_some_and(|own| names.contains(&folded(own)));
            let mut zones: Vec<usize> = (0..land.zones.len()).filter(said).collect();
            if zones.is_empty() {
                // The zones may be the regions.
                zones = (0..land.zones.len())
                    .filter(|zone| names.iter().any(|name| land.zones[*zone].called.contains(name)))
                    .collect();
            }
            if zones.is_empty() {
                // Events near a border may be on its other side.
                let seen = seen.get(&region).into_iter().flatten();
                let all: usize = seen.clone().map(|(_, count)| count).sum();
                zones = seen.filter(|(_, count)| **count * FEW >= all).map(|(zone, _)| *zone).collect();
            }
            places.regions.insert(region, zones);
        }
        places
    }

    /// In which zones an event was, with which weight in each; none of one that is not placed.
    pub fn shares(&self, number: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let (one, weight) = match self.sites[number] {
            Site::In(zone) => (Some(zone), 1.0),
            Site::Near(zone) => (Some(zone), 0.5),
            Site::Region(_) | Site::Vague | Site::Outside => (None, 0.0),
        };
        let spread = match self.sites[number] {
            Site::Region(region) => self.regions.get(&region).map(Vec::as_slice).unwrap_or_default(),
            _ => &[],
        };
        let each = 1.0 / spread.len().max(1) as f64;
        one.map(|zone| (zone, weight)).into_iter().chain(spread.iter().map(move |zone| (*zone, each)))
    }

    /// Whether an event is placed.
    pub fn is_placed(&self, number: usize) -> bool {
        self.shares(number).next().is_some()
    }
}

/// By what a region may be called: its name, and that without the word for what it is.
fn names(region: &str) -> Vec<String> {
    const KINDS: [&str; 9] =
        ["province", "governorate", "region", "state", "department", "district", "oblast", "county", "prefecture"];
    let whole = folded(region);
    let short = KINDS.iter().find_map(|kind| whole.strip_suffix(kind)).filter(|short| !short.is_empty());
    let short = short.map(str::to_owned);
    std::iter::once(whole).chain(short).collect()
}
