//! Elementary effects: a screening of many inputs with few runs.

use super::failed::Outputs;
use super::resample::{StandardError, sensitivity, standard_errors, with_luck};
use super::{Sensitivity, SensitivityError, Settings};
use crate::analysis::cases::Cases;
use crate::analysis::interval::Interval;
use crate::estimate::paired::mean_and_variance;
use serde::Serialize;

/// The effect of moving one input over its whole range, averaged over places.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ElementaryEffects {
    /// μ: the mean effect, in the output's unit per range of the input.
    pub mean: f64,
    /// μ*: the mean of the effects' sizes, which effects of either sign do not cancel in (Campolongo, Cariboni and
    /// Saltelli 2007).
    pub mean_size: Sensitivity,
    /// σ: the standard deviation of the effects; large beside μ* where the input acts non-linearly or with others.
    pub deviation: f64,
}

/// Morris's measures from trajectories (Morris 1991): `points` row-major with `inputs` columns in 0..1, `outputs` one
/// per row; each trajectory is `inputs + 1` consecutive rows that differ in one input each. One result per input.
///
/// The bounds of μ* let every effect that a failed run has part in be anything within the output's range.
///
/// # Errors
/// If the numbers do not fit, there are fewer than two trajectories, a row is no step of a trajectory, or all failed.
pub fn effects(
    points: &[f64],
    inputs: usize,
    outputs: &[f64],
    settings: &Settings,
) -> Result<Vec<ElementaryEffects>, SensitivityError> {
    if points.len() != outputs.len() * inputs || inputs == 0 {
        return Err(SensitivityError::Shape { inputs: points.len(), outputs: outputs.len(), columns: inputs });
    }
    let block = inputs + 1;
    if !outputs.len().is_multiple_of(block) {
        return Err(SensitivityError::Blocks { found: outputs.len(), block });
    }
    let trajectories = outputs.len() / block;
    if trajectories < 2 {
        return Err(SensitivityError::TooFew { found: outputs.len(), least: 2 * block });
    }
    let known = Outputs::new(outputs, settings)?;
    let span = known.range.high - known.range.low;
    // Per trajectory and input: the effect, and between which values its size lies.
    let mut found = vec![(0.0, Interval::exactly(0.0)); trajectories * inputs];
    // The later row of each step, its input, and how far that is moved.
    let mut steps = Vec::with_capacity(trajectories * inputs);
    let mut moved = vec![false; trajectories * inputs];
    for trajectory in 0..trajectories {
        for row in trajectory * block + 1..(trajectory + 1) * block {
            let (before, after) = (&points[(row - 1) * inputs..row * inputs], &points[row * inputs..][..inputs]);
            let mut changed = (0..inputs).filter(|input| (after[*input] - before[*input]).abs() > 1e-12);
            let (Some(input), None) = (changed.next(), changed.next()) else {
                return Err(SensitivityError::NotATrajectory(row));
            };
            let step = after[input] - before[input];
            let effect = (known.filled[row] - known.filled[row - 1]) / step;
            let size = match (outputs[row].is_finite(), outputs[row - 1].is_finite()) {
                (true, true) => Interval::exactly(effect.abs()),
                (false, false) => Interval { low: 0.0, high: span / step.abs() },
                (one, _) => {
                    let y = if one { outputs[row] } else { outputs[row - 1] };
                    let furthest = (y - known.range.low).abs().max((known.range.high - y).abs());
                    Interval { low: 0.0, high: furthest / step.abs() }
                }
            };
            if std::mem::replace(&mut moved[trajectory * inputs + input], true) {
                return Err(SensitivityError::NotATrajectory(row));
            }
            found[trajectory * inputs + input] = (effect, size);
            steps.push((row, input, step));
        }
    }
    let mean_size = |input: usize, chosen: &[usize]| {
        chosen.iter().map(|at| found[at * inputs + input].0.abs()).sum::<f64>() / chosen.len() as f64
    };
    let errors =
        standard_errors(trajectories, settings, |chosen| (0..inputs).map(|input| mean_size(input, chosen)).collect());
    let n = trajectories as f64;
    let errors = with_luck(errors, settings, |outputs| {
        let filled = Outputs::new(outputs, settings)?.filled;
        let mut sizes = vec![0.0; inputs];
        for (row, input, step) in &steps {
            sizes[*input] += ((filled[*row] - filled[row - 1]) / step).abs() / n;
        }
        Ok(sizes)
    })?;
    let all: Vec<usize> = (0..trajectories).collect();
    let summary = |(input, error): (usize, StandardError)| {
        let of_input = || all.iter().map(|at| found[at * inputs + input]);
        let mean = of_input().map(|(effect, _)| effect).sum::<f64>() / n;
        let squares: f64 = of_input().map(|(effect, _)| (effect - mean) * (effect - mean)).sum();
        let bounds = Interval {
            low: of_input().map(|(_, size)| size.low).sum::<f64>() / n,
            high: of_input().map(|(_, size)| size.high).sum::<f64>() / n,
        };
        ElementaryEffects {
            mean,
            mean_size: sensitivity(mean_size(input, &all), error, outputs.len(), bounds, settings),
            deviation: (squares / (n - 1.0)).sqrt(),
        }
    };
    Ok(errors.into_iter().enumerate().map(summary).collect())
}

