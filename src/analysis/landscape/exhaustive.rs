//! All configurations of two blocs, in the order of Gray code: each differs from the one before in one actor, so that
//! the next one costs one addition per actor.

use super::partition::descents;
use super::{Configuration, Landscape, LandscapeError, Minimum, STARTS};
use crate::analysis::Estimate;
use crate::estimate::CONFIDENCE;
use rayon::prelude::*;
use serde::Serialize;

/// The most actors of which all configurations are looked at: 2²⁹ of them.
pub const MOST_ACTORS: usize = 30;
/// Up to so many actors every configuration is followed to its minimum; beyond, basins are sampled.
const MOST_FOLLOWED: usize = 21;
/// Configurations that one thread walks through at a time, as a power of two.
const WALK: u32 = 14;
/// How many minima are kept when there are more.
const MOST_KEPT: usize = 1000;

/// All configurations of two blocs of a landscape.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TwoBlocs {
    /// How many there are; which bloc is called the first does not matter.
    pub configurations: u64,
    /// Those of the lowest energy, lowest first, whether stable or not.
    pub lowest: Vec<Configuration>,
    /// The stable ones, lowest energy first; at most 1,000.
    pub minima: Vec<Minimum>,
    /// How many stable ones there are.
    pub minima_count: u64,
}

/// Finds every stable configuration of two blocs, its basin under steepest descent by single switches (of equal ones the
/// actor that comes first), and the `keep` configurations of the lowest energy. `seed` is for basins that are sampled
/// (more than 21 actors).
///
/// # Errors
/// If there are more than [`MOST_ACTORS`] actors; [`super::partitions`] with two blocs samples those.
pub fn two_blocs(landscape: &Landscape, keep: usize, seed: u64) -> Result<TwoBlocs, LandscapeError> {
    let n = landscape.actors();
    if n > MOST_ACTORS {
        return Err(LandscapeError::TooMany { found: n, most: MOST_ACTORS });
    }
    let tolerance = landscape.tolerance();
    let parts = walk(
        landscape,
        || FoundSoFar::new(keep),
        |found: &mut FoundSoFar, mask, energy, at| {
            if energy < found.threshold {
                found.offer_lowest(energy, mask);
            }
            // Nearly always one of the first actors wants to switch, so looking stops early.
            if (0..n).all(|actor| at.switch(actor) >= -tolerance) {
                found.offer_minimum(energy, mask);
            }
        },
    );
    let mut found = FoundSoFar::new(keep);
    for part in parts {
        found.count += part.count;
        found.lowest.extend(part.lowest);
        found.minima.extend(part.minima);
        found.trim();
    }
    let by_basin = if n <= MOST_FOLLOWED {
        let counts = basins(landscape);
        let all = 1u64 << (n - 1);
        Some(move |mask: u32| Estimate::exactly(f64::from(counts[mask as usize]) / all as f64, all))
    } else {
        None
    };
    let sampled = if by_basin.is_none() { descents(landscape, 2, STARTS, seed) } else { Vec::new() };
    let minima = found
        .minima
        .iter()
        .map(|(_, mask)| {
            let configuration = landscape.configuration(&blocs(*mask, n));
            let basin = match &by_basin {
                Some(of) => of(*mask),
                None => match sampled.iter().find(|minimum| minimum.configuration.blocs == configuration.blocs) {
                    Some(minimum) => minimum.basin,
                    None => Estimate::share(0, u64::from(STARTS), CONFIDENCE),
                },
            };
            Minimum { configuration, basin }
        })
        .collect();
    Ok(TwoBlocs {
        configurations: 1 << (n - 1),
        lowest: found.lowest.iter().map(|(_, mask)| landscape.configuration(&blocs(*mask, n))).collect(),
        minima,
        minima_count: found.count,
    })
}

/// What one walk has found.
struct FoundSoFar {
    keep: usize,
    /// Energy below which a configuration is among the lowest so far.
    threshold: f64,
    lowest: Vec<(f64, u32)>,
    minima: Vec<(f64, u32)>,
    count: u64,
}

