//! What to watch for, and what news says: of a world in which both are known exactly.

use crate::bad_scenarios::each_is_told;
use crate::common::{VALLEYS, scenario};
use crate::mechanisms::still;
use entente::experiment::{Control, Inputs, ResultsFolder, Study, Target};
use entente::report::analyses::{UpdateAsked, WatchAsked, signposts, update};
use entente::scenario::Scenario;
use entente::scenario::facts::Facts;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// A treaty comes with a chance of a half. Where it does, a rift follows in three of five cases, and in one of five elsewhere: the rift
/// comes in two of five runs, and the treaty is seen in three quarters of these and in a third of the others.
const PLANTED: &str = r#"
[[event]]
id = "treaty"
name = "The treaty"
date = 2024-02-05
chance = 0.5
effect = { arms = { faction = "north", factor = 1 } }

[[event]]
id = "toss"
name = "The toss"
date = 2024-02-12
chance = 0.5
effect = { arms = { faction = "north", factor = 1 } }

[[event]]
id = "rift-after"
name = "The rift after the treaty"
date = 2024-07-01
chance = 0.6
if = { event = { id = "treaty" } }
effect = { arms = { faction = "north", factor = 1 } }

[[event]]
id = "rift-else"
name = "The rift without it"
date = 2024-07-01
chance = 0.2
if = { not = { event = { id = "treaty" } } }
effect = { arms = { faction = "north", factor = 1 } }

[[question]]
id = "rift"
text = "Does the rift come?"
headline = true
when = { any = [{ event = { id = "rift-after" } }, { event = { id = "rift-else" } }] }
"#;

/// Runs so many replicates into a folder, and gives them to ask.
fn target(scenario: Scenario, replicates: u64, root: &Path) -> Target {
    let mut folder = ResultsFolder::new(Some(root));
    let study = Study::new(scenario).replicates(replicates).seed(5).inputs(Inputs::Best);
    let done = study.run(&mut folder, &Control::default()).unwrap();
    Target::of(done.results, None, 0).unwrap()
}

fn planted(replicates: u64, root: &Path) -> Target {
    target(still(&[], PLANTED), replicates, root)
}

