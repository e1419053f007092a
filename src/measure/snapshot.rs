//! What measures and conditions have in common, worked out once per moment.

use super::{Blocs, Group};
use crate::base::row::sums_of_rows;
use crate::base::{CellId, FactionId, Id, Table, UmbrellaId, ZoneId};
use crate::world::{Setting, Stance, World};

/// One moment, summed up. Made once per run and filled anew at every moment, without allocation.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Weight of each zone in territory: its strategic value as a share of all.
    zone_weight: Vec<f64>,
    /// Weight of each cell in support: its people as a share of all.
    cell_weight: Vec<f64>,
    /// Per country: the entries of the table of displaced people who are there; none for the country where most are.
    refuges_in: Vec<Vec<u32>>,
    /// The country where most of these entries are.
    most_refuges: usize,
    /// The living members of each faction's and of each umbrella's group, and each faction's living splinters, one group
    /// after the other.
    members: Vec<FactionId>,
    /// Of whom they were listed.
    listed: Option<Membership>,
    /// Where each group's members begin: factions first, then umbrellas, then splinters, then the end.
    first: Vec<u32>,
    /// The blocs.
    pub blocs: Blocs,
    /// Share of all control, weighted by strategic value, per faction.
    pub territory: Vec<f64>,
    /// Displaced people per country.
    pub displaced: Vec<f64>,
    /// The start, in the snapshot of a later moment.
    start: Option<Box<Snapshot>>,
}

/// All that decides who is a member of which group.
#[derive(Clone, Debug, PartialEq)]
struct Membership {
    alive: Table<FactionId, bool>,
    umbrella: Table<FactionId, Option<UmbrellaId>>,
    absorbed_into: Table<FactionId, Option<FactionId>>,
    splinter_of: Table<FactionId, Option<FactionId>>,
    merged: Table<UmbrellaId, Option<FactionId>>,
}

impl Membership {
    fn of(world: &World) -> Self {
        Self {
            alive: world.alive.clone(),
            umbrella: world.umbrella.clone(),
            absorbed_into: world.absorbed_into.clone(),
            splinter_of: world.splinter_of.clone(),
            merged: world.merged.clone(),
        }
    }

    fn is_of(&self, world: &World) -> bool {
        self.alive == world.alive
            && self.umbrella == world.umbrella
            && self.absorbed_into == world.absorbed_into
            && self.splinter_of == world.splinter_of
            && self.merged == world.merged
    }
}

impl Snapshot {
    /// Room for the moments of runs in a setting.
    pub fn new(setting: &Setting) -> Self {
        let mut start = Self::blank(setting);
        start.take(setting, &setting.initial);
        Self { start: Some(Box::new(start)), ..Self::blank(setting) }
    }

    /// The start, summed up; none for the start itself.
    pub fn start(&self) -> Option<&Self> {
        self.start.as_deref()
    }

    fn blank(setting: &Setting) -> Self {
        let shares = |weights: Vec<f64>| -> Vec<f64> {
            let sum: f64 = weights.iter().sum();
            let even = 1.0 / weights.len().max(1) as f64;
            weights.iter().map(|weight| if sum > 0.0 { weight / sum } else { even }).collect()
        };
        let mut refuges_in = vec![Vec::new(); setting.countries.len()];
        for (cell, traits) in setting.cells.iter() {
            for (refuge, (zone, _)) in traits.refuges.iter().enumerate() {
                refuges_in[setting.zones[*zone].country].push((cell.index() * setting.refuges + refuge) as u32);
            }
        }
        let most_refuges = (0..refuges_in.len()).max_by_key(|country| refuges_in[*country].len()).unwrap_or(0);
        if let Some(entries) = refuges_in.get_mut(most_refuges) {
            entries.clear();
        }
        Self {
            zone_weight: shares(setting.zones.values().iter().map(|zone| zone.strategic_value).collect()),
            cell_weight: shares(
                setting.cells.values().iter().map(|cell| cell.share * setting.zones[cell.zone].population).collect(),
            ),
            displaced: vec![0.0; refuges_in.len()],
            refuges_in,
            most_refuges,
            listed: None,
            members: Vec::with_capacity(2 * setting.factions.len()),
            first: Vec::with_capacity(2 * setting.factions.len() + setting.umbrellas.len() + 1),
            blocs: Blocs::default(),
            territory: vec![0.0; setting.factions.len()],
            start: None,
        }
    }

