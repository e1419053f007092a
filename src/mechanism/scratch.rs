//! What the mechanisms of a step share and make anew each time: no part of the world's state.

use super::draws::Draws;
use super::histories::Histories;
use crate::base::maths::exp;
use crate::base::{AxisId, CommunityId, EventId, FactionId, Id, Matrix, Table, ZoneId};
use crate::world::{ClosedBorders, Setting, Stance, World, find_blocs, weighted_distance};
use std::sync::Arc;

/// Draws and reusable memory of one thread. What it holds between steps never changes a result.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// The draws of the replicate at hand.
    pub draws: Draws,
    /// Where pairs of the start come from.
    pub histories: Arc<Histories>,
    /// Whether the condition of each event holds, as at the end of the step before; true where there is none.
    pub holds: Table<EventId, bool>,
    /// Share of all that threatens the row which comes from the column; sums to less than 1 per row.
    pub threat: Matrix<FactionId, FactionId, f64>,
    /// How friendly the row is seen to be to the column, -1 to 1, by those outside the pair; 0 on the diagonal.
    pub claimed_valence: Matrix<FactionId, FactionId, f64>,
    /// Share of all fighters.
    pub weight: Table<FactionId, f64>,
    /// The sum of `weight`.
    pub weight_of_all: f64,
    /// The bloc of each faction, named by its lowest member.
    pub bloc: Table<FactionId, FactionId>,
    /// Fighters in each bloc, by its name.
    pub bloc_strength: Table<FactionId, f64>,
    /// How many factions are in each bloc, by its name.
    pub bloc_size: Table<FactionId, u32>,
    /// Believed strength of those with whom a faction is at war, as far as they meet.
    pub enemies: Table<FactionId, f64>,
    /// Readiness of a pair to fight where it meets: posture, aggression and hostility; 0 where there is peace.
    pub readiness: Matrix<FactionId, FactionId, f64>,
    /// Factions with at least one fighter in each zone: `present[first[z]..first[z + 1]]`. What comes after the last
    /// of these means nothing.
    pub present: Vec<FactionId>,
    /// Square root of each one's fighters there, in the same order.
    pub roots: Vec<f64>,
    /// Peacekeepers in each zone, by how well they keep the peace.
    pub keepers: Table<ZoneId, f64>,
    /// Where each zone's list begins.
    pub first: Vec<u32>,
    /// Deaths of this step per zone.
    pub deaths: Table<ZoneId, f64>,
    /// How much those of each zone are alarmed who flee this step: 1 when it has fallen, half when it is besieged.
    pub alarm: Table<ZoneId, f64>,
    /// Memory for how dangerous each zone is.
    pub danger: Vec<f64>,
    /// Memory for how much each place of refuge draws.
    pub pulls: Vec<f64>,
    /// How much of a neighbouring force counts, per entry of [`Setting::neighbours`].
    pub edge_reach: Vec<f64>,
    /// Share of the people at home in each zone who support each faction, as of the last review.
    pub following: Matrix<ZoneId, FactionId, f64>,
    /// What each faction has within reach of each zone, less the farther it is.
    pub massed: Matrix<ZoneId, FactionId, f64>,
    /// Zones within reach of each, itself included, with how much a force there counts:
    /// `near[first_near[z]..first_near[z + 1]]`.
    pub near: Vec<(ZoneId, f64)>,
    /// Where each zone's list begins.
    pub first_near: Vec<u32>,
    /// How easily forces move to a neighbour, per entry of [`Setting::neighbours`].
    pub edge_travel: Vec<f64>,
    /// The travel costs that these rest on.
    distances: Distances,
    /// The borders that were closed when these were found.
    borders: ClosedBorders,
    /// Memory for sums per zone and faction.
    pub zone_sums: Matrix<ZoneId, FactionId, f64>,
    /// Memory for changes per zone and faction.
    pub zone_changes: Matrix<ZoneId, FactionId, f64>,
    /// How a community likes a faction's position, in odds.
    pub appeal: Matrix<CommunityId, FactionId, f64>,
    /// Memory for where each faction stands on each axis.
    pub positions: Matrix<FactionId, AxisId, f64>,
    /// Distance of each community to each faction, as the community weighs the axes, 0 to 1: of the positions in `placed`.
    pub estrangement: Matrix<CommunityId, FactionId, f64>,
    placed: Matrix<FactionId, AxisId, f64>,
    /// Memory for a list of factions.
    pub movers: Vec<FactionId>,
    /// Memory for a list of factions, each with whether it is there.
    pub candidates: Vec<(FactionId, bool)>,
    /// Memory for odds per faction.
    pub standing: Vec<f64>,
    /// Memory for the largest value per faction.
    pub most: Vec<f64>,
    /// Memory for shares per zone.
    pub shares: Vec<f64>,
    /// Memory for weights per faction.
    pub weights: Vec<f64>,
    /// Memory for target values per faction.
    pub targets: Table<FactionId, f64>,
    /// Memory for changes per pair of factions.
    pub changes: Matrix<FactionId, FactionId, f64>,
}

