//! What is scheduled to happen, or may.

use super::PartyStatus;
use crate::base::field::number;
use crate::base::{Date, Duration};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that happens on a date, with a chance.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Short name: lower-case letters, digits and hyphens.
    pub id: String,
    /// What it is, for people.
    pub name: String,
    /// The day.
    pub date: Date,
    /// The chance that it comes to pass. A what-if can hold an event ready with 0.
    #[serde(default = "certain")]
    #[schemars(transform = number("probability", 0.0..=1.0))]
    pub chance: f64,
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
    },
    /// A faction's fighters are multiplied everywhere it is.
    Scale {
        /// Whose.
        faction: String,
        /// By how much: 2 doubles, 0.25 leaves a quarter.
        #[schemars(transform = number("times", 0.0..=1000.0))]
        factor: f64,
    },
    /// A sponsor's weekly money changes.
    Income {
        /// Who receives it.
        faction: String,
        /// The new steady income, in fighters that it can keep.
        #[schemars(transform = number("fighters", 0.0..))]
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
        #[schemars(transform = number("", -1.0..=1.0))]
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
    /// Two become ready to talk whenever they meet, whatever they expect of a deal, which they weigh as before. Refusals to
    /// talk end.
    OpenDialogue {
        /// Who opens.
        faction: String,
        /// To whom: a faction or an umbrella.
        with: String,
    },
    /// Hostility changes, for instance after an outrage or a gesture.
    Hostility {
        /// Whose: a faction or an umbrella.
        of: String,
        /// Towards whom: a faction or an umbrella.
        towards: String,
        /// What is added; the result stays within 0 to 1.
        #[schemars(transform = number("", -1.0..=1.0))]
        change: f64,
    },
}

fn certain() -> f64 {
    1.0
}
