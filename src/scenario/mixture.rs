//! Two scenarios of one conflict, and those between them: some of their differences as in the one, the rest as in the other.

use super::file::ScenarioFile;
use super::read::change::{self, Change};
use super::read::merge::entry_name;
use super::read::path;
use super::read::tree::{Spanned, Value};
use super::resolved::strip;
use super::written::Written;
use super::{Problems, Scenario, check};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// Fields of the header that are not mixed: they say what the scenario is, and when.
const KEPT: [&str; 8] = ["id", "title", "conflict", "summary", "start", "step", "horizon", "boundaries"];
/// Sections that say what else one might run or ask.
const ASIDE: [&str; 5] = ["variant", "uncertainty", "composition", "changes", "run"];

/// An entry of a scenario: its section and its name in it. Of the header the name is empty, of behaviour it is the mechanism, of a
/// relation the two names in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EntryKey {
    /// The section.
    pub section: String,
    /// The name.
    pub name: String,
}

/// In which of two scenarios an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In both, with other values.
    Both,
    /// In the first only.
    First,
    /// In the second only.
    Second,
}

/// A value that differs; one that stands in one scenario only is empty in the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedValue {
    /// Its path.
    pub path: String,
    /// In the first.
    pub from: String,
    /// In the second.
    pub to: String,
}

/// An entry in which two scenarios differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryDifference {
    /// Which entry.
    pub key: EntryKey,
    /// Where it stands.
    pub standing: Standing,
    /// Its values that differ.
    pub values: Vec<ChangedValue>,
    /// Whether what is thought possible of its inputs differs.
    pub ranges: bool,
}

/// Two scenarios and in what they differ.
#[derive(Clone, Debug)]
pub struct Mixture {
    first: MixtureSide,
    second: MixtureSide,
    differences: Vec<EntryDifference>,
    /// Of each difference, those that name it or that it names, where it stands in one scenario only.
    bound: Vec<BTreeSet<usize>>,
}

#[derive(Clone, Debug)]
struct MixtureSide {
    scenario: Scenario,
    /// As it is written, without what is not mixed.
    tree: Spanned,
    changes: Vec<(EntryKey, Change)>,
    entries: BTreeMap<EntryKey, Json>,
}

impl Mixture {
    /// Of two scenarios that are both asked a question, by the id of its entry. `ranges` says whether what is thought possible
    /// of inputs counts as a difference.
    ///
    /// # Errors
    /// If they are not of one conflict and time, in words.
    pub fn new(first: &Scenario, second: &Scenario, question: &str, ranges: bool) -> Result<Self, String> {
        let time = |scenario: &Scenario| {
            let header = &scenario.file.scenario;
            (header.start, format!("{:?} {:?}", header.step, header.horizon))
        };
        if time(first) != time(second) {
            return Err(
                "they differ in their start, step or horizon, so that no run of one can be set beside one of the other"
                    .to_owned(),
            );
        }
        let factions = |scenario: &Scenario| -> BTreeSet<String> {
            scenario.file.faction.iter().map(|faction| faction.id.clone()).collect()
        };
        if factions(first).is_disjoint(&factions(second)) {
            return Err("they have no faction in common: they are of different conflicts".to_owned());
        }
        let [first, second] = [first, second].map(|scenario| MixtureSide::of(scenario, question));
        let keys: BTreeSet<&EntryKey> = first.entries.keys().chain(second.entries.keys()).collect();
        let (mut differences, mut texts) = (Vec::new(), Vec::new());
        let unsure = [&first, &second].map(|side| if ranges { side.ranges() } else { BTreeMap::new() });
        let written = [&first, &second].map(MixtureSide::written);
        let others = unsure[0].keys().chain(unsure[1].keys());
        let all: BTreeSet<&EntryKey> = keys.into_iter().chain(others).collect();
        for key in all {
            let pair = [&first, &second].map(|side| side.entries.get(key));
            let as_written = written[0].get(key) == written[1].get(key);
            let ranges = unsure[0].get(key) != unsure[1].get(key);
            if pair[0] == pair[1] && as_written && !ranges {
                continue;
            }
            let standing = match pair {
                [Some(_), None] => Standing::First,
                [None, Some(_)] => Standing::Second,
                _ => Standing::Both,
            };
            let mut values = Vec::new();
            let start = if key.name.is_empty() { key.section.clone() } else { format!("{}.{}", key.section, key.name) };
            if standing == Standing::Both {
                compare(start, pair[0], pair[1], &mut values);
            }
            differences.push(EntryDifference { key: key.clone(), standing, values, ranges });
            texts.push(pair.map(|entry| entry.map(words).unwrap_or_default()));
        }
        let bound = bound(&differences, &texts);
        Ok(Self { first, second, differences, bound })
    }

