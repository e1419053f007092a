//! Every parameter of the model changes outcomes: none is read and never used.

use entente::mechanism::{Behaviour, Scratch, Silent, step};
use entente::scenario::{Overrides, Scenario};
use entente::world::{Anchors, World};
use rayon::prelude::*;
use std::path::Path;

const MOST_REPLICATES: u64 = 60;

fn flagship(set: Vec<String>) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/northern-mali-2023.toml");
    Scenario::load(&path, &Overrides { set, variant: None }).unwrap_or_else(|problems| panic!("{problems}"))
}

fn end(scenario: &Scenario, scratch: &mut Scratch, replicate: u64) -> World {
    let mut world = scenario.setting.initial.clone();
    scratch.begin(1, replicate);
    for _ in 0..scenario.setting.calendar.steps() {
        step(&scenario.setting, &scenario.behaviour, &mut world, scratch, &mut Silent);
    }
    // What holds the start in place depends on parameters; what comes of it is what counts.
    world.anchor = Anchors::none(0, 0, 0);
    world
}

/// What some parameters are for, that the baseline may not show: a force that outgrows its money, and parties of an accord
/// that go on killing each other.
const SURGE: &str = "event.is-surge.chance=1";
const UNREST: &str = "behaviour.clashes.neutral=1";

fn ends(set: &[&str]) -> Vec<World> {
    let scenario = flagship(set.iter().map(|set| (*set).to_owned()).collect());
    let mut scratch = Scratch::new(&scenario.setting, &scenario.behaviour);
    (0..MOST_REPLICATES).map(|replicate| end(&scenario, &mut scratch, replicate)).collect()
}

/// Whether a setting of one parameter makes any replicate end otherwise.
fn changes_something(set: &[&str], baseline: &[World]) -> bool {
    let scenario = flagship(set.iter().map(|set| (*set).to_owned()).collect());
    let mut scratch = Scratch::new(&scenario.setting, &scenario.behaviour);
    baseline.iter().enumerate().any(|(replicate, world)| end(&scenario, &mut scratch, replicate as u64) != *world)
}

#[test]
fn every_parameter_changes_outcomes() {
    let (baseline, surge, unrest) = (ends(&[]), ends(&[SURGE]), ends(&[UNREST]));
    let mut settings: Vec<(String, Vec<String>)> = Vec::new();
    for (section, table, _) in Behaviour::default().sections() {
        for parameter in table {
            let base = if parameter.default.abs() < 1e-12 { 0.2 } else { parameter.default };
            // A little first; a parameter of rare events may need a lot.
            let values = [1.5, 0.1, 10.0].map(|times| (base * times).clamp(parameter.low, parameter.high));
            let name = format!("behaviour.{section}.{}", parameter.name);
            settings.push((name.clone(), values.iter().map(|value| format!("{name}={value:?}")).collect()));
        }
    }
    for law in ["clash", "control", "offensive", "coalition"] {
        let name = format!("behaviour.contest.{law}");
        settings.push((name.clone(), vec![format!("{name}=\"quartic\"")]));
    }
    let dead: Vec<&String> = settings
        .par_iter()
        .filter(|(_, sets)| !sets.iter().any(|set| changes_something(&[set], &baseline)))
        .filter(|(_, sets)| !sets.iter().any(|set| changes_something(&[SURGE, set], &surge)))
        .filter(|(_, sets)| !sets.iter().any(|set| changes_something(&[UNREST, set], &unrest)))
        .map(|(name, _)| name)
        .collect();
    assert!(dead.is_empty(), "these change nothing in {MOST_REPLICATES} replicates: {dead:#?}");
}
