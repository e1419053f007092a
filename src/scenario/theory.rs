//! Rival theories of who sides with whom: weights of behaviour that a scenario takes up as variants.

use super::file::Variant;
use super::read::change;
use super::read::parse;
use super::read::path;
use super::read::place::{Files, Place};
use super::read::problem::{Problem, Problems};
use super::read::texts::{Disk, read_text};
use super::read::tree::{Spanned, Value};
use super::{Scenario, check, tried};
use std::collections::BTreeMap;
use std::path::Path;

/// The section that a theory has, and no other.
const SECTION: &str = "behaviour";
/// The longest theory, in bytes: many times all weights.
const LARGEST: u64 = 1024 * 1024;

/// A theory: a text with a `[behaviour]` section and nothing else. What it does not name is as in the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theory {
    /// The name of its file without the ending, which is the id of its variant.
    pub id: String,
    name: String,
    text: String,
}

impl Theory {
    /// The id of the theory that what stands, stays: how far an answer departs from it is what other theories explain.
    pub const INERTIA: &'static str = "inertia";

    /// Those that come with the program (docs/theories.md), inertia last.
    pub fn shipped() -> Vec<Self> {
        let texts = [
            ("balance-of-threat", include_str!("../../configs/theories/balance-of-threat.toml")),
            ("minimum-winning-coalition", include_str!("../../configs/theories/minimum-winning-coalition.toml")),
            ("alignment", include_str!("../../configs/theories/alignment.toml")),
            ("patrons", include_str!("../../configs/theories/patrons.toml")),
            (Self::INERTIA, include_str!("../../configs/theories/inertia.toml")),
        ];
        texts.map(|(id, text)| Self::from_text(&format!("configs/theories/{id}.toml"), text)).to_vec()
    }

    /// A text, as a file of that name.
    pub fn from_text(name: &str, text: &str) -> Self {
        let id = Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Self { id, name: name.to_owned(), text: text.to_owned() }
    }

    /// Reads a file; what is wrong in it is told by [`Scenario::with_theories`].
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn load(path: &Path) -> Result<Self, Problems> {
        let text = read_text(&Disk, path, ("a file of a theory", ".toml", LARGEST), None)?;
        Ok(Self::from_text(&path.display().to_string(), &text))
    }

    /// What it is called: the id as words.
    pub fn title(&self) -> String {
        let words = self.id.replace('-', " ");
        let mut letters = words.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    /// It as a variant of a scenario.
    fn variant(&self, files: &mut Files) -> Result<Spanned, Vec<Problem>> {
        let file = files.add(&self.name, &self.text);
        let mut tree = parse::document(files, file)?;
        let behaviour = tree.entries_mut().and_then(|sections| sections.remove(SECTION));
        let problem = |message: String, place: Place| Problem {
            message,
            expected: Some(format!("expected `[{SECTION}.…]` and nothing else")),
            help: Some("a theory says what weighs how much; what else a file changes is a [[variant]]".into()),
            place: Some(place),
        };
        let others = tree.entries().into_iter().flatten();
        let others = others.map(|(section, node)| problem(format!("a theory has no `{section}`"), node.key.clone()));
        let mut problems: Vec<Problem> = others.collect();
        let whole = Place::new(file, 0..0);
        let Some(behaviour) = behaviour else {
            problems.push(problem("this theory says nothing".into(), whole));
            return Err(problems);
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        let made = |value: Value| Spanned::made(value, whole.clone());
        let changes =
            Spanned { value: Value::Table(change::of_section(SECTION, behaviour)), ..made(Value::Boolean(true)) };
        let entry = BTreeMap::from([
            ("id".to_owned(), made(Value::Text(self.id.clone()))),
            ("title".to_owned(), made(Value::Text(self.title()))),
            ("theory".to_owned(), made(Value::Boolean(true))),
            ("changes".to_owned(), changes),
        ]);
        Ok(made(Value::Table(entry)))
    }
}

impl Scenario {
    /// The same scenario with theories as variants after its own.
    ///
    /// # Errors
    /// If a theory has anything but weights of behaviour, one that is not known or lies outside its range, or the id of
    /// another variant.
    pub fn with_theories(&self, theories: &[Theory]) -> Result<Self, Problems> {
        let mut made = self.clone();
        let (mut entries, mut list) = (Vec::new(), Vec::new());
        for theory in theories {
            match theory.variant(&mut made.files) {
                Ok(entry) => entries.push(entry),
                Err(problems) => list.extend(problems),
            }
        }
        let written = made.written.as_mut().map(|written| written.tree_mut());
        for tree in [Some(&mut made.tree), written].into_iter().flatten() {
            let Value::Table(sections) = &mut tree.value else { continue };
            let place = tree.place.clone();
            let variants =
                sections.entry("variant".into()).or_insert_with(|| Spanned::made(Value::List(Vec::new()), place));
            if let Some(Value::List(variants)) = variants.plain_value_mut() {
                variants.extend(entries.iter().cloned());
            }
        }
        let schema = path::schema();
        let checked = check::check(&made.tree, schema);
        list.extend(checked.problems);
        list.extend(tried::variants(&made.tree, schema, &list));
        match checked.typed {
            Some(typed) if list.is_empty() => {
                made.file = typed.file;
                Ok(made)
            }
            _ => Err(Problems { files: made.files, list }.in_order()),
        }
    }

    /// The variants that are theories.
    pub fn theories(&self) -> impl Iterator<Item = &Variant> {
        self.file.variant.iter().filter(|variant| variant.theory)
    }
}