impl FoundSoFar {
    fn new(keep: usize) -> Self {
        Self { keep, threshold: f64::INFINITY, lowest: Vec::new(), minima: Vec::new(), count: 0 }
    }

    fn offer_lowest(&mut self, energy: f64, mask: u32) {
        self.lowest.push((energy, mask));
        if self.lowest.len() >= 2 * self.keep.max(8) {
            self.trim();
        }
    }

    fn offer_minimum(&mut self, energy: f64, mask: u32) {
        self.count += 1;
        self.minima.push((energy, mask));
        if self.minima.len() >= 2 * MOST_KEPT {
            self.trim();
        }
    }

    fn trim(&mut self) {
        let by_energy = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        self.lowest.sort_by(by_energy);
        self.lowest.truncate(self.keep);
        self.minima.sort_by(by_energy);
        self.minima.truncate(MOST_KEPT);
        if let Some((energy, _)) = self.lowest.get(self.keep.wrapping_sub(1)) {
            self.threshold = *energy;
        }
    }
}

/// Bit `i` of a mask says whether actor `i + 1` is in the other bloc than actor 0.
fn blocs(mask: u32, n: usize) -> Vec<u32> {
    (0..n).map(|actor| if actor == 0 { 0 } else { mask >> (actor - 1) & 1 }).collect()
}

/// Walks through all configurations in chunks, in parallel, each with its own state; returns the states in the order
/// of the chunks. `visit` gets the configuration, its energy and what holds its actors.
fn walk<T: Send>(
    landscape: &Landscape,
    start: impl Fn() -> T + Sync,
    visit: impl Fn(&mut T, u32, f64, At<'_>) + Sync,
) -> Vec<T> {
    let bits = landscape.actors() as u32 - 1;
    let low = bits.min(WALK);
    (0..1usize << (bits - low))
        .into_par_iter()
        .map(|chunk| {
            let mut state = start();
            let first = (chunk as u32) << low;
            // The width is fixed so that the compiler can unroll the loops over actors.
            match landscape.actors() {
                0..=8 => walk_chunk::<8, T>(landscape, first, low, &mut state, &visit),
                9..=16 => walk_chunk::<16, T>(landscape, first, low, &mut state, &visit),
                17..=24 => walk_chunk::<24, T>(landscape, first, low, &mut state, &visit),
                25..=26 => walk_chunk::<26, T>(landscape, first, low, &mut state, &visit),
                _ => walk_chunk::<30, T>(landscape, first, low, &mut state, &visit),
            }
            state
        })
        .collect()
}

#[inline(always)]
fn walk_chunk<const WIDTH: usize, T>(
    landscape: &Landscape,
    first: u32,
    low: u32,
    state: &mut T,
    visit: &impl Fn(&mut T, u32, f64, At<'_>),
) {
    let n = landscape.actors();
    let mut weights = [[0.0; WIDTH]; WIDTH];
    for (actor, row) in weights.iter_mut().enumerate().take(n) {
        row[..n].copy_from_slice(landscape.weights_of(actor));
    }
    let mut side = [1.0; WIDTH];
    for (actor, side) in side.iter_mut().enumerate().take(n).skip(1) {
        *side = if first >> (actor - 1) & 1 == 1 { -1.0 } else { 1.0 };
    }
    let mut ties = [0.0; WIDTH];
    for (tie, row) in ties.iter_mut().zip(&weights) {
        *tie = row.iter().zip(&side).map(|(weight, side)| weight * side).sum();
    }
    // What a switch adds to or takes from the others' ties.
    for weight in weights.iter_mut().flatten() {
        *weight *= 2.0;
    }
    let mut mask = first;
    let mut energy = landscape.energy(&blocs(first, n));
    visit(state, mask, energy, At { ties: &ties, side: &side });
    for step in 1..1u32 << low {
        let bit = step.trailing_zeros();
        let actor = bit as usize + 1;
        mask ^= 1 << bit;
        energy += 2.0 * side[actor] * ties[actor];
        // Nothing binds an actor to itself, so its own entry stays as it is.
        let row = &weights[actor];
        if side[actor] > 0.0 {
            ties.iter_mut().zip(row).for_each(|(tie, weight)| *tie -= weight);
        } else {
            ties.iter_mut().zip(row).for_each(|(tie, weight)| *tie += weight);
        }
        side[actor] = -side[actor];
        visit(state, mask, energy, At { ties: &ties, side: &side });
    }
}

/// What holds the actors of a configuration where they are.
#[derive(Clone, Copy)]
struct At<'a> {
    /// Per actor: the weight of its ties to those on actor 0's side, less that of its ties to the others.
    ties: &'a [f64],
    /// Per actor: 1 on actor 0's side, −1 on the other.
    side: &'a [f64],
}

impl At<'_> {
    /// Half the change of energy if an actor switches: the weight of its ties within its bloc less that across.
    #[inline(always)]
    fn switch(&self, actor: usize) -> f64 {
        self.side[actor] * self.ties[actor]
    }
}

