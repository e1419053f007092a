//! Where checks put what they find.

use super::place::Place;
use super::problem::{MOST_KEPT, Problem};
use super::tree::{Spanned, Step};
use std::collections::BTreeSet;

/// Collects problems and warnings about a tree.
pub struct Report<'a> {
    /// The tree that is checked.
    pub tree: &'a Spanned,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What looks wrong.
    pub warnings: Vec<Problem>,
    /// Section, position and field of what could not be read and was left out: nothing more is said about it.
    left_out: BTreeSet<(String, usize, String)>,
    spare: Problem,
}

/// A problem that was just added, to say more about it.
pub struct Added<'a>(&'a mut Problem);

impl Added<'_> {
    /// Says what was expected.
    pub fn expected(self, expected: &str) -> Self {
        self.0.expected = Some(expected.to_owned());
        self
    }

    /// Says what may help.
    pub fn help(self, help: Option<String>) -> Self {
        self.0.help = help;
        self
    }
}

impl<'a> Report<'a> {
    /// An empty report on a tree.
    pub fn new(tree: &'a Spanned) -> Self {
        let spare = Problem { message: String::new(), expected: None, help: None, place: None };
        Self { tree, problems: Vec::new(), warnings: Vec::new(), left_out: BTreeSet::new(), spare }
    }

    /// Adds a problem with a node's value.
    pub fn at(&mut self, node: &Spanned, message: String) -> Added<'_> {
        // A value that is a table written over several lines is shown by its key.
        let place = node.plain().place.clone();
        self.add(message, Some(place))
    }

    /// Adds a problem with a node's key.
    pub fn at_key(&mut self, node: &Spanned, message: String) -> Added<'_> {
        self.add(message, Some(node.key.clone()))
    }

    /// Adds a problem at a place.
    pub fn add_at(&mut self, place: Place, message: String, expected: Option<String>, help: Option<String>) {
        let added = self.add(message, Some(place));
        added.0.expected = expected;
        added.0.help = help;
    }

    /// Adds a problem that stands nowhere.
    pub fn nowhere(&mut self, message: String) -> Added<'_> {
        self.add(message, None)
    }

    /// Adds a problem at the end of a key path through the tree, or as near as one can get.
    pub fn on(&mut self, key_path: &[Step], message: String) -> Added<'_> {
        if self.is_left_out(key_path) {
            return Added(&mut self.spare);
        }
        let (node, _) = self.tree.reach(key_path);
        let place = node.plain().place.clone();
        self.add(message, Some(place))
    }

    /// Adds a problem with the key at the end of a key path.
    pub fn on_key(&mut self, key_path: &[Step], message: String) -> Added<'_> {
        if self.is_left_out(key_path) {
            return Added(&mut self.spare);
        }
        let (node, _) = self.tree.reach(key_path);
        let place = node.key.clone();
        self.add(message, Some(place))
    }

    /// Notes that what stands at the end of a key path could not be read.
    pub fn leave_out(&mut self, key_path: &[Step]) {
        self.left_out
            .extend(field_of(key_path).map(|(section, index, field)| (section.to_owned(), index, field.to_owned())));
    }

    /// Whether what stands at the end of a key path could not be read.
    pub fn is_left_out(&self, key_path: &[Step]) -> bool {
        !self.left_out.is_empty()
            && field_of(key_path).is_some_and(|(section, index, field)| {
                self.left_out.contains(&(section.to_owned(), index, field.to_owned()))
            })
    }

    /// Adds a warning at the end of a key path.
    pub fn warn(&mut self, key_path: &[Step], message: String) {
        let (node, _) = self.tree.reach(key_path);
        let place = Some(node.plain().place.clone());
        self.warnings.push(Problem { message, expected: None, help: None, place });
    }

    /// Whether no more problems are taken.
    pub fn is_full(&self) -> bool {
        self.problems.len() >= MOST_KEPT
    }

    fn add(&mut self, message: String, place: Option<Place>) -> Added<'_> {
        if self.problems.len() >= MOST_KEPT {
            return Added(&mut self.spare);
        }
        self.problems.push(Problem { message, expected: None, help: None, place });
        let last = self.problems.len() - 1;
        Added(&mut self.problems[last])
    }
}

/// Section, position and field that a key path leads through; in a section that is one table the position is 0.
fn field_of<'w>(key_path: &'w [Step]) -> Option<(&'w str, usize, &'w str)> {
    match key_path {
        [Step::Key(section), Step::Index(index), Step::Key(field), ..] => Some((section, *index, field)),
        [Step::Key(section), Step::Key(field), ..] => Some((section, 0, field)),
        _ => None,
    }
}
