//! What a scenario fixes for all runs.

use super::{ClosedBorders, PartyStatus, Past, Stance, World};
use crate::base::{AccordId, Calendar, CellId, CommunityId, EventId, FactionId, Id, PairId, Table, UmbrellaId, ZoneId};
use crate::random::DrawKey;
use std::ops::Range;

/// Who and what there is, where, with which traits, and the world at the start.
#[derive(Clone, Debug)]
pub struct Setting {
    /// When steps begin and end.
    pub calendar: Calendar,
    /// Names of the alignment axes.
    pub axes: Vec<String>,
    /// Factions in canonical order (by draw key text), then the slots kept free for splinters.
    pub factions: Table<FactionId, FactionTraits>,
    /// How many factions stand at the start; the rest are slots for splinters.
    pub founding: usize,
    /// Zones in canonical order.
    pub zones: Table<ZoneId, ZoneTraits>,
    /// Which zones lie next to which, at what cost: the ways of forces, none of which leads to a place of refuge alone.
    pub neighbours: Neighbours,
    /// Communities in canonical order.
    pub communities: Table<CommunityId, CommunityTraits>,
    /// Where each community lives: sorted by zone, then community.
    pub cells: Table<CellId, Cell>,
    /// The most places of refuge that any cell has: the columns of [`World::displaced`].
    pub refuges: usize,
    /// Cells of a zone: `cells_of[z]..cells_of[z + 1]`.
    pub cells_of: Vec<u32>,
    /// Umbrellas in canonical order.
    pub umbrellas: Table<UmbrellaId, UmbrellaTraits>,
    /// Accords in canonical order.
    pub accords: Table<AccordId, AccordTraits>,
    /// Scheduled events, by date and then by draw key.
    pub events: Table<EventId, Scheduled>,
    /// Countries that zones lie in, sorted.
    pub countries: Vec<String>,
    /// The country whose displaced count as internally displaced, as a position in `countries`.
    pub home_country: Option<usize>,
    /// Pairs that something from outside brings to another stance in the middle of a run, each with the step before which it does.
    pub brought: Vec<(u32, (FactionId, FactionId))>,
    /// What is known of pairs' pasts.
    pub past: Table<PairId, Past>,
    /// What fighting cost in the year before the start: deaths, by the pairs that they are of.
    pub fought: Vec<(Vec<PairId>, f64)>,
    /// Civilians whom each faction killed in the year before the start, where that is known.
    pub attacked: Vec<(FactionId, f64)>,
    /// The world at the start.
    pub initial: World,
}

/// What a place of some strategic value is worth to who has a claim on it: 0 or more.
#[inline]
pub fn worth(strategic_value: f64, claim: f64) -> f64 {
    (strategic_value + claim).max(0.0)
}

impl Setting {
    /// What a zone is worth to a faction: its strategic value and the claim on it.
    #[inline]
    pub fn worth(&self, world: &World, zone: ZoneId, faction: FactionId) -> f64 {
        worth(self.zones[zone].strategic_value, world.claim[(zone, faction)])
    }

    /// Whether one can go from a zone to another with some borders closed: not if one lies between their countries.
    #[inline]
    pub fn is_open(&self, borders: &ClosedBorders, from: ZoneId, to: ZoneId) -> bool {
        borders.are_open(self.zones[from].country, self.zones[to].country)
    }

    /// The cells of a zone.
    pub fn cells_in(&self, zone: ZoneId) -> impl Iterator<Item = CellId> + use<> {
        (self.cells_of[zone.index()]..self.cells_of[zone.index() + 1]).map(CellId)
    }

    /// The positions of the cells of a zone, which follow each other.
    pub fn cells_at(&self, zone: ZoneId) -> Range<usize> {
        self.cells_of[zone.index()] as usize..self.cells_of[zone.index() + 1] as usize
    }
}

/// What does not change about a faction.
#[derive(Clone, Debug)]
pub struct FactionTraits {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Label on charts.
    pub label: String,
    /// Colour on charts, as `#rrggbb`, if the scenario gives one.
    pub colour: Option<String>,
    /// Who it is for the random numbers. For a splinter slot, not used: see [`World::key`].
    pub key: DrawKey,
}

