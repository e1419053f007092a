//! From a record of events to a scenario: UCDP GED or ACLED, and outlines of zones, become a scenario that runs, with a source for
//! every number. What no events tell stays an assumption and says so.
//!
//! Events before the start alone make the scenario; those from the start on make nothing but what came of its questions.

mod account;
mod acled;
mod actor;
mod ask;
mod error;
mod estimate;
mod event;
mod evidence;
mod formula;
mod ged;
mod geometry;
mod given;
mod land;
mod origin;
mod place;
mod table;
#[cfg(test)]
mod tests;
mod whereabouts;
mod write;

pub use account::{Account, Section};
pub use error::ImportError;
pub use estimate::YearlyDeaths;
pub use ged::prio_grid;

use crate::base::{Date, Duration};
use crate::scenario::{Outlines, Texts, nearest};
use estimate::Window;
use event::{Event, Events};
use land::Land;
use place::{Places, Site};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use table::EventTable;
use whereabouts::Whereabouts;

/// People of each zone where nobody says how many there are.
const PEOPLE: f64 = 100_000.0;
/// The most factions that a scenario may have.
const MOST_FACTIONS: usize = 600;
/// In how many events an actor is to be a faction, unless said otherwise.
pub const LEAST_EVENTS: usize = 3;

/// What a scenario is made from, beside the events.
#[derive(Clone, Debug)]
pub struct Import {
    /// The scenario's id.
    pub id: String,
    /// A GeoJSON file with the outlines of zones.
    pub zones: PathBuf,
    /// The name of that file as seen from the scenario.
    pub boundaries: String,
    /// The day the simulation starts.
    pub start: Date,
    /// How long before the start events count.
    pub window: Duration,
    /// In what time an event comes to count for half.
    pub half_life: Duration,
    /// The last day up to which the record is whole; that of its last event unless given.
    pub until: Option<Date>,
    /// In how many events of the window an actor is to be a faction.
    pub least: usize,
    /// A table of people by zone.
    pub people: Option<PathBuf>,
    /// A table of displaced people by the zone where they are.
    pub displaced: Option<PathBuf>,
    /// A table of fighters by faction.
    pub strength: Option<PathBuf>,
    /// A table of which recorded names are which faction.
    pub aliases: Option<PathBuf>,
    /// What events are said to come from; the name of who recorded them unless given.
    pub source: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The scenario's text.
    pub scenario: String,
    /// What was read, not placed, left out, assumed and is missing.
    pub account: Account,
    /// Deaths by calendar year before the start, type and dyad.
    pub yearly: Vec<YearlyDeaths>,
}

/// Reads a record of events in either form, told by its columns.
fn read(path: &Path, source: &mut dyn Read) -> Result<Events, ImportError> {
    let table = EventTable::open(path, source, ged::COLUMNS.len())?;
    let Some(heads) = table.heads() else { return ged::read(table) };
    let has = |names: &[&str]| names.iter().filter(|name| heads.iter().any(|head| head == *name)).count();
    // With one of the three misspelt, it is known what is meant.
    match (has(&ged::TOLD_BY), has(&acled::TOLD_BY)) {
        (2.., _) => ged::read(table),
        (_, 2..) => acled::read(table),
        _ => {
            let found = heads.iter().take(8).map(|head| format!("`{head}`")).collect::<Vec<_>>().join(", ");
            let expected = |names: [&str; 3]| names.map(|name| format!("`{name}`")).join(", ");
            Err(ImportError::not_a_table(
                path,
                format!(
                    "its columns {found} … are neither those of UCDP GED ({} and others) nor of ACLED ({} and others)",
                    expected(ged::TOLD_BY),
                    expected(acled::TOLD_BY)
                ),
            ))
        }
    }
}

