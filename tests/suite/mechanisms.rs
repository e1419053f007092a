//! Mechanisms one at a time: everything else is switched off, and what is left must give what its equation says.

use crate::common::{faction, scenario};
use entente::base::maths::{exp, ln};
use entente::base::{Id, ZoneId};
use entente::engine::{Model, Runner};
use entente::measure::Keep;
use entente::mechanism::Silent;
use entente::scenario::Scenario;
use entente::world::{DeathType, World};

/// Two places, a community of one mind, and nothing that moves by itself.
const STILL: &str = r#"
[scenario]
id = "still"
title = "Still"
start = 2024-01-01
horizon = "HORIZON"
axes = ["a"]
country = "Home"

[[zone]]
id = "town"
name = "Town"
country = "Home"
position = [0, 0]
population = 100000
strategic_value = 0
neighbours = ["hills"]
control = { north = 0.8 }
displaced = DISPLACED

[[zone]]
id = "hills"
name = "Hills"
country = "Home"
position = [1, 0]
population = 50000
strategic_value = VALUE

[[community]]
id = "people"
name = "People"
share = { town = 1, hills = 1 }
alignment = { a = 0.5 }
support = SUPPORT

[[faction]]
id = "north"
name = "North"
kind = "movement"
fighters = 1000
presence = { town = 1 }
alignment = { a = 0.5 }
civilian_harm = HARM
boast = 0.5

[[faction]]
id = "south"
name = "South"
kind = "movement"
fighters = 800
presence = { town = 1 }
alignment = { a = 0.5 }

[[faction]]
id = "watch"
name = "Watch"
kind = "external_force"
fighters = WATCH
presence = { town = 1 }
peacekeeping = 1

[behaviour]
negotiation = { contact = 0 }
leak = { rate = 0 }
accords = { review = 0 }
control = { contested = 0, settled = 0 }
economy = { recruitment = 0, desertion = 0, attrition = 0 }
"#;

/// The still world with some words filled in, and some rates set; those of a mechanism that is not named are 0.
pub fn still(words: &[(&str, &str)], rates: &str) -> Scenario {
    let usual =
        [("HORIZON", "1 year"), ("DISPLACED", "{}"), ("VALUE", "0"), ("SUPPORT", "{}"), ("HARM", "0"), ("WATCH", "0")];
    let mut text = STILL.to_owned();
    for (word, value) in words.iter().chain(&usual) {
        text = text.replace(word, value);
    }
    for (mechanism, off) in [
        ("clashes", "rate = 0"),
        ("one_sided", "rate = 0"),
        ("redeployment", "mobility = 0"),
        ("support", "rate = 0"),
        ("perception", "noise = 0"),
        ("succession", "fall = 0"),
        ("defection", "rate = 0"),
    ] {
        if !rates.contains(mechanism) {
            text += &format!("{mechanism} = {{ {off} }}\n");
        }
    }
    scenario(&(text + rates))
}

pub fn end(scenario: &Scenario, replicate: u64, steps: u32) -> World {
    let model = Model::of(scenario);
    let mut runner = Runner::new(&model, Keep::ANSWERS);
    runner.begin(5, replicate);
    for _ in 0..steps {
        runner.step(&mut Silent).unwrap();
    }
    runner.world().clone()
}

