//! From an analysis of results, of a sweep or of any table, to a [`Document`] with its charts and its tables of numbers.

mod assumptions;
mod calibration;
mod discovery;
mod rivals;
mod score;
mod score_words;
mod sensitivity;

pub use assumptions::{Conclusion, Ranges, assumptions};
pub use calibration::calibration;
pub use discovery::{Boxed, discovery};
pub use score::{score, section as score_section};
pub use sensitivity::sensitivity;

use super::document::{Block, Document, Table, TableCell};
use crate::analysis::{Estimate, Interval};
use crate::base::number::grouped;
use crate::chart::Chart;

/// What an analysis is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topic {
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
    /// For people; its charts are still to be drawn.
    pub document: Document,
    /// The charts.
    pub charts: Vec<Box<dyn Chart>>,
    /// Tables of numbers: the file's name, and its lines from the heads on.
    pub tables: Vec<(String, Vec<Vec<String>>)>,
    /// Everything for programs.
    pub json: serde_json::Value,
}

/// What is said of an analysis, as it is found.
#[derive(Default)]
struct Said {
    /// The answer in sentences, the most important first.
    answers: Vec<String>,
    /// What a reader must know before using it.
    cautions: Vec<String>,
    charts: Vec<Box<dyn Chart>>,
    tables: Vec<Table>,
    /// How it was found, in sentences.
    method: Vec<String>,
}

impl Said {
    /// All of it in the order in which people read it.
    fn document(self, title: String, about: &Topic) -> (Document, Vec<Box<dyn Chart>>) {
        let mut page = Document::new(title, about.subtitle.clone());
        self.answers.into_iter().for_each(|sentence| {
            page.words(sentence);
        });
        self.cautions.into_iter().for_each(|caution| {
            page.caution(caution);
        });
        page.push(Block::Contents);
        if !self.charts.is_empty() {
            page.heading("Charts");
            self.charts.iter().for_each(|chart| {
                page.chart(&**chart);
            });
        }
        page.heading("Numbers");
        self.tables.into_iter().for_each(|table| {
            page.table(table);
        });
        page.rest().push(Block::Caution {
            lead: "A model, not a forecast.".into(),
            words: "This says what drives the model within the ranges that were sampled, not what drives the world."
                .into(),
        });
        page.heading("How it was made");
        self.method.into_iter().for_each(|sentence| {
            page.words(sentence);
        });
        (page, self.charts)
    }
}

/// A table without rows; the first of its columns has names, the others numbers.
fn sheet<'a>(title: &str, heads: impl IntoIterator<Item = &'a str>, note: &str) -> Table {
    let mut heads = heads.into_iter();
    Table::new(heads.next(), heads).titled(title).noted(note)
}

/// A number with the decimals that indices are given with.
fn index(value: f64) -> String {
    grouped(value, 2)
}

/// An interval of indices.
fn between(interval: Interval) -> String {
    format!("{} to {}", index(interval.low), index(interval.high))
}

/// An index of 0 to 1 as two cells of a table: the number, which a page draws too, and its interval.
fn cells(found: Estimate) -> [TableCell; 2] {
    [TableCell::bar(index(found.value), found), between(found.interval()).into()]
}

/// A share in whole percent, as in "71% (65 to 77)".
fn share_with(share: Estimate) -> String {
    let whole = |share: f64| grouped(100.0 * share, 0);
    format!("{}% ({} to {})", whole(share.value), whole(share.low), whole(share.high))
}

/// A number for programs; an infinite or missing one is an empty cell.
fn cell(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { String::new() }
}
