//! The draws of one replicate, as the mechanisms ask for them.

use crate::base::{AccordId, FactionId, Id, PairId, ZoneId};
use crate::random::{Columns, DrawKey, Purpose, Sequence, Source};
use crate::world::{Setting, World};

/// The draws of one replicate: a source, and what has been drawn ahead for those who draw every week.
#[derive(Clone, Debug)]
pub struct Draws {
    source: Source,
    pairs: usize,
    factions: usize,
    by_pair: [Columns; BY_PAIR.len()],
    by_faction: [Columns; BY_FACTION.len()],
    clash: Columns,
    one_sided: Columns,
    part: Columns,
}

/// Purposes that pairs draw for every week.
const BY_PAIR: [Purpose; 12] = [
    Purpose::Contact,
    Purpose::AnswerLow,
    Purpose::AnswerHigh,
    Purpose::Leak,
    Purpose::ReconsiderLow,
    Purpose::ReconsiderHigh,
    Purpose::Publicity,
    Purpose::Look,
    Purpose::MoodLow,
    Purpose::MoodHigh,
    Purpose::Upheaval,
    Purpose::Feud,
];

/// Purposes that factions draw for every week or review.
const BY_FACTION: [Purpose; 9] = [
    Purpose::PerceptionObserver,
    Purpose::PerceptionObserved,
    Purpose::Split,
    Purpose::Readiness,
    Purpose::Fury,
    Purpose::Fall,
    Purpose::Takeover,
    Purpose::Defection,
    Purpose::GivingUp,
];

/// Nothing happens (`e^-m >= 1 - m`) where the mean is at most this and the uniform is below 1 minus it.
const RARE: f64 = 1.0 / 16.0;

/// Two factions.
type Pair = (FactionId, FactionId);

fn scarce(purpose: Purpose, slots: usize) -> Columns {
    let mut columns = Columns::new(purpose, slots);
    columns.set_limit(1.0 - RARE);
    columns
}

/// The position of a purpose in a list; with a constant purpose, found when compiling.
#[inline(always)]
fn position(list: &[Purpose], purpose: Purpose) -> usize {
    let mut index = 0;
    while index < list.len() - 1 && list[index] as u64 != purpose as u64 {
        index += 1;
    }
    debug_assert!(list[index] == purpose, "a mechanism draws for a purpose that has no columns");
    index
}

impl Draws {
    /// Room for the draws of runs in a setting; [`Draws::begin`] comes before the first draw.
    pub fn new(setting: &Setting) -> Self {
        let factions = setting.factions.len();
        let pairs = PairId::count(factions);
        let zones = setting.zones.len();
        Self {
            source: Source::new(0, 0),
            pairs,
            factions,
            by_pair: BY_PAIR.map(|purpose| Columns::new(purpose, pairs)),
            by_faction: BY_FACTION.map(|purpose| Columns::new(purpose, factions)),
            clash: scarce(Purpose::Clash, zones * pairs),
            one_sided: scarce(Purpose::OneSided, zones * factions),
            part: Columns::new(Purpose::Part, setting.accords.len() * factions),
        }
    }

    /// Turns to a replicate of an experiment with a master seed.
    pub fn begin(&mut self, seed: u64, replicate: u64) {
        self.source = Source::new(seed, replicate);
        for columns in self.by_pair.iter_mut().chain(&mut self.by_faction) {
            columns.reset();
        }
        self.clash.reset();
        self.one_sided.reset();
        self.part.reset();
    }

    /// Forgets what was drawn ahead for a faction's slot, because another faction takes it.
    pub fn forget(&mut self, faction: FactionId) {
        for columns in &mut self.by_faction {
            columns.forget(faction.index());
        }
        let others: Vec<PairId> = (0..self.factions)
            .map(FactionId::from_index)
            .filter(|other| *other != faction)
            .map(|other| PairId::of(faction, other))
            .collect();
        for pair in &others {
            for columns in &mut self.by_pair {
                columns.forget(pair.index());
            }
        }
        let zones = self.one_sided.slots() / self.factions.max(1);
        for zone in 0..zones {
            self.one_sided.forget(zone * self.factions + faction.index());
            for pair in &others {
                self.clash.forget(zone * self.pairs + pair.index());
            }
        }
    }

