//! Conditions and quantities: what a question may ask. Names of factions may be umbrellas' throughout.

use super::{PartyStatus, Stance};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::world::DeathType;

/// Something that is so or not at a step.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// Where two stand. Between umbrellas: where pairs that make up most of the strength stand.
    Stance {
        /// The two.
        between: [String; 2],
        /// This rung of the ladder war, rivalry, neutral, pact, alliance, or a higher one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_least: Option<Stance>,
        /// This rung or a lower one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_most: Option<Stance>,
        /// Only when it is known in public (true), or only when it is secret (false).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        public: Option<bool>,
    },
    /// All of these are in one bloc, linked by alliances.
    SameBloc {
        /// The factions.
        of: Vec<String>,
    },
    /// The faction's bloc is the largest by strength, and the faction is its strongest member.
    LeadsLargestBloc {
        /// The faction.
        faction: String,
    },
    /// The umbrella's members have become one faction, which still stands.
    Merged {
        /// The umbrella.
        umbrella: String,
    },
    /// A member has left the umbrella, or a splinter has broken from the faction.
    Split {
        /// The umbrella or faction.
        of: String,
    },
    /// The faction holds the largest share of control of the zone, and more than `share`.
    Controls {
        /// The faction.
        faction: String,
        /// The zone.
        zone: String,
        /// More than this share, 0 to 1.
        #[serde(default = "third")]
        share: f64,
    },
    /// The state of an accord.
    Accord {
        /// The accord.
        id: String,
        /// `active`: no party has suspended or withdrawn. `withdrawn`: it has ended, for fewer than two parties are left.
        /// `suspended`: anything between.
        status: PartyStatus,
        /// The status of this party alone, instead of the accord's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        party: Option<String>,
    },
    /// A secret talk or deal between the two has become known, at any time before.
    Leaked {
        /// The two.
        between: [String; 2],
    },
    /// The two are in talks.
    Talks {
        /// The two.
        between: [String; 2],
    },
    /// The faction still has fighters in the theatre, or in the zone.
    ForcePresent {
        /// The faction.
        faction: String,
        /// The zone; anywhere unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<String>,
    },
    /// The two have killed at least so many of each other within the last 52 weeks (UCDP's threshold is 25 in a
    /// calendar year).
    ActiveDyad {
        /// The two.
        between: [String; 2],
        /// How many.
        #[serde(default = "twenty_five")]
        deaths: f64,
    },
    /// A quantity lies within bounds.
    Quantity {
        /// The quantity.
        of: Quantity,
        /// At least so much.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_least: Option<f64>,
        /// At most so much.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_most: Option<f64>,
    },
    /// All of these.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
}

/// Something that can be counted or measured at a step.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Quantity {
    /// People killed since the start.
    Deaths {
        /// Only this type.
        #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
        kind: Option<DeathType>,
        /// Only in fighting between these two.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        between: Option<[String; 2]>,
        /// Only in this zone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<String>,
        /// Only in this country.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        country: Option<String>,
    },
    /// People displaced at that moment.
    Displaced {
        /// Only those who are in this country.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        country: Option<String>,
        /// Only those who are in this zone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<String>,
    },
    /// Civilian deaths caused by a faction since the start: as they are, as it admits, or as observers report.
    CivilianDeaths {
        /// By whom.
        faction: String,
        /// Whose account.
        account: Account,
    },
    /// Share of control over all zones, weighted by strategic value, 0 to 1.
    TerritoryShare {
        /// Whose.
        faction: String,
    },
    /// Share of all fighters in a bloc: the faction's, or the largest one, 0 to 1.
    BlocShare {
        /// Whose bloc; the largest unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        faction: Option<String>,
    },
    /// Mean share of strength, territory and support held by the faction's bloc, 0 to 1.
    Hegemony {
        /// Whose.
        faction: String,
    },
    /// Share of people who support the faction, 0 to 1.
    Support {
        /// Whose.
        faction: String,
        /// Only in this community.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        community: Option<String>,
    },
    /// Fighters.
    Strength {
        /// Whose.
        faction: String,
    },
    /// An accord's health, 0 to 1.
    AccordHealth {
        /// The accord.
        id: String,
    },
}

/// Whose account of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// What is so.
    Fact,
    /// What the one who did it admits.
    Admitted,
    /// What an independent observer on the spot reports.
    Observed,
}

fn third() -> f64 {
    1.0 / 3.0
}

fn twenty_five() -> f64 {
    25.0
}
