//! The patient rule induction method: peel and paste.

use super::slice::{Cut, Inside, LEAST_GAIN, Orders, by_scale, cut_from_above, cut_from_below, orders};
use super::{Limit, Limits, Runs};
use crate::analysis::interval::Interval;
use crate::analysis::scale::Scale;
use serde::Serialize;

/// How patiently to peel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patience {
    /// Share of the box's runs taken off at a time, above 0 and below 0.5; smaller is more patient.
    pub peel: f64,
    /// Share of the runs beyond a limit put back at a time, above 0 and below 0.5.
    pub paste: f64,
    /// The smallest share of all runs that a box may hold, 0–1.
    pub least_mass: f64,
}

impl Default for Patience {
    fn default() -> Self {
        Self { peel: 0.05, paste: 0.05, least_mass: 0.05 }
    }
}

/// A box on the way, with its measures (Bryant and Lempert 2010).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PeelingStep {
    /// The box.
    pub limits: Limits,
    /// Share of all runs with the outcome that lie within, 0–1.
    pub coverage: f64,
    /// Share of the runs within that have the outcome, 0–1.
    pub density: f64,
    /// Share of all runs that lie within, 0–1.
    pub mass: f64,
    /// How many cases lie within.
    pub runs: usize,
    /// How many inputs are limited.
    pub restricted: usize,
}

impl PeelingStep {
    /// What the box says, in a sentence: "`outcome` in 71% of the runs where …, against 9% overall; 64% of all such
    /// runs lie there." `outcome` is a clause such as "JNIM and the CMA ally".
    pub fn in_words(&self, outcome: &str, names: &[&str], scales: &[Scale], overall: f64) -> String {
        format!(
            "{outcome} in {:.0}% of the runs where {}, against {:.0}% overall; {:.0}% of all such runs lie there.",
            100.0 * self.density,
            self.limits.in_words(names, scales),
            100.0 * overall,
            100.0 * self.coverage
        )
    }
}

/// Boxes from everything to the purest: the trade-off between coverage and density.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Peeling {
    /// The boxes, from all runs on; the last may be pasted ones.
    pub steps: Vec<PeelingStep>,
    /// Share of all runs that have the outcome, 0–1.
    pub overall: f64,
}

/// Peels (Friedman and Fisher 1999): from the box that holds everything, takes off the slice, at either end of any
/// input that is a number or of one name of any other, whose removal raises the density most per run removed (the lenient
/// criterion of Kwakkel and Jaxa-Rozen 2016, which does not favour inputs of few values), until the box is as small as it
/// may be or nothing helps; then pastes: widens limits as long as the density rises. Of limits that do as well, one of an
/// input that is limited already comes first. The boxes are those of EMA Workbench (Kwakkel 2017), to its quantiles; limits
/// lie halfway between the last value inside and the first outside, and of whole numbers on the last inside.
pub fn peel(runs: &Runs, settings: &Patience) -> Peeling {
    peel_in(runs, &orders(runs), settings)
}

/// [`peel()`] of cases of which the orders are known.
pub(super) fn peel_in(runs: &Runs, orders: &Orders, settings: &Patience) -> Peeling {
    let mut inside = Inside::new(runs, orders);
    let mut limits = Limits::free(runs.columns());
    let (total, all_hits) = (inside.mass, inside.hits);
    let mut steps = vec![measured(&limits, (inside.mass, inside.hits), (total, all_hits))];
    while let Some(slice) = inside.best_slice(&limits, settings.peel) {
        if slice.mass / total < settings.least_mass {
            break;
        }
        slice.cut(&mut limits);
        inside.take_off(slice, &limits);
        steps.push(measured(&limits, (inside.mass, inside.hits), (total, all_hits)));
    }
    while let Some(wider) = best_paste(runs, &limits, settings) {
        limits = wider;
        steps.push(step_of(runs, &limits));
    }
    Peeling { steps, overall: all_hits / total }
}

/// The step with the greatest harmonic mean of coverage and density among those that limit at most `most_inputs`
/// inputs.
pub fn best(peeling: &Peeling, most_inputs: usize) -> Option<&PeelingStep> {
    let merit =
        |step: &PeelingStep| 2.0 * step.coverage * step.density / (step.coverage + step.density).max(f64::MIN_POSITIVE);
    let allowed = peeling.steps.iter().filter(|step| step.restricted <= most_inputs);
    // Of equal ones the first, which is the widest.
    allowed.reduce(|best, step| if merit(step) > merit(best) { step } else { best })
}

