//! A page for one finding, such as an explanation: headings, words, tables and charts, in the looks of the report.

use super::document::Figure;
use super::html::{document, figure, responsible_use};
use maud::{Markup, html};

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
    let body = html! {
        header {
            h1 { (narrative.title) }
            p.sub { (narrative.subtitle) }
            p.caution {
                strong { "A model, not a forecast. " }
                "What follows is true of simulated runs under the scenario's inputs and assumptions, and says what happened \
                 in them and why. It proves nothing about real people's intentions."
            }
            @for caution in &narrative.cautions { p.caution { (caution) } }
        }
        main {
            section { @for block in &narrative.blocks { (part(block)) } }
            (responsible_use())
        }
    };
    document(&narrative.title, &body)
}

fn part(block: &Block) -> Markup {
    html! {
        @match block {
            Block::Heading(words) => h2 { (words) },
            Block::Words(words) => p { (words) },
            Block::List(points) => {
                ul {
                    @for (point, lesser) in points {
                        li {
                            (point)
                            @if !lesser.is_empty() { ul { @for words in lesser { li.when { (words) } } } }
                        }
                    }
                }
            }
            Block::Table { heads, rows } => {
                div.wide {
                    table {
                        thead { tr { @for (head, number) in heads { th.number[*number] { (head) } } } }
                        tbody {
                            @for row in rows {
                                tr { @for (cell, (_, number)) in row.iter().zip(heads) { td.number[*number] { (cell) } } }
                            }
                        }
                    }
                }
            }
            Block::Chart(drawn) => (figure(drawn)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_nothing_is_fetched() {
        let name = || "<script>alert(\"x\")</script> & 'more'".to_owned();
        let page = Narrative {
            title: name(),
            subtitle: name(),
            cautions: vec![name()],
            blocks: vec![
                Block::Heading(name()),
                Block::Words(name()),
                Block::List(vec![(name(), vec![name()])]),
                Block::Table { heads: vec![(name(), true)], rows: vec![vec![name()]] },
                Block::Chart(Figure { name: "a".into(), title: name(), caption: name(), svg: "<svg></svg>".into() }),
            ],
        };
        let document = narrative(&page);
        assert!(!document.contains("<script") && document.contains("&lt;script&gt;"));
        for fetching in ["src=", "href=", "@import", "url(", "http:", "https:"] {
            assert!(!document.contains(fetching), "{fetching}");
        }
    }
}
