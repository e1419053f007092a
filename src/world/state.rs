//! What is true at one moment.

use super::{AccordState, Anchors, ClosedBorders, DeathType, FactionKind, Shock, Stance, Tally, Tie, Ties};
use crate::base::row::{self, sum_of_few};
use crate::base::{AccordId, AxisId, CellId, CommunityId, FactionId, Id, Matrix, PairId, Table, UmbrellaId, ZoneId};
use crate::random::DrawKey;
use serde::{Deserialize, Serialize};

/// How a faction stands to talks with another, before any question of what to agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Door {
    /// It refuses to talk.
    Closed,
    /// It talks if what the talks are about seems worth it.
    #[default]
    Ajar,
    /// It begins to talk without weighing, and weighs only whether to go on and what to agree.
    Open,
}

/// How hostile two are to each other at least when war breaks out between them.
pub const HOSTILITY_OF_WAR: f64 = 0.5;

/// A place of refuge, as a position in a cell's list of refuges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RefugeId(pub u32);

impl Id for RefugeId {
    fn from_index(index: usize) -> Self {
        Self(index as u32)
    }
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// How a faction acts. Shares 0 to 1 unless said otherwise; meanings as in the scenario file.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Character {
    /// What it is.
    pub kind: FactionKind,
    /// Fighting quality per fighter; 1 is an ordinary irregular.
    pub quality: f64,
    /// How readily it seeks contact.
    pub outreach: f64,
    /// How readily it attacks.
    pub aggression: f64,
    /// How readily it harms civilians.
    pub civilian_harm: f64,
    /// How well its leaders hold their people to what was agreed.
    pub discipline: f64,
    /// Share of the harm it does that it admits.
    pub candour: f64,
    /// By how much it overstates its strength, as a share; above -1.
    pub boast: f64,
    /// How well it keeps others from fighting and guards an accord.
    pub peacekeeping: f64,
    /// Weight as a mediator.
    pub leverage: f64,
    /// Whether it recruits where it is.
    pub recruits: bool,
}

/// What is known of a pair's past.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Past {
    /// For how many years they have stood where they stand at the start, if that is known.
    pub age: Option<f64>,
    /// How many years ago their last war ended (none if they never fought), if that is known.
    pub peace: Option<Option<f64>>,
}

/// What two factions are to each other beyond all reasons that change with the world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Disposition {
    /// What they have always been: a wish for closeness, in standard deviations of moods.
    pub lasting: f64,
    /// How the lower and the higher of the two feel at the moment, in the same unit.
    pub mood: [f64; 2],
    /// For how many years they have stood where they stand.
    pub age: f64,
    /// Years since their last war ended, or since an upheaval set that back; none if they never fought or are at war.
    pub peace: Option<f64>,
    /// Whether something that concerns them has happened since they last looked at how they stand: 0 to 1.
    pub stirred: f64,
    /// How many reviews they have lived through.
    pub reviews: u32,
}

/// A force that is leaving.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Who.
    pub faction: FactionId,
    /// How many steps are left.
    pub steps: u32,
    /// Which part of the force is still to leave.
    pub part: f64,
    /// From where; from everywhere if empty.
    pub zones: Vec<ZoneId>,
}

/// A force that has gone to take a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    /// Whose.
    pub attacker: FactionId,
    /// Who held the place.
    pub defender: FactionId,
    /// The place.
    pub zone: ZoneId,
    /// Whence how many fighters came.
    pub origins: Vec<(ZoneId, f64)>,
    /// The step at which it is decided.
    pub until: u32,
    /// How often it has become a siege.
    pub sieges: u8,
}

