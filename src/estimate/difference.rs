//! What is changed about an answer, from runs that share their random numbers replicate by replicate.

use super::interval::sorted_quantile;
use super::nested::effective;
use super::paired::{PairedCounts, mean_and_variance, variance_reduction};
use super::sequential::Looking;
use super::{AnswerKind, CONFIDENCE, Estimate};
use serde::{Deserialize, Serialize};

/// What a variant changes about a question, from runs paired by replicate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DifferenceRow {
    /// The question's id.
    pub question: String,
    /// The variant's id.
    pub variant: String,
    /// What the question asks for.
    pub kind: AnswerKind,
    /// The baseline's probability, 0 to 1, or mean amount.
    pub baseline: Option<f64>,
    /// The variant's probability or mean amount.
    pub value: Option<f64>,
    /// Variant minus baseline: of the probabilities, or of the mean amounts.
    pub difference: Option<f64>,
    /// Lower end of its 95% interval.
    pub low: Option<f64>,
    /// Upper end of its 95% interval.
    pub high: Option<f64>,
    /// Share of pairs in which the answer went from no to yes, or the amount rose.
    pub gained: Option<f64>,
    /// Share of pairs in which the answer went from yes to no, or the amount fell.
    pub lost: Option<f64>,
    /// Median of the differences of a quantity.
    pub median_difference: Option<f64>,
    /// Lower end of its 95% interval, whatever the distribution.
    pub median_low: Option<f64>,
    /// Upper end of its 95% interval.
    pub median_high: Option<f64>,
    /// How many times more runs independent ensembles would need for the same precision; none if no pair differs.
    pub variance_reduction: Option<f64>,
    /// Whether the difference would still be told from none at 95% for all lines of the file at once (Bonferroni).
    pub stands_out: bool,
    /// Whether the variant left every answer and every measure of every pair as it was, to the bit.
    #[serde(default)]
    pub inert: bool,
    /// How many pairs it rests on: those of which neither run failed.
    pub n: u64,
}

/// How intervals are made.
pub struct How {
    /// How narrow intervals were to be, if runs were looked at as they came.
    pub precision: Option<f64>,
    /// Of how many differences.
    pub lines: usize,
    /// Of which kinds inputs were drawn, if they were: pairs that share inputs are not independent.
    pub drawn: Option<[bool; 3]>,
}

impl How {
    /// How many independent pairs tell as much of the mean of what is found of each.
    fn effective(&self, pairs: &[Pair], of: impl Fn(&Pair) -> f64) -> f64 {
        effective(pairs.iter().map(|pair| (pair.replicate, of(pair))), pairs.len() as u64, self.drawn)
    }
}

/// The values of a pair of runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The replicate.
    pub replicate: u64,
    /// Without the change.
    pub before: f64,
    /// With it.
    pub after: f64,
}

impl Pair {
    fn change(&self) -> f64 {
        self.after - self.before
    }

    /// The same of a yes, which a value above one half is.
    fn flip(&self) -> f64 {
        f64::from(u8::from(self.after > 0.5)) - f64::from(u8::from(self.before > 0.5))
    }
}

fn empty(kind: AnswerKind) -> DifferenceRow {
    DifferenceRow {
        question: String::new(),
        variant: String::new(),
        kind,
        baseline: None,
        value: None,
        difference: None,
        low: None,
        high: None,
        gained: None,
        lost: None,
        median_difference: None,
        median_low: None,
        median_high: None,
        variance_reduction: None,
        stands_out: false,
        inert: false,
        n: 0,
    }
}

/// The confidence of one of so many intervals that all hold at once with [`CONFIDENCE`] (Bonferroni).
pub fn jointly(lines: usize) -> f64 {
    1.0 - (1.0 - CONFIDENCE) / lines.max(1) as f64
}

/// The least change of a share, 0 to 1, that can stand out among so many differences with `n` pairs of runs, all of whose
/// flips go one way; none if no change can.
pub fn least_that_stands_out(n: u64, lines: usize) -> Option<f64> {
    let stands_out = |flips: u64| Estimate::paired_shares_of(flips, 0, n, n as f64, jointly(lines)).has_sign();
    let (mut too_few, mut enough) = (0, n);
    if n == 0 || !stands_out(n) {
        return None;
    }
    while enough - too_few > 1 {
        let middle = too_few.midpoint(enough);
        *(if stands_out(middle) { &mut enough } else { &mut too_few }) = middle;
    }
    Some(enough as f64 / n as f64)
}

