//! The key-assumptions check: which unproven inputs a conclusion rests on.
//!
//! Inputs are free to move within their ranges. How often does the conclusion hold, and which of them, moved together
//! and how far, would turn it over while the others stay at their best estimates? Turning points are found on a response
//! surface fitted to the sample and put right by the runs nearby, then checked against all runs beyond them.

mod misfit;
mod surface;
mod turning;

use super::Estimate;
use super::interval::Interval;
use misfit::{Cells, Misfit};
use rayon::prelude::*;
use serde::Serialize;
pub use surface::RESAMPLES;
use surface::{Fitted, Margins, Resample, Terms, least_squares, share_of, swing, swung, value, widened};
use turning::{Nearby, nearest_turn, subsets, verified};

/// Runs over free inputs, with the conclusion's margin in each.
#[derive(Clone, Copy, Debug, Default)]
pub struct MarginSample<'a> {
    /// Inputs row-major, each as a share of its range, 0–1.
    pub points: &'a [f64],
    /// How many inputs a run has.
    pub columns: usize,
    /// Per run, by how much the conclusion holds (above 0) or fails (below 0), in any unit; ±1 if only that is known.
    /// A run that failed is not finite.
    pub margins: &'a [f64],
    /// The best estimates of the inputs, as shares of their ranges, 0–1.
    pub best: &'a [f64],
    /// Which inputs stay at their best estimates when turning points are sought, because a source vouches for them;
    /// none if empty.
    pub held: &'a [bool],
    /// Per run, the variance that luck gives to its margin: 0 if the margin is exact, infinite if luck cannot be told
    /// from inputs. All are exact if empty.
    pub noise: &'a [f64],
    /// The margins of each run's replicates, run after run and the same number for each, if luck that replicates of one
    /// number share over all runs is to count in intervals; may be empty.
    pub replicates: &'a [f64],
    /// The family of each run: those after each other that share some of their inputs. Each by itself if empty.
    pub families: &'a [u32],
}

/// What a conclusion rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assumptions {
    /// Share of runs in which the conclusion holds, 0–1; failed runs are left out here and counted in `bounds`. The interval
    /// is Wilson's, widened by resampling where margins are noisy.
    pub holds: Estimate,
    /// The share if all failed runs had gone against the conclusion, and if all had gone with it.
    pub bounds: Interval,
    /// Whether it holds at the best estimates, by the fitted surface.
    pub holds_at_best: bool,
    /// Sets of inputs that turn it over: those that are borne out first, then the smallest, of equal size the least moved. None
    /// holds one that is borne out, nor one of its own kind.
    pub flips: Vec<Flip>,
    /// Inputs that may move, by how far the fitted margin swings over their range, widest first; 0 for what is only rounding. The
    /// interval is of resampling where margins are noisy, and says nothing of how the surface misses.
    pub swings: Vec<(usize, Estimate)>,
    /// Share of the margins' variance that the fitted surface explains of what is not luck, 0–1. Where it is low, lean on each flip's
    /// `turned`, not on its place.
    pub fit: f64,
}

/// A set of inputs that turns the conclusion over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Flip {
    /// The inputs, ascending.
    pub inputs: Vec<usize>,
    /// Where each must be for the conclusion to turn, as a share of its range, 0–1.
    pub to: Vec<f64>,
    /// How far each moves from its best estimate, as a share of its range, with its sign.
    pub moves: Vec<f64>,
    /// The sum of the moves' sizes.
    pub distance: f64,
    /// Share of sampled runs in which the conclusion is turned over among those where all these inputs are as far out
    /// or further, whatever the others are, with an interval as `Assumptions::holds` has it.
    pub turned: Estimate,
    /// Whether the conclusion is surely turned over more often there than in all runs together. Where it is not, the set is the
    /// surface's guess alone.
    pub borne_out: bool,
}

impl Flip {
    /// Whether all its inputs are among some.
    fn is_within(&self, inputs: &[usize]) -> bool {
        self.inputs.iter().all(|input| inputs.contains(input))
    }
}

