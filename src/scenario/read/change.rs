//! Changes to a tree by path: `--set` and variants.

use super::parse;
use super::path::{self, Address};
use super::place::{Files, Place};
use super::problem::Problem;
use super::tree::{Spanned, Value};
use crate::base::name::composed;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A change as read: a path and a new value, with where they stand.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which input.
    pub path: String,
    /// Where the path stands.
    pub place: Place,
    /// The new value.
    pub value: Spanned,
    /// Who makes the change, for the record of sources.
    pub by: String,
}

/// Reads a `path=value` assignment. A value that is not TOML is text.
///
/// # Errors
/// If there is no `=` or no path.
pub fn assignment(text: &str, files: &mut Files) -> Result<Change, Problem> {
    let file = files.add("--set", text);
    let Some(at) = text.find('=').filter(|at| !text[..*at].trim().is_empty()) else {
        return Err(Problem {
            message: format!("`{text}` is not an assignment"),
            expected: Some("expected `path=value`, such as `faction.jnim.outreach=0.8`".into()),
            help: None,
            place: Some(Place::new(file, 0..text.len())),
        });
    };
    let value_start = text.len() - text[at + 1..].trim_start().len();
    let place = Place::new(file, value_start..value_start.max(text.trim_end().len()));
    let value = parse::value(files, &place)
        .unwrap_or_else(|_| Spanned::made(Value::Text(text[at + 1..].trim().to_owned()), place.clone()));
    let path = composed(text[..at].trim());
    Ok(Change { path, place: Place::new(file, 0..at), value, by: "--set".into() })
}

/// The changes of every variant, with the variant's id, in the order of the tree.
pub fn variants(tree: &Spanned) -> Vec<(String, Vec<Change>)> {
    let list = tree.get("variant").map_or(&[][..], Spanned::elements);
    list.iter()
        .filter_map(|entry| {
            let id = entry.get("id")?.text()?.to_owned();
            let changes = entry.get("changes").and_then(Spanned::entries).map(|changes| {
                changes.iter().map(|(path, value)| change(path, value, &format!("variant {id}"))).collect()
            });
            Some((id, changes.unwrap_or_default()))
        })
        .collect()
}

/// Takes the file's own changes out of a tree.
pub fn taken(tree: &mut Spanned) -> Vec<Change> {
    let Some(mut changes) = tree.entries_mut().and_then(|entries| entries.remove("changes")) else { return Vec::new() };
    let mut flat = BTreeMap::new();
    for (key, node) in changes.entries_mut().map(std::mem::take).unwrap_or_default() {
        flatten(key, node, 0, &mut flat);
    }
    flat.iter().map(|(path, value)| change(path, value, "changes")).collect()
}

/// A change's value as it is written among a file's own changes: with who made it so.
pub fn value(change: &Change) -> Spanned {
    with_source(None, change)
}

fn change(path: &str, value: &Spanned, by: &str) -> Change {
    Change { path: path.to_owned(), place: value.key.clone(), value: value.clone(), by: by.to_owned() }
}

/// Writes `event.congress.chance = 0` in a set of changes as the path it is, and not as tables in tables.
pub fn flatten_variants(tree: &mut Spanned) {
    let Some(list) = tree.entries_mut().and_then(|entries| entries.get_mut("variant")) else { return };
    for entry in list.elements_mut() {
        let Some(changes) = entry.entries_mut().and_then(|entries| entries.get_mut("changes")) else { continue };
        if let Some(entries) = changes.entries_mut() {
            let mut flat = BTreeMap::new();
            for (key, node) in std::mem::take(entries) {
                flatten(key, node, 0, &mut flat);
            }
            *entries = flat;
        }
    }
}

/// A section as changes: a value for each path in it.
pub fn of_section(section: &str, node: Spanned) -> BTreeMap<String, Spanned> {
    let mut flat = BTreeMap::new();
    flatten(section.to_owned(), node, 0, &mut flat);
    flat
}

