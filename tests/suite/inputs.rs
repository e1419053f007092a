//! Inputs that are not known are drawn: alike for replicates that share them, and for a variant and its baseline.

use crate::common::{VALLEYS, scenario};
use entente::analysis::cases::Cases;
use entente::engine::{Model, Models, ReplicateRunner, Runner};
use entente::experiment::{Control, Inputs, Progress, ResultsFolder, Study, Target};
use entente::measure::Keep;
use entente::mechanism::Silent;
use entente::random::Spread;
use entente::record::{Folder, Likeness, Memory, NumberTable, Results, Wanted};
use entente::scenario::{DrawnInputs, InputDraws, InputKind, InputNames, InputValue, Overrides, Scenario};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const OPEN: &str = r#"
[[variant]]
id = "nothing"
title = "Nothing"

[[variant]]
id = "more-raiders"
title = "More raiders"
changes = { "faction.raiders.fighters" = 1500, "behaviour.clashes.rate" = 0.1 }

[[uncertainty]]
path = "faction.raiders.fighters"
distribution = "pert"
low = 400
high = 1600

[[uncertainty]]
path = "relation.raiders.state.hostility"
low = 0.3
high = 1

[[uncertainty]]
path = "event.congress.chance"
distribution = "choice"
choices = [0.1, 0.9]
weights = [1, 3]
"#;

fn open() -> Scenario {
    scenario(&format!("{VALLEYS}{OPEN}"))
}

fn draws(scenario: &Scenario) -> InputDraws {
    Inputs::Drawn.draws(scenario, 5).unwrap().unwrap()
}

fn by_path(draws: &InputDraws, replicate: u64) -> BTreeMap<String, f64> {
    draws.drawn().paths().into_iter().zip(draws.values(replicate).iter().copied()).collect()
}

fn done(study: &Study) -> Results {
    study.run(&mut Memory::default(), &Control::default()).unwrap().results
}

fn study() -> Study {
    Study::new(open()).seed(5).replicates(16)
}

#[test]
fn weights_are_drawn_within_what_is_plausible_and_what_is_switched_off_stays_off() {
    let text = format!("{VALLEYS}\n[behaviour.clashes]\nrate = 0\n[behaviour.choice]\nscale = 19.0\n");
    let drawn = draws(&scenario(&text)).drawn().clone();
    let kind = |path: &str| drawn.inputs.iter().find(|input| input.path == path).map(|input| input.kind);
    assert_eq!(kind("behaviour.clashes.rate"), None);
    assert_eq!(kind("behaviour.choice.scale"), None, "it stands outside what is plausible");
    assert_eq!(kind("behaviour.choice.truce"), None, "there is nothing to draw");
    assert_eq!(kind("behaviour.choice.losses"), Some(InputKind::Weight));
    assert_eq!(kind("behaviour.choice.looks"), Some(InputKind::StanceWeight));
    assert!(drawn.inputs.len() > 80);
    assert!(
        drawn.inputs.iter().all(|input| matches!(input.spread, Spread::Pert { .. }) && input.spread.check().is_ok())
    );
}

#[test]
fn replicates_share_draws_by_kind() {
    let draws = draws(&open());
    for input in &draws.drawn().inputs {
        let by = input.kind.shared_by();
        let place = draws.drawn().inputs.iter().position(|other| other.path == input.path).unwrap();
        let of = |replicate| draws.values(replicate)[place].to_bits();
        assert!((0..by).all(|replicate| of(replicate) == of(0)), "{}", input.path);
        if !matches!(input.spread, Spread::Choice { .. }) {
            assert_ne!(of(by), of(0), "{}", input.path);
        }
    }
    let kinds = DrawnInputs::clone(draws.drawn());
    assert!(InputKind::ALL.into_iter().all(|kind| kinds.has(kind)));
}

