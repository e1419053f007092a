//! What the mechanisms of a step share and make anew each time: no part of the world's state.

use super::behaviour::Behaviour;
use super::draws::Draws;
use crate::base::maths::exp;
use crate::base::{CommunityId, FactionId, Id, Matrix, PairId, Table, ZoneId};
use crate::world::{Setting, Stance, World};

/// Draws and reusable memory of one thread. What it holds between steps never changes a result.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// The draws of the replicate at hand.
    pub draws: Draws,
    /// Share of all that threatens the row which comes from the column; sums to less than 1 per row.
    pub threat: Matrix<FactionId, FactionId, f64>,
    /// How friendly the row is seen to be to the column, -1 to 1, by those outside the pair; 0 on the diagonal.
    pub claimed_valence: Matrix<FactionId, FactionId, f64>,
    /// Share of all fighters.
    pub weight: Table<FactionId, f64>,
    /// The bloc of each faction, named by its lowest member.
    pub bloc: Table<FactionId, FactionId>,
    /// Fighters in each bloc, by its name.
    pub bloc_strength: Table<FactionId, f64>,
    /// How many factions are in each bloc, by its name.
    pub bloc_size: Table<FactionId, u32>,
    /// Believed strength of those with whom a faction is at war, as far as they meet.
    pub enemies: Table<FactionId, f64>,
    /// Readiness of a pair to fight where it meets: posture, aggression and hostility; 0 where there is peace.
    pub readiness: Table<PairId, f64>,
    /// Factions with at least one fighter in each zone: `present[first[z]..first[z + 1]]`.
    pub present: Vec<FactionId>,
    /// Square root of each one's fighters there, in the same order.
    pub roots: Vec<f64>,
    /// Peacekeepers in each zone, by how well they keep the peace.
    pub keepers: Table<ZoneId, f64>,
    /// Where each zone's list begins.
    pub first: Vec<u32>,
    /// Deaths of this step per zone.
    pub deaths: Table<ZoneId, f64>,
    /// How much of a neighbouring force counts, per entry of [`Setting::neighbours`].
    pub edge_reach: Vec<f64>,
    /// How easily forces move to a neighbour, per entry of [`Setting::neighbours`].
    pub edge_travel: Vec<f64>,
    /// Memory for sums per zone and faction.
    pub zone_sums: Matrix<ZoneId, FactionId, f64>,
    /// Memory for changes per zone and faction.
    pub zone_changes: Matrix<ZoneId, FactionId, f64>,
    /// How a community likes a faction's position, in odds.
    pub appeal: Matrix<CommunityId, FactionId, f64>,
    /// Memory for weights per faction.
    pub weights: Vec<f64>,
    /// Memory for target values per faction.
    pub targets: Table<FactionId, f64>,
    /// Memory for changes per pair of factions.
    pub changes: Matrix<FactionId, FactionId, f64>,
}

impl Scratch {
    /// Memory for runs of a model.
    pub fn new(setting: &Setting, behaviour: &Behaviour) -> Self {
        let falling = |distance: f64| {
            setting.neighbours.entries.iter().map(|(_, cost)| exp(-cost / distance)).collect::<Vec<_>>()
        };
        let factions = setting.factions.len();
        let zones = setting.zones.len();
        Self {
            draws: Draws::new(setting),
            threat: Matrix::filled(factions, factions, 0.0),
            claimed_valence: Matrix::filled(factions, factions, 0.0),
            weight: Table::filled(factions, 0.0),
            bloc: Table::filled(factions, FactionId(0)),
            bloc_strength: Table::filled(factions, 0.0),
            bloc_size: Table::filled(factions, 0),
            enemies: Table::filled(factions, 0.0),
            readiness: Table::filled(PairId::count(factions), 0.0),
            present: Vec::with_capacity(zones * 4),
            roots: Vec::with_capacity(zones * 4),
            keepers: Table::filled(zones, 0.0),
            first: vec![0; zones + 1],
            deaths: Table::filled(zones, 0.0),
            edge_reach: falling(behaviour.threat.distance),
            edge_travel: falling(behaviour.redeployment.distance),
            zone_sums: Matrix::filled(zones, factions, 0.0),
            zone_changes: Matrix::filled(zones, factions, 0.0),
            appeal: Matrix::filled(setting.communities.len(), factions, 0.0),
            weights: vec![0.0; factions],
            targets: Table::filled(factions, 0.0),
            changes: Matrix::filled(factions, factions, 0.0),
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
        self.present.clear();
        self.roots.clear();
        for (weight, character) in self.weights.iter_mut().zip(world.character.values()) {
            *weight = character.peacekeeping;
        }
        for zone in setting.zones.ids() {
            self.first[zone.index()] = self.present.len() as u32;
            let mut keepers = 0.0;
            for (index, fighters) in world.presence.row(zone).iter().enumerate() {
                if *fighters >= 1.0 {
                    self.present.push(FactionId::from_index(index));
                    self.roots.push(fighters.sqrt());
                    keepers += self.weights[index] * fighters;
                }
            }
            self.keepers[zone] = keepers;
        }
        self.first[setting.zones.len()] = self.present.len() as u32;
    }

    /// Groups factions into blocs: connected under alliance, secret or not.
    pub fn find_blocs(&mut self, world: &World) {
        for (faction, bloc) in self.bloc.iter_mut() {
            *bloc = faction;
        }
        for (pair, low, high) in PairId::all(world.factions()) {
            if world.tie[pair].stance == Stance::Alliance && world.alive[low] && world.alive[high] {
                let (a, b) = (self.bloc[low], self.bloc[high]);
                if a != b {
                    let (keep, give) = if a < b { (a, b) } else { (b, a) };
                    for bloc in self.bloc.values_mut() {
                        if *bloc == give {
                            *bloc = keep;
                        }
                    }
                }
            }
        }
        self.bloc_strength.values_mut().fill(0.0);
        self.bloc_size.values_mut().fill(0);
        for (faction, bloc) in self.bloc.iter() {
            self.bloc_size[*bloc] += 1;
            self.bloc_strength[*bloc] += world.strength[faction];
        }
    }
}
