//! Portable mathematics: functions of our own where they are called often, and the only user of `libm`.
//!
//! The system's `exp` and `ln` differ between platforms in their last bits; these do not. `sqrt`, `abs`, `floor` and
//! the four operations are exact in IEEE 754 and may be used as they are.

pub use super::elementary::{exp, exp_m1, ln};

/// `ln(1 + x)`, exact for small `x`.
#[inline]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// `base^exponent`. Costs about 100 ns: keep it out of inner loops.
#[inline]
pub fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// The logarithm of the gamma function.
#[inline]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// The complementary error function: `2 / √π · ∫ e^(-t²) dt` from `x` to infinity.
#[inline]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// The sine of an angle in radians.
#[inline]
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// The cosine of an angle in radians.
#[inline]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// The angle of a point, in radians.
#[inline]
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// The logistic function `1 / (1 + e^-x)`, in 0..1.
#[inline]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// The share of a gap that closes in `weeks` at a `rate` per week: `1 - e^(-rate * weeks)`.
#[inline]
pub fn closing(rate: f64, weeks: f64) -> f64 {
    -exp_m1(-rate * weeks)
}

/// The chance that something with a hazard per week happens within `weeks`. The same form as [`closing`].
#[inline]
pub fn chance(hazard: f64, weeks: f64) -> f64 {
    closing(hazard, weeks)
}

/// ln of the beta function.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// The regularised incomplete beta function I_x(a, b), for a, b > 0 and x in 0..1, by its continued fraction
/// (Didonato and Morris 1992), evaluated by the method of Lentz. Relative error about 1e-12.
pub fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    incomplete_beta_of(a, b, x, ln_beta(a, b))
}

/// [`incomplete_beta`] with the logarithm of the beta function at hand.
fn incomplete_beta_of(a: f64, b: f64, x: f64, ln_beta: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // The fraction converges fast on this side of the mean; the other side follows by symmetry.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta_of(b, a, 1.0 - x, ln_beta);
    }
    let front = exp(a * ln(x) + b * ln_1p(-x) - ln_beta) / a;
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for step in 1..100_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    (front * fraction).clamp(0.0, 1.0)
}

/// The value below which a share of a beta distribution with shapes `a` and `b`, of at least 1, lies: by Newton's method,
/// kept within a bracket that shrinks. Error about 1e-14.
pub fn beta_quantile(a: f64, b: f64, share: f64) -> f64 {
    if share <= 0.0 || share >= 1.0 {
        return share.clamp(0.0, 1.0);
    }
    let scale = ln_beta(a, b);
    let (mut low, mut high) = (0.0, 1.0);
    let mut x = a / (a + b);
    for _ in 0..60 {
        let excess = incomplete_beta_of(a, b, x, scale) - share;
        if excess > 0.0 {
            high = x
        } else {
            low = x
        }
        let density = exp((a - 1.0) * ln(x) + (b - 1.0) * ln_1p(-x) - scale);
        let next = x - excess / density;
        let next = if next > low && next < high { next } else { 0.5 * (low + high) };
        if (next - x).abs() <= 1e-15 {
            return next;
        }
        x = next;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_beta_distribution_lead_back_to_their_shares() {
        for (a, b) in [(1.0, 5.0), (5.0, 1.0), (3.0, 3.0), (1.4, 4.6), (1.0, 1.0)] {
            for step in 1..200 {
                let share = f64::from(step) / 200.0;
                assert!((incomplete_beta(a, b, beta_quantile(a, b, share)) - share).abs() < 1e-12, "{a} {b} {share}");
            }
        }
        // 1 - (1 - x)^5 = 0.5.
        assert!((beta_quantile(1.0, 5.0, 0.5) - (1.0 - pow(0.5, 0.2))).abs() < 1e-14);
    }

    #[test]
    fn closing_composes_over_time() {
        let (a, b) = (closing(0.3, 2.0), closing(0.3, 3.0));
        let both = 1.0 - (1.0 - a) * (1.0 - b);
        assert!((closing(0.3, 5.0) - both).abs() < 1e-15);
    }
}
