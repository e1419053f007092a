//! Measures of a scenario, and the recorder that takes them of one run at a time.

use super::key::Counted;
use super::layout::asked_pairs;
use super::log::LogWords;
use super::memory::RunMemory;
use super::question::{Ask, Watch};
use super::reported_actors::Leader;
use super::{Answer, Column, Evaluator, Group, Layout, LogNames, Question, ReportedActors, RunRecord, Snapshot};
use crate::base::EventId;
use crate::world::{Happening, HappeningKind, Setting, World};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What is measured in every run of a scenario.
#[derive(Clone, Debug)]
pub struct Measures {
    questions: Vec<Question>,
    watch: Watch,
    actors: ReportedActors,
    layout: Layout,
    words: LogWords,
}

impl Measures {
    /// The measures of a setting and its questions.
    pub fn new(setting: &Setting, questions: Vec<Question>) -> Self {
        let pairs = asked_pairs(&questions);
        let actors = ReportedActors::new(setting, pairs.as_flattened());
        let layout = Layout::new(setting, &actors, &questions, pairs);
        Self { watch: Watch::new(&questions), actors, layout, words: LogWords::new(setting), questions }
    }

    /// Names and units of what is recorded.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The words of the event log.
    pub fn names(&self) -> &LogNames {
        &self.words.names
    }

    /// The number of a scheduled event's id in [`Measures::names`].
    pub fn event_word(&self, event: EventId) -> u32 {
        self.words.event(event)
    }

    /// The questions.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }
}

/// How much of each run is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// The event log.
    pub events: bool,
    /// Series and milestones.
    pub series: bool,
}

impl Keep {
    /// Everything.
    pub const ALL: Self = Self { events: true, series: true };
    /// Answers and measures at the horizon only.
    pub const ANSWERS: Self = Self { events: false, series: false };
}

/// What a recorder holds in the middle of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Halfway {
    memory: RunMemory,
    record: RunRecord,
}

/// Takes the measures of one run after the other. Owned by one thread; reused from run to run.
#[derive(Clone, Debug)]
pub struct Recorder {
    measures: Arc<Measures>,
    keep: Keep,
    snapshot: Snapshot,
    memory: RunMemory,
    record: RunRecord,
}

impl Recorder {
    /// A recorder; [`Recorder::begin`] comes before the first run.
    pub fn new(measures: &Arc<Measures>, setting: &Setting, keep: Keep) -> Self {
        let record = RunRecord::empty(0);
        Self {
            measures: measures.clone(),
            keep,
            snapshot: Snapshot::new(setting),
            memory: RunMemory::default(),
            record,
        }
    }

    /// Turns to runs in another setting with the same actors and places.
    pub fn turn_to(&mut self, setting: &Setting) {
        // What zones and people weigh, where these can flee to, and the start are other ones.
        self.snapshot = Snapshot::new(setting);
    }

    /// Turns to a new run.
    pub fn begin(&mut self, replicate: u64) {
        let layout = &self.measures.layout;
        self.memory.clear(&self.measures.actors, layout.questions.len(), self.measures.watch.open.len());
        self.record = RunRecord::empty(replicate);
        self.record.answers.resize(layout.questions.len(), Answer { value: 0.0, step: None });
        self.record.finals.reserve_exact(layout.finals.len());
        if self.keep.series {
            self.record.series.reserve_exact(layout.series.len() * layout.moments as usize);
            self.record.milestones.reserve_exact(layout.milestones.len() * layout.milestone_steps.len());
        }
    }

    /// What is held of the run so far.
    pub fn halfway(&self) -> Halfway {
        Halfway { memory: self.memory.clone(), record: self.record.clone() }
    }

    /// Turns to a run in the middle of it, with what was held of it then by a recorder of the same measures and the
    /// world of that moment. What that one did not keep is missing from the record; what this one does not keep is left
    /// out of it.
    pub fn resume(&mut self, halfway: &Halfway, setting: &Setting, world: &World) {
        self.memory.clone_from(&halfway.memory);
        self.record.clone_from(&halfway.record);
        if !self.keep.events {
            self.record.events.clear();
        }
        if !self.keep.series {
            self.record.series.clear();
            self.record.milestones.clear();
        }
        self.snapshot.take(setting, world);
    }

    /// The answers so far: those of questions that are not answered yet are no, or 0.
    pub fn answers(&self) -> &[Answer] {
        &self.record.answers
    }

