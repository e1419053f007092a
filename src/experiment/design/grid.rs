//! The full factorial grid.

use super::Points;

/// How many levels per dimension a grid of at most `points` points has, at least 2 each.
pub fn levels_for(points: usize, dimensions: usize) -> usize {
    let size = |levels: usize| (0..dimensions).try_fold(1usize, |product, _| product.checked_mul(levels));
    let mut levels = 2;
    while dimensions > 0 && size(levels + 1).is_some_and(|size| size <= points) {
        levels += 1;
    }
    levels
}

/// Every combination of `levels[d]` equally spaced values per dimension from 0 to 1, ends included (one level is 0.5),
/// the last dimension running fastest. None if the number of combinations does not fit.
///
/// From `l` levels to `2l − 1`, all old points stay.
pub fn full(levels: &[usize]) -> Option<Points> {
    let rows = levels.iter().try_fold(1usize, |product, levels| product.checked_mul(*levels))?;
    rows.checked_mul(levels.len().max(1)).filter(|cells| *cells <= 1 << 30)?;
    let coordinate = |level: usize, levels: usize| if levels == 1 { 0.5 } else { level as f64 / (levels - 1) as f64 };
    let mut stride = vec![1; levels.len()];
    for dimension in (1..levels.len()).rev() {
        stride[dimension - 1] = stride[dimension] * levels[dimension];
    }
    Some(Points::from_fn(rows, levels.len(), |row, dimension| {
        coordinate(row / stride[dimension] % levels[dimension], levels[dimension])
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_comes_once() {
        let points = full(&[2, 3]).unwrap();
        let expected = [[0.0, 0.0], [0.0, 0.5], [0.0, 1.0], [1.0, 0.0], [1.0, 0.5], [1.0, 1.0]];
        assert!(points.iter().eq(expected.iter().map(|point| &point[..])));
        assert_eq!(full(&[1 << 20, 1 << 20, 1 << 30]), None);
        assert_eq!(levels_for(1000, 3), 10);
        assert_eq!(levels_for(1, 4), 2);
    }

    #[test]
    fn halving_the_steps_keeps_every_old_point() {
        let (old, new) = (full(&[3, 3]).unwrap(), full(&[5, 5]).unwrap());
        assert!(old.iter().all(|point| new.iter().any(|other| other == point)));
    }
}
