//! Going on from the runs that are most like the facts: a particle filter with resampling (Gordon, Salmond and Smith 1993).
//!
//! A particle is a run up to a moment. At the moment of each fact particles are weighed by how likely the fact is in them; when few
//! of them carry most of the weight, they are drawn anew by it, and those that are drawn more than once go on under random numbers of
//! their own. A particle keeps the inputs that its first ancestor drew: with few ancestors left, too little of what inputs can be is
//! among them.

use super::likelihood::{ln_likelihood, says};
use crate::analysis::weighted::WeightedRuns;
use crate::engine::{Model, RandomStream, Runner};
use crate::experiment::{ExperimentError, Target};
use crate::measure::{Answer, Keep, Measures};
use crate::mechanism::Silent;
use crate::random::{DrawKey, Purpose, Source};
use crate::scenario::facts::Facts;
use rayon::prelude::*;
use std::sync::Arc;

/// Particles are drawn anew when they are worth less than this share of as many with equal weights.
const WORTH: f64 = 0.5;
/// Particles that a thread takes at a time: those of one ancestor stand together.
const TOGETHER: usize = 8;

/// A run up to a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Particle {
    /// The replicate that it began as.
    pub replicate: u64,
    /// From which steps on it went on under fresh random numbers, with their numbers.
    pub turns: Vec<(u32, u64)>,
    /// Logarithm of its weight.
    pub ln_weight: f64,
}

/// What a filter ends with.
pub struct Filtered {
    /// The particles at the horizon, those of one ancestor together.
    pub particles: Vec<Particle>,
    /// The answers of each to the scenario's questions.
    pub answers: Vec<Vec<Answer>>,
    /// How many of those that were to go on failed, and are not among them.
    pub failed: usize,
    /// The moments at which they were drawn anew, with what they were worth before.
    pub resampled: Vec<(u32, f64)>,
}

/// Runs particles, which begin as the replicates of a range, through the facts to the horizon. Those that fail are left out, as
/// failed runs are of every number.
///
/// # Errors
/// If all runs fail, or the facts are impossible in all of them.
pub fn filter(
    target: &Target,
    facts: &Facts,
    replicates: std::ops::Range<u64>,
    done: &(dyn Fn() + Sync),
) -> Result<Filtered, ExperimentError> {
    let own = target.questions.len();
    let asked = target.questions.iter().cloned().chain(facts.questions()).collect();
    let measures = target.source.asking(asked);
    let measures = measures.map_err(|problems| ExperimentError::Input(problems.to_string()))?;
    let start = |replicate| Particle { replicate, turns: Vec::new(), ln_weight: 0.0 };
    let mut particles: Vec<Particle> = replicates.map(start).collect();
    let begun = particles.len();
    let mut moments: Vec<u32> = facts.list.iter().map(|fact| fact.question.moment).collect();
    moments.dedup();
    let mut resampled = Vec::new();
    for moment in moments {
        let answers = run(target, &measures, &mut particles, moment, done)?;
        for (particle, answers) in particles.iter_mut().zip(&answers) {
            let due =
                facts.list.iter().zip(says(facts, &answers[own..])).filter(|(fact, _)| fact.question.moment == moment);
            particle.ln_weight += due.map(|(fact, says)| ln_likelihood(&fact.reported, says)).sum::<f64>();
        }
        let worth = weighted(&particles, 1).map_or(0.0, |runs| runs.worth());
        if worth <= 0.0 {
            return Err(impossible(target, moment));
        }
        if worth < WORTH * particles.len() as f64 {
            particles = drawn_anew(&particles, moment, target.seed());
            resampled.push((moment, worth));
        }
    }
    let horizon = target.calendar().steps();
    let mut answers = run(target, &measures, &mut particles, horizon, done)?;
    answers.iter_mut().for_each(|answers| answers.truncate(own));
    Ok(Filtered { failed: begun - particles.len(), particles, answers, resampled })
}

/// That no run can be as was reported up to a moment.
pub fn impossible(target: &Target, moment: u32) -> ExperimentError {
    let day = target.calendar().date_of(moment);
    ExperimentError::Input(format!(
        "what was reported up to {day} is impossible in all runs: allow for errors in reports"
    ))
}

/// Particles as runs with weights, in families whose ancestors share what is drawn for every `shared` replicates.
pub fn weighted(particles: &[Particle], shared: u64) -> Option<WeightedRuns> {
    let weights: Vec<f64> = particles.iter().map(|particle| particle.ln_weight).collect();
    let families: Vec<u64> = particles.iter().map(|particle| particle.replicate / shared).collect();
    WeightedRuns::new(&weights, &families)
}

