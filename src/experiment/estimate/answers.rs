//! The answers to a scenario's questions, from the runs of a results folder.

use super::interval::{Interval, median, quantile, wilson, wilson_share};
use super::paired::mean_and_variance;
use super::sequential::{self, Looking};
use crate::measure::QuestionColumn;
use crate::record::{AnswerKind, QuestionRow, RecordError, Results, RunKey};
use std::collections::BTreeMap;

/// The confidence of all intervals around answers.
pub const CONFIDENCE: f64 = 0.95;

/// Answers every one of the questions that were recorded, for every variant: the share of yes, or the median, each with its interval. Failed runs do not
/// count. Reads one column at a time.
///
/// Intervals are Wilson's for shares and distribution-free for medians. If the experiment stopped when it was precise
/// enough, they are those of confidence sequences; if it has design points, they allow for what
/// runs of a point and of a replicate have in common.
///
/// # Errors
/// If `runs.parquet` cannot be read.
pub fn answers(results: &Results, questions: &[QuestionColumn]) -> Result<Vec<QuestionRow>, RecordError> {
    let keys = results.run_keys()?;
    let manifest = results.manifest();
    let precision = manifest.stopping.as_ref().and_then(|stopping| stopping.precision);
    let mut rows = Vec::new();
    for question in questions {
        let values = results.run_numbers(&question.name())?;
        for (number, variant) in manifest.variants.iter().enumerate() {
            let row = match (manifest.points > 1, question.yes_no) {
                (false, true) => probability(&values_of(&keys, &values, number as u32), precision),
                (false, false) => amount(values_of(&keys, &values, number as u32), precision),
                (true, yes_no) => crossed(&runs_of(&keys, &values, number as u32), yes_no),
            };
            rows.push(QuestionRow { question: question.id.clone(), variant: variant.clone(), ..row });
        }
    }
    // By variant first, as people ask: what is so in the baseline, and then what if.
    let variants = &manifest.variants;
    rows.sort_by_key(|row| variants.iter().position(|variant| *variant == row.variant));
    Ok(rows)
}

fn runs_of<'a>(keys: &'a [RunKey], values: &'a [f64], variant: u32) -> Vec<(&'a RunKey, f64)> {
    let wanted = |key: &RunKey| key.variant == variant && !key.failed;
    keys.iter()
        .zip(values)
        .filter(|(key, value)| wanted(key) && !value.is_nan())
        .map(|(key, value)| (key, *value))
        .collect()
}

fn values_of(keys: &[RunKey], values: &[f64], variant: u32) -> Vec<f64> {
    runs_of(keys, values, variant).into_iter().map(|(_, value)| value).collect()
}

fn row(kind: AnswerKind, value: Option<f64>, interval: Option<Interval>, n: u64) -> QuestionRow {
    let yes_no = kind == AnswerKind::YesNo;
    QuestionRow {
        question: String::new(),
        variant: String::new(),
        kind,
        probability: value.filter(|_| yes_no),
        median: value.filter(|_| !yes_no),
        low: interval.map(|interval| interval.low),
        high: interval.map(|interval| interval.high),
        n,
    }
}

fn probability(values: &[f64], precision: Option<f64>) -> QuestionRow {
    let n = values.len() as u64;
    let yes = values.iter().filter(|value| **value > 0.5).count() as u64;
    let interval = (n > 0).then(|| match precision {
        None => wilson(yes, n, CONFIDENCE),
        Some(_) => sequential::proportion(yes, n, &Looking { confidence: CONFIDENCE, precision }),
    });
    row(AnswerKind::YesNo, (n > 0).then(|| yes as f64 / n as f64), interval, n)
}

fn amount(mut values: Vec<f64>, precision: Option<f64>) -> QuestionRow {
    values.sort_by(f64::total_cmp);
    let n = values.len() as u64;
    let median = quantile(&values, 0.5, CONFIDENCE);
    let interval = match precision {
        None => median.and_then(|median| median.interval),
        Some(_) => sequential::quantile_ranks(n, 0.5, CONFIDENCE)
            .map(|(low, high)| Interval { low: values[low as usize - 1], high: values[high as usize - 1] }),
    };
    row(AnswerKind::Quantity, median.map(|median| median.value), interval, n)
}

