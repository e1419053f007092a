//! Any run again by its number: the same bytes as in the ensemble, whatever the threads and chunks.

use crate::common::{VALLEYS, scenario};
use crate::mechanisms::still;
use assert_cmd::Command;
use entente::analysis::why::{
    Again, Grounds, Note, Outcome, Witness, causes, chain, explain, model, probability_at, top,
};
use entente::base::FactionId;
use entente::engine::{Checkpoint, Model, RandomStream, Runner};
use entente::experiment::{Bench, Control, Inputs, Scenarios, Study, Target};
use entente::measure::Keep;
use entente::mechanism::{DecisionKind, Silent, utility};
use entente::record::{Folder, Memory, Results, canonical};
use entente::report::analyses::{self, ExplainAsked, Replicate, Why};
use entente::world::HappeningKind;
use std::path::Path;

/// The valleys, asked about two who are in talks from the start, so that the answer is yes now and then.
fn valleys() -> String {
    let asked =
        VALLEYS.replace("between = [\"raiders\", \"front\"], at_least", "between = [\"raiders\", \"blue\"], at_least");
    // Pacts come easily here, so that there are some to explain.
    asked + "\n[behaviour.choice]\npact = 1.2\nalliance = 2.4\n"
}

/// The id of a question of several moments means its last, for whoever asks.
#[test]
fn a_question_of_several_moments_is_explained_at_its_last() {
    let text = short().replace("id = \"pact\"\n", "id = \"pact\"\nwithin = [\"2 months\", \"6 months\"]\n");
    let study = Study::new(scenario(&text)).replicates(64);
    let results = study.run(&mut Memory::default(), &Control::default()).unwrap().results;
    let target = || Target::of(results.clone(), None, 0).unwrap();
    assert_eq!(target().question("pact").unwrap().id, "pact-6m");
    let number = |id: &str| "yes".parse::<Replicate>().unwrap().number(&target(), Some(id)).unwrap();
    assert_eq!(number("pact"), number("pact-6m"));
    let told = |id: &str| {
        let why = Why::Question(id.to_owned());
        let asked = ExplainAsked { why, replicate: None, cases: 4, threads: Some(2) };
        analyses::explain(target(), &asked).unwrap().document.text(80)
    };
    assert_eq!(told("pact"), told("pact-6m"));
    assert!(target().question("pakt").unwrap_err().to_string().contains("pact-6m"));
}

/// A short story, so that a thousand runs take a moment.
fn short() -> String {
    valleys().replace("horizon = \"1 year\"", "horizon = \"8 months\"")
}

#[test]
fn a_thousand_runs_are_the_same_alone_and_in_any_ensemble() {
    let scenario = scenario(&short());
    let seed = scenario.file.run.seed;
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep::ALL);
    let alone: Vec<Vec<u8>> = (0..1000)
        .map(|replicate| {
            let mut record = runner.run(seed, replicate);
            // As gather digests it: without series.
            (record.series, record.milestones) = (Vec::new(), Vec::new());
            postcard::to_allocvec(&record).unwrap()
        })
        .collect();
    for (threads, chunk_size) in [(1, 1000), (2, 64), (5, 7)] {
        let source = Scenarios::new(vec![("baseline".into(), scenario.clone())], None, seed).unwrap();
        let plan = source.plan("run");
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path());
        let _claim = folder.clone().claim(plan.digest().to_hex().as_str(), &"plan", false).unwrap();
        let control = Control::default();
        let (source, store, chunk) = (&source, &folder, Some(chunk_size));
        let bench = Bench { plan: &plan, source, store, threads, chunk, control: &control };
        let mut held = Vec::new();
        bench.fill(&(0..1000), &mut held).unwrap();
        let mut next = 0;
        for held in &held {
            held.leaves()
                .each_run(0, None, |mut run| {
                    assert_eq!(run.replicate, next as u64);
                    assert_eq!(
                        canonical(&mut run),
                        alone[next],
                        "replicate {next}, {threads} threads, chunks of {chunk_size}"
                    );
                    next += 1;
                    Ok(())
                })
                .unwrap();
        }
        assert_eq!(next, 1000);
    }
}

