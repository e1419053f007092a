//! From a tree to the types of the scenario language, with every problem and not only the first.

use super::problem::nearest;
use super::report::Report;
use super::tree::{Node, Step};
use crate::mechanism::Behaviour;
use crate::scenario::file::{Header, Run, ScenarioFile};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// How many problems of one entry are told.
const MOST_PER_ENTRY: usize = 20;

const SECTIONS: [&str; 13] = [
    "scenario",
    "zone",
    "community",
    "faction",
    "umbrella",
    "relation",
    "accord",
    "event",
    "behaviour",
    "question",
    "uncertainty",
    "variant",
    "run",
];

/// What could be read: a file whose lists hold the entries that are sound as such, and where each stands.
pub struct Typed {
    /// The file. Its header is nobody's when `header` is false.
    pub file: ScenarioFile,
    /// Whether the header could be read.
    pub header: bool,
    /// For each list, the positions in the tree of the entries that could be read.
    pub at: Positions,
}

/// Positions in the tree, by section.
#[derive(Default)]
pub struct Positions {
    pub zone: Vec<usize>,
    pub community: Vec<usize>,
    pub faction: Vec<usize>,
    pub umbrella: Vec<usize>,
    pub relation: Vec<usize>,
    pub accord: Vec<usize>,
    pub event: Vec<usize>,
    pub question: Vec<usize>,
    pub uncertainty: Vec<usize>,
    pub variant: Vec<usize>,
}

/// Reads a tree as a scenario file.
pub fn typed(report: &mut Report) -> Option<Typed> {
    let tree = report.tree;
    let sections = tree.entries()?;
    for (name, node) in sections {
        if !SECTIONS.contains(&name.as_str()) {
            report.at_key(node, format!("unknown section `{name}`"))
                .expected("expected scenario, zone, community, faction, umbrella, relation, accord, event, behaviour, question, uncertainty, variant or run")
                .help(nearest(name, SECTIONS));
        }
    }
    let header = match sections.get("scenario") {
        Some(_) => one::<Header>(report, "scenario"),
        None => {
            report
                .nowhere("the section `[scenario]` is missing".into())
                .help(Some("`entente new NAME` writes a scenario to start from".into()));
            None
        }
    };
    let behaviour = one::<Behaviour>(report, "behaviour").unwrap_or_default();
    let run = one::<Run>(report, "run").unwrap_or_default();
    let mut at = Positions::default();
    let file = ScenarioFile {
        extends: None,
        zone: list(report, "zone", &mut at.zone),
        community: list(report, "community", &mut at.community),
        faction: list(report, "faction", &mut at.faction),
        umbrella: list(report, "umbrella", &mut at.umbrella),
        relation: list(report, "relation", &mut at.relation),
        accord: list(report, "accord", &mut at.accord),
        event: list(report, "event", &mut at.event),
        question: list(report, "question", &mut at.question),
        uncertainty: list(report, "uncertainty", &mut at.uncertainty),
        variant: list(report, "variant", &mut at.variant),
        behaviour,
        run,
        scenario: match &header {
            Some(header) => header.clone(),
            None => nobody()?,
        },
    };
    Some(Typed { file, header: header.is_some(), at })
}

