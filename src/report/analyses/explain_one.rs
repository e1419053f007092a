//! Why an outcome came about, or did not, in one replicate.

use super::AnalysisError;
use crate::analysis::why::{Again, Explanation, Grounds, Outcome, explain as find, is_rising, model, observed};
use crate::experiment::{RunSource, Target};
use crate::measure::Condition;
use crate::record::lines;
use crate::report::day;
use crate::report::explained::{Told, one};
use crate::report::insight::Insight;
use crate::report::narrative::happening::deal;
use crate::report::narrative::{Names, cause, happening};
use serde::Serialize;
use serde_json::json;

/// A tested cause, as a row of `causes.csv` and in JSON.
#[derive(Serialize)]
struct AblationRow {
    rank: usize,
    cause: String,
    kind: String,
    date: Option<String>,
    estimate: f64,
    flips: bool,
    yes_date: Option<String>,
    last_step: Option<f64>,
    last_step_before: Option<f64>,
    instead: Option<String>,
}

/// Explains an outcome in a replicate.
pub fn explain(target: &Target, replicate: u64, outcome: &Outcome) -> Result<Insight, AnalysisError> {
    let setting = &target.scenario.setting;
    let model = model(&target.scenario, outcome);
    // What is known of events over the ensemble; of a pair, nothing is.
    let events = match target.questions.iter().any(|question| question.id == outcome.question.id) {
        true => {
            observed(
                &target.results,
                target.source.layout(),
                (target.point, &target.variant),
                setting,
                &outcome.question,
            )?
            .events
        }
        false => Vec::new(),
    };
    let grounds = Grounds { setting, behaviour: &target.scenario.behaviour, outcome, events: &events };
    let found = find(&mut Again::new(&model, outcome, target.seed()), &grounds, replicate);
    if let Some(failure) = &found.was.failure {
        return Err(AnalysisError::failed(format!("replicate {replicate} failed: {failure}")));
    }
    let told = Told {
        question: question(target, outcome),
        answer: answer(target, outcome, &found),
        run: format!("replicate {replicate}, seed {}, {}", target.seed(), target.cell_words()),
        scenario: target.scenario.file.scenario.title.clone(),
    };
    let rows = rows(target, &found);
    let heads =
        ["rank", "cause", "kind", "date", "estimate", "flips", "yes_date", "last_step", "last_step_before", "instead"];
    let tables = vec![("causes.csv".to_owned(), lines(&heads, &rows)?)];
    let json = json!({
        "question": outcome.question.id,
        "text": told.question,
        "replicate": replicate,
        "variant": target.variant,
        "point": target.point,
        "seed": target.seed(),
        "yes": found.was.yes_at.is_some() && !outcome.is_end,
        "ended": outcome.is_end,
        "date": found.was.yes_at.map(|moment| setting.calendar.date_of(moment).to_string()),
        "chain": one::steps(setting, &found).iter().map(|step| json!({
            "date": setting.calendar.date_of(step.step).to_string(), "text": step.text, "weighed": step.weighed,
        })).collect::<Vec<_>>(),
        "causes": rows,
    });
    let (document, charts) = one::document(setting, outcome, &found, &told);
    Ok(Insight { document, charts, tables, json })
}

/// The question in words; for a pair, what was found to be worth asking.
fn question(target: &Target, outcome: &Outcome) -> String {
    if target.questions.iter().any(|question| question.id == outcome.question.id) {
        return target.question_text(&outcome.question.id);
    }
    let names = Names(&target.scenario.setting);
    match &outcome.condition {
        Condition::Stance { between: [a, b], at_least, .. } if is_rising(&outcome.condition) => {
            format!("Do {} and {} come to {}?", names.group(*a), names.group(*b), deal(*at_least))
        }
        Condition::Stance { between: [a, b], at_most, .. } => {
            format!("Do {} and {} fall to {}?", names.group(*a), names.group(*b), at_most.word())
        }
        _ => outcome.question.id.clone(),
    }
}

fn answer(target: &Target, outcome: &Outcome, found: &Explanation) -> String {
    match found.was.yes_at {
        Some(_) if outcome.is_end => "no, though it was so at the start".into(),
        Some(moment) => format!("yes, {}", day(target.scenario.setting.calendar.date_of(moment))),
        None => "no".into(),
    }
}

fn rows(target: &Target, found: &Explanation) -> Vec<AblationRow> {
    let setting = &target.scenario.setting;
    let names = Names(setting);
    let row = |(place, ablation): (usize, &crate::analysis::why::Ablation)| AblationRow {
        rank: place + 1,
        cause: cause::sentence(setting, &ablation.cause),
        kind: cause::class(names, &ablation.cause),
        date: cause::date(setting, &ablation.cause).map(|date| date.to_string()),
        estimate: ablation.cause.estimate,
        flips: ablation.flips,
        yes_date: ablation.yes_at.map(|moment| setting.calendar.date_of(moment).to_string()),
        last_step: ablation.last_step.map(|(then, _)| then),
        last_step_before: ablation.last_step.map(|(_, was)| was),
        instead: ablation.instead.first().map(|(_, instead)| happening::sentence(names, instead)),
    };
    found.ablations.iter().enumerate().map(row).collect()
}
