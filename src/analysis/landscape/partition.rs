//! Any number of blocs, by descent.

use super::{Landscape, Minimum, canonical};
use crate::analysis::Estimate;
use crate::estimate::CONFIDENCE;
use crate::random::{DrawKey, Purpose, Source};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Up to so many actors descent starts from every partition (115,975 for ten).
const MOST_ENUMERATED: usize = 10;

/// The stable configurations of at most `most_blocs` blocs that steepest descent finds, lowest energy first; in each step
/// the one actor moves, to another bloc or one of its own, that lowers the energy most (of equal ones the first).
///
/// Starts from every partition for up to ten actors, so that basins are exact, and from `starts` random ones beyond:
/// then minima with small basins may be missed.
pub fn partitions(landscape: &Landscape, most_blocs: usize, starts: u32, seed: u64) -> Vec<Minimum> {
    let n = landscape.actors();
    if n > MOST_ENUMERATED {
        return descents(landscape, most_blocs, starts, seed);
    }
    let mut all = Vec::new();
    enumerate(&mut Vec::with_capacity(n), n, most_blocs.max(1) as u32, &mut all);
    let found: Vec<Vec<u32>> = all.into_par_iter().map(|start| descend(landscape, start, most_blocs)).collect();
    gather(landscape, found, true)
}

/// Descents from random starts.
pub(super) fn descents(landscape: &Landscape, most_blocs: usize, starts: u32, seed: u64) -> Vec<Minimum> {
    let blocs = most_blocs.clamp(1, landscape.actors());
    let found: Vec<Vec<u32>> = (0..starts as usize)
        .into_par_iter()
        .map(|start| {
            let who = DrawKey::named("analysis", "landscape");
            let mut draws = Source::new(seed, 0).sequence(Purpose::Resampling, who, start as u32);
            let random = (0..landscape.actors()).map(|_| (draws.uniform() * blocs as f64) as u32).collect();
            descend(landscape, random, most_blocs)
        })
        .collect();
    gather(landscape, found, false)
}

/// All partitions as numbers that exceed those before by at most one.
fn enumerate(begun: &mut Vec<u32>, n: usize, most_blocs: u32, all: &mut Vec<Vec<u32>>) {
    if begun.len() == n {
        all.push(begun.clone());
        return;
    }
    let next = begun.iter().max().map_or(0, |last| last + 1);
    for bloc in 0..=next.min(most_blocs - 1) {
        begun.push(bloc);
        enumerate(begun, n, most_blocs, all);
        begun.pop();
    }
}

/// Follows steepest descent to its end.
fn descend(landscape: &Landscape, mut blocs: Vec<u32>, most_blocs: usize) -> Vec<u32> {
    let (n, most) = (landscape.actors(), most_blocs.clamp(1, landscape.actors()));
    // The weight of each actor's ties to each bloc.
    let mut ties = vec![0.0; n * most];
    for actor in 0..n {
        for (other, weight) in landscape.weights_of(actor).iter().enumerate() {
            ties[actor * most + blocs[other] as usize] += weight;
        }
    }
    loop {
        let mut steepest = (landscape.tolerance(), 0, 0);
        for actor in 0..n {
            let ties = &ties[actor * most..][..most];
            let own = ties[blocs[actor] as usize];
            for (bloc, tie) in ties.iter().enumerate() {
                if tie - own > steepest.0 {
                    steepest = (tie - own, actor, bloc);
                }
            }
        }
        let (gain, actor, bloc) = steepest;
        if gain <= landscape.tolerance() {
            return canonical(&blocs);
        }
        let left = std::mem::replace(&mut blocs[actor], bloc as u32) as usize;
        for (other, weight) in landscape.weights_of(actor).iter().enumerate() {
            ties[other * most + left] -= weight;
            ties[other * most + bloc] += weight;
        }
    }
}

fn gather(landscape: &Landscape, found: Vec<Vec<u32>>, exact: bool) -> Vec<Minimum> {
    let starts = found.len() as u64;
    let mut counts: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
    for blocs in found {
        *counts.entry(blocs).or_default() += 1;
    }
    let mut minima: Vec<Minimum> = counts
        .into_iter()
        .map(|(blocs, count)| {
            let basin = match exact {
                true => Estimate::exactly(count as f64 / starts as f64, starts),
                false => Estimate::share(count, starts, CONFIDENCE),
            };
            Minimum { configuration: landscape.configuration(&blocs), basin }
        })
        .collect();
    minima.sort_by(|a, b| a.configuration.energy.total_cmp(&b.configuration.energy));
    minima
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three camps of three that like their own and dislike the others.
    fn three_camps() -> Landscape {
        let propensities: Vec<f64> = (0..81).map(|at| if at / 9 / 3 == at % 9 / 3 { 1.0 } else { -1.0 }).collect();
        Landscape::new(&[2.0; 9], &propensities).unwrap()
    }

    #[test]
    fn three_camps_make_three_blocs() {
        let minima = partitions(&three_camps(), 9, 0, 1);
        assert_eq!(minima[0].configuration.blocs, [0, 0, 0, 1, 1, 1, 2, 2, 2]);
        // All 27 pairs across, both ways, at 4 each.
        assert!((minima[0].configuration.energy + 216.0).abs() < 1e-9);
        assert!((minima.iter().map(|minimum| minimum.basin.value).sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(minima[0].basin.value > 0.5);
    }

    #[test]
    fn with_two_blocs_one_camp_is_torn_or_squeezed_in() {
        let minima = partitions(&three_camps(), 2, 0, 1);
        assert!(minima.iter().all(|minimum| minimum.configuration.blocs.iter().all(|bloc| *bloc < 2)));
        assert!(minima[0].configuration.energy > -216.0);
    }

    #[test]
    fn partitions_are_as_many_as_the_bell_numbers() {
        for (n, bell) in [(3, 5), (5, 52), (8, 4140)] {
            let mut all = Vec::new();
            enumerate(&mut Vec::new(), n, n as u32, &mut all);
            assert_eq!(all.len(), bell);
        }
    }
}
