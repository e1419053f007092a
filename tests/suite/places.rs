//! Places that differ from others in who can be there.

use crate::common::{VALLEYS, scenario};
use crate::mechanisms::{end, faction, zone};
use entente::base::ZoneId;
use entente::scenario::Scenario;
use entente::world::{Directory, World};

fn fighters(world: &World, zone: ZoneId) -> f64 {
    world.presence.row(zone).iter().sum()
}

fn refugees(scenario: &Scenario, world: &World, zone: ZoneId) -> f64 {
    let of_cell = scenario.setting.cells.iter().map(|(cell, traits)| {
        let there = traits.refuges.iter().zip(world.displaced.row(cell));
        there.filter(|((place, _), _)| *place == zone).map(|(_, people)| people).sum::<f64>()
    });
    of_cell.sum()
}

#[test]
fn only_the_displaced_go_to_a_refuge() {
    let before = "population = 30000\n\n[[community]]";
    assert!(VALLEYS.contains(before));
    let open = scenario(VALLEYS);
    let refuge = scenario(&VALLEYS.replace(before, "population = 30000\nrefuge = true\n\n[[community]]"));
    let abroad = zone(&refuge, "abroad");
    assert_eq!(abroad, zone(&open, "abroad"));
    // Forces wander over an open border, and never into a refuge; people flee across both.
    let worlds = |scenario: &Scenario| (0..10).map(|replicate| end(scenario, replicate, 52)).collect::<Vec<World>>();
    assert!(worlds(&open).iter().any(|world| fighters(world, abroad) > 1.0));
    for world in worlds(&refuge) {
        assert!(fighters(&world, abroad).abs() < 1e-12 && world.holder[abroad].is_none());
        assert!(refugees(&refuge, &world, abroad) > 0.0);
        world.check(&refuge.setting).unwrap();
    }
}

#[test]
fn those_who_are_in_a_camp_draw_others() {
    let camp = |displaced: &str| {
        let text =
            VALLEYS.replace("neighbours = [\"hills\", \"border\"]", "neighbours = [\"hills\", \"border\", \"camp\"]");
        let text = text.replace("control = { front = 0.8 }", &format!("control = {{ front = 0.8 }}\n{displaced}"));
        let camp = "\n[[zone]]\nid = \"camp\"\nname = \"Camp\"\ncountry = \"Elsewhere\"\nposition = [2, 1]\n\
                    population = 0\nrefuge = true\n";
        let scenario = scenario(&(text + camp));
        let place = zone(&scenario, "camp");
        let pulls = scenario.setting.cells.values().iter().flat_map(|cell| &cell.refuges);
        pulls.filter(|(there, _)| *there == place).map(|(_, pull)| *pull).fold(0.0, f64::max)
    };
    let (empty, full) = (camp(""), camp("displaced = { camp = 9000 }"));
    assert!(empty < 0.01 && full > 100.0 * empty, "{empty} and {full}");
}

/// The Valleys with a town in the hills.
fn with_town(town: &str) -> Scenario {
    scenario(
        &VALLEYS.replace("control = { front = 0.8 }", &format!("control = {{ front = 0.8 }}\ntown = {{ {town} }}")),
    )
}

#[test]
fn a_zone_with_a_town_is_two_places_with_all_that_was_one() {
    let plain = scenario(VALLEYS);
    let divided = with_town("share = 0.25, control = { state = 0.6, front = 0.2 }");
    let (before, after) = (&plain.setting, &divided.setting);
    let (hills, town) = (zone(&divided, "hills"), zone(&divided, "hills-town"));
    assert_eq!(after.zones.len(), before.zones.len() + 1);
    let was = &before.zones[zone(&plain, "hills")];
    let (around, inside) = (&after.zones[hills], &after.zones[town]);
    for (all, parts) in [
        (was.population, [around.population, inside.population]),
        (was.revenue, [around.revenue, inside.revenue]),
        (was.strategic_value, [around.strategic_value, inside.strategic_value]),
    ] {
        assert!((parts[0] + parts[1] - all).abs() < 1e-9 && (parts[1] - 0.25 * all).abs() < 1e-9);
    }
    assert!((around.ruggedness - 0.6).abs() < 1e-12 && inside.ruggedness.abs() < 1e-12);
    assert_eq!(inside.name, "Hills (town)");
    // Roads lead to both, and a short one joins them.
    let ways = |scenario: &Scenario, from: ZoneId| {
        let near = scenario.setting.neighbours.of(from).iter();
        near.map(|(there, cost)| (scenario.setting.zones[*there].id.clone(), *cost)).collect::<Vec<_>>()
    };
    let ids = |from| ways(&divided, from).into_iter().map(|(id, _)| id).collect::<Vec<String>>();
    assert_eq!(ids(hills), ["abroad", "border", "hills-town", "plain", "river"]);
    assert_eq!(ids(town), ["abroad", "border", "hills", "plain", "river"]);
    assert!(ways(&divided, town).iter().any(|(id, cost)| id == "hills" && *cost < 0.2));
    // Fighters are where their side holds ground: Red holds 0.2 of a quarter and 0.8 of the rest.
    let red = faction(&divided, "red");
    let [there, here] = [town, hills].map(|zone| after.initial.presence[(zone, red)]);
    assert!((there + here - before.initial.presence[(zone(&plain, "hills"), faction(&plain, "red"))]).abs() < 1e-9);
    assert!((there / here - 0.25 * 0.2 / (0.75 * 0.8)).abs() < 1e-9);
    let state = faction(&divided, "state");
    assert_eq!(
        (after.initial.holder[town], after.initial.holder[hills]),
        (Some(state), before.initial.holder[zone(&plain, "hills")])
    );
    assert!(Directory::of(after).zone("plain-town").is_none());
    let farther = scenario(&VALLEYS.replace(
        "control = { front = 0.8 }",
        "control = { front = 0.8 }\ntravel_cost = { hills-town = 0.5 }\ntown = { share = 0.25 }",
    ));
    for (from, to) in [("hills", "hills-town"), ("hills-town", "hills")] {
        let cost = ways(&farther, zone(&farther, from)).into_iter().find(|(id, _)| id == to).unwrap().1;
        assert!((cost - 0.5).abs() < 1e-12);
    }
    for replicate in 0..3 {
        end(&divided, replicate, 52).check(after).unwrap();
    }
}

