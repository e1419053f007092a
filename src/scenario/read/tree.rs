//! TOML text as a tree of which every part knows its place.

use super::place::{FileNumber, Place};
use crate::base::name::composed;
use serde_json::json;
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};

/// How deep tables and arrays may nest.
pub const DEEPEST: usize = 96;

/// A value with its place in a file.
#[derive(Clone, Debug)]
pub struct Spanned {
    /// Where its key stands; the value's own place for an element of an array.
    pub key: Place,
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// What stands in a file. Dates are text. Letters and their accents are composed, in names of tables' keys too, so that a name
/// is one however it is typed; names of files are as they are.
#[derive(Clone, Debug)]
pub enum Value {
    Boolean(bool),
    /// From the least of `i64` to the greatest of `u64`, so that every seed is one.
    Integer(i128),
    Float(f64),
    Text(String),
    List(Vec<Spanned>),
    Table(BTreeMap<String, Spanned>),
}

/// A step from a node to one inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> From<&'a str> for Step<'a> {
    fn from(key: &'a str) -> Self {
        Self::Key(key)
    }
}

impl<'a> From<&'a String> for Step<'a> {
    fn from(key: &'a String) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Step<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// A key path: the steps that lead to a value in a tree, `key_path!["faction", 3, "presence", zone]`.
macro_rules! key_path {
    ($($step:expr),* $(,)?) => { &[$($crate::scenario::read::tree::Step::from($step)),*] };
}

pub(crate) use key_path;

/// Keys of values that name files.
const FILES: [&str; 5] = ["extends", "boundaries", "joint_inputs", "history", "file"];

/// What a tree cannot hold.
pub struct Refused {
    pub message: String,
    pub place: Place,
}

/// The keys of a value that is written with where it comes from.
pub const SOURCED: [&str; 6] = ["value", "low", "best", "high", "source", "note"];

impl Spanned {
    /// Reads a parsed table.
    ///
    /// # Errors
    /// If it nests too deep or holds an integer that is too large.
    pub fn table(table: DeTable, file: FileNumber, place: Place) -> Result<Self, Refused> {
        let value = Value::Table(entries(table, file, 0)?);
        Ok(Self { key: place.clone(), place, value })
    }

    /// Reads a parsed value.
    ///
    /// # Errors
    /// If it nests too deep or holds an integer that is too large.
    pub fn value(value: DeValue, file: FileNumber, key: Place, place: Place) -> Result<Self, Refused> {
        read(value, file, key, place, 0)
    }

    /// A value that no file holds as it is, standing for what is at a place.
    pub fn made(value: Value, place: Place) -> Self {
        Self { key: place.clone(), place, value }
    }

    /// The value itself where it is written with where it comes from; any other node as it is.
    pub fn plain(&self) -> &Self {
        match &self.value {
            Value::Table(entries) => entries.get("value").unwrap_or(self),
            _ => self,
        }
    }

    /// Whether it is a value that is written with where it comes from.
    pub fn is_sourced(&self) -> bool {
        matches!(&self.value, Value::Table(entries) if entries.contains_key("value"))
    }

    /// The entries, if it is a table.
    pub fn entries(&self) -> Option<&BTreeMap<String, Self>> {
        match &self.plain().value {
            Value::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value itself, to change, also where it is written with where it comes from.
    pub fn plain_value_mut(&mut self) -> Option<&mut Value> {
        if self.is_sourced() {
            let Value::Table(entries) = &mut self.value else { return None };
            return entries.get_mut("value").map(|node| &mut node.value);
        }
        Some(&mut self.value)
    }

    /// The entries, if it is a table, to change.
    pub fn entries_mut(&mut self) -> Option<&mut BTreeMap<String, Self>> {
        match self.plain_value_mut()? {
            Value::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// The elements, to change.
    pub fn elements_mut(&mut self) -> &mut [Self] {
        match self.plain_value_mut() {
            Some(Value::List(elements)) => elements,
            _ => &mut [],
        }
    }

    /// The elements, if it is an array.
    pub fn elements(&self) -> &[Self] {
        match &self.plain().value {
            Value::List(elements) => elements,
            _ => &[],
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.plain().value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match &self.plain().value {
            Value::Integer(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// The node under a key of a table.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries()?.get(key)
    }

    /// The node one step inside.
    pub fn step(&self, step: Step) -> Option<&Self> {
        match (step, &self.plain().value) {
            (Step::Key(key), Value::Table(entries)) => entries.get(key),
            (Step::Index(index), Value::List(elements)) => elements.get(index),
            _ => None,
        }
    }

    /// The node at the end of a key path, or the last one there is on it; with how many steps that is.
    pub fn reach(&self, key_path: &[Step]) -> (&Self, usize) {
        let mut node = self;
        for (taken, step) in key_path.iter().enumerate() {
            match node.step(*step) {
                Some(next) => node = next,
                None => return (node, taken),
            }
        }
        (node, key_path.len())
    }

    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match &self.plain().value {
            Value::Boolean(_) => "true or false",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "an array",
            Value::Table(_) => "a table",
        }
    }

    /// The plain values as JSON, for the types of the scenario language. Numbers that are not finite become null.
    pub fn json(&self) -> serde_json::Value {
        match &self.plain().value {
            Value::Boolean(value) => (*value).into(),
            Value::Integer(value) => {
                u64::try_from(*value).map_or_else(|_| json!(*value as i64), serde_json::Value::from)
            }
            Value::Float(value) => (*value).into(),
            Value::Text(value) => value.as_str().into(),
            Value::List(elements) => elements.iter().map(Self::json).collect(),
            Value::Table(entries) => {
                serde_json::Value::Object(entries.iter().map(|(key, node)| (key.clone(), node.json())).collect())
            }
        }
    }

    /// Calls a function for every node below, with the key path to it. Values with sources count as their value; what
    /// stands beside the value is not visited.
    pub fn walk<'a>(&'a self, key_path: &mut Vec<Step<'a>>, visit: &mut impl FnMut(&[Step<'a>], &'a Self)) {
        visit(key_path, self);
        match &self.plain().value {
            Value::List(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    key_path.push(Step::Index(index));
                    element.walk(key_path, visit);
                    key_path.pop();
                }
            }
            Value::Table(entries) => {
                for (key, entry) in entries {
                    key_path.push(Step::Key(key));
                    entry.walk(key_path, visit);
                    key_path.pop();
                }
            }
            _ => {}
        }
    }
}

fn entries(table: DeTable, file: FileNumber, depth: usize) -> Result<BTreeMap<String, Spanned>, Refused> {
    table
        .into_iter()
        .map(|(key, value)| {
            let key_place = Place::new(file, key.span());
            let place = Place::new(file, value.span());
            let (key, plain) = (composed(&key.into_inner()), value.into_inner());
            let value = match plain {
                DeValue::String(name) if FILES.contains(&key.as_str()) => {
                    Spanned { key: key_place, place, value: Value::Text(name.into_owned()) }
                }
                other => read(other, file, key_place, place, depth + 1)?,
            };
            Ok((key, value))
        })
        .collect()
}

fn read(value: DeValue, file: FileNumber, key: Place, place: Place, depth: usize) -> Result<Spanned, Refused> {
    if depth > DEEPEST {
        return Err(Refused { message: format!("this nests more than {DEEPEST} tables and arrays deep"), place });
    }
    let value = match value {
        DeValue::String(text) => Value::Text(composed(&text)),
        DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) if (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&number) => Value::Integer(number),
            _ => {
                let (least, most) = (i64::MIN, u64::MAX);
                let message = format!("the whole number {number} is out of range (from {least} to {most})");
                return Err(Refused { message, place });
            }
        },
        DeValue::Float(number) => match number.as_str().parse() {
            Ok(number) => Value::Float(number),
            Err(_) => return Err(Refused { message: format!("{number} is not a number"), place }),
        },
        DeValue::Boolean(value) => Value::Boolean(value),
        DeValue::Datetime(date) => Value::Text(date.to_string()),
        DeValue::Array(elements) => Value::List(
            elements
                .into_iter()
                .map(|element| {
                    let place = Place::new(file, element.span());
                    read(element.into_inner(), file, place.clone(), place, depth + 1)
                })
                .collect::<Result<_, _>>()?,
        ),
        DeValue::Table(table) => Value::Table(entries(table, file, depth)?),
    };
    Ok(Spanned { key, place, value })
}