/// Travel costs at which what is elsewhere counts as 1/e of what is on the spot.
#[derive(Clone, Copy, Debug)]
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

impl Scratch {
    /// Memory for runs in a setting.
    pub(super) fn with(setting: &Setting, distances: Distances, histories: Arc<Histories>) -> Self {
        let factions = setting.factions.len();
        let zones = setting.zones.len();
        let mut scratch = Self {
            draws: Draws::new(setting),
            histories,
            holds: Table::filled(setting.events.len(), true),
            threat: Matrix::filled(factions, factions, 0.0),
            claimed_valence: Matrix::filled(factions, factions, 0.0),
            weight: Table::filled(factions, 0.0),
            weight_of_all: 0.0,
            bloc: Table::filled(factions, FactionId(0)),
            bloc_strength: Table::filled(factions, 0.0),
            bloc_size: Table::filled(factions, 0),
            enemies: Table::filled(factions, 0.0),
            readiness: Matrix::filled(factions, factions, 0.0),
            present: vec![FactionId(0); zones * factions],
            roots: vec![0.0; zones * factions],
            keepers: Table::filled(zones, 0.0),
            first: vec![0; zones + 1],
            deaths: Table::filled(zones, 0.0),
            alarm: Table::filled(zones, 0.0),
            danger: vec![0.0; zones],
            pulls: vec![0.0; setting.refuges],
            edge_reach: Vec::new(),
            following: Matrix::filled(zones, factions, 0.0),
            massed: Matrix::filled(zones, factions, 0.0),
            near: Vec::new(),
            first_near: Vec::new(),
            edge_travel: Vec::new(),
            distances,
            borders: setting.initial.borders.clone(),
            zone_sums: Matrix::filled(zones, factions, 0.0),
            zone_changes: Matrix::filled(zones, factions, 0.0),
            appeal: Matrix::filled(setting.communities.len(), factions, 0.0),
            positions: setting.initial.alignment.clone(),
            estrangement: Matrix::filled(setting.communities.len(), factions, 0.0),
            placed: setting.initial.alignment.clone(),
            candidates: Vec::with_capacity(factions),
            standing: vec![0.0; factions],
            most: vec![0.0; factions],
            movers: Vec::with_capacity(factions),
            shares: Vec::with_capacity(zones),
            weights: vec![0.0; factions],
            targets: Table::filled(factions, 0.0),
            changes: Matrix::filled(factions, factions, 0.0),
        };
        scratch.find_ways(setting);
        scratch.find_estrangement(setting, &setting.initial);
        scratch
    }

    /// Brings `estrangement` up to date, if positions have changed since it was last found, and the ways between zones, if
    /// borders have. Positions do so at reviews, in mergers and in splits, and both are compared rather than trusted: a
    /// world may come from anywhere.
    pub fn refresh(&mut self, setting: &Setting, world: &World) {
        if self.borders != world.borders {
            self.borders.clone_from(&world.borders);
            self.find_ways(setting);
        }
        if self.placed != world.alignment {
            self.find_estrangement(setting, world);
        }
    }

    /// Finds how easily one gets from zone to zone: not at all across a closed border.
    fn find_ways(&mut self, setting: &Setting) {
        let Self { distances, borders, edge_reach, edge_travel, .. } = self;
        for (list, distance) in [(edge_reach, distances.threat), (edge_travel, distances.travel)] {
            list.clear();
            for zone in setting.zones.ids() {
                list.extend(setting.neighbours.of(zone).iter().map(|(neighbour, cost)| {
                    if setting.is_open(borders, zone, *neighbour) { exp(-cost / distance) } else { 0.0 }
                }));
            }
        }
        (self.near, self.first_near) = within_reach(setting, borders, distances.mass, distances.farthest);
    }

