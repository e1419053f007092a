//! A calibration in a results folder: what it goes on from after a kill, and what it leaves.

use super::findings::{Findings, WeightFinding};
use super::study::{Calibrated, calibrated};
use crate::analysis::kept::{Files, Finished, Found, Request, Subject, Work, find_into};
use crate::experiment::{ExperimentError, Inputs};
use crate::record::{ColumnKind, Field, Folder, Manifest, RecordError, RowValue, TableWriter};
use crate::scenario::Scenario;
use crate::scenario::calibration::Calibration;
use std::fmt::Write;

/// Everything that decides what is found, as text.
fn plan(calibration: &Calibration) -> Result<String, ExperimentError> {
    // Answers are scored with inputs that are drawn, against what was observed and is known of before.
    let scenario = |scenario: &Scenario| {
        let questions = (&scenario.file.question, scenario.question_groups());
        Ok(format!("{} {} {questions:?}", scenario.digest(), Inputs::Drawn.mark(scenario)?))
    };
    let scenarios: Result<Vec<String>, ExperimentError> = calibration.scenarios.iter().map(scenario).collect();
    let scenarios = scenarios?;
    let version = env!("CARGO_PKG_VERSION");
    // Outcomes and priors belong to no scenario's digest.
    let (file, priors) =
        (&calibration.file, calibration.weights.iter().map(|weight| &weight.prior).collect::<Vec<_>>());
    let (commit, targets) = (Manifest::this_commit(), &calibration.targets);
    Ok(format!("calibrate {version} {commit} {:?} {priors:?} {targets:?} {scenarios:?}", file.calibration))
}

/// Calibrates into a folder, goes on with what a kill left there, or reads what is done.
///
/// # Errors
/// If something is in the way, cannot be run or written, or the work is told to stop.
pub fn calibrate_into(calibration: &Calibration, request: &Request<'_>) -> Result<Finished<Findings>, ExperimentError> {
    let header = &calibration.file.calibration;
    let subject = Subject {
        kind: "calibrate",
        id: &header.id,
        digest: blake3::hash(calibration.text.as_bytes()).to_hex().to_string(),
        plan: plan(calibration)?,
        seed: header.seed,
        replicates: header.replicates,
    };
    let find = |work: Work<'_>| {
        let Calibrated { findings, paths, draws, runs } = calibrated(calibration, work)?;
        let (title, points) = (findings.title.clone(), findings.points());
        Ok((Found { findings, title, points, runs }, (paths, draws)))
    };
    find_into(&subject, request, find, |findings, (paths, draws), files| {
        write(files, calibration, findings, (&paths, &draws))
    })
}

/// Writes all but the findings, the page and its charts.
fn write(
    files: &mut Files<'_>,
    calibration: &Calibration,
    findings: &Findings,
    (paths, draws): (&[String], &[(Vec<f64>, f64)]),
) -> Result<(), RecordError> {
    files.text(Folder::CALIBRATION, &calibration.text)?;
    let mut fields: Vec<Field> = paths.iter().map(|path| Field::required(path, ColumnKind::Double)).collect();
    fields.push(Field::required("weight", ColumnKind::Double));
    let mut table = TableWriter::create(&files.path(Folder::POSTERIOR), fields)?;
    for (values, weight) in draws {
        table.row(values.iter().chain([weight]).map(|value| RowValue::Real(*value)))?;
    }
    let (rows, fingerprint) = table.finish()?;
    files.keep(Folder::POSTERIOR, (Some(rows), fingerprint));
    files.text(Folder::BEHAVIOUR, &behaviour(findings))?;
    let heads = [
        "path",
        "default",
        "prior_low",
        "prior_median",
        "prior_high",
        "mean",
        "q025",
        "q10",
        "median",
        "q90",
        "q975",
        "contraction",
        "moved",
        "chance",
        "learned",
    ];
    let line = |weight: &WeightFinding| {
        let prior = [weight.default, weight.range[0], weight.prior[2], weight.range[1], weight.mean];
        let numbers = prior.iter().chain(&weight.posterior).chain([&weight.contraction, &weight.moved, &weight.chance]);
        let numbers = numbers.map(f64::to_string);
        std::iter::once(weight.path.clone()).chain(numbers).chain([weight.is_learned().to_string()]).collect()
    };
    files.table("weights.csv", &heads, &findings.weights.iter().map(line).collect::<Vec<Vec<String>>>())?;
    let heads = [
        "target",
        "conflict",
        "text",
        "observed",
        "prior_q10",
        "prior_q50",
        "prior_q90",
        "q10",
        "q50",
        "q90",
        "probability",
    ];
    let line = |check: &super::Check| {
        let numbers = std::iter::once(&check.observed).chain(&check.prior).chain(&check.posterior);
        let numbers = numbers.chain([&check.probability]).map(f64::to_string);
        [check.id.clone(), check.conflict.clone(), check.text.clone()].into_iter().chain(numbers).collect()
    };
    files.table("checks.csv", &heads, &findings.checks.iter().map(line).collect::<Vec<Vec<String>>>())?;
    let heads = ["conflict", "kind", "rule", "answers", "forecast", "score", "on_answers_of_a_baseline", "its_score"];
    files.table("left_out.csv", &heads, &score_lines(findings))?;
    let heads = ["without", "stage", "points", "stopped", "share", "tolerance", "effective"];
    let line = |of: &super::StageOf| {
        let stage = &of.stage;
        let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        vec![
            of.without.clone().unwrap_or_default(),
            stage.name.clone(),
            stage.points.to_string(),
            stage.stopped.to_string(),
            stage.share.to_string(),
            number(stage.tolerance),
            number(stage.effective),
        ]
    };
    files.table("stages.csv", &heads, &findings.stages.iter().map(line).collect::<Vec<_>>())
}

/// Scores, a line for each forecast: the model as it is, calibrated on all, calibrated on the others, and each baseline.
fn score_lines(findings: &Findings) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    for row in &findings.scores {
        let mut line = |forecast: &str, score: f64, against: Option<(f64, f64)>| {
            let (own, its) =
                against.map_or((String::new(), String::new()), |(own, its)| (own.to_string(), its.to_string()));
            let about = [row.conflict.clone(), row.kind.id().into(), row.rule.id().into(), row.answers.to_string()];
            lines.push(about.into_iter().chain([forecast.to_owned(), score.to_string(), own, its]).collect());
        };
        line("uncalibrated", row.uncalibrated, None);
        line("calibrated_on_all", row.calibrated, None);
        row.left_out.iter().for_each(|score| line("calibrated_on_others", *score, None));
        for (baseline, its, own) in &row.baselines {
            line(baseline.id(), *its, Some((*own, *its)));
        }
    }
    lines
}

/// The medians of the posterior as a part of a scenario file, with their 95% intervals.
fn behaviour(findings: &Findings) -> String {
    let mut sorted: Vec<&WeightFinding> = findings.weights.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let mut text = format!(
        "# Medians of the posterior of the calibration {}, each with its 95% interval. The weights go together: to draw \
         them, use {}.\n",
        findings.id,
        Folder::POSTERIOR
    );
    let mut section = "";
    for weight in sorted {
        let Some((own, name)) = weight.path.rsplit_once('.') else { continue };
        if own != section {
            section = own;
            let _ = write!(text, "\n[{own}]\n");
        }
        let [low, _, median, _, high] = weight.posterior.map(four_digits);
        let _ = writeln!(
            text,
            "{name} = {{ value = {median}, low = {low}, high = {high}, source = \"calibration {}\" }}",
            findings.id
        );
    }
    text
}

/// A number with four digits that count.
fn four_digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}
