//! A page about one finding: the answer first in words, what to beware of, charts, tables, how it was found.

use super::document::Figure;
use super::html::{document, figure, responsible_use};
use maud::html;

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
    /// The HTML document: one file that needs nothing else.
    pub fn html(&self) -> String {
        let body = html! {
            header {
                h1 { (self.title) }
                p.sub { (self.subtitle) }
            }
            main {
                section id="answer" {
                    h2 { "In words" }
                    @for sentence in &self.answer { p { (sentence) } }
                    @for (heading, points) in &self.points {
                        h3 { (heading) }
                        ul { @for point in points { li { (point) } } }
                    }
                    @for warning in &self.warnings { p.caution { (warning) } }
                    p.caution {
                        strong { "A model, not a forecast. " }
                        "This says what drives the model within the ranges that were sampled, not what drives the world."
                    }
                }
                @if !self.figures.is_empty() {
                    section id="charts" {
                        h2 { "Charts" }
                        @for item in &self.figures { (figure(item)) }
                    }
                }
                section id="numbers" {
                    h2 { "Numbers" }
                    @for sheet in &self.sheets { (table(sheet)) }
                }
                section id="made" {
                    h2 { "How it was made" }
                    @for sentence in &self.method { p { (sentence) } }
                    pre { code { (self.command) } }
                    dl.facts {
                        @for (label, value) in &self.provenance { div { dt { (label) } dd { (value) } } }
                    }
                }
                (responsible_use())
            }
        };
        document(&self.title, &body)
    }
}

fn table(sheet: &Sheet) -> maud::Markup {
    html! {
        h3 { (sheet.title) }
        div.wide {
            table {
                thead { tr {
                    @for (place, head) in sheet.heads.iter().enumerate() { th.number[place > 0] { (head) } }
                } }
                tbody {
                    @for row in &sheet.rows {
                        tr { @for (place, cell) in row.iter().enumerate() { td.number[place > 0] { (cell) } } }
                    }
                }
            }
        }
        @if !sheet.note.is_empty() { p.sub { (sheet.note) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_escaped_and_nothing_is_fetched() {
        let hostile = || "<script>alert(\"x\")</script> & 'more'".to_owned();
        let mut sheet = Sheet::new(hostile(), ["<b>", "n"], hostile());
        sheet.rows.push(vec![hostile(), "1".into()]);
        let finding = Finding {
            title: hostile(),
            subtitle: hostile(),
            answer: vec![hostile()],
            points: vec![(hostile(), vec![hostile()])],
            warnings: vec![hostile()],
            sheets: vec![sheet],
            figures: vec![Figure { name: "a".into(), title: hostile(), caption: hostile(), svg: "<svg></svg>".into() }],
            method: vec![hostile()],
            provenance: vec![(hostile(), hostile())],
            command: hostile(),
        };
        let page = finding.html();
        assert!(!page.contains("<script") && page.contains("&lt;script&gt;") && !page.contains("<b>"));
        for fetching in ["src=", "href=", "@import", "url(", "http:", "https:"] {
            assert!(!page.contains(fetching), "{fetching}");
        }
    }
}
