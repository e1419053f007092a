//! Recognises designs by the values of their rows.

use super::SensitivityError;
use crate::experiment::design::saltelli::block;

/// Fewer blocks may look like a design by chance.
const LEAST_BLOCKS: usize = 4;

/// What a sample can be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleStructure {
    /// Blocks for Sobol' indices, in the order of `design::saltelli`.
    Saltelli {
        /// Whether it has the rows for second-order indices.
        second_order: bool,
    },
    /// Trajectories that change one input at a time.
    Morris,
    /// Neither.
    Other,
}

/// Recognises the structure of a sample, row-major with `columns` inputs.
pub fn recognise(points: &[f64], columns: usize) -> SampleStructure {
    let enough = |block: usize| points.len() >= LEAST_BLOCKS * block * columns;
    for second_order in [true, false] {
        if enough(block(columns, second_order)) && saltelli_blocks(points, columns, second_order).is_ok() {
            return SampleStructure::Saltelli { second_order };
        }
    }
    if columns > 1 && enough(columns + 1) && morris(points, columns).is_ok() {
        return SampleStructure::Morris;
    }
    SampleStructure::Other
}

/// Whether rows make a Saltelli sample: gives whether it has the rows for second-order indices.
///
/// # Errors
/// What is wrong with the first row that does not fit the kind which fits further.
pub fn saltelli(points: &[f64], columns: usize) -> Result<bool, SensitivityError> {
    let with = saltelli_blocks(points, columns, true);
    let without = saltelli_blocks(points, columns, false);
    match (with, without) {
        (Ok(()), _) => Ok(true),
        (_, Ok(())) => Ok(false),
        (Err(with), Err(without)) => {
            let reached = |error: &SensitivityError| match error {
                SensitivityError::NotSaltelli { row, .. } => *row,
                _ => 0,
            };
            Err(if reached(&with) > reached(&without) { with } else { without })
        }
    }
}

fn saltelli_blocks(points: &[f64], columns: usize, second_order: bool) -> Result<(), SensitivityError> {
    let rows = points.len().checked_div(columns).unwrap_or(0);
    let block = block(columns, second_order);
    if rows == 0 || !rows.is_multiple_of(block) {
        return Err(SensitivityError::Blocks { found: rows, block });
    }
    let row = |at: usize| &points[at * columns..][..columns];
    for first in (0..rows).step_by(block) {
        let last = first + block - 1;
        for at in first + 1..last {
            let (base, other) = if at - first <= columns { (first, last) } else { (last, first) };
            let exchanged = (at - first - 1) % columns;
            for (input, value) in row(at).iter().enumerate() {
                let source = if input == exchanged { other } else { base };
                if value.to_bits() != row(source)[input].to_bits() {
                    let (row, base, other) = (at + 1, base + 1, other + 1);
                    return Err(SensitivityError::NotSaltelli { row, base, other, exchanged: exchanged + 1 });
                }
            }
        }
    }
    Ok(())
}

/// Whether rows make Morris trajectories.
///
/// # Errors
/// What is wrong with the first row that does not fit.
pub fn morris(points: &[f64], columns: usize) -> Result<(), SensitivityError> {
    let rows = points.len().checked_div(columns).unwrap_or(0);
    let block = columns + 1;
    if rows == 0 || !rows.is_multiple_of(block) {
        return Err(SensitivityError::Blocks { found: rows, block });
    }
    let row = |at: usize| &points[at * columns..][..columns];
    for first in (0..rows).step_by(block) {
        let mut moved = vec![false; columns];
        for at in first + 1..first + block {
            let mut changed = (0..columns).filter(|input| row(at)[*input].to_bits() != row(at - 1)[*input].to_bits());
            match (changed.next(), changed.next()) {
                (Some(input), None) if !moved[input] => moved[input] = true,
                _ => return Err(SensitivityError::NotATrajectory(at)),
            }
        }
    }
    Ok(())
}

/// The rows of a Saltelli sample that are independent of each other: the first and the last of every block.
pub fn independent_rows(rows: usize, columns: usize, second_order: bool) -> Vec<usize> {
    let block = block(columns, second_order);
    (0..rows).filter(|row| row % block == 0 || row % block == block - 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::design::{Scramble, grid, latin, morris as screening, saltelli as blocks, sobol::Sobol};

    #[test]
    fn designs_are_told_apart_by_their_values() {
        for second_order in [true, false] {
            for scramble in [Scramble::None, Scramble::Seed(2)] {
                let points = blocks::sample(16, 3, second_order, scramble).unwrap();
                assert_eq!(recognise(points.values(), 3), SampleStructure::Saltelli { second_order });
                assert_eq!(saltelli(points.values(), 3), Ok(second_order));
                // Any two of the three inputs make no such sample, nor do the rows without the first.
                let two: Vec<f64> = points.iter().flat_map(|point| [point[0], point[1]]).collect();
                assert_eq!(recognise(&two, 2), SampleStructure::Other);
                assert!(saltelli(&points.values()[3..], 3).is_err());
            }
        }
        assert_eq!(recognise(screening::trajectories(8, 5, 4, 1).values(), 5), SampleStructure::Morris);
        for points in [latin::sample(&[96], 4, 1), Sobol::new(4, Scramble::Seed(1)).unwrap().points(96)] {
            assert_eq!(recognise(points.values(), 4), SampleStructure::Other);
        }
        assert_eq!(recognise(grid::full(&[4, 4, 4]).unwrap().values(), 3), SampleStructure::Other);
    }

    #[test]
    fn the_first_row_that_does_not_fit_is_named() {
        let mut points = blocks::sample(8, 2, false, Scramble::Seed(1)).unwrap().values().to_vec();
        points[10] += 0.5;
        let refused = saltelli(&points, 2).unwrap_err();
        assert_eq!(refused, SensitivityError::NotSaltelli { row: 6, base: 5, other: 8, exchanged: 1 });
        assert!(refused.to_string().starts_with("row 6 should be row 5 with input 1 from row 8"), "{refused}");
        let mut points = screening::trajectories(4, 3, 4, 1).values().to_vec();
        points[3] += 0.01;
        points[4] += 0.01;
        assert_eq!(morris(&points, 3), Err(SensitivityError::NotATrajectory(1)));
    }

    #[test]
    fn independent_rows_are_the_ends_of_blocks() {
        assert_eq!(independent_rows(10, 3, false), [0, 4, 5, 9]);
        assert_eq!(independent_rows(16, 3, true), [0, 7, 8, 15]);
    }
}