#[test]
fn another_uncertainty_leaves_the_draws_of_all_others() {
    let more = format!("{VALLEYS}{OPEN}\n[[uncertainty]]\npath = \"zone.plain.revenue\"\nlow = 100\nhigh = 500\n");
    let (few, many) = (by_path(&draws(&open()), 6), by_path(&draws(&scenario(&more)), 6));
    assert_eq!(many.len(), few.len() + 1);
    assert!(few.iter().all(|(path, value)| many[path].to_bits() == value.to_bits()));
}

/// Weighted choices and PERT distributions over many draws: mean and share are those of theory.
#[test]
fn what_is_drawn_has_its_distribution() {
    let draws = draws(&open());
    let many: Vec<BTreeMap<String, f64>> = (0..4000).map(|draw| by_path(&draws, 4 * draw)).collect();
    let mean = |path: &str| many.iter().map(|values| values[path]).sum::<f64>() / many.len() as f64;
    assert!((mean("event.congress.chance") - 0.7).abs() < 0.02);
    assert!((mean("faction.raiders.fighters") - (400.0 + 4.0 * 800.0 + 1600.0) / 6.0).abs() < 12.0);
}

/// The fast way to set inputs makes the setting that reading them makes.
#[test]
fn inputs_set_by_path_are_as_if_they_were_read() {
    let flagship = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/northern-mali-2023.toml");
    let lever = Overrides { set: vec!["faction.jnim.fighters=2500".into()], variant: Some("sponsor-forbids".into()) };
    for (path, overrides) in [(&flagship, Overrides::default()), (&flagship, lever)] {
        let scenario = Scenario::load(path, &overrides).unwrap_or_else(|problems| panic!("{problems}"));
        let draws = draws(&scenario);
        let paths = draws.drawn().paths();
        assert_eq!(paths.contains(&"faction.jnim.fighters".to_owned()), overrides.set.is_empty());
        let mut setter = scenario.inputs_by_path(&paths, &InputNames::default()).unwrap();
        for replicate in [0, 2, 8] {
            let values = draws.values(replicate);
            let read = scenario.with(&paths.iter().cloned().zip(values.iter().copied()).collect::<Vec<_>>(), "test");
            let read = read.unwrap_or_else(|problems| panic!("{problems}"));
            let set = setter.set(&values.iter().copied().map(Some).collect::<Vec<_>>()).unwrap();
            assert_eq!(set.behaviour, read.behaviour);
            assert!(format!("{:?}", set.setting) == format!("{:?}", read.setting), "replicate {replicate}");
            assert_eq!(format!("{:?}", set.conditions), format!("{:?}", read.conditions));
        }
    }
}

/// Names and whole numbers among inputs make what reading them makes too, and are drawn as often as they weigh.
#[test]
fn names_and_whole_numbers_are_inputs_like_others() {
    let unsure = r#"
[[uncertainty]]
path = "relation.raiders.front.stance"
values = ["war", "rivalry", "neutral"]
weights = [1, 2, 1]

[[uncertainty]]
path = "scenario.splinters"
distribution = "choice"
choices = [1, 2]
"#;
    let scenario = scenario(&format!("{VALLEYS}\n{unsure}"));
    let draws = draws(&scenario);
    let (paths, names) = (draws.drawn().paths(), draws.drawn().names());
    let stance = paths.iter().position(|path| path == "relation.raiders.front.stance").unwrap();
    let rivalry = (0..2000u64).filter(|draw| (draws.values(4 * draw)[stance] - 1.0).abs() < 0.5).count();
    assert!((900..1100).contains(&rivalry), "{rivalry} of 2000");
    let mut setter = scenario.inputs_by_path(&paths, &names).unwrap();
    let mut seen = Vec::new();
    for replicate in (0..40).step_by(4) {
        let values = draws.values(replicate);
        let named: Vec<(String, InputValue)> =
            paths.iter().zip(values.iter()).map(|(path, value)| (path.clone(), names.value(path, *value))).collect();
        let read = scenario.with(&named, "test").unwrap_or_else(|problems| panic!("{problems}"));
        let set = setter.set(&values.iter().copied().map(Some).collect::<Vec<_>>()).unwrap();
        assert!(format!("{:?}", set.setting) == format!("{:?}", read.setting), "replicate {replicate}");
        seen.push(named[stance].1.to_string());
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen, ["neutral", "rivalry", "war"]);
}

