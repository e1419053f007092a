//! `entente explain` of one replicate.

use super::explain_args::ExplainArgs;
use super::failure::Failure;
use super::finding::{Finding, figure};
use super::summary::Format;
use super::target::Target;
use super::text;
use crate::analysis::why::{Again, Explanation, Grounds, Outcome, explain as find, is_rising, model, observed};
use crate::chart::Chart;
use crate::experiment::Source;
use crate::measure::Condition;
use crate::report::explained::{Told, one};
use crate::report::telling::happening::deal;
use crate::report::telling::{Names, cause, happening};
use crate::report::{Block, Narrative, day};
use serde::Serialize;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

/// How many tested causes are printed.
const PRINTED: usize = 12;
/// How many decisions that came near are printed.
const NEAREST: usize = 6;

/// A tested cause, as a row of `causes.csv` and in JSON.
#[derive(Serialize)]
struct Row {
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

/// Explains an outcome in a replicate, prints it, and writes it into the results folder.
pub fn explain(
    args: &ExplainArgs,
    target: &Target,
    replicate: u64,
    outcome: &Outcome,
    out: &mut dyn Write,
) -> Result<(), Failure> {
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
        return Err(Failure::failed(format!("replicate {replicate} failed: {failure}")));
    }
    let told = Told {
        question: question(target, outcome),
        answer: answer(target, &found),
        run: format!("replicate {replicate}, seed {}, {}", target.seed(), target.cell_words()),
    };
    let rows = rows(target, &found);
    let mut name = format!("{}-{replicate}", outcome.question.id);
    if target.variant != target.results.manifest().variants[0] || target.point != 0 {
        name.push_str(&format!("-{}-{}", target.variant, target.point));
    }
    let finding = Finding::create(&target.results, "explain", &name)?;
    finding.table(
        "causes.csv",
        &["rank", "cause", "kind", "date", "estimate", "flips", "yes_date", "last_step", "last_step_before", "instead"],
        &rows,
    )?;
    let page = if args.no_charts { None } else { Some(page(target, outcome, &found, &told, &finding)?) };
    if args.format == Format::Json {
        let value = json!({
            "question": outcome.question.id,
            "text": told.question,
            "replicate": replicate,
            "variant": target.variant,
            "point": target.point,
            "seed": target.seed(),
            "yes": found.was.yes_at.is_some(),
            "date": found.was.yes_at.map(|moment| setting.calendar.date_of(moment).to_string()),
            "chain": one::steps(setting, &found).iter().map(|step| json!({
                "date": setting.calendar.date_of(step.step).to_string(), "text": step.text, "weighed": step.weighed,
            })).collect::<Vec<_>>(),
            "causes": rows,
            "folder": finding.path().display().to_string(),
        });
        return writeln!(out, "{value:#}").map_err(Failure::failed);
    }
    if args.quiet {
        return Ok(());
    }
    let words = words(target, &found, &told, page.as_ref());
    out.write_all(words.as_bytes()).map_err(Failure::failed)
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

fn answer(target: &Target, found: &Explanation) -> String {
    match found.was.yes_at {
        Some(moment) => format!("yes, {}", day(target.scenario.setting.calendar.date_of(moment))),
        None => "no".into(),
    }
}

fn rows(target: &Target, found: &Explanation) -> Vec<Row> {
    let setting = &target.scenario.setting;
    let names = Names(setting);
    let row = |(place, ablation): (usize, &crate::analysis::why::Ablation)| Row {
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

/// What is said before the list of tested causes.
fn method(found: &Explanation) -> &'static str {
    if found.was.yes_at.is_some() {
        "Each cause taken away in a replay of the run under the same random numbers: what flips the outcome comes first."
    } else {
        "Each hindrance taken away in a replay of the run under the same random numbers: what brings it about comes first."
    }
}

/// How often those concerned met, in words.
fn meetings(found: &Explanation) -> Option<String> {
    let hindrances = found.hindrances.as_ref()?;
    let times = |count: usize| match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let mut words = format!(
        "New talks were weighed {}, running ones broken off {}, and talks came to their conclusion {}.",
        times(hindrances.meetings),
        times(hindrances.broken_off),
        times(hindrances.conclusions)
    );
    if !found.ablations.iter().any(|ablation| ablation.flips) {
        words.push_str(" Nothing that was taken away alone brings it about.");
    }
    Some(words)
}

fn words(target: &Target, found: &Explanation, told: &Told, page: Option<&PathBuf>) -> String {
    let setting = &target.scenario.setting;
    let mut words = format!("{} · {}\n", target.scenario.file.scenario.title, told.run);
    words.push_str(&text::paragraph(&format!("{} {}.", told.question, capital(&told.answer))));
    let from_start = found.was.yes_at == Some(0);
    if from_start {
        words.push_str("\nIt was so from the start: nothing in the run led there.\n");
        return words;
    }
    let list = |words: &mut String, steps: &[one::Step]| {
        for step in steps {
            let date = setting.calendar.date_of(step.step).to_string();
            let mut lines = text::wrap(&step.text, text::WIDTH - 16).into_iter();
            words.push_str(&format!("  {date}  {}\n", lines.next().unwrap_or_default()));
            lines.for_each(|line| words.push_str(&format!("                {line}\n")));
            if !step.weighed.is_empty() {
                for (number, line) in text::wrap(&step.weighed, text::WIDTH - 18).iter().enumerate() {
                    let mark = if number == 0 { "·" } else { " " };
                    words.push_str(&format!("                {mark} {line}\n"));
                }
            }
        }
    };
    let steps = one::steps(setting, found);
    if let Some(hindrances) = &found.hindrances {
        words.push_str("\nWhat kept it from happening\n");
        for line in text::wrap(&meetings(found).unwrap_or_default(), text::WIDTH - 2) {
            words.push_str(&format!("  {line}\n"));
        }
        if !hindrances.nearest.is_empty() {
            words.push_str("\nDecisions that came nearest\n");
            let near = &hindrances.nearest[..hindrances.nearest.len().min(NEAREST)];
            list(&mut words, &one::nearest(setting, near));
        }
    } else {
        words.push_str("\nHow it came about\n");
        list(&mut words, &steps);
    }
    words.push_str(&format!("\n{}\n", method(found)));
    for (place, ablation) in found.ablations.iter().take(PRINTED).enumerate() {
        let (what, verdict) = one::tested(setting, ablation, found.was.yes_at.is_some());
        let mark = if ablation.flips { "flips" } else { "     " };
        let mut lines = text::wrap(&what, text::WIDTH - 13).into_iter();
        words.push_str(&format!("  {:>2} {mark}  {}\n", place + 1, lines.next().unwrap_or_default()));
        lines.for_each(|line| words.push_str(&format!("               {line}\n")));
        for line in text::wrap(&verdict, text::WIDTH - 14) {
            words.push_str(&format!("             {line}\n"));
        }
    }
    let left = found.ablations.len().saturating_sub(PRINTED);
    if left > 0 {
        let flips = found.ablations[PRINTED..].iter().filter(|ablation| ablation.flips).count();
        words.push_str(&format!("  and {left} more, {flips} of which flip it, in causes.csv\n"));
    }
    if let Some(page) = page {
        words.push_str(&format!("\nPage  {}\n", page.display()));
    }
    words
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn page(
    target: &Target,
    outcome: &Outcome,
    found: &Explanation,
    told: &Told,
    finding: &Finding,
) -> Result<PathBuf, Failure> {
    let setting = &target.scenario.setting;
    let charts: Vec<Box<dyn Chart>> = vec![Box::new(one::ladder(setting, outcome, found, told))];
    let pictures = finding.charts(&target.results, &charts)?;
    let caption = "Each pair's ladder of stances over time. Numbers are the causes that were tested, at their dates; filled, \
                   the outcome flips without them.";
    let point = |step: &one::Step| {
        let weighed = if step.weighed.is_empty() { Vec::new() } else { vec![step.weighed.clone()] };
        (format!("{}: {}", day(setting.calendar.date_of(step.step)), step.text), weighed)
    };
    let mut blocks = Vec::new();
    match &found.hindrances {
        Some(hindrances) => {
            blocks.push(Block::Heading("What kept it from happening".into()));
            blocks.extend(meetings(found).map(Block::Words));
            blocks.push(Block::List(one::nearest(setting, &hindrances.nearest).iter().map(point).collect()));
        }
        None => {
            blocks.push(Block::Heading("How it came about".into()));
            blocks.push(Block::List(one::steps(setting, found).iter().map(point).collect()));
        }
    }
    blocks.push(Block::Heading("What it hung on".into()));
    blocks.push(Block::Words(method(found).into()));
    blocks.extend(pictures.iter().map(|picture| Block::Chart(figure(picture, caption))));
    let heads = [("", true), ("Taken away", false), ("Flips", false), ("What comes of it", false)];
    let rows = found.ablations.iter().enumerate().map(|(place, ablation)| {
        let (what, verdict) = one::tested(setting, ablation, found.was.yes_at.is_some());
        vec![(place + 1).to_string(), what, if ablation.flips { "yes" } else { "" }.into(), verdict]
    });
    blocks.push(Block::Table {
        heads: heads.map(|(head, number)| (head.to_owned(), number)).into(),
        rows: rows.collect(),
    });
    let page = Narrative {
        title: format!("Why: {}", told.question),
        subtitle: format!("{} · {} · {}", capital(&told.answer), told.run, target.scenario.file.scenario.title),
        cautions: Vec::new(),
        blocks,
    };
    finding.page(&page)
}
