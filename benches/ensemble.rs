//! What an ensemble of the flagship costs: stepping alone, on 1 and 2 threads, and with everything recorded.
//!
//! No statistics: each line is one go over enough replicates, for the ratios are what matters.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a benchmark prints, reads the clock and fails by panicking"
)]

use entente::engine::{Ensemble, Model};
use entente::measure::Keep;
use entente::mechanism::{Scratch, Silent, step};
use entente::scenario::{Overrides, Scenario};
use rayon::prelude::*;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Steps replicates and keeps nothing: what recording is measured against.
fn bare(scenario: &Scenario, replicates: u64, threads: usize) -> f64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let start = Instant::now();
    let steps: u32 = pool.install(|| {
        (0..replicates)
            .into_par_iter()
            .map_init(
                || Scratch::new(&scenario.setting, &scenario.behaviour),
                |scratch, replicate| {
                    let mut world = scenario.setting.initial.clone();
                    scratch.begin(1, replicate);
                    for _ in 0..scenario.setting.calendar.steps() {
                        step(&scenario.setting, &scenario.behaviour, &mut world, scratch, &mut Silent);
                    }
                    world.step
                },
            )
            .sum()
    });
    assert_eq!(u64::from(steps), replicates * u64::from(scenario.setting.calendar.steps()));
    start.elapsed().as_secs_f64()
}

/// Runs the ensemble with records made.
fn recorded(scenario: &Scenario, replicates: u64, threads: usize, keep: Keep) -> f64 {
    let model = Model::of(scenario);
    let start = Instant::now();
    let mut rows = 0;
    let finish = Ensemble {
        model: &model,
        seed: 1,
        replicates: 0..replicates,
        keep,
        threads: Some(threads),
        cancelled: &AtomicBool::new(false),
        progress: &|| {},
    }
    .run(|batch| {
        rows += batch.len();
        Ok::<(), rayon::ThreadPoolBuildError>(())
    })
    .unwrap();
    assert_eq!(finish.done, rows as u64);
    start.elapsed().as_secs_f64()
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--test");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/northern-mali-2023.toml");
    let scenario = Scenario::load(&path, &Overrides::default()).unwrap_or_else(|problems| panic!("{problems}"));
    // The flagship runs for 40 months; the aim is stated for two years.
    let two_years = f64::from(scenario.setting.calendar.steps()) / 104.0;
    let replicates = if quick { 10 } else { 2000 };
    let each = |name: &str, seconds: f64| {
        let rate = replicates as f64 / seconds;
        println!("{name:40} {rate:6.0} replicates per second, {:6.0} of two years", rate * two_years);
        seconds
    };
    println!("northern Mali, {} steps, {replicates} replicates:", scenario.setting.calendar.steps());
    let one = each("stepping alone, 1 thread", bare(&scenario, replicates, 1));
    let two = each("stepping alone, 2 threads", bare(&scenario, replicates, 2));
    let answers = each("with answers and measures, 2 threads", recorded(&scenario, replicates, 2, Keep::ANSWERS));
    let all = each("with events and series, 2 threads", recorded(&scenario, replicates, 2, Keep::ALL));
    println!("2 threads over 1: {:.2} times", one / two);
    println!("recording over stepping: {:.2} times with answers, {:.2} with everything", answers / two, all / two);
}
