//! The chain of decisions and chances that led to an outcome, found by walking through what was noted of the run.
//!
//! A tie between two is followed rung by rung: talks that were opened, went on and were concluded make one climb, and only
//! climbs that ended in a deal belong to the chain; so does every step down, every merger that hands ties on, every change
//! of status in an accord, every leak of the two, and every scheduled event that came to pass before.

use super::account::{Note, RunAccount, pair_of};
use super::change::DecisionKey;
use super::outcome::Outcome;
use crate::base::{FactionId, PairId, ZoneId};
use crate::measure::{Ask, Condition};
use crate::mechanism::{Chance, Decision, DecisionKind};
use crate::world::{Happening, HappeningKind, Setting, Stance};
use std::collections::BTreeMap;

/// A part of the chain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// In which step.
    pub step: u32,
    /// What.
    pub note: Note,
}

/// What led to an outcome, or was tried towards it.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    /// The links, in order.
    pub links: Vec<Link>,
    /// The last decisions: those whose probability tells how near the outcome was.
    pub last: Vec<Decision>,
    /// The step in which the outcome itself came about, where it did so by what was decided or happened then.
    pub end: Option<u32>,
    /// Factions that it is about: those of the outcome, and those that became part of them.
    pub factions: Vec<FactionId>,
}

impl Chain {
    /// The decisions among the links, in order.
    pub fn decisions(&self) -> impl Iterator<Item = &Decision> {
        self.links.iter().filter_map(|link| match &link.note {
            Note::Decided(decision, _) => Some(decision),
            _ => None,
        })
    }

    /// Whether a decision was the outcome itself, rather than one that led there.
    pub fn is_outcome(&self, outcome: &Outcome, decision: &Decision) -> bool {
        match self.end {
            Some(end) => decision.step == end && outcome.comes_by(decision.kind),
            None => self.last.iter().any(|last| DecisionKey::of(last).is(decision)),
        }
    }
}

/// What is known of a tie while the notes are walked through.
#[derive(Clone, Debug)]
struct TieHistory {
    stance: Stance,
    /// The climb that is going on.
    climb: Vec<Link>,
    /// What brought the tie where it is.
    links: Vec<Link>,
    /// Of these, the last deal or step down.
    last: Vec<Decision>,
}

/// The chain that led to an outcome which came about at a moment.
pub fn chain(setting: &Setting, outcome: &Outcome, account: &RunAccount, moment: u32) -> Chain {
    let mut walk = Walk::new(setting, outcome, account);
    for (step, note) in account.notes.iter().take_while(|(step, _)| *step < moment) {
        walk.take(*step, note);
    }
    let mut chain = walk.finish(outcome);
    // What is asked of a moment of its own was decided before it.
    let within = matches!(outcome.question.ask, Ask::Within(_));
    chain.end = moment.checked_sub(1).filter(|_| within);
    chain
}

struct Walk<'a> {
    setting: &'a Setting,
    outcome: &'a Outcome,
    ties: BTreeMap<PairId, TieHistory>,
    links: Vec<Link>,
    last: Vec<Decision>,
    /// A decision to attack whose target has not been told yet.
    attack: Option<Link>,
    /// A decision of a commander whose place has not been told yet.
    defection: Option<Link>,
    factions: Vec<FactionId>,
}

impl<'a> Walk<'a> {
    fn new(setting: &'a Setting, outcome: &'a Outcome, account: &RunAccount) -> Self {
        let mut ties = BTreeMap::new();
        let mut pairs = outcome.member_pairs(setting);
        if pairs.is_empty() {
            // An outcome about one party: all its ties; about a place, those with whoever holds or attacks it.
            let others: Vec<FactionId> = match outcome.place() {
                Some(zone) => contenders(setting, zone, account),
                None => setting.factions.ids().take(setting.founding).collect(),
            };
            for faction in &outcome.factions {
                pairs.extend(others.iter().filter(|other| *other != faction).map(|other| (*faction, *other)));
            }
        }
        for (a, b) in pairs {
            let stance = setting.initial.stance(a, b);
            ties.insert(
                PairId::of(a, b),
                TieHistory { stance, climb: Vec::new(), links: Vec::new(), last: Vec::new() },
            );
        }
        Self {
            setting,
            outcome,
            ties,
            links: Vec::new(),
            last: Vec::new(),
            attack: None,
            defection: None,
            factions: outcome.factions.clone(),
        }
    }

    fn take(&mut self, step: u32, note: &Note) {
        let link = Link { step, note: *note };
        match note {
            Note::Decided(decision, yes) => self.decided(link, decision, *yes),
            Note::Befell(Chance::Event(_), true) => self.links.push(link),
            Note::Befell(Chance::Leak(a, b), true) => {
                if self.ties.contains_key(&PairId::of(*a, *b)) {
                    self.links.push(link);
                }
            }
            Note::Befell(..) => {}
            Note::Happened(happening) => self.happened(link, happening),
        }
    }

