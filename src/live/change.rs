//! A change that a reader makes, in the terms of the command line.

use crate::scenario::Overrides;
use serde::{Deserialize, Serialize};

/// What is changed about a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// A variant of the scenario, by its id.
    #[serde(default)]
    pub variant: Option<String>,
    /// Assignments as of `--set`: "faction.jnim.fighters=4000".
    #[serde(default)]
    pub set: Vec<String>,
}

impl Change {
    /// Whether nothing is changed.
    pub fn is_none(&self) -> bool {
        self.variant.is_none() && self.set.is_empty()
    }

    /// The same as overrides of a scenario.
    pub fn overrides(&self) -> Overrides {
        Overrides { set: self.set.clone(), variant: self.variant.clone() }
    }
}
