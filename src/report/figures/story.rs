//! One run's story, as a timeline of its events per pair.

use super::{Actors, FigureData, ReportedRuns, ground};
use crate::analysis::typical_run;
use crate::base::{Date, FactionId, Id, PairId};
use crate::chart::{Heading, Lane, StanceSpan, Symbol, Timeline, TimelineMoment};
use crate::measure::Layout;
use crate::record::{EventEntry, RecordError};
use crate::scenario::Scenario;
use crate::world::Stance;
use std::collections::BTreeMap;

/// How many pairs have a lane.
const PAIRS: usize = 16;

/// A run's story: what its charts are made from.
pub struct RunStory<'a> {
    /// The scenario that was run.
    pub scenario: &'a Scenario,
    /// What was recorded of it.
    pub layout: &'a Layout,
    /// Who is drawn.
    pub actors: &'a Actors,
    /// What stands over the timeline.
    pub heading: Heading,
    /// What happened.
    pub events: &'a [EventEntry],
}

/// The typical replicate, ordinary in the headlines, whose answers lie nearest the medians over all replicates; none if all failed.
///
/// # Errors
/// If the results cannot be read.
pub fn typical(runs: &ReportedRuns<'_>) -> Result<Option<u64>, RecordError> {
    let questions = runs.layout.questions.iter().map(|question| question.id.as_str());
    typical_run(runs.results, (0, runs.variant), runs.scenario, questions)
}

/// The timeline of the typical replicate.
pub fn timeline(subject: &FigureData<'_>, typical: Option<(u64, &[EventEntry])>) -> Timeline {
    let Some((replicate, events)) = typical else { return Timeline::default() };
    let title = format!("A typical future: replicate {replicate}");
    of_run(&RunStory {
        scenario: subject.runs.scenario,
        layout: subject.runs.layout,
        actors: &subject.runs.actors,
        heading: subject.heading(
            &title,
            "as few headline answers as can be beyond the middle half of the runs, and all nearest the medians",
        ),
        events,
    })
}