    /// Looks at a moment.
    pub fn take(&mut self, setting: &Setting, world: &World) {
        self.blocs.find(world, Stance::Alliance);
        self.list_members(setting, world);
        self.territory.fill(0.0);
        let factions = self.territory.len().max(1);
        for (row, weight) in world.control.values().chunks_exact(factions).zip(&self.zone_weight) {
            for (sum, share) in self.territory.iter_mut().zip(row) {
                *sum += weight * share;
            }
        }
        self.count_displaced(world);
    }

    fn count_displaced(&mut self, world: &World) {
        let displaced = world.displaced.values();
        let mut elsewhere = 0.0;
        for (sum, entries) in self.displaced.iter_mut().zip(&self.refuges_in) {
            *sum = entries.iter().fold(0.0, |sum, entry| sum + displaced[*entry as usize]);
            elsewhere += *sum;
        }
        // All of them, cell by cell, are summed faster than most of them one by one.
        if let Some(most) = self.displaced.get_mut(self.most_refuges) {
            let mut all = 0.0;
            sums_of_rows(displaced, world.displaced.columns(), |of_cell| all += of_cell);
            *most = (all - elsewhere).max(0.0);
        }
    }

    fn list_members(&mut self, setting: &Setting, world: &World) {
        if self.listed.as_ref().is_some_and(|listed| listed.is_of(world)) {
            return;
        }
        self.listed = Some(Membership::of(world));
        self.members.clear();
        self.first.clear();
        let groups = setting.factions.ids().map(Group::Faction).chain(setting.umbrellas.ids().map(Group::Umbrella));
        for group in groups {
            self.first.push(self.members.len() as u32);
            self.members.extend(group.members(setting, world));
        }
        let any = world.splinter_of.values().iter().any(Option::is_some);
        for faction in setting.factions.ids() {
            self.first.push(self.members.len() as u32);
            if any {
                self.members.extend(Group::Splinters(faction).members(setting, world));
            }
        }
        self.first.push(self.members.len() as u32);
    }

    /// The living factions that a group is at this moment.
    #[inline]
    pub fn members(&self, group: Group) -> &[FactionId] {
        let place = match group {
            Group::Faction(faction) => faction.index(),
            Group::Umbrella(umbrella) => self.territory.len() + umbrella.index(),
            // The end counts as one more.
            Group::Splinters(faction) => self.first.len() - 1 - self.territory.len() + faction.index(),
        };
        &self.members[self.first[place] as usize..self.first[place + 1] as usize]
    }

    /// Share of the people of some cells who support any of some factions, 0 to 1.
    pub fn support(
        &self,
        setting: &Setting,
        world: &World,
        counts: impl Fn(CellId) -> bool,
        backed: &[FactionId],
    ) -> f64 {
        let (mut sum, mut weight) = (0.0, 0.0);
        for cell in setting.cells.ids().filter(|cell| counts(*cell)) {
            let row = world.support.row(cell);
            let share = backed.iter().fold(0.0, |sum, faction| sum + row[faction.index()]);
            sum += self.cell_weight[cell.index()] * share;
            weight += self.cell_weight[cell.index()];
        }
        if weight > 0.0 { sum / weight } else { 0.0 }
    }

    /// Displaced people who are in a zone.
    pub fn displaced_in(setting: &Setting, world: &World, zone: ZoneId) -> f64 {
        let mut sum = 0.0;
        for (cell, traits) in setting.cells.iter() {
            for ((refuge, _), people) in traits.refuges.iter().zip(world.displaced.row(cell)) {
                if *refuge == zone {
                    sum += people;
                }
            }
        }
        sum
    }

    /// The strongest living member of a group, the lowest of equals.
    pub fn strongest(&self, world: &World, group: Group) -> Option<FactionId> {
        self.members(group)
            .iter()
            .copied()
            .reduce(|best, member| if world.strength[member] > world.strength[best] { member } else { best })
    }
}
