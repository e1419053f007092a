//! What theory predicts of parts of the model, and the code must reproduce.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use entente::mechanism::{Scratch, Silent, step};
use entente::scenario::{Overrides, Scenario};
use entente::world::{Stance, World};

fn scenario(text: &str) -> Scenario {
    match Scenario::from_text("theory.toml", text, &Overrides::default()) {
        Ok(scenario) => scenario,
        Err(problems) => panic!("{problems}"),
    }
}

/// Steps one replicate and shows the world after each step.
fn watch(scenario: &Scenario, replicate: u64, mut show: impl FnMut(&World)) -> World {
    let mut world = scenario.setting.initial.clone();
    let mut scratch = Scratch::new(&scenario.setting, &scenario.behaviour);
    scratch.begin(scenario.file.run.seed, replicate);
    for _ in 0..scenario.setting.steps {
        step(&scenario.setting, &scenario.behaviour, &mut world, &mut scratch, &mut Silent);
        if let Err(broken) = world.check(&scenario.setting) {
            panic!("replicate {replicate}: {broken}");
        }
        show(&world);
    }
    world
}

/// Two armies in one field, and nothing but clashes between them.
fn two_armies(blue: f64, red: f64, quality: f64, law: &str) -> Scenario {
    scenario(&format!(
        r#"
        scenario = {{ id = "lanchester", title = "Two armies", start = 2024-01-01, horizon = "1 year", axes = ["a"] }}
        zone = [{{ id = "field", name = "Field", country = "Nowhere", position = [0, 0], population = 1000 }}]
        faction = [
          {{ id = "blue", name = "Blue", kind = "armed_group", fighters = {blue}, presence = {{ field = 1 }}, aggression = 1, cohesion = 1 }},
          {{ id = "red", name = "Red", kind = "armed_group", fighters = {red}, presence = {{ field = 1 }}, aggression = 1, cohesion = 1, quality = {quality} }},
        ]
        relation = [{{ between = ["blue", "red"], stance = "war", hostility = 1 }}]
        [behaviour]
        clashes = {{ rate = 1, typical = 100, deaths = 1, tail = 10, most = 1 }}
        negotiation = {{ contact = 0 }}
        economy = {{ recruitment = 0, desertion = 0, attrition = 0 }}
        cohesion = {{ losses = 0, poverty = 0 }}
        contest = {{ clash = "{law}" }}
        "#
    ))
}

#[test]
fn clashes_alone_follow_lanchesters_square_law() {
    // Lanchester (1916): with losses in inverse ratio to effective strength, q_blue m_blue² - q_red m_red² stays.
    for (blue, red, quality) in [(900_000.0, 600_000.0, 1.0), (900_000.0, 600_000.0, 2.0)] {
        let scenario = two_armies(blue, red, quality, "linear");
        let invariant = |world: &World| {
            let m = world.strength.values();
            m[0] * m[0] - quality * m[1] * m[1]
        };
        let start = invariant(&scenario.setting.initial);
        let mut least: f64 = 1.0;
        let end = watch(&scenario, 1, |world| {
            least = least.min(world.strength.values()[0] / blue);
            let drift = (invariant(world) - start).abs() / (blue * blue);
            assert!(drift < 0.01, "quality {quality}, step {}: the invariant moved by {drift}", world.step);
        });
        assert!(end.strength.values()[0] < 0.9 * blue, "too few losses to tell");
    }
}

#[test]
fn clashes_follow_the_ode_of_the_mixed_law_in_the_limit_of_many_fighters() {
    // dm_i/dt = -c √(m_i m_j) p_j with the square contest law; integrated by fourth-order Runge and Kutta.
    let (blue, red) = (900_000.0, 700_000.0);
    let scenario = two_armies(blue, red, 1.0, "square");
    let flow = |m: [f64; 2]| {
        let rate = (m[0] * m[1]).sqrt() / 100.0;
        let share = m[0] * m[0] / (m[0] * m[0] + m[1] * m[1]);
        [-rate * (1.0 - share), -rate * share]
    };
    let along = |m: [f64; 2], by: [f64; 2], h: f64| [m[0] + h * by[0], m[1] + h * by[1]];
    let mut m = [blue, red];
    watch(&scenario, 2, |world| {
        // A week of clashes is drawn from where it began, so the step of the comparison is that of the simulation.
        let k1 = flow(m);
        let k2 = flow(along(m, k1, 0.5));
        let k3 = flow(along(m, k2, 0.5));
        let k4 = flow(along(m, k3, 1.0));
        for side in 0..2 {
            m[side] += (k1[side] + 2.0 * k2[side] + 2.0 * k3[side] + k4[side]) / 6.0;
        }
        for (theory, found) in m.iter().zip(world.strength.values()) {
            assert!((found / theory - 1.0).abs() < 0.02, "step {}: {found}, theory {theory}", world.step);
        }
    });
}

