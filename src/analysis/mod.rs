//! What results mean: mostly pure functions over plain slices, which know nothing of the model and touch no file.
//!
//! Inputs and outputs of a sweep or of any table ([`cases`]), which inputs drive an output ([`sensitivity`]),
//! where among the inputs an outcome lies ([`discovery`]), which of them a conclusion rests on ([`assumptions`]), how
//! long things last ([`survival`]), which run is most like all others ([`typical_run`]), coalition structures compared
//! ([`coalitions`]), over time ([`alliances`]) and in theory ([`landscape`]), why something came about ([`why`]) and what
//! else might have ([`branch`]), which theory an answer hangs on ([`theories`]), what is foregone before anything is run for
//! good ([`foregone`]), how answers score against what came to be ([`score`]), what theory predicts of the model
//! ([`verification`]), which weights go with what came to be ([`calibration`]). All rest on the estimates of
//! [`crate::experiment::estimate`], which have their names here too.

pub mod alliances;
pub mod assumptions;
pub mod branch;
pub mod calibration;
pub mod cases;
pub mod coalitions;
pub mod discovery;
pub mod foregone;
pub mod landscape;
pub mod linear;
mod resample;
pub mod score;
pub mod sensitivity;
pub mod survival;
pub mod theories;
mod typical;
pub mod verification;
pub mod why;

pub use crate::experiment::estimate::{
    Estimate, answers, clustered, differences, interval, nested, paired, precision, probability, sequential,
};
pub use interval::Interval;
pub use typical::{runs_of, typical_run};
