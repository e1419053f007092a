//! A lever pulled in the middle of a run does what it says, and says what it does not do.

use entente::analysis::branch::{Pulled, pull};
use entente::base::{FactionId, PairId, ZoneId};
use entente::engine::{Checkpoint, Model, RandomStream, Runner};
use entente::measure::Keep;
use entente::mechanism::Silent;
use entente::scenario::{Overrides, Scenario, SetUp, schema};
use entente::world::{Directory, FactionKind, Stance, World};
use std::collections::BTreeSet;

const COAST: &str = r#"
[scenario]
id = "coast"
title = "Coast"
start = 2024-01-01
horizon = "1 year"
axes = ["order"]
country = "Home"

[[zone]]
id = "port"
name = "Port"
country = "Home"
position = [0, 0]
population = 300000
revenue = 100
neighbours = ["ridge"]
control = { crown = 0.7, guild = 0.1 }
displaced = { isle = 50 }
town = { share = 0.3 }

[[zone]]
id = "ridge"
name = "Ridge"
country = "Home"
position = [1, 0]
population = 50000
revenue = 40
neighbours = ["isle"]
control = { league = 0.6, crown = 0.2 }

[[zone]]
id = "isle"
name = "Isle"
country = "Abroad"
position = [1, 1]
population = 9000

[[zone]]
id = "rock"
name = "Rock"
country = "Abroad"
position = [2, 1]
population = 100
neighbours = ["isle"]

[[community]]
id = "burghers"
name = "Burghers"
share = { port = 0.7, ridge = 0.2 }
support = { crown = 0.3, guild = 0.3 }

[[faction]]
id = "crown"
name = "Crown"
kind = "state"
fighters = 1000
presence = { port = 0.8, ridge = 0.2 }
civilian_harm = 0.2

[[faction]]
id = "league"
name = "League"
kind = "movement"
fighters = 400
income = 300
presence = { ridge = 1 }
base = { burghers = 0.2 }

[[faction]]
id = "smiths"
name = "Smiths"
kind = "armed_group"
fighters = 100
presence = { port = 1 }

[[faction]]
id = "ghosts"
name = "Ghosts"
kind = "armed_group"
fighters = 10
presence = { isle = 1 }

[[umbrella]]
id = "guild"
name = "Guild"
members = ["league", "smiths"]
leader = "league"

[[relation]]
between = ["crown", "league"]
stance = "war"
hostility = 0.7
trust = 0.1

[[relation]]
between = ["crown", "smiths"]
stance = "rivalry"
hostility = 0.4

[[relation]]
between = ["league", "smiths"]
stance = "pact"

[[accord]]
id = "charter"
name = "Charter"
parties = { crown = "active", smiths = "suspended" }
health = 0.4

[[event]]
id = "exile"
name = "Exile"
date = 2024-01-09
effect = { leave = { faction = "ghosts" } }

[[event]]
id = "fair"
name = "Fair"
between = [2024-05-01, 2024-09-01]
chance = 0.5
effect = { scale = { faction = "smiths", factor = 1.5 } }

[[event]]
id = "feud"
name = "Feud"
per_year = 0.2
if = { stance = { between = ["crown", "smiths"], at_most = "rivalry" } }
effect = { hostility = { of = "crown", towards = "smiths", change = 0.1 } }

[[question]]
id = "pact"
text = "A pact?"
within = "12 months"
when = { stance = { between = ["crown", "smiths"], at_least = "pact" } }

[[question]]
id = "dead"
text = "How many are killed?"
at = "12 months"
measure = { deaths = {} }
"#;

/// The scenario, and a moment of its first run.
fn moment(step: u32) -> (Scenario, Checkpoint) {
    let scenario = Scenario::from_text("coast.toml", COAST, &Overrides::default()).unwrap_or_else(|e| panic!("{e}"));
    let checkpoint = moment_of(&scenario, 0, step);
    (scenario, checkpoint)
}

/// A moment of a run of a scenario.
fn moment_of(scenario: &Scenario, replicate: u64, step: u32) -> Checkpoint {
    let mut runner = Runner::new(&Model::of(scenario), Keep::ALL);
    runner.begin(1, replicate);
    while runner.world().step < step {
        runner.step(&mut Silent).unwrap();
    }
    runner.checkpoint()
}

