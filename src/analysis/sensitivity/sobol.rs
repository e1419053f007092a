//! Sobol' indices: the share of the output's variance that inputs account for.

use super::failed::Outputs;
use super::resample::{sensitivity, standard_errors, with_luck};
use super::{Sensitivity, SensitivityError, Settings, too_small};
use crate::analysis::interval::Interval;
use crate::experiment::design::saltelli::block;
use serde::Serialize;

/// Variance-based indices of all inputs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SobolIndices {
    /// Per input, the share of the variance that it accounts for by itself.
    pub first: Vec<Sensitivity>,
    /// Per input, the share that it has any part in.
    pub total: Vec<Sensitivity>,
    /// Per pair of inputs (lower first), the share due to the two together beyond each by itself. Empty unless asked.
    pub second: Vec<(usize, usize, Sensitivity)>,
    /// How many runs failed.
    pub failed: usize,
    /// What to know before relying on it: too few points, or an output that never varies.
    pub note: Option<String>,
}

/// Estimates Sobol' indices from the outputs of a Saltelli sample, in its order: per base point A, A with each input
/// from B, with `second_order` B with each input from A, and B.
///
/// First order by Saltelli et al. (2010, table 2 b), total by Jansen (1999), second by Saltelli (2002), after centring
/// the outputs by their mean; the variance is that of A and B together. Intervals by bootstrap over base points, and by the jackknife over replicates that points share.
///
/// # Errors
/// If the outputs do not make whole blocks, are of fewer than two base points, or all failed.
pub fn indices(
    outputs: &[f64],
    inputs: usize,
    second_order: bool,
    settings: &Settings,
) -> Result<SobolIndices, SensitivityError> {
    let block = block(inputs, second_order);
    if !outputs.len().is_multiple_of(block) {
        return Err(SensitivityError::Blocks { found: outputs.len(), block });
    }
    let base = outputs.len() / block;
    if base < 2 {
        return Err(SensitivityError::TooFew { found: base, least: 2 });
    }
    let known = Outputs::new(outputs, settings)?;
    let sample = SaltelliBlocks::new(&known.filled, inputs, block);
    let kinds = kinds(inputs, second_order);
    let all: Vec<usize> = (0..base).collect();
    let values = sample.estimate(&kinds, &all);
    let errors = standard_errors(base, settings, |chosen| sample.estimate(&kinds, chosen));
    let errors = with_luck(errors, settings, |outputs| {
        let known = Outputs::new(outputs, settings)?;
        Ok(SaltelliBlocks::new(&known.filled, inputs, block).estimate(&kinds, &all))
    })?;
    let mut found = SobolIndices {
        first: Vec::new(),
        total: Vec::new(),
        second: Vec::new(),
        failed: known.failed.len(),
        note: None,
    };
    for ((kind, value), error) in kinds.iter().zip(values).zip(errors) {
        let bounds = bounds(&known, &sample, *kind, value, &all);
        let measure = sensitivity(value, error, outputs.len(), bounds, settings);
        match kind {
            IndexKind::First(_) => found.first.push(measure),
            IndexKind::Total(_) => found.total.push(measure),
            IndexKind::Second(one, other) => found.second.push((*one, *other, measure)),
        }
    }
    found.note = if sample.variance(&all) > 0.0 {
        let both: Vec<Sensitivity> = found.first.iter().chain(&found.total).copied().collect();
        too_small(&both, base, "base points", settings.left_out.len())
    } else {
        Some("The output is the same in every run, so no input drives it.".to_owned())
    };
    Ok(found)
}

#[derive(Clone, Copy)]
enum IndexKind {
    First(usize),
    Total(usize),
    Second(usize, usize),
}

fn kinds(inputs: usize, second_order: bool) -> Vec<IndexKind> {
    let mut kinds: Vec<IndexKind> =
        (0..inputs).map(IndexKind::First).chain((0..inputs).map(IndexKind::Total)).collect();
    if second_order {
        kinds.extend((0..inputs).flat_map(|one| (one + 1..inputs).map(move |other| IndexKind::Second(one, other))));
    }
    kinds
}

