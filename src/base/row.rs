//! Arithmetic over rows of tables. Sums run in order, so that an entry of 0 more anywhere, as of a faction that does nothing, changes
//! no bit.

/// Rows of a multiple of this leave nothing over for the loops that vectorise.
pub const LANES: usize = 4;

/// The sum of a row.
#[inline]
pub fn sum(row: &[f64]) -> f64 {
    row.iter().fold(0.0, |sum, value| sum + value)
}

/// The same, of values that are hardly ever other than 0, and never below.
#[inline]
pub fn sum_of_few(row: &[f64]) -> f64 {
    let mut sum = 0.0;
    for value in row {
        if *value > 0.0 {
            sum += value;
        }
    }
    sum
}

/// Hands on the sums of all rows of a table, each as [`sum`] finds it: four at a time, for a sum waits for each of its parts.
pub fn sums_of_rows(table: &[f64], columns: usize, mut take: impl FnMut(f64)) {
    if columns == 0 {
        return;
    }
    let mut fours = table.chunks_exact(4 * columns);
    for four in &mut fours {
        let (one, rest) = four.split_at(columns);
        let (two, rest) = rest.split_at(columns);
        let (three, four) = rest.split_at(columns);
        let mut sums = [0.0; 4];
        for (((one, two), three), four) in one.iter().zip(two).zip(three).zip(four) {
            sums[0] += one;
            sums[1] += two;
            sums[2] += three;
            sums[3] += four;
        }
        sums.into_iter().for_each(&mut take);
    }
    fours.remainder().chunks_exact(columns).map(sum).for_each(take);
}

/// The sum of products `Σ a b`, over the shorter of the two.
#[inline]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}

/// The sum of products of three, `Σ a b c`, over the shortest.
#[inline]
pub fn dot_of_three(a: &[f64], b: &[f64], c: &[f64]) -> f64 {
    a.iter().zip(b).zip(c).fold(0.0, |sum, ((a, b), c)| sum + a * b * c)
}

/// Adds a row, times a factor, to sums: as far as the shorter of the two goes.
#[inline]
pub fn add_scaled(sums: &mut [f64], row: &[f64], factor: f64) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += factor * value;
    }
}

/// Moves values towards targets times a scale, at a rate.
#[inline]
pub fn approach(values: &mut [f64], targets: &[f64], scale: f64, rate: f64) {
    for (value, target) in values.iter_mut().zip(targets) {
        *value += rate * (scale * target - *value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_summed_together_as_one_by_one() {
        for (rows, columns) in [(0, 3), (3, 5), (4, 1), (11, 7), (8, 0)] {
            let table: Vec<f64> = (0..rows * columns).map(|place| 1.0 / (1.0 + place as f64)).collect();
            let mut sums = Vec::new();
            sums_of_rows(&table, columns, |sum| sums.push(sum.to_bits()));
            let one_by_one = table.chunks_exact(columns.max(1)).map(|row| sum(row).to_bits());
            assert_eq!(sums, one_by_one.collect::<Vec<_>>());
        }
    }

    #[test]
    fn rows_of_any_length_are_summed_whole() {
        for length in 0_u32..19 {
            let row: Vec<f64> = (1..=length).map(f64::from).collect();
            assert!((sum(&row) - f64::from(length * (length + 1) / 2)).abs() < 1e-12);
            let (ones, squares) = (vec![1.0; row.len()], row.iter().map(|x| x * x).sum::<f64>());
            let few: Vec<f64> = row.iter().flat_map(|value| [0.0, *value, 0.0]).collect();
            assert!((sum_of_few(&few) - sum(&row)).abs() == 0.0);
            assert!((dot(&row, &row) - squares).abs() < 1e-12);
            assert!((dot_of_three(&row, &ones, &row) - squares).abs() < 1e-12);
            let mut sums = row.clone();
            add_scaled(&mut sums, &row, 2.0);
            assert!(sums.iter().zip(&row).all(|(sum, value)| (sum - 3.0 * value).abs() < 1e-12));
        }
    }
}
