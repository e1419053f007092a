//! Who acts: which recorded names are one faction, what each is, and who is left out.

use super::event::{ActorNumber, Coded, Deed, Event, Events};
use super::land::{free, is_reserved};
use crate::base::name::{folded, id_of};
use std::collections::{BTreeMap, BTreeSet};

/// The longest id of a faction: those of questions hold two.
pub const LONGEST_ID: usize = 27;
/// Fighters of those of whom no number is given: a state, an organised force, and a militia.
const STATE: f64 = 5000.0;
const FORCE: f64 = 1000.0;
const MILITIA: f64 = 400.0;

/// A faction.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// Its id.
    pub id: String,
    /// Its name: the one that most events have.
    pub name: String,
    /// What it is.
    pub coded: Coded,
    /// Whether it has fought a state.
    pub against_states: bool,
    /// How many events of the window it is in.
    pub events: usize,
    /// The country in which most of them were.
    pub country: u32,
}

impl Actor {
    /// What it is called in a sentence: of a name that begins with a short one, such as `JNIM: Group for …`, that.
    pub fn short(&self) -> &str {
        let short = self.name.split_once(':').map_or("", |(short, _)| short.trim());
        if short.is_empty() { &self.name } else { short }
    }

    /// What kind of faction it is.
    pub fn kind(&self) -> &'static str {
        match self.coded {
            Coded::State => "state",
            Coded::External => "external_force",
            _ => "armed_group",
        }
    }

    /// How many fighters it is taken to have if nobody says.
    pub fn assumed_fighters(&self) -> f64 {
        match self.coded {
            Coded::State => STATE,
            Coded::External | Coded::Rebels => FORCE,
            Coded::Group if self.against_states => FORCE,
            _ => MILITIA,
        }
    }
}

/// An actor that is no faction of the scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Dropped {
    /// Its name.
    pub name: String,
    /// How many events of the window it is in.
    pub events: usize,
}

/// Who is who.
#[derive(Debug, Default)]
pub struct Actors {
    /// The factions: states first, then who is in most events.
    pub list: Vec<Actor>,
    /// Those in too few events, and those whom nobody knows; most events first.
    pub dropped: Vec<Dropped>,
    /// Those without an id of their own, for their names are in another script.
    pub numbered: Vec<String>,
    /// Sides that name several actors, which count for one of them.
    pub several: Vec<String>,
    /// Which faction each recorded actor is.
    faction_of: Vec<Option<usize>>,
}

impl Actors {
    /// The faction of a recorded actor, if it is one.
    pub fn of(&self, actor: Option<ActorNumber>) -> Option<usize> {
        *self.faction_of.get(actor? as usize)?
    }

    /// The factions of the two sides of an event, if both are and differ.
    pub fn two(&self, event: &Event) -> Option<(usize, usize)> {
        let (a, b) = (self.of(event.sides[0])?, self.of(event.sides[1])?);
        (a != b).then_some((a.min(b), a.max(b)))
    }

    /// The factions in an event, each once.
    pub fn within(&self, event: &Event) -> impl Iterator<Item = usize> + use<> {
        let (a, b) = (self.of(event.sides[0]), self.of(event.sides[1]));
        a.into_iter().chain(b.filter(|_| a != b))
    }
}

/// A name as it is recorded, and which faction it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The name as it is given.
    pub name: String,
    /// The faction's id.
    pub id: String,
}

/// Aliases by their names, folded.
pub type Aliases = BTreeMap<String, Alias>;

/// All that is recorded of one faction.
#[derive(Default)]
struct Group {
    numbers: BTreeMap<ActorNumber, usize>,
    coded: BTreeMap<Coded, usize>,
    countries: BTreeMap<u32, usize>,
    events: usize,
    against_states: bool,
    nameless: bool,
    last_line: u32,
}

