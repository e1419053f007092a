//! Entente
pub mod base;
pub mod random;
