//! How fast all configurations of two blocs are looked at.

#![allow(clippy::expect_used, missing_docs, reason = "a benchmark fails by panicking")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use entente::analysis::landscape::{Landscape, two_blocs};
use std::hint::black_box;

/// Actors of different sizes with propensities of both signs.
fn landscape(actors: usize) -> Landscape {
    let sizes: Vec<f64> = (0..actors).map(|actor| 1.0 + (actor * 7 % 11) as f64).collect();
    let propensities: Vec<f64> =
        (0..actors * actors).map(|at| ((at / actors + 1) * (at % actors + 1) * 37 % 41) as f64 / 20.0 - 1.0).collect();
    Landscape::new(&sizes, &propensities).expect("a valid landscape")
}

fn all_configurations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("landscape");
    group.sample_size(10);
    // The basins of 21 actors are followed too; with 25 there are 2^24 configurations.
    for actors in [21, 25] {
        let table = landscape(actors);
        group.throughput(Throughput::Elements(1 << (actors - 1)));
        group.bench_function(format!("two blocs of {actors} actors"), |bencher| {
            bencher.iter(|| two_blocs(black_box(&table), 2, 1));
        });
    }
    group.finish();
}

criterion_group!(benches, all_configurations);
criterion_main!(benches);