    fn decided(&mut self, link: Link, decision: &Decision, yes: bool) {
        let Decision { kind, actor, other, .. } = *decision;
        match kind {
            DecisionKind::OpenTalks | DecisionKind::GoOn | DecisionKind::Conclude | DecisionKind::GoPublic => {
                if let Some(tie) = self.ties.get_mut(&PairId::of(actor, other)) {
                    tie.climb.push(link);
                }
            }
            DecisionKind::Cease if yes => {
                if let Some(tie) = self.ties.get_mut(&PairId::of(actor, other)) {
                    // What one side alone was ready for came to nothing.
                    tie.climb.retain(|earlier| earlier.step == link.step);
                    tie.climb.push(link);
                }
            }
            DecisionKind::Attack if yes => self.attack = Some(link),
            DecisionKind::StepDown if yes => {
                if let Some(tie) = self.ties.get_mut(&PairId::of(actor, other)) {
                    tie.links.push(link);
                    tie.last = vec![*decision];
                }
            }
            DecisionKind::Defect if yes => self.defection = Some(link),
            DecisionKind::Merge | DecisionKind::Break | DecisionKind::Succession | DecisionKind::GiveUp
                if yes && self.concerns(actor, other) =>
            {
                self.links.push(link);
                self.last = vec![*decision];
            }
            // Whether the review changed anything shows in what happens next; only then does it stay.
            DecisionKind::Accord | DecisionKind::Sign if self.factions.contains(&actor) => self.links.push(link),
            DecisionKind::Propose if yes && self.outcome.is_mediated_by(self.setting, actor) => self.links.push(link),
            _ => {}
        }
    }

    fn happened(&mut self, link: Link, happening: &Happening) {
        match happening.kind {
            HappeningKind::TalksEnded { between: (a, b), .. } => {
                if let Some(tie) = self.ties.get_mut(&PairId::of(a, b)) {
                    tie.climb.clear();
                }
            }
            HappeningKind::TalksOpened { between: (a, b), .. } => {
                if let Some(tie) = self.ties.get_mut(&PairId::of(a, b)) {
                    // Attempts before this one came to nothing.
                    tie.climb.retain(|earlier| earlier.step == link.step);
                    tie.climb.push(link);
                }
            }
            HappeningKind::StanceChanged { between: (a, b), from, to } => {
                if let Some(tie) = self.ties.get_mut(&PairId::of(a, b)) {
                    tie.stance = to;
                    // What was decided before is not what brought it here.
                    tie.last.retain(|decision| decision.step == link.step);
                    if to > from {
                        let now = tie.climb.iter().filter(|earlier| earlier.step == link.step);
                        tie.last = now.filter_map(decision).collect();
                        tie.links.append(&mut tie.climb);
                    }
                    tie.links.push(link);
                }
            }
            HappeningKind::Merged { absorbed, into, .. } => {
                if self.concerns(absorbed, into) {
                    self.links.push(link);
                    self.hand_on(absorbed, into);
                }
            }
            HappeningKind::LeftUmbrella { faction, .. }
            | HappeningKind::Succession { faction }
            | HappeningKind::Takeover { faction, .. }
            | HappeningKind::Gone { faction } => {
                if self.factions.contains(&faction) {
                    self.links.push(link);
                }
            }
            HappeningKind::Split { from: a, splinter: b } | HappeningKind::CutOff { sponsor: a, client: b } => {
                if self.concerns(a, b) {
                    self.links.push(link);
                }
            }
            HappeningKind::Defection { from: a, to: b, zone } => {
                if self.bears(zone, a, b) {
                    self.links.extend(self.defection.take());
                    self.links.push(link);
                }
                self.defection = None;
            }
            HappeningKind::AccordStatus { accord, party, .. } => {
                // Who holds a place is not decided by accords.
                let of_party = self.outcome.place().is_none() && self.factions.contains(&party);
                if self.outcome.accords.contains(&accord) || of_party {
                    self.links.push(link);
                }
            }
            HappeningKind::Offensive { zone, .. } => {
                if let Some(attack) = self.attack.take().filter(|_| self.asks_of(zone)) {
                    self.last = decision(&attack).into_iter().collect();
                    self.links.extend([attack, link]);
                }
            }
            HappeningKind::ControlChanged { zone, .. }
            | HappeningKind::Siege { zone, .. }
            | HappeningKind::Repelled { zone, .. } => {
                if self.asks_of(zone) {
                    self.links.push(link);
                }
            }
            HappeningKind::Upheaval { between: (a, b) } => {
                if let Some(tie) = self.ties.get_mut(&PairId::of(a, b)) {
                    tie.links.push(link);
                }
            }
            HappeningKind::Event { .. } | HappeningKind::Leaked { .. } => {}
        }
    }

    /// Whether the outcome is about who holds a zone.
    fn asks_of(&self, zone: ZoneId) -> bool {
        self.outcome.place() == Some(zone)
    }

    /// Whether something in a zone bears on an outcome about two factions: of one about a place, only what happens there.
    fn bears(&self, zone: ZoneId, a: FactionId, b: FactionId) -> bool {
        self.outcome.place().map_or_else(|| self.concerns(a, b), |asked| asked == zone)
    }

