//! From a tree to the types of the scenario language. Their JSON Schema says what may stand where: every value that is not
//! so is told and left out, and what remains is read.

use super::path;
use super::problem::nearest;
use super::report::Report;
use super::tree::{Spanned, Step, Value};
use crate::base::field::{is_outside, range_in_words};
use crate::base::number::brief;
use crate::base::{Date, Duration};
use crate::scenario::file::{Fought, Moment, SECTIONS, ScenarioFile};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// What could be read: a file whose lists hold the entries that are sound as such, and where each stands.
pub struct Typed {
    /// The file. Its header is nobody's when `header` is false.
    pub file: ScenarioFile,
    /// Whether the header could be read.
    pub header: bool,
    /// Whether a section has more entries than it may have; none of it is read.
    pub too_large: bool,
    positions: BTreeMap<&'static str, Vec<usize>>,
}

impl Typed {
    /// The positions in the tree of the entries of a section that could be read.
    pub fn positions(&self, section: &str) -> &[usize] {
        self.positions.get(section).map_or(&[], Vec::as_slice)
    }
}

/// Reads a tree as a scenario file.
pub fn typed<'t>(report: &mut Report<'t>, schema: &'t Json) -> Option<Typed> {
    let sections = report.tree.entries()?;
    for (name, node) in sections.iter().filter(|(name, _)| !SECTIONS.contains(&name.as_str())) {
        report
            .at_key(node, format!("unknown section `{name}`"))
            .expected(&format!("expected {}", one_of(SECTIONS)))
            .help(nearest(name, SECTIONS.iter().copied()));
    }
    if !sections.contains_key("scenario") {
        report
            .nowhere("the section `[scenario]` is missing".into())
            .help(Some("`entente new NAME` writes a scenario to start from".into()));
    }
    let mut reader = Reader { report, root: schema, key_path: Vec::new() };
    let mut file = Map::new();
    let mut positions = BTreeMap::new();
    let mut too_large = false;
    for section in SECTIONS {
        let (Some(node), field) = (sections.get(*section), &schema["properties"][section]) else { continue };
        reader.key_path.push(Step::Key(section));
        if !path::is_list(schema, section) {
            file.extend(reader.section(field, node, section).map(|read| ((*section).to_owned(), read)));
        } else if let Value::List(entries) = &node.plain().value {
            if reader.is_too_long(field, section, entries) {
                too_large = true;
            } else {
                let (at, read): (Vec<usize>, Vec<Json>) = entries
                    .iter()
                    .enumerate()
                    .filter_map(|(index, entry)| {
                        Some((index, reader.inside(Step::Index(index), &field["items"], entry)?))
                    })
                    .unzip();
                positions.insert(*section, at);
                file.insert((*section).to_owned(), read.into());
            }
        } else {
            let message = format!("`{section}` is {}, not a list of entries", node.kind());
            reader.report.at_key(node, message).expected(&format!("expected `[[{section}]]`"));
        }
        reader.key_path.pop();
    }
    let header = file.contains_key("scenario");
    let nobody = || json!({ "id": "x", "title": "", "start": "2000-01-01", "horizon": "1 year", "axes": [] });
    file.entry("scenario").or_insert_with(nobody);
    match serde_json::from_value(file.into()) {
        Ok(file) => Some(Typed { file, header, too_large, positions }),
        Err(error) => {
            report.nowhere(error.to_string());
            None
        }
    }
}

/// Reads a tree as a type with a schema of its own; nothing if something that must be there could not be read.
pub fn read_as<'t, T: DeserializeOwned>(report: &mut Report<'t>, schema: &'t Json) -> Option<T> {
    let tree = report.tree;
    let read = Reader { report, root: schema, key_path: Vec::new() }.value(schema, tree)?;
    match serde_json::from_value(read) {
        Ok(read) => Some(read),
        Err(error) => {
            report.nowhere(error.to_string());
            None
        }
    }
}

/// What is wrong with a text, for a type that is written as text of a form.
fn form_of(name: &str, text: &str) -> Result<(), String> {
    match name {
        "Date" => Date::parse(text).map(drop),
        "Duration" => Duration::parse(text).map(drop),
        "Moment" => Moment::parse(text).map(drop),
        "Fought" => Fought::parse(text).map(drop),
        _ => Ok(()),
    }
}

/// Compares a tree with a schema. Each function gives what is as the schema has it as JSON, or nothing for what it has
/// told.
struct Reader<'r, 't> {
    report: &'r mut Report<'t>,
    root: &'t Json,
    /// The key path to where it is.
    key_path: Vec<Step<'t>>,
}