/// What is true at one moment. Shares and levels are 0 to 1; people and fighters are counts, not always whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct World {
    /// The step that comes next; 0 at the start.
    pub step: u32,

    /// Whether each faction stands. A splinter slot in waiting does not.
    pub alive: Table<FactionId, bool>,
    /// Who each faction is for the random numbers.
    pub key: Table<FactionId, DrawKey>,
    /// How each faction acts.
    pub character: Table<FactionId, Character>,
    /// Fighters in all: the sum of `presence`.
    pub strength: Table<FactionId, f64>,
    /// How many leaders of each have fallen since the start.
    pub leaders_fallen: Table<FactionId, u32>,
    /// The most fighters that each has had, as of the last review.
    pub peak: Table<FactionId, f64>,
    /// Upkeep in hand, in fighter-weeks.
    pub treasury: Table<FactionId, f64>,
    /// Steady weekly income from elsewhere, in fighters kept.
    pub income: Table<FactionId, f64>,
    /// Cohesion.
    pub cohesion: Table<FactionId, f64>,
    /// Position per axis, -1 to 1.
    pub alignment: Matrix<FactionId, AxisId, f64>,
    /// How much each axis matters, 0 or more.
    pub salience: Matrix<FactionId, AxisId, f64>,
    /// Share of the faction's social base per community.
    pub base: Matrix<FactionId, CommunityId, f64>,
    /// How much the row depends on the column as a sponsor.
    pub dependence: Matrix<FactionId, FactionId, f64>,
    /// Share of the faction's home ground per zone.
    pub home_ground: Matrix<ZoneId, FactionId, f64>,
    /// The umbrella each faction is in.
    pub umbrella: Table<FactionId, Option<UmbrellaId>>,
    /// For a faction that merged: into whom.
    pub absorbed_into: Table<FactionId, Option<FactionId>>,
    /// For a splinter: of whom.
    pub splinter_of: Table<FactionId, Option<FactionId>>,
    /// The member that leads each umbrella.
    pub leader: Table<UmbrellaId, FactionId>,
    /// The faction that each umbrella's merger made, if it has merged.
    pub merged: Table<UmbrellaId, Option<FactionId>>,
    /// How the row stands to talks with the column.
    pub door: Matrix<FactionId, FactionId, Door>,

    /// Fighters per zone and faction.
    pub presence: Matrix<ZoneId, FactionId, f64>,
    /// Share of control per zone and faction; what is missing to 1 is ungoverned.
    pub control: Matrix<ZoneId, FactionId, f64>,
    /// Who holds each zone: see [`World::find_holder`].
    pub holder: Table<ZoneId, Option<FactionId>>,
    /// Recent harm to civilians per zone and faction that did it: deaths per thousand people, fading.
    pub harm: Matrix<ZoneId, FactionId, f64>,
    /// Recent violence per zone: deaths of all types per thousand people, fading.
    pub violence: Table<ZoneId, f64>,

    /// Hostility of row towards column.
    pub hostility: Matrix<FactionId, FactionId, f64>,
    /// The level to which hostility returns.
    pub lasting_hostility: Matrix<FactionId, FactionId, f64>,
    /// Trust of row in column.
    pub trust: Matrix<FactionId, FactionId, f64>,
    /// Losses that the row lately took from the column, as a share of its strength, fading; 0 or more.
    pub weariness: Matrix<FactionId, FactionId, f64>,
    /// The row's estimate of the column's strength, in fighters.
    pub belief: Matrix<FactionId, FactionId, f64>,
    /// How much of the column's force the row's own force meets, 0 to 1, as of the last review.
    pub reach: Matrix<FactionId, FactionId, f64>,
    /// How pairs stand.
    pub tie: Ties,
    /// What pairs are to each other.
    pub disposition: Table<PairId, Disposition>,
    /// Whether that has been found, which is done when both stand for the first time.
    pub founded: Table<PairId, bool>,

    /// People at home, per cell.
    pub at_home: Table<CellId, f64>,
    /// Displaced people of a cell, per place of refuge.
    pub displaced: Matrix<CellId, RefugeId, f64>,
    /// Civilians killed, per cell.
    pub killed: Table<CellId, f64>,
    /// Share of a cell's people who support a faction; what is missing to 1 is neutral.
    pub support: Matrix<CellId, FactionId, f64>,
    /// Grievance per cell.
    pub grievance: Table<CellId, f64>,

    /// The accords.
    pub accord: Table<AccordId, AccordState>,
    /// How much more, or less, each faction wants each zone than its value: -1 to 1.
    pub claim: Matrix<ZoneId, FactionId, f64>,
    /// What the row could take from the column by war, as of the last review.
    pub spoils: Matrix<FactionId, FactionId, f64>,
    /// Share of what the row held at the start, by worth, that the column has gained since, as of the last review; 0 to 1.
    pub lost: Matrix<FactionId, FactionId, f64>,
    /// How violent times are.
    pub shock: Shock,
    /// Until which step a truce binds each pair; 0 for none.
    pub truce: Table<PairId, u32>,
    /// Forces that have gone to take a place.
    pub campaigns: Vec<Campaign>,
    /// The step from which each faction is ready for another campaign.
    pub ready_at: Table<FactionId, u32>,
    /// Forces that are leaving.
    pub withdrawals: Vec<Withdrawal>,
    /// Borders that are closed.
    pub borders: ClosedBorders,
    /// Events that have come.
    pub came: Vec<DrawKey>,
    /// Events with a condition that have come, or can no longer come.
    pub settled: Vec<DrawKey>,

    /// What holds the start in place.
    pub anchor: Anchors,
    /// What has been counted since the start.
    pub tally: Tally,
}