/// What is changed about a question of yes or no, of which values above one half are yes.
pub fn proportions(values: impl Iterator<Item = Pair>, how: &How) -> DifferenceRow {
    let pairs: Vec<Pair> = values.collect();
    let counts = PairedCounts::of(pairs.iter().map(|pair| (pair.before > 0.5, pair.after > 0.5)));
    let (row, n) = (empty(AnswerKind::YesNo), counts.total());
    if n == 0 {
        return row;
    }
    let effective = how.effective(&pairs, Pair::flip);
    let difference = |confidence: f64| match how.precision {
        None => Estimate::paired_shares_of(counts.gained, counts.lost, n, effective, confidence),
        precision => {
            let looking = Looking { confidence, precision };
            Estimate::paired_shares_looked_at_of(counts.gained, counts.lost, n, effective, &looking)
        }
    };
    let shown = difference(CONFIDENCE);
    DifferenceRow {
        baseline: Some(counts.baseline()),
        value: Some(counts.variant()),
        gained: Some(counts.share(counts.gained)),
        lost: Some(counts.share(counts.lost)),
        variance_reduction: counts.variance_reduction(),
        stands_out: shown.has_sign() && difference(jointly(how.lines)).has_sign(),
        ..with(row, shown)
    }
}

/// A row with its difference.
fn with(row: DifferenceRow, difference: Estimate) -> DifferenceRow {
    let (low, high) = difference.ends();
    DifferenceRow { difference: Some(difference.value), low, high, n: difference.n, ..row }
}

/// Where the sequence for means is tightest: about as many pairs as comparisons usually take.
const TIGHTEST: u64 = 2000;

