//! Regression adjustment: what is left of the tolerance is taken out of the points that were kept.

use super::population::Particle;
use super::problem::{Distances, log_odds};
use crate::analysis::linear::{Cholesky, dot, products};
use crate::analysis::weighted::effective;
use crate::base::maths::logistic;

/// A draw from the posterior.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    /// Where it is: each weight as a share of its prior, 0 to 1.
    pub at: Vec<f64>,
    /// How much it counts; all sum to 1.
    pub weight: f64,
}

/// Draws of the posterior, of particles kept under a tolerance. The log-odds of each weight are regressed on how far what was
/// shown is from what came to be, locally with the kernel of Epanechnikov and linearly, and moved to where that is nothing (Beaumont, Zhang and Balding 2002,
/// in a space without ends). It goes by amounts and frequencies alone: no share of runs can come to be a plain yes.
///
/// With them, as how many independent draws they show where the posterior lies: fewer the further the plane is drawn out to where
/// nothing is missed, for its error moves all of them together.
pub fn adjusted(particles: &[Particle], tolerance: f64, distances: &Distances<'_>) -> (Vec<Draw>, f64) {
    let misses: Vec<Vec<f64>> = particles.iter().map(|particle| distances.misses(&particle.shown)).collect();
    let count = misses.first().map_or(0, Vec::len);
    let kernel = |particle: &Particle| particle.weight * (1.0 - particle.squared / tolerance).max(0.0);
    let local: Vec<f64> = particles.iter().map(kernel).collect();
    // A plane through too few points would move them by luck.
    let moved = count > 0 && effective(local.iter().copied()) > 3.0 * (count + 1) as f64;
    let weights: Vec<f64> = if moved { local } else { particles.iter().map(|particle| particle.weight).collect() };
    let total: f64 = weights.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let (slopes, drawn_out) = if moved { slopes(particles, &misses, &weights) } else { (Vec::new(), 1.0) };
    let worth = effective(weights.iter().copied());
    let worth = if moved { (worth - (count + 1) as f64) / drawn_out } else { worth };
    let draw = |((particle, misses), weight): ((&Particle, &Vec<f64>), f64)| {
        let shift = |place: usize| slopes.get(place).map_or(0.0, |slope: &Vec<f64>| dot(slope, misses));
        let at = particle.at.iter().enumerate();
        let at = at.map(|(place, share)| logistic(log_odds(*share) - shift(place))).collect();
        Draw { at, weight: weight / total }
    };
    let all = particles.iter().zip(&misses).zip(weights).map(draw);
    (all.filter(|draw| draw.weight > 0.0).collect(), worth)
}

/// Per weight, how its log-odds change with each miss; and the variance of the plane where nothing is missed, beside that of a mean.
fn slopes(particles: &[Particle], misses: &[Vec<f64>], weights: &[f64]) -> (Vec<Vec<f64>>, f64) {
    let row = |misses: &Vec<f64>| std::iter::once(1.0).chain(misses.iter().copied()).collect::<Vec<f64>>();
    let rows: Vec<Vec<f64>> = misses.iter().map(row).collect();
    let width = rows.first().map_or(0, Vec::len);
    let mut normal = products(rows.iter().map(|row| &row[..]).zip(weights.iter().copied()), width);
    let total: f64 = weights.iter().sum();
    normal.iter_mut().enumerate().skip(1).for_each(|(i, row)| row[i] += 1e-6 * total);
    let decomposed = Cholesky::of(normal);
    let dimensions = particles.first().map_or(0, |particle| particle.at.len());
    let of = |place: usize| {
        let mut right = vec![0.0; width];
        for ((particle, row), weight) in particles.iter().zip(&rows).zip(weights) {
            let odds = log_odds(particle.at[place]);
            right.iter_mut().zip(row).for_each(|(sum, term)| *sum += weight * odds * term);
        }
        decomposed.solve(&right)[1..].to_vec()
    };
    let mut origin = vec![0.0; width];
    origin[0] = total;
    ((0..dimensions).map(of).collect(), decomposed.solve(&origin)[0].max(1.0))
}
