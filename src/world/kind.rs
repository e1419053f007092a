//! What kinds of organisations factions are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of organisation a faction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactionKind {
    /// A government and its army.
    State,
    /// A political movement with fighters.
    Movement,
    /// An armed group.
    ArmedGroup,
    /// A force sent from abroad.
    ExternalForce,
    /// A force for hire.
    Mercenary,
    /// One who brings others together and does not fight.
    Mediator,
}

impl FactionKind {
    /// Whether deaths in fighting with it count as state-based: a state, a force sent by states, a force that a state
    /// hired.
    pub fn is_state(self) -> bool {
        matches!(self, Self::State | Self::ExternalForce | Self::Mercenary)
    }
}
