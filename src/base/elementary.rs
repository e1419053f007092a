//! The exponential function and the logarithm without branches, so that loops over them run in lanes.
//!
//! Both reduce their argument as Cody and Waite (1980) do, and sum a series over what is left. Only the four operations of IEEE 754 are
//! used and none of them is fused, so every platform gives the same bits. Errors are below 2 units in the last place.

use std::f64::consts::{LOG2_E, SQRT_2};

/// ln 2 in two parts: the product of the first with a whole number of up to 20 bits is exact.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// Added to a number of less than 51 bits and taken off again, this leaves the nearest whole number; in between, its
/// lowest bits are that number.
const ROUNDING: f64 = 6_755_399_441_055_744.0;
/// Where `e^x` leaves the range of normal numbers.
const LOWEST: f64 = -708.0;
const HIGHEST: f64 = 709.782_712_893_384;

/// The whole number of times that ln 2 goes into `x`, as bits of [`ROUNDING`], and what is left: at most ln 2 / 2 in size.
#[inline(always)]
fn reduce(x: f64) -> (u64, f64) {
    let shifted = x * LOG2_E + ROUNDING;
    let times = shifted - ROUNDING;
    (shifted.to_bits(), (x - times * LN_2_HIGH) - times * LN_2_LOW)
}

/// Two to the power of the whole number in the lowest bits of a number, which lies between -1021 and 1023.
#[inline(always)]
fn power_of_two(bits: u64) -> f64 {
    f64::from_bits(bits.wrapping_add(1023) << 52)
}

/// `(e^r - 1 - r) / r²` for `r` of at most ln 2 / 2 in size: Taylor's series up to the 13th power, by pairs (Estrin 1960).
#[inline(always)]
fn beyond_linear(r: f64) -> f64 {
    let s = r * r;
    let q = s * s;
    let low = (1.0 / 2.0 + r * (1.0 / 6.0)) + s * (1.0 / 24.0 + r * (1.0 / 120.0));
    let middle = (1.0 / 720.0 + r * (1.0 / 5_040.0)) + s * (1.0 / 40_320.0 + r * (1.0 / 362_880.0));
    let high = (1.0 / 3_628_800.0 + r * (1.0 / 39_916_800.0)) + s * (1.0 / 479_001_600.0 + r * (1.0 / 6_227_020_800.0));
    low + q * (middle + q * high)
}

/// `e^x`; 0 where it is below the normal numbers.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let within = if x > HIGHEST { HIGHEST } else { x };
    let within = if within < LOWEST { LOWEST } else { within };
    let (times, r) = reduce(within);
    // In two factors, for 2^1024 is no number.
    let value = (1.0 + (r + r * r * beyond_linear(r))) * power_of_two(times.wrapping_sub(1)) * 2.0;
    let value = if x > HIGHEST { f64::INFINITY } else { value };
    if x < LOWEST { 0.0 } else { value }
}

/// `e^x - 1`, exact for small `x`.
#[inline(always)]
pub fn exp_m1(x: f64) -> f64 {
    /// From here on down the result is -1.
    const LEAST: f64 = -40.0;
    let within = if x > HIGHEST { HIGHEST } else { x };
    let within = if within < LEAST { LEAST } else { within };
    let (times, r) = reduce(within);
    let half = power_of_two(times.wrapping_sub(1));
    let value = ((half - 0.5) + half * (r + r * r * beyond_linear(r))) * 2.0;
    if x > HIGHEST { f64::INFINITY } else { value }
}

