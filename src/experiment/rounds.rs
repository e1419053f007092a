//! Plans for other processes that end when their answers are precise enough: in rounds, each a plan of its own.

use super::precision::Precision;
use super::until::{look_after, side_by_side};
use super::{Asked, Bench, Experiment, ExperimentError, Judge, RunSource, Stopping, Tasks};
use crate::record::{Held, RecordError, StopReason, StoppingEntry, named_blocks};

/// Replicates of the first round, about; a look falls on its end.
const FIRST: u64 = 1000;
/// What is planned beyond what is thought to be needed: it is thought from few runs.
const SPARE: f64 = 1.1;

/// What to do after a round.
pub(super) enum Round {
    /// It is precise enough, or there is no more.
    Enough(StoppingEntry),
    /// So many replicates are needed.
    More(Asked),
}

impl Experiment {
    /// Asks for the first round of what may end when it is precise enough, if it may.
    pub fn begin_in_rounds(&mut self) {
        if let Some(stopping) = self.asked.stopping.as_mut().filter(|stopping| stopping.precision.is_some()) {
            stopping.most = Some(stopping.most.unwrap_or(self.asked.replicates));
            self.asked.replicates = look_after(FIRST).min(self.asked.replicates);
        }
    }

    /// How many runs are asked for.
    pub fn runs(&self) -> u64 {
        self.asked.replicates * self.plan.cells()
    }

    /// Seconds that a run takes here, from a few of the first cell.
    ///
    /// # Errors
    /// If there is nothing to run.
    pub fn seconds_per_run(&self) -> Result<f64, ExperimentError> {
        const RUNS: u64 = 4;
        let watch = crate::record::clock::Stopwatch::start();
        self.source.with_runner(0, &mut |runner| {
            (self.asked.first..self.asked.first + RUNS).for_each(|replicate| drop(runner(replicate)));
        });
        Ok(watch.seconds() / RUNS as f64)
    }

    /// Judges a round all of which is held.
    pub(super) fn judge(
        &self,
        bench: &Bench<'_>,
        asked: &Asked,
        held: &[Held],
    ) -> Result<Option<Round>, ExperimentError> {
        let Some(stopping) = asked.stopping.as_ref().filter(|stopping| stopping.precision.is_some()) else {
            return Ok(None);
        };
        let mut precision = Precision::of(&self.plan, asked, self.source.layout());
        side_by_side(bench, held, asked.window(), &mut precision)?;
        let most = stopping.most.unwrap_or(asked.replicates);
        let reason = match precision.is_satisfied() {
            true => StopReason::Precise,
            false if asked.replicates >= most => StopReason::AllReplicates,
            false => {
                let needed = precision.fixed_plan().unwrap_or(0) as f64 * SPARE;
                let more = (needed as u64).max(asked.replicates + asked.replicates / 4).min(asked.replicates * 8);
                return Ok(Some(Round::More(Asked { replicates: look_after(more).min(most), ..asked.clone() })));
            }
        };
        let widest = precision.widest();
        Ok(Some(Round::Enough(StoppingEntry {
            reason,
            most_replicates: most,
            time_limit: None,
            precision: stopping.precision,
            half_width: widest.as_ref().map(|(_, half_width)| *half_width),
            question: widest.map(|(question, _)| question),
            answers: stopping.answers.clone(),
            fixed_plan: precision.fixed_plan(),
        })))
    }

    /// Asks for another round of the experiment that is at work in a sink.
    pub(super) fn next_round(
        &self,
        sink: &mut dyn super::Sink,
        (before, asked): (&Asked, Asked),
    ) -> Result<ExperimentError, RecordError> {
        sink.ask(&self.plan, &asked)?;
        let precision = asked.stopping.as_ref().and_then(|stopping: &Stopping| stopping.precision).unwrap_or_default();
        let missing = Tasks::of(&self.plan, &asked).missing(&named_blocks(sink.store(), self.plan.cells())?);
        let (done, next) = (before.replicates, asked.replicates);
        Ok(ExperimentError::MoreToDo { precision, done, next, tasks: missing })
    }
}