/// More than this share of control holds a zone.
pub const HOLDS: f64 = 1.0 / 3.0;
/// By how much somebody must outdo the holder to be the next, and by how much the holder must fall short to be none:
/// who holds a place does not change with every week's fighting.
pub const HYSTERESIS: f64 = 0.1;
/// From how much more than another one has more of a place.
const LEAD: f64 = 0.01;

impl World {
    /// How many factions there are, splinter slots included.
    #[inline]
    pub fn factions(&self) -> usize {
        self.alive.len()
    }

    /// How many slots hold all factions that stand: those above are spare, or were of factions that are no more.
    #[inline]
    pub fn slots(&self) -> usize {
        self.alive.values().iter().rposition(|alive| *alive).map_or(0, |last| last + 1)
    }

    /// As far as loops over rows of factions go: over all slots that hold who stands, and on to a whole number of lanes
    /// where there are so many.
    #[inline]
    pub fn width(&self) -> usize {
        self.slots().next_multiple_of(row::LANES).min(self.factions())
    }

    /// How two factions stand.
    #[inline]
    pub fn tie_of(&self, a: FactionId, b: FactionId) -> &Tie {
        &self.tie[PairId::of(a, b)]
    }

    /// Where the two stand; alliance with oneself.
    #[inline]
    pub fn stance(&self, a: FactionId, b: FactionId) -> Stance {
        if a == b { Stance::Alliance } else { self.tie_of(a, b).stance }
    }

    /// Two factions stand on another rung from now on, for all to know if `public`. Gives the one before.
    pub fn take_stance(&mut self, a: FactionId, b: FactionId, to: Stance, public: bool) -> Stance {
        let pair = PairId::of(a, b);
        let tie = &mut self.tie[pair];
        let from = tie.stance;
        tie.stance = to;
        tie.since = self.step;
        if public {
            tie.claimed = to;
        }
        let disposition = &mut self.disposition[pair];
        if from != to {
            disposition.age = 0.0;
            if from == Stance::War {
                disposition.peace = Some(0.0);
            } else if to == Stance::War {
                disposition.peace = None;
                for pair in [(a, b), (b, a)] {
                    let hostility = &mut self.hostility[pair];
                    *hostility = hostility.max(HOSTILITY_OF_WAR);
                }
            }
            self.stir(a, b);
        }
        from
    }

    /// Whether one of two is a peace force or a mediator, which neither make war nor deals of their own.
    pub fn stand_aside(&self, a: FactionId, b: FactionId) -> bool {
        self.stands_aside(a) || self.stands_aside(b)
    }

    /// Whether a faction is a peace force or a mediator.
    #[inline]
    pub fn stands_aside(&self, faction: FactionId) -> bool {
        let character = &self.character[faction];
        character.peacekeeping > 0.0 || character.kind == FactionKind::Mediator
    }