/// Measures a box.
pub fn step_of(runs: &Runs, limits: &Limits) -> PeelingStep {
    let inside = limits.select(runs);
    measured(limits, (runs.mass_in(&inside), runs.hits_in(&inside)), (runs.mass(), runs.all_hits()))
}

/// A box by how many cases it holds and how often the outcome came about in them, and in all.
fn measured(limits: &Limits, (mass, hits): (f64, f64), (total, all_hits): (f64, f64)) -> PeelingStep {
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    PeelingStep {
        limits: limits.clone(),
        coverage: share(hits, all_hits),
        density: share(hits, mass),
        mass: share(mass, total),
        runs: mass as usize,
        restricted: limits.restricted().count(),
    }
}

fn best_paste(runs: &Runs, limits: &Limits, settings: &Patience) -> Option<Limits> {
    // As in EMA Workbench, nothing is pasted where no input that is any number is limited.
    if !limits.restricted().any(|input| *runs.scale(input) == Scale::Real) {
        return None;
    }
    let inside = limits.select(runs);
    let (mass, hits) = (runs.mass_in(&inside), runs.hits_in(&inside));
    let density = hits / mass.max(1.0);
    let mut best: Option<(f64, usize, Limits)> = None;
    for input in by_scale(runs).filter(|input| !limits.0[*input].is_free()) {
        let around = limits.without(input).select(runs);
        for limit in wider(runs, input, &limits.0[input], &around, settings.paste) {
            let held: Vec<usize> =
                around.iter().copied().filter(|run| limit.contains(runs.value(*run, input))).collect();
            let (more, reached) = (runs.mass_in(&held) - mass, runs.hits_in(&held) / runs.mass_in(&held).max(1.0));
            if more <= 0.0 || reached - density <= LEAST_GAIN {
                continue;
            }
            let mut wider = limits.clone();
            wider.0[input] = limit;
            let (merit, free) = ((reached - density) / more, runs.columns() - wider.restricted().count());
            if best.as_ref().is_none_or(|(most, most_free, _)| (merit, free) > (*most, *most_free)) {
                best = Some((merit, free, wider));
            }
        }
    }
    best.map(|(.., limits)| limits)
}

/// The limits of an input that are one step wider, given the runs that lie within all others.
fn wider(runs: &Runs, input: usize, limit: &Limit, around: &[usize], paste: f64) -> Vec<Limit> {
    if runs.scale(input).is_nominal() {
        let back = |place: usize| {
            let without = limit.without.iter().copied().filter(|other| *other != place).collect();
            Limit { without, ..limit.clone() }
        };
        return limit.without.iter().map(|place| back(*place)).collect();
    }
    let beyond = |outside: &dyn Fn(f64) -> bool| {
        let outside = around.iter().filter(|run| outside(runs.value(**run, input)));
        let mut found: Vec<(f64, f64)> = outside.map(|run| (runs.value(*run, input), runs.weight(*run))).collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found
    };
    let whole = *runs.scale(input) == Scale::Whole;
    let mut limits = Vec::new();
    let Interval { low, high } = limit.range;
    if low.is_finite() {
        let found = beyond(&|value| value <= low);
        let value = cut_from_above(found.iter().rev().copied(), mass_of(&found), paste).map(Cut::halfway);
        let least = found.first().map(|(value, _)| *value);
        let value = value.filter(|value| least.is_some_and(|least| *value > least));
        let low = value.map_or(f64::NEG_INFINITY, |value| if whole { value.ceil() } else { value });
        limits.push(Limit { range: Interval { low, high }, ..limit.clone() });
    }
    if high.is_finite() {
        let found = beyond(&|value| value >= high);
        let value = cut_from_below(found.iter().copied(), mass_of(&found), paste).map(Cut::halfway);
        let most = found.last().map(|(value, _)| *value);
        let value = value.filter(|value| most.is_some_and(|most| *value < most));
        let high = value.map_or(f64::INFINITY, |value| if whole { value.floor() } else { value });
        limits.push(Limit { range: Interval { low, high }, ..limit.clone() });
    }
    limits
}

