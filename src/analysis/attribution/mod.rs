//! Which differences of two scenarios make that of their answers: Shapley's values over groups of entries.
//!
//! [`shapley`] knows nothing of scenarios: it takes apart a game of which the values of coalitions are known. Differences that
//! cannot be had apart are one player ([`Groups`]).

mod groups;
pub mod shapley;
mod study;

pub use groups::{Groups, Joined};
pub use study::{ContrastAsked, Findings, PartFound, contrast_into};