#[test]
fn listening_changes_nothing_and_hears_every_probability() {
    let scenario = scenario(VALLEYS);
    let model = Model::of(&scenario);
    let mut kinds = Vec::new();
    for replicate in 0..30 {
        let mut witness = Witness::new(None);
        let heard = Runner::new(&model, Keep::ALL).run_traced(3, replicate, &mut witness);
        assert_eq!(heard, Runner::new(&model, Keep::ALL).run(3, replicate));
        for (decision, yes) in witness.account.decisions() {
            assert_eq!(yes, decision.draw < decision.probability);
            let weeks = scenario.setting.calendar.weeks_in(decision.step);
            let again = probability_at(&scenario.behaviour, weeks, decision, utility(&decision.terms));
            if let Some(again) = again {
                assert!((again - decision.probability).abs() < 1e-12, "{decision:?}: {again}");
            }
            if !kinds.contains(&decision.kind) {
                kinds.push(decision.kind);
            }
        }
    }
    for kind in [DecisionKind::OpenTalks, DecisionKind::Conclude, DecisionKind::StepDown, DecisionKind::Accord] {
        assert!(kinds.contains(&kind), "{kind:?} was never heard");
    }
}

#[test]
fn the_chain_of_a_deal_leads_to_it_and_its_causes_are_tested() {
    let scenario = scenario(&valleys());
    let outcome = Outcome::of_question(&scenario.setting, &scenario.questions[0]).unwrap();
    let model = model(&scenario, &outcome);
    let mut again = Again::new(&model, &outcome, 3);
    let (setting, behaviour) = (&scenario.setting, &scenario.behaviour);
    let grounds = Grounds { setting, behaviour, outcome: &outcome, events: &[] };
    let (mut yes, mut no, mut flips) = (0, 0, 0);
    for replicate in 0..120 {
        let was = again.run(replicate, None);
        let Some(moment) = was.yes_at.filter(|moment| *moment > 0) else {
            no += 1;
            continue;
        };
        yes += 1;
        let chain = chain(setting, &outcome, &was.account, moment);
        assert!(!chain.links.is_empty(), "replicate {replicate}");
        assert!(chain.links.windows(2).all(|pair| pair[0].step <= pair[1].step));
        assert!(chain.links.iter().all(|link| link.step < moment));
        let list = causes(&grounds, &was.account, &chain);
        assert!(list.iter().all(|cause| (0.0..=1.0).contains(&cause.estimate)), "{list:?}");
        let Some(place) = top(&list) else { continue };
        // The same change made twice gives the same run.
        let change = Some(&list[place].change);
        let (one, two) = (again.run(replicate, change), again.run(replicate, change));
        assert_eq!(one.account, two.account);
        flips += u32::from(one.yes_at.is_none());
    }
    assert!(yes > 5 && no > 5, "{yes} of 120 say yes");
    assert!(flips * 2 > yes, "taking away the top cause flips {flips} of {yes}");
    let found = explain(&mut again, &grounds, 0);
    assert_eq!(found.hindrances.is_some(), found.was.yes_at.is_none());
    assert!(!found.ablations.is_empty());
    assert!(found.ablations.windows(2).all(|pair| pair[0].flips >= pair[1].flips), "flips come first");
}

/// The valleys with the raiders strong enough to take the plain, and a question that is yes at the start.
const PLACES: &str = r#"
[[question]]
id = "plain"
text = "Does the state hold the plain?"
at = "12 months"
when = { controls = { faction = "state", zone = "plain" } }

[[question]]
id = "fighting"
text = "Do the state and the raiders fight?"
at = "12 months"
when = { stance = { between = ["state", "raiders"], at_most = "war" } }
"#;