fn mass_of(values: &[(f64, f64)]) -> f64 {
    values.iter().map(|(_, weight)| weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::design::latin;

    fn shares(hits: impl Iterator<Item = bool>) -> Vec<f64> {
        hits.map(|hit| f64::from(u8::from(hit))).collect()
    }

    #[test]
    fn a_planted_box_is_found() {
        let points = latin::sample(&[2000], 5, 7);
        let hits = shares(points.iter().map(|p| p[1] > 0.6 && p[3] < 0.5));
        let runs = Runs::new(points.values(), 5, &hits).unwrap();
        let peeling = peel(&runs, &Patience::default());
        let best = best(&peeling, 4).unwrap();
        assert_eq!(best.limits.restricted().collect::<Vec<_>>(), [1, 3], "{best:?}");
        assert!(
            (best.limits.0[1].range.low - 0.6).abs() < 0.02 && (best.limits.0[3].range.high - 0.5).abs() < 0.02,
            "{best:?}"
        );
        assert!(best.coverage > 0.95 && best.density > 0.95);
        let first = &peeling.steps[0];
        assert!((first.coverage - 1.0).abs() < 1e-12 && (first.density - peeling.overall).abs() < 1e-12);
        let words = best.in_words("They ally", &["a", "b", "c", "d", "e"], &[], peeling.overall);
        assert!(words.starts_with("They ally in ") && words.contains("where b is at least 0.6"), "{words}");
        assert!(words.contains("and d is at most 0."), "{words}");
        let overall = format!("against {:.0}% overall", 100.0 * peeling.overall);
        assert!((peeling.overall - 0.2).abs() < 0.03 && words.contains(&overall), "{words}");
    }

    #[test]
    fn density_rises_and_coverage_falls_along_the_way() {
        let points = latin::sample(&[1000], 3, 1);
        let hits = shares(points.iter().map(|p| p[0] * p[0] + p[1] > 1.2));
        let runs = Runs::new(points.values(), 3, &hits).unwrap();
        let steps = peel(&runs, &Patience::default()).steps;
        let peeled = &steps[..steps.len() - 1];
        assert!(peeled.windows(2).all(|pair| pair[1].density >= pair[0].density));
        assert!(peeled.windows(2).all(|pair| pair[1].coverage <= pair[0].coverage && pair[1].mass < pair[0].mass));
    }

    #[test]
    fn an_input_of_two_values_is_peeled_at_one_go() {
        let points: Vec<f64> = (0..400).flat_map(|i| [f64::from(i % 2), f64::from(i % 7)]).collect();
        let hits = shares(points.chunks(2).map(|p| p[0] > 0.5));
        let peeling = peel(&Runs::new(&points, 2, &hits).unwrap(), &Patience::default());
        assert_eq!(peeling.steps.len(), 2);
        assert!(
            (peeling.steps[1].limits.0[0].range.low - 0.5).abs() < 1e-12
                && (peeling.steps[1].density - 1.0).abs() < 1e-12
        );
    }

    #[test]
    fn values_at_the_ends_of_what_numbers_hold_are_peeled_like_others() {
        let next = f64::from_bits(1.0f64.to_bits() + 1);
        for [low, high] in [[1.0e308, 1.7e308], [-1.7e308, 1.7e308], [1.0, next], [0.0, f64::from_bits(1)]] {
            let points: Vec<f64> = (0..200).map(|i| if i % 2 == 0 { low } else { high }).collect();
            for above in [false, true] {
                let hits = shares(points.iter().map(|value| (*value > low) == above));
                let peeling = peel(&Runs::new(&points, 1, &hits).unwrap(), &Patience::default());
                assert_eq!(peeling.steps.len(), 2, "{low} and {high}");
                assert!((peeling.steps[1].density - 1.0).abs() < 1e-12, "{low} and {high}");
            }
        }
    }

    #[test]
    fn nothing_to_find_is_no_box() {
        let points = [0.1, 0.2, 0.3, 0.4];
        let peeling = peel(&Runs::new(&points, 1, &[0.0; 4]).unwrap(), &Patience::default());
        assert_eq!(peeling.steps.len(), 1);
        assert!(Runs::new(&points, 3, &[1.0]).is_none());
    }
}
