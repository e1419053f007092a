//! Estimates from runs, with their intervals: pure functions over plain slices, and the answers made of them.
//!
//! The answers to questions ([`answers`]), what variants change about them ([`differences`]) and whether they are precise
//! enough ([`precision`]); probabilities and quantiles with their intervals ([`interval`]), differences between paired
//! runs ([`paired`]), intervals that may be looked at after every run ([`sequential`]), and the distribution functions
//! that all of them rest on ([`probability`]).

pub mod answers;
pub mod differences;
pub mod interval;
pub mod paired;
pub mod precision;
pub mod probability;
pub mod sequential;
