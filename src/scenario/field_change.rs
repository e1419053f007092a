//! In which fields two scenarios of the same entries differ, and a file with one of them changed.

use super::file::ScenarioFile;
use super::inputs::SetUp;
use super::read::path::ENTRY_NAMES;
use super::{Scenario, build, compile};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A field in which two scenarios differ: the smallest part of them that can be changed by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// Its path, such as `faction.jnim.outreach`.
    pub path: String,
    /// The section.
    pub section: String,
    /// The field of the section, or of the entry where the section is a list.
    pub field: String,
    /// Keys and positions that lead to it.
    place: Vec<String>,
    /// What it is in the second; none if it is not there.
    value: Option<Json>,
}

impl Scenario {
    /// The fields in which another scenario of the same entries differs.
    pub fn field_changes(&self, other: &Self) -> Vec<FieldChange> {
        let [a, b] = [self, other].map(|scenario| serde_json::to_value(&scenario.file).unwrap_or_default());
        let mut found = Vec::new();
        compare("", &[], Some(&a), Some(&b), &mut found);
        found
    }
}

impl FieldChange {
    /// A file in which the field is changed.
    ///
    /// # Errors
    /// If it makes no scenario, in words.
    pub fn made(&self, file: &ScenarioFile) -> Result<ScenarioFile, String> {
        let wrong = |error: serde_json::Error| format!("{}: {error}", self.path);
        let mut whole = serde_json::to_value(file).map_err(wrong)?;
        let Some((last, before)) = self.place.split_last() else { return Ok(file.clone()) };
        let mut here = &mut whole;
        for key in before {
            here = match here {
                Json::Array(list) => &mut list[key.parse::<usize>().unwrap_or(usize::MAX)],
                _ => &mut here[key.as_str()],
            };
        }
        match (here, &self.value) {
            (Json::Object(fields), Some(value)) => drop(fields.insert(last.clone(), value.clone())),
            (Json::Object(fields), None) => drop(fields.remove(last)),
            _ => {}
        }
        serde_json::from_value(whole).map_err(wrong)
    }
}

impl SetUp {
    /// What a file sets up as it is written: the world at the start has no anchors and no memories yet.
    ///
    /// # Errors
    /// If a condition of an event names what there is not, in words.
    pub fn as_written(file: &ScenarioFile) -> Result<Self, String> {
        let setting = build::setting(file);
        let conditions = compile::conditions(&setting, file).map_err(|unresolved| unresolved.to_string())?;
        Ok(Self { setting: Arc::new(setting), behaviour: file.behaviour, conditions })
    }
}

/// Lists where two values differ. What an event does and waits for is one field each, for its parts go together.
fn compare(path: &str, place: &[String], a: Option<&Json>, b: Option<&Json>, found: &mut Vec<FieldChange>) {
    if a == b {
        return;
    }
    let inside = |key: &str, name: &str| {
        let mut place = place.to_vec();
        place.push(key.to_owned());
        (if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }, place)
    };
    match (a, b) {
        (Some(Json::Object(a)), Some(Json::Object(b))) if !(place.len() > 2 && place[0] == "event") => {
            for key in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
                let (path, place) = inside(key, key);
                compare(&path, &place, a.get(key), b.get(key), found);
            }
        }
        (Some(Json::Array(a)), Some(Json::Array(b))) if place.len() == 1 && a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                let (path, place) = inside(&index.to_string(), &name_of(a, index));
                compare(&path, &place, Some(a), Some(b), found);
            }
        }
        _ => {
            let key = |at: usize| place.get(at).cloned().unwrap_or_default();
            let is_entry = key(1).parse::<usize>().is_ok();
            let field = key(if is_entry { 2 } else { 1 });
            found.push(FieldChange {
                path: path.to_owned(),
                section: key(0),
                field,
                place: place.to_vec(),
                value: b.cloned(),
            });
        }
    }
}

/// The name of an entry in paths; of one that has none, its position.
fn name_of(entry: &Json, index: usize) -> String {
    let name = ENTRY_NAMES.iter().find_map(|name| match entry.get(*name)? {
        Json::String(name) => Some(name.clone()),
        Json::Array(pair) => Some(pair.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(".")),
        _ => None,
    });
    name.unwrap_or_else(|| index.to_string())
}
