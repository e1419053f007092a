//! Competing hypotheses (Heuer 1999): the ways in which a question may end, and how well what can be seen goes with each.
//!
//! What goes with all of them alike tells nothing, however often it is seen; what is decisive is what goes with one and hardly
//! with another.

use crate::analysis::Estimate;
use crate::analysis::interval::sorted_quantile;
use crate::estimate::CONFIDENCE;
use serde::Serialize;

/// From so many times as often as in all runs on, something speaks for a hypothesis, and from so many on strongly; against it at
/// the inverse.
const SPEAKS: [f64; 2] = [1.25, 2.0];

/// A way in which a question may end.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Yes, for the first time up to this moment, and after the one before.
    YesBy(u32),
    /// Not by the last moment that is asked of.
    NotBy(u32),
    /// An amount from the first up to the second; less than all others if there is no first, and more if there is no second.
    Amount(Option<f64>, Option<f64>),
}

/// How well something goes with a hypothesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Consistency {
    /// Seen less than half as often as in all runs.
    StronglyAgainst,
    /// Seen less often.
    Against,
    /// Seen about as often as in all runs, or too rarely to tell.
    Neither,
    /// Seen more often.
    For,
    /// Seen more than twice as often.
    StronglyFor,
}

impl Consistency {
    /// As analysts write it.
    pub fn sign(self) -> &'static str {
        ["−−", "−", "·", "+", "++"][self as usize]
    }
}

/// What can be seen, against all hypotheses.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MatrixRow {
    /// By hypothesis: in which share of its runs it was seen.
    pub shares: Vec<Estimate>,
    /// By hypothesis: how well it goes with it.
    pub consistency: Vec<Consistency>,
    /// How many times as often it is seen with the hypothesis that it goes best with as with the one that it goes worst with;
    /// half a run is added to each.
    pub diagnosticity: f64,
}

/// Hypotheses, and what goes with them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hypotheses {
    /// The ways in which the question ends in some run.
    pub ways: Vec<Way>,
    /// In how many runs it ends so.
    pub runs: Vec<u64>,
    /// What can be seen, in the order in which it was given.
    pub rows: Vec<MatrixRow>,
}

impl Hypotheses {
    /// The matrix: `ends` has the way of each run by its place, each of `seen` by when something was seen in them. `worth` tells
    /// which share of the runs, were they independent, would tell as much of the mean of a number of each. Ways in which no run
    /// ends are left out: nothing goes with them or against them.
    pub fn of<'a>(
        ways: Vec<Way>,
        ends: &[usize],
        seen: impl Iterator<Item = &'a [Option<u32>]>,
        worth: impl Fn(&dyn Fn(usize) -> f64) -> f64,
    ) -> Self {
        let mut runs = vec![0u64; ways.len()];
        ends.iter().for_each(|way| runs[*way] += 1);
        let place = |way: usize| runs[..way].iter().filter(|runs| **runs > 0).count();
        let ends: Vec<usize> = ends.iter().map(|way| place(*way)).collect();
        let ways = ways.into_iter().zip(&runs).filter(|(_, runs)| **runs > 0).map(|(way, _)| way).collect();
        runs.retain(|runs| *runs > 0);
        let rows = seen.map(|seen| row(&runs, &ends, seen, &worth)).collect();
        Self { ways, runs, rows }
    }
}

fn row(runs: &[u64], ends: &[usize], seen: &[Option<u32>], worth: &impl Fn(&dyn Fn(usize) -> f64) -> f64) -> MatrixRow {
    let mut counts = vec![0u64; runs.len()];
    ends.iter().zip(seen).filter(|(_, seen)| seen.is_some()).for_each(|(way, _)| counts[*way] += 1);
    let overall = counts.iter().sum::<u64>() as f64 / ends.len().max(1) as f64;
    let share = |(way, (count, runs)): (usize, (&u64, &u64))| {
        let share = *count as f64 / *runs as f64;
        // A share of the runs that end so scatters as the sum of how far each of these is off it.
        let off = |run: usize| if ends[run] == way { f64::from(u8::from(seen[run].is_some())) - share } else { 0.0 };
        Estimate::share_of(share, worth(&off) * *runs as f64, *runs, CONFIDENCE)
    };
    let shares: Vec<Estimate> = counts.iter().zip(runs).enumerate().map(share).collect();
    let smoothed = counts.iter().zip(runs).map(|(count, runs)| (*count as f64 + 0.5) / (*runs as f64 + 1.0));
    let (least, most) =
        smoothed.fold((f64::INFINITY, 0.0), |(least, most): (f64, f64), share| (least.min(share), most.max(share)));
    MatrixRow {
        consistency: shares.iter().map(|share| consistency(*share, overall)).collect(),
        diagnosticity: most / least,
        shares,
    }
}

/// What a share says beside that of all runs, where its interval leaves no doubt of the direction.
fn consistency(share: Estimate, overall: f64) -> Consistency {
    let ratio = share.value / overall;
    let [some, much] = SPEAKS;
    match () {
        () if share.interval().contains(overall) => Consistency::Neither,
        () if ratio >= much => Consistency::StronglyFor,
        () if ratio >= some => Consistency::For,
        () if ratio <= 1.0 / much => Consistency::StronglyAgainst,
        () if ratio <= 1.0 / some => Consistency::Against,
        () => Consistency::Neither,
    }
}

