//! How open a moment was: many futures of it under fresh random numbers.

use crate::analysis::Estimate;
use crate::analysis::why::TypicalAmount;
use crate::engine::{Checkpoint, Model, RandomStream, Runner};
use crate::estimate::difference::{How, Pair, proportions, quantities};
use crate::estimate::{CONFIDENCE, DifferenceRow};
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
    let mut values = values(futures, question);
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

/// What amount futures have for a question: the middle, and between what four of five lie. None without futures.
pub fn spread(futures: &[Future], question: usize) -> Option<TypicalAmount> {
    TypicalAmount::of(&values(futures, question))
}

/// What futures that did not fail answer to a question.
fn values(futures: &[Future], question: usize) -> Vec<f64> {
    let good = futures.iter().filter(|future| future.failure.is_none());
    good.filter_map(|future| future.answers.get(question)).map(|answer| answer.value).collect()
}

/// What is changed about a question between futures of the same random numbers, as one of so many questions that are looked at.
pub fn changed(before: &[Future], after: &[Future], (question, yes_no): (usize, bool), lines: usize) -> DifferenceRow {
    let good = before.iter().zip(after).filter(|(before, after)| before.failure.is_none() && after.failure.is_none());
    let pairs = good.filter_map(|(before, after)| {
        let [before_value, after_value] = [before, after].map(|future| Some(future.answers.get(question)?.value));
        Some(Pair { replicate: before.number, before: before_value?, after: after_value? })
    });
    let how = How { precision: None, lines, drawn: None };
    if yes_no { proportions(pairs, &how) } else { quantities(pairs, &how) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn future(number: u64, yes: bool) -> Future {
        let answers = vec![Answer { value: f64::from(u8::from(yes)), step: None }];
        Future { number, failure: None, answers, coalitions: String::new() }
    }

    #[test]
    fn the_spread_of_an_amount_is_that_of_the_futures_however_many_there_are() {
        let of = |count: u64| -> Vec<Future> {
            let amount = |number: u64| Answer { value: (number % 100) as f64, step: None };
            (0..count).map(|number| Future { answers: vec![amount(number)], ..future(number, true) }).collect()
        };
        let [few, many] = [100, 10_000].map(|count| spread(&of(count), 0).unwrap());
        assert!((few.low - many.low).abs() < 2.0 && (few.high - many.high).abs() < 2.0, "{few:?} {many:?}");
        let narrow = |count| openness(&of(count), 0, false).map(|found| found.high - found.low).unwrap();
        assert!(narrow(10_000) < 5.0 && narrow(100) > 10.0, "how surely the median is known is another thing");
        assert_eq!(spread(&[], 0), None);
    }

    #[test]
    fn a_few_futures_that_flip_do_not_stand_out_and_many_do() {
        let list = |yes: u64| -> Vec<Future> { (0..100).map(|number| future(number, number < yes)).collect() };
        let few = changed(&list(5), &list(2), (0, true), 6);
        assert!((few.difference.unwrap() + 0.03).abs() < 1e-12 && !few.stands_out, "{few:?}");
        assert!(few.low.unwrap() < -0.06 && few.high.unwrap() > 0.0, "{few:?}");
        let many = changed(&list(45), &list(15), (0, true), 6);
        assert!(many.stands_out && many.high.unwrap() < -0.15 && many.n == 100, "{many:?}");
        let mut failed = list(50);
        failed[7].failure = Some("it failed".into());
        assert_eq!(changed(&list(50), &failed, (0, true), 1).n, 99);
    }
}
