//! Quantities from one uniform each, by inversion of the distribution function.
//!
//! Inversion makes a quantity monotone in its rate for the same uniform, which is what makes paired comparisons work
//! (common random numbers). All on portable mathematics.

use crate::base::maths::{exp, ln};

const A: [f64; 8] = [
    3.387_132_872_796_366_5,
    1.331_416_678_917_843_8e2,
    1.971_590_950_306_551_3e3,
    1.373_169_376_550_946e4,
    4.592_195_393_154_987e4,
    6.726_577_092_700_87e4,
    3.343_057_558_358_813e4,
    2.509_080_928_730_122_7e3,
];
const B: [f64; 8] = [
    1.0,
    4.231_333_070_160_091e1,
    6.871_870_074_920_579e2,
    5.394_196_021_424_751e3,
    2.121_379_430_158_659_7e4,
    3.930_789_580_009_271e4,
    2.872_908_573_572_194_3e4,
    5.226_495_278_852_545e3,
];

/// Up to this distance of a uniform from the middle, its normal deviate is [`middle`].
const MIDDLE: f64 = 0.425;

/// The normal deviate of a uniform at a distance from the middle.
#[inline]
fn middle(q: f64) -> f64 {
    let r = 0.180_625 - q * q;
    q * (polynomial(&A, r) / polynomial(&B, r))
}

/// Fills a slice with the [`normal`] deviates of uniforms: the same as one by one, in less time.
pub fn normals(uniforms: &[f64], into: &mut [f64]) {
    for (normal, uniform) in into.iter_mut().zip(uniforms) {
        *normal = middle(uniform - 0.5);
    }
    for (deviate, uniform) in into.iter_mut().zip(uniforms) {
        if (uniform - 0.5).abs() > MIDDLE {
            *deviate = normal(*uniform);
        }
    }
}

/// A normal deviate with mean 0 and variance 1 (Wichura 1988, algorithm AS 241, PPND16: relative accuracy 1e-16).
pub fn normal(uniform: f64) -> f64 {
    const C: [f64; 8] = [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ];
    const D: [f64; 8] = [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ];
    const E: [f64; 8] = [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ];
    const F: [f64; 8] = [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ];
    let ratio = |top: &[f64; 8], bottom: &[f64; 8], r: f64| polynomial(top, r) / polynomial(bottom, r);
    let q = uniform - 0.5;
    if q.abs() <= MIDDLE {
        return middle(q);
    }
    let tail = if q < 0.0 { uniform } else { 1.0 - uniform };
    let r = (-ln(tail)).sqrt();
    let size = if r <= 5.0 { ratio(&C, &D, r - 1.6) } else { ratio(&E, &F, r - 5.0) };
    if q < 0.0 { -size } else { size }
}

#[inline]
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// How many events there are when `mean` are expected (Poisson).
///
/// Exact by summation up to a mean of 60; above, the normal approximation with continuity and skewness corrections
/// (Cornish and Fisher 1938), whose error in distribution is below 0.0005 there.
#[inline]
pub fn poisson(uniform: f64, mean: f64) -> u32 {
    // e^-m >= 1 - m, so the usual week, in which nothing happens, needs no exponential.
    if uniform < 1.0 - mean || mean <= 0.0 {
        return 0;
    }
    poisson_sum(uniform, mean)
}

fn poisson_sum(uniform: f64, mean: f64) -> u32 {
    if mean > 60.0 {
        let z = normal(uniform);
        let value = mean + z * mean.sqrt() + (z * z - 1.0) / 6.0 - 0.5;
        return value.max(0.0).ceil().min(f64::from(u32::MAX)) as u32;
    }
    let mut term = exp(-mean);
    let mut sum = term;
    let mut count = 0;
    while uniform > sum && count < 400 {
        count += 1;
        term *= mean / f64::from(count);
        sum += term;
    }
    count
}

/// Whether something with a probability happens. Monotone in the probability.
#[inline]
pub fn happens(uniform: f64, probability: f64) -> bool {
    uniform < probability
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_quantiles_are_the_tabled_ones() {
        // Quantiles of the standard normal, e.g. Abramowitz and Stegun (1964), table 26.5.
        for (p, z) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.001, -3.090_232_306_167_813_5),
            (1e-10, -6.361_340_902_404_056),
        ] {
            assert!((normal(p) - z).abs() < 1e-12, "{p}");
        }
    }

    #[test]
    fn many_normals_are_those_that_come_one_by_one() {
        let uniforms: Vec<f64> = (0..1001).map(|place| (f64::from(place) + 0.5) / 1001.0).collect();
        let mut deviates = vec![0.0; uniforms.len()];
        normals(&uniforms, &mut deviates);
        assert!(uniforms.iter().zip(&deviates).all(|(uniform, one)| one.to_bits() == normal(*uniform).to_bits()));
    }

    #[test]
    fn poisson_has_its_mean_and_variance_at_every_rate() {
        for mean in [0.01, 0.5, 3.0, 40.0, 59.0, 61.0, 500.0] {
            let n = 200_000;
            let draws: Vec<f64> =
                (0..n).map(|i| f64::from(poisson((f64::from(i) + 0.5) / f64::from(n), mean))).collect();
            let average = draws.iter().sum::<f64>() / f64::from(n);
            let variance = draws.iter().map(|d| (d - average) * (d - average)).sum::<f64>() / f64::from(n);
            assert!((average / mean - 1.0).abs() < 0.002, "mean {mean}: {average}");
            assert!((variance / mean - 1.0).abs() < 0.01, "variance {mean}: {variance}");
        }
    }

    #[test]
    fn quantities_are_monotone_in_their_rate() {
        for i in 1..200 {
            let u = f64::from(i) / 200.0;
            let mut last = 0;
            for rate in (0..400).map(|r| f64::from(r) / 4.0) {
                let count = poisson(u, rate);
                assert!(count >= last, "u {u} rate {rate}: {count} after {last}");
                last = count;
            }
        }
    }
}
