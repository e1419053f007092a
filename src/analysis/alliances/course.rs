//! Who stands how with whom in one run, week by week, as its event log tells.

use super::structure::{BlocMember, Partition};
use crate::base::{FactionId, Id, PairId};
use crate::measure::{Blocs, ReportedActors, Snapshot};
use crate::mechanism::stance_of_splinter;
use crate::record::EventView;
use crate::world::{Directory, ScheduledEffect, Setting, Stance, World};

/// The state of one run that the event log tells of: stances, who stands, who is under which umbrella. Everything else
/// in its world stays as it was at the start, strengths too but for those whom an event brings.
#[derive(Clone, Debug)]
pub struct Course<'s> {
    setting: &'s Setting,
    directory: Directory,
    actors: ReportedActors,
    snapshot: Snapshot,
    world: World,
}

/// What an event changed about commitments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitmentChange {
    /// Two factions stand otherwise.
    Stance {
        /// The two.
        pair: PairId,
        /// From where.
        from: Stance,
        /// To where.
        to: Stance,
    },
    /// A faction is no more, or part of another: what it had agreed is void.
    Ended(FactionId),
}

impl<'s> Course<'s> {
    /// The start of a run in a setting.
    pub fn new(setting: &'s Setting) -> Self {
        Self {
            setting,
            directory: Directory::of(setting),
            actors: ReportedActors::new(setting, &[]),
            snapshot: Snapshot::new(setting),
            world: setting.initial.clone(),
        }
    }

    /// Turns back to the start.
    pub fn restart(&mut self) {
        let (world, start) = (&mut self.world, &self.setting.initial);
        world.tie.clone_from(&start.tie);
        world.alive.clone_from(&start.alive);
        world.strength.clone_from(&start.strength);
        world.umbrella.clone_from(&start.umbrella);
        world.absorbed_into.clone_from(&start.absorbed_into);
    }

    /// Takes in an event. None if it changed no commitment, or tells of a faction that the setting does not know.
    pub fn take(&mut self, event: &EventView<'_>) -> Option<CommitmentChange> {
        // Most events are of kinds that change nothing here; names are looked up for the others only.
        if event.kind == "event" {
            self.arrive(event);
            return None;
        }
        if !matches!(event.kind, "stance_changed" | "merged" | "gone" | "split" | "left_umbrella") {
            return None;
        }
        let who = self.directory.faction(event.who)?;
        let other = event.other.and_then(|other| self.directory.faction(other));
        match event.kind {
            "stance_changed" => {
                let to = stance(event.to?)?;
                let pair = PairId::of(who, other.filter(|other| *other != who)?);
                let from = std::mem::replace(&mut self.world.tie[pair].stance, to);
                return Some(CommitmentChange::Stance { pair, from, to });
            }
            "merged" => {
                self.end(who);
                self.world.absorbed_into[who] = other.filter(|other| *other != who);
                return Some(CommitmentChange::Ended(who));
            }
            "gone" => {
                self.end(who);
                return Some(CommitmentChange::Ended(who));
            }
            "split" => self.begin(other.filter(|other| *other != who)?, who),
            _ => self.world.umbrella[who] = None,
        }
        None
    }

    /// Whoever an event brings has fighters from then on.
    fn arrive(&mut self, event: &EventView<'_>) {
        if event.to != Some("held") {
            return;
        }
        let scheduled = self.directory.event(event.who).map(|event| &self.setting.events[event].effect);
        if let Some(ScheduledEffect::Arrive { faction, fighters }) = scheduled {
            let faction = self.world.successor(*faction);
            let strength = &mut self.world.strength[faction];
            *strength += fighters.iter().map(|(_, fighters)| fighters).sum::<f64>();
        }
    }

    fn end(&mut self, faction: FactionId) {
        self.world.alive[faction] = false;
        self.world.umbrella[faction] = None;
        for other in self.setting.factions.ids().filter(|other| *other != faction) {
            self.world.tie[PairId::of(faction, other)].stance = Stance::Neutral;
        }
    }

    fn begin(&mut self, splinter: FactionId, parent: FactionId) {
        let world = &mut self.world;
        world.alive[splinter] = true;
        world.strength[splinter] = 1.0;
        for other in self.setting.factions.ids().filter(|other| *other != splinter && world.alive[*other]) {
            world.tie[PairId::of(splinter, other)].stance = stance_of_splinter(world, parent, other);
        }
    }

    /// How pairs stand.
    pub fn ties(&self) -> impl Iterator<Item = (PairId, Stance)> + '_ {
        self.world.tie.iter().map(|(pair, tie)| (pair, tie.stance))
    }

    /// The stance of each pair of factions that stand and have fighters; of others none. In the order of pairs.
    pub fn stances(&self, into: &mut Vec<Option<Stance>>) {
        let world = &self.world;
        let stands = |faction: FactionId| world.alive[faction] && world.strength[faction] > 0.0;
        into.clear();
        into.extend(
            PairId::all(world.factions())
                .map(|(pair, low, high)| (stands(low) && stands(high)).then(|| world.tie[pair].stance)),
        );
    }

    /// The coalition structure in the words of `runs.parquet`.
    pub fn coalitions(&mut self) -> String {
        self.snapshot.blocs.find(&self.world, Stance::Alliance);
        self.actors.coalitions(self.setting, &self.world, &self.snapshot)
    }

    /// Whom each of some factions of the start is with: factions linked by stances of `rung` or more, directly or through
    /// others, are together; one that merged is with what it became part of; one that is gone is alone.
    pub fn partition(&self, factions: &[FactionId], rung: Stance) -> Partition {
        let mut blocs = Blocs::default();
        blocs.find(&self.world, rung);
        let now = |faction: &FactionId| self.world.successor(*faction);
        Partition::of(factions.iter().map(now).map(|faction| blocs.of(faction).unwrap_or(faction).0))
    }

    /// The same among actors: an umbrella by itself is one ([`Partition::of_actors`]).
    pub fn outcome(&self, factions: &[FactionId], rung: Stance) -> Partition {
        let mut blocs = Blocs::default();
        blocs.find(&self.world, rung);
        let member = |faction: &FactionId| {
            let now = self.world.successor(*faction);
            let umbrella = self.setting.initial.umbrella[*faction].map(|umbrella| umbrella.index() as u32);
            BlocMember { bloc: blocs.of(now).unwrap_or(now).0, now: now.0, umbrella }
        };
        Partition::of_actors(&factions.iter().map(member).collect::<Vec<_>>())
    }

    /// Whether a faction of the start stands, by itself or as a part of another.
    pub fn stands(&self, faction: FactionId) -> bool {
        self.world.alive[self.world.successor(faction)]
    }
}

/// The stance of a word.
fn stance(word: &str) -> Option<Stance> {
    Stance::ALL.into_iter().find(|stance| stance.word() == word)
}

/// The factions of the start that have fighters and do not only mediate: those that make coalitions.
pub fn fighting(setting: &Setting) -> Vec<FactionId> {
    let start = &setting.initial;
    let fights = |faction: &FactionId| {
        start.alive[*faction]
            && start.strength[*faction] > 0.0
            && start.character[*faction].kind != crate::world::FactionKind::Mediator
    };
    setting.factions.ids().take(setting.founding).filter(fights).collect()
}
