//! Distribution functions that intervals and tests are made of.

pub use crate::base::maths::{incomplete_beta, ln_beta};

use crate::base::maths::{erfc, exp, ln, ln_gamma};
use crate::random::sample;

/// Steps of bisection that bring an interval of length 1 below the spacing of floating-point numbers.
pub(super) const BISECTIONS: usize = 60;

/// P(Z ≤ x) for a standard normal Z.
pub fn normal_distribution(x: f64) -> f64 {
    0.5 * erfc(-x / std::f64::consts::SQRT_2)
}

/// How many standard deviations to each side hold a share `confidence` of a normal distribution: 1.96 for 0.95.
pub fn normal_bound(confidence: f64) -> f64 {
    sample::normal(0.5 + 0.5 * confidence)
}

/// P(X ≤ k) for a binomial X of `n` trials with success probability `p`.
pub fn binomial_distribution(k: u64, n: u64, p: f64) -> f64 {
    if k >= n {
        return 1.0;
    }
    incomplete_beta((n - k) as f64, k as f64 + 1.0, 1.0 - p)
}

/// P(X ≥ k) for a binomial X of `n` trials with success probability `p`.
pub fn binomial_at_least(k: u64, n: u64, p: f64) -> f64 {
    if k == 0 {
        return 1.0;
    }
    if k > n {
        return 0.0;
    }
    incomplete_beta(k as f64, (n - k) as f64 + 1.0, p)
}

/// How many scale units to each side hold a share `confidence` of Student's t with `degrees` of freedom (at least 1):
/// 2.776 for 0.95 and 4.
pub fn student_bound(confidence: f64, degrees: f64) -> f64 {
    // P(|T| > t) = I_{ν/(ν+t²)}(ν/2, 1/2): bisect on the argument, which runs over 0..1.
    let outside = 1.0 - confidence;
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..4 * BISECTIONS {
        let middle = 0.5 * (low + high);
        if incomplete_beta(0.5 * degrees, 0.5, middle) < outside {
            low = middle;
        } else {
            high = middle;
        }
        if high - low <= f64::EPSILON * high {
            break;
        }
    }
    let x: f64 = 0.5 * (low + high);
    (degrees * (1.0 - x) / x).sqrt()
}

/// P(X > x) for a chi-squared X with `degrees` of freedom, by the incomplete gamma function's series or continued
/// fraction.
pub fn chi_squared_above(x: f64, degrees: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let (a, x) = (0.5 * degrees, 0.5 * x);
    let front = exp(a * ln(x) - x - ln_gamma(a));
    if x < a + 1.0 {
        let mut term = 1.0 / a;
        let mut sum = term;
        let mut n = a;
        while term > sum * 1e-17 {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        return (1.0 - front * sum).clamp(0.0, 1.0);
    }
    let mut b = x + 1.0 - a;
    let mut c = 1e300;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for step in 1..10_000 {
        let i = f64::from(step);
        let numerator = -i * (i - a);
        b += 2.0;
        d = 1.0 / (numerator * d + b);
        c = b + numerator / c;
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    (front * fraction).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::maths::ln_1p;

    fn close(a: f64, b: f64, tolerance: f64) -> bool {
        (a - b).abs() <= tolerance
    }

    #[test]
    fn bounds_are_the_tabled_ones() {
        assert!(close(normal_bound(0.95), 1.959_963_984_540_054, 1e-12));
        assert!(close(normal_distribution(1.959_963_984_540_054), 0.975, 1e-15));
        // Student's t, upper 2.5% points (Fisher and Yates 1963, table III).
        for (degrees, bound) in [(1.0, 12.706_204_736), (4.0, 2.776_445_105), (29.0, 2.045_229_642), (1e6, 1.959_966_4)]
        {
            assert!(close(student_bound(0.95, degrees), bound, 1e-6), "{degrees}");
        }
        // Chi-squared, upper 5% points.
        for (degrees, bound) in [(1.0, 3.841_458_821), (2.0, 5.991_464_547), (10.0, 18.307_038_05)] {
            assert!(close(chi_squared_above(bound, degrees), 0.05, 1e-9), "{degrees}");
        }
    }

    #[test]
    fn binomial_sums_agree_with_adding_up() {
        for n in [1u64, 2, 7, 30, 200] {
            for p in [0.01, 0.3, 0.5, 0.97] {
                let mut sum = 0.0;
                for k in 0..=n {
                    let (successes, failures) = (k as f64, (n - k) as f64);
                    assert!(close(binomial_at_least(k, n, p), 1.0 - sum, 1e-11), "{k} of {n} at {p}");
                    let ways = ln_gamma(n as f64 + 1.0) - ln_gamma(successes + 1.0) - ln_gamma(failures + 1.0);
                    sum += exp(ways + successes * ln(p) + failures * ln_1p(-p));
                    assert!(close(binomial_distribution(k, n, p), sum, 1e-11), "{k} of {n} at {p}");
                }
            }
        }
    }
}