/// Makes a scenario of a record of events.
///
/// # Errors
/// All that is wrong with the tables and outlines, with lines; or that they do not go together.
pub fn import(
    texts: &dyn Texts,
    (path, source): (&Path, &mut dyn Read),
    options: &Import,
) -> Result<Imported, ImportError> {
    let window = Window::before(options.start, options.window, options.half_life).map_err(ImportError::Input)?;
    let outlines = Outlines::read(texts, &options.zones, None).map_err(|problem| {
        let help = problem.help.map(|help| format!("; {help}")).unwrap_or_default();
        ImportError::Input(format!("{}{help}", problem.message))
    })?;
    let land = Land::of(&outlines, &options.zones)?;
    drop(outlines);
    let aliases = options.aliases.as_deref().map(|path| given::aliases(texts, path)).transpose()?.unwrap_or_default();
    let strengths =
        options.strength.as_deref().map(|path| given::strengths(texts, path)).transpose()?.unwrap_or_default();
    let by_zone = |path: &Option<PathBuf>, form: &given::Form| {
        path.as_deref().map(|path| given::by_zone(texts, path, form, &land)).transpose()
    };
    let (people, displaced) =
        (by_zone(&options.people, &given::PEOPLE)?, by_zone(&options.displaced, &given::DISPLACED)?);
    let events = read(path, source)?;
    let doubled = events.doubled().map(|(first, second)| {
        format!(
            "{}, line {}: the event `{}` stands in line {} too, expected each event once",
            path.display(),
            second.line,
            events.id(second),
            first.line
        )
    });
    if let Some(doubled) = doubled {
        return Err(ImportError::Input(doubled));
    }

    // In order of time, so that the order of rows moves no sum.
    let mut all: Vec<&Event> = events.list.iter().collect();
    all.sort_by(|a, b| a.day.cmp(&b.day).then_with(|| events.id(a).cmp(events.id(b))));
    let all_zones = place::zones_at(&all, &land);
    let (recorded, after) = all.split_at(all.partition_point(|event| event.day < window.start));
    let (zones, zones_after) = all_zones.split_at(recorded.len());
    let known = Whereabouts::of(&events, (recorded, zones), &land);
    let placed = |day: Date| {
        let skipped = recorded.partition_point(|event| event.day < day);
        let (list, zones) = (&recorded[skipped..], &zones[skipped..]);
        (list, Places::of(&events, (list, zones), (&known, &land)))
    };
    let (windowed, everywhere) = placed(window.from);
    let Some(begins) = all.first().map(|event| event.day).filter(|_| !windowed.is_empty()) else {
        return Err(ImportError::Input(nothing_before(path, &all, &window)));
    };
    check_places(path, (&events, windowed), &everywhere, &land)?;
    // What is outside the zones is no part of the scenario.
    let inside = |day: Date| {
        let (list, places) = placed(day);
        places.inside(list)
    };
    let (list, places) = everywhere.inside(windowed);
    let ((before, _), (year, places_of_year)) = (inside(begins), inside(window.year));
    let actors = actor::actors(&events, list.iter().copied(), &aliases, options.least);
    if actors.list.is_empty() || actors.list.len() > MOST_FACTIONS {
        let (found, dropped) = (actors.list.len(), actors.dropped.len());
        return Err(ImportError::Input(format!(
            "{}: {found} actors are in {} events or more from {} to {} ({dropped} in fewer), expected 1 to {MOST_FACTIONS}; \
             `--least` and `--window` change that",
            path.display(),
            options.least,
            window.from,
            window.start.plus_days(-1)
        )));
    }
    if let Some(path) = &options.strength {
        let ids = || actors.list.iter().map(|actor| actor.id.as_str());
        let strange = strengths.keys().map(String::as_str).filter(|id| ids().all(|own| own != *id));
        check_spelling((path, "faction"), strange, ids().filter(|id| !strengths.contains_key(*id)))?;
    }
    for (path, table) in [(&options.people, &people), (&options.displaced, &displaced)] {
        let (Some(path), Some(table)) = (path, table) else { continue };
        let lacking = land.zones.iter().zip(&table.numbers).filter(|(_, number)| number.is_none());
        let names = lacking.flat_map(|(zone, _)| [zone.id.as_str(), zone.name.as_str()]);
        check_spelling((path, "zone"), table.unknown.iter().map(String::as_str), names)?;
    }
    let source = options.source.as_deref().unwrap_or(events.recorder.name()).replace(char::is_control, " ");
    let (population, counted) = population(&land, people.as_ref(), options.people.as_deref());
    let says = estimate::says(
        &events,
        (&window, &before, begins),
        (&list, &places),
        (&actors, &strengths),
        (&land, &population),
    );
    let whole = options.until.or_else(|| all.last().map(|event| event.day)).filter(|day| *day >= window.start);
    let known = Whereabouts::of(&events, (&all, &all_zones), &land);
    let (asked_after, _) = Places::of(&events, (after, zones_after), (&known, &land)).inside(after);
    let asked =
        ask::ask(window.start, (&list, window.from.max(begins)), (&asked_after, whole), (&actors, &says, &land));
    let countries = countries(&events, &list, &places, &land);
    let country = country(&countries, list.len(), &places);
    let origins = origin::origins(displaced.as_ref(), (&year, &places_of_year), &population);
    let parts = write::Parts {
        id: &options.id,
        source: &source,
        doubled: events.recorder == event::Recorder::Acled,
        boundaries: &options.boundaries,
        country,
        countries: &countries,
        people: &population,
        counted: &counted,
        displaced: &origins.from,
        window: &window,
        land: &land,
        actors: &actors,
        says: &says,
        asked: &asked,
    };
    let scenario = write::write(&parts);
    let account = account::account(&account::Told {
        parts: &parts,
        events: &events,
        list: &list,
        places: &places,
        recorded,
        after: after.len(),
        whole,
        aliases: &aliases,
        strengths: &strengths,
        people: people.as_ref(),
        displaced: displaced.as_ref().map(|table| (table, &origins)),
        least: options.least,
    });
    Ok(Imported { scenario, account, yearly: estimate::yearly(&events, &before, &actors) })
}

