//! Events: when they come, and what each does.

use crate::common::{VALLEYS, faction, scenario};
use crate::mechanisms::{end, still, zone};
use entente::analysis::why::{Cause, CauseKind, Intervention};
use entente::base::PairId;
use entente::base::maths::exp;
use entente::engine::{Model, RandomStream, Runner};
use entente::measure::Keep;
use entente::mechanism::{Chance, Silent, Trace};
use entente::report::narrative::{Names, cause, happening};
use entente::scenario::{Overrides, Scenario};
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

#[test]
fn who_have_become_one_feel_an_event_once() {
    // The congress makes red and blue one; what comes later to the front comes to red.
    let felt = |of: &str| {
        let later = format!(
            "\n[[event]]\nid = \"later\"\nname = \"Later\"\ndate = 2024-06-03\n\
             effect = {{ hostility = {{ of = \"{of}\", towards = \"raiders\", change = 0.1 }} }}\n"
        );
        let scenario = scenario(&(VALLEYS.replace("chance = 0.5\neffect = { merge", "effect = { merge") + &later));
        let (red, raiders) = (faction(&scenario, "red"), faction(&scenario, "raiders"));
        let [before, after] = [22, 23].map(|step| end(&scenario, 1, step));
        assert!(!after.alive[faction(&scenario, "blue")], "they have merged");
        after.hostility[(red, raiders)] - before.hostility[(red, raiders)]
    };
    let (by_all, by_one) = (felt("front"), felt("red"));
    assert!((by_all - by_one).abs() < 1e-12 && by_one > 0.05, "{by_all} for all, {by_one} for one");
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

/// How many of so many fresh futures of a run's moment see the event, and how many times each.
fn futures(scenario: &Scenario, replicate: u64, step: u32, count: u64) -> Vec<u32> {
    #[derive(Default)]
    struct Count(u32);
    impl Trace for Count {
        fn happened(&mut self, happening: Happening) {
            self.0 += u32::from(matches!(happening.kind, HappeningKind::Event { held: true, .. }));
        }
    }
    let model = Model::of(scenario);
    let mut runner = Runner::new(&model, Keep::ANSWERS);
    runner.begin(3, replicate);
    while runner.world().step < step {
        runner.step(&mut Silent).unwrap();
    }
    let moment = runner.checkpoint();
    let mut of = |number| {
        let mut count = Count::default();
        assert_eq!(runner.run_from(&moment, RandomStream::Fresh(number), &mut count).failure, None);
        count.0
    };
    (0..count).map(&mut of).collect()
}

#[test]
fn what_is_drawn_anew_counts_for_the_time_that_an_event_has_left() {
    // By step 26 four tenths of a window of steps 9 to 52 have passed, a half of two years at a rate of 1.
    for (when, step, left) in [
        ("between = [2024-03-04, 2024-12-30]", 26, 1.0),
        ("between = [2024-03-04, 2024-12-30]\nchance = 0.6", 26, 0.6 * (1.0 - 0.389) / (1.0 - 0.6 * 0.389)),
        ("per_year = 1", 52, 1.0 - exp(-1.0)),
    ] {
        let scenario = with(when, LESS);
        let came = dates(&scenario, 40);
        let before = (0..40).find(|run| came[*run as usize].is_some_and(|at| at < step)).unwrap();
        assert!(futures(&scenario, before, step, 100).iter().all(|times| *times == 0), "{when}: it comes again");
        let after = (0..40).find(|run| came[*run as usize].is_none_or(|at| at >= step)).unwrap();
        let times = futures(&scenario, after, step, 800);
        assert!(times.iter().all(|times| *times <= 1), "{when}: it comes twice");
        let share = f64::from(times.iter().sum::<u32>()) / 800.0;
        assert!((share - left).abs() < 0.055, "{when}: it comes in {share} of futures, not {left}");
    }
}

#[test]
fn who_leaves_of_those_who_have_become_one_takes_but_its_part() {
    let later = |effect: &str| {
        let event =
            format!("\n[[event]]\nid = \"later\"\nname = \"Later\"\ndate = 2024-06-03\neffect = {{ {effect} }}\n");
        scenario(&(VALLEYS.replace("chance = 0.5\neffect = { merge", "effect = { merge") + &event))
    };
    let before = later("leave = { faction = \"blue\" }");
    let [red, blue] = ["red", "blue"].map(|id| faction(&before, id));
    let start = &before.setting.initial.strength;
    let part = start[blue] / (start[red] + start[blue]);
    for effect in ["leave = { faction = \"blue\" }", "scale = { faction = \"blue\", factor = 0 }"] {
        let scenario = later(effect);
        let [was, is] = [22, 23].map(|step| end(&scenario, 1, step));
        assert!(!was.alive[blue] && is.alive[red], "they have merged, and stand");
        let kept = is.strength[red] / was.strength[red];
        assert!((kept - (1.0 - part)).abs() < 0.03, "{effect}: {kept} of both is left");
    }
}

#[test]
fn who_comes_to_a_worn_force_brings_what_keeps_them_and_no_more() {
    let scenario = with("per_year = 0", LESS);
    let (north, town) = (faction(&scenario, "north"), zone(&scenario, "town"));
    let mut world = end(&scenario, 1, 4);
    let establishment = world.anchor.establishment[north];
    // All but ten have fallen.
    let lost = world.presence[(town, north)] - 10.0;
    world.presence[(town, north)] -= lost;
    world.strength[north] -= lost;
    world.bring(north, town, 300.0);
    assert!((world.strength[north] - 310.0).abs() < 1e-6);
    assert!((world.anchor.establishment[north] - establishment - 300.0).abs() < 1e-6);
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

/// Two at war, and something that may come where they are at war, or where they are not.
fn at_war(when: &str, condition: &str) -> Scenario {
    let text = format!(
        "\n[[relation]]\nbetween = [\"north\", \"south\"]\nstance = \"war\"\nhostility = 0.9\n\
         [[event]]\nid = \"it\"\nname = \"It\"\n{when}\n{condition}\neffect = {{ {LESS} }}\n"
    );
    still(&[("HORIZON", "2 years")], &text)
}

const PEACE: &str = "if = { stance = { between = [\"north\", \"south\"], at_least = \"rivalry\" } }";

/// Of each run without the event, whether there is peace at each moment.
fn peace(replicates: u64) -> Vec<Vec<bool>> {
    let scenario = at_war("date = 2024-03-04\nchance = 0", "");
    let (north, south) = (faction(&scenario, "north"), faction(&scenario, "south"));
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep::ANSWERS);
    let mut one = |replicate| {
        runner.begin(3, replicate);
        let mut list = Vec::new();
        while !runner.at_horizon() {
            list.push(runner.world().stance(north, south) > Stance::War);
            runner.step(&mut Silent).unwrap();
        }
        list
    };
    (0..replicates).map(&mut one).collect()
}

#[test]
fn an_event_of_a_day_comes_in_the_runs_in_which_its_condition_holds() {
    let peace = peace(400);
    let came = dates(&at_war("date = 2024-12-30", PEACE), 400);
    let expected: Vec<Option<u32>> = peace.iter().map(|run| run[52].then_some(52)).collect();
    assert_eq!(came, expected);
    let often = came.iter().flatten().count();
    assert!((20..380).contains(&often), "a condition that holds in {often} of 400 runs shows nothing");
}

#[test]
fn an_event_of_a_window_comes_when_its_condition_first_holds() {
    let peace = peace(300);
    let first = |from: usize, until: usize| -> Vec<Option<u32>> {
        let of_run = |run: &Vec<bool>| (from..=until).find(|step| run[*step]).map(|step| step as u32);
        peace.iter().map(of_run).collect()
    };
    assert_eq!(dates(&at_war("between = [2024-03-04, 2024-12-30]", PEACE), 300), first(9, 52));
    let all = first(0, 104);
    assert_eq!(dates(&at_war("", PEACE), 300), all);
    let half = dates(&at_war("chance = 0.5", PEACE), 300);
    assert!(half.iter().zip(&all).all(|(half, all)| half.is_none() || half == all));
    let (half, all) = (half.iter().flatten().count() as f64, all.iter().flatten().count() as f64);
    assert!((half / all - 0.5).abs() < 0.1, "{half} of {all}");
}

#[test]
fn the_draws_of_an_event_are_the_same_with_a_condition() {
    let peace = peace(400);
    let always = format!("if = {{ any = [{}, {{ not = {} }}] }}", &PEACE[5..], &PEACE[5..]);
    for when in ["between = [2024-03-04, 2024-12-30]\nchance = 0.6", "per_year = 2"] {
        let plain = dates(&at_war(when, ""), 400);
        assert_eq!(dates(&at_war(when, &always), 400), plain, "{when}");
        let waiting = dates(&at_war(when, PEACE), 400);
        let (mut same, mut later) = (0, 0);
        for ((plain, waiting), peace) in plain.iter().zip(&waiting).zip(&peace) {
            match (plain, waiting) {
                (Some(plain), Some(waiting)) if plain == waiting => same += 1,
                (Some(plain), waiting) => {
                    assert!(!peace[*plain as usize], "it did not come although its condition held");
                    later += usize::from(waiting.is_some());
                }
                (None, waiting) => assert_eq!(*waiting, None),
            }
            assert!(waiting.is_none_or(|step| peace[step as usize]), "it came although its condition did not hold");
        }
        assert!(same > 20, "{when}: in {same} runs on its day");
        assert_eq!(later > 20, when.starts_with("per_year"), "{when}: in {later} runs on a later occasion");
    }
}

#[test]
fn an_event_that_is_taken_away_does_not_come_while_its_condition_goes_on_holding() {
    #[derive(Default)]
    struct Without(Vec<bool>);
    impl Trace for Without {
        fn befell(&mut self, chance: Chance, so: bool) -> bool {
            if matches!(chance, Chance::Event(_)) {
                self.0.push(so);
            }
            false
        }
    }
    let scenario = at_war("", PEACE);
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep::ANSWERS);
    let mut came = 0;
    for replicate in 0..40 {
        let mut without = Without::default();
        runner.run_traced(3, replicate, &mut without);
        assert!(without.0.len() <= 1, "it was asked of {} times", without.0.len());
        came += without.0.iter().filter(|so| **so).count();
    }
    assert!(came > 10, "it would have come in {came} runs");
}

