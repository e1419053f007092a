//! Why an outcome came about, over an ensemble.

use super::{AnalysisError, pool};
use crate::analysis::Estimate;
use crate::analysis::NumberLines;
use crate::analysis::answers::answer_at;
use crate::analysis::why::{
    Ablation, Contrast, FEWEST, Grounds, ObservedRuns, Outcome, cases, contrasts, model, observed, spreads,
};
use crate::estimate::CONFIDENCE;
use crate::estimate::difference::jointly;
use crate::experiment::{ExperimentError, RunSource, Target};
use crate::record::{RecordError, lines};
use crate::report::explained::Told;
use crate::report::explained::many::Findings;
use crate::report::insight::Insight;
use crate::report::narrative::{Names, cause, happening};
use crate::report::words::several;
use crate::world::Happening;
use serde::Serialize;
use serde_json::json;

#[derive(Serialize)]
struct ContrastRow {
    what: String,
    had_happened: Contrast,
}

#[derive(Serialize)]
struct CaseRow {
    replicate: u64,
    date: String,
    candidates: usize,
    top_cause: Option<String>,
    top_kind: Option<String>,
    top_estimate: Option<f64>,
    top_flips: Option<bool>,
    random_cause: Option<String>,
    random_flips: Option<bool>,
    any_decision: Option<String>,
    any_decision_flips: Option<bool>,
}

#[derive(Serialize)]
struct FidelityRow<'a> {
    taken_away: &'a str,
    flips: u64,
    tests: u64,
    share: Option<f64>,
    low: f64,
    high: f64,
}

/// Explains an outcome over the runs of a point and variant, of which `most` are run again.
pub fn explain(
    target: &Target,
    outcome: &Outcome,
    most: usize,
    threads: Option<usize>,
) -> Result<Insight, AnalysisError> {
    let setting = &target.scenario.setting;
    let seen =
        observed(&target.results, target.source.layout(), (target.point, &target.variant), setting, &outcome.question)?;
    if !seen.outcomes.is_empty() && seen.outcomes.iter().all(Option::is_none) {
        return Err(AnalysisError::input(format!(
            "`{}` is no in all of {}: no run tells what brings it about; see `entente require` for what it would take",
            outcome.question.id,
            several(seen.outcomes.len(), "run")
        )));
    }
    if !seen.outcomes.is_empty() && seen.outcomes.iter().all(|moment| *moment == Some(0)) {
        return Err(AnalysisError::input(format!(
            "`{}` is so from the start on in all of {}: nothing brings it about; --replicate K explains it of one run",
            outcome.question.id,
            several(seen.outcomes.len(), "run")
        )));
    }
    let found = findings(target, outcome, &seen, (most, threads))?;
    let told = Told {
        question: target.question_text(&outcome.question.id),
        answer: found.answer(),
        run: format!("seed {}, {}", target.seed(), target.cell_words()),
        scenario: target.scenario.file.scenario.title.clone(),
    };
    let tables = tables(target, &found)?;
    let json = json!({
        "question": outcome.question.id,
        "text": told.question,
        "variant": target.variant,
        "point": target.point,
        "runs": found.runs,
        "yes": found.yes,
        "share": found.share,
        "cases": found.cases.len(),
        "unexplained": found.unnamed(),
        "contrasts": contrast_rows(target, &found),
        "top_causes": found.tops(setting).iter().map(|top| json!({
            "cause": top.class, "cases": top.cases, "flips": top.flips,
        })).collect::<Vec<_>>(),
        "fidelity": fidelity_rows(&found),
    });
    let (document, charts) = found.document(setting, &told);
    Ok(Insight { document, charts, tables, json })
}

