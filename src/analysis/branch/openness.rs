//! How open a moment was: many futures of it under fresh random numbers.

use crate::analysis::Estimate;
use crate::engine::{Checkpoint, Model, RandomStream, Runner};
use crate::estimate::CONFIDENCE;
use crate::measure::{Answer, Keep};
use crate::mechanism::Silent;
use rayon::prelude::*;
use std::sync::Arc;

/// What came of one future.
#[derive(Clone, Debug, PartialEq)]
pub struct Future {
    /// Its number.
    pub number: u64,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// The answers, in the order of the questions.
    pub answers: Vec<Answer>,
    /// The coalition structure at the horizon.
    pub coalitions: String,
}

/// Runs futures of a checkpoint under fresh random numbers, in parallel; they come in the order of their numbers.
pub fn futures(model: &Arc<Model>, checkpoint: &Checkpoint, count: u64) -> Vec<Future> {
    (0..count)
        .into_par_iter()
        .map_init(
            || Runner::new(model, Keep::ANSWERS),
            |runner, number| {
                let record = runner.run_from(checkpoint, RandomStream::Fresh(number), &mut Silent);
                Future { number, failure: record.failure, answers: record.answers, coalitions: record.coalitions }
            },
        )
        .collect()
}

/// How open a question was at a moment: the answer to a question over futures: the share of yes with Wilson's interval, or the median with its distribution-free
/// interval. None without futures.
pub fn openness(futures: &[Future], question: usize, yes_no: bool) -> Option<Estimate> {
    let good = futures.iter().filter(|future| future.failure.is_none());
    let mut values: Vec<f64> =
        good.filter_map(|future| future.answers.get(question)).map(|answer| answer.value).collect();
    let n = values.len() as u64;
    if n == 0 {
        return None;
    }
    if yes_no {
        let yes = values.iter().filter(|value| **value > 0.5).count() as u64;
        return Some(Estimate::share(yes, n, CONFIDENCE));
    }
    values.sort_by(f64::total_cmp);
    Estimate::quantile(&values, 0.5, CONFIDENCE)
}
