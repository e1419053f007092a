//! What a run tells in words and what is made of it: causes, evidence, a chronicle.

pub mod cause;
pub mod chronicle;
pub mod evidence;

pub use crate::narrative::{Names, decision, happening};
