//! Names for people that they would take for each other. None of it keeps a scenario from being run.

use crate::base::name::folded;
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::Step;
use crate::scenario::read::typed::Typed;
use std::collections::BTreeMap;

/// Letters at the beginning of a name that charts show wherever they show it.
const SHOWN: usize = 12;

/// A name with whose it is (an id) and where it stands.
#[derive(Clone)]
struct Named<'a> {
    name: &'a str,
    id: &'a str,
    place: [Step<'a>; 3],
}

/// Warns of names that are the same but for case, accents and signs, and of those that charts cut to the same.
pub fn alike(report: &mut Report, typed: &Typed) {
    let file = &typed.file;
    let place = |section: &'static str, entry: usize, field: &'static str| {
        [section.into(), typed.positions(section).get(entry).copied().unwrap_or(entry).into(), field.into()]
    };
    let umbrellas = file.umbrella.iter().map(|entry| (&entry.id, &entry.name, entry.label.as_deref()));
    let factions = file.faction.iter().map(|entry| (&entry.id, &entry.name, entry.label.as_deref()));
    let (mut names, mut labels, mut cut) = (Vec::new(), Vec::new(), Vec::new());
    for (section, (index, (id, name, label))) in umbrellas
        .enumerate()
        .map(|entry| ("umbrella", entry))
        .chain(factions.enumerate().map(|entry| ("faction", entry)))
    {
        let named = Named { name, id, place: place(section, index, "name") };
        match label {
            Some(label) => labels.push(Named { name: label, id, place: place(section, index, "label") }),
            None => cut.push(named.clone()),
        }
        names.push(named);
    }
    same(report, "name", &names, "one of them needs another name");
    begin_alike(report, &cut);
    // What has no label shows its name in the place of one; names are told of already.
    let shown: Vec<Named> = cut.into_iter().chain(labels).collect();
    same(report, "label", &shown, "one of them needs another `label`");
    let zones = file.zone.iter().enumerate();
    let zones =
        zones.map(|(index, zone)| Named { name: &zone.name, id: &zone.id, place: place("zone", index, "name") });
    same(report, "name", &zones.collect::<Vec<_>>(), "maps do not tell them apart");
    let communities = file.community.iter().enumerate().map(|(index, community)| Named {
        name: &community.name,
        id: &community.id,
        place: place("community", index, "name"),
    });
    same(report, "name", &communities.collect::<Vec<_>>(), "one of them needs another name");
    let countries = file.zone.iter().enumerate();
    let countries = countries.map(|(index, zone)| (zone.country.as_str(), place("zone", index, "country")));
    spelled_twice(report, "countries", countries);
    let axes = file.scenario.axes.iter().enumerate();
    spelled_twice(
        report,
        "axes",
        axes.map(|(index, axis)| (axis.as_str(), ["scenario".into(), "axes".into(), index.into()])),
    );
}

/// Warns of names that two have, where the second stands in a field of that name.
fn same(report: &mut Report, what: &str, list: &[Named], so: &str) {
    let mut first: BTreeMap<String, &Named> = BTreeMap::new();
    for named in list {
        let key = Some(folded(named.name)).filter(|key| !key.is_empty());
        if let Some(other) = first.get(key.as_deref().unwrap_or(named.name)) {
            if named.place[2] != Step::Key(what) {
                continue;
            }
            let (this, that) = (named.id, other.id);
            let words = match named.name == other.name {
                true => format!("`{this}` has the {what} of `{that}`: {so}"),
                false => format!("the {what} of `{this}` is that of `{that}` but for case, accents or signs: {so}"),
            };
            report.warn(&named.place, words);
        } else {
            first.insert(key.unwrap_or_else(|| named.name.to_owned()), named);
        }
    }
}

/// Warns of names without a label that begin with the same letters and are too long to be shown whole everywhere.
fn begin_alike(report: &mut Report, list: &[Named]) {
    let beginning =
        |name: &str| (name.chars().count() > SHOWN).then(|| folded(&name.chars().take(SHOWN).collect::<String>()));
    let mut first: BTreeMap<String, &Named> = BTreeMap::new();
    for named in list {
        let Some(key) = beginning(named.name) else { continue };
        match first.get(&key) {
            Some(other) if folded(other.name) != folded(named.name) => {
                let words = format!(
                    "the names of `{}` and `{}` begin alike: charts, which cut long names, need a `label` for each",
                    named.id, other.id
                );
                report.warn(&named.place, words);
            }
            Some(_) => {}
            None => drop(first.insert(key, named)),
        }
    }
}

/// Warns of spellings that look like one name.
fn spelled_twice<'a>(report: &mut Report, what: &str, list: impl Iterator<Item = (&'a str, [Step<'a>; 3])>) {
    let mut spellings: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, place) in list {
        let known = spellings.entry(folded(name)).or_default();
        if let (false, Some(first)) = (known.contains(&name), known.first().filter(|first| !folded(first).is_empty())) {
            let words = format!("`{name}` and `{first}` differ in case, accents or signs alone: they are two {what}");
            report.warn(&place, words);
        }
        if !known.contains(&name) {
            known.push(name);
        }
    }
}
