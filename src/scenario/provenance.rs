//! Where a scenario's numbers come from.

use super::build::pairs;
use super::file::{Attitudes, SECTIONS, ScenarioFile};
use super::read::merge::entry_name;
use super::read::path;
use super::read::tree::{Spanned, Value};
use crate::mechanism::Behaviour;
use crate::world::{Directory, Setting};
use serde::Serialize;

/// An input: a number of the scenario (or a word that is written with its source), with where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Input {
    /// Its path, as `--set` takes it.
    pub path: String,
    /// Its value.
    pub value: serde_json::Value,
    /// The lowest value that it may have, if the file says so.
    pub low: Option<f64>,
    /// The most likely value, if the file says so.
    pub best: Option<f64>,
    /// The highest value that it may have, if the file says so.
    pub high: Option<f64>,
    /// Its own source, or that of its entry.
    pub source: Option<String>,
    /// Whether the file leaves it at its default: a parameter of the model, or a hostility or trust that is derived.
    pub default: bool,
}

impl Input {
    /// Whether nobody but the author vouches for it: it has no source, or its source says `assumption`.
    pub fn is_assumption(&self) -> bool {
        self.source.as_deref().is_none_or(|source| source.trim_start().starts_with("assumption"))
    }
}

/// The inputs of a file in the order of its sections, then the parameters of the model.
pub fn inputs(tree: &Spanned, behaviour: &Behaviour) -> Vec<Input> {
    let mut inputs = Vec::new();
    // Sections whose entries have a source are those whose numbers are inputs.
    let schema = path::schema();
    let sourced = |section: &&&str| path::fields(schema, section)["properties"]["source"].is_object();
    for section in SECTIONS.iter().filter(sourced) {
        for entry in tree.get(section).map_or(&[][..], Spanned::elements) {
            let Some(name) = path_name(section, entry) else { continue };
            let source = entry.get("source").and_then(Spanned::text);
            for (field, node) in entry.entries().into_iter().flatten() {
                if !matches!(field.as_str(), "source" | "between") {
                    collect(node, format!("{section}.{name}.{field}"), source, &mut inputs);
                }
            }
        }
    }
    for (section, table, values) in behaviour.sections() {
        for (parameter, value) in table.iter().zip(values) {
            let path = format!("behaviour.{section}.{}", parameter.name);
            let written = tree.get("behaviour").and_then(|node| node.get(section)?.get(parameter.name));
            match written {
                Some(node) => collect(node, path, None, &mut inputs),
                None => inputs.push(Input {
                    path,
                    value: value.into(),
                    low: None,
                    best: None,
                    high: None,
                    source: Some(parameter.source.to_owned()),
                    default: true,
                }),
            }
        }
    }
    inputs
}

/// The hostility and trust of relations that do not give them, where they are derived: the mean over the pairs that a
/// relation stands for.
pub fn derived(file: &ScenarioFile, setting: &Setting) -> Vec<Input> {
    let names = Directory::of(setting);
    let unwritten = file.relation.iter().filter(|_| file.scenario.attitudes == Attitudes::Derived);
    let inputs = unwritten.flat_map(|relation| {
        let pairs = pairs(relation, &names);
        let world = &setting.initial;
        [("hostility", relation.hostility, &world.hostility), ("trust", relation.trust, &world.trust)]
            .into_iter()
            .filter(|(_, given, _)| given.is_none())
            .map(|(field, _, values)| {
                let sum: f64 = pairs.iter().map(|pair| values[*pair]).sum();
                let value = sum / pairs.len().max(1) as f64;
                Input {
                    path: format!("relation.{}.{field}", relation.between.join(".")),
                    value: ((value * 1000.0).round() / 1000.0).into(),
                    low: None,
                    best: None,
                    high: None,
                    source: Some("assumption: derived from stance and alignment".into()),
                    default: true,
                }
            })
            .collect::<Vec<Input>>()
    });
    inputs.collect()
}

/// The name of an entry in a path; a relation's is its pair as written.
fn path_name(section: &str, entry: &Spanned) -> Option<String> {
    if section != "relation" {
        return entry_name(section, entry);
    }
    let pair: Vec<&str> = entry.get("between")?.elements().iter().filter_map(Spanned::text).collect();
    Some(pair.join("."))
}

fn collect(node: &Spanned, path: String, inherited: Option<&str>, inputs: &mut Vec<Input>) {
    let part = |key: &str| match &node.value {
        Value::Table(entries) if node.is_sourced() => entries.get(key),
        _ => None,
    };
    let source = part("source").and_then(Spanned::text).or(inherited);
    let plain = node.plain();
    let counts = match &plain.value {
        Value::Table(entries) => {
            for (key, entry) in entries {
                collect(entry, format!("{path}.{key}"), source, inputs);
            }
            false
        }
        Value::Integer(_) | Value::Float(_) => true,
        Value::List(elements) => node.is_sourced() || elements.iter().any(|element| element.number().is_some()),
        Value::Text(_) | Value::Boolean(_) => node.is_sourced(),
    };
    if counts {
        inputs.push(Input {
            path,
            value: plain.json(),
            low: part("low").and_then(Spanned::number),
            best: part("best").and_then(Spanned::number),
            high: part("high").and_then(Spanned::number),
            source: source.map(str::to_owned),
            default: false,
        });
    }
}