fn nobody() -> Option<Header> {
    serde_json::from_str(r#"{"id": "x", "title": "", "start": "2000-01-01", "horizon": "1 year", "axes": []}"#).ok()
}

fn one<T: DeserializeOwned>(report: &mut Report, section: &str) -> Option<T> {
    let tree = report.tree;
    let node = tree.get(section)?;
    if node.entries().is_none() {
        report
            .at_key(node, format!("`{section}` is {}, not a table", node.kind()))
            .expected(&format!("expected a table `[{section}]`"));
        return None;
    }
    entry(report, node, (section, 0))
}

fn list<T: DeserializeOwned>(report: &mut Report, section: &'static str, at: &mut Vec<usize>) -> Vec<T> {
    let tree = report.tree;
    let Some(node) = tree.get(section) else { return Vec::new() };
    if node.elements().is_empty() && !matches!(node.plain().value, super::tree::Value::List(_)) {
        report
            .at_key(node, format!("`{section}` is {}, not a list of entries", node.kind()))
            .expected(&format!("expected `[[{section}]]`"));
        return Vec::new();
    }
    let mut entries = Vec::new();
    for (index, element) in node.elements().iter().enumerate() {
        if let Some(read) = entry(report, element, (section, index)) {
            entries.push(read);
            at.push(index);
        }
    }
    entries
}

/// Reads one entry. What cannot be read is reported and left out, and the rest is tried again.
fn entry<T: DeserializeOwned>(report: &mut Report, node: &Node, entry_at: (&str, usize)) -> Option<T> {
    let mut json = node.json();
    let mut left_out: Vec<String> = Vec::new();
    for _ in 0..MOST_PER_ENTRY {
        let error = match serde_path_to_error::deserialize::<_, T>(&json) {
            Ok(entry) => return Some(entry),
            Err(error) => error,
        };
        let message = error.inner().to_string();
        let path = error.path().clone();
        let inner = steps(node, &path);
        if message.starts_with("missing field")
            && inner.is_empty()
            && backticked(&message).first().is_some_and(|field| left_out.contains(field))
        {
            return None;
        }
        let (reached, taken) = node.reach(&inner);
        let reached = reached.clone();
        explain(report, &reached, &message, inner.get(taken.saturating_sub(1)).copied());
        let field = match inner.first() {
            Some(Step::Key(field)) => (*field).to_owned(),
            _ => return None,
        };
        let Json::Object(fields) = &mut json else { return None };
        report.left_out.insert((entry_at.0.to_owned(), entry_at.1, field.clone()));
        let in_map = !matches!(field.as_str(), "when" | "measure" | "effect");
        match (fields.get_mut(&field), inner.get(1)) {
            (Some(Json::Object(map)), Some(Step::Key(key))) if in_map && map.contains_key(*key) => {
                map.remove(*key);
            }
            (Some(_), _) => {
                fields.remove(&field);
                left_out.push(field);
            }
            (None, _) => return None,
        }
    }
    None
}

/// The way to where an error happened, in the tree's terms.
fn steps<'p>(node: &Node, path: &'p serde_path_to_error::Path) -> Vec<Step<'p>> {
    use serde_path_to_error::Segment;
    let mut way = Vec::new();
    let mut here = Some(node);
    for segment in path {
        let step = match segment {
            Segment::Seq { index } => Step::Index(*index),
            Segment::Map { key } => Step::Key(key),
            Segment::Enum { variant } => Step::Key(variant),
            Segment::Unknown => continue,
        };
        let next = here.and_then(|node| node.step(step));
        if next.is_none() && matches!(segment, Segment::Enum { .. }) {
            continue;
        }
        here = next;
        way.push(step);
    }
    way
}

/// Says in the terms of the scenario language what serde says in Rust's.
fn explain(report: &mut Report, node: &Node, message: &str, last: Option<Step>) {
    let names = backticked(message);
    let name = names.first().cloned().unwrap_or_default();
    let valid = || names.iter().skip(1).map(String::as_str);
    let expected = |names: &[String]| match names {
        [] => "expected nothing here".to_owned(),
        [only] => format!("expected `{only}`"),
        [most @ .., last] => format!("expected {} or {last}", most.join(", ")),
    };
    if message.starts_with("unknown field") {
        report
            .at_key(node, format!("unknown field `{name}`"))
            .expected(&expected(&names[1..]))
            .help(nearest(&name, valid()));
    } else if message.starts_with("unknown variant") {
        let message = format!("`{name}` is not one of the words that can stand here");
        let added = match node.get(&name) {
            Some(inside) => report.at_key(inside, message),
            None => report.at(node, message),
        };
        added.expected(&expected(&names[1..])).help(nearest(&name, valid()));
    } else if message.starts_with("missing field") {
        report.at(node, format!("`{name}` is missing")).expected(&format!("expected a field `{name}` here"));
    } else if message.contains("untagged enum Observ") {
        report.at(node, format!("wrong type: found {}", node.kind())).expected("expected true, false or a number");
    } else if message.contains("map with a single key") {
        report
            .at(node, "this is not one condition, quantity or effect".into())
            .expected("expected a table with one key")
            .help(Some("combine conditions with `all = [...]` or `any = [...]`".into()));
    } else if let Some((_, wanted)) = message.split_once(", expected ") {
        let subject = match last {
            Some(Step::Key(key)) => format!("`{key}` is "),
            _ => "found ".to_owned(),
        };
        report
            .at(node, format!("wrong type: {subject}{}", shown(node)))
            .expected(&format!("expected {}", wanted_in_words(wanted)));
    } else {
        report.at(node, message.to_owned());
    }
}

fn shown(node: &Node) -> String {
    match &node.plain().value {
        super::tree::Value::Boolean(value) => value.to_string(),
        super::tree::Value::Integer(value) => value.to_string(),
        super::tree::Value::Float(value) => value.to_string(),
        super::tree::Value::Text(text) => format!("the text \"{}\"", text.chars().take(60).collect::<String>()),
        _ => node.kind().to_owned(),
    }
}

fn wanted_in_words(wanted: &str) -> &str {
    match wanted {
        "f64" => "a number",
        "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "a string" | "string" => "text in quotes",
        "a boolean" => "true or false",
        "a sequence" | "a vec" => "an array",
        "an array of length 2" | "fewer elements in array" => "an array of two",
        other if other.starts_with("struct") || other.starts_with("a map") || other.starts_with("map") => "a table",
        other if other.starts_with("enum") || other.contains("variant") => "one of the words or tables for this field",
        other => other,
    }
}

fn backticked(message: &str) -> Vec<String> {
    message.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