fn facts(target: &Target, text: &str) -> Facts {
    let texts = BTreeMap::from([("observed.toml".to_owned(), text.to_owned())]);
    Facts::read(&texts, Path::new("observed.toml"), &target.scenario).unwrap_or_else(|problems| panic!("{problems}"))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// Whether an estimate's interval holds a value, and is no wider than it should be.
fn holds(estimate: &Value, value: f64, width: f64) {
    let (low, high) = (number(&estimate["low"]), number(&estimate["high"]));
    assert!(low <= value && value <= high && high - low < width, "{value} in {estimate}");
}

#[test]
fn a_planted_signpost_is_found_with_its_likelihood_ratio() {
    let root = tempfile::tempdir().unwrap();
    let target = planted(4000, root.path());
    let asked = WatchAsked { question: "rift".into(), ..WatchAsked::default() };
    let found = signposts(&target, &asked).unwrap().json;
    let list = found["signposts"].as_array().unwrap();
    assert_eq!(found["short_list"], serde_json::json!([0]), "one thing tells all that can be told: {found:#}");
    let came = list.iter().find(|signpost| signpost["signpost"] == "The treaty").unwrap();
    let telling = &came["telling"];
    holds(&telling["with"], 0.6, 0.05);
    holds(&telling["without"], 0.2, 0.05);
    holds(&telling["ratio"], 0.75 / (1.0 / 3.0), 0.4);
    assert!((number(&telling["share"]) - 0.5).abs() < 0.025);
    // From the step of the treaty to that of the rift.
    assert!((number(&came["weeks_ahead"]) - 20.0).abs() < 2.0, "{came}");
    // That it did not come is seen too, and says the inverse; of the toss chance alone could say anything, and next to nothing.
    for signpost in list.iter().filter(|signpost| signpost["signpost"].as_str().unwrap().contains("toss")) {
        assert!(number(&signpost["telling"]["information"]) < 0.003, "{signpost}");
    }
    // The matrix: the treaty speaks for a yes and against a no, and the toss is seen often and for nothing.
    let matrix = found["hypotheses"]["matrix"].as_array().unwrap();
    let row = |words: &str| matrix.iter().find(|row| row["evidence"] == words).map(|row| row["row"].clone()).unwrap();
    assert_eq!(row("The treaty")["consistency"], serde_json::json!(["for", "against"]));
    assert_eq!(row("The toss")["consistency"], serde_json::json!(["neither", "neither"]));
}

#[test]
fn news_of_the_planted_world_is_weighed_exactly() {
    let root = tempfile::tempdir().unwrap();
    let target = planted(4000, root.path());
    let text = r#"
[[fact]]
text = "The treaty is reported signed"
when = { event = { id = "treaty" } }
within = 2024-03-01
observed = true
missed = 0.1
invented = 0.3
"#;
    let facts = facts(&target, text);
    // The report comes with .9 where there is a treaty and .3 elsewhere: three quarters of what is reported so is so.
    let chance = 0.75 * 0.6 + 0.25 * 0.2;
    let asked = UpdateAsked::default();
    let found = update(&target, &facts, &asked, &|| {}).unwrap().json;
    holds(&found["answers"][0]["after"], chance, 0.06);
    holds(&found["answers"][0]["before"], 0.4, 0.05);
    assert!((number(&found["facts"][0]["found"]["runs_say"]) - 0.5).abs() < 0.025);
    // The fact is all that moves the answer, from 0.4, and the interval of that leaves out what chance could do.
    holds(&found["answers"][0]["moved"][0], chance - 0.4, 0.05);
    // Weights of .9 and .3 on equal halves: (.6)² / (.45) of the runs.
    assert!((number(&found["worth"]) / 4000.0 - 0.36 / 0.45).abs() < 0.01, "{}", found["worth"]);
    assert!(
        (number(&found["answers"][0]["without"][0]) - number(&found["answers"][0]["before"]["value"])).abs() < 1e-12
    );
}

#[test]
fn a_fact_that_no_run_left_is_like_moves_nothing_that_is_known() {
    let root = tempfile::tempdir().unwrap();
    let target = planted(400, root.path());
    let fact = |text: &str, when: &str, reliable: &str| {
        format!("[[fact]]\ntext = \"{text}\"\nwhen = {when}\nwithin = 2024-03-01\nobserved = true\n{reliable}\n")
    };
    let treaty = r#"{ event = { id = "treaty" } }"#;
    let text = fact("Signed", treaty, "missed = 0\ninvented = 0")
        + &fact("Refused", &format!("{{ not = {treaty} }}"), "")
        + &fact("Signed again", treaty, "");
    // Nothing is so at the start: that there is no treaty is asked of a day after it.
    let text = text.replacen("within = 2024-03-01\nobserved = true\n\n", "at = 2024-03-01\nobserved = true\n", 1);
    let found = update(&target, &facts(&target, &text), &UpdateAsked::default(), &|| {}).unwrap();
    let place = |text: &str| {
        let facts = found.json["facts"].as_array().unwrap();
        facts.iter().position(|fact| fact["text"] == text).unwrap()
    };
    let moved = |text: &str| found.json["answers"][0]["moved"][place(text)].clone();
    let alike = |text: &str| found.json["facts"][place(text)]["found"]["alike"].clone();
    assert_eq!((alike("Refused"), alike("Signed again")), ("none".into(), "all".into()), "{:#}", found.json);
    // Nobody moved, which says nothing of how much it might.
    for text in ["Refused", "Signed again"] {
        assert!(moved(text)["low"].is_null() && moved(text)["high"].is_null(), "{}", moved(text));
    }
    assert!(moved("Refused")["value"].is_null() && number(&moved("Signed again")["value"]).abs() < 1e-12);
    let page = found.document.text(1000);
    assert!(page.contains("No run that still counts is like this: Refused"), "{page}");
}

#[test]
fn runs_that_go_on_from_a_rare_world_say_what_it_says() {
    let root = tempfile::tempdir().unwrap();
    // So few runs that the two events are seen together in none of four.
    let target = planted(400, root.path());
    let fact = |event: &str, date: &str, yes: bool| {
        format!(
            "[[fact]]\ntext = \"{event}\"\nwhen = {{ event = {{ id = \"{event}\" }} }}\nwithin = {date}\nobserved = {yes}\n\
             missed = 0\ninvented = 0\n"
        )
    };
    let text = fact("treaty", "2024-03-01", true) + &fact("toss", "2024-03-01", false);
    let facts = facts(&target, &text);
    let asked = UpdateAsked { go_on: Some(4000), ..UpdateAsked::default() };
    let found = update(&target, &facts, &asked, &|| {}).unwrap().json;
    // All weight is on a quarter of the runs: they are drawn anew, and all that go on count alike.
    assert!((number(&found["worth"]) - 4000.0).abs() < 1e-6, "{}", found["worth"]);
    let ancestors = number(&found["ancestors"]);
    assert!((900.0..1100.0).contains(&ancestors), "{ancestors}");
    holds(&found["answers"][0]["after"], 0.6, 0.1);
    // Those that go on from one run do so under random numbers of their own: not all end alike.
    let after = number(&found["answers"][0]["after"]["value"]);
    assert!(after > 0.0 && after < 1.0);
    // How much they tell is what the interval rests on, and no more than they are.
    let (after, worth) = (&found["answers"][0]["after"], number(&found["answers"][0]["worth"]));
    let width = number(&after["high"]) - number(&after["low"]);
    let known = 2.0 * 1.96 * (number(&after["value"]) * (1.0 - number(&after["value"])) / worth).sqrt();
    assert!(worth <= 4000.0 + 1e-6 && (width / known - 1.0).abs() < 0.05, "{worth}: {width} and {known}");
    let again = update(&target, &facts, &asked, &|| {}).unwrap().json;
    assert_eq!(found, again, "the same command gives the same answer");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let target = planted(200, root.path());
    let refused =
        |asked: WatchAsked| signposts(&target, &asked).err().map(|error| error.to_string()).unwrap_or_default();
    let asked = |question: &str| WatchAsked { question: question.into(), ..WatchAsked::default() };
    assert!(refused(asked("rfit")).contains("did you mean `rift`?"));
    assert!(refused(WatchAsked { above: Some(1.0), ..asked("rift") }).contains("--above is for amounts"));
    let within = entente::base::Duration::parse("1 year").ok();
    assert!(refused(WatchAsked { within, ..asked("rift") }).contains("give fewer, with --within"));
    let few = tempfile::tempdir().unwrap();
    let few = planted(24, few.path());
    let error = signposts(&few, &asked("rift")).err().unwrap().to_string();
    assert!(error.contains("it takes at least 20"), "{error}");
    let certain = "[[fact]]\ntext = \"x\"\nwhen = { event = { id = \"rift-after\" } }\nwithin = 2024-02-01\nobserved = true\ninvented = 0\n";
    let error = update(&target, &facts(&target, certain), &UpdateAsked::default(), &|| {}).err().unwrap().to_string();
    assert!(error.contains("impossible in all runs"), "{error}");
    let late = "[[fact]]\ntext = \"x\"\nwhen = { event = { id = \"treaty\" } }\nwithin = 2024-12-31\nobserved = true\n";
    let error = update(&target, &facts(&target, late), &UpdateAsked::default(), &|| {}).err().unwrap().to_string();
    assert!(error.contains("no question is open"), "{error}");
}

#[test]
fn bad_files_of_facts_are_told_with_their_places() {
    let valleys = scenario(VALLEYS);
    let sound = include_str!("../fixtures/facts.toml");
    let read = |text: &str| {
        let texts = BTreeMap::from([("observed.toml".to_owned(), text.to_owned())]);
        Facts::read(&texts, Path::new("observed.toml"), &valleys)
    };
    let facts = read(sound).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(facts.list.len(), 4);
    assert!(facts.list.is_sorted_by_key(|fact| fact.question.moment), "in the order in which they became known");
    each_is_told(sound, include_str!("../fixtures/bad_facts.txt"), read);
}

#[test]
fn all_that_is_wrong_with_a_file_of_facts_is_told_at_once() {
    let valleys = scenario(VALLEYS);
    let told = |text: &str| -> std::collections::BTreeSet<String> {
        let texts = BTreeMap::from([("observed.toml".to_owned(), text.to_owned())]);
        let problems = Facts::read(&texts, Path::new("observed.toml"), &valleys).err();
        problems.into_iter().flat_map(|problems| problems.list).map(|problem| problem.message).collect()
    };
    let sound = include_str!("../fixtures/facts.toml");
    // Of types, dates, names and numbers, some in one entry.
    let edits = [
        ("discrepancy = 0.1", "discrepancy = \"x\""),
        ("text = \"People killed in March\"", "text = 3"),
        ("zone = \"hills\"", "zone = \"hlls\""),
        ("at = 2024-04-01\nobserved = true", "at = 2026-04-01\nobserved = 3"),
        ("observed = 40", "observed = -5"),
        ("low = 30", "low = 70"),
        ("at = \"8 weeks\"", "at = \"8 wks\""),
        ("observed = 12000", "observed = \"many\""),
        ("missed = 0.1", "missed = 7"),
    ];
    let of_each: std::collections::BTreeSet<String> = edits
        .iter()
        .flat_map(|(from, to)| {
            assert!(sound.contains(from));
            let found = told(&sound.replacen(from, to, 1));
            assert!(!found.is_empty(), "nothing is wrong with {to}");
            found
        })
        .collect();
    let all = edits.iter().fold(sound.to_owned(), |text, (from, to)| text.replacen(from, to, 1));
    assert_eq!(told(&all), of_each);
}

#[test]
fn the_shipped_example_can_be_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs");
    let overrides = entente::scenario::Overrides::default();
    let scenario = Scenario::load(&folder.join("three-way-standoff.toml"), &overrides).unwrap();
    let facts = Facts::load(&folder.join("news/three-way-standoff.toml"), &scenario);
    assert_eq!(facts.map(|facts| facts.list.len()).unwrap_or_else(|problems| panic!("{problems}")), 3);
}
