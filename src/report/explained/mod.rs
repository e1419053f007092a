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

/// What the words mean that decisions are told in, for who reads the page alone.
fn what_is_weighed(page: &mut Document) {
    page.heading("What the words mean").list([
        "What is weighed in a decision is what has changed since the start, reason by reason. A plus speaks for a yes and a minus against it, \
         whatever the reason is called: a “base’s objection” with a plus is one that has become less.",
        "Disposition: what the two have always been to each other. No file knows it, so it is drawn anew for each run: an outcome that hangs on \
         it hangs on what nobody knows of the two.",
        "Mood: what a side feels like at the moment. Habit: what peace or a commitment has grown into. Threshold: what the change itself asks for.",
        "Spoils and losses: what a war could still bring, and what it has cost. Base’s objection: how far a side’s own people are from the \
         other. Sponsor’s will: what those want on whom a side depends. Common enemy: how far the two have the same enemies. Balance: whether \
         those who are close to the one are close to the other, and their enemies theirs. Ground lost: what the other, or a third, has taken of \
         late.",
        "The reasons together make a chance of a yes, and a number is drawn between 0 and 100%: below the chance it is a yes. The draw is the \
         luck of that run.",
    ]);
}
