//! `entente serve` over its own loopback: what it refuses, and what it does.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod attacks;
mod client;
mod work;
