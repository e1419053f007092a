//! Factions, umbrellas, relations and accords.

use super::place::half;
use crate::base::Date;
use crate::base::date::written_as_text;
use crate::base::field::{degree, number, otherwise};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

pub use crate::world::{FactionKind, PartyStatus, Stance};

/// An agent: an organisation that holds ground, fights, talks and decides.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Faction {
    /// Short name: lower-case letters, digits and hyphens.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Label on charts, up to about 12 letters; the name unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Colour on charts as `#rrggbb`; from the palette unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    /// What it is. Decides which deaths are state-based, and who can mediate.
    pub kind: FactionKind,
    /// Fighters in all.
    #[serde(default)]
    #[schemars(transform = number("fighters", 0.0, 1e8))]
    pub fighters: f64,
    /// Share of its fighters in each zone; the shares sum to 1.
    #[serde(default)]
    #[schemars(transform = otherwise(0.0, number("share of its fighters", 0.0, 1.0)))]
    pub presence: BTreeMap<String, f64>,
    /// Fighting quality per fighter, 1 is an ordinary irregular.
    #[serde(default = "one")]
    #[schemars(transform = number("times an ordinary irregular's", 0.0, f64::INFINITY))]
    pub quality: f64,
    /// Weeks of upkeep in hand.
    #[serde(default = "eight")]
    #[schemars(transform = number("weeks of upkeep", 0.0, f64::INFINITY))]
    pub treasury: f64,
    /// Steady weekly income from elsewhere (budget, abroad, smuggling), in fighters that it can keep. Unless given, what
    /// balances its budget at the start: upkeep less the revenue of the zones it controls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = number("fighters", 0.0, f64::INFINITY))]
    pub income: Option<f64>,
    /// Cohesion, 0 (falling apart) to 1 (one will).
    #[serde(default = "starting_cohesion")]
    #[schemars(transform = degree)]
    pub cohesion: f64,
    /// Position per axis; 0 where not given.
    #[serde(default)]
    #[schemars(transform = otherwise(0.0, number("axis", -1.0, 1.0)))]
    pub alignment: BTreeMap<String, f64>,
    /// How much each axis matters to it; 1 where not given.
    #[serde(default)]
    #[schemars(transform = otherwise(1.0, number("weight", 0.0, 1e6)))]
    pub salience: BTreeMap<String, f64>,
    /// How readily it seeks contact with others.
    #[serde(default = "half")]
    #[schemars(transform = degree)]
    pub outreach: f64,
    /// How readily it attacks enemies: how often it clashes with them, and how often it looks for a place to take.
    #[serde(default = "half")]
    #[schemars(transform = degree)]
    pub aggression: f64,
    /// How readily it harms civilians.
    #[serde(default)]
    #[schemars(transform = degree)]
    pub civilian_harm: f64,
    /// How well its leaders hold their people to what was agreed: the lower it is, the more leaks from it, and the slower
    /// partners come to trust it.
    #[serde(default = "half")]
    #[schemars(transform = degree)]
    pub discipline: f64,
    /// Civilians whom it killed in the year before the start. The model's attacks are scaled to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = number("civilians", 0.0, 1e9))]
    pub civilian_deaths: Option<f64>,
    /// Share of the harm it does that it admits.
    #[serde(default = "half")]
    #[schemars(transform = number("share of the harm", 0.0, 1.0))]
    pub candour: f64,
    /// By how much it overstates its strength in public (0.5 claims half as many again).
    #[serde(default)]
    #[schemars(transform = number("share of its strength", -0.9, f64::INFINITY))]
    pub boast: f64,
    /// Sponsors, with how much it depends on each. A sponsor is a faction too.
    #[serde(default)]
    #[schemars(transform = otherwise(0.0, number("dependence", 0.0, 1.0)))]
    pub sponsors: BTreeMap<String, f64>,
    /// Places that it claims, with how much it wants each beyond its value; below 0, how much less, as of ground that it would not
    /// have.
    #[serde(default)]
    #[schemars(transform = otherwise(0.0, number("worth beyond its value", -1.0, 1.0)))]
    pub claims: BTreeMap<String, f64>,
    /// Share of its social base by community; sums to at most 1.
    #[serde(default)]
    #[schemars(transform = otherwise(0.0, number("share of its base", 0.0, 1.0)))]
    pub base: BTreeMap<String, f64>,
    /// Factions (or umbrellas) that it will not talk to.
    #[serde(default)]
    pub closed_to: Vec<String>,
    /// How well its presence keeps others from fighting and guards an accord, 0 (not a peace force) to 1.
    #[serde(default)]
    #[schemars(transform = degree)]
    pub peacekeeping: f64,
    /// How much weight it has as a mediator.
    #[serde(default)]
    #[schemars(transform = degree)]
    pub leverage: f64,
    /// Whether it recruits where it is. A force sent from elsewhere does not.
    #[serde(default = "yes")]
    pub recruits: bool,
    /// Where the numbers of this entry come from, unless one says otherwise itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Who this is for the random numbers; the id unless given. Keep the old id here when renaming, to keep the draws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw_key: Option<String>,
}