/// Per input the mean size that luck alone gives its elementary effects: between two points, which are two thirds of its range
/// apart, replicates of one number differ by nothing where the input does nothing, and by luck where it lets runs take another
/// turn. 0 where a point has one replicate, which does not tell.
pub fn by_luck(cases: &Cases) -> Vec<f64> {
    let inputs = cases.inputs().len();
    let mut sums = vec![(0.0, 0.0); inputs];
    for point in 1..cases.count() {
        let moved = |input: &usize| (cases.point(point)[*input] - cases.point(point - 1)[*input]).abs() > 0.0;
        let mut moved = (0..inputs).filter(moved);
        let (Some(input), None) = (moved.next(), moved.next()) else { continue };
        let pairs = cases.outputs_of(point - 1).iter().zip(cases.outputs_of(point));
        let differences: Vec<f64> = pairs.map(|(one, other)| other - one).filter(|by| by.is_finite()).collect();
        if let Some(variance) = mean_and_variance(&differences).1 {
            let of_mean = variance / differences.len() as f64;
            sums[input].0 += 1.5 * (of_mean * std::f64::consts::FRAC_2_PI).sqrt();
            sums[input].1 += 1.0;
        }
    }
    sums.into_iter().map(|(sum, n)| if n > 0.0 { sum / n } else { 0.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::design::morris::trajectories;
    use crate::random::{DrawKey, Purpose, Source};

    #[test]
    fn a_linear_model_has_its_slopes_and_no_spread() {
        let points = trajectories(10, 3, 4, 1);
        let outputs: Vec<f64> = points.iter().map(|p| 3.0 * p[0] - 2.0 * p[1] + 1.0).collect();
        let found = effects(points.values(), 3, &outputs, &Settings::default()).unwrap();
        for (effects, slope) in found.iter().zip([3.0, -2.0, 0.0]) {
            assert!((effects.mean - slope).abs() < 1e-9 && effects.deviation < 1e-9);
            assert!((effects.mean_size.estimate.value - f64::abs(slope)).abs() < 1e-9);
            assert!(effects.mean_size.estimate.interval().half_width() < 1e-9);
        }
    }

    #[test]
    fn effects_that_cancel_or_interact_show_in_size_and_spread() {
        // The product of centred inputs: slopes of either sign, of mean 0; the other input stands at ±1/2 or ±1/6 with
        // equal chance.
        let size = 1.0 / 3.0;
        let found = |seed| {
            let points = trajectories(200, 3, 4, seed);
            let outputs: Vec<f64> = points.iter().map(|p| (p[0] - 0.5) * (p[1] - 0.5)).collect();
            effects(points.values(), 3, &outputs, &Settings::default()).unwrap()
        };
        let studies: Vec<_> = (0..40).map(found).collect();
        for input in 0..2 {
            let mean = |of: &dyn Fn(&ElementaryEffects) -> f64| {
                studies.iter().map(|study| of(&study[input])).sum::<f64>() / studies.len() as f64
            };
            // Of 8,000 trajectories the standard error of the size is .0019, that of the mean .0042.
            assert!((mean(&|effects| effects.mean_size.estimate.value) - size).abs() < 0.008);
            assert!(mean(&|effects| effects.mean).abs() < 0.017);
            assert!((mean(&|effects| effects.deviation) - (5.0f64 / 36.0).sqrt()).abs() < 0.008);
            let covered =
                studies.iter().filter(|study| study[input].mean_size.estimate.interval().contains(size)).count();
            assert!(covered >= 34, "{covered} of 40 intervals at 95% hold the size");
        }
        assert!(studies.iter().all(|study| study[2].mean_size.estimate.value < 1e-12));
    }

    #[test]
    fn luck_is_that_of_the_pairs_that_an_input_parts() {
        // The first input moves the outputs and nothing else, the second lets the replicates of a point take another turn.
        let points = trajectories(40, 2, 4, 1);
        let turn = |replicate: usize, second: f64| {
            let who = DrawKey::named("test", "turn").child(second.to_bits());
            Source::new(3, replicate as u64).sequence(Purpose::Design, who, 0).uniform()
        };
        let outputs = points.iter().flat_map(|p| {
            let (first, second) = (p[0], p[1]);
            (0..8).map(move |replicate| first + turn(replicate, second))
        });
        let names = vec!["a".to_owned(), "b".to_owned()];
        let cases = Cases::new(names, points.values().to_vec(), 8, outputs.collect()).unwrap();
        let [first, second] = by_luck(&cases)[..] else { panic!("there are two inputs") };
        // Differences of two uniforms have a variance of 1/6; a step is two thirds of the range.
        let expected = 1.5 * (std::f64::consts::FRAC_2_PI / 6.0 / 8.0).sqrt();
        assert!(first < 1e-9 && (second / expected - 1.0).abs() < 0.25, "{first} {second} {expected}");
    }

    #[test]
    fn failed_runs_bound_the_size() {
        let points = trajectories(10, 2, 4, 1);
        let mut outputs: Vec<f64> = points.iter().map(|p| 3.0 * p[0] - p[1]).collect();
        outputs[4] = f64::NAN;
        let found = effects(points.values(), 2, &outputs, &Settings::default()).unwrap();
        for (effects, slope) in found.iter().zip([3.0, 1.0]) {
            let bounds = effects.mean_size.bounds;
            // Where the lost effect is at most the slope itself, that is the bound.
            assert!(bounds.low < slope && slope <= bounds.high + 1e-9);
            assert!(bounds.contains(effects.mean_size.estimate.value));
        }
    }

    #[test]
    fn rows_in_another_order_are_refused() {
        let points = [0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0];
        let refused = effects(&points, 2, &[0.0; 6], &Settings::default());
        assert_eq!(refused, Err(SensitivityError::NotATrajectory(1)));
    }
}
