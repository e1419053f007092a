//! Trajectories that change one input at a time.

use super::Points;
use crate::random::{DrawKey, Purpose, Source};

/// Trajectories of Morris (1991), Technometrics 33, 161–174: each starts at a random point of a grid of `levels` (even,
/// usually 4) values per dimension and moves every input once, in random order, by half of the grid's range and half a
/// step: Δ = levels / (2 (levels − 1)). A trajectory is `dimensions + 1` consecutive points, and depends on the seed and
/// its number only.
pub fn trajectories(count: usize, dimensions: usize, levels: usize, seed: u64) -> Points {
    let half = (levels / 2).max(1);
    let step = 1.0 / (2 * half - 1) as f64;
    let mut points = Points::new(dimensions);
    for trajectory in 0..count {
        let mut draws =
            Source::new(seed, 0).sequence(Purpose::Design, DrawKey::named("design", "morris"), trajectory as u32);
        let mut below = |limit: usize| ((draws.uniform() * limit as f64) as usize).min(limit - 1);
        // Every input has one value in the lower half of the grid and its partner half the grid above.
        let low: Vec<usize> = (0..dimensions).map(|_| below(half)).collect();
        let mut raised: Vec<bool> = (0..dimensions).map(|_| below(2) == 1).collect();
        let mut order: Vec<usize> = (0..dimensions).collect();
        for last in (1..dimensions).rev() {
            order.swap(last, below(last + 1));
        }
        let point = |raised: &[bool]| -> Vec<f64> {
            low.iter().zip(raised).map(|(low, up)| (low + if *up { half } else { 0 }) as f64 * step).collect()
        };
        points.push(point(&raised));
        for input in order {
            raised[input] = !raised[input];
            points.push(point(&raised));
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_moves_one_input_by_the_step_and_every_input_once() {
        let (dimensions, step) = (6, 2.0 / 3.0);
        let points = trajectories(20, dimensions, 4, 8);
        assert_eq!(points.rows(), 20 * (dimensions + 1));
        for trajectory in 0..20 {
            let mut moved = vec![0; dimensions];
            for at in trajectory * (dimensions + 1)..trajectory * (dimensions + 1) + dimensions {
                for (input, (a, b)) in points.row(at).iter().zip(points.row(at + 1)).enumerate() {
                    if (a - b).abs() > 1e-9 {
                        assert!(((a - b).abs() - step).abs() < 1e-9);
                        moved[input] += 1;
                    }
                }
            }
            assert!(moved.iter().all(|times| *times == 1));
        }
        assert!(points.values().iter().all(|x| (0.0..=1.0).contains(x)));
    }

    #[test]
    fn more_trajectories_keep_the_old_ones() {
        let (few, many) = (trajectories(3, 4, 4, 1), trajectories(9, 4, 4, 1));
        assert_eq!(many.values()[..few.values().len()], *few.values());
    }
}