    /// Whether a faction stands and goes by its own account: takes ground, wins and loses. Peace forces, mediators, hired
    /// forces and those from elsewhere do not.
    pub fn on_its_own_account(&self, faction: FactionId) -> bool {
        let character = &self.character[faction];
        let own = matches!(character.kind, FactionKind::State | FactionKind::Movement | FactionKind::ArmedGroup);
        self.alive[faction] && own && character.peacekeeping <= 0.0
    }

    /// The leader of the umbrella that a faction is in, if it stands and is still in it.
    pub fn leader_of(&self, faction: FactionId) -> Option<FactionId> {
        let leader = self.successor(self.leader[self.umbrella[faction]?]);
        (self.alive[leader] && self.umbrella[leader] == self.umbrella[faction]).then_some(leader)
    }

    /// A faction no longer wants a zone, nor is at home in it.
    pub fn abandon(&mut self, zone: ZoneId, faction: FactionId) {
        self.claim[(zone, faction)] = -1.0;
        let home = std::mem::replace(&mut self.home_ground[(zone, faction)], 0.0);
        if home < 1.0 {
            let factions = self.factions();
            for row in self.home_ground.values_mut().chunks_exact_mut(factions) {
                row[faction.index()] /= 1.0 - home;
            }
        }
    }

    /// The share of its force that a faction has lately lost to all enemies, as it is remembered: 0 to 1.
    pub fn lately_lost(&self, faction: FactionId) -> f64 {
        sum_of_few(self.weariness.row(faction)).min(1.0)
    }

    /// What two factions do concerns all pairs that one of them is in.
    fn stir(&mut self, a: FactionId, b: FactionId) {
        for own in [a, b] {
            for other in (0..self.factions()).map(FactionId::from_index) {
                if other != own {
                    self.disposition[PairId::of(own, other)].stirred = 1.0;
                }
            }
        }
    }

    /// The living faction that a faction of the start has become: itself, or what absorbed it.
    pub fn successor(&self, faction: FactionId) -> FactionId {
        let mut current = faction;
        while let Some(into) = self.absorbed_into[current] {
            current = into;
        }
        current
    }

    /// Which share of what it has become a faction of the start is, by the fighters of that start: 1 for one that is still by
    /// itself.
    pub fn part_of_successor(&self, start: &Self, faction: FactionId) -> f64 {
        let now = self.successor(faction);
        let together = self.alive.ids().filter(|other| self.successor(*other) == now);
        let (own, all) = (start.strength[faction], together.map(|other| start.strength[other]).sum::<f64>());
        if own < all { own / all } else { 1.0 }
    }

    /// By how much what a faction of the start has become is multiplied when the faction is, of which it may be but a part.
    pub fn partly(&self, start: &Self, faction: FactionId, factor: f64) -> f64 {
        let part = self.part_of_successor(start, faction);
        if part < 1.0 { 1.0 + part * (factor - 1.0) } else { factor }
    }

    /// The type of deaths when two factions fight: state-based if one of them fights for a state.
    pub fn death_type(&self, a: FactionId, b: FactionId) -> DeathType {
        if self.character[a].kind.is_state() || self.character[b].kind.is_state() {
            DeathType::StateBased
        } else {
            DeathType::NonState
        }
    }

