//! Where events took place, as far as their records say: in which zones, with which share in each.

use super::event::{Event, Events, Exactness};
use super::land::Land;
use super::whereabouts::{Region, Whereabouts};
use std::collections::BTreeMap;

/// Where an event took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// In a zone.
    In(usize),
    /// About there: in a zone, at half its weight.
    Near(usize),
    /// Somewhere in a first-level region.
    Region(Region),
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
    /// The zones of each region; none of one that is not known.
    pub regions: BTreeMap<Region, Vec<usize>>,
    /// The first event outside all zones that lies within one if its longitude and latitude are exchanged, and how many do.
    pub exchanged: Option<(u32, usize)>,
    /// How many events outside all zones were taken out.
    pub outside: usize,
}

/// The zone that the point of each event lies in.
pub fn zones_at(list: &[&Event], land: &Land) -> Vec<Option<usize>> {
    let mut met: BTreeMap<(u64, u64), Option<usize>> = BTreeMap::new();
    let mut zone_at =
        |point: (f64, f64)| *met.entry((point.0.to_bits(), point.1.to_bits())).or_insert_with(|| land.zone_at(point));
    list.iter().map(|event| event.point.and_then(&mut zone_at)).collect()
}

impl Places {
    /// Places events by the zones that their points lie in, and by where their regions and countries are known to be.
    pub fn of(
        events: &Events,
        (list, zones): (&[&Event], &[Option<usize>]),
        (known, land): (&Whereabouts, &Land),
    ) -> Self {
        let mut places = Self::default();
        let mut met: BTreeMap<Region, Option<Vec<usize>>> = BTreeMap::new();
        for (event, zone) in list.iter().zip(zones) {
            let site = match (event.exactness, event.point, event.region) {
                (Exactness::Region, _, Some(region)) => {
                    let region = Region { country: event.country, name: region };
                    let zones = met.entry(region).or_insert_with(|| known.zones_of(events, region, land));
                    zones.as_ref().map_or(Site::Outside, |_| Site::Region(region))
                }
                (Exactness::Region | Exactness::Vague, ..) | (_, None, _) if known.is_away(event.country) => {
                    Site::Outside
                }
                (Exactness::Region | Exactness::Vague, ..) | (_, None, _) => Site::Vague,
                (exactness, Some(point), _) => match zone {
                    None => {
                        if land.zone_at((point.1, point.0)).is_some() {
                            let (line, count) = places.exchanged.unwrap_or((event.line, 0));
                            places.exchanged = Some((line.min(event.line), count + 1));
                        }
                        Site::Outside
                    }
                    Some(zone) if exactness == Exactness::About => Site::Near(*zone),
                    Some(zone) => Site::In(*zone),
                },
            };
            places.sites.push(site);
        }
        places.regions = met.into_iter().filter_map(|(region, zones)| Some((region, zones?))).collect();
        places
    }

    /// The events that are not outside all zones, and the places of those.
    pub fn inside<'e>(mut self, list: &[&'e Event]) -> (Vec<&'e Event>, Self) {
        let kept = list.iter().zip(&self.sites).filter(|(_, site)| **site != Site::Outside);
        let list: Vec<&Event> = kept.map(|(event, _)| *event).collect();
        self.outside += self.sites.len() - list.len();
        self.sites.retain(|site| *site != Site::Outside);
        (list, self)
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
