//! First-order indices from any sample of independent inputs, such as a Latin hypercube.

use super::failed::Outputs;
use super::resample::{sensitivity, standard_errors, with_luck};
use super::{Sensitivity, SensitivityError, Settings, too_small};
use crate::analysis::families::Families;
use crate::analysis::interval::Interval;
use serde::Serialize;

/// First-order indices of all inputs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FirstOrder {
    /// Per input, the share of the output's variance that it accounts for by itself.
    pub first: Vec<Sensitivity>,
    /// How many runs failed.
    pub failed: usize,
    /// What to know before relying on it.
    pub note: Option<String>,
}

/// Estimates first-order Sobol' indices by sorting the runs by an input, cutting them into parts of equal count and
/// comparing the variance between parts with the whole (the correlation ratio; Plischke, Borgonovo and Smith 2013).
/// `points` are row-major with `columns` inputs, in any unit.
///
/// Even an input that does nothing has parts with different means, so the share that chance gives is taken off (Kelley
/// 1935, ε²): the estimate of such an input scatters about 0 and may be negative. Runs with the same value of the
/// input stay in one part; of an input that is a name, each name is a part. What an input does within a part is not seen, so steep effects come out a little low.
/// What chance gives counts values that were drawn, not rows that share one. Intervals by bootstrap over points, or over families
/// of them, and by the jackknife over replicates that they share.
///
/// # Errors
/// If the numbers do not fit, there are fewer than 20 runs, or all failed.
pub fn first_order(
    points: &[f64],
    columns: usize,
    outputs: &[f64],
    settings: &Settings,
) -> Result<FirstOrder, SensitivityError> {
    const LEAST: usize = 20;
    if points.len() != outputs.len() * columns {
        return Err(SensitivityError::Shape { inputs: points.len(), outputs: outputs.len(), columns });
    }
    if outputs.len() < LEAST {
        return Err(SensitivityError::TooFew { found: outputs.len(), least: LEAST });
    }
    let known = Outputs::new(outputs, settings)?;
    let rows = outputs.len();
    let inputs: Vec<Vec<f64>> =
        (0..columns).map(|input| points.chunks_exact(columns).map(|point| point[input]).collect()).collect();
    let families = Families::new(rows, settings.families);
    let cuts: Vec<Cut> = inputs
        .iter()
        .enumerate()
        .map(|(input, values)| {
            let firsts = families.firsts(values);
            let drawn = firsts.iter().filter(|first| **first).count();
            let (part_of, parts) = settings.parts(input, values, count_of_parts(drawn));
            Cut { part_of, parts, firsts }
        })
        .collect();
    let all: Vec<usize> = (0..rows).collect();
    let ratio = |input: usize, outputs: &[f64], chosen: &[usize]| correlation_ratio(outputs, chosen, &cuts[input]);
    let errors = standard_errors(families.count(), settings, |chosen| {
        let chosen = families.points_of(chosen);
        (0..columns).map(|input| ratio(input, &known.filled, &chosen)).collect()
    });
    let errors = with_luck(errors, settings, |outputs| {
        let known = Outputs::new(outputs, settings)?;
        Ok((0..columns).map(|input| ratio(input, &known.filled, &all)).collect())
    })?;
    let first: Vec<Sensitivity> = errors
        .into_iter()
        .enumerate()
        .map(|(input, error)| {
            let value = ratio(input, &known.filled, &all);
            let bounds = bounds(&known, &cuts[input].part_of, value, |outputs| ratio(input, outputs, &all));
            sensitivity(value, error, rows, bounds, settings)
        })
        .collect();
    let note = too_small(&first, rows, settings.rows_are, settings.left_out.len());
    Ok(FirstOrder { first, failed: known.failed.len(), note })
}

/// The square root of the number of runs, up to 100. Chance is taken off, so many parts cost little, while wide ones
/// hide what varies within them.
fn count_of_parts(rows: usize) -> usize {
    (4..=100).rev().find(|parts| parts * parts <= rows).unwrap_or(4)
}

/// Between which values the index moves with the failed outputs. Found by iteration: with the index at R, the output that
/// raises it most stands at the whole's mean plus 1/R of its part's deviation, and the one that lowers it most at an
/// end of its range (Dinkelbach 1967).
fn bounds(known: &Outputs, part_of: &[u32], value: f64, ratio: impl Fn(&[f64]) -> f64) -> Interval {
    let mut bounds = Interval::exactly(value);
    if known.failed.is_empty() {
        return bounds;
    }
    for raising in [false, true] {
        let (mut outputs, mut reached) = (known.filled.clone(), value);
        for _ in 0..8 {
            let mean = outputs.iter().sum::<f64>() / outputs.len() as f64;
            let parts = part_of.iter().max().map_or(0, |last| *last as usize + 1);
            let mut sums = vec![(0.0, 0.0); parts];
            for (part, y) in part_of.iter().zip(&outputs) {
                sums[*part as usize].0 += y - mean;
                sums[*part as usize].1 += 1.0;
            }
            let share = reached.max(0.01);
            for run in &known.failed {
                let (sum, count) = sums[part_of[*run] as usize];
                let deviation = sum / count;
                let gain = |y: f64| 2.0 * deviation * (y - mean) - share * (y - mean) * (y - mean);
                let Interval { low, high } = known.range;
                outputs[*run] = if raising {
                    (mean + deviation / share).clamp(low, high)
                } else if gain(low) < gain(high) {
                    low
                } else {
                    high
                };
            }
            reached = ratio(&outputs);
            bounds = Interval { low: bounds.low.min(reached), high: bounds.high.max(reached) };
        }
    }
    bounds
}

