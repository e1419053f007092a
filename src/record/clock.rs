//! The only reader of the clock. Times go into the manifest and nowhere else: no result depends on them.

use std::path::Path;
use std::time::{Instant, SystemTime};

/// This moment, as `2026-01-31T12:00:00Z`.
#[allow(clippy::disallowed_methods, reason = "times are for the manifest only")]
pub fn now() -> String {
    // WebAssembly has no clock of its own.
    if cfg!(target_family = "wasm") {
        return "unknown".into();
    }
    jiff::Timestamp::try_from(SystemTime::now()).map_or_else(
        |_| String::from("unknown"),
        |moment| moment.round(jiff::Unit::Second).unwrap_or(moment).to_string(),
    )
}

/// Measures how long something took; nothing in WebAssembly, which has no clock of its own.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Option<Instant>);

impl Stopwatch {
    /// Starts now.
    #[allow(clippy::disallowed_methods, reason = "how long a run took is told to people, and never to the model")]
    pub fn start() -> Self {
        Self((!cfg!(target_family = "wasm")).then(Instant::now))
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> f64 {
        self.0.map_or(0.0, |start| start.elapsed().as_secs_f64())
    }
}

/// Seconds since a file was last written to; none if that cannot be told.
#[allow(clippy::disallowed_methods, reason = "what a killed process left is known by its age")]
pub fn seconds_since_change(path: &Path) -> Option<f64> {
    let changed = std::fs::metadata(path).and_then(|found| found.modified()).ok()?;
    SystemTime::now().duration_since(changed).ok().map(|age| age.as_secs_f64())
}

/// The moment so many hours before this.
#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "for files of a known age in tests")]
pub fn hours_ago(hours: u64) -> SystemTime {
    SystemTime::now() - std::time::Duration::from_secs(3600 * hours)
}
