//! Measures of a scenario, and the recorder that takes them of one run at a time.

use super::cast::Leader;
use super::gauge::{Happened, Memory};
use super::layout::Plan;
use super::log::Words;
use super::question::{Ask, Watch};
use super::sight::Sight;
use super::{Answer, Cast, Glance, Group, Layout, Names, Question, RunRecord};
use crate::base::EventId;
use crate::world::{Happening, HappeningKind, Setting, World};
use serde::{Deserialize, Serialize};

/// What is measured in every run of a scenario.
#[derive(Clone, Debug)]
pub struct Measures {
    questions: Vec<Question>,
    watch: Watch,
    cast: Cast,
    plan: Plan,
    layout: Layout,
    words: Words,
}

impl Measures {
    /// The measures of a setting and its questions.
    pub fn new(setting: &Setting, questions: Vec<Question>) -> Self {
        let cast = Cast::new(setting);
        let plan = Plan::new(setting, &cast, &questions);
        let layout = plan.layout(setting, &cast, &questions);
        Self { watch: Watch::new(&questions), cast, plan, layout, words: Words::new(setting), questions }
    }

    /// Names and units of what is recorded.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The words of the event log.
    pub fn names(&self) -> &Names {
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
    memory: Memory,
    record: RunRecord,
}

/// Takes the measures of one run after the other. Owned by one thread; reused from run to run.
#[derive(Clone, Debug)]
pub struct Recorder<'m> {
    measures: &'m Measures,
    keep: Keep,
    glance: Glance,
    memory: Memory,
    record: RunRecord,
}

impl<'m> Recorder<'m> {
    /// A recorder; [`Recorder::begin`] comes before the first run.
    pub fn new(measures: &'m Measures, setting: &Setting, keep: Keep) -> Self {
        let record = RunRecord::empty(0);
        Self { measures, keep, glance: Glance::new(setting), memory: Memory::default(), record }
    }

    /// Turns to a new run.
    pub fn begin(&mut self, replicate: u64) {
        let layout = &self.measures.layout;
        self.memory.clear(&self.measures.cast, layout.questions.len(), self.measures.watch.open.len());
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
        self.glance.take(setting, world);
    }

    /// The answers so far: those of questions that are not answered yet are no, or 0.
    pub fn answers(&self) -> &[Answer] {
        &self.record.answers
    }

    /// Takes note of something that happened in a step.
    pub fn happened(&mut self, step: u32, happening: &Happening) {
        let counted = match happening.kind {
            HappeningKind::StanceChanged { .. } => Some(Happened::StanceChanged),
            HappeningKind::TalksOpened { .. } => Some(Happened::TalksOpened),
            HappeningKind::Leaked { .. } => Some(Happened::Leaked),
            HappeningKind::Merged { .. } => Some(Happened::Merged),
            HappeningKind::Split { .. } | HappeningKind::LeftUmbrella { .. } => Some(Happened::Split),
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
        let (measures, plan) = (self.measures, &self.measures.plan);
        self.glance.take(setting, world);
        self.memory.note(&measures.cast, world, &self.glance);
        let sight = Sight { setting, world, glance: &self.glance };
        answer(measures, &sight, &mut self.record.answers, &mut self.memory);
        if plan.years.get(self.memory.year_deaths.len()) == Some(&world.step) {
            self.memory.note_year(&measures.cast, &sight);
        }
        if self.keep.series {
            let values = plan.series.gauges.iter().map(|gauge| gauge.read(&self.memory, &sight, plan.lately) as f32);
            self.record.series.extend(values);
            if plan.milestone_steps.contains(&world.step) {
                self.memory.note_holders(&measures.cast, setting, world);
                let values =
                    plan.milestones.gauges.iter().map(|gauge| gauge.read(&self.memory, &sight, plan.lately) as f32);
                self.record.milestones.extend(values);
            }
        }
    }

    /// Ends a run that came to its horizon. Comes after the last [`Recorder::observe`], with the same world.
    pub fn finish(&mut self, setting: &Setting, world: &World) -> RunRecord {
        let (measures, plan) = (self.measures, &self.measures.plan);
        let sight = Sight { setting, world, glance: &self.glance };
        let values = plan.finals.gauges.iter().map(|gauge| gauge.read(&self.memory, &sight, plan.lately));
        self.record.finals.extend(values);
        self.record.leader = self.memory.leader.map(|leader| match leader {
            Leader::Other(faction) => measures.words.faction(faction),
            Leader::Actor(slot) => match measures.cast.groups[slot] {
                Group::Faction(faction) => measures.words.faction(faction),
                Group::Umbrella(umbrella) => measures.words.umbrella(umbrella),
            },
        });
        self.record.coalitions = measures.cast.coalitions(setting, world, &self.glance);
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
fn answer(measures: &Measures, sight: &Sight<'_>, answers: &mut [Answer], memory: &mut Memory) {
    let now = sight.world.step;
    memory.open.retain(|watched| {
        let watched = &measures.watch.open[*watched];
        if now > watched.last {
            return false;
        }
        let so = sight.holds(&watched.condition);
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
            Ask::At(condition) if sight.holds(condition) => {
                answers[*number] = Answer { value: 1.0, step: Some(now) };
            }
            Ask::Amount(quantity) => answers[*number] = Answer { value: sight.amount(quantity), step: None },
            Ask::At(_) | Ask::Within(_) => {}
        }
    }
}
