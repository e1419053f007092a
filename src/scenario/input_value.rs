//! What an input may be set to: a number, or a name such as a stance.

use crate::base::field::{is_outside, range_in_words};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt;

/// What an input is set to.
#[derive(Clone, Debug, PartialEq)]
pub enum InputValue {
    /// A number, in the input's unit.
    Number(f64),
    /// A name.
    Name(String),
}

impl InputValue {
    /// What a number stands for: one of `names` by its place, or itself if there are none.
    pub fn of(names: &[String], number: f64) -> Self {
        match names.get(number as usize) {
            Some(name) => Self::Name(name.clone()),
            None => Self::Number(number),
        }
    }

    /// As JSON: whole numbers without a point, so that they can be those of fields that hold no others.
    pub fn json(&self) -> Json {
        /// Up to here every whole number is one of 64 bits.
        const WHOLE: f64 = (1u64 << 53) as f64;
        match self {
            Self::Number(number)
                if number.fract() == 0.0 && number.abs() <= WHOLE && number.to_bits() != NEGATIVE_ZERO =>
            {
                (*number as i64).into()
            }
            Self::Number(number) => (*number).into(),
            Self::Name(name) => name.as_str().into(),
        }
    }
}

/// The bits of −0, which is no whole number.
const NEGATIVE_ZERO: u64 = 1 << 63;

impl From<f64> for InputValue {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl fmt::Display for InputValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

/// The names that numbers stand for, of inputs that are names: by path, in the order of the numbers from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InputNames(BTreeMap<String, Vec<String>>);

impl InputNames {
    /// Whether all inputs are numbers.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of the input of a path; none if it is a number.
    pub fn of(&self, path: &str) -> &[String] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }

    /// What a number of the input of a path stands for.
    pub fn value(&self, path: &str, number: f64) -> InputValue {
        InputValue::of(self.of(path), number)
    }
}

impl FromIterator<(String, Vec<String>)> for InputNames {
    /// Of paths with their names; one without is a number.
    fn from_iter<T: IntoIterator<Item = (String, Vec<String>)>>(names: T) -> Self {
        Self(names.into_iter().filter(|(_, names)| !names.is_empty()).collect())
    }
}

/// What an input may be.
#[derive(Clone, Debug)]
pub struct InputRange<'s> {
    path: String,
    of: Expected<'s>,
}

#[derive(Clone, Debug)]
enum Expected<'s> {
    /// A number by its schema.
    Number(&'s Json),
    /// One of these.
    Name(Vec<&'s str>),
}

impl<'s> InputRange<'s> {
    /// That of the input of a path, by the schema of its number.
    pub(super) fn new(path: &str, schema: &'s Json) -> Self {
        Self { path: path.to_owned(), of: Expected::Number(schema) }
    }

    /// That of the input of a path that is one of several names.
    pub(super) fn of_names(path: &str, names: Vec<&'s str>) -> Self {
        Self { path: path.to_owned(), of: Expected::Name(names) }
    }

    /// What is expected, in words, if a number is none of them.
    pub fn refuses(&self, value: f64) -> Option<String> {
        match &self.of {
            Expected::Name(names) => Some(format!("expected one of {}", names.join(", "))),
            Expected::Number(schema) if is_outside(schema, value) => {
                Some(format!("expected {}", range_in_words(schema)))
            }
            Expected::Number(_) if self.is_whole() && value.fract() != 0.0 => {
                Some("expected a whole number".to_owned())
            }
            Expected::Number(_) => None,
        }
    }

    /// The unit of its numbers; empty if they have none.
    pub fn unit(&self) -> &str {
        match &self.of {
            Expected::Number(schema) => schema["unit"].as_str().unwrap_or_default(),
            Expected::Name(_) => "",
        }
    }

    /// Whether only whole numbers are among them.
    pub fn is_whole(&self) -> bool {
        matches!(&self.of, Expected::Number(schema) if schema["type"] == "integer" || schema["type"][0] == "integer")
    }

    /// Whether a value is one of them.
    ///
    /// # Errors
    /// If it is not, with those that are, in words.
    pub fn check(&self, value: &InputValue) -> Result<(), String> {
        let expected = match (value, &self.of) {
            (InputValue::Number(number), _) => self.refuses(*number),
            (InputValue::Name(_), Expected::Number(_)) => Some("expected a number".to_owned()),
            (InputValue::Name(name), Expected::Name(names)) => {
                (!names.contains(&name.as_str())).then(|| format!("expected one of {}", names.join(", ")))
            }
        };
        match expected {
            Some(expected) => Err(format!("`{}` is {value}, {expected}", self.path)),
            None => Ok(()),
        }
    }
}
