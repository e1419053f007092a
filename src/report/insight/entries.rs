//! Entries in which two scenarios differ, in words.

use super::super::naming::{input, list};
use crate::analysis::discovery::written;
use crate::scenario::{EntryDifference, EntryKey, Scenario, Unsure};
use std::collections::{BTreeMap, BTreeSet};

/// So many values of an entry that differ are named.
pub(super) const VALUES: usize = 3;

/// An entry of two scenarios in words.
pub(super) fn named(scenarios: [&Scenario; 2], key: &EntryKey) -> String {
    scenarios.iter().find_map(|scenario| entry(scenario, key)).unwrap_or_else(|| plain(key))
}

/// A difference in words: an entry with what of it differs, "fighters and outreach (JNIM)"; the entry alone if that is much.
pub(super) fn difference_words(scenarios: [&Scenario; 2], difference: &EntryDifference) -> String {
    let whole = named(scenarios, &difference.key);
    let mut paths: Vec<String> = difference.values.iter().map(|value| value.path.clone()).collect();
    for (path, _) in ranges(scenarios, difference) {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let of_it = |path: &String| Some(input(scenarios[0], path).strip_suffix(&format!(" ({whole})"))?.to_owned());
    match paths.iter().map(of_it).collect::<Option<Vec<_>>>() {
        Some(parts) if (1..=VALUES).contains(&parts.len()) => format!("{} ({whole})", list(&parts)),
        _ => whole,
    }
}

/// The inputs of an entry of which what is thought possible differs, with that in either scenario.
pub(super) fn ranges(scenarios: [&Scenario; 2], difference: &EntryDifference) -> Vec<(String, [String; 2])> {
    let EntryKey { section, name } = &difference.key;
    let mut starts = vec![format!("{section}.{name}.")];
    // Of a relation either may come first.
    starts.extend(name.split_once('.').map(|(one, other)| format!("{section}.{other}.{one}.")));
    // By the path that values of the entry have.
    let path = |unsure: &Unsure| {
        let rest = starts.iter().find_map(|start| unsure.path.strip_prefix(start))?;
        Some(format!("{}{rest}", starts[0]))
    };
    let ends = |unsure: &Unsure| Some(format!("{} to {}", written(unsure.low?), written(unsure.high?)));
    let of = |scenario: &Scenario| -> BTreeMap<String, String> {
        scenario.uncertainties().iter().filter_map(|unsure| Some((path(unsure)?, ends(unsure)?))).collect()
    };
    let [first, second] = scenarios.map(of);
    let paths: BTreeSet<&String> = first.keys().chain(second.keys()).collect();
    let stands = |side: &BTreeMap<String, String>, path: &String| side.get(path).map_or("–", String::as_str).to_owned();
    let both = |path: &String| (path.clone(), [stands(&first, path), stands(&second, path)]);
    paths.into_iter().map(both).filter(|(_, [one, other])| difference.ranges && one != other).collect()
}

/// An entry of a scenario in words; none if it has none.
fn entry(scenario: &Scenario, key: &EntryKey) -> Option<String> {
    let (file, name) = (&scenario.file, key.name.as_str());
    let actor = |id: &str| {
        let faction = file.faction.iter().find(|faction| faction.id == id);
        let umbrella = file.umbrella.iter().find(|umbrella| umbrella.id == id);
        let faction = faction.map(|faction| faction.label.as_ref().unwrap_or(&faction.name));
        faction.or(umbrella.map(|umbrella| umbrella.label.as_ref().unwrap_or(&umbrella.name))).cloned()
    };
    Some(match key.section.as_str() {
        "faction" | "umbrella" => actor(name)?,
        "relation" => {
            let (one, other) = name.split_once('.')?;
            format!("{} – {}", actor(one)?, actor(other)?)
        }
        "zone" => file.zone.iter().find(|zone| zone.id == name)?.name.clone(),
        "community" => file.community.iter().find(|community| community.id == name)?.name.clone(),
        "accord" => file.accord.iter().find(|accord| accord.id == name)?.name.clone(),
        "event" => file.event.iter().find(|event| event.id == name)?.name.clone(),
        _ => return None,
    })
}

fn plain(key: &EntryKey) -> String {
    match key.section.as_str() {
        "behaviour" => format!("weights of {}", key.name.replace('_', " ")),
        "question" => "what is asked".into(),
        "scenario" => "the header of the scenario".into(),
        section => format!("{section} {}", key.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Mixture, Overrides};
    use std::path::Path;

    #[test]
    fn differences_are_told_with_what_of_an_entry_differs_and_ranges_with_their_ends() {
        let load = |path: &str| Scenario::load(Path::new(path), &Overrides::default()).unwrap();
        let [first, second] = ["configs/northern-mali-2023.toml", "configs/contrast/second-analyst.toml"].map(load);
        let mixture = Mixture::new(&first, &second, "jnim-cma-pact", true).unwrap();
        let told = |section: &str| {
            let difference = mixture.differences().iter().find(|difference| difference.key.section == section).unwrap();
            (difference_words([&first, &second], difference), ranges([&first, &second], difference))
        };
        let (congress, chances) = told("event");
        assert_eq!(congress, "chance (The CMA's movements merge)");
        assert_eq!(chances.len(), 1);
        assert_eq!(chances[0].0, "event.congress.chance");
        assert_eq!(chances[0].1[1], "0.1 to 0.6");
        assert_eq!(told("faction").0, "fighters and outreach (JNIM)");
        assert_eq!(told("relation").0, "trust (HCUA – JNIM)");
    }
}