#[test]
fn what_has_come_stays_so_after_a_checkpoint() {
    let scenario = at_war("", PEACE);
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep::ALL);
    for replicate in 0..6 {
        let whole = runner.run(3, replicate);
        for step in (0..104).step_by(8) {
            runner.begin(3, replicate);
            while runner.world().step < step {
                runner.step(&mut Silent).unwrap();
            }
            let moment = runner.checkpoint();
            assert_eq!(runner.run_from(&moment, RandomStream::Same, &mut Silent), whole, "from step {step}");
        }
    }
}

#[test]
fn an_event_is_told_with_what_had_to_hold() {
    let scenario = at_war("", PEACE);
    let event = entente::base::Id::from_index(0);
    let kind = HappeningKind::Event { event, held: true };
    let told = happening::sentence(Names(&scenario.setting), &Happening { kind, public: true });
    assert_eq!(told, "It, for North and South stood at rivalry or more");
    let change = Intervention::Chance { step: 4, chance: Chance::Event(event), to: false };
    let cause = Cause { kind: CauseKind::Event(event), change, estimate: 0.0 };
    let told = cause::sentence(&scenario.setting, &cause);
    assert!(told.contains("for North and South stood at rivalry or more"), "{told}");
}

#[test]
fn a_lever_that_changes_a_condition_is_a_lever() {
    let scenario = at_war("", PEACE);
    let overrides = Overrides { set: vec!["event.it.if.stance.at_least=\"pact\"".into()], variant: None };
    let changed = scenario.overridden(&overrides).unwrap();
    let mut world = scenario.setting.initial.clone();
    let (_, pulled) = entente::analysis::branch::pull(&scenario, &changed, &mut world).unwrap();
    assert_eq!(pulled.events.len(), 1);
}

