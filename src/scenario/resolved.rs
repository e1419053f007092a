//! A scenario as one file that stands by itself, and its digest.

use super::build::INDIFFERENT;
use super::file::{SECTIONS, ScenarioFile};
use super::read::change::{self, Change};
use super::read::path::ENTRY_NAMES;
use super::read::tree::{Spanned, Value};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The tree as TOML text. Sources are kept as they stand.
pub fn toml(tree: &Spanned) -> String {
    let mut text = String::new();
    for section in SECTIONS {
        let Some(node) = tree.get(section) else { continue };
        if *section == "behaviour" {
            for (mechanism, node) in node.entries().into_iter().flatten() {
                write_entry(&mut text, &format!("[behaviour.{mechanism}]"), node);
            }
        } else if let Value::List(entries) = &node.plain().value {
            for entry in entries {
                write_entry(&mut text, &format!("[[{section}]]"), entry);
            }
        } else {
            write_entry(&mut text, &format!("[{section}]"), node);
        }
    }
    text
}

/// [`toml`] of what is written, with the changes to it.
pub fn toml_with_changes(written: &Spanned, changes: &[Change]) -> String {
    let mut text = toml(written);
    text.push_str("\n[changes]\n");
    for (path, change) in last(changes) {
        write_key(&mut text, path);
        text.push_str(" = ");
        write_value(&mut text, &change::value(change));
        text.push('\n');
    }
    text
}

/// What changes set in a scenario, each as `path = value`.
pub fn assignments(changes: &[Change]) -> Vec<String> {
    let assignment = |(path, change): (&str, &Change)| {
        let mut text = format!("{path} = ");
        write_value(&mut text, change.value.plain());
        text
    };
    // How many replicates are asked for is no part of what is run.
    last(changes).into_iter().filter(|(path, _)| !path.starts_with("run.")).map(assignment).collect()
}

/// Changes by their paths: of changes of one input the last counts.
fn last(changes: &[Change]) -> BTreeMap<&str, &Change> {
    changes.iter().map(|change| (change.path.as_str(), change)).collect()
}

fn write_entry(text: &mut String, heading: &str, node: &Spanned) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(heading);
    text.push('\n');
    for (key, node) in in_order(node) {
        write_key(text, key);
        text.push_str(" = ");
        write_value(text, node);
        text.push('\n');
    }
}

/// Entries in the order of the text that they were read from, the name first.
fn in_order(node: &Spanned) -> Vec<(&String, &Spanned)> {
    let mut entries: Vec<(&String, &Spanned)> = match &node.value {
        Value::Table(entries) => entries.iter().collect(),
        _ => Vec::new(),
    };
    entries.sort_by_key(|(key, node)| (!ENTRY_NAMES.contains(&key.as_str()), node.key.clone()));
    entries
}

fn write_key(text: &mut String, key: &str) {
    let bare = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if bare { text.push_str(key) } else { write_text(text, key) }
}

fn write_text(text: &mut String, value: &str) {
    text.push('"');
    for letter in value.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            other if other.is_control() => {
                let _ = write!(text, "\\u{:04X}", other as u32);
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

fn write_value(text: &mut String, node: &Spanned) {
    match &node.value {
        Value::Boolean(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Integer(value) => {
            let _ = write!(text, "{value}");
        }
        // The debug form keeps the point, and reads back as the same number.
        Value::Float(value) => {
            let _ = write!(text, "{value:?}");
        }
        Value::Text(value) => write_text(text, value),
        Value::List(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                text.push_str(if index > 0 { ", " } else { "" });
                write_value(text, element);
            }
            text.push(']');
        }
        Value::Table(_) => {
            text.push_str("{ ");
            for (index, (key, entry)) in in_order(node).into_iter().enumerate() {
                text.push_str(if index > 0 { ", " } else { "" });
                write_key(text, key);
                text.push_str(" = ");
                write_value(text, entry);
            }
            text.push_str(" }");
        }
    }
}

/// Fields that change what a scenario is called or how it looks, or what else one might run, and no run of it.
const APPEARANCE: [&str; 15] = [
    "name",
    "label",
    "colour",
    "title",
    "conflict",
    "summary",
    "text",
    "group",
    "headline",
    "source",
    "boundaries",
    "joint_inputs",
    "observed",
    "base_rate",
    "history",
];

/// A BLAKE3 digest over what matters for the results of a run: every value after `extends`, variant and assignments,
/// with defaults filled in, in an order that does not depend on the file's.
///
/// Left out: names, labels, colours, titles, summaries, texts and groups of questions, sources, boundaries, joint draws, conflicts, observed outcomes and the baselines of scores;
/// the sections `variant` and `uncertainty` (they say what else one might run) and `run` (a result tells seed and
/// replicates apart from its scenario). The order of questions counts, for results are listed in it.
pub fn digest(file: &ScenarioFile) -> String {
    let mut filled = file.clone();
    if file.scenario.attitudes.is_indifferent() {
        for relation in &mut filled.relation {
            relation.hostility.get_or_insert(INDIFFERENT.0);
            relation.trust.get_or_insert(INDIFFERENT.1);
        }
    }
    let mut json = serde_json::to_value(filled).unwrap_or_default();
    if let Json::Object(sections) = &mut json {
        for left_out in ["variant", "uncertainty", "composition", "run", "extends"] {
            sections.remove(left_out);
        }
        for (section, value) in sections.iter_mut() {
            if let Json::Array(entries) = value {
                entries.iter_mut().for_each(strip);
                if section != "question" {
                    entries.sort_by_cached_key(|entry| order(section, entry));
                }
            }
        }
        if let Some(header) = sections.get_mut("scenario") {
            strip(header);
        }
    }
    blake3::hash(json.to_string().as_bytes()).to_hex().to_string()
}

/// Takes out of an entry what changes no run.
pub fn strip(entry: &mut Json) {
    if let Json::Object(fields) = entry {
        for field in APPEARANCE {
            fields.remove(field);
        }
    }
}

fn order(section: &str, entry: &Json) -> String {
    if section == "relation" {
        return entry["between"].to_string();
    }
    entry["draw_key"].as_str().or(entry["id"].as_str()).unwrap_or_default().to_owned()
}
