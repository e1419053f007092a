//! What people call what the model numbers.

use crate::base::{AccordId, EventId, FactionId, UmbrellaId, ZoneId};
use crate::measure::Group;
use crate::world::Setting;

/// Names for people, of one scenario.
#[derive(Clone, Copy)]
pub struct Names<'a>(pub &'a Setting);

impl<'a> Names<'a> {
    /// A faction's label; a splinter's is its number.
    pub fn faction(&self, faction: FactionId) -> &'a str {
        &self.0.factions[faction].label
    }

    /// An umbrella's label.
    pub fn umbrella(&self, umbrella: UmbrellaId) -> &'a str {
        &self.0.umbrellas[umbrella].label
    }

    /// A faction's or umbrella's label.
    pub fn group(&self, group: Group) -> &'a str {
        match group {
            Group::Faction(faction) | Group::Splinters(faction) => self.faction(faction),
            Group::Umbrella(umbrella) => self.umbrella(umbrella),
        }
    }

    /// A zone's name.
    pub fn zone(&self, zone: ZoneId) -> &'a str {
        &self.0.zones[zone].name
    }

    /// A country's name, by its position.
    pub fn country(&self, country: usize) -> &'a str {
        self.0.countries.get(country).map_or("", String::as_str)
    }

    /// An accord's name.
    pub fn accord(&self, accord: AccordId) -> &'a str {
        &self.0.accords[accord].name
    }

    /// What a scheduled event is, with what had to hold for it to come.
    pub fn event_for(&self, event: EventId) -> String {
        let scheduled = &self.0.events[event];
        let held = scheduled.condition.as_ref().map(|condition| format!(", for {condition}"));
        format!("{}{}", scheduled.name, held.unwrap_or_default())
    }

    /// What a scheduled event is.
    pub fn event(&self, event: EventId) -> &'a str {
        &self.0.events[event].name
    }
}
