//! The patient rule induction method: peel and paste.

use super::{Limits, Runs, between};
use serde::Serialize;

/// How patiently to peel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patience {
    /// Share of the box's runs taken off at a time, 0–1; smaller is more patient.
    pub peel: f64,
    /// Share of the box's runs put back at a time, 0–1.
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
    pub fn in_words(&self, outcome: &str, names: &[&str], overall: f64) -> String {
        format!(
            "{outcome} in {:.0}% of the runs where {}, against {:.0}% overall; {:.0}% of all such runs lie there.",
            100.0 * self.density,
            self.limits.in_words(names),
            100.0 * overall,
            100.0 * self.coverage
        )
    }
}

/// Boxes from everything to the purest: the trade-off between coverage and density.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Peeling {
    /// The boxes, from all runs on; the last may be a pasted one.
    pub steps: Vec<PeelingStep>,
    /// Share of all runs that have the outcome, 0–1.
    pub overall: f64,
}

/// Peels (Friedman and Fisher 1999): from the box that holds everything, takes off the thin slice, at either end of any
/// input, whose removal raises the density most per run removed (the lenient criterion of Kwakkel and Jaxa-Rozen 2016,
/// which does not favour inputs of few values), until the box is as small as it may be or nothing helps; then pastes:
/// widens limits as long as the density rises or stays. Limits lie halfway between the last value inside and the first
/// outside.
pub fn peel(runs: &Runs, settings: &Patience) -> Peeling {
    let mut inside: Vec<usize> = (0..runs.count()).collect();
    let mut limits = Limits::free(runs.columns());
    let mut steps = vec![step_of(runs, &limits)];
    let least = ((settings.least_mass * runs.count() as f64).ceil() as usize).max(1);
    while let Some((tighter, left)) = best_peel(runs, &inside, &limits, settings, least) {
        inside = left;
        limits = tighter;
        steps.push(step_of(runs, &limits));
    }
    let peeled = limits.clone();
    while let Some(wider) = best_paste(runs, &limits, settings) {
        limits = wider;
    }
    if limits != peeled {
        steps.push(step_of(runs, &limits));
    }
    Peeling { steps, overall: runs.all_hits() / runs.count() as f64 }
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
    let (hits, all_hits) = (runs.hits_in(&inside), runs.all_hits());
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    PeelingStep {
        limits: limits.clone(),
        coverage: share(hits, all_hits),
        density: share(hits, inside.len() as f64),
        mass: share(inside.len() as f64, runs.count() as f64),
        runs: inside.len(),
        restricted: limits.restricted().count(),
    }
}

fn best_peel(
    runs: &Runs,
    inside: &[usize],
    limits: &Limits,
    settings: &Patience,
    least: usize,
) -> Option<(Limits, Vec<usize>)> {
    let n = inside.len();
    let hits = runs.hits_in(inside);
    if hits >= n as f64 - 1e-9 {
        return None;
    }
    let slice = ((settings.peel * n as f64) as usize).max(1);
    let mut best: Option<(f64, usize, bool, f64)> = None;
    let mut order = inside.to_vec();
    for input in 0..runs.columns() {
        order.sort_by(|a, b| runs.value(*a, input).total_cmp(&runs.value(*b, input)));
        for from_above in [false, true] {
            let at = |rank: usize| runs.value(order[if from_above { n - 1 - rank } else { rank }], input);
            // Runs with equal values go together: at least a slice, then on to the next value.
            let edge = at(slice - 1);
            let removed = (slice..n).find(|rank| (at(*rank) - edge).abs() > 0.0).unwrap_or(n);
            if removed == n || n - removed < least {
                continue;
            }
            let kept = if from_above { &order[..n - removed] } else { &order[removed..] };
            let gain = runs.hits_in(kept) / kept.len() as f64 - hits / n as f64;
            let merit = gain / removed as f64;
            if gain > 1e-12 && best.is_none_or(|(most, ..)| merit > most) {
                best = Some((merit, input, from_above, between(at(removed - 1), at(removed))));
            }
        }
    }
    let (_, input, from_above, edge) = best?;
    let mut tighter = limits.clone();
    if from_above {
        tighter.0[input].high = edge;
    } else {
        tighter.0[input].low = edge;
    }
    let left = inside.iter().copied().filter(|run| tighter.contains(runs.point(*run))).collect();
    Some((tighter, left))
}

fn best_paste(runs: &Runs, limits: &Limits, settings: &Patience) -> Option<Limits> {
    let inside = limits.select(runs);
    let slice = ((settings.paste * inside.len() as f64) as usize).max(1);
    let density = runs.hits_in(&inside) / inside.len().max(1) as f64;
    let mut best: Option<(f64, Limits)> = None;
    for input in limits.restricted() {
        for above in [false, true] {
            let limit = limits.0[input];
            let bound = if above { limit.high } else { limit.low };
            if !bound.is_finite() {
                continue;
            }
            // Runs that are outside by this limit alone, nearest first.
            let mut beyond: Vec<usize> = limits
                .without(input)
                .select(runs)
                .into_iter()
                .filter(|run| if above { runs.value(*run, input) > bound } else { runs.value(*run, input) < bound })
                .collect();
            let distance = |run: &usize| (runs.value(*run, input) - bound).abs();
            beyond.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
            let mut wider = limits.clone();
            let new_bound = match (beyond.get(slice - 1), beyond.get(slice)) {
                (Some(last), Some(next)) => between(runs.value(*next, input), runs.value(*last, input)),
                _ if above => f64::INFINITY,
                _ => f64::NEG_INFINITY,
            };
            if above {
                wider.0[input].high = new_bound;
            } else {
                wider.0[input].low = new_bound;
            }
            let held = wider.select(runs);
            let reached = runs.hits_in(&held) / held.len().max(1) as f64;
            if reached >= density - 1e-12 && best.as_ref().is_none_or(|(most, _)| reached > *most) {
                best = Some((reached, wider));
            }
        }
    }
    best.map(|(_, limits)| limits)
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
        assert!((best.limits.0[1].low - 0.6).abs() < 0.02 && (best.limits.0[3].high - 0.5).abs() < 0.02, "{best:?}");
        assert!(best.coverage > 0.95 && best.density > 0.95);
        let first = &peeling.steps[0];
        assert!((first.coverage - 1.0).abs() < 1e-12 && (first.density - peeling.overall).abs() < 1e-12);
        let words = best.in_words("They ally", &["a", "b", "c", "d", "e"], peeling.overall);
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
            (peeling.steps[1].limits.0[0].low - 0.5).abs() < 1e-12 && (peeling.steps[1].density - 1.0).abs() < 1e-12
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