/// Finds who is who in the events of the window: actors in `least` events or more are factions.
pub fn actors<'e>(events: &Events, window: impl Iterator<Item = &'e Event>, aliases: &Aliases, least: usize) -> Actors {
    let window: Vec<&Event> = window.collect();
    let leads = leads(events, &window, aliases);
    // Which group each recorded actor is of, once it is met.
    let mut group_of: Vec<Option<usize>> = vec![None; events.actors.len()];
    let mut known: BTreeMap<(String, bool), usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for event in window {
        for (side, number) in event.sides.iter().enumerate() {
            let Some(number) = *number else { continue };
            let group = *group_of[number as usize].get_or_insert_with(|| {
                let name = leads.get(&number).map_or(events.actors.name(number), String::as_str);
                let group = *known.entry(key(name, aliases)).or_insert(groups.len());
                if group == groups.len() {
                    groups.push(Group::default());
                }
                groups[group].nameless |= is_nobody(name) && !aliases.contains_key(&folded(name));
                group
            });
            let group = &mut groups[group];
            *group.numbers.entry(number).or_default() += 1;
            *group.coded.entry(event.coded[side]).or_default() += 1;
            *group.countries.entry(event.country).or_default() += 1;
            group.against_states |= event.deed == Deed::StateBased;
            // One event counts once, also where both of its sides are one faction.
            group.events += usize::from(group.last_line != event.line);
            group.last_line = event.line;
        }
    }
    let name = |group: &Group| {
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for (number, count) in &group.numbers {
            let name = leads.get(number).map_or(events.actors.name(*number), String::as_str);
            *names.entry(plain(name)).or_default() += count;
        }
        most(&names).unwrap_or_default()
    };
    let groups = known.into_iter().map(|(key, group)| (key, std::mem::take(&mut groups[group])));
    let met = leads.keys().filter(|actor| group_of[**actor as usize].is_some());
    let mut several: Vec<String> = met.map(|actor| events.actors.name(*actor).to_owned()).collect();
    several.sort();
    let mut found = Actors { several, faction_of: vec![None; events.actors.len()], ..Actors::default() };
    let mut kept: Vec<((String, bool), Group)> = Vec::new();
    for (key, group) in groups {
        if group.nameless || group.events < least.max(1) {
            found.dropped.push(Dropped { name: name(&group), events: group.events });
        } else {
            kept.push((key, group));
        }
    }
    found.dropped.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| a.name.cmp(&b.name)));
    let coded = |group: &Group| most(&group.coded).unwrap_or_default();
    let place = |group: &Group| (coded(group) != Coded::State, std::cmp::Reverse(group.events));
    kept.sort_by(|a, b| place(&a.1).cmp(&place(&b.1)).then_with(|| a.0.cmp(&b.0)));
    // Who is met before the window or after the start alone, by a name that is a faction's too, as with other years in brackets.
    let faction_of: BTreeMap<(String, bool), usize> =
        kept.iter().enumerate().map(|(faction, (key, _))| (key.clone(), faction)).collect();
    for actor in (0..events.actors.len()).filter(|actor| group_of[*actor].is_none()) {
        let name = leads.get(&(actor as u32)).map_or(events.actors.name(actor as u32), String::as_str);
        found.faction_of[actor] = faction_of.get(&key(name, aliases)).copied();
    }
    let mut taken: BTreeSet<String> = kept.iter().filter(|(key, _)| key.1).map(|(key, _)| key.0.clone()).collect();
    for (number, ((stem, own), group)) in kept.into_iter().enumerate() {
        let name = name(&group);
        let id = match id_of(&stem, LONGEST_ID) {
            _ if own => stem,
            Some(id) => free(&within_words(&stem, id), LONGEST_ID, &mut taken),
            None => {
                found.numbered.push(name.clone());
                free(&format!("actor-{}", number + 1), LONGEST_ID, &mut taken)
            }
        };
        group.numbers.keys().for_each(|actor| found.faction_of[*actor as usize] = Some(number));
        let (coded, country) = (coded(&group), most(&group.countries).unwrap_or_default());
        let (events, against_states) = (group.events, group.against_states);
        found.list.push(Actor { id, name, coded, against_states, events, country });
    }
    found
}

