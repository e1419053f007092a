//! The answers to a scenario's questions, from the runs of a results folder.

use crate::estimate::clustered::ClusteredMean;
use crate::estimate::interval::sorted_quantile;
use crate::estimate::nested::{Nesting, VarianceShares, about_the_median, effective};
use crate::estimate::sequential::Looking;
use crate::estimate::{AnswerKind, CONFIDENCE, Estimate};
use crate::measure::{Question, QuestionColumn, answer_column};
use crate::record::{QuestionRow, RecordError, Results, RunKey};

/// Answers every one of the questions that were recorded, for every variant: the share of yes, or the median, each with its interval. Failed runs do not
/// count. Reads one column at a time.
///
/// Intervals are Wilson's for shares and distribution-free for medians. If the experiment stopped when it was precise
/// enough, they are those of confidence sequences; if it has design points, they allow for what
/// runs of a point and of a replicate have in common; if inputs were drawn, for what runs that share some have in common,
/// and answers come with what they vary by.
///
/// # Errors
/// If `runs.parquet` cannot be read.
pub fn answers(results: &Results, questions: &[QuestionColumn]) -> Result<Vec<QuestionRow>, RecordError> {
    let keys = results.run_keys()?;
    let manifest = results.manifest();
    let precision = manifest.stopping.as_ref().and_then(|stopping| stopping.precision);
    let drawn = manifest.drawn_kinds();
    let mut rows = Vec::new();
    for question in questions {
        let values = results.run_numbers(&question.name())?;
        for (number, variant) in manifest.variants.iter().enumerate() {
            let runs = runs_of(&keys, &values, number as u32);
            let row = match (manifest.points > 1, question.yes_no) {
                (false, true) => split(probability(&runs, precision, drawn), &runs, drawn),
                (false, false) => split(amount(&runs, precision, drawn), &runs, drawn),
                (true, yes_no) => crossed(&runs, yes_no, precision),
            };
            rows.push(QuestionRow { question: question.id.clone(), variant: variant.clone(), ..row });
        }
    }
    // By variant first, as people ask: what is so in the baseline, and then what if.
    let variants = &manifest.variants;
    rows.sort_by_key(|row| variants.iter().position(|variant| *variant == row.variant));
    Ok(rows)
}

/// The answer to a question by the runs of one point and variant, with the interval that [`answers`] gives it where there is but one
/// point. None without runs.
///
/// # Errors
/// If `runs.parquet` cannot be read.
pub fn answer_at(
    results: &Results,
    question: &Question,
    (point, variant): (i32, &str),
) -> Result<Option<Estimate>, RecordError> {
    let manifest = results.manifest();
    let precision = manifest.stopping.as_ref().and_then(|stopping| stopping.precision);
    let drawn = manifest.drawn_kinds();
    let Some(number) = manifest.variants.iter().position(|id| id == variant) else { return Ok(None) };
    let (keys, values) = (results.run_keys()?, results.run_numbers(&answer_column(&question.id))?);
    let mut runs = runs_of(&keys, &values, number as u32);
    runs.retain(|(key, _)| key.point == point);
    let row = match question.yes_no() {
        true => probability(&runs, precision, drawn),
        false => amount(&runs, precision, drawn),
    };
    Ok(row.estimate())
}

fn runs_of<'a>(keys: &'a [RunKey], values: &'a [f64], variant: u32) -> Vec<(&'a RunKey, f64)> {
    let wanted = |key: &RunKey| key.variant == variant && !key.failed;
    keys.iter()
        .zip(values)
        .filter(|(key, value)| wanted(key) && !value.is_nan())
        .map(|(key, value)| (key, *value))
        .collect()
}

/// Runs of one point and variant as values with their replicates.
fn by_replicate<'a>(runs: &'a [(&RunKey, f64)]) -> impl Iterator<Item = (u64, f64)> + 'a {
    runs.iter().map(|(key, value)| (key.replicate, *value))
}

/// An answer with what it varies by.
fn split(row: QuestionRow, runs: &[(&RunKey, f64)], drawn: Option<[bool; 3]>) -> QuestionRow {
    let Some(split) = drawn.and_then(|drawn| Nesting::of(by_replicate(runs)).split(drawn)) else { return row };
    let VarianceShares { luck, scenario, weights } = split.shares();
    QuestionRow {
        luck: Some(luck),
        scenario: Some(scenario),
        weights: Some(weights),
        moves: Some(split.moves()),
        ..row
    }
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
        luck: None,
        scenario: None,
        weights: None,
        moves: None,
    }
}