/// The answers of particles at a moment; those that fail are taken out. Each is run from its start: that takes no memory, and facts
/// are of the first weeks.
fn run(
    target: &Target,
    measures: &Arc<Measures>,
    particles: &mut Vec<Particle>,
    until: u32,
    done: &(dyn Fn() + Sync),
) -> Result<Vec<Vec<Answer>>, ExperimentError> {
    let of_some = |some: &[Particle]| -> Vec<Result<Vec<Answer>, String>> {
        let mut models = target.models(measures.clone());
        let one = |particle: &Particle| {
            let answers = models(particle.replicate).and_then(|model| follow(&model, target.seed(), particle, until));
            done();
            answers
        };
        some.iter().map(one).collect()
    };
    let parts: Vec<_> = particles.par_chunks(TOGETHER).map(of_some).collect();
    let mut answers = Vec::with_capacity(particles.len());
    let mut left = Vec::with_capacity(particles.len());
    let mut first_reason = None;
    for (particle, result) in particles.drain(..).zip(parts.into_iter().flatten()) {
        match result {
            Ok(found) => {
                left.push(particle);
                answers.push(found);
            }
            Err(reason) => {
                first_reason.get_or_insert((particle.replicate, reason));
            }
        }
    }
    *particles = left;
    match first_reason {
        Some((replicate, reason)) if particles.is_empty() => Err(ExperimentError::Input(format!(
            "none of the runs can go on; of replicate {replicate}, which is the first: {reason}"
        ))),
        _ => Ok(answers),
    }
}

/// The answers of one particle at a moment; in words why there are none.
fn follow(model: &Arc<Model>, seed: u64, particle: &Particle, until: u32) -> Result<Vec<Answer>, String> {
    let mut runner = Runner::start(model, Keep::ANSWERS, seed, particle.replicate);
    let to = |runner: &mut Runner, moment: u32| {
        while runner.world().step < moment {
            runner.step(&mut Silent).map_err(|broken| broken.to_string())?;
        }
        Ok::<(), String>(())
    };
    for (moment, number) in &particle.turns {
        to(&mut runner, *moment)?;
        let checkpoint = runner.checkpoint();
        runner.resume(&checkpoint, RandomStream::Fresh(*number));
    }
    to(&mut runner, until)?;
    Ok(runner.answers().to_vec())
}

/// As many particles drawn by weight, with one uniform for all (systematic resampling; Carpenter, Clifford and Fearnhead 1999). The
/// first that is drawn of each goes on as it was, the others under random numbers of their own.
fn drawn_anew(particles: &[Particle], moment: u32, seed: u64) -> Vec<Particle> {
    let Some(runs) = weighted(particles, 1) else { return particles.to_vec() };
    let uniform =
        Source::new(seed, 0).sequence(Purpose::Resampling, DrawKey::named("analysis", "update"), moment).uniform();
    let count = particles.len() as f64;
    let mut list = Vec::with_capacity(particles.len());
    let mut below = 0.0;
    for (particle, weight) in particles.iter().zip(runs.weights()) {
        below += weight;
        let mut turned = false;
        while list.len() < particles.len() && (list.len() as f64 + uniform) / count < below {
            let mut next = Particle { ln_weight: 0.0, ..particle.clone() };
            if turned {
                next.turns.push((moment, list.len() as u64));
            }
            turned = true;
            list.push(next);
        }
    }
    // Rounding may leave the last place open.
    if let Some(last) = particles.last() {
        while list.len() < particles.len() {
            let mut next = Particle { ln_weight: 0.0, ..last.clone() };
            next.turns.push((moment, list.len() as u64));
            list.push(next);
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_are_drawn_as_often_as_they_weigh() {
        let particle = |replicate, weight: f64| Particle {
            replicate,
            turns: Vec::new(),
            ln_weight: crate::base::maths::ln(weight),
        };
        let particles = [particle(0, 1.0), particle(1, 6.0), particle(2, 2.0), particle(3, 1e-300)];
        let list = drawn_anew(&particles, 9, 7);
        let of = |replicate: u64| list.iter().filter(|particle| particle.replicate == replicate).count();
        // 4 × 6 / 9 is 2.7, 4 × 2 / 9 is 0.9, 4 / 9 is 0.4: systematic draws are the number below or above.
        assert!((2..=3).contains(&of(1)) && of(2) <= 1 && of(0) <= 1 && of(3) == 0 && list.len() == 4, "{list:?}");
        let turns: Vec<_> =
            list.iter().filter(|particle| particle.replicate == 1).map(|particle| particle.turns.len()).collect();
        assert_eq!(turns.iter().filter(|turns| **turns == 0).count(), 1, "one goes on as it was");
        assert!(list.iter().all(|particle| particle.ln_weight.abs() < 1e-12));
    }
}
