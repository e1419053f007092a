//! Many replicates on several threads, handed over in order, with bounded memory.

use super::{Model, Runner};
use crate::measure::{Keep, RunRecord};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Records of about so many bytes are made before they are handed over; twice as much is held at the most.
const BATCH_BYTES: usize = 8 << 20;

/// Replicates to run. What they give does not depend on threads or batches.
pub struct Ensemble<'a> {
    /// What is run.
    pub model: &'a Arc<Model>,
    /// The master seed.
    pub seed: u64,
    /// Which replicates.
    pub replicates: Range<u64>,
    /// How much of each is kept.
    pub keep: Keep,
    /// How many threads; as many as there are cores unless given.
    pub threads: Option<usize>,
    /// Set from outside to end early: replicates that are done are handed over, no other is begun.
    pub cancelled: &'a AtomicBool,
    /// Told of every replicate that is done, from any thread and in any order.
    pub progress: &'a (dyn Fn() + Sync),
}

/// How an ensemble ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finish {
    /// How many replicates were handed over, failed ones included.
    pub done: u64,
    /// Whether it was cancelled before the last.
    pub cancelled: bool,
}

impl Ensemble<'_> {
    /// Runs the replicates and hands over their records, in order and in batches, while the next batch runs. The sink
    /// may use the threads of the ensemble through rayon.
    ///
    /// # Errors
    /// The first error of the sink, or that no threads can be had.
    pub fn run<E>(&self, mut sink: impl FnMut(Vec<RunRecord>) -> Result<(), E> + Send) -> Result<Finish, E>
    where
        E: From<rayon::ThreadPoolBuildError> + Send,
    {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads.unwrap_or(0)).build()?;
        let shelf = Shelf::default();
        let size = self.batch_size(pool.current_num_threads());
        pool.install(|| {
            let mut next = self.replicates.start;
            let mut done = 0;
            let mut ready = Vec::new();
            loop {
                let batch = next..next.saturating_add(size).min(self.replicates.end);
                next = batch.end;
                done += ready.len() as u64;
                let wanted = batch.end.saturating_sub(batch.start);
                let (fresh, handed) = rayon::join(
                    || self.batch(batch, &shelf),
                    || if ready.is_empty() { Ok(()) } else { sink(std::mem::take(&mut ready)) },
                );
                handed?;
                ready = fresh;
                if (ready.len() as u64) < wanted {
                    done += ready.len() as u64;
                    sink(ready)?;
                    return Ok(Finish { done, cancelled: true });
                }
                if ready.is_empty() {
                    return Ok(Finish { done, cancelled: false });
                }
            }
        })
    }

    /// The records of a batch in order; if cancelled, those before the first that was not run.
    fn batch(&self, batch: Range<u64>, shelf: &Shelf) -> Vec<RunRecord> {
        let records: Vec<Option<RunRecord>> = batch
            .into_par_iter()
            .map_init(
                || shelf.take(self),
                |loan, replicate| {
                    if self.cancelled.load(Ordering::Relaxed) {
                        return None;
                    }
                    let record = loan.run(self.seed, replicate);
                    (self.progress)();
                    Some(record)
                },
            )
            .collect();
        records.into_iter().map_while(|record| record).collect()
    }

    fn batch_size(&self, threads: usize) -> u64 {
        let layout = self.model.measures.layout();
        let series = if self.keep.series {
            layout.series.len() * layout.moments as usize + layout.milestones.len() * layout.milestone_steps.len()
        } else {
            0
        };
        let bytes = 4 * series + 8 * layout.finals.len() + 16 * layout.questions.len() + 4096;
        (BATCH_BYTES / bytes).clamp(8 * threads, 4096) as u64
    }
}

/// Runners that are not in use: making one costs as much as some steps.
#[derive(Default)]
struct Shelf(Mutex<Vec<Runner>>);

impl Shelf {
    fn take(&self, ensemble: &Ensemble<'_>) -> Loan<'_> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let runner = found.unwrap_or_else(|| Runner::new(ensemble.model, ensemble.keep));
        Loan { runner: Some(runner), shelf: self }
    }
}

/// A runner that goes back on the shelf when it is dropped.
struct Loan<'s> {
    runner: Option<Runner>,
    shelf: &'s Shelf,
}

impl Loan<'_> {
    fn run(&mut self, seed: u64, replicate: u64) -> RunRecord {
        self.runner.as_mut().map_or_else(|| RunRecord::empty(replicate), |runner| runner.run(seed, replicate))
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        if let Some(runner) = self.runner.take() {
            self.shelf.0.lock().unwrap_or_else(PoisonError::into_inner).push(runner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, Scenario};
    use rayon::ThreadPoolBuildError;

    const STANDOFF: &str = include_str!("../../configs/three-way-standoff.toml");

    fn model() -> Arc<Model> {
        let overrides = Overrides { set: vec!["scenario.horizon=\"3 months\"".into()], variant: None };
        let scenario = Scenario::from_text("standoff.toml", STANDOFF, &overrides);
        Model::of(&scenario.unwrap_or_else(|problems| panic!("{problems}")))
    }

    /// The replicates that are handed over when `stop` of them are asked for before cancelling, and how it ended.
    fn handed(model: &Arc<Model>, threads: usize, stop: usize) -> (Vec<RunRecord>, Finish) {
        let cancelled = AtomicBool::new(false);
        let done = std::sync::atomic::AtomicUsize::new(0);
        let progress = || {
            if done.fetch_add(1, Ordering::Relaxed) + 1 >= stop {
                cancelled.store(true, Ordering::Relaxed);
            }
        };
        let ensemble = Ensemble {
            model,
            seed: 3,
            replicates: 10..110,
            keep: Keep::ANSWERS,
            threads: Some(threads),
            cancelled: &cancelled,
            progress: &progress,
        };
        let mut records = Vec::new();
        let finish = ensemble.run(|batch| {
            records.extend(batch);
            Ok::<(), ThreadPoolBuildError>(())
        });
        (records, finish.unwrap_or(Finish { done: 0, cancelled: true }))
    }

    #[test]
    fn records_come_in_order_and_are_those_of_single_runs() {
        let model = model();
        let (records, finish) = handed(&model, 3, usize::MAX);
        assert_eq!(finish, Finish { done: 100, cancelled: false });
        assert!(records.iter().map(|record| record.replicate).eq(10..110));
        let mut runner = Runner::new(&model, Keep::ANSWERS);
        assert!(records.iter().all(|record| *record == runner.run(3, record.replicate)));
    }

    #[test]
    fn what_is_handed_over_of_a_cancelled_ensemble_is_its_beginning() {
        let model = model();
        let (all, _) = handed(&model, 2, usize::MAX);
        let (some, finish) = handed(&model, 2, 20);
        assert!(finish.cancelled && finish.done == some.len() as u64 && some.len() < 100);
        assert!(some.iter().eq(all.iter().take(some.len())));
    }
}
