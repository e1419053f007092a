//! What measures and answers are counted in.

use serde::{Serialize, Serializer};

/// What a measure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// People.
    People,
    /// Fighters.
    Fighters,
    /// A share, 0 to 1.
    Share,
    /// Things counted.
    Count,
    /// Whether something is so (1) or not (0): its mean is a probability and it needs no quantiles.
    Chance,
}

impl Unit {
    /// The name in result files.
    pub fn id(self) -> &'static str {
        ["people", "fighters", "share", "count", "chance"][self as usize]
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}
