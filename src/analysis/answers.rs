//! The answers to a scenario's questions, from the runs of a results folder.

use super::interval::{quantile, wilson};
use crate::record::{AnswerKind, QuestionRow, RecordError, Results, RunKey};

/// The confidence of all intervals around answers.
pub const CONFIDENCE: f64 = 0.95;

/// Answers every question for every variant, over all points: the share of yes with Wilson's interval, or the median with
/// its distribution-free interval. Failed runs do not count. Reads one column at a time.
///
/// # Errors
/// If `runs.parquet` cannot be read.
pub fn answers(results: &Results) -> Result<Vec<QuestionRow>, RecordError> {
    let keys = results.run_keys()?;
    let columns = results.run_columns()?;
    let mut rows = Vec::new();
    for column in &columns {
        let Some(question) = column.strip_prefix("question.").filter(|id| !id.ends_with(".date")) else { continue };
        // Only questions of yes or no have a date.
        let yes_no = columns.contains(&format!("{column}.date"));
        let values = results.run_numbers(column)?;
        for (number, variant) in results.manifest().variants.iter().enumerate() {
            let counted = values_of(&keys, &values, number as u32);
            rows.push(match yes_no {
                true => probability(question, variant, &counted),
                false => amount(question, variant, counted),
            });
        }
    }
    // By variant first, as people ask: what is so in the baseline, and then what if.
    let variants = &results.manifest().variants;
    rows.sort_by_key(|row| variants.iter().position(|variant| *variant == row.variant));
    Ok(rows)
}

fn values_of(keys: &[RunKey], values: &[f64], variant: u32) -> Vec<f64> {
    let wanted = |key: &RunKey| key.variant == variant && !key.failed;
    keys.iter().zip(values).filter(|(key, value)| wanted(key) && !value.is_nan()).map(|(_, value)| *value).collect()
}

fn probability(question: &str, variant: &str, values: &[f64]) -> QuestionRow {
    let n = values.len() as u64;
    let yes = values.iter().filter(|value| **value > 0.5).count() as u64;
    let interval = (n > 0).then(|| wilson(yes, n, CONFIDENCE));
    QuestionRow {
        question: question.into(),
        variant: variant.into(),
        kind: AnswerKind::YesNo,
        probability: (n > 0).then(|| yes as f64 / n as f64),
        median: None,
        low: interval.map(|interval| interval.low),
        high: interval.map(|interval| interval.high),
        n,
    }
}

fn amount(question: &str, variant: &str, mut values: Vec<f64>) -> QuestionRow {
    values.sort_by(f64::total_cmp);
    let median = quantile(&values, 0.5, CONFIDENCE);
    let interval = median.and_then(|median| median.interval);
    QuestionRow {
        question: question.into(),
        variant: variant.into(),
        kind: AnswerKind::Quantity,
        probability: None,
        median: median.map(|median| median.value),
        low: interval.map(|interval| interval.low),
        high: interval.map(|interval| interval.high),
        n: values.len() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probability_has_wilsons_interval() {
        let values: Vec<f64> = (0..20).map(|run| f64::from(u8::from(run < 3))).collect();
        let row = probability("pact", "baseline", &values);
        assert_eq!((row.probability, row.n), (Some(0.15), 20));
        // Wilson's interval for 3 of 20.
        assert!((row.low.unwrap() - 0.05237).abs() < 5e-6 && (row.high.unwrap() - 0.36042).abs() < 5e-6);
    }

    #[test]
    fn no_runs_give_no_answer_and_few_no_interval() {
        let none = probability("pact", "baseline", &[]);
        assert_eq!((none.probability, none.low, none.n), (None, None, 0));
        let few = amount("deaths", "baseline", vec![3.0, 1.0, 2.0]);
        assert_eq!((few.median, few.low, few.n), (Some(2.0), None, 3));
    }

    #[test]
    fn runs_of_other_variants_and_failed_ones_do_not_count() {
        let key = |variant, failed| RunKey { point: 0, variant, replicate: 0, failed };
        let keys = [key(0, false), key(1, false), key(0, true), key(0, false)];
        assert_eq!(values_of(&keys, &[1.0, 2.0, 3.0, f64::NAN], 0), vec![1.0]);
    }
}
