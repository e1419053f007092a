//! A step allocates nothing: what mechanisms need lies in memory that is kept from step to step.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use entente::engine::Model;
use entente::mechanism::{Scratch, Silent, step};
use entente::scenario::{Overrides, Scenario};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::path::Path;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[test]
fn a_step_allocates_only_where_a_list_is_longer_than_ever_before() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/northern-mali-2023.toml");
    let scenario = Scenario::load(&path, &Overrides::default()).unwrap_or_else(|problems| panic!("{problems}"));
    let model = Model::of(&scenario);
    let (setting, behaviour) = (&model.setting, &model.behaviour);
    let mut scratch = Scratch::new(setting, behaviour);
    let mut allocations = |number: u64| {
        let mut world = setting.initial.clone();
        scratch.begin(1, number);
        let region = Region::new(ALLOCATOR);
        for _ in 0..setting.calendar.steps() {
            step(setting, behaviour, &mut world, &mut scratch, &mut Silent);
        }
        let change = region.change();
        change.allocations + change.reallocations
    };
    // Memory grows to what runs need.
    for number in 0..16 {
        allocations(number);
    }
    let replicates = 16;
    let all: usize = (16..16 + replicates).map(&mut allocations).sum();
    let each = all as f64 / (replicates * u64::from(setting.calendar.steps())) as f64;
    assert!(each < 0.1, "{each:.3} allocations per step");
}
