//! What one run leaves behind, in the terms of the results folder.

use serde::{Deserialize, Serialize};

/// The answer of one run to one question.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// 1 or 0 for yes or no; the amount for a quantity.
    pub value: f64,
    /// The step at which a yes first was one.
    pub step: Option<u32>,
}

/// One line of the event log, with names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    /// The step in which it happened.
    pub step: u32,
    /// What happened: `talks_opened`, `talks_ended`, `leaked`, `stance_changed`, `merged`, `left_umbrella`, `split`,
    /// `accord_status`, `control_changed`, `gone`, `event`.
    pub kind: EventKind,
    /// Who: the faction that acted; the zone whose control changed; the scheduled event. A number in [`LogNames`].
    pub who: u32,
    /// The other faction; for `merged` the one that it became a part of, for `split` the splinter, for `accord_status`
    /// the accord. A number in [`LogNames`].
    pub other: Option<u32>,
    /// The state before: a stance, an accord status, the faction that held the zone, for `left_umbrella` the umbrella.
    /// A number in [`LogNames`].
    pub from: Option<u32>,
    /// The state after: a stance (for talks and leaks the one they are about), an accord status, the faction that holds
    /// the zone, for `merged` the umbrella, for `event` whether it `held` or `failed`. A number in [`LogNames`].
    pub to: Option<u32>,
    /// Whether it was known to all.
    pub public: bool,
}

/// The kinds of lines in the event log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it; docs/results.md explains each")]
pub enum EventKind {
    Event,
    TalksOpened,
    TalksEnded,
    Leaked,
    StanceChanged,
    Upheaval,
    Offensive,
    Siege,
    Repelled,
    Succession,
    Takeover,
    Defection,
    CutOff,
    Merged,
    LeftUmbrella,
    Split,
    AccordStatus,
    ControlChanged,
    Gone,
}

impl EventKind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [Self; 19] = [
        Self::Event,
        Self::TalksOpened,
        Self::TalksEnded,
        Self::Leaked,
        Self::StanceChanged,
        Self::Upheaval,
        Self::Offensive,
        Self::Siege,
        Self::Repelled,
        Self::Succession,
        Self::Takeover,
        Self::Defection,
        Self::CutOff,
        Self::Merged,
        Self::LeftUmbrella,
        Self::Split,
        Self::AccordStatus,
        Self::ControlChanged,
        Self::Gone,
    ];

    /// The name in result files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::TalksOpened => "talks_opened",
            Self::TalksEnded => "talks_ended",
            Self::Leaked => "leaked",
            Self::StanceChanged => "stance_changed",
            Self::Upheaval => "upheaval",
            Self::Offensive => "offensive",
            Self::Siege => "siege",
            Self::Repelled => "repelled",
            Self::Succession => "succession",
            Self::Takeover => "takeover",
            Self::Defection => "defection",
            Self::CutOff => "cut_off",
            Self::Merged => "merged",
            Self::LeftUmbrella => "left_umbrella",
            Self::Split => "split",
            Self::AccordStatus => "accord_status",
            Self::ControlChanged => "control_changed",
            Self::Gone => "gone",
        }
    }
}

/// The words of an event log: ids of the scenario's entities and names of states, numbered once per scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogNames(pub Vec<String>);

/// What one run leaves behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Which replicate.
    pub replicate: u64,
    /// Why it failed, if it did; the rest is then what was known up to there, and is not counted.
    pub failure: Option<String>,
    /// Answers, in the layout's order.
    pub answers: Vec<Answer>,
    /// Measures at the horizon, in the layout's order.
    pub finals: Vec<f64>,
    /// The faction or umbrella that leads the largest bloc at the horizon: a number in [`LogNames`].
    pub leader: Option<u32>,
    /// The coalition structure at the horizon in [`coalition_words`](super::coalition_words). Empty when all stand alone.
    pub coalitions: String,
    /// What happened.
    pub events: Vec<EventRow>,
    /// Series: moment after moment, each in the layout's order.
    pub series: Vec<f32>,
    /// Milestones: moment after moment, each in the layout's order.
    pub milestones: Vec<f32>,
}

impl RunRecord {
    /// The record of a replicate of which nothing is known yet.
    pub fn empty(replicate: u64) -> Self {
        Self {
            replicate,
            failure: None,
            answers: Vec::new(),
            finals: Vec::new(),
            leader: None,
            coalitions: String::new(),
            events: Vec::new(),
            series: Vec::new(),
            milestones: Vec::new(),
        }
    }
}
