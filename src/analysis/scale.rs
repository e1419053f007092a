//! What the numbers of an input stand for.

use serde::Serialize;

/// The scale on which an input is measured (Stevens 1946).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Any number.
    #[default]
    Real,
    /// Whole numbers.
    Whole,
    /// One of these names, by its place: a policy, a stance. Their order says nothing.
    Nominal(Vec<String>),
}

impl Scale {
    /// The names, of an input that is one of several.
    pub fn names(&self) -> &[String] {
        match self {
            Self::Nominal(names) => names,
            _ => &[],
        }
    }

    /// Whether it is one of several names.
    pub fn is_nominal(&self) -> bool {
        matches!(self, Self::Nominal(_))
    }
}
