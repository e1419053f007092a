//! Places that differ from others in who can be there.

use crate::common::{VALLEYS, faction, scenario};
use crate::mechanisms::{end, zone};
use entente::base::ZoneId;
use entente::chart::{Chart, Colour, Heading, Holder, Ids, MapPanel, MapZone, Mark, Party, Text, ZoneMap, render, svg};
use entente::scenario::{Area, Overrides, Scenario};
use entente::world::{Directory, World};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

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

/// A map on one date of zones with outlines, all of them held by one faction.
fn map(zones: &[(&str, f64, Vec<Area>)]) -> ZoneMap {
    let zone = |(name, longitude, outlines): &(&str, f64, Vec<Area>)| MapZone {
        name: (*name).into(),
        position: (*longitude, 0.5),
        outlines: outlines.iter().cloned().map(Arc::new).collect(),
        ..MapZone::default()
    };
    ZoneMap {
        heading: Heading::new("Who holds what", ""),
        zones: zones.iter().map(zone).collect(),
        parties: vec![Party { name: "Red".into(), colour: Colour::new(200, 0, 0) }],
        panels: vec![MapPanel {
            title: "Start".into(),
            holders: vec![Holder { party: Some(0), probability: 1.0 }; zones.len()],
        }],
    }
}

fn square(from: f64, size: f64) -> Vec<(f64, f64)> {
    vec![(from, 0.0), (from + size, 0.0), (from + size, size), (from, size)]
}

fn words(map: &ZoneMap) -> Vec<Text> {
    let canvas = map.draw();
    canvas
        .marks()
        .iter()
        .filter_map(|mark| if let Mark::Text(text) = mark { Some(text.clone()) } else { None })
        .collect()
}

#[test]
fn a_map_across_the_180th_meridian_is_that_of_the_same_land_elsewhere() {
    // Land from 170 E on for thirty degrees: as it is, cut at the meridian, and with one ring that leaps across it.
    let here = [("West", 1.0, vec![vec![square(0.0, 5.0)]]), ("East", 12.0, vec![vec![square(5.0, 25.0)]])];
    let at = |ring: Vec<(f64, f64)>, by: f64| ring.into_iter().map(|(x, y)| (x + by, y)).collect::<Vec<_>>();
    let wrapped = |ring: Vec<(f64, f64)>| -> Vec<(f64, f64)> {
        ring.into_iter().map(|(x, y)| (if x > 180.0 { x - 360.0 } else { x }, y)).collect()
    };
    let cut = |from: f64, to: f64| vec![vec![(from, 0.0), (to, 0.0), (to, 25.0), (from, 25.0)]];
    let west = || vec![vec![at(square(0.0, 5.0), 170.0)]];
    let leaping = map(&[("West", 171.0, west()), ("East", -178.0, vec![vec![wrapped(at(square(5.0, 25.0), 170.0))]])]);
    let in_two = map(&[("West", 171.0, west()), ("East", -178.0, vec![cut(175.0, 180.0), cut(-180.0, -160.0)])]);
    let plain = map(&here);
    let ends = |map: &ZoneMap| {
        let canvas = map.draw();
        let corners = canvas.marks().iter().filter_map(|mark| match mark {
            // The land, and not the key.
            Mark::Polygon { points, colour } if colour.channels == [200, 0, 0] && points.len() == 4 => {
                Some(points.clone())
            }
            _ => None,
        });
        let all: Vec<(f64, f64)> = corners.flatten().map(|(x, y)| ((x * 10.0).round(), (y * 10.0).round())).collect();
        let across: Vec<f64> = all.iter().map(|p| p.0).collect();
        let low = across.iter().copied().fold(f64::INFINITY, f64::min);
        (canvas.height as i64, low as i64, across.iter().copied().fold(low, f64::max) as i64)
    };
    assert_eq!(ends(&leaping), ends(&plain));
    assert_eq!(ends(&in_two), ends(&plain));
    let white = Colour::new(255, 255, 255);
    let at_the_cut =
        |mark: &&Mark| matches!(mark, Mark::Path { points, colour, .. } if points.len() == 2 && *colour != white);
    let cuts = |map: &ZoneMap| map.draw().marks().iter().filter(at_the_cut).count();
    assert_eq!((cuts(&plain), cuts(&in_two)), (0, 2), "the cut has the colour of the land");
}

