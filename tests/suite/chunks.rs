//! An experiment in chunks gives the same results however it is cut, spread over threads, stopped and gone on with.

use entente::base::{Calendar, Date, Duration};
use entente::experiment::{
    Bench, Control, ExperimentError, Gathered, Keeps, Plan, PlannedVariant, Progress, Replicates, RunSource, gather,
};
use entente::measure::{
    Answer, Column, EventKind, EventRow, Layout, LogNames, Measure, QuestionColumn, RunRecord, Slot,
};
use entente::record::{Claim, Folder, Held, Manifest, Results, ScenarioEntry};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A made-up model: everything it gives is a simple function of the replicate.
struct Toy {
    layout: Layout,
    names: LogNames,
}

impl Toy {
    fn new() -> Self {
        let column = |measure: Measure, name: &str| Column { measure, name: name.into(), unit: measure.unit() };
        let layout = Layout {
            questions: vec![
                QuestionColumn { id: "pact".into(), yes_no: true },
                QuestionColumn { id: "deaths".into(), yes_no: false },
            ],
            finals: vec![column(Measure::Displaced, "displaced"), column(Measure::BlocShare, "bloc.share")],
            series: vec![column(Measure::Displaced, "displaced"), column(Measure::Answered(0), "question.pact")],
            milestones: vec![column(Measure::Leads(Slot::Actor(0)), "leads.a")],
            milestone_steps: vec![0, 3],
            moments: 4,
            actors: vec!["a".into(), "b".into()],
            ..Layout::default()
        };
        Self { layout, names: LogNames(vec!["a".into(), "b".into(), "neutral".into(), "pact".into()]) }
    }

    fn run(&self, cell: usize, replicate: u64) -> RunRecord {
        let yes = (replicate * 7 + cell as u64).is_multiple_of(3);
        let deaths = (replicate * 37 % 1000) as f64;
        let event = EventRow {
            step: 2,
            kind: EventKind::StanceChanged,
            who: 0,
            other: Some(1),
            from: Some(2),
            to: Some(3),
            public: replicate.is_multiple_of(2),
        };
        RunRecord {
            replicate,
            failure: replicate.is_multiple_of(50).then(|| "a value is not finite".into()),
            answers: vec![
                Answer { value: f64::from(u8::from(yes)), step: yes.then_some(2) },
                Answer { value: deaths, step: None },
            ],
            finals: vec![deaths, 0.25],
            leader: Some((replicate % 2) as u32),
            coalitions: if yes { "a+b".into() } else { String::new() },
            events: if yes { vec![event] } else { Vec::new() },
            series: (0..4)
                .flat_map(|step| [deaths as f32 * step as f32 / 3.0, f32::from(u8::from(yes && step > 1))])
                .collect(),
            milestones: vec![0.0, 1.0],
        }
    }
}

