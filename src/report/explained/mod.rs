//! Explanations for people: of one replicate, and over an ensemble.

pub mod amount;
pub mod amounts;
pub mod many;
pub mod one;

use super::Document;
use super::naming::capital;

/// What stands over an explanation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The question, or the pair in words.
    pub question: String,
    /// The answer: "yes, 13 March 2023"; "no".
    pub answer: String,
    /// Which run or runs: "replicate 3, seed 7, baseline".
    pub run: String,
    /// The scenario's title.
    pub scenario: String,
}

impl Told {
    /// A document with that over it.
    fn document(&self) -> Document {
        let subtitle = format!("{} · {} · {}", capital(&self.answer), self.run, self.scenario);
        let mut document = Document::new(format!("Why: {}", self.question), subtitle);
        document.no_forecast();
        document
    }
}