/// Centred outputs, by base point and place in its block.
struct SaltelliBlocks {
    outputs: Vec<f64>,
    inputs: usize,
    block: usize,
}

impl SaltelliBlocks {
    fn new(outputs: &[f64], inputs: usize, block: usize) -> Self {
        let mean = outputs.iter().sum::<f64>() / outputs.len() as f64;
        Self { outputs: outputs.iter().map(|y| y - mean).collect(), inputs, block }
    }

    fn a(&self, base: usize) -> f64 {
        self.outputs[base * self.block]
    }

    fn b(&self, base: usize) -> f64 {
        self.outputs[(base + 1) * self.block - 1]
    }

    /// A with one input from B.
    fn ab(&self, base: usize, input: usize) -> f64 {
        self.outputs[base * self.block + 1 + input]
    }

    /// B with one input from A.
    fn ba(&self, base: usize, input: usize) -> f64 {
        self.outputs[base * self.block + 1 + self.inputs + input]
    }

    fn variance(&self, chosen: &[usize]) -> f64 {
        let n = 2.0 * chosen.len() as f64;
        let mean = chosen.iter().map(|base| self.a(*base) + self.b(*base)).sum::<f64>() / n;
        let square = |y: f64| (y - mean) * (y - mean);
        chosen.iter().map(|base| square(self.a(*base)) + square(self.b(*base))).sum::<f64>() / n
    }

    /// What one base point adds to an index, before division by their number and by the variance.
    fn term(&self, kind: IndexKind, base: usize) -> f64 {
        let first = |input: usize| self.b(base) * (self.ab(base, input) - self.a(base));
        match kind {
            IndexKind::First(input) => first(input),
            IndexKind::Total(input) => {
                let change = self.a(base) - self.ab(base, input);
                0.5 * change * change
            }
            IndexKind::Second(one, other) => {
                let both = self.ba(base, one) * self.ab(base, other) - self.a(base) * self.b(base);
                both - first(one) - first(other)
            }
        }
    }

    fn estimate(&self, kinds: &[IndexKind], chosen: &[usize]) -> Vec<f64> {
        let scale = self.variance(chosen) * chosen.len() as f64;
        // A resample in which the output never varies has the rounding of the mean for a variance.
        let size = self.outputs.iter().map(|y| y * y).sum::<f64>() / self.outputs.len() as f64;
        if scale <= 1e-12 * size {
            return vec![0.0; kinds.len()];
        }
        kinds.iter().map(|kind| chosen.iter().map(|base| self.term(*kind, *base)).sum::<f64>() / scale).collect()
    }
}

/// Between which values an index moves with the failed outputs. Found by setting one output after the other to that of
/// a few values which takes the index furthest (the ends of its range, the others' mean, the output it is compared
/// with), three times over, down and up.
fn bounds(known: &Outputs, sample: &SaltelliBlocks, kind: IndexKind, value: f64, all: &[usize]) -> Interval {
    let mut bounds = Interval::exactly(value);
    if known.failed.is_empty() {
        return bounds;
    }
    for direction in [-1.0, 1.0] {
        let mut tried = SaltelliBlocks { outputs: sample.outputs.clone(), ..*sample };
        tried.push(known, kind, direction);
        // The mean by which outputs are centred has moved along.
        let found = SaltelliBlocks::new(&tried.outputs, sample.inputs, sample.block).estimate(&[kind], all)[0];
        bounds = Interval { low: bounds.low.min(found), high: bounds.high.max(found) };
    }
    bounds
}

