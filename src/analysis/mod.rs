//! What results mean: mostly pure functions over plain slices, which know nothing of the model and touch no file.
//!
//! Inputs and outputs of a sweep or of any table ([`cases`]), which inputs drive an output ([`sensitivity`]),
//! where among the inputs an outcome lies ([`discovery`]), which of them a conclusion rests on ([`assumptions`]), how
//! long things last ([`survival`]), which run is most like all others ([`typical_run`]), coalition structures compared
//! ([`coalitions`]), over time ([`alliances`]) and in theory ([`landscape`]), why something came about ([`why`]) and what
//! else might have ([`branch`]), which theory an answer hangs on ([`theories`]), what to watch for
//! ([`signposts`]), what news says ([`update`]), what is foregone before anything is run for
//! good ([`foregone`]), how answers score against what came to be ([`score`]), what theory predicts of the model
//! ([`verification`]), which weights go with what came to be ([`calibration`]), what it would take to change an answer
//! ([`requirement`]), which differences of two scenarios make that of their answers ([`attribution`]). All rest on the estimates of
//! [`crate::estimate`], which have their names here too.

pub mod alliances;
mod answer_runs;
pub mod assumptions;
pub mod attribution;
pub mod branch;
pub mod calibration;
pub mod cases;
mod cases_error;
pub mod coalitions;
pub mod discovery;
mod families;
pub mod foregone;
mod kept;
pub mod landscape;
pub mod linear;
mod reask;
pub mod requirement;
mod resample;
pub mod scale;
pub mod score;
pub mod sensitivity;
pub mod signposts;
pub mod survival;
pub mod theories;
mod typical;
pub mod update;
pub mod verification;
pub mod why;

pub use crate::estimate::{Estimate, clustered, interval, nested, paired, probability, sequential, weighted};
pub use crate::experiment::{answers, differences};
pub use interval::Interval;
pub use kept::{Finished, NumberLines, Request, Work};
pub use typical::{moments_of, runs_of, typical_run};
