//! What the mechanisms of a step share and make anew each time: no part of the world's state.

use super::draws::Draws;
use super::histories::Histories;
use super::standing::Standing;
use super::ways::{Distances, Ways};
use crate::base::{AxisId, CommunityId, EventId, FactionId, Id, Matrix, PairId, Table, ZoneId};
use crate::world::{Setting, Stance, World, find_blocs, weighted_gap};
use std::sync::Arc;

/// Draws and reusable memory of one thread. What it holds between steps never changes a result.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// The draws of the replicate at hand.
    pub draws: Draws,
    /// From which step on these are not what the run would have drawn, if so.
    pub fresh_since: Option<u32>,
    /// Where pairs of the start come from.
    pub histories: Arc<Histories>,
    /// Whether the condition of each event holds, as at the end of the step before; true where there is none.
    pub holds: Table<EventId, bool>,
    /// How all pairs stand.
    pub standing: Standing,
    /// The version of that of which `sides` are.
    pub sided_at: u32,
    /// The version of that of which `bloc` is.
    grouped_at: u32,
    /// Of all that threatens each faction, the share that comes from each other, where there is any: sums to less than 1.
    pub threats: Vec<Vec<(FactionId, f64)>>,
    /// The pairs of which one at least is hostile to the other, with their members.
    pub hostile: Vec<(PairId, FactionId, FactionId)>,
    /// Of those to whom each is hostile, the ones whose forces its own meet.
    pub met: Vec<Vec<FactionId>>,
    /// How friendly each is seen to be to others, -1 to 1, by those outside the pair, where it is not 0; in order.
    pub sides: Vec<Vec<(FactionId, f64)>>,
    /// The pairs of those whose forces meet or who are parties to one accord, in order.
    pub close: Vec<PairId>,
    /// The pairs of parties to one accord.
    pub parties: Vec<PairId>,
    /// The pairs in touch, in order: those who are close, who stand otherwise than neutral, or who talk. All others have nothing to
    /// do with each other, and are asked nothing but whether they come into contact.
    pub touching: Vec<(PairId, FactionId, FactionId)>,
    /// The versions of `standing` and of `close` of which these are.
    touching_at: (u32, u32),
    /// Of which all have been founded.
    pub founded_at: (u32, u32),
    /// A number that is another one whenever `close` may be.
    pub closeness: u32,
    /// Memory for pairs with their members.
    pub pairs: Vec<(PairId, FactionId, FactionId)>,
    /// The pairs that may come into contact whoever they are.
    pub lucky: Vec<(PairId, FactionId, FactionId)>,
    /// How many reviews pairs in touch have lived through.
    pub reviews: u32,
    /// The time between two reviews, in years.
    pub review_years: f64,
    /// On whom each depends as a sponsor.
    pub sponsors: Vec<Vec<FactionId>>,
    /// Share of what each held at the start that others have gained.
    pub lost: Vec<f64>,
    /// Whether `hostile`, `met`, `sponsors` and `lost` are those of the world, if it is still these who stand.
    pub is_noted: bool,
    /// Who stood when they were found.
    pub noted_of: Table<FactionId, bool>,
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
    /// Those who are not alone in their bloc.
    pub allied: Vec<FactionId>,
    /// Believed strength of those with whom a faction is at war, as far as they meet.
    pub enemies: Table<FactionId, f64>,
    /// Readiness of a pair to fight where it meets: posture, aggression and hostility; 0 where there is peace.
    pub readiness: Matrix<FactionId, FactionId, f64>,
    /// The same, times how violent the pair's fighting is.
    pub violence: Table<PairId, f64>,
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
    /// Memory for how safe each zone is.
    pub safety: Vec<f64>,
    /// Memory for how much each place of refuge draws.
    pub pulls: Vec<f64>,
    /// The ways between zones.
    pub ways: Ways,
    /// The travel costs that these rest on.
    distances: Distances,
    /// Share of the people at home in each zone who support each faction, as of the last review.
    pub following: Matrix<ZoneId, FactionId, f64>,
    /// What each faction has within reach of each zone, less the farther it is.
    pub massed: Matrix<FactionId, ZoneId, f64>,
    /// Memory for sums per zone and faction.
    pub zone_sums: Matrix<ZoneId, FactionId, f64>,
    /// Memory for changes per zone and faction.
    pub zone_changes: Matrix<ZoneId, FactionId, f64>,
    /// How a community likes a faction's position, in odds.
    pub appeal: Matrix<CommunityId, FactionId, f64>,
    /// Memory for where each faction stands on each axis.
    pub positions: Matrix<FactionId, AxisId, f64>,
    /// Memory for mean positions, by axis.
    pub means: [Vec<f64>; 2],
    /// Distance of each faction to each community, as the community weighs the axes, 0 to 1: of the positions in `placed`.
    pub estrangement: Matrix<FactionId, CommunityId, f64>,
    placed: Matrix<FactionId, AxisId, f64>,
    /// Memory for a list of factions.
    pub movers: Vec<FactionId>,
    /// Memory for a list of factions.
    pub factions: Vec<FactionId>,
    /// Memory for a party.
    pub party: Vec<FactionId>,
    /// Memory for how strongly others attract a commander.
    pub attractions: Vec<(FactionId, f64)>,
    /// Memory for a list of zones.
    pub places: Vec<ZoneId>,
    /// Memory for lists of whence forces came, of campaigns that are over.
    pub origins: Vec<Vec<(ZoneId, f64)>>,
    /// Memory for what somebody could attack.
    pub prospects: Vec<Prospect>,
    /// Who attacks what, chosen before any moves.
    pub chosen: Vec<(FactionId, Prospect)>,
    /// Memory for amounts of something per neighbour.
    pub gains: Vec<f64>,
    /// Memory for weights per faction.
    pub weights: Vec<f64>,
    /// Memory for values per faction, by what they are.
    pub rows: [Vec<f64>; ROWS],
    /// Memory for target values per faction.
    pub targets: Table<FactionId, f64>,
    /// Memory for changes per pair of factions.
    pub changes: Matrix<FactionId, FactionId, f64>,
}

