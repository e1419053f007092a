//! Other inputs of a scenario, by path, many times over: what a run needs is made anew, and nothing is read again.

use super::file::ScenarioFile;
use super::input_value::{InputNames, InputRange, InputValue};
use super::read::path::{self, Address};
use super::read::problem::{Problem, Problems};
use super::written::{anchors, keep_open_incomes};
use super::{Scenario, build, compile, resolved};
use crate::base::EventId;
use crate::base::number::Format;
use crate::measure::Condition;
use crate::mechanism::{self, Behaviour, Scratch};
use crate::world::Setting;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// What a run needs of a scenario under some inputs.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// Who and what there is, and the world at the start.
    pub setting: Arc<Setting>,
    /// The model's weights and rates.
    pub behaviour: Behaviour,
    /// What must hold for events to come, of those that wait for something.
    pub conditions: Vec<(EventId, Condition)>,
}

/// Sets some inputs of a scenario to values, as [`Scenario::with`] does, in a tenth of the time. Numbers within the
/// ranges of the language are taken; what they make of the scenario together is checked as a world only.
#[derive(Clone, Debug)]
pub struct InputSetter {
    files: InputFiles,
    /// The files as they were set last, with which places were set.
    last: Option<(InputFiles, Vec<bool>)>,
    conditions: Vec<(EventId, Condition)>,
    places: Vec<InputPlace>,
    /// Whether conditions of events may be other ones.
    waits: bool,
    built: Option<Built>,
    /// Memory of mechanisms.
    scratch: Option<Box<Scratch>>,
}

/// What a setting is made of.
#[derive(Clone, Debug)]
struct InputFiles {
    /// The scenario's file as far as the setting rests on it.
    own: ScenarioFile,
    /// What its start is anchored on, where that is another file.
    written: Option<ScenarioFile>,
}

/// What was made last of inputs other than weights of behaviour, for those that come next often share them.
#[derive(Clone, Debug)]
struct Built {
    values: Vec<Option<u64>>,
    setting: Setting,
    written: Option<Setting>,
    conditions: Vec<(EventId, Condition)>,
}

/// Where an input stands: in the file, and in what its start is anchored on if it stands there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct InputPlace {
    pub(super) path: String,
    pub(super) own: Address,
    pub(super) written: Option<Address>,
    /// The names that numbers stand for; none of an input that is a number.
    pub(super) names: Vec<String>,
}

impl Scenario {
    /// Inputs of the scenario to be set to other values, by their paths; `names` are those that numbers stand for.
    ///
    /// # Errors
    /// The paths that address nothing.
    pub fn inputs_by_path(&self, paths: &[String], names: &InputNames) -> Result<InputSetter, Problems> {
        let places = self.places(paths, names)?;
        Ok(InputSetter::new(self.file.clone(), self.written_file(), self.conditions.clone(), places))
    }

    /// Where inputs stand.
    ///
    /// # Errors
    /// The paths that address nothing.
    pub(super) fn places(&self, paths: &[String], names: &InputNames) -> Result<Vec<InputPlace>, Problems> {
        let schema = path::schema();
        let mut unknown = Vec::new();
        let mut places = Vec::new();
        for path in paths {
            match path::resolve(&self.tree, schema, path) {
                Ok(own) => {
                    let written =
                        self.written.as_ref().and_then(|written| path::resolve(written.tree(), schema, path).ok());
                    places.push(InputPlace { path: path.clone(), own, written, names: names.of(path).to_vec() });
                }
                Err(wrong) => unknown.push(Problem {
                    message: wrong.message,
                    expected: Some("expected the path of an input".into()),
                    help: wrong.help,
                    place: None,
                }),
            }
        }
        match unknown.is_empty() {
            true => Ok(places),
            false => Err(Problems { files: self.files().clone(), list: unknown }),
        }
    }

    /// What its start is anchored on, where that is another file.
    pub(super) fn written_file(&self) -> Option<ScenarioFile> {
        self.written.as_ref().and_then(|written| written.file()).cloned()
    }

    /// What a path addresses.
    pub(super) fn address(&self, path: &str) -> Option<Address> {
        path::resolve(&self.tree, path::schema(), path).ok()
    }

    /// Whether changes to what is written, those of a variant and `--set`, set an input: it is no longer open then.
    pub fn is_set(&self, path: &str) -> bool {
        let Some(written) = &self.written else { return false };
        let Some(input) = self.address(path) else { return false };
        written.changes.iter().filter_map(|change| self.address(&change.path)).any(|change| change.overlaps(&input))
    }

    /// The changes to what is written, those of a variant and `--set`, each as `path = value`.
    pub fn changes(&self) -> Vec<String> {
        self.written.as_ref().map_or_else(Vec::new, |written| resolved::assignments(&written.changes))
    }