fn probability(runs: &[(&RunKey, f64)], precision: Option<f64>, drawn: Option<[bool; 3]>) -> QuestionRow {
    let n = runs.len() as u64;
    let yes = runs.iter().filter(|(_, value)| *value > 0.5).count() as u64;
    let estimate = match precision {
        None => {
            let answers = runs.iter().map(|(key, value)| (key.replicate, *value > 0.5));
            Estimate::share_among(answers, drawn, CONFIDENCE)
        }
        Some(_) => (n > 0).then(|| {
            let looking = Looking { confidence: CONFIDENCE, precision };
            Estimate::share_looked_at_of(yes, n, effective(by_replicate(runs), n, drawn), &looking)
        }),
    };
    row(AnswerKind::YesNo, estimate, n)
}

fn amount(runs: &[(&RunKey, f64)], precision: Option<f64>, drawn: Option<[bool; 3]>) -> QuestionRow {
    let runs: Vec<(u64, f64)> = by_replicate(runs).collect();
    let estimate = match precision {
        None => Estimate::median_of(&runs, drawn, CONFIDENCE),
        Some(_) => {
            let (values, effective) = about_the_median(&runs, drawn);
            Estimate::quantile_looked_at_of(&values, 0.5, effective, CONFIDENCE)
        }
    };
    row(AnswerKind::Quantity, estimate, runs.len() as u64)
}

