//! The scenario language described from its types: the JSON Schema and the field reference.

use super::check::{MOST_ANSWERS, MOST_CELLS};
use super::file::SECTIONS;
use super::read::path;
use crate::base::field::range_in_words;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The scenario language as a JSON Schema for editors: that of the types, where any value that is no table may also be
/// written with its source, and a file that extends another may leave out what the other has.
pub fn schema() -> Json {
    let types = path::schema();
    let mut schema = types.clone();
    for definition in schema["$defs"].as_object_mut().into_iter().flat_map(|definitions| definitions.values_mut()) {
        allow_sources(types, definition);
    }
    schema["title"] = "Entente scenario".into();
    schema["$defs"]["Sourced"] = json!({
        "description": "A value with where it comes from.",
        "type": "object",
        "required": ["value"],
        "additionalProperties": false,
        "properties": {
            "value": { "description": "The value." },
            "low": { "description": "The lowest it may be.", "type": "number" },
            "best": { "description": "The most likely; the value unless given.", "type": "number" },
            "high": { "description": "The highest it may be.", "type": "number" },
            "source": { "description": "Where it comes from, or `assumption: …`.", "type": "string" },
            "note": { "description": "Anything else worth knowing.", "type": "string" }
        }
    });
    allow_parts(&mut schema);
    schema
}

/// Takes what must be there away from the sections, but for the names of entries, and asks for it where a file extends no
/// other.
fn allow_parts(schema: &mut Json) {
    let mut whole = json!({ "required": schema["required"].take(), "properties": {} });
    let sections = schema["properties"].as_object().cloned().unwrap_or_default();
    for (section, field) in &sections {
        let listed = path::is_list(path::schema(), section);
        let reference = if listed { &field["items"]["$ref"] } else { &field["$ref"] };
        let Some(name) = reference.as_str().and_then(|reference| reference.rsplit('/').next()) else { continue };
        let Some(required) = schema["$defs"][name].get_mut("required") else { continue };
        let named: Vec<&str> =
            path::ENTRY_NAMES.into_iter().filter(|name| listed && contains(required, name)).collect();
        let asked = json!({ "required": required.clone() });
        *required = json!(named);
        whole["properties"][section] = if listed { json!({ "items": asked }) } else { asked };
    }
    if let Json::Object(fields) = schema {
        fields.remove("required");
        fields.insert("if".into(), json!({ "not": { "required": ["extends"] } }));
        fields.insert("then".into(), whole);
    }
}

fn contains(list: &Json, name: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|entry| entry == name))
}

/// Whether what a schema describes is written as one value or a list, not as a table.
fn is_plain(root: &Json, schema: &Json) -> bool {
    let options = |word: &str| schema[word].as_array().into_iter().flatten();
    let kinds = match &schema["type"] {
        Json::String(kind) => vec![kind.as_str()],
        kinds => kinds.as_array().into_iter().flatten().filter_map(Json::as_str).collect(),
    };
    schema["$ref"].is_string() && is_plain(root, definition(root, schema))
        || kinds.iter().any(|kind| !matches!(*kind, "object" | "null"))
        || options("anyOf").chain(options("oneOf")).any(|option| is_plain(root, option))
}

/// Lets every plain value within a schema be written with its source.
fn allow_sources(root: &Json, schema: &mut Json) {
    let Json::Object(fields) = schema else { return };
    for (word, inner) in fields.iter_mut() {
        match (word.as_str(), inner) {
            ("properties", Json::Object(named)) => named.values_mut().for_each(|field| allow_source(root, field)),
            ("items" | "additionalProperties", inner) => allow_source(root, inner),
            ("prefixItems", Json::Array(elements)) => elements.iter_mut().for_each(|inner| allow_source(root, inner)),
            ("anyOf" | "oneOf", Json::Array(options)) => {
                options.iter_mut().for_each(|option| allow_sources(root, option))
            }
            _ => {}
        }
    }
}