#[test]
fn a_range_that_a_number_may_have_is_told() {
    let scenario = open();
    let outreach = scenario.range_of("faction.raiders.outreach").unwrap();
    assert_eq!(outreach.check(&0.4.into()), Ok(()));
    assert!(outreach.check(&1.4.into()).unwrap_err().contains("is 1.4, expected 0 to 1"));
    let refused = |path: &str| scenario.range_of(path).unwrap_err();
    assert!(refused("faction.raider.outreach").contains("did you mean `faction.raiders.outreach`?"));
    assert!(refused("faction.raiders.name").contains("is no number"));
    let stance = scenario.range_of("relation.raiders.front.stance").unwrap();
    assert_eq!(stance.check(&InputValue::Name("rivalry".into())), Ok(()));
    assert!(stance.check(&InputValue::Name("peace".into())).unwrap_err().contains("is peace, expected one of war, "));
    assert!(stance.check(&1.0.into()).is_err() && outreach.check(&InputValue::Name("war".into())).is_err());
    let splinters = scenario.range_of("scenario.splinters").unwrap();
    assert!(splinters.check(&1.5.into()).unwrap_err().contains("expected a whole number"));
    assert!(scenario.inputs_by_path(&["faction.raider.outreach".into()], &InputNames::default()).is_err());
}

#[test]
fn at_the_best_guess_all_replicates_run_the_scenario_itself() {
    let results = done(&study().inputs(Inputs::Best));
    assert_eq!(results.manifest().inputs, None);
    assert!(!results.lists(Folder::INPUTS));
    let scenario = open();
    let mut runner = Runner::new(&Model::of(&scenario), Keep::ANSWERS);
    let deaths = results.run_numbers("question.deaths").unwrap();
    for (replicate, deaths) in deaths.into_iter().enumerate() {
        assert_eq!(runner.run(5, replicate as u64).answers[2].value.to_bits(), deaths.to_bits());
    }
    assert!(results.questions().unwrap().iter().all(|row| row.luck.is_none() && row.moves.is_none()));
}

#[test]
fn drawn_replicates_run_under_the_inputs_that_results_keep() {
    let root = tempfile::tempdir().unwrap();
    let study = study().replicates(18).chunk_size(Some(5));
    study.run(&mut ResultsFolder::new(Some(root.path())), &Control::default()).unwrap();
    let table = NumberTable::open(&root.path().join(Folder::INPUTS)).unwrap();
    let columns = ["replicate", "weight_draw", "scenario_draw", "stance_weight_draw", "faction.raiders.fighters"];
    let read = table.read(&columns.map(|name| Wanted { name, required: true, names: false })).unwrap();
    assert_eq!(read[0].numbers, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0]);
    assert_eq!((read[1].numbers[5], read[2].numbers[5], read[3].numbers[5]), (5.0, 2.0, 1.0));
    let target = Target::of(Results::open(root.path()).unwrap(), None, 0).unwrap();
    for replicate in [0, 3, 9, 17] {
        let ran = target.scenario_of(replicate).unwrap();
        let fighters = ran.file.faction.iter().find(|faction| faction.id == "raiders").unwrap().fighters;
        assert_eq!(fighters.to_bits(), read[4].numbers[replicate as usize / 2].to_bits());
        assert_eq!(target.compare(&target.run(replicate)).unwrap(), Likeness::Same);
        let mut again = target.start(replicate).unwrap();
        while !again.at_horizon() {
            again.step(&mut Silent).unwrap();
        }
        assert_eq!(again.finish(), target.run(replicate), "{replicate}");
    }
}

/// What is open here decides what zones and people weigh in measures, where people can flee to, and who holds what at the start.
const OPEN_GROUND: &str = r#"
[[question]]
id = "more-ground"
text = "What share of territory has the state gained?"
at = "1 year"
measure = { territory_share = { faction = "state", change = true } }