#[test]
fn an_event_can_wait_for_another() {
    let first = "id = \"first\"\nname = \"First\"\ndate = 2024-03-04\nchance = 0.5";
    let text = |second: &str| {
        format!(
            "\n[[event]]\n{first}\neffect = {{ {LESS} }}\n[[event]]\nid = \"second\"\nname = \"Second\"\n{second}\n\
             effect = {{ truce = {{ between = [\"north\", \"south\"], lasting = \"1 year\" }} }}\n"
        )
    };
    let after = still(&[], &text("if = { event = { id = \"first\" } }"));
    let unless = still(&[], &text("date = 2024-03-11\nif = { not = { event = { id = \"first\" } } }"));
    let (north, south) = (faction(&after, "north"), faction(&after, "south"));
    let mut came = 0;
    for replicate in 0..40 {
        let [after, unless] = [&after, &unless].map(|scenario| end(scenario, replicate, 20));
        let first = after.character[north].quality < 1.0;
        came += u32::from(first);
        let pair = PairId::of(north, south);
        assert_eq!((after.truce[pair], unless.truce[pair]), if first { (10 + 53, 0) } else { (0, 10 + 53) });
    }
    assert!((8..32).contains(&came), "the first came in {came} of 40 runs");
}

#[test]
fn a_window_past_the_horizon_stays_as_long_as_it_is() {
    let when = "between = [2024-03-04, 2028-12-31]\nchance = 1";
    let event = format!("\n[[event]]\nid = \"it\"\nname = \"It\"\n{when}\neffect = {{ {LESS} }}\n");
    let of = |horizon: &str| dates(&still(&[("HORIZON", horizon)], &event), 400);
    let (short, long) = (of("2 years"), of("5 years"));
    // The days within a shorter run are those of the longer one: 2 of 5 years, less the first weeks. The last days are of the
    // last step, which the longer run has one more of.
    for (short, long) in short.iter().zip(&long) {
        assert!(*short == long.filter(|step| *step < 105) || (*short == Some(104) && *long == Some(105)));
    }
    let share = short.iter().flatten().count() as f64 / 400.0;
    assert!((share - 96.0 / 252.0).abs() < 0.08, "it came in {share} of runs");
}

