//! What is varied: uncertainties, variants, and how many runs.

use crate::base::field::{above, number};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An input that is not known well and in nobody's hands: drawn by `run` and `compare`, varied by `sweep`. Bounds that
/// are not given are those written with the value itself.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Uncertainty {
    /// Which input: a path such as `faction.jnim.fighters` or `behaviour.choice.precision`.
    pub path: String,
    /// Lowest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Most likely value; the scenario's own unless given, which is what holds where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<f64>,
    /// Highest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// How it is spread between the bounds; over `values` always a choice.
    #[serde(default)]
    pub distribution: Distribution,
    /// The values of a discrete choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<f64>,
    /// The names of a choice, where the input is one: `["war", "rivalry"]` of a stance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// How likely each of `choices` or `values` is, relative to the others; equally unless given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = number("", 0.0, f64::INFINITY))]
    pub weights: Vec<f64>,
    /// What it costs to move the input over its whole range, or to another of `values`, in any unit that all share: `require`
    /// looks for the change that costs least. 1 unless given, so that ranges are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = above("", 0.0))]
    pub cost: Option<f64>,
}

/// Shares that are not known and sum to the same whatever they are, such as where a faction's fighters stand: drawn by `run`
/// and `compare`, and varied by `sweep`, together, from Dirichlet's distribution.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Composition {
    /// The shares: paths such as `faction.jnim.presence.kidal`, from two on.
    #[schemars(length(max = 64))]
    pub paths: Vec<String>,
    /// How much each share is on average, relative to the others, and how sure that is: the parameters of Dirichlet's
    /// distribution. `[6, 2]` is three quarters and a quarter, `[60, 20]` the same with a third of the spread. 1 each, so that
    /// every split is as likely as any other, unless given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(transform = above("", 0.0))]
    pub concentration: Vec<f64>,
    /// What the shares sum to; as written unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = above("", 0.0))]
    pub total: Option<f64>,
}

/// How an uncertain input is spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Distribution {
    /// Evenly between low and high.
    Uniform,
    /// Rising from low to best and falling to high.
    #[default]
    Triangular,
    /// A smooth bump from low to high with its top at best: a beta distribution with mean (low + 4 best + high) / 6. Of the
    /// same three values, nearer to best than a triangle.
    Pert,
    /// Normal about best, with low and high as its 2.5% and 97.5% points, cut at low and high.
    Normal,
    /// Normal in the logarithm about best as its median, with low and high as its 2.5% and 97.5% points, cut at low and
    /// high; low is above 0. For what may as well be half as much as double.
    LogNormal,
    /// Evenly in the logarithm; low is above 0.
    LogUniform,
    /// One of `choices`, or of `values`.
    Choice,
}

impl Distribution {
    /// Whether it has a value that is the most likely, or its median.
    pub fn has_best(self) -> bool {
        !matches!(self, Self::Uniform | Self::LogUniform | Self::Choice)
    }
}

/// A what-if: named changes to the scenario.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Short name: lower-case letters, digits and hyphens. Not `baseline`.
    pub id: String,
    /// What it supposes, for people.
    pub title: String,
    /// Whether it is a rival theory of who sides with whom: answers are then told by theory, and not as what a change does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub theory: bool,
    /// New values by path, such as `"event.congress.chance" = 0` or `"faction.state.outreach" = 0.6`.
    /// None: the check that nothing changes where nothing is changed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub changes: BTreeMap<String, serde_json::Value>,
}

/// How many replicates, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Run {
    /// How many replicates.
    #[schemars(transform = number("runs", 1.0, 1e8))]
    pub replicates: u64,
    /// The master seed: the same seed gives the same results.
    pub seed: u64,
}

impl Default for Run {
    fn default() -> Self {
        Self { replicates: 1000, seed: 1 }
    }
}
