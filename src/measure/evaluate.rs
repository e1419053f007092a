//! Conditions and quantities, evaluated at a moment.

use super::{Account, Condition, Group, Held, Quantity, Relation, Snapshot};
use crate::base::{FactionId, Id, PairId, ZoneId};
use crate::world::{HOLDS, HYSTERESIS, LastYear, PartyStatus, Setting, Stance, World};
use std::ops::RangeInclusive;

/// From how many fighters on a force counts as present.
const PRESENT: f64 = 1.0;

/// A moment, as questions see it.
#[derive(Clone, Copy, Debug)]
pub struct Evaluator<'a> {
    /// What is fixed.
    pub setting: &'a Setting,
    /// What is true.
    pub world: &'a World,
    /// The moment, summed up: [`Snapshot::take`] of this world.
    pub snapshot: &'a Snapshot,
}

impl Evaluator<'_> {
    /// Whether a condition is true.
    pub fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Stance { between, at_least, at_most, public, zone } => {
                self.stand(*between, &(*at_least..=*at_most), *public, *zone)
            }
            Condition::SameBloc { of } => self.same_bloc(of),
            Condition::LeadsLargestBloc { group } => self.leads(*group),
            Condition::Merged { umbrella } => {
                self.world.merged[*umbrella].is_some_and(|merged| self.world.alive[self.world.successor(merged)])
            }
            Condition::Split { of } => self.has_split(*of),
            Condition::Controls { group, zone, share } => self.controls(*group, *zone, *share),
            Condition::Accord { accord, status, party: None } => self.world.accord[*accord].overall() == *status,
            Condition::Accord { accord, status, party: Some(party) } => {
                let parties = &self.setting.accords[*accord].parties;
                let statuses = &self.world.accord[*accord].status;
                self.most(*party, |member| {
                    let found = parties.iter().position(|(listed, _)| *listed == member);
                    // One that is no party has no part in it, as one that has withdrawn.
                    found.and_then(|position| statuses[position]).unwrap_or(PartyStatus::Withdrawn) == *status
                })
            }
            Condition::Leaked { between } => self.any_pair_ever(*between, |pair| self.world.tie[pair].leaked),
            Condition::Talks { between } => self.any_pair_ever(*between, |pair| self.world.tie[pair].talks.is_some()),
            Condition::ForcePresent { group, zone } => {
                let fighters: f64 = self.members(*group).map(|member| self.fighters(member, *zone)).sum();
                fighters >= PRESENT
            }
            Condition::LeaderFell { group } => {
                group.members_ever(self.setting, self.world).any(|member| self.world.leaders_fallen[member] > 0)
            }
            Condition::Disarmed { group, share } => self.has_disarmed(*group, *share),
            Condition::ActiveDyad { between, deaths } => self.deaths_last_year(*between) >= *deaths,
            Condition::Event { event } => self.world.came.contains(event),
            Condition::Quantity { of, at_least, at_most } => {
                let amount = self.amount(of);
                at_least.is_none_or(|least| amount >= least) && at_most.is_none_or(|most| amount <= most)
            }
            Condition::All(parts) => parts.iter().all(|part| self.holds(part)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds(part)),
            Condition::Not(part) => !self.holds(part),
        }
    }

    /// Whether two groups stand so with each other.
    pub fn related(&self, pair: [Group; 2], relation: Relation) -> bool {
        match relation {
            Relation::War => self.stand(pair, &(Stance::War..=Stance::War), None, None),
            Relation::Pact => self.stand(pair, &(Stance::Pact..=Stance::Alliance), None, None),
            Relation::PublicPact => self.stand(pair, &(Stance::Pact..=Stance::Alliance), Some(true), None),
            Relation::Alliance => self.stand(pair, &(Stance::Alliance..=Stance::Alliance), None, None),
            Relation::SameBloc => self.same_bloc(&pair),
        }
    }

    /// How much there is of a quantity.
    pub fn amount(&self, quantity: &Quantity) -> f64 {
        let (world, snapshot) = (self.world, self.snapshot);
        match quantity {
            Quantity::Deaths { between: Some(between), .. } => self.deaths_between(*between),
            Quantity::Deaths { kind, zone, country, between: None } => {
                let counts = zone.map_or_else(|| self.deaths_in(*country), |zone| world.tally.zone[zone]);
                kind.map_or_else(|| counts.iter().sum(), |kind| counts[kind as usize])
            }
            Quantity::Displaced { zone: Some(zone), .. } => Snapshot::displaced_in(self.setting, world, *zone),
            Quantity::Displaced { country: Some(country), .. } => snapshot.displaced[*country],
            Quantity::Displaced { .. } => snapshot.displaced.iter().sum(),
            Quantity::CivilianDeaths { group, account } => {
                let counts = match account {
                    Account::Fact => &world.tally.civilians,
                    Account::Admitted => &world.tally.civilians_admitted,
                    Account::Observed => &world.tally.civilians_observed,
                };
                group.members_ever(self.setting, world).map(|member| counts[member]).sum()
            }
            Quantity::TerritoryShare { group, bloc_of, country, change } => {
                self.since_start(*change, |moment| moment.territory_share(&moment.ours(*group, *bloc_of), *country))
            }
            Quantity::Territory { count, group, bloc_of, country, change } => {
                self.since_start(*change, |moment| moment.held(*count, &moment.ours(*group, *bloc_of), *country))
            }
            Quantity::BlocShare { group: Some(group) } => {
                self.bloc_of(*group).map_or(0.0, |bloc| snapshot.blocs.share(bloc))
            }
            Quantity::BlocShare { group: None } => {
                snapshot.blocs.largest().map_or(0.0, |bloc| snapshot.blocs.share(bloc))
            }
            Quantity::Hegemony { group } => self.bloc_of(*group).map_or(0.0, |bloc| self.hegemony(bloc)),
            Quantity::Support { group, community } => {
                let counts = |cell| community.is_none_or(|community| self.setting.cells[cell].community == community);
                snapshot.support(self.setting, world, counts, snapshot.members(*group))
            }
            Quantity::Strength { group, zone } => {
                self.members(*group).fold(0.0, |sum, member| sum + self.fighters(member, *zone))
            }
            Quantity::AccordHealth { accord } => world.accord[*accord].health,
        }
    }

    /// Deaths since the start by type, in a country or all over.
    pub fn deaths_in(&self, country: Option<usize>) -> [f64; 3] {
        let Some(country) = country else { return self.world.tally.deaths };
        let mut sums = [0.0; 3];
        for (zone, _) in self.setting.zones.iter().filter(|(_, traits)| traits.country == country) {
            for (sum, deaths) in sums.iter_mut().zip(self.world.tally.zone[zone]) {
                *sum += deaths;
            }
        }
        sums
    }

    /// Deaths in fighting between two groups within the last 52 weeks.
    pub fn deaths_last_year(&self, between: [Group; 2]) -> f64 {
        let (parts, passed) = self.setting.calendar.in_reviews(LastYear::WEEKS, self.world.step);
        self.sum_of_pairs(between, |pair| self.world.tally.dyad_year[pair].sum(parts - passed))
    }

    /// Deaths in fighting between two groups since the start.
    pub fn deaths_between(&self, between: [Group; 2]) -> f64 {
        self.sum_of_pairs(between, |pair| self.world.tally.dyad[pair])
    }

    fn members(&self, group: Group) -> impl Iterator<Item = FactionId> + Clone + '_ {
        self.snapshot.members(group).iter().copied()
    }

    fn stand(
        &self,
        [a, b]: [Group; 2],
        wanted: &RangeInclusive<Stance>,
        public: Option<bool>,
        zone: Option<ZoneId>,
    ) -> bool {
        let alone = |group| self.members(group).map(Group::Faction);
        match (a, b) {
            (Group::Splinters(_), _) => return alone(a).any(|one| self.stand([one, b], wanted, public, zone)),
            (_, Group::Splinters(_)) => return alone(b).any(|one| self.stand([a, one], wanted, public, zone)),
            _ => {}
        }
        let stands = |low: FactionId, high: FactionId| {
            if low == high {
                return wanted.contains(&Stance::Alliance) && public != Some(false);
            }
            let tie = self.world.tie_of(low, high);
            wanted.contains(&tie.stance) && public.is_none_or(|public| public == wanted.contains(&tie.claimed))
        };
        // Of one and one nobody outweighs anybody.
        if let (None, [low], [high]) = (zone, self.snapshot.members(a), self.snapshot.members(b)) {
            return stands(*low, *high);
        }
        let there = |faction: &FactionId| zone.is_none() || self.fighters(*faction, zone) >= PRESENT;
        let (mut weight_for, mut weight, mut pairs_for, mut pairs) = (0.0, 0.0, 0u32, 0u32);
        for low in self.members(a).filter(there) {
            for high in self.members(b).filter(there) {
                let product = self.fighters(low, zone) * self.fighters(high, zone);
                weight += product;
                pairs += 1;
                if stands(low, high) {
                    weight_for += product;
                    pairs_for += 1;
                }
            }
        }
        more_than_half(weight_for, weight, pairs_for, pairs)
    }

    /// Whether something is so for members with more than half of a group's fighters; for more than half of its
    /// members, if it has no fighters.
    fn most(&self, group: Group, so: impl Fn(FactionId) -> bool) -> bool {
        let (mut weight_for, mut weight, mut count_for, mut count) = (0.0, 0.0, 0u32, 0u32);
        for member in self.members(group) {
            weight += self.world.strength[member];
            count += 1;
            if so(member) {
                weight_for += self.world.strength[member];
                count_for += 1;
            }
        }
        more_than_half(weight_for, weight, count_for, count)
    }

    fn same_bloc(&self, groups: &[Group]) -> bool {
        let Some((first, rest)) = groups.split_first() else { return true };
        self.members(*first).any(|member| {
            self.snapshot.blocs.of(member).is_some_and(|bloc| {
                let inside = |faction: FactionId| self.snapshot.blocs.of(faction) == Some(bloc);
                self.most(*first, inside) && rest.iter().all(|group| self.most(*group, inside))
            })
        })
    }

    fn leads(&self, group: Group) -> bool {
        let blocs = &self.snapshot.blocs;
        let Some(largest) = blocs.largest() else { return false };
        let inside = |faction: &FactionId| blocs.of(*faction) == Some(largest);
        let ours: f64 = self.members(group).filter(inside).map(|member| self.world.strength[member]).sum();
        let own = |faction: FactionId| self.members(group).any(|member| member == faction);
        ours > 0.0
            && (self.world.alive.ids().filter(inside))
                .all(|faction| own(faction) || self.strength_with_umbrella(faction, largest, group) <= ours)
    }

    /// Fighters, in a bloc, of a faction's umbrella, or of the faction alone when the group is of that umbrella too.
    fn strength_with_umbrella(&self, faction: FactionId, bloc: FactionId, group: Group) -> f64 {
        let world = self.world;
        match world.umbrella[faction] {
            Some(umbrella) if !self.members(group).any(|member| world.umbrella[member] == Some(umbrella)) => self
                .members(Group::Umbrella(umbrella))
                .filter(|member| self.snapshot.blocs.of(*member) == Some(bloc))
                .map(|member| world.strength[member])
                .sum(),
            _ => world.strength[faction],
        }
    }

    fn has_disarmed(&self, group: Group, share: f64) -> bool {
        let world = self.world;
        let initial = &self.setting.initial;
        let before: f64 = group.members(self.setting, initial).map(|member| initial.strength[member]).sum();
        let left: f64 = self.members(group).map(|member| world.strength[member]).sum();
        let at_war = |member: FactionId| {
            world.alive.ids().any(|other| world.alive[other] && world.stance(member, other) == Stance::War)
        };
        before > 0.0 && left <= share * before && !self.members(group).any(at_war)
    }

    fn has_split(&self, of: Group) -> bool {
        let world = self.world;
        let broke_from = |parent: FactionId| world.splinter_of.values().contains(&Some(parent));
        match of {
            Group::Splinters(_) => of.members_ever(self.setting, world).any(broke_from),
            Group::Faction(faction) => broke_from(faction) || broke_from(world.successor(faction)),
            Group::Umbrella(umbrella) => {
                let members = &self.setting.umbrellas[umbrella].members;
                let left = |member: &FactionId| world.alive[*member] && world.umbrella[*member] != Some(umbrella);
                members.iter().any(left) || world.merged[umbrella].is_some_and(broke_from)
            }
        }
    }

    fn controls(&self, group: Group, zone: ZoneId, share: f64) -> bool {
        let world = self.world;
        let row = world.control.row(zone);
        let ours: f64 = self.members(group).map(|member| row[member.index()]).sum();
        let holder = world.holder[zone].map(|holder| world.successor(holder));
        // A member does not hold what it holds together with others.
        let enough = ours > if share > HOLDS { share } else { HOLDS - HYSTERESIS };
        enough && holder.is_some_and(|holder| self.members(group).any(|member| member == holder))
    }

    fn bloc_of(&self, group: Group) -> Option<FactionId> {
        self.snapshot.blocs.of(self.snapshot.strongest(self.world, group)?)
    }

    fn hegemony(&self, bloc: FactionId) -> f64 {
        let blocs = &self.snapshot.blocs;
        let inside = |faction: &FactionId| blocs.of(*faction) == Some(bloc);
        let members: Vec<FactionId> = self.world.alive.ids().filter(inside).collect();
        let territory: f64 = members.iter().map(|faction| self.snapshot.territory[faction.index()]).sum();
        let support = self.snapshot.support(self.setting, self.world, |_| true, &members);
        (blocs.share(bloc) + territory + support) / 3.0
    }

    /// What there is of something now, or how much more than at the start.
    fn since_start(&self, change: bool, amount: impl Fn(&Evaluator<'_>) -> f64) -> f64 {
        let start = self.snapshot.start().filter(|_| change);
        let before = start.map(|snapshot| Evaluator { setting: self.setting, world: &self.setting.initial, snapshot });
        amount(self) - before.map_or(0.0, |before| amount(&before))
    }

    /// The factions of a group, or of the bloc of its strongest member.
    fn ours(&self, group: Option<Group>, bloc_of: Option<Group>) -> Vec<FactionId> {
        match bloc_of.map(|group| self.bloc_of(group)) {
            None => group.map_or_else(Vec::new, |group| self.members(group).collect()),
            Some(None) => Vec::new(),
            Some(bloc) => self.world.alive.ids().filter(|faction| self.snapshot.blocs.of(*faction) == bloc).collect(),
        }
    }

    /// Share of control that some factions have together, of a country's zones or of all, weighted by strategic value.
    fn territory_share(&self, ours: &[FactionId], country: Option<usize>) -> f64 {
        let Some(country) = country else {
            return ours.iter().map(|faction| self.snapshot.territory[faction.index()]).sum();
        };
        let (mut sum, mut weight) = (0.0, 0.0);
        for (zone, traits) in self.setting.zones.iter().filter(|(_, traits)| traits.country == country) {
            let share: f64 = ours.iter().map(|faction| self.world.control[(zone, *faction)]).sum();
            sum += traits.strategic_value * share;
            weight += traits.strategic_value;
        }
        if weight > 0.0 { sum / weight } else { 0.0 }
    }

    /// What some factions hold together, in a country or all over.
    fn held(&self, count: Held, ours: &[FactionId], country: Option<usize>) -> f64 {
        let world = self.world;
        let holds = |zone: ZoneId| world.holder[zone].is_some_and(|holder| ours.contains(&world.successor(holder)));
        let counts = |zone: ZoneId| country.is_none_or(|country| self.setting.zones[zone].country == country);
        let zones = self.setting.zones.ids().filter(|zone| counts(*zone) && holds(*zone));
        match count {
            Held::Zones => zones.count() as f64,
            Held::People => zones.flat_map(|zone| self.setting.cells_in(zone)).map(|cell| world.at_home[cell]).sum(),
        }
    }

    fn fighters(&self, faction: FactionId, zone: Option<ZoneId>) -> f64 {
        zone.map_or(self.world.strength[faction], |zone| self.world.presence[(zone, faction)])
    }

    fn any_pair_ever(&self, [a, b]: [Group; 2], so: impl Fn(PairId) -> bool) -> bool {
        let theirs = b.members_ever(self.setting, self.world);
        a.members_ever(self.setting, self.world)
            .any(|low| theirs.clone().any(|high| low != high && so(PairId::of(low, high))))
    }

    fn sum_of_pairs(&self, [a, b]: [Group; 2], count: impl Fn(PairId) -> f64) -> f64 {
        let theirs = b.members_ever(self.setting, self.world);
        let mut sum = 0.0;
        for low in a.members_ever(self.setting, self.world) {
            for high in theirs.clone().filter(|high| *high != low) {
                sum += count(PairId::of(low, high));
            }
        }
        sum
    }
}

/// By weight, or by number where nothing has any weight.
fn more_than_half(weight_for: f64, weight: f64, count_for: u32, count: u32) -> bool {
    if weight > 0.0 { 2.0 * weight_for > weight } else { 2 * count_for > count }
}
