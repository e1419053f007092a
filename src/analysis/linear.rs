//! Linear algebra of small symmetric systems.

/// The Cholesky decomposition of a symmetric matrix: a lower triangle L with L Lᵀ the matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Cholesky(Vec<Vec<f64>>);

impl Cholesky {
    /// Below this a pivot counts as none.
    const LEAST: f64 = 1e-12;

    /// Decomposes a matrix of which the lower triangle is given. What is not positive definite, by rounding, is taken as if it
    /// just were.
    pub fn of(mut matrix: Vec<Vec<f64>>) -> Self {
        for i in 0..matrix.len() {
            for j in 0..=i {
                let sum: f64 = matrix[i][j] - (0..j).map(|k| matrix[i][k] * matrix[j][k]).sum::<f64>();
                matrix[i][j] = if i == j { sum.max(Self::LEAST).sqrt() } else { sum / matrix[j][j] };
            }
        }
        Self(matrix)
    }

    /// L⁻¹ times a vector.
    pub fn forward(&self, vector: &[f64]) -> Vec<f64> {
        let mut solution = vector.to_vec();
        for i in 0..solution.len() {
            let known: f64 = (0..i).map(|k| self.0[i][k] * solution[k]).sum();
            solution[i] = (solution[i] - known) / self.0[i][i];
        }
        solution
    }

    /// The inverse of the matrix times a vector.
    pub fn solve(&self, vector: &[f64]) -> Vec<f64> {
        let mut solution = self.forward(vector);
        for i in (0..solution.len()).rev() {
            let known: f64 = (i + 1..solution.len()).map(|k| self.0[k][i] * solution[k]).sum();
            solution[i] = (solution[i] - known) / self.0[i][i];
        }
        solution
    }

    /// L times a vector: of independent normal deviates, normal ones with the matrix as covariance.
    pub fn times(&self, vector: &[f64]) -> Vec<f64> {
        self.0.iter().map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum()).collect()
    }

    /// The logarithm of the square root of the matrix's determinant.
    pub fn ln_root_determinant(&self) -> f64 {
        self.0.iter().enumerate().map(|(i, row)| crate::base::maths::ln(row[i])).sum()
    }
}

/// The lower triangle of the weighted sums of products of the columns of some rows: Xᵀ W X.
pub fn products<'a>(rows: impl Iterator<Item = (&'a [f64], f64)>, width: usize) -> Vec<Vec<f64>> {
    let mut sums: Vec<Vec<f64>> = (0..width).map(|i| vec![0.0; i + 1]).collect();
    for (row, weight) in rows {
        for (sums, term) in sums.iter_mut().zip(row) {
            let part = weight * term;
            sums.iter_mut().zip(row).for_each(|(sum, other)| *sum += part * other);
        }
    }
    sums
}

/// A number times itself.
pub fn square(x: f64) -> f64 {
    x * x
}

/// The product of two vectors.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decomposition_solves_and_rebuilds() {
        let full = [[4.0, 2.0, 0.6], [2.0, 5.0, 1.0], [0.6, 1.0, 3.0]];
        let found = Cholesky::of((0..3).map(|i| full[i][..=i].to_vec()).collect());
        let known = [1.0, -2.0, 0.5];
        let right: Vec<f64> = full.iter().map(|row| dot(row, &known)).collect();
        assert!(found.solve(&right).iter().zip(known).all(|(a, b)| (a - b).abs() < 1e-12));
        // The determinant by hand: 4 (15 − 1) − 2 (6 − .6) + .6 (2 − 3).
        assert!((2.0 * found.ln_root_determinant() - crate::base::maths::ln(44.6)).abs() < 1e-12);
        let back = found.times(&found.forward(&right));
        assert!(back.iter().zip(&right).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}