/// How many configurations steepest descent leads to each minimum, by mask.
fn basins(landscape: &Landscape) -> Vec<u32> {
    let bits = landscape.actors() as u32 - 1;
    let (tolerance, all) = (landscape.tolerance(), (1u32 << bits) - 1);
    let parts = walk(landscape, Vec::new, |next: &mut Vec<(u32, u32)>, mask, _, at| {
        let mut steepest = (-tolerance, mask);
        for actor in 0..=bits as usize {
            let switch = at.switch(actor);
            if switch < steepest.0 {
                // If actor 0 changes sides, all others are in the other bloc than it who were not.
                steepest = (switch, if actor == 0 { mask ^ all } else { mask ^ (1 << (actor - 1)) });
            }
        }
        next.push((mask, steepest.1));
    });
    let mut next = vec![0; all as usize + 1];
    for (mask, to) in parts.into_iter().flatten() {
        next[mask as usize] = to;
    }
    let mut counts = vec![0; next.len()];
    let mut path = Vec::new();
    for start in 0..next.len() as u32 {
        let mut at = start;
        while next[at as usize] != at {
            path.push(at);
            at = next[at as usize];
        }
        // The next who comes this way need not walk it again.
        for passed in path.drain(..) {
            next[passed as usize] = at;
        }
        counts[at as usize] += 1;
    }
    counts
}

/// The energies of all configurations at a distance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ByDistance {
    /// How many actors stand on another side.
    pub distance: u32,
    /// How many configurations.
    pub configurations: u64,
    /// Lowest energy.
    pub lowest: f64,
    /// Mean energy.
    pub mean: f64,
    /// Highest energy.
    pub highest: f64,
}