fn allow_source(root: &Json, schema: &mut Json) {
    let plain = is_plain(root, schema);
    allow_sources(root, schema);
    if let (true, Json::Object(fields)) = (plain, schema) {
        let mut value = std::mem::take(fields);
        fields.extend(["description", "default", "unit"].iter().filter_map(|word| value.remove_entry(*word)));
        let sourced = json!({ "$ref": "#/$defs/Sourced", "properties": { "value": value } });
        fields.insert("anyOf".into(), json!([value, sourced]));
    }
}

/// The field reference as Markdown: every section, field, condition and quantity, with meaning
/// and default.
pub fn reference() -> String {
    let schema = path::schema();
    let mut page = String::new();
    let mut described = BTreeSet::new();
    for section in SECTIONS.iter().filter(|section| **section != "behaviour") {
        let entry = path::fields(schema, section);
        let heading = if path::is_list(schema, section) { format!("[[{section}]]") } else { format!("[{section}]") };
        let _ = write!(page, "### `{heading}`\n\n{}\n\n", text_of(entry));
        page.push_str(&fields_table(entry));
        if entry.to_string().contains("#/$defs/Town\"") {
            let town = &schema["$defs"]["Town"];
            let _ = write!(page, "#### The town\n\n{}\n\n{}", text_of(town), fields_table(town));
        }
        for (name, about) in [("Effect", "effects"), ("Condition", "conditions"), ("Quantity", "quantities")] {
            let used = entry.to_string().contains(&format!("#/$defs/{name}\""));
            if used && described.insert(name) {
                page.push_str(&alternatives(schema, name, about));
            }
        }
    }
    page.push_str(&words(schema));
    page.push_str(&mechanisms(schema));
    page.push_str("\n### Limits\n\nA scenario past one of these is refused before anything is made of it.\n\n| what | at most |\n|---|---|\n");
    for section in SECTIONS {
        if let Some(most) = schema["properties"][section]["maxItems"].as_u64() {
            let _ = writeln!(page, "| entries of `{section}` | {most} |");
        }
    }
    let _ = writeln!(page, "| answers | {MOST_ANSWERS} |");
    let _ = writeln!(page, "| parts of zones in which communities live | {MOST_CELLS} |");
    page
}

fn definition<'s>(root: &'s Json, schema: &'s Json) -> &'s Json {
    match schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        Some(name) => &root["$defs"][name],
        None => schema,
    }
}

