//! What is wrong with a scenario, and where.

use super::place::{Files, Place};
use crate::base::name::first_few;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt;

/// How many problems are printed; a file with more has one cause for most of them.
const MOST_PRINTED: usize = 50;

/// How many problems are collected; the rest have the same causes.
pub const MOST_KEPT: usize = 1000;

/// One thing that is wrong, or looks wrong.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What is wrong, naming the offender.
    pub message: String,
    /// What was expected; stands under the place.
    pub expected: Option<String>,
    /// The nearest valid name, or what to do.
    pub help: Option<String>,
    /// Where it stands, if it stands anywhere.
    pub place: Option<Place>,
}

/// Everything that is wrong with a scenario, in the order of the text.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    /// The texts that the places refer to.
    pub files: Files,
    /// What is wrong.
    pub list: Vec<Problem>,
}

impl Problems {
    /// A problem with a file as a whole.
    pub fn whole(message: String, help: Option<String>) -> Self {
        Problem { message, expected: None, help, place: None }.into()
    }

    /// Adds those of other texts.
    pub fn append(&mut self, others: Self) {
        let first = self.files.append(&others.files);
        self.list.extend(others.list.into_iter().map(|mut problem| {
            if let Some(place) = &mut problem.place {
                place.file += first;
            }
            problem
        }));
    }

    /// Sorts by place and removes what is said twice.
    pub fn in_order(mut self) -> Self {
        self.list.sort_by(|a, b| a.place.cmp(&b.place));
        self.list.dedup_by(|a, b| a.place == b.place && a.message == b.message);
        self
    }

    /// The first of them in a line.
    pub fn in_a_line(&self) -> String {
        self.list.first().map_or_else(String::new, |problem| match &problem.expected {
            Some(expected) => format!("{}, {expected}", problem.message),
            None => problem.message.clone(),
        })
    }

    /// The problems as text for people, with the lines they stand on. `colour` is for terminals.
    pub fn render(&self, colour: bool) -> String {
        let mut text = String::new();
        for problem in self.list.iter().take(MOST_PRINTED) {
            text.push_str(&self.render_one(problem, Level::ERROR, colour));
            text.push_str("\n\n");
        }
        let rest = self.list.len().saturating_sub(MOST_PRINTED);
        if rest > 0 {
            let least = if self.list.len() < MOST_KEPT { "" } else { "at least " };
            text.push_str(&format!("and {least}{rest} more problems\n"));
        }
        text
    }

    /// One problem as text, under a level such as error or warning.
    pub fn render_one(&self, problem: &Problem, level: Level<'_>, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut group = annotate_snippets::Group::with_title(level.primary_title(shown(&problem.message)));
        let source;
        if let Some(place) = &problem.place {
            let (excerpt, first_line, start) = excerpt(self.files.text(place.file), place);
            source = shown(&excerpt);
            let length = place.end.saturating_sub(place.start);
            let end = (start + length).min(source.len());
            let annotation = AnnotationKind::Primary
                .span(start.min(source.len())..end.max(start.min(source.len())))
                .label(shown(problem.expected.as_deref().unwrap_or("")));
            group = group.element(
                Snippet::source(source.as_str())
                    .path(shown(self.files.name(place.file)))
                    .line_start(first_line)
                    .annotation(annotation),
            );
        } else if let Some(expected) = &problem.expected {
            group = group.element(Level::NOTE.message(shown(expected)));
        }
        if let Some(help) = &problem.help {
            group = group.element(Level::HELP.message(shown(help)));
        }
        renderer.render(&[group])
    }
}

/// A text without control characters, each byte in its place: what a file holds must not steer a terminal.
fn shown(text: &str) -> String {
    let plain = |letter: char| match letter {
        '\n' | '\t' => letter,
        '\r' => ' ',
        '\0'..='\u{1f}' | '\u{7f}' => '?',
        '\u{80}'..='\u{9f}' => '·',
        other => other,
    };
    text.chars().map(plain).collect()
}

/// The longest line that is shown whole, in bytes.
const LONGEST_LINE: usize = 400;

/// The line of a place (a long one cut around it), its number, and where the place starts in it. A place over several
/// lines is shown by its first.
fn excerpt(text: &str, place: &Place) -> (String, usize, usize) {
    let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = boundary(place.start);
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let number = text[..line_start].matches('\n').count() + 1;
    if line_end - line_start <= LONGEST_LINE {
        return (text[line_start..line_end].to_owned(), number, start - line_start);
    }
    let from = boundary(start.saturating_sub(LONGEST_LINE / 2).max(line_start));
    let to = boundary((start + LONGEST_LINE / 2).min(line_end));
    (text[from..to].to_owned(), number, start - from)
}

impl fmt::Display for Problems {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.render(false))
    }
}

impl std::error::Error for Problems {}

/// A problem that stands in no text.
impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self { files: Files::default(), list: vec![problem] }
    }
}

/// `did you mean …?` for the nearest of some names, if one is near.
pub fn nearest<'a>(name: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut best: Option<(f64, &str)> = None;
    for candidate in valid {
        let likeness = likeness(name, candidate);
        if likeness > best.map_or(0.8, |(likeness, _)| likeness) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

/// [`nearest`], or which names there are: "there are a, b and 3 more".
pub fn nearest_or_all<'a>(name: &str, valid: impl IntoIterator<Item = &'a str>) -> String {
    let valid: Vec<&str> = valid.into_iter().collect();
    nearest(name, valid.iter().copied()).unwrap_or_else(|| there_are(&valid))
}

/// Which names there are, the first few of many.
pub fn there_are(names: &[&str]) -> String {
    /// So many are told.
    const TOLD: usize = 12;
    if names.is_empty() { "there is none".to_owned() } else { format!("there are {}", first_few(names, TOLD)) }
}

/// How alike two names are, 0 to 1. A slip of the finger (a letter too many, too few, other or swapped) is always close,
/// which Jaro and Winkler's measure misses in short names.
fn likeness(name: &str, candidate: &str) -> f64 {
    let winkler = strsim::jaro_winkler(name, candidate);
    let slip =
        name.len() >= 2 && name.len().abs_diff(candidate.len()) <= 1 && strsim::osa_distance(name, candidate) <= 1;
    if slip { winkler.max(0.9) } else { winkler }
}
