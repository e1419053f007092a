//! PAWN: how far an input moves the whole distribution of the output, not only its variance.

use super::failed::Outputs;
use super::resample::{sensitivity, standard_errors, with_luck};
use super::{Sensitivity, SensitivityError, Settings};
use crate::analysis::families::Families;
use crate::analysis::interval::{Interval, sorted_quantile};
use crate::analysis::probability::normal_bound;
use crate::analysis::resample::resamples;
use crate::base::maths::pow;
use crate::estimate::paired::mean_and_variance;
use crate::random::Sequence;
use serde::Serialize;
use std::collections::BTreeMap;

/// PAWN indices of all inputs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pawn {
    /// Per input, the median over its parts of the greatest distance between the output's distribution within the part
    /// and the whole (Kolmogorov–Smirnov), 0–1.
    pub index: Vec<Sensitivity>,
    /// Per input, what the greatest index of as many inputs that do nothing would reach with a chance of 5% in a sample of this
    /// size, if as many values of each were drawn and lay in as many parts as large as its own; an index below it shows nothing.
    pub noise: Vec<f64>,
    /// How many runs failed.
    pub failed: usize,
}

/// PAWN indices from any sample (Pianosi and Wagener 2018, Environmental Modelling and Software 108, 197–207): every
/// input is cut into `parts` of equal count, 10 as a rule, and one that is a name into its names. `points` are row-major with `columns` inputs.
///
/// # Errors
/// If the numbers do not fit, there are fewer than 10 runs per part, or all failed.
pub fn pawn(
    points: &[f64],
    columns: usize,
    outputs: &[f64],
    parts: usize,
    settings: &Settings,
) -> Result<Pawn, SensitivityError> {
    if points.len() != outputs.len() * columns {
        return Err(SensitivityError::Shape { inputs: points.len(), outputs: outputs.len(), columns });
    }
    let rows = outputs.len();
    let parts = parts.max(1);
    if rows < 10 * parts {
        return Err(SensitivityError::TooFew { found: rows, least: 10 * parts });
    }
    let known = Outputs::new(outputs, settings)?;
    let inputs: Vec<Vec<f64>> =
        (0..columns).map(|input| points.chunks_exact(columns).map(|point| point[input]).collect()).collect();
    let cuts: Vec<(Vec<u32>, usize)> =
        inputs.iter().enumerate().map(|(input, values)| settings.parts(input, values, parts)).collect();
    let all: Vec<usize> = (0..rows).collect();
    let whole = Ranked::new(&known.filled);
    let families = Families::new(rows, settings.families);
    let errors = standard_errors(families.count(), settings, |chosen| {
        let counts = whole.counts(&families.points_of(chosen));
        cuts.iter().map(|(part_of, parts)| whole.index(&counts, part_of, *parts)).collect()
    });
    let once = whole.counts(&all);
    let errors = with_luck(errors, settings, |outputs| {
        let ranked = Ranked::new(&Outputs::new(outputs, settings)?.filled);
        let counts = ranked.counts(&all);
        Ok(cuts.iter().map(|(part_of, parts)| ranked.index(&counts, part_of, *parts)).collect())
    })?;
    let index = errors
        .into_iter()
        .zip(&cuts)
        .map(|(error, (part_of, parts))| {
            let distances = whole.distances(&once, part_of, *parts);
            // Whatever the failed runs gave, a distribution function moves by their share at most.
            let share = |part: usize| {
                let of_part = |run: &&usize| part_of[**run] as usize == part;
                let size = part_of.iter().filter(|at| **at as usize == part).count();
                known.failed.iter().filter(of_part).count() as f64 / size.max(1) as f64
                    + known.failed.len() as f64 / rows as f64
            };
            let shares: Vec<f64> = (0..*parts).map(share).collect();
            let moved = |sign: f64| {
                middle(distances.iter().zip(&shares).map(|(d, share)| (d + sign * share).clamp(0.0, 1.0)).collect())
            };
            let bounds = Interval { low: moved(-1.0), high: moved(1.0) };
            sensitivity(middle(distances.clone()), error, rows, bounds, settings)
        })
        .collect();
    let mut noises: BTreeMap<Dummy, f64> = BTreeMap::new();
    let noise = inputs.iter().zip(&cuts).map(|(values, (part_of, parts))| {
        let dummy = Dummy::like(families.firsts(values), part_of, *parts);
        *noises.entry(dummy).or_insert_with_key(|dummy| dummy.noise(&whole, columns, settings))
    });
    Ok(Pawn { index, noise: noise.collect(), failed: known.failed.len() })
}

/// An input that does nothing, of which as many values are drawn as of another, and as many of them are of each of its parts.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Dummy {
    /// Whether each row is the first of those that share a value.
    firsts: Vec<bool>,
    /// How many values are of each part.
    sizes: Vec<usize>,
}

impl Dummy {
    /// Like an input, of whose rows the parts are given.
    fn like(firsts: Vec<bool>, part_of: &[u32], parts: usize) -> Self {
        let mut sizes = vec![0; parts];
        part_of.iter().zip(&firsts).filter(|(_, first)| **first).for_each(|(part, _)| sizes[*part as usize] += 1);
        Self { firsts, sizes }
    }

