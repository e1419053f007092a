//! What war is: bloody, however it comes about; no bloodier for what came before; not begun by who is asked first.

use crate::common::{VALLEYS, faction, scenario};
use crate::fortunes::{Told, share, told};
use crate::mechanisms::still;
use entente::scenario::{Overrides, Scenario};
use entente::world::{DeathType, HappeningKind, Stance};

/// North and South, both in one town, stand so at the start, and at war from the second week on if that is asked for.
fn of_two(relation: &str, war: bool, words: &[(&str, &str)], rates: &str) -> Scenario {
    let begins = "[[event]]\nid = \"war\"\nname = \"War\"\ndate = 2024-01-08\n\
                  effect = { stance = { between = [\"north\", \"south\"], to = \"war\" } }\n";
    let relation = format!("\n[[relation]]\nbetween = [\"north\", \"south\"]\n{relation}\n");
    still(words, &format!("{rates}{relation}{}", if war { begins } else { "" }))
}

fn mean_deaths(runs: &[Told], kind: DeathType) -> f64 {
    runs.iter().map(|told| told.last.tally.deaths[kind as usize]).sum::<f64>() / runs.len() as f64
}

#[test]
fn what_two_lost_before_their_war_does_not_multiply_it() {
    const FIGHT: &str = "clashes = { rate = 0.11 }\nchoice = { looks = 0 }\n";
    let year = |relation: &str, war| mean_deaths(&told(&of_two(relation, war, &[], FIGHT), 60), DeathType::NonState);
    let (usual, known) = (year("stance = \"war\"\nhostility = 0.6", false), 150.0);
    let stated = |stance: &str, war| year(&format!("stance = \"{stance}\"\nhostility = 0.6\ndeaths = 150"), war);
    for stance in ["war", "rivalry", "neutral"] {
        let calm = stated(stance, false);
        assert!((calm / known - 1.0).abs() < 0.35, "{calm} deaths in a year of {stance}");
        let deaths = stated(stance, true);
        assert!(deaths < 1.5 * f64::max(usual, known), "{deaths} deaths after {stance}, where {usual} are usual");
        assert!(deaths > 0.5 * known, "{deaths} deaths after {stance}");
    }
}

#[test]
fn a_war_is_fought_whatever_a_file_says_of_hostility() {
    const FIGHT: &str = "clashes = { rate = 0.11 }\nchoice = { looks = 0 }\n";
    let year = |relation: &str, war| mean_deaths(&told(&of_two(relation, war, &[], FIGHT), 20), DeathType::NonState);
    assert!(year("stance = \"war\"", false) > 10.0);
    assert!(year("stance = \"neutral\"", true) > 10.0);
    assert!(year("stance = \"neutral\"", false) < 1e-9);
}

#[test]
fn ground_that_friends_share_is_not_contested() {
    let shared = [("control = { north = 0.8 }", "control = { north = 0.5, south = 0.5 }"), ("HARM", "1")];
    let rates = "one_sided = { rate = 0.5 }\nchoice = { looks = 0 }\n";
    let killed = |stance: &str| {
        let scenario = of_two(&format!("stance = \"{stance}\"\nhostility = 0.6"), false, &shared, rates);
        mean_deaths(&told(&scenario, 40), DeathType::OneSided)
    };
    let (war, alliance) = (killed("war"), killed("alliance"));
    assert!(alliance < 0.25 * war && alliance > 0.0, "{alliance} killed by allies, {war} at war");
}

#[test]
fn deaths_of_a_pair_that_are_told_twice_count_once() {
    let both = VALLEYS.replacen("hostility = 0.3", "hostility = 0.3\ndeaths = 200", 1);
    let scenario =
        scenario(&(both + "\n[[relation]]\nbetween = [\"state\", \"blue\"]\nhostility = 0.3\ndeaths = 150\n"));
    let mut each: Vec<(usize, f64)> = scenario.setting.fought.iter().map(|(pairs, d)| (pairs.len(), *d)).collect();
    each.sort_by(|a, b| a.1.total_cmp(&b.1));
    assert_eq!(each, [(1, 50.0), (1, 150.0)]);
}

