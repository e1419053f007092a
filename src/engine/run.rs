//! One replicate: the steps from the start to the horizon, what is measured on the way, and what must hold.

use super::{Checkpoint, Model, RandomStream};
use crate::base::FactionId;
use crate::measure::{Answer, Keep, Recorder, RunRecord};
use crate::mechanism::{Chance, Decision, Scratch, Silent, Terms, Trace, step};
use crate::world::{Broken, Happening, Scheduled, Stance, World};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// In release builds, totals are checked every so many steps, and everything at the end.
const CHECK_EVERY: u32 = 13;

/// Steps replicates of one model, one after the other. Owned by one thread, and what it holds between runs never
/// changes a result.
#[derive(Clone, Debug)]
pub struct Runner {
    model: Arc<Model>,
    world: World,
    scratch: Scratch,
    recorder: Recorder,
    seed: u64,
    replicate: u64,
}

impl Runner {
    /// A runner of a model; [`Runner::begin`] or [`Runner::run`] comes first.
    pub fn new(model: &Arc<Model>, keep: Keep) -> Self {
        Self {
            model: model.clone(),
            world: model.setting.initial.clone(),
            scratch: Scratch::new(&model.setting, &model.behaviour),
            recorder: Recorder::new(&model.measures, &model.setting, keep),
            seed: 0,
            replicate: 0,
        }
    }

    /// Turns to another model of the same actors, places and measures: the next runs are those of a fresh runner of it.
    pub fn turn_to(&mut self, model: &Arc<Model>) {
        self.model = model.clone();
        self.scratch.turn_to(&model.setting, &model.behaviour);
        self.recorder.turn_to(&model.setting);
    }

    /// A run of a replicate, at its start.
    pub fn start(model: &Arc<Model>, keep: Keep, seed: u64, replicate: u64) -> Self {
        let mut runner = Self::new(model, keep);
        runner.begin(seed, replicate);
        runner
    }

    /// Runs a replicate of an experiment with a master seed to its horizon. What goes wrong is in the record.
    pub fn run(&mut self, seed: u64, replicate: u64) -> RunRecord {
        self.run_traced(seed, replicate, &mut Silent)
    }

    /// Runs a replicate and lets somebody listen. A listener that does not interfere changes nothing.
    pub fn run_traced(&mut self, seed: u64, replicate: u64, trace: &mut impl Trace) -> RunRecord {
        self.attempt(replicate, |runner| {
            runner.begin(seed, replicate);
            runner.complete(trace)
        })
    }

    /// Runs from a checkpoint to the horizon. On the same random stream, in the model of which the checkpoint is, that gives
    /// the record of the whole run to the bit.
    pub fn run_from(&mut self, checkpoint: &Checkpoint, stream: RandomStream, trace: &mut impl Trace) -> RunRecord {
        self.attempt(checkpoint.replicate, |runner| {
            runner.resume(checkpoint, stream);
            runner.complete(trace)
        })
    }

    /// Makes what goes wrong a part of the record.
    fn attempt(&mut self, replicate: u64, run: impl FnOnce(&mut Self) -> Result<RunRecord, Broken>) -> RunRecord {
        match catch_unwind(AssertUnwindSafe(|| run(self))) {
            Ok(Ok(record)) => record,
            Ok(Err(broken)) => self.fail(replicate, broken),
            Err(payload) => {
                // Whatever the fault left half done must not reach the next run.
                let what = format!("the program is at fault: {}", message(&*payload));
                let broken = Broken { step: self.world.step, what };
                self.scratch = Scratch::new(&self.model.setting, &self.model.behaviour);
                self.fail(replicate, broken)
            }
        }
    }

    fn complete(&mut self, trace: &mut impl Trace) -> Result<RunRecord, Broken> {
        while !self.at_horizon() {
            self.step(trace)?;
        }
        self.world.check(&self.model.setting)?;
        Ok(self.recorder.finish(&self.model.setting, &self.world))
    }

