//! `extends`: one scenario built on another.

use super::parse;
use super::place::Files;
use super::problem::{Problem, nearest};
use super::texts::{Texts, read_text};
use super::tree::{Spanned, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Reads a scenario and those that it extends, and merges them.
///
/// # Errors
/// Everything that is wrong with the texts as such: one that is not there, not TOML, or that extends itself.
pub fn read(texts: &dyn Texts, path: &Path, files: &mut Files) -> Result<Spanned, Vec<Problem>> {
    let text = read_text(texts, path, SCENARIO, None).map_err(|problem| vec![problem])?;
    let mut chain = vec![texts.identity(path)];
    read_tree(texts, path, &text, files, &mut chain)
}

/// What a scenario file is called, how its name ends, and how long it may be.
const SCENARIO: (&str, &str, u64) = ("a scenario file", ".toml", parse::LARGEST);

fn read_tree(
    texts: &dyn Texts,
    path: &Path,
    text: &str,
    files: &mut Files,
    chain: &mut Vec<PathBuf>,
) -> Result<Spanned, Vec<Problem>> {
    let file = files.add(&path.display().to_string(), text);
    let mut tree = parse::document(files, file)?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    anchor_files(texts, &mut tree, &folder);
    let Value::Table(entries) = &mut tree.value else { return Ok(tree) };
    let removed = entries.remove("remove");
    let Some(base) = entries.get("extends").cloned() else {
        return match removed {
            Some(removed) => Err(vec![Problem {
                message: "there is nothing to remove: the file extends no other".into(),
                expected: Some("expected `extends`".into()),
                help: None,
                place: Some(removed.key),
            }]),
            None => Ok(tree),
        };
    };
    let problem = |message: String, help: Option<String>| {
        vec![Problem { message, expected: None, help, place: Some(base.place.clone()) }]
    };
    let Some(name) = base.text() else {
        return Err(problem("`extends` is not text".into(), Some("it names another scenario file".into())));
    };
    entries.remove("extends");
    let base_path = folder.join(name);
    let base_text = read_text(texts, &base_path, SCENARIO, Some(&base.place)).map_err(|problem| vec![problem])?;
    let identity = texts.identity(&base_path);
    if let Some(at) = chain.iter().position(|seen| *seen == identity) {
        let names: Vec<String> = chain[at..]
            .iter()
            .chain([&identity])
            .map(|path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned())
            .collect();
        return Err(problem(format!("files extend each other in a circle: {}", names.join(" → ")), None));
    }
    chain.push(identity);
    let mut base = read_tree(texts, &base_path, &base_text, files, chain)?;
    if let Some(removed) = removed {
        remove(&mut base, &removed)?;
    }
    Ok(merged(base, tree, &[]))
}

/// Takes entries out of what is extended.
fn remove(base: &mut Spanned, removed: &Spanned) -> Result<(), Vec<Problem>> {
    let mut list = Vec::new();
    let mut wrong = |message: String, help: Option<String>, place: &Spanned| {
        let expected =
            Some("expected the path of an entry of the file that is extended, such as `question.pact`".into());
        list.push(Problem { message, expected, help, place: Some(place.place.clone()) });
    };
    if !matches!(removed.value, Value::List(_)) {
        wrong("`remove` is no list".into(), None, removed);
    }
    for path in removed.elements() {
        let Some((section, name)) = path.text().and_then(|text| text.split_once('.')) else {
            wrong("this is no path of an entry".into(), None, path);
            continue;
        };
        let mut names: Vec<&str> = name.split('.').collect();
        if section == "relation" {
            names.sort_unstable();
        }
        let name = names.join(".");
        let entries = base.entries_mut().and_then(|sections| sections.get_mut(section)).map(|node| &mut node.value);
        let Some(Value::List(entries)) = entries else {
            wrong(format!("the file that is extended has no entries of `{section}`"), None, path);
            continue;
        };
        let known: Vec<String> = entries.iter().filter_map(|entry| entry_name(section, entry)).collect();
        match entries.iter().position(|entry| entry_name(section, entry).as_ref() == Some(&name)) {
            Some(place) => drop(entries.remove(place)),
            None => {
                let help = nearest(&name, known.iter().map(String::as_str));
                wrong(format!("there is no `{section}.{name}` to remove"), help, path);
            }
        }
    }
    if list.is_empty() { Ok(()) } else { Err(list) }
}

/// A file of outlines, of joint draws or of a history is named relative to the file that names it; further on it is a path of its own.
fn anchor_files(texts: &dyn Texts, tree: &mut Spanned, folder: &Path) {
    let Value::Table(entries) = &mut tree.value else { return };
    let anchor = |entry: &mut Spanned, field: &str| {
        let named = entry.entries_mut().and_then(|fields| fields.get_mut(field)?.plain_value_mut());
        if let Some(Value::Text(name)) = named {
            *name = texts.identity(&folder.join(name.as_str())).display().to_string();
        }
    };
    if let Some(header) = entries.get_mut("scenario") {
        anchor(header, "boundaries");
        anchor(header, "joint_inputs");
    }
    if let Some(questions) = entries.get_mut("question") {
        questions.elements_mut().iter_mut().for_each(|question| anchor(question, "history"));
    }
}

/// What stands above goes before what stands below; tables are merged key by key, arrays of entries by id. A map of
/// shares (`presence`, `control` …) is merged too.
fn merged(below: Spanned, above: Spanned, key_path: &[&str]) -> Spanned {
    if below.is_sourced() || above.is_sourced() {
        return above;
    }
    let value = match (below.value, above.value) {
        (Value::Table(below), Value::Table(above)) => Value::Table(merged_tables(below, above, key_path)),
        (Value::List(below), Value::List(above))
            if key_path.len() == 1 && above.iter().all(|entry| matches!(entry.value, Value::Table(_))) =>
        {
            Value::List(merged_entries(key_path[0], below, above))
        }
        (_, above) => above,
    };
    Spanned { key: above.key, place: above.place, value }
}

fn merged_tables(
    below: BTreeMap<String, Spanned>,
    above: BTreeMap<String, Spanned>,
    key_path: &[&str],
) -> BTreeMap<String, Spanned> {
    let mut result = below;
    for (key, node) in above {
        let node = match result.remove(&key) {
            Some(old) => {
                let mut inner = key_path.to_vec();
                inner.push(&key);
                // A condition, an effect or what is known of an answer means what it says as a whole.
                let whole =
                    ["when", "measure", "if", "effect", "observed", "base_rate", "history"].contains(&key.as_str());
                if whole { node } else { merged(old, node, &inner) }
            }
            None => node,
        };
        result.insert(key, node);
    }
    result
}

/// Entries with the same name become one, in the place of the old one; new ones follow. Names that stand twice in the
/// same file stay twice, for the checks to find.
fn merged_entries(section: &str, below: Vec<Spanned>, above: Vec<Spanned>) -> Vec<Spanned> {
    let mut place_of: BTreeMap<String, usize> = BTreeMap::new();
    for (index, entry) in below.iter().enumerate() {
        if let Some(name) = entry_name(section, entry) {
            place_of.entry(name).or_insert(index);
        }
    }
    let mut result: Vec<Option<Spanned>> = below.into_iter().map(Some).collect();
    for entry in above {
        let old = entry_name(section, &entry).and_then(|name| place_of.remove(&name));
        match old {
            Some(index) => {
                let entry = match result[index].take() {
                    Some(old) => merged(turned(section, old, &entry), entry, &[section, ""]),
                    None => entry,
                };
                result[index] = Some(entry);
            }
            None => result.push(Some(entry)),
        }
    }
    result.into_iter().flatten().collect()
}

/// The name by which entries of a section are told apart: the id, the pair of a relation in either order, the path of an
/// uncertainty, the first one of a composition.
pub fn entry_name(section: &str, entry: &Spanned) -> Option<String> {
    match section {
        "relation" => {
            let mut pair: Vec<&str> = entry.get("between")?.elements().iter().filter_map(Spanned::text).collect();
            pair.sort_unstable();
            Some(pair.join("."))
        }
        "composition" => entry.get("paths")?.elements().first()?.text().map(str::to_owned),
        "uncertainty" => entry.get("path")?.text().map(str::to_owned),
        _ => entry.get("id")?.text().map(str::to_owned),
    }
}

/// A relation as seen in the order in which another names the pair.
fn turned(section: &str, mut old: Spanned, new: &Spanned) -> Spanned {
    let first =
        |node: &Spanned| node.get("between").and_then(|pair| pair.elements().first()?.text().map(str::to_owned));
    if section != "relation" || first(&old) == first(new) {
        return old;
    }
    if let Value::Table(entries) = &mut old.value {
        for field in ["hostility", "trust"] {
            let back = format!("{field}_back");
            if let Some(theirs) = entries.remove(&back)
                && let Some(ours) = entries.insert(field.to_owned(), theirs)
            {
                entries.insert(back, ours);
            }
        }
    }
    old
}
