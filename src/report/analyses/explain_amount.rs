//! Why an amount is what it is: in one replicate, and over an ensemble.

use super::{AnalysisError, pool};
use crate::analysis::Estimate;
use crate::analysis::why::{AmountAsked, AmountRuns, Moved, Mover, TypicalAmount, amount_contrasts, can_be_taken_away};
use crate::estimate::CONFIDENCE;
use crate::estimate::difference::jointly;
use crate::experiment::Target;
use crate::measure::Question;
use crate::record::lines;
use crate::report::explained::Told;
use crate::report::explained::amount::{date, document, taken_away, typical, typical_exactly};
use crate::report::explained::amounts::AmountFindings;
use crate::report::insight::Insight;
use crate::report::narrative::{Names, happening};
use crate::report::words::{quantity, several};
use serde::Serialize;
use serde_json::json;

/// How many happenings are taken away over an ensemble.
const REMOVED: usize = 10;

/// Something that was taken away in a run, as a row of `causes.csv` and in JSON.
#[derive(Serialize)]
struct CauseRow {
    cause: String,
    date: Option<String>,
    added: Option<f64>,
    without: Option<f64>,
    alone: f64,
    on_average: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    share_of_runs: Option<f64>,
}

/// A happening over many runs, as a row of `differences.csv` and in JSON.
#[derive(Serialize)]
struct ContrastRow {
    happened: String,
    share_of_runs: f64,
    with: f64,
    without: f64,
    difference: f64,
    low: f64,
    high: f64,
    added: Option<f64>,
    added_low: Option<f64>,
    added_high: Option<f64>,
    tests: Option<u64>,
}

/// Explains an amount in a replicate.
pub fn one(
    target: &Target,
    replicate: u64,
    question: &Question,
    threads: Option<usize>,
) -> Result<Insight, AnalysisError> {
    let setting = &target.scenario.setting;
    let runs = read(target, question)?;
    let pool = pool(threads)?;
    let under = |replicate| target.scenario_of(replicate).ok();
    let asked = AmountAsked { scenario: &target.scenario, under: &under, question, runs: &runs, seed: target.seed() };
    let found = pool.install(|| asked.explain(replicate));
    let found = found.ok_or_else(|| AnalysisError::failed(format!("replicate {replicate} cannot be run again")))?;
    if let Some(failure) = &found.was.failure {
        return Err(AnalysisError::failed(format!("replicate {replicate} failed: {failure}")));
    }
    let unit = question.unit();
    let told = told(
        target,
        question,
        format!("{}, typical {}", quantity(unit, found.was.answer), typical_exactly(unit, &found.typical)),
        format!("replicate {replicate}, seed {}, {}", target.seed(), target.cell_words()),
    );
    let row = |cause: &Moved| CauseRow {
        cause: taken_away(setting, cause),
        date: date(setting, cause).map(|date| date.to_string()),
        added: cause.added,
        without: cause.without,
        alone: cause.alone,
        on_average: cause.on_average.map(|found| found.value),
        low: cause.on_average.map(|found| found.low),
        high: cause.on_average.map(|found| found.high),
        share_of_runs: match cause.mover {
            Mover::Happening { share, .. } => Some(share),
            Mover::Circumstances(_) => None,
        },
    };
    let rows: Vec<CauseRow> = found.causes.iter().chain(&found.against).map(row).collect();
    let heads = ["cause", "date", "added", "without", "alone", "on_average", "low", "high", "share_of_runs"];
    let tables = vec![("causes.csv".to_owned(), lines(&heads, &rows)?)];
    let json = json!({
        "question": question.id,
        "text": told.question,
        "replicate": replicate,
        "variant": target.variant,
        "point": target.point,
        "seed": target.seed(),
        "amount": found.was.answer,
        "typical": { "median": found.typical.middle, "low": found.typical.low, "high": found.typical.high },
        "candidates": found.candidates,
        "tested": found.tested,
        "random_decision": found.noise,
        "leap": found.leap.map(|(step, leap)| json!({ "date": setting.calendar.date_of(step).to_string(), "by": leap })),
        "causes": rows,
        "unexplained": found.unexplained(),
    });
    let (document, charts) = document(setting, unit, &found, &told);
    Ok(Insight { document, charts, tables, json })
}

