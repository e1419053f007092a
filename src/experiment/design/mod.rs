//! Where to run the model: points of the unit cube, and the distributions that turn their coordinates into inputs.
//!
//! Every design is a pure function of its size and a seed, and keeps its old points when it grows: a [`sobol`] sequence,
//! [`morris`] trajectories and [`saltelli`] blocks are prefixes of longer ones, a [`latin`] hypercube grows in stages
//! that are named, a [`grid`] is refined by halving its steps. A coordinate becomes an input through the inverse of the
//! input's distribution function ([`crate::random::Spread`]); [`varied`] does all that for the uncertainties of a scenario.

pub mod grid;
pub mod latin;
pub mod morris;
mod points;
pub mod saltelli;
pub mod sobol;
mod sobol_numbers;
pub mod varied;

pub use points::Points;
pub use sobol::Scramble;
