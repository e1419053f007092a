//! How far an experiment is; notices.

use super::output::tell;
use crate::base::number::grouped;
use crate::experiment::{Experiment, Progress};
use crate::record::clock::Stopwatch;
use crate::report::analyses::SubjectProgress;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// How often it is said where there is no terminal, in seconds.
const EVERY: f64 = 10.0;

/// A line that tells how far an experiment is: on a terminal one that moves, elsewhere a new one every ten seconds.
pub struct Bar {
    bar: ProgressBar,
    quiet: bool,
    /// Whether the number of runs is only the most that there may be.
    at_most: bool,
    /// What is counted, in the plural.
    what: &'static str,
    watch: Stopwatch,
    /// How many times so many seconds had gone by when it was last said.
    said: AtomicU64,
}

impl Bar {
    /// A bar for an experiment; if `quiet`, nothing is told.
    pub fn new(experiment: &Experiment, quiet: bool) -> Self {
        let stops = experiment.asked.stopping.is_some();
        let template = match stops.then_some(()) {
            None => "{bar:30} {done} of {all} runs, {left}",
            Some(_) => "{spinner} {done} runs, {all} at most, after {elapsed}",
        };
        Self::over(Some(experiment.runs()), stops, template, quiet)
    }

    /// A bar for so many runs.
    pub fn of(runs: u64) -> Self {
        Self::over(Some(runs), false, "{bar:30} {done} of {all} runs, {left}", false)
    }

    /// A bar for work of which nobody knows how much it is.
    pub fn open(quiet: bool) -> Self {
        Self::over(None, true, "{spinner} {done} runs, after {elapsed}", quiet)
    }

    /// A bar for an analysis that goes over so many resamples.
    fn of_resamples(resamples: u64) -> Self {
        let template = "{bar:30} {done} of {all} resamples, {left}";
        Self { what: "resamples", ..Self::over(Some(resamples), false, template, false) }
    }

    fn over(runs: Option<u64>, at_most: bool, template: &str, quiet: bool) -> Self {
        let bar = match runs {
            _ if quiet => ProgressBar::hidden(),
            Some(runs) => ProgressBar::new(runs),
            None => ProgressBar::no_length(),
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
                // The first runs take longer: what they need is made then.
                let sure = state.elapsed().as_secs() >= 2 || 10 * state.pos() >= state.len().unwrap_or(0);
                let words = if sure { left(state.eta().as_secs(), state.pos()) } else { left(0, 0) };
                let _ = out.write_str(&words);
            });
        bar.set_style(style);
        Self { bar, quiet, at_most, what: "runs", watch: Stopwatch::start(), said: AtomicU64::new(0) }
    }

    /// Takes note of what an experiment tells.
    pub fn on_progress(&self, progress: Progress<'_>) {
        match progress {
            Progress::Runs(more) => {
                self.bar.inc(more);
                self.say();
            }
            Progress::Notice(text) if !self.quiet => self.bar.suspend(|| tell(text)),
            Progress::Notice(_) => {}
        }
    }

    /// Says how far it is where there is no terminal and the time has come.
    fn say(&self) {
        let seconds = self.watch.seconds();
        let times = (seconds / EVERY) as u64;
        if !self.quiet && self.bar.is_hidden() && self.said.fetch_max(times, Ordering::Relaxed) < times {
            tell(&plain(self.bar.position(), self.bar.length().unwrap_or(0), (self.what, self.at_most), seconds));
        }
    }

    /// Takes the line away; gives how many runs were done.
    pub fn finish(self) -> u64 {
        // To finish the line moves it to its end.
        let done = self.bar.position();
        self.bar.finish_and_clear();
        done
    }
}

/// The bar of an analysis, once it is known how much there is to do.
#[derive(Default)]
pub struct AnalysisBar(OnceLock<Bar>);

impl SubjectProgress for AnalysisBar {
    fn begin(&self, steps: u64) {
        self.0.get_or_init(|| Bar::of_resamples(steps));
    }

    fn advance(&self) {
        let Some(bar) = self.0.get() else { return };
        bar.on_progress(Progress::Runs(1));
        if Some(bar.bar.position()) == bar.bar.length() {
            bar.bar.finish_and_clear();
        }
    }
}

/// How far so many runs of all are after some seconds, in words.
fn plain(done: u64, all: u64, (what, at_most): (&str, bool), seconds: f64) -> String {
    let [runs, of] = [done, all].map(|runs| grouped(runs as f64, 0));
    if at_most && all == 0 {
        return format!("{runs} {what}, after {seconds:.0} s");
    }
    if at_most {
        return format!("{runs} {what}, {of} at most, after {seconds:.0} s");
    }
    let rest = all.saturating_sub(done) as f64 * seconds / done.max(1) as f64;
    format!("{runs} of {of} {what}, {}", left(rest as u64, done))
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

    #[test]
    fn a_plain_line_says_how_far_it_is() {
        assert_eq!(plain(1_000, 4_000, ("runs", false), 20.0), "1,000 of 4,000 runs, about 1 min left");
        assert_eq!(plain(0, 4_000, ("runs", false), 10.0), "0 of 4,000 runs, beginning");
        assert_eq!(plain(1_000, 4_000, ("runs", true), 20.0), "1,000 runs, 4,000 at most, after 20 s");
    }
}