/// Why there is nothing to say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssumptionsError {
    /// Numbers do not fit together.
    #[error("{points} input values and {best} best estimates do not fit {runs} runs with {columns} inputs each")]
    Shape {
        /// How many input values.
        points: usize,
        /// How many best estimates.
        best: usize,
        /// How many runs.
        runs: usize,
        /// How many inputs.
        columns: usize,
    },
    /// There are too few runs to fit anything.
    #[error("{found} points with an output are too few for {columns} free inputs: it takes at least {least}")]
    TooFew {
        /// How many runs.
        found: usize,
        /// How many inputs.
        columns: usize,
        /// How many runs it takes.
        least: usize,
    },
}

/// Inputs between which interactions are fitted and sets are searched.
const LEADING: usize = 8;
/// A swing that is less than so much of the greatest margin comes of rounding.
const ROUNDING: f64 = 1e-9;
/// Steps into which an input's range is cut in the search.
const STEPS: usize = 20;

/// Checks a conclusion. Sets of up to three of the eight inputs with the widest swings are searched, in steps of a
/// twentieth of the range.
///
/// Where margins are noisy, a run counts for the conclusion by how likely its true margin is above 0 given its own and the
/// fitted surface (empirical Bayes, Morris 1983): a plain count would mistake luck for inputs that matter. Where luck cannot be told
/// from inputs run by run, it is told by runs that lie together, which put the surface right. `done` hears of
/// each of [`RESAMPLES`] resamples, which are drawn where margins are noisy.
///
/// # Errors
/// If numbers do not fit, or there are fewer than three runs per fitted coefficient of the main effects.
pub fn check(
    sample: &MarginSample,
    confidence: f64,
    done: &(dyn Fn() + Sync),
) -> Result<Assumptions, AssumptionsError> {
    let MarginSample { points, columns, margins, best, held, noise, replicates, families } = *sample;
    let fits = |list: usize, of: usize| list == 0 || list == of;
    let each = replicates.len() / margins.len().max(1);
    let shaped = points.len() == columns * margins.len() && best.len() == columns && columns > 0;
    if !shaped
        || !fits(held.len(), columns)
        || !fits(noise.len(), margins.len())
        || !fits(families.len(), margins.len())
        || each * margins.len() != replicates.len()
    {
        return Err(AssumptionsError::Shape { points: points.len(), best: best.len(), runs: margins.len(), columns });
    }
    let kept: Vec<usize> = (0..margins.len()).filter(|run| margins[*run].is_finite()).collect();
    let least = 3 * (1 + 2 * columns);
    if kept.len() < least {
        return Err(AssumptionsError::TooFew { found: kept.len(), columns, least });
    }
    let point = |run: usize| &points[run * columns..][..columns];
    let targets: Vec<f64> = kept.iter().map(|run| margins[*run]).collect();
    let noises: Vec<f64> = kept.iter().map(|run| noise.get(*run).copied().unwrap_or(0.0)).collect();
    let rows = |leading: &[usize]| Terms::of(kept.iter().map(|run| point(*run)), leading);
    let once = vec![1.0; kept.len()];
    let main = least_squares(&rows(&[]), &targets, &once, 0.0);
    let there_is = targets.iter().fold(Interval { low: f64::INFINITY, high: f64::NEG_INFINITY }, |ends, target| {
        Interval { low: ends.low.min(*target), high: ends.high.max(*target) }
    });
    let ranked = |surface: &dyn Fn(&[f64]) -> f64| {
        let of = |input: usize| (input, swing(input, best, there_is, surface));
        let mut swings: Vec<(usize, f64)> = (0..columns).map(of).collect();
        swings.sort_by(|a, b| b.1.total_cmp(&a.1));
        swings
    };
    let by_main = ranked(&|at| value(&main, &[], at));
    let mut leading: Vec<usize> = by_main.iter().take(LEADING).map(|(input, _)| *input).collect();
    leading.sort_unstable();
    // Interactions need runs of their own.
    let pairs = leading.len() * (leading.len() - 1) / 2;
    let interacting: &[usize] = if kept.len() >= least + 3 * pairs { &leading } else { &[] };
    let rows = rows(interacting);
    let fitted = Fitted::new(&rows, &targets, &noises, &once, 0.0);
    let places: Vec<&[f64]> = kept.iter().map(|run| point(*run)).collect();
    let cells: Vec<Cells> = match noises.iter().any(|noise| noise.is_infinite()) {
        true => {
            let widest: Vec<usize> = by_main.iter().take(LEADING).map(|(input, _)| *input).collect();
            widest.chunks(1).chain([widest.as_slice()]).map(|inputs| Cells::new(&places, inputs)).collect()
        }
        false => Vec::new(),
    };
    let misfit = Misfit::new(&cells, &fitted.residuals(&rows, &targets, 0.0));
    let fitted_at = |at: &[f64]| value(&fitted.coefficients, interacting, at);
    let surface = |at: &[f64]| fitted_at(at) + misfit.at(at);
    let free = |input: &usize| !held.get(*input).copied().unwrap_or(false);
    let mut swings: Vec<(usize, f64)> = ranked(&fitted_at).into_iter().filter(|(input, _)| free(input)).collect();
    let rounding = ROUNDING * targets.iter().map(|target| target.abs()).fold(0.0, f64::max);
    swings.iter_mut().filter(|(_, swing)| *swing <= rounding).for_each(|(_, swing)| *swing = 0.0);
    let holding = fitted.holding(&rows, (&targets, 0.0), &noises, &misfit);
    let families: Vec<u32> = kept.iter().filter_map(|run| families.get(*run).copied()).collect();
    let all: Vec<usize> = (0..kept.len()).collect();
    let holds = share_of(&holding, &all, &families, confidence);
    let resamples = match noises.iter().any(|noise| *noise > 0.0) {
        true => {
            let margins =
                Margins { kept: &kept, targets: &targets, noises: &noises, replicates, each, families: &families };
            margins.resampled(&rows, &misfit, done)
        }
        false => Vec::new(),
    };
    let mut drawn: Vec<f64> = resamples.iter().map(Resample::mean).collect();
    let holds = widened(holds, &mut drawn, confidence);
    let holds_at_best = surface(best) > 0.0;
    let residuals: Vec<f64> = kept.iter().map(|run| margins[*run] - surface(point(*run))).collect();
    let mut candidates: Vec<usize> = swings.iter().take(LEADING).map(|(input, _)| *input).collect();
    candidates.sort_unstable();
    let mut flips: Vec<Flip> = Vec::new();
    for size in 1..=3 {
        let mut found: Vec<Flip> = subsets(&candidates, size)
            .into_par_iter()
            .filter(|set| !flips.iter().any(|flip| flip.borne_out && flip.is_within(set)))
            .filter_map(|set| {
                // Where the surface misses, as at a threshold, the runs nearby put it right, as far as they are not luck.
                let nearby = Nearby::new(&set, &places, &residuals);
                let margin = |at: &[f64]| surface(at) + fitted.trust * nearby.mean(at);
                nearest_turn(&set, best, holds_at_best, margin)
            })
            .map(|flip| verified(flip, &places, (&holding, &families), &resamples, holds_at_best, confidence))
            .filter(|flip| flip.borne_out || !flips.iter().any(|smaller| smaller.is_within(&flip.inputs)))
            .collect();
        found.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        flips.append(&mut found);
    }
    flips.sort_by_key(|flip| !flip.borne_out);
    let again = |input: usize| {
        let surface = |drawn: &Resample| swing(input, best, there_is, |at| value(&drawn.coefficients, interacting, at));
        resamples.iter().map(surface).collect()
    };
    let n = kept.len() as u64;
    let swings = swings.into_iter().map(|(input, wide)| (input, swung(wide, n, again(input), confidence))).collect();
    let of_all = kept.len() as f64 / margins.len() as f64;
    Ok(Assumptions {
        holds,
        bounds: Interval { low: holds.value * of_all, high: holds.value * of_all + 1.0 - of_all },
        holds_at_best,
        flips,
        swings,
        fit: fitted.explained,
    })
}

