//! The only reader of the clock. Times go into the manifest and nowhere else: no result depends on them.

use std::time::{Instant, SystemTime};

/// This moment, as `2026-01-31T12:00:00Z`.
#[allow(clippy::disallowed_methods, reason = "times are for the manifest only")]
pub fn now() -> String {
    jiff::Timestamp::try_from(SystemTime::now()).map_or_else(
        |_| String::from("unknown"),
        |moment| moment.round(jiff::Unit::Second).unwrap_or(moment).to_string(),
    )
}

/// Measures how long something took.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[allow(clippy::disallowed_methods, reason = "how long a run took is told to people, and never to the model")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
