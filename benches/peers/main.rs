//! Entente's side of the comparison with ports of a reduced model: `README.md` beside this file says what is in it.
//!
//! `start FILE DRAWS` writes where the ports begin as JSON: the flagship's start, its parameters, and what pairs have always
//! been to each other in that many replicates. `reduced REPLICATES WEEKS` and `whole REPLICATES WEEKS` step the reduced and
//! the whole flagship on one thread and print a line of JSON with what came of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark prints, and fails by panicking"
)]

use entente::base::{FactionId, PairId, Table};
use entente::mechanism::{Behaviour, Scratch, Silent, anchors, begin_at_rest, step};
use entente::scenario::{Overrides, Scenario};
use entente::world::{Disposition, Door, Setting, Stance, World};
use serde_json::{Value, json};
use std::path::Path;

/// The seed of the runs.
const SEED: u64 = 1;
/// Weeks between reviews, over which pairs grow older.
const REVIEW_YEARS: f64 = 4.0 * 7.0 / 365.25;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["start", file, draws] => {
            let (setting, behaviour) = reduced();
            let text = serde_json::to_string(&start(&setting, &behaviour, draws.parse().unwrap())).unwrap();
            std::fs::write(file, text).unwrap();
        }
        ["reduced", replicates, weeks] => {
            let (setting, behaviour) = reduced();
            run(&setting, &behaviour, replicates.parse().unwrap(), weeks.parse().unwrap());
        }
        ["whole", replicates, weeks] => {
            let scenario = flagship(&[]);
            run(&scenario.setting, &scenario.behaviour, replicates.parse().unwrap(), weeks.parse().unwrap());
        }
        // A run of all benchmarks asks for nothing.
        [] => {}
        _ => panic!("start FILE DRAWS, reduced REPLICATES WEEKS or whole REPLICATES WEEKS, not {words:?}"),
    }
}

fn flagship(set: &[&str]) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/northern-mali-2023.toml");
    let overrides = Overrides { set: set.iter().map(|text| (*text).to_owned()).collect(), variant: None };
    Scenario::load(&path, &overrides).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The flagship without events, accords and slots for splinters, in which the rates of leaks, mergers, splits, successions,
/// defections, dissolutions and drift are 0, at rest as it is then.
fn reduced() -> (Setting, Behaviour) {
    let scenario = flagship(&["scenario.splinters=0"]);
    let (mut setting, mut behaviour) = ((*scenario.setting).clone(), scenario.behaviour);
    setting.events = Table::new(Vec::new());
    setting.accords = Table::new(Vec::new());
    setting.initial.accord = Table::new(Vec::new());
    behaviour.leak.rate = 0.0;
    behaviour.merger.rate = 0.0;
    (behaviour.split.leave_umbrella, behaviour.split.splinter) = (0.0, 0.0);
    (behaviour.succession.fall, behaviour.succession.takeover) = (0.0, 0.0);
    behaviour.defection.rate = 0.0;
    behaviour.dissolution.rate = 0.0;
    (behaviour.drift.allies, behaviour.drift.base) = (0.0, 0.0);
    let mut scratch = Scratch::new(&setting, &behaviour);
    let at_rest = anchors(&setting, &behaviour, &mut scratch);
    setting.initial = begin_at_rest(&setting, &behaviour, &at_rest, &mut scratch);
    (setting, behaviour)
}

/// What the ports need of the start.
fn start(setting: &Setting, behaviour: &Behaviour, draws: u64) -> Value {
    let world = &setting.initial;
    let factions = world.alive.ids();
    let zones = setting.zones.iter().map(|(zone, traits)| {
        json!({
            "population": traits.population,
            "revenue": traits.revenue,
            "value": traits.strategic_value,
            "ruggedness": traits.ruggedness,
            "neighbours": setting.neighbours.of(zone),
            "open": setting.zones.ids().map(|to| setting.is_open(&world.borders, zone, to)).collect::<Vec<_>>(),
        })
    });
    let cells = setting
        .cells
        .iter()
        .map(|(_, cell)| json!({ "zone": cell.zone, "community": cell.community, "refuges": &cell.refuges }));
    let communities = setting.communities.iter();
    let shaped = Value::Array(
        communities
            .map(|(_, traits)| json!({ "alignment": &traits.alignment, "salience": &traits.salience }))
            .collect(),
    );
    let leaders = factions.clone().map(|faction| world.leader_of(faction)).collect::<Vec<_>>();
    json!({
        "behaviour": behaviour,
        "world": world,
        "leaders": leaders,
        "on_its_own_account": factions.clone().map(|faction| world.on_its_own_account(faction)).collect::<Vec<_>>(),
        "zones": zones.collect::<Vec<_>>(),
        "cells": cells.collect::<Vec<_>>(),
        "refuges": setting.refuges,
        "communities": shaped,
        "dispositions": dispositions(setting, behaviour, draws),
    })
}

