//! What is to be explained: the answer of a run to a question of yes or no, or how two came to stand where they stood.

use crate::base::{AccordId, FactionId, ZoneId};
use crate::engine::{Model, Runner};
use crate::measure::{Ask, Condition, Group, Keep, Question};
use crate::mechanism::DecisionKind;
use crate::scenario::Scenario;
use crate::world::{Setting, Stance};
use thiserror::Error;

/// Something that came about in a run, or not, and what it is about.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The question that stands for it.
    pub question: Question,
    /// The condition asked about.
    pub condition: Condition,
    /// The last moment that counts.
    pub last: u32,
    /// The pairs of groups that it is about.
    pub pairs: Vec<[Group; 2]>,
    /// The factions of the start that it is about, in order: those of the pairs, and those named otherwise.
    pub factions: Vec<FactionId>,
    /// The accords that it is about.
    pub accords: Vec<AccordId>,
    /// Whether it is that what the question asks about is no longer so.
    pub is_end: bool,
}

/// Why an outcome cannot be explained.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OutcomeError {
    /// The question is one of how much.
    #[error("the question `{0}` asks how much, and only what happens or does not can be explained")]
    Amount(String),
    /// The two are not two.
    #[error("a pair needs two different parties, found `{0}`")]
    OneParty(String),
    /// One of the two is a member of the other.
    #[error("`{0}` is a member of `{1}`, and a pair needs two that have nobody in common")]
    Member(String, String),
}

impl Outcome {
    /// The outcome that a question asks about.
    ///
    /// # Errors
    /// If it asks how much.
    pub fn of_question(setting: &Setting, question: &Question) -> Result<Self, OutcomeError> {
        let condition = question.condition().ok_or_else(|| OutcomeError::Amount(question.id.clone()))?;
        let mut pairs = Vec::new();
        condition.pairs(&mut pairs);
        let mut subject = Involved::default();
        subject.add(setting, condition);
        subject.factions.sort_unstable();
        subject.factions.dedup();
        Ok(Self {
            question: question.clone(),
            condition: condition.clone(),
            last: question.moment.min(setting.calendar.steps()),
            pairs,
            factions: subject.factions,
            accords: subject.accords,
            is_end: false,
        })
    }

    /// The outcome that two stand on a rung at least (or, when `falling`, at most) at some moment.
    ///
    /// # Errors
    /// If the two are one, or one is a member of the other.
    pub fn of_pair(
        setting: &Setting,
        between: [Group; 2],
        id: &str,
        rung: Stance,
        falling: bool,
    ) -> Result<Self, OutcomeError> {
        if between[0] == between[1] {
            return Err(OutcomeError::OneParty(id.to_owned()));
        }
        for (one, other) in [(between[0], between[1]), (between[1], between[0])] {
            if let (Group::Faction(faction), Group::Umbrella(umbrella)) = (one, other)
                && setting.umbrellas[umbrella].members.contains(&faction)
            {
                return Err(OutcomeError::Member(one.id(setting).to_owned(), other.id(setting).to_owned()));
            }
        }
        let (at_least, at_most) = if falling { (Stance::War, rung) } else { (rung, Stance::Alliance) };
        let condition = Condition::Stance { between, at_least, at_most, public: None, zone: None };
        let question = Question { id: id.to_owned(), ask: Ask::Within(condition), moment: setting.calendar.steps() };
        Self::of_question(setting, &question)
    }

    /// Of what is so at the start and asked about at a moment: the outcome that it is not so then, such as that a place is
    /// lost or a war is over. None for other questions.
    pub fn end(&self, scenario: &Scenario) -> Option<Self> {
        let Ask::At(condition) = &self.question.ask else { return None };
        let at = |ask, moment| Question { id: self.question.id.clone(), ask, moment };
        let start = Model::asking(scenario, vec![at(Ask::At(condition.clone()), 0)]);
        let holds = Runner::start(&start, Keep::ANSWERS, 0, 0).answers()[0].value > 0.5;
        let question = at(Ask::At(Condition::Not(Box::new(condition.clone()))), self.question.moment);
        holds
            .then(|| Self::of_question(&scenario.setting, &question).ok())
            .flatten()
            .map(|end| Self { is_end: true, ..end })
    }