    /// The parts of all rows, if chance gives each value one.
    fn parts(&self, draws: &mut Sequence) -> Vec<u32> {
        let drawn: Vec<f64> = self.firsts.iter().filter(|first| **first).map(|_| draws.uniform()).collect();
        let mut order: Vec<usize> = (0..drawn.len()).collect();
        order.sort_by(|a, b| drawn[*a].total_cmp(&drawn[*b]));
        let parts = (0u32..).zip(&self.sizes).flat_map(|(part, size)| std::iter::repeat_n(part, *size));
        let mut part_of = vec![0; drawn.len()];
        order.into_iter().zip(parts).for_each(|(value, part)| part_of[value] = part);
        let of_rows = self.firsts.iter().scan(0, |values, first| {
            *values += usize::from(*first);
            Some(part_of[values.saturating_sub(1)])
        });
        of_rows.collect()
    }

    /// The 95% quantile of the greatest index of so many such inputs. That of one lies so far out that counting would take
    /// thousands of them: it is found from the moments of some hundred (Cornish and Fisher 1938).
    fn noise(&self, whole: &Ranked, inputs: usize, settings: &Settings) -> f64 {
        let once = vec![1; self.firsts.len()];
        let found: Vec<f64> = resamples("pawn dummy", settings.seed, settings.resamples.max(20))
            .map(|mut draws| whole.index(&once, &self.parts(&mut draws), self.sizes.len()))
            .collect();
        let (mean, variance) = mean_and_variance(&found);
        let deviation = variance.unwrap_or(0.0).sqrt();
        let cubes: f64 = found.iter().map(|index| (index - mean) / deviation).map(|off| off * off * off).sum();
        let skewness = if deviation > 0.0 { cubes / found.len() as f64 } else { 0.0 };
        // Of a normal variable: below it lie all of them together with a chance of 95%, each with more.
        let each = pow(0.95, 1.0 / inputs.max(1) as f64);
        let normal = normal_bound(2.0 * each - 1.0);
        mean + deviation * (normal + (normal * normal - 1.0) / 6.0 * skewness)
    }
}

/// Runs in ascending order of output, with ties marked.
struct Ranked {
    order: Vec<usize>,
    /// Whether the output changes after each place in the order.
    ends: Vec<bool>,
}

impl Ranked {
    fn new(outputs: &[f64]) -> Self {
        let mut order: Vec<usize> = (0..outputs.len()).collect();
        order.sort_by(|a, b| outputs[*a].total_cmp(&outputs[*b]));
        let ends = (0..order.len())
            .map(|at| order.get(at + 1).is_none_or(|next| outputs[*next] > outputs[order[at]]))
            .collect();
        Self { order, ends }
    }

    /// How often each run was chosen.
    fn counts(&self, chosen: &[usize]) -> Vec<u32> {
        let mut counts = vec![0; self.order.len()];
        for run in chosen {
            counts[*run] += 1;
        }
        counts
    }

    /// The median over parts of the distance.
    fn index(&self, counts: &[u32], part_of: &[u32], parts: usize) -> f64 {
        middle(self.distances(counts, part_of, parts))
    }

    /// Per part that holds runs, the Kolmogorov–Smirnov distance to the whole.
    fn distances(&self, counts: &[u32], part_of: &[u32], parts: usize) -> Vec<f64> {
        let mut sizes = vec![0u32; parts];
        for (run, count) in counts.iter().enumerate() {
            sizes[part_of[run] as usize] += count;
        }
        let total: u32 = sizes.iter().sum();
        let mut seen = vec![0u32; parts];
        let mut seen_in_all = 0;
        let mut distance = vec![0.0f64; parts];
        for (run, ends) in self.order.iter().zip(&self.ends) {
            seen[part_of[*run] as usize] += counts[*run];
            seen_in_all += counts[*run];
            if *ends {
                let whole = f64::from(seen_in_all) / f64::from(total);
                for part in 0..parts {
                    let within = f64::from(seen[part]) / f64::from(sizes[part].max(1));
                    distance[part] = distance[part].max((within - whole).abs());
                }
            }
        }
        (0..parts).filter(|part| sizes[*part] > 0).map(|part| distance[part]).collect()
    }
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    sorted_quantile(&values, 0.5).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::super::known::ishigami;
    use super::*;
    use crate::analysis::scale::Scale;
    use crate::experiment::design::latin;

