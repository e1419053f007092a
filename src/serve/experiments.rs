//! Experiments at work: begun, told of, stopped. What is done of them is kept in their results folder.

use super::limits::{EXPERIMENTS, REMEMBERED, REPLICATES};
use super::refusal::Refusal;
use super::root::{Root, Within};
use crate::experiment::{Control, Experiment, ExperimentError, Progress, ResultsFolder, Study};
use crate::record::clock::Stopwatch;
use crate::report::drawing;
use crate::scenario::{Overrides, Scenario};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What is asked for.
#[derive(Clone, Debug, Deserialize)]
pub struct Asked {
    /// The scenario's file.
    pub path: String,
    /// How many replicates; as the scenario says if it is left open.
    pub replicates: Option<u64>,
    /// What kind of experiment.
    pub kind: Kind,
}

/// The kinds of experiments that a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An ensemble of the scenario.
    Run,
    /// All its variants against it.
    Compare,
}

/// What is told of an experiment.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Told {
    /// How far it is.
    Progress {
        /// Runs that are there.
        done: u64,
        /// Runs in all.
        of: u64,
        /// Seconds since it was begun.
        seconds: f64,
    },
    /// What people should know.
    Notice {
        /// It.
        text: String,
    },
    /// It is done.
    Finished {
        /// Its results folder, by its name within the folder that is served.
        results: String,
    },
    /// It was told to stop.
    Stopped {
        /// How far it came.
        text: String,
    },
    /// It did not come to its end.
    Failed {
        /// Why.
        error: String,
    },
}

impl Told {
    /// Whether nothing comes after it.
    pub fn is_last(&self) -> bool {
        matches!(self, Self::Finished { .. } | Self::Stopped { .. } | Self::Failed { .. })
    }
}

/// An experiment that was begun.
#[derive(Debug)]
pub struct Work {
    /// Its number, as text.
    pub id: String,
    /// The scenario's file.
    pub path: String,
    runs: u64,
    done: AtomicU64,
    stop: AtomicBool,
    watch: Stopwatch,
    /// Notices, and at last how it ended.
    words: Mutex<Vec<Told>>,
}

impl Work {
    /// What is told of it from the word of some number on, and how far it is unless it is at its end.
    pub fn told(&self, from: usize) -> (Vec<Told>, Option<Told>) {
        let words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = words.last().is_some_and(Told::is_last);
        let seconds = (self.watch.seconds() * 10.0).round() / 10.0;
        let progress = Told::Progress { done: self.done.load(Ordering::Relaxed), of: self.runs, seconds };
        (words.iter().skip(from).cloned().collect(), (!ended).then_some(progress))
    }

    /// Asks it to stop.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    fn is_at_work(&self) -> bool {
        !self.words.lock().unwrap_or_else(PoisonError::into_inner).last().is_some_and(Told::is_last)
    }

    fn say(&self, told: Told) {
        self.words.lock().unwrap_or_else(PoisonError::into_inner).push(told);
    }

    fn notice(&self, text: impl Into<String>) {
        self.say(Told::Notice { text: text.into() });
    }
}

/// All experiments since the start.
#[derive(Debug, Default)]
pub struct Experiments {
    list: Mutex<Vec<Arc<Work>>>,
    begun: AtomicU64,
}

impl Experiments {
    /// Begins one, with as many threads; as many as there are cores unless given.
    ///
    /// # Errors
    /// If the scenario is wrong, or too much is asked for, or another is at work.
    pub fn begin(&self, root: &Root, asked: &Asked, threads: Option<usize>) -> Result<Arc<Work>, Refusal> {
        let experiment = prepared(root, asked)?;
        // Nobody else begins one meanwhile.
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let at_work: Vec<_> = list.iter().filter(|work| work.is_at_work()).collect();
        if at_work.len() >= EXPERIMENTS {
            let paths: Vec<&str> = at_work.iter().map(|work| work.path.as_str()).collect();
            let message = format!("an experiment of {} is at work; wait for it, or stop it", paths.join(" and "));
            return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, message));
        }
        let work = Arc::new(Work {
            id: (self.begun.fetch_add(1, Ordering::Relaxed) + 1).to_string(),
            path: asked.path.clone(),
            runs: experiment.runs(),
            done: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            watch: Stopwatch::start(),
            words: Mutex::default(),
        });
        let (own, root) = (work.clone(), root.clone());
        let thread = std::thread::Builder::new().name("experiment".into());
        let started = thread.spawn(move || {
            let done = catch_unwind(AssertUnwindSafe(|| perform(&experiment, &root, threads, &own)));
            own.say(
                done.unwrap_or_else(|_| Told::Failed { error: "the program failed; its terminal says how".into() }),
            );
        });
        started.map_err(|error| Refusal::failed(format!("cannot start a thread: {error}")))?;
        list.push(work.clone());
        if list.len() > REMEMBERED {
            list.remove(0);
        }
        Ok(work)
    }

    /// One by its number.
    ///
    /// # Errors
    /// If there is none.
    pub fn find(&self, id: &str) -> Result<Arc<Work>, Refusal> {
        let list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let found = list.iter().find(|work| work.id == id).cloned();
        found.ok_or_else(|| Refusal::missing(format!("there is no experiment `{id}` since the server was started")))
    }

    /// Those at work.
    pub fn at_work(&self) -> Vec<Arc<Work>> {
        let list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        list.iter().filter(|work| work.is_at_work()).cloned().collect()
    }
}

