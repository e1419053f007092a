//! Forecasts against what came to be: scores of every answer that is known by now, against baselines, pooled with intervals,
//! and whether probabilities are right as often as they say.
//!
//! Scoring rules ([`rules`]), baselines ([`baseline`]), answers with their scores ([`answer`]), mean scores and skill
//! ([`skill`]), rival forecasters and their mixture ([`stacking`]), reliability and sharpness ([`mod@reliability`]). [`scored`] reads the answers of results.

pub mod answer;
pub mod baseline;
pub mod reliability;
pub mod rules;
pub mod skill;
pub mod stacking;

pub use answer::{Baseline, Forecast, Kind, Rule, ScoredAnswer};
pub use reliability::{Reliability, reliability};
pub use skill::{Against, MeanScore, Slice, mean_scores};
pub use stacking::Rivals;

use crate::measure::{Ask, Evaluator, Snapshot, answer_column, date_column};
use crate::record::{RecordError, Results};
use crate::scenario::file::Observed;
use crate::scenario::{AnswerAt, GroupedQuestion, Scenario};
use baseline::Past;
use serde::Serialize;

/// Everything that is found of some results.
#[derive(Clone, Debug, Serialize)]
pub struct Scores {
    /// Every answer that is known.
    pub answers: Vec<ScoredAnswer>,
    /// Their means.
    pub means: Vec<MeanScore>,
    /// Reliability of the probabilities; none without any.
    pub reliability: Option<Reliability>,
}

impl Scores {
    /// The scores of answers.
    pub fn new(answers: Vec<ScoredAnswer>, seed: u64) -> Self {
        let yes_no: Vec<&ScoredAnswer> = answers.iter().filter(|answer| answer.kind == Kind::YesNo).collect();
        let said = |answer: &&ScoredAnswer| reliability::Said {
            probability: answer.forecast.middle(),
            yes: answer.observed > 0.5,
            weight: skill::weight(answer, &yes_no),
        };
        let forecasts: Vec<reliability::Said> = yes_no.iter().map(said).collect();
        Self { means: mean_scores(&answers, seed), reliability: reliability(&forecasts, seed), answers }
    }

    /// The conflicts, in the order in which they come.
    pub fn conflicts(&self) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        for answer in &self.answers {
            if !found.contains(&answer.conflict.as_str()) {
                found.push(&answer.conflict);
            }
        }
        found
    }
}

/// The seed of the resamples, so that the same results have the same intervals.
pub const SEED: u64 = 1;

/// The scores of every answer of a variant's runs that `scenario` knows the outcome of; of a sweep, its points are runs like
/// any others. `scenario` is that of the results with the variant's changes; it may know more outcomes than the results' own.
///
/// # Errors
/// If the runs cannot be read.
pub fn scored(results: &Results, scenario: &Scenario, variant: &str) -> Result<Vec<ScoredAnswer>, RecordError> {
    let place = results.manifest().variants.iter().position(|known| known == variant);
    let keys = results.run_keys()?;
    let counts: Vec<bool> = keys.iter().map(|key| !key.failed && Some(key.variant as usize) == place).collect();
    let column = |name: &str| -> Result<Vec<f64>, RecordError> {
        let all = results.run_numbers(name)?;
        Ok(all.into_iter().zip(&counts).filter(|(_, counts)| **counts).map(|(value, _)| value).collect())
    };
    let setting = &scenario.setting;
    let mut snapshot = Snapshot::new(setting);
    snapshot.take(setting, &setting.initial);
    let start = Evaluator { setting, world: &setting.initial, snapshot: &snapshot };
    let mut found = Vec::new();
    for group in scenario.question_groups() {
        for question in &group.questions {
            for answer in &question.answers {
                let Some(observed) = answer.observed else { continue };
                let asked = &scenario.questions[answer.index];
                let values = column(&answer_column(&answer.id))?;
                if values.is_empty() {
                    continue;
                }
                let of = About { scenario, group: group.name.as_deref(), question, answer, runs: values.len() };
                match &asked.ask {
                    Ask::Within(condition) | Ask::At(condition) => {
                        let yes = observed.is_yes().unwrap_or_default();
                        found.push(of.yes_no(&values, start.holds(condition), yes));
                    }
                    Ask::Amount(quantity) => {
                        let Observed::Amount(observed) = observed else { continue };
                        let past = Past {
                            at_start: start.amount(quantity),
                            history: scenario.history(&question.id),
                            counted: quantity.is_counted(),
                            range: quantity.range(),
                        };
                        found.extend(of.amount(values, &past, observed));
                    }
                }
            }
            if let Some((answer, observed)) = dated(scenario, question)
                && let Some(condition) = scenario.questions[answer.index].condition()
            {
                let days = column(&date_column(&answer.id))?;
                let of = About { scenario, group: group.name.as_deref(), question, answer, runs: days.len() };
                found.extend(of.date(&days, start.holds(condition), observed));
            }
        }
    }
    Ok(found)
}

