//! What else could have come of a moment: futures of one replicate from a checkpoint, under the same random numbers with
//! something changed, or under fresh ones.

mod kept;
mod lever;
mod moved;
mod openness;
mod pulled;

pub use lever::pull;
pub use openness::{Future, changed, futures, openness, spread};
pub use pulled::Pulled;
