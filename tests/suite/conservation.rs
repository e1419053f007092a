//! Fighters and people are conserved, shares stay shares and every state stays in its range, in scenarios that nobody
//! thought of. Debug builds check that at every step; a broken invariant is a failed run.

use crate::common::{VALLEYS, scenario};
use entente::engine::{Model, Runner};
use entente::measure::{Keep, Unit};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::fmt::Write;

#[derive(Debug)]
struct Faction {
    fighters: f64,
    traits: [f64; 6],
    presence: Vec<f64>,
    kind: &'static str,
    alignment: f64,
}

fn share() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(1.0), 0.0f64..1.0]
}

fn faction(zones: usize) -> impl Strategy<Value = Faction> {
    (
        prop_oneof![Just(0.0), 1.0f64..20.0, 100.0f64..50_000.0],
        prop::array::uniform6(share()),
        prop::collection::vec(0.01f64..1.0, zones),
        prop::sample::select(vec!["state", "movement", "armed_group", "external_force", "mercenary"]),
        -1.0f64..1.0,
    )
        .prop_map(|(fighters, traits, presence, kind, alignment)| Faction {
            fighters,
            traits,
            presence,
            kind,
            alignment,
        })
}

/// A scenario text: 1 to 6 factions in 1 to 5 zones in a line, half of them under one umbrella.
fn text() -> impl Strategy<Value = String> {
    (1usize..6, 1usize..7).prop_flat_map(|(zones, factions)| {
        (
            prop::collection::vec(faction(zones), factions),
            prop::collection::vec(prop_oneof![Just(0.0), 1.0f64..500_000.0], zones),
            prop::collection::vec((0usize..5, share(), share()), factions * (factions - 1) / 2),
            (share(), share(), 0u8..4, prop::sample::select(vec!["1 week", "1 day", "2 weeks", "4 weeks"])),
        )
            .prop_map(|(factions, populations, relations, rest)| write(&factions, &populations, &relations, rest))
    })
}

