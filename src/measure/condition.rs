//! Conditions and quantities, with every name resolved. What each means stands with the scenario language's own types
//! (`scenario::file`), from which these are made.

use super::Group;
use crate::base::{AccordId, CommunityId, UmbrellaId, ZoneId};
use crate::world::{DeathType, PartyStatus, Stance};

/// Something that is so or not at a moment.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Where two groups stand: pairs of members that make up more than half of the product of their strengths stand
    /// within the bounds.
    Stance {
        /// The two.
        between: [Group; 2],
        /// The lowest rung.
        at_least: Stance,
        /// The highest rung.
        at_most: Stance,
        /// True: only pairs that say so. False: only pairs that say otherwise.
        public: Option<bool>,
    },
    /// One bloc holds more than half of the fighters of each of these groups.
    SameBloc {
        /// The groups.
        of: Vec<Group>,
    },
    /// The group is the strongest in the largest bloc.
    LeadsLargestBloc {
        /// The group.
        group: Group,
    },
    /// The umbrella's members have become one faction, which still stands.
    Merged {
        /// The umbrella.
        umbrella: UmbrellaId,
    },
    /// A member has left the umbrella, or a splinter has broken from the faction, or from the faction that the
    /// umbrella's members have become.
    Split {
        /// The umbrella or faction.
        of: Group,
    },
    /// The group holds more than `share` of the control of a zone, and more than anybody else.
    Controls {
        /// The group.
        group: Group,
        /// The zone.
        zone: ZoneId,
        /// The share, 0 to 1.
        share: f64,
    },
    /// The state of an accord as a whole.
    Accord {
        /// The accord.
        accord: AccordId,
        /// The state.
        status: PartyStatus,
    },
    /// The status of a party in an accord; of an umbrella's members with more than half of its fighters.
    Party {
        /// The accord.
        accord: AccordId,
        /// The party.
        party: Group,
        /// The status.
        status: PartyStatus,
    },
    /// A secret of the two has ever become known.
    Leaked {
        /// The two.
        between: [Group; 2],
    },
    /// The two are in talks.
    Talks {
        /// The two.
        between: [Group; 2],
    },
    /// The group has at least one fighter in the zone, or anywhere.
    ForcePresent {
        /// The group.
        group: Group,
        /// The zone; anywhere if none.
        zone: Option<ZoneId>,
    },
    /// The two have killed at least so many of each other in the last 52 weeks.
    ActiveDyad {
        /// The two.
        between: [Group; 2],
        /// How many people.
        deaths: f64,
    },
    /// A quantity lies within bounds.
    Quantity {
        /// The quantity.
        of: Quantity,
        /// The lowest amount; minus infinity if there is no bound.
        at_least: f64,
        /// The highest amount; infinity if there is no bound.
        at_most: f64,
    },
    /// All of these.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
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
}

fn note(list: &mut Vec<[Group; 2]>, [a, b]: [Group; 2]) {
    if a != b && !list.contains(&[a, b]) && !list.contains(&[b, a]) {
        list.push([a, b]);
    }
}

/// Something that can be counted or measured at a moment.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// People killed since the start: all, or of a type, and all over or in a zone.
    Deaths {
        /// Only this type.
        kind: Option<DeathType>,
        /// Only in this zone.
        zone: Option<ZoneId>,
        /// Only in this country, a position in the setting's list.
        country: Option<usize>,
    },
    /// People killed since the start in fighting between two groups.
    DyadDeaths {
        /// The two.
        between: [Group; 2],
    },
    /// People displaced at that moment.
    Displaced {
        /// Only those who are in this country, a position in the setting's list.
        country: Option<usize>,
        /// Only those who are in this zone.
        zone: Option<ZoneId>,
    },
    /// Civilians killed by a group since the start.
    CivilianDeaths {
        /// By whom.
        group: Group,
        /// Whose account.
        account: Account,
    },
    /// Share of control over all zones, weighted by strategic value, 0 to 1.
    TerritoryShare {
        /// Whose.
        group: Group,
    },
    /// Share of all fighters in the bloc of the group's strongest member, or in the largest bloc, 0 to 1.
    BlocShare {
        /// Whose bloc; the largest if none.
        group: Option<Group>,
    },
    /// Mean share of strength, territory and support held by the bloc of the group's strongest member, 0 to 1.
    Hegemony {
        /// Whose.
        group: Group,
    },
    /// Share of people who support the group, 0 to 1.
    Support {
        /// Whose.
        group: Group,
        /// Only in this community.
        community: Option<CommunityId>,
    },
    /// Fighters.
    Strength {
        /// Whose.
        group: Group,
    },
    /// An accord's health, 0 to 1.
    AccordHealth {
        /// The accord.
        accord: AccordId,
    },
}

/// Whose account of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// What is so.
    Fact,
    /// What the one who did it admits.
    Admitted,
    /// What an independent observer reports.
    Observed,
}
