//! What measures and answers are counted in.

use crate::base::maths::ln_1p;
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

    /// An amount on the scale on which it is compared with what came to be: that of logarithms, ln(1 + amount), of what is counted.
    pub fn scaled(self, amount: f64) -> f64 {
        match self {
            Self::Share | Self::Chance => amount,
            Self::People | Self::Fighters | Self::Count => ln_1p(amount.max(0.0)),
        }
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}
