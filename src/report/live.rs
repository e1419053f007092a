//! What a page of results knows of its scenario, so that it can be played with: `web/src/contract.ts` is the other side.

use super::figures::{Actors, ReportedRuns, drawn_zones};
use super::naming::{capital, input};
use crate::base::number::{Format, count};
use crate::base::program;
use crate::chart::{ZoneLand, zone_lands};
use crate::experiment::PlannedVariant;
use crate::live::OpenRequest;
use crate::measure::{Question, answer_column};
use crate::record::{Manifest, QuestionRow, RecordError, RunKey};
use crate::scenario::file::Variant;
use crate::scenario::{Input, JointTable, Scenario, Unsure};
use crate::world::Stance;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Of how many replicates the answers are on the page: those that a change is tried on, and some more.
const KEPT: u64 = 256;

/// All that a page knows without an engine.
#[derive(Debug, Serialize)]
pub struct PageData {
    program: String,
    title: String,
    scenario: String,
    seed: String,
    first: u64,
    replicates: u64,
    engine: OpenRequest,
    start: String,
    end: String,
    steps: u32,
    days: u32,
    answers: Vec<PageAnswer>,
    values: Vec<Vec<Option<f64>>>,
    typical: Option<u64>,
    levers: Vec<PageLever>,
    variants: Vec<PageVariant>,
    actors: Vec<PageActor>,
    zones: Vec<PageZone>,
    closed: Vec<(usize, usize)>,
    stances: Vec<&'static str>,
    options: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct PageUnit {
    format: &'static str,
    word: String,
}

#[derive(Debug, Serialize)]
struct PageAnswer {
    id: String,
    question: String,
    text: String,
    label: String,
    group: String,
    headline: bool,
    yes_no: bool,
    unit: PageUnit,
    whole: Option<PageEstimate>,
}

/// What all runs give.
#[derive(Debug, Serialize)]
struct PageEstimate {
    value: f64,
    low: f64,
    high: f64,
    runs: u64,
}

#[derive(Debug, Serialize)]
struct PageLever {
    path: String,
    name: String,
    group: String,
    unit: PageUnit,
    low: Option<f64>,
    /// Whether the runs hold it at `best`, because their changes set it.
    held: bool,
    best: Option<f64>,
    high: Option<f64>,
    whole: bool,
    choices: Vec<f64>,
    names: Vec<String>,
    stands: Option<String>,
    source: String,
}

#[derive(Debug, Serialize)]
struct PageVariant {
    id: String,
    title: String,
    theory: bool,
    changes: Vec<String>,
    paths: Vec<String>,
}

#[derive(Debug, Serialize)]
struct PageActor {
    id: String,
    name: String,
    full: String,
    colour: String,
    umbrella: Option<String>,
    kind: &'static str,
}

#[derive(Debug, Serialize)]
struct PageZone {
    id: String,
    name: String,
    position: (f64, f64),
    town_of: Option<usize>,
    country: String,
    named: bool,
    areas: Vec<Vec<Vec<(f64, f64)>>>,
}

impl PageData {
    /// What the engine is opened with.
    pub fn into_engine(self) -> OpenRequest {
        self.engine
    }
}

/// What the page of some runs knows, of which one is the typical.
///
/// # Errors
/// If the results cannot be read.
pub fn page_data(runs: &ReportedRuns<'_>, typical: Option<u64>) -> Result<PageData, RecordError> {
    let (manifest, scenario) = (runs.results.manifest(), runs.scenario);
    let draws = (manifest.inputs.clone(), runs.results.joint()?);
    let is_baseline = runs.variant == PlannedVariant::BASELINE;
    let engine = OpenRequest::of(scenario, is_baseline, draws, manifest.seed).map_err(RecordError::Scenario)?;
    let inputs = scenario.inputs();
    let is_told = |variant: &&Variant| engine.blueprint.variants().any(|id| id == variant.id);
    let variants = scenario.file.variant.iter().filter(is_told);
    let variants = variants.map(|variant| page_variant(scenario, &inputs, variant)).collect();
    let calendar = scenario.setting.calendar;
    let file = &scenario.file;
    Ok(PageData {
        program: format!("entente {}", program::VERSION),
        title: file.scenario.title.clone(),
        scenario: file.scenario.id.clone(),
        seed: manifest.seed.to_string(),
        engine,
        first: manifest.first,
        replicates: manifest.replicates,
        start: calendar.start().to_string(),
        end: calendar.end().to_string(),
        steps: calendar.steps(),
        days: calendar.step_days(),
        answers: answers(runs)?,
        values: values(runs)?,
        typical,
        levers: levers(scenario, &inputs),
        variants,
        actors: actors(scenario, &runs.actors),
        zones: zones(runs),
        closed: super::figures::closed(&scenario.setting, &scenario.file.zones_and_towns()),
        stances: Stance::ALL.map(Stance::word).to_vec(),
        options: options(manifest, scenario),
    })
}

/// What a command that runs the same has to be told beside the scenario.
fn options(manifest: &Manifest, scenario: &Scenario) -> Vec<&'static str> {
    match &manifest.inputs {
        None => vec!["--inputs", "best"],
        Some(drawn) if drawn.joint.is_some() && scenario.file.scenario.joint_inputs.is_none() => {
            vec!["--inputs", JointTable::NAME]
        }
        Some(_) => Vec::new(),
    }
}

