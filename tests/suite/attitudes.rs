//! Hostility and trust that no relation states.

use crate::common::{VALLEYS, faction, scenario};
use crate::mechanisms::{end, still};
use entente::base::FactionId;
use entente::scenario::Scenario;
use entente::world::Directory;

/// Hostility and trust of one towards another at the start.
fn towards(scenario: &Scenario, from: &str, to: &str) -> (f64, f64) {
    let names = Directory::of(&scenario.setting);
    let [from, to]: [FactionId; 2] = [from, to].map(|name| names.faction(name).unwrap());
    let world = &scenario.setting.initial;
    (world.hostility[(from, to)], world.trust[(from, to)])
}

fn derived() -> Scenario {
    scenario(&VALLEYS.replace("axes =", "attitudes = \"derived\"\naxes ="))
}

#[test]
fn what_a_relation_states_goes_before_what_is_derived() {
    let (plain, derived) = (scenario(VALLEYS), derived());
    for (from, to) in [("raiders", "state"), ("red", "blue"), ("blue", "raiders")] {
        let ((h, t), (stated_h, stated_t)) = (towards(&derived, from, to), towards(&plain, from, to));
        assert!((h - stated_h).abs() < 1e-12 && (t - stated_t).abs() < 1e-12, "{from} and {to}");
    }
    // This one states hostility alone.
    assert!((towards(&derived, "state", "red").0 - 0.3).abs() < 1e-12);
    assert!((towards(&plain, "state", "red").1 - 0.5).abs() < 1e-12);
    let trust = towards(&derived, "state", "red").1;
    assert!((0.2..0.4).contains(&trust), "the state trusts Red by {trust}");
    // And of these, no relation speaks.
    assert_eq!(towards(&plain, "peacekeepers", "raiders"), (0.0, 0.5));
    let (hostility, trust) = towards(&derived, "peacekeepers", "raiders");
    assert!((0.2..0.4).contains(&hostility) && (0.2..0.4).contains(&trust), "{hostility} and {trust}");
}

#[test]
fn the_derived_follow_stance_and_distance() {
    let at = |stance: &str, faith: f64| {
        let text = VALLEYS
            .replace("axes =", "attitudes = \"derived\"\naxes =")
            .replace("alignment = { faith = 0.9 }", &format!("alignment = {{ faith = {faith:?} }}"))
            .replace("stance = \"war\"\nhostility = 0.8\ntrust = 0.1", &format!("stance = \"{stance}\""));
        towards(&scenario(&text), "raiders", "state")
    };
    let ladder = ["war", "rivalry", "neutral", "pact", "alliance"].map(|stance| at(stance, 0.9));
    assert!(ladder.windows(2).all(|two| two[0].0 > two[1].0 && two[0].1 <= two[1].1), "{ladder:?}");
    let (near, far) = (at("neutral", 0.0), at("neutral", 0.9));
    assert!(far.0 > near.0 && far.1 < near.1, "{near:?} and {far:?}");
}

#[test]
fn the_derived_are_listed_as_defaults_and_their_digest_is_another() {
    let (plain, derived) = (scenario(VALLEYS), derived());
    let listed = |scenario: &Scenario, path: &str| {
        scenario
            .inputs()
            .into_iter()
            .find(|input| input.path == path)
            .map(|input| (input.default, input.is_assumption()))
    };
    assert_eq!(listed(&derived, "relation.state.front.trust"), Some((true, true)));
    assert_eq!(listed(&derived, "relation.state.front.hostility"), Some((false, true)));
    assert_eq!(listed(&plain, "relation.state.front.trust"), None);
    assert_ne!(plain.digest(), derived.digest());
    let filled = scenario(&VALLEYS.replace("hostility = 0.3", "hostility = 0.3\ntrust = 0.5"));
    assert_eq!(plain.digest(), filled.digest());
}

#[test]
fn enemies_of_the_start_do_not_come_to_trust_each_other_by_the_end_of_war_alone() {
    let words = "\n[[relation]]\nbetween = [\"north\", \"south\"]\nstance = \"war\"\nhostility = 0.6\ntrust = 0.3\n\
                 \n[[event]]\nid = \"peace\"\nname = \"Peace\"\ndate = 2024-02-05\n\
                 effect = { stance = { between = [\"north\", \"south\"], to = \"neutral\" } }\n";
    let scenario = still(&[("HORIZON", "8 years")], words);
    let (north, south) = (faction(&scenario, "north"), faction(&scenario, "south"));
    let mut still_neutral = 0;
    for replicate in 0..10 {
        let world = end(&scenario, replicate, 400);
        let (trust, tie) = (world.trust[(north, south)], world.tie_of(north, south));
        if tie.since <= 5 {
            still_neutral += 1;
            assert!((trust - 0.3).abs() < 0.02, "after years of neutrality trust is {trust}");
        }
    }
    assert!(still_neutral > 0, "in none of ten runs do they stay neutral");
}
