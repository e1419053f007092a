//! How an uncertain input is spread, and the inverse of its distribution function.

use super::sample::normal;
use crate::base::maths::{beta_quantile, erfc, exp, ln};
use serde::{Deserialize, Serialize};

/// The distribution of an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// Evenly from `low` to `high`.
    Uniform {
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// Rising from `low` to `best` and falling to `high`.
    Triangular {
        /// Lowest value.
        low: f64,
        /// Most likely value.
        best: f64,
        /// Highest value.
        high: f64,
    },
    /// A beta distribution from `low` to `high` that is likeliest at `best` and has its mean at (low + 4 best + high) / 6
    /// (Malcolm, Roseboom, Clark and Fazar 1959).
    Pert {
        /// Lowest value.
        low: f64,
        /// Most likely value.
        best: f64,
        /// Highest value.
        high: f64,
    },
    /// Normal about `best`, cut at `low` and `high`; the standard deviation is that of a normal distribution with 95%
    /// between values as far apart as `low` and `high`.
    Normal {
        /// Lowest value.
        low: f64,
        /// Most likely value.
        best: f64,
        /// Highest value.
        high: f64,
    },
    /// [`Spread::Normal`] in the logarithm, about `best` as its median; `low` is above 0.
    LogNormal {
        /// Lowest value.
        low: f64,
        /// Median before the cut.
        best: f64,
        /// Highest value.
        high: f64,
    },
    /// Evenly in the logarithm from `low`, which is above 0, to `high`.
    LogUniform {
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// One of several values.
    Choice {
        /// The values.
        values: Vec<f64>,
        /// How likely each is, relative to the others; equally if there are none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        weights: Vec<f64>,
    },
}

/// Why a distribution makes no sense.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SpreadError {
    /// A bound is not a finite number.
    #[error("{0} is not a finite number")]
    NotFinite(f64),
    /// The bounds are the wrong way round, or equal.
    #[error("low {low} is not below high {high}")]
    Empty {
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// The most likely value lies outside the bounds.
    #[error("best {best} is not between low {low} and high {high}")]
    BestOutside {
        /// Lowest value.
        low: f64,
        /// Most likely value.
        best: f64,
        /// Highest value.
        high: f64,
    },
    /// A logarithm is taken of a bound that has none.
    #[error("low {0} of a distribution of logarithms is not above 0")]
    NotPositive(f64),
    /// There is nothing to choose from.
    #[error("there are no choices")]
    NoChoices,
    /// The weights of choices are not as many, one is negative or not finite, or all are 0.
    #[error("the weights of {0} choices are not as many numbers from 0, of which one is above 0")]
    Weights(usize),
}

impl Spread {
    /// Checks the bounds.
    ///
    /// # Errors
    /// If a bound is not finite, bounds are not in ascending order, `best` is outside them, a log-uniform bound is not
    /// positive, or choices are missing or their weights make no sense.
    pub fn check(&self) -> Result<(), SpreadError> {
        let (low, best, high) = match self {
            Self::Uniform { low, high } | Self::LogUniform { low, high } => (*low, *low, *high),
            Self::Triangular { low, best, high }
            | Self::Pert { low, best, high }
            | Self::Normal { low, best, high }
            | Self::LogNormal { low, best, high } => (*low, *best, *high),
            Self::Choice { values, weights } => {
                let infinite = values.iter().find(|value| !value.is_finite());
                let sound = weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0);
                let given = weights.len() == values.len() && weights.iter().sum::<f64>() > 0.0;
                return match infinite {
                    Some(value) => Err(SpreadError::NotFinite(*value)),
                    None if values.is_empty() => Err(SpreadError::NoChoices),
                    None if weights.is_empty() || (sound && given) => Ok(()),
                    None => Err(SpreadError::Weights(values.len())),
                };
            }
        };
        if let Some(value) = [low, best, high].into_iter().find(|value| !value.is_finite()) {
            return Err(SpreadError::NotFinite(value));
        }
        if low >= high {
            return Err(SpreadError::Empty { low, high });
        }
        if best < low || best > high {
            return Err(SpreadError::BestOutside { low, best, high });
        }
        if matches!(self, Self::LogUniform { .. } | Self::LogNormal { .. }) && low <= 0.0 {
            return Err(SpreadError::NotPositive(low));
        }
        Ok(())
    }

    /// The value at a coordinate `share` of the unit cube: below it lies that share of the distribution. Assumes bounds
    /// that pass [`Spread::check`].
    pub fn value(&self, share: f64) -> f64 {
        let share = share.clamp(0.0, 1.0);
        match self {
            Self::Uniform { low, high } => low + share * (high - low),
            Self::Triangular { low, best, high } => {
                let turn = (best - low) / (high - low);
                if share < turn {
                    low + (share * (high - low) * (best - low)).sqrt()
                } else {
                    high - ((1.0 - share) * (high - low) * (high - best)).sqrt()
                }
            }
            Self::Pert { low, best, high } => {
                let (range, peak) = (high - low, (best - low) / (high - low));
                low + range * beta_quantile(1.0 + 4.0 * peak, 5.0 - 4.0 * peak, share)
            }
            Self::Normal { low, best, high } => cut_normal([*low, *best, *high], share),
            Self::LogNormal { low, best, high } => {
                exp(cut_normal([ln(*low), ln(*best), ln(*high)], share)).clamp(*low, *high)
            }
            Self::LogUniform { low, high } => exp(ln(*low) + share * (ln(*high) - ln(*low))).clamp(*low, *high),
            Self::Choice { values, weights } => {
                let place = match weights.is_empty() {
                    true => (share * values.len() as f64) as usize,
                    false => picked(weights, share),
                };
                values.get(place.min(values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
            }
        }
    }

    /// The coordinate of the unit cube that gives a value, by bisection; of several the lowest, and the nearest end for a
    /// value outside.
    pub fn share(&self, value: f64) -> f64 {
        let slack = 1e-9 * value.abs();
        if self.value(0.0) >= value - slack {
            return 0.0;
        }
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if self.value(middle) >= value - slack { high = middle } else { low = middle }
        }
        high
    }
}

/// The value below which a share lies of a normal distribution about the middle one of three values, cut at the others,
/// whose distance is that between its 2.5% and 97.5% points.
fn cut_normal([low, best, high]: [f64; 3], share: f64) -> f64 {
    let deviation = (high - low) / (2.0 * normal(0.975));
    let below = |x: f64| 0.5 * erfc((best - x) / (deviation * std::f64::consts::SQRT_2));
    let inside = below(low) + share * (below(high) - below(low));
    (best + deviation * normal(inside)).clamp(low, high)
}

/// The place of the weight that a share of the sum of all falls into.
pub fn picked(weights: &[f64], share: f64) -> usize {
    let wanted = share * weights.iter().sum::<f64>();
    let mut sum = 0.0;
    let place = weights.iter().position(|weight| {
        sum += weight;
        wanted < sum
    });
    place.or_else(|| weights.iter().rposition(|weight| *weight > 0.0)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(spread: &Spread) -> f64 {
        (0..20_000).map(|i| spread.value((f64::from(i) + 0.5) / 20_000.0)).sum::<f64>() / 20_000.0
    }

    #[test]
    fn means_are_those_of_theory() {
        let cases = [
            (Spread::Uniform { low: 2.0, high: 6.0 }, 4.0),
            (Spread::Triangular { low: 0.0, best: 1.0, high: 5.0 }, 2.0),
            (Spread::Normal { low: -1.0, best: 3.0, high: 7.0 }, 3.0),
            (Spread::LogUniform { low: 1.0, high: 100.0 }, 99.0 / ln(100.0)),
            (Spread::Choice { values: vec![1.0, 2.0, 6.0], weights: Vec::new() }, 3.0),
            (Spread::Choice { values: vec![1.0, 2.0, 6.0], weights: vec![3.0, 0.0, 1.0] }, 2.25),
            (Spread::Pert { low: 0.0, best: 1.0, high: 5.0 }, 1.5),
            // Cut evenly about its median: e^(μ + σ²/2) times what is left between the cuts, of a σ of ln 10 / 3.92.
            (Spread::LogNormal { low: 1.0, best: 10f64.sqrt(), high: 10.0 }, 3.5980),
        ];
        for (spread, expected) in cases {
            assert!((mean(&spread) - expected).abs() < 1e-3, "{spread:?}: {}", mean(&spread));
            assert_eq!(spread.check(), Ok(()));
        }
    }

    #[test]
    fn values_rise_with_the_coordinate_and_keep_within_bounds() {
        let skewed = Spread::Normal { low: 0.0, best: 0.2, high: 4.0 };
        let peaks =
            [Spread::Triangular { low: 0.0, best: 0.0, high: 4.0 }, Spread::Pert { low: 0.0, best: 4.0, high: 4.0 }];
        for spread in peaks.into_iter().chain([skewed]) {
            let values: Vec<f64> = (0..=100).map(|i| spread.value(f64::from(i) / 100.0)).collect();
            assert!(values.windows(2).all(|pair| pair[0] <= pair[1]), "{spread:?}");
            assert!(values[0].abs() < 1e-9 && (values[100] - 4.0).abs() < 1e-9, "{spread:?}");
        }
    }

    #[test]
    fn a_value_leads_back_to_its_coordinate() {
        let spreads = [
            Spread::Uniform { low: 700.0, high: 1400.0 },
            Spread::Triangular { low: 0.0, best: 1.0, high: 5.0 },
            Spread::Normal { low: -1.0, best: 3.0, high: 7.0 },
            Spread::LogUniform { low: 1.0, high: 100.0 },
            Spread::LogNormal { low: 1.0, best: 20.0, high: 100.0 },
            Spread::Pert { low: 1.0, best: 20.0, high: 100.0 },
        ];
        for spread in spreads {
            for step in 0..=30 {
                let share = f64::from(step) / 30.0;
                assert!((spread.share(spread.value(share)) - share).abs() < 1e-4, "{spread:?} at {share}");
            }
        }
        let choice = Spread::Choice { values: vec![1.0, 2.0, 6.0], weights: Vec::new() };
        assert!((choice.share(2.0) - 1.0 / 3.0).abs() < 1e-9 && choice.share(1.0).abs() < 1e-9);
    }

    #[test]
    fn senseless_bounds_are_named() {
        let refused = |spread: Spread| spread.check().unwrap_err().to_string();
        assert_eq!(refused(Spread::Uniform { low: 2.0, high: 2.0 }), "low 2 is not below high 2");
        assert_eq!(
            refused(Spread::LogUniform { low: 0.0, high: 2.0 }),
            "low 0 of a distribution of logarithms is not above 0"
        );
        let outside = Spread::Triangular { low: 0.0, best: 3.0, high: 2.0 };
        assert_eq!(refused(outside), "best 3 is not between low 0 and high 2");
        let choice = |values: &[f64], weights: &[f64]| {
            refused(Spread::Choice { values: values.to_vec(), weights: weights.to_vec() })
        };
        assert_eq!(choice(&[], &[]), "there are no choices");
        let wrong = "the weights of 2 choices are not as many numbers from 0, of which one is above 0";
        for weights in [&[1.0][..], &[0.0, 0.0], &[1.0, -1.0]] {
            assert_eq!(choice(&[1.0, 2.0], weights), wrong);
        }
        assert_eq!(refused(Spread::Uniform { low: f64::NAN, high: 2.0 }), "NaN is not a finite number");
    }
}