impl SaltelliBlocks {
    /// Moves the failed outputs so that an index rises (`direction` 1) or falls (−1).
    fn push(&mut self, known: &Outputs, kind: IndexKind, direction: f64) {
        let bases = self.outputs.len() / self.block;
        let n = 2.0 * bases as f64;
        let mut numerator: f64 = (0..bases).map(|base| self.term(kind, base)).sum();
        let mut sum: f64 = (0..bases).map(|base| self.a(base) + self.b(base)).sum();
        let square = |y: f64| y * y;
        let mut squares: f64 = (0..bases).map(|base| square(self.a(base)) + square(self.b(base))).sum();
        let centre = known.filled[0] - self.outputs[0];
        for row in known.failed.repeat(3) {
            let (base, place) = (row / self.block, row % self.block);
            let in_variance = place == 0 || place == self.block - 1;
            let (old, old_term) = (self.outputs[row], self.term(kind, base));
            let partner = match kind {
                IndexKind::Total(input) if place == 0 => self.ab(base, input),
                IndexKind::Total(_) => self.a(base),
                _ => old,
            };
            let mut best = (f64::NEG_INFINITY, old, 0.0);
            for candidate in [old, known.range.low - centre, known.range.high - centre, partner, 0.0] {
                self.outputs[row] = candidate;
                let change = self.term(kind, base) - old_term;
                let (new_sum, new_squares) = if in_variance {
                    (sum + candidate - old, squares + square(candidate) - square(old))
                } else {
                    (sum, squares)
                };
                let variance = new_squares / n - square(new_sum / n);
                let reached = direction * (numerator + change) / variance.max(f64::MIN_POSITIVE);
                if reached > best.0 {
                    best = (reached, candidate, change);
                }
            }
            self.outputs[row] = best.1;
            numerator += best.2;
            if in_variance {
                sum += best.1 - old;
                squares += square(best.1) - square(old);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::known::{ISHIGAMI_FIRST, ISHIGAMI_TOTAL, g, g_indices, ishigami};
    use super::*;
    use crate::experiment::design::{Points, Scramble, saltelli};
    use crate::random::{DrawKey, Purpose, Source};

    fn quick() -> Settings<'static> {
        Settings { resamples: 100, ..Settings::default() }
    }

    fn run(points: &Points, model: impl Fn(&[f64]) -> f64) -> Vec<f64> {
        points.iter().map(model).collect()
    }

    #[test]
    fn ishigami_agrees_with_the_reference_implementation_and_with_theory() {
        // SALib 1.6 with unscrambled points, none skipped.
        let points = saltelli::sample(1024, 3, true, Scramble::None).unwrap();
        let found = indices(&run(&points, ishigami), 3, true, &quick()).unwrap();
        let first = [0.33295511, 0.44131394, 0.01857844];
        let total = [0.55817905, 0.44328458, 0.24214937];
        for input in 0..3 {
            assert!((found.first[input].estimate.value - first[input]).abs() < 5e-8);
            assert!((found.total[input].estimate.value - total[input]).abs() < 5e-8);
            assert!(found.first[input].estimate.interval().contains(ISHIGAMI_FIRST[input]));
            assert!(found.total[input].estimate.interval().contains(ISHIGAMI_TOTAL[input]));
        }
        let second: Vec<(usize, usize)> = found.second.iter().map(|(one, other, _)| (*one, *other)).collect();
        assert_eq!(second, [(0, 1), (0, 2), (1, 2)]);
        assert!((found.second[0].2.estimate.value + 4.955_281_49e-5).abs() < 5e-8);
        assert!((found.second[1].2.estimate.value - 0.227_607_106).abs() < 5e-8);
        assert_eq!(found.note, None);
    }

    #[test]
    fn g_function_agrees_with_its_closed_form() {
        let coefficients = [0.0, 1.0, 4.5, 9.0, 99.0];
        let points = saltelli::sample(4096, 5, false, Scramble::Seed(2)).unwrap();
        let found = indices(&run(&points, |point| g(point, &coefficients)), 5, false, &quick()).unwrap();
        for (input, (first, total)) in g_indices(&coefficients).into_iter().enumerate() {
            assert!((found.first[input].estimate.value - first).abs() < 0.01, "{input}");
            assert!((found.total[input].estimate.value - total).abs() < 0.01, "{input}");
        }
    }

    #[test]
    fn intervals_cover_about_as_often_as_they_say() {
        let trials = 200;
        let mut covered = 0;
        for trial in 0..trials {
            let mut draws = Source::new(4, trial).sequence(Purpose::Design, DrawKey::whole(), 0);
            let mut outputs = Vec::new();
            for _ in 0..300 {
                let (a, b): (Vec<f64>, Vec<f64>) = (0..3).map(|_| (draws.uniform(), draws.uniform())).unzip();
                outputs.push(ishigami(&a));
                for input in 0..3 {
                    let mut point = a.clone();
                    point[input] = b[input];
                    outputs.push(ishigami(&point));
                }
                outputs.push(ishigami(&b));
            }
            let found = indices(&outputs, 3, false, &quick()).unwrap();
            for input in 0..3 {
                covered += u32::from(found.first[input].estimate.interval().contains(ISHIGAMI_FIRST[input]));
                covered += u32::from(found.total[input].estimate.interval().contains(ISHIGAMI_TOTAL[input]));
            }
        }
        let share = f64::from(covered) / (6.0 * trials as f64);
        assert!((0.92..0.98).contains(&share), "{share}");
    }

    #[test]
    fn failed_runs_widen_the_bounds_around_the_truth() {
        let points = saltelli::sample(256, 3, true, Scramble::Seed(1)).unwrap();
        let whole = run(&points, ishigami);
        let complete = indices(&whole, 3, true, &quick()).unwrap();
        assert!(complete.first.iter().all(|first| first.bounds == Interval::exactly(first.estimate.value)));
        let mut outputs = whole;
        for failed in (0..outputs.len()).step_by(97) {
            outputs[failed] = f64::NAN;
        }
        let found = indices(&outputs, 3, true, &quick()).unwrap();
        assert_eq!(found.failed, points.rows().div_ceil(97));
        let pairs = found.first.iter().zip(&complete.first).chain(found.total.iter().zip(&complete.total));
        for (bounded, truth) in pairs {
            assert!(bounded.bounds.contains(truth.estimate.value), "{bounded:?} {truth:?}");
            assert!(bounded.bounds.half_width() < 0.2);
        }
    }

    #[test]
    fn a_rare_outcome_has_intervals_of_a_sane_width() {
        // Two base points of 64 have the outcome at all, so that many resamples have none.
        let mut outputs = vec![0.0; 64 * 5];
        for row in [7 * 5, 7 * 5 + 1, 31 * 5, 31 * 5 + 4] {
            outputs[row] = 0.1;
        }
        let found = indices(&outputs, 3, false, &quick()).unwrap();
        assert!(
            found.first.iter().chain(&found.total).all(|measure| measure.estimate.interval().half_width() < 10.0),
            "{found:?}"
        );
        assert!(found.note.is_some());
    }

    #[test]
    fn what_cannot_be_known_is_said() {
        let points = saltelli::sample(8, 3, false, Scramble::Seed(1)).unwrap();
        let note = indices(&run(&points, ishigami), 3, false, &quick()).unwrap().note.unwrap();
        assert!(note.starts_with("8 base points are too few"), "{note}");
        let constant = indices(&[4.0; 40], 3, false, &quick()).unwrap();
        assert!(constant.note.is_some_and(|note| note.contains("same in every run")));
        assert_eq!(constant.first[0].estimate.value.to_bits(), 0.0f64.to_bits());
        assert_eq!(indices(&[1.0; 9], 3, false, &quick()), Err(SensitivityError::Blocks { found: 9, block: 5 }));
        assert_eq!(indices(&[f64::NAN; 10], 3, false, &quick()), Err(SensitivityError::AllFailed));
    }
}