    fn quick() -> Settings<'static> {
        Settings { resamples: 50, ..Settings::default() }
    }

    #[test]
    fn the_only_input_moves_the_distribution_by_the_known_distance() {
        // y = x: within a part from a to b the distance to the uniform is max(a, 1 − b): for ten parts 0.9, 0.8, 0.7,
        // 0.6, 0.5 and back; median 0.7.
        let points = latin::sample(&[2000], 2, 3);
        let outputs: Vec<f64> = points.iter().map(|p| p[0]).collect();
        let found = pawn(points.values(), 2, &outputs, 10, &quick()).unwrap();
        assert!((found.index[0].estimate.value - 0.7).abs() < 0.01, "{:?}", found.index[0]);
        assert!(found.index[0].estimate.interval().contains(0.7));
        assert!(found.index[1].estimate.value < found.noise[1] && found.noise[1] < 0.1);
    }

    #[test]
    fn among_many_inputs_that_do_nothing_hardly_one_stands_above_the_noise() {
        let above = (0..40).filter(|seed| {
            let points = latin::sample(&[200], 30, *seed);
            let outputs: Vec<f64> = latin::sample(&[200], 1, 1000 + seed).iter().map(|point| point[0]).collect();
            let found = pawn(points.values(), 30, &outputs, 10, &Settings::default()).unwrap();
            found.index.iter().zip(&found.noise).any(|(measure, noise)| measure.estimate.value > *noise)
        });
        let above = above.count();
        assert!(above <= 6, "in {above} of 40 studies an input is said to move what nothing moves");
    }

    /// Inputs of few or many names, or whole numbers, which fall into parts of their own: as few stand above the noise as say that
    /// they do, and an input that does move the output does.
    #[test]
    fn names_are_held_against_noise_of_as_many_parts() {
        let names = |count: usize| Scale::Nominal((0..count).map(|name| name.to_string()).collect());
        for (count, scale) in [(50, names(50)), (3, names(3)), (5, Scale::Whole)] {
            let scales = [scale];
            let mut above = [0; 2];
            for seed in 0..40 {
                let drawn = latin::sample(&[400], 2, seed);
                let points: Vec<f64> = drawn.iter().map(|point| (point[0] * count as f64).floor()).collect();
                let noise: Vec<f64> = drawn.iter().map(|point| point[1]).collect();
                let moved: Vec<f64> =
                    points.iter().zip(&noise).map(|(point, noise)| noise + 0.6 * point / count as f64).collect();
                for (above, outputs) in above.iter_mut().zip([&noise, &moved]) {
                    let found = pawn(&points, 1, outputs, 10, &Settings { scales: &scales, ..quick() }).unwrap();
                    *above += u32::from(found.index[0].estimate.value > found.noise[0]);
                }
            }
            assert!(above[0] <= 7 && above[1] > 34, "{count} values: {above:?} of 40");
        }
    }

    #[test]
    fn an_input_that_families_share_stands_above_its_own_noise_alone() {
        let families: Vec<u32> = (0..400).map(|row| row / 4).collect();
        let mut above = [0; 2];
        for seed in 0..40 {
            // Twenty inputs that four rows share; what moves the output is one more of them, that is not told.
            let shared = latin::sample(&[100], 21, seed);
            let row = |row: usize| &shared.values()[row / 4 * 21..][..21];
            let points: Vec<f64> = (0..400).flat_map(|at| row(at)[..20].to_vec()).collect();
            let outputs: Vec<f64> = (0..400).map(|at| row(at)[20]).collect();
            for (above, families) in above.iter_mut().zip([&[][..], &families]) {
                let found = pawn(&points, 20, &outputs, 10, &Settings { families, ..quick() }).unwrap();
                let one = found.index.iter().zip(&found.noise).any(|(index, noise)| index.estimate.value > *noise);
                *above += u32::from(one);
            }
        }
        assert!(above[0] > 20 && above[1] <= 6, "{above:?} of 40");
    }

    #[test]
    fn the_inputs_of_ishigami_stand_above_the_noise() {
        // Without mean effect by itself, the third input still moves the distribution: its first-order index is 0.
        let points = latin::sample(&[2000], 4, 3);
        let outputs: Vec<f64> = points.iter().map(ishigami).collect();
        let found = pawn(points.values(), 4, &outputs, 10, &quick()).unwrap();
        assert!((0..3).all(|input| found.index[input].estimate.value > found.noise[input]), "{found:?}");
        assert!(
            found.index[1].estimate.value > found.index[0].estimate.value
                && found.index[0].estimate.value > found.index[2].estimate.value
        );
        assert!(found.index[3].estimate.value < found.noise[3]);
    }

    #[test]
    fn failed_runs_bound_the_index() {
        let points = latin::sample(&[400], 2, 3);
        let mut outputs: Vec<f64> = points.iter().map(|p| p[0]).collect();
        let complete = pawn(points.values(), 2, &outputs, 10, &quick()).unwrap();
        for failed in (0..400).step_by(20) {
            outputs[failed] = f64::INFINITY;
        }
        let found = pawn(points.values(), 2, &outputs, 10, &quick()).unwrap();
        assert_eq!((found.failed, complete.failed), (20, 0));
        assert!(found.index[0].bounds.contains(complete.index[0].estimate.value), "{found:?} {complete:?}");
        let few = pawn(&[0.5; 40], 1, &[1.0; 40], 10, &quick());
        assert_eq!(few, Err(SensitivityError::TooFew { found: 40, least: 100 }));
    }
}