/// The answers in the order in which a run gives them.
fn answers(runs: &ReportedRuns<'_>) -> Result<Vec<PageAnswer>, RecordError> {
    let mut list: Vec<(usize, PageAnswer)> = Vec::new();
    let rows = runs.results.questions()?;
    let own = rows.iter().filter(|row| row.variant == runs.variant);
    let by_id: BTreeMap<&str, &QuestionRow> = own.map(|row| (row.question.as_str(), row)).collect();
    let whole = |id: &str| {
        let row = by_id.get(id)?;
        Some(PageEstimate { value: row.probability.or(row.median)?, low: row.low?, high: row.high?, runs: row.n })
    };
    for group in runs.scenario.question_groups() {
        for question in &group.questions {
            let (format, word) = super::words::written(question.unit);
            list.extend(question.answers.iter().map(|answer| {
                let told = PageAnswer {
                    id: answer.id.clone(),
                    question: question.id.clone(),
                    text: question.text.clone(),
                    label: answer.when.clone(),
                    group: group.name.clone().unwrap_or_default(),
                    headline: question.headline,
                    yes_no: question.yes_no(),
                    unit: PageUnit { format: written_as(format), word: word.to_owned() },
                    whole: whole(&answer.id),
                };
                (answer.index, told)
            }));
        }
    }
    list.sort_by_key(|(index, _)| *index);
    Ok(list.into_iter().map(|(_, answer)| answer).collect())
}

fn written_as(format: Format) -> &'static str {
    match format {
        Format::Percent => "percent",
        Format::Count => "count",
    }
}

/// By answer the values of the first replicates.
fn values(runs: &ReportedRuns<'_>) -> Result<Vec<Vec<Option<f64>>>, RecordError> {
    let results = runs.results;
    let variant = results.manifest().variants.iter().position(|id| id == runs.variant).unwrap_or(0);
    let (first, kept) = (results.manifest().first, KEPT.min(results.manifest().replicates));
    let counts = |key: &RunKey| {
        key.point == 0 && key.variant as usize == variant && (first..first + kept).contains(&key.replicate)
    };
    let keys = results.run_keys()?;
    let rows: Vec<(usize, &RunKey)> = keys.iter().enumerate().filter(|(_, key)| counts(key)).collect();
    let of = |question: &Question| {
        let column = results.run_numbers(&answer_column(&question.id))?;
        let mut values = vec![None; kept as usize];
        for (row, key) in &rows {
            values[(key.replicate - first) as usize] =
                Some(column[*row]).filter(|value| !key.failed && !value.is_nan());
        }
        Ok(values)
    };
    runs.scenario.questions.iter().map(of).collect()
}

