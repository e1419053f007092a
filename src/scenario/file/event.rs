//! What is scheduled to happen, or may.

use super::{Condition, PartyStatus, Stance};
use crate::base::field::{degree, number, otherwise};
use crate::base::{Date, Duration};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something that comes on a day, within a time, at a rate or when a condition holds.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Short name: lower-case letters, digits and hyphens.
    pub id: String,
    /// What it is, for people.
    pub name: String,
    /// The day. An event has a day, or two between which it may come, or a rate, or the latter two, or a condition alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The first and the last day on which it may come, each as likely as any other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between: Option<[Date; 2]>,
    /// The chance that it comes to pass; 1 unless given. A what-if can hold an event ready with 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = otherwise(1.0, degree))]
    pub chance: Option<f64>,
    /// How often it is to be expected, instead of a chance: it comes once, when it first does, between the two days or from
    /// the start on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = number("per year", 0.0, 1000.0))]
    pub per_year: Option<f64>,
    /// What must hold for it to come, as at the end of the step before; in the form of a question's `when`. On a day, or on
    /// one that chance draws between two, it comes only if this holds then. At a rate it comes at the first of its
    /// occasions at which this holds. Between two days without `chance` or `per_year`, or with neither days nor a rate,
    /// it comes when this first holds, with its chance.
    #[serde(default, rename = "if", skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// What it does.
    pub effect: Effect,
    /// Where the numbers of this entry come from, unless one says otherwise itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Who this is for the random numbers; the id unless given. Keep the old id here when renaming, to keep the draws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw_key: Option<String>,
}

/// What an event does.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// A force leaves, in equal parts over a time; then it is gone, with its commitments.
    Leave {
        /// Who leaves.
        faction: String,
        /// How long the withdrawal takes; at once unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over: Option<Duration>,
        /// The zones that it leaves; all unless given.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        zones: Vec<String>,
    },
    /// Forces come from elsewhere, with the means to stay. To a faction that is gone by then, none come.
    Arrive {
        /// Whose.
        faction: String,
        /// How many.
        #[schemars(transform = number("fighters", 0.0, 1e8))]
        fighters: f64,
        /// Share of them in each zone; the shares sum to 1.
        #[schemars(transform = number("share of them", 0.0, 1.0))]
        presence: BTreeMap<String, f64>,
    },
    /// A faction's fighters are multiplied everywhere it is.
    Scale {
        /// Whose.
        faction: String,
        /// By how much: 2 doubles, 0.25 leaves a quarter.
        #[schemars(transform = number("times", 0.0, 1000.0))]
        factor: f64,
    },
    /// A sponsor's weekly money changes.
    Income {
        /// Who receives it.
        faction: String,
        /// The new steady income, in fighters that it can keep.
        #[schemars(transform = number("fighters", 0.0, f64::INFINITY))]
        amount: f64,
    },
    /// The members of an umbrella hold a congress to become one faction. Those who are at war with the leader, or gone,
    /// stay out.
    Merge {
        /// Which umbrella.
        umbrella: String,
    },
    /// A mediator's mission: for a time, mediation is active for an accord.
    Mission {
        /// Which accord.
        accord: String,
        /// For how long.
        lasting: Duration,
        /// What the mission itself adds to the accord's health at once.
        #[serde(default)]
        #[schemars(transform = number("", -1.0, 1.0))]
        health: f64,
    },
    /// A party's status in an accord changes.
    AccordStatus {
        /// Which accord.
        accord: String,
        /// Which party: a faction or an umbrella.
        party: String,
        /// The new status.
        status: PartyStatus,
    },
    /// An accord is put to those of its parties that have not signed it (`drafted`), or have left it: from then on they may
    /// sign, one by one.
    Propose {
        /// Which accord.
        accord: String,
    },
    /// Two become ready to talk whenever they meet, whatever they expect of a deal, which they weigh as before. Refusals to
    /// talk end.
    OpenDialogue {
        /// Who opens.
        faction: String,
        /// To whom: a faction or an umbrella.
        with: String,
    },
    /// Two stand otherwise from then on, in public: a war breaks out, a pact is proclaimed.
    Stance {
        /// The two: factions or umbrellas.
        between: [String; 2],
        /// Where they stand.
        to: Stance,
    },
    /// Two do not fight each other for a time. Those at war become rivals.
    Truce {
        /// The two: factions or umbrellas.
        between: [String; 2],
        /// For how long.
        lasting: Duration,
    },
    /// Somebody else leads a faction: what it has always been to others is drawn anew, and how readily it seeks contact and
    /// attacks.
    Leader {
        /// Which.
        faction: String,
    },
    /// A faction's dependence on a sponsor changes.
    Sponsor {
        /// Whose.
        faction: String,
        /// On whom.
        sponsor: String,
        /// How much it is from then on; 0 ends it.
        #[schemars(transform = degree)]
        dependence: f64,
    },
    /// Arms come or run out: the fighting quality of a faction is multiplied.
    Arms {
        /// Whose.
        faction: String,
        /// By how much.
        #[schemars(transform = number("times", 0.0, 1000.0))]
        factor: f64,
    },
    /// The border between two countries closes or opens: while it is closed nobody moves, flees or returns across it, and no
    /// force counts beyond it.
    Border {
        /// The two countries.
        between: [String; 2],
        /// Whether it is open from then on.
        open: bool,
    },
    /// Hostility changes, for instance after an outrage or a gesture.
    Hostility {
        /// Whose: a faction or an umbrella.
        of: String,
        /// Towards whom: a faction or an umbrella.
        towards: String,
        /// What is added; the result stays within 0 to 1.
        #[schemars(transform = number("", -1.0, 1.0))]
        change: f64,
    },
}

impl Effect {
    /// The factions, or umbrellas, on which it acts by name: without them it does nothing.
    pub fn parties(&self) -> Vec<&str> {
        match self {
            Self::Leave { faction, .. }
            | Self::Arrive { faction, .. }
            | Self::Scale { faction, .. }
            | Self::Income { faction, .. }
            | Self::Leader { faction }
            | Self::Arms { faction, .. } => vec![faction],
            Self::Sponsor { faction, sponsor, .. } => vec![faction, sponsor],
            Self::OpenDialogue { faction, with } => vec![faction, with],
            Self::Stance { between: [a, b], .. } | Self::Truce { between: [a, b], .. } => vec![a, b],
            Self::Hostility { of, towards, .. } => vec![of, towards],
            Self::Merge { .. }
            | Self::Mission { .. }
            | Self::AccordStatus { .. }
            | Self::Propose { .. }
            | Self::Border { .. } => Vec::new(),
        }
    }
}
