//! Events: when they come, and what each does.

use crate::mechanisms::{end, faction, still, zone};
use entente::base::PairId;
use entente::base::maths::exp;
use entente::engine::{Model, Runner};
use entente::measure::Keep;
use entente::mechanism::Trace;
use entente::scenario::Scenario;
use entente::world::{Happening, HappeningKind, Stance, World};

/// A still world of two years in which one thing may come.
fn with(when: &str, effect: &str) -> Scenario {
    let event = format!("\n[[event]]\nid = \"it\"\nname = \"It\"\n{when}\neffect = {{ {effect} }}\n");
    still(&[("HORIZON", "2 years")], &event)
}

/// The step on which the event came, of each run; none where it did not.
fn dates(scenario: &Scenario, replicates: u64) -> Vec<Option<u32>> {
    #[derive(Default)]
    struct Ears {
        step: u32,
        came: Option<u32>,
    }
    impl Trace for Ears {
        fn begins(&mut self, step: u32) {
            self.step = step;
        }
        fn happened(&mut self, happening: Happening) {
            if matches!(happening.kind, HappeningKind::Event { held: true, .. }) {
                assert!(self.came.replace(self.step).is_none(), "it came twice");
            }
        }
    }
    let model = Model::of(scenario);
    let mut runner = Runner::new(&model, Keep::ANSWERS);
    let mut one = |replicate| {
        let mut ears = Ears::default();
        runner.begin(3, replicate);
        while !runner.at_horizon() {
            runner.step(&mut ears).unwrap();
        }
        ears.came
    };
    (0..replicates).map(&mut one).collect()
}

const LESS: &str = "arms = { faction = \"north\", factor = 0.5 }";

#[test]
fn an_event_of_a_window_comes_with_its_chance_on_any_of_its_days() {
    let when = "between = [2024-03-04, 2024-12-30]\nchance = 0.6";
    let came = dates(&with(when, LESS), 2000);
    let steps: Vec<f64> = came.iter().flatten().map(|step| f64::from(*step)).collect();
    let share = steps.len() as f64 / came.len() as f64;
    assert!((share - 0.6).abs() < 0.035, "it came in {share} of runs");
    // Uniform over steps 9 to 52: mean 30.5 and standard deviation 44 / sqrt(12).
    let mean = steps.iter().sum::<f64>() / steps.len() as f64;
    assert!(steps.iter().all(|step| (9.0..=52.0).contains(step)) && (mean - 30.5).abs() < 1.2, "about step {mean}");
    // What comes with a smaller chance comes with a greater one too.
    let rarer = dates(&with(&when.replace("0.6", "0.3"), LESS), 2000);
    assert!(rarer.iter().zip(&came).all(|(rare, often)| rare.is_none() || often.is_some()));
}

#[test]
fn an_event_at_a_rate_comes_as_a_poisson_process_first_does() {
    let came = dates(&with("per_year = 0.5", LESS), 2000);
    for (weeks, years) in [(26, 0.5), (52, 1.0), (104, 2.0)] {
        let share = came.iter().filter(|step| step.is_some_and(|step| step < weeks)).count() as f64 / 2000.0;
        let expected = 1.0 - exp(-0.5 * years);
        assert!((share - expected).abs() < 0.035, "by week {weeks} it came in {share} of runs, not {expected}");
    }
    assert!(dates(&with("per_year = 0", LESS), 50).iter().all(Option::is_none));
}

fn after(effect: &str) -> (Scenario, World) {
    let scenario = with("date = 2024-03-04", effect);
    let world = end(&scenario, 0, 52);
    (scenario, world)
}

#[test]
fn each_effect_does_what_it_says() {
    let scenario = with("date = 2024-03-04", "stance = { between = [\"north\", \"south\"], to = \"pact\" }");
    let world = end(&scenario, 0, 10);
    let (north, south) = (faction(&scenario, "north"), faction(&scenario, "south"));
    let tie = world.tie_of(north, south);
    assert!(tie.stance >= Stance::Pact && tie.is_public() && tie.since == 9, "{tie:?}");

    let (_, world) = after("truce = { between = [\"north\", \"south\"], lasting = \"1 year\" }");
    assert_eq!(world.truce[PairId::of(north, south)], 9 + 53);

    let (_, world) = after("sponsor = { faction = \"north\", sponsor = \"south\", dependence = 0.4 }");
    assert!((world.dependence[(north, south)] - 0.4).abs() < 1e-12);

    let (_, world) = after("arms = { faction = \"north\", factor = 1.5 }");
    assert!((world.character[north].quality - 1.5).abs() < 1e-12);

    let (scenario, world) = after("arrive = { faction = \"south\", fighters = 400, presence = { hills = 1 } }");
    let hills = zone(&scenario, "hills");
    assert!((world.presence[(hills, south)] - 400.0).abs() < 1e-6 && (world.strength[south] - 1200.0).abs() < 1e-6);

    let (scenario, world) = after("leave = { faction = \"south\", zones = [\"town\"], over = \"8 weeks\" }");
    assert!(world.strength[south] < 1e-9 && world.alive[south], "who leaves a place is still there elsewhere");
    assert!(world.presence[(zone(&scenario, "town"), north)] > 999.0);

    let before = end(&with("date = 2024-03-04\nchance = 0", "leader = { faction = \"north\" }"), 0, 52);
    let (_, world) = after("leader = { faction = \"north\" }");
    let pair = PairId::of(north, south);
    assert!(
        (world.disposition[pair].lasting - before.disposition[pair].lasting).abs() > 1e-9,
        "a successor is as the one before"
    );
    assert!((world.character[north].outreach - before.character[north].outreach).abs() > 1e-9);
}

#[test]
fn a_truce_keeps_two_at_war_from_fighting_until_it_ends() {
    let war = "\n[[relation]]\nbetween = [\"north\", \"south\"]\nstance = \"war\"\nhostility = 0.9\n\
               [[event]]\nid = \"it\"\nname = \"It\"\ndate = 2024-03-04\n\
               effect = { truce = { between = [\"north\", \"south\"], lasting = \"26 weeks\" } }\n";
    let scenario = still(&[("HORIZON", "2 years")], war);
    let (north, south) = (faction(&scenario, "north"), faction(&scenario, "south"));
    let at = |step| (0..60).filter(|run| end(&scenario, *run, step).stance(north, south) == Stance::War).count();
    assert_eq!((at(10), at(35)), (0, 0), "they fight during a truce");
    assert!(at(9) > 30 && at(100) > 0, "{} and {} of 60 at war before and after", at(9), at(100));
}