/// Whose the sides are that name several actors, as `A, B, C`: that of them which is in most events by itself, the first of
/// equals. None of one that an alias has, or of whose parts none acts by itself.
fn leads(events: &Events, window: &[&Event], aliases: &Aliases) -> BTreeMap<ActorNumber, String> {
    let mut counts: BTreeMap<ActorNumber, usize> = BTreeMap::new();
    window.iter().flat_map(|event| event.sides).flatten().for_each(|actor| *counts.entry(actor).or_default() += 1);
    let alone: BTreeMap<String, usize> =
        counts.iter().map(|(actor, count)| (folded(events.actors.name(*actor)), *count)).collect();
    let lead = |actor: ActorNumber| {
        let name = events.actors.name(actor);
        if !name.contains(", ") || aliases.contains_key(&folded(name)) {
            return None;
        }
        let parts = name.split(", ").map(str::trim).filter_map(|part| Some((alone.get(&folded(part))?, part)));
        let best = parts.fold(None, |best: Option<(&usize, &str)>, part| match best {
            Some(before) if before.0 >= part.0 => Some(before),
            _ => Some(part),
        });
        best.map(|(_, part)| (actor, part.to_owned()))
    };
    (0..events.actors.len() as ActorNumber).filter_map(lead).collect()
}

/// By what an actor is told: the id that the user gives, or what its name begins with.
fn key(name: &str, aliases: &Aliases) -> (String, bool) {
    let plain = plain(name);
    let given = aliases.get(&folded(name)).or_else(|| aliases.get(&folded(&plain)));
    match given {
        Some(alias) => (alias.id.clone(), true),
        None => {
            let short = plain.split_once(':').map_or(plain.as_str(), |(short, _)| short).trim();
            let id = id_of(short, usize::MAX).filter(|id| !is_reserved(id));
            (id.unwrap_or_else(|| short.to_owned()), false)
        }
    }
}

/// An id cut where a word ends, if it had to be cut.
fn within_words(stem: &str, id: String) -> String {
    let cut = id_of(stem, usize::MAX).is_some_and(|whole| whole.len() > id.len() && whole.as_bytes()[id.len()] != b'-');
    match id.rfind('-') {
        Some(end) if cut && end > LONGEST_ID / 2 => id[..end].to_owned(),
        _ => id,
    }
}

/// What most have; of those that as many have, the first in their order.
fn most<K: Ord + Clone>(counts: &BTreeMap<K, usize>) -> Option<K> {
    let best = counts.values().copied().max()?;
    counts.iter().find(|(_, count)| **count == best).map(|(key, _)| key.clone())
}

/// A name without the years in brackets in which it was so.
pub fn plain(name: &str) -> String {
    let mut rest = name;
    let mut plain = String::new();
    while let Some(open) = rest.find('(') {
        let close = rest[open..].find(')').map_or(rest.len(), |close| open + close + 1);
        let inside = rest[open + 1..close].trim_end_matches(')');
        let years =
            inside.contains('-') && inside.chars().all(|letter| letter.is_ascii_digit() || "- ".contains(letter));
        plain.push_str(if years { rest[..open].trim_end() } else { &rest[..close] });
        rest = &rest[close..];
    }
    plain.push_str(rest);
    plain.trim().to_owned()
}

/// Whether a name says that nobody knows who it was.
fn is_nobody(name: &str) -> bool {
    let name = folded(name);
    name.starts_with("unidentified") || name.starts_with("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_years_and_ids_end_with_words() {
        for (name, expected, id) in [
            ("Military Forces of Mali (2021-)", "Military Forces of Mali", "military-forces-of-mali"),
            (
                "Police Forces of Mali (2020-2021) Gendarmerie",
                "Police Forces of Mali Gendarmerie",
                "police-forces-of-mali",
            ),
            ("Dan Na Ambassagou (Mali)", "Dan Na Ambassagou (Mali)", "dan-na-ambassagou-mali"),
            ("JNIM: Group for Support of Islam", "JNIM: Group for Support of Islam", "jnim"),
            ("Islamic State in the Greater Sahara", "Islamic State in the Greater Sahara", "islamic-state-in-the"),
            ("Broken (2021", "Broken (2021", "broken-2021"),
        ] {
            assert_eq!(plain(name), expected);
            let (stem, own) = key(name, &BTreeMap::new());
            assert!(!own);
            assert_eq!(within_words(&stem, id_of(&stem, LONGEST_ID).unwrap()), id, "{name}");
        }
        let aliases = Aliases::from([(
            folded("military forces of mali"),
            Alias { name: "military forces of mali".to_owned(), id: "state".to_owned() },
        )]);
        assert_eq!(key("Military Forces of Mali (2021-)", &aliases), ("state".to_owned(), true));
        assert!(is_nobody("Unidentified Armed Group (Mali)") && !is_nobody("Union"));
    }
}
