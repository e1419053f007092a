//! What answers vary by: luck, what is not known of the scenario, and weights of behaviour.
//!
//! Replicates that share inputs make a balanced nested design: two share all of them, the two pairs of a four the
//! scenario's, the two fours of an eight those weights that are dear to draw ([`InputKind`]). The law of total variance
//! takes the variance of a run apart accordingly, and the mean squares of a nested analysis of variance have the parts
//! as their expectations (Searle, Casella and McCulloch 1992, Variance Components): unbiased, and below 0 by chance
//! where a part is small. What inputs do together belongs to the one that the fewest replicates share.

use super::Estimate;
use super::interval::sorted_quantile;
use super::paired::tango_of;
use crate::scenario::{DrawnInputs, InputKind};

/// Kinds of inputs, each nested in the next.
const KINDS: usize = InputKind::ALL.len();
/// Replicates of a whole group.
const WHOLE: usize = InputKind::ALL[KINDS - 1].shared_by() as usize;

/// Takes the values of replicates, in order, for the analysis of variance. Groups of eight that are not whole, or hold a
/// run that failed, are left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nesting {
    group: u64,
    held: usize,
    values: [f64; WHOLE],
    groups: f64,
    /// Of all values, less the first of all, so that large values lose nothing: sums and sums of squares.
    origin: f64,
    sum: f64,
    /// Sums of squares: of values, and of the sums of each kind's groups over their sizes.
    squares: [f64; KINDS + 1],
}

impl Nesting {
    /// Of values with their replicates, in order.
    pub fn of(values: impl IntoIterator<Item = (u64, f64)>) -> Self {
        let mut nesting = Self::default();
        values.into_iter().for_each(|(replicate, value)| nesting.add(replicate, value));
        nesting
    }

    /// Adds the next value.
    pub fn add(&mut self, replicate: u64, value: f64) {
        let group = replicate / WHOLE as u64;
        if group != self.group {
            (self.group, self.held) = (group, 0);
        }
        if value.is_nan() || self.held == WHOLE {
            return;
        }
        self.values[self.held] = value;
        self.held += 1;
        if self.held == WHOLE {
            self.take_group();
        }
    }

    fn take_group(&mut self) {
        if self.groups < 0.5 {
            self.origin = self.values[0];
        }
        let values = self.values.map(|value| value - self.origin);
        self.groups += 1.0;
        self.sum += values.iter().sum::<f64>();
        self.squares[0] += values.iter().map(|value| value * value).sum::<f64>();
        for (squares, kind) in self.squares[1..].iter_mut().zip(InputKind::ALL) {
            let size = kind.shared_by() as usize;
            let sums = values.chunks(size).map(|group| group.iter().sum::<f64>());
            *squares += sums.map(|sum| sum * sum).sum::<f64>() / size as f64;
        }
    }

    /// How many independent runs tell as much of the mean as `n` of these: as many as there are where inputs are not drawn, or nothing
    /// varies. Where there are too few to tell what those that share inputs have in common, it may be all: then only those count that share
    /// none.
    pub fn effective(&self, n: u64, drawn: Option<[bool; KINDS]>) -> f64 {
        match drawn.map(|drawn| self.split(drawn)) {
            Some(Some(split)) => split.effective(n),
            Some(None) if self.tells_nothing() => (n as f64 / sharing(drawn) as f64).max(1.0).min(n as f64),
            Some(None) | None => n as f64,
        }
    }

    /// Whether there are too few whole groups to compare them.
    fn tells_nothing(&self) -> bool {
        self.groups < 1.5
    }

    /// The parts, where inputs of some kinds are drawn. None with fewer than two whole groups, or if nothing varies.
    pub fn split(&self, drawn: [bool; KINDS]) -> Option<Split> {
        if self.tells_nothing() {
            return None;
        }
        let n = self.groups * WHOLE as f64;
        let sizes: [f64; KINDS + 1] = std::array::from_fn(|level| match level {
            0 => 1.0,
            level => InputKind::ALL[level - 1].shared_by() as f64,
        });
        // Sum of squares and degrees of freedom within the groups of each kind, and between those of the last.
        let between = |level: usize| match level {
            KINDS => (self.squares[KINDS] - self.sum * self.sum / n, self.groups - 1.0),
            level => (self.squares[level] - self.squares[level + 1], n / sizes[level] - n / sizes[level + 1]),
        };
        let mut variances = [0.0; KINDS + 1];
        let (mut squares, mut degrees) = between(0);
        let mut below = 0;
        let mut expected: f64 = 0.0;
        // A kind of which nothing is drawn adds nothing: what lies between its groups is more of what lies within.
        for level in 1..=KINDS {
            let (more, free) = between(level);
            if !drawn[level - 1] {
                squares += more;
                degrees += free;
                continue;
            }
            let mean = squares / degrees;
            variances[below] = (mean - expected) / sizes[below];
            (squares, degrees, below, expected) = (more, free, level, mean);
        }
        variances[below] = (squares / degrees - expected) / sizes[below];
        (self.squares[0] - self.sum * self.sum / n > 0.0).then_some(Split { variances })
    }
}