[[uncertainty]]
path = "zone.plain.strategic_value"
low = 0
high = 1

[[uncertainty]]
path = "zone.hills.population"
low = 1
high = 900000

[[uncertainty]]
path = "faction.raiders.fighters"
low = 400
high = 1600
"#;

#[test]
fn a_replicate_is_the_same_whichever_ran_before_it() {
    let scenario = scenario(&format!("{VALLEYS}{OPEN_GROUND}"));
    let measures = Model::of(&scenario).measures.clone();
    let drawn = Arc::new(draws(&scenario));
    let models = || Models::of(&scenario, measures.clone(), Some(drawn.clone())).unwrap();
    let mut one = ReplicateRunner::new(models(), Keep::ALL, 5);
    for replicate in [0, 9, 2, 17, 33] {
        let alone = ReplicateRunner::new(models(), Keep::ALL, 5).run(replicate);
        assert!(alone.failure.is_none());
        assert_eq!(one.run(replicate), alone, "{replicate}");
    }
}

#[test]
fn the_first_runs_of_more_are_the_same_however_they_are_cut() {
    let numbers = |study: &Study| done(study).run_numbers("deaths").unwrap();
    let many = numbers(&study().replicates(30).threads(Some(2)));
    for (replicates, chunk_size, threads) in [(30, 7, 1), (30, 1, 2), (13, 64, 2)] {
        let some = numbers(&study().replicates(replicates).chunk_size(Some(chunk_size)).threads(Some(threads)));
        assert!(some.iter().zip(&many).all(|(a, b)| a.to_bits() == b.to_bits()), "{replicates} {chunk_size}");
        assert_eq!(some.len() as u64, replicates);
    }
}

#[test]
fn a_variant_has_its_baselines_inputs_and_what_it_sets_itself() {
    let study = study().variants(["nothing", "more-raiders"]);
    let results = done(&study);
    let nothing = results.differences().unwrap().unwrap().into_iter().filter(|row| row.variant == "nothing");
    for row in nothing {
        assert_eq!((row.difference, row.low, row.high), (Some(0.0), Some(0.0), Some(0.0)), "{}", row.question);
    }
    let value = |variant: &str, path: &str| {
        let target = Target::of(results.clone(), Some(variant), 0).unwrap();
        let ran = target.scenario_of(9).unwrap();
        let inputs = ran.inputs();
        inputs.into_iter().find(|input| input.path == path).unwrap().value.as_f64().unwrap().to_bits()
    };
    for path in ["relation.raiders.state.hostility", "behaviour.control.contested"] {
        assert_eq!(value("baseline", path), value("more-raiders", path), "{path}");
    }
    for (path, set) in [("faction.raiders.fighters", 1500f64), ("behaviour.clashes.rate", 0.1)] {
        assert_eq!(value("more-raiders", path), set.to_bits(), "{path}");
        assert_ne!(value("baseline", path), value("more-raiders", path), "{path}");
    }
    for variant in ["baseline", "nothing", "more-raiders"] {
        let target = Target::of(results.clone(), Some(variant), 0).unwrap();
        assert_eq!(target.compare(&target.run(9)).unwrap(), Likeness::Same, "{variant}");
    }
}

#[test]
fn what_is_set_is_not_drawn() {
    let set = Overrides { set: vec!["faction.raiders.fighters=900".into()], variant: None };
    let paths = draws(&open().overridden(&set).unwrap()).drawn().paths();
    assert!(!paths.contains(&"faction.raiders.fighters".to_owned()));
    assert!(paths.contains(&"relation.raiders.state.hostility".to_owned()));
    // From the other side it is the same input.
    let set = Overrides { set: vec!["relation.state.raiders.hostility_back=0.5".into()], variant: None };
    assert!(open().overridden(&set).unwrap().is_set("relation.raiders.state.hostility"));
}