/// What is changed about an amount.
pub fn quantities(values: impl Iterator<Item = Pair>, how: &How) -> DifferenceRow {
    let pairs: Vec<Pair> = values.collect();
    let (before, after): (Vec<f64>, Vec<f64>) = pairs.iter().map(|pair| (pair.before, pair.after)).unzip();
    let row = empty(AnswerKind::Quantity);
    let changes: Vec<f64> = pairs.iter().map(Pair::change).collect();
    let mut sorted = changes.clone();
    sorted.sort_by(f64::total_cmp);
    let effective = how.effective(&pairs, Pair::change);
    // What counts for a median is which changes lie above it.
    let middle = sorted_quantile(&sorted, 0.5).unwrap_or(f64::NAN);
    let about_the_median = how.effective(&pairs, |pair| f64::from(u8::from(pair.change() > middle)));
    let median = match how.precision {
        None => Estimate::quantile_of(&sorted, 0.5, about_the_median, CONFIDENCE),
        Some(_) => Estimate::quantile_looked_at_of(&sorted, 0.5, about_the_median, CONFIDENCE),
    };
    let Some(median) = median else { return row };
    let difference = |confidence: f64| match how.precision {
        None => Estimate::mean_of(&changes, effective, confidence),
        Some(_) => Estimate::mean_looked_at_of(&changes, effective, TIGHTEST, confidence),
    };
    let shown = difference(CONFIDENCE);
    let (median_low, median_high) = median.ends();
    let mean = |values: &[f64]| mean_and_variance(values).0;
    let share =
        |holds: fn(f64) -> bool| changes.iter().filter(|change| holds(**change)).count() as f64 / changes.len() as f64;
    DifferenceRow {
        baseline: Some(mean(&before)),
        value: Some(mean(&after)),
        gained: Some(share(|change| change > 0.0)),
        lost: Some(share(|change| change < 0.0)),
        median_difference: Some(median.value),
        median_low,
        median_high,
        variance_reduction: variance_reduction(&before, &after),
        stands_out: shown.has_sign() && difference(jointly(how.lines)).has_sign(),
        ..with(row, shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn how(precision: Option<f64>, lines: usize) -> How {
        How { precision, lines, drawn: None }
    }

    fn pair(replicate: u64, before: f64, after: f64) -> Pair {
        Pair { replicate, before, after }
    }

    /// A variant that flips all eight runs of some inputs, and none of others.
    #[test]
    fn pairs_that_share_inputs_tell_less() {
        let pairs = || (0..400).map(|run| pair(run, 0.0, f64::from(u8::from((run / 8) % 5 == 0))));
        let alone = proportions(pairs(), &how(None, 1));
        let shared = proportions(pairs(), &How { drawn: Some([true; 3]), ..how(None, 1) });
        assert_eq!(alone.difference, shared.difference);
        let width = |row: &DifferenceRow| row.high.unwrap() - row.low.unwrap();
        assert!((2.5..3.1).contains(&(width(&shared) / width(&alone))), "{shared:?}");
        let alone = quantities(pairs(), &how(None, 1));
        let shared = quantities(pairs(), &How { drawn: Some([true; 3]), ..how(None, 1) });
        assert!((2.5..3.1).contains(&(width(&shared) / width(&alone))), "{shared:?}");
    }

    /// Rare heavy luck hides from means what all four runs of some inputs share, and not from medians.
    #[test]
    fn a_median_counts_what_runs_share_by_what_lies_above_it() {
        let pairs = || {
            (0..800).map(|run: u64| {
                let shared = (run / 4 * 83 % 200) as f64;
                let rare = if run % 100 == 1 { 40_000.0 } else { 0.0 };
                pair(run, 0.0, shared + 0.001 * (run % 7) as f64 + rare)
            })
        };
        let row = quantities(pairs(), &How { drawn: Some([false, true, false]), ..how(None, 1) });
        let independent = quantities(pairs(), &how(None, 1));
        let width = |row: &DifferenceRow| row.median_high.unwrap() - row.median_low.unwrap();
        assert!((1.7..2.3).contains(&(width(&row) / width(&independent))), "{row:?} {independent:?}");
    }

    #[test]
    fn flips_make_the_difference_of_probabilities() {
        let pairs = (0..200).map(|run| pair(run, f64::from(u8::from(run < 100)), f64::from(u8::from(run < 130))));
        let row = proportions(pairs, &how(None, 100));
        assert_eq!((row.baseline, row.value, row.n), (Some(0.5), Some(0.65), 200));
        assert!((row.difference.unwrap() - 0.15).abs() < 1e-12 && row.stands_out);
        assert_eq!((row.gained, row.lost), (Some(0.15), Some(0.0)));
        // p(1 − p) of both over the variance of the flips.
        let expected = (0.25 + 0.65 * 0.35) / (0.15 - 0.15 * 0.15);
        assert!((row.variance_reduction.unwrap() - expected).abs() < 1e-12);
    }

    #[test]
    fn a_variant_that_changes_nothing_makes_a_difference_of_exactly_zero() {
        let row = proportions(
            (0..90).map(|run| (run, [0.0, 1.0, 1.0][run as usize % 3])).map(|(run, yes)| pair(run, yes, yes)),
            &how(None, 1),
        );
        assert_eq!(row.difference.map(f64::to_bits), Some(0));
        assert_eq!((row.gained, row.lost, row.variance_reduction), (Some(0.0), Some(0.0), None));
        let row = quantities(
            [1.0, 4.0, 2.5, 1e9, 3.0, 7.0, 8.0].map(|value| pair(0, value, value)).into_iter(),
            &how(None, 1),
        );
        assert_eq!((row.difference, row.low, row.high), (Some(0.0), Some(0.0), Some(0.0)));
        assert_eq!((row.median_difference, row.median_low, row.median_high), (Some(0.0), Some(0.0), Some(0.0)));
        assert_eq!(quantities(std::iter::empty(), &how(None, 1)), empty(AnswerKind::Quantity));
    }

    #[test]
    fn looking_as_one_goes_widens_the_intervals() {
        let pairs =
            || (0..500u32).map(|run| pair(u64::from(run), f64::from(run % 7), f64::from(run % 7) + f64::from(run % 3)));
        let (fixed, looked) = (quantities(pairs(), &how(None, 10)), quantities(pairs(), &how(Some(0.05), 10)));
        assert_eq!(fixed.difference, looked.difference);
        assert!(looked.low < fixed.low && looked.high > fixed.high);
        assert!(looked.median_low <= fixed.median_low && looked.median_high >= fixed.median_high);
    }

    #[test]
    fn the_least_change_that_stands_out_does_and_a_smaller_one_does_not() {
        for (n, lines) in [(8, 1), (20, 40), (300, 1), (300, 200), (10_000, 500)] {
            let row = |flips: u64| {
                let pairs = (0..n).map(|run| pair(run, 0.0, f64::from(u8::from(run < flips))));
                proportions(pairs, &how(None, lines)).stands_out
            };
            let least = (least_that_stands_out(n, lines).unwrap() * n as f64).round() as u64;
            assert!(row(least) && !row(least - 1), "{n} {lines} {least}");
        }
        assert_eq!(least_that_stands_out(3, 100), None);
        assert_eq!(least_that_stands_out(0, 1), None);
    }

    #[test]
    fn one_of_many_has_to_be_clearer() {
        // 12 of 14 flips go one way: p is about 0.01.
        let pairs =
            || (0..300).map(|run| pair(run, f64::from(u8::from(run < 2)), f64::from(u8::from((2..14).contains(&run)))));
        assert!(proportions(pairs(), &how(None, 1)).stands_out);
        assert!(!proportions(pairs(), &how(None, 1000)).stands_out);
    }
}
