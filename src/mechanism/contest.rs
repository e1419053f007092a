//! Contest laws: who prevails when two strengths meet.
//!
//! `p(a) = a^m / (a^m + b^m)` (Tullock 1980; Skaperdas 1996). The exponents 1, 2, 4 and 8 are the linear, square, quartic
//! and octic victory-probability laws of the KTAB models (Wise, Lester and Efird 2015): the higher, the surer the
//! stronger side.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A contest law.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Law {
    /// Exponent 1: twice the strength prevails 2 times in 3.
    #[default]
    Linear,
    /// Exponent 2: 4 times in 5.
    Square,
    /// Exponent 4: 16 times in 17.
    Quartic,
    /// Exponent 8: 256 times in 257.
    Octic,
}

impl Law {
    /// A strength raised to the law's exponent.
    #[inline]
    pub fn power(self, strength: f64) -> f64 {
        let square = strength * strength;
        match self {
            Self::Linear => strength,
            Self::Square => square,
            Self::Quartic => square * square,
            Self::Octic => square * square * square * square,
        }
    }

    /// The chance that `own` prevails over `other`; one half when both are 0. Strengths are 0 or more.
    #[inline]
    pub fn prevails(self, own: f64, other: f64) -> f64 {
        if own <= 0.0 && other <= 0.0 {
            return 0.5;
        }
        // By the ratio, whose powers are 0 or infinite only where the chance is 1 or 0.
        1.0 / (1.0 + self.power(other / own))
    }

    /// The ratio of strengths at which a side prevails with a chance, 0 to 1: the inverse of [`Law::prevails`].
    pub fn ratio(self, chance: f64) -> f64 {
        let roots = match self {
            Self::Linear => 0,
            Self::Square => 1,
            Self::Quartic => 2,
            Self::Octic => 3,
        };
        (0..roots).fold(chance / (1.0 - chance), |ratio, _| ratio.sqrt())
    }
}

/// Which contest law holds where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Contest {
    /// How a clash divides its losses: each side's share of them is the other's chance to prevail. With `linear`, losses
    /// follow Lanchester's square law.
    pub clash: Law,
    /// How strengths in a zone become shares of control.
    pub control: Law,
    /// How forces in an attack on a place become its odds.
    pub offensive: Law,
    /// How a coalition's strength becomes its chance against common enemies, as factions weigh it.
    pub coalition: Law,
}

impl Default for Contest {
    fn default() -> Self {
        Self { clash: Law::Linear, control: Law::Linear, offensive: Law::Square, coalition: Law::Square }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laws_give_their_textbook_odds() {
        // Tullock (1980); the octic and quartic values are those of the KTAB victory-probability family.
        let odds = |law: Law, ratio: f64| law.prevails(ratio, 1.0);
        for (law, two, three) in [
            (Law::Linear, 2.0 / 3.0, 3.0 / 4.0),
            (Law::Square, 4.0 / 5.0, 9.0 / 10.0),
            (Law::Quartic, 16.0 / 17.0, 81.0 / 82.0),
            (Law::Octic, 256.0 / 257.0, 6561.0 / 6562.0),
        ] {
            assert!((odds(law, 2.0) - two).abs() < 1e-15);
            assert!((odds(law, 3.0) - three).abs() < 1e-15);
            assert!((law.prevails(5.0, 7.0) + law.prevails(7.0, 5.0) - 1.0).abs() < 1e-15);
            assert!((law.prevails(0.0, 0.0) - 0.5).abs() < 1e-15);
            assert!((law.ratio(law.prevails(3.0, 1.0)) - 3.0).abs() < 1e-12);
            assert!((law.prevails(1e300, 1e299) - odds(law, 10.0)).abs() < 1e-12);
        }
    }
}
