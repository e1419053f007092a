//! `entente replay`: one run of an experiment again, bit for bit.

use super::failure::Failure;
use super::finding::Finding;
use super::options::TellArgs;
use super::replicate::Replicate;
use super::target::{CellArgs, Target, likeness_words, warn_of_other_program};
use crate::analysis::why::{Outcome, RunAccount, Witness};
use crate::base::PairId;
use crate::base::number::count;
use crate::chart::{Chart, Heading};
use crate::engine::{Model, Runner};
use crate::experiment::RunSource;
use crate::measure::{Condition, Keep, RunRecord};
use crate::record::{DecisionsTable, Likeness};
use crate::report::figures::{self, Actors, RunStory};
use crate::report::narrative::chronicle::{Asked, Chronicle, chronicle};
use crate::report::{Document, ListPoint, Table, day, month, words};
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Options of `replay`.
#[derive(Clone, Debug, Args)]
pub struct ReplayArgs {
    #[command(flatten)]
    pub cell: CellArgs,
    /// Number of the replicate from 0, or typical, or by --question: the first that answers yes or no, or of a high or low
    /// amount
    #[arg(long, value_name = "K|typical|yes|no|high|low")]
    pub replicate: Replicate,
    /// With --replicate yes, no, high or low: the question that is answered so
    #[arg(long, value_name = "ID")]
    pub question: Option<String>,
    /// Write every decision with its terms to this file (Parquet)
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Tell the run as a chronicle instead of printing its answers, with a page and charts in the results folder
    #[arg(long)]
    pub story: bool,
    #[command(flatten)]
    pub tell: TellArgs,
}

/// Runs it again.
///
/// # Errors
/// If there is no such run, or files cannot be read or written.
pub fn replay(args: &ReplayArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let target = args.cell.open()?;
    if let (Some(id), Replicate::Number(_) | Replicate::Typical) = (&args.question, args.replicate) {
        return Err(Failure::input(format!("--question {id} goes with --replicate yes, no, high or low only")));
    }
    let replicate = args.replicate.number(&target, args.question.as_deref())?;
    let target = target.of_replicate(replicate)?;
    warn_of_other_program(&target);
    let model = Model::asking(&target.scenario, target.questions.clone());
    let mut witness = Witness::new(None);
    let record = target.run(replicate);
    Runner::new(&model, Keep::ANSWERS).run_traced(target.seed(), replicate, &mut witness);
    let account = witness.account;
    let alike = target.compare(&record)?;
    let decisions = args.trace.as_ref().map(|path| write_trace(path, &target, &account)).transpose()?;
    let story = args.story.then(|| chronicle(&target.scenario.setting, &asked(&target), &account));
    let json = as_json(&target, &record, &alike, story.as_ref());
    let mut page = heading(&target, &record, &alike);
    let mut charts = Vec::new();
    if story.is_some() && !args.tell.charts.no_charts {
        charts = draw(&target, &record)?;
        charts.iter().for_each(|chart| {
            page.chart(&**chart);
        });
    }
    match &story {
        Some(story) => tell_story(story, &mut page),
        None => answers(&target, &record, &mut page),
    }
    if let (Some(path), Some(rows)) = (&args.trace, decisions) {
        page.words(format!("{} decisions in {}", count(rows as f64), path.display()));
    }
    if charts.is_empty() {
        return args.tell.print.print(&page, &[], || json, out);
    }
    page.rest().use_with_care();
    let finding = Finding::create(target.finding("replay", "story", [("replicate", replicate.to_string())]))?;
    finding.tell(&target.results, (page, charts), json, args.tell, out)
}

/// The timeline of a run and the ground that changes hands in it, from the recorded events.
///
/// # Errors
/// If they cannot be read.
fn draw(target: &Target, record: &RunRecord) -> Result<Vec<Box<dyn Chart>>, Failure> {
    let (scenario, layout) = (&target.scenario, target.source.layout());
    let replicate = record.replicate;
    let events = target.results.events_of(target.point, &target.variant, replicate)?;
    let actors = Actors::new(scenario, layout);
    let run = format!("replicate {replicate}, seed {}, {}", target.seed(), target.cell_words());
    let heading =
        Heading::new(format!("One future: replicate {replicate}"), format!("{} · {run}", scenario.file.scenario.title));
    Ok(figures::story(&RunStory { scenario, layout, actors: &actors, heading, events: &events }, replicate))
}