fn findings(
    target: &Target,
    outcome: &Outcome,
    seen: &ObservedRuns,
    (most, threads): (usize, Option<usize>),
) -> Result<Findings, AnalysisError> {
    let setting = &target.scenario.setting;
    let lists: Vec<_> = seen.happenings.iter().map(|(_, list)| list.clone()).collect();
    // For all of them together (Bonferroni); of few runs nothing is told.
    let enough = seen.outcomes.iter().flatten().count() >= FEWEST;
    let confidence = jointly(lists.len() + seen.measures.len());
    let compared = contrasts(&seen.outcomes, &lists, confidence);
    let each = seen.happenings.iter().zip(compared).filter(|_| enough);
    let mut happened: Vec<_> = each.filter_map(|((what, _), found)| Some((*what, found?))).collect();
    happened.sort_by(|a, b| b.1.difference.value.abs().total_cmp(&a.1.difference.value.abs()));
    let mut measured: Vec<_> = (seen.measures.iter())
        .zip(spreads(&seen.outcomes, &seen.measures, confidence))
        .filter(|_| enough)
        .filter_map(|(measure, found)| Some((measure.name.clone(), found?)))
        .collect();
    measured.sort_by(|a, b| b.1.effect.value.abs().total_cmp(&a.1.effect.value.abs()));
    let yes: Vec<u64> = (seen.replicates.iter().zip(&seen.outcomes))
        .filter(|(_, moment)| moment.is_some_and(|moment| moment > 0))
        .map(|(replicate, _)| *replicate)
        .collect();
    let wanted = most.min(yes.len());
    let sample: Vec<u64> = (0..wanted).map(|place| yes[place * yes.len() / wanted.max(1)]).collect();
    let models = sample.iter().map(|replicate| Ok((*replicate, model(&target.scenario_of(*replicate)?, outcome))));
    let models: Vec<_> = models.collect::<Result<_, ExperimentError>>()?;
    let grounds = Grounds { setting, behaviour: &target.scenario.behaviour, outcome, events: &seen.events };
    let cases = pool(threads)?.install(|| cases(&models, &grounds, target.seed()));
    Ok(Findings {
        runs: seen.replicates.len() as u64,
        yes: seen.outcomes.iter().flatten().count() as u64,
        share: answer_at(&target.results, &outcome.question, (target.point, &target.variant))?,
        always: setting.events.ids().zip(&seen.events).filter(|(_, known)| known.is_none()).map(|(id, _)| id).collect(),
        contrasts: happened,
        spreads: measured,
        cases,
    })
}

fn contrast_rows(target: &Target, found: &Findings) -> Vec<ContrastRow> {
    let names = Names(&target.scenario.setting);
    let row = |(what, contrast): &(Happening, Contrast)| ContrastRow {
        what: happening::sentence(names, what),
        had_happened: *contrast,
    };
    found.contrasts.iter().map(row).collect()
}

fn fidelity_rows(found: &Findings) -> Vec<FidelityRow<'static>> {
    let row = |(taken_away, (flips, tests)): (&'static str, (u64, u64))| {
        let Estimate { value, low, high, .. } = Estimate::share(flips, tests, CONFIDENCE);
        FidelityRow { taken_away, flips, tests, share: (tests > 0).then_some(value), low, high }
    };
    found.shares().into_iter().map(row).collect()
}

fn tables(target: &Target, found: &Findings) -> Result<Vec<NumberLines>, RecordError> {
    let setting = &target.scenario.setting;
    let words = |ablation: &Option<Ablation>| ablation.as_ref().map(|found| cause::sentence(setting, &found.cause));
    let flips = |ablation: &Option<Ablation>| ablation.as_ref().map(|found| found.flips);
    let cases = found.cases.iter().map(|case| CaseRow {
        replicate: case.replicate,
        date: setting.calendar.date_of(case.yes_at).to_string(),
        candidates: case.candidates,
        top_cause: words(&case.top),
        top_kind: case.top.as_ref().map(|top| cause::class(Names(setting), &top.cause)),
        top_estimate: case.top.as_ref().map(|top| top.cause.estimate),
        top_flips: flips(&case.top),
        random_cause: words(&case.random),
        random_flips: flips(&case.random),
        any_decision: words(&case.any_decision),
        any_decision_flips: flips(&case.any_decision),
    });
    let contrasts = ["what", "cases", "others", "difference", "low", "high", "n"];
    let measures = ["measure", "cases", "others", "effect", "low", "high", "n"];
    let heads = [
        "replicate",
        "date",
        "candidates",
        "top_cause",
        "top_kind",
        "top_estimate",
        "top_flips",
        "random_cause",
        "random_flips",
        "any_decision",
        "any_decision_flips",
    ];
    let fidelity = ["taken_away", "flips", "tests", "share", "low", "high"];
    Ok(vec![
        ("contrasts.csv".to_owned(), lines(&contrasts, &contrast_rows(target, found))?),
        ("measures.csv".to_owned(), lines(&measures, &found.spreads)?),
        ("cases.csv".to_owned(), lines(&heads, &cases.collect::<Vec<_>>())?),
        ("fidelity.csv".to_owned(), lines(&fidelity, &fidelity_rows(found))?),
    ])
}
