//! From a file's bytes to a tree.

use super::place::{FileNumber, Files, Place};
use super::problem::{Problem, nearest};
use super::tree::{Node, Refused};
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// The largest file that is read, in bytes.
pub const LARGEST: u64 = 10 * 1024 * 1024;
/// The longest line, in bytes. The parser holds some fifty bytes for each sign of its own, so a long run of them is refused before.
const LONGEST_LINE: usize = 2 * 1024 * 1024;
/// The largest text of which every error is told, in bytes.
const ALL_ERRORS: usize = 1024 * 1024;
/// Stack for the parser, which recurses on text that nests deep before it refuses it.
const STACK: usize = 256 * 1024 * 1024;

/// Reads a scenario file as text.
///
/// # Errors
/// If it is not there (with the nearest name in its folder), too large, or not UTF-8.
pub fn read_file(path: &Path, named_at: Option<Place>) -> Result<String, Problem> {
    let problem =
        |message: String, help: Option<String>| Problem { message, expected: None, help, place: named_at.clone() };
    let shown = path.display();
    let about = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => problem(format!("there is no file {shown}"), nearest_file(path)),
        _ => problem(format!("cannot read {shown}: {error}"), None),
    })?;
    if about.is_dir() {
        return Err(problem(format!("{shown} is a folder, not a scenario file"), nearest_file(&path.join("x.toml"))));
    }
    let too_large =
        |bytes: u64| problem(format!("{shown} has {bytes} bytes; a scenario file has at most {LARGEST}"), None);
    if about.len() > LARGEST {
        return Err(too_large(about.len()));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| std::io::Read::read_to_end(&mut std::io::Read::take(file, LARGEST + 1), &mut bytes))
        .map_err(|error| problem(format!("cannot read {shown}: {error}"), None))?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large(bytes.len() as u64));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        problem(
            format!("{shown} is not UTF-8 text: byte {} (line {line}) belongs to no character", at + 1),
            Some("save the file as UTF-8".into()),
        )
    })
}

fn nearest_file(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".toml"))
        .take(1000)
        .collect();
    names.sort_unstable();
    nearest(name, names.iter().map(String::as_str))
}

/// Parses a text of [`Files`] as a TOML document.
///
/// # Errors
/// Every place where it is not TOML, or where it nests too deep; the first of a text larger than a mebibyte.
pub fn document(files: &Files, file: FileNumber) -> Result<Node, Vec<Problem>> {
    let text = files.text(file);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.len() > LONGEST_LINE {
            let place = Some(Place::new(file, start..start));
            let message = format!("this line has {} bytes", line.len());
            let expected = Some(format!("expected at most {LONGEST_LINE}"));
            return Err(vec![Problem { message, expected, help: None, place }]);
        }
        start += line.len();
    }
    with_deep_stack(|| {
        let table = DeTable::parse(text).map_err(|error| {
            // Each error takes some hundred bytes, and a large file can hold one at every byte: of such a file the first is told.
            let all = if text.len() > ALL_ERRORS { Vec::new() } else { DeTable::parse_recoverable(text).1 };
            let all = if all.is_empty() { vec![error] } else { all };
            all.iter().map(|error| syntax(error, text, file)).collect::<Vec<_>>()
        })?;
        Node::table(table.get_ref(), file, Place::new(file, 0..0)).map_err(|refused| vec![refused.into()])
    })
}

/// Parses part of a text of [`Files`] as one TOML value.
///
/// # Errors
/// If it is not one.
pub fn value(files: &Files, place: &Place) -> Result<Node, Vec<Problem>> {
    let text = files.text(place.file).get(place.start..place.end).unwrap_or("");
    with_deep_stack(|| {
        let value = DeValue::parse(text).map_err(|error| vec![syntax(&error, text, place.file)])?;
        Node::value(value.get_ref(), place.file, place.clone(), place.clone()).map_err(|refused| vec![refused.into()])
    })
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        Self { message: refused.message, expected: None, help: None, place: Some(refused.place) }
    }
}

fn syntax(error: &toml::de::Error, text: &str, file: FileNumber) -> Problem {
    let range = error.span().unwrap_or(text.len()..text.len());
    let (message, expected) = match error.message().split_once(", expected ") {
        Some((message, expected)) => (message, Some(format!("expected {expected}"))),
        None => (error.message(), None),
    };
    let message = match message {
        "duplicate key" => format!("`{}` stands here twice", text.get(range.clone()).unwrap_or("this key")),
        "cannot recurse further; max recursion depth met" | "recursion limit" => "this nests too deep".into(),
        other => format!("not TOML: {other}"),
    };
    Problem { message, expected, help: None, place: Some(Place::new(file, range)) }
}

/// Runs on a thread with a large stack (memory is taken only as far as it is used).
///
/// # Errors
/// If the system gives no thread.
fn with_deep_stack<T: Send>(work: impl FnOnce() -> Result<T, Vec<Problem>> + Send) -> Result<T, Vec<Problem>> {
    // WebAssembly has no threads; the stack is what its host gives.
    if cfg!(target_family = "wasm") {
        return work();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let thread = thread.map_err(|error| {
            let message = format!("cannot start a thread to read the scenario: {error}");
            vec![Problem { message, expected: None, help: None, place: None }]
        })?;
        thread.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause))
    })
}
