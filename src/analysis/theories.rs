//! Which theory an answer hangs on: what each gives alone, beside the full model and inertia.
//!
//! The full model's **departure** is its answer less inertia's. A theory explains the share of it by which its own answer departs
//! from inertia's. An answer hangs on the theory whose answer is nearest to the full model's, if the departure is more than chance
//! and that theory is nearer than inertia, departs from it and explains a share of the departure, each by more than chance. Runs of a replicate share their draws, so differences are of pairs,
//! and intervals are over replicates. Of a yes or no these are of the flips between two models: where few runs flip, resamples of them
//! would hardly ever show none.

use super::Estimate;
use super::clustered::ClusteredMean;
use super::interval::{Interval, sorted_quantile};
use super::probability::binomial_at_least;
use super::resample::{one_of, resamples};
use crate::estimate::CONFIDENCE;
use crate::measure::answer_column;
use crate::record::{RecordError, Results, RunKey};
use crate::scenario::{Scenario, Theory};
use serde::Serialize;
use std::collections::BTreeMap;

/// How many resamples an interval rests on.
const RESAMPLES: u32 = 1000;
/// Replicates that are drawn together, so that what neighbours share stays together (Künsch 1989).
const BLOCK: u64 = 8;
/// The fewest blocks of which intervals are drawn.
const FEWEST: usize = 10;

/// What theories say of the answers of some results.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Theories {
    /// The ids of the theories that were run, in the order of the results.
    pub theories: Vec<String>,
    /// How many replicates count: those that failed under none of them.
    pub runs: u64,
    /// The answers, in the scenario's order.
    pub answers: Vec<TheoryAnswer>,
}

/// An answer by the full model and by each theory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TheoryAnswer {
    /// The answer's id.
    pub answer: String,
    /// By the full model: the share of yes, or the mean amount in its unit.
    pub full: f64,
    /// By each of the theories.
    pub alone: Vec<f64>,
    /// How the full model departs from inertia and what explains it; none where inertia was not run.
    pub departure: Option<Departure>,
}

/// How far the full model's answer is from inertia's, and how far theories explain it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Departure {
    /// The full model's answer less inertia's.
    pub full: Estimate,
    /// Each theory's answer less inertia's; exactly 0 of inertia itself.
    pub alone: Vec<Estimate>,
    /// By how much each theory is nearer to the full model than inertia is.
    pub nearer: Vec<Estimate>,
    /// Share of the departure that the theory explains on which the answer hangs.
    pub explained: Option<Estimate>,
    /// What the answer hangs on.
    pub on: HangsOn,
}

/// What an answer hangs on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HangsOn {
    /// On a theory, by its place; others may be as near for all that can be told.
    Theory {
        /// The nearest.
        place: usize,
        /// Those that cannot be told from it.
        alike: Vec<usize>,
    },
    /// On none: the full model says what inertia says, as far as can be told.
    Chance,
    /// On none alone: no theory is nearer to the full model than to inertia, as far as can be told.
    NoneAlone,
}

/// What theories say of some results; none if what was run beside the first variant is not theories.
///
/// # Errors
/// If the runs cannot be read.
pub fn study(results: &Results, scenario: &Scenario) -> Result<Option<Theories>, RecordError> {
    let manifest = results.manifest();
    let Some((_, theories)) = manifest.variants.split_first().filter(|(_, others)| !others.is_empty()) else {
        return Ok(None);
    };
    let is_theory = |id: &String| scenario.theories().any(|theory| theory.id == *id);
    if manifest.design.is_some() || !theories.iter().all(is_theory) {
        return Ok(None);
    }
    let keys = results.run_keys()?;
    let inertia = theories.iter().position(|id| id == Theory::INERTIA);
    let mut answers = Vec::new();
    let mut runs: f64 = 0.0;
    for question in &scenario.questions {
        let values = results.run_numbers(&answer_column(&question.id))?;
        let blocks = Blocks::of(&keys, &values, manifest.variants.len());
        let Some(means) = blocks.means(0..blocks.sums.len()) else { continue };
        runs = runs.max(blocks.counts.iter().sum());
        answers.push(TheoryAnswer {
            answer: question.id.clone(),
            full: means[0],
            alone: means[1..].to_vec(),
            departure: inertia.map(|inertia| blocks.departure(inertia + 1, manifest.seed)),
        });
    }
    Ok(Some(Theories { theories: theories.to_vec(), runs: runs as u64, answers }))
}

/// Sums over blocks of replicates, by variant, of those replicates of which all variants have a value.
#[derive(Debug, Default)]
struct Blocks {
    sums: Vec<Vec<f64>>,
    counts: Vec<f64>,
    /// The values of each replicate by variant, with its block.
    runs: Vec<(usize, Vec<f64>)>,
}

