//! An experiment in chunks gives the same results however it is cut, spread over threads, stopped and gone on with.

use entente::base::{Calendar, Date, Duration};
use entente::experiment::{
    Control, ExperimentError, Gathered, Keeps, Plan, PlannedCell, Progress, Replicates, RunSource, gather, run_chunks,
};
use entente::measure::{
    Answer, Column, EventKind, EventRow, Layout, LogNames, Measure, QuestionColumn, RunRecord, Slot,
};
use entente::record::{Claim, Folder, Manifest, Results, ScenarioEntry};
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

fn plan(chunk_size: u64) -> Plan {
    let cells = ["baseline", "no-merger"].map(|variant| PlannedCell {
        point: 0,
        variant: variant.into(),
        digest: "0".into(),
        text: "0".into(),
    });
    Plan { chunk_size, ..Plan::new("compare", "toy", cells.to_vec(), 1, 200) }
}

fn claim(path: &Path, plan: &Plan) -> Claim {
    Folder::new(path).claim(&plan.digest().to_hex(), &plan.text(), false).unwrap()
}

fn work(folder: &Folder, plan: &Plan, threads: usize, stop_after: u64) -> (Result<(), ExperimentError>, Vec<String>) {
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
    let done = run_chunks(plan, 0..plan.rounds(), &Toy::new(), folder, threads, &control);
    (done, notices.into_inner().unwrap())
}

fn whole(path: &Path, plan: &Plan, threads: usize) -> Gathered {
    let claim = claim(path, plan);
    work(claim.folder(), plan, threads, u64::MAX).0.unwrap();
    gather(plan, plan.rounds(), &Toy::new(), claim.folder()).unwrap()
}

fn manifest(plan: &Plan, gathered: &Gathered) -> Manifest {
    Manifest {
        program: "entente".into(),
        version: "0".into(),
        commit: "0".into(),
        target: Manifest::this_target(),
        experiment: plan.id(),
        plan_digest: plan.digest().to_hex().to_string(),
        scenario: ScenarioEntry { id: "toy".into(), title: "Toy".into(), digest: "0".into() },
        variants: plan.variants(),
        points: plan.points(),
        design: None,
        inputs: None,
        stopping: None,
        seed: 1,
        replicates: plan.replicates,
        runs: plan.runs(),
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
    let first = whole(&folder.path().join("0"), &plan(64), 1);
    for (name, chunk_size, threads) in [("1", 64, 2), ("2", 64, 5), ("3", 1, 2), ("4", 1000, 3), ("5", 7, 1)] {
        let other = whole(&folder.path().join(name), &plan(chunk_size), threads);
        assert_eq!(other.result_digest, first.result_digest, "{chunk_size} in a chunk, {threads} threads");
        assert_eq!(other.files, first.files, "{chunk_size} in a chunk, {threads} threads");
    }
}

#[test]
fn stopped_work_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let first = whole(&folder.path().join("whole"), &plan(16), 2);
    let held = claim(&folder.path().join("parts"), &plan(16));
    for stop_after in [1, 60, 100] {
        let stopped = work(held.folder(), &plan(16), 2, stop_after).0;
        assert!(matches!(stopped, Err(ExperimentError::Interrupted { runs: 400, .. })));
    }
    assert!(gather(&plan(16), plan(16).rounds(), &Toy::new(), held.folder()).is_err(), "chunks are missing");
    work(held.folder(), &plan(16), 2, u64::MAX).0.unwrap();
    assert_eq!(
        gather(&plan(16), plan(16).rounds(), &Toy::new(), held.folder()).unwrap().result_digest,
        first.result_digest
    );
}

#[test]
fn damaged_and_foreign_chunks_are_named_and_done_again() {
    let root = tempfile::tempdir().unwrap();
    let first = whole(root.path(), &plan(16), 2);
    let held = claim(root.path(), &plan(16));
    let folder = held.folder();
    let mut bytes = std::fs::read(folder.chunk_path(2)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(folder.chunk_path(2), bytes).unwrap();
    std::fs::copy(folder.chunk_path(4), folder.chunk_path(5)).unwrap();
    assert!(
        gather(&plan(16), plan(16).rounds(), &Toy::new(), folder).unwrap_err().to_string().contains("000002.chunk")
    );
    let (done, mut notices) = work(folder, &plan(16), 2, u64::MAX);
    done.unwrap();
    notices.sort();
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert!(notices[0].contains("000002.chunk is damaged (its content does not match its digest)"), "{notices:?}");
    assert!(notices[1].contains("000005.chunk is damaged (it is another chunk of this experiment)"), "{notices:?}");
    assert_eq!(gather(&plan(16), plan(16).rounds(), &Toy::new(), folder).unwrap().result_digest, first.result_digest);
}

#[test]
fn what_was_written_is_read_back() {
    let root = tempfile::tempdir().unwrap();
    let plan = Plan { keeps: Keeps::EverySeries, ..plan(16) };
    let gathered = whole(root.path(), &plan, 2);
    let mut held = claim(root.path(), &plan);
    held.finish(manifest(&plan, &gathered)).unwrap();
    assert!(!held.folder().chunk_path(0).exists(), "chunks go when the results are whole");
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
    let coalitions = results.count_words("coalitions", 0, "no-merger").unwrap();
    assert_eq!(coalitions.values().sum::<u64>(), 196);

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
    assert!(results.run_numbers("question.war").unwrap_err().to_string().contains("there is no column `question.war`"));
    let rows = gathered.files.iter().find(|file| file.name == "series_runs.parquet").unwrap().rows;
    assert_eq!(rows, Some(392 * (4 * 2 + 2)));
    if let Ok(keep) = std::env::var("ENTENTE_KEEP_TABLES") {
        for file in &gathered.files {
            std::fs::copy(root.path().join(&file.name), Path::new(&keep).join(&file.name)).unwrap();
        }
    }
}