    /// A pair's uniform of a step.
    #[inline(always)]
    pub fn of_pair(&mut self, purpose: Purpose, world: &World, a: FactionId, b: FactionId, step: u32) -> f64 {
        let columns = &mut self.by_pair[position(&BY_PAIR, purpose)];
        let slot = PairId::of(a, b).index();
        columns.uniform(&self.source, slot, || DrawKey::pair(world.key[a], world.key[b]), step)
    }

    /// A pair's uniform of a step that may have passed long ago.
    pub fn earlier_of_pair(&mut self, purpose: Purpose, world: &World, a: FactionId, b: FactionId, step: u32) -> f64 {
        let columns = &mut self.by_pair[position(&BY_PAIR, purpose)];
        let slot = PairId::of(a, b).index();
        columns.earlier(&self.source, slot, || DrawKey::pair(world.key[a], world.key[b]), step)
    }

    /// Sets below what a pair's uniform is low. Meant for a limit that is the same in every step.
    pub fn set_low(&mut self, purpose: Purpose, limit: f64) {
        self.by_pair[position(&BY_PAIR, purpose)].set_limit(limit);
    }

    /// Whether a pair's uniform of a step is low: see [`Draws::set_low`].
    #[inline(always)]
    pub fn is_low(&mut self, purpose: Purpose, world: &World, pair: PairId, (a, b): Pair, step: u32) -> bool {
        let columns = &mut self.by_pair[position(&BY_PAIR, purpose)];
        columns.is_low(&self.source, pair.index(), || DrawKey::pair(world.key[a], world.key[b]), step)
    }

    /// A faction's uniform of a step.
    #[inline(always)]
    pub fn of_faction(&mut self, purpose: Purpose, world: &World, faction: FactionId, step: u32) -> f64 {
        self.by_faction[position(&BY_FACTION, purpose)].uniform(
            &self.source,
            faction.index(),
            || world.key[faction],
            step,
        )
    }

    /// A uniform of a step for a party and its accord. Parties are there from the start, so none takes another's slot.
    pub fn of_party(&mut self, setting: &Setting, world: &World, (accord, party): (AccordId, FactionId)) -> f64 {
        let who = || world.key[party].with(setting.accords[accord].key);
        self.part.uniform(&self.source, accord.index() * self.factions + party.index(), who, world.step)
    }

    /// The uniform for the number of clashes of a pair (lower first) in a zone; none if no clash can come of it with a
    /// mean of `mean`.
    #[inline(always)]
    pub fn clash(
        &mut self,
        setting: &Setting,
        world: &World,
        (zone, pair): (ZoneId, PairId),
        (low, high): Pair,
        mean: f64,
    ) -> Option<f64> {
        let slot = zone.index() * self.pairs + pair.index();
        let key = || clash_key(setting, world, zone, low, high);
        if mean <= RARE && self.clash.is_low(&self.source, slot, key, world.step) {
            return None;
        }
        Some(self.clash.uniform(&self.source, slot, key, world.step)).filter(|draw| *draw >= 1.0 - mean)
    }

    /// The uniform for the number of attacks on civilians by a faction in a zone; none if no attack can come of it with a
    /// mean of up to `mean`.
    #[inline(always)]
    pub fn one_sided(
        &mut self,
        setting: &Setting,
        world: &World,
        zone: ZoneId,
        faction: FactionId,
        mean: f64,
    ) -> Option<f64> {
        let slot = zone.index() * self.factions + faction.index();
        let key = || setting.zones[zone].key.with(world.key[faction]);
        if mean <= RARE && self.one_sided.is_low(&self.source, slot, key, world.step) {
            return None;
        }
        Some(self.one_sided.uniform(&self.source, slot, key, world.step)).filter(|draw| *draw >= 1.0 - mean)
    }

    /// As many numbers as a rare event needs.
    pub fn sequence(&self, purpose: Purpose, who: DrawKey, step: u32) -> Sequence {
        self.source.sequence(purpose, who, step)
    }
}

/// Who a pair in a zone is for the random numbers.
pub fn clash_key(setting: &Setting, world: &World, zone: ZoneId, a: FactionId, b: FactionId) -> DrawKey {
    setting.zones[zone].key.with(DrawKey::pair(world.key[a], world.key[b]))
}
