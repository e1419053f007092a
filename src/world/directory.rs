//! From the names that people write to typed ids.

use super::setting::Setting;
use crate::base::{AccordId, AxisId, CommunityId, EventId, FactionId, Id, UmbrellaId, ZoneId};
use crate::random::DrawKey;
use std::collections::BTreeMap;

/// Ids by name. A *party* is a faction or an umbrella: what a relation, a condition or an accord may name.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    factions: BTreeMap<String, FactionId>,
    umbrellas: BTreeMap<String, (UmbrellaId, Vec<FactionId>)>,
    zones: BTreeMap<String, ZoneId>,
    communities: BTreeMap<String, CommunityId>,
    accords: BTreeMap<String, AccordId>,
    events: BTreeMap<String, (EventId, DrawKey)>,
    axes: BTreeMap<String, AxisId>,
    countries: BTreeMap<String, usize>,
}

fn numbered<'a, I: Id>(names: impl Iterator<Item = &'a str>) -> BTreeMap<String, I> {
    names.enumerate().map(|(index, name)| (name.to_owned(), I::from_index(index))).collect()
}

impl Directory {
    /// The names of a setting, those of splinter slots included.
    pub fn of(setting: &Setting) -> Self {
        Self {
            factions: numbered(setting.factions.values().iter().map(|traits| traits.id.as_str())),
            umbrellas: setting
                .umbrellas
                .iter()
                .map(|(umbrella, traits)| (traits.id.clone(), (umbrella, traits.members.clone())))
                .collect(),
            zones: numbered(setting.zones.values().iter().map(|traits| traits.id.as_str())),
            communities: numbered(setting.communities.values().iter().map(|traits| traits.id.as_str())),
            accords: numbered(setting.accords.values().iter().map(|traits| traits.id.as_str())),
            events: setting.events.iter().map(|(id, event)| (event.id.clone(), (id, event.key))).collect(),
            axes: numbered(setting.axes.iter().map(String::as_str)),
            countries: setting.countries.iter().enumerate().map(|(index, name)| (name.clone(), index)).collect(),
        }
    }

    /// The names of things that are listed in canonical order, before a setting is made of them.
    pub fn listed(factions: &[&str], umbrellas: &[(&str, Vec<&str>)], zones: &[&str], axes: &[String]) -> Self {
        let factions = numbered(factions.iter().copied());
        let umbrellas = umbrellas
            .iter()
            .enumerate()
            .map(|(index, (id, members))| {
                let mut members: Vec<FactionId> =
                    members.iter().filter_map(|member| factions.get(*member).copied()).collect();
                members.sort_unstable();
                ((*id).to_owned(), (UmbrellaId::from_index(index), members))
            })
            .collect();
        Self {
            factions,
            umbrellas,
            zones: numbered(zones.iter().copied()),
            axes: numbered(axes.iter().map(String::as_str)),
            ..Self::default()
        }
    }

    /// The faction of that name.
    pub fn faction(&self, name: &str) -> Option<FactionId> {
        self.factions.get(name).copied()
    }

    /// The umbrella of that name.
    pub fn umbrella(&self, name: &str) -> Option<UmbrellaId> {
        self.umbrellas.get(name).map(|(umbrella, _)| *umbrella)
    }

    /// The factions that a party's name stands for: itself, or the members of the umbrella at the start in order of
    /// faction. Empty if there is no such party.
    pub fn party(&self, name: &str) -> &[FactionId] {
        match (self.factions.get(name), self.umbrellas.get(name)) {
            (Some(faction), _) => std::slice::from_ref(faction),
            (None, Some((_, members))) => members,
            (None, None) => &[],
        }
    }

    /// The zone of that name.
    pub fn zone(&self, name: &str) -> Option<ZoneId> {
        self.zones.get(name).copied()
    }

    /// The community of that name.
    pub fn community(&self, name: &str) -> Option<CommunityId> {
        self.communities.get(name).copied()
    }

    /// The accord of that name.
    pub fn accord(&self, name: &str) -> Option<AccordId> {
        self.accords.get(name).copied()
    }

    /// The scheduled event of that name.
    pub fn event(&self, name: &str) -> Option<EventId> {
        self.events.get(name).map(|(event, _)| *event)
    }

    /// Who the scheduled event of that name is for the random numbers.
    pub fn event_key(&self, name: &str) -> Option<DrawKey> {
        self.events.get(name).map(|(_, key)| *key)
    }

    /// The alignment axis of that name.
    pub fn axis(&self, name: &str) -> Option<AxisId> {
        self.axes.get(name).copied()
    }

    /// The country of that name, as a position in [`Setting::countries`].
    pub fn country(&self, name: &str) -> Option<usize> {
        self.countries.get(name).copied()
    }
}
