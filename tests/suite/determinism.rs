//! A run depends on its scenario, seed and number alone: not on threads, batches, other entities' draws or names.

use crate::common::{VALLEYS, scenario};
use entente::base::Id;
use entente::engine::{Ensemble, Model, Runner};
use entente::measure::{Keep, RunRecord};
use entente::mechanism::Silent;
use entente::scenario::Scenario;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

fn records(scenario: &Scenario, replicates: u64, threads: usize) -> Vec<RunRecord> {
    let model = Model::of(scenario);
    let mut all = Vec::new();
    let told = AtomicU64::new(0);
    let ensemble = Ensemble {
        model: &model,
        seed: scenario.file.run.seed,
        replicates: 0..replicates,
        keep: Keep::ALL,
        threads: Some(threads),
        cancelled: &AtomicBool::new(false),
        progress: &|| {
            told.fetch_add(1, Ordering::Relaxed);
        },
    };
    let finish = ensemble
        .run(|batch| {
            all.extend(batch);
            Ok::<(), rayon::ThreadPoolBuildError>(())
        })
        .unwrap();
    assert_eq!((finish.done, finish.cancelled, told.into_inner()), (replicates, false, replicates));
    for (number, record) in all.iter().enumerate() {
        assert_eq!(record.replicate, number as u64, "out of order");
        assert_eq!(record.failure, None);
    }
    all
}

fn bytes(records: &[RunRecord]) -> Vec<u8> {
    postcard::to_allocvec(records).unwrap()
}

/// All numbers of a run by the name of their column, and its events in words.
fn by_name(scenario: &Scenario, record: &RunRecord) -> BTreeMap<String, String> {
    let model = Model::of(scenario);
    let (layout, names) = (model.measures.layout(), model.measures.names());
    let mut values = BTreeMap::new();
    for (column, value) in layout.finals.iter().zip(&record.finals) {
        values.insert(format!("final {}", column.name), format!("{:x}", value.to_bits()));
    }
    for (moment, row) in record.series.chunks(layout.series.len()).enumerate() {
        for (column, value) in layout.series.iter().zip(row) {
            values.insert(format!("moment {moment} {}", column.name), format!("{:x}", value.to_bits()));
        }
    }
    for (question, answer) in layout.questions.iter().zip(&record.answers) {
        values.insert(format!("question {}", question.id), format!("{answer:?}"));
    }
    for (number, event) in record.events.iter().enumerate() {
        let word = |number: Option<u32>| number.map(|number| names.0[number as usize].clone());
        let words = [word(Some(event.who)), word(event.other), word(event.from), word(event.to)];
        values.insert(
            format!("event {number}"),
            format!("{} {} {words:?} {}", event.step, event.kind.id(), event.public),
        );
    }
    values.insert("coalitions".into(), record.coalitions.clone());
    values
}

/// Every number that both scenarios have is the same to the bit, and the first has no other, in every replicate.
fn assert_same_where_shared(first: &str, second: &str, replicates: u64) {
    let (first, second) = (scenario(first), scenario(second));
    for (a, b) in records(&first, replicates, 2).iter().zip(&records(&second, replicates, 2)) {
        let (a, b) = (by_name(&first, a), by_name(&second, b));
        for (name, value) in &a {
            assert_eq!(Some(value), b.get(name), "{name}");
        }
        assert_eq!(
            a.keys().filter(|name| name.starts_with("event ")).count(),
            b.keys().filter(|name| name.starts_with("event ")).count()
        );
    }
}

#[test]
fn threads_change_nothing() {
    let scenario = scenario(VALLEYS);
    let one = bytes(&records(&scenario, 40, 1));
    assert_eq!(one, bytes(&records(&scenario, 40, 2)));
    assert_eq!(one, bytes(&records(&scenario, 40, 5)));
}

#[test]
fn the_runs_are_not_all_alike() {
    let scenario = scenario(VALLEYS);
    let records = records(&scenario, 20, 2);
    assert!(records.iter().any(|record| record.finals != records[0].finals));
    assert!(records.iter().any(|record| !record.events.is_empty()));
}

#[test]
fn the_first_hundred_of_two_hundred_are_the_hundred() {
    let text = std::fs::read_to_string("configs/three-way-standoff.toml").unwrap();
    let scenario = scenario(&text);
    let hundred = records(&scenario, 100, 2);
    let two_hundred = records(&scenario, 200, 5);
    assert_eq!(bytes(&hundred), bytes(&two_hundred[..100]));
}

#[test]
fn a_runner_that_has_run_before_gives_the_same() {
    let scenario = scenario(VALLEYS);
    let model = Model::of(&scenario);
    let mut used = Runner::new(&model, Keep::ALL);
    for replicate in [7, 3, 7, 0] {
        assert_eq!(used.run(3, replicate), Runner::new(&model, Keep::ALL).run(3, replicate), "{replicate}");
    }
}

/// A listener with a fault.
struct Faulty;

impl entente::mechanism::Trace for Faulty {
    fn happened(&mut self, _: entente::world::Happening) {
        panic!("a fault on purpose");
    }
}

#[test]
fn a_fault_is_a_record_and_does_not_reach_the_next_run() {
    let scenario = scenario(VALLEYS);
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep::ALL);
    let record = runner.run_traced(3, 5, &mut Faulty);
    assert_eq!(record.replicate, 5);
    let failure = record.failure.unwrap();
    assert!(failure.starts_with("step ") && failure.ends_with("a fault on purpose"), "{failure}");
    assert_eq!(runner.run(3, 6), Runner::new(&model, Keep::ALL).run(3, 6));
}