    /// In what they differ.
    pub fn differences(&self) -> &[EntryDifference] {
        &self.differences
    }

    /// Of each difference, the others that cannot go without it or it without them: where an entry stands in one scenario only,
    /// those that name it.
    pub fn bound(&self) -> &[BTreeSet<usize>] {
        &self.bound
    }

    /// The first scenario with some of the differences as in the second, by their places.
    ///
    /// # Errors
    /// What of it cannot be run.
    pub fn mixed(&self, taken: &[bool]) -> Result<Scenario, Problems> {
        let of_second: BTreeSet<&EntryKey> = (self.differences.iter().zip(taken))
            .filter(|(_, taken)| **taken)
            .map(|(difference, _)| &difference.key)
            .collect();
        let is_second = |key: &EntryKey| of_second.contains(key);
        let mut tree = self.first.tree.clone();
        let (Some(sections), Some(other)) = (tree.entries_mut(), self.second.tree.entries()) else {
            return Err(Problems::whole("a scenario has no sections".into(), None));
        };
        let names: BTreeSet<String> = sections.keys().chain(other.keys()).cloned().collect();
        for section in names {
            let (own, theirs) = (sections.get(&section), other.get(&section));
            let Some(form) = own.or(theirs) else { continue };
            let list = |node: Option<&Spanned>| node.map_or(Vec::new(), |node| node.elements().to_vec());
            let table = |node: Option<&Spanned>| node.and_then(Spanned::entries).cloned().unwrap_or_default();
            let value = match section.as_str() {
                "run" => continue,
                "scenario" => {
                    let mut fields = table(own);
                    let key = EntryKey { section: section.clone(), name: String::new() };
                    if is_second(&key) {
                        fields.retain(|field, _| KEPT.contains(&field.as_str()));
                        fields.extend(table(theirs).into_iter().filter(|(field, _)| !KEPT.contains(&field.as_str())));
                    }
                    Value::Table(fields)
                }
                "behaviour" => {
                    let key = |name: &String| EntryKey { section: section.clone(), name: name.clone() };
                    let mut fields = table(own);
                    fields.retain(|name, _| !is_second(&key(name)));
                    fields.extend(table(theirs).into_iter().filter(|(name, _)| is_second(&key(name))));
                    Value::Table(fields)
                }
                _ => {
                    let (own, theirs) = (list(own), list(theirs));
                    let of = |side: &MixtureSide, entry: &Spanned| side.owner(&section, entry);
                    let mut replaced: BTreeMap<EntryKey, Vec<Spanned>> = BTreeMap::new();
                    for entry in theirs {
                        let key = of(&self.second, &entry);
                        if is_second(&key) {
                            replaced.entry(key).or_default().push(entry);
                        }
                    }
                    let mut made = Vec::new();
                    for entry in own {
                        let key = of(&self.first, &entry);
                        match is_second(&key) {
                            // In the place of the old ones, so that the order of a file matters to no mixture.
                            true => made.extend(replaced.remove(&key).unwrap_or_default()),
                            false => made.push(entry),
                        }
                    }
                    made.extend(replaced.into_values().flatten());
                    Value::List(made)
                }
            };
            let node = Spanned { value, ..form.clone() };
            sections.insert(section, node);
        }
        let own = self.first.changes.iter().filter(|(key, _)| !is_second(key));
        let changes = own.chain(self.second.changes.iter().filter(|(key, _)| is_second(key)));
        self.first.made(tree, changes.map(|(_, change)| change.clone()).collect())
    }
}

impl MixtureSide {
    fn of(scenario: &Scenario, question: &str) -> Self {
        let mut tree = scenario.written.as_ref().map_or(&scenario.tree, |written| written.tree()).clone();
        if let Some(sections) = tree.entries_mut() {
            sections.remove("variant");
            if let Some(header) = sections.get_mut("scenario").and_then(Spanned::entries_mut) {
                header.remove("boundaries");
            }
            // Other questions may name what a mixture does not have.
            if let Some(node) = sections.get_mut("question") {
                let asked = |entry: &&Spanned| entry_name("question", entry).as_deref() == Some(question);
                node.value = Value::List(node.elements().iter().filter(asked).cloned().collect());
            }
        }
        let mut side =
            Self { scenario: scenario.clone(), tree, changes: Vec::new(), entries: entries(&scenario.file, question) };
        let changes = scenario.written.as_ref().map(|written| written.changes.clone()).unwrap_or_default();
        side.changes = changes
            .into_iter()
            .filter_map(|change| Some((side.addressed(&change.path)?, change)))
            .filter(|(key, _)| key.section != "run" && (key.section != "question" || key.name == question))
            .collect();
        side
    }

