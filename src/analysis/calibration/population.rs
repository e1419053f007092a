//! Approximate Bayesian computation by sequential Monte Carlo: points that come near enough to what came to be, moved and tried
//! again under an ever smaller tolerance.
//!
//! The kernel has twice the weighted covariance of the points (Beaumont et al. 2009), in log-odds of the priors' shares; weights are
//! those of importance sampling (Toni et al. 2009). The tolerance adapts: the nearer half of all points, old and new, is kept
//! (Lenormand, Jabot and Deffuant 2013).

use super::problem::{Outcome, log_odds};
use crate::analysis::linear::{Cholesky, products};
use crate::base::maths::{exp, ln, logistic};
use crate::random::sample::normal;
use crate::random::{DrawKey, Purpose, Sequence, Source};

/// A point of a population.
#[derive(Clone, Debug, PartialEq)]
pub struct Particle {
    /// Where it is: each weight as a share of its prior, 0 to 1.
    pub at: Vec<f64>,
    /// What its runs say.
    pub outcomes: Vec<Outcome>,
    /// What a world such as the model's would have shown.
    pub shown: Vec<f64>,
    /// Squared distance of that from what came to be.
    pub squared: f64,
    /// Density of the prior over that of what proposed it; not normalised.
    pub weight: f64,
}

/// Keeps the nearest `most` particles; gives the tolerance, the squared distance of the farthest of them.
pub fn keep_nearest(particles: &mut Vec<Particle>, most: usize) -> f64 {
    particles.sort_by(|a, b| a.squared.total_cmp(&b.squared));
    particles.truncate(most);
    particles.last().map_or(f64::INFINITY, |last| last.squared)
}

/// What proposes points: the particles, each with a normal cloud about it.
pub struct Kernel {
    /// Log-odds of the particles, and their cumulative shares of the weights.
    centres: Vec<Vec<f64>>,
    cumulative: Vec<f64>,
    shares: Vec<f64>,
    spread: Cholesky,
}

/// A point that was proposed, and its density there: that of the prior over that of the proposal, as logarithm.
pub struct Proposed {
    /// Where it is, 0 to 1.
    pub at: Vec<f64>,
    /// ln of the prior's density over the proposal's.
    pub ln_weight: f64,
}

impl Kernel {
    /// The kernel of particles.
    pub fn of(particles: &[Particle]) -> Self {
        let total: f64 = particles.iter().map(|particle| particle.weight).sum();
        let shares: Vec<f64> = particles.iter().map(|particle| particle.weight / total).collect();
        let centres: Vec<Vec<f64>> =
            particles.iter().map(|particle| particle.at.iter().map(|share| log_odds(*share)).collect()).collect();
        let dimensions = centres.first().map_or(0, Vec::len);
        let mean: Vec<f64> = (0..dimensions)
            .map(|weight| centres.iter().zip(&shares).map(|(centre, share)| share * centre[weight]).sum())
            .collect();
        let off: Vec<Vec<f64>> =
            centres.iter().map(|centre| centre.iter().zip(&mean).map(|(x, mean)| x - mean).collect()).collect();
        let doubled = off.iter().zip(&shares).map(|(row, share)| (&row[..], 2.0 * share));
        let mut covariance = products(doubled, dimensions);
        // Particles that came of few parents leave directions in which nothing would move.
        covariance.iter_mut().enumerate().for_each(|(i, row)| row[i] = 1.02 * row[i] + 1e-6);
        let mut sum = 0.0;
        let cumulative = shares
            .iter()
            .map(|share| {
                sum += share;
                sum
            })
            .collect();
        Self { centres, cumulative, shares, spread: Cholesky::of(covariance) }
    }