impl RunSource for Toy {
    fn layout(&self) -> &Layout {
        &self.layout
    }
    fn names(&self) -> &LogNames {
        &self.names
    }
    fn calendar(&self) -> Calendar {
        let day = |text| Date::parse(text).unwrap();
        Calendar::new(day("2023-01-23"), day("2025-01-23"), Duration::parse("1 week").unwrap())
    }
    fn with_runner(&self, cell: usize, body: &mut dyn FnMut(Replicates<'_>)) {
        body(&mut |replicate| self.run(cell, replicate));
    }
}

fn plan() -> Plan {
    let variants =
        ["baseline", "no-merger"].map(|id| PlannedVariant { id: id.into(), digest: "0".into(), text: "0".into() });
    Plan::new("compare", "toy", variants.to_vec(), 1)
}

/// The replicates that the tests ask for: the last leaf of each cell is not full.
const ALL: std::ops::Range<u64> = 0..200;

fn claim(path: &Path, plan: &Plan) -> Claim {
    Folder::new(path).claim(&plan.digest().to_hex(), &"plan", false).unwrap()
}

/// Does the runs of a window, in chunks of so many; gives what holds them, and what was said.
fn work(
    folder: &Folder,
    plan: &Plan,
    window: &std::ops::Range<u64>,
    (chunk, threads, stop_after): (u64, usize, u64),
) -> (Result<Vec<Held>, ExperimentError>, Vec<String>) {
    let stop = AtomicBool::new(false);
    let (runs, notices) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    let control = Control {
        cancel: &|| stop.load(Ordering::Relaxed),
        on_progress: &|progress| match progress {
            Progress::Runs(more) => {
                if runs.fetch_add(more, Ordering::Relaxed) + more >= stop_after {
                    stop.store(true, Ordering::Relaxed);
                }
            }
            Progress::Notice(text) => notices.lock().unwrap().push(text.to_owned()),
        },
    };
    let toy = Toy::new();
    let bench = Bench { plan, source: &toy, store: folder, threads, chunk: Some(chunk), control: &control };
    let done = bench.held(window).and_then(|mut held| bench.fill(window, &mut held).map(|()| held));
    (done, notices.into_inner().unwrap())
}

fn gathered(folder: &Folder, plan: &Plan, window: &std::ops::Range<u64>) -> Result<Gathered, ExperimentError> {
    let (toy, control) = (Toy::new(), Control::default());
    let bench = Bench { plan, source: &toy, store: folder, threads: 2, chunk: None, control: &control };
    folder.retire().unwrap();
    bench.held(window).and_then(|held| gather(&bench, window, held))
}

fn whole(path: &Path, plan: &Plan, window: &std::ops::Range<u64>, chunk: u64, threads: usize) -> Gathered {
    let claim = claim(path, plan);
    work(claim.folder(), plan, window, (chunk, threads, u64::MAX)).0.unwrap();
    gathered(claim.folder(), plan, window).unwrap()
}

fn manifest(plan: &Plan, window: &std::ops::Range<u64>, gathered: &Gathered) -> Manifest {
    Manifest {
        program: "entente".into(),
        version: "0".into(),
        commit: "0".into(),
        target: Manifest::this_target(),
        experiment: plan.id(),
        plan_digest: plan.digest().to_hex().to_string(),
        scenario: ScenarioEntry { id: "toy".into(), title: "Toy".into(), digest: "0".into() },
        variants: plan.variant_ids(),
        points: plan.points(),
        design: None,
        inputs: None,
        stopping: None,
        tasks: None,
        seed: 1,
        first: window.start,
        replicates: window.end - window.start,
        runs: (window.end - window.start) * plan.cells(),
        failures: gathered.failures,
        threads: 1,
        command: Vec::new(),
        started: String::new(),
        finished: String::new(),
        files: gathered.files.clone(),
        result_digest: gathered.result_digest.clone(),
    }
}

#[test]
fn threads_and_chunk_sizes_do_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    let first = whole(&folder.path().join("0"), &plan(), &ALL, 64, 1);
    for (name, chunk, threads) in [("1", 64, 2), ("2", 64, 5), ("3", 1, 2), ("4", 1000, 3), ("5", 130, 1)] {
        let other = whole(&folder.path().join(name), &plan(), &ALL, chunk, threads);
        assert_eq!(other.result_digest, first.result_digest, "{chunk} in a chunk, {threads} threads");
        assert_eq!(other.files, first.files, "{chunk} in a chunk, {threads} threads");
    }
}

#[test]
fn an_experiment_that_grows_is_the_one_that_was_large_from_the_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let first = whole(&folder.path().join("at once"), &plan(), &ALL, 64, 2);
    let steps = folder.path().join("in steps");
    for end in [1, 31, 32, 40, 41, 130, 200] {
        let grown = whole(&steps, &plan(), &(0..end), 64, 2);
        if end == 200 {
            assert_eq!((grown.result_digest, &grown.files), (first.result_digest.clone(), &first.files));
        }
    }
}

#[test]
fn what_was_there_is_not_done_again_when_it_grows() {
    let root = tempfile::tempdir().unwrap();
    whole(root.path(), &plan(), &(0..100), 64, 2);
    let claim = claim(root.path(), &plan());
    let (held, _) = work(claim.folder(), &plan(), &ALL, (64, 1, u64::MAX));
    let cells = plan().cells();
    let of = |held: &Held| held.block().runs(cells);
    let (parts, chunks): (Vec<_>, Vec<_>) = held.unwrap().into_iter().partition(|held| matches!(held, Held::Part(_)));
    assert_eq!((parts.iter().map(of).sum::<u64>(), chunks.iter().map(of).sum::<u64>()), (200, 200));
}