    /// Who holds a zone now: the faction with the largest share of control if that is more than a third, where members
    /// of one umbrella count as one, in the name of the strongest there. Of two who have as much, to a hundredth of the zone,
    /// it is who has more fighters there, and nobody if both have as many. Whoever held it before goes on doing so until
    /// somebody has a tenth of the zone more, or until it has a tenth less than a third.
    pub fn find_holder(&self, zone: ZoneId) -> Option<FactionId> {
        let row = self.control.row(zone);
        let sum = |row: &[f64], faction: FactionId| -> f64 {
            match self.umbrella[faction] {
                None => row[faction.index()],
                umbrella => {
                    let shares = self.umbrella.values().iter().zip(row);
                    shares.fold(0.0, |sum, (other, share)| if *other == umbrella { sum + share } else { sum })
                }
            }
        };
        let together = |faction: FactionId| sum(row, faction);
        let before = self.holder[zone].map(|holder| self.successor(holder)).filter(|holder| self.alive[*holder]);
        // Who is in no umbrella has no more than its share.
        let may_hold = |(faction, share): &(FactionId, &f64)| {
            **share > HOLDS || (**share > 0.0 && self.umbrella[*faction].is_some())
        };
        let contenders = || self.alive.ids().zip(row).filter(may_hold);
        let (mut best, mut most) = (None, HOLDS);
        for (faction, share) in contenders() {
            let all = together(faction);
            let leads =
                best.is_some_and(|best: FactionId| self.same_party(best, faction) && row[best.index()] < *share);
            if all > most || leads {
                (best, most) = (Some(faction), all);
            }
        }
        // Between two who have as much neither a name nor a rounding decides, but who is there.
        let mut next = best;
        let mut force = best.map_or(0.0, |best| sum(self.presence.row(zone), best));
        for (faction, share) in contenders().filter(|(faction, _)| together(*faction) > HOLDS.max(most - LEAD)) {
            let theirs = sum(self.presence.row(zone), faction);
            match next {
                Some(next_one) if self.same_party(next_one, faction) => {
                    if row[next_one.index()] < *share {
                        next = Some(faction);
                    }
                }
                _ if theirs > force => (next, force) = (Some(faction), theirs),
                _ if theirs < force => {}
                _ => next = None,
            }
        }
        match (before, next) {
            (Some(before), Some(next)) if self.same_party(before, next) => Some(next),
            (Some(before), Some(_))
                if together(before) > HOLDS - HYSTERESIS && most < together(before) + HYSTERESIS =>
            {
                Some(before)
            }
            (Some(before), None) if together(before) > HOLDS - HYSTERESIS => Some(before),
            _ => next,
        }
    }

    /// Whether two factions are one, or members of one umbrella.
    pub fn same_party(&self, a: FactionId, b: FactionId) -> bool {
        a == b || (self.umbrella[a].is_some() && self.umbrella[a] == self.umbrella[b])
    }

    /// Distance between the positions of two factions as the first weighs the axes, 0 (the same) to 1 (opposite on all
    /// that matters).
    pub fn distance(&self, from: FactionId, to: FactionId) -> f64 {
        weighted_distance(self.alignment.row(from), self.alignment.row(to), self.salience.row(from))
    }

    /// Sums the fighters of each faction anew.
    pub fn sum_strength(&mut self) {
        let (factions, width) = (self.factions().max(1), self.width());
        self.strength.values_mut().fill(0.0);
        let strength = &mut self.strength.values_mut()[..width];
        for fighters in self.presence.values().chunks_exact(factions) {
            row::add_scaled(strength, fighters, 1.0);
        }
    }
}

/// Distance between two positions, weighted by salience: 0 to 1.
pub fn weighted_distance(a: &[f64], b: &[f64], salience: &[f64]) -> f64 {
    let weight = 2.0 * salience.iter().fold(0.0, |sum, weight| sum + weight);
    if weight > 0.0 { weighted_gap(a, b, salience) / weight } else { 0.0 }
}

/// The gaps between two positions, summed with weights.
#[inline]
pub fn weighted_gap(a: &[f64], b: &[f64], weights: &[f64]) -> f64 {
    a.iter().zip(b).zip(weights).fold(0.0, |sum, ((x, y), weight)| sum + weight * (x - y).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_is_none_between_equals_and_whole_between_opposites() {
        assert!(weighted_distance(&[0.3, -1.0], &[0.3, -1.0], &[1.0, 2.0]).abs() < 1e-15);
        assert!((weighted_distance(&[1.0, -1.0], &[-1.0, 1.0], &[1.0, 3.0]) - 1.0).abs() < 1e-15);
        // An axis that does not matter does not count, and with none that does there is no distance.
        assert!((weighted_distance(&[1.0, 0.0], &[-1.0, 0.0], &[0.0, 1.0])).abs() < 1e-15);
        assert!(weighted_distance(&[1.0], &[-1.0], &[0.0]).abs() < 1e-15);
    }
}