#[test]
fn an_experiment_with_drawn_inputs_goes_on_after_a_kill() {
    let root = tempfile::tempdir().unwrap();
    let (study, runs) = (study().replicates(40).chunk_size(Some(6)).threads(Some(1)), AtomicU64::new(0));
    let control = Control {
        cancel: &|| runs.load(Ordering::Relaxed) >= 20,
        on_progress: &|progress| {
            if let Progress::Runs(more) = progress {
                runs.fetch_add(more, Ordering::Relaxed);
            }
        },
    };
    let path = root.path().join("killed");
    study.run(&mut ResultsFolder::new(Some(&path)), &control).unwrap_err();
    let digest = |path: &Path| {
        let done = study.run(&mut ResultsFolder::new(Some(path)), &Control::default()).unwrap();
        done.results.manifest().result_digest.clone()
    };
    assert_eq!(digest(&path), digest(&root.path().join("whole")));
}

#[test]
fn answers_say_what_they_vary_by() {
    let rows = done(&study().replicates(64)).questions().unwrap();
    let told: Vec<_> =
        rows.iter().filter_map(|row| Some((row.luck? + row.scenario? + row.weights?, row.moves?))).collect();
    assert!(told.len() >= 2, "{rows:?}");
    assert!(told.iter().all(|(sum, moves)| (sum - 1.0).abs() < 1e-9 && *moves >= 0.0), "{told:?}");
}

