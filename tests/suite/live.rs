//! What a page's engine says is what the command line says, to the bit.

use crate::common::{VALLEYS, scenario};
use entente::experiment::{Control, Inputs, Study};
use entente::live::{Change, Engine, OpenRequest};
use entente::measure::answer_column;
use entente::record::{Memory, Results, read_differences, write_differences};
use entente::scenario::{Overrides, Scenario};
use std::path::Path;

const VARIED: &str = r#"
[[variant]]
id = "nothing"
title = "Nothing"

[[variant]]
id = "more-raiders"
title = "More raiders"
changes = { "faction.raiders.fighters" = 1500, "behaviour.clashes.rate" = 0.1, "relation.raiders.state.hostility" = 0.4 }

[[variant]]
id = "congress-early"
title = "The congress comes"
changes = { "event.congress.chance" = 1 }

[[uncertainty]]
path = "faction.raiders.fighters"
low = 400
high = 1600

[[uncertainty]]
path = "relation.state.raiders.hostility"
low = 0.3
high = 1

[[uncertainty]]
path = "event.congress.chance"
distribution = "choice"
choices = [0.1, 0.9]

[[uncertainty]]
path = "behaviour.choice.looks"
low = 4
high = 14
"#;

/// An engine as a page has it: of what was written as JSON.
fn engine(scenario: &Scenario, drawn: bool, seed: u64) -> Engine {
    let draws = drawn.then(|| Inputs::Drawn.draws(scenario, seed).unwrap().unwrap().drawn().clone());
    let request = OpenRequest::of(scenario, true, (draws, None), seed).unwrap();
    Engine::open(serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap()).unwrap()
}

fn results(study: Study, drawn: bool, seed: u64, replicates: u64) -> Results {
    let inputs = if drawn { Inputs::Drawn } else { Inputs::Best };
    let study = study.inputs(inputs).seed(seed).replicates(replicates);
    study.run(&mut Memory::default(), &Control::default()).unwrap().results
}

fn assert_same(engine: &mut Engine, change: &Change, results: &Results, variant: usize) {
    let replicates = results.manifest().replicates;
    let runs = engine.run(change, 0, replicates).unwrap();
    let rows: Vec<usize> = results
        .run_keys()
        .unwrap()
        .iter()
        .enumerate()
        .filter(|(_, key)| key.variant as usize == variant)
        .map(|(row, _)| row)
        .collect();
    for (place, question) in results.scenario().unwrap().questions.iter().enumerate() {
        let column = results.run_numbers(&answer_column(&question.id)).unwrap();
        for (values, row) in runs.values.iter().zip(&rows) {
            let (page, folder) = (values.as_ref().unwrap()[place], column[*row]);
            assert_eq!(page.to_bits(), folder.to_bits(), "{} under {change:?}: {page} and {folder}", question.id);
        }
    }
}

fn change(variant: Option<&str>, set: &[&str]) -> Change {
    Change { variant: variant.map(str::to_owned), set: set.iter().map(|text| (*text).to_owned()).collect() }
}

#[test]
fn variants_and_levers_are_those_of_the_command_line() {
    for drawn in [true, false] {
        let own = scenario(&format!("{VALLEYS}{VARIED}"));
        let mut engine = engine(&own, drawn, 11);
        let compared =
            results(Study::new(own.clone()).variants(["nothing", "more-raiders", "congress-early"]), drawn, 11, 24);
        for (place, id) in compared.manifest().variants.iter().enumerate() {
            let id = (id != "baseline").then_some(id.as_str());
            assert_same(&mut engine, &change(id, &[]), &compared, place);
        }
        for (variant, set) in [
            (None, vec!["faction.raiders.fighters=1234.5"]),
            (None, vec!["relation.state.raiders.hostility=0.35", "behaviour.choice.looks=7.25"]),
            (Some("congress-early"), vec!["event.congress.chance=0.1"]),
            (Some("more-raiders"), vec!["faction.raiders.fighters=900", "behaviour.choice.looks=5"]),
        ] {
            let overrides = Overrides {
                set: set.iter().map(|text| (*text).to_owned()).collect(),
                variant: variant.map(str::to_owned),
            };
            let changed = results(Study::new(own.overridden(&overrides).unwrap()), drawn, 11, 24);
            assert_same(&mut engine, &change(variant, &set), &changed, 0);
        }
    }
}