/// Refuses a table's name of nothing that is nearly that of something of which the table says nothing: what is assumed of that would
/// stand in its place.
fn check_spelling<'a>(
    (path, what): (&Path, &str),
    strange: impl Iterator<Item = &'a str>,
    lacking: impl Iterator<Item = &'a str>,
) -> Result<(), ImportError> {
    let lacking: Vec<&str> = lacking.collect();
    for name in strange {
        if let Some(help) = nearest(name, lacking.iter().copied()) {
            return Err(ImportError::Input(format!("{}: there is no {what} `{name}`; {help}", path.display())));
        }
    }
    Ok(())
}

/// That there are no events to rest on.
fn nothing_before(path: &Path, all: &[&Event], window: &Window) -> String {
    let (file, start) = (path.display(), window.start);
    match (all.first(), all.last()) {
        (Some(first), Some(_)) if first.day >= start => {
            format!("{file}: its first event is of {}, expected events before the start, {start}", first.day)
        }
        (Some(_), Some(last)) => format!(
            "{file}: its last event before the start, {start}, is of {}, expected events from {} on; an earlier `--start` or a \
             longer `--window` has some",
            all.iter().rev().find(|event| event.day < start).map_or(last.day, |event| event.day),
            window.from
        ),
        _ => format!("{file}: it holds no event that can be used, expected events before the start, {start}"),
    }
}

/// Checks that events and zones are of one part of the world.
fn check_places(
    path: &Path,
    (events, list): (&Events, &[&Event]),
    places: &Places,
    land: &Land,
) -> Result<(), ImportError> {
    let placed = (0..list.len()).filter(|number| places.is_placed(*number)).count();
    let shown = |event: &Event| {
        event.point.map_or_else(String::new, |(east, north)| format!("longitude {east}, latitude {north}"))
    };
    if let Some((line, count)) = places.exchanged
        && count > placed
        && let Some(event) = list.iter().find(|event| event.line == line)
    {
        return Err(ImportError::Input(format!(
            "{}, line {line}: found {}, outside all zones; {count} events lie in them if the two are exchanged, {placed} as they \
             are: expected `latitude` and `longitude` the other way round, in the table or in {}",
            path.display(),
            shown(event),
            land.extent()
        )));
    }
    if placed == 0 {
        let first = list.iter().find(|event| event.point.is_some());
        let example = first.map_or_else(String::new, |event| format!("; line {} is at {}", event.line, shown(event)));
        return Err(ImportError::Input(format!(
            "{}: none of its {} events lies in a zone, expected some within {}{example}",
            path.display(),
            list.len().min(events.list.len()),
            land.extent()
        )));
    }
    Ok(())
}

