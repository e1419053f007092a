//! Conditions and quantities: what a question may ask. One form serves what is written in a scenario file and what runs
//! evaluate; the two differ in how they name factions, places and accords ([`Notation`]).

use super::{Group, Unit};
use crate::base::field::number;
use crate::base::{AccordId, CommunityId, UmbrellaId, ZoneId};
use crate::random::DrawKey;
use crate::world::{DeathType, PartyStatus, Stance};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

/// How conditions name what they are about.
pub trait Notation {
    /// A faction, an umbrella, or the splinters of a faction.
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
    /// A scheduled event.
    type Event: Clone + Debug + PartialEq;
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
    type Event = String;
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
    /// Who it is for the random numbers: positions differ where variants move dates.
    type Event = DrawKey;
}

/// Names that are text, of which conditions can be read and written.
pub trait Text:
    Notation<
        Group = String,
        Umbrella = String,
        Zone = String,
        Community = String,
        Accord = String,
        Country = String,
        Event = String,
    >
{
}

impl Text for Written {}

/// Something that is so or not at a step.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields, bound = "N: Text")]
#[schemars(rename = "Condition", bound = "N: Text")]
pub enum Condition<N: Notation = Resolved> {
    /// Where two stand. Between umbrellas: where pairs that make up most of the strength stand. Of splinters, one that stands
    /// so is enough.
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
        /// Only in this zone: both have fighters there, and only members that do count. Two at war fight where they meet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<N::Zone>,
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
    /// somebody has a tenth more, or it has a tenth less than a third), and more than `share` where that is more. Of two who
    /// have as much, to a hundredth of the zone, it is who has more fighters there.
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
        /// `active`: all parties have signed, and none has suspended or withdrawn. `withdrawn`: it has ended, for fewer than two
        /// parties are left. `proposed`: a party has yet to sign. `drafted`: it is not on the table. `suspended`: anything
        /// between.
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
    /// The faction has disarmed: it has at most a small share of the fighters that it had at the start, and none of its
    /// members is at war. It need not have agreed to: forces also melt away by desertion or for want of money.
    Disarmed {
        /// The faction.
        #[serde(rename = "faction")]
        group: N::Group,
        /// At most this share of its fighters is left.
        #[serde(default = "tenth")]
        #[schemars(transform = number("share of its fighters", 0.0, 1.0))]
        share: f64,
    },
    /// The leader of the faction, or of one of an umbrella's members, has fallen since the start: died, or was overthrown.
    LeaderFell {
        /// The faction.
        #[serde(rename = "faction")]
        group: N::Group,
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
    /// A scheduled event has come.
    Event {
        /// The event.
        #[serde(rename = "id")]
        event: N::Event,
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

fn tenth() -> f64 {
    0.1
}

fn twenty_five() -> f64 {
    25.0
}

impl Condition {
    /// The pairs that the condition is about, each once, added to a list; those with splinters, who are nobody yet at the
    /// start, left out.
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
            Self::ForcePresent { zone, .. } | Self::Stance { zone, .. } => list.extend(zone),
            Self::Quantity { of, .. } => list.extend(of.zone()),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.zones(list)),
            Self::Not(part) => part.zones(list),
            _ => {}
        }
    }
}

fn note(list: &mut Vec<[Group; 2]>, [a, b]: [Group; 2]) {
    let splinters = [a, b].iter().any(|group| matches!(group, Group::Splinters(_)));
    if a != b && !splinters && !list.contains(&[a, b]) && !list.contains(&[b, a]) {
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
        /// Whose; either this or `bloc_of` is given.
        #[serde(default, rename = "faction", skip_serializing_if = "Option::is_none")]
        group: Option<N::Group>,
        /// That of all who are in the bloc of this faction's strongest member.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bloc_of: Option<N::Group>,
        /// Only of the zones of this country.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        country: Option<N::Country>,
        /// By how much it has grown since the start, instead of how much it is: less than 0 where it has shrunk.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        change: bool,
    },
    /// How much is held: see the condition `controls` for who holds a zone.
    Territory {
        /// What is counted.
        count: Held,
        /// Held by whom; either this or `bloc_of` is given.
        #[serde(default, rename = "faction", skip_serializing_if = "Option::is_none")]
        group: Option<N::Group>,
        /// Held by any who are in the bloc of this faction's strongest member.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bloc_of: Option<N::Group>,
        /// Only in this country.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        country: Option<N::Country>,
        /// How much more it is than at the start, instead of how much it is: less than 0 where it has shrunk.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        change: bool,
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
        /// Only those in this zone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<N::Zone>,
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
            Self::Deaths { .. }
            | Self::Displaced { .. }
            | Self::CivilianDeaths { .. }
            | Self::Territory { count: Held::People, .. } => Unit::People,
            Self::Territory { count: Held::Zones, .. } => Unit::Count,
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

    /// The least and the most that it can be, in its unit.
    pub fn range(&self) -> (f64, f64) {
        let most = if self.unit() == Unit::Share { 1.0 } else { f64::INFINITY };
        match self {
            Self::TerritoryShare { change: true, .. } | Self::Territory { change: true, .. } => (-most, most),
            _ => (0.0, most),
        }
    }
}

impl Quantity {
    /// The zone that it is told of, if it is one.
    pub fn zone(&self) -> Option<ZoneId> {
        match self {
            Self::Deaths { zone, .. } | Self::Displaced { zone, .. } | Self::Strength { zone, .. } => *zone,
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

/// What is counted of what somebody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// The zones.
    Zones,
    /// The people who are at home in them.
    People,
}