#[test]
fn a_growth_that_is_killed_loses_nothing() {
    let root = tempfile::tempdir().unwrap();
    let expected = whole(&root.path().join("whole"), &plan(), &ALL, 64, 2);
    let small = root.path().join("small");
    whole(&small, &plan(), &(0..100), 64, 2);
    // As a kill leaves it between any two of the files that it moves.
    for moved in 0..4 {
        let at = root.path().join(moved.to_string());
        let claim = claim(&at, &plan());
        for entry in std::fs::read_dir(&small).unwrap().flatten().filter(|entry| entry.path().is_file()) {
            std::fs::copy(entry.path(), at.join(entry.file_name())).unwrap();
        }
        let block = claim.folder().parts().unwrap()[0];
        let held = at.join("chunks/held").join(block.name());
        std::fs::create_dir_all(&held).unwrap();
        for name in ["runs.parquet", "events.parquet", "leaves.bin"].into_iter().take(moved) {
            std::fs::rename(at.join(name), held.join(name)).unwrap();
        }
        let (done, notices) = work(claim.folder(), &plan(), &ALL, (64, 2, u64::MAX));
        assert!(notices.is_empty(), "{notices:?}");
        assert!(done.unwrap().iter().any(|held| matches!(held, Held::Part(_))));
        assert_eq!(gathered(claim.folder(), &plan(), &ALL).unwrap().result_digest, expected.result_digest);
    }
}

#[test]
fn replicates_from_elsewhere_have_the_digests_of_those_from_the_beginning() {
    let root = tempfile::tempdir().unwrap();
    let expected = whole(&root.path().join("whole"), &plan(), &ALL, 64, 2);
    let claim = claim(&root.path().join("merged"), &plan());
    for window in [0..45, 45..110, 110..200] {
        let other = root.path().join(window.start.to_string());
        whole(&other, &plan(), &window, 64, 2);
        let other = Folder::new(other);
        let id = plan().chunks()(other.parts().unwrap()[0]);
        claim.folder().take_part(&other.part(&id).unwrap().unwrap()).unwrap();
    }
    let merged = gathered(claim.folder(), &plan(), &ALL).unwrap();
    assert_eq!((merged.result_digest, merged.files), (expected.result_digest, expected.files));
}

#[test]
fn large_tables_are_in_parts_that_grow_and_read_like_one() {
    let root = tempfile::tempdir().unwrap();
    let plan = Plan { keeps: Keeps::EverySeries, ..plan() };
    let window = 0..20_000;
    let at_once = whole(&root.path().join("at once"), &plan, &window, 2048, 2);
    let steps = root.path().join("in steps");
    for end in [500, 17_000, 20_000] {
        let grown = whole(&steps, &plan, &(0..end), 2048, 2);
        if end == 20_000 {
            assert_eq!(grown.result_digest, at_once.result_digest);
            let parts = grown.files.iter().filter(|file| file.name.starts_with("runs/")).count();
            assert!(parts > 2, "{:?}", grown.files);
            claim(&steps, &plan).finish(manifest(&plan, &window, &grown)).unwrap();
        }
    }
    assert!(!steps.join("runs.parquet").exists() && !steps.join("leaves.bin").exists());
    let results = Results::open(&steps).unwrap();
    let keys = results.run_keys().unwrap();
    assert_eq!(keys.len(), 40_000);
    assert!(keys.is_sorted());
    let deaths = results.run_numbers("question.deaths").unwrap();
    for (key, deaths) in keys.iter().zip(&deaths).filter(|(key, _)| !key.failed) {
        assert!((deaths - (key.replicate * 37 % 1000) as f64).abs() < 1e-9, "{key:?}");
    }
    for replicate in [3, 702, 19_998] {
        assert_eq!(results.events_of(0, "baseline", replicate).unwrap().len(), 1, "{replicate}");
    }
    for name in ["0000000000-0000000002.0-9.parquet", "a.parquet"] {
        std::fs::write(steps.join("runs").join(name), "another").unwrap();
        assert!(Results::open(&steps).unwrap_err().to_string().contains("does not list it"), "{name}");
        std::fs::remove_file(steps.join("runs").join(name)).unwrap();
    }
}

#[test]
fn stopped_work_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let first = whole(&folder.path().join("whole"), &plan(), &ALL, 32, 2);
    let held = claim(&folder.path().join("parts"), &plan());
    for stop_after in [1, 60, 100] {
        let stopped = work(held.folder(), &plan(), &ALL, (32, 2, stop_after)).0;
        assert!(matches!(stopped, Err(ExperimentError::Interrupted { .. })));
    }
    assert!(gathered(held.folder(), &plan(), &ALL).is_err(), "chunks are missing");
    work(held.folder(), &plan(), &ALL, (32, 2, u64::MAX)).0.unwrap();
    assert_eq!(gathered(held.folder(), &plan(), &ALL).unwrap().result_digest, first.result_digest);
}