/// The name that most have; of equals the first in the alphabet, whatever the order of rows.
fn most_common<'n>(list: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    list.filter(|name| !name.is_empty()).for_each(|name| *counts.entry(name).or_default() += 1);
    let best = counts.values().copied().max()?;
    counts.into_iter().find(|(_, count)| *count == best).map(|(name, _)| name)
}

/// People of each zone, and where they are known from; where a table does not say, as many as the mean of those of which it does.
fn population(land: &Land, people: Option<&given::ByZone>, path: Option<&Path>) -> (Vec<f64>, Vec<String>) {
    let known: Vec<f64> = people.iter().flat_map(|table| table.numbers.iter().flatten().copied()).collect();
    let file = path.and_then(Path::file_name).map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let (mean, why) = match known.len() {
        0 => (PEOPLE, "assumption: as many in each zone, for no table of people was given".to_owned()),
        count => (known.iter().sum::<f64>() / count as f64, format!("assumption: the mean of the zones of {file}")),
    };
    let number = |zone: usize| people.and_then(|table| table.numbers[zone]);
    let zones = 0..land.zones.len();
    zones
        .map(|zone| match number(zone) {
            Some(number) => (number, file.clone()),
            None => (mean, why.clone()),
        })
        .unzip()
}

/// The country in whose zones most events were, each counted for its share in them; of equals the first in the alphabet.
fn country<'c>(countries: &'c [String], count: usize, places: &Places) -> &'c str {
    let mut weights: BTreeMap<&str, f64> = BTreeMap::new();
    for (zone, share) in (0..count).flat_map(|number| places.shares(number)) {
        *weights.entry(&countries[zone]).or_default() += share;
    }
    weights.into_iter().fold(("", 0.0), |best, found| if found.1 > best.1 { found } else { best }).0
}

/// The country of each zone: as its file says by name, or that of most events in zones of its code or in it, or else of all.
fn countries(events: &Events, list: &[&Event], places: &Places, land: &Land) -> Vec<String> {
    let most = most_common(list.iter().map(|event| events.countries.name(event.country))).unwrap_or("The conflict");
    let mut in_zone: Vec<Vec<&str>> = vec![Vec::new(); land.zones.len()];
    for (event, site) in list.iter().zip(&places.sites) {
        if let Site::In(zone) | Site::Near(zone) = site {
            in_zone[*zone].push(events.countries.name(event.country));
        }
    }
    let mut in_group: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (zone, names) in land.zones.iter().zip(&in_zone) {
        if let Some(group) = &zone.group {
            in_group.entry(group).or_default().extend(names);
        }
    }
    let grouped: BTreeMap<&str, Option<&str>> =
        in_group.into_iter().map(|(group, names)| (group, most_common(names.into_iter()))).collect();
    let of = |(zone, names): (&land::ZoneLand, Vec<&str>)| {
        let found = zone.country.as_deref().or_else(|| match &zone.group {
            Some(group) => grouped.get(group.as_str()).copied().flatten().or(Some(group)),
            None => most_common(names.into_iter()),
        });
        found.unwrap_or(most).to_owned()
    };
    land.zones.iter().zip(in_zone).map(of).collect()
}

/// The nearest of some names, as help for one that is none of them.
fn near<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> String {
    nearest(name, names).map(|help| format!(" ({help})")).unwrap_or_default()
}
