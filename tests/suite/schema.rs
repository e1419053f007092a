//! The JSON Schema takes what the program takes: whole files, parts of them, and what it writes itself.

use entente::scenario::{Overrides, Scenario, schema};
use serde_json::Value as Json;
use std::path::Path;

/// What a value breaks of a schema: of its words those that ours uses.
fn broken(root: &Json, schema: &Json, value: &Json, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |what: String| found.push(format!("{at}: {what}"));
    let list = |word: &str| schema[word].as_array().into_iter().flatten();
    let fits = |schema: &Json| broken(root, schema, value, at).is_empty();
    if *schema == Json::Bool(true) {
        return Vec::new();
    }
    let is = |kind: &str| match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        _ => value.is_null(),
    };
    match &schema["type"] {
        Json::String(kind) if !is(kind) => say(format!("{value} is no {kind}")),
        Json::Array(kinds) if !kinds.iter().filter_map(Json::as_str).any(is) => {
            say(format!("{value} is none of {kinds:?}"))
        }
        _ => {}
    }
    if schema.get("const").is_some_and(|constant| constant != value) {
        say(format!("{value} is not {}", schema["const"]));
    }
    if let Some(number) = value.as_f64() {
        let outside =
            |word: &str, beyond: fn(f64, f64) -> bool| schema[word].as_f64().is_some_and(|end| beyond(number, end));
        if outside("minimum", |number, end| number < end) || outside("maximum", |number, end| number > end) {
            say(format!("{number} is out of range"));
        }
    }
    if schema["anyOf"].is_array() && !list("anyOf").any(fits) {
        say(format!("{value} is nothing of anyOf"));
    }
    if schema["oneOf"].is_array() && list("oneOf").filter(|option| fits(option)).count() != 1 {
        say(format!("{value} is not one of oneOf"));
    }
    if schema["not"].is_object() && fits(&schema["not"]) {
        say("is what it must not be".into());
    }
    for key in list("required").filter_map(Json::as_str) {
        if value.is_object() && value.get(key).is_none() {
            say(format!("lacks {key}"));
        }
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        found.extend(broken(root, &root["$defs"][name], value, at));
    }
    if schema["if"].is_object() && fits(&schema["if"]) {
        found.extend(broken(root, &schema["then"], value, at));
    }
    for (key, inner) in value.as_object().into_iter().flatten() {
        let at = format!("{at}.{key}");
        match (schema["properties"].get(key), &schema["additionalProperties"]) {
            (Some(field), _) => found.extend(broken(root, field, inner, &at)),
            (None, Json::Bool(false)) => found.push(format!("{at} is unknown")),
            (None, Json::Object(_)) => found.extend(broken(root, &schema["additionalProperties"], inner, &at)),
            _ => {}
        }
    }
    for (place, inner) in value.as_array().into_iter().flatten().enumerate() {
        if schema["items"].is_object() {
            found.extend(broken(root, &schema["items"], inner, &format!("{at}[{place}]")));
        }
    }
    found
}

/// Text as an editor reads it, dates as text.
fn read(text: &str) -> Json {
    fn plain(value: toml::Value) -> Json {
        match value {
            toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, plain(value))).collect(),
            toml::Value::Array(list) => list.into_iter().map(plain).collect(),
            toml::Value::Datetime(date) => date.to_string().into(),
            other => serde_json::to_value(other).unwrap(),
        }
    }
    plain(toml::Value::Table(text.parse().unwrap()))
}

fn problems(text: &str) -> Vec<String> {
    let schema = schema();
    broken(&schema, &schema, &read(text), "")
}

fn config(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("configs").join(name)).unwrap()
}

#[test]
fn whole_scenarios_and_their_resolved_forms_are_valid() {
    for name in ["northern-mali-2023.toml", "three-way-standoff.toml"] {
        let text = config(name);
        assert_eq!(problems(&text), [""; 0], "{name}");
        let set = [
            "run.replicates=5",
            "scenario.horizon=\"20 months\"",
            "scenario.splinters=2",
            "faction.FIRST.kind=movement",
        ];
        let first = Scenario::from_text(name, &text, &Overrides::default()).unwrap().file.faction[0].id.clone();
        let set = set.map(|assignment| assignment.replace("FIRST", &first)).to_vec();
        let changed = Scenario::from_text(name, &text, &Overrides { set, variant: None }).unwrap();
        assert_eq!(problems(&changed.resolved_toml()), [""; 0], "{name}, resolved");
    }
}

#[test]
fn a_part_may_leave_out_what_it_builds_on() {
    let part = "extends = \"three-way-standoff.toml\"\n[scenario]\ntitle = \"More\"\n[[faction]]\nid = \"traders\"\nfighters = 700\n\
                [[uncertainty]]\npath = \"faction.traders.fighters\"\nlow = 1\n[[relation]]\nbetween = [\"traders\", \"highlanders\"]\ntrust = 0.2\n";
    assert_eq!(problems(part), [""; 0]);
    let alone: Vec<String> = problems(&part.replace("extends = \"three-way-standoff.toml\"\n", ""));
    for lacking in [".scenario: lacks id", ".faction[0]: lacks kind"] {
        assert!(alone.iter().any(|problem| problem == lacking), "{lacking} in {alone:?}");
    }
    assert_eq!(problems(&part.replace("id = \"traders\"\n", "")), [".faction[0]: lacks id"]);
}

#[test]
fn what_is_misspelt_or_of_another_kind_is_not_valid() {
    let sound = config("three-way-standoff.toml");
    for (from, to) in [
        ("replicates = 200", "replicats = 200"),
        ("replicates = 200", "replicates = { value = \"many\", source = \"x\" }"),
        ("replicates = 200", "replicates = { value = 200, sorce = \"x\" }"),
        ("kind = \"armed_group\"", "kind = \"army\""),
        ("within = \"1 year\"", "within = 1"),
        ("measure = { deaths = {} }", "measure = { deaths = {}, displaced = {} }"),
    ] {
        assert!(sound.contains(from), "{from}");
        assert!(!problems(&sound.replacen(from, to, 1)).is_empty(), "{to}");
    }
}

#[test]
fn the_examples_of_paths_resolve() {
    fn descriptions(node: &Json, found: &mut Vec<String>) {
        match node {
            Json::Object(fields) => {
                found.extend(fields.get("description").and_then(Json::as_str).map(str::to_owned));
                fields.values().for_each(|field| descriptions(field, found));
            }
            Json::Array(list) => list.iter().for_each(|one| descriptions(one, found)),
            _ => {}
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scenario = Scenario::load(&root.join("configs/northern-mali-2023.toml"), &Overrides::default())
        .unwrap_or_else(|e| panic!("{e}"));
    let mut texts = Vec::new();
    descriptions(&schema(), &mut texts);
    for entry in std::fs::read_dir(root.join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "md") {
            texts.push(std::fs::read_to_string(path).unwrap());
        }
    }
    let in_path = |letter: char| letter.is_ascii_lowercase() || matches!(letter, '.' | '_');
    let is_path = |word: &&str| {
        word.starts_with("behaviour.")
            && word.chars().all(in_path)
            && ![".toml", ".rs"].iter().any(|end| word.ends_with(end))
    };
    let quoted = texts.iter().flat_map(|text| text.split(['`', '"'])).filter(is_path);
    let mut seen = 0;
    for path in quoted.chain(["faction.jnim.fighters", "faction.jnim.presence.kidal"]) {
        // What is no single number is addressed all the same.
        if let Err(words) = scenario.range_of(path) {
            assert!(words.contains("is no number"), "{words}");
        }
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}
