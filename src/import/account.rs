//! What is told at the end: what was read, not placed, left out and assumed, and what is missing, with the lines to fill in.

use super::actor::{Aliases, plain};
use super::event::{Coded, Event, Events};
use super::given::{ByZone, Strength};
use super::origin::Origins;
use super::place::{Places, Site};
use super::whereabouts::Region;
use super::write::Parts;
use super::{formula, near};
use crate::base::Date;
use crate::base::name::{first_few, folded};
use crate::base::number::{count, percent, several};
use std::collections::{BTreeMap, BTreeSet};

/// How many of a kind are listed.
const LISTED: usize = 8;

/// What is told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// The sections in order.
    pub sections: Vec<Section>,
}

/// Things of one kind that are told.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// What they are.
    pub heading: String,
    /// A sentence for each.
    pub points: Vec<String>,
    /// Lines of a scenario to fill in.
    pub lines: Vec<String>,
}

/// What there is to tell of.
pub struct Told<'a> {
    pub parts: &'a Parts<'a>,
    pub events: &'a Events,
    pub list: &'a [&'a Event],
    pub places: &'a Places,
    /// All events before the start, wherever they were, and how many are from it on.
    pub recorded: &'a [&'a Event],
    pub after: usize,
    pub whole: Option<Date>,
    pub aliases: &'a Aliases,
    pub strengths: &'a BTreeMap<String, Strength>,
    pub people: Option<&'a ByZone>,
    pub displaced: Option<(&'a ByZone, &'a Origins)>,
    pub least: usize,
}

/// Tells it.
pub fn account(told: &Told<'_>) -> Account {
    let mut account = Account::default();
    let mut add = |heading: &str, points: Vec<String>, lines: Vec<String>| {
        if !points.is_empty() || !lines.is_empty() {
            account.sections.push(Section { heading: heading.to_owned(), points, lines });
        }
    };
    add("Read", read(told), Vec::new());
    add("Not placed", not_placed(told), Vec::new());
    add("Left out", left_out(told), Vec::new());
    add("Assumed", assumed(told), Vec::new());
    let (points, lines) = to_join(told);
    add("To be looked at", points, lines);
    let (points, lines) = missing(told);
    add("What no events tell", points, lines);
    account
}

fn listed(names: &[String]) -> String {
    first_few(names, LISTED)
}

/// A name, cut where it is a list of many.
fn cut(name: &str) -> String {
    const MOST: usize = 60;
    if name.chars().count() <= MOST { name.to_owned() } else { name.chars().take(MOST).chain(['…']).collect() }
}

fn number(number: usize) -> String {
    count(number as f64)
}

fn read(told: &Told<'_>) -> Vec<String> {
    let Told { events, parts, .. } = told;
    let window = parts.window;
    let mut points = vec![format!(
        "{} of {}: {} before {}, of which the scenario is made of {} (from {} on), and {} from then on",
        several(events.rows, "row"),
        events.recorder.name(),
        several(told.recorded.len(), "event"),
        window.start,
        number(told.list.len()),
        window.from,
        number(told.after)
    )];
    points.push(format!(
        "{}, {} that fought, {}",
        several(parts.actors.list.len(), "faction"),
        several(parts.says.pairs.len(), "pair"),
        several(parts.land.zones.len(), "zone")
    ));
    if let Some(separator) = events.separator {
        points.push(format!("its cells are separated by {separator}, and were read so"));
    }
    let passed = events.passed.iter().map(|(why, rows)| format!("passed over, {why}: {}", several(*rows, "row")));
    points.extend(passed);
    if events.widened > 0 {
        let rows = several(events.widened, "row");
        points.push(format!("{rows} with a low estimate above the best or a high one below it: taken to be the best"));
    }
    points.push(match told.whole {
        Some(day) => format!("`observed` stands where a question's moment is covered: events are taken to be whole up to {day} (`--until` says otherwise)"),
        None => "no event is from after the start: no question has `observed`".to_owned(),
    });
    let known = told.recorded.first().map_or(0, |event| window.start.days_since(event.day));
    if known < formula::YEAR {
        points.push(format!(
            "the record begins {known} days before the start: deaths of the year before are those of these days"
        ));
    }
    let quiet = told.recorded.last().map_or(0, |event| window.start.days_since(event.day));
    if quiet > 92 {
        points.push(format!("the last event is {quiet} days before the start: does the record go on up to it?"));
    }
    points
}

