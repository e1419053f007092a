//! A study gives the same wherever it is run into: memory, or a results folder.

use crate::common::{VALLEYS, scenario};
use entente::engine::Runner;
use entente::experiment::{Begun, Control, ExperimentError, Inputs, Progress, ResultsFolder, Stopping, Study, Target};
use entente::measure::Keep;
use entente::mechanism::Silent;
use entente::record::{Memory, Method, Results};
use entente::scenario::{Overrides, Scenario};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

const WHAT_IF: &str = r#"
[[variant]]
id = "calm"
title = "A calmer border"
changes = { "relation.raiders.state.hostility" = 0.2 }

[[uncertainty]]
path = "faction.raiders.fighters"
distribution = "uniform"
low = 400
high = 1200
"#;

fn valleys() -> Scenario {
    scenario(&format!("{VALLEYS}{WHAT_IF}"))
}

fn studies() -> [(&'static str, Study); 5] {
    let study = || Study::new(valleys()).seed(11).replicates(40).threads(Some(2));
    [
        ("run", study()),
        ("compare", study().variants(["calm"])),
        ("best", study().inputs(Inputs::Best)),
        ("sweep", study().variants([Study::ALL]).vary(Method::Sobol, 8, &[]).replicates(6)),
        ("precise", study().stop(Stopping { precision: Some(0.2), ..Stopping::default() }).replicates(400)),
    ]
}

/// Everything that results tell, in one text: numbers are told to the bit.
fn told(results: &Results) -> String {
    let mut text = format!("{:?}\n{:?}\n", results.questions().unwrap(), results.differences().unwrap());
    text.push_str(&format!("{:?}\n{}\n", results.design().unwrap(), results.manifest().result_digest));
    let columns = results.columns().unwrap();
    assert_eq!(
        columns.iter().map(|column| &column.name).collect::<Vec<_>>(),
        results.run_columns().unwrap().iter().collect::<Vec<_>>()
    );
    for column in columns {
        text.push_str(&format!("{column:?}: {:?}\n", results.run_column(&column.name).unwrap()));
    }
    if results.lists("series.parquet") {
        text.push_str(&format!("{:?}\n", results.series(|_| true).unwrap()));
    }
    for key in results.run_keys().unwrap() {
        let variant = &results.manifest().variants[key.variant as usize];
        text.push_str(&format!("{:?}\n", results.events_of(key.point, variant, key.replicate).unwrap()));
    }
    text
}

#[test]
fn memory_and_folder_hold_the_same() {
    let root = tempfile::tempdir().unwrap();
    for (kind, study) in studies() {
        let path = root.path().join(kind);
        let here = study.run(&mut Memory::default(), &Control::default()).unwrap();
        let there = study.run(&mut ResultsFolder::new(Some(&path)), &Control::default()).unwrap();
        assert!(!here.reused && !there.reused);
        assert_eq!(here.results.manifest().plan_digest, there.results.manifest().plan_digest, "{kind}");
        let read = Results::open(&path).unwrap();
        assert!(told(&here.results) == told(&there.results), "{kind}: memory and folder differ");
        assert!(told(&there.results) == told(&read), "{kind}: the folder differs when it is read");
        let again = study.run(&mut ResultsFolder::new(Some(&path)), &Control::default()).unwrap();
        assert!(again.reused, "{kind} was there already");
        assert!(matches!(
            study.prepare().unwrap().begin(&mut ResultsFolder::new(Some(&path))).map(|(begun, _)| begun),
            Ok(Begun::Finished(_))
        ));
    }
}

/// A run of the results again, step by step, from a checkpoint, and at once: the answers are those that were recorded.
#[test]
fn a_run_of_results_can_be_gone_through() {
    for (kind, study) in studies().into_iter().take(4) {
        let results = study.run(&mut Memory::default(), &Control::default()).unwrap().results;
        let variant = results.manifest().variants.last().unwrap().clone();
        let point = results.manifest().points as i32 - 1;
        let target = Target::of(results, Some(&variant), point).unwrap();
        let mut run = target.start(3).unwrap();
        for _ in 0..10 {
            run.step(&mut Silent).unwrap();
        }
        let checkpoint = run.checkpoint();
        let mut rest = Runner::new(&target.model(3).unwrap(), Keep::ALL);
        let record = rest.run_from(&checkpoint, entente::engine::RandomStream::Same, &mut Silent);
        assert_eq!(record, target.run(3), "{kind}");
        assert_eq!(target.compare(&record).unwrap(), entente::record::Likeness::Same, "{kind}");
    }
}

#[test]
fn a_study_is_cancelled_and_told_of() {
    let (study, runs) = (Study::new(valleys()).replicates(500).threads(Some(1)), AtomicU64::new(0));
    let control = Control {
        cancel: &|| runs.load(Ordering::Relaxed) >= 32,
        on_progress: &|progress| {
            if let Progress::Runs(more) = progress {
                runs.fetch_add(more, Ordering::Relaxed);
            }
        },
    };
    assert!(matches!(study.run(&mut Memory::default(), &control), Err(ExperimentError::Interrupted { .. })));
    assert!(runs.load(Ordering::Relaxed) < 500);
}

#[test]
fn what_cannot_be_asked_is_said() {
    let told = |study: Study| study.prepare().unwrap_err().to_string();
    let study = || Study::new(valleys());
    assert!(told(study().variants(["clam"])).contains("did you mean `calm`?"));
    assert!(told(study().variants(["calm", "calm"])).contains("named twice"));
    assert!(told(study().variants(["baseline"])).contains("always among them"));
    let inputs = ["faction.raiders.figthers".to_owned()];
    assert!(told(study().vary(Method::Sobol, 8, &inputs)).contains("did you mean `faction.raiders.fighters`?"));
}

/// Texts in memory are read as files are, with what they extend and the outlines that they name.
#[test]
fn a_scenario_is_read_from_memory() {
    let land = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"hills"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]]]}}]}"#;
    let above = "extends = \"../base/valleys.toml\"\n[scenario]\nid = \"v\"\ntitle = \"V\"\nstart = 2024-01-01\nhorizon = \"1 year\"\n\
                 axes = [\"autonomy\", \"faith\"]\nboundaries = \"land.geojson\"\n";
    let mut texts = BTreeMap::from([
        ("base/valleys.toml".to_owned(), VALLEYS.to_owned()),
        ("top/v.toml".to_owned(), above.to_owned()),
        ("top/land.geojson".to_owned(), land.to_owned()),
    ]);
    let read = |texts: &BTreeMap<String, String>| Scenario::read(texts, Path::new("top/v.toml"), &Overrides::default());
    let scenario = read(&texts).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(
        (scenario.file.zone.len(), scenario.outlines.unwrap().of_zones(&scenario.file.zone).unwrap().areas.len()),
        (6, 1)
    );
    texts.insert("top/land.geojson".to_owned(), "[".to_owned());
    assert!(read(&texts).unwrap_err().to_string().contains("not JSON"));
    texts.remove("top/land.geojson");
    assert!(read(&texts).unwrap_err().to_string().contains("there is no file top/land.geojson"));
    texts.insert("top/v.toml".to_owned(), "extends = \"v.toml\"".to_owned());
    assert!(read(&texts).unwrap_err().to_string().contains("circle"));
}