    /// Takes note of something that happened in a step.
    pub fn happened(&mut self, step: u32, happening: &Happening) {
        let counted = match happening.kind {
            HappeningKind::StanceChanged { .. } => Some(Counted::StanceChanges),
            HappeningKind::TalksOpened { .. } => Some(Counted::TalksOpened),
            HappeningKind::Leaked { .. } => Some(Counted::Leaks),
            HappeningKind::Merged { .. } => Some(Counted::Mergers),
            HappeningKind::Split { .. } | HappeningKind::LeftUmbrella { .. } => Some(Counted::Splits),
            _ => None,
        };
        if let Some(what) = counted {
            self.memory.times[what as usize] += 1;
        }
        if self.keep.events {
            self.record.events.push(self.measures.words.row(step, happening));
        }
    }

    /// Takes the measures of a moment. Called once for the start and once after every step.
    pub fn observe(&mut self, setting: &Setting, world: &World) {
        let (measures, layout) = (&*self.measures, &self.measures.layout);
        self.snapshot.take(setting, world);
        self.memory.note(&measures.actors, world, &self.snapshot);
        let evaluator = Evaluator { setting, world, snapshot: &self.snapshot };
        answer(measures, &evaluator, &mut self.record.answers, &mut self.memory);
        if layout.years.get(self.memory.year_deaths.len()) == Some(&world.step) {
            self.memory.note_year(&measures.actors, &evaluator);
        }
        if self.keep.series {
            let read = |column: &Column| self.memory.read(column.measure, &evaluator, layout.lately) as f32;
            self.record.series.extend(layout.series.iter().map(read));
            if layout.milestone_steps.contains(&world.step) {
                self.memory.note_holders(&measures.actors, setting, world);
                let read = |column: &Column| self.memory.read(column.measure, &evaluator, layout.lately) as f32;
                self.record.milestones.extend(layout.milestones.iter().map(read));
            }
        }
    }

    /// The moment whose measures were last taken, with its world, to ask more of it.
    pub fn evaluator<'a>(&'a self, setting: &'a Setting, world: &'a World) -> Evaluator<'a> {
        Evaluator { setting, world, snapshot: &self.snapshot }
    }

    /// Ends a run that came to its horizon. Comes after the last [`Recorder::observe`], with the same world.
    pub fn finish(&mut self, setting: &Setting, world: &World) -> RunRecord {
        let (measures, layout) = (&*self.measures, &self.measures.layout);
        let evaluator = Evaluator { setting, world, snapshot: &self.snapshot };
        let read = |column: &Column| self.memory.read(column.measure, &evaluator, layout.lately);
        self.record.finals.extend(layout.finals.iter().map(read));
        self.record.leader = self.memory.leader.map(|leader| match leader {
            Leader::Other(faction) => measures.words.faction(faction),
            Leader::Actor(slot) => match measures.actors.groups[slot] {
                Group::Faction(faction) | Group::Splinters(faction) => measures.words.faction(faction),
                Group::Umbrella(umbrella) => measures.words.umbrella(umbrella),
            },
        });
        self.record.coalitions = measures.actors.coalitions(setting, world, &self.snapshot);
        std::mem::replace(&mut self.record, RunRecord::empty(0))
    }

    /// Ends a run that failed, with what is known of it.
    pub fn fail(&mut self, failure: String) -> RunRecord {
        let mut record = std::mem::replace(&mut self.record, RunRecord::empty(0));
        record.failure = Some(failure);
        record
    }
}

/// Answers the questions that can be answered at a moment.
fn answer(measures: &Measures, evaluator: &Evaluator<'_>, answers: &mut [Answer], memory: &mut RunMemory) {
    let now = evaluator.world.step;
    memory.open.retain(|watched| {
        let watched = &measures.watch.open[*watched];
        if now > watched.last {
            return false;
        }
        let so = evaluator.holds(&watched.condition);
        if so {
            for (number, _) in watched.questions.iter().filter(|(_, last)| now <= *last) {
                memory.answered[*number] = true;
                answers[*number] = Answer { value: 1.0, step: Some(now) };
            }
        }
        !so
    });
    while let Some((_, number)) = measures.watch.due.get(memory.due).filter(|(moment, _)| *moment <= now) {
        memory.due += 1;
        match &measures.questions[*number].ask {
            Ask::At(condition) if evaluator.holds(condition) => {
                answers[*number] = Answer { value: 1.0, step: Some(now) };
            }
            Ask::Amount(quantity) => answers[*number] = Answer { value: evaluator.amount(quantity), step: None },
            Ask::At(_) | Ask::Within(_) => {}
        }
    }
}
