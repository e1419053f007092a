//! What must hold of the whole program, one file per promise, in one binary so that it is linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod alliances;
mod bad_scenarios;
mod charts;
mod checkpoint;
mod chunks;
mod common;
mod conservation;
mod coverage;
mod determinism;
mod directions;
mod documents;
mod dynamics;
mod events;
mod faults;
mod foregone;
mod fortunes;
mod house;
mod insight;
mod landscape;
mod mechanisms;
mod moments;
mod parameters;
mod printed;
mod questions;
mod replay;
mod results;
mod same_answers;
mod scenario_resolved;
mod schema;
mod score;
mod study;
mod theory;
mod what_if;