/// The timeline of a run.
pub fn of_run(subject: &RunStory<'_>) -> Timeline {
    let setting = &subject.scenario.setting;
    let events = subject.events;
    let end = setting.calendar.date_of(setting.calendar.steps());
    let mut pairs: BTreeMap<(&str, &str), Vec<&EventEntry>> = BTreeMap::new();
    let mut own: BTreeMap<(u8, &str), Vec<TimelineMoment>> = BTreeMap::new();
    for event in events {
        match (event.kind.as_str(), event.other.as_deref()) {
            ("talks_opened" | "talks_ended" | "leaked" | "stance_changed", Some(other)) => {
                let (a, b) = (event.who.as_str(), other);
                pairs.entry(if a < b { (a, b) } else { (b, a) }).or_default().push(event);
            }
            ("merged", other) => {
                let umbrella = event.to.as_deref().or(other).unwrap_or_default();
                own.entry((1, umbrella)).or_default().push(moment(event, Symbol::Merged, ""));
            }
            ("left_umbrella", _) => {
                let umbrella = event.from.as_deref().unwrap_or_default();
                let note = format!("{} left", subject.actors.name(&event.who));
                own.entry((1, umbrella)).or_default().push(moment(event, Symbol::Split, &note));
            }
            ("split", _) => own.entry((1, &event.who)).or_default().push(moment(event, Symbol::Split, "")),
            ("accord_status", Some(accord)) => {
                let to = event.to.as_deref().unwrap_or_default();
                let note = format!("{} {to}", subject.actors.name(&event.who));
                own.entry((2, accord)).or_default().push(moment(event, Symbol::Accord, &note));
            }
            ("event", _) => {
                let failed = event.to.as_deref() == Some("failed");
                let name = setting.events.values().iter().find(|known| known.id == event.who);
                let name = name.map_or(event.who.as_str(), |known| &known.name);
                let symbol = if failed { Symbol::Failed } else { Symbol::Scheduled };
                own.entry((0, "")).or_default().push(moment(event, symbol, name));
            }
            _ => {}
        }
    }
    let lives = lives(events);
    let mut busy: Vec<_> = pairs.into_iter().collect();
    let members: Vec<[Vec<&str>; 2]> =
        (subject.layout.pairs.iter()).map(|pair| pair.map(|group| super::members(setting, group))).collect();
    let is_asked = |a: &str, b: &str| {
        let both = |[x, y]: &[Vec<&str>; 2]| (x.contains(&a) && y.contains(&b)) || (x.contains(&b) && y.contains(&a));
        members.iter().any(both)
    };
    // Changes of stance make the story, talks alone are many; pairs asked about are of more interest than others.
    let weight = |(a, b): &(&str, &str), events: &[&EventEntry]| {
        let talks = events.iter().filter(|event| event.kind.starts_with("talks")).count();
        let asked = if is_asked(a, b) { 8 } else { 0 };
        4 * events.len() - 3 * talks + asked
    };
    // Of those that stand as they stood at the start, only talks could be told.
    let changed = |events: &[&EventEntry]| events.iter().any(|event| event.kind == "stance_changed");
    let rank = |(pair, events): &((&str, &str), Vec<&EventEntry>)| (changed(events), weight(pair, events));
    busy.sort_by(|a, b| rank(b).cmp(&rank(a)).then_with(|| a.0.cmp(&b.0)));
    let mut lanes: Vec<Lane> = Vec::new();
    for ((group, id), moments) in own {
        let label = match group {
            0 => "scheduled events".into(),
            1 => subject.actors.name(id).to_owned(),
            _ => setting
                .accords
                .values()
                .iter()
                .find(|accord| accord.id == id)
                .map_or(id, |accord| &accord.name)
                .to_owned(),
        };
        lanes.push(Lane { label, moments, ..Lane::default() });
    }
    lanes.extend(ground::lanes(setting, subject.actors, events));
    let (all, shown) = (busy.len(), PAIRS.min(Timeline::MOST.saturating_sub(lanes.len())));
    let mut heading = subject.heading.clone();
    if all > shown {
        heading.subtitle = format!("{} · {shown} of {all} pairs, those that changed most", heading.subtitle);
    }
    lanes.extend(busy.into_iter().take(shown).map(|(pair, events)| lane(subject, pair, &events, &lives)));
    Timeline { heading, span: Some((setting.calendar.start(), end)), lanes }
}

/// Since when there are factions that were not there from the start, and until when those that did not last.
fn lives(events: &[EventEntry]) -> BTreeMap<&str, (Option<Date>, Option<Date>)> {
    let mut lives: BTreeMap<&str, (Option<Date>, Option<Date>)> = BTreeMap::new();
    for event in events {
        match (event.kind.as_str(), event.other.as_deref()) {
            ("split", Some(splinter)) => lives.entry(splinter).or_default().0 = Some(event.date),
            ("merged" | "gone", _) => lives.entry(&event.who).or_default().1 = Some(event.date),
            _ => {}
        }
    }
    lives
}

fn lane(
    subject: &RunStory<'_>,
    (a, b): (&str, &str),
    events: &[&EventEntry],
    lives: &BTreeMap<&str, (Option<Date>, Option<Date>)>,
) -> Lane {
    let setting = &subject.scenario.setting;
    let [(born_a, died_a), (born_b, died_b)] = [a, b].map(|id| lives.get(id).copied().unwrap_or_default());
    let mut since = born_a.max(born_b).unwrap_or(setting.calendar.start());
    let end =
        died_a.into_iter().chain(died_b).min().unwrap_or_else(|| setting.calendar.date_of(setting.calendar.steps()));
    let mut spans = Vec::new();
    let mut moments = Vec::new();
    let mut rung = stance_at_start(subject, a, b);
    for event in events {
        let symbol = match event.kind.as_str() {
            "talks_opened" => Symbol::TalksOpened,
            "talks_ended" => Symbol::TalksEnded,
            "leaked" => Symbol::Leaked,
            _ => {
                let (from, to) = (rung_of(event.from.as_deref()), rung_of(event.to.as_deref()));
                if let Some(from) = rung.or(from).filter(|_| since < event.date) {
                    spans.push(StanceSpan { from: since, to: event.date, rung: from });
                }
                since = event.date;
                rung = to;
                if to > from { Symbol::Closer } else { Symbol::Apart }
            }
        };
        let note = if event.kind == "stance_changed" { event.to.as_deref().unwrap_or_default() } else { "" };
        moments.push(moment(event, symbol, note));
    }
    if let Some(rung) = rung.filter(|_| since < end) {
        spans.push(StanceSpan { from: since, to: end, rung });
    }
    Lane {
        label: format!("{} – {}", subject.actors.name(a), subject.actors.name(b)),
        spans,
        moments,
        ..Lane::default()
    }
}

