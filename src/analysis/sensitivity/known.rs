//! Functions of which the indices are known.

use crate::base::maths::sin;
use std::f64::consts::PI;

/// Ishigami and Homma (1990) at a point of the unit cube, with A = 7 and B = 0.1: inputs are uniform in −π..π.
pub fn ishigami(point: &[f64]) -> f64 {
    let x = |input: usize| PI * (2.0 * point[input] - 1.0);
    let (first, second, third) = (sin(x(0)), sin(x(1)), x(2));
    first + 7.0 * second * second + 0.1 * third * third * third * third * first
}

/// First-order indices of [`ishigami`].
pub const ISHIGAMI_FIRST: [f64; 3] = [0.31391, 0.44241, 0.0];
/// Total indices of [`ishigami`].
pub const ISHIGAMI_TOTAL: [f64; 3] = [0.55759, 0.44241, 0.24368];

/// The G function of Sobol' with its coefficients (Saltelli and Sobol' 1995).
pub fn g(point: &[f64], coefficients: &[f64]) -> f64 {
    point.iter().zip(coefficients).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
}

/// First-order and total indices of [`g`]: with Vᵢ = 1/3 / (1 + aᵢ)², V = Π(1 + Vᵢ) − 1, Sᵢ = Vᵢ/V and
/// STᵢ = Vᵢ Πⱼ≠ᵢ(1 + Vⱼ)/V.
pub fn g_indices(coefficients: &[f64]) -> Vec<(f64, f64)> {
    let parts: Vec<f64> = coefficients.iter().map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a))).collect();
    let all: f64 = parts.iter().map(|part| 1.0 + part).product();
    parts.iter().map(|part| (part / (all - 1.0), part * all / (1.0 + part) / (all - 1.0))).collect()
}