#[test]
fn a_last_step_of_a_day_has_a_seventh_of_a_week_s_chance() {
    let event = format!("\n[[event]]\nid = \"it\"\nname = \"It\"\nper_year = 20\neffect = {{ {LESS} }}\n");
    let came = dates(&still(&[("HORIZON", "8 days")], &event), 3000);
    let share = came.iter().filter(|step| **step == Some(1)).count() as f64 / 3000.0;
    let expected = exp(-20.0 * 7.0 / 365.25) * (1.0 - exp(-20.0 / 365.25));
    assert!((share - expected).abs() < 0.012, "in {share} of runs it came on the last day, not in {expected}");
}

#[test]
fn who_is_gone_is_a_party_to_nothing() {
    let text = crate::common::VALLEYS.to_owned()
        + "\n[[event]]\nid = \"exile\"\nname = \"Exile\"\ndate = 2024-02-05\neffect = { leave = { faction = \"state\" } }\n";
    let scenario = crate::common::scenario(&text);
    let (state, world) = (faction(&scenario, "state"), end(&scenario, 0, 8));
    let accord = scenario.setting.accords.ids().next().unwrap();
    let position = scenario.setting.accords[accord].parties.iter().position(|(party, _)| *party == state).unwrap();
    assert!(!world.alive[state] && world.accord[accord].status[position].is_none());
}

/// Who has surely left does not come back; that an event does nothing for it is told beforehand.
#[test]
fn events_of_the_gone_are_warned_of() {
    let warned = |leaves: &str, zones: &str, arrives: &str| {
        let event = |id: &str, date: &str, effect: &str| {
            format!("\n[[event]]\nid = \"{id}\"\nname = \"{id}\"\n{date}\neffect = {{ {effect} }}\n")
        };
        let leave = format!("leave = {{ faction = \"raiders\"{zones} }}");
        let arrive = "arrive = { faction = \"raiders\", fighters = 100, presence = { hills = 1 } }";
        let text = format!("{VALLEYS}{}{}", event("goes", leaves, &leave), event("comes", arrives, arrive));
        scenario(&text).warnings.iter().any(|warning| warning.message.contains("does nothing: by then `raiders`"))
    };
    let (early, late) = ("date = 2024-03-01", "date = 2024-06-01");
    assert!(warned(early, "", late));
    assert!(!warned(late, "", early));
    assert!(!warned(early, ", zones = [\"border\"]", late));
    assert!(!warned(early, ", over = \"6 months\"", late));
    assert!(!warned("date = 2024-03-01\nchance = 0.5", "", late));
}
