//! Calibration: planted weights are found, whoever does the work finds the same, and each conflict is left out once.

use crate::bad_scenarios::each_is_told;
use entente::analysis::calibration::{Findings, calibrate_into};
use entente::analysis::{Finished, Request};
use entente::experiment::{Control, ExperimentError, Progress};
use entente::record::{NumberTable, Wanted};
use entente::report::insight;
use entente::scenario::Problems;
use entente::scenario::calibration::Calibration;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

const STANDOFF: &str = include_str!("../../configs/three-way-standoff.toml");
const SOUND: &str = include_str!("../fixtures/calibration.toml");

/// A conflict like the standoff, of which it is known whether fighting stopped and how many were killed.
fn conflict(id: &str, horizon: &str, deaths: f64, stopped: bool) -> String {
    format!(
        r#"extends = "standoff.toml"
[scenario]
id = "{id}"
horizon = "{horizon}"
[[question]]
id = "ceasefire"
text = "Does the fighting between the Highlanders and the Rivermen stop?"
when = {{ stance = {{ between = ["highlanders", "rivermen"], at_least = "neutral" }} }}
observed = {stopped}
base_rate = 0.2
[[question]]
id = "killed"
text = "How many people are killed?"
measure = {{ deaths = {{}} }}
observed = {deaths}
"#
    )
}

/// Many small clashes, of which a few months tell more than of rare large ones.
const STEADY: &str = r#"
[behaviour.shocks]
common = 0
own = 0
[behaviour.clashes]
tail = 10
deaths = 1
[behaviour.one_sided]
rate = 0
"#;

fn texts(calibration: &str) -> BTreeMap<String, String> {
    [
        ("calibration.toml", calibration.to_owned()),
        ("standoff.toml", STANDOFF.to_owned()),
        ("north.toml", conflict("north", "6 months", 90.0, false)),
        ("south.toml", conflict("south", "2 years", 700.0, true)),
        ("east.toml", conflict("east", "3 months", 30.0, false) + STEADY),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into()
}

fn read(calibration: &str) -> Result<Calibration, Problems> {
    Calibration::read(&texts(calibration), Path::new("calibration.toml"))
}

fn sound(calibration: &str) -> Calibration {
    read(calibration).unwrap_or_else(|problems| panic!("{problems}"))
}

fn done(
    calibration: &Calibration,
    folder: &Path,
    (threads, chunk_size): (usize, Option<u64>),
    control: &Control<'_>,
) -> Result<Finished<Findings>, ExperimentError> {
    let (out, threads) = (Some(folder), Some(threads));
    calibrate_into(calibration, &Request { out, force: false, threads, chunk_size, control, command: &[] })
}

const EAST: &str = r#"
[calibration]
id = "east"
weights = ["behaviour.clashes.rate", "behaviour.clashes.most"]
points = 120
replicates = 12
generations = 3
discrepancy = 0.05
[[scenario]]
file = "east.toml"
[[prior]]
path = "behaviour.clashes.rate"
low = 0.3
high = 9
distribution = "log_uniform"
[[summary]]
questions = ["killed"]
"#;

#[test]
fn the_sound_file_says_what_is_calibrated() {
    let found = sound(SOUND);
    assert_eq!(found.conflicts(), ["north", "south"]);
    let ids: Vec<&str> = found.targets.iter().map(|target| target.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "north/ceasefire",
            "north/killed",
            "south/ceasefire",
            "south/killed",
            "south/deaths.year_1",
            "south/stays-active"
        ]
    );
    let paths: Vec<&str> = found.weights.iter().map(entente::scenario::calibration::Weight::path).collect();
    assert_eq!(paths, ["behaviour.choice.looks", "behaviour.clashes.rate"]);
}

#[test]
fn bad_files_are_told_with_their_places() {
    each_is_told(SOUND, include_str!("../fixtures/bad_calibrations.txt"), read);
}

#[test]
fn a_wrong_scenario_is_told_in_its_own_text() {
    let mut texts = texts(SOUND);
    let broken = texts["north.toml"].replace("observed = 90", "observed = true");
    texts.insert("north.toml".into(), broken);
    let problems = Calibration::read(&texts, Path::new("calibration.toml")).unwrap_err();
    assert!(problems.to_string().contains("north.toml:"), "{problems}");
    assert_eq!(problems.list.len(), 1);
}