#[cfg(test)]
mod tests {
    use super::surface::mean;
    use super::*;
    use crate::experiment::design::{Points, latin};
    use crate::random::{DrawKey, Purpose, Source};

    fn checked(points: &Points, best: &[f64], margin: impl Fn(&[f64]) -> f64) -> Assumptions {
        let margins: Vec<f64> = points.iter().map(margin).collect();
        let sample = MarginSample {
            points: points.values(),
            columns: points.dimensions(),
            margins: &margins,
            best,
            ..MarginSample::default()
        };
        check(&sample, 0.95, &|| {}).unwrap()
    }

    #[test]
    fn one_planted_input_turns_the_conclusion_at_its_threshold() {
        let points = latin::sample(&[600], 6, 1);
        let found = checked(&points, &[0.5, 0.5, 0.1, 0.5, 0.5, 0.5], |p| 0.4 - p[2] + 0.05 * p[4]);
        assert!(found.holds_at_best && found.fit > 0.99);
        assert!((found.holds.value - 0.425).abs() < 0.02 && found.holds.interval().contains(0.425));
        let first = &found.flips[0];
        assert_eq!(first.inputs, [2]);
        assert!((first.to[0] - 0.45).abs() < 0.051 && first.moves[0] > 0.0, "{first:?}");
        assert!(first.turned.value > 0.97 && first.turned.interval().contains(0.99));
        // Whatever else is moved along is not needed, so no other set is named.
        assert_eq!(found.flips.len(), 1);
        assert_eq!((found.swings[0].0, found.swings[1].0), (2, 4));
        assert!((found.swings[0].1.value - 1.0).abs() < 0.02 && (found.swings[1].1.value - 0.05).abs() < 0.01);
    }