/// The kinds of which inputs are drawn.
pub fn kinds(drawn: &DrawnInputs) -> [bool; KINDS] {
    InputKind::ALL.map(|kind| drawn.has(kind))
}

/// So many replicates after each other share some of the inputs that are drawn; 1 where none are.
pub fn sharing(drawn: Option<[bool; KINDS]>) -> u64 {
    let kinds = InputKind::ALL.into_iter().zip(drawn.unwrap_or_default());
    kinds.filter(|(_, drawn)| *drawn).map(|(kind, _)| kind.shared_by()).max().unwrap_or(1)
}

/// The variance of a run's answer in its parts, each unbiased, in the answer's unit squared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// Luck, and what each kind of inputs adds to it.
    variances: [f64; KINDS + 1],
}

/// Shares of the variance, from 0 to 1, together 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VarianceShares {
    /// That of luck: what would be left were all inputs known.
    pub luck: f64,
    /// That of the scenario's inputs.
    pub scenario: f64,
    /// That of the weights of behaviour.
    pub weights: f64,
}

impl Split {
    /// The variance of luck, which may be below 0 by chance as all of them.
    pub fn luck(&self) -> f64 {
        self.variances[0]
    }

    /// The variance that the scenario's inputs make.
    pub fn scenario(&self) -> f64 {
        self.variances[2]
    }

    /// The variance that the weights of behaviour make.
    pub fn weights(&self) -> f64 {
        self.variances[1] + self.variances[3]
    }

    /// The parts of luck, scenario and weights, those below 0 taken as 0.
    fn parts(&self) -> [f64; 3] {
        [self.luck(), self.scenario(), self.weights()].map(|part| part.max(0.0))
    }

    /// The shares, parts below 0 taken as 0.
    pub fn shares(&self) -> VarianceShares {
        let parts = self.parts();
        let all: f64 = parts.iter().sum();
        let [luck, scenario, weights] = parts.map(|part| part / all);
        VarianceShares { luck, scenario, weights }
    }

    /// How far the answer moves over the inputs: the standard deviation, in its own unit, of what it would be were the
    /// inputs known. It is of the parts that the shares are of: 0 where both shares of inputs are, and nowhere else.
    pub fn moves(&self) -> f64 {
        let [_, scenario, weights] = self.parts();
        (scenario + weights).sqrt()
    }

    /// How many independent runs tell as much of the mean as `n` of these, which share inputs.
    pub fn effective(&self, n: u64) -> f64 {
        let parts = self.variances.map(|part| part.max(0.0));
        let all: f64 = parts.iter().sum();
        let shared: f64 = parts
            .iter()
            .zip([1].into_iter().chain(InputKind::ALL.map(InputKind::shared_by)))
            .map(|(part, by)| part * by.min(n) as f64)
            .sum();
        if all > 0.0 { n as f64 * all / shared } else { n as f64 }
    }
}

/// How many independent runs tell as much of the mean of a value as so many runs that share inputs: [`Nesting::effective`].
pub fn effective(values: impl IntoIterator<Item = (u64, f64)>, n: u64, drawn: Option<[bool; KINDS]>) -> f64 {
    Nesting::of(values).effective(n, drawn)
}

/// What one of so many runs is worth beside an independent one for the mean of a value: less where runs share inputs that move it.
pub fn worth(values: impl IntoIterator<Item = (u64, f64)>, n: u64, drawn: Option<[bool; KINDS]>) -> f64 {
    effective(values, n, drawn) / n.max(1) as f64
}

/// The values of replicates in ascending order, and how many independent runs tell as much of their median: what counts for it
/// is which values lie above it.
pub fn about_the_median(runs: &[(u64, f64)], drawn: Option<[bool; KINDS]>) -> (Vec<f64>, f64) {
    let mut values: Vec<f64> = runs.iter().map(|(_, value)| *value).collect();
    values.sort_by(f64::total_cmp);
    let middle = sorted_quantile(&values, 0.5).unwrap_or(f64::NAN);
    let above = runs.iter().map(|(replicate, value)| (*replicate, f64::from(u8::from(*value > middle))));
    let effective = effective(above, values.len() as u64, drawn);
    (values, effective)
}