    /// Proposes points until `wanted` of them are admitted, or a hundred times as many were proposed; gives those that are, and
    /// the share of all that were proposed.
    pub fn propose(
        &self,
        wanted: usize,
        (seed, batch): (u64, &str),
        admitted: impl Fn(&[f64]) -> bool,
    ) -> (Vec<Proposed>, f64) {
        let who = DrawKey::named("proposals", batch);
        let source = Source::new(seed, 0);
        let (mut found, mut tried) = (Vec::new(), 0u32);
        while found.len() < wanted && (tried as usize) < 100 * wanted {
            let mut draws = source.sequence(Purpose::Calibration, who, tried);
            tried += 1;
            let (at, moved) = self.one(&mut draws);
            if admitted(&at) {
                let ln_weight = ln_prior(&at) - self.ln_density(&moved);
                found.push(Proposed { at, ln_weight });
            }
        }
        let share = found.len() as f64 / f64::from(tried.max(1));
        (found, share)
    }

    fn one(&self, draws: &mut Sequence) -> (Vec<f64>, Vec<f64>) {
        let chosen = draws.uniform() * self.cumulative.last().copied().unwrap_or(1.0);
        let chosen = self.cumulative.partition_point(|sum| *sum < chosen).min(self.centres.len().saturating_sub(1));
        let centre = &self.centres[chosen];
        let deviates: Vec<f64> = centre.iter().map(|_| normal(draws.uniform())).collect();
        let step = self.spread.times(&deviates);
        // No nearer to an end than numbers can tell.
        let moved: Vec<f64> = centre.iter().zip(step).map(|(x, step)| (x + step).clamp(-20.0, 20.0)).collect();
        (moved.iter().map(|x| logistic(*x)).collect(), moved)
    }

    /// ln of the density with which log-odds are proposed, but for a constant that all points share.
    fn ln_density(&self, at: &[f64]) -> f64 {
        let exponents: Vec<f64> = self
            .centres
            .iter()
            .map(|centre| {
                let off: Vec<f64> = at.iter().zip(centre).map(|(x, centre)| x - centre).collect();
                -0.5 * self.spread.forward(&off).iter().map(|x| x * x).sum::<f64>()
            })
            .collect();
        let most = exponents.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = exponents.iter().zip(&self.shares).map(|(x, share)| share * exp(x - most)).sum();
        let normalised = 0.5 * at.len() as f64 * ln(std::f64::consts::TAU) + self.spread.ln_root_determinant();
        most + ln(sum) - normalised
    }
}

/// ln of the prior's density in log-odds of its shares, in which it is uniform.
fn ln_prior(at: &[f64]) -> f64 {
    at.iter().map(|share| ln(share * (1.0 - share)).max(-60.0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn particle(at: f64, weight: f64) -> Particle {
        Particle { at: vec![at, (0.3 + 7.0 * at) % 1.0], outcomes: Vec::new(), shown: Vec::new(), squared: at, weight }
    }

    #[test]
    fn weighted_proposals_are_the_prior_again() {
        let particles: Vec<Particle> =
            (1..200).map(|i| particle(f64::from(i) / 200.0, 1.0 + f64::from(i % 3))).collect();
        let kernel = Kernel::of(&particles);
        let (found, share) = kernel.propose(20_000, (3, "test"), |_| true);
        assert!((share - 1.0).abs() < 1e-12);
        let weights: Vec<f64> = found.iter().map(|proposed| exp(proposed.ln_weight).min(200.0)).collect();
        let total: f64 = weights.iter().sum();
        let mean = |of: &dyn Fn(&Proposed) -> f64| {
            found.iter().zip(&weights).map(|(proposed, w)| w * of(proposed)).sum::<f64>() / total
        };
        assert!((total / found.len() as f64 - 1.0).abs() < 0.05, "{total}");
        assert!((mean(&|p| p.at[0]) - 0.5).abs() < 0.02 && (mean(&|p| p.at[1]) - 0.5).abs() < 0.02);
        assert!((mean(&|p| p.at[0] * p.at[0]) - 1.0 / 3.0).abs() < 0.02);
    }

    #[test]
    fn the_nearest_are_kept_and_set_the_tolerance() {
        let mut particles: Vec<Particle> = [0.5, 0.1, 0.9, 0.3].map(|at| particle(at, 1.0)).into();
        assert!((keep_nearest(&mut particles, 2) - 0.3).abs() < 1e-12);
        assert_eq!(particles.len(), 2);
    }
}
