//! `entente explain` over an ensemble.

use super::explain_args::ExplainArgs;
use super::failure::Failure;
use super::finding::{Finding, figure};
use super::summary::Format;
use super::target::Target;
use super::text::{self, Columns};
use crate::analysis::answers::CONFIDENCE;
use crate::analysis::interval::wilson;
use crate::analysis::why::{Ablation, Grounds, Observed, Outcome, cases, contrasts, model, observed, spreads};
use crate::chart::Chart;
use crate::experiment::Source;
use crate::report::explained::Told;
use crate::report::explained::many::{Findings, band};
use crate::report::telling::{Names, cause, happening};
use crate::report::{Block, Narrative};
use serde::Serialize;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

/// How many happenings are printed.
const PRINTED: usize = 12;

#[derive(Serialize)]
struct ContrastRow {
    what: String,
    cases: f64,
    others: f64,
    difference: f64,
    low: f64,
    high: f64,
    n: u64,
}

#[derive(Serialize)]
struct SpreadRow<'a> {
    measure: &'a str,
    cases: f64,
    others: f64,
    effect: f64,
    low: f64,
    high: f64,
    n: u64,
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
    share: f64,
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
        answer: format!("yes in {} of {} replicates", found.yes, found.runs),
        run: format!("{} replicates, seed {}, {}", found.runs, target.seed(), target.cell_words()),
    };
    let mut name = outcome.question.id.clone();
    if target.variant != target.results.manifest().variants[0] || target.point != 0 {
        name.push_str(&format!("-{}-{}", target.variant, target.point));
    }
    let finding = Finding::create(&target.results, "explain", &name)?;
    write(target, &found, &finding)?;
    let page = if args.no_charts { None } else { Some(page(target, &found, &told, &finding)?) };
    match args.format {
        Format::Json => {
            let value = json!({
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
                "folder": finding.path().display().to_string(),
            });
            writeln!(out, "{value:#}").map_err(Failure::failed)
        }
        Format::Text if args.quiet => Ok(()),
        Format::Text => {
            let words = words(target, &found, &told, page.as_ref());
            out.write_all(words.as_bytes()).map_err(Failure::failed)
        }
    }
}

fn findings(args: &ExplainArgs, target: &Target, outcome: &Outcome, seen: &Observed) -> Result<Findings, Failure> {
    let setting = &target.scenario.setting;
    let lists: Vec<_> = seen.happenings.iter().map(|(_, list)| list.clone()).collect();
    let compared = contrasts(&seen.outcomes, &lists, CONFIDENCE);
    let mut happened: Vec<_> =
        seen.happenings.iter().zip(compared).filter_map(|((what, _), found)| Some((*what, found?))).collect();
    happened.sort_by(|a, b| b.1.difference.abs().total_cmp(&a.1.difference.abs()));
    let mut measured: Vec<_> = (seen.measures.iter())
        .zip(spreads(&seen.outcomes, &seen.measures, CONFIDENCE))
        .filter_map(|(measure, found)| Some((measure.name.clone(), found?)))
        .collect();
    measured.sort_by(|a, b| b.1.effect.abs().total_cmp(&a.1.effect.abs()));
    let yes: Vec<u64> = (seen.replicates.iter().zip(&seen.outcomes))
        .filter(|(_, moment)| moment.is_some_and(|moment| moment > 0))
        .map(|(replicate, _)| *replicate)
        .collect();
    let wanted = args.cases.min(yes.len());
    let sample: Vec<u64> = (0..wanted).map(|place| yes[place * yes.len() / wanted.max(1)]).collect();
    let model = model(&target.scenario, outcome);
    let grounds = Grounds { setting, behaviour: &target.scenario.behaviour, outcome, events: &seen.events };
    let threads = args.threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(Failure::failed)?;
    let cases = pool.install(|| cases(&model, &grounds, target.seed(), &sample));
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
    let row = |(what, contrast): &(crate::world::Happening, crate::analysis::why::Contrast)| ContrastRow {
        what: happening::sentence(names, what),
        cases: contrast.cases,
        others: contrast.others,
        difference: contrast.difference,
        low: contrast.interval.low,
        high: contrast.interval.high,
        n: contrast.n,
    };
    found.contrasts.iter().map(row).collect()
}

