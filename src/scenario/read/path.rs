//! Paths to inputs, such as `faction.jnim.outreach`: what `--set`, variants and uncertainties speak of.

use super::merge::entry_name;
use super::problem::nearest;
use super::tree::Spanned;
use crate::scenario::file::{SECTIONS, ScenarioFile};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::sync::LazyLock;

/// Sections that say what is varied, which no path changes.
const VARIED: [&str; 3] = ["uncertainty", "composition", "variant"];
/// Fields by which entries are known, and that no path changes.
const NAMES: [&str; 3] = ["id", "between", "extends"];

/// Fields by which entries of lists are told apart.
pub const ENTRY_NAMES: [&str; 3] = ["id", "between", "path"];

/// What a path addresses in a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The section.
    pub section: String,
    /// The position of the entry, in sections that are lists.
    pub entry: Option<usize>,
    /// The key path from there, by key.
    pub keys: Vec<String>,
}

impl Address {
    /// Whether one addresses the other, or a part of it.
    pub fn overlaps(&self, other: &Self) -> bool {
        let shorter = self.keys.len().min(other.keys.len());
        (&self.section, self.entry) == (&other.section, other.entry) && self.keys[..shorter] == other.keys[..shorter]
    }
}

/// A path that addresses nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// What is wrong with it.
    pub message: String,
    /// The nearest path there is.
    pub help: Option<String>,
}

/// The scenario language as a JSON Schema.
pub fn schema() -> &'static Json {
    static SCHEMA: LazyLock<Json> = LazyLock::new(|| schemars::schema_for!(ScenarioFile).to_value());
    &SCHEMA
}

/// Whether a section is a list of entries, and not one table.
pub fn is_list(schema: &Json, section: &str) -> bool {
    schema["properties"][section]["type"] == "array"
}

/// The schema of a section, or of its entries where it is a list.
pub fn fields<'s>(schema: &'s Json, section: &str) -> &'s Json {
    let field = &schema["properties"][section];
    follow(schema, if is_list(schema, section) { &field["items"] } else { field })
}

/// Finds what a path addresses.
///
/// # Errors
/// If it addresses nothing that the scenario language knows or the tree holds.
pub fn resolve(tree: &Spanned, schema: &Json, path: &str) -> Result<Address, Unknown> {
    let parts: Vec<&str> = path.split('.').map(|part| part.trim().trim_matches('"')).collect();
    let section = parts[0];
    let sections = || SECTIONS.iter().copied().filter(|section| !VARIED.contains(section));
    if !sections().any(|known| known == section) {
        return Err(unknown(path, &parts, 0, sections()));
    }
    if !is_list(schema, section) {
        let keys = fields_of(schema, fields(schema, section), path, &parts, 1)?;
        return Ok(Address { section: section.into(), entry: None, keys });
    }
    let names: Vec<Option<String>> =
        tree.get(section).map_or(&[][..], Spanned::elements).iter().map(|entry| entry_name(section, entry)).collect();
    let (entry, used) = if section == "relation" {
        let pair = parts.get(1..3).unwrap_or_default();
        let mut sorted = pair.to_vec();
        sorted.sort_unstable();
        let wanted = sorted.join(".");
        (names.iter().position(|name| name.as_deref() == Some(wanted.as_str())), 3)
    } else {
        let wanted = parts.get(1).copied().unwrap_or_default();
        (names.iter().position(|name| name.as_deref() == Some(wanted)), 2)
    };
    let Some(entry) = entry else {
        return Err(no_entry(section, path, &parts, used, &names));
    };
    let mut keys = fields_of(schema, fields(schema, section), path, &parts, used)?;
    let first =
        tree.get(section).and_then(|list| list.elements().get(entry)?.get("between")?.elements().first()?.text());
    if section == "relation" && first != parts.get(1).copied() {
        turn(&mut keys);
    }
    Ok(Address { section: section.into(), entry: Some(entry), keys })
}

/// The schema of the number that an address is of; none if it is of something else.
pub fn number<'s>(schema: &'s Json, address: &Address) -> Option<&'s Json> {
    let start = fields(schema, &address.section);
    let found = address.keys.iter().try_fold(start, |here, key| field(schema, here, key))?;
    let found = follow(schema, found);
    let is = |kind: &str| found["type"] == kind || found["type"][0] == kind;
    (is("number") || is("integer")).then_some(found)
}

/// What the number at an address is where the file gives none; none if that rests on more than the language.
pub fn otherwise(schema: &Json, address: &Address) -> Option<f64> {
    let start = fields(schema, &address.section);
    let found = address.keys.iter().try_fold(start, |here, key| field(schema, here, key))?;
    found["default"].as_f64()
}