fn pulled(scenario: &Scenario, world: &mut World, set: &[&str]) -> (SetUp, Pulled) {
    let overrides = Overrides { set: set.iter().map(|one| (*one).to_owned()).collect(), variant: None };
    let changed = scenario.overridden(&overrides).unwrap_or_else(|e| panic!("{set:?}: {e}"));
    pull(scenario, &changed, world).unwrap()
}

fn named(scenario: &Scenario, ids: [&str; 2]) -> [FactionId; 2] {
    let names = Directory::of(&scenario.setting);
    ids.map(|id| names.faction(id).unwrap())
}

fn acts(told: &Pulled) -> bool {
    !(told.moved.is_empty() && told.from_now_on.is_empty() && told.events.is_empty())
}

fn is_vain(told: &Pulled) -> bool {
    !(told.past.is_empty() && told.without_effect.is_empty())
}

/// A lever on every field that a path can name, and of behaviour on one weight and one law.
const LEVERS: &[&str] = &[
    "scenario.title=\"Shore\"",
    "scenario.conflict=\"coast\"",
    "scenario.summary=\"A coast\"",
    "scenario.start=2024-01-02",
    "scenario.step=\"2 weeks\"",
    "scenario.horizon=\"2 years\"",
    "scenario.axes=[\"order\", \"faith\"]",
    "scenario.splinters=6",
    "scenario.attitudes=\"derived\"",
    "scenario.boundaries=\"coast.geojson\"",
    "scenario.joint_inputs=\"joint.csv\"",
    "scenario.country=\"Abroad\"",
    "scenario.closed_borders=[[\"Home\", \"Abroad\"]]",
    "zone.port.name=\"Harbour\"",
    "zone.ridge.country=\"Abroad\"",
    "zone.ridge.position=[1, 0.5]",
    "zone.port.population=100",
    "zone.ridge.revenue=400",
    "zone.ridge.strategic_value=0.9",
    "zone.ridge.ruggedness=0.9",
    "zone.rock.refuge=true",
    "zone.port.neighbours=[\"ridge\", \"isle\"]",
    "zone.port.travel_cost.ridge=9",
    "zone.port.control.crown=0.1",
    "zone.port.town.share=0.5",
    "zone.port.displaced.isle=20",
    "zone.port.source=\"a survey\"",
    "zone.port.draw_key=\"harbour\"",
    "community.burghers.name=\"Citizens\"",
    "community.burghers.share.port=1",
    "community.burghers.alignment.order=0.5",
    "community.burghers.salience.order=2",
    "community.burghers.support.crown=0.6",
    "community.burghers.grievance=0.9",
    "community.burghers.source=\"a survey\"",
    "community.burghers.draw_key=\"citizens\"",
    "faction.crown.name=\"Throne\"",
    "faction.crown.label=\"T\"",
    "faction.crown.colour=\"#112233\"",
    "faction.league.kind=\"armed_group\"",
    "faction.crown.fighters=2000",
    "faction.crown.presence={ port = 0.2, ridge = 0.8 }",
    "faction.crown.quality=2",
    "faction.crown.treasury=50",
    "faction.crown.income=50",
    "faction.crown.cohesion=0.9",
    "faction.crown.alignment.order=-0.5",
    "faction.crown.salience.order=3",
    "faction.crown.outreach=0.9",
    "faction.crown.aggression=0.1",
    "faction.crown.civilian_harm=0.9",
    "faction.crown.discipline=0.9",
    "faction.crown.civilian_deaths=400",
    "faction.crown.candour=0.1",
    "faction.crown.boast=0.4",
    "faction.league.sponsors.crown=0.3",
    "faction.crown.claims.ridge=0.8",
    "faction.crown.base.burghers=0.4",
    "faction.crown.closed_to=[\"smiths\"]",
    "faction.smiths.peacekeeping=0.4",
    "faction.crown.leverage=0.4",
    "faction.crown.recruits=false",
    "faction.crown.source=\"a survey\"",
    "faction.crown.draw_key=\"crowns\"",
    "umbrella.guild.name=\"Guilds\"",
    "umbrella.guild.label=\"G\"",
    "umbrella.guild.members=[\"league\", \"smiths\", \"ghosts\"]",
    "umbrella.guild.leader=\"smiths\"",
    "relation.crown.smiths.stance=\"neutral\"",
    "relation.crown.smiths.since=2020-01-01",
    "relation.crown.smiths.fought=2020-01-01",
    "relation.crown.smiths.truce_until=2024-10-01",
    "relation.crown.smiths.deaths=90",
    "relation.league.smiths.claimed=\"neutral\"",
    "relation.crown.smiths.hostility=0.6",
    "relation.crown.smiths.hostility_back=0.6",
    "relation.crown.smiths.trust=0.2",
    "relation.crown.smiths.trust_back=0.2",
    "relation.crown.smiths.talks=true",
    "relation.crown.smiths.source=\"a survey\"",
    "accord.charter.name=\"Treaty\"",
    "accord.charter.parties.crown=\"suspended\"",
    "accord.charter.parties.league=\"active\"",
    "accord.charter.health=0.9",
    "accord.charter.guarantor=\"league\"",
    "accord.charter.mediator=\"league\"",
    "accord.charter.source=\"a survey\"",
    "accord.charter.draw_key=\"treaty\"",
    "event.fair.name=\"Market\"",
    "event.exile.date=2024-01-10",
    "event.fair.between=[2024-06-01, 2024-09-01]",
    "event.fair.chance=1",
    "event.feud.per_year=3",
    "event.feud.if.stance.at_most=\"neutral\"",
    "event.fair.effect.scale.factor=3",
    "event.fair.source=\"a survey\"",
    "event.fair.draw_key=\"market\"",
    "behaviour.leak.rate=0.2",
    "behaviour.contest.control=\"quartic\"",
    "question.pact.text=\"Peace?\"",
    "question.pact.group=\"peace\"",
    "question.pact.headline=true",
    "question.pact.within=\"6 months\"",
    "question.dead.at=\"6 months\"",
    "question.pact.when.stance.at_least=\"alliance\"",
    "question.dead.measure.deaths.zone=\"port\"",
    "question.pact.observed=true",
    "question.pact.base_rate=0.1",
    "question.dead.history={ \"2020-01-01\" = 3, \"2021-01-01\" = 5, \"2022-01-01\" = 4 }",
    "run.replicates=7",
    "run.seed=9",
];

