//! Estimates from runs that count more or less than each other, and of which some have their beginning or their inputs in common.

use super::Estimate;
use super::interval::{Interval, quantile_ranks, wilson_share};
use std::collections::BTreeMap;

/// How many equally weighted values are worth as much as some weights (Kish 1965).
pub fn effective(weights: impl Iterator<Item = f64>) -> f64 {
    let (sum, squares) = weights.fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

/// The value below which a share of weighted values lies; NaN of none.
pub fn quantile(values: &[(f64, f64)], share: f64) -> f64 {
    let mut sorted: Vec<(f64, f64)> = values.iter().copied().filter(|(_, weight)| *weight > 0.0).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = sorted.iter().map(|(_, weight)| weight).sum();
    let mut below = 0.0;
    for (value, weight) in &sorted {
        below += weight;
        if below >= share * total {
            return *value;
        }
    }
    sorted.last().map_or(f64::NAN, |(value, _)| *value)
}

/// Values from 0 to 1 of less variance than this are the same but for rounding.
const SAME: f64 = 1e-12;

/// Runs with weights, in families: those that have their beginning or their inputs in common.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedRuns {
    /// The weights, whose sum is 1.
    weights: Vec<f64>,
    families: Vec<u64>,
}

impl WeightedRuns {
    /// Runs by the logarithms of their weights, of which only differences count, with their families. None if none has a weight.
    pub fn new(ln_weights: &[f64], families: &[u64]) -> Option<Self> {
        let most = ln_weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if !most.is_finite() {
            return None;
        }
        let weights: Vec<f64> = ln_weights.iter().map(|ln| crate::base::maths::exp(ln - most)).collect();
        let sum: f64 = weights.iter().sum();
        let weights = weights.into_iter().map(|weight| weight / sum).collect();
        Some(Self { weights, families: families.to_vec() })
    }

    /// The weights, whose sum is 1.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// How many equally weighted runs they are worth.
    pub fn worth(&self) -> f64 {
        effective(self.weights.iter().copied())
    }

    /// The mean of values from 0 to 1, and how many independent runs would scatter as much: by what the weighted deviations of families scatter
    /// (Chan and Lai 2013, Annals of Statistics 41, of particles by their first ancestors).
    fn mean(&self, values: &[f64]) -> (f64, f64) {
        let mean: f64 = self.weights.iter().zip(values).map(|(weight, value)| weight * value).sum();
        let variance: f64 =
            self.weights.iter().zip(values).map(|(weight, value)| weight * (value - mean) * (value - mean)).sum();
        let off = self.weights.iter().zip(values).map(|(weight, value)| weight * (value - mean));
        let sum: f64 = self.by_family(off).map(|off| off * off).sum();
        let (alike, worth) = (self.alike(), self.worth());
        // Few families say little of how far families differ: of one nothing is known but what one run would show.
        let few = alike / (alike - 1.0) * (worth - 1.0) / worth;
        let known = variance > SAME && sum > 0.0 && alike > 1.0 + 1e-6 && few > 0.0;
        // Where all say the same, it is what one run of each family would show.
        (mean, if known { (variance / (sum * few)).min(worth) } else { alike })
    }

    /// The sums over families of a number of each run.
    fn by_family(&self, numbers: impl Iterator<Item = f64>) -> impl Iterator<Item = f64> {
        let mut sums: BTreeMap<u64, f64> = BTreeMap::new();
        for (number, family) in numbers.zip(&self.families) {
            *sums.entry(*family).or_default() += number;
        }
        sums.into_values()
    }

    /// How many families that count alike they are worth.
    fn alike(&self) -> f64 {
        effective(self.by_family(self.weights.iter().copied()))
    }

    /// How many independent runs would tell as much of the mean of values from 0 to 1.
    pub fn tells(&self, values: &[f64]) -> f64 {
        self.mean(values).1
    }

    /// A share of yes, of values of 1 and 0, with Wilson's interval.
    pub fn share(&self, values: &[f64], confidence: f64) -> Estimate {
        let (mean, effective) = self.mean(values);
        Estimate::share_of(mean.clamp(0.0, 1.0), effective, self.weights.len() as u64, confidence)
    }