fn not_placed(told: &Told<'_>) -> Vec<String> {
    let Told { places, list, events, .. } = told;
    let of = |matches: &dyn Fn(&Site) -> bool| places.sites.iter().filter(|site| matches(site)).count();
    let outside = places.outside;
    let all = (list.len() + outside).max(1) as f64;
    let share = |some: usize| format!("{} ({})", number(some), percent(some as f64 / all));
    let mut points = Vec::new();
    let known = |region: &Region| places.regions.get(region).is_some_and(|zones| !zones.is_empty());
    let spread = of(&|site| matches!(site, Site::Region(region) if known(region)));
    let unknown = of(&|site| matches!(site, Site::Region(region) if !known(region)));
    let (near, vague) = (of(&|site| matches!(site, Site::Near(_))), of(&|site| *site == Site::Vague));
    let mut say = |some: usize, words: &str| {
        if some > 0 {
            points.push(format!("{}: {words}", share(some)));
        }
    };
    say(vague, "known to a country alone or less; not placed");
    say(
        outside,
        "outside all zones, by their points or as more than nine in ten of their region or country; no part of the scenario",
    );
    say(unknown, "in a region of which no zone is known; not placed");
    say(spread, "known to a region alone; spread over its zones");
    say(near, "about a point; placed there at half their weight");
    for (region, zones) in places.regions.iter().filter(|(_, zones)| !zones.is_empty()).take(LISTED) {
        let zones: Vec<String> = zones.iter().map(|zone| told.parts.land.zones[*zone].id.clone()).collect();
        let other = places.regions.keys().any(|other| other.name == region.name && other.country != region.country);
        let of = if other { format!(" of {}", events.countries.name(region.country)) } else { String::new() };
        points.push(format!("the region {}{of} is {}", events.regions.name(region.name), listed(&zones)));
    }
    points
}

fn left_out(told: &Told<'_>) -> Vec<String> {
    let dropped = &told.parts.actors.dropped;
    let (few, unknown): (Vec<_>, Vec<_>) = dropped.iter().partition(|actor| actor.events < told.least);
    let names = |list: &[&super::actor::Dropped]| {
        let names: Vec<String> = list.iter().map(|actor| format!("{} ({})", cut(&actor.name), actor.events)).collect();
        listed(&names)
    };
    let mut points = Vec::new();
    if !few.is_empty() {
        points.push(format!("actors in fewer than {} events: {}", told.least, names(&few)));
    }
    if !unknown.is_empty() {
        points.push(format!("whom nobody knows: {}", names(&unknown)));
    }
    points
}

fn assumed(told: &Told<'_>) -> Vec<String> {
    let parts = told.parts;
    let mut points = Vec::new();
    let without = parts.actors.list.iter().zip(&parts.says.factions).filter(|(_, says)| says.strength.is_none());
    let without: Vec<String> =
        without.map(|(actor, says)| format!("{} {}", actor.id, count(says.fighters[1]))).collect();
    if !without.is_empty() {
        points.push(format!("fighters, a third to three times as many: {} (`--strength`)", listed(&without)));
    }
    match told.people {
        None => points.push("people: as many in every zone (`--people`)".to_owned()),
        Some(people) => {
            let zones = parts.land.zones.iter().zip(&people.numbers).filter(|(_, number)| number.is_none());
            let zones: Vec<String> = zones.map(|(zone, _)| zone.id.clone()).collect();
            if !zones.is_empty() {
                points.push(format!("people of {}: the mean of the others", listed(&zones)));
            }
        }
    }
    if let Some((_, origins)) = told.displaced {
        let zones: Vec<String> = origins.by_people.iter().map(|zone| parts.land.zones[*zone].id.clone()).collect();
        if !zones.is_empty() {
            points.push(format!(
                "some of the displaced in {} are from where people live, for too few were killed elsewhere in the year before",
                listed(&zones)
            ));
        }
        if origins.lost >= 1.0 {
            let lost = count(origins.lost);
            points.push(format!(
                "{lost} of the displaced are left out: more than the people of all other zones (`--people`)"
            ));
        }
    }
    points.push("revenue: what keeps one fighter per 1,000 people; value and terrain of zones: all alike".to_owned());
    points.push(
        "trust: half of what hostility leaves; pairs that have not fought: neutral, their hostility and trust derived"
            .to_owned(),
    );
    let nowhere = parts.actors.list.iter().zip(&parts.says.factions).filter(|(_, says)| says.placed == 0);
    let nowhere: Vec<String> = nowhere.map(|(actor, _)| actor.id.clone()).collect();
    if !nowhere.is_empty() {
        points.push(format!("where people live, for none of their events is placed: {}", listed(&nowhere)));
    }
    let apart: Vec<String> = parts.land.zones.iter().filter(|zone| zone.apart).map(|zone| zone.id.clone()).collect();
    if !apart.is_empty() {
        points.push(format!("neighbours of zones that share no border are the nearest ones: {}", listed(&apart)));
    }
    points
}