impl Blocks {
    fn of(keys: &[RunKey], values: &[f64], variants: usize) -> Self {
        let mut runs: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for (key, value) in keys.iter().zip(values).filter(|(key, _)| !key.failed) {
            let row = runs.entry(key.replicate).or_insert_with(|| vec![f64::NAN; variants]);
            if let Some(cell) = row.get_mut(key.variant as usize) {
                *cell = *value;
            }
        }
        let whole = runs.into_iter().filter(|(_, row)| row.iter().all(|value| value.is_finite()));
        let mut blocks: BTreeMap<u64, (Vec<f64>, f64)> = BTreeMap::new();
        let mut runs = Vec::new();
        for (replicate, row) in whole {
            let block = replicate / BLOCK;
            let (sums, count) = blocks.entry(block).or_insert_with(|| (vec![0.0; variants], 0.0));
            sums.iter_mut().zip(&row).for_each(|(sum, value)| *sum += value);
            *count += 1.0;
            runs.push((block as usize, row));
        }
        let (sums, counts) = blocks.into_values().unzip();
        Self { sums, counts, runs }
    }

    /// The flips from one variant to another of a yes or no: how many runs become yes, how many no, and how many independent runs
    /// would scatter as much. None of amounts, and of too few blocks.
    fn flips(&self, from: usize, to: usize) -> Option<Flips> {
        let mut values = self.runs.iter().flat_map(|(_, row)| row);
        let yes_no = values.all(|value| value.abs() <= 0.0 || (value - 1.0).abs() <= 0.0);
        let changes = || self.runs.iter().map(|(block, row)| (*block, None, row[to] - row[from]));
        let count = |sign: f64| changes().filter(|(_, _, change)| change * sign > 0.5).count() as u64;
        let (gained, lost) = (count(1.0), count(-1.0));
        let found = ClusteredMean::of(changes()).filter(|_| yes_no && self.sums.len() >= FEWEST)?;
        // Where nothing flips, blocks say nothing of how far runs that share inputs are alike: as in other differences each counts.
        let effective = if gained + lost == 0 { found.n as f64 } else { found.effective };
        Some(Flips { gained, lost, n: found.n, effective })
    }

    /// The means by variant over some blocks; none of no replicates.
    fn means(&self, blocks: impl IntoIterator<Item = usize>) -> Option<Vec<f64>> {
        let mut sums = vec![0.0; self.sums.first()?.len()];
        let mut count = 0.0;
        for block in blocks {
            sums.iter_mut().zip(&self.sums[block]).for_each(|(sum, value)| *sum += value);
            count += self.counts[block];
        }
        (count > 0.0).then(|| sums.into_iter().map(|sum| sum / count).collect())
    }