#[test]
fn a_planted_rate_of_clashes_is_found() {
    let calibration = sound(EAST);
    let folder = tempfile::tempdir().unwrap();
    let found = done(&calibration, &folder.path().join("r"), (2, None), &Control::default()).unwrap().findings;
    let rate = found.weights.iter().find(|weight| weight.path.ends_with("rate")).unwrap();
    let [low, _, median, _, high] = rate.posterior;
    let planted = planted_rate();
    assert!(low < planted && planted < high, "{low} to {high}, planted {planted}");
    // What one world in three months can tell.
    let [least, .., most] = rate.prior;
    assert!(
        rate.contraction > 0.4 && high / low < 0.6 * most / least && (median / planted).max(planted / median) < 1.5,
        "{rate:?}"
    );
}

/// The rate at which half of the runs have more deaths than were observed, by bisection on the median.
fn planted_rate() -> f64 {
    use entente::engine::{Model, Runner};
    use entente::measure::Keep;
    let scenario = &sound(EAST).scenarios[0];
    let median = |rate: f64| {
        let made = scenario.with(&[("behaviour.clashes.rate".to_owned(), rate)], "a test").unwrap();
        let mut runner = Runner::new(&Model::of(&made), Keep::ANSWERS);
        let place = made.questions.iter().position(|question| question.id == "killed").unwrap();
        let mut deaths: Vec<f64> = (0..101).map(|replicate| runner.run(9, replicate).answers[place].value).collect();
        deaths.sort_by(f64::total_cmp);
        deaths[50]
    };
    let (mut low, mut high) = (0.3f64, 9.0f64);
    for _ in 0..7 {
        let middle = (low * high).sqrt();
        if median(middle) < 30.0 { low = middle } else { high = middle }
    }
    (low * high).sqrt()
}

#[test]
fn one_process_four_chunks_and_a_resumed_run_find_the_same() {
    let calibration = sound(&EAST.replace("points = 120", "points = 30"));
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let one = done(&calibration, &at("one"), (1, None), &Control::default()).unwrap();
    // Four chunks for each block of points.
    let many = done(&calibration, &at("many"), (3, Some(3)), &Control::default()).unwrap();
    let runs = AtomicU64::new(0);
    let on_progress = |progress: Progress<'_>| {
        if let Progress::Runs(more) = progress {
            runs.fetch_add(more, Ordering::Relaxed);
        }
    };
    for stop in [100, 500] {
        runs.store(0, Ordering::Relaxed);
        let cancel = || runs.load(Ordering::Relaxed) > stop;
        let control = Control { cancel: &cancel, on_progress: &on_progress };
        let stopped = done(&calibration, &at("resumed"), (2, None), &control);
        assert!(matches!(stopped, Err(ExperimentError::Interrupted { .. })), "{stopped:?}");
    }
    let resumed = done(&calibration, &at("resumed"), (2, None), &Control::default()).unwrap();
    for other in [&many, &resumed] {
        assert_eq!(one.manifest.result_digest, other.manifest.result_digest);
        assert_eq!(one.findings, other.findings);
    }
    assert!(!at("resumed").join("chunks").exists());
    let again = done(&calibration, &at("one"), (1, None), &Control::default()).unwrap();
    assert!(again.reused && again.manifest == one.manifest && again.findings.stages.len() == one.findings.stages.len());
    let other = sound(&EAST.replace("generations = 3", "generations = 2"));
    let refused = done(&other, &at("one"), (1, None), &Control::default()).unwrap_err();
    assert!(refused.to_string().contains("another experiment"), "{refused}");
}