fn moment(event: &EventEntry, symbol: Symbol, note: &str) -> TimelineMoment {
    TimelineMoment { date: event.date, symbol, secret: !event.public, note: note.to_owned() }
}

fn rung_of(word: Option<&str>) -> Option<usize> {
    Stance::ALL.iter().position(|stance| Some(stance.word()) == word)
}

/// Where two factions stand at the start; none for those that are not there yet.
fn stance_at_start(subject: &RunStory<'_>, a: &str, b: &str) -> Option<usize> {
    let setting = &subject.scenario.setting;
    let faction = |id: &str| -> Option<FactionId> {
        let place = setting.factions.values().iter().position(|traits| traits.id == id)?;
        (place < setting.founding).then(|| FactionId::from_index(place))
    };
    let (a, b) = (faction(a)?, faction(b)?);
    (a != b).then(|| setting.initial.tie[PairId::of(a, b)].stance as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Measures;
    use crate::scenario::Overrides;
    use std::path::Path;

    #[test]
    fn pairs_that_changed_have_lanes_before_those_that_only_talked() {
        let scenario = Scenario::load(Path::new("configs/northern-mali-2023.toml"), &Overrides::default()).unwrap();
        let setting = &scenario.setting;
        let measures = Measures::new(setting, scenario.questions.clone());
        let actors = Actors::new(&scenario, measures.layout());
        let ids: Vec<&str> = setting.factions.values().iter().take(8).map(|faction| faction.id.as_str()).collect();
        let mut events = Vec::new();
        let mut pairs = 0;
        let mut changed = Vec::new();
        for (place, other) in ids.iter().enumerate() {
            for who in &ids[..place] {
                pairs += 1;
                let event = |kind: &str, from: Option<&str>, to: Option<&str>| EventEntry {
                    date: setting.calendar.date_of(1 + pairs),
                    week: 1.0,
                    kind: kind.into(),
                    who: (*who).into(),
                    other: Some((*other).into()),
                    from: from.map(str::to_owned),
                    to: to.map(str::to_owned),
                    public: true,
                };
                // The last ones change, the others talk and talk.
                if pairs > 23 {
                    events.push(event("stance_changed", Some("war"), Some("rivalry")));
                    changed.push([actors.name(who), actors.name(other)]);
                } else {
                    events.extend((0..20).map(|_| event("talks_opened", None, None)));
                }
            }
        }
        let story = RunStory {
            scenario: &scenario,
            layout: measures.layout(),
            actors: &actors,
            heading: Heading::new("One future", "so"),
            events: &events,
        };
        let timeline = of_run(&story);
        assert_eq!(timeline.lanes.len(), PAIRS);
        assert_eq!(timeline.heading.subtitle, format!("so · {PAIRS} of 28 pairs, those that changed most"));
        let first: Vec<&str> = timeline.lanes.iter().take(5).map(|lane| lane.label.as_str()).collect();
        for pair in &changed {
            assert!(first.iter().any(|label| pair.iter().all(|name| label.contains(name))), "{pair:?} of {first:?}");
        }
    }
}
