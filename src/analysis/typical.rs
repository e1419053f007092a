//! The run that is most like all others.

use super::interval::sorted_quantile;
use crate::base::{Calendar, Date};
use crate::measure::{Ask, Question, answer_column, date_column};
use crate::record::{RecordError, Results, RunKey};
use crate::scenario::Scenario;

/// The runs of a point and variant that did not fail: their rows in `runs.parquet` with their replicates, in order.
///
/// # Errors
/// If the results cannot be read.
pub fn runs_of(results: &Results, point: i32, variant: &str) -> Result<Vec<(usize, u64)>, RecordError> {
    let variant = results.manifest().variants.iter().position(|id| id == variant);
    let keys = results.run_keys()?;
    let counts = |key: &RunKey| key.point == point && Some(key.variant as usize) == variant && !key.failed;
    let rows = keys.iter().enumerate().filter(|(_, key)| counts(key));
    let mut runs: Vec<(usize, u64)> = rows.map(|(row, key)| (row, key.replicate)).collect();
    runs.sort_unstable_by_key(|(_, replicate)| *replicate);
    Ok(runs)
}

/// The moment at which each row of `runs.parquet` answers a question: when a yes within a time first was one, or the moment that
/// is asked of.
///
/// # Errors
/// If the results cannot be read.
pub fn moments_of(results: &Results, question: &Question, calendar: Calendar) -> Result<Vec<u32>, RecordError> {
    let Ask::Within(_) = question.ask else { return Ok(vec![question.moment; results.run_keys()?.len()]) };
    let first = Date::new(1970, 1, 1).unwrap_or(calendar.start());
    let moment = |days: f64| match days.is_finite() {
        true => calendar.moment_of(first.plus_days(days as i64)),
        false => question.moment,
    };
    Ok(results.run_numbers(&date_column(&question.id))?.into_iter().map(moment).collect())
}

/// The replicate of a point and variant whose answers to some questions of the scenario, given by their ids, lie nearest the medians
/// over all of its replicates, among those whose answers to fewest headlines are out of the ordinary: rarer than in a quarter of
/// the runs, or among the quarter of the least or greatest amounts. Of equals the lowest. None if all runs failed.
///
/// # Errors
/// If the results cannot be read or hold no such answer.
pub fn typical_run<'a>(
    results: &Results,
    (point, variant): (i32, &str),
    scenario: &Scenario,
    questions: impl IntoIterator<Item = &'a str>,
) -> Result<Option<u64>, RecordError> {
    let runs = runs_of(results, point, variant)?;
    let mut answers = Vec::new();
    for id in questions {
        let headline = scenario.answer(id).is_some_and(|(question, _)| question.headline);
        let column = results.run_numbers(&answer_column(id))?;
        answers.push((headline, runs.iter().map(|(row, _)| column[*row]).collect()));
    }
    let run = typical(&answers).map_or(runs.first(), |place| runs.get(place));
    Ok(run.map(|(_, replicate)| *replicate))
}

/// The row whose answers lie nearest the medians over all rows: the least sum of squared distances, each in standard
/// deviations of its answer; of equals the first. Rows with fewer headlines below the first or above the last quartile come before all
/// others. `answers` holds whether it is a headline, and a column, per answer. What is not finite, and an answer that is the same in
/// all rows, counts for nothing. None without rows.
fn typical(answers: &[(bool, Vec<f64>)]) -> Option<usize> {
    let rows = answers.iter().map(|(_, column)| column.len()).max()?;
    let mut distances = vec![(0_usize, 0.0); rows];
    for (headline, column) in answers {
        let mut known: Vec<f64> = column.iter().copied().filter(|value| value.is_finite()).collect();
        let count = known.len() as f64;
        let mean = known.iter().sum::<f64>() / count;
        let variance = known.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
        if !(variance > 0.0 && variance.is_finite()) {
            continue;
        }
        known.sort_by(f64::total_cmp);
        let at = |share: f64| sorted_quantile(&known, share);
        let Some(((low, median), high)) = at(0.25).zip(at(0.5)).zip(at(0.75)) else { continue };
        for (distance, value) in distances.iter_mut().zip(column).filter(|(_, value)| value.is_finite()) {
            distance.0 += usize::from(*headline && !(low..=high).contains(value));
            distance.1 += (value - median) * (value - median) / variance;
        }
    }
    (0..rows).min_by(|a, b| {
        let (a, b) = (distances[*a], distances[*b]);
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_typical_row_is_nearest_the_medians() {
        let yes = vec![1.0, 0.0, 1.0, 1.0, 1.0];
        let people = vec![500.0, 300.0, 310.0, f64::INFINITY, 90_000.0];
        let typical_of = |columns: &[&[f64]]| {
            let columns: Vec<(bool, Vec<f64>)> = columns.iter().map(|column| (false, column.to_vec())).collect();
            typical(&columns)
        };
        assert_eq!(typical_of(&[&yes, &people]), Some(3));
        assert_eq!(typical_of(&[&yes, &[500.0, 300.0, 310.0, 700.0, 90_000.0]]), Some(0));
        assert_eq!(typical_of(&[&[2.0; 3]]), Some(0), "of equals the first");
        assert_eq!(typical_of(&[]), None);
    }

    #[test]
    fn no_headline_of_the_typical_row_is_out_of_the_ordinary_where_that_can_be() {
        // Twenty rows; the first is like all others in many small answers, but has the fewest deaths of all.
        let deaths: Vec<f64> = (0..20).map(|row| 1_000.0 * f64::from(row)).collect();
        let dull: Vec<f64> = (0..20).map(|row| f64::from(u8::from(row > 0))).collect();
        let answers = |headline: bool| -> Vec<(bool, Vec<f64>)> {
            let small = (0..9).map(|_| (false, dull.iter().map(|value| 1.0 - value).collect()));
            let opposite: Vec<f64> = (0..20).map(|row| f64::from(row % 2) * f64::from(row.min(1))).collect();
            std::iter::once((headline, deaths.clone()))
                .chain(small)
                .chain((0..9).map(|_| (false, opposite.clone())))
                .collect()
        };
        let ordinary = |row: usize| (5..15).contains(&row);
        let found = typical(&answers(true)).unwrap();
        assert!(ordinary(found), "row {found}");
        // So it is of two headlines.
        let ends: Vec<f64> = (0..20).map(|row| f64::from((row + 3) % 20)).collect();
        let found = typical(&[(true, deaths.clone()), (true, ends), (false, dull)]).unwrap();
        assert!(ordinary(found) && ordinary((found + 3) % 20), "row {found}");
    }
}
