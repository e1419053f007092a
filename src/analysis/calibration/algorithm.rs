//! The way from a prior to a posterior: waves of history matching, then generations of approximate Bayesian computation.

use super::adjust::{Draw, adjusted};
use super::emulator::Emulators;
use super::population::{Kernel, Particle, keep_nearest};
use super::problem::{Aim, Budget, Distances, Outcome, Simulator, Tried, implausibility};
use crate::analysis::weighted::effective;
use crate::base::maths::exp;
use crate::experiment::design::Scramble;
use crate::experiment::design::sobol::Sobol;
use serde::{Deserialize, Serialize};

/// Candidates that are looked at for a point of a wave, at most.
const CANDIDATES: usize = 200;
/// Under this share of points that come within the last tolerance, nothing more is to be had for the work.
const LEAST_ACCEPTED: f64 = 0.05;
/// With fewer points there is nothing to go on with.
const FEWEST: usize = 20;

/// A step on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// Which: `wave-1`, `generation-2`.
    pub name: String,
    /// Points that were run.
    pub points: usize,
    /// Those of them that were given up after a few replicates.
    pub stopped: usize,
    /// Of a wave, the share of the prior that is not ruled out after it; of a generation, the share of its points within the
    /// tolerance before.
    pub share: f64,
    /// Of a generation, the tolerance after it: the root of the mean squared distance.
    pub tolerance: Option<f64>,
    /// Of a generation, how many equally weighted points its points are worth.
    pub effective: Option<f64>,
}

/// What came of a calibration.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// Draws, adjusted.
    pub draws: Vec<Draw>,
    /// As how many independent draws they show where the posterior lies.
    pub worth: f64,
    /// The particles that they were made of.
    pub particles: Vec<Particle>,
    /// The points of the first wave: draws from the prior.
    pub prior: Vec<Tried>,
    /// The steps.
    pub stages: Vec<Stage>,
    /// Whether a wave would have ruled out all there is, so that it was not heeded: the model does not bring about all of what
    /// came to be.
    pub contradicted: bool,
}

/// Calibrates. `name` sets this apart from others that share the first wave.
///
/// # Errors
/// Those of the simulator.
pub fn calibrate<S: Simulator>(
    aims: &[Aim],
    dimensions: usize,
    budget: &Budget,
    name: &str,
    simulator: &mut S,
) -> Result<Posterior, S::Error> {
    let mut course = Course { aims, budget, emulators: Vec::new(), left: 1.0, stages: Vec::new(), contradicted: false };
    let tried = course.waves(dimensions, name, simulator)?;
    let prior = tried[..budget.points.min(tried.len())].to_vec();
    let distances = Distances::over(aims, &prior);
    let (particles, tolerance) = course.generations(&tried, &distances, name, simulator)?;
    let (draws, worth) = adjusted(&particles, tolerance, &distances);
    Ok(Posterior { draws, worth, particles, prior, stages: course.stages, contradicted: course.contradicted })
}

struct Course<'a> {
    aims: &'a [Aim],
    budget: &'a Budget,
    /// Of each wave that is heeded.
    emulators: Vec<Emulators>,
    /// The share of the prior that they leave.
    left: f64,
    stages: Vec<Stage>,
    contradicted: bool,
}

