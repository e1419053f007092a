//! What else could have come of a moment: futures of one replicate from a checkpoint, under the same random numbers with
//! something changed, or under fresh ones.

mod lever;
mod openness;

pub use lever::{Pulled, pull};
pub use openness::{Future, futures, openness};