#[test]
fn what_is_said_of_a_town_by_its_id_stays() {
    let text = VALLEYS
        .replace("control = { front = 0.8 }", "control = { front = 0.8 }\ntown = { share = 0.5, worth = 0.9 }")
        .replace("presence = { hills = 0.7, river = 0.3 }", "presence = { hills = 0.1, hills-town = 0.6, river = 0.3 }")
        .replace(
            "share = { capital = 0.8, plain = 0.7, river = 0.5, hills = 0.2 }",
            "share = { capital = 0.8, plain = 0.7, river = 0.5, hills = 0.2, hills-town = 0.15 }",
        );
    let divided = scenario(&text);
    let setting = &divided.setting;
    let (town, blue) = (zone(&divided, "hills-town"), faction(&divided, "blue"));
    assert!((setting.initial.presence[(town, blue)] - 360.0).abs() < 1e-9);
    assert!((setting.zones[town].revenue - 180.0).abs() < 1e-9);
    let farmers = Directory::of(setting).community("farmers").unwrap();
    let share = setting.cells_in(town).find(|cell| setting.cells[*cell].community == farmers).unwrap();
    assert!((setting.cells[share].share - 0.15).abs() < 1e-9);
}

#[test]
fn the_weak_with_many_friends_keep_the_countryside_longer_than_the_town() {
    // The two halves are alike in people, worth and control; not in whom the people side with, the ground, and the garrison.
    let war = r#"
[scenario]
id = "war"
title = "War"
start = 2024-01-01
horizon = "6 years"
axes = ["a"]

[[zone]]
id = "plain"
name = "Plain"
country = "Home"
position = [0, 0]
population = 200000
revenue = 3000
neighbours = ["hills"]
control = { state = 0.9 }

[[zone]]
id = "hills"
name = "Hills"
country = "Home"
position = [0.6, 0]
population = 100000
ruggedness = 1
strategic_value = 1
control = { band = 0.7, state = 0.1 }
town = { share = 0.5, control = { band = 0.7, state = 0.1 } }

[[community]]
id = "peasants"
name = "Peasants"
share = { hills = 1, hills-town = 0.1 }
support = { band = 0.95 }
grievance = 0.6

[[faction]]
id = "state"
name = "State"
claims = { hills = 1 }
kind = "state"
fighters = 3000
aggression = 1
presence = { plain = 0.8, hills = 0.2 }

[[faction]]
id = "band"
name = "Band"
kind = "armed_group"
fighters = 800
presence = { hills = 0.9, hills-town = 0.1 }
base = { peasants = 1 }

[[relation]]
between = ["state", "band"]
stance = "war"
hostility = 0.8
trust = 0.1
"#;
    let war = scenario(war);
    let (hills, town, band) = (zone(&war, "hills"), zone(&war, "hills-town"), faction(&war, "band"));
    let held: Vec<[bool; 2]> = (0..60)
        .map(|replicate| {
            let world = end(&war, replicate, 208);
            [hills, town].map(|zone| world.holder[zone] == Some(band))
        })
        .collect();
    let [around, inside] = [0, 1].map(|part| held.iter().filter(|held| held[part]).count());
    assert!(around > inside + 8, "of 60 runs the band holds the countryside in {around} and the town in {inside}");
    // So there are runs in which two hold the two parts.
    assert!(held.iter().any(|held| held[0] && !held[1]));
}