/// The uncertainties, as levers.
fn levers(scenario: &Scenario, inputs: &[Input]) -> Vec<PageLever> {
    let lever = |unsure: Unsure| {
        let known = inputs.iter().find(|input| input.path == unsure.path);
        let range = scenario.range_of(&unsure.path).ok();
        let stands = known.and_then(|input| input.value.as_str()).map(str::to_owned);
        let now = known.and_then(|input| input.value.as_f64());
        // What the runs set is no longer drawn, and may lie beyond its range.
        let held = scenario.is_set(&unsure.path);
        let to = |end: Option<f64>, furthest: fn(f64, f64) -> f64| match (held, end, now) {
            (true, Some(end), Some(now)) => Some(furthest(end, now)),
            _ => end,
        };
        PageLever {
            name: capital(&input(scenario, &unsure.path)),
            group: section(&unsure.path),
            unit: PageUnit {
                format: written_as(Format::Count),
                word: range.as_ref().map_or_else(String::new, |range| range.unit().to_owned()),
            },
            low: to(unsure.low, f64::min),
            best: if held { now } else { unsure.best.or(now) },
            high: to(unsure.high, f64::max),
            held,
            whole: range.is_some_and(|range| range.is_whole()),
            choices: if unsure.names.is_empty() { unsure.choices } else { Vec::new() },
            names: unsure.names,
            stands,
            source: known.and_then(|input| input.source.clone()).unwrap_or_default(),
            path: unsure.path,
        }
    };
    scenario.uncertainties().into_iter().map(lever).collect()
}

/// What an input is one of: "factions", "behaviour".
fn section(path: &str) -> String {
    match path.split('.').next() {
        Some("faction") => "Factions",
        Some("umbrella") => "Umbrellas",
        Some("zone") => "Zones",
        Some("community") => "Communities",
        Some("relation") => "Relations",
        Some("accord") => "Accords",
        Some("event") => "Events",
        Some("behaviour") => "Behaviour",
        _ => "Scenario",
    }
    .to_owned()
}

/// A variant with what it changes, in words.
fn page_variant(scenario: &Scenario, inputs: &[Input], variant: &Variant) -> PageVariant {
    PageVariant {
        id: variant.id.clone(),
        title: variant.title.clone(),
        theory: variant.theory,
        changes: variant.changes.iter().map(|(path, to)| change(scenario, inputs, path, to)).collect(),
        paths: variant.changes.keys().cloned().collect(),
    }
}

fn change(scenario: &Scenario, inputs: &[Input], path: &str, to: &Json) -> String {
    let name = capital(&input(scenario, path));
    match inputs.iter().find(|input| input.path == path) {
        Some(known) => format!("{name}: {} → {}", value(&known.value), value(to)),
        None => format!("{name}: {}", value(to)),
    }
}

fn value(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.as_f64().map_or_else(|| number.to_string(), count),
        other => other.to_string(),
    }
}

fn actors(scenario: &Scenario, drawn: &Actors) -> Vec<PageActor> {
    let file = &scenario.file;
    let actor = |id: &str| -> Option<(String, &'static str, Option<String>)> {
        if let Some(umbrella) = file.umbrella.iter().find(|umbrella| umbrella.id == id) {
            return Some((umbrella.name.clone(), "umbrella", None));
        }
        let faction = file.faction.iter().find(|faction| faction.id == id)?;
        let umbrella = file.umbrella.iter().find(|umbrella| umbrella.members.contains(&faction.id));
        Some((faction.name.clone(), "faction", umbrella.map(|umbrella| umbrella.id.clone())))
    };
    let told = drawn.all().iter().map(|(id, party)| {
        let (full, kind, umbrella) = actor(id).unwrap_or_else(|| (party.name.clone(), "faction", None));
        let [red, green, blue] = party.colour.channels;
        let colour = format!("#{red:02x}{green:02x}{blue:02x}");
        PageActor { id: id.clone(), name: party.name.clone(), full, colour, umbrella, kind }
    });
    told.collect()
}

fn zones(runs: &ReportedRuns<'_>) -> Vec<PageZone> {
    let drawn = drawn_zones(runs);
    let lands = zone_lands(&drawn);
    let ids = runs.scenario.file.zones_and_towns();
    // A ten-thousandth of a degree is some ten metres.
    let rounded = |(x, y): (f64, f64)| ((x * 1e4).round() / 1e4, (y * 1e4).round() / 1e4);
    let zone = |((zone, land), id): ((crate::chart::MapZone, ZoneLand), String)| PageZone {
        id,
        name: zone.name,
        position: rounded(land.centre),
        town_of: zone.town_of,
        country: zone.country,
        named: zone.named,
        areas: (land.areas.into_iter())
            .map(|area| area.into_iter().map(|ring| ring.into_iter().map(rounded).collect()).collect())
            .collect(),
    };
    drawn.into_iter().zip(lands).zip(ids).map(zone).collect()
}