/// What does not change about a zone.
#[derive(Clone, Debug)]
pub struct ZoneTraits {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Its country, as a position in [`Setting::countries`].
    pub country: usize,
    /// Who it is for the random numbers.
    pub key: DrawKey,
    /// Longitude and latitude, degrees.
    pub position: [f64; 2],
    /// People whose home it is.
    pub population: f64,
    /// Weekly revenue for those in control, in fighters kept.
    pub revenue: f64,
    /// How much factions want it, 0 to 1.
    pub strategic_value: f64,
    /// How rugged it is, 0 to 1.
    pub ruggedness: f64,
    /// Whether it is a place of refuge alone, to which no way for forces leads.
    pub refuge: bool,
}

/// What does not change about a community.
#[derive(Clone, Debug)]
pub struct CommunityTraits {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Position per axis, -1 to 1.
    pub alignment: Vec<f64>,
    /// How much each axis matters, 0 or more.
    pub salience: Vec<f64>,
    /// All its people, displaced ones included.
    pub people: f64,
}

/// The part of one community whose home is one zone.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Which community.
    pub community: CommunityId,
    /// Which zone.
    pub zone: ZoneId,
    /// Share of the zone's people.
    pub share: f64,
    /// Where its people flee to, with how much each place draws (gravity: people there over travel cost squared,
    /// relative to the strongest). At most [`Setting::refuges`] places.
    pub refuges: Vec<(ZoneId, f64)>,
}

/// Which zones lie next to which.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    /// Neighbours of zone z: `entries[first[z]..first[z + 1]]`.
    pub first: Vec<u32>,
    /// A neighbour and the travel cost to it (1 is about 100 km of plain).
    pub entries: Vec<(ZoneId, f64)>,
}

impl Neighbours {
    /// The neighbours of a zone with the travel cost to each.
    #[inline]
    pub fn of(&self, zone: ZoneId) -> &[(ZoneId, f64)] {
        &self.entries[self.first[zone.index()] as usize..self.first[zone.index() + 1] as usize]
    }

    /// The neighbours of a zone with the weight of each, from a list with one weight per entry.
    #[inline]
    pub fn weighted<'a>(&'a self, zone: ZoneId, weights: &'a [f64]) -> impl Iterator<Item = (ZoneId, f64)> + 'a {
        let range = self.first[zone.index()] as usize..self.first[zone.index() + 1] as usize;
        self.entries[range.clone()].iter().zip(&weights[range]).map(|((neighbour, _), weight)| (*neighbour, *weight))
    }
}

/// What does not change about an umbrella.
#[derive(Clone, Debug)]
pub struct UmbrellaTraits {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Label on charts.
    pub label: String,
    /// Who it is for the random numbers.
    pub key: DrawKey,
    /// The members at the start.
    pub members: Vec<FactionId>,
    /// The member that leads at the start.
    pub leader: FactionId,
}

/// What does not change about an accord.
#[derive(Clone, Debug)]
pub struct AccordTraits {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Who it is for the random numbers.
    pub key: DrawKey,
    /// The parties, in order of faction, with their status at the start.
    pub parties: Vec<(FactionId, PartyStatus)>,
    /// Who guarantees it.
    pub guarantor: Option<FactionId>,
    /// Who mediates it.
    pub mediator: Option<FactionId>,
}

/// How likely an event is to come to pass between its first and its last step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Likelihood {
    /// With this chance, 0 to 1, on a step that is as likely as any other.
    Once(f64),
    /// When it first comes at this rate per step, 0 or more.
    Rate(f64),
    /// With this chance, 0 to 1, on the first step on which its condition holds.
    First(f64),
}

impl Likelihood {
    /// Whether it can come to pass at all.
    pub fn is_possible(self) -> bool {
        let (Self::Once(level) | Self::Rate(level) | Self::First(level)) = self;
        level > 0.0
    }
}