/// The last moment of which it is known when something came true within it, or that it did not; days from the start, none
/// for never.
fn dated<'a>(scenario: &Scenario, question: &'a GroupedQuestion) -> Option<(&'a AnswerAt, Option<f64>)> {
    let answer = question.answers.iter().rev().find(|answer| answer.observed.is_some())?;
    let within = matches!(scenario.questions[answer.index].ask, Ask::Within(_));
    match answer.observed.filter(|_| within)? {
        Observed::On(date) => Some((answer, Some(date.days_since(scenario.file.scenario.start) as f64))),
        Observed::Answer(false) => Some((answer, None)),
        _ => None,
    }
}

/// An answer, and how many runs say something of it.
struct About<'a> {
    scenario: &'a Scenario,
    group: Option<&'a str>,
    question: &'a GroupedQuestion,
    answer: &'a AnswerAt,
    runs: usize,
}

impl About<'_> {
    fn yes_no(&self, values: &[f64], at_start: bool, yes: bool) -> ScoredAnswer {
        let count = values.iter().filter(|value| **value > 0.5).count() as u64;
        let share = count as f64 / self.runs as f64;
        let forecast = Forecast::probability(share, rules::probability(count, self.runs as u64), yes);
        let baselines = baseline::of_yes_no(at_start, self.answer.base_rate, yes);
        self.scored(Kind::YesNo, f64::from(u8::from(yes)), forecast, baselines)
    }

    fn amount(&self, values: Vec<f64>, past: &Past, observed: f64) -> Option<ScoredAnswer> {
        let forecast = Forecast::ensemble(values, observed)?;
        let baselines = baseline::of_amount(past, self.answer.days, observed);
        Some(self.scored(Kind::of(self.question.unit), observed, forecast, baselines))
    }

    /// Dates as weeks from the start, of a run the middle of the step in which it came true, cut at the moment that is asked of, where never lies too: the threshold-weighted score
    /// (Gneiting and Ranjan 2011) of all that is before it, which is proper.
    fn date(&self, days: &[f64], at_start: bool, observed: Option<f64>) -> Option<ScoredAnswer> {
        let (first, last) = (f64::from(self.scenario.file.scenario.start.days_since_1970()), self.answer.days / 7.0);
        let weeks = |day: Option<f64>| day.map_or(last, |day| (day / 7.0).clamp(0.0, last));
        let half_a_step = 3.5 * self.scenario.setting.calendar.step_weeks();
        let members = days.iter().map(|day| weeks((!day.is_nan()).then_some(day - first - half_a_step))).collect();
        let observed = weeks(observed);
        let forecast = Forecast::ensemble(members, observed)?;
        let baselines = baseline::of_date(at_start, self.answer.base_rate, (observed, last));
        Some(self.scored(Kind::Date, observed, forecast, baselines))
    }

    fn scored(
        &self,
        kind: Kind,
        observed: f64,
        forecast: Forecast,
        baselines: Vec<(Baseline, Forecast)>,
    ) -> ScoredAnswer {
        ScoredAnswer {
            conflict: self.scenario.conflict().to_owned(),
            scenario: self.scenario.file.scenario.id.clone(),
            group: self.group.map(str::to_owned),
            question: self.question.id.clone(),
            answer: self.answer.id.clone(),
            text: self.answer.text.clone(),
            days: self.answer.days,
            kind,
            observed,
            runs: self.runs as u64,
            forecast,
            baselines,
            source: self.scenario.source_of_baseline(&self.question.id, &self.answer.label).map(str::to_owned),
        }
    }
}