    /// The entry in which a path stands.
    fn addressed(&self, path: &str) -> Option<EntryKey> {
        let tree = &self.scenario.tree;
        let address = path::resolve(tree, path::schema(), path).ok()?;
        let entry = address.entry.and_then(|entry| tree.get(&address.section)?.elements().get(entry));
        let name = match (entry, address.section.as_str()) {
            (Some(entry), section) => entry_name(section, entry)?,
            (None, "behaviour") => address.keys.first().cloned().unwrap_or_default(),
            _ => String::new(),
        };
        Some(EntryKey { section: address.section, name })
    }

    /// The entry that an entry of a list goes with: itself, or that of whose inputs it speaks.
    fn owner(&self, section: &str, entry: &Spanned) -> EntryKey {
        let name = entry_name(section, entry).unwrap_or_default();
        let about = ["uncertainty", "composition"].contains(&section).then(|| self.addressed(&name)).flatten();
        about.unwrap_or(EntryKey { section: section.to_owned(), name })
    }

    /// What is thought possible of the inputs of each entry.
    fn ranges(&self) -> BTreeMap<EntryKey, BTreeSet<String>> {
        let mut ranges: BTreeMap<EntryKey, BTreeSet<String>> = BTreeMap::new();
        let unsure =
            self.scenario.uncertainties().into_iter().map(|unsure| (unsure.path.clone(), format!("{unsure:?}")));
        let shares = self.scenario.compositions().into_iter().map(|all| (all.paths.concat(), all));
        let shares = shares.map(|(_, all)| (all.paths.first().cloned().unwrap_or_default(), format!("{all:?}")));
        for (path, words) in unsure.chain(shares) {
            if let Some(key) = self.addressed(&path) {
                ranges.entry(key).or_default().insert(words);
            }
        }
        ranges
    }

    /// The entries as they are written, before changes; none where nothing is changed.
    fn written(&self) -> BTreeMap<EntryKey, Json> {
        let file = self.scenario.written.as_ref().and_then(|written| written.file());
        let question = self.entries.keys().find(|key| key.section == "question").map(|key| key.name.clone());
        match file {
            Some(file) => entries(file, &question.unwrap_or_default()),
            None => self.entries.clone(),
        }
    }

    /// The scenario of a tree with changes.
    fn made(&self, base: Spanned, changes: Vec<Change>) -> Result<Scenario, Problems> {
        let (schema, files) = (path::schema(), self.scenario.files.clone());
        let mut tree = base.clone();
        let mut list: Vec<_> =
            changes.iter().filter_map(|change| change::apply(&mut tree, schema, change).err()).collect();
        let written = (!changes.is_empty()).then(|| Box::new(Written::new(base, changes)));
        let checked = check::check(&tree, schema);
        list.extend(checked.problems);
        match checked.typed {
            Some(typed) if list.is_empty() => Scenario::of(typed.file, checked.warnings, files, (tree, written), None),
            _ => Err(Problems { files, list }.in_order()),
        }
    }
}

/// The entries of a file, without what changes no run.
fn entries(file: &ScenarioFile, question: &str) -> BTreeMap<EntryKey, Json> {
    let mut found = BTreeMap::new();
    let Ok(Json::Object(sections)) = serde_json::to_value(file) else { return found };
    let key = |section: &str, name: String| EntryKey { section: section.to_owned(), name };
    for (section, value) in sections {
        match value {
            _ if ASIDE.contains(&section.as_str()) => {}
            Json::Array(list) => {
                for mut entry in list {
                    strip(&mut entry);
                    let name = match section.as_str() {
                        "relation" => in_order(&mut entry),
                        _ => entry["id"].as_str().unwrap_or_default().to_owned(),
                    };
                    if section != "question" || name == question {
                        found.insert(key(&section, name), entry);
                    }
                }
            }
            Json::Object(fields) if section == "behaviour" => {
                found.extend(fields.into_iter().map(|(mechanism, values)| (key(&section, mechanism), values)));
            }
            mut header if section == "scenario" => {
                let joint = header["joint_inputs"].clone();
                strip(&mut header);
                if let Json::Object(fields) = &mut header {
                    KEPT.iter().for_each(|field| drop(fields.remove(*field)));
                    fields.insert("joint_inputs".into(), joint);
                }
                found.insert(key(&section, String::new()), header);
            }
            _ => {}
        }
    }
    found
}

/// Turns a relation so that its names stand in order; gives them.
fn in_order(entry: &mut Json) -> String {
    let names = |entry: &Json| -> Vec<String> {
        let pair = entry["between"].as_array().map_or(&[][..], Vec::as_slice);
        pair.iter().filter_map(Json::as_str).map(str::to_owned).collect()
    };
    let mut pair = names(entry);
    if !pair.is_sorted()
        && let Json::Object(fields) = entry
    {
        pair.sort();
        fields.insert("between".into(), pair.iter().map(String::as_str).collect());
        for field in ["hostility", "trust"] {
            let back = format!("{field}_back");
            if let (Some(there), Some(here)) = (fields.get(field).cloned(), fields.get(&back).cloned())
                && !there.is_null()
                && !here.is_null()
            {
                fields.insert(field.to_owned(), here);
                fields.insert(back, there);
            }
        }
    }
    pair.join(".")
}

