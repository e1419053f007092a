//! How a step grows with factions and zones, on generated worlds, with the fitted exponent. `-- 128 512` times worlds of so
//! many factions alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark prints, and fails by panicking"
)]

mod generated;

use entente::mechanism::{Scratch, Silent, step};
use std::time::Instant;

/// Seconds per step, the best of three goes.
#[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn seconds_per_step(factions: usize, zones: usize) -> f64 {
    let scenario = generated::scenario(factions, zones);
    let mut scratch = Scratch::new(&scenario.setting, &scenario.behaviour);
    let steps = 24;
    (0..3)
        .map(|replicate| {
            let mut world = scenario.setting.initial.clone();
            scratch.begin(1, replicate);
            let start = Instant::now();
            for _ in 0..steps {
                step(&scenario.setting, &scenario.behaviour, &mut world, &mut scratch, &mut Silent);
            }
            start.elapsed().as_secs_f64() / f64::from(steps)
        })
        .fold(f64::INFINITY, f64::min)
}

/// Slope of a line through points in logarithms, by least squares.
fn exponent(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let logs: Vec<(f64, f64)> =
        points.iter().map(|(x, y)| (entente::base::maths::ln(*x), entente::base::maths::ln(*y))).collect();
    let mean = |f: fn(&(f64, f64)) -> f64| logs.iter().map(f).sum::<f64>() / n;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let cross: f64 = logs.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    cross / logs.iter().map(|p| (p.0 - x) * (p.0 - x)).sum::<f64>()
}

/// How fast the cost of a step may grow with factions before `--guard` fails: the power of their number, from 24 to 96.
const BOUND: f64 = 2.0;

/// Prints the cost at each size; gives the exponents over all sizes and over the upper half.
fn series(name: &str, sizes: &[usize], cost: impl Fn(usize) -> f64) -> [f64; 2] {
    println!("{name}:");
    let points: Vec<(f64, f64)> = sizes
        .iter()
        .map(|size| {
            let seconds = cost(*size);
            println!("  {size:6}  {:10.1} microseconds per step", seconds * 1e6);
            (*size as f64, seconds)
        })
        .collect();
    let [all, upper] = [exponent(&points), exponent(&points[points.len() / 2..])];
    println!("  exponent {all:.2} over all, {upper:.2} over the upper half");
    [all, upper]
}

fn main() {
    if std::env::args().any(|argument| argument == "--guard") {
        let [grown, _] = series("factions, at 64 zones", &[24, 48, 96], |size| seconds_per_step(size, 64));
        assert!(grown < BOUND, "a step grows with factions to the power of {grown:.2}, expected less than {BOUND}");
        return;
    }
    let given: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    if !given.is_empty() {
        series("factions, at 64 zones", &given, |size| seconds_per_step(size, 64));
        return;
    }
    // `cargo test` runs benches too, with a flag that asks for a single pass.
    let quick = std::env::args().any(|argument| argument == "--test");
    let (factions, zones): (&[usize], &[usize]) = if quick {
        (&[8, 16], &[16, 64])
    } else {
        (&[8, 16, 32, 64, 128, 256, 512], &[16, 64, 256, 1024, 4096, 16384])
    };
    series("factions, at 64 zones", factions, |size| seconds_per_step(size, 64));
    series("zones, at 8 factions", zones, |size| seconds_per_step(8, size));
}