#[test]
fn neither_of_two_alike_leaves_more_often() {
    let alike = [("fighters = 1000", "fighters = 800"), ("boast = 0.5\n", ""), ("control = { north = 0.8 }\n", "")];
    let words: Vec<(&str, &str)> = alike.into_iter().chain([("HORIZON", "5 years")]).collect();
    let restless = "choice = { upheaval = 3, bond = 0 }\n";
    let runs = told(&of_two("stance = \"pact\"\nhostility = 0.4", false, &words, restless), 300);
    let left = |first: bool| {
        let happenings = runs.iter().flat_map(|told| &told.happenings);
        let leave = happenings.filter_map(|kind| match kind {
            HappeningKind::StanceChanged { between, from, to } if *from >= Stance::Pact && to < from => Some(between),
            _ => None,
        });
        leave.filter(|(own, other)| (own < other) == first).count() as f64
    };
    let (low, high) = (left(true), left(false));
    assert!(low + high > 150.0, "{low} and {high}");
    assert!((low - high).abs() < 3.0 * (low + high).sqrt(), "{low} and {high}");
}

#[test]
fn what_bases_object_to_is_agreed_less_often_in_secret_too() {
    let agreed = |people: &str| {
        let words = [
            ("alignment = { a = 0.5 }\nsupport", people),
            ("alignment = { a = 0.5 }\nciv", "alignment = { a = 1 }\nbase = { people = 1 }\nciv"),
            (
                "alignment = { a = 0.5 }\n\n[[faction]]\nid = \"watch\"",
                "alignment = { a = 1 }\nbase = { people = 1 }\n\n[[faction]]\nid = \"watch\"",
            ),
            ("negotiation = { contact = 0 }", "negotiation = { contact = 1, publicity = -10 }"),
            ("HORIZON", "3 years"),
        ];
        let scenario = of_two("stance = \"neutral\"\nhostility = 0.2", false, &words, "");
        share(
            &told(&scenario, 400),
            |kind| matches!(kind, HappeningKind::StanceChanged { to, .. } if *to >= Stance::Pact),
        )
    };
    let (welcome, opposed) = (agreed("alignment = { a = 1 }\nsupport"), agreed("alignment = { a = -1 }\nsupport"));
    assert!(opposed < welcome && opposed > 0.0, "{opposed} where bases object, {welcome} where they do not");
}

#[test]
fn who_is_not_aggressive_looks_for_no_place_to_take() {
    const EAGER: &str = "\n[behaviour]\noffensives = { readiness = 0.5, caution = -1 }\nsuccession = { spread = 0 }\n";
    let offensives = |aggression: &str| {
        let scenario = scenario(&(VALLEYS.replace("aggression = 0.9", aggression) + EAGER));
        let raiders = faction(&scenario, "raiders");
        share(
            &told(&scenario, 60),
            |kind| matches!(kind, HappeningKind::Offensive { attacker, .. } if *attacker == raiders),
        )
    };
    let [never, much] = ["aggression = 0", "aggression = 0.9"].map(offensives);
    assert!(never.abs() < 1e-12 && much > 0.5, "{never} and {much}");
}

#[test]
fn a_sponsor_that_gives_less_pays_less() {
    let end = |dependence: &str| {
        let event = format!(
            "[[event]]\nid = \"drop\"\nname = \"Drop\"\ndate = 2024-02-01\n\
             effect = {{ sponsor = {{ faction = \"south\", sponsor = \"north\", dependence = {dependence} }} }}\n"
        );
        let south = "id = \"south\"\nincome = 700\nsponsors = { north = 0.8 }";
        let scenario = still(&[("id = \"south\"", south)], &format!("choice = {{ looks = 0 }}\n\n{event}"));
        let south = faction(&scenario, "south");
        told(&scenario, 1)[0].last.income[south]
    };
    for (dependence, income) in [("0", 140.0), ("0.3", 350.0), ("0.8", 700.0), ("0.9", 700.0)] {
        assert!((end(dependence) - income).abs() < 1e-9, "{}", end(dependence));
    }
}

#[test]
fn a_change_of_ground_is_not_made_up_for_by_an_income_that_is_left_open() {
    let text = VALLEYS.to_owned();
    let income = |set: &[&str]| {
        let set = set.iter().map(|text| (*text).to_owned()).collect();
        let scenario = Scenario::from_text("test.toml", &text, &Overrides { set, variant: None }).unwrap();
        scenario.setting.initial.income[faction(&scenario, "state")]
    };
    // 3000 fighters, of whom 900 · 0.9 + 300 · 0.5 + 200 · 0.3 live on ground.
    assert!((income(&[]) - 1980.0).abs() < 1e-9);
    assert!((income(&["zone.capital.revenue=0"]) - 1980.0).abs() < 1e-9);
    assert!((income(&["zone.capital.control.state=0.5"]) - 1980.0).abs() < 1e-9);
    assert!((income(&["faction.state.fighters=4000"]) - 2980.0).abs() < 1e-9);
}
