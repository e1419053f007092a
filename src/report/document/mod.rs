//! What a command or a page says, without how it looks: blocks in order, made once and rendered as text for a terminal
//! ([`Document::text`]), as an HTML page ([`Document::html`]) and as JSON (it is serialisable).
//!
//! ```
//! use entente::report::{Document, Table};
//! let mut document = Document::new("Peace", "200 replicates, seed 7");
//! document.heading("Answers").words("Shares of simulated futures.");
//! let mut table = Table::new(["Question"], ["6 months", "12 months"]);
//! table.row(["Do A and B ally?", "12%", "20%"]);
//! document.table(table);
//! document.facts([("Results", "results/peace-7")]);
//! assert!(document.text(80).contains("Do A and B ally?"));
//! assert!(document.html().starts_with("<!DOCTYPE html>"));
//! ```
//!
//! Names that come from a scenario may be put in as they are: HTML is escaped, and control characters, which a terminal
//! would obey, are shown as � by every renderer.

mod html;
mod table;
mod text;

pub use html::STYLE;
pub use table::{Table, TableCell};

use crate::chart::{Chart, Picture};
use serde::Serialize;

/// A document: a title and its blocks.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Document {
    /// What it is about.
    pub title: String,
    /// One line under the title; may be empty.
    pub subtitle: String,
    /// Its parts, in order.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// The heading of a section.
    Heading {
        /// Its words.
        words: String,
        /// 2 for a section, which the contents of a page list; 3 for a part of one.
        level: u8,
    },
    /// Links to all sections that follow; a terminal shows none.
    Contents,
    /// A paragraph.
    Words {
        /// Its words.
        words: String,
    },
    /// Points, each with lesser points of its own.
    List {
        /// The points.
        points: Vec<ListPoint>,
    },
    /// A table.
    Table(Table),
    /// Labels with their values.
    Facts {
        /// Label and value.
        facts: Vec<(String, String)>,
    },
    /// A chart with how to read it; a terminal shows none.
    Chart(Figure),
    /// What a reader must know before using what is said.
    Caution {
        /// What stands out at its beginning; may be empty.
        lead: String,
        /// Its words.
        words: String,
    },
    /// A command to copy.
    Command {
        /// The command, quoted as a shell reads it.
        command: String,
    },
    /// What follows stands on a page only; a terminal ends here.
    Rest,
    /// Where a page that can be played with is that; elsewhere nothing.
    Play,
    /// Blocks that a page keeps folded; a terminal shows none of them.
    Folded {
        /// What stands where they are folded.
        summary: String,
        /// The blocks.
        blocks: Vec<Block>,
    },
}

/// A point of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListPoint {
    /// What it says.
    pub words: String,
    /// Lesser points under it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lesser: Vec<String>,
}

impl ListPoint {
    /// A point with lesser points under it.
    pub fn new(words: impl Into<String>, lesser: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { words: words.into(), lesser: lesser.into_iter().map(Into::into).collect() }
    }
}

impl<T: Into<String>> From<T> for ListPoint {
    fn from(words: T) -> Self {
        Self { words: words.into(), lesser: Vec::new() }
    }
}

/// A chart on a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Its name, used as the anchor.
    pub name: String,
    /// What is shown.
    pub title: String,
    /// A sentence on how to read it.
    pub caption: String,
    /// Its width in points; 0 until it is drawn.
    #[serde(skip)]
    pub width: u32,
    /// The least width in pixels at which its words can be read; 0 until it is drawn.
    #[serde(skip)]
    pub least_width: u32,
    /// The SVG document; empty until it is drawn, and then no page shows it.
    #[serde(skip)]
    pub svg: String,
}

impl Figure {
    /// A picture with how to read it.
    pub fn of(picture: &Picture) -> Self {
        Self {
            name: picture.name.clone(),
            title: picture.title.clone(),
            caption: picture.caption.clone(),
            width: picture.width,
            least_width: picture.least_width,
            svg: picture.svg.clone(),
        }
    }
}

impl Document {
    /// A document without blocks.
    pub fn new(title: impl Into<String>, subtitle: impl Into<String>) -> Self {
        Self { title: title.into(), subtitle: subtitle.into(), blocks: Vec::new() }
    }

    /// Adds a block.
    pub fn push(&mut self, block: Block) -> &mut Self {
        self.blocks.push(block);
        self
    }

    /// Adds the heading of a section.
    pub fn heading(&mut self, words: impl Into<String>) -> &mut Self {
        self.push(Block::Heading { words: words.into(), level: 2 })
    }