    /// Turns to the start of a replicate, and takes the measures of the start.
    pub fn begin(&mut self, seed: u64, replicate: u64) {
        (self.seed, self.replicate) = (seed, replicate);
        self.world.clone_from(&self.model.setting.initial);
        self.scratch.begin(seed, replicate);
        self.recorder.begin(replicate);
        self.recorder.observe(&self.model.setting, &self.world);
    }

    /// Turns to the moment of a checkpoint, whose measures are taken already.
    pub fn resume(&mut self, checkpoint: &Checkpoint, stream: RandomStream) {
        // A checkpoint of what comes of it goes on in the same stream.
        let (seed, replicate) = stream.source(checkpoint);
        (self.seed, self.replicate) = (seed, replicate);
        self.world.clone_from(&checkpoint.world);
        self.scratch.begin(seed, replicate);
        self.scratch.fresh_since = stream.fresh_since(checkpoint);
        self.recorder.resume(&checkpoint.recorded, &self.model.setting, &self.world);
    }

    /// The run as it is now, to go on from later, or more than once.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            seed: self.seed,
            replicate: self.replicate,
            fresh_since: self.scratch.fresh_since,
            world: self.world.clone(),
            recorded: self.recorder.halfway(),
        }
    }

    /// The answers so far: those of questions that are not answered yet are no, or 0.
    pub fn answers(&self) -> &[Answer] {
        self.recorder.answers()
    }

    /// Lets one step pass, takes its measures, and checks what must hold: everything in debug builds and tests, totals
    /// now and then in release builds.
    ///
    /// # Errors
    /// The first thing that does not hold; the run cannot go on then.
    pub fn step(&mut self, trace: &mut impl Trace) -> Result<(), Broken> {
        let setting = &*self.model.setting;
        trace.begins(self.world.step);
        let moment = self.recorder.evaluator(setting, &self.world);
        for (event, condition) in &self.model.conditions {
            let Scheduled { step, last, .. } = setting.events[*event];
            if (step..=last).contains(&self.world.step) {
                self.scratch.holds[*event] = moment.holds(condition);
            }
        }
        let mut listener = Listener { step: self.world.step, recorder: &mut self.recorder, inner: trace };
        step(setting, &self.model.behaviour, &mut self.world, &mut self.scratch, &mut listener);
        if cfg!(debug_assertions) {
            self.world.check(setting)?;
        } else if self.world.step.is_multiple_of(CHECK_EVERY) {
            self.world.check_totals(setting)?;
        }
        self.recorder.observe(setting, &self.world);
        Ok(())
    }

    /// Whether the run has come to its horizon.
    pub fn at_horizon(&self) -> bool {
        self.world.step >= self.model.setting.calendar.steps()
    }

    /// The world as it is now.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The record of a run that is at its horizon.
    pub fn finish(&mut self) -> RunRecord {
        self.recorder.finish(&self.model.setting, &self.world)
    }

    fn fail(&mut self, replicate: u64, broken: Broken) -> RunRecord {
        let mut record = self.recorder.fail(broken.to_string());
        record.replicate = replicate;
        record
    }
}

/// Passes on what is heard, and notes what happened.
struct Listener<'a, T> {
    step: u32,
    recorder: &'a mut Recorder,
    inner: &'a mut T,
}

impl<T: Trace> Trace for Listener<'_, T> {
    #[inline]
    fn happened(&mut self, happening: Happening) {
        self.recorder.happened(self.step, &happening);
        self.inner.happened(happening);
    }

    #[inline]
    fn weighed(&mut self, actor: FactionId, other: FactionId, goal: Stance, terms: &mut Terms) {
        self.inner.weighed(actor, other, goal, terms);
    }

    #[inline]
    fn befell(&mut self, chance: Chance, so: bool) -> bool {
        self.inner.befell(chance, so)
    }

    #[inline]
    fn decided(&mut self, decision: &Decision) -> bool {
        self.inner.decided(decision)
    }
}

fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