#[test]
fn damaged_and_foreign_chunks_are_named_and_done_again() {
    let root = tempfile::tempdir().unwrap();
    let first = whole(&root.path().join("whole"), &plan(), &ALL, 32, 2);
    let held = claim(&root.path().join("damaged"), &plan());
    let folder = held.folder();
    let blocks: Vec<_> = work(folder, &plan(), &ALL, (32, 2, u64::MAX)).0.unwrap().iter().map(Held::block).collect();
    let path = |number: usize| folder.chunk_path(&blocks[number]);
    let mut bytes = std::fs::read(path(2)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path(2), bytes).unwrap();
    std::fs::copy(path(4), path(5)).unwrap();
    let (done, mut notices) = work(folder, &plan(), &ALL, (32, 2, u64::MAX));
    done.unwrap();
    notices.sort();
    assert_eq!(notices.len(), 2, "{notices:?}");
    let named = |number: usize| blocks[number].name();
    assert!(
        notices[0].contains(&format!("{}.chunk is damaged (its content does not match its digest)", named(2))),
        "{notices:?}"
    );
    assert!(
        notices[1].contains(&format!("{}.chunk is damaged (it is another chunk of this experiment)", named(5))),
        "{notices:?}"
    );
    assert_eq!(gathered(folder, &plan(), &ALL).unwrap().result_digest, first.result_digest);
}

#[test]
fn what_was_written_is_read_back() {
    let root = tempfile::tempdir().unwrap();
    let plan = Plan { keeps: Keeps::EverySeries, ..plan() };
    let gathered = whole(root.path(), &plan, &ALL, 32, 2);
    let mut held = claim(root.path(), &plan);
    held.finish(manifest(&plan, &ALL, &gathered)).unwrap();
    assert!(!root.path().join("chunks").exists(), "chunks go when the results are whole");
    let results = Results::open(root.path()).unwrap();

    let keys = results.run_keys().unwrap();
    assert_eq!(keys.len(), 400);
    assert!(keys.is_sorted());
    // Of each variant, replicates 0, 50, 100 and 150 fail.
    assert_eq!(keys.iter().filter(|key| key.failed).count(), 8);
    assert_eq!(gathered.failures, 8);
    let failures = results.failures(2).unwrap();
    assert_eq!(failures[0].1, "a value is not finite");
    assert_eq!(failures[1].0.replicate, 50);

    let pact = results.run_numbers("question.pact").unwrap();
    let dates = results.run_numbers("question.pact.date").unwrap();
    for ((key, pact), date) in keys.iter().zip(&pact).zip(&dates) {
        if key.failed {
            assert!(pact.is_nan() && date.is_nan());
        } else {
            let yes = (key.replicate * 7 + u64::from(key.variant)).is_multiple_of(3);
            assert_eq!(*pact > 0.5, yes);
            assert_eq!(date.is_finite(), yes);
        }
    }
    let coalitions = results.replicates_by_word("coalitions", 0, "no-merger").unwrap();
    assert_eq!(coalitions.values().map(Vec::len).sum::<usize>(), 196);

    let series = results.series(|_| true).unwrap();
    assert_eq!(series.len(), 6);
    let (key, (unit, points)) = series.iter().find(|(key, _)| key.measure == "displaced").unwrap();
    assert_eq!((key.variant.as_str(), unit.as_str(), points.len()), ("baseline", "people", 4));
    assert_eq!(points[3].n, 196);
    assert!(points[3].low.unwrap() < points[3].median.unwrap());
    assert_eq!(points[3].date.to_string(), "2023-02-13");

    let events = results.events_of(0, "baseline", 3).unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].who.as_str(), events[0].to.as_deref(), events[0].public), ("a", Some("pact"), false));
    assert!(results.run_numbers("question.war").unwrap_err().to_string().contains("no column `question.war`"));
    let rows = gathered.files.iter().find(|file| file.name == "series_runs.parquet").unwrap().rows;
    assert_eq!(rows, Some(392 * 4));
    if let Ok(keep) = std::env::var("ENTENTE_KEEP_TABLES") {
        for file in &gathered.files {
            std::fs::copy(root.path().join(&file.name), Path::new(&keep).join(&file.name)).unwrap();
        }
    }
}
