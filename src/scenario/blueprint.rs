//! A scenario as data: all that its runs rest on and what changes make of it, for a place where no text is read.

use super::draws::DrawnInputs;
use super::file::ScenarioFile;
use super::inputs::{InputPlace, InputSetter, SetUp, set_inputs};
use super::read::path::Address;
use super::{Problems, Scenario, build, compile};
use crate::base::number::brief;
use crate::measure::Question;
use crate::scenario::InputValue;
use crate::world::Setting;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A scenario, its inputs that are drawn, its levers (the uncertainties) and its variants. What is made of it is to the bit what
/// [`Scenario`] makes of the same text and changes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Blueprint {
    #[serde(deserialize_with = "file_of_value")]
    file: ScenarioFile,
    /// What its start is anchored on, where that is another file.
    #[serde(deserialize_with = "files_of_value")]
    written: Option<ScenarioFile>,
    /// The inputs that are drawn, in the order of the draws.
    drawn: Vec<InputPlace>,
    /// Which of them the scenario leaves open.
    open: Vec<bool>,
    levers: Vec<Lever>,
    variants: BTreeMap<String, Variant>,
}

/// Reads a file by way of a value, as entries that are set are read: the code for one way is half of that for two, and a page
/// carries it.
fn file_of_value<'de, D: Deserializer<'de>>(source: D) -> Result<ScenarioFile, D::Error> {
    serde_json::from_value(Json::deserialize(source)?).map_err(serde::de::Error::custom)
}

/// [`file_of_value`] of a file that may be none.
fn files_of_value<'de, D: Deserializer<'de>>(source: D) -> Result<Option<ScenarioFile>, D::Error> {
    serde_json::from_value(Json::deserialize(source)?).map_err(serde::de::Error::custom)
}

/// An input that may be set.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Lever {
    place: InputPlace,
    /// The lowest and highest value; none of a choice.
    range: Option<(f64, f64)>,
    /// The places of drawn inputs that are known once it is set.
    closes: Vec<usize>,
}

/// What a variant makes of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Variant {
    entries: Vec<ChangedEntry>,
    /// The places of drawn inputs that it sets.
    closes: Vec<usize>,
}

/// An entry of a section, or a whole one, as it is after a change.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct ChangedEntry {
    section: String,
    entry: Option<usize>,
    value: Json,
}

/// What is made of a blueprint under a change.
#[derive(Clone, Debug)]
pub struct Changed {
    /// What a run needs where no input is drawn.
    pub set_up: SetUp,
    /// Sets the inputs that are drawn.
    pub setter: InputSetter,
    /// Which of them are open.
    pub open: Vec<bool>,
}

impl Blueprint {
    /// That of a scenario, with inputs that are drawn and some of its variants, by their ids.
    ///
    /// # Errors
    /// If it has no such inputs.
    pub fn of(scenario: &Scenario, drawn: &DrawnInputs, variants: &[(String, Scenario)]) -> Result<Self, Problems> {
        let (paths, names) = (drawn.paths(), drawn.names());
        let places = scenario.places(&paths, &names)?;
        let mut levers = Vec::new();
        let addresses: Vec<Vec<Address>> = (paths.iter())
            .map(|path| scenario.together(path).into_iter().filter_map(|path| scenario.address(path)).collect())
            .collect();
        for unsure in scenario.uncertainties() {
            let names = std::iter::once((unsure.path.clone(), unsure.names.clone())).collect();
            let place = scenario.places(std::slice::from_ref(&unsure.path), &names)?.remove(0);
            let closed = |own: &Vec<Address>| own.iter().any(|address| address.overlaps(&place.own));
            let closes = addresses.iter().enumerate().filter(|(_, own)| closed(own)).map(|(at, _)| at).collect();
            levers.push(Lever { place, range: unsure.low.zip(unsure.high), closes });
        }
        let base = json(&scenario.file)?;
        let variant = |(id, changed): &(String, Scenario)| {
            let closes = paths.iter().enumerate().filter(|(_, path)| !changed.is_open(path)).map(|(at, _)| at);
            let entries = differing(&base, &json(&changed.file)?);
            Ok::<_, Problems>((id.clone(), Variant { entries, closes: closes.collect() }))
        };
        Ok(Self {
            file: plain(scenario.file.clone()),
            written: scenario.written_file().map(plain),
            open: paths.iter().map(|path| scenario.is_open(path)).collect(),
            drawn: places,
            levers,
            variants: variants.iter().map(variant).collect::<Result<_, _>>()?,
        })
    }

    /// What is asked.
    ///
    /// # Errors
    /// What cannot be resolved, in words.
    pub fn questions(&self) -> Result<Vec<Question>, String> {
        compile::questions(&build::setting(&self.file), &self.file).map_err(|unresolved| unresolved.to_string())
    }