/// The values in which two parts of entries differ.
fn compare(path: String, first: Option<&Json>, second: Option<&Json>, values: &mut Vec<ChangedValue>) {
    let empty = serde_json::Map::new();
    let table = |json: Option<&Json>| match json {
        Some(Json::Object(fields)) => Some(fields.clone()),
        None | Some(Json::Null) => Some(empty.clone()),
        Some(_) => None,
    };
    if first == second {
        return;
    }
    let is_table = |json: Option<&Json>| matches!(json, Some(Json::Object(_)));
    match (table(first), table(second)) {
        (Some(a), Some(b)) if is_table(first) || is_table(second) => {
            let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            keys.into_iter().for_each(|key| compare(format!("{path}.{key}"), a.get(key), b.get(key), values));
        }
        _ => {
            let text = |json: Option<&Json>| match json {
                None | Some(Json::Null) => String::new(),
                Some(Json::String(text)) => text.clone(),
                Some(other) => other.to_string(),
            };
            values.push(ChangedValue { path, from: text(first), to: text(second) });
        }
    }
}

/// All names in an entry.
fn words(entry: &Json) -> BTreeSet<String> {
    match entry {
        Json::String(text) => BTreeSet::from([text.clone()]),
        Json::Array(list) => list.iter().flat_map(words).collect(),
        Json::Object(fields) => {
            fields.iter().flat_map(|(key, value)| words(value).into_iter().chain([key.clone()])).collect()
        }
        _ => BTreeSet::new(),
    }
}

/// Which differences cannot go without each other, because one stands in one scenario only and the other names it there.
fn bound(differences: &[EntryDifference], texts: &[[BTreeSet<String>; 2]]) -> Vec<BTreeSet<usize>> {
    let mut bound = vec![BTreeSet::new(); differences.len()];
    for (place, difference) in differences.iter().enumerate() {
        let side = match difference.standing {
            Standing::Both => continue,
            Standing::First => 0,
            Standing::Second => 1,
        };
        for (other, texts) in texts.iter().enumerate() {
            if other != place && texts[side].contains(&difference.key.name) {
                bound[place].insert(other);
                bound[other].insert(place);
            }
        }
    }
    bound
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Overrides;
    use std::path::Path;

    fn standoff(set: &[&str]) -> Scenario {
        let set = set.iter().map(|set| (*set).to_owned()).collect();
        let file = Path::new("configs/three-way-standoff.toml");
        Scenario::load(file, &Overrides { set, variant: None }).unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn question(scenario: &Scenario) -> String {
        scenario.file.question[0].id.clone()
    }

    #[test]
    fn nothing_differs_between_a_scenario_and_itself() {
        let scenario = standoff(&[]);
        let mixture =
            Mixture::new(&scenario, &scenario, &question(&scenario), true).unwrap_or_else(|why| panic!("{why}"));
        assert!(mixture.differences().is_empty());
    }

    #[test]
    fn mixtures_lie_between_their_ends() {
        let set = [
            "faction.highlanders.fighters=900",
            "relation.traders.highlanders.hostility=0.11",
            "behaviour.choice.looks=0.3",
        ];
        let (first, second) = (standoff(&[]), standoff(&set));
        let id = question(&first);
        let mixture = Mixture::new(&first, &second, &id, true).unwrap_or_else(|why| panic!("{why}"));
        let keys: Vec<String> =
            mixture.differences().iter().map(|one| format!("{} {}", one.key.section, one.key.name)).collect();
        assert_eq!(keys, ["behaviour choice", "faction highlanders", "relation highlanders.traders"]);
        let fighters = &mixture.differences()[1].values;
        assert_eq!(fighters[0].path, "faction.highlanders.fighters");
        assert_eq!(fighters[0].to.parse::<f64>().map(|number| number as u32), Ok(900));
        let asked = |side: &Scenario| {
            let all = Mixture::new(side, side, &id, true).and_then(|own| own.mixed(&[]).map_err(|_| String::new()));
            all.unwrap_or_else(|why| panic!("{why}")).digest()
        };
        let mixed = |taken: [bool; 3]| mixture.mixed(&taken).unwrap_or_else(|problems| panic!("{problems}")).digest();
        assert_eq!(mixed([false; 3]), asked(&first));
        assert_eq!(mixed([true; 3]), asked(&second));
        assert_eq!(mixed([false, true, false]), asked(&standoff(&set[..1])));
        assert_eq!(mixed([true, false, true]), asked(&standoff(&set[1..])));
    }
}
