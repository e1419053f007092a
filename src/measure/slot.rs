//! Whom a column speaks of.

use serde::{Deserialize, Serialize};

/// Whom a column speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Slot {
    /// A reported actor, by its place among them.
    Actor(usize),
    /// All others: splinters, and members that have left their umbrella.
    Other,
    /// Nobody.
    Nobody,
}