fn table(root: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = root.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Replicates share inputs in eights wherever the first of them lies: no family has runs of two.
#[test]
fn families_lie_between_multiples_of_eight() {
    for first in [0, 2, 4, 6, 8, 13] {
        let results = done(&study().first(first).replicates(24));
        let cases = Cases::of_sweep(&results, &[], "deaths.year_1", "baseline", None).unwrap();
        // Points are pairs of replicates.
        let pairs: Vec<u64> = (first / 2..=(first + 23) / 2).collect();
        assert_eq!(cases.count(), pairs.len());
        let ends = |same: &dyn Fn(usize) -> bool| (1..pairs.len()).filter(|at| !same(*at)).collect::<Vec<_>>();
        let known = ends(&|at| pairs[at] / 4 == pairs[at - 1] / 4);
        assert_eq!(ends(&|at| cases.families()[at] == cases.families()[at - 1]), known, "first {first}");
    }
}

#[test]
fn joint_draws_stay_together() {
    let root = tempfile::tempdir().unwrap();
    let text = "behaviour.clashes.rate,faction.raiders.fighters,weight\n0.05,500,1\n0.1,1000,3\n0.2,1500,0\n";
    let path = table(&root, "posterior.csv", text);
    let scenario = open();
    let draws = Inputs::Joint(path.clone()).draws(&scenario, 5).unwrap().unwrap();
    let joint = draws.drawn().joint.clone().unwrap();
    assert_eq!((joint.kind, joint.rows), (InputKind::Scenario, 3));
    let pairs: Vec<(f64, f64)> = (0..2000)
        .map(|draw| by_path(&draws, 4 * draw))
        .map(|values| (values["behaviour.clashes.rate"], values["faction.raiders.fighters"]))
        .collect();
    assert!(pairs.iter().all(|(rate, fighters)| (fighters - 10_000.0 * rate).abs() < 1e-9 && *rate < 0.15));
    let often = pairs.iter().filter(|(rate, _)| *rate > 0.07).count() as f64 / 2000.0;
    assert!((often - 0.75).abs() < 0.03, "{often}");
    // Named by the scenario, or given: the same, and a folder keeps a copy and runs on from it.
    let named = format!("{VALLEYS}{OPEN}").replace("horizon =", &format!("joint_inputs = {path:?}\nhorizon ="));
    let named = Study::new(self::scenario(&named)).seed(5).replicates(8);
    let given = study().replicates(8).inputs(Inputs::Joint(path));
    assert_eq!(done(&named).manifest().result_digest, done(&given).manifest().result_digest);
    let out = root.path().join("out");
    given.run(&mut ResultsFolder::new(Some(&out)), &Control::default()).unwrap();
    std::fs::remove_file(root.path().join("posterior.csv")).unwrap();
    let results = Results::open(&out).unwrap();
    let again = Study::new(results.scenario().unwrap()).seed(5).replicates(8);
    assert_eq!(done(&again).manifest().result_digest, results.manifest().result_digest);
    let target = Target::of(results, None, 0).unwrap();
    assert_eq!(target.compare(&target.run(5)).unwrap(), Likeness::Same);
}

#[test]
fn joint_draws_that_cannot_be_are_told_with_their_line_and_nothing_is_written() {
    let root = tempfile::tempdir().unwrap();
    let text = "behaviour.clashes.rat,faction.raiders.outreach,faction.raiders.name\n1,0.5,1\n1,1.5,1\n1,-1,1\n";
    let path = table(&root, "posterior.csv", text);
    let out = root.path().join("out");
    let study = study().inputs(Inputs::Joint(path.clone()));
    let told = study.run(&mut ResultsFolder::new(Some(&out)), &Control::default()).unwrap_err().to_string();
    let lines: Vec<&str> = told.lines().collect();
    let name = path.display();
    assert!(
        lines[0].starts_with(&format!("{name}:1: ")) && lines[0].contains("did you mean `behaviour.clashes.rate`?"),
        "{told}"
    );
    assert!(lines[1].starts_with(&format!("{name}:3: `faction.raiders.outreach` is 1.5, expected 0 to 1")), "{told}");
    assert!(lines[2].starts_with(&format!("{name}:4: ")), "{told}");
    assert!(lines[3].contains("`faction.raiders.name` is no number"), "{told}");
    assert!(!out.exists());
    let missing = study.inputs(Inputs::Joint(root.path().join("posterio.csv"))).prepare().unwrap_err().to_string();
    assert!(missing.contains("there is no such file"), "{missing}");
}

#[test]
fn bounds_that_leave_out_what_is_written_are_warned_of() {
    let with = |low: f64| {
        let open = format!("\n[[uncertainty]]\npath = \"faction.red.fighters\"\nlow = {low:?}\nhigh = 2000\n");
        scenario(&format!("{VALLEYS}{open}")).warnings
    };
    let told = |low: f64| with(low).iter().filter(|warning| warning.message.contains("900, lies outside")).count();
    assert_eq!((told(1000.0), told(500.0)), (1, 0));
}

/// Of an input that the scenario leaves to the language, the most likely value is what then holds; of one that nothing says, the
/// middle, and that is told.
#[test]
fn what_is_not_written_is_most_likely_what_it_then_is() {
    let open = |path: &str, low: f64, high: f64| {
        let open = format!("\n[[uncertainty]]\npath = \"{path}\"\nlow = {low:?}\nhigh = {high:?}\n");
        Scenario::from_text("test.toml", &format!("{VALLEYS}{open}"), &Overrides::default())
    };
    let cases = [
        ("faction.state.outreach", 0.0, 0.9, 0.5),
        ("faction.state.cohesion", 0.1, 0.9, 0.7),
        ("faction.state.salience.faith", 0.0, 4.0, 1.0),
        ("zone.plain.control.front", 0.0, 0.1, 0.0),
        ("event.mission.chance", 0.2, 1.0, 1.0),
        ("zone.plain.ruggedness", 0.2, 0.5, 0.2),
    ];
    for (path, low, high, stands) in cases {
        let scenario = open(path, low, high).unwrap_or_else(|problems| panic!("{problems}"));
        let unsure = scenario.uncertainties().into_iter().find(|unsure| unsure.path == path).unwrap();
        assert_eq!(unsure.best, Some(stands), "{path}");
    }
    let best = |scenario: &Scenario| scenario.uncertainties()[0].best;
    let returned = open("relation.front.state.hostility", 0.0, 1.0).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(best(&returned), Some(0.3), "what the other feels");
    let untold = open("faction.red.income", 0.0, 500.0).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(best(&untold), None);
    assert!(untold.warnings.iter().any(|warning| warning.message.contains("the middle of its bounds")));
}
