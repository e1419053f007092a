//! Where the countries and first-level regions of a record are, as far as the outlines and events that are known exactly say.

use super::event::{Event, Events, Exactness};
use super::land::{Land, ZoneLand};
use crate::base::name::folded;
use std::collections::{BTreeMap, BTreeSet};

/// A zone is no part of a region if fewer than one in so many of its events were there, and a region or country is elsewhere if
/// fewer were in any zone.
const FEW: usize = 10;

/// A first-level region of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    /// Its country, by its number among [`Events::countries`].
    pub country: u32,
    /// Its name, by its number among [`Events::regions`].
    pub name: u32,
}

/// Where events were that are known exactly.
#[derive(Debug, Default)]
struct Seen {
    /// How many were in each zone.
    zones: BTreeMap<usize, usize>,
    /// How many there are, those outside all zones too.
    all: usize,
}

impl Seen {
    fn add(&mut self, zone: Option<usize>) {
        self.all += 1;
        if let Some(zone) = zone {
            *self.zones.entry(zone).or_default() += 1;
        }
    }

    fn inside(&self) -> usize {
        self.zones.values().sum()
    }

    /// Whether they were elsewhere than in the zones.
    fn is_away(&self) -> bool {
        self.inside() * FEW < self.all
    }
}

/// What is known of where countries and regions are.
#[derive(Debug, Default)]
pub struct Whereabouts {
    countries: BTreeMap<u32, Seen>,
    regions: BTreeMap<Region, Seen>,
    /// By what the zones call a country of the record.
    called: BTreeMap<u32, String>,
}

impl Whereabouts {
    /// What some events tell, with the zones that their points lie in.
    pub fn of(events: &Events, (list, zones): (&[&Event], &[Option<usize>]), land: &Land) -> Self {
        let mut known = Self::default();
        let exact = list.iter().zip(zones).filter(|(event, _)| event.exactness == Exactness::Exact);
        for (event, zone) in exact.filter(|(event, _)| event.point.is_some()) {
            let country = event.country;
            if !events.countries.name(country).is_empty() {
                known.countries.entry(country).or_default().add(*zone);
            }
            if let Some(name) = event.region {
                known.regions.entry(Region { country, name }).or_default().add(*zone);
            }
        }
        let own: BTreeSet<String> = land.zones.iter().filter_map(country_of).collect();
        for country in list.iter().map(|event| event.country).collect::<BTreeSet<u32>>() {
            let name = folded(events.countries.name(country));
            if own.contains(&name) {
                known.called.insert(country, name);
            }
        }
        // Spelled differently: the country of the zones in which most of its events were.
        let named: BTreeSet<&String> = known.called.values().collect();
        let mut others: Vec<(u32, String)> = Vec::new();
        let unnamed = known.countries.iter().filter(|(country, _)| !known.called.contains_key(country));
        for (country, seen) in unnamed.filter(|(_, seen)| !seen.is_away()) {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            for (zone, count) in &seen.zones {
                if let Some(name) = country_of(&land.zones[*zone]).filter(|name| !named.contains(name)) {
                    *counts.entry(name).or_default() += count;
                }
            }
            let most = counts.values().copied().max();
            others.extend(counts.into_iter().find(|(_, count)| Some(*count) == most).map(|(name, _)| (*country, name)));
        }
        known.called.extend(others);
        known
    }

    /// Whether a country is elsewhere than the zones.
    pub fn is_away(&self, country: u32) -> bool {
        self.countries.get(&country).is_some_and(Seen::is_away)
    }

    /// The zones of a region: those that their file says are in it, or that it is, or else those in which other events of it
    /// were; empty if they are not known, and none if it is elsewhere.
    pub fn zones_of(&self, events: &Events, region: Region, land: &Land) -> Option<Vec<usize>> {
        let seen = self.regions.get(&region);
        if seen.is_some_and(Seen::is_away) {
            return None;
        }
        let away = seen.is_none() && self.is_away(region.country);
        let called = self.called.get(&region.country);
        // Two countries may have regions of one name.
        let may = |zone: &usize| match (country_of(&land.zones[*zone]), called) {
            (Some(own), Some(called)) => own == *called,
            (Some(own), None) => !away && self.called.values().all(|called| *called != own),
            (None, _) => !away,
        };
        let names = names(events.regions.name(region.name));
        let mut zones: Vec<usize> = (0..land.zones.len()).filter(may).collect();
        let said = |zone: &usize| land.zones[*zone].region.as_deref().is_some_and(|own| names.contains(&folded(own)));
        let is = |zone: &usize| names.iter().any(|name| land.zones[*zone].called.contains(name));
        if zones.iter().any(said) {
            zones.retain(said);
        } else {
            // The zones may be the regions.
            zones.retain(is);
        }
        if let (true, Some(seen)) = (zones.is_empty(), seen) {
            // Events near a border may be on its other side.
            let all = seen.inside();
            zones = seen.zones.iter().filter(|(_, count)| **count * FEW >= all).map(|(zone, _)| *zone).collect();
        }
        (!zones.is_empty() || !away).then_some(zones)
    }
}

/// By what a zone calls its country, if it does.
fn country_of(zone: &ZoneLand) -> Option<String> {
    zone.country.as_deref().or(zone.group.as_deref()).map(folded).filter(|name| !name.is_empty())
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
