//! Portable mathematics: the only user of `libm`.
//!
//! The system's `exp` and `ln` differ between platforms in their last bits; these do not. `sqrt`, `abs`, `floor` and
//! the four operations are exact in IEEE 754 and may be used as they are.

/// `e^x`.
#[inline]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// The natural logarithm.
#[inline]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// `ln(1 + x)`, exact for small `x`.
#[inline]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// `e^x - 1`, exact for small `x`.
#[inline]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_composes_over_time() {
        let (a, b) = (closing(0.3, 2.0), closing(0.3, 3.0));
        let both = 1.0 - (1.0 - a) * (1.0 - b);
        assert!((closing(0.3, 5.0) - both).abs() < 1e-15);
    }
}