/// How many rows of values per faction there is memory for.
const ROWS: usize = 8;

/// A place that a faction could attack.
#[derive(Clone, Copy, Debug)]
pub struct Prospect {
    /// The place.
    pub zone: ZoneId,
    /// Who holds it.
    pub holder: FactionId,
    /// The share of the force within reach that is worth most to send.
    pub share: f64,
    /// What that is worth.
    pub value: f64,
}

impl Prospect {
    /// The one that is worth more; the first if that is none.
    pub(super) fn better(self, other: Self) -> Self {
        if other.value > self.value { other } else { self }
    }
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
            standing: Standing::new(factions),
            sided_at: 0,
            grouped_at: 0,
            threats: vec![Vec::with_capacity(factions); factions],
            hostile: Vec::new(),
            close: Vec::new(),
            parties: parties(setting),
            touching: Vec::new(),
            touching_at: (0, 0),
            founded_at: (0, 0),
            closeness: 0,
            pairs: Vec::new(),
            lucky: Vec::new(),
            reviews: 0,
            review_years: 0.0,
            met: vec![Vec::with_capacity(factions); factions],
            sides: vec![Vec::with_capacity(factions); factions],
            sponsors: vec![Vec::with_capacity(factions); factions],
            lost: vec![0.0; factions],
            fresh_since: None,
            is_noted: false,
            noted_of: Table::filled(factions, false),
            weight: Table::filled(factions, 0.0),
            weight_of_all: 0.0,
            bloc: Table::filled(factions, FactionId(0)),
            bloc_strength: Table::filled(factions, 0.0),
            bloc_size: Table::filled(factions, 0),
            allied: Vec::with_capacity(factions),
            enemies: Table::filled(factions, 0.0),
            readiness: Matrix::filled(factions, factions, 0.0),
            violence: Table::filled(PairId::count(factions), 0.0),
            present: vec![FactionId(0); zones * factions],
            roots: vec![0.0; zones * factions],
            keepers: Table::filled(zones, 0.0),
            first: vec![0; zones + 1],
            deaths: Table::filled(zones, 0.0),
            alarm: Table::filled(zones, 0.0),
            safety: vec![0.0; zones],
            pulls: vec![0.0; setting.refuges],
            ways: Ways::default(),
            distances,
            following: Matrix::filled(zones, factions, 0.0),
            massed: Matrix::filled(factions, zones, 0.0),
            zone_sums: Matrix::filled(zones, factions, 0.0),
            zone_changes: Matrix::filled(zones, factions, 0.0),
            appeal: Matrix::filled(setting.communities.len(), factions, 0.0),
            positions: setting.initial.alignment.clone(),
            means: std::array::from_fn(|_| vec![0.0; setting.axes.len()]),
            estrangement: Matrix::filled(factions, setting.communities.len(), 0.0),
            placed: setting.initial.alignment.clone(),
            movers: Vec::with_capacity(factions),
            factions: Vec::with_capacity(factions),
            party: Vec::with_capacity(factions),
            attractions: Vec::with_capacity(factions),
            prospects: Vec::with_capacity(zones),
            chosen: Vec::with_capacity(factions),
            places: Vec::with_capacity(zones),
            origins: Vec::new(),
            gains: vec![0.0; zones],
            weights: vec![0.0; factions],
            rows: std::array::from_fn(|_| vec![0.0; factions]),
            targets: Table::filled(factions, 0.0),
            changes: Matrix::filled(factions, factions, 0.0),
        };
        scratch.turn(setting, distances, scratch.histories.clone());
        scratch
    }

    /// Whether there is room for runs in a setting.
    pub(super) fn has_room_for(&self, setting: &Setting) -> bool {
        let rows = (setting.factions.len(), setting.zones.len(), setting.communities.len(), setting.axes.len());
        let own = (self.weight.len(), self.deaths.len(), self.appeal.rows(), self.positions.columns());
        rows == own && (self.pulls.len(), self.holds.len()) == (setting.refuges, setting.events.len())
    }

    /// Turns to runs in a setting for which there is room.
    pub(super) fn turn(&mut self, setting: &Setting, distances: Distances, histories: Arc<Histories>) {
        (self.distances, self.histories) = (distances, histories);
        self.holds.values_mut().fill(true);
        self.parties = parties(setting);
        self.ways.find(setting, &setting.initial.borders, distances);
        self.find_estrangement(setting, &setting.initial);
        self.forget();
    }

    /// Brings `estrangement` up to date, if positions have changed since it was last found, and the ways between zones, if
    /// borders have. Positions do so at reviews, in mergers and in splits, and both are compared rather than trusted: a
    /// world may come from anywhere.
    pub fn refresh(&mut self, setting: &Setting, world: &World) {
        if !self.ways.are_with(&world.borders) {
            self.ways.find(setting, &world.borders, self.distances);
        }
        if self.placed != world.alignment {
            self.find_estrangement(setting, world);
        }
    }

    fn find_estrangement(&mut self, setting: &Setting, world: &World) {
        self.placed.clone_from(&world.alignment);
        for (community, traits) in setting.communities.iter() {
            // As `weighted_distance`, with the sum of weights taken once.
            let weight = 2.0 * traits.salience.iter().fold(0.0, |sum, weight| sum + weight);
            let scale = if weight > 0.0 { 1.0 / weight } else { 0.0 };
            for faction in world.alive.ids() {
                let gap = weighted_gap(&traits.alignment, world.alignment.row(faction), &traits.salience);
                self.estrangement[(faction, community)] = scale * gap;
            }
        }
    }

    /// Turns to a replicate of an experiment with a master seed.
    pub fn begin(&mut self, seed: u64, replicate: u64) {
        self.draws.begin(seed, replicate);
        self.fresh_since = None;
        self.forget();
    }

    /// Forgets the world that was looked at: another one comes.
    fn forget(&mut self) {
        self.standing.forget();
        self.is_noted = false;
        self.founded_at = (0, 0);
    }

    /// How friendly two are seen to be, -1 to 1.
    pub fn valence(&self, own: FactionId, other: FactionId) -> f64 {
        self.sides[own.index()].iter().find(|(third, _)| *third == other).map_or(0.0, |(_, valence)| *valence)
    }

    /// The factions with at least one fighter in a zone, as of the last [`Scratch::list_present`].
    #[inline]
    pub fn present_in(&self, zone: ZoneId) -> std::ops::Range<usize> {
        self.first[zone.index()] as usize..self.first[zone.index() + 1] as usize
    }

    /// Lists who is where.
    pub fn list_present(&mut self, setting: &Setting, world: &World) {
        let mut count = 0;
        let (factions, width) = (world.factions().max(1), world.width());
        for (first, row) in self.first.iter_mut().zip(world.presence.values().chunks_exact(factions)) {
            *first = count as u32;
            for (part, fighters) in row[..width].chunks(64).enumerate() {
                // One bit per faction first: few are anywhere, and a loop over bits has fewer branches to guess.
                let mut bits = fighters.iter().rev().fold(0, |bits, force| 2 * bits + u64::from(*force >= 1.0));
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

    /// Lists the pairs in touch. Gives a number that is another one whenever these may be others.
    pub fn find_touching(&mut self, world: &World) -> (u32, u32) {
        let version = (self.standing.refresh(world), self.closeness);
        if self.touching_at != version {
            self.touching_at = version;
            let bonds = self.standing.bonds().iter().map(|bond| bond.pair.with_members());
            merge(self.close.iter().map(|pair| pair.with_members()), bonds, &mut self.touching);
        }
        version
    }

    /// Groups factions into blocs: connected under alliance, secret or not.
    pub fn find_blocs(&mut self, world: &World) {
        self.standing.refresh(world);
        let version = self.standing.grouping();
        if self.grouped_at != version {
            self.grouped_at = version;
            let linked = self.standing.pairs_from(Stance::Alliance);
            find_blocs(world, linked, |faction| world.alive[faction], &mut self.bloc, &mut self.party);
        }
        self.bloc_strength.values_mut().fill(0.0);
        self.bloc_size.values_mut().fill(0);
        for (faction, bloc) in self.bloc.iter() {
            self.bloc_size[*bloc] += 1;
            self.bloc_strength[*bloc] += world.strength[faction];
        }
        self.allied.clear();
        let allied = self.bloc.iter().filter(|(_, bloc)| self.bloc_size[**bloc] > 1);
        self.allied.extend(allied.map(|(faction, _)| faction));
    }
}

/// The pairs of parties to one accord.
fn parties(setting: &Setting) -> Vec<PairId> {
    let mut pairs = Vec::new();
    for accord in setting.accords.values() {
        for (index, (a, _)) in accord.parties.iter().enumerate() {
            pairs.extend(accord.parties[..index].iter().map(|(b, _)| PairId::of(*a, *b)));
        }
    }
    pairs
}

/// A pair with its members.
pub(super) type Members = (PairId, FactionId, FactionId);

/// Merges two lists of pairs in order into one, each pair once.
pub(super) fn merge(a: impl Iterator<Item = Members>, b: impl Iterator<Item = Members>, into: &mut Vec<Members>) {
    into.clear();
    let mut b = b.peekable();
    for next in a {
        while let Some(other) = b.next_if(|other| other.0 < next.0) {
            into.push(other);
        }
        let _ = b.next_if(|other| other.0 == next.0);
        into.push(next);
    }
    into.extend(b);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_lists_have_each_pair_once_and_in_order() {
        let of = |numbers: &[u32]| {
            numbers.iter().map(|number| PairId(*number).with_members()).collect::<Vec<_>>().into_iter()
        };
        let mut merged = Vec::new();
        merge(of(&[0, 2, 3, 9]), of(&[2, 4, 9, 11]), &mut merged);
        let numbers: Vec<u32> = merged.iter().map(|(pair, ..)| pair.0).collect();
        assert_eq!(numbers, [0, 2, 3, 4, 9, 11]);
        assert!(merged.iter().all(|(pair, low, high)| PairId::of(*low, *high) == *pair));
        merge(of(&[]), of(&[5]), &mut merged);
        assert_eq!(merged.len(), 1);
    }
}
