//! What is asked of many runs.

pub mod design;
