//! A page for one finding, such as an explanation: headings, words, tables and charts, in the looks of the report.

use super::document::{self, Document, Figure, Point, Table};

/// A page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Narrative {
    /// What it is about.
    pub title: String,
    /// One line under the title.
    pub subtitle: String,
    /// What a reader must know before using it.
    pub cautions: Vec<String>,
    /// Its parts, in order.
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Words(String),
    /// Points, each with lesser points of its own.
    List(Vec<(String, Vec<String>)>),
    /// A table; columns marked as numbers stand at the right.
    Table {
        /// The heads of the columns, and whether they hold numbers.
        heads: Vec<(String, bool)>,
        /// The rows.
        rows: Vec<Vec<String>>,
    },
    /// A chart.
    Chart(Figure),
}

/// The HTML document of a page. It fetches nothing, and names are escaped.
pub fn narrative(narrative: &Narrative) -> String {
    let mut page = Document::new(narrative.title.clone(), narrative.subtitle.clone());
    let words = "What follows is true of simulated runs under the scenario's inputs and assumptions, and says what happened in \
                 them and why. It proves nothing about real people's intentions.";
    page.push(document::Block::Caution { lead: "A model, not a forecast.".into(), words: words.into() });
    narrative.cautions.iter().for_each(|caution| {
        page.caution(caution.clone());
    });
    for block in &narrative.blocks {
        match block {
            Block::Heading(words) => page.heading(words.clone()),
            Block::Words(words) => page.words(words.clone()),
            Block::List(points) => page.list(points.iter().map(|(point, lesser)| Point::new(point.clone(), lesser))),
            Block::Table { heads, rows } => {
                let words = heads.iter().take_while(|(_, number)| !number).count();
                let heads = heads.iter().map(|(head, _)| head.clone()).collect();
                let rows = rows.iter().map(|row| row.iter().map(Into::into).collect()).collect();
                page.push(document::Block::Table(Table { heads, words, rows, ..Table::default() }))
            }
            Block::Chart(drawn) => page.figure(drawn.clone()),
        };
    }
    page.use_with_care().html()
}