    fn departure(&self, inertia: usize, seed: u64) -> Departure {
        let number = self.sums.len();
        let replicates = self.counts.iter().sum::<f64>() as u64;
        let value = self.means(0..number).unwrap_or_default();
        let drawn: Vec<Vec<f64>> = match number >= FEWEST {
            true => resamples("theories", seed, RESAMPLES)
                .filter_map(|mut draws| self.means((0..number).map(|_| one_of(number, &mut draws)).collect::<Vec<_>>()))
                .collect(),
            false => Vec::new(),
        };
        let estimate = |statistic: &dyn Fn(&[f64]) -> f64| {
            let mut found: Vec<f64> =
                drawn.iter().map(|means| statistic(means)).filter(|value| !value.is_nan()).collect();
            found.sort_by(f64::total_cmp);
            let end = |share: f64, none: f64| sorted_quantile(&found, share).unwrap_or(none);
            let low = end(0.5 * (1.0 - CONFIDENCE), f64::NEG_INFINITY);
            let high = end(0.5 * (1.0 + CONFIDENCE), f64::INFINITY);
            Estimate::new(statistic(&value), Interval { low, high }, replicates)
        };
        let variants = 1..value.len();
        let apart = |means: &[f64], variant: usize| (means[variant] - means[0]).abs();
        let flips = self.flips(inertia, 0);
        let departs = |variant: usize| match self.flips(inertia, variant) {
            _ if variant == inertia => Estimate::exactly(0.0, replicates),
            Some(flips) => flips.estimate(),
            None => estimate(&|means| means[variant] - means[inertia]),
        };
        let full = departs(0);
        let alone: Vec<Estimate> = variants.clone().map(departs).collect();
        let nearer: Vec<Estimate> =
            variants.clone().map(|theory| estimate(&|means| apart(means, inertia) - apart(means, theory))).collect();
        let rivals = variants.filter(|theory| *theory != inertia);
        let nearest = rivals.clone().min_by(|a, b| apart(&value, *a).total_cmp(&apart(&value, *b)));
        let share_of = |theory: usize| {
            let found = estimate(&|means| (means[theory] - means[inertia]) / (means[0] - means[inertia]));
            // A theory that differs from the full model in few runs, or none, does so in few or none of every resample.
            let gap = flips.and_then(|flips| Some(self.flips(0, theory)?.worth_as(&flips).estimate()));
            gap.map_or(found, |gap| {
                let ends = [gap.low, gap.high].map(|gap| 1.0 + gap / full.value);
                let (low, high) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
                Estimate { low: found.low.min(low), high: found.high.max(high), ..found }
            })
        };
        // What is more than chance by one interval and not by another is not told of as more than chance.
        let is_sure =
            |theory: usize| nearer[theory - 1].low > 0.0 && alone[theory - 1].has_sign() && share_of(theory).low > 0.0;
        let on = match nearest {
            _ if !full.has_sign() => HangsOn::Chance,
            Some(nearest) if is_sure(nearest) && apart(&value, nearest) <= 0.5 * full.value.abs() => {
                let farther = |theory: usize| estimate(&|means| apart(means, theory) - apart(means, nearest)).low > 0.0;
                // Who explains nothing is no rival, however wide its interval.
                let alike = rivals.filter(|theory| *theory != nearest && is_sure(*theory) && !farther(*theory));
                HangsOn::Theory { place: nearest - 1, alike: alike.map(|theory| theory - 1).collect() }
            }
            _ => HangsOn::NoneAlone,
        };
        let explained = match on {
            HangsOn::Theory { place, .. } => Some(share_of(place + 1)),
            _ => None,
        };
        Departure { full, alone, nearer, explained, on }
    }
}

/// How many runs flip from one variant to another.
#[derive(Clone, Copy, Debug)]
struct Flips {
    gained: u64,
    lost: u64,
    n: u64,
    effective: f64,
}

impl Flips {
    /// By how much the share of yes rises. The interval is Tango's, which is of many flips: where so few are no evidence by the exact
    /// sign test, it reaches 0.
    fn estimate(&self) -> Estimate {
        let found = Estimate::paired_shares_of(self.gained, self.lost, self.n, self.effective, CONFIDENCE);
        let worth = self.effective / self.n as f64;
        let [most, all] =
            [self.gained.max(self.lost), self.gained + self.lost].map(|flips| (flips as f64 * worth).round());
        match 2.0 * binomial_at_least(most as u64, all as u64, 0.5) > 1.0 - CONFIDENCE {
            true => Estimate { low: found.low.min(0.0), high: found.high.max(0.0), ..found },
            false => found,
        }
    }