/// Plans what is asked for.
fn prepared(root: &Root, asked: &Asked) -> Result<Experiment, Refusal> {
    root.file(&asked.path, ".toml")?;
    if let Some(replicates) = asked.replicates.filter(|replicates| !(1..=REPLICATES).contains(replicates)) {
        return Err(Refusal::wrong(format!("found {replicates} replicates, expected 1 to {REPLICATES}")));
    }
    let scenario = Scenario::read(&Within::new(root), Path::new(&asked.path), &Overrides::default());
    let scenario = scenario.map_err(|problems| Refusal::wrong(problems.render(false).trim_end()))?;
    let planned = scenario.file.run.replicates;
    if asked.replicates.is_none() && planned > REPLICATES {
        return Err(Refusal::wrong(format!(
            "the scenario asks for {planned} replicates, expected at most {REPLICATES}"
        )));
    }
    // A table of joint draws is read by its path, which is whole by now.
    if let Some(table) = &scenario.file.scenario.joint_inputs {
        root.file(&root.name(Path::new(table)), "")?;
    }
    let mut command = vec!["entente".to_owned()];
    command.push(if asked.kind == Kind::Run { "run" } else { "compare" }.to_owned());
    command.push(asked.path.clone());
    command.extend(asked.replicates.iter().flat_map(|replicates| ["--replicates".to_owned(), replicates.to_string()]));
    let no_variant = asked.kind == Kind::Compare && scenario.file.variant.is_empty();
    if no_variant {
        return Err(Refusal::wrong(format!("{} has no [[variant]] to compare with the baseline", asked.path)));
    }
    let mut study = Study::new(scenario).command(command);
    if let Some(replicates) = asked.replicates {
        study = study.replicates(replicates);
    }
    if asked.kind == Kind::Compare {
        study = study.variants([Study::ALL]);
    }
    let experiment = study.prepare()?;
    // The folders that are there already may be links.
    let place = ResultsFolder::within(root.path()).place_of(&experiment.plan);
    let within = place.ancestors().take_while(|folder| *folder != root.path()).filter(|folder| folder.exists());
    within.map(|folder| root.folder(&root.name(folder))).try_for_each(|folder| folder.map(drop))?;
    Ok(experiment)
}

/// Does it as a command would, and draws it; gives how it ended.
fn perform(experiment: &Experiment, root: &Root, threads: Option<usize>, work: &Work) -> Told {
    let mut sink = ResultsFolder::within(root.path());
    let on_progress = |progress: Progress<'_>| match progress {
        Progress::Runs(more) => drop(work.done.fetch_add(more, Ordering::Relaxed)),
        Progress::Notice(text) => work.notice(text),
    };
    let control = Control { cancel: &|| work.stop.load(Ordering::Relaxed), on_progress: &on_progress };
    let done = match experiment.run(&mut sink, threads, &control) {
        Ok(done) => done,
        Err(ExperimentError::Interrupted { .. }) => {
            let (done, runs) = (work.done.load(Ordering::Relaxed), work.runs);
            let folder = root.name(sink.folder().path());
            let text = format!(
                "stopped after about {done} of {runs} runs; what is done is kept in {folder}, and the same experiment goes on from there"
            );
            return Told::Stopped { text };
        }
        Err(error) => return Told::Failed { error: error.to_string() },
    };
    if let Some(words) = done.failures() {
        work.notice(words);
    }
    if !drawing::is_complete(sink.folder()) {
        work.notice("drawing the report");
        if let Err(error) = drawing::draw(&done.results, None) {
            work.notice(format!("the report cannot be drawn: {error}"));
        }
    }
    Told::Finished { results: root.name(sink.folder().path()) }
}