#[test]
fn nothing_that_a_lever_changes_is_passed_over_in_silence() {
    let (scenario, checkpoint) = moment(12);
    let mut tried = BTreeSet::new();
    for lever in LEVERS {
        let mut world = checkpoint.world.clone();
        let (made, told) = pulled(&scenario, &mut world, &[lever]);
        assert!(acts(&told) || is_vain(&told), "{lever} is passed over in silence");
        assert_eq!(told.moved.is_empty(), world == checkpoint.world, "{lever}: {told:?}");
        let model = Model::set_up(made, Model::of(&scenario).measures.clone());
        let from = Checkpoint { world, ..checkpoint.clone() };
        let run = Runner::new(&model, Keep::ALL).run_from(&from, RandomStream::Same, &mut Silent);
        assert_eq!(run.failure, None, "{lever}");
        if !acts(&told) {
            let was =
                Runner::new(&Model::of(&scenario), Keep::ALL).run_from(&checkpoint, RandomStream::Same, &mut Silent);
            assert_eq!(run, was, "{lever}");
        }
        let path = lever.split('=').next().unwrap_or_default();
        let mut parts = path.split('.').map(str::to_owned);
        let section = parts.next().unwrap();
        let name = match section.as_str() {
            "relation" => 2,
            "scenario" | "run" | "behaviour" => 0,
            _ => 1,
        };
        tried.insert((section, parts.nth(name).unwrap()));
    }
    let language = schema();
    for section in
        ["scenario", "zone", "community", "faction", "umbrella", "relation", "accord", "event", "question", "run"]
    {
        let of = &language["properties"][section];
        let name = of["items"]["$ref"].as_str().or(of["$ref"].as_str()).unwrap().rsplit('/').next().unwrap();
        for field in language["$defs"][name]["properties"].as_object().unwrap().keys() {
            let fixed = field == "id" || (section == "relation" && field == "between");
            assert!(fixed || tried.contains(&(section.into(), field.clone())), "no lever on {section}.{field}");
        }
    }
}