impl Estimate {
    /// The share of replicates, in order, of which something holds, with Wilson's interval by how many independent runs tell as
    /// much. None without any.
    pub fn share_among(
        runs: impl Iterator<Item = (u64, bool)> + Clone,
        drawn: Option<[bool; KINDS]>,
        confidence: f64,
    ) -> Option<Self> {
        let (yes, n) = runs.clone().fold((0, 0), |(yes, n), (_, so)| (yes + u64::from(so), n + 1));
        let effective = effective(runs.map(|(replicate, so)| (replicate, f64::from(u8::from(so)))), n, drawn);
        (n > 0).then(|| match drawn {
            None => Self::share(yes, n, confidence),
            Some(_) => Self::share_of(yes as f64 / n as f64, effective, n, confidence),
        })
    }

    /// The median over replicates, in order, of which some share inputs, with its distribution-free interval. None without any.
    pub fn median_of(runs: &[(u64, f64)], drawn: Option<[bool; KINDS]>, confidence: f64) -> Option<Self> {
        let (values, effective) = about_the_median(runs, drawn);
        match drawn {
            None => Self::quantile(&values, 0.5, confidence),
            Some(_) => Self::quantile_of(&values, 0.5, effective, confidence),
        }
    }

    /// [`Self::paired_shares`] over pairs that tell as much as `effective` independent ones.
    pub fn paired_shares_of(gained: u64, lost: u64, n: u64, effective: f64, confidence: f64) -> Self {
        let scale = effective / n as f64;
        let interval = tango_of(gained as f64 * scale, lost as f64 * scale, effective, confidence);
        Self::new((gained as f64 - lost as f64) / n as f64, interval, n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{DrawKey, Purpose, Source, sample};

    const ALL: [bool; KINDS] = [true; KINDS];

    fn normal(level: u64, number: u64) -> f64 {
        let key = DrawKey::named("nested", "").child(level);
        sample::normal(Source::new(5, number).sequence(Purpose::Resampling, key, 0).uniform())
    }

    /// The value of a replicate of a nested normal model with given standard deviations: luck, weights, scenario, stances.
    fn value(replicate: u64, deviations: [f64; 4]) -> f64 {
        [1, 2, 4, 8].into_iter().zip(deviations).map(|(by, deviation)| deviation * normal(by, replicate / by)).sum()
    }

    fn split(n: u64, deviations: [f64; 4], drawn: [bool; KINDS]) -> Split {
        Nesting::of((0..n).map(|replicate| (replicate, 1e6 + value(replicate, deviations)))).split(drawn).unwrap()
    }

    #[test]
    fn the_parts_of_a_model_are_found_in_which_they_are_known() {
        let found = split(200_000, [2.0, 0.5, 1.0, 1.0], ALL);
        for (found, known) in [(found.luck(), 4.0), (found.scenario(), 1.0), (found.weights(), 1.25)] {
            assert!((found - known).abs() < 0.06, "{found} for {known}");
        }
        assert!((found.moves() - 1.5).abs() < 0.03);
        let shares = found.shares();
        assert!((shares.luck - 4.0 / 6.25).abs() < 0.01);
        assert!((shares.luck + shares.scenario + shares.weights - 1.0).abs() < 1e-12);
    }

    #[test]
    fn hand_computed_parts_of_two_groups_are_exact() {
        // Between the groups 8 apart, within the first nothing, within the second pairs 2 apart and luck of ±1 in one.
        let values = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 7.0, 9.0, 8.0, 8.0, 10.0, 10.0, 10.0, 10.0];
        let found = Nesting::of((0..).zip(values)).split(ALL).unwrap();
        let luck = 2.0 / 8.0;
        // Fours of means 8 and 10 in the second group: 4 · (1 + 1) over 2 degrees of freedom, less the pairs' mean square of 0.
        let (pairs, fours) = (0.0, 8.0 / 2.0);
        let eights = 8.0 * (4.5 * 4.5 + 4.5 * 4.5);
        for (found, known) in
            found.variances.into_iter().zip([luck, (pairs - luck) / 2.0, (fours - pairs) / 4.0, (eights - fours) / 8.0])
        {
            assert!((found - known).abs() < 1e-12, "{found} for {known}");
        }
    }

    #[test]
    fn parts_are_unbiased_and_sum_to_the_variance() {
        let mut sums = [0.0; 3];
        let trials = 2000;
        for trial in 0..trials {
            let values = (0..32).map(|run| (run, value(run + 32 * trial, [1.0, 0.0, 0.5, 0.0])));
            let found = Nesting::of(values).split(ALL).unwrap();
            for (sum, part) in sums.iter_mut().zip([found.luck(), found.scenario(), found.weights()]) {
                *sum += part / trials as f64;
            }
        }
        for (mean, known) in sums.into_iter().zip([1.0, 0.25, 0.0]) {
            assert!((mean - known).abs() < 0.02, "{mean} for {known}");
        }
    }

    #[test]
    fn kinds_that_are_not_drawn_have_no_part() {
        let found = split(4000, [1.0, 0.0, 1.0, 0.0], [false, true, false]);
        assert!(found.weights().abs() < 1e-12 && (found.scenario() - 1.0).abs() < 0.15);
        let none = split(4000, [1.0, 0.0, 0.0, 0.0], [false; KINDS]);
        assert!((none.effective(4000) - 4000.0).abs() < 1e-6 && none.moves().abs() < 1e-12);
    }

    #[test]
    fn an_answer_moves_if_and_only_if_inputs_have_a_share() {
        for trial in 0..300 {
            let values = (0..24).map(|run| (run, f64::from(u8::from(value(run + 24 * trial, [1.0; 4]) > 1.5))));
            let Some(found) = Nesting::of(values).split(ALL) else { continue };
            let shares = found.shares();
            assert_eq!(found.moves() > 0.0, shares.scenario + shares.weights > 0.0, "{found:?}");
        }
    }

    #[test]
    fn groups_that_are_not_whole_are_left_out_and_too_few_tell_nothing() {
        let full: Vec<(u64, f64)> = (0..64).map(|run| (run, value(run, [1.0; 4]))).collect();
        let mut holed = full.clone();
        holed.extend((64..71).map(|run| (run, 1e9)));
        holed[3].1 = f64::NAN;
        let without: Vec<(u64, f64)> = full.iter().copied().filter(|(run, _)| *run >= 8).collect();
        assert_eq!(Nesting::of(holed).split(ALL), Nesting::of(without).split(ALL));
        assert_eq!(Nesting::of(full.into_iter().take(15)).split(ALL), None);
        assert_eq!(Nesting::of((0..64).map(|run| (run, 1.0))).split(ALL), None);
    }

    /// Too few to tell what those that share inputs have in common: no surer than if it were all.
    #[test]
    fn intervals_of_few_runs_cover_at_least_as_often_as_they_say() {
        let trials = 1500;
        for n in [2, 5, 8, 12, 15] {
            for drawn in [ALL, [true, true, false], [true, false, false]] {
                let of = |kind: usize| if drawn[kind] { 0.5 } else { 0.0 };
                let deviations = [1.0, of(0), of(1), of(2)];
                let (mut means, mut medians, mut shares) = (0, 0, 0);
                for trial in 0..trials {
                    let values: Vec<(u64, f64)> =
                        (0..n).map(|run| (run, value(run + 16 * trial, deviations))).collect();
                    let worth = effective(values.iter().copied(), n, Some(drawn));
                    assert!(worth >= 1.0 && worth <= n as f64);
                    let plain: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
                    means += u32::from(Estimate::mean_of(&plain, worth, 0.95).interval().contains(0.0));
                    let median = Estimate::median_of(&values, Some(drawn), 0.95).unwrap();
                    medians += u32::from(median.interval().contains(0.0));
                    let above = values.iter().map(|(run, value)| (*run, *value > 0.0));
                    let share = Estimate::share_among(above, Some(drawn), 0.95).unwrap();
                    shares += u32::from(share.interval().contains(0.5));
                }
                let least = (0.93 * trials as f64) as u32;
                assert!(
                    means >= least && medians >= least && shares >= least,
                    "{n} {drawn:?}: {means}, {medians}, {shares} of {trials}"
                );
            }
        }
        // Two runs of the same inputs say nothing of others, however alike they are.
        let alike = Estimate::mean_of(&[-982.0, -984.0], effective([(0, -982.0), (1, -984.0)], 2, Some(ALL)), 0.95);
        assert!(!alike.has_sign(), "{alike:?}");
    }

    #[test]
    fn the_interval_of_a_mean_covers_as_often_as_it_says() {
        let deviations = [1.0, 0.5, 0.5, 0.5];
        let (trials, n) = (1500, 160);
        let covered = (0..trials).filter(|trial| {
            let values: Vec<(u64, f64)> = (0..n).map(|run| (run, value(run + n * trial, deviations))).collect();
            let effective = effective(values.iter().copied(), n, Some(ALL));
            let values: Vec<f64> = values.into_iter().map(|(_, value)| value).collect();
            Estimate::mean_of(&values, effective, 0.95).interval().contains(0.0)
        });
        let share = covered.count() as f64 / trials as f64;
        assert!((0.91..0.97).contains(&share), "{share}");
    }
}
