//! Scenarios as they are edited: their text, what is wrong with it and where, and how it is written.

use super::limits::LONGEST_TEXT;
use super::refusal::Refusal;
use super::root::{Root, Within};
use crate::record::write_whole;
use crate::scenario::{Files, Overrides, Place, Problem, Problems, Scenario};
use axum::http::StatusCode;
use serde::Serialize;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The ending of scenario files: no others are read or written.
const ENDING: &str = ".toml";
/// The place of the text that is edited among those that a scenario is read from.
const EDITED: usize = 0;

/// A problem, with its place in the text for an editor.
#[derive(Clone, Debug, Serialize)]
pub struct ToldProblem {
    /// What is wrong; of another text, with its name and the line.
    pub message: String,
    /// What was expected; may be empty.
    pub expected: String,
    /// What may help; may be empty.
    pub help: String,
    /// From 1; 0 if it has no place in this text.
    pub line: usize,
    /// In characters from 1; 0 if it has no place in this text.
    pub column: usize,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// `error` or `warning`.
    pub level: &'static str,
}

/// What was found in a text.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    /// Errors, or else warnings.
    pub problems: Vec<ToldProblem>,
    /// How many questions it asks; 0 if it cannot be run.
    pub questions: usize,
}

/// A text as it is on disk.
#[derive(Clone, Debug, Serialize)]
pub struct Opened {
    /// It.
    pub text: String,
    /// What is wrong with it.
    pub problems: Vec<ToldProblem>,
}

/// Reads a scenario file of the folder.
///
/// # Errors
/// If there is none of that name, or it cannot be edited here.
pub fn open(root: &Root, name: &str) -> Result<Opened, Refusal> {
    let text = text(root, name)?;
    let problems = check(root, name, &text)?.problems;
    Ok(Opened { text, problems })
}

/// Checks a text as `entente check` would the file of that name if it held it.
///
/// # Errors
/// If there can be no such file.
pub fn check(root: &Root, name: &str, text: &str) -> Result<Checked, Refusal> {
    let texts = Within::with(root, name, text)?;
    Ok(match Scenario::read(&texts, Path::new(name), &Overrides::default()) {
        Ok(scenario) => Checked {
            problems: told(scenario.files(), &scenario.warnings, "warning"),
            questions: scenario.file.question.len(),
        },
        Err(Problems { files, list }) => Checked { problems: told(&files, &list, "error"), questions: 0 },
    })
}

/// Writes a text in place of the one that there was, which nobody may have changed meanwhile; without one, as a new file.
///
/// # Errors
/// If the file is not as it was, or there can be no such file, or it cannot be written.
pub fn write(
    root: &Root,
    name: &str,
    (text, was): (&str, Option<&str>),
    one_at_a_time: &Mutex<()>,
) -> Result<Checked, Refusal> {
    let checked = check(root, name, text)?;
    let path = root.place(name, ENDING)?;
    let _turn = one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
    let there = if path.exists() { Some(self::text(root, name)?) } else { None };
    match (there.as_deref(), was) {
        (None, None | Some("")) => {}
        (Some(there), Some(was)) if there == was => {}
        (None, Some(_)) => return Err(Refusal::new(StatusCode::CONFLICT, format!("`{name}` is no longer there"))),
        (Some(_), None) => return Err(Refusal::new(StatusCode::CONFLICT, format!("there is a `{name}` already"))),
        (Some(_), Some(_)) => {
            let message =
                format!("`{name}` was changed since it was read: read it again, and type anew what is to be kept");
            return Err(Refusal::new(StatusCode::CONFLICT, message));
        }
    }
    write_whole(&path, text.as_bytes())?;
    Ok(checked)
}

fn text(root: &Root, name: &str) -> Result<String, Refusal> {
    let path = root.file(name, ENDING)?;
    let failed = |error: std::io::Error| Refusal::failed(format!("cannot read `{name}`: {error}"));
    let length = std::fs::metadata(&path).map_err(failed)?.len();
    if length > LONGEST_TEXT as u64 {
        return Err(Refusal::wrong(format!(
            "`{name}` has {length} bytes, and up to {LONGEST_TEXT} can be edited here; it can be run all the same"
        )));
    }
    let bytes = std::fs::read(&path).map_err(failed)?;
    String::from_utf8(bytes).map_err(|_| Refusal::wrong(format!("`{name}` is not UTF-8 text")))
}

fn told(files: &Files, list: &[Problem], level: &'static str) -> Vec<ToldProblem> {
    let one = |problem: &Problem| {
        let here = problem.place.as_ref().filter(|place| place.file == EDITED);
        let (line, column) = here.map_or((0, 0), |place| files.line_and_column(place));
        ToldProblem {
            message: problem.message.clone() + &elsewhere(files, problem.place.as_ref()),
            expected: problem.expected.clone().unwrap_or_default(),
            help: problem.help.clone().unwrap_or_default(),
            line,
            column,
            start: here.map_or(0, |place| place.start),
            end: here.map_or(0, |place| place.end.max(place.start)),
            level,
        }
    };
    list.iter().map(one).collect()
}

/// Where something stands in a text that this one extends or names.
fn elsewhere(files: &Files, place: Option<&Place>) -> String {
    place.filter(|place| place.file != EDITED).map_or_else(String::new, |place| {
        let (line, column) = files.line_and_column(place);
        format!(" ({}, line {line}, column {column})", files.name(place.file))
    })
}
