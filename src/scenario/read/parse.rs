//! From a file's bytes to a tree.

use super::form::{self, malformed};
use super::place::{FileNumber, Files, Place};
use super::problem::{MOST_KEPT, Problem};
use super::tree::{DEEPEST, Refused, Spanned};
use toml::de::{DeTable, DeValue};

/// The largest file that is read, in bytes.
pub const LARGEST: u64 = 10 * 1024 * 1024;
/// The longest line, in bytes. The parser holds some fifty bytes for each sign of its own, so a long run of them is refused before.
const LONGEST_LINE: usize = 2 * 1024 * 1024;
/// The largest text that is parsed without being looked through before, in bytes.
const SMALL: usize = 256 * 1024;
/// Stack for the parser, which recurses on text that nests deep before it refuses it.
const STACK: usize = 256 * 1024 * 1024;

/// Parses a text of [`Files`] as a TOML document.
///
/// # Errors
/// Every place where it is not TOML, or where it nests too deep; of a large text the first so many of one kind of error.
pub fn document(files: &Files, file: FileNumber) -> Result<Spanned, Vec<Problem>> {
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
    with_stack_for(text, || {
        if text.len() > SMALL {
            form::check(text, file)?;
        }
        let table = DeTable::parse(text).map_err(|error| {
            // Each error takes some hundred bytes, and a large file can hold one at every byte: of such a file the first is told.
            let all = if text.len() > SMALL { Vec::new() } else { DeTable::parse_recoverable(text).1 };
            let all = if all.is_empty() { vec![error] } else { all };
            all.iter().take(MOST_KEPT).map(|error| syntax(error, text, file)).collect::<Vec<_>>()
        })?;
        Spanned::table(table.into_inner(), file, Place::new(file, 0..0)).map_err(|refused| vec![refused.into()])
    })
}

/// Parses part of a text of [`Files`] as one TOML value.
///
/// # Errors
/// If it is not one.
pub fn value(files: &Files, place: &Place) -> Result<Spanned, Vec<Problem>> {
    let text = files.text(place.file).get(place.start..place.end).unwrap_or("");
    with_stack_for(text, || {
        let value = DeValue::parse(text).map_err(|error| vec![syntax(&error, text, place.file)])?;
        Spanned::value(value.into_inner(), place.file, place.clone(), place.clone())
            .map_err(|refused| vec![refused.into()])
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
    malformed(message, expected, text, Place::new(file, range))
}

/// Runs on a thread with a large stack (memory is taken only as far as it is used) what parses a text that may nest deep.
///
/// # Errors
/// If the system gives no thread.
fn with_stack_for<T: Send>(
    text: &str,
    work: impl FnOnce() -> Result<T, Vec<Problem>> + Send,
) -> Result<T, Vec<Problem>> {
    // WebAssembly has no threads; the stack is what its host gives.
    if cfg!(target_family = "wasm") || !may_nest_deep(text) {
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

/// Whether brackets and dotted keys may nest deeper than any stack bears. What closes a bracket counts only where it
/// cannot stand in a string or comment, so the answer may be yes of a text that is flat, but never no of one that is not.
fn may_nest_deep(text: &str) -> bool {
    let long_strings = text.contains("\"\"\"") || text.contains("'''");
    let (mut open, mut dots, mut plain) = (0usize, 0usize, !long_strings);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b'.' => dots += 1,
            b']' | b'}' if plain => open = open.saturating_sub(1),
            b'"' | b'\'' | b'#' => plain = false,
            b'\n' => (plain, dots) = (!long_strings, 0),
            _ => {}
        }
        if plain && matches!(byte, b'=' | b',' | b'[' | b']' | b'{' | b'}') {
            dots = 0;
        }
        if open + dots > DEEPEST {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_nest_deep_is_told_from_what_cannot() {
        assert!(!may_nest_deep("faction.jnim.outreach=0.8"));
        assert!(!may_nest_deep(&"a = { b = [0.1, 0.2] }\n".repeat(1000)));
        for deep in [
            "[".repeat(200),
            "[ #]\n".repeat(200),
            "[ \"]\",".repeat(200),
            "[ \"\"\"\n]\n\"\"\",".repeat(200),
            "{ a = ".repeat(200),
            format!("{}b = 1", "a.".repeat(200)),
            format!("{}b = 1", "\"=\".".repeat(200)),
        ] {
            assert!(may_nest_deep(&deep), "{deep}");
        }
    }
}
