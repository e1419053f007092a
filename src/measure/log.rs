//! The event log: what happened, as rows of numbers that stand for names.

use super::{EventKind, EventRow, LogNames};
use crate::base::{AccordId, EventId, FactionId, Id, UmbrellaId, ZoneId};
use crate::world::{Happening, HappeningKind, PartyStatus, Setting, Stance};

const OUTCOMES: [&str; 2] = ["failed", "held"];

/// The words of a setting's event log, and the number of each.
#[derive(Clone, Debug)]
pub struct LogWords {
    /// The words.
    pub names: LogNames,
    umbrellas: u32,
    accords: u32,
    zones: u32,
    events: u32,
    stances: u32,
    statuses: u32,
    outcomes: u32,
}

impl LogWords {
    /// The words of a setting.
    pub fn new(setting: &Setting) -> Self {
        let mut names: Vec<String> = setting.factions.values().iter().map(|traits| traits.id.clone()).collect();
        let mut add = |list: Vec<String>| {
            let first = names.len() as u32;
            names.extend(list);
            first
        };
        let umbrellas = add(setting.umbrellas.values().iter().map(|traits| traits.id.clone()).collect());
        let accords = add(setting.accords.values().iter().map(|traits| traits.id.clone()).collect());
        let zones = add(setting.zones.values().iter().map(|traits| traits.id.clone()).collect());
        let events = add(setting.events.values().iter().map(|event| event.id.clone()).collect());
        let stances = add(Stance::ALL.map(|stance| stance.word().to_owned()).into());
        let statuses = add(PartyStatus::ALL.map(|status| status.word().to_owned()).into());
        let outcomes = add(OUTCOMES.map(str::to_owned).into());
        Self { names: LogNames(names), umbrellas, accords, zones, events, stances, statuses, outcomes }
    }

    /// The number of a faction's id.
    pub fn faction(&self, faction: FactionId) -> u32 {
        faction.0
    }

    /// The number of an umbrella's id.
    pub fn umbrella(&self, umbrella: UmbrellaId) -> u32 {
        self.umbrellas + umbrella.0
    }

    fn accord(&self, accord: AccordId) -> u32 {
        self.accords + accord.0
    }

    fn zone(&self, zone: ZoneId) -> u32 {
        self.zones + zone.0
    }

    /// The number of a scheduled event's id.
    pub fn event(&self, event: EventId) -> u32 {
        self.events + event.index() as u32
    }

    fn stance(&self, stance: Stance) -> u32 {
        self.stances + stance as u32
    }

    fn status(&self, status: PartyStatus) -> u32 {
        self.statuses + status as u32
    }

    /// A happening as a row of the log.
    pub fn row(&self, step: u32, happening: &Happening) -> EventRow {
        let row =
            |kind, who: u32| EventRow { step, kind, who, other: None, from: None, to: None, public: happening.public };
        let pair = |kind, (who, other): (FactionId, FactionId)| EventRow {
            other: Some(self.faction(other)),
            ..row(kind, self.faction(who))
        };
        match happening.kind {
            HappeningKind::Event { event, held } => {
                EventRow { to: Some(self.outcomes + u32::from(held)), ..row(EventKind::Event, self.event(event)) }
            }
            HappeningKind::TalksOpened { between, goal } => {
                EventRow { to: Some(self.stance(goal)), ..pair(EventKind::TalksOpened, between) }
            }
            HappeningKind::TalksEnded { between, goal } => {
                EventRow { to: Some(self.stance(goal)), ..pair(EventKind::TalksEnded, between) }
            }
            HappeningKind::Leaked { between, about } => {
                EventRow { to: Some(self.stance(about)), ..pair(EventKind::Leaked, between) }
            }
            HappeningKind::StanceChanged { between, from, to } => EventRow {
                from: Some(self.stance(from)),
                to: Some(self.stance(to)),
                ..pair(EventKind::StanceChanged, between)
            },
            HappeningKind::Upheaval { between } => pair(EventKind::Upheaval, between),
            HappeningKind::Offensive { attacker, defender, zone } => {
                EventRow { to: Some(self.zone(zone)), ..pair(EventKind::Offensive, (attacker, defender)) }
            }
            HappeningKind::Siege { attacker, defender, zone } => {
                EventRow { to: Some(self.zone(zone)), ..pair(EventKind::Siege, (attacker, defender)) }
            }
            HappeningKind::Repelled { attacker, defender, zone } => {
                EventRow { to: Some(self.zone(zone)), ..pair(EventKind::Repelled, (attacker, defender)) }
            }
            HappeningKind::Succession { faction } => row(EventKind::Succession, self.faction(faction)),
            HappeningKind::Takeover { faction, umbrella } => {
                EventRow { to: Some(self.umbrella(umbrella)), ..row(EventKind::Takeover, self.faction(faction)) }
            }
            HappeningKind::Defection { from, to, zone } => {
                EventRow { to: Some(self.zone(zone)), ..pair(EventKind::Defection, (from, to)) }
            }
            HappeningKind::CutOff { sponsor, client } => pair(EventKind::CutOff, (sponsor, client)),
            HappeningKind::Merged { absorbed, into, umbrella } => EventRow {
                to: umbrella.map(|umbrella| self.umbrella(umbrella)),
                ..pair(EventKind::Merged, (absorbed, into))
            },
            HappeningKind::LeftUmbrella { faction, umbrella } => {
                EventRow { from: Some(self.umbrella(umbrella)), ..row(EventKind::LeftUmbrella, self.faction(faction)) }
            }
            HappeningKind::Split { from, splinter } => pair(EventKind::Split, (from, splinter)),
            HappeningKind::AccordStatus { accord, party, from, to } => EventRow {
                other: Some(self.accord(accord)),
                from: Some(self.status(from)),
                to: Some(self.status(to)),
                ..row(EventKind::AccordStatus, self.faction(party))
            },
            HappeningKind::ControlChanged { zone, from, to } => EventRow {
                from: from.map(|faction| self.faction(faction)),
                to: to.map(|faction| self.faction(faction)),
                ..row(EventKind::ControlChanged, self.zone(zone))
            },
            HappeningKind::Gone { faction } => row(EventKind::Gone, self.faction(faction)),
        }
    }
}