/// Cuts runs into parts of about equal count by ascending value, equal values together. Returns each run's part and how
/// many parts there are.
pub(super) fn cut(values: &[f64], parts: usize) -> (Vec<u32>, usize) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut of_run = vec![0; values.len()];
    let (mut part, mut filled) = (0u32, 0usize);
    for (rank, run) in order.iter().enumerate() {
        let new_value = rank > 0 && values[order[rank - 1]] < values[*run];
        if new_value && rank * parts / values.len() > filled {
            part += 1;
            filled = rank * parts / values.len();
        }
        of_run[*run] = part;
    }
    (of_run, part as usize + 1)
}

/// Rows as they are cut by an input.
struct Cut {
    /// The part of each row.
    part_of: Vec<u32>,
    /// How many parts there are.
    parts: usize,
    /// Whether each row is the first of those that have a drawn value in common.
    firsts: Vec<bool>,
}

/// ε²: the share of the variance between parts, less what chance gives. Where rows share a drawn value, chance moves what these
/// have in common, so their means scatter and not the rows.
fn correlation_ratio(outputs: &[f64], chosen: &[usize], cut: &Cut) -> f64 {
    let mean = chosen.iter().map(|run| outputs[*run]).sum::<f64>() / chosen.len() as f64;
    let mut sums = vec![(0.0, 0.0); cut.parts];
    let (mut total, mut drawn, mut between_drawn) = (0.0, 0.0, 0.0);
    let mut rest = chosen;
    while !rest.is_empty() {
        let more = rest[1..].iter().take_while(|run| !cut.firsts[**run]).count();
        let (alike, others) = rest.split_at(more + 1);
        let mut sum_alike = 0.0;
        for run in alike {
            let deviation = outputs[*run] - mean;
            sum_alike += deviation;
            total += deviation * deviation;
        }
        let (sum, count) = &mut sums[cut.part_of[alike[0]] as usize];
        *sum += sum_alike;
        *count += alike.len() as f64;
        between_drawn += sum_alike * sum_alike / alike.len() as f64;
        drawn += 1.0;
        rest = others;
    }
    let held = sums.iter().filter(|(_, count)| *count > 0.0);
    let (between, used) = held.fold((0.0, 0.0), |(b, k), (sum, count)| (b + sum * sum / count, k + 1.0));
    if total <= 0.0 || drawn <= used {
        return 0.0;
    }
    (between - (used - 1.0) * (between_drawn - between) / (drawn - used)) / total
}

#[cfg(test)]
mod tests {
    use super::super::known::{ISHIGAMI_FIRST, g, g_indices, ishigami};
    use super::*;
    use crate::experiment::design::latin;
    use crate::random::{DrawKey, Purpose, Source, sample};