/// Explains an amount over the runs of a point and variant, in `most` of which something is taken away.
pub fn many(
    target: &Target,
    question: &Question,
    most: usize,
    threads: Option<usize>,
) -> Result<Insight, AnalysisError> {
    let setting = &target.scenario.setting;
    let runs = read(target, question)?;
    let unit = question.unit();
    let lists: Vec<_> = runs.happenings.iter().map(|(_, list)| list.clone()).collect();
    let compared = amount_contrasts(&runs.amounts, &lists, CONFIDENCE).into_iter().flatten().count();
    // For all of them together (Bonferroni).
    let confidence = jointly(compared);
    let mut contrasts: Vec<_> = (runs.happenings.iter().zip(amount_contrasts(&runs.amounts, &lists, confidence)))
        .filter_map(|((what, _), found)| Some((*what, found.filter(|found| found.difference.has_sign())?)))
        .collect();
    let sure = |found: &Estimate| found.low.abs().min(found.high.abs());
    contrasts.sort_by(|a, b| sure(&b.1.difference).total_cmp(&sure(&a.1.difference)));
    let under = |replicate| target.scenario_of(replicate).ok();
    let asked = AmountAsked { scenario: &target.scenario, under: &under, question, runs: &runs, seed: target.seed() };
    let each = most.div_ceil(REMOVED);
    let pool = pool(threads)?;
    let (added, usual) = pool.install(|| {
        let mut left = REMOVED;
        let mut added = Vec::new();
        for (what, _) in &contrasts {
            let tried = left > 0 && can_be_taken_away(what);
            left -= usize::from(tried);
            let list = if tried { asked.remove(what, each) } else { Vec::new() };
            added.push((list.len() > 1).then(|| Estimate::mean(&list, CONFIDENCE)));
        }
        (added, asked.in_usual_times(most))
    });
    let middle = TypicalAmount::of(&runs.amounts).ok_or_else(|| AnalysisError::failed("all runs failed"))?;
    let found = AmountFindings { contrasts, added, all: middle, usual: TypicalAmount::of(&usual) };
    let told = told(
        target,
        question,
        format!("typical {}, over {}", typical(unit, &middle), several(runs.amounts.len(), "replicate")),
        format!("seed {}, {}", target.seed(), target.cell_words()),
    );
    let rows: Vec<ContrastRow> = (found.contrasts.iter().enumerate())
        .map(|(place, (what, contrast))| {
            let added = found.added.get(place).copied().flatten();
            ContrastRow {
                happened: happening::sentence(Names(setting), what),
                share_of_runs: contrast.share,
                with: contrast.with,
                without: contrast.without,
                difference: contrast.difference.value,
                low: contrast.difference.low,
                high: contrast.difference.high,
                added: added.map(|added| added.value),
                added_low: added.map(|added| added.low),
                added_high: added.map(|added| added.high),
                tests: added.map(|added| added.n),
            }
        })
        .collect();
    let heads = [
        "happened",
        "share_of_runs",
        "with",
        "without",
        "difference",
        "low",
        "high",
        "added",
        "added_low",
        "added_high",
        "tests",
    ];
    let tables = vec![("differences.csv".to_owned(), lines(&heads, &rows)?)];
    let json = json!({
        "question": question.id,
        "text": told.question,
        "variant": target.variant,
        "point": target.point,
        "runs": runs.amounts.len(),
        "typical": { "median": middle.middle, "low": middle.low, "high": middle.high },
        "in_usual_times": found.usual.map(|usual| json!({ "median": usual.middle, "low": usual.low, "high": usual.high })),
        "compared": compared,
        "differences": rows,
    });
    let (document, charts) = found.document(setting, unit, &told);
    Ok(Insight { document, charts, tables, json })
}

/// The runs with their amounts.
///
/// # Errors
/// If there are none, or all have the same amount: then there is nothing to explain.
fn read(target: &Target, question: &Question) -> Result<AmountRuns, AnalysisError> {
    let runs = AmountRuns::read(&target.results, (target.point, &target.variant), &target.scenario.setting, question)?;
    let (id, unit) = (&question.id, question.unit());
    let Some(first) = runs.amounts.first() else {
        return Err(AnalysisError::input(format!("no run of {} has an amount for `{id}`", target.cell_words())));
    };
    if runs.amounts.iter().all(|amount| (amount - first).abs() < 1e-12) {
        let amount = quantity(unit, *first);
        let all = several(runs.amounts.len(), "run");
        return Err(AnalysisError::input(format!(
            "`{id}` is {amount} in all of {all}: there is no difference to explain; see `entente compare` for what a change would do"
        )));
    }
    Ok(runs)
}

fn told(target: &Target, question: &Question, answer: String, run: String) -> Told {
    let scenario = target.scenario.file.scenario.title.clone();
    Told { question: target.question_text(&question.id), answer, run, scenario }
}