    fn find_estrangement(&mut self, setting: &Setting, world: &World) {
        self.placed.clone_from(&world.alignment);
        for (community, traits) in setting.communities.iter() {
            for (faction, distance) in world.alive.ids().zip(self.estrangement.row_mut(community)) {
                *distance = weighted_distance(&traits.alignment, world.alignment.row(faction), &traits.salience);
            }
        }
    }

    /// Turns to a replicate of an experiment with a master seed.
    pub fn begin(&mut self, seed: u64, replicate: u64) {
        self.draws.begin(seed, replicate);
    }

    /// The factions with at least one fighter in a zone, as of the last [`Scratch::list_present`].
    #[inline]
    pub fn present_in(&self, zone: ZoneId) -> std::ops::Range<usize> {
        self.first[zone.index()] as usize..self.first[zone.index() + 1] as usize
    }

    /// Lists who is where.
    pub fn list_present(&mut self, setting: &Setting, world: &World) {
        let mut count = 0;
        let factions = world.factions().max(1);
        for (first, row) in self.first.iter_mut().zip(world.presence.values().chunks_exact(factions)) {
            *first = count as u32;
            for (part, fighters) in row.chunks(64).enumerate() {
                // One bit per faction first: few are anywhere, and a loop over bits has fewer branches to guess.
                let there = |bits, (place, force): (usize, &f64)| bits | u64::from(*force >= 1.0) << place;
                let mut bits = fighters.iter().enumerate().fold(0, there);
                while bits != 0 {
                    let place = bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    self.present[count] = FactionId::from_index(64 * part + place);
                    self.roots[count] = fighters[place];
                    count += 1;
                }
            }
        }
        self.first[setting.zones.len()] = count as u32;
        for root in &mut self.roots[..count] {
            *root = root.sqrt();
        }
        self.keepers.values_mut().fill(0.0);
        for (keeper, character) in world.character.iter().filter(|(_, character)| character.peacekeeping > 0.0) {
            for (zone, keepers) in self.keepers.iter_mut() {
                let fighters = world.presence[(zone, keeper)];
                if fighters >= 1.0 {
                    *keepers += character.peacekeeping * fighters;
                }
            }
        }
    }

    /// Groups factions into blocs: connected under alliance, secret or not.
    pub fn find_blocs(&mut self, world: &World) {
        find_blocs(world, Stance::Alliance, |faction| world.alive[faction], &mut self.bloc);
        self.bloc_strength.values_mut().fill(0.0);
        self.bloc_size.values_mut().fill(0);
        for (faction, bloc) in self.bloc.iter() {
            self.bloc_size[*bloc] += 1;
            self.bloc_strength[*bloc] += world.strength[faction];
        }
    }
}

/// The zones within a travel cost of each, with how much a force there counts: 1/e at `distance`. By Dijkstra (1959), from
/// each zone as far as `farthest`.
fn within_reach(
    setting: &Setting,
    borders: &ClosedBorders,
    distance: f64,
    farthest: f64,
) -> (Vec<(ZoneId, f64)>, Vec<u32>) {
    let (mut near, mut first) = (Vec::new(), vec![0]);
    let mut way = Table::filled(setting.zones.len(), f64::INFINITY);
    for zone in setting.zones.ids() {
        let mut open = vec![zone];
        let mut reached = Vec::new();
        way[zone] = 0.0;
        while let Some(place) = (0..open.len()).min_by(|a, b| way[open[*a]].total_cmp(&way[open[*b]])) {
            let closest = open.swap_remove(place);
            reached.push(closest);
            let ways = setting.neighbours.of(closest).iter();
            for (neighbour, cost) in ways.filter(|(neighbour, _)| setting.is_open(borders, closest, *neighbour)) {
                let through = way[closest] + cost;
                if through <= farthest && through < way[*neighbour] {
                    if !open.contains(neighbour) {
                        open.push(*neighbour);
                    }
                    way[*neighbour] = through;
                }
            }
        }
        reached.sort_unstable();
        for other in reached {
            near.push((other, exp(-way[other] / distance)));
            way[other] = f64::INFINITY;
        }
        first.push(near.len() as u32);
    }
    (near, first)
}
