//! What happens in a week: one file per mechanism, each with its parameters, its rule and its tests.

mod behaviour;
mod leak;
pub mod parameters;

pub use behaviour::Behaviour;