fn write(
    factions: &[Faction],
    populations: &[f64],
    relations: &[(usize, f64, f64)],
    (grievance, backing, splinters, step): (f64, f64, u8, &str),
) -> String {
    let mut text = format!(
        "[scenario]\nid = \"any\"\ntitle = \"Any\"\nstart = 2024-01-01\nstep = \"{step}\"\nhorizon = \"9 months\"\n\
         axes = [\"a\"]\nsplinters = {splinters}\n"
    );
    let zones = populations.len();
    for (number, population) in populations.iter().enumerate() {
        let next = if number + 1 < zones { format!("\"z{}\"", number + 1) } else { String::new() };
        writeln!(
            text,
            "[[zone]]\nid = \"z{number}\"\nname = \"Z\"\ncountry = \"C{}\"\nposition = [{number}, 0]\n\
             population = {population:?}\nrevenue = 100\nneighbours = [{next}]\ncontrol = {{ f0 = {:?} }}\n{}",
            number % 2,
            backing * 0.9,
            if number == 1 { "town = { share = 0.3, control = {} }" } else { "" }
        )
        .unwrap();
    }
    let shares = (0..zones).map(|zone| format!("z{zone} = 0.8")).collect::<Vec<_>>().join(", ");
    writeln!(
        text,
        "[[community]]\nid = \"people\"\nname = \"People\"\nshare = {{ {shares} }}\nsupport = {{ f0 = {backing:?} }}\n\
         grievance = {grievance:?}"
    )
    .unwrap();
    for (number, Faction { fighters, traits, presence, kind, alignment }) in factions.iter().enumerate() {
        let sum: f64 = presence.iter().sum();
        let presence: Vec<String> =
            presence.iter().enumerate().map(|(zone, weight)| format!("z{zone} = {:?}", weight / sum)).collect();
        let [outreach, aggression, harm, discipline, cohesion, candour] = traits;
        writeln!(
            text,
            "[[faction]]\nid = \"f{number}\"\nname = \"F\"\nkind = \"{kind}\"\nfighters = {fighters:?}\n\
             presence = {{ {} }}\nalignment = {{ a = {alignment:?} }}\noutreach = {outreach:?}\n\
             aggression = {aggression:?}\ncivilian_harm = {harm:?}\ndiscipline = {discipline:?}\n\
             cohesion = {cohesion:?}\ncandour = {candour:?}\nbase = {{ people = 0.5 }}",
            presence.join(", ")
        )
        .unwrap();
    }
    let mut relations = relations.iter();
    for high in 1..factions.len() {
        for low in 0..high {
            let Some((stance, hostility, trust)) = relations.next() else { continue };
            let stance = ["war", "rivalry", "neutral", "pact", "alliance"][*stance];
            writeln!(
                text,
                "[[relation]]\nbetween = [\"f{low}\", \"f{high}\"]\nstance = \"{stance}\"\n\
                 hostility = {hostility:?}\ntrust = {trust:?}"
            )
            .unwrap();
        }
    }
    if factions.len() > 2 {
        let members: Vec<String> = (0..factions.len().div_ceil(2)).map(|number| format!("\"f{number}\"")).collect();
        writeln!(
            text,
            "[[umbrella]]\nid = \"u\"\nname = \"U\"\nmembers = [{}]\nleader = \"f0\"\n\
             [[accord]]\nid = \"p\"\nname = \"P\"\nparties = {{ u = \"active\", f{} = \"active\" }}\nhealth = 0.5\n\
             [[event]]\nid = \"congress\"\nname = \"Congress\"\ndate = 2024-03-01\neffect = {{ merge = {{ umbrella = \"u\" }} }}\n\
             [[event]]\nid = \"leave\"\nname = \"Leave\"\ndate = 2024-05-01\n\
             effect = {{ leave = {{ faction = \"f0\", over = \"6 weeks\" }} }}\n\
             [[event]]\nid = \"surge\"\nname = \"Surge\"\ndate = 2024-06-01\n\
             effect = {{ scale = {{ faction = \"f1\", factor = 3 }} }}",
            members.join(", "),
            factions.len() - 1
        )
        .unwrap();
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 192,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_is_lost_and_nothing_leaves_its_range(text in text(), seed in 0u64..1000) {
        let scenario = scenario(&text);
        let model = Model::of(&scenario);
        let mut runner = Runner::new(&model, Keep::ALL);
        for replicate in 0..2 {
            let record = runner.run(seed, replicate);
            prop_assert_eq!(record.failure, None);
            for (column, value) in model.measures.layout().finals.iter().zip(&record.finals) {
                let high = if matches!(column.unit, Unit::Share | Unit::Chance) { 1.0 + 1e-6 } else { f64::INFINITY };
                prop_assert!((-1e-6..=high).contains(value), "{} is {}", column.name, value);
            }
        }
    }
}

#[test]
fn the_shipped_scenarios_keep_their_books() {
    for name in ["three-way-standoff", "northern-mali-2023"] {
        let text = std::fs::read_to_string(format!("configs/{name}.toml")).unwrap();
        let scenario = scenario(&text);
        let model = Model::of(&scenario);
        let mut runner = Runner::new(&model, Keep::ALL);
        for replicate in 0..4 {
            assert_eq!(runner.run(11, replicate).failure, None, "{name} {replicate}");
        }
    }
}

#[test]
fn deaths_are_counted_the_same_by_type_zone_and_dyad() {
    let scenario = scenario(VALLEYS);
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep::ALL);
    for replicate in 0..10 {
        runner.begin(1, replicate);
        while !runner.at_horizon() {
            runner.step(&mut entente::mechanism::Silent).unwrap();
        }
        let tally = &runner.world().tally;
        let fighting: f64 = tally.dyad.values().iter().sum();
        assert!((fighting - tally.deaths[0] - tally.deaths[1]).abs() < 1e-6 * (1.0 + fighting));
        let civilians: f64 = tally.civilians.values().iter().sum();
        assert!((civilians - tally.deaths[2]).abs() < 1e-6 * (1.0 + civilians));
    }
}