/// The answer over the points of a design, in which every point has the same replicates. Runs are then alike in two
/// ways, by point and by replicate, and the mean's variance is at most the sum of what either way of grouping gives
/// (Cameron, Gelbach and Miller 2011, Journal of Business and Economic Statistics 29); the interval is Wilson's for as many
/// independent runs as would scatter as much. A quantity's answer is the median of the points'
/// medians, with the distribution-free interval over points.
fn crossed(runs: &[(&RunKey, f64)], yes_no: bool) -> QuestionRow {
    let n = runs.len() as u64;
    let mut by_point: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
    let mut by_replicate: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for (key, value) in runs {
        by_point.entry(key.point).or_default().push(*value);
        by_replicate.entry(key.replicate).or_default().push(*value);
    }
    if !yes_no {
        let medians = by_point.values().filter_map(|values| median(values, CONFIDENCE));
        let medians: Vec<f64> = medians.map(|median| median.value).collect();
        let over_points = median(&medians, CONFIDENCE);
        let interval = over_points.and_then(|median| median.interval);
        return row(AnswerKind::Quantity, over_points.map(|median| median.value), interval, n);
    }
    if n == 0 {
        return row(AnswerKind::YesNo, None, None, 0);
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let share = runs.iter().map(|(_, value)| value).sum::<f64>() / n as f64;
    let points: Vec<f64> = by_point.values().map(|values| mean(values)).collect();
    let replicates: Vec<f64> = by_replicate.values().map(|values| mean(values)).collect();
    let variance: f64 = [&points, &replicates]
        .into_iter()
        .filter_map(|means| mean_and_variance(means).1.map(|variance| variance / means.len() as f64))
        .sum();
    let groups = [points.len(), replicates.len()].into_iter().filter(|groups| *groups > 1).min().unwrap_or(1);
    // Where all say the same, it is what one run of each of the fewer groups would show.
    let effective = if variance > 0.0 { (share * (1.0 - share) / variance).min(n as f64) } else { groups as f64 };
    let interval = wilson_share(share, effective, CONFIDENCE);
    row(AnswerKind::YesNo, Some(share), Some(interval), n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{DrawKey, Purpose, Source};

    #[test]
    fn a_probability_has_wilsons_interval() {
        let values: Vec<f64> = (0..20).map(|run| f64::from(u8::from(run < 3))).collect();
        let row = probability(&values, None);
        assert_eq!((row.probability, row.n), (Some(0.15), 20));
        // Wilson's interval for 3 of 20.
        assert!((row.low.unwrap() - 0.05237).abs() < 5e-6 && (row.high.unwrap() - 0.36042).abs() < 5e-6);
    }

    #[test]
    fn no_runs_give_no_answer_and_few_no_interval() {
        let none = probability(&[], None);
        assert_eq!((none.probability, none.low, none.n), (None, None, 0));
        let few = amount(vec![3.0, 1.0, 2.0], None);
        assert_eq!((few.median, few.low, few.n), (Some(2.0), None, 3));
    }

    #[test]
    fn runs_of_other_variants_and_failed_ones_do_not_count() {
        let key = |variant, failed| RunKey { point: 0, variant, replicate: 0, failed };
        let keys = [key(0, false), key(1, false), key(0, true), key(0, false)];
        assert_eq!(values_of(&keys, &[1.0, 2.0, 3.0, f64::NAN], 0), vec![1.0]);
    }

    #[test]
    fn intervals_over_a_design_cover_as_often_as_they_say() {
        // The chance of yes varies by point, and luck is shared by the runs of a replicate.
        let (points, replicates) = (30u64, 20u64);
        let mut covered = 0;
        for trial in 0..600 {
            let source = Source::new(17, trial);
            let mut draws = source.sequence(Purpose::Resampling, DrawKey::whole(), 1);
            let chances: Vec<f64> = (0..points).map(|_| 0.1 + 0.6 * draws.uniform()).collect();
            let luck: Vec<f64> = (0..replicates).map(|_| draws.uniform()).collect();
            let mut keys = Vec::new();
            let mut values = Vec::new();
            for (point, chance) in chances.iter().enumerate() {
                for (replicate, luck) in luck.iter().enumerate() {
                    keys.push(RunKey { point: point as i32, variant: 0, replicate: replicate as u64, failed: false });
                    // Half of the runs follow the replicate's luck, half their own.
                    let drawn = if draws.uniform() < 0.5 { *luck } else { draws.uniform() };
                    values.push(f64::from(u8::from(drawn < *chance)));
                }
            }
            let runs: Vec<(&RunKey, f64)> = keys.iter().zip(values).collect();
            let row = crossed(&runs, true);
            covered += u32::from(row.low.unwrap() <= 0.4 && 0.4 <= row.high.unwrap());
        }
        // 95% of 600 less three standard errors of the simulation.
        assert!((554..=600).contains(&covered), "{covered}");
    }

    #[test]
    fn where_all_runs_agree_the_fewer_groups_count() {
        let keys: Vec<RunKey> = (0..40)
            .map(|run| RunKey { point: run / 10, variant: 0, replicate: (run % 10) as u64, failed: false })
            .collect();
        let runs: Vec<(&RunKey, f64)> = keys.iter().map(|key| (key, 0.0)).collect();
        let row = crossed(&runs, true);
        assert_eq!((row.probability, row.low, row.n), (Some(0.0), Some(0.0), 40));
        assert!((row.high.unwrap() - wilson(0, 4, CONFIDENCE).high).abs() < 1e-12);
    }
}
