//! One run of some results again, bit for bit: its answers and its story.

use super::AnalysisError;
use crate::analysis::why::{Outcome, RunAccount, Witness};
use crate::base::PairId;
use crate::chart::{Chart, Heading};
use crate::engine::{Model, Runner};
use crate::experiment::{RunSource, Target};
use crate::measure::{Condition, Keep, RunRecord};
use crate::record::{EventEntry, Likeness, RecordError, lines};
use crate::report::figures::{self, Actors, RunStory};
use crate::report::fill::provenance;
use crate::report::insight::Insight;
use crate::report::narrative::chronicle::{Asked, Chronicle, ChronicleEntry, chronicle};
use crate::report::{Block, Document, ListPoint, Table, day, month, words};
use serde_json::json;

/// A run that was done again.
pub struct Replayed {
    /// The point and variant, with the scenario that the replicate ran.
    pub target: Target,
    /// What came of it.
    pub record: RunRecord,
    /// How it compares with what was recorded.
    pub alike: Likeness,
    /// What was decided in it.
    pub account: RunAccount,
}

/// Does a run again.
///
/// # Errors
/// If there is no such replicate, or the results cannot be read.
pub fn replay(target: Target, replicate: u64) -> Result<Replayed, AnalysisError> {
    target.check_replicate(replicate)?;
    let target = target.of_replicate(replicate)?;
    let model = Model::asking(&target.scenario, target.questions.clone());
    let mut witness = Witness::new(None);
    let record = target.run(replicate);
    Runner::new(&model, Keep::ANSWERS).run_traced(target.seed(), replicate, &mut witness);
    let alike = target.compare(&record)?;
    Ok(Replayed { target, record, alike, account: witness.account })
}

/// What is said when a replay is compared with what was recorded.
pub fn likeness_words(likeness: &Likeness) -> String {
    match likeness {
        Likeness::Same => "Identical to the recorded run, to the bit.".into(),
        Likeness::Different(what) => format!("NOT the recorded run: {what}."),
        Likeness::Missing => "The folder has no record of this run to compare it with.".into(),
    }
}

impl Replayed {
    /// What happened, as it is told.
    pub fn story(&self) -> Chronicle {
        chronicle(&self.target.scenario.setting, &asked(&self.target), &self.account)
    }

    /// Which run it is, and whether it is the recorded one: the beginning of a page.
    pub fn heading(&self) -> Document {
        heading(&self.target, &self.record, &self.alike)
    }

    /// Adds that it is the recorded run, and how that was made.
    pub fn made(&self, page: &mut Document) {
        made(&self.target, &self.alike, page);
    }

    /// Adds its answers to a page.
    pub fn answers(&self, page: &mut Document) {
        answers(&self.target, &self.record, page);
    }

    /// All of it: answers, story and charts, with what happened as a table.
    ///
    /// # Errors
    /// If the recorded events cannot be read.
    pub fn insight(&self) -> Result<Insight, RecordError> {
        let (target, story) = (&self.target, self.story());
        let mut document = self.heading();
        document.push(Block::Contents);
        self.answers(&mut document);
        story.tell(&mut document);
        let charts = self.charts()?;
        document.heading("Charts");
        charts.iter().for_each(|chart| {
            document.chart(&**chart);
        });
        self.made(&mut document);
        document.rest().use_with_care();
        let events = target.results.events_of(target.point, &target.variant, self.record.replicate)?;
        let row = |event: &EventEntry| {
            let EventEntry { date, week, kind, who, other, from, to, public } = event.clone();
            (date.to_string(), week, kind, who, other, from, to, public)
        };
        let rows: Vec<_> = events.iter().map(row).collect();
        let heads = ["date", "week", "kind", "who", "other", "from", "to", "public"];
        let tables = vec![("events.csv".to_owned(), lines(&heads, &rows)?)];
        Ok(Insight { document, charts, tables, json: self.json(Some(&story)) })
    }

    /// Everything for programs.
    pub fn json(&self, story: Option<&Chronicle>) -> serde_json::Value {
        as_json(&self.target, &self.record, &self.alike, story)
    }

    /// The timeline of the run and the ground that changes hands in it, from the recorded events.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn charts(&self) -> Result<Vec<Box<dyn Chart>>, RecordError> {
        draw(&self.target, &self.record)
    }
}

impl Chronicle {
    /// Adds the story to a page.
    pub fn tell(&self, page: &mut Document) {
        tell_story(self, page);
    }
}

fn draw(target: &Target, record: &RunRecord) -> Result<Vec<Box<dyn Chart>>, RecordError> {
    let (scenario, layout) = (&target.scenario, target.source.layout());
    let replicate = record.replicate;
    let events = target.results.events_of(target.point, &target.variant, replicate)?;
    let actors = Actors::new(scenario, layout);
    let run = format!("replicate {replicate}, seed {}, {}", target.seed(), target.cell_words());
    let heading =
        Heading::new(format!("One future: replicate {replicate}"), format!("{} · {run}", scenario.file.scenario.title));
    Ok(figures::story(&RunStory { scenario, layout, actors: &actors, heading, events: &events }, replicate))
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
    let title = format!("One future, replicate {}: {}", record.replicate, target.scenario.file.scenario.title);
    let mut page = Document::new(title, run);
    page.no_forecast();
    if !matches!(alike, Likeness::Same) {
        page.caution(likeness_words(alike));
    }
    if let Some(failure) = &record.failure {
        page.caution(format!("the run failed: {failure}"));
    }
    page
}

fn made(target: &Target, alike: &Likeness, page: &mut Document) {
    page.heading("How it was made").words("One run of the results, done again from its seed with the same inputs.");
    if matches!(alike, Likeness::Same) {
        page.words(likeness_words(alike));
    }
    page.rest().facts(provenance(target.results.manifest()));
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
    if !story.entries.is_empty() {
        page.heading("What happened");
    }
    for (place, entry) in story.entries.iter().enumerate() {
        let (year, of_year, number) = entry.date.parts();
        let secret = if entry.public { "" } else { " (in secret)" };
        points.push(ListPoint::new(format!("{number}: {}{secret}.", entry.text), &entry.weighed));
        let goes_on = story.entries.get(place + 1).is_some_and(|next| {
            let (same_year, same_month, _) = next.date.parts();
            (same_year, same_month) == (year, of_year)
        });
        if !goes_on {
            page.subheading(month(entry.date)).list(std::mem::take(&mut points));
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
        let entry = |entry: &ChronicleEntry| {
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
