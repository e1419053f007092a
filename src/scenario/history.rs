//! Histories of amounts: CSV files that become a part of the scenario when it is read, so that results keep them.

use super::read::place::{Files, Place};
use super::read::problem::Problem;
use super::read::texts::{Texts, read_text};
use super::read::tree::{Spanned, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// The largest file of a history that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;
/// The columns that come first.
const HEADS: [&str; 2] = ["date", "value"];

/// Puts a table of values by date in the place of every name of a file; gives what is wrong with the files.
pub fn read_histories(texts: &dyn Texts, tree: &mut Spanned, files: &mut Files) -> Vec<Problem> {
    let mut problems = Vec::new();
    let questions = tree.entries_mut().and_then(|sections| sections.get_mut("question"));
    for question in questions.map(Spanned::elements_mut).unwrap_or_default() {
        let Some(node) = question.entries_mut().and_then(|fields| fields.get_mut("history")) else { continue };
        let Some(name) = node.text() else { continue };
        let (path, place) = (Path::new(name), node.plain().place.clone());
        let read = read_text(texts, path, ("a file of a history", "csv", LARGEST), Some(&place));
        let read = read.map_err(|problem| vec![problem]).and_then(|text| table(&text, path, files));
        match (read, node.plain_value_mut()) {
            (Ok(entries), Some(value)) => *value = Value::Table(entries),
            (Ok(_), None) => {}
            (Err(list), _) => problems.extend(list),
        }
    }
    problems
}

/// The rows of a file by date, each with its place.
fn table(text: &str, path: &Path, files: &mut Files) -> Result<BTreeMap<String, Spanned>, Vec<Problem>> {
    let file = files.add(&path.display().to_string(), text);
    let (mut entries, mut problems) = (BTreeMap::new(), Vec::new());
    let mut begin = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let content = line.trim_end();
        let place = Place::new(file, begin..begin + content.len());
        begin += line.len();
        let mut wrong = |message: String, expected: &str| {
            let expected = Some(expected.to_owned());
            problems.push(Problem { message, expected, help: None, place: Some(place.clone()) });
        };
        let mut cells = content.split(',').map(str::trim);
        let (first, second) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        if number == 0 {
            if [first.trim_start_matches('\u{feff}'), second] != HEADS {
                wrong(format!("the columns are `{content}`"), "expected `date,value`, and any others after them");
                break;
            }
        } else if !content.is_empty() {
            match second.parse::<f64>() {
                Ok(value) if value.is_finite() => {
                    let node = Spanned { key: place.clone(), place: place.clone(), value: Value::Float(value) };
                    if entries.insert(first.to_owned(), node).is_some() {
                        wrong(format!("{first} stands twice"), "expected each date once");
                    }
                }
                _ => wrong(format!("`{second}` is not a number"), "expected a date and a number"),
            }
        }
    }
    if problems.is_empty() { Ok(entries) } else { Err(problems) }
}