#[test]
fn a_place_that_is_lost_and_a_war_that_ends_are_outcomes_of_their_own() {
    let strong = VALLEYS.replace("fighters = 800", "fighters = 5000") + PLACES;
    let scenario = scenario(&strong);
    let (setting, behaviour) = (&scenario.setting, &scenario.behaviour);
    for (id, is_of_place) in [("plain", true), ("fighting", false)] {
        let question = scenario.questions.iter().find(|question| question.id == id).unwrap();
        let outcome = Outcome::of_question(setting, question).unwrap();
        let end = outcome.end(&scenario).expect("it is so at the start");
        assert!(end.is_end && end.place().is_some() == is_of_place && end.place() == outcome.place());
        let model = model(&scenario, &end);
        let mut again = Again::new(&model, &end, 3);
        let grounds = Grounds { setting, behaviour, outcome: &end, events: &[] };
        let mut ended = 0;
        for replicate in 0..300 {
            let was = again.run(replicate, None);
            let Some(moment) = was.yes_at else { continue };
            ended += 1;
            if ended > 5 {
                break;
            }
            let chain = chain(setting, &end, &was.account, moment);
            assert!(!chain.links.is_empty(), "{id} in replicate {replicate}: nothing led there");
            let Some(zone) = end.place() else { continue };
            // Of a place, what happens elsewhere is not told, nor the ties of those who have no part in it.
            let mut party: Vec<FactionId> =
                setting.initial.holder[zone].into_iter().chain(end.factions.clone()).collect();
            for (_, happening) in was.account.happenings() {
                match happening.kind {
                    HappeningKind::ControlChanged { zone: at, from, to } if at == zone => {
                        party.extend(from.into_iter().chain(to));
                    }
                    HappeningKind::Offensive { attacker, defender, zone: at } if at == zone => {
                        party.extend([attacker, defender]);
                    }
                    HappeningKind::Defection { from, to, zone: at } if at == zone => party.extend([from, to]),
                    _ => {}
                }
            }
            for link in &chain.links {
                match &link.note {
                    Note::Happened(happening) => match happening.kind {
                        HappeningKind::Offensive { zone: at, .. }
                        | HappeningKind::ControlChanged { zone: at, .. }
                        | HappeningKind::Defection { zone: at, .. } => assert_eq!(at, zone),
                        HappeningKind::StanceChanged { between: (a, b), .. } => {
                            assert!(party.contains(&a) && party.contains(&b), "{happening:?}");
                        }
                        _ => {}
                    },
                    Note::Decided(decision, _) if decision.kind == DecisionKind::StepDown => {
                        assert!(party.contains(&decision.actor) && party.contains(&decision.other));
                    }
                    _ => {}
                }
            }
            let explained = explain(&mut again, &grounds, replicate);
            assert!(explained.was.yes_at.is_some() && explained.hindrances.is_none());
        }
        assert!(ended > 2, "{id} came to an end in {ended} of 300 runs");
    }
    let pact = Outcome::of_question(setting, &scenario.questions[0]).unwrap();
    assert!(pact.end(&scenario).is_none(), "what is asked of all moments up to one has no end");
}

fn entente() -> Command {
    Command::cargo_bin("entente").unwrap()
}