/// Names that may be one faction, and names that were given and are nobody's.
fn to_join(told: &Told<'_>) -> (Vec<String>, Vec<String>) {
    let Told { parts, events, .. } = told;
    let (mut points, mut lines) = (unused(told), Vec::new());
    let mut states: BTreeMap<u32, Vec<&super::actor::Actor>> = BTreeMap::new();
    for actor in parts.actors.list.iter().filter(|actor| actor.coded == Coded::State) {
        states.entry(actor.country).or_default().push(actor);
    }
    for (country, list) in states.into_iter().filter(|(_, list)| list.len() > 1) {
        let ids: Vec<String> = list.iter().map(|actor| actor.id.clone()).collect();
        points.push(format!(
            "{} are factions of one state, {}; as one in `--aliases`:",
            listed(&ids),
            events.countries.name(country)
        ));
        lines.extend(list.iter().map(|actor| format!("{},{}", in_cell(&actor.name), ids[0])));
    }
    let mut zones: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for zone in &parts.land.zones {
        zones.entry(zone.name.as_str()).or_default().push(zone.id.clone());
    }
    let same: Vec<String> = zones.into_values().filter(|ids| ids.len() > 1).map(|ids| ids.join(" and ")).collect();
    if !same.is_empty() {
        points.push(format!(
            "zones of one name, whose outlines maps cannot tell apart without a property `id`: {}",
            listed(&same)
        ));
    }
    let several: Vec<String> = parts.actors.several.iter().map(|name| cut(name)).collect();
    if !several.is_empty() {
        points.push(format!(
            "sides that name several actors count for the one of them that is in most events by itself (`--aliases` says otherwise): {}",
            listed(&several)
        ));
    }
    let worn = parts.actors.list.iter().zip(&parts.says.factions).enumerate().filter(|(faction, (_, says))| {
        let deaths = parts.says.pairs.iter().filter(|pair| pair.pair.0 == *faction || pair.pair.1 == *faction);
        says.strength.is_none() && f64::from(deaths.map(|pair| pair.deaths[1]).sum::<u32>()) > says.fighters[1]
    });
    let worn: Vec<String> = worn.map(|(_, (actor, _))| actor.id.clone()).collect();
    if !worn.is_empty() {
        points.push(format!(
            "more died in a year of their fighting than they are assumed to have fighters, so that their wars would end for want \
             of them; give their strength: {}",
            listed(&worn)
        ));
    }
    let numbered = &parts.actors.numbered;
    if !numbered.is_empty() {
        points.push(format!(
            "names in other scripts have numbers for ids, which `--aliases` can give: {}",
            listed(numbered)
        ));
    }
    let given: BTreeSet<&str> = told.aliases.values().map(|alias| alias.id.as_str()).collect();
    let idle = given.into_iter().filter(|id| parts.actors.list.iter().all(|actor| actor.id != *id));
    let idle: Vec<String> = idle.map(str::to_owned).collect();
    if !idle.is_empty() {
        points.push(format!("ids of `--aliases` that no faction has: {}", listed(&idle)));
    }
    let strange = strange_names(told);
    if !strange.is_empty() {
        points.push(format!("names of `--aliases` that no event has: {}", listed(&strange)));
    }
    let among = within_one(told);
    if !among.is_empty() {
        points.push(format!(
            "events between sides that are one faction, whose deaths are in no pair's `deaths` though in `history`: {}",
            listed(&among)
        ));
    }
    for (table, option) in [(told.people, "--people"), (told.displaced.map(|(table, _)| table), "--displaced")] {
        if let Some(table) = table.filter(|table| !table.summed.is_empty()) {
            let zones: Vec<String> = table.summed.iter().map(|zone| parts.land.zones[*zone].id.clone()).collect();
            points.push(format!("several rows of `{option}` are of one zone, and were added up: {}", listed(&zones)));
        }
    }
    for (pair, id, day) in &parts.says.agreements {
        let [a, b] = [pair.0, pair.1].map(|faction| &parts.actors.list[faction].id);
        points.push(format!("an agreement of {a} and {b} ({id}, {day}) stands in the file as a pact, commented out"));
    }
    (points, lines)
}