    /// The place that it is about, if it is about who holds one.
    pub fn place(&self) -> Option<ZoneId> {
        let mut condition = &self.condition;
        while let Condition::Not(part) = condition {
            condition = part;
        }
        if let Condition::Controls { zone, .. } = condition { Some(*zone) } else { None }
    }

    /// Whether decisions of a kind are what the outcome comes about by.
    pub fn comes_by(&self, kind: DecisionKind) -> bool {
        moves(&self.condition, kind)
    }

    /// Whether it is about an accord of which a faction is the mediator.
    pub fn is_mediated_by(&self, setting: &Setting, faction: FactionId) -> bool {
        self.accords.iter().any(|accord| setting.accords[*accord].mediator == Some(faction))
    }

    /// All pairs of a member of one group with a member of the other, as of the start.
    pub fn member_pairs(&self, setting: &Setting) -> Vec<(FactionId, FactionId)> {
        let mut list = Vec::new();
        for [a, b] in &self.pairs {
            for low in members(setting, *a) {
                for high in members(setting, *b) {
                    if low != high && !list.contains(&(low, high)) && !list.contains(&(high, low)) {
                        list.push((low, high));
                    }
                }
            }
        }
        list
    }
}

/// Whether decisions of a kind are what a condition comes true by.
fn moves(condition: &Condition, kind: DecisionKind) -> bool {
    let tie = matches!(
        kind,
        DecisionKind::OpenTalks
            | DecisionKind::GoOn
            | DecisionKind::Conclude
            | DecisionKind::GoPublic
            | DecisionKind::StepDown
            | DecisionKind::Cease
    );
    match condition {
        Condition::Stance { .. }
        | Condition::SameBloc { .. }
        | Condition::Talks { .. }
        | Condition::Leaked { .. }
        | Condition::ActiveDyad { .. }
        | Condition::LeadsLargestBloc { .. } => tie,
        Condition::Accord { .. } => matches!(kind, DecisionKind::Accord | DecisionKind::Sign | DecisionKind::Propose),
        Condition::Split { .. } => kind == DecisionKind::Break,
        Condition::Merged { .. } => kind == DecisionKind::Merge,
        Condition::Controls { .. } => kind == DecisionKind::Attack,
        Condition::LeaderFell { .. } => kind == DecisionKind::Succession,
        Condition::ForcePresent { .. }
        | Condition::Disarmed { .. }
        | Condition::Event { .. }
        | Condition::Quantity { .. } => false,
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|part| moves(part, kind)),
        Condition::Not(part) => moves(part, kind),
    }
}

/// The factions of the start that a group stands for: for splinters, the one from which they broke.
pub fn members(setting: &Setting, group: Group) -> Vec<FactionId> {
    match group {
        Group::Faction(faction) | Group::Splinters(faction) => vec![faction],
        Group::Umbrella(umbrella) => setting.umbrellas[umbrella].members.clone(),
    }
}

#[derive(Default)]
struct Involved {
    factions: Vec<FactionId>,
    accords: Vec<AccordId>,
}

impl Involved {
    fn group(&mut self, setting: &Setting, group: Group) {
        self.factions.extend(members(setting, group));
    }

    fn add(&mut self, setting: &Setting, condition: &Condition) {
        match condition {
            Condition::Stance { between, .. }
            | Condition::Leaked { between }
            | Condition::Talks { between }
            | Condition::ActiveDyad { between, .. } => between.iter().for_each(|group| self.group(setting, *group)),
            Condition::SameBloc { of } => of.iter().for_each(|group| self.group(setting, *group)),
            Condition::LeadsLargestBloc { group }
            | Condition::Controls { group, .. }
            | Condition::ForcePresent { group, .. }
            | Condition::LeaderFell { group }
            | Condition::Disarmed { group, .. }
            | Condition::Split { of: group } => self.group(setting, *group),
            Condition::Merged { umbrella } => self.group(setting, Group::Umbrella(*umbrella)),
            Condition::Accord { accord, party, .. } => {
                self.accord(setting, *accord);
                party.iter().for_each(|party| self.group(setting, *party));
            }
            Condition::Event { .. } | Condition::Quantity { .. } => {}
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| self.add(setting, part)),
            Condition::Not(part) => self.add(setting, part),
        }
    }

    fn accord(&mut self, setting: &Setting, accord: AccordId) {
        self.accords.push(accord);
        self.factions.extend(setting.accords[accord].parties.iter().map(|(party, _)| *party));
    }
}