#[test]
fn a_hole_is_white_and_what_lies_in_it_has_its_own_colour() {
    let hole: Vec<(f64, f64)> = square(1.0, 2.0).iter().map(|(x, y)| (*x, y + 1.0)).collect();
    let picture = |outlines: Vec<Area>| {
        let picture = render(&map(&[("", 0.2, outlines)]), &[], &Ids::default()).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&picture.png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (pixels, info.width as usize)
    };
    let (with, width) = picture(vec![vec![square(0.0, 4.0), hole]]);
    let (without, _) = picture(vec![vec![square(0.0, 4.0)]]);
    let red = |pixels: &[u8]| pixels.as_chunks().0.iter().filter(|pixel| **pixel == [200, 0, 0]).count() as f64;
    // A hole of a quarter of the land.
    assert!((red(&with) / red(&without) - 0.75).abs() < 0.01, "{} of {}", red(&with), red(&without));
    // No streak leads to it: along each row the land begins and ends once, or twice beside the hole.
    for row in with.chunks_exact(3 * width) {
        let red: Vec<bool> = row.as_chunks::<3>().0.iter().map(|[red, green, _]| *red > 150 && *green < 100).collect();
        let pieces = red.windows(2).filter(|pair| !pair[0] && pair[1]).count();
        assert!(pieces <= 2, "{pieces} pieces of land in a row");
    }
}

#[test]
fn outlines_of_full_resolution_are_drawn_as_fine_as_a_map_shows() {
    let ring = |from: f64| -> Area {
        let side = |step: usize| step as f64 / 20_000.0;
        let shore = (0..20_000).map(|step| (from + 1.0 + 0.03 * ((step * 7919 % 101) as f64 / 101.0), side(step)));
        vec![[(from, 1.0), (from, 0.0)].into_iter().chain(shore).collect()]
    };
    let map = map(&[("One", 0.5, vec![ring(0.0)]), ("Other", 3.5, vec![ring(3.0)])]);
    let drawn = svg(&map.draw()).unwrap();
    assert!(drawn.len() < 400_000, "{} bytes for two shores of 20,000 points", drawn.len());
}

#[test]
fn zones_without_an_outline_are_named_on_the_map_and_by_check() {
    let told = |map: &ZoneMap| words(map).into_iter().map(|text| text.words).collect::<Vec<_>>().join(" ");
    let some =
        map(&[("Kidal", 0.5, vec![vec![square(0.0, 1.0)]]), ("Gao", 3.0, Vec::new()), ("Ménaka", 5.0, Vec::new())]);
    assert!(
        told(&some).contains("Zones without an outline, whose land is given to the nearest zone centre: Gao, Ménaka.")
    );
    let all = map(&[("Kidal", 0.5, vec![vec![square(0.0, 1.0)]])]);
    assert!(!told(&all).contains("outline"));
    let land = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"ADM1_EN":"HILLS","ADM0_EN":"Home"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}},
        {"type":"Feature","properties":{"ADM1_EN":"Moon","ADM0_EN":"Home"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}"#;
    let text = VALLEYS.replacen("[scenario]\n", "[scenario]\nboundaries = \"land.json\"\n", 1);
    let read = |land: &str| {
        let texts = BTreeMap::from([("v.toml".to_owned(), text.clone()), ("land.json".to_owned(), land.to_owned())]);
        Scenario::read(&texts, Path::new("v.toml"), &Overrides::default())
    };
    let warnings: Vec<String> = read(land).unwrap().warnings.into_iter().map(|warning| warning.message).collect();
    let told = warnings.iter().find(|warning| warning.contains("outline")).unwrap();
    assert!(told.contains("no outline for `capital`") && told.contains("no zone for the outlines of `Moon`"), "{told}");
    let refused = read(&land.replace("HILLS", "Sea")).unwrap_err().to_string();
    assert!(refused.contains("has no outline of a zone") && refused.contains("land.json"), "{refused}");
}
