//! What one step costs: one pair's appraisal, one step of the flagship, one replicate of two years, time per mechanism. And
//! what it costs to set a scenario up: its start at rest, histories under other weights, and other inputs by path.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark prints, and fails by panicking"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use entente::base::FactionId;
use entente::engine::{Model, Runner};
use entente::experiment::Inputs;
use entente::measure::Keep;
use entente::mechanism::{
    Circumstances, Scratch, Silent, Trace, anchors, appraise, balance_between, begin_at_rest, step,
};
use entente::scenario::{InputKind, InputNames, Overrides, Scenario};
use entente::world::World;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

fn flagship() -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/northern-mali-2023.toml");
    Scenario::load(&path, &Overrides::default()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The world after so many steps of a replicate.
fn after(scenario: &Scenario, scratch: &mut Scratch, steps: u32) -> World {
    let mut world = scenario.setting.initial.clone();
    scratch.begin(1, 1);
    for _ in 0..steps {
        step(&scenario.setting, &scenario.behaviour, &mut world, scratch, &mut Silent);
    }
    world
}

fn appraisal(criterion: &mut Criterion) {
    let scenario = flagship();
    let mut scratch = Scratch::new(&scenario.setting, &scenario.behaviour);
    let world = after(&scenario, &mut scratch, 20);
    let circumstances = Circumstances { public: false, mediation: 0.2, protection: 0.3 };
    let pairs: Vec<(FactionId, FactionId)> =
        (4..12).flat_map(|a| (4..12).filter(move |b| a != *b).map(move |b| (FactionId(a), FactionId(b)))).collect();
    let mut next = 0;
    criterion.bench_function("appraisal of one pair", |bench| {
        bench.iter(|| {
            next = (next + 1) % pairs.len();
            let (own, other) = black_box(pairs[next]);
            let reasons = appraise(
                &scenario.behaviour.diplomacy,
                scenario.behaviour.contest.coalition,
                &world,
                &scratch,
                (own, other),
                circumstances,
                balance_between(&scratch, own, other),
            );
            reasons.iter().sum::<f64>()
        });
    });
}

fn replicate(criterion: &mut Criterion) {
    let scenario = flagship();
    let mut scratch = Scratch::new(&scenario.setting, &scenario.behaviour);
    let mut replicate = 0;
    criterion.bench_function("replicate of two years, stepping only", |bench| {
        bench.iter(|| {
            replicate += 1;
            let mut world = scenario.setting.initial.clone();
            scratch.begin(1, replicate);
            for _ in 0..104 {
                step(&scenario.setting, &scenario.behaviour, &mut world, &mut scratch, &mut Silent);
            }
            world.step
        });
    });
}

fn set_up(criterion: &mut Criterion) {
    let scenario = flagship();
    let (setting, mut behaviour) = (&*scenario.setting, scenario.behaviour);
    criterion.bench_function("start at rest", |bench| {
        let mut scratch = Scratch::new(setting, &behaviour);
        bench.iter(|| {
            let at_rest = anchors(setting, &behaviour, &mut scratch);
            begin_at_rest(setting, &behaviour, &at_rest, &mut scratch)
        });
    });
    criterion.bench_function("histories under other weights", |bench| {
        bench.iter(|| {
            // Those of weights that have been are kept.
            behaviour.choice.hysteresis += 1e-9;
            Scratch::new(setting, &behaviour)
        });
    });
    let draws = Inputs::Drawn.draws(&scenario, 1).unwrap().unwrap();
    let mut setter = scenario.inputs_by_path(&draws.drawn().paths(), &InputNames::default()).unwrap();
    let stances: Vec<bool> = draws.drawn().inputs.iter().map(|input| input.kind == InputKind::StanceWeight).collect();
    let mut replicate = 0;
    criterion.bench_function("a draw of all inputs", |bench| {
        bench.iter(|| {
            replicate += 2;
            draws.values(replicate)
        });
    });
    criterion.bench_function("inputs set, but for those that shape histories", |bench| {
        let drawn: Vec<Vec<Option<f64>>> = (0..64)
            .map(|pair| draws.values(2 * pair))
            .map(|values| values.iter().zip(&stances).map(|(value, dear)| (!dear).then_some(*value)).collect())
            .collect();
        let mut pairs = drawn.iter().cycle();
        bench.iter(|| setter.set(pairs.next().unwrap()).unwrap());
    });
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep { events: true, series: true });
    criterion.bench_function("a runner turned to another model", |bench| bench.iter(|| runner.turn_to(&model)));
    let mut rate = behaviour.clashes.rate;
    criterion.bench_function("other inputs by path", |bench| {
        bench.iter(|| {
            rate += 1e-9;
            let values = [("behaviour.clashes.rate".to_owned(), rate)];
            scenario.with(&values, "bench").unwrap_or_else(|problems| panic!("{problems}"))
        });
    });
}

/// Adds up the time that each mechanism takes.
struct Stopwatch {
    spent: BTreeMap<&'static str, Duration>,
    current: &'static str,
    since: Instant,
}

impl Trace for Stopwatch {
    #[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
    fn enters(&mut self, mechanism: &'static str) {
        let now = Instant::now();
        *self.spent.entry(self.current).or_default() += now - self.since;
        self.current = mechanism;
        self.since = now;
    }
}

/// Prints the time per mechanism; no statistics, for the shares are what matters.
#[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn mechanisms(_: &mut Criterion) {
    let scenario = flagship();
    let mut scratch = Scratch::new(&scenario.setting, &scenario.behaviour);
    let mut watch = Stopwatch { spent: BTreeMap::new(), current: "", since: Instant::now() };
    let (replicates, steps) = (100, 104);
    for replicate in 0..replicates {
        let mut world = scenario.setting.initial.clone();
        scratch.begin(1, replicate);
        for _ in 0..steps {
            step(&scenario.setting, &scenario.behaviour, &mut world, &mut scratch, &mut watch);
        }
    }
    let all: Duration = watch.spent.values().sum();
    let mut rows: Vec<_> = watch.spent.into_iter().collect();
    rows.sort_by_key(|(_, spent)| std::cmp::Reverse(*spent));
    println!("time per mechanism, microseconds per step (the clock itself included):");
    for (name, spent) in rows {
        let name = if name.is_empty() { "between steps" } else { name };
        let each = spent.as_secs_f64() * 1e6 / (replicates as f64 * f64::from(steps));
        println!("  {name:20} {each:8.3}  {:5.1}%", 100.0 * spent.as_secs_f64() / all.as_secs_f64());
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(4)).warm_up_time(Duration::from_secs(1)).sample_size(30);
    targets = appraisal, replicate, set_up, mechanisms
}
criterion_main!(benches);