    /// The median of amounts, with the quantiles at which that many independent runs have the ends of its interval (Woodruff 1952);
    /// without ends below six, which no interval of 95% has whatever the distribution.
    pub fn median(&self, values: &[f64], confidence: f64) -> Estimate {
        let middle = self.quantile(values, 0.5);
        let above: Vec<f64> = values.iter().map(|value| f64::from(u8::from(*value > middle))).collect();
        let (_, effective) = self.mean(&above);
        let n = values.len() as u64;
        if quantile_ranks(effective.floor() as u64, 0.5, confidence).is_none() {
            return Estimate::new(middle, Interval::everything(), n);
        }
        let ends = wilson_share(0.5, effective, confidence);
        let ends = [ends.low, ends.high].map(|share| self.quantile(values, share));
        Estimate { value: middle, low: ends[0], high: ends[1], n }
    }

    /// The share of yes, of values of 1 and 0, less that of the same runs otherwise weighed: what both scatter by counts for nothing.
    /// The interval is that of the linearised difference, by families.
    pub fn share_less(&self, other: &Self, values: &[f64], confidence: f64) -> Estimate {
        let pulls = |runs: &Self| {
            let (mean, _) = runs.mean(values);
            let pulls: Vec<f64> =
                runs.weights.iter().zip(values).map(|(weight, value)| weight * (value - mean)).collect();
            (mean, Some(pulls))
        };
        self.less(other, pulls(self), pulls(other), confidence)
    }

    /// [`Self::share_less`] of medians, each with the density that its own interval stands for; without ends where one of them has none.
    pub fn median_less(&self, other: &Self, values: &[f64], confidence: f64) -> Estimate {
        let pulls = |runs: &Self| {
            let median = runs.median(values, confidence);
            let (Some(low), Some(high)) = median.ends() else { return (median.value, None) };
            let above: Vec<f64> = values.iter().map(|value| f64::from(u8::from(*value > median.value))).collect();
            let (share, effective) = runs.mean(&above);
            let ends = wilson_share(0.5, effective, confidence);
            let by_share = (high - low) / (ends.high - ends.low);
            let pulls = runs.weights.iter().zip(&above).map(|(weight, above)| weight * (above - share) * by_share);
            (median.value, Some(pulls.collect()))
        };
        self.less(other, pulls(self), pulls(other), confidence)
    }

    /// A value less another, with by how much each run pulls the one and the other.
    fn less(
        &self,
        other: &Self,
        (one, pulls_one): (f64, Option<Vec<f64>>),
        (two, pulls_two): (f64, Option<Vec<f64>>),
        confidence: f64,
    ) -> Estimate {
        let n = self.weights.len() as u64;
        let alike = self.alike().min(other.alike());
        match (pulls_one, pulls_two) {
            // Of one family nothing is known but what one run would show.
            (Some(pulls_one), Some(pulls_two)) if alike > 1.0 + 1e-6 => {
                let off = self.by_family(pulls_one.iter().zip(&pulls_two).map(|(one, two)| one - two));
                let variance = off.map(|off| off * off).sum::<f64>() * alike / (alike - 1.0);
                Estimate::normal(one - two, variance.sqrt(), n, confidence)
            }
            _ => Estimate::new(one - two, Interval::everything(), n),
        }
    }

