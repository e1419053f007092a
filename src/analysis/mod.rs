//! What results mean: mostly pure functions over plain slices, which know nothing of the model and touch no file.
//!
//! The answers to questions ([`answers`]), what variants change about them ([`differences`]) and whether they are precise
//! enough ([`precision`]); probabilities and quantiles with their intervals ([`interval`]), differences between paired
//! runs ([`paired`]), intervals that may be looked at after every run ([`sequential`]), inputs and outputs of a sweep or
//! of any table ([`cases`]), which inputs drive an output ([`sensitivity`]),
//! where among the inputs an outcome lies ([`discovery`]), which of them a conclusion rests on ([`assumptions`]), how
//! long things last ([`survival`]), which run is most like all others ([`typical`]), coalition structures compared ([`coalitions`]), over time ([`alliances`]) and in theory
//! ([`landscape`]), what theory predicts of the model ([`verification`]), and the distribution functions that all of them
//! rest on ([`probability`]).

pub mod alliances;
pub mod answers;
pub mod assumptions;
pub mod branch;
pub mod cases;
pub mod coalitions;
pub mod differences;
pub mod discovery;
pub mod interval;
pub mod landscape;
pub mod paired;
pub mod precision;
pub mod probability;
pub mod sensitivity;
pub mod sequential;
pub mod survival;
mod typical;
pub mod verification;
pub mod why;

pub use interval::{Interval, QuantileEstimate};
pub use typical::typical;