impl Course<'_> {
    /// Whether no wave rules a point out.
    fn admits(&self, at: &[f64]) -> bool {
        self.emulators.iter().all(|emulators| {
            let (outcomes, unknown) = emulators.at(at);
            implausibility(self.aims, &outcomes, Some(&unknown)) <= self.budget.cutoff
        })
    }

    /// History matching (Vernon, Goldstein and Bower 2010; with the luck of a stochastic model, Andrianakis et al. 2015): all points that
    /// were run.
    fn waves<S: Simulator>(
        &mut self,
        dimensions: usize,
        name: &str,
        simulator: &mut S,
    ) -> Result<Vec<Tried>, S::Error> {
        let budget = self.budget;
        // The number of weights is checked when a file is read.
        let Some(sequence) = Sobol::new(dimensions, Scramble::Seed(budget.seed)) else { return Ok(Vec::new()) };
        let mut points: Vec<Vec<f64>> =
            (0..budget.points as u32).map(|index| sequence.point(index).collect()).collect();
        let mut next = budget.points as u32;
        let mut tried: Vec<Tried> = Vec::new();
        for wave in 1..=budget.waves {
            // All that share the first wave need all of its runs.
            let batch = if wave == 1 { "wave-1".to_owned() } else { format!("{name}-wave-{wave}") };
            let hopeless = |_: usize, outcomes: &[Outcome]| implausibility(self.aims, outcomes, None) > budget.cutoff;
            let run = simulator.run(&batch, &points, (wave > 1).then_some(&hopeless))?;
            let stopped = run.iter().filter(|point| point.stopped).count();
            tried.extend(run);
            let known: Vec<&Tried> = tried.iter().filter(|point| self.admits(&point.at)).collect();
            let fitted = Emulators::fit(self.aims, &known);
            let heeded = fitted.is_some();
            self.emulators.extend(fitted);
            let stage = |share| Stage {
                name: format!("wave-{wave}"),
                points: points.len(),
                stopped,
                share,
                tolerance: None,
                effective: None,
            };
            let mut found = Vec::new();
            let mut looked = 0;
            while found.len() < budget.points && looked < CANDIDATES * budget.points {
                let at: Vec<f64> = sequence.point(next).collect();
                (next, looked) = (next + 1, looked + 1);
                if self.admits(&at) {
                    found.push(at);
                }
            }
            let share = found.len() as f64 / looked.max(1) as f64;
            self.stages.push(stage(share));
            if found.len() < FEWEST {
                if heeded {
                    self.emulators.pop();
                }
                self.contradicted = true;
                break;
            }
            self.left = share;
            points = found;
        }
        Ok(tried)
    }

    /// Sequential Monte Carlo: the last particles, and their tolerance.
    fn generations<S: Simulator>(
        &mut self,
        tried: &[Tried],
        distances: &Distances<'_>,
        name: &str,
        simulator: &mut S,
    ) -> Result<(Vec<Particle>, f64), S::Error> {
        let budget = self.budget;
        let most = budget.points.div_ceil(2);
        let left = self.left;
        let particle = |batch: &str, number: usize, point: &Tried, weight: f64| {
            let outcomes = point.outcomes.clone().filter(|_| !point.stopped)?;
            let shown = distances.shown(&outcomes, &distances.deviates(budget.seed, batch, number));
            let squared = distances.squared(&shown);
            Some(Particle { at: point.at.clone(), outcomes, shown, squared, weight })
        };
        let all = || tried.iter().enumerate().filter_map(|(number, point)| particle("waves", number, point, left));
        let mut kept: Vec<Particle> = all().filter(|particle| self.admits(&particle.at)).collect();
        if kept.len() < FEWEST {
            kept = all().collect();
        }
        let mut tolerance = keep_nearest(&mut kept, most);
        for generation in 1..=budget.generations {
            if kept.len() < 2 {
                break;
            }
            let kernel = Kernel::of(&kept);
            let batch = format!("{name}-generation-{generation}");
            let wanted = budget.points - most.min(budget.points / 2);
            let (proposed, admitted) = kernel.propose(wanted, (budget.seed, &batch), |at| self.admits(at));
            let points: Vec<Vec<f64>> = proposed.iter().map(|proposed| proposed.at.clone()).collect();
            let hopeless = |number: usize, outcomes: &[Outcome]| {
                distances.least(outcomes, &distances.deviates(budget.seed, &batch, number)) > tolerance
            };
            let run = simulator.run(&batch, &points, Some(&hopeless))?;
            let stopped = run.iter().filter(|point| point.stopped).count();
            let fresh: Vec<Particle> = run
                .iter()
                .zip(&proposed)
                .enumerate()
                .filter_map(|(number, (point, proposed))| {
                    particle(&batch, number, point, admitted * exp(proposed.ln_weight))
                })
                .collect();
            let within = fresh.iter().filter(|particle| particle.squared <= tolerance).count();
            let share = within as f64 / points.len().max(1) as f64;
            kept.extend(fresh);
            tolerance = keep_nearest(&mut kept, most);
            let effective = effective(kept.iter().map(|particle| particle.weight));
            self.stages.push(Stage {
                name: format!("generation-{generation}"),
                points: points.len(),
                stopped,
                share,
                tolerance: Some(tolerance.sqrt()),
                effective: Some(effective),
            });
            if share < LEAST_ACCEPTED || !told_apart(&kept, distances) {
                break;
            }
        }
        Ok((kept, tolerance))
    }
}

/// Whether particles differ in their distances by more than few replicates may: if not, to choose among them is to choose luck.
fn told_apart(particles: &[Particle], distances: &Distances<'_>) -> bool {
    let (Some(first), Some(last)) = (particles.first(), particles.last()) else { return false };
    let noise = particles.iter().map(|particle| distances.noise(&particle.outcomes)).sum::<f64>();
    last.squared - first.squared > 2.0 * noise / particles.len() as f64
}
