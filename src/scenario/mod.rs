//! What a user wrote.
pub mod file;
