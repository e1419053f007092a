//! A step allocates next to nothing: what mechanisms need lies in memory that is kept from step to step.

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
fn a_step_allocates_only_for_lists_that_begin_in_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/northern-mali-2023.toml");
    let scenario = Scenario::load(&path, &Overrides::default()).unwrap_or_else(|problems| panic!("{problems}"));
    let model = Model::of(&scenario);
    let (setting, behaviour) = (&model.setting, &model.behaviour);
    let mut scratch = Scratch::new(setting, behaviour);
    let mut world = setting.initial.clone();
    let mut replicate = |number: u64| {
        world.clone_from(&setting.initial);
        scratch.begin(1, number);
        for _ in 0..setting.calendar.steps() {
            step(setting, behaviour, &mut world, &mut scratch, &mut Silent);
        }
    };
    // Memory grows to what runs need.
    (0..8).for_each(&mut replicate);
    let region = Region::new(ALLOCATOR);
    let replicates = 8;
    (8..8 + replicates).for_each(&mut replicate);
    let change = region.change();
    let steps = replicates * u64::from(setting.calendar.steps());
    let each = (change.allocations + change.reallocations) as f64 / steps as f64;
    // The list of campaigns is made anew while there are any, an offensive keeps whence its forces came, and reviews of accords list
    // their parties.
    assert!(each < 2.5, "{each:.2} allocations per step");
}