    #[test]
    fn swings_are_in_the_unit_of_the_margin_and_none_where_nothing_moves_it() {
        let points = latin::sample(&[600], 4, 1);
        let found = checked(&points, &[0.5; 4], |p| 300.0 * p[2] - 40.0 * p[1]);
        assert_eq!((found.swings[0].0, found.swings[1].0), (2, 1));
        assert!((found.swings[0].1.value - 300.0).abs() < 5.0, "{found:?}");
        assert!((found.swings[1].1.value - 40.0).abs() < 5.0, "{found:?}");
        let still = checked(&points, &[0.5; 4], |_| 1.0 / 3.0);
        assert!(still.swings.iter().all(|(_, swing)| swing.value <= 0.0), "{still:?}");
    }

    #[test]
    fn two_planted_inputs_turn_it_only_together() {
        let points = latin::sample(&[2000], 5, 2);
        let together = |p: &[f64]| if p[0] > 0.6 && p[3] < 0.4 { -1.0 } else { 1.0 };
        let found = checked(&points, &[0.2, 0.5, 0.5, 0.8, 0.5], together);
        assert!(found.holds_at_best && (found.holds.value - 0.84).abs() < 0.02);
        let first = &found.flips[0];
        assert_eq!(first.inputs, [0, 3], "{:?}", found.flips);
        assert!((first.to[0] - 0.6).abs() < 0.11 && (first.to[1] - 0.4).abs() < 0.16, "{first:?}");
        assert!(first.turned.value > 0.9, "{first:?}");
    }

    #[test]
    fn a_conclusion_that_always_holds_is_turned_by_nothing() {
        let points = latin::sample(&[300], 4, 3);
        let found = checked(&points, &[0.5; 4], |p| 1.0 + 0.3 * p[0]);
        assert!(found.flips.is_empty() && found.holds_at_best);
        assert!((found.holds.value - 1.0).abs() < 1e-12 && found.holds.high > 0.999);
    }

    #[test]
    fn failed_runs_bound_the_share_and_few_runs_are_refused() {
        let points = latin::sample(&[200], 2, 3);
        let found = checked(&points, &[0.1, 0.5], |p| if p[1] > 0.9 { f64::NAN } else { 0.5 - p[0] });
        assert!(found.bounds.low < found.holds.value && found.holds.value < found.bounds.high);
        assert!((found.bounds.half_width() - 0.05).abs() < 0.003);
        let few = MarginSample {
            points: &[0.5; 4],
            columns: 2,
            margins: &[1.0, -1.0],
            best: &[0.5; 2],
            ..MarginSample::default()
        };
        assert_eq!(check(&few, 0.95, &|| {}), Err(AssumptionsError::TooFew { found: 2, columns: 2, least: 15 }));
    }

    #[test]
    fn an_input_with_a_source_stays_where_it_is() {
        let points = latin::sample(&[400], 3, 4);
        let margins: Vec<f64> = points.iter().map(|p| 1.0 - p[0] - 0.6 * p[1]).collect();
        let held = [true, false, false];
        let best = [0.6, 0.5, 0.5];
        let sample = MarginSample {
            points: points.values(),
            columns: 3,
            margins: &margins,
            best: &best,
            held: &held,
            ..MarginSample::default()
        };
        let found = check(&sample, 0.95, &|| {}).unwrap();
        assert!(found.swings.iter().all(|(input, _)| *input != 0));
        assert_eq!(found.flips.len(), 1, "{:?}", found.flips);
        assert_eq!(found.flips[0].inputs, [1]);
        assert!((found.flips[0].to[0] - 2.0 / 3.0).abs() < 0.051, "{:?}", found.flips);
    }

