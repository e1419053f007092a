//! Inputs that are drawn: from what, and for which replicates.

use crate::random::Spread;
use crate::scenario::{Composed, InputNames};
use serde::{Deserialize, Serialize};

/// The name of the table of what was drawn.
pub const INPUTS_TABLE: &str = "inputs.parquet";

/// What an input is, which decides how many replicates share a draw of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// A weight or rate of the model's behaviour.
    Weight,
    /// An input of the scenario.
    Scenario,
    /// A weight on which the histories of pairs depend, which take long to make
    /// ([`crate::mechanism::Behaviour::shapes_histories`]).
    StanceWeight,
}

impl InputKind {
    /// All kinds, from the one that the fewest replicates share. Each is nested in the next.
    pub const ALL: [Self; 3] = [Self::Weight, Self::Scenario, Self::StanceWeight];

    /// How many replicates share a draw: those from a multiple of that number on.
    pub const fn shared_by(self) -> u64 {
        match self {
            Self::Weight => 2,
            Self::Scenario => 4,
            Self::StanceWeight => 8,
        }
    }

    /// The draw of a replicate.
    pub const fn draw_of(self, replicate: u64) -> u64 {
        replicate / self.shared_by()
    }

    /// The column of `inputs.parquet` that holds the draw.
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::Weight => "weight_draw",
            Self::Scenario => "scenario_draw",
            Self::StanceWeight => "stance_weight_draw",
        }
    }
}

/// An input that is drawn by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawnInput {
    /// Its path.
    pub path: String,
    /// What it is.
    pub kind: InputKind,
    /// What it is drawn from.
    pub spread: Spread,
    /// The names that numbers stand for, of an input that is a name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

/// A table from which inputs are drawn together, a row at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JointEntry {
    /// Paths of its inputs.
    pub inputs: Vec<String>,
    /// The kind of all of them: that which the most replicates share of the kinds that they are of.
    pub kind: InputKind,
    /// How many rows it has.
    pub rows: u64,
    /// Digest of its numbers.
    pub digest: String,
}

/// Which inputs are drawn, and from what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DrawnInputs {
    /// A table from which some are drawn together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joint: Option<JointEntry>,
    /// Those that are drawn by themselves.
    pub inputs: Vec<DrawnInput>,
    /// Shares that are drawn together, as inputs of the scenario.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compositions: Vec<Composed>,
}

impl DrawnInputs {
    /// The paths of all of them: those of the table first, compositions last.
    pub fn paths(&self) -> Vec<String> {
        let joint = self.joint.iter().flat_map(|joint| &joint.inputs);
        let shares = self.compositions.iter().flat_map(|composed| &composed.paths);
        joint.chain(self.inputs.iter().map(|input| &input.path)).chain(shares).cloned().collect()
    }

    /// The names that numbers stand for, of inputs that are names.
    pub fn names(&self) -> InputNames {
        self.inputs.iter().map(|input| (input.path.clone(), input.names.clone())).collect()
    }

    /// Whether any is of a kind.
    pub fn has(&self, kind: InputKind) -> bool {
        self.joint.as_ref().is_some_and(|joint| joint.kind == kind)
            || self.inputs.iter().any(|input| input.kind == kind)
            || (kind == InputKind::Scenario && !self.compositions.is_empty())
    }
}
