//! Estimates from runs, with their intervals: pure functions over plain slices.
//!
//! All that is estimated is an [`Estimate`]. What is changed about an answer ([`difference`]), the intervals of probabilities and quantiles
//! ([`interval`]), of means over a design ([`clustered`]), what runs that share inputs vary by ([`nested`]), of differences between paired runs ([`paired`]) and those that may be looked at after every run
//! ([`sequential`]), those of runs with weights ([`weighted`]), and the distribution functions that all of them rest on ([`probability`]).

pub mod clustered;
pub mod difference;
mod ends;
pub mod interval;
pub mod nested;
pub mod paired;
pub mod probability;
pub mod sequential;
pub mod weighted;

pub use difference::DifferenceRow;

use interval::{Interval, quantile_ranks, sorted_quantile, wilson, wilson_share};
use paired::{mean_and_variance, tango};
use probability::{normal_bound, student_bound};
use sequential::Looking;
use serde::{Deserialize, Serialize};

/// The confidence of all intervals around answers.
pub const CONFIDENCE: f64 = 0.95;

/// Whether a question asks for yes or no or for an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// Yes or no: the answer is a probability.
    YesNo,
    /// An amount: the answer is a median.
    Quantity,
}

/// An estimate with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The estimate, in the unit of what is estimated; not a number if it rests on nothing.
    pub value: f64,
    /// Lower end of the interval: −∞ if the sample is too small to give one.
    #[serde(with = "ends::low")]
    pub low: f64,
    /// Upper end of the interval: ∞ if the sample is too small to give one, or says only that it is late.
    #[serde(with = "ends::high")]
    pub high: f64,
    /// How many runs, pairs or other things it rests on.
    pub n: u64,
}

impl Estimate {
    /// A value with an interval.
    pub fn new(value: f64, interval: Interval, n: u64) -> Self {
        Self { value, low: interval.low, high: interval.high, n }
    }

    /// What is known without error.
    pub fn exactly(value: f64, n: u64) -> Self {
        Self::new(value, Interval::exactly(value), n)
    }

    /// A share, `yes` of `n`, with Wilson's interval.
    pub fn share(yes: u64, n: u64, confidence: f64) -> Self {
        Self::new(yes as f64 / n as f64, wilson(yes, n, confidence), n)
    }

    /// A share of `n` runs that scatters like that of `effective` independent ones, with Wilson's interval.
    pub fn share_of(share: f64, effective: f64, n: u64, confidence: f64) -> Self {
        Self::new(share, wilson_share(share, effective, confidence), n)
    }

    /// [`Self::share`] with an interval that may be looked at after every run.
    pub fn share_looked_at(yes: u64, n: u64, looking: &Looking) -> Self {
        Self::new(yes as f64 / n as f64, sequential::proportion(yes, n, looking), n)
    }

    /// [`Self::share_looked_at`] of runs that tell as much as `effective` independent ones.
    pub fn share_looked_at_of(yes: u64, n: u64, effective: f64, looking: &Looking) -> Self {
        let (yes_of, count) = scaled(yes, n, effective);
        Self::new(yes as f64 / n as f64, sequential::proportion(yes_of, count, looking), n)
    }

    /// The quantile at `share` (0.5 for the median) of values sorted in ascending order, interpolated, with its
    /// distribution-free interval (for the median at 95% it takes six values). None if there are no values.
    pub fn quantile(sorted: &[f64], share: f64, confidence: f64) -> Option<Self> {
        Self::between_ranks(sorted, share, quantile_ranks(sorted.len() as u64, share, confidence))
    }

    /// [`Self::quantile`] with an interval that may be looked at after every run.
    pub fn quantile_looked_at(sorted: &[f64], share: f64, confidence: f64) -> Option<Self> {
        Self::between_ranks(sorted, share, sequential::quantile_ranks(sorted.len() as u64, share, confidence))
    }

    /// [`Self::quantile`] of values that tell as much as `effective` independent ones: the ends are the quantiles at which
    /// those of as many have theirs (Woodruff 1952).
    pub fn quantile_of(sorted: &[f64], share: f64, effective: f64, confidence: f64) -> Option<Self> {
        let ranks = |count| quantile_ranks(count, share, confidence);
        Self::between_ranks(sorted, share, among(sorted.len() as u64, effective, ranks))
    }

    /// [`Self::quantile_of`] with an interval that may be looked at after every run.
    pub fn quantile_looked_at_of(sorted: &[f64], share: f64, effective: f64, confidence: f64) -> Option<Self> {
        let ranks = |count| sequential::quantile_ranks(count, share, confidence);
        Self::between_ranks(sorted, share, among(sorted.len() as u64, effective, ranks))
    }

    fn between_ranks(sorted: &[f64], share: f64, ranks: Option<(u64, u64)>) -> Option<Self> {
        let interval = ranks.map_or(Interval::everything(), |(low, high)| Interval {
            low: sorted[low as usize - 1],
            high: sorted[high as usize - 1],
        });
        Some(Self::new(sorted_quantile(sorted, share)?, interval, sorted.len() as u64))
    }