    /// The amount below which a share of the runs lies.
    pub fn quantile(&self, values: &[f64], share: f64) -> f64 {
        let pairs: Vec<(f64, f64)> = values.iter().copied().zip(self.weights.iter().copied()).collect();
        quantile(&pairs, share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::maths::ln;
    use crate::estimate::interval::wilson;
    use crate::random::sample::normal;
    use crate::random::{DrawKey, Purpose, Source};

    #[test]
    fn weights_are_worth_what_kish_says() {
        assert!((effective([1.0, 1.0, 2.0].into_iter()) - 16.0 / 6.0).abs() < 1e-12);
        let runs = WeightedRuns::new(&[0.0, 0.0, ln(2.0)], &[0, 1, 2]).unwrap();
        assert!((runs.worth() - 16.0 / 6.0).abs() < 1e-12 && (runs.weights()[2] - 0.5).abs() < 1e-12);
        assert_eq!(WeightedRuns::new(&[f64::NEG_INFINITY; 3], &[0, 1, 2]), None);
    }

    #[test]
    fn equal_weights_give_the_plain_answers() {
        let yes: Vec<f64> = (0..40).map(|run| f64::from(u8::from(run < 10))).collect();
        let runs = WeightedRuns::new(&[0.0; 40], &(0..40).collect::<Vec<_>>()).unwrap();
        let (share, plain) = (runs.share(&yes, 0.95), wilson(10, 40, 0.95));
        assert!((share.value - 0.25).abs() < 1e-12 && (share.low - plain.low).abs() < 1e-12);
        let amounts: Vec<f64> = (0..40).map(f64::from).collect();
        let median = runs.median(&amounts, 0.95);
        assert!((19.0..=20.0).contains(&median.value) && median.low < 15.0 && median.high > 24.0, "{median:?}");
    }

    #[test]
    fn a_median_of_next_to_no_runs_has_no_interval() {
        let amounts: Vec<f64> = (0..40).map(f64::from).collect();
        let weights: Vec<f64> = (0..40).map(|run| if run == 7 { 0.0 } else { -40.0 }).collect();
        let median = WeightedRuns::new(&weights, &(0..40).collect::<Vec<_>>()).unwrap().median(&amounts, 0.95);
        assert!((median.value - 7.0).abs() < 1e-12 && median.ends() == (None, None), "{median:?}");
    }

    #[test]
    fn families_that_say_the_same_count_once() {
        let yes: Vec<f64> = (0..40).map(|run| f64::from(u8::from(run / 4 % 2 == 0))).collect();
        let families: Vec<u64> = (0..40).map(|run| run / 4).collect();
        let of = |families: &[u64]| WeightedRuns::new(&[0.0; 40], families).unwrap().share(&yes, 0.95);
        let (alone, shared) = (of(&(0..40).collect::<Vec<_>>()), of(&families));
        let tens = wilson(5, 10, 0.95);
        assert!(shared.low <= tens.low && tens.low - shared.low < 0.02 && alone.low > shared.low, "{shared:?}");
        let one = of(&[0; 40]);
        assert!(one.low < 0.1 && one.high > 0.9, "of one family next to nothing is known: {one:?}");
        let all = WeightedRuns::new(&[0.0; 40], &families).unwrap().share(&[1.0; 40], 0.95);
        assert!((all.low - wilson(10, 10, 0.95).low).abs() < 1e-9);
    }

    /// Of runs from a number on: the logarithms of their weights, and amounts that go with these.
    fn drawn(from: u64, count: u64) -> (Vec<f64>, Vec<f64>) {
        let one = |replicate| {
            let mut draws = Source::new(6, replicate).sequence(Purpose::Resampling, DrawKey::whole(), 0);
            let first = normal(draws.uniform());
            (-0.5 * (first - 0.8) * (first - 0.8), first + normal(draws.uniform()))
        };
        (from..from + count).map(one).unzip()
    }

    /// How far the weights move the share above 0.5 and the median.
    fn less((ln, amounts): &(Vec<f64>, Vec<f64>), families: &[u64]) -> [Estimate; 2] {
        let [with, without] = [&ln[..], &vec![0.0; ln.len()]].map(|ln| WeightedRuns::new(ln, families).unwrap());
        let yes: Vec<f64> = amounts.iter().map(|amount| f64::from(u8::from(*amount > 0.5))).collect();
        [with.share_less(&without, &yes, 0.95), with.median_less(&without, amounts, 0.95)]
    }

    #[test]
    fn intervals_of_differences_hold_that_of_ever_more_runs() {
        let own = |count: u64| (0..count).collect::<Vec<_>>();
        let truth = less(&drawn(1 << 40, 100_000), &own(100_000)).map(|found| found.value);
        let sets: Vec<_> = (0..300).map(|set| less(&drawn(set * 300, 300), &own(300))).collect();
        for place in [0, 1] {
            let covered = sets.iter().filter(|found| found[place].interval().contains(truth[place])).count();
            // 95% of 300 less four standard errors.
            assert!((270..=300).contains(&covered), "{covered} of 300 hold {}", truth[place]);
            let width = sets.iter().map(|found| found[place].high - found[place].low).sum::<f64>() / 300.0;
            let off = sets.iter().map(|found| found[place].value - truth[place]);
            let apart = off.map(|off| off * off).sum::<f64>() / 300.0;
            assert!(width < 1.5 * 2.0 * 1.96 * apart.sqrt(), "{width} is far wider than {} scatters", apart.sqrt());
        }
    }

    #[test]
    fn weights_that_do_nothing_move_nothing() {
        let (_, amounts) = drawn(0, 100);
        for found in less(&(vec![0.0; 100], amounts), &(0..100).collect::<Vec<_>>()) {
            assert!(found.value.abs() < 1e-12 && found.low.abs() < 1e-9 && found.high.abs() < 1e-9, "{found:?}");
        }
        assert!(less(&drawn(0, 100), &[0; 100]).iter().all(|found| found.ends() == (None, None)), "of one family");
    }
}