#[test]
fn fighters_and_income_both_act() {
    let (scenario, checkpoint) = moment(12);
    let [league, crown] = named(&scenario, ["league", "crown"]);
    let before = &checkpoint.world;
    let mut world = before.clone();
    let (_, told) = pulled(&scenario, &mut world, &["faction.league.fighters=800", "faction.league.income=350"]);
    assert!((world.income[league] - before.income[league] - 50.0).abs() < 1e-9, "{told:?}");
    assert!((world.strength[league] - 2.0 * before.strength[league]).abs() < 1e-9);
    assert_eq!(told.moved, ["income of League by +50", "fighters of League times 2"]);
    // 1000 fighters less a revenue of 70 in the port and 8 on the ridge.
    let given = ["faction.crown.fighters=500", "faction.crown.income=1000"];
    let mut world = before.clone();
    pulled(&scenario, &mut world, &given);
    assert!((world.income[crown] - before.income[crown] - 78.0).abs() < 1e-9, "{}", world.income[crown]);
    let mut world = before.clone();
    let (_, told) = pulled(&scenario, &mut world, &given[..1]);
    assert_eq!(world.income, before.income, "it is kept by the means that are scaled with the force");
    assert_eq!(told.moved, ["fighters of Crown times 0.5"]);
}

#[test]
fn what_rests_on_what_cannot_move_does_not_move() {
    let (scenario, checkpoint) = moment(12);
    let mut world = checkpoint.world.clone();
    let (made, told) = pulled(&scenario, &mut world, &["zone.port.control.crown=0.1", "zone.port.population=100"]);
    assert_eq!(
        told.without_effect,
        [
            "zone.port.control.crown: it says how things stood at the start",
            "zone.port.population: it is the same for a whole run"
        ]
    );
    assert!(!acts(&told) && world == checkpoint.world, "{told:?}");
    world.check(&made.setting).unwrap();
    let (made, told) = pulled(&scenario, &mut world, &["zone.ridge.revenue=400"]);
    assert_eq!(told, Pulled { from_now_on: vec!["zone.ridge.revenue".into()], ..Pulled::default() });
    let ridge = Directory::of(&scenario.setting).zone("ridge").unwrap();
    assert!(world == checkpoint.world && made.setting.zones[ridge].revenue.to_bits() == 400f64.to_bits());
}

#[test]
fn claims_truces_kinds_and_leaders_are_set() {
    let (scenario, checkpoint) = moment(12);
    let [crown, smiths] = named(&scenario, ["crown", "smiths"]);
    let ridge: ZoneId = Directory::of(&scenario.setting).zone("ridge").unwrap();
    let mut world = checkpoint.world.clone();
    let pair = PairId::of(crown, smiths);
    world.tie[pair].stance = Stance::Rivalry;
    let claim = world.claim[(ridge, crown)];
    let (_, told) = pulled(
        &scenario,
        &mut world,
        &[
            "faction.crown.claims.ridge=0.8",
            "relation.crown.smiths.truce_until=2024-10-01",
            "faction.smiths.kind=\"mercenary\"",
            "umbrella.guild.leader=\"smiths\"",
        ],
    );
    assert!((world.claim[(ridge, crown)] - claim - 0.8).abs() < 1e-12);
    assert_eq!(world.truce[pair], 40, "the step after that day");
    assert_eq!(world.character[smiths].kind, FactionKind::Mercenary);
    assert_eq!(world.leader.values(), [smiths]);
    assert_eq!(told.moved.len(), 4, "{told:?}");
    world.tie[pair].stance = Stance::War;
    let (_, told) = pulled(&scenario, &mut world, &["relation.crown.smiths.truce_until=2024-11-01"]);
    assert!(told.without_effect[0].ends_with("they are at war by then") && !acts(&told), "{told:?}");
    let (_, told) = pulled(&scenario, &mut world, &["faction.ghosts.fighters=40", "faction.ghosts.cohesion=0.1"]);
    assert_eq!(told.without_effect, ["cohesion of Ghosts: gone by then", "fighters of Ghosts: gone by then"]);
    assert!(!acts(&told));
}

