//! Ends of intervals as they are kept for programs: JSON knows no infinity, so where a sample gives no end there is none.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

fn written<S: Serializer>(end: f64, serializer: S) -> Result<S::Ok, S::Error> {
    end.is_finite().then_some(end).serialize(serializer)
}

fn read<'de, D: Deserializer<'de>>(deserializer: D, none: f64) -> Result<f64, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(none))
}

/// A lower end, which is −∞ where there is none.
pub(super) mod low {
    use super::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(end: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        super::written(*end, serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        super::read(deserializer, f64::NEG_INFINITY)
    }
}

/// An upper end, which is ∞ where there is none.
pub(super) mod high {
    use super::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(end: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        super::written(*end, serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        super::read(deserializer, f64::INFINITY)
    }
}