/// A named group of factions: a coalition of movements, a platform.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Umbrella {
    /// Short name: lower-case letters, digits and hyphens. Not the id of a faction.
    pub id: String,
    /// Name for people; also the name of the faction that its merger makes.
    pub name: String,
    /// Label on charts; the name unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The member factions. A faction is in one umbrella at the most.
    pub members: Vec<String>,
    /// The member that leads, and whose place the merged faction takes.
    pub leader: String,
}

/// How two factions (or umbrellas) stand to each other at the start. A relation that names factions goes before one
/// that names an umbrella of theirs; pairs that no relation names are neutral, with hostility and trust as
/// `scenario.attitudes` says.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// The two.
    pub between: [String; 2],
    /// Where they stand.
    #[serde(default)]
    pub stance: Stance,
    /// Since when they have stood so. Old wars and old peace are harder to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// The day on which they last fought each other, or `never`; for two who are not at war.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fought: Option<Fought>,
    /// The day on which a truce between them ends; for two who are not at war, nor committed to each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truce_until: Option<Date>,
    /// Deaths in fighting between them in the year before the start. The model's fighting is scaled to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = number("deaths", 0.0, 1e9))]
    pub deaths: Option<f64>,
    /// Where they say they stand, if that is not so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<Stance>,
    /// Hostility of the first towards the second; as `scenario.attitudes` says unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = degree)]
    pub hostility: Option<f64>,
    /// Hostility of the second towards the first; unless given the same, if that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = degree)]
    pub hostility_back: Option<f64>,
    /// Trust of the first in the second; as `scenario.attitudes` says unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = degree)]
    pub trust: Option<f64>,
    /// Trust of the second in the first; unless given the same, if that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = degree)]
    pub trust_back: Option<f64>,
    /// Whether the two are in confidential talks at the start.
    #[serde(default)]
    pub talks: bool,
    /// Where the numbers of this entry come from, unless one says otherwise itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// What hostility and trust are where no relation gives them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attitudes {
    /// Nobody is hostile to anybody (0), nor trusts or distrusts them (0.5).
    #[default]
    Indifferent,
    /// They follow from where two stand and how far their alignments are apart.
    Derived,
}

impl Attitudes {
    /// Whether it is what is so unless a scenario says otherwise.
    pub fn is_indifferent(&self) -> bool {
        *self == Self::Indifferent
    }
}

/// When two last fought each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fought {
    /// Never, as far as is known.
    Never,
    /// Until that day.
    Until(Date),
}

impl Fought {
    /// A past as written.
    ///
    /// # Errors
    /// If it is neither `never` nor a date.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "never" {
            return Ok(Self::Never);
        }
        let wrong = |_| format!("`{text}` is neither `never` nor a date such as 2015-06-20");
        Date::parse(text).map(Self::Until).map_err(wrong)
    }
}

impl fmt::Display for Fought {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::Until(date) => date.fmt(f),
        }
    }
}

written_as_text!(Fought, r"^(never|\d{4}-\d{2}-\d{2})$", "`never`, or a date such as 2015-06-20.");

/// A peace accord.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accord {
    /// Short name: lower-case letters, digits and hyphens.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The parties (factions or umbrellas) and the status of each: all `proposed` where it is on the table and unsigned, all
    /// `drafted` where an event may propose it.
    pub parties: BTreeMap<String, PartyStatus>,
    /// How alive it is, 0 (dead letter) to 1 (applied in full); of one that is not signed, how good it is to its parties.
    #[schemars(transform = degree)]
    pub health: f64,
    /// The faction (a peace force) that guarantees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guarantor: Option<String>,
    /// The faction that mediates it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mediator: Option<String>,
    /// Where the numbers of this entry come from, unless one says otherwise itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Who this is for the random numbers; the id unless given. Keep the old id here when renaming, to keep the draws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw_key: Option<String>,
}

fn one() -> f64 {
    1.0
}

fn eight() -> f64 {
    8.0
}

/// Cohesion unless a scenario says otherwise, and the level to which that of splinters returns.
pub const STARTING_COHESION: f64 = 0.7;

fn starting_cohesion() -> f64 {
    STARTING_COHESION
}

fn yes() -> bool {
    true
}
