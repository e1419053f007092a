//! `entente explain` over an ensemble.

use super::explain_args::ExplainArgs;
use super::failure::Failure;
use super::finding::Finding;
use super::target::Target;
use crate::analysis::Estimate;
use crate::analysis::answers::CONFIDENCE;
use crate::analysis::why::{
    Ablation, Contrast, Grounds, ObservedRuns, Outcome, cases, contrasts, model, observed, spreads,
};
use crate::experiment::{ExperimentError, RunSource};
use crate::report::explained::Told;
use crate::report::explained::many::Findings;
use crate::report::narrative::{Names, cause, happening};
use crate::world::Happening;
use serde::Serialize;
use serde_json::json;
use std::io::Write;

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

/// Explains an outcome over the runs of a point and variant, prints it, and writes it into the results folder.
pub fn explain(args: &ExplainArgs, target: &Target, outcome: &Outcome, out: &mut dyn Write) -> Result<(), Failure> {
    let setting = &target.scenario.setting;
    let seen =
        observed(&target.results, target.source.layout(), (target.point, &target.variant), setting, &outcome.question)?;
    let found = findings(args, target, outcome, &seen)?;
    let told = Told {
        question: target.question_text(&outcome.question.id),
        answer: found.answer(),
        run: format!("seed {}, {}", target.seed(), target.cell_words()),
        scenario: target.scenario.file.scenario.title.clone(),
    };
    let finding = Finding::create(target.finding("explain", &outcome.question.id, []))?;
    write(target, &found, &finding)?;
    let json = json!({
        "question": outcome.question.id,
        "text": told.question,
        "variant": target.variant,
        "point": target.point,
        "runs": found.runs,
        "yes": found.yes,
        "cases": found.cases.len(),
        "unexplained": found.unnamed(),
        "contrasts": contrast_rows(target, &found),
        "top_causes": found.tops(setting).iter().map(|top| json!({
            "cause": top.class, "cases": top.cases, "flips": top.flips,
        })).collect::<Vec<_>>(),
        "fidelity": fidelity_rows(&found),
    });
    finding.tell(&target.results, found.document(setting, &told), json, args.tell, out)
}

fn findings(args: &ExplainArgs, target: &Target, outcome: &Outcome, seen: &ObservedRuns) -> Result<Findings, Failure> {
    let setting = &target.scenario.setting;
    let lists: Vec<_> = seen.happenings.iter().map(|(_, list)| list.clone()).collect();
    let compared = contrasts(&seen.outcomes, &lists, CONFIDENCE);
    let mut happened: Vec<_> =
        seen.happenings.iter().zip(compared).filter_map(|((what, _), found)| Some((*what, found?))).collect();
    happened.sort_by(|a, b| b.1.difference.value.abs().total_cmp(&a.1.difference.value.abs()));
    let mut measured: Vec<_> = (seen.measures.iter())
        .zip(spreads(&seen.outcomes, &seen.measures, CONFIDENCE))
        .filter_map(|(measure, found)| Some((measure.name.clone(), found?)))
        .collect();
    measured.sort_by(|a, b| b.1.effect.value.abs().total_cmp(&a.1.effect.value.abs()));
    let yes: Vec<u64> = (seen.replicates.iter().zip(&seen.outcomes))
        .filter(|(_, moment)| moment.is_some_and(|moment| moment > 0))
        .map(|(replicate, _)| *replicate)
        .collect();
    let wanted = args.cases.min(yes.len());
    let sample: Vec<u64> = (0..wanted).map(|place| yes[place * yes.len() / wanted.max(1)]).collect();
    let models = sample.iter().map(|replicate| Ok((*replicate, model(&target.scenario_of(*replicate)?, outcome))));
    let models: Vec<_> = models.collect::<Result<_, ExperimentError>>()?;
    let grounds = Grounds { setting, behaviour: &target.scenario.behaviour, outcome, events: &seen.events };
    let pool = args.threads.pool().map_err(Failure::failed)?;
    let cases = pool.install(|| cases(&models, &grounds, target.seed()));
    Ok(Findings {
        runs: seen.replicates.len() as u64,
        yes: seen.outcomes.iter().flatten().count() as u64,
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

fn write(target: &Target, found: &Findings, finding: &Finding) -> Result<(), Failure> {
    let setting = &target.scenario.setting;
    finding.table(
        "contrasts.csv",
        &["what", "cases", "others", "difference", "low", "high", "n"],
        &contrast_rows(target, found),
    )?;
    let heads = ["measure", "cases", "others", "effect", "low", "high", "n"];
    finding.table("measures.csv", &heads, &found.spreads)?;
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
    finding.table(
        "cases.csv",
        &[
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
        ],
        &cases.collect::<Vec<_>>(),
    )?;
    finding.table("fidelity.csv", &["taken_away", "flips", "tests", "share", "low", "high"], &fidelity_rows(found))
}
