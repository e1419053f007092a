//! Conditions and quantities: what a question may ask. One form serves what is written in a scenario file and what runs
//! evaluate; the two differ in how they name factions, places and accords ([`Notation`]).

use super::{Group, Unit};
use crate::base::field::number;
use crate::base::{AccordId, CommunityId, UmbrellaId, ZoneId};
use crate::world::{DeathType, PartyStatus, Stance};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

/// How conditions name what they are about.
pub trait Notation {
    /// A faction or an umbrella.
    type Group: Clone + Debug + PartialEq;
    /// An umbrella.
    type Umbrella: Clone + Debug + PartialEq;
    /// A zone.
    type Zone: Clone + Debug + PartialEq;
    /// A community.
    type Community: Clone + Debug + PartialEq;
    /// An accord.
    type Accord: Clone + Debug + PartialEq;
    /// A country.
    type Country: Clone + Debug + PartialEq;
}

/// Names as written: the ids of the scenario file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Written {}

impl Notation for Written {
    type Group = String;
    type Umbrella = String;
    type Zone = String;
    type Community = String;
    type Accord = String;
    type Country = String;
}

/// Names that are resolved against a setting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resolved {}

impl Notation for Resolved {
    type Group = Group;
    type Umbrella = UmbrellaId;
    type Zone = ZoneId;
    type Community = CommunityId;
    type Accord = AccordId;
    /// A position in the setting's list.
    type Country = usize;
}

/// Names that are text, of which conditions can be read and written.
pub trait Text:
    Notation<Group = String, Umbrella = String, Zone = String, Community = String, Accord = String, Country = String>
{
}

impl Text for Written {}

/// Something that is so or not at a step.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields, bound = "N: Text")]
#[schemars(rename = "Condition", bound = "N: Text")]
pub enum Condition<N: Notation = Resolved> {
    /// Where two stand. Between umbrellas: where pairs that make up most of the strength stand.
    Stance {
        /// The two.
        between: [N::Group; 2],
        /// This rung of the ladder war, rivalry, neutral, pact, alliance, or a higher one.
        #[serde(default = "war")]
        at_least: Stance,
        /// This rung or a lower one.
        #[serde(default = "alliance")]
        at_most: Stance,
        /// Only when it is known in public (true), or only when it is secret (false).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        public: Option<bool>,
    },
    /// All of these are in one bloc, linked by alliances: it holds more than half of the fighters of each.
    SameBloc {
        /// The factions.
        of: Vec<N::Group>,
    },
    /// The faction's bloc is the largest by strength, and the faction is its strongest member.
    LeadsLargestBloc {
        /// The faction.
        #[serde(rename = "faction")]
        group: N::Group,
    },
    /// The umbrella's members have become one faction, which still stands.
    Merged {
        /// The umbrella.
        umbrella: N::Umbrella,
    },
    /// A member has left the umbrella, or a splinter has broken from the faction, or from the one that the umbrella's
    /// members have become.
    Split {
        /// The umbrella or faction.
        of: N::Group,
    },
    /// The faction holds the zone: it has the largest share of control and more than a third (and goes on holding it until
    /// somebody has a tenth more, or it has a tenth less than a third), and more than `share` where that is more.
    Controls {
        /// The faction.
        #[serde(rename = "faction")]
        group: N::Group,
        /// The zone.
        zone: N::Zone,
        /// More than this share.
        #[serde(default = "third")]
        #[schemars(transform = number("share of control", 0.0, 1.0))]
        share: f64,
    },
    /// The state of an accord.
    Accord {
        /// The accord.
        #[serde(rename = "id")]
        accord: N::Accord,
        /// `active`: no party has suspended or withdrawn. `withdrawn`: it has ended, for fewer than two parties are left.
        /// `suspended`: anything between.
        status: PartyStatus,
        /// The status of this party alone, instead of the accord's; an umbrella's is that of most of its fighters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        party: Option<N::Group>,
    },
    /// A secret talk or deal between the two has become known, at any time before.
    Leaked {
        /// The two.
        between: [N::Group; 2],
    },
    /// The two are in talks.
    Talks {
        /// The two.
        between: [N::Group; 2],
    },
    /// The faction still has fighters in the theatre, or in the zone.
    ForcePresent {
        /// The faction.
        #[serde(rename = "faction")]
        group: N::Group,
        /// The zone; anywhere unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<N::Zone>,
    },
    /// The two have killed at least so many of each other within the last 52 weeks (UCDP's threshold is 25 in a
    /// calendar year).
    ActiveDyad {
        /// The two.
        between: [N::Group; 2],
        /// How many.
        #[serde(default = "twenty_five")]
        #[schemars(transform = number("deaths", 0.0, f64::INFINITY))]
        deaths: f64,
    },
    /// A quantity lies within bounds.
    Quantity {
        /// The quantity.
        of: Quantity<N>,
        /// At least so much.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_least: Option<f64>,
        /// At most so much.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_most: Option<f64>,
    },
    /// All of these.
    All(Vec<Condition<N>>),
    /// At least one of these.
    Any(Vec<Condition<N>>),
    /// Not this.
    Not(Box<Condition<N>>),
}

