//! What a scenario file may hold: one plain type per section, as written, before any check.
//!
//! These types are the scenario language: the JSON Schema and the field reference are generated from them. Any number
//! may be written as `{ value = 3000, low = 2000, high = 5000, source = "…" }`; the reader strips that form before
//! these types see it and keeps the rest as provenance.

mod actor;
mod event;
mod place;
mod question;
mod study;

pub use crate::world::DeathType;
pub use actor::{
    Accord, Attitudes, Faction, FactionKind, Fought, PartyStatus, Relation, STARTING_COHESION, Stance, Umbrella,
};
pub use event::{Effect, Event};
pub use place::{Community, Town, Zone};
pub use question::{BaseRate, BaseRates, History, Moment, Moments, Observations, Observed, Question};
pub use study::{Composition, Distribution, Run, Uncertainty, Variant};

use crate::base::field::number;
use crate::base::{Date, Duration};
use crate::measure::{self, Written};
use crate::mechanism::Behaviour;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A condition as written.
pub type Condition = measure::Condition<Written>;
/// A quantity as written.
pub type Quantity = measure::Quantity<Written>;

macro_rules! sections {
    ($($(#[$about:meta])* $section:ident: $form:ty,)+) => {
        /// A whole scenario file.
        #[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct ScenarioFile {
            /// Another scenario file, relative to this one, that this one builds on: tables are merged key by key, entries
            /// with the same id are merged, new ones are added.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub extends: Option<String>,
            /// Entries of that file which this one goes without, such as `question.pact`, `event.congress` or
            /// `relation.jnim.is`.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub remove: Vec<String>,
            /// What the scenario is and how long it runs.
            pub scenario: Header,
            $($(#[$about])* #[serde(default)] pub $section: $form,)+
        }

        /// The sections of a scenario file, in the order in which they are described.
        pub const SECTIONS: &[&str] = &["scenario", $(stringify!($section)),+];
    };
}

sections! {
    /// Places that can be held.
    #[schemars(length(max = 20_000))]
    zone: Vec<Zone>,
    /// Peoples of those places.
    #[schemars(length(max = 500))]
    community: Vec<Community>,
    /// The agents.
    #[schemars(length(max = 600))]
    faction: Vec<Faction>,
    /// Named groups of factions. An umbrella's id may stand wherever a relation, a condition, a control share or an
    /// accord names a faction.
    #[schemars(length(max = 600))]
    umbrella: Vec<Umbrella>,
    /// How two factions (or umbrellas) stand to each other at the start.
    #[schemars(length(max = 50_000))]
    relation: Vec<Relation>,
    /// Peace accords.
    #[schemars(length(max = 500))]
    accord: Vec<Accord>,
    /// What is scheduled to happen, or may.
    #[schemars(length(max = 10_000))]
    event: Vec<Event>,
    /// The model's weights and rates, by mechanism. All have defaults.
    behaviour: Behaviour,
    /// What one wants to know.
    #[schemars(length(max = 20_000))]
    question: Vec<Question>,
    /// Inputs that are not known well.
    #[schemars(length(max = 5000))]
    uncertainty: Vec<Uncertainty>,
    /// Shares that are not known well and sum to the same.
    #[schemars(length(max = 500))]
    composition: Vec<Composition>,
    /// What-ifs: named sets of changes.
    #[schemars(length(max = 5000))]
    variant: Vec<Variant>,
    /// Changes to what is written here, by path, as a variant's are: the start is at rest without them, and they count as
    /// change; of `behaviour`, the start is at rest under them. `--set` and `--variant` come to stand here in the scenario that a results folder keeps.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    changes: BTreeMap<String, serde_json::Value>,
    /// How many replicates, and from which seed.
    run: Run,
}

/// What the scenario is and how long it runs.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Short name, used in paths: lower-case letters, digits and hyphens.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// The conflict that it is about: scenarios of one conflict, such as those of several starts, share it, and scores are
    /// grouped by it. The id unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<String>,
    /// A paragraph on the situation.
    #[serde(default)]
    pub summary: String,
    /// The day the simulation starts.
    pub start: Date,
    /// Length of a step; 1 day to 4 weeks.
    #[serde(default = "one_week")]
    pub step: Duration,
    /// How long is simulated; at least one step, at most 50 years.
    pub horizon: Duration,
    /// Names of the axes on which factions and communities take positions between -1 and 1.
    #[schemars(length(max = 64))]
    pub axes: Vec<String>,
    /// How many splinter factions a run may see at the most.
    #[serde(default = "four")]
    #[schemars(transform = number("factions", 0.0, 64.0))]
    pub splinters: u32,
    /// What hostility and trust are where no relation gives them; `indifferent` unless given.
    #[serde(default, skip_serializing_if = "Attitudes::is_indifferent")]
    pub attitudes: Attitudes,
    /// A GeoJSON file, relative to this one, with polygons of the zones, for the maps: those of a zone's id or name, by the
    /// property `id` or another that finds more zones. Zones without any are drawn from their positions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boundaries: Option<String>,
    /// A table (CSV or Parquet), relative to this file, of joint draws of inputs that are not known, such as a posterior: a
    /// column per path, a row per draw, and if rows are not equally likely a column `weight`. Its inputs are drawn from it
    /// together, and so stay as correlated as they are in it; what else is not known is drawn by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joint_inputs: Option<String>,
    /// The country whose displaced people count as internally displaced when they stay in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Borders that are closed at the start, each as its two countries: nobody moves, flees or returns across them, and no
    /// force counts beyond them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 1000))]
    pub closed_borders: Vec<[String; 2]>,
}

fn one_week() -> Duration {
    Duration { count: 1, unit: crate::base::date::DurationUnit::Week }
}

fn four() -> u32 {
    4
}