    /// What the input of a path may be.
    ///
    /// # Errors
    /// If the path addresses neither a number nor one of several names, in words.
    pub fn range_of(&self, path: &str) -> Result<InputRange<'static>, String> {
        let root = path::schema();
        let address = path::resolve(&self.tree, root, path).map_err(|unknown| {
            let help = unknown.help.map_or_else(String::new, |help| format!("; {help}"));
            format!("{}{help}", unknown.message)
        })?;
        if let Some(schema) = path::number(root, &address) {
            return Ok(InputRange::new(path, schema));
        }
        let names = path::names(root, &address);
        match names.is_empty() {
            true => Err(format!("`{path}` is no number")),
            false => Ok(InputRange::of_names(path, names)),
        }
    }
}

impl InputSetter {
    pub(super) fn new(
        file: ScenarioFile,
        written: Option<ScenarioFile>,
        conditions: Vec<(EventId, Condition)>,
        places: Vec<InputPlace>,
    ) -> Self {
        let waits = places.iter().any(|place| place.own.section == "event");
        let files = InputFiles { own: needed(file), written: written.map(needed) };
        Self { files, last: None, conditions, places, waits, built: None, scratch: None }
    }

    /// The paths, in the order in which values are given.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(|place| place.path.as_str())
    }

    /// What a number of an input stands for, by the input's place.
    pub fn value(&self, place: usize, number: f64) -> InputValue {
        InputValue::of(&self.places[place].names, number)
    }

    /// The scenario under values of the inputs; one that is none stays as it is.
    ///
    /// # Errors
    /// Why what they make of it cannot be run.
    pub fn set(&mut self, values: &[Option<f64>]) -> Result<SetUp, String> {
        let mut behaviour = self.files.own.behaviour;
        let mut others = Vec::with_capacity(values.len());
        for (place, value) in self.places.iter().zip(values) {
            match (place.weight(&mut behaviour), value) {
                (Some(weight), Some(value)) => *weight = *value,
                (Some(_), None) => {}
                (None, value) => others.push(value.map(f64::to_bits)),
            }
        }
        let mut built = match self.built.take().filter(|built| built.values == others) {
            Some(built) => built,
            None => self.build(values, others)?,
        };
        let scratch = self.scratch.get_or_insert_with(|| Box::new(Scratch::new(&built.setting, &behaviour)));
        let anchors = anchors(built.written.as_mut(), &built.setting, &behaviour, scratch);
        let initial = mechanism::begin_at_rest(&built.setting, &behaviour, &anchors, scratch);
        let setting = Arc::new(Setting { initial, ..built.setting.clone() });
        let conditions = built.conditions.clone();
        self.built = Some(built);
        Ok(SetUp { setting, behaviour, conditions })
    }

    /// Why inputs make what cannot be run, in words, with those of them that do so together: as few as are found by leaving
    /// out one after the other. Weights of behaviour never do.
    pub fn blamed(&mut self, values: &[Option<f64>], reason: &str) -> String {
        // What only reading a scenario anew finds is the fault of no input that could be told.
        let mut values = if self.set(values).is_ok() { vec![None; values.len()] } else { values.to_vec() };
        let paths: Vec<String> = self.paths().map(str::to_owned).collect();
        let may_be = |path: &str| !path.starts_with("behaviour.");
        for (place, path) in paths.iter().enumerate() {
            let kept = values[place].take();
            if kept.is_some() && may_be(path) && self.set(&values).is_ok() {
                values[place] = kept;
            }
        }
        let four_digits =
            |value: f64| Format::Count.rounded(value, value - 0.005 * value.abs(), value + 0.005 * value.abs());
        let told = |place: usize| match self.value(place, values[place]?) {
            InputValue::Number(number) => Some(four_digits(number)),
            InputValue::Name(name) => Some(name),
        };
        let set = paths.iter().enumerate().filter(|(_, path)| may_be(path));
        let set = set.filter_map(|(place, path)| Some(format!("{path} = {}", told(place)?)));
        match set.collect::<Vec<_>>().as_slice() {
            [] => format!("it cannot be run under its inputs: {reason}"),
            [others @ .., last] if !others.is_empty() => {
                format!("it cannot be run with {} and {last} together: {reason}", others.join(", "))
            }
            only => format!("it cannot be run with {}: {reason}", only.concat()),
        }
    }

    fn build(&mut self, values: &[Option<f64>], others: Vec<Option<u64>>) -> Result<Built, String> {
        let set: Vec<bool> = values.iter().map(Option::is_some).collect();
        // Where all that was set last is set again, nothing of it is left.
        let again = |(_, last): &(InputFiles, Vec<bool>)| last.iter().zip(&set).all(|(last, now)| *now || !last);
        let mut files = match self.last.take().filter(again) {
            Some((files, _)) => files,
            None => self.files.clone(),
        };
        let places = || self.places.iter().zip(values);
        set_values(&mut files.own, places().map(|(place, value)| (&place.own, place.json(*value))))?;
        let written = match &mut files.written {
            None => None,
            Some(written) => {
                let standing =
                    places().filter_map(|(place, value)| Some((place.written.as_ref()?, place.json(*value))));
                set_values(written, standing)?;
                Some(build::setting(written))
            }
        };
        let mut setting = build::setting(&files.own);
        keep_open_incomes(&files.own, written.as_ref(), &mut setting);
        setting.initial.check(&setting).map_err(|broken| format!("the world at the start: {}", broken.what))?;
        let conditions = match self.waits {
            true => compile::conditions(&setting, &files.own).map_err(|unresolved| unresolved.to_string())?,
            false => self.conditions.clone(),
        };
        self.last = Some((files, set));
        Ok(Built { values: others, setting, written, conditions })
    }
}