/// Runs a command and gives what it printed, as one line.
fn printed(args: &[&str]) -> String {
    let output = entente().args(args).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{args:?}: {error}");
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Runs a command that must be refused as wrong input, and gives what it said.
fn refused(args: &[&str]) -> String {
    let output = entente().args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_commands_work_on_a_results_folder() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("valleys.toml");
    std::fs::write(&file, short()).unwrap();
    let results = root.path().join("results");
    let (file, results) = (file.to_str().unwrap(), results.to_str().unwrap());
    printed(&["run", file, "--replicates", "60", "--out", results, "--no-charts", "--quiet"]);

    let story = printed(&["replay", results, "--replicate", "7", "--story", "--no-charts"]);
    assert!(story.contains("A model, not a forecast.") && story.contains("Identical to the recorded run"), "{story}");
    assert!(story.contains("2024"), "{story}");
    let trace = root.path().join("trace.parquet");
    let told = printed(&["replay", results, "--replicate", "7", "--trace", trace.to_str().unwrap()]);
    assert!(told.contains("decisions in") && trace.is_file(), "{told}");
    let error = refused(&["replay", results, "--replicate", "60"]);
    assert!(error.contains("no replicate 60") && error.contains("0 to 59"), "{error}");
    let kept = |id: &str| Results::open(Path::new(results)).unwrap().run_numbers(&format!("question.{id}")).unwrap();
    let pact = kept("pact");
    for (word, yes) in [("yes", true), ("no", false)] {
        let first = pact.iter().position(|answer| (*answer > 0.5) == yes).expect("both answers come about");
        let told = printed(&["replay", results, "--replicate", word, "--question", "pact"]);
        assert!(told.contains(&format!("replicate {first},")), "{word}: {told}");
        let told = printed(&["explain", results, "--replicate", word, "--question", "pact", "--no-charts"]);
        assert!(told.contains(&format!("replicate {first},")), "{word}: {told}");
        let at = ["--at", "2024-03-04", "--fresh", "2", "--no-charts"];
        let told = printed(&[&["branch", results, "--replicate", word, "--question", "pact"], &at[..]].concat());
        assert!(told.contains(&format!("replicate {first},")), "{word}: {told}");
    }
    assert!(printed(&["replay", results, "--replicate", "typical"]).contains("Identical to the recorded run"));
    for (wrong, said) in [
        (&["--replicate", "yes"][..], "--replicate yes needs --question ID"),
        (&["--replicate", "no", "--question", "deaths"], "asks how much"),
        (&["--replicate", "no", "--question", "pcat"], "did you mean `pact`?"),
        (&["--replicate", "3", "--question", "pact"], "goes with --replicate yes, no, high or low only"),
        (&["--replicate", "median"], "expected a number from 0, typical, yes, no, high or low"),
    ] {
        let error = refused(&[&["replay", results], wrong].concat());
        assert!(error.contains(said), "{error}");
    }
    let at = ["branch", results, "--at", "2024-03-04", "--replicate", "3", "--question", "pact"];
    assert!(refused(&at).contains("goes with --dates, or with --replicate yes, no, high or low"));
    let error = refused(&["replay", results, "--replicate", "1", "--variant", "bseline"]);
    assert!(error.contains("did you mean `baseline`?"), "{error}");
    let error = refused(&["explain", results, "--question", "pcat"]);
    assert!(error.contains("did you mean `pact`?"), "{error}");

    let one = printed(&["explain", results, "--question", "pact", "--replicate", "1", "--no-charts"]);
    assert!(one.contains("replay of the run under the same random numbers"), "{one}");
    let pair = printed(&["explain", results, "--pair", "raiders,state", "--replicate", "1", "--no-charts"]);
    assert!(pair.contains("Raiders") && pair.contains("State"), "{pair}");
    for pair in ["red,front", "front,red"] {
        let error = refused(&["explain", results, "--pair", pair, "--replicate", "1"]);
        assert!(error.contains("`red` is a member of `front`"), "{error}");
    }
    let many = printed(&["explain", results, "--question", "pact", "--cases", "10", "--no-charts"]);
    assert!(many.contains("the top cause") && many.contains("a random cause of the same list"), "{many}");
    assert!(root.path().join("results/explain/pact,cases=10/fidelity.csv").is_file());

    let moment = root.path().join("moment.checkpoint");
    let at = ["branch", results, "--replicate", "2", "--at", "2024-03-04", "--fresh", "20", "--no-charts"];
    let fresh = printed(&[&at[..], &["--save", moment.to_str().unwrap()]].concat());
    assert!(fresh.contains("gives the run itself, to the bit"), "{fresh}");
    let again = printed(&["branch", results, "--from", moment.to_str().unwrap(), "--fresh", "20", "--no-charts"]);
    assert_eq!(fresh, again);
    let lever = ["--at", "2024-06-03", "--set", "event.congress.chance=0", "--no-charts"];
    let vain = printed(&[&["branch", results, "--replicate", "2"], &lever[..]].concat());
    assert!(vain.contains("Without effect at that date: Congress of the Front"), "{vain}");
    assert!(vain.contains("Nothing that is recorded of the run changes from there on"), "{vain}");
    let lever = ["--at", "2024-03-04", "--set", "faction.raiders.outreach=0.9", "--no-charts"];
    let pulled = printed(&[&["branch", results, "--replicate", "2"], &lever[..]].concat());
    assert!(pulled.contains("outreach of Raiders by"), "{pulled}");
    let tree = printed(&["branch", results, "--replicate", "2", "--dates", "3", "--fresh", "20", "--no-charts"]);
    assert!(tree.contains("1 January 2024"), "{tree}");
    let error = refused(&["branch", results, "--replicate", "2", "--at", "2031-01-01"]);
    assert!(error.contains("outside the run"), "{error}");
    std::fs::write(&moment, "a poem").unwrap();
    let error = refused(&["branch", results, "--from", moment.to_str().unwrap()]);
    assert!(error.contains("no checkpoint of this program"), "{error}");
}

/// A war that an event makes in every run, in a world in which hardly anybody looks at how things stand.
const BREAK: &str = r#"
[behaviour.choice]
looks = 0.01

[[event]]
id = "break"
name = "The break"
date = 2024-03-04
effect = { stance = { between = ["north", "south"], to = "war" } }

[[event]]
id = "other"
name = "Something else"
date = 2024-03-04
effect = { arms = { faction = "north", factor = 1 } }

[[question]]
id = "war"
text = "Are the north and the south at war?"
at = "6 months"
when = { stance = { between = ["north", "south"], at_most = "war" } }

[[question]]
id = "ever"
text = "Do the north and the south go to war?"
within = "6 months"
when = { stance = { between = ["north", "south"], at_most = "war" } }
"#;

fn explained(target: Target, id: &str) -> serde_json::Value {
    let asked = ExplainAsked { why: Why::Question(id.into()), replicate: None, cases: 20, threads: None };
    analyses::explain(target, &asked).unwrap().json
}

#[test]
fn an_outcome_that_an_event_makes_in_every_run_hangs_on_it() {
    let scenario = still(&[], BREAK);
    let study = Study::new(scenario).replicates(40).seed(5).inputs(Inputs::Best);
    let results = study.run(&mut Memory::default(), &Control::default()).unwrap().results;
    for id in ["war", "ever"] {
        let found = explained(Target::of(results.clone(), None, 0).unwrap(), id);
        let (cases, top) = (found["cases"].as_u64().unwrap(), &found["top_causes"][0]);
        assert!(cases == 20 && top["cause"] == "The break", "{id}: {found:#}");
        // Hardly anything moves the two but the event, and of it alone it is told.
        assert!(top["cases"].as_u64().unwrap() >= 18 && top["flips"].as_u64().unwrap() >= 18, "{id}: {found:#}");
    }
}

#[test]
fn an_explained_answer_has_the_interval_of_the_answers() {
    let study = Study::new(scenario(&short())).replicates(64).seed(3);
    let results = study.run(&mut Memory::default(), &Control::default()).unwrap().results;
    let answers = results.questions().unwrap();
    let row = answers.iter().find(|row| row.question == "pact").unwrap();
    assert!(row.probability.is_some_and(|share| share > 0.0), "there is something to explain");
    let share = explained(Target::of(results, None, 0).unwrap(), "pact")["share"].clone();
    for (name, known) in [("value", row.probability), ("low", row.low), ("high", row.high)] {
        assert_eq!(share[name].as_f64().map(f64::to_bits), known.map(f64::to_bits), "{name}: {share} and {row:?}");
    }
}

#[test]
fn a_branch_with_nothing_changed_is_the_run_at_every_date() {
    let scenario = scenario(VALLEYS);
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep::ALL);
    let digest = scenario.digest();
    for replicate in [0, 11] {
        let whole = runner.run(3, replicate);
        for step in 0..=scenario.setting.calendar.steps() {
            runner.begin(3, replicate);
            while runner.world().step < step {
                runner.step(&mut Silent).unwrap();
            }
            let bytes = runner.checkpoint().to_bytes(&digest).unwrap();
            let mut moment = Checkpoint::from_bytes(&bytes, &digest).unwrap();
            let (made, pulled) =
                entente::analysis::branch::pull(&scenario, &scenario.clone(), &mut moment.world).unwrap();
            assert_eq!(pulled, Default::default(), "a lever that is none moves nothing");
            let model = Model::set_up(made, model.measures.clone());
            let record = Runner::new(&model, Keep::ALL).run_from(&moment, RandomStream::Same, &mut Silent);
            assert_eq!(postcard::to_allocvec(&record).unwrap(), postcard::to_allocvec(&whole).unwrap());
        }
    }
}

#[test]
fn what_was_so_all_the_time_has_no_causes() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("valleys.toml");
    let asked = "\n[[question]]\nid = \"stands\"\ntext = \"Has the state fighters?\"\nat = \"6 months\"\n\
                 when = { quantity = { of = { strength = { faction = \"state\" } }, at_least = 1 } }\n\n[run]";
    std::fs::write(&file, VALLEYS.replacen("\n[run]", asked, 1)).unwrap();
    let out = root.path().join("out");
    let entente = |arguments: &[&str]| Command::cargo_bin("entente").unwrap().args(arguments).output().unwrap();
    let [file, out] = [&file, &out].map(|path| path.to_str().unwrap());
    assert!(entente(&["run", file, "--replicates", "20", "--no-charts", "--quiet", "--out", out]).status.success());
    let told = entente(&["explain", out, "--replicate", "yes", "--question", "stands"]).stdout;
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains("It was so from the start") && !told.contains("What it hung on"), "{told}");
}