#[test]
fn what_is_kept_changes_no_answer() {
    let scenario = scenario(VALLEYS);
    let model = Model::of(&scenario);
    for replicate in 0..5 {
        let all = Runner::new(&model, Keep::ALL).run(3, replicate);
        let answers = Runner::new(&model, Keep::ANSWERS).run(3, replicate);
        assert_eq!((all.answers, all.finals, all.coalitions), (answers.answers, answers.finals, answers.coalitions));
        assert!(answers.series.is_empty() && answers.events.is_empty());
    }
}

#[test]
fn an_inert_faction_changes_nobody_else() {
    let inert = "\n[[faction]]\nid = \"monks\"\nname = \"Monks\"\nkind = \"mediator\"\noutreach = 0\naggression = 0\n\
                 closed_to = [\"state\", \"front\", \"raiders\", \"peacekeepers\"]\n";
    assert_same_where_shared(VALLEYS, &format!("{VALLEYS}{inert}"), 20);
}

#[test]
fn an_inert_zone_changes_nobody_else() {
    let inert = "\n[[zone]]\nid = \"moon\"\nname = \"Moon\"\ncountry = \"Home\"\nposition = [90, 80]\npopulation = 0\n\
                 strategic_value = 0\n";
    assert_same_where_shared(VALLEYS, &format!("{VALLEYS}{inert}"), 20);
}

#[test]
fn an_inert_community_changes_nobody_else() {
    let inert = "\n[[community]]\nid = \"ghosts\"\nname = \"Ghosts\"\nshare = {}\n";
    assert_same_where_shared(VALLEYS, &format!("{VALLEYS}{inert}"), 20);
}

#[test]
fn the_order_of_the_file_does_not_matter() {
    let mut parts: Vec<&str> = VALLEYS.split("\n\n").collect();
    let header = parts.remove(0);
    // Questions keep their order, for answers are given in it.
    let (questions, mut others): (Vec<&str>, Vec<&str>) =
        parts.into_iter().partition(|part| part.contains("[[question]]"));
    others.reverse();
    let reordered = [vec![header], others, questions].concat().join("\n\n");
    let (scenario, reordered) = (scenario(VALLEYS), scenario(&reordered));
    assert_eq!(bytes(&records(&scenario, 20, 2)), bytes(&records(&reordered, 20, 2)));
}

#[test]
fn renaming_changes_nothing_but_names() {
    let renamed = VALLEYS
        .replace("\"raiders\"", "\"zealots\"")
        .replace("raiders = ", "zealots = ")
        .replace("id = \"zealots\"\n", "id = \"zealots\"\ndraw_key = \"raiders\"\n");
    assert_ne!(renamed, VALLEYS);
    let (scenario, renamed) = (scenario(VALLEYS), scenario(&renamed));
    for (a, b) in records(&scenario, 20, 2).iter().zip(&records(&renamed, 20, 2)) {
        let mut b = b.clone();
        b.coalitions = a.coalitions.clone();
        assert_eq!(*a, b);
    }
}

#[test]
fn variants_that_differ_after_a_date_are_the_same_before_it() {
    let base = scenario(VALLEYS);
    let certain = scenario(&VALLEYS.replace("chance = 0.5", "chance = 1"));
    let never = scenario(&VALLEYS.replace("chance = 0.5", "chance = 0"));
    let due = base.setting.events.values().iter().find(|event| event.id == "congress").unwrap().step;
    assert!(due > 10);
    let models = [Model::of(&base), Model::of(&certain), Model::of(&never)];
    let mut differ = false;
    for replicate in 0..10 {
        let mut runners: Vec<Runner> = models.iter().map(|model| Runner::new(model, Keep::ALL)).collect();
        for runner in &mut runners {
            runner.begin(3, replicate);
        }
        while !runners[0].at_horizon() {
            let step = runners[0].world().step;
            for runner in &mut runners {
                runner.step(&mut Silent).unwrap();
            }
            let same = runners.iter().all(|runner| runner.world() == runners[0].world());
            assert!(same || step >= due, "replicate {replicate} differs in step {step}, before {due}");
            differ |= !same;
        }
        let merged = entente::base::UmbrellaId::from_index(0);
        assert!(runners[1].world().merged[merged].is_some() || !runners[1].world().alive.values().iter().all(|a| *a));
    }
    assert!(differ);
}

#[test]
fn cancelling_hands_over_what_is_done() {
    let scenario = scenario(VALLEYS);
    let model = Model::of(&scenario);
    let cancelled = AtomicBool::new(false);
    let told = AtomicU64::new(0);
    let mut handed = Vec::new();
    let ensemble = Ensemble {
        model: &model,
        seed: 3,
        replicates: 0..100_000,
        keep: Keep::ANSWERS,
        threads: Some(2),
        cancelled: &cancelled,
        progress: &|| {
            if told.fetch_add(1, Ordering::Relaxed) == 20 {
                cancelled.store(true, Ordering::Relaxed);
            }
        },
    };
    let finish = ensemble
        .run(|batch| {
            handed.extend(batch.into_iter().map(|record| record.replicate));
            Ok::<(), rayon::ThreadPoolBuildError>(())
        })
        .unwrap();
    assert!(finish.cancelled && finish.done < 100);
    assert_eq!(handed, (0..finish.done).collect::<Vec<_>>());
}
