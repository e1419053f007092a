//! Borders: what a closed one keeps from crossing, and that it opens again.

use crate::common::{faction, scenario};
use crate::mechanisms::{still, zone};
use entente::engine::{Model, Runner};
use entente::measure::Keep;
use entente::mechanism::Trace;
use entente::scenario::Scenario;
use entente::world::{Happening, HappeningKind, World};

/// Two at war on both sides of a border, each at home.
const FRONT: &str = r#"
[scenario]
id = "front"
title = "Front"
start = 2024-01-01
horizon = "2 years"
axes = ["a"]
CLOSED

# A commander who changes sides is across the border without crossing it.
[behaviour]
defection = { rate = 0 }

[[zone]]
id = "plain"
name = "Plain"
country = "Home"
position = [0, 0]
population = 100000
neighbours = ["hills"]
control = { north = 0.9 }

[[zone]]
id = "hills"
name = "Hills"
country = "Away"
position = [0.5, 0]
population = 50000
control = { south = 0.9 }

[[faction]]
id = "north"
name = "North"
kind = "movement"
fighters = 3000
presence = { plain = 1 }
aggression = 0.9

[[faction]]
id = "south"
name = "South"
kind = "movement"
fighters = 1000
presence = { hills = 1 }

[[relation]]
between = ["north", "south"]
stance = "war"
hostility = 0.9
"#;

const SHUT: &str = "closed_borders = [[\"Home\", \"Away\"]]";

fn front(header: &str, event: &str) -> Scenario {
    scenario(&(FRONT.replace("CLOSED", header) + event))
}

fn border(date: &str, open: bool) -> String {
    format!(
        "[[event]]\nid = \"border\"\nname = \"The border\"\ndate = {date}\n\
         effect = {{ border = {{ between = [\"Away\", \"Home\"], open = {open} }} }}\n"
    )
}

/// All offensives of some runs, as run and step, and how their worlds end.
fn offensives(scenario: &Scenario) -> (Vec<(u64, u32)>, Vec<World>) {
    #[derive(Default)]
    struct Ears((u64, u32), Vec<(u64, u32)>);
    impl Trace for Ears {
        fn begins(&mut self, step: u32) {
            self.0.1 = step;
        }
        fn happened(&mut self, happening: Happening) {
            if matches!(happening.kind, HappeningKind::Offensive { .. }) {
                self.1.push(self.0);
            }
        }
    }
    let model = Model::of(scenario);
    let mut runner = Runner::new(&model, Keep::ANSWERS);
    let mut ears = Ears::default();
    let mut end = |replicate| {
        runner.begin(1, replicate);
        ears.0.0 = replicate;
        while !runner.at_horizon() {
            runner.step(&mut ears).unwrap();
        }
        runner.world().clone()
    };
    let worlds = (0..60).map(&mut end).collect();
    (ears.1, worlds)
}

#[test]
fn no_force_crosses_a_closed_border_nor_counts_beyond_it() {
    let open = front("", "");
    let (north, south, hills) = (faction(&open, "north"), faction(&open, "south"), zone(&open, "hills"));
    let crossed = |worlds: &[World]| worlds.iter().filter(|world| world.presence[(hills, north)] > 0.0).count();
    let (often, worlds) = offensives(&open);
    assert!(often.len() > 10 && crossed(&worlds) > 5, "{} offensives, {} crossed", often.len(), crossed(&worlds));
    assert!(worlds.iter().any(|world| world.reach[(north, south)] > 0.1));

    let (none, worlds) = offensives(&front(SHUT, ""));
    assert_eq!((none.len(), crossed(&worlds)), (0, 0), "they cross a closed border");
    assert!(worlds.iter().all(|world| world.reach[(north, south)] <= 0.0 && world.tally.deaths[0] <= 0.0));

    // Closed half-way, and opened half-way.
    let (closed, _) = offensives(&front("", &border("2024-02-26", false)));
    let early: Vec<u64> = closed.iter().filter(|(_, step)| *step < 8).map(|(run, _)| *run).collect();
    // Whoever has come across by then stays there.
    let late = |(run, step): &(u64, u32)| *step >= 8 && !early.contains(run);
    assert!(!closed.iter().any(late) && often.iter().any(late), "offensives {closed:?}");
    let (after, worlds) = offensives(&front(SHUT, &border("2024-09-02", true)));
    assert!(after.iter().all(|(_, step)| *step >= 35) && crossed(&worlds) > 2, "offensives {after:?}");
}

#[test]
fn nobody_flees_or_returns_across_a_closed_border() {
    let away = |people: &str, event: &str| {
        let words = [
            ("name = \"Hills\"\ncountry = \"Home\"", "name = \"Hills\"\ncountry = \"Away\""),
            ("DISPLACED", people),
            ("HARM", "1"),
        ];
        let scenario = still(&words, &format!("one_sided = {{ rate = 0.5 }}\n{event}"));
        let world = crate::mechanisms::end(&scenario, 0, 52);
        let displaced: f64 = world.displaced.values().iter().sum();
        (displaced, world.killed.values().iter().sum::<f64>())
    };
    let (open, killed) = away("{}", "");
    assert!(open > 100.0 && killed > 0.0, "{open} displaced and {killed} killed");
    assert!(away("{}", &border("2024-01-01", false)).0 <= 0.0, "people flee across a closed border");
    let late = away("{}", &border("2024-07-01", false)).0;
    assert!(late > 0.0 && late < open, "{late} displaced where the border closes half-way");
    let stuck = away("{ hills = 5000 }", &border("2024-01-01", false)).0;
    assert!((stuck - 5000.0).abs() < 1e-6, "{stuck} of 5000 displaced are still away");
}

#[test]
fn a_border_that_was_open_and_is_opened_changes_nothing() {
    let end = |event: &str| offensives(&front("", event));
    let ((none, worlds), (same, others)) = (end(""), end(&border("2024-09-02", true)));
    assert_eq!(none, same);
    assert!(worlds.iter().zip(&others).all(|(a, b)| a.presence == b.presence && a.trust == b.trust));
}
