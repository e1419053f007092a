//! How far an experiment is, on a terminal; notices, anywhere.

use super::output::tell;
use crate::base::number::grouped;
use crate::experiment::{Plan, Progress};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A line that tells how far an experiment is. Where there is no terminal there is no line.
pub struct Bar {
    bar: ProgressBar,
    quiet: bool,
}

impl Bar {
    /// A bar for a plan; if `quiet`, nothing is told.
    pub fn new(plan: &Plan, quiet: bool) -> Self {
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(plan.runs()) };
        let template = match plan.stopping {
            None => "{bar:30} {done} of {all} runs, {left}",
            Some(_) => "{spinner} {done} runs, {all} at most, after {elapsed}",
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let number = |value: u64| grouped(round(value as f64), 0);
        let style = style
            .with_key("done", move |state: &ProgressState, out: &mut dyn Write| {
                let _ = out.write_str(&number(state.pos()));
            })
            .with_key("all", move |state: &ProgressState, out: &mut dyn Write| {
                let _ = out.write_str(&grouped(state.len().unwrap_or(0) as f64, 0));
            })
            .with_key("left", |state: &ProgressState, out: &mut dyn Write| {
                let _ = out.write_str(&left(state.eta().as_secs(), state.pos()));
            });
        bar.set_style(style);
        Self { bar, quiet }
    }

    /// Takes note of what an experiment tells.
    pub fn on_progress(&self, progress: Progress<'_>) {
        match progress {
            Progress::Runs(more) => self.bar.inc(more),
            Progress::Notice(text) if !self.quiet => self.bar.suspend(|| tell(text)),
            Progress::Notice(_) => {}
        }
    }

    /// Takes the line away; gives how many runs were done.
    pub fn finish(self) -> u64 {
        self.bar.finish_and_clear();
        self.bar.position()
    }
}

/// Two digits of a number: more change faster than they can be read.
fn round(value: f64) -> f64 {
    let unit = std::iter::successors(Some(1.0), |unit| Some(unit * 10.0)).find(|unit| value < 100.0 * unit);
    let unit = unit.unwrap_or(1.0);
    (value / unit).floor() * unit
}

/// The time left, in words.
fn left(seconds: u64, done: u64) -> String {
    match seconds {
        _ if done == 0 => "beginning".into(),
        0..5 => "a few seconds left".into(),
        5..60 => format!("about {} s left", seconds.div_ceil(5) * 5),
        60..3600 => format!("about {} min left", seconds.div_ceil(60)),
        _ => format!("about {:.1} h left", seconds as f64 / 3600.0),
    }
}

/// A flag that an interrupt of the process sets.
pub fn interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // A second handler is refused; the first then does, for there is one experiment in a process.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    stop
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_round() {
        assert_eq!(
            [0.0, 7.0, 99.0, 101.0, 12_345.0, 987_654.0].map(|value| grouped(round(value), 0)),
            ["0", "7", "99", "100", "12,000", "980,000"]
        );
        assert_eq!(left(3, 9), "a few seconds left");
        assert_eq!(left(41, 9), "about 45 s left");
        assert_eq!(left(61, 9), "about 2 min left");
    }
}
