//! From text to the types of the scenario language: parsing, `extends`, values with sources, and problems with the
//! place where they stand.

pub mod change;
mod form;
pub mod merge;
pub mod parse;
pub mod path;
pub mod place;
pub mod problem;
pub mod report;
pub mod texts;
pub mod tree;
pub mod typed;
