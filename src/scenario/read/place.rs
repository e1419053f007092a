//! Files and places in them.

use std::ops::Range;
use std::sync::Arc;

/// The number of a text among [`Files`].
pub type FileNumber = usize;

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which text.
    pub file: FileNumber,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Place {
    /// A stretch of bytes of a text.
    pub fn new(file: FileNumber, range: Range<usize>) -> Self {
        Self { file, start: range.start, end: range.end }
    }

    /// Whether it lies within another stretch of the same text.
    pub fn is_within(&self, other: &Self) -> bool {
        self.file == other.file && other.start <= self.start && self.end <= other.end
    }
}

/// The texts that a scenario was read from: files, and what the command line changed.
#[derive(Clone, Debug, Default)]
pub struct Files {
    texts: Vec<(String, Arc<str>)>,
}

impl Files {
    /// Adds a text and gives its number.
    pub fn add(&mut self, name: &str, text: &str) -> FileNumber {
        self.texts.push((name.to_owned(), text.into()));
        self.texts.len() - 1
    }

    /// Adds the texts of others and gives the number of the first.
    pub fn append(&mut self, others: &Self) -> FileNumber {
        self.texts.extend(others.texts.iter().cloned());
        self.texts.len() - others.texts.len()
    }

    /// The name of a text: the path as given, or `--set`.
    pub fn name(&self, file: FileNumber) -> &str {
        self.texts.get(file).map_or("", |(name, _)| name)
    }

    /// The names of all texts.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|(name, _)| name.as_str())
    }

    /// A text.
    pub fn text(&self, file: FileNumber) -> &str {
        self.texts.get(file).map_or("", |(_, text)| text)
    }

    /// Line and column of a place, both from 1; columns count characters.
    pub fn line_and_column(&self, place: &Place) -> (usize, usize) {
        let text = self.text(place.file);
        let start = (0..=place.start.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}
