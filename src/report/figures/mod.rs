//! From a results folder to the charts: fills the plain structs of the chart room with what was found.

mod actors;
mod alliances;
mod ground;
mod over_time;
mod story;
mod who;
mod zones;

pub use actors::Actors;
pub use alliances::{charts as alliance_charts, names};
pub(super) use ground::closed;
pub use ground::{Ending, Offensive, offensives};
pub use story::RunStory;
pub(super) use story::typical;
pub use who::{NONE_TWICE, frequent};
pub(super) use zones::drawn_zones;

use crate::analysis::alliances::{self as study, Alliances};
use crate::analysis::{Estimate, runs_of};
use crate::base::ZoneId;
use crate::base::number::several;
use crate::chart::{Band, Chart, Heading, Party};
use crate::estimate::CONFIDENCE;
use crate::estimate::nested;
use crate::measure::{Group, Layout, Measure, Slot, answer_column};
use crate::record::{EventEntry, RecordError, Results, SeriesKey, SeriesPoint};
use crate::scenario::{Outlines, Scenario};
use crate::world::Setting;
use std::collections::BTreeMap;

/// Runs that are reported: those of a variant at the first point.
pub struct ReportedRuns<'a> {
    /// The results.
    pub results: &'a Results,
    /// The scenario that was run.
    pub scenario: &'a Scenario,
    /// What was recorded of it.
    pub layout: &'a Layout,
    /// Who is drawn, by which name and colour.
    pub actors: Actors,
    /// The variant's id.
    pub variant: &'a str,
    /// A GeoJSON file with the zones' outlines, if there is one.
    pub outlines: Option<Outlines>,
}

impl<'a> ReportedRuns<'a> {
    /// Those of a variant.
    pub fn new(results: &'a Results, scenario: &'a Scenario, layout: &'a Layout, variant: &'a str) -> Self {
        let actors = Actors::new(scenario, layout);
        Self { results, scenario, layout, actors, variant, outlines: scenario.outlines.clone() }
    }
}

/// What all figures of some runs are made from.
pub struct FigureData<'a> {
    /// The runs.
    pub runs: ReportedRuns<'a>,
    /// Coalitions over time.
    pub alliances: Alliances,
    /// The typical run with its events; none if all failed.
    pub typical: Option<(u64, Vec<EventEntry>)>,
    series: BTreeMap<Measure, Vec<SeriesPoint>>,
    /// What a run is worth beside an independent one, for runs that share inputs tell less: per pair that the last questions of
    /// yes or no ask about.
    worth: Vec<([Group; 2], f64)>,
}

impl<'a> FigureData<'a> {
    /// Of some runs.
    ///
    /// # Errors
    /// If the series or the event log cannot be read.
    pub fn new(runs: ReportedRuns<'a>) -> Result<Self, RecordError> {
        let ReportedRuns { results, scenario, layout, variant, .. } = runs;
        let mut found = results.series(|_| true)?;
        for (_, points) in found.values_mut() {
            // A measure that is taken at every step and at milestones has those twice.
            points.sort_by_key(|point| point.date);
            points.dedup_by_key(|point| point.date);
        }
        let mut series = BTreeMap::new();
        for column in layout.over_time() {
            let key = SeriesKey { point: 0, variant: variant.to_owned(), measure: column.name.clone() };
            series.extend(found.remove(&key).map(|(_, points)| (column.measure, points)));
        }
        let alliances = study::study(results, &[(variant, &scenario.setting)], &layout.milestone_steps)?.remove(0);
        let typical = match typical(&runs)? {
            Some(replicate) => Some((replicate, results.events_of(0, variant, replicate)?)),
            None => None,
        };
        let worth = worth(&runs)?;
        Ok(Self { runs, alliances, typical, series, worth })
    }

    /// What a run is worth for what is told of a pair, by the answer about it that inputs move most; of all pairs if none is given.
    fn worth(&self, pair: Option<&[Group; 2]>) -> f64 {
        let of_pair = self.worth.iter().filter(|(known, _)| pair.is_none_or(|pair| pair == known));
        of_pair.map(|(_, worth)| *worth).fold(1.0, f64::min)
    }

    /// A series; empty if there is none.
    fn series(&self, measure: Measure) -> &[SeriesPoint] {
        self.series.get(&measure).map_or(&[], Vec::as_slice)
    }

    /// Those with columns of their own, in the order in which they are drawn.
    fn reported(&self) -> impl Iterator<Item = (Slot, &Party)> {
        let slot = |id: &String| self.runs.layout.actors.iter().position(|known| known == id).map(Slot::Actor);
        self.runs.actors.main().iter().filter_map(move |(id, party)| Some((slot(id)?, party)))
    }

    /// The same, as groups.
    fn reported_groups(&self) -> impl Iterator<Item = Group> {
        let group =
            |slot: Slot| if let Slot::Actor(place) = slot { Some(self.runs.layout.groups[place]) } else { None };
        self.reported().filter_map(move |(slot, _)| group(slot))
    }

