//! Intervals for one proportion, and the ranks that make one for a quantile.

use super::probability::{binomial_at_least, binomial_distribution, normal_bound};
use serde::Serialize;

/// A closed interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end, at least `low`.
    pub high: f64,
}

impl Interval {
    /// The interval that holds one value only.
    pub fn exactly(value: f64) -> Self {
        Self { low: value, high: value }
    }

    /// What nothing is known of: −∞ to ∞.
    pub fn everything() -> Self {
        Self { low: f64::NEG_INFINITY, high: f64::INFINITY }
    }

    /// What lies within a distance of a value.
    pub fn about(value: f64, reach: f64) -> Self {
        Self { low: value - reach, high: value + reach }
    }

    /// Half its length: the precision that it stands for.
    pub fn half_width(&self) -> f64 {
        0.5 * (self.high - self.low)
    }

    /// Whether a value lies within, ends included.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// Wilson's score interval for a proportion (Wilson 1927): `successes` of `n` at a `confidence` such as 0.95.
///
/// Unlike the textbook interval it neither leaves 0..1 nor shrinks to nothing at 0 or n. With no trials it is 0..1.
pub fn wilson(successes: u64, n: u64, confidence: f64) -> Interval {
    if n == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let share = successes as f64 / n as f64;
    let Interval { low, high } = wilson_share(share, n as f64, confidence);
    // The ends are exact at 0 and n; rounding must not put them beside.
    Interval { low: if successes == 0 { 0.0 } else { low }, high: if successes >= n { 1.0 } else { high } }
}

/// [`wilson`] for a share whose trials are not counted in whole numbers: `n` is the number of independent trials that
/// would scatter as much. With none it is 0..1.
pub fn wilson_share(share: f64, n: f64, confidence: f64) -> Interval {
    if n <= 0.0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let z = normal_bound(confidence);
    let scale = 1.0 / (1.0 + z * z / n);
    let centre = (share + 0.5 * z * z / n) * scale;
    let reach = z * scale * (share * (1.0 - share) / n + 0.25 * z * z / (n * n)).sqrt();
    // At an end of the scale the interval has that end, whatever rounding leaves.
    Interval {
        low: if share <= 0.0 { 0.0 } else { (centre - reach).max(0.0) },
        high: if share >= 1.0 { 1.0 } else { (centre + reach).min(1.0) },
    }
}

/// The ranks (counted from 1) of the two order statistics of a sample of `n` that enclose the quantile at `share` (0.5
/// for the median) with at least the asked confidence, whatever the distribution (Conover 1999, section 3.2).
///
/// None if the sample is too small. For values with ties the interval is wider than needed, never too narrow.
pub fn quantile_ranks(n: u64, share: f64, confidence: f64) -> Option<(u64, u64)> {
    let tail = 0.5 * (1.0 - confidence);
    // The largest rank that lies above the quantile with a chance of at most `tail`: P(B < rank) <= tail.
    let low = largest(n, |rank| binomial_distribution(rank - 1, n, share) <= tail)?;
    let high = n + 1 - largest(n, |back| binomial_at_least(n + 1 - back, n, share) <= tail)?;
    Some((low, high))
}

/// The largest of 1..=n for which a condition holds that, once false, stays false.
fn largest(n: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    let (mut low, mut high) = (0, n + 1);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low > 0).then_some(low)
}

/// The quantile at `share` (0 to 1) of values sorted in ascending order, as R and NumPy do unless told
/// otherwise (type 7 of Hyndman and Fan 1996): it interpolates between order statistics, so the median of an even number
/// of values is the mean of the middle two. None if there are no values.
pub fn sorted_quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    let between = place - below as f64;
    // No sum when the place is a value itself: infinite neighbours would make it NaN.
    Some(if between > 0.0 { sorted[below] + between * (sorted[above] - sorted[below]) } else { sorted[below] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::maths::ln;
    use crate::estimate::Estimate;
    use crate::estimate::probability::binomial_distribution;
    use crate::random::{DrawKey, Purpose, Source};

    #[test]
    fn wilson_gives_the_published_interval() {
        // 3 of 20: Newcombe (1998), Statistics in Medicine 17, method 3.
        let interval = wilson(3, 20, 0.95);
        assert!((interval.low - 0.05237).abs() < 5e-6 && (interval.high - 0.36042).abs() < 5e-6, "{interval:?}");
        assert_eq!(wilson(0, 0, 0.95), Interval { low: 0.0, high: 1.0 });
        assert_eq!(wilson(0, 50, 0.95).low.to_bits(), 0.0f64.to_bits());
        assert_eq!(wilson(50, 50, 0.95).high.to_bits(), 1.0f64.to_bits());
    }

    #[test]
    fn wilson_covers_about_as_often_as_it_says() {
        for n in [10u64, 40, 200] {
            let mut sum = 0.0;
            let mut grid = 0.0;
            for p in (1..100).map(|i| f64::from(i) / 100.0) {
                let mass = |k: u64| {
                    binomial_distribution(k, n, p) - if k == 0 { 0.0 } else { binomial_distribution(k - 1, n, p) }
                };
                let covered: f64 = (0..=n).filter(|k| wilson(*k, n, 0.95).contains(p)).map(mass).sum();
                assert!(covered > 0.83, "{n} {p}: {covered}");
                sum += covered;
                grid += 1.0;
            }
            assert!((sum / grid - 0.95).abs() < 0.01, "{n}: {}", sum / grid);
        }
    }

    #[test]
    fn median_ranks_are_the_tabled_ones() {
        // Conover (1999), table A3: for n = 20 and 95% the 6th and 15th order statistics.
        assert_eq!(quantile_ranks(20, 0.5, 0.95), Some((6, 15)));
        assert_eq!(quantile_ranks(6, 0.5, 0.95), Some((1, 6)));
        assert_eq!(quantile_ranks(5, 0.5, 0.95), None);
    }

    #[test]
    fn median_interval_covers_whatever_the_distribution() {
        type Inverse = fn(f64) -> f64;
        let shapes: [(Inverse, f64); 3] = [
            (|u| u, 0.5),
            (|u| -ln(1.0 - u), std::f64::consts::LN_2),
            // Values with many ties: the median of 0..=4 is 2.
            (|u| (5.0 * u).floor(), 2.0),
        ];
        for (shape, (value, truth)) in shapes.into_iter().enumerate() {
            let mut covered = 0;
            for trial in 0..2000 {
                let mut draws = Source::new(5, trial).sequence(Purpose::Resampling, DrawKey::whole(), shape as u32);
                let values: Vec<f64> = (0..31).map(|_| value(draws.uniform())).collect();
                covered += u32::from(Estimate::median(&values, 0.95).unwrap().interval().contains(truth));
            }
            // Three standard errors of 2,000 trials are 1.5 points.
            assert!(covered >= 1870, "shape {shape}: {covered}");
        }
    }
}