    /// Adds the heading of a part of a section.
    pub fn subheading(&mut self, words: impl Into<String>) -> &mut Self {
        self.push(Block::Heading { words: words.into(), level: 3 })
    }

    /// Adds a paragraph.
    pub fn words(&mut self, words: impl Into<String>) -> &mut Self {
        self.push(Block::Words { words: words.into() })
    }

    /// Adds a list of points: words, or [`ListPoint`]s with lesser points; nothing if there are none.
    pub fn list(&mut self, points: impl IntoIterator<Item = impl Into<ListPoint>>) -> &mut Self {
        let points: Vec<ListPoint> = points.into_iter().map(Into::into).collect();
        if points.is_empty() { self } else { self.push(Block::List { points }) }
    }

    /// Adds a table; nothing if it has no rows.
    pub fn table(&mut self, table: Table) -> &mut Self {
        if table.rows.is_empty() { self } else { self.push(Block::Table(table)) }
    }

    /// Adds labels with their values; nothing if there are none.
    pub fn facts(&mut self, facts: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> &mut Self {
        let facts: Vec<_> = facts.into_iter().map(|(label, value)| (label.into(), value.into())).collect();
        if facts.is_empty() { self } else { self.push(Block::Facts { facts }) }
    }

    /// Adds a chart.
    pub fn figure(&mut self, figure: Figure) -> &mut Self {
        self.push(Block::Chart(figure))
    }

    /// Adds the place of a chart, which [`Document::draw`] fills.
    pub fn chart(&mut self, chart: &dyn Chart) -> &mut Self {
        let about = chart.about();
        let (name, title, caption) =
            (about.name.into(), about.heading.title.clone(), about.caption.clone().into_owned());
        self.figure(Figure { name, title, caption, width: 0, least_width: 0, svg: String::new() })
    }

    /// Puts pictures into the places of their charts.
    pub fn draw(&mut self, pictures: &[Picture]) -> &mut Self {
        for block in &mut self.blocks {
            if let Block::Chart(figure) = block {
                let picture = pictures.iter().find(|picture| picture.name == figure.name);
                figure.svg = picture.map(|picture| picture.svg.clone()).unwrap_or_default();
                figure.width = picture.map_or(0, |picture| picture.width);
                figure.least_width = picture.map_or(0, |picture| picture.least_width);
            }
        }
        self
    }

    /// Takes away the place where the page would be played with, and says why before how to use it: those to whom the page is sent
    /// read its answers first.
    pub fn without_play(&mut self, reason: &str) -> &mut Self {
        let all = self.blocks.len();
        self.blocks.retain(|block| *block != Block::Play);
        if self.blocks.len() < all {
            let is_last = |block: &Block| matches!(block, Block::Heading { level: 2, .. });
            let place = self.blocks.iter().rposition(is_last).unwrap_or(self.blocks.len());
            self.blocks.insert(place, Block::Words { words: format!("This page is paper: {reason}.") });
        }
        self
    }

    /// Adds what a reader must know.
    pub fn caution(&mut self, words: impl Into<String>) -> &mut Self {
        self.push(Block::Caution { lead: String::new(), words: words.into() })
    }

    /// Adds what must be known of single runs that are told of.
    pub fn no_forecast(&mut self) -> &mut Self {
        self.push(Block::Caution {
            lead: "A model, not a forecast.".into(),
            words:
                "It says what happened in simulated runs and why, and proves nothing about real people's intentions."
                    .into(),
        })
    }

    /// Adds a command to copy.
    pub fn command(&mut self, command: impl Into<String>) -> &mut Self {
        self.push(Block::Command { command: command.into() })
    }

    /// Ends what a terminal shows.
    pub fn rest(&mut self) -> &mut Self {
        self.push(Block::Rest)
    }

    /// Adds what must be known of every use of a simulation.
    pub fn use_with_care(&mut self) -> &mut Self {
        self.heading("Use with care").list([
            "It explores what could follow from stated assumptions. It predicts no single future and proves nothing about \
             real people's intentions.",
            "Compare scenarios and look for what would change the answer; do not quote one percentage without its assumptions.",
            "It stays at the strategic level. It must not be used to select targets or to plan operations.",
            "People live in these places. Check conclusions with those who know them before acting on any.",
        ])
    }
}

/// Words without control characters and without the marks that turn the direction of writing, which a terminal or a
/// browser would obey; each is shown as �. Line ends and tabs count as spaces.
fn clean(words: &str) -> String {
    let shown = |letter: char| match letter {
        '\n' | '\t' => ' ',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        letter if letter.is_control() => '\u{fffd}',
        letter => letter,
    };
    words.chars().map(shown).collect()
}