/// An event of the schedule.
#[derive(Clone, Debug)]
pub struct Scheduled {
    /// Short name.
    pub id: String,
    /// What it is, for people.
    pub name: String,
    /// Who it is for the random numbers.
    pub key: DrawKey,
    /// The first step on which it may fall due.
    pub step: u32,
    /// The last; the same for an event of one day.
    pub last: u32,
    /// The first day on which it may fall due, by its number from 0 on, and on how many it may; 0 where the file names no days.
    pub days: (u32, u32),
    /// How long the time is in which it may come, in whole steps and parts of one.
    pub window: f64,
    /// How likely it is.
    pub chance: Likelihood,
    /// What must hold for it to come, in words, if anything must.
    pub condition: Option<String>,
    /// What it does.
    pub effect: ScheduledEffect,
    /// What it was up to a step, where that was otherwise.
    pub changed: Option<Box<ChangedEvent>>,
}

/// An event that is otherwise from a moment of a run on.
#[derive(Clone, Debug)]
pub struct ChangedEvent {
    /// The first step of which it is otherwise.
    pub from: u32,
    /// What it was before.
    pub was: Scheduled,
}

/// What an event of the schedule does, with names resolved.
#[derive(Clone, Debug)]
pub enum ScheduledEffect {
    /// A force leaves over so many steps (at least 1).
    Leave {
        /// Who.
        faction: FactionId,
        /// Over how many steps.
        steps: u32,
        /// From where; from everywhere if empty.
        zones: Vec<ZoneId>,
    },
    /// Forces come from elsewhere, with the means to stay.
    Arrive {
        /// Whose.
        faction: FactionId,
        /// How many, by zone.
        fighters: Vec<(ZoneId, f64)>,
    },
    /// Fighters are multiplied.
    Scale {
        /// Whose.
        faction: FactionId,
        /// By how much.
        factor: f64,
    },
    /// Outside income changes.
    Income {
        /// Whose.
        faction: FactionId,
        /// The new income, in fighters kept.
        amount: f64,
    },
    /// An umbrella's members merge.
    Merge {
        /// Which.
        umbrella: UmbrellaId,
    },
    /// Mediation of an accord is active for a time.
    Mission {
        /// Which accord.
        accord: AccordId,
        /// For how many steps.
        steps: u32,
        /// What it adds to the accord's health.
        health: f64,
    },
    /// Parties' status in an accord changes.
    AccordStatus {
        /// Which accord.
        accord: AccordId,
        /// Which parties.
        parties: Vec<FactionId>,
        /// The new status.
        status: PartyStatus,
    },
    /// An accord is put to its parties.
    Propose {
        /// Which.
        accord: AccordId,
    },
    /// Factions become ready to talk.
    OpenDialogue {
        /// The pairs that talk from now on whenever they meet.
        pairs: Vec<(FactionId, FactionId)>,
    },
    /// Factions stand otherwise.
    Stance {
        /// Who with whom.
        pairs: Vec<(FactionId, FactionId)>,
        /// Where they stand from now on, in public.
        to: Stance,
    },
    /// Factions do not fight each other for a time.
    Truce {
        /// Who with whom.
        pairs: Vec<(FactionId, FactionId)>,
        /// For how many steps.
        steps: u32,
    },
    /// Somebody else leads a faction: what it has always been to others is drawn anew, and how readily it seeks contact and
    /// attacks.
    Leader {
        /// Which.
        faction: FactionId,
    },
    /// A faction's dependence on a sponsor changes.
    Sponsor {
        /// Whose.
        faction: FactionId,
        /// On whom.
        sponsor: FactionId,
        /// How much it is from now on, 0 to 1.
        dependence: f64,
    },
    /// The fighting quality of a faction is multiplied.
    Arms {
        /// Whose.
        faction: FactionId,
        /// By how much.
        factor: f64,
    },
    /// A border closes or opens.
    Border {
        /// The two countries, as positions in [`Setting::countries`].
        between: [usize; 2],
        /// Whether it is open from now on.
        open: bool,
    },
    /// Hostility changes.
    Hostility {
        /// Whose towards whom.
        pairs: Vec<(FactionId, FactionId)>,
        /// By how much.
        change: f64,
    },
}