fn fidelity_rows(found: &Findings) -> Vec<FidelityRow<'static>> {
    let row = |(taken_away, (flips, tests)): (&'static str, (u64, u64))| {
        let interval = wilson(flips, tests, CONFIDENCE);
        let share = flips as f64 / tests.max(1) as f64;
        FidelityRow { taken_away, flips, tests, share, low: interval.low, high: interval.high }
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
    let measured = found.spreads.iter().map(|(measure, spread)| SpreadRow {
        measure,
        cases: spread.cases,
        others: spread.others,
        effect: spread.effect,
        low: spread.interval.low,
        high: spread.interval.high,
        n: spread.n,
    });
    finding.table(
        "measures.csv",
        &["measure", "cases", "others", "effect", "low", "high", "n"],
        &measured.collect::<Vec<_>>(),
    )?;
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

/// What is said of how the contrasts were made.
const CONTRASTS: &str = "Each happening just before the outcome, in the runs where it came about, against all runs where it had not by then.";
/// What is said of how causes were tested.
const CAUSES: &str = "Top causes are picked from the record of each run alone, and then taken away in a replay under the same random numbers.";

fn words(target: &Target, found: &Findings, told: &Told, page: Option<&PathBuf>) -> String {
    let setting = &target.scenario.setting;
    let names = Names(setting);
    let mut words = format!("{} · {}\n", target.scenario.file.scenario.title, told.run);
    let share = wilson(found.yes, found.runs, CONFIDENCE);
    words.push_str(&text::paragraph(&told.question));
    words.push_str(&format!(
        "Yes in {} of {} replicates: {} ({} to {}).\n",
        found.yes,
        found.runs,
        text::percent(found.yes as f64 / found.runs.max(1) as f64),
        text::percent(share.low).trim_end_matches('%'),
        text::percent(share.high)
    ));
    if !found.contrasts.is_empty() {
        words.push_str(&format!("\nWhat distinguishes them\n{}", indented(CONTRASTS)));
        let mut table = Columns::new(["", "where yes", "else", "difference", "95% interval"]);
        let sure = found.contrasts.iter().filter(|(_, found)| found.interval.low > 0.0 || found.interval.high < 0.0);
        for (what, contrast) in sure.take(PRINTED) {
            table.row(
                happening::sentence(names, what),
                [
                    text::percent(contrast.cases),
                    text::percent(contrast.others),
                    points(contrast.difference),
                    format!("{} to {}", points(contrast.interval.low), points(contrast.interval.high)),
                ],
            );
        }
        words.push_str(&table.text());
    }
    let sure: Vec<_> = found.spreads.iter().filter(|(_, s)| s.interval.low > 0.0 || s.interval.high < 0.0).collect();
    if !sure.is_empty() {
        words.push_str("\nMeasures of the years before (standardised mean difference)\n");
        let mut table = Columns::new(["", "where yes", "else", "effect", "95% interval"]);
        for (measure, spread) in sure.into_iter().take(PRINTED) {
            let number = |value: f64| format!("{value:+.2}");
            table.row(
                measure.clone(),
                [
                    text::amount(spread.cases),
                    text::amount(spread.others),
                    number(spread.effect),
                    format!("{} to {}", number(spread.interval.low), number(spread.interval.high)),
                ],
            );
        }
        words.push_str(&table.text());
    }
    if !found.cases.is_empty() {
        words.push_str(&format!("\nWhat it hung on, in {} cases\n{}", found.cases.len(), indented(CAUSES)));
        let mut table = Columns::new(["top cause", "cases", "flips"]);
        for top in found.tops(setting) {
            table.row(top.class, [top.cases.to_string(), top.flips.to_string()]);
        }
        words.push_str(&table.text());
        if found.unnamed() > 0 {
            words.push_str(&format!(
                "  Cases in which the record names no cause on which much would hang, not explained: {}.\n",
                found.unnamed()
            ));
        }
        words.push_str("\nHow far the explanations hold: the outcome flips when one takes away\n");
        let mut table = Columns::new(["", "flips", "share", "95% interval"]);
        for row in fidelity_rows(found) {
            let range = format!("{} to {}", text::percent(row.low).trim_end_matches('%'), text::percent(row.high));
            table.row(row.taken_away, [format!("{} of {}", row.flips, row.tests), text::percent(row.share), range]);
        }
        words.push_str(&table.text());
    }
    if let Some(page) = page {
        words.push_str(&format!("\nPage  {}\n", page.display()));
    }
    words
}

fn indented(words: &str) -> String {
    text::wrap(words, text::WIDTH - 2).iter().map(|line| format!("  {line}\n")).collect()
}

/// A difference of shares in percentage points.
fn points(difference: f64) -> String {
    format!("{:+.1}", difference * 100.0)
}

fn page(target: &Target, found: &Findings, told: &Told, finding: &Finding) -> Result<PathBuf, Failure> {
    let setting = &target.scenario.setting;
    let names = Names(setting);
    let mut blocks = Vec::new();
    if !found.cases.is_empty() {
        let charts: Vec<Box<dyn Chart>> = vec![Box::new(found.chart(setting, told))];
        let pictures = finding.charts(&target.results, &charts)?;
        blocks.push(Block::Heading("What it hung on".into()));
        blocks.push(Block::Words(CAUSES.into()));
        let caption = "Left: how often each cause is the one on which most hangs, by the record of the run. Right: how often \
                       taking it away flips the outcome; below, the same for all top causes and for two random baselines.";
        blocks.extend(pictures.iter().map(|picture| Block::Chart(figure(picture, caption))));
        if found.unnamed() > 0 {
            blocks.push(Block::Words(format!(
                "In {} of {} cases the record names no cause on which much would hang: not explained.",
                found.unnamed(),
                found.cases.len()
            )));
        }
        let heads = [("Taken away", false), ("Flips", true), ("Share", true), ("95% interval", true)];
        let rows = found.shares().into_iter().map(|(name, (flips, tests))| {
            let share = band(flips, tests);
            let range = format!("{} to {}", text::percent(share.low), text::percent(share.high));
            vec![name.to_owned(), format!("{flips} of {tests}"), text::percent(share.middle), range]
        });
        blocks.push(Block::Table { heads: heads.map(|(a, b)| (a.to_owned(), b)).into(), rows: rows.collect() });
    }
    blocks.push(Block::Heading("What distinguishes the runs where it came about".into()));
    blocks.push(Block::Words(CONTRASTS.into()));
    let heads =
        [("Had happened", false), ("Where yes", true), ("Else", true), ("Difference", true), ("95% interval", true)];
    let rows = found.contrasts.iter().take(40).map(|(what, contrast)| {
        vec![
            happening::sentence(names, what),
            text::percent(contrast.cases),
            text::percent(contrast.others),
            points(contrast.difference),
            format!("{} to {}", points(contrast.interval.low), points(contrast.interval.high)),
        ]
    });
    blocks.push(Block::Table { heads: heads.map(|(a, b)| (a.to_owned(), b)).into(), rows: rows.collect() });
    let page = Narrative {
        title: format!("Why: {}", told.question),
        subtitle: format!(
            "Yes in {} of {} · {} · {}",
            found.yes, found.runs, told.run, target.scenario.file.scenario.title
        ),
        cautions: Vec::new(),
        blocks,
    };
    finding.page(&page)
}