/// The natural logarithm of a normal number above 0; of 0, minus infinity; of what is below, not a number.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    let bits = x.to_bits();
    let mantissa = f64::from_bits((bits & MANTISSA) | (1023 << 52));
    // Between the roots of 1/2 and 2, so that the logarithm of what is near 1 loses nothing.
    let halved = mantissa > SQRT_2;
    let mantissa = if halved { 0.5 * mantissa } else { mantissa };
    let exponent = f64::from_bits(((bits >> 52) + u64::from(halved)) | ROUNDING.to_bits()) - (ROUNDING + 1023.0);
    let f = mantissa - 1.0;
    let s = f / (2.0 + f);
    // ln m = 2 artanh s.
    let z = s * s;
    let w = z * z;
    let low = (1.0 / 3.0 + z * (1.0 / 5.0)) + w * (1.0 / 7.0 + z * (1.0 / 9.0));
    let high = (1.0 / 11.0 + z * (1.0 / 13.0)) + w * (1.0 / 15.0 + z * (1.0 / 17.0));
    let tail = z * (low + w * w * (high + w * w * (1.0 / 19.0 + z * (1.0 / 21.0))));
    // 2 s = f - s f, of which f is exact.
    let value = exponent * LN_2_HIGH + (f - (s * (f - 2.0 * tail) - exponent * LN_2_LOW));
    let value = if x == f64::INFINITY { x } else { value };
    if x > 0.0 { value } else { of_no_logarithm(x) }
}

#[inline(always)]
fn of_no_logarithm(x: f64) -> f64 {
    if x == 0.0 { f64::NEG_INFINITY } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many units in the last place two numbers are apart.
    fn apart(a: f64, b: f64) -> u64 {
        a.to_bits().abs_diff(b.to_bits())
    }

    /// Numbers of both signs that lie close near 0 and far between elsewhere, up to a size.
    fn numbers(most: f64) -> impl Iterator<Item = f64> {
        let sizes = (0..200_000).map(move |place| most * libm::exp2(-52.0 * f64::from(place) / 200_000.0));
        sizes.flat_map(|size| [size, -size])
    }

    #[test]
    fn exponentials_are_those_of_libm_to_two_units() {
        for x in numbers(700.0) {
            assert!(apart(exp(x), libm::exp(x)) <= 2, "exp {x}: {} {}", exp(x), libm::exp(x));
            assert!(apart(exp_m1(x), libm::expm1(x)) <= 2, "exp_m1 {x}: {} {}", exp_m1(x), libm::expm1(x));
        }
        for x in numbers(1.0).map(|x| 3.0 * x) {
            assert!(apart(exp(x), libm::exp(x)) <= 2, "exp {x}");
            assert!(apart(exp_m1(x), libm::expm1(x)) <= 2, "exp_m1 {x}: {} {}", exp_m1(x), libm::expm1(x));
        }
    }

    #[test]
    fn logarithms_are_those_of_libm_to_two_units() {
        for x in numbers(1.0) {
            for x in [libm::exp(700.0 * x), libm::exp(x), 1.0 + 0.3 * x] {
                assert!(apart(ln(x), libm::log(x)) <= 2, "ln {x}: {} {}", ln(x), libm::log(x));
            }
        }
    }

    #[test]
    fn limits_are_those_of_the_functions() {
        assert_eq!([exp(0.0), exp_m1(0.0), ln(1.0)].map(f64::to_bits), [1.0, 0.0, 0.0].map(f64::to_bits));
        assert_eq!([exp(-1e4), exp(f64::NEG_INFINITY)].map(f64::to_bits), [0; 2]);
        assert!(exp(1e4).is_infinite() && exp(709.78).is_finite() && exp(f64::NAN).is_nan());
        assert!(exp_m1(f64::INFINITY).is_infinite() && exp_m1(f64::NAN).is_nan());
        assert_eq!([exp_m1(-1e4), exp_m1(f64::NEG_INFINITY)].map(f64::to_bits), [(-1.0_f64).to_bits(); 2]);
        assert!(ln(0.0).is_infinite() && ln(0.0) < 0.0 && ln(f64::INFINITY).is_infinite());
        assert!(ln(-1.0).is_nan() && ln(f64::NAN).is_nan());
    }
}