/// Rows of tables that nothing was made of, for they name nobody and nothing: what they were to say is assumed instead.
fn unused(told: &Told<'_>) -> Vec<String> {
    let ids = || told.parts.actors.list.iter().map(|actor| actor.id.as_str());
    let strangers = told.strengths.keys().filter(|id| ids().all(|own| own != *id));
    let strangers: Vec<String> = strangers.map(|id| format!("{id}{}", near(id, ids()))).collect();
    let tables = [(told.people, "--people"), (told.displaced.map(|(table, _)| table), "--displaced")];
    let places = tables.map(|(table, option)| (table.map_or(&[][..], |table| &table.unknown), option, "no zone"));
    [(&strangers[..], "--strength", "no faction")]
        .into_iter()
        .chain(places)
        .filter(|(rows, ..)| !rows.is_empty())
        .map(|(rows, option, none)| {
            format!("rows of `{option}` that are of {none}, and say nothing here: {}", listed(rows))
        })
        .collect()
}

/// Names of `--aliases` that no actor of any event has, with the nearest that one has.
fn strange_names(told: &Told<'_>) -> Vec<String> {
    let actors = &told.events.actors;
    let names = || (0..actors.len()).map(|actor| actors.name(actor as u32));
    let known: BTreeSet<String> = names().flat_map(|name| [folded(name), folded(&plain(name))]).collect();
    let strange = told.aliases.iter().filter(|(called, _)| !known.contains(*called));
    strange.map(|(_, alias)| format!("{}{}", alias.name, near(&alias.name, names()))).collect()
}

/// Factions that fought themselves, as those do of which two who fought were made one, with how often.
fn within_one(told: &Told<'_>) -> Vec<String> {
    let mut found: BTreeMap<usize, usize> = BTreeMap::new();
    for event in told.list.iter().filter(|event| event.sides[0] != event.sides[1]) {
        if let [Some(one), Some(other)] = event.sides.map(|side| told.parts.actors.of(side))
            && one == other
        {
            *found.entry(one).or_default() += 1;
        }
    }
    let name = |(faction, events): (usize, usize)| format!("{} ({events})", told.parts.actors.list[faction].id);
    found.into_iter().map(name).collect()
}

fn in_cell(text: &str) -> String {
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// What events do not tell, with lines that say it.
fn missing(told: &Told<'_>) -> (Vec<String>, Vec<String>) {
    let parts = told.parts;
    let list = &parts.actors.list;
    let id = |place: usize| list.get(place).or(list.first()).map_or("", |actor| actor.id.as_str());
    let zone = parts.says.zones.iter().zip(&parts.land.zones).max_by_key(|(says, _)| says.evidence.count);
    let zone = zone.map_or("", |(_, zone)| zone.id.as_str());
    let mut points = vec![
        "aims and peoples: without `axes`, `alignment` and `[[community]]` nobody is nearer to one than to another"
            .to_owned(),
        "umbrellas, sponsors, mediators, accords, truces, claims, and who refuses to talk to whom".to_owned(),
        "who holds the towns; value, terrain and ways of zones".to_owned(),
        "what is about to happen: `[[event]]`".to_owned(),
    ];
    if parts.doubled {
        points.push("the range of deaths: ACLED gives one number".to_owned());
    } else {
        let (none, some) = formula::UNGOVERNED;
        points.push(format!(
            "who holds which zone: GED has no territory; control is by forces seen, {} to {} held by nobody",
            percent(none),
            percent(some)
        ));
    }
    if told.displaced.is_none() {
        points.push("displaced people (`--displaced`)".to_owned());
    }
    let lines = format!(
        "axes = [\"…\"]                          # in [scenario]\n\
         alignment = {{ … = 0.5 }}                # in [[faction]] id = \"{0}\"\n\
         claims = {{ {zone} = 0.5 }}              # in [[faction]] id = \"{1}\"\n\
         town = {{ share = 0.3, control = {{ {0} = 0.8 }} }}  # in [[zone]] id = \"{zone}\"\n\
         truce_until = {2}             # in [[relation]] between = [\"{0}\", \"{1}\"]",
        id(0),
        id(1),
        parts.window.start.plus_days(90)
    );
    (points, lines.lines().map(str::to_owned).collect())
}