#[test]
fn each_conflict_is_left_out_and_the_posterior_is_a_table_of_inputs() {
    let text = SOUND.replace("south.toml", "east.toml").replace("choice.looks", "clashes.most");
    let text = text.split("[[summary]]\nmeasure").next().unwrap();
    let calibration = sound(&text.replace("points = 40", "points = 30"));
    let folder = tempfile::tempdir().unwrap();
    let found = done(&calibration, &folder.path().join("r"), (2, None), &Control::default()).unwrap();
    let rows = &found.findings.scores;
    let mut conflicts: Vec<&str> = rows.iter().map(|row| row.conflict.as_str()).collect();
    conflicts.dedup();
    assert_eq!(conflicts, ["north", "east"]);
    assert!(rows.iter().all(|row| row.left_out.is_some() && row.uncalibrated.is_finite()));
    assert!(rows[0].baselines.len() >= 3, "persistence, the base rate and an even chance: {:?}", rows[0]);
    let without: Vec<_> = found.findings.stages.iter().filter_map(|of| of.without.clone()).collect();
    assert!(without.contains(&"north".to_owned()) && without.contains(&"east".to_owned()));
    let table = NumberTable::open(&found.folder.file("posterior.parquet")).unwrap();
    assert_eq!(table.columns(), ["behaviour.clashes.rate", "behaviour.clashes.most", "weight"]);
    let columns = table
        .read(&["behaviour.clashes.rate", "weight"].map(|name| Wanted { name, required: true, names: false }))
        .unwrap();
    assert!(columns[0].numbers.iter().all(|rate| (0.03..=0.4).contains(rate)));
    assert!((columns[1].numbers.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    // The fragment is a part of a scenario.
    let behaviour = std::fs::read_to_string(found.folder.file("behaviour.toml")).unwrap();
    let mut texts = texts(SOUND);
    let extended = texts["north.toml"].clone() + &behaviour;
    texts.insert("north.toml".into(), extended);
    Calibration::read(&texts, Path::new("calibration.toml")).unwrap_or_else(|problems| panic!("{problems}"));
}

#[test]
fn of_one_conflict_none_can_be_left_out_and_its_folder_is_no_results() {
    let folder = tempfile::tempdir().unwrap();
    let calibration = sound(&EAST.replace("points = 120", "points = 20").replace("generations = 3", "generations = 1"));
    let place = folder.path().join("r");
    let found = done(&calibration, &place, (2, None), &Control::default()).unwrap();
    let page = insight::calibration(&found.findings).document.html();
    assert!(page.contains("There is one conflict only, East, so that none could be left out"), "{page}");
    for command in ["score", "coalitions", "report"] {
        let output = assert_cmd::Command::cargo_bin("entente").unwrap().arg(command).arg(&place).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains("holds a calibration") && told.contains("posterior.parquet"), "{told}");
    }
}

/// The moments of a question count as much as one, by whatever names and in however many summaries.
#[test]
fn moments_of_a_question_count_as_one_however_they_are_named() {
    let moments = "id = \"ceasefire\"\nwithin = [\"2 months\", \"3 months\"]\n";
    let shares = |summaries: &[&str]| {
        let mut texts = texts(SOUND);
        let each = |value: &str| format!("{{ \"2 months\" = {value}, \"3 months\" = {value} }}");
        let north = texts["north.toml"]
            .replace("id = \"ceasefire\"\n", moments)
            .replace("observed = false", &format!("observed = {}", each("false")))
            .replace("base_rate = 0.2", &format!("base_rate = {}", each("0.2")));
        texts.insert("north.toml".into(), north);
        let head = SOUND.split("[[summary]]").next().unwrap();
        let summaries =
            summaries.iter().map(|list| format!("[[summary]]\nquestions = [{list}]\nconflict = \"north\"\n"));
        texts.insert("calibration.toml".into(), format!("{head}{}", summaries.collect::<String>()));
        let read = Calibration::read(&texts, Path::new("calibration.toml"));
        let targets = read.unwrap_or_else(|problems| panic!("{problems}")).targets;
        targets.into_iter().map(|target| (target.id, target.share)).collect::<BTreeMap<_, _>>()
    };
    let known = shares(&["\"*\""]);
    assert_eq!(known.values().copied().collect::<Vec<_>>(), [0.5, 0.5, 1.0]);
    for other in [
        &["\"ceasefire\", \"killed\""][..],
        &["\"ceasefire-2m\", \"ceasefire-3m\", \"killed\""],
        &["\"ceasefire-2m\", \"killed\"", "\"ceasefire-3m\", \"*\""],
    ] {
        assert_eq!(shares(other), known, "{other:?}");
    }
    assert_eq!(shares(&["\"ceasefire-3m\""]).values().copied().collect::<Vec<_>>(), [1.0]);
}

#[test]
fn the_shipped_example_can_be_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/calibration.toml");
    Calibration::load(&path).unwrap_or_else(|problems| panic!("{problems}"));
}