impl InputPlace {
    /// What it is set to.
    fn json(&self, value: Option<f64>) -> Option<Json> {
        Some(InputValue::of(&self.names, value?).json())
    }

    /// The weight that it is, of a behaviour; none if it is none.
    fn weight<'b>(&self, behaviour: &'b mut Behaviour) -> Option<&'b mut f64> {
        match (self.own.section.as_str(), self.own.keys.as_slice()) {
            ("behaviour", [mechanism, parameter]) => behaviour.value_mut(mechanism, parameter),
            _ => None,
        }
    }
}

/// Sets inputs of a file, weights of behaviour among them.
///
/// # Errors
/// What a value cannot be.
pub(super) fn set_inputs(file: &mut ScenarioFile, values: Vec<(&InputPlace, Json)>) -> Result<(), String> {
    for (place, value) in &values {
        if let (Some(weight), Some(number)) = (place.weight(&mut file.behaviour), value.as_f64()) {
            *weight = number;
        }
    }
    set_values(file, values.into_iter().map(|(place, value)| (&place.own, Some(value))))
}

/// A file without what no setting rests on, so that it is copied fast.
fn needed(file: ScenarioFile) -> ScenarioFile {
    let mut file = file;
    file.question.clear();
    file.uncertainty.clear();
    file.composition.clear();
    file.variant.clear();
    file.changes.clear();
    file
}

/// A section, and which of its entries.
type Entry<'a> = (&'a str, Option<usize>);
/// A value and the keys under which it stands in an entry.
type Set<'a> = (&'a [String], Json);

/// Sets values in a file, but for weights of behaviour. Those of one entry are set together.
fn set_values<'a>(
    file: &mut ScenarioFile,
    values: impl Iterator<Item = (&'a Address, Option<Json>)>,
) -> Result<(), String> {
    let mut entries: Vec<(Entry<'_>, Vec<Set<'_>>)> = Vec::new();
    for (address, value) in values {
        let Some(value) = value else { continue };
        let entry = (address.section.as_str(), address.entry);
        match entries.iter_mut().find(|(known, _)| *known == entry) {
            Some((_, list)) => list.push((&address.keys, value)),
            None => entries.push((entry, vec![(&address.keys, value)])),
        }
    }
    for ((section, entry), list) in entries {
        let at = entry.unwrap_or(0);
        match section {
            "zone" => change(file.zone.get_mut(at), list),
            "community" => change(file.community.get_mut(at), list),
            "faction" => change(file.faction.get_mut(at), list),
            "umbrella" => change(file.umbrella.get_mut(at), list),
            "relation" => change(file.relation.get_mut(at), list),
            "accord" => change(file.accord.get_mut(at), list),
            "event" => change(file.event.get_mut(at), list),
            "scenario" => change(Some(&mut file.scenario), list),
            // Weights are set apart, and no run rests on the others.
            _ => Ok(()),
        }
        .map_err(|error| format!("{section}: {error}"))?;
    }
    Ok(())
}

fn change<T: Serialize + DeserializeOwned>(
    entry: Option<&mut T>,
    values: Vec<Set<'_>>,
) -> Result<(), serde_json::Error> {
    let Some(entry) = entry else { return Ok(()) };
    let mut json = serde_json::to_value(&*entry)?;
    for (keys, value) in values {
        let mut here = &mut json;
        for key in keys {
            if !here.is_object() {
                *here = Json::Object(Map::new());
            }
            here = &mut here[key.as_str()];
        }
        *here = value;
    }
    *entry = serde_json::from_value(json)?;
    Ok(())
}