    /// The setting with as many splinters as there may be.
    pub fn setting_with_splinters(&self, splinters: u32) -> Setting {
        let mut file = self.file.clone();
        file.scenario.splinters = splinters;
        build::setting(&file)
    }

    /// The ids of its variants.
    pub fn variants(&self) -> impl Iterator<Item = &str> {
        self.variants.keys().map(String::as_str)
    }

    /// The ids of all zones in the order in which maps have them.
    pub fn zones_and_towns(&self) -> Vec<String> {
        self.file.zones_and_towns()
    }

    /// What a variant and then some levers, by path, make of it; itself without any.
    ///
    /// # Errors
    /// If there is no such variant or lever, a value lies outside its range, or what they make of it cannot be run.
    pub fn changed(&self, variant: Option<&str>, set: &[(String, InputValue)]) -> Result<Changed, String> {
        let mut file = self.file.clone();
        let mut open = self.open.clone();
        if let Some(id) = variant {
            let variant = self.variants.get(id).ok_or_else(|| format!("there is no variant `{id}` here"))?;
            file = variant.made_of(&file).map_err(|error| format!("variant `{id}`: {error}"))?;
            variant.closes.iter().for_each(|place| open[*place] = false);
        }
        let mut values = Vec::new();
        for (path, value) in set {
            let lever = self.levers.iter().find(|lever| lever.place.path == *path);
            let lever = lever.ok_or_else(|| format!("`{path}` is no lever of this page"))?;
            lever.check(value)?;
            lever.closes.iter().for_each(|place| open[*place] = false);
            values.push((&lever.place, value.json()));
        }
        set_inputs(&mut file, values)?;
        let is_changed = variant.is_some() || !set.is_empty();
        let written = self.written.clone().or_else(|| is_changed.then(|| self.file.clone()));
        let place = |place: &InputPlace| InputPlace {
            written: match (&self.written, is_changed) {
                (Some(_), _) => place.written.clone(),
                (None, true) => Some(place.own.clone()),
                (None, false) => None,
            },
            ..place.clone()
        };
        let places = self.drawn.iter().map(place).collect();
        let conditions = compile::conditions(&build::setting(&file), &file);
        let conditions = conditions.map_err(|unresolved| unresolved.to_string())?;
        let mut setter = InputSetter::new(file, written, conditions, places);
        let set_up = setter.set(&vec![None; self.drawn.len()])?;
        Ok(Changed { set_up, setter, open })
    }
}

impl Lever {
    fn check(&self, value: &InputValue) -> Result<(), String> {
        let path = &self.place.path;
        match (value, self.range) {
            (InputValue::Name(name), _) if self.place.names.contains(name) => Ok(()),
            (InputValue::Name(name), _) if self.place.names.is_empty() => {
                Err(format!("`{path}` is {name}, expected a number"))
            }
            (_, _) if !self.place.names.is_empty() => {
                Err(format!("`{path}` is {value}, expected one of {}", self.place.names.join(", ")))
            }
            (InputValue::Number(number), Some((low, high))) if !(low..=high).contains(number) => {
                Err(format!("`{path}` is {}, expected {low} to {high}", brief(*number)))
            }
            _ => Ok(()),
        }
    }
}

impl Variant {
    fn made_of(&self, file: &ScenarioFile) -> Result<ScenarioFile, serde_json::Error> {
        let mut json = serde_json::to_value(file)?;
        for ChangedEntry { section, entry, value } in &self.entries {
            let here = &mut json[section.as_str()];
            match entry {
                Some(entry) if here.get(*entry).is_some() => here[*entry] = value.clone(),
                _ => *here = value.clone(),
            }
        }
        serde_json::from_value(json)
    }
}

/// A file without what is said of runs to be made, and of how it came to be what it is.
fn plain(file: ScenarioFile) -> ScenarioFile {
    let mut file = file;
    file.uncertainty.clear();
    file.variant.clear();
    file.changes.clear();
    file
}

fn json(file: &ScenarioFile) -> Result<Json, Problems> {
    serde_json::to_value(plain(file.clone())).map_err(|error| Problems::whole(error.to_string(), None))
}

/// The entries in which two files differ, as they are in the second; whole sections where those have other entries.
fn differing(before: &Json, after: &Json) -> Vec<ChangedEntry> {
    let mut changes = Vec::new();
    let sections = after.as_object().into_iter().flatten();
    for (section, value) in sections.filter(|(section, value)| before[section.as_str()] != **value) {
        let whole = || ChangedEntry { section: section.clone(), entry: None, value: value.clone() };
        match (before[section.as_str()].as_array(), value.as_array()) {
            (Some(before), Some(after)) if before.len() == after.len() => {
                let entries = before.iter().zip(after).enumerate().filter(|(_, (before, after))| before != after);
                changes.extend(entries.map(|(entry, (_, after))| ChangedEntry {
                    section: section.clone(),
                    entry: Some(entry),
                    value: after.clone(),
                }));
            }
            _ => changes.push(whole()),
        }
    }
    changes
}
