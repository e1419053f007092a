//! The answers to a scenario's questions, from the runs of a results folder.

use super::Estimate;
use super::clustered::ClusteredShare;
use super::sequential::Looking;
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

impl QuestionRow {
    /// The answer with its interval: a share of yes from 0 to 1, or a median in the quantity's unit. None without runs.
    pub fn estimate(&self) -> Option<Estimate> {
        let (low, high) = (self.low.unwrap_or(f64::NEG_INFINITY), self.high.unwrap_or(f64::INFINITY));
        Some(Estimate { value: self.probability.or(self.median)?, low, high, n: self.n })
    }
}

/// A row without its names.
fn row(kind: AnswerKind, estimate: Option<Estimate>, n: u64) -> QuestionRow {
    let yes_no = kind == AnswerKind::YesNo;
    let value = estimate.map(|estimate| estimate.value);
    let (low, high) = estimate.map_or((None, None), |estimate| estimate.ends());
    QuestionRow {
        question: String::new(),
        variant: String::new(),
        kind,
        probability: value.filter(|_| yes_no),
        median: value.filter(|_| !yes_no),
        low,
        high,
        n,
    }
}

fn probability(values: &[f64], precision: Option<f64>) -> QuestionRow {
    let n = values.len() as u64;
    let yes = values.iter().filter(|value| **value > 0.5).count() as u64;
    let estimate = (n > 0).then(|| match precision {
        None => Estimate::share(yes, n, CONFIDENCE),
        Some(_) => Estimate::share_looked_at(yes, n, &Looking { confidence: CONFIDENCE, precision }),
    });
    row(AnswerKind::YesNo, estimate, n)
}

fn amount(mut values: Vec<f64>, precision: Option<f64>) -> QuestionRow {
    values.sort_by(f64::total_cmp);
    let estimate = match precision {
        None => Estimate::quantile(&values, 0.5, CONFIDENCE),
        Some(_) => Estimate::quantile_looked_at(&values, 0.5, CONFIDENCE),
    };
    row(AnswerKind::Quantity, estimate, values.len() as u64)
}

/// The answer over the points of a design, in which every point has the same replicates: a share as [`ClusteredShare`]
/// has it; a quantity's is the median of the points' medians, with the distribution-free interval over points.
fn crossed(runs: &[(&RunKey, f64)], yes_no: bool) -> QuestionRow {
    let n = runs.len() as u64;
    if yes_no {
        let share = ClusteredShare::of(runs.iter().map(|(key, value)| (key.point as usize, key.replicate, *value)));
        return row(AnswerKind::YesNo, share.map(|share| share.estimate(CONFIDENCE)), n);
    }
    let mut by_point: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
    for (key, value) in runs {
        by_point.entry(key.point).or_default().push(*value);
    }
    let medians = by_point.values().filter_map(|values| Estimate::median(values, CONFIDENCE));
    let medians: Vec<f64> = medians.map(|median| median.value).collect();
    row(AnswerKind::Quantity, Estimate::median(&medians, CONFIDENCE), n)
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
