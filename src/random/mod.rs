//! Every draw is a pure function of (seed, replicate, purpose, who, step): a counter-based use of ChaCha8.
//!
//! There is no generator that is shared or advanced. The key of the cipher is (seed, replicate, who, purpose, step), where *who*
//! is a [`DrawKey`] made from names, never from positions. Therefore results do
//! not depend on threads or chunks; the first replicates of a larger ensemble are those of the smaller one; an added
//! faction, zone or parameter leaves every other draw alone; and two what-if variants share each draw that both make.
//!
//! Two forms: a [`Columns`] gives one number per step to each of many entities, and draws 32 steps of an entity at a
//! time, as many as the cipher makes at once; a [`Sequence`] gives as many numbers as a rare event needs.
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
