//! From an analysis of results, of a sweep or of any table, to a [`Document`] with its charts and its tables of numbers.

mod assumptions;
mod attribution;
mod calibration;
mod discovery;
mod entries;
mod morris;
mod requirement;
mod rivals;
mod score;
mod score_tables;
mod score_words;
mod sensitivity;
mod sensitivity_told;
mod update;
mod watch;

pub use assumptions::{Conclusion, Ranges, assumptions};
pub use attribution::attribution;
pub use calibration::calibration;
pub use discovery::{Boxed, discovery};
pub use requirement::requirement;
pub use score::{score, section as score_section};
pub use sensitivity::sensitivity;
pub use update::{News, update};
pub use watch::{HYPOTHESES, watch};

use super::document::{Block, Document, Table, TableCell};
use crate::analysis::cases::Missing;
use crate::analysis::scale::Scale;
use crate::analysis::{Estimate, Interval, NumberLines};
use crate::base::number::grouped;
use crate::chart::Chart;
use crate::record::{RecordError, write_rows};
use std::path::Path;

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
    /// What the numbers of the inputs stand for.
    pub scales: Vec<Scale>,
    /// Whether the output comes of a simulation, so that luck is in it.
    pub simulated: bool,
}

impl Topic {
    /// What outputs are of, in the plural: runs, or rows of a table.
    pub(in crate::report) fn runs(&self) -> &'static str {
        if self.simulated { "runs" } else { "rows" }
    }

    /// What inputs are given for: a point of a design, or a row of a table.
    fn point(&self) -> &'static str {
        if self.simulated { "point" } else { "row" }
    }

    /// The same in the plural.
    pub(in crate::report) fn points(&self) -> &'static str {
        if self.simulated { "points" } else { "rows" }
    }

    /// How many outputs are missing, as a clause; none if all are there.
    fn without_output(&self, missing: Missing) -> Option<String> {
        let Missing { runs, without, failed } = missing;
        match (without - failed, failed) {
            (0, 0) => None,
            (0, _) => Some(format!("{failed} of {runs} runs failed")),
            _ if !self.simulated => Some(format!("{without} of {runs} rows have no output")),
            (others, 0) => Some(format!("{others} of {runs} runs have no such output")),
            (others, _) => Some(format!("{failed} of {runs} runs failed and {others} have no such output")),
        }
    }
}

/// What an analysis gives people and programs.
pub struct Insight {
    /// For people; its charts are still to be drawn.
    pub document: Document,
    /// The charts.
    pub charts: Vec<Box<dyn Chart>>,
    /// Tables of numbers.
    pub tables: Vec<NumberLines>,
    /// Everything for programs.
    pub json: serde_json::Value,
}

impl Insight {
    /// Writes the tables of numbers into a folder, as CSV files.
    ///
    /// # Errors
    /// If one cannot be written.
    pub fn write_tables(&self, folder: &Path) -> Result<(), RecordError> {
        for (name, lines) in &self.tables {
            let Some((heads, lines)) = lines.split_first() else { continue };
            let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
            write_rows(&folder.join(name), &heads, lines)?;
        }
        Ok(())
    }
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
        page.push(Block::Caution {
            lead: "A model, not a forecast.".into(),
            words: "This says what drives the model within the ranges that were sampled, not what drives the world."
                .into(),
        });
        page.push(Block::Contents);
        if !self.charts.is_empty() {
            page.heading("Charts");
            self.charts.iter().for_each(|chart| {
                page.chart(&**chart);
            });
        }
        if !self.tables.is_empty() {
            page.heading("Numbers");
        }
        self.tables.into_iter().for_each(|table| {
            page.table(table);
        });
        page.rest();
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

/// An index that is a share of one, of which an estimate may lie beyond: cut at 0 and 1.
fn within(found: Estimate) -> Estimate {
    let [value, low, high] = [found.value, found.low, found.high].map(|end| end.clamp(0.0, 1.0));
    Estimate { value, low, high, ..found }
}

/// An index that is a share of one as two cells of a table: the number, which a page draws too, and its interval.
fn cells(found: Estimate) -> [TableCell; 2] {
    let found = within(found);
    [TableCell::bar(index(found.value), found), between(found.interval()).into()]
}

/// A share in whole percent, as in "71% (65 to 77%)".
fn share_with(share: Estimate) -> String {
    let whole = |share: f64| grouped(100.0 * share, 0);
    format!("{}% ({} to {}%)", whole(share.value), whole(share.low), whole(share.high))
}

/// A number for programs; an infinite or missing one is an empty cell.
fn cell(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { String::new() }
}