/// What pairs have always been to each other in each of the first replicates: lasting disposition, both moods, years on the
/// rung and years of peace (null where there has been no war, or there is one), as they stand before the first review.
fn dispositions(setting: &Setting, behaviour: &Behaviour, draws: u64) -> Vec<Vec<Value>> {
    let mut still = *behaviour;
    (still.choice.upheaval, still.choice.looks, still.choice.memory) = (0.0, 0.0, 1e15);
    // Strangers are nothing to each other until they come into contact: here all do.
    still.negotiation.contact = 1e9;
    (still.negotiation.conclusion, still.negotiation.break_off) = (0.0, 0.0);
    let mut begun = setting.initial.clone();
    begun.door.values_mut().fill(Door::Ajar);
    begun.character.values_mut().iter_mut().for_each(|character| character.outreach = 1.0);
    let mut scratch = Scratch::new(setting, behaviour);
    let one = |replicate| {
        let mut world = begun.clone();
        scratch.begin(SEED, replicate);
        step(setting, &still, &mut world, &mut scratch, &mut Silent);
        let of_pair = |((_, low, high), found): ((PairId, FactionId, FactionId), &Disposition)| {
            let years = if world.stand_aside(low, high) { 0.0 } else { REVIEW_YEARS };
            let peace = found.peace.map(|peace| (peace - years).max(0.0));
            json!([found.lasting, found.mood[0], found.mood[1], found.age - years, peace])
        };
        PairId::all(world.factions()).zip(world.disposition.values()).map(of_pair).collect()
    };
    (0..draws).map(one).collect()
}

/// What a replicate comes to, by name.
fn outcomes(setting: &Setting, world: &World) -> Vec<(&'static str, f64)> {
    let pairs = |rung: &dyn Fn(Stance) -> bool| world.tie.values().iter().filter(|tie| rung(tie.stance)).count() as f64;
    let sum = |values: &[f64]| values.iter().sum::<f64>();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let moved =
        world.holder.values().iter().zip(setting.initial.holder.values()).filter(|(now, then)| now != then).count();
    let people = sum(world.at_home.values());
    let followers = setting.cells.ids().map(|cell| world.at_home[cell] * sum(world.support.row(cell))).sum::<f64>();
    vec![
        ("killed in clashes", world.tally.deaths[0] + world.tally.deaths[1]),
        ("civilians killed", world.tally.deaths[2]),
        ("fighters", sum(world.strength.values())),
        ("displaced", sum(world.displaced.values())),
        ("zones that changed hands", moved as f64),
        ("wars", pairs(&|rung| rung == Stance::War)),
        ("rivalries", pairs(&|rung| rung == Stance::Rivalry)),
        ("pacts and alliances", pairs(&|rung| rung >= Stance::Pact)),
        ("talks", world.tie.values().iter().filter(|tie| tie.talks.is_some()).count() as f64),
        ("offensives", world.campaigns.len() as f64),
        ("hostility", mean(world.hostility.values())),
        ("trust", mean(world.trust.values())),
        ("cohesion", mean(world.cohesion.values())),
        ("grievance", mean(world.grievance.values())),
        ("support", followers / people),
    ]
}

fn run(setting: &Setting, behaviour: &Behaviour, replicates: u64, weeks: u32) {
    let mut scratch = Scratch::new(setting, behaviour);
    let mut world = setting.initial.clone();
    let mut found = Vec::new();
    for replicate in 0..replicates {
        world.clone_from(&setting.initial);
        scratch.begin(SEED, replicate);
        for _ in 0..weeks {
            step(setting, behaviour, &mut world, &mut scratch, &mut Silent);
        }
        found.push(outcomes(setting, &world));
    }
    let columns = found.first().map(|first| first.iter().enumerate()).into_iter().flatten();
    let table = columns.map(|(place, (name, _))| {
        ((*name).to_owned(), Value::from(found.iter().map(|one| one[place].1).collect::<Vec<f64>>()))
    });
    println!("{}", json!({ "replicates": replicates, "weeks": weeks, "outcomes": Value::Object(table.collect()) }));
}
