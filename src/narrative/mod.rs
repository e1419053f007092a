//! What a run tells, in words: names for people, happenings, decisions with what weighed in them.

pub mod decision;
pub mod happening;
mod names;

pub use names::Names;
