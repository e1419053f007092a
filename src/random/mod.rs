//! Every draw is a pure function of (seed, replicate, purpose, who, step): a counter-based use of ChaCha8.
//!
//! There is no generator that is shared or advanced. The key of the cipher is (seed, replicate, purpose), its stream is
//! *who* (a [`DrawKey`] made from names, never from positions), its word position is the step. Therefore results do
//! not depend on threads or chunks; the first replicates of a larger ensemble are those of the smaller one; an added
//! faction, zone or parameter leaves every other draw alone; and two what-if variants share each draw that both make.
//!
//! Two forms: a [`Columns`] gives one number per step to each of many entities, and refills 32 steps of an entity at a
//! time, because positioning the cipher costs about 100 ns and the numbers that follow 2.4 ns each; a [`Sequence`] gives
//! as many numbers as a rare event needs.
//!
//! Numbers become quantities by inversion of one uniform ([`sample`]), so that a quantity is monotone in its rate and
//! the same uniform in two variants gives close quantities. A [`Spread`] is a distribution that a scenario gives an input.

mod column;
mod key;
pub mod sample;
mod source;
mod spread;

pub use column::Columns;
pub use key::DrawKey;
pub use source::{Purpose, Sequence, Source};
pub use spread::{Spread, SpreadError, picked};