fn war() -> Stance {
    Stance::War
}

fn alliance() -> Stance {
    Stance::Alliance
}

fn third() -> f64 {
    1.0 / 3.0
}

fn twenty_five() -> f64 {
    25.0
}

impl Condition {
    /// The pairs that the condition is about, each once, added to a list.
    pub fn pairs(&self, list: &mut Vec<[Group; 2]>) {
        match self {
            Self::Stance { between, .. }
            | Self::Leaked { between }
            | Self::Talks { between }
            | Self::ActiveDyad { between, .. } => note(list, *between),
            Self::SameBloc { of } => {
                if let [a, b] = of[..] {
                    note(list, [a, b]);
                }
            }
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.pairs(list)),
            Self::Not(part) => part.pairs(list),
            _ => {}
        }
    }

    /// The zones that the condition names, added to a list.
    pub fn zones(&self, list: &mut Vec<ZoneId>) {
        match self {
            Self::Controls { zone, .. } => list.push(*zone),
            Self::ForcePresent { zone, .. } => list.extend(zone),
            Self::Quantity { of, .. } => list.extend(of.zone()),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.zones(list)),
            Self::Not(part) => part.zones(list),
            _ => {}
        }
    }
}

fn note(list: &mut Vec<[Group; 2]>, [a, b]: [Group; 2]) {
    if a != b && !list.contains(&[a, b]) && !list.contains(&[b, a]) {
        list.push([a, b]);
    }
}

/// Something that can be counted or measured at a step.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields, bound = "N: Text")]
#[schemars(rename = "Quantity", bound = "N: Text")]
pub enum Quantity<N: Notation = Resolved> {
    /// People killed since the start.
    Deaths {
        /// Only this type.
        #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
        kind: Option<DeathType>,
        /// Only in fighting between these two.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        between: Option<[N::Group; 2]>,
        /// Only in this zone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<N::Zone>,
        /// Only in this country.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        country: Option<N::Country>,
    },
    /// People displaced at that moment.
    Displaced {
        /// Only those who are in this country.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        country: Option<N::Country>,
        /// Only those who are in this zone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<N::Zone>,
    },
    /// Civilian deaths caused by a faction since the start: as they are, as it admits, or as observers report.
    CivilianDeaths {
        /// By whom.
        #[serde(rename = "faction")]
        group: N::Group,
        /// Whose account.
        account: Account,
    },
    /// Share of control over all zones, weighted by strategic value, 0 to 1.
    TerritoryShare {
        /// Whose.
        #[serde(rename = "faction")]
        group: N::Group,
    },
    /// Share of all fighters in a bloc: that of the faction's strongest member, or the largest one, 0 to 1.
    BlocShare {
        /// Whose bloc; the largest unless given.
        #[serde(default, rename = "faction", skip_serializing_if = "Option::is_none")]
        group: Option<N::Group>,
    },
    /// Mean share of strength, territory and support held by the faction's bloc, 0 to 1.
    Hegemony {
        /// Whose.
        #[serde(rename = "faction")]
        group: N::Group,
    },
    /// Share of people who support the faction, 0 to 1.
    Support {
        /// Whose.
        #[serde(rename = "faction")]
        group: N::Group,
        /// Only in this community.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        community: Option<N::Community>,
    },
    /// Fighters.
    Strength {
        /// Whose.
        #[serde(rename = "faction")]
        group: N::Group,
    },
    /// An accord's health, 0 to 1.
    AccordHealth {
        /// The accord.
        #[serde(rename = "id")]
        accord: N::Accord,
    },
}

impl<N: Notation> Quantity<N> {
    /// What it is measured in.
    pub fn unit(&self) -> Unit {
        match self {
            Self::Deaths { .. } | Self::Displaced { .. } | Self::CivilianDeaths { .. } => Unit::People,
            Self::Strength { .. } => Unit::Fighters,
            Self::TerritoryShare { .. }
            | Self::BlocShare { .. }
            | Self::Hegemony { .. }
            | Self::Support { .. }
            | Self::AccordHealth { .. } => Unit::Share,
        }
    }
}

impl<N: Notation> Quantity<N> {
    /// Whether it is counted since the start, rather than what is so at a moment.
    pub fn is_counted(&self) -> bool {
        matches!(self, Self::Deaths { .. } | Self::CivilianDeaths { .. })
    }
}

impl Quantity {
    /// The zone that it is told of, if it is one.
    pub fn zone(&self) -> Option<ZoneId> {
        match self {
            Self::Deaths { zone, .. } | Self::Displaced { zone, .. } => *zone,
            _ => None,
        }
    }
}

/// Whose account of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// What is so.
    Fact,
    /// What the one who did it admits.
    Admitted,
    /// What an independent observer on the spot reports.
    Observed,
}