    /// The median of values in any order, with its distribution-free interval. None if there are no values.
    pub fn median(values: &[f64], confidence: f64) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self::quantile(&sorted, 0.5, confidence)
    }

    /// A mean with Student's interval, which takes two values.
    pub fn mean(values: &[f64], confidence: f64) -> Self {
        Self::mean_of(values, values.len() as f64, confidence)
    }

    /// [`Self::mean`] of values that tell as much as `effective` independent ones. Fewer than two have no interval: how far such scatter is
    /// not known.
    pub fn mean_of(values: &[f64], effective: f64, confidence: f64) -> Self {
        let (mean, variance) = mean_and_variance(values);
        let interval = match variance {
            Some(variance) if variance <= 0.0 => Interval::exactly(mean),
            Some(variance) if effective >= 2.0 => {
                Interval::about(mean, student_bound(confidence, effective - 1.0) * (variance / effective).sqrt())
            }
            _ => Interval::everything(),
        };
        Self::new(mean, interval, values.len() as u64)
    }

    /// [`Self::mean`] with an interval that may be looked at after every run, tightest after about `expected` runs.
    pub fn mean_looked_at(values: &[f64], expected: u64, confidence: f64) -> Self {
        Self::mean_looked_at_of(values, values.len() as f64, expected, confidence)
    }

    /// [`Self::mean_looked_at`] of values that tell as much as `effective` independent ones.
    pub fn mean_looked_at_of(values: &[f64], effective: f64, expected: u64, confidence: f64) -> Self {
        let n = values.len() as u64;
        let mean = values.iter().sum::<f64>() / n as f64;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let (_, count) = scaled(0, n, effective);
        Self::new(mean, sequential::mean(count, mean, squares / n as f64, expected, confidence), n)
    }

    /// What scatters normally with a standard error.
    pub fn normal(value: f64, standard_error: f64, n: u64, confidence: f64) -> Self {
        Self::new(value, Interval::about(value, normal_bound(confidence) * standard_error), n)
    }

    /// The difference of two shares over `n` pairs, of which `gained` flipped from no to yes and `lost` from yes to no,
    /// with Tango's interval; exactly 0 if as many flipped one way as the other.
    pub fn paired_shares(gained: u64, lost: u64, n: u64, confidence: f64) -> Self {
        Self::new((gained as f64 - lost as f64) / n as f64, tango(gained, lost, n, confidence), n)
    }

    /// [`Self::paired_shares`] with an interval that may be looked at after every pair.
    pub fn paired_shares_looked_at(gained: u64, lost: u64, n: u64, looking: &Looking) -> Self {
        let interval = sequential::paired_proportions(gained, lost, n, looking);
        Self::new((gained as f64 - lost as f64) / n as f64, interval, n)
    }

    /// [`Self::paired_shares_looked_at`] over pairs that tell as much as `effective` independent ones.
    pub fn paired_shares_looked_at_of(gained: u64, lost: u64, n: u64, effective: f64, looking: &Looking) -> Self {
        let ((gained_of, count), (lost_of, _)) = (scaled(gained, n, effective), scaled(lost, n, effective));
        let interval = sequential::paired_proportions(gained_of, lost_of, count, looking);
        Self::new((gained as f64 - lost as f64) / n as f64, interval, n)
    }

    /// The interval.
    pub fn interval(&self) -> Interval {
        Interval { low: self.low, high: self.high }
    }

    /// The ends of the interval that the sample gives.
    pub fn ends(&self) -> (Option<f64>, Option<f64>) {
        let end = |end: f64| end.is_finite().then_some(end);
        (end(self.low), end(self.high))
    }

    /// Whether the interval leaves out 0: the sign is sure.
    pub fn has_sign(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// Ranks among `n` values of those that stand for `effective` independent ones.
fn among(n: u64, effective: f64, ranks: impl Fn(u64) -> Option<(u64, u64)>) -> Option<(u64, u64)> {
    let count = effective.round().clamp(1.0, n.max(1) as f64);
    let scale = n as f64 / count;
    let (low, high) = ranks(count as u64)?;
    Some((((low as f64 * scale).floor() as u64).max(1), ((high as f64 * scale).ceil() as u64).min(n)))
}

/// A count among `n` runs that tell as much as `effective` independent ones, and how many those are.
pub fn scaled(count: u64, n: u64, effective: f64) -> (u64, u64) {
    let all = effective.round().clamp(1.0, n.max(1) as f64);
    ((count as f64 * all / n.max(1) as f64).round() as u64, all as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_without_ends_survives_json() {
        for ends in [(-1.5, 2.5), (f64::NEG_INFINITY, f64::INFINITY), (0.0, f64::INFINITY)] {
            let known = Estimate { value: 1.0, low: ends.0, high: ends.1, n: 3 };
            let text = serde_json::to_string(&known).unwrap();
            assert_eq!(serde_json::from_str::<Estimate>(&text).unwrap(), known, "{text}");
        }
    }
}
