//! Latin hypercube samples that can grow.

use super::Points;
use crate::random::{DrawKey, Purpose, Sequence, Source};

/// A Latin hypercube sample (McKay, Beckman and Conover 1979) grown in stages: `stages` are the numbers of points after
/// each, ascending; one stage is the ordinary sample, in which each of n equal parts of every dimension holds one point.
///
/// A later stage keeps all points and puts the new ones in parts that are still empty (Wang 2003). When a stage is a
/// multiple of the one before, the whole is again an exact Latin hypercube; otherwise a part may hold two points. What
/// a stage adds depends on the seed and the stages before it only.
pub fn sample(stages: &[usize], dimensions: usize, seed: u64) -> Points {
    let source = Source::new(seed, 0);
    let columns: Vec<Vec<f64>> = (0..dimensions)
        .map(|dimension| {
            let who = DrawKey::named("design", "latin hypercube").child(dimension as u64);
            let mut column = Vec::new();
            for (stage, total) in stages.iter().enumerate() {
                grow(&mut column, *total, &mut source.sequence(Purpose::Design, who, stage as u32));
            }
            column
        })
        .collect();
    Points::from_fn(columns.first().map_or(0, Vec::len), dimensions, |row, dimension| columns[dimension][row])
}

/// Adds coordinates in random empty parts until there are `total`.
fn grow(column: &mut Vec<f64>, total: usize, draws: &mut Sequence) {
    let Some(missing) = total.checked_sub(column.len()) else { return };
    let mut taken = vec![false; total];
    for coordinate in column.iter() {
        taken[((coordinate * total as f64) as usize).min(total - 1)] = true;
    }
    let mut empty: Vec<usize> = (0..total).filter(|part| !taken[*part]).collect();
    for next in 0..missing {
        // A partial shuffle (Fisher and Yates): each new point takes one of the parts that are left.
        let left = empty.len() - next;
        let chosen = next + ((draws.uniform() * left as f64) as usize).min(left - 1);
        empty.swap(next, chosen);
        column.push((empty[next] as f64 + draws.uniform()) / total as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn most_in_a_part(points: &Points, dimension: usize) -> usize {
        let mut parts = vec![0; points.rows()];
        for coordinate in points.column(dimension) {
            parts[(coordinate * points.rows() as f64) as usize] += 1;
        }
        parts.into_iter().max().unwrap_or(0)
    }

    #[test]
    fn each_part_of_each_dimension_holds_one_point() {
        for n in [1, 2, 37, 100] {
            let points = sample(&[n], 5, 3);
            assert_eq!((points.rows(), points.dimensions()), (n, 5));
            assert!((0..5).all(|dimension| most_in_a_part(&points, dimension) == 1));
        }
    }

    #[test]
    fn growing_keeps_old_points_and_stays_latin_by_multiples() {
        let (old, new) = (sample(&[25], 3, 9), sample(&[25, 50, 200], 3, 9));
        assert_eq!(new.values()[..old.values().len()], *old.values());
        assert!((0..3).all(|dimension| most_in_a_part(&new, dimension) == 1));
        let odd = sample(&[25, 40], 3, 9);
        assert_eq!(odd.rows(), 40);
        assert!((0..3).all(|dimension| most_in_a_part(&odd, dimension) <= 2));
    }

    #[test]
    fn dimensions_and_seeds_are_unrelated() {
        let points = sample(&[1000], 2, 1);
        let covariance: f64 = points.iter().map(|p| (p[0] - 0.5) * (p[1] - 0.5)).sum::<f64>() / 1000.0;
        assert!((12.0 * covariance).abs() < 0.1);
        assert_ne!(points, sample(&[1000], 2, 2));
    }
}