/// The names of which an address holds one; none if it holds something else.
pub fn names<'s>(schema: &'s Json, address: &Address) -> Vec<&'s str> {
    let start = fields(schema, &address.section);
    let found = address.keys.iter().try_fold(start, |here, key| field(schema, here, key));
    let Some(found) = found.map(|found| follow(schema, found)) else { return Vec::new() };
    let listed = |list: &'s Json| list.as_array().map_or(&[][..], Vec::as_slice);
    let one = listed(&found["oneOf"]).iter().filter_map(|option| option["const"].as_str());
    let several = listed(&found["oneOf"]).iter().flat_map(|option| listed(&option["enum"]));
    let all = listed(&found["enum"]);
    one.chain(several.chain(all).filter_map(Json::as_str)).collect()
}

/// Seen from the other side, one's hostility is the other's `hostility_back`.
fn turn(keys: &mut [String]) {
    if let Some(key) = keys.first_mut() {
        let turned = match key.as_str() {
            "hostility" => "hostility_back",
            "hostility_back" => "hostility",
            "trust" => "trust_back",
            "trust_back" => "trust",
            other => other,
        };
        *key = turned.to_owned();
    }
}

fn no_entry(section: &str, path: &str, parts: &[&str], used: usize, names: &[Option<String>]) -> Unknown {
    if parts.len() < used {
        let form =
            if section == "relation" { "relation.FIRST.SECOND.FIELD".into() } else { format!("{section}.ID.FIELD") };
        return Unknown { message: format!("`{path}` addresses nothing"), help: Some(format!("write `{form}`")) };
    }
    let wanted = parts[1..used].join(".");
    let known = names.iter().flatten().map(String::as_str);
    let found = nearest_name(&wanted, known).map(|name| {
        let rest: String = parts[used..].iter().map(|part| format!(".{part}")).collect();
        format!("did you mean `{section}.{name}{rest}`?")
    });
    let what = if section == "relation" {
        format!("no relation between `{}` and `{}`", parts[1], parts[2])
    } else {
        format!("no {section} `{wanted}`")
    };
    Unknown { message: format!("`{path}` addresses nothing: there is {what}"), help: found }
}

/// Checks the rest of a path against the fields that the language has, and gives it as keys.
fn fields_of(schema: &Json, start: &Json, path: &str, parts: &[&str], from: usize) -> Result<Vec<String>, Unknown> {
    if parts.len() <= from {
        let example = names_of(schema, start).into_iter().find(|name| !NAMES.contains(&name.as_str()));
        let help = example.map(|name| format!("name a field, such as `{path}.{name}`"));
        return Err(Unknown { message: format!("`{path}` addresses a whole entry, not a field"), help });
    }
    let mut here = start;
    for (index, part) in parts.iter().enumerate().skip(from) {
        match field(schema, here, part) {
            Some(next) => here = next,
            None => {
                let names = names_of(schema, here);
                return Err(unknown(path, parts, index, names.iter().map(String::as_str)));
            }
        }
    }
    // `between` names a relation, and says when an event may come.
    if NAMES.contains(&parts[from]) && !(parts[from] == "between" && parts[0] == "event") {
        return Err(Unknown { message: format!("`{path}`: `{}` cannot be changed", parts[from]), help: None });
    }
    Ok(parts[from..].iter().map(|part| (*part).to_owned()).collect())
}

fn unknown<'a>(path: &str, parts: &[&str], at: usize, valid: impl IntoIterator<Item = &'a str>) -> Unknown {
    let help = nearest_name(parts[at], valid).map(|name| {
        let mut near = parts.to_vec();
        near[at] = name;
        format!("did you mean `{}`?", near.join("."))
    });
    Unknown { message: format!("`{path}` addresses nothing: there is no `{}`", parts[at]), help }
}

fn nearest_name<'a>(name: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let valid: Vec<&str> = valid.into_iter().collect();
    let found = nearest(name, valid.iter().copied())?;
    valid.into_iter().find(|candidate| found.contains(&format!("`{candidate}`")))
}

/// The schema that a reference stands for; of an optional value, that of the value.
fn follow<'s>(root: &'s Json, mut schema: &'s Json) -> &'s Json {
    for _ in 0..8 {
        if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
            schema = &root["$defs"][name];
        } else if let Some(some) =
            schema["anyOf"].as_array().and_then(|options| options.iter().find(|option| option["type"] != "null"))
        {
            schema = some;
        } else {
            break;
        }
    }
    schema
}

/// The schema of a field, if there is such a field.
fn field<'s>(root: &'s Json, schema: &'s Json, name: &str) -> Option<&'s Json> {
    let schema = follow(root, schema);
    if let Some(found) = schema["properties"].get(name) {
        return Some(found);
    }
    if schema["additionalProperties"].is_object() {
        return Some(&schema["additionalProperties"]);
    }
    schema["oneOf"].as_array()?.iter().find_map(|option| field(root, option, name))
}

fn names_of(root: &Json, schema: &Json) -> Vec<String> {
    let schema = follow(root, schema);
    let mut names: Vec<String> =
        schema["properties"].as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default();
    for option in schema["oneOf"].as_array().map_or(&[][..], Vec::as_slice) {
        names.extend(names_of(root, option));
    }
    names
}
