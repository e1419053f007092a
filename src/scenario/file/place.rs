//! Zones and the communities that live in them.

use crate::base::field::{above, degree, number, otherwise};
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A place that can be held: a district, a region, a border area.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Short name: lower-case letters, digits and hyphens.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The country it lies in.
    pub country: String,
    /// Longitude and latitude of its middle.
    #[schemars(transform = longitude_and_latitude)]
    pub position: [f64; 2],
    /// People whose home is here, displaced ones included.
    #[schemars(transform = number("people", 0.0, f64::INFINITY))]
    pub population: f64,
    /// Weekly revenue for whoever controls it, in fighters that it can keep (one fighter's weekly upkeep is 1).
    #[serde(default)]
    #[schemars(transform = number("fighters", 0.0, f64::INFINITY))]
    pub revenue: f64,
    /// How much factions want it.
    #[serde(default = "half")]
    #[schemars(transform = degree)]
    pub strategic_value: f64,
    /// How much the terrain helps the weaker side and slows travel, 0 (plain, roads) to 1 (mountain, no road).
    #[serde(default)]
    #[schemars(transform = degree)]
    pub ruggedness: f64,
    /// Whether it is a place of refuge alone, such as a camp or a country abroad: the displaced can be there, but nobody holds
    /// ground in it, fights for it or goes through it. It has no control, presence or revenue, and counts as no territory.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refuge: bool,
    /// Zones one can go to directly. It is enough that one of two neighbours names the other.
    #[serde(default)]
    pub neighbours: Vec<String>,
    /// Travel cost to some of those neighbours, where it is not the distance in units of 100 km times (1 + mean
    /// ruggedness).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(transform = above("units of 100 km", 0.0))]
    pub travel_cost: BTreeMap<String, f64>,
    /// Share of control by faction (or umbrella, divided by its members' fighters there); the rest is ungoverned.
    #[serde(default)]
    #[schemars(transform = otherwise(0.0, number("share of control", 0.0, 1.0)))]
    pub control: BTreeMap<String, f64>,
    /// Its town, where that is held otherwise than the rest. The zone's own `control` is then that of the countryside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub town: Option<Town>,
    /// People of this zone who are displaced at the start, by the zone where they are now.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(transform = otherwise(0.0, number("people", 0.0, f64::INFINITY)))]
    pub displaced: BTreeMap<String, f64>,
    /// Where the numbers of this entry come from, unless one says otherwise itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Who this is for the random numbers; the id unless given. Keep the old id here when renaming, to keep the draws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw_key: Option<String>,
}

/// The town of a zone: a place of its own, by the id of the zone with `-town` after it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Town {
    /// Share of the zone's people who live in it.
    #[schemars(transform = number("share of the zone's people", 0.0, 1.0))]
    pub share: f64,
    /// Share of control in it by faction (or umbrella); as in the countryside unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = number("share of control", 0.0, 1.0))]
    pub control: Option<BTreeMap<String, f64>>,
    /// Share of the zone's strategic value, revenue and claims that is the town's; its share of the people unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = degree)]
    pub worth: Option<f64>,
}

/// A people, or a part of one, with an outlook of its own.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Community {
    /// Short name: lower-case letters, digits and hyphens.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Share of each zone's population that it makes up. What all communities leave of a zone are people without a
    /// common outlook.
    #[schemars(transform = otherwise(0.0, number("share of the zone's people", 0.0, 1.0)))]
    pub share: BTreeMap<String, f64>,
    /// Position per axis; 0 where not given.
    #[serde(default)]
    #[schemars(transform = otherwise(0.0, number("axis", -1.0, 1.0)))]
    pub alignment: BTreeMap<String, f64>,
    /// How much each axis matters to it; 1 where not given.
    #[serde(default)]
    #[schemars(transform = otherwise(1.0, number("weight", 0.0, 1e6)))]
    pub salience: BTreeMap<String, f64>,
    /// Share of its people who support each faction (or umbrella) at the start; the rest is neutral.
    #[serde(default)]
    #[schemars(transform = otherwise(0.0, number("share of its people", 0.0, 1.0)))]
    pub support: BTreeMap<String, f64>,
    /// Grievance at the start: readiness to take up arms.
    #[serde(default)]
    #[schemars(transform = degree)]
    pub grievance: f64,
    /// Where the numbers of this entry come from, unless one says otherwise itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Who this is for the random numbers; the id unless given. Keep the old id here when renaming, to keep the draws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw_key: Option<String>,
}

/// The ranges of the two numbers of a position.
fn longitude_and_latitude(schema: &mut Schema) {
    let of = |name: &str, most: u8| serde_json::json!({ "type": "number", "unit": name, "minimum": -i16::from(most), "maximum": most });
    schema.insert(
        "prefixItems".into(),
        serde_json::json!([of("degrees of longitude", 180), of("degrees of latitude", 90)]),
    );
}

pub(super) fn half() -> f64 {
    0.5
}