    fn quick() -> Settings<'static> {
        Settings { resamples: 100, ..Settings::default() }
    }

    #[test]
    fn a_latin_hypercube_gives_the_known_indices() {
        let points = latin::sample(&[8000], 3, 5);
        let outputs: Vec<f64> = points.iter().map(ishigami).collect();
        let found = first_order(points.values(), 3, &outputs, &quick()).unwrap();
        for (measure, truth) in found.first.iter().zip(ISHIGAMI_FIRST) {
            assert!((measure.estimate.value - truth).abs() < 0.02, "{measure:?} {truth}");
        }
        assert_eq!(found.note, None);
        let coefficients = [0.0, 1.0, 9.0];
        let outputs: Vec<f64> = points.iter().map(|point| g(point, &coefficients)).collect();
        let found = first_order(points.values(), 3, &outputs, &quick()).unwrap();
        for (measure, (truth, _)) in found.first.iter().zip(g_indices(&coefficients)) {
            assert!((measure.estimate.value - truth).abs() < 0.02, "{measure:?} {truth}");
        }
    }

    #[test]
    fn an_input_that_does_nothing_scatters_about_zero_and_is_covered() {
        let (mut sum, mut covered, trials) = (0.0, 0, 200);
        for seed in 0..trials {
            let points = latin::sample(&[200], 2, seed);
            let outputs: Vec<f64> = points.iter().map(|p| p[0]).collect();
            let found = first_order(points.values(), 2, &outputs, &quick()).unwrap();
            sum += found.first[1].estimate.value;
            covered += u32::from(found.first[1].estimate.interval().contains(0.0));
        }
        assert!((sum / trials as f64).abs() < 0.01, "{}", sum / trials as f64);
        assert!(covered >= 184, "{covered} of {trials}");
    }

    #[test]
    fn intervals_cover_the_index_of_a_steady_effect() {
        let (mut covered, trials) = (0, 200);
        for seed in 0..trials {
            let points = latin::sample(&[300], 2, seed);
            // Two inputs alike: half of the variance each.
            let outputs: Vec<f64> = points.iter().map(|p| p[0] + p[1]).collect();
            let found = first_order(points.values(), 2, &outputs, &quick()).unwrap();
            covered += u32::from(found.first[0].estimate.interval().contains(0.5));
        }
        assert!(covered >= 184, "{covered} of {trials}");
    }

    #[test]
    fn what_the_luck_of_all_points_does_is_in_the_interval() {
        let (mut covered, mut alone, trials, replicates) = (0, 0, 100, 10);
        for seed in 0..trials {
            let points = latin::sample(&[300], 2, seed);
            // The second input does nothing but by luck, which all points share: by its mean over ten replicates.
            let luck: Vec<f64> = (0..replicates)
                .map(|replicate| {
                    let who = DrawKey::named("luck", "").child(replicate);
                    sample::normal(Source::new(seed, 0).sequence(Purpose::Resampling, who, 0).uniform())
                })
                .collect();
            let without = |left_out: Option<usize>| -> Vec<f64> {
                let kept: Vec<f64> = luck
                    .iter()
                    .enumerate()
                    .filter(|(place, _)| Some(*place) != left_out)
                    .map(|(_, luck)| *luck)
                    .collect();
                let mean = kept.iter().sum::<f64>() / kept.len() as f64;
                points.iter().map(|p| p[0] + mean * p[1]).collect()
            };
            let left_out: Vec<Vec<f64>> = (0..replicates as usize).map(|place| without(Some(place))).collect();
            let contains = |settings: &Settings| {
                let found = first_order(points.values(), 2, &without(None), settings).unwrap();
                u32::from(found.first[1].estimate.interval().contains(0.0))
            };
            alone += contains(&quick());
            covered += contains(&Settings { left_out: &left_out, ..quick() });
        }
        assert!(covered >= 90 && alone < 80, "{covered} and {alone} of {trials}");
    }

    #[test]
    fn an_input_that_families_share_is_not_told_for_what_another_does() {
        let (mut alone, mut sum, mut covered, trials) = (0.0, 0.0, [0; 2], 100);
        for seed in 0..trials {
            // Two inputs that four rows share, and one of each row: the first does nothing, the others half each.
            let (shared, own) = (latin::sample(&[100], 2, seed), latin::sample(&[400], 1, 1000 + seed));
            let row = |row: usize| [&shared.values()[row / 4 * 2..][..2], &own.values()[row..=row]].concat();
            let points: Vec<f64> = (0..400).flat_map(row).collect();
            let outputs: Vec<f64> = points.as_chunks::<3>().0.iter().map(|[_, one, two]| one + two).collect();
            let families: Vec<u32> = (0..400).map(|row| row / 4).collect();
            let of = |settings: &Settings| first_order(&points, 3, &outputs, settings).unwrap().first;
            alone += of(&quick())[0].estimate.value;
            let found = of(&Settings { families: &families, ..quick() });
            sum += found[0].estimate.value;
            for (covered, (measure, truth)) in covered.iter_mut().zip(found.iter().zip([0.0, 0.5])) {
                *covered += u32::from(measure.estimate.interval().contains(truth));
            }
        }
        let [alone, mean] = [alone, sum].map(|sum| sum / trials as f64);
        assert!(alone > 0.05 && mean.abs() < 0.015, "{alone} and {mean}");
        assert!(covered.iter().all(|covered| *covered >= 90), "{covered:?} of {trials}");
    }

    #[test]
    fn equal_values_stay_together_and_failures_bound() {
        let values = [1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 3.0];
        let (part_of, parts) = cut(&values, 4);
        assert_eq!((part_of, parts), (vec![0, 0, 0, 1, 1, 2, 2, 2], 3));
        let points = latin::sample(&[400], 2, 1);
        let mut outputs: Vec<f64> = points.iter().map(|p| p[0].round()).collect();
        for failed in (0..400).step_by(40) {
            outputs[failed] = f64::NAN;
        }
        let found = first_order(points.values(), 2, &outputs, &quick()).unwrap();
        let bounds = found.first[0].bounds;
        assert!(found.failed == 10 && bounds.high > 0.9999 && bounds.low < 0.95 && bounds.low > 0.85, "{bounds:?}");
        let few = first_order(&[0.5; 4], 2, &[1.0, 2.0], &quick());
        assert_eq!(few, Err(SensitivityError::TooFew { found: 2, least: 20 }));
    }
}