impl<'t> Reader<'_, 't> {
    fn section(&mut self, schema: &'t Json, node: &'t Spanned, section: &str) -> Option<Json> {
        if node.entries().is_none() {
            let message = format!("`{section}` is {}, not a table", node.kind());
            self.report.at_key(node, message).expected(&format!("expected a table `[{section}]`"));
        }
        node.entries().and_then(|_| self.value(schema, node))
    }

    /// A value one step further in. Of what is left out nothing more is said.
    fn inside(&mut self, step: Step<'t>, schema: &'t Json, node: &'t Spanned) -> Option<Json> {
        self.key_path.push(step);
        let read = self.value(schema, node);
        if read.is_none() {
            self.report.leave_out(&self.key_path);
        }
        self.key_path.pop();
        read
    }

    fn value(&mut self, schema: &'t Json, node: &'t Spanned) -> Option<Json> {
        if let Some(name) = reference(schema) {
            if let Err(message) = node.text().map_or(Ok(()), |text| form_of(name, text)) {
                self.report.at(node, message);
                return None;
            }
            return self.value(&self.root["$defs"][name], node);
        }
        if let Some(options) = schema["anyOf"].as_array() {
            let mut some = options.iter().filter(|option| option["type"] != "null");
            return match (some.next(), some.next()) {
                (Some(only), None) => self.value(only, node),
                _ => match options.iter().find(|option| self.suits(option, node)) {
                    Some(option) => self.value(option, node),
                    None => self.wrong_kind(schema, node),
                },
            };
        }
        if let Some(options) = schema["oneOf"].as_array() {
            return self.choice(schema, options, node);
        }
        match &node.plain().value {
            _ if !self.suits(schema, node) => self.wrong_kind(schema, node),
            Value::Table(entries) => self.table(schema, node, entries),
            Value::List(elements) => self.list(schema, node, elements),
            Value::Integer(_) | Value::Float(_) => self.number(schema, node),
            Value::Text(_) | Value::Boolean(_) => Some(node.json()),
        }
    }

    /// Whether a value is of a kind that a schema takes.
    fn suits(&self, schema: &Json, node: &Spanned) -> bool {
        if let Some(name) = reference(schema) {
            return self.suits(&self.root["$defs"][name], node);
        }
        if let Some(options) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            return options.iter().any(|option| self.suits(option, node));
        }
        let is = |kind: &Json| match &node.plain().value {
            Value::Boolean(_) => kind == "boolean",
            Value::Integer(_) => kind == "number" || kind == "integer",
            // 1e2 is a whole number however it is written.
            Value::Float(number) => kind == "number" || (kind == "integer" && whole(*number).is_some()),
            Value::Text(_) => kind == "string",
            Value::List(_) => kind == "array",
            Value::Table(_) => kind == "object",
        };
        match &schema["type"] {
            Json::Array(kinds) => kinds.iter().any(is),
            Json::Null => true,
            kind => is(kind),
        }
    }

    /// The value where it is, as the start of a message.
    fn subject(&self) -> String {
        match self.key_path.last() {
            Some(Step::Key(key)) => format!("`{key}` is"),
            _ => "found".to_owned(),
        }
    }

    fn wrong_kind(&mut self, schema: &Json, node: &Spanned) -> Option<Json> {
        let (subject, expected) = (self.subject(), format!("expected {}", self.words(schema)));
        self.report.at(node, format!("wrong type: {subject} {}", shown(node))).expected(&expected);
        None
    }

    /// A word, or a table with one key, out of some.
    fn choice(&mut self, schema: &Json, options: &'t [Json], node: &'t Spanned) -> Option<Json> {
        let words: Vec<&str> = options.iter().filter_map(word).collect();
        let tables = options.iter().any(|option| option["properties"].is_object());
        let (word, place) = match &node.plain().value {
            Value::Text(text) if !(tables && words.contains(&text.as_str())) => (text, &node.plain().place),
            Value::Table(entries) if tables && entries.len() == 1 => {
                let (word, inner) = entries.first_key_value()?;
                if let Some(option) = options.iter().find(|option| self::word(option) == Some(word)) {
                    let read = self.inside(Step::Key(word), &option["properties"][word], inner)?;
                    return Some(json!({ word: read }));
                }
                (word, &inner.key)
            }
            _ if tables => {
                // Of conditions some are made of others; of effects and quantities none is.
                let help = match words.contains(&"all") {
                    true => Some("combine conditions with `all = [...]` or `any = [...]`"),
                    false if words.contains(&"scale") => Some("write an event for each effect"),
                    false => None,
                };
                self.report
                    .at(node, "this is not one condition, quantity or effect".into())
                    .expected("expected a table with one key")
                    .help(help.map(str::to_owned));
                return None;
            }
            _ => return self.wrong_kind(schema, node),
        };
        if words.contains(&word.as_str()) {
            return Some(word.as_str().into());
        }
        let message = format!("`{word}` is not one of the words that can stand here");
        let expected = Some(format!("expected {}", one_of(&words)));
        self.report.add_at(place.clone(), message, expected, nearest(word, words));
        None
    }

    fn table(&mut self, schema: &'t Json, node: &'t Spanned, entries: &'t BTreeMap<String, Spanned>) -> Option<Json> {
        let required = || schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
        let fields = schema["properties"].as_object();
        let mut read = Map::new();
        for (key, inner) in entries {
            let field = fields.and_then(|fields| fields.get(key));
            if field.is_none() && schema["additionalProperties"] == false {
                let others = fields.into_iter().flat_map(Map::keys).map(String::as_str);
                let others = others.filter(|name| !required().any(|required| required == *name));
                let names: Vec<&str> = required().chain(others).collect();
                self.report
                    .at_key(inner, format!("unknown field `{key}`"))
                    .expected(&format!("expected {}", one_of(&names)))
                    .help(nearest(key, names));
                continue;
            }
            let value = self.inside(Step::Key(key), field.unwrap_or(&schema["additionalProperties"]), inner);
            read.extend(value.map(|value| (key.clone(), value)));
        }
        for name in required().filter(|name| !entries.contains_key(*name)) {
            self.report.at(node, format!("`{name}` is missing")).expected(&format!("expected a field `{name}` here"));
        }
        // What is wrong with one field of an entry hides nothing of the others.
        if matches!(self.key_path[..], [Step::Key(_)] | [Step::Key(_), Step::Index(_)]) {
            let missing = required().filter(|name| !read.contains_key(*name)).collect::<Vec<_>>();
            for name in missing {
                let stand_in = self.stand_in(&schema["properties"][name]);
                read.insert(name.to_owned(), stand_in);
                self.report.leave_out(&[&self.key_path[..], &[Step::Key(name)]].concat());
            }
        }
        required().all(|name| read.contains_key(name)).then_some(Json::Object(read))
    }

    fn list(&mut self, schema: &'t Json, node: &'t Spanned, elements: &'t [Spanned]) -> Option<Json> {
        if schema["minItems"].as_u64().is_some_and(|least| elements.len() as u64 != least) {
            return self.wrong_kind(schema, node);
        }
        if let Some(Step::Key(name)) = self.key_path.last()
            && self.is_too_long(schema, name, elements)
        {
            return None;
        }
        let read = elements.iter().enumerate().map(|(index, element)| {
            let schema = schema["prefixItems"].get(index).unwrap_or(&schema["items"]);
            self.inside(Step::Index(index), schema, element)
        });
        // All are read, so that all problems are told.
        let read: Vec<Option<Json>> = read.collect();
        read.into_iter().collect::<Option<Vec<Json>>>().map(Json::from)
    }

    /// Whether a list has more entries than it may have, which is told of the first too many.
    fn is_too_long(&mut self, schema: &Json, name: &str, entries: &[Spanned]) -> bool {
        let most = schema["maxItems"].as_u64().unwrap_or(u64::MAX);
        let beyond = usize::try_from(most).ok().and_then(|most| entries.get(most));
        if let Some(beyond) = beyond {
            let message = format!("the scenario has {} entries of `{name}`", entries.len());
            self.report.at(beyond, message).expected(&format!("expected at most {most}"));
        }
        beyond.is_some()
    }

    fn number(&mut self, schema: &Json, node: &Spanned) -> Option<Json> {
        // What is not finite is told of any value, wherever it stands.
        let number = node.number().filter(|number| number.is_finite())?;
        if is_outside(schema, number) {
            let (subject, expected) = (self.subject(), format!("expected {}", self.words(schema)));
            self.report.at(node, format!("{subject} {}", brief(number))).expected(&expected);
            // A whole number may not fit its type.
            if takes_whole(schema) {
                return None;
            }
        }
        Some(whole(number).filter(|_| takes_whole(schema)).unwrap_or_else(|| node.json()))
    }

    /// Something that may stand where something is missing or could not be read, so that the rest of an entry is checked all the
    /// same. Nothing more is said of it.
    fn stand_in(&self, schema: &Json) -> Json {
        match reference(schema) {
            Some("Date") => return json!("2000-01-01"),
            Some("Duration" | "Moment") => return json!("1 year"),
            Some(name) => return self.stand_in(&self.root["$defs"][name]),
            None => {}
        }
        if let Some(option) = schema["anyOf"].get(0).or(schema["oneOf"].get(0)) {
            return match word(option) {
                Some(word) if option["const"].is_null() => {
                    json!({ word: self.stand_in(&option["properties"][word]) })
                }
                Some(word) => json!(word),
                None => self.stand_in(option),
            };
        }
        if let Some(word) = schema["enum"].get(0).or(schema.get("const")) {
            return word.clone();
        }
        let is = |kind: &str| schema["type"] == kind || schema["type"][0] == kind;
        let required = || schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
        match () {
            () if is("string") => json!("x"),
            () if is("boolean") => json!(false),
            () if is("array") => {
                let item = |place: usize| schema["prefixItems"].get(place).unwrap_or(&schema["items"]);
                let length = usize::try_from(schema["minItems"].as_u64().unwrap_or(0)).unwrap_or(0);
                (0..length).map(|place| self.stand_in(item(place))).collect()
            }
            () if is("object") => {
                let field = |name: &str| (name.to_owned(), self.stand_in(&schema["properties"][name]));
                Json::Object(required().map(field).collect())
            }
            () => {
                let end = |name: &str| schema[name].as_f64();
                let number = 1_f64.min(end("maximum").unwrap_or(1.0)).max(end("minimum").unwrap_or(1.0));
                whole(number).unwrap_or_else(|| json!(number))
            }
        }
    }

    /// What a schema takes, in words.
    fn words(&self, schema: &Json) -> String {
        if let Some(name) = reference(schema) {
            return self.words(&self.root["$defs"][name]);
        }
        // A type with a form of its own says so itself.
        if let Some(about) = schema["description"].as_str()
            && (schema["pattern"].is_string() || schema["anyOf"].is_array())
        {
            return about[..1].to_lowercase() + about[1..].trim_end_matches('.');
        }
        if let Some(options) = schema["oneOf"].as_array() {
            return one_of(&options.iter().filter_map(word).collect::<Vec<_>>());
        }
        let is = |kind: &str| schema["type"] == kind || schema["type"][0] == kind;
        let range = range_in_words(schema);
        let number = if is("integer") { "a whole number" } else { "a number" };
        match schema["minItems"].as_u64() {
            Some(length) => format!("an array of {length}"),
            None if is("array") => "an array".into(),
            None if is("string") => "text in quotes".into(),
            None if is("boolean") => "true or false".into(),
            None if is("object") => "a table".into(),
            None if range.is_empty() => number.into(),
            None if schema["maximum"].is_number() => format!("{number} from {range}"),
            None => format!("{number}, {range}"),
        }
    }
}