pub fn zone(scenario: &Scenario, id: &str) -> ZoneId {
    scenario.setting.zones.iter().find(|(_, traits)| traits.id == id).unwrap().0
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn estimates_scatter_about_what_is_shown_as_the_process_says() {
    // An Ornstein–Uhlenbeck process has the stationary standard deviation that it is given; half a boast of a half is
    // believed, unless a peace force can look.
    for (watch, shown) in [("0", 1.25), ("1", 1.0)] {
        let scenario = still(&[("WATCH", watch)], "perception = { noise = 0.25, credence = 0.5 }\n");
        let (north, south) = (faction(&scenario, "north"), faction(&scenario, "south"));
        let logs: Vec<f64> = (0..1500)
            .map(|replicate| ln(end(&scenario, replicate, 52).belief[(south, north)] / (1000.0 * shown)))
            .collect();
        let centre = mean(&logs);
        let spread = mean(&logs.iter().map(|log| (log - centre) * (log - centre)).collect::<Vec<f64>>()).sqrt();
        assert!(centre.abs() < 0.03, "watched by {watch}: the logarithm is off by {centre}");
        assert!((spread - 0.25).abs() < 0.02, "watched by {watch}: a spread of {spread}");
    }
}

#[test]
fn attacks_on_civilians_follow_conduct_and_spare_supporters() {
    let killed = |harm: &str, support: &str| {
        let scenario = still(&[("HARM", harm), ("SUPPORT", support)], "one_sided = { rate = 0.5 }\n");
        let north = faction(&scenario, "north");
        mean(&(0..300).map(|replicate| end(&scenario, replicate, 52).tally.civilians[north]).collect::<Vec<f64>>())
    };
    assert!(killed("0", "{}") == 0.0, "who harms nobody kills nobody");
    assert!(killed("1", "{ north = 1 }") == 0.0, "there is nobody but supporters");
    let (some, twice, half) = (killed("0.4", "{}"), killed("0.8", "{}"), killed("0.8", "{ north = 0.5 }"));
    assert!((twice / some - 2.0).abs() < 0.25, "twice the harm kills {} times as many", twice / some);
    assert!((half / twice - 0.5).abs() < 0.08, "among half supporters {} of them die", half / twice);
}

#[test]
fn each_death_drives_people_from_home_and_calm_brings_them_back() {
    let scenario =
        still(&[("HARM", "1")], "one_sided = { rate = 5 }\ndisplacement = { per_death = 40, return_rate = 0 }\n");
    let town = zone(&scenario, "town");
    let fled = (0..40).filter(|replicate| {
        let world = end(&scenario, *replicate, 1);
        let deaths = world.tally.deaths[DeathType::OneSided as usize];
        let away: f64 = world.displaced.values().iter().sum();
        let people = 100_000.0 - deaths;
        let expected = people * (1.0 - exp(-40.0 * deaths / people));
        // All who die or flee are of the town, where the force is.
        assert!((away - expected).abs() < 1e-6 * (1.0 + expected), "{away} fled from {deaths} deaths, not {expected}");
        assert!((world.presence[(town, faction(&scenario, "north"))] - 1000.0).abs() < 1e-9);
        away > 0.0
    });
    assert!(fled.count() > 20, "hardly anybody was killed");

    // Whatever keeps people away at the start keeps them away; those who flee later go home when it is calm again,
    // at most twice as fast as usual.
    let away = |scenario: &Scenario, steps| end(scenario, 0, steps).displaced.values().iter().sum::<f64>();
    let kept = still(&[("DISPLACED", "{ hills = 10000 }")], "displacement = { return_rate = 0.006 }\n");
    assert!((away(&kept, 52) - 10_000.0).abs() < 1e-6, "{} of 10,000 are away after a year", away(&kept, 52));
    let ended = still(
        &[("HARM", "1"), ("HORIZON", "4 years")],
        "one_sided = { rate = 5 }\ndisplacement = { return_rate = 0.006, memory = 1 }\n\n[[event]]\nid = \"end\"\nname = \"End\"\n\
         date = 2024-07-01\neffect = { leave = { faction = \"north\" } }\n",
    );
    let left = away(&ended, 156) / away(&ended, 104);
    assert!((left - exp(-2.0 * 0.006 * 52.0)).abs() < 0.01, "{left} of those away are still away a year later");
}

#[test]
fn forces_are_drawn_to_what_has_become_worth_holding_and_none_is_lost() {
    let there = |value: &str| {
        let rates = format!(
            "redeployment = {{ mobility = 0.1, home = 0 }}\n\n[changes]\n\"zone.hills.strategic_value\" = {value}\n"
        );
        let scenario = still(&[("VALUE", "0.3"), ("WATCH", "500")], &rates);
        let world = end(&scenario, 0, 52);
        let (hills, watch) = (zone(&scenario, "hills"), faction(&scenario, "watch"));
        assert!(world.presence[(hills, watch)] <= 0.0, "a peace force stays where it was sent");
        let all: f64 = world.presence.values().iter().sum();
        assert!((all - 2300.0).abs() < 1e-6, "{all} of 2,300 fighters are left");
        world.presence[(hills, faction(&scenario, "south"))]
    };
    let (as_ever, something, much) = (there("0.3"), there("0.5"), there("0.9"));
    assert!(as_ever == 0.0 && something > 0.0 && much > something, "{as_ever}, {something} and {much} went");
}

#[test]
fn support_stays_unless_something_changes_and_follows_what_does() {
    // What the start leaves unexplained is held; odds of a side against staying out of it change by e^{β_p Δq} with its
    // control.
    let settled = |control: &str| {
        let rates = format!(
            "support = {{ rate = 0.05, agreement = 2, protection = 2 }}\ndrift = {{ allies = 0, base = 0 }}\n\n\
             [changes]\n\"zone.town.control.north\" = {control}\n"
        );
        let words = [("HORIZON", "6 years"), ("SUPPORT", "{ north = 0.5, south = 0.3 }")];
        let scenario = still(&words, &rates);
        let world = end(&scenario, 0, 312);
        let cell = scenario.setting.cells_in(zone(&scenario, "town")).next().unwrap();
        ["north", "south"].map(|id| world.support.row(cell)[faction(&scenario, id).index()])
    };
    let ([north, south], [less, more]) = (settled("0.8"), settled("0.4"));
    assert!((north - 0.5).abs() < 1e-6 && (south - 0.3).abs() < 1e-6, "support of {north} and {south} at rest");
    let odds = 0.5 * exp(2.0 * (0.4 - 0.8));
    for (found, expected) in [(less, odds / (odds + 0.3 + 0.2)), (more, 0.3 / (odds + 0.3 + 0.2))] {
        assert!((found - expected).abs() < 1e-4, "support of {found}, not {expected}");
    }
}

#[test]
fn who_is_new_to_a_place_wins_people_on_the_terms_of_those_who_are_known() {
    // South is unknown in the hills, thinks as North does, and comes there as strong as North.
    let rates = "support = { rate = 0.05, agreement = 2, protection = 2 }\ndrift = { allies = 0, base = 0 }\n\n\
                 [changes]\n\"faction.south.presence.hills\" = 1\n\"faction.south.presence.town\" = 0\n\
                 \"faction.north.presence.hills\" = 0.8\n\"faction.north.presence.town\" = 0.2\n";
    let scenario = still(&[("HORIZON", "6 years"), ("SUPPORT", "{ north = 0.1 }")], rates);
    let world = end(&scenario, 0, 312);
    let cell = scenario.setting.cells_in(zone(&scenario, "hills")).next().unwrap();
    let [north, south] = ["north", "south"].map(|id| world.support.row(cell)[faction(&scenario, id).index()]);
    // Odds of a ninth for each of the two against staying out of it.
    for found in [north, south] {
        assert!((found - 1.0 / 11.0).abs() < 1e-3, "support of {north} and {south}");
    }
}

#[test]
fn no_strength_is_too_great_for_a_law_of_control() {
    let words = [("fighters = 1000", "fighters = 1000\nquality = 1e40"), ("HORIZON", "1 year")];
    let rates = "contest = { control = \"octic\" }\n";
    let scenario = still(&words, rates);
    let control = end(&scenario, 0, 20).control;
    assert!(control.values().iter().all(|share| (0.0..=1.0).contains(share)));
}