    /// The same flips of runs that are worth as much as those of others: of few or none it cannot be told.
    fn worth_as(self, others: &Self) -> Self {
        Self { effective: others.effective, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs of a full model, some theories and inertia, which answer yes with given shares under shared draws.
    fn blocks(shares: &[f64], replicates: u64) -> Blocks {
        let key =
            |variant: usize, replicate: u64| RunKey { point: 0, variant: variant as u32, replicate, failed: false };
        // A low-discrepancy draw, the same for all variants of a replicate.
        let draw = |replicate: u64| (replicate as f64 * 0.618_033_988_749_894_9).fract();
        let mut keys = Vec::new();
        let mut values = Vec::new();
        for (variant, share) in shares.iter().enumerate() {
            for replicate in 0..replicates {
                keys.push(key(variant, replicate));
                values.push(f64::from(u8::from(draw(replicate) < *share)));
            }
        }
        Blocks::of(&keys, &values, shares.len())
    }

    #[test]
    fn an_answer_hangs_on_the_theory_that_alone_gives_most_of_it() {
        let found = blocks(&[0.60, 0.52, 0.30, 0.20], 1000).departure(3, 1);
        assert_eq!(found.on, HangsOn::Theory { place: 0, alike: vec![] });
        assert!((found.full.value - 0.4).abs() < 0.002 && found.full.has_sign());
        let explained = found.explained.unwrap();
        assert!((explained.value - 0.8).abs() < 0.01 && explained.interval().contains(0.8), "{explained:?}");
        assert!((found.alone[1].value - 0.1).abs() < 0.002 && found.alone[2].value.abs() < 1e-12);
        assert_eq!(found, blocks(&[0.60, 0.52, 0.30, 0.20], 1000).departure(3, 1), "the same each time");
    }

    #[test]
    fn theories_that_cannot_be_told_apart_are_named_together() {
        let found = blocks(&[0.60, 0.50, 0.498, 0.20], 400).departure(3, 1);
        assert_eq!(found.on, HangsOn::Theory { place: 0, alike: vec![1] });
    }

    #[test]
    fn within_chance_it_hangs_on_none() {
        assert_eq!(blocks(&[0.2, 0.5, 0.2], 1000).departure(2, 1).on, HangsOn::Chance);
        // Both theories lead away from the full model.
        let away = blocks(&[0.6, 0.2, 0.1, 0.2], 1000).departure(3, 1);
        assert_eq!((away.on, away.explained), (HangsOn::NoneAlone, None));
        // A third of it is not what an answer hangs on.
        assert_eq!(blocks(&[0.8, 0.4, 0.25, 0.2], 1000).departure(3, 1).on, HangsOn::NoneAlone);
        // A few runs show nothing.
        assert_eq!(blocks(&[0.9, 0.9, 0.1], 20).departure(2, 1).on, HangsOn::Chance);
    }

    /// Runs of the full model, a theory that says the same and inertia, of which the first `flips` runs that are `apart` say no.
    fn flipped(flips: u64, apart: u64) -> Departure {
        let key = |variant: u32, replicate: u64| RunKey { point: 0, variant, replicate, failed: false };
        let runs = (0..3).flat_map(|variant| (0..160).map(move |replicate| (variant, replicate)));
        let is_flip = |replicate: u64| replicate.is_multiple_of(apart) && replicate / apart < flips;
        let (keys, values): (Vec<RunKey>, Vec<f64>) = runs
            .map(|(variant, replicate)| {
                let yes = replicate % 3 > 0 || is_flip(replicate);
                (key(variant, replicate), f64::from(u8::from(yes && !(variant == 2 && is_flip(replicate)))))
            })
            .unzip();
        Blocks::of(&keys, &values, 3).departure(2, 1)
    }

    #[test]
    fn a_few_runs_that_flip_are_within_chance() {
        // Four to none: a sign test gives 0.125.
        let few = flipped(4, 40);
        assert_eq!((few.on, few.explained), (HangsOn::Chance, None));
        assert!(few.full.low <= 0.0 && few.full.high > few.full.value, "{:?}", few.full);
        let many = flipped(30, 5);
        assert_eq!(many.on, HangsOn::Theory { place: 0, alike: vec![] });
        // The theory flips in no run, and yet might in some.
        let explained = many.explained.unwrap();
        assert!(explained.low < 0.95 && explained.low > 0.7 && explained.high > 1.05, "{explained:?}");
        assert_eq!(many.alone[1], Estimate::exactly(0.0, 160));
    }

    #[test]
    fn what_an_answer_hangs_on_is_more_than_chance_by_each_of_its_intervals() {
        let mut theories = 0;
        for replicates in [100, 160, 400] {
            for (full, theory) in [(0.30, 0.26), (0.26, 0.23), (0.27, 0.24), (0.5, 0.4), (0.34, 0.28)] {
                let found = blocks(&[full, theory, 0.2], replicates).departure(2, 1);
                let HangsOn::Theory { place, .. } = found.on else { continue };
                theories += 1;
                let explained = found.explained.unwrap();
                assert!(
                    explained.low > 0.0 && found.alone[place].has_sign() && found.nearer[place].low > 0.0,
                    "{found:?}"
                );
            }
        }
        assert!(theories > 3, "{theories}");
    }

    #[test]
    fn where_no_run_flips_each_counts_as_in_other_differences() {
        let found = blocks(&[0.5, 0.5, 0.2, 0.2], 100).departure(3, 1);
        // z² / (n + z²), of no flips of n pairs.
        let none = found.alone[1];
        let squared = 1.959_964_f64 * 1.959_964;
        let end = squared / (100.0 + squared);
        assert!((none.high - end).abs() < 1e-6 && (none.low + end).abs() < 1e-6, "{none:?}");
    }

    #[test]
    fn replicates_that_failed_anywhere_do_not_count() {
        let key = |variant, replicate, failed| RunKey { point: 0, variant, replicate, failed };
        let keys = [key(0, 0, false), key(0, 1, false), key(1, 0, false), key(1, 1, true)];
        let found = Blocks::of(&keys, &[1.0, 0.0, 0.0, 0.0], 2);
        assert_eq!(found.means(0..1), Some(vec![1.0, 0.0]));
        assert_eq!(Blocks::of(&keys, &[f64::NAN; 4], 2).means(0..0), None);
    }
}
