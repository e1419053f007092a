//! The scenario language described from its types: the JSON Schema and the field reference.

use super::read::path;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The scenario language as a JSON Schema for editors: that of the types, where any number may also be written with its
/// source.
pub fn schema() -> Json {
    let mut schema = path::schema();
    allow_sources(&mut schema);
    schema["title"] = "Entente scenario".into();
    schema["$defs"]["Sourced"] = json!({
        "description": "A number with where it comes from.",
        "type": "object",
        "required": ["value"],
        "additionalProperties": false,
        "properties": {
            "value": { "description": "The number.", "type": "number" },
            "low": { "description": "The lowest it may be.", "type": "number" },
            "best": { "description": "The most likely; the value unless given.", "type": "number" },
            "high": { "description": "The highest it may be.", "type": "number" },
            "source": { "description": "Where it comes from, or `assumption: …`.", "type": "string" },
            "note": { "description": "Anything else worth knowing.", "type": "string" }
        }
    });
    schema
}

fn allow_sources(schema: &mut Json) {
    match schema {
        Json::Object(fields) => {
            let is_number = fields.get("type").is_some_and(|kind| match kind {
                Json::String(kind) => kind == "number",
                Json::Array(kinds) => kinds.iter().any(|kind| kind == "number"),
                _ => false,
            });
            if is_number {
                let mut number = fields.clone();
                let kept: Vec<(String, Json)> =
                    ["description", "default"].iter().filter_map(|key| number.remove_entry(*key)).collect();
                fields.clear();
                fields.extend(kept);
                fields.insert("anyOf".into(), json!([number, { "$ref": "#/$defs/Sourced" }]));
            } else {
                fields.values_mut().for_each(allow_sources);
            }
        }
        Json::Array(elements) => elements.iter_mut().for_each(allow_sources),
        _ => {}
    }
}

/// The field reference as Markdown: every section, field, condition and quantity, with meaning
/// and default.
pub fn reference() -> String {
    let schema = path::schema();
    let mut page = String::new();
    let mut described = BTreeSet::new();
    let sections = [
        "scenario",
        "zone",
        "community",
        "faction",
        "umbrella",
        "relation",
        "accord",
        "event",
        "question",
        "uncertainty",
        "variant",
        "run",
    ];
    for section in sections {
        let field = &schema["properties"][section];
        let listed = field["type"] == "array";
        let entry = definition(&schema, if listed { &field["items"] } else { field });
        let heading = if listed { format!("[[{section}]]") } else { format!("[{section}]") };
        let _ = write!(page, "### `{heading}`\n\n{}\n\n", text_of(entry));
        page.push_str(&fields_table(entry));
        for (name, about) in [("Effect", "effects"), ("Condition", "conditions"), ("Quantity", "quantities")] {
            let used = entry.to_string().contains(&format!("#/$defs/{name}\""));
            if used && described.insert(name) {
                page.push_str(&alternatives(&schema, name, about));
            }
        }
    }
    page.push_str(&words(&schema));
    page.push_str(&mechanisms(&schema));
    page.push_str("\n### Limits\n\nA scenario past one of these is refused before anything is made of it.\n\n| what | at most |\n|---|---|\n");
    for (name, most) in super::check::LIMITS {
        page.push_str(&format!("| `{name}` | {most} |\n"));
    }
    page.push_str(&format!("| parts of zones in which communities live | {} |\n", super::check::MOST_CELLS));
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
    let mut table = String::from("| field | form | default | meaning |\n|---|---|---|---|\n");
    for (name, field) in entry["properties"].as_object().into_iter().flatten() {
        let default = if required.contains(name.as_str()) { "required".to_owned() } else { default_of(field) };
        let _ =
            writeln!(table, "| `{name}` | {} | {default} | {} |", form_of(field), text_of(field).replace('|', "\\|"));
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
            "Moment" => "duration or date".into(),
            "Observed" => "true, false or number".into(),
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
            let _ = writeln!(page, "  - `{field}` ({}): {}{default}", form_of(about), text_of(about));
        }
    }
    page.push('\n');
    page
}

/// Types whose values are words.
fn words(root: &Json) -> String {
    let mut page = String::from("### Words\n\n");
    for name in ["Stance", "FactionKind", "PartyStatus", "DeathType", "Account", "Distribution"] {
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
