//! Scores as tables of numbers, for programs.

use super::cell;
use crate::analysis::score::answer::{Forecast, Rule};
use crate::analysis::score::skill::Slice;
use crate::analysis::score::{Scores, reliability};

fn heads(names: &[&str]) -> Vec<Vec<String>> {
    vec![names.iter().map(|name| (*name).to_owned()).collect()]
}

/// All tables of numbers.
pub(super) fn tables(scores: &Scores) -> Vec<(String, Vec<Vec<String>>)> {
    let mut tables = vec![("forecasts.csv".into(), forecasts(scores)), ("scores.csv".into(), means(scores))];
    if let Some(found) = scores.reliability.as_ref().filter(|found| !found.curve.is_empty()) {
        let mut curve = heads(&["said", "came", "low", "high"]);
        let row = |point: &reliability::ReliabilityPoint| {
            [point.said, point.came, point.consistent.low, point.consistent.high].map(cell).to_vec()
        };
        curve.extend(found.curve.iter().map(row));
        tables.push(("reliability.csv".into(), curve));
    }
    tables
}

/// One line for each forecast of each answer.
fn forecasts(scores: &Scores) -> Vec<Vec<String>> {
    let mut rows = heads(&[
        "conflict", "scenario", "group", "question", "answer", "days", "kind", "observed", "runs", "by", "said", "low",
        "high",
    ]);
    rows[0].extend(Rule::NAMES.map(str::to_owned));
    for answer in &scores.answers {
        let by = answer.baselines.iter().map(|(baseline, forecast)| (baseline.id(), forecast));
        for (by, forecast) in std::iter::once(("model", &answer.forecast)).chain(by) {
            let mut row = vec![
                answer.conflict.clone(),
                answer.scenario.clone(),
                answer.group.clone().unwrap_or_default(),
                answer.question.clone(),
                answer.answer.clone(),
                cell(answer.days),
                answer.kind.id().into(),
                cell(answer.observed),
                answer.runs.to_string(),
                by.into(),
                cell(forecast.middle()),
            ];
            let (low, high) = match forecast {
                Forecast::Ensemble { low, high, .. } => (*low, *high),
                Forecast::Probability { .. } => (f64::NAN, f64::NAN),
            };
            row.extend([low, high].map(cell));
            row.extend(Rule::ALL.map(|rule| forecast.score(rule).map_or_else(String::new, cell)));
            rows.push(row);
        }
    }
    rows
}

/// One line for each mean score, and one for each baseline that it is set against.
fn means(scores: &Scores) -> Vec<Vec<String>> {
    let mut rows = heads(&[
        "of",
        "name",
        "kind",
        "rule",
        "questions",
        "conflicts",
        "answers",
        "score",
        "low",
        "high",
        "baseline",
        "baseline_score",
        "skill",
        "skill_low",
        "skill_high",
    ]);
    for mean in &scores.means {
        let (of, name) = match &mean.slice {
            Slice::All => ("all", ""),
            Slice::Conflict(name) => ("conflict", name.as_str()),
            Slice::Group(name) => ("group", name.as_str()),
            Slice::Horizon(name) => ("horizon", name.as_str()),
        };
        let row = |answers: u64, score: f64, [low, high]: [f64; 2], rest: Vec<String>| {
            let mut row = [of, name, mean.kind.id(), mean.rule.id()].map(str::to_owned).to_vec();
            row.extend([mean.questions.to_string(), mean.conflicts.to_string(), answers.to_string()]);
            row.extend([score, low, high].map(cell));
            row.extend(rest);
            row
        };
        let own = mean.score;
        rows.push(row(own.n, own.value, [own.low, own.high], vec![String::new(); 5]));
        for against in &mean.against {
            let skill = against.skill.map_or([f64::NAN; 3], |skill| [skill.value, skill.low, skill.high]);
            let mut rest = vec![against.baseline.id().to_owned(), cell(against.baseline_score)];
            rest.extend(skill.map(cell));
            rows.push(row(against.answers as u64, against.score, [f64::NAN; 2], rest));
        }
    }
    rows
}
