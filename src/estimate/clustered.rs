//! A mean over runs that are alike in two ways: by the point of a design, and by the replicate.

use super::probability::{normal_bound, student_bound};
use super::{CONFIDENCE, Estimate};
use std::collections::BTreeMap;

/// A mean of runs' values, or of 1 for a yes and 0 for a no the share of yes, and how much they tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusteredMean {
    /// The mean.
    pub value: f64,
    /// How many independent runs would scatter as much: fewer than `n`, for runs of one point have their inputs in
    /// common and replicates of one number their luck.
    pub effective: f64,
    /// How many runs there are.
    pub n: u64,
}

/// Into how many blocks clusters are put where there may be too many to keep each by itself.
pub const BLOCKS: usize = 40;

/// The block of a cluster.
pub fn block_of(cluster: u64) -> usize {
    (cluster % BLOCKS as u64) as usize
}

impl ClusteredMean {
    /// A share, of clusters each with how many of how many it is. None of nothing.
    pub fn of_counts(clusters: impl Iterator<Item = (u64, u64)>) -> Option<Self> {
        let clusters: Vec<(f64, f64)> =
            clusters.filter(|(_, of)| *of > 0).map(|(count, of)| (count as f64, of as f64)).collect();
        let (sum, n) = clusters.iter().fold((0.0, 0.0), |(sum, n), (count, of)| (sum + count, n + of));
        let share = sum / n;
        let variance = of_clusters(&clusters, n).unwrap_or(0.0);
        let effective = if variance > 0.0 { (share * (1.0 - share) / variance).min(n) } else { clusters.len() as f64 };
        (n > 0.0).then_some(Self { value: share, effective, n: n as u64 })
    }

    /// Of runs with their point, their replicate, where all points share its luck, and their value. None without runs.
    ///
    /// The variance is the sum of those by clusters of points and by clusters of replicates (Cameron, Gelbach and Miller
    /// 2011, Journal of Business and Economic Statistics 29). What their estimate takes off again, the variance of single
    /// runs, is left in: the sum is never too small, and never below 0. Of few clusters it is itself not well known: each part
    /// counts by as much as Student's intervals of its degrees of freedom are wider. One replicate that all
    /// points share is one draw of luck, and tells as much as one run.
    pub fn of(runs: impl Iterator<Item = (usize, Option<u64>, f64)>) -> Option<Self> {
        let mut by_point: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        let mut by_replicate: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
        // Less the first value, so that large ones lose nothing.
        let (mut origin, mut sum_of_all, mut squares, mut n) = (None, 0.0, 0.0, 0.0);
        for (point, replicate, value) in runs {
            let value = value - *origin.get_or_insert(value);
            let by_replicate = replicate.map(|replicate| by_replicate.entry(replicate).or_default());
            for (sum, runs) in [by_point.entry(point).or_default()].into_iter().chain(by_replicate) {
                *sum += value;
                *runs += 1.0;
            }
            sum_of_all += value;
            squares += value * value;
            n += 1.0;
        }
        let mean = sum_of_all / n;
        let kinds: [Vec<(f64, f64)>; 2] = [by_point.into_values().collect(), by_replicate.into_values().collect()];
        let parts =
            kinds.each_ref().map(|clusters| (of_clusters(clusters, n).unwrap_or(0.0), clusters.len() as f64 - 1.0));
        let wider = |free: f64| match free > 0.0 {
            true => student_bound(CONFIDENCE, free) / normal_bound(CONFIDENCE),
            false => 1.0,
        };
        let variance: f64 = parts.iter().map(|(part, free)| part * wider(*free) * wider(*free)).sum();
        let groups = kinds.iter().map(Vec::len).filter(|groups| *groups > 0).min().unwrap_or(1) as f64;
        // Where all say the same, it is what one run of each of the fewer groups would show.
        let of_run = squares / n - mean * mean;
        let effective = if kinds[1].len() == 1 {
            1.0
        } else if variance > 0.0 {
            (of_run / variance).min(n)
        } else {
            groups
        };
        Some(Self { value: origin? + mean, effective, n: n as u64 })
    }

    /// Of a share, with Wilson's interval.
    pub fn estimate(&self, confidence: f64) -> Estimate {
        Estimate::share_of(self.value, self.effective, self.n, confidence)
    }

    /// The share with a bias taken off.
    pub fn less(self, bias: f64) -> Self {
        Self { value: (self.value - bias).clamp(0.0, 1.0), ..self }
    }
}

/// The variance of the mean of `n` values in clusters, of each of which the sum and the number are given: each cluster
/// counts by its size. None for fewer than two clusters.
fn of_clusters(clusters: &[(f64, f64)], n: f64) -> Option<f64> {
    let count = clusters.len() as f64;
    // Where clusters are alike in size these are exactly 1 and the means themselves, and rounding is that of a plain variance.
    let means = || clusters.iter().map(|(sum, runs)| (runs * count / n, sum / runs));
    let centre = means().map(|(size, mean)| size * mean).sum::<f64>() / count;
    let squares: f64 = means().map(|(size, mean)| size * (mean - centre)).map(|off| off * off).sum();
    (clusters.len() > 1).then(|| squares / (count - 1.0) / count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::interval::wilson;
    use crate::random::{DrawKey, Purpose, Source};

    #[test]
    fn intervals_over_a_design_cover_as_often_as_they_say() {
        // The chance of yes varies by point, and luck is shared by the runs of a replicate.
        let points = 30;
        for replicates in [1, 2, 3, 5, 20] {
            let mut covered = 0;
            for trial in 0..600 {
                let source = Source::new(17, trial);
                let mut draws = source.sequence(Purpose::Resampling, DrawKey::whole(), 1);
                let chances: Vec<f64> = (0..points).map(|_| 0.1 + 0.6 * draws.uniform()).collect();
                let luck: Vec<f64> = (0..replicates).map(|_| draws.uniform()).collect();
                let mut runs = Vec::new();
                for (point, chance) in chances.iter().enumerate() {
                    for (replicate, luck) in luck.iter().enumerate() {
                        // Half of the runs follow the replicate's luck, half their own.
                        let drawn = if draws.uniform() < 0.5 { *luck } else { draws.uniform() };
                        runs.push((point, Some(replicate as u64), f64::from(u8::from(drawn < *chance))));
                    }
                }
                let share = ClusteredMean::of(runs.into_iter()).unwrap();
                covered += u32::from(share.estimate(0.95).interval().contains(0.4));
            }
            // 95% of 600 less three standard errors of the simulation.
            assert!((554..=600).contains(&covered), "{covered} with {replicates}");
        }
    }

    #[test]
    fn where_all_runs_agree_the_fewer_groups_count() {
        let found =
            ClusteredMean::of((0..40).map(|run| (run / 10, Some((run % 10) as u64), 0.0))).unwrap().estimate(0.95);
        assert_eq!((found.value, found.low, found.n), (0.0, 0.0, 40));
        assert!((found.high - wilson(0, 4, 0.95).high).abs() < 1e-12);
        assert_eq!(ClusteredMean::of(std::iter::empty()), None);
    }

    #[test]
    fn a_replicate_that_few_points_have_counts_for_little() {
        // One of 200 points has five replicates: all but one run are replicate 0.
        let runs = (0..200).map(|point| (point, 0)).chain((1..5).map(|replicate| (0, replicate)));
        let found =
            ClusteredMean::of(runs.map(|(point, replicate)| (point, Some(replicate), (point % 2) as f64))).unwrap();
        assert!(found.effective > 150.0, "{found:?}");
    }
}
