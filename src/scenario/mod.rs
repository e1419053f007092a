//! What a user wrote.
pub mod compile;
pub mod file;
