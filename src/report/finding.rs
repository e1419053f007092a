//! A page about one finding: the answer first in words, what to beware of, charts, tables, how it was found.

use super::document::{Block, Document, Figure, Table};

/// What an analysis found, for people. It makes a page, and lines in a terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// What was asked.
    pub title: String,
    /// Of what: scenario, variant, how many points and replicates.
    pub subtitle: String,
    /// The answer in sentences, the most important first.
    pub answer: Vec<String>,
    /// More of the answer, as points under headings.
    pub points: Vec<(String, Vec<String>)>,
    /// What a reader must know before using it.
    pub warnings: Vec<String>,
    /// The numbers.
    pub sheets: Vec<Sheet>,
    /// The charts.
    pub figures: Vec<Figure>,
    /// How it was found, in sentences.
    pub method: Vec<String>,
    /// Program version, seed, digests, as label and value.
    pub provenance: Vec<(String, String)>,
    /// The command that finds it again.
    pub command: String,
}

/// A table for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// What it shows.
    pub title: String,
    /// Heads of the columns; the first column has names, the others numbers.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// How to read it; may be empty.
    pub note: String,
}

impl Sheet {
    /// A table without rows.
    pub fn new<'a>(
        title: impl Into<String>,
        heads: impl IntoIterator<Item = &'a str>,
        note: impl Into<String>,
    ) -> Self {
        let heads = heads.into_iter().map(str::to_owned).collect();
        Self { title: title.into(), heads, rows: Vec::new(), note: note.into() }
    }
}

impl Finding {
    /// The page: one HTML file that needs nothing else.
    pub fn html(&self) -> String {
        self.document().html()
    }

    /// The document.
    pub fn document(&self) -> Document {
        let mut page = Document::new(self.title.clone(), self.subtitle.clone());
        page.heading("In words");
        self.answer.iter().for_each(|sentence| {
            page.words(sentence.clone());
        });
        for (heading, points) in &self.points {
            page.subheading(heading.clone()).list(points.iter().map(String::as_str));
        }
        self.warnings.iter().for_each(|warning| {
            page.caution(warning.clone());
        });
        let words = "This says what drives the model within the ranges that were sampled, not what drives the world.";
        page.push(Block::Caution { lead: "A model, not a forecast.".into(), words: words.into() });
        if !self.figures.is_empty() {
            page.heading("Charts");
            self.figures.iter().for_each(|figure| {
                page.figure(figure.clone());
            });
        }
        page.heading("Numbers");
        for sheet in &self.sheets {
            let (first, others) = sheet.heads.split_at(sheet.heads.len().min(1));
            let mut table = Table::new(first, others).titled(sheet.title.clone()).noted(sheet.note.clone());
            sheet.rows.iter().for_each(|row| {
                table.row(row);
            });
            page.push(Block::Table(table));
        }
        page.heading("How it was made");
        self.method.iter().for_each(|sentence| {
            page.words(sentence.clone());
        });
        page.command(self.command.clone()).facts(self.provenance.iter().cloned()).use_with_care();
        page
    }
}