    fn margin_of(point: &[f64]) -> f64 {
        0.7 - point[0] + 0.4 * (point[1] - 0.5)
    }

    /// Points of which the conclusion's margin is known only through a few runs with luck, some of it shared.
    fn lucky(seed: u64, each: usize, shared: f64) -> (Points, Vec<f64>, Vec<f64>) {
        let points = latin::sample(&[300], 3, seed);
        let draw = |run: usize, replicate: usize| {
            let who = DrawKey::named("test", "luck").child(run as u64);
            Source::new(seed, replicate as u64).sequence(Purpose::Design, who, 0).uniform()
        };
        let replicates: Vec<f64> = (0..300 * each)
            .map(|run| (run / each, run % each))
            .map(|(run, replicate)| {
                let luck = 1.2 * (draw(run, replicate) - 0.5) + shared * (draw(1000, replicate) - 0.5);
                margin_of(points.row(run)) + luck
            })
            .collect();
        let margins = replicates.chunks(each).map(mean).collect();
        (points, margins, replicates)
    }

    #[test]
    fn luck_is_not_mistaken_for_inputs_and_intervals_cover() {
        let best = [0.5; 3];
        for (each, shared) in [(1, 0.0), (4, 0.0), (20, 0.4)] {
            let (mut sum, mut covered, mut turned_covered, mut flips) = (0.0, 0, 0, 0);
            for seed in 0..60 {
                let (points, margins, replicates) = lucky(seed, each, shared);
                let noise = vec![if each > 1 { 0.12 / each as f64 } else { f64::INFINITY }; 300];
                let sample = MarginSample {
                    points: points.values(),
                    columns: 3,
                    margins: &margins,
                    best: &best,
                    noise: &noise,
                    replicates: &replicates,
                    ..MarginSample::default()
                };
                let found = check(&sample, 0.95, &|| {}).unwrap();
                sum += found.holds.value;
                covered += u32::from(found.holds.interval().contains(0.7));
                if let Some(flip) = found.flips.iter().find(|flip| flip.inputs == [0]) {
                    flips += 1;
                    let fresh = latin::sample(&[4000], 3, 5000 + seed);
                    let beyond: Vec<&[f64]> = fresh.iter().filter(|point| point[0] >= flip.to[0]).collect();
                    let turned = beyond.iter().filter(|point| margin_of(point) <= 0.0).count();
                    let truth = turned as f64 / beyond.len() as f64;
                    turned_covered += u32::from(flip.turned.interval().contains(truth));
                    assert!((flip.to[0] - 0.7).abs() < 0.21, "{flip:?}");
                }
            }
            assert!((sum / 60.0 - 0.7).abs() < 0.03, "{each}: {}", sum / 60.0);
            assert!(covered >= 54, "{each}: {covered} of 60");
            assert!(flips >= 55 && 10 * turned_covered >= 9 * flips, "{each}: {turned_covered} of {flips}");
        }
    }

    #[test]
    fn runs_of_a_family_count_once() {
        let (families, mut covered) = ((0..320).map(|run| run / 4).collect::<Vec<u32>>(), [0; 2]);
        for seed in 0..60 {
            let points = latin::sample(&[320], 3, seed);
            // All four of a family go the same way, by what none of the inputs tells.
            let unseen = latin::sample(&[4000], 1, 1000 + seed);
            let of_family = |run: usize| if unseen.values()[run / 4 * 50] < 0.7 { 1.0 } else { -1.0 };
            let margins: Vec<f64> = (0..320).map(of_family).collect();
            for (covered, families) in covered.iter_mut().zip([&[][..], &families]) {
                let sample = MarginSample {
                    points: points.values(),
                    columns: 3,
                    margins: &margins,
                    best: &[0.5; 3],
                    families,
                    ..MarginSample::default()
                };
                *covered += u32::from(check(&sample, 0.95, &|| {}).unwrap().holds.interval().contains(0.7));
            }
        }
        assert!(covered[0] < 50 && covered[1] >= 54, "{covered:?} of 60");
    }
}