/// Yes or no, by amounts of 1 and 0.
pub(super) fn yes_or_no(answers: &[f64]) -> (Vec<Way>, Vec<usize>) {
    (vec![Way::Yes, Way::No], answers.iter().map(|answer| usize::from(*answer < 0.5)).collect())
}

/// By the moments of which a question is asked, those after the first weeks: in which of the times between it became yes, if it
/// did. Runs come with their answer to the question that is looked at and the moment at which they ended.
pub(super) fn by_time<'a>(
    answers: &[(String, u32)],
    until: u32,
    runs: impl Iterator<Item = (&'a f64, &'a u32)>,
) -> (Vec<Way>, Vec<usize>) {
    let moments: Vec<u32> = answers.iter().map(|(_, moment)| *moment).filter(|moment| *moment > until).collect();
    let last = moments.last().copied().unwrap_or(until);
    let mut ways: Vec<Way> = moments.iter().map(|moment| Way::YesBy(*moment)).collect();
    ways.push(Way::NotBy(last));
    let way = |(answer, ended): (&f64, &u32)| match *answer > 0.5 {
        true => moments.partition_point(|moment| moment < ended),
        false => moments.len(),
    };
    (ways, runs.map(way).collect())
}

/// Thirds of amounts, as far as they differ.
pub(super) fn by_amount(amounts: &[f64], sorted: &[f64]) -> (Vec<Way>, Vec<usize>) {
    let mut ends: Vec<f64> =
        [1.0 / 3.0, 2.0 / 3.0].iter().filter_map(|share| sorted_quantile(sorted, *share)).collect();
    ends.dedup_by(|a, b| a.total_cmp(b).is_eq());
    let ways = (0..=ends.len())
        .map(|place| Way::Amount(place.checked_sub(1).map(|below| ends[below]), ends.get(place).copied()));
    let way = |amount: &f64| ends.partition_point(|end| end < amount);
    (ways.collect(), amounts.iter().map(way).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_with_one_hypothesis_only_tells_them_apart() {
        let ends: Vec<usize> = (0..300).map(|run| run % 3).collect();
        let only: Vec<Option<u32>> = ends.iter().map(|way| (*way == 1).then_some(4)).collect();
        let alike: Vec<Option<u32>> = (0..300).map(|run| (run / 3 % 2 == 0).then_some(4)).collect();
        let found =
            Hypotheses::of(vec![Way::Yes, Way::No, Way::NotBy(3)], &ends, [&only[..], &alike[..]].into_iter(), |_| 1.0);
        use Consistency::{Neither, StronglyAgainst, StronglyFor};
        assert_eq!(found.runs, vec![100, 100, 100]);
        assert_eq!(found.rows[0].consistency, vec![StronglyAgainst, StronglyFor, StronglyAgainst]);
        assert_eq!(found.rows[1].consistency, vec![Neither; 3]);
        assert!((found.rows[0].diagnosticity - 100.5 / 0.5).abs() < 1e-9);
        assert!((found.rows[1].diagnosticity - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_way_in_which_no_run_ends_tells_nothing_apart() {
        let ends: Vec<usize> = (0..300).map(|run| run % 3).collect();
        let spread: Vec<usize> = ends.iter().map(|way| 2 * way + 1).collect();
        let seen: Vec<Option<u32>> = (0..300).map(|run| (run % 10 <= run % 3).then_some(4)).collect();
        let ways = |moments: &[u32]| moments.iter().map(|moment| Way::YesBy(*moment)).collect::<Vec<_>>();
        let of = |ways, ends: &[usize]| Hypotheses::of(ways, ends, [&seen[..]].into_iter(), |_| 1.0);
        let found = of(ways(&[9, 1, 9, 2, 9, 3, 9]), &spread);
        assert_eq!(found, of(ways(&[1, 2, 3]), &ends));
        assert!(found.rows[0].shares.iter().all(|share| share.value.is_finite()));
    }

    #[test]
    fn ways_follow_the_moments_that_are_asked_of() {
        let answers = [("a-3m".to_owned(), 13), ("a-6m".to_owned(), 26), ("a-12m".to_owned(), 52)];
        let runs = [(1.0, 20), (1.0, 27), (0.0, 52), (1.0, 26)];
        let (ways, ends) = by_time(&answers, 13, runs.iter().map(|(answer, ended)| (answer, ended)));
        assert_eq!(ways, vec![Way::YesBy(26), Way::YesBy(52), Way::NotBy(52)]);
        assert_eq!(ends, vec![0, 1, 2, 0]);
    }

    #[test]
    fn amounts_fall_into_thirds() {
        let amounts: Vec<f64> = (0..9).map(f64::from).collect();
        let (ways, ends) = by_amount(&amounts, &amounts);
        assert_eq!(ways.len(), 3);
        assert_eq!(ends, vec![0, 0, 0, 1, 1, 1, 2, 2, 2]);
        let (ways, ends) = by_amount(&[0.0; 4], &[0.0; 4]);
        assert_eq!((ways.len(), ends), (2, vec![0; 4]));
    }
}