#[test]
fn a_stance_that_leaves_no_room_for_a_truce_takes_it_away() {
    let with_truce = COAST.replace(
        "stance = \"rivalry\"\nhostility = 0.4\n",
        "stance = \"rivalry\"\nhostility = 0.4\ntruce_until = 2024-03-01\n",
    );
    assert_ne!(with_truce, COAST);
    let scenario =
        Scenario::from_text("coast.toml", &with_truce, &Overrides::default()).unwrap_or_else(|e| panic!("{e}"));
    let set = |changes: &[&str]| {
        let set = changes.iter().map(|change| (*change).to_owned()).collect();
        scenario.overridden(&Overrides { set, variant: None })
    };
    let [crown, smiths] = named(&scenario, ["crown", "smiths"]);
    let pair = PairId::of(crown, smiths);
    assert!(scenario.setting.initial.truce[pair] > 0);
    for (stance, kept) in [("war", false), ("pact", false), ("alliance", false), ("neutral", true)] {
        let made =
            set(&[&format!("relation.crown.smiths.stance=\"{stance}\"")]).unwrap_or_else(|e| panic!("{stance}: {e}"));
        assert_eq!(made.setting.initial.truce[pair] > 0, kept, "{stance}");
        assert_eq!(made.setting.initial.stance(crown, smiths).word(), stance);
    }
    let both = ["relation.crown.smiths.stance=\"war\"", "relation.crown.smiths.truce_until=2024-05-01"];
    assert!(set(&both).unwrap_err().to_string().contains("a truce until 2024-05-01"));
}

#[test]
fn a_stance_that_a_lever_brings_about_lasts_as_one_that_an_event_does() {
    let event = "\n[[event]]\nid = \"bond\"\nname = \"Bond\"\ndate = 2024-03-25\nchance = 0\n\
                 effect = { stance = { between = [\"crown\", \"league\"], to = \"alliance\" } }\n";
    let scenario = Scenario::from_text("coast.toml", &format!("{COAST}{event}"), &Overrides::default()).unwrap();
    let checkpoint = moment_of(&scenario, 0, 12);
    let [crown, league] = named(&scenario, ["crown", "league"]);
    assert!(checkpoint.world.stance(crown, league) < Stance::Alliance);
    let allied = |lever: &str| {
        let mut world = checkpoint.world.clone();
        let (made, told) = pulled(&scenario, &mut world, &[lever]);
        assert!(acts(&told), "{told:?}");
        let model = Model::set_up(made, Model::of(&scenario).measures.clone());
        let from = Checkpoint { world, ..checkpoint.clone() };
        let mut runner = Runner::new(&model, Keep::ANSWERS);
        let stand = |number| {
            runner.resume(&from, RandomStream::Fresh(number));
            while runner.world().step < 36 {
                runner.step(&mut Silent).unwrap();
            }
            runner.world().stance(crown, league) == Stance::Alliance
        };
        (0..200).map(stand).filter(|allied| *allied).count()
    };
    let (set, came) = (allied("relation.crown.league.stance=\"alliance\""), allied("event.bond.chance=1"));
    assert!(set.abs_diff(came) <= 24 && set > 60, "{set} and {came} of 200");
}

#[test]
fn an_event_made_surer_comes_and_one_that_has_come_is_told_to_have() {
    let event = "\n[[event]]\nid = \"it\"\nname = \"It\"\nbetween = [2024-02-01, 2024-11-30]\nchance = 0.5\n\
                 effect = { arms = { faction = \"crown\", factor = 1.1 } }\n";
    let scenario = Scenario::from_text("coast.toml", &format!("{COAST}{event}"), &Overrides::default()).unwrap();
    let [crown, _] = named(&scenario, ["crown", "league"]);
    let armed = |world: &World| world.character[crown].quality > scenario.setting.initial.character[crown].quality;
    let (mut had_come, mut will_come) = (0, 0);
    for replicate in 0..30 {
        let checkpoint = moment_of(&scenario, replicate, 20);
        let came = armed(&checkpoint.world);
        let mut world = checkpoint.world.clone();
        let (made, told) = pulled(&scenario, &mut world, &["event.it.chance=1"]);
        assert_eq!(acts(&told), !came, "{told:?}");
        let model = Model::set_up(made, Model::of(&scenario).measures.clone());
        let mut runner = Runner::new(&model, Keep::ALL);
        runner.resume(&Checkpoint { world, ..checkpoint }, RandomStream::Same);
        while !runner.at_horizon() {
            runner.step(&mut Silent).unwrap();
        }
        let factor = runner.world().character[crown].quality / scenario.setting.initial.character[crown].quality;
        assert!((factor - 1.1).abs() < 1e-9, "replicate {replicate}: it came {factor}");
        had_come += u32::from(came);
        will_come += u32::from(!came);
    }
    assert!(had_come > 0 && will_come > 0, "{had_come} and {will_come}");
}