/// The answer over the points of a design, in which every point has the same replicates: a share, or the median, for which it counts
/// which values lie above it, as [`ClusteredMean`] has it; with the interval of as many independent runs as tell as much.
fn crossed(runs: &[(&RunKey, f64)], yes_no: bool, precision: Option<f64>) -> QuestionRow {
    let n = runs.len() as u64;
    if yes_no {
        let share =
            ClusteredMean::of(runs.iter().map(|(key, value)| (key.point as usize, Some(key.replicate), *value)));
        let yes = runs.iter().filter(|(_, value)| *value > 0.5).count() as u64;
        let estimate = share.map(|share| match precision {
            None => share.estimate(CONFIDENCE),
            Some(_) => {
                let looking = Looking { confidence: CONFIDENCE, precision };
                Estimate::share_looked_at_of(yes, n, share.effective, &looking)
            }
        });
        return row(AnswerKind::YesNo, estimate, n);
    }
    let mut values: Vec<f64> = runs.iter().map(|(_, value)| *value).collect();
    values.sort_by(f64::total_cmp);
    let middle = sorted_quantile(&values, 0.5).unwrap_or(f64::NAN);
    let above =
        |(key, value): &(&RunKey, f64)| (key.point as usize, Some(key.replicate), f64::from(u8::from(*value > middle)));
    let effective = ClusteredMean::of(runs.iter().map(above)).map_or(0.0, |share| share.effective);
    let estimate = match precision {
        None => Estimate::quantile_of(&values, 0.5, effective, CONFIDENCE),
        Some(_) => Estimate::quantile_looked_at_of(&values, 0.5, effective, CONFIDENCE),
    };
    row(AnswerKind::Quantity, estimate, n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{DrawKey, Purpose, Source, sample};

    fn key(replicate: u64) -> RunKey {
        RunKey { point: 0, variant: 0, replicate, failed: false }
    }

    /// Runs that share inputs which decide: all eight of a group say the same.
    #[test]
    fn intervals_allow_for_what_runs_share_and_parts_are_told() {
        let keys: Vec<RunKey> = (0..400).map(key).collect();
        let yes = |key: &RunKey| f64::from(u8::from((key.replicate / 8).is_multiple_of(2)));
        let runs: Vec<(&RunKey, f64)> = keys.iter().map(|key| (key, yes(key))).collect();
        let drawn = Some([true; 3]);
        let (alone, shared) = (probability(&runs, None, None), probability(&runs, None, drawn));
        assert_eq!(alone.probability, shared.probability);
        let width = |row: &QuestionRow| row.high.unwrap() - row.low.unwrap();
        assert!((width(&shared) / width(&alone) - 8f64.sqrt()).abs() < 0.2, "{shared:?}");
        let told = split(shared, &runs, drawn);
        assert_eq!((told.luck, told.scenario, told.weights), (Some(0.0), Some(0.0), Some(1.0)));
        assert!((told.moves.unwrap() - 0.5).abs() < 0.01);
        let (alone, shared) = (amount(&runs, None, None), amount(&runs, None, drawn));
        assert!(alone.median == shared.median && shared.low <= alone.low && shared.high >= alone.high);
        assert!(probability(&runs, Some(0.1), drawn).low < probability(&runs, Some(0.1), None).low);
    }

    #[test]
    fn a_probability_has_wilsons_interval() {
        let keys: Vec<RunKey> = (0..20).map(key).collect();
        let runs: Vec<(&RunKey, f64)> = keys.iter().map(|key| (key, f64::from(u8::from(key.replicate < 3)))).collect();
        let row = probability(&runs, None, None);
        assert_eq!((row.probability, row.n), (Some(0.15), 20));
        // Wilson's interval for 3 of 20.
        assert!((row.low.unwrap() - 0.05237).abs() < 5e-6 && (row.high.unwrap() - 0.36042).abs() < 5e-6);
    }

    /// The luck of a replicate moves all points of a design, so that more points say little more of the median over them.
    #[test]
    fn medians_over_a_design_cover_under_shared_luck() {
        let (mut covered, trials) = (0, 200);
        for trial in 0..trials {
            let normal = |name: &str, number: u64| {
                let who = DrawKey::named(name, "").child(number);
                sample::normal(Source::new(23, trial).sequence(Purpose::Resampling, who, 0).uniform())
            };
            let keys: Vec<RunKey> = (0..600).map(|run| RunKey { point: run / 20, ..key((run % 20) as u64) }).collect();
            let value = |key: &RunKey| normal("point", key.point as u64) + 2.0 * normal("luck", key.replicate);
            let runs: Vec<(&RunKey, f64)> = keys.iter().map(|key| (key, value(key))).collect();
            let row = crossed(&runs, false, None);
            covered += u32::from(row.low.is_none_or(|low| low <= 0.0) && row.high.is_none_or(|high| high >= 0.0));
        }
        // 95% of 200 less three standard errors of the simulation.
        assert!(covered >= 181, "{covered} of {trials}");
    }

    /// Whoever looks at every run may stop at any: over a design too the interval has to hold at all of them.
    #[test]
    fn answers_over_a_design_that_was_looked_at_are_those_of_a_sequence() {
        let keys: Vec<RunKey> = (0..3200).map(|run| RunKey { point: run / 80, ..key((run % 80) as u64) }).collect();
        let own = |key: &RunKey| {
            let who = DrawKey::named("own", "").child(key.point as u64);
            Source::new(29, key.replicate).sequence(Purpose::Resampling, who, 0).uniform()
        };
        for yes_no in [true, false] {
            let value = |key: &RunKey| if yes_no { f64::from(u8::from(own(key) < 0.3)) } else { own(key) };
            let runs: Vec<(&RunKey, f64)> = keys.iter().map(|key| (key, value(key))).collect();
            let (once, always) = (crossed(&runs, yes_no, None), crossed(&runs, yes_no, Some(0.05)));
            assert_eq!(once.estimate().map(|found| found.value), always.estimate().map(|found| found.value));
            assert!(always.low < once.low && always.high > once.high, "{once:?} {always:?}");
        }
    }

    #[test]
    fn no_runs_give_no_answer_and_few_no_interval() {
        let none = probability(&[], None, None);
        assert_eq!((none.probability, none.low, none.n), (None, None, 0));
        let keys: Vec<RunKey> = (0..3).map(key).collect();
        let runs: Vec<(&RunKey, f64)> = keys.iter().zip([3.0, 1.0, 2.0]).collect();
        let few = amount(&runs, None, None);
        assert_eq!((few.median, few.low, few.n), (Some(2.0), None, 3));
    }

    #[test]
    fn runs_of_other_variants_and_failed_ones_do_not_count() {
        let key = |variant, failed| RunKey { variant, failed, ..key(0) };
        let keys = [key(0, false), key(1, false), key(0, true), key(0, false)];
        let runs = runs_of(&keys, &[1.0, 2.0, 3.0, f64::NAN], 0);
        assert_eq!(runs.into_iter().map(|(_, value)| value).collect::<Vec<_>>(), vec![1.0]);
    }
}