/// Five alike factions around a ring of five zones.
fn ring(relation: &str, behaviour: &str) -> Scenario {
    let names = ["a", "b", "c", "d", "e"];
    let mut text = String::from(
        "scenario = { id = \"ring\", title = \"Ring\", start = 2024-01-01, horizon = \"2 years\", axes = [\"x\"] }\n",
    );
    for (index, name) in names.iter().enumerate() {
        let next = names[(index + 1) % names.len()];
        text += &format!(
            "[[zone]]\nid = \"z{name}\"\nname = \"Z\"\ncountry = \"N\"\nposition = [{index}, 0]\npopulation = 10000\n\
             revenue = 100\nneighbours = [\"z{next}\"]\ntravel_cost = {{ z{next} = 1 }}\ncontrol = {{ {name} = 0.6 }}\n"
        );
        text += &format!(
            "[[faction]]\nid = \"{name}\"\nname = \"F\"\nkind = \"armed_group\"\nfighters = 500\naggression = 0.7\n\
             presence = {{ z{name} = 0.6, z{next} = 0.4 }}\ncivilian_harm = 0.3\nbase = {{ people = 0.5 }}\n"
        );
    }
    text += "[[community]]\nid = \"people\"\nname = \"People\"\ngrievance = 0.3\n\
             share = { za = 1, zb = 1, zc = 1, zd = 1, ze = 1 }\n";
    for (index, a) in names.iter().enumerate() {
        for b in &names[index + 1..] {
            text += &format!("[[relation]]\nbetween = [\"{a}\", \"{b}\"]\n{relation}\n");
        }
    }
    scenario(&(text + behaviour))
}

#[test]
fn without_hostility_and_without_harm_there_is_no_violence_ever() {
    let scenario = ring("hostility = 0\ntrust = 0.2", "[behaviour]\none_sided = { rate = 0 }\n");
    for replicate in 0..20 {
        watch(&scenario, replicate, |world| {
            assert!(world.tally.deaths.iter().all(|deaths| *deaths <= 0.0));
            assert!(world.hostility.values().iter().all(|hostility| *hostility <= 0.0));
            assert!(world.tie.values().iter().all(|tie| tie.stance >= Stance::Neutral));
        });
    }
}

#[test]
fn alike_factions_fare_alike_on_average() {
    let scenario = ring("hostility = 0.4\nstance = \"rivalry\"\ntrust = 0.3", "");
    let replicates = 400;
    let mut sums = [[0.0; 2]; 5];
    for replicate in 0..replicates {
        let end = watch(&scenario, replicate, |_| {});
        for (index, sum) in sums.iter_mut().enumerate() {
            let strength = end.strength.values()[index];
            sum[0] += strength;
            sum[1] += strength * strength;
        }
    }
    let n = replicates as f64;
    let mean: f64 = sums.iter().map(|sum| sum[0]).sum::<f64>() / (5.0 * n);
    for (index, sum) in sums.iter().enumerate() {
        let own = sum[0] / n;
        let error = ((sum[1] / n - own * own) / n).sqrt();
        assert!((own - mean).abs() < 4.0 * error, "faction {index}: {own} ± {error}, all {mean}");
    }
}

#[test]
fn balance_alone_ends_in_one_or_two_blocs() {
    // Antal, Krapivsky and Redner (2006): balanced complete graphs are one camp, or two that oppose each other.
    let only_balance = "[behaviour]\n\
        diplomacy = { precision = 200, common_enemy = 0, coalition_gain = 0, alignment = 0, trust = 0, hostility = 0, \
        balance = 1, weariness = 0, sponsor = 0, base = 0, ask_rivalry = 0, ask_neutral = 0, ask_pact = 0, ask_alliance = 0 }\n\
        negotiation = { contact = 10, envoys = 1, conclusion = 10, publicity = 10, discretion = 0 }\n\
        rupture = { reconsider = 1, inertia = 0 }\n\
        threat = { distance = 100 }\n\
        clashes = { rate = 0 }\none_sided = { rate = 0 }\n\
        hostility = { balance = 0, relaxation = 0, pact = 0, alliance = 0 }\n";
    let mut settled = 0;
    for replicate in 0..20 {
        // A start in which every pair is friend or foe by a coin toss.
        let mut scenario = ring("hostility = 1\nstance = \"neutral\"", only_balance);
        for (pair, tie) in scenario.setting.initial.tie.iter_mut() {
            let friendly = (pair.0.wrapping_mul(2_654_435_761) >> (replicate % 16)) & 1 == 0;
            tie.stance = if friendly { Stance::Pact } else { Stance::Rivalry };
            tie.claimed = tie.stance;
        }
        let end = watch(&scenario, replicate, |_| {});
        let sign = |a: u32, b: u32| end.stance(entente::base::FactionId(a), entente::base::FactionId(b)).valence();
        let balanced = (0..5).all(|a| (0..a).all(|b| (0..b).all(|c| sign(a, b) * sign(b, c) * sign(a, c) > 0.0)));
        settled += usize::from(balanced);
    }
    assert!(settled >= 18, "{settled} of 20 ended in balance");
}
