//! Explanations for people: of one replicate, and over an ensemble.

pub mod many;
pub mod one;

/// What stands over an explanation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The question, or the pair in words.
    pub question: String,
    /// The answer: "yes, 13 March 2023"; "no".
    pub answer: String,
    /// Which run or runs: "replicate 3, seed 7, baseline".
    pub run: String,
}