fn text_of(schema: &Json) -> String {
    schema["description"].as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn fields_table(entry: &Json) -> String {
    let required: BTreeSet<&str> =
        entry["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let mut table = String::from("| field | form | range | default | meaning |\n|---|---|---|---|---|\n");
    for (name, field) in entry["properties"].as_object().into_iter().flatten() {
        let default = if required.contains(name.as_str()) { "required".to_owned() } else { default_of(field) };
        let meaning = text_of(field).replace('|', "\\|");
        let _ = writeln!(table, "| `{name}` | {} | {} | {default} | {meaning} |", form_of(field), range_of(field));
    }
    table.push('\n');
    table
}

fn default_of(field: &Json) -> String {
    match &field["default"] {
        Json::Null if field["type"] == "object" => "empty".into(),
        Json::Null => "none".into(),
        Json::Object(map) if map.is_empty() => "empty".into(),
        Json::Array(list) if list.is_empty() => "empty".into(),
        Json::String(text) if text.is_empty() => "empty".into(),
        Json::String(text) => format!("`\"{text}\"`"),
        other => format!("`{other}`"),
    }
}

/// The range and unit of a field's numbers, or how many entries it may have, in words.
fn range_of(field: &Json) -> String {
    let length = field["maxItems"].as_u64().filter(|_| field["minItems"].is_null());
    let parts: Vec<String> = match &field["prefixItems"] {
        Json::Array(parts) => parts.iter().map(range_in_words).collect(),
        _ => [field, &field["items"], &field["additionalProperties"]].into_iter().map(range_in_words).collect(),
    };
    let length = length.map(|most| format!("at most {most} entries"));
    parts.into_iter().filter(|part| !part.is_empty()).chain(length).collect::<Vec<_>>().join(", ")
}

/// What is written for a field, in words.
fn form_of(field: &Json) -> String {
    let kind = match &field["type"] {
        Json::String(kind) => kind.as_str(),
        Json::Array(kinds) => kinds.iter().filter_map(Json::as_str).find(|kind| *kind != "null").unwrap_or_default(),
        _ => "",
    };
    if let Some(reference) =
        field["$ref"].as_str().or_else(|| field["anyOf"].as_array()?.iter().find_map(|option| option["$ref"].as_str()))
    {
        return match reference.rsplit('/').next().unwrap_or_default() {
            "Date" => "date".into(),
            "Duration" => "duration".into(),
            "Moments" => "duration or date, or a list of them".into(),
            "Observations" => "true, false, number or date, or a table of them by moment".into(),
            "BaseRates" => "0 to 1, or a table of such numbers by moment".into(),
            "History" => "file, or table of numbers by date".into(),
            "FactionKind" => "kind of faction".into(),
            "PartyStatus" => "status".into(),
            "DeathType" => "type of death".into(),
            other => other.to_lowercase(),
        };
    }
    match kind {
        "string" => "text".into(),
        "boolean" => "true or false".into(),
        "integer" => "whole number".into(),
        "array" if field["minItems"].is_number() => format!("[{0}, {0}]", form_of(&field["items"])),
        "array" => format!("list of {}", form_of(&field["items"])),
        "object" => match form_of(&field["additionalProperties"]) {
            inner if inner.is_empty() => "table of values by path".into(),
            inner => format!("table of {inner} by name"),
        },
        other => other.to_owned(),
    }
}

/// The alternatives of a type that is one of several tables.
fn alternatives(root: &Json, name: &str, about: &str) -> String {
    let mut page = format!("#### The {about}\n\n{}\n\n", text_of(&root["$defs"][name]));
    for option in root["$defs"][name]["oneOf"].as_array().into_iter().flatten() {
        let Some((word, body)) = option["properties"].as_object().and_then(|fields| fields.iter().next()) else {
            continue;
        };
        let _ = writeln!(page, "- **`{word}`**: {}", text_of(option));
        let body = definition(root, body);
        let required: BTreeSet<&str> =
            body["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        for (field, about) in body["properties"].as_object().into_iter().flatten() {
            let default = match &about["default"] {
                _ if required.contains(field.as_str()) => String::new(),
                Json::Null => " Optional.".into(),
                _ => format!(" Default {}.", default_of(about)),
            };
            let form: Vec<String> =
                [form_of(about), range_of(about)].into_iter().filter(|part| !part.is_empty()).collect();
            let _ = writeln!(page, "  - `{field}` ({}): {}{default}", form.join(", "), text_of(about));
        }
    }
    page.push('\n');
    page
}

/// Types whose values are words.
fn words(root: &Json) -> String {
    let mut page = String::from("### Words\n\n");
    for name in ["Stance", "FactionKind", "PartyStatus", "DeathType", "Account", "Held", "Attitudes", "Distribution"] {
        let definition = &root["$defs"][name];
        let heading = form_of(&json!({ "$ref": format!("#/$defs/{name}") }));
        let _ = writeln!(page, "**{heading}**: {}\n", text_of(definition));
        for option in definition["oneOf"].as_array().into_iter().flatten() {
            let _ = writeln!(page, "- `{}`: {}", option["const"].as_str().unwrap_or_default(), text_of(option));
        }
        page.push('\n');
    }
    page
}

/// The mechanisms that have parameters; docs/model.md lists the parameters themselves.
fn mechanisms(root: &Json) -> String {
    let mut page = String::from(
        "### `[behaviour]`\n\nThe model's weights and rates, one table per mechanism. All have defaults. \
         [The model](model.md) lists every parameter with its meaning, unit, range, default and source.\n\n",
    );
    for (name, about) in root["$defs"]["Behaviour"]["properties"].as_object().into_iter().flatten() {
        let _ = writeln!(page, "- `[behaviour.{name}]`: {}", text_of(about));
    }
    page
}
