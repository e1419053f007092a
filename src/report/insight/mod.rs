//! From an analysis of a sweep, or of any table, to a [`Finding`] with its charts and its tables of numbers.

mod assumptions;
mod discovery;
mod sensitivity;

pub use assumptions::{Conclusion, Ranges, assumptions};
pub use discovery::{Boxed, discovery};
pub use sensitivity::sensitivity;

use super::finding::Finding;
use crate::analysis::interval::Interval;
use crate::chart::{Band, Chart};

/// What an analysis is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// The question's text, or the name of the output's column.
    pub question: String,
    /// Whether the output is a yes or no.
    pub yes_no: bool,
    /// Scenario or table, variant, how many points and replicates.
    pub subtitle: String,
    /// Paths or columns of the inputs.
    pub inputs: Vec<String>,
    /// The inputs in words.
    pub labels: Vec<String>,
    /// Whether the output comes of a simulation, so that luck is in it.
    pub simulated: bool,
}

/// What an analysis gives people and programs.
pub struct Insight {
    /// In words; its figures are still to be drawn.
    pub finding: Finding,
    /// The charts, each with how to read it.
    pub charts: Vec<(Box<dyn Chart>, String)>,
    /// Tables of numbers: the file's name, and its lines from the heads on.
    pub tables: Vec<(String, Vec<Vec<String>>)>,
    /// Everything for programs.
    pub json: serde_json::Value,
}

/// A number with the decimals that indices are given with.
fn index(value: f64) -> String {
    let text = format!("{value:.2}");
    if text == "-0.00" { "0.00".to_owned() } else { text }
}

/// An interval of indices.
fn between(interval: Interval) -> String {
    format!("{} to {}", index(interval.low), index(interval.high))
}

/// A share in whole percent, as in "71% (65 to 77)".
fn share_with(value: f64, interval: Interval) -> String {
    let whole = |share: f64| format!("{:.0}", 100.0 * share);
    format!("{}% ({} to {})", whole(value), whole(interval.low), whole(interval.high))
}

/// As bars and bands are drawn.
fn band(value: f64, interval: Interval) -> Band {
    Band::new(value, interval.low, interval.high)
}

/// A number for programs; an infinite or missing one is an empty cell.
fn cell(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { String::new() }
}