/// The energies of all configurations of two blocs by distance from one of them (the fewest actors that would have to
/// switch).
///
/// # Errors
/// If there are more than [`MOST_ACTORS`] actors, or `from` does not fit them.
pub fn by_distance(landscape: &Landscape, from: &[u32]) -> Result<Vec<ByDistance>, LandscapeError> {
    let n = landscape.actors();
    if n > MOST_ACTORS {
        return Err(LandscapeError::TooMany { found: n, most: MOST_ACTORS });
    }
    if from.len() != n {
        return Err(LandscapeError::Shape { what: "the configuration".to_owned(), found: from.len(), expected: n });
    }
    let centre = (1..n).fold(0u32, |mask, actor| mask | u32::from(from[actor] != from[0]) << (actor - 1));
    let none =
        ByDistance { distance: 0, configurations: 0, lowest: f64::INFINITY, mean: 0.0, highest: f64::NEG_INFINITY };
    // The field `mean` holds the sum until the end.
    let parts = walk(
        landscape,
        || vec![none; n / 2 + 1],
        |found, mask, energy, _| {
            let apart = (mask ^ centre).count_ones() as usize;
            let place = &mut found[apart.min(n - apart)];
            place.configurations += 1;
            place.mean += energy;
            place.lowest = place.lowest.min(energy);
            place.highest = place.highest.max(energy);
        },
    );
    let mut all = vec![none; n / 2 + 1];
    for part in parts {
        for (place, more) in all.iter_mut().zip(part) {
            place.configurations += more.configurations;
            place.mean += more.mean;
            place.lowest = place.lowest.min(more.lowest);
            place.highest = place.highest.max(more.highest);
        }
    }
    for (distance, place) in all.iter_mut().enumerate() {
        place.distance = distance as u32;
        place.mean /= place.configurations as f64;
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{DrawKey, Purpose, Source};

    /// A landscape with random sizes and propensities.
    fn random(n: usize, seed: u64) -> Landscape {
        let mut draws = Source::new(seed, 0).sequence(Purpose::Design, DrawKey::whole(), 0);
        let sizes: Vec<f64> = (0..n).map(|_| 1.0 + 9.0 * draws.uniform()).collect();
        let propensities: Vec<f64> = (0..n * n).map(|_| 2.0 * draws.uniform() - 1.0).collect();
        Landscape::new(&sizes, &propensities).unwrap()
    }

    #[test]
    fn the_walk_finds_what_looking_at_each_configuration_finds() {
        for n in [2, 5, 9, 12] {
            let landscape = random(n, n as u64);
            let found = two_blocs(&landscape, 5, 1).unwrap();
            let mut all: Vec<(f64, Vec<u32>)> =
                (0..1u32 << (n - 1)).map(|mask| (landscape.energy(&blocs(mask, n)), blocs(mask, n))).collect();
            let is_minimum = |(energy, of): &&(f64, Vec<u32>)| {
                (0..n).all(|actor| {
                    let mut switched = of.clone();
                    switched[actor] = 1 - switched[actor];
                    landscape.energy(&switched) >= energy - 1e-9
                })
            };
            assert_eq!(found.minima_count as usize, all.iter().filter(is_minimum).count(), "{n} actors");
            all.sort_by(|a, b| a.0.total_cmp(&b.0));
            for (one, (energy, of)) in found.lowest.iter().zip(&all) {
                assert!((one.energy - energy).abs() < 1e-9 && one.blocs == *of);
            }
            let basins: f64 = found.minima.iter().map(|minimum| minimum.basin.value).sum();
            assert!((basins - 1.0).abs() < 1e-9);
            // Energy is the sum of frustrations weighted by size.
            let best = &found.lowest[0];
            let weighted: f64 = best.frustration.iter().zip(landscape.sizes()).map(|(f, s)| f * s).sum();
            assert!((weighted - best.energy).abs() < 1e-9);
        }
    }

    #[test]
    fn followed_and_sampled_basins_agree() {
        let landscape = random(14, 3);
        let exact = two_blocs(&landscape, 1, 1).unwrap();
        let sampled = descents(&landscape, 2, 4000, 1);
        for minimum in exact.minima.iter().filter(|minimum| minimum.basin.value > 0.02) {
            let same = sampled.iter().find(|other| other.configuration.blocs == minimum.configuration.blocs).unwrap();
            assert!((same.basin.value - minimum.basin.value).abs() < 0.03, "{same:?} {minimum:?}");
        }
    }

    #[test]
    fn distances_count_every_configuration_once() {
        let landscape = random(10, 4);
        let best = two_blocs(&landscape, 1, 1).unwrap().lowest.remove(0);
        let found = by_distance(&landscape, &best.blocs).unwrap();
        assert_eq!(found.iter().map(|place| place.configurations).collect::<Vec<_>>(), [1, 10, 45, 120, 210, 126]);
        assert!((found[0].mean - best.energy).abs() < 1e-9);
        assert!(found[1..].iter().all(|place| place.lowest >= best.energy && place.mean <= place.highest));
        assert!(by_distance(&landscape, &[0]).is_err());
        assert_eq!(two_blocs(&random(31, 1), 1, 1), Err(LandscapeError::TooMany { found: 31, most: 30 }));
    }

    #[test]
    fn indifference_makes_every_configuration_stable() {
        let landscape = Landscape::new(&[1.0; 12], &[0.0; 144]).unwrap();
        let found = two_blocs(&landscape, 3, 1).unwrap();
        assert_eq!((found.minima_count, found.minima.len(), found.lowest.len()), (2048, 1000, 3));
    }
}