fn flatten(path: String, node: Spanned, depth: usize, flat: &mut BTreeMap<String, Spanned>) {
    // A path that was written whole may have a table for its value.
    let whole = node.is_sourced() || (depth == 0 && path.contains('.'));
    match node.value {
        Value::Table(entries) if !whole => {
            for (key, node) in entries {
                flatten(format!("{path}.{key}"), node, depth + 1, flat);
            }
        }
        value => {
            flat.insert(path, Spanned { value, ..node });
        }
    }
}

/// Makes a change.
///
/// # Errors
/// If its path addresses nothing.
pub fn apply(tree: &mut Spanned, schema: &Json, change: &Change) -> Result<(), Problem> {
    let address = path::resolve(tree, schema, &change.path).map_err(|unknown| Problem {
        message: unknown.message,
        expected: Some("expected the path of an input".into()),
        help: unknown.help,
        place: Some(change.place.clone()),
    })?;
    put(tree, &address, change);
    let is_stance = address.section == "relation" && address.keys == ["stance"];
    if let Some(stance) = change.value.plain().text().filter(|_| is_stance) {
        leave_room(tree, &address, stance);
    }
    Ok(())
}

/// Takes away what a relation's file says and a stance that it is brought to leaves no room for; what is set after it stays.
fn leave_room(tree: &mut Spanned, address: &Address, stance: &str) {
    let gone: &[&str] = match stance {
        "war" => &["truce_until", "fought"],
        "pact" => &["truce_until"],
        "alliance" => &["truce_until", "talks"],
        _ => return,
    };
    let relations = tree.entries_mut().and_then(|sections| sections.get_mut(&address.section));
    let relation = relations.zip(address.entry).and_then(|(list, entry)| list.elements_mut().get_mut(entry));
    let Some(entries) = relation.and_then(Spanned::entries_mut) else { return };
    entries.retain(|key, _| !gone.contains(&key.as_str()));
}

fn put(tree: &mut Spanned, address: &Address, change: &Change) {
    let Some(sections) = tree.entries_mut() else { return };
    let empty = || Spanned::made(Value::Table(BTreeMap::new()), change.place.clone());
    let section = sections.entry(address.section.clone()).or_insert_with(empty);
    let mut here = match address.entry {
        Some(index) => match section.elements_mut().get_mut(index) {
            Some(entry) => entry,
            None => return,
        },
        None => section,
    };
    let Some((last, tables)) = address.keys.split_last() else { return };
    for key in tables {
        let Some(entries) = here.entries_mut() else { return };
        here = entries.entry(key.clone()).or_insert_with(empty);
    }
    let Some(entries) = here.entries_mut() else { return };
    let node = with_source(entries.get(last), change);
    entries.insert(last.clone(), node);
}

/// The new value with who made it so; what was known about the old one's bounds stays.
fn with_source(old: Option<&Spanned>, change: &Change) -> Spanned {
    let mut entries = match old.map(|old| &old.value) {
        Some(Value::Table(entries)) if entries.contains_key("value") => entries.clone(),
        _ => BTreeMap::new(),
    };
    match &change.value.value {
        Value::Table(own) if change.value.is_sourced() => {
            entries.remove("note");
            entries.extend(own.clone());
            let place = change.value.place.clone();
            return Spanned { key: change.place.clone(), place, value: Value::Table(entries) };
        }
        Value::Table(_) | Value::List(_) => return Spanned { key: change.place.clone(), ..change.value.clone() },
        _ => {}
    }
    let place = change.value.place.clone();
    entries.remove("note");
    entries.insert("source".into(), Spanned::made(Value::Text(format!("assumption: {}", change.by)), place.clone()));
    entries.insert("value".into(), Spanned { key: change.place.clone(), ..change.value.clone() });
    Spanned { key: change.place.clone(), place, value: Value::Table(entries) }
}