    /// The zone of an id.
    fn zone(&self, id: &str) -> Option<ZoneId> {
        self.runs.scenario.setting.zones.iter().find(|(_, traits)| traits.id == id).map(|(zone, _)| zone)
    }

    /// The two lines over a chart.
    fn heading(&self, title: &str, what: &str) -> Heading {
        let manifest = self.runs.results.manifest();
        let counted = several(self.alliances.runs as usize, "replicate");
        let variant =
            if self.runs.variant == "baseline" { String::new() } else { format!(" · variant {}", self.runs.variant) };
        let stop = if what.is_empty() { "" } else { " · " };
        Heading::new(title, format!("{counted}, seed {}{variant}{stop}{what}", manifest.seed))
    }
}

/// All charts of a run, in the order of the report.
///
/// # Errors
/// If the results cannot be read.
pub fn charts(subject: &FigureData<'_>) -> Result<Vec<Box<dyn Chart>>, RecordError> {
    let mut charts: Vec<Box<dyn Chart>> = vec![
        Box::new(who::probabilities(subject)?),
        Box::new(who::matrix(subject)),
        Box::new(over_time::pairs(subject)),
        Box::new(over_time::territory(subject)),
        Box::new(zones::map(subject)),
        Box::new(over_time::deaths(subject)),
        Box::new(over_time::displacement(subject)),
        Box::new(who::coalitions(subject)?),
        Box::new(over_time::hegemony(subject)),
    ];
    let heading = |title: &str, what: &str| subject.heading(title, what);
    let asked = asked(&subject.runs.scenario.setting, subject.runs.layout);
    charts.extend(alliances::charts(std::slice::from_ref(&subject.alliances), &subject.runs.actors, &asked, &heading));
    let run = subject.typical.as_ref().map(|(replicate, events)| (*replicate, events.as_slice()));
    charts.push(Box::new(ground::map(subject, run)?));
    charts.push(Box::new(story::timeline(subject, run)));
    Ok(charts)
}

/// The charts of one run: its timeline, and the ground that changes hands in it.
pub fn story(story: &RunStory<'_>, replicate: u64) -> Vec<Box<dyn Chart>> {
    let heading = Heading::new("Ground that changes hands", story.heading.subtitle.clone());
    let (outlines, run) = (story.scenario.outlines.as_ref(), Some((replicate, story.events)));
    let map = ground::of_run(story.scenario, story.actors, outlines, heading, run);
    vec![Box::new(story::of_run(story)), Box::new(map)]
}

/// The ids of the factions and umbrellas that questions ask about as pairs, and of the members of such umbrellas.
pub fn asked(setting: &Setting, layout: &Layout) -> Vec<String> {
    let mut ids: Vec<String> =
        layout.pairs.iter().flatten().flat_map(|group| members(setting, *group)).map(str::to_owned).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// The ids of a faction, or of an umbrella and its members at the start.
fn members(setting: &Setting, group: Group) -> Vec<&str> {
    let mut ids = vec![group.id(setting)];
    if let Group::Umbrella(umbrella) = group {
        ids.extend(setting.umbrellas[umbrella].members.iter().map(|member| setting.factions[*member].id.as_str()));
    }
    ids
}

/// What a run is worth beside an independent one for the answer that a column holds: less where runs share inputs that move it.
pub(super) fn worth_of(results: &Results, variant: &str, column: &str) -> Result<f64, RecordError> {
    let drawn = results.manifest().drawn_kinds();
    if drawn.is_none() {
        return Ok(1.0);
    }
    let (rows, answers) = (runs_of(results, 0, variant)?, results.run_numbers(column)?);
    let answers = rows.iter().map(|(row, replicate)| (*replicate, answers[*row]));
    Ok(nested::worth(answers, rows.len() as u64, drawn))
}

/// The same per pair that the last questions of yes or no ask about.
fn worth(runs: &ReportedRuns<'_>) -> Result<Vec<([Group; 2], f64)>, RecordError> {
    let questions = &runs.scenario.questions;
    let last = questions.iter().map(|question| question.moment).max();
    let mut worth = Vec::new();
    for question in questions.iter().filter(|question| Some(question.moment) == last) {
        let mut pairs = Vec::new();
        question.condition().into_iter().for_each(|condition| condition.pairs(&mut pairs));
        if !pairs.is_empty() {
            let one = worth_of(runs.results, runs.variant, &answer_column(&question.id))?;
            worth.extend(pairs.into_iter().map(|pair| (pair, one)));
        }
    }
    Ok(worth)
}

/// The probability of something that is so or not, with its interval; `worth` is what each run is worth beside an
/// independent one.
pub(super) fn chance(point: &SeriesPoint, worth: f64) -> Band {
    Estimate::share_of(point.mean, worth * point.n as f64, point.n, CONFIDENCE).into()
}

/// The middle half and 95% of the runs as a band: median with 2.5% and 97.5% quantiles.
fn band(point: &SeriesPoint) -> Band {
    let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
    Band::new(number(point.median), number(point.low), number(point.high))
}