fn write_trace(path: &Path, target: &Target, account: &RunAccount) -> Result<u64, Failure> {
    let ids: Vec<String> = target.scenario.setting.factions.values().iter().map(|traits| traits.id.clone()).collect();
    let mut table = DecisionsTable::create(path, &ids, target.calendar())?;
    for (decision, yes) in account.decisions() {
        table.decision(decision, yes)?;
    }
    Ok(table.finish()?.0)
}

/// Who and what the questions ask about.
fn asked(target: &Target) -> Asked {
    let mut asked = Asked::default();
    for question in &target.questions {
        let Ok(outcome) = Outcome::of_question(&target.scenario.setting, question) else { continue };
        let pairs = outcome.member_pairs(&target.scenario.setting);
        asked.pairs.extend(pairs.into_iter().map(|(a, b)| PairId::of(a, b)));
        if let Condition::Controls { zone, .. } = outcome.condition {
            asked.zones.push(zone);
        }
    }
    asked
}

fn heading(target: &Target, record: &RunRecord, alike: &Likeness) -> Document {
    let run = format!("replicate {}, seed {}, {}", record.replicate, target.seed(), target.cell_words());
    let mut page = Document::new(target.scenario.file.scenario.title.clone(), run);
    page.words(likeness_words(alike));
    if let Some(failure) = &record.failure {
        page.caution(format!("the run failed: {failure}"));
    }
    page
}

fn answers(target: &Target, record: &RunRecord, page: &mut Document) {
    let mut table = Table::new(["Question"], ["Answer"]);
    for (question, answer) in target.questions.iter().zip(&record.answers) {
        let value = match (question.yes_no(), answer.value > 0.5, answer.step) {
            (true, true, Some(step)) => format!("yes, {}", day(target.calendar().date_of(step))),
            (true, true, None) => "yes".into(),
            (true, false, _) => "no".into(),
            (false, ..) => words::quantity(question.unit(), answer.value),
        };
        table.row([target.question_text(&question.id), value]);
    }
    page.table(table);
    if !record.coalitions.is_empty() {
        page.words(format!("Allied at the horizon: {}", record.coalitions));
    }
}

fn tell_story(story: &Chronicle, page: &mut Document) {
    let mut points: Vec<ListPoint> = Vec::new();
    for (place, entry) in story.entries.iter().enumerate() {
        let (year, of_year, number) = entry.date.parts();
        let secret = if entry.public { "" } else { " (in secret)" };
        points.push(ListPoint::new(format!("{number}: {}{secret}.", entry.text), &entry.weighed));
        let goes_on = story.entries.get(place + 1).is_some_and(|next| {
            let (same_year, same_month, _) = next.date.parts();
            (same_year, same_month) == (year, of_year)
        });
        if !goes_on {
            page.heading(month(entry.date)).list(std::mem::take(&mut points));
        }
    }
    if story.talks_left_out + story.zones_left_out > 0 {
        let counted = |count: usize, one: &str, more: &str| match count {
            0 => None,
            1 => Some(format!("one {one}")),
            _ => Some(format!("{count} {more}")),
        };
        let talks = counted(story.talks_left_out, "round of talks", "rounds of talks")
            .map(|talks| format!("{talks} without a deal between parties that no question asks about"));
        let zones = counted(story.zones_left_out, "change of hands", "changes of hands")
            .map(|zones| format!("{zones} of lesser zones"));
        let left_out: Vec<String> = [talks, zones].into_iter().flatten().collect();
        page.words(format!("Not told: {}.", left_out.join(", and ")));
    }
}

fn as_json(target: &Target, record: &RunRecord, alike: &Likeness, story: Option<&Chronicle>) -> serde_json::Value {
    let date = |step: u32| target.calendar().date_of(step).to_string();
    let answers: Vec<_> = (target.questions.iter().zip(&record.answers))
        .map(|(question, answer)| match question.yes_no() {
            true => json!({ "question": question.id, "yes": answer.value > 0.5, "date": answer.step.map(date) }),
            false => json!({ "question": question.id, "amount": answer.value }),
        })
        .collect();
    let story = story.map(|story| {
        let entry = |entry: &crate::report::narrative::chronicle::ChronicleEntry| {
            json!({ "date": entry.date.to_string(), "text": entry.text, "public": entry.public, "weighed": entry.weighed })
        };
        story.entries.iter().map(entry).collect::<Vec<_>>()
    });
    json!({
        "experiment": target.results.manifest().experiment,
        "variant": target.variant,
        "point": target.point,
        "replicate": record.replicate,
        "seed": target.seed(),
        "identical": match alike { Likeness::Same => Some(true), Likeness::Different(_) => Some(false), Likeness::Missing => None },
        "failure": record.failure,
        "answers": answers,
        "coalitions": record.coalitions,
        "story": story,
    })
}
