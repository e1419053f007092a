//! Runs of some results again, up to a moment, to ask them what they were not asked when they were made.

use crate::engine::Runner;
use crate::experiment::{ExperimentError, Target};
use crate::measure::{Answer, Keep, Measures, Question};
use crate::mechanism::Silent;
use rayon::prelude::*;
use std::sync::Arc;

/// Replicates that a thread takes at a time: those that share all inputs are among them.
const TOGETHER: usize = 8;

/// Questions to the runs of a point and variant.
pub struct Reasked<'t> {
    target: &'t Target,
    measures: Arc<Measures>,
    until: u32,
}

impl<'t> Reasked<'t> {
    /// Questions, each of a moment that is not past the horizon.
    ///
    /// # Errors
    /// If the scenario cannot be measured.
    pub fn new(target: &'t Target, questions: Vec<Question>) -> Result<Self, ExperimentError> {
        let until = questions.iter().map(|question| question.moment).max().unwrap_or(0);
        let measures = target.source.asking(questions);
        let measures = measures.map_err(|problems| ExperimentError::Input(problems.to_string()))?;
        Ok(Self { target, measures, until })
    }

    /// The answers of replicates, which the experiment has and which did not fail, in their order; on the threads of the pool
    /// that it is called in.
    ///
    /// # Errors
    /// If a run cannot be made again, with the reason.
    pub fn answers(&self, replicates: &[u64]) -> Result<Vec<Vec<Answer>>, ExperimentError> {
        let seed = self.target.seed();
        let of_some = |some: &[u64]| -> Result<Vec<Vec<Answer>>, ExperimentError> {
            let mut models = self.target.models(self.measures.clone());
            let one = |replicate: &u64| {
                let failed = |reason: String| {
                    ExperimentError::Input(format!("replicate {replicate} cannot be run again: {reason}"))
                };
                let mut runner = Runner::start(&models(*replicate).map_err(failed)?, Keep::ANSWERS, seed, *replicate);
                while runner.world().step < self.until {
                    runner.step(&mut Silent).map_err(|broken| failed(broken.to_string()))?;
                }
                Ok(runner.answers().to_vec())
            };
            some.iter().map(one).collect()
        };
        let parts: Vec<_> = replicates.par_chunks(TOGETHER).map(of_some).collect::<Result<_, _>>()?;
        Ok(parts.concat())
    }
}