    fn concerns(&self, a: FactionId, b: FactionId) -> bool {
        self.factions.contains(&a) || self.factions.contains(&b)
    }

    /// What absorbs a faction of the outcome speaks for it from then on; the ties of the absorbed one lapse.
    fn hand_on(&mut self, absorbed: FactionId, into: FactionId) {
        if !self.factions.contains(&into) {
            self.factions.push(into);
        }
        let pairs = PairId::all(self.setting.factions.len());
        for (pair, low, high) in pairs.filter(|(_, low, high)| *low == absorbed || *high == absorbed) {
            let other = if low == absorbed { high } else { low };
            if self.ties.remove(&pair).is_some() && other != into {
                let stance = self.setting.initial.stance(into, other);
                let fresh = TieHistory { stance, climb: Vec::new(), links: Vec::new(), last: Vec::new() };
                self.ties.entry(PairId::of(into, other)).or_insert(fresh);
            }
        }
    }

    fn finish(self, outcome: &Outcome) -> Chain {
        let wanted = |tie: &TieHistory| stands(&outcome.condition, tie.stance).unwrap_or(true);
        let any = self.ties.values().any(|tie| wanted(tie) && !tie.links.is_empty());
        let mut links = self.links;
        let mut last = self.last;
        let mut last_step = last.last().map_or(0, |decision| decision.step);
        for tie in self.ties.into_values().filter(|tie| !any || wanted(tie)) {
            if let Some(step) = tie.last.first().map(|decision| decision.step)
                && step >= last_step
            {
                if step > last_step {
                    last.clear();
                }
                last.extend(&tie.last);
                last_step = step;
            }
            links.extend(tie.links);
        }
        links.sort_by_key(|link| link.step);
        keep_reviews_that_mattered(&mut links);
        Chain { links, last, end: None, factions: self.factions }
    }
}

/// Those who hold a place at the start or come to hold it, and those who go against it.
pub(super) fn contenders(setting: &Setting, place: ZoneId, account: &RunAccount) -> Vec<FactionId> {
    let mut list: Vec<FactionId> = setting.initial.holder[place].into_iter().collect();
    for (_, happening) in account.happenings() {
        match happening.kind {
            HappeningKind::ControlChanged { zone, from, to } if zone == place => {
                list.extend(from.into_iter().chain(to))
            }
            HappeningKind::Offensive { attacker, defender, zone } if zone == place => list.extend([attacker, defender]),
            HappeningKind::Defection { from, to, zone } if zone == place => list.extend([from, to]),
            _ => {}
        }
    }
    list.sort_unstable();
    list.dedup();
    list
}

/// Drops reviews of accords after which the party's status stayed as it was.
fn keep_reviews_that_mattered(links: &mut Vec<Link>) {
    let changed: Vec<(u32, FactionId)> = (links.iter())
        .filter_map(|link| match link.note {
            Note::Happened(Happening { kind: HappeningKind::AccordStatus { party, .. }, .. }) => {
                Some((link.step, party))
            }
            _ => None,
        })
        .collect();
    links.retain(|link| match &link.note {
        Note::Decided(decision, _) if matches!(decision.kind, DecisionKind::Accord | DecisionKind::Sign) => {
            changed.contains(&(link.step, decision.actor))
        }
        _ => true,
    });
}

fn decision(link: &Link) -> Option<Decision> {
    match link.note {
        Note::Decided(decision, _) => Some(decision),
        _ => None,
    }
}

/// Whether a stance is one that the condition asks for; none if it asks for no stance.
fn stands(condition: &Condition, stance: Stance) -> Option<bool> {
    match condition {
        Condition::Stance { at_least, at_most, .. } => Some((*at_least..=*at_most).contains(&stance)),
        Condition::SameBloc { .. } => Some(stance == Stance::Alliance),
        _ => None,
    }
}

/// What happened between the factions of an outcome, or to them: for telling what came about instead.
pub fn of_interest(outcome: &Outcome, pairs: &[PairId], happening: &Happening) -> bool {
    if let Some(pair) = pair_of(happening) {
        return pairs.contains(&pair);
    }
    match happening.kind {
        HappeningKind::Merged { absorbed, into, .. } => {
            outcome.factions.contains(&absorbed) || outcome.factions.contains(&into)
        }
        HappeningKind::LeftUmbrella { faction, .. }
        | HappeningKind::Succession { faction }
        | HappeningKind::Takeover { faction, .. }
        | HappeningKind::Gone { faction } => outcome.factions.contains(&faction),
        HappeningKind::Split { from, .. }
        | HappeningKind::Defection { from, .. }
        | HappeningKind::CutOff { client: from, .. } => outcome.factions.contains(&from),
        HappeningKind::Offensive { zone, .. }
        | HappeningKind::Siege { zone, .. }
        | HappeningKind::Repelled { zone, .. }
        | HappeningKind::ControlChanged { zone, .. } => outcome.place() == Some(zone),
        HappeningKind::AccordStatus { accord, .. } => outcome.accords.contains(&accord),
        _ => false,
    }
}