/// Whether a schema takes whole numbers only.
fn takes_whole(schema: &Json) -> bool {
    schema["type"] == "integer" || schema["type"][0] == "integer"
}

/// A number as a whole one, if it is one.
fn whole(number: f64) -> Option<Json> {
    /// From here on not every whole number is a float.
    const MOST: f64 = 9_007_199_254_740_992.0;
    let is_whole = number.fract().abs() <= 0.0 && number.abs() <= MOST;
    is_whole.then(|| if number < 0.0 { json!(number as i64) } else { json!(number as u64) })
}

/// The name of the type that a schema refers to.
fn reference(schema: &Json) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// The word that an option of a choice is, or by which it is known.
fn word(option: &Json) -> Option<&str> {
    option["const"].as_str().or_else(|| option["required"][0].as_str())
}

/// Names as alternatives: `a, b or c`.
fn one_of(names: &[&str]) -> String {
    match names {
        [] => "nothing here".to_owned(),
        [only] => format!("`{only}`"),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

fn shown(node: &Spanned) -> String {
    match &node.plain().value {
        Value::Boolean(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => brief(*value),
        Value::Text(text) => format!("the text \"{}\"", text.chars().take(60).collect::<String>()),
        Value::List(elements) => format!("an array of {}", elements.len()),
        Value::Table(_) => node.kind().to_owned(),
    }
}
