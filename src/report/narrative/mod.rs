//! What a run tells, in words: names for people, happenings, decisions with what weighed in them, a chronicle.

pub mod cause;
pub mod chronicle;
pub mod decision;
pub mod evidence;
pub mod happening;
mod names;

pub use names::Names;