#[test]
fn the_flagship_is_the_same_on_a_page() {
    let own = Scenario::load(Path::new("configs/northern-mali-2023.toml"), &Overrides::default()).unwrap();
    let mut engine = engine(&own, true, 20230123);
    let ids: Vec<String> = own.file.variant.iter().map(|variant| variant.id.clone()).collect();
    let compared = results(Study::new(own.clone()).variants(ids), true, 20230123, 4);
    for (place, id) in compared.manifest().variants.iter().enumerate() {
        assert_same(&mut engine, &change((place > 0).then_some(id), &[]), &compared, place);
    }
    // What a reply says is what was run, through text and back.
    let replies = engine.reply(r#"{"op":"run","change":{"variant":null,"set":[]},"first":2,"count":1}"#);
    let parsed: serde_json::Value = serde_json::from_str(&replies).unwrap();
    let told = parsed["ok"]["values"][0].as_array().unwrap();
    let own = engine.run(&Change::default(), 2, 1).unwrap().values.remove(0).unwrap();
    assert!(told.iter().zip(&own).all(|(told, own)| told.as_f64().unwrap().to_bits() == own.to_bits()));
}

#[test]
fn differences_are_those_of_a_comparison() {
    let own = scenario(&format!("{VALLEYS}{VARIED}"));
    let engine = engine(&own, true, 3);
    let compared = results(Study::new(own.clone()).variants(["more-raiders"]), true, 3, 48);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("differences.csv");
    write_differences(&path, &compared.differences().unwrap().unwrap()).unwrap();
    let rows = read_differences(&path).unwrap();
    for (place, question) in own.questions.iter().enumerate() {
        let column = compared.run_numbers(&answer_column(&question.id)).unwrap();
        let pairs = (0..48).map(|run| (run as u64, column[run], column[48 + run])).collect();
        let told = engine.difference(place, pairs).unwrap();
        let row = rows.iter().find(|row| row.question == question.id).unwrap();
        assert_eq!((told.difference, told.low, told.high, told.n), (row.difference, row.low, row.high, row.n));
        assert_eq!((told.median_low, told.gained), (row.median_low, row.gained));
    }
}

#[test]
fn a_played_run_ends_as_it_does_without_anybody_looking() {
    let own = scenario(&format!("{VALLEYS}{VARIED}"));
    let mut engine = engine(&own, true, 5);
    for replicate in 0..6 {
        let played = engine.play(&Change::default(), replicate).unwrap();
        let run = engine.run(&Change::default(), replicate, 1).unwrap().values.remove(0).unwrap();
        assert_eq!(played.answers, run);
        let frames = own.setting.calendar.steps() as usize + 1;
        assert_eq!((played.dates.len(), played.fighters.len(), played.deaths.len()), (frames, frames, frames));
        let pairs = played.factions.len() * (played.factions.len() - 1) / 2;
        assert!(played.stances.iter().all(|(_, list)| list.len() == pairs));
        assert!(played.holders.iter().all(|(_, list)| list.len() == own.file.zones_and_towns().len()));
        let changes = played.happenings.iter().filter(|told| told.kind == "control_changed").count();
        assert!((played.holders.len() > 1) == (changes > 0), "holders change when the log says so");
        assert!(played.deaths.windows(2).all(|pair| pair[0] <= pair[1]));
    }
}

#[test]
fn what_cannot_be_is_refused_in_words() {
    let own = scenario(&format!("{VALLEYS}{VARIED}"));
    let mut engine = engine(&own, true, 5);
    for (request, words) in [
        ("{", "cannot be read"),
        (r#"{"op":"dance"}"#, "unknown variant `dance`"),
        (r#"{"op":"check","change":{"variant":"none","set":[]}}"#, "no variant `none`"),
        (r#"{"op":"check","change":{"variant":null,"set":["faction.raiders.fighters=1e9"]}}"#, "expected 400 to 1600"),
        (r#"{"op":"check","change":{"variant":null,"set":["faction.raiders.fighters=many"]}}"#, "expected a number"),
        (r#"{"op":"check","change":{"variant":null,"set":["faction.state.fighters=5"]}}"#, "no lever of this page"),
        (r#"{"op":"check","change":{"variant":null,"set":["faction.raiders.fighters"]}}"#, "no `path=value`"),
        (r#"{"op":"run","change":{},"first":18446744073709551615,"count":2}"#, "no replicates of such high numbers"),
        (r#"{"op":"run","change":{},"first":0,"count":1000000}"#, "too many"),
        (r#"{"op":"difference","answer":99999,"pairs":[]}"#, "no answer 99999"),
    ] {
        let reply: serde_json::Value = serde_json::from_str(&engine.reply(request)).unwrap();
        let error = reply["error"].as_str().unwrap_or_default();
        assert!(error.contains(words), "{request}: {reply}");
    }
}
