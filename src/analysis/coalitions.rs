//! Coalition structures compared: how far apart two are, what turns into what, and which lie in the middle of many.
//!
//! A structure is a partition: one bloc number per faction. Numbers only tell blocs apart.

use super::Estimate;
use super::clustered::{BLOCKS, ClusteredMean, block_of};
use crate::base::maths::ln;
use serde::Serialize;
use std::collections::BTreeMap;

/// The variation of information between two partitions of the same members (Meilă 2007, Journal of Multivariate Analysis
/// 98, 873–895), in nats: 0 if they are the same, at most ln n. It is a metric. With `weights`, one per member, large
/// ones count more; without, all alike.
pub fn variation_of_information(one: &[u32], other: &[u32], weights: Option<&[f64]>) -> f64 {
    let mut joint: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    let (mut of_one, mut of_other): (BTreeMap<u32, f64>, BTreeMap<u32, f64>) = (BTreeMap::new(), BTreeMap::new());
    let mut total = 0.0;
    for (member, (a, b)) in one.iter().zip(other).enumerate() {
        let weight = weights.and_then(|weights| weights.get(member)).copied().unwrap_or(1.0);
        *joint.entry((*a, *b)).or_default() += weight;
        *of_one.entry(*a).or_default() += weight;
        *of_other.entry(*b).or_default() += weight;
        total += weight;
    }
    let term = |part: f64, whole: f64| if part > 0.0 { part / total * ln(whole / part) } else { 0.0 };
    let sum: f64 = joint.iter().map(|((a, b), both)| term(*both, of_one[a]) + term(*both, of_other[b])).sum();
    sum.max(0.0)
}

/// How often each state was followed by each.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Transitions {
    /// Counts, from state (row) to state.
    pub counts: Vec<Vec<u64>>,
    /// The same per block of clusters.
    #[serde(skip)]
    by_block: Vec<Vec<Vec<u64>>>,
}

impl Transitions {
    /// Nothing counted between so many states.
    pub fn new(states: usize) -> Self {
        let counts = vec![vec![0; states]; states];
        Self { by_block: vec![counts.clone(); BLOCKS], counts }
    }

    /// Counts a transition of a cluster, in which they may have something in common. One of states that there are not is left out.
    pub fn add(&mut self, (from, to): (usize, usize), cluster: u64) {
        if from.max(to) < self.counts.len() {
            self.counts[from][to] += 1;
            self.by_block[block_of(cluster)][from][to] += 1;
        }
    }

    /// The share of transitions from a state that lead to another, with Wilson's interval of as many independent ones as scatter as
    /// much between blocks of clusters. None if that state was never left or kept.
    pub fn share(&self, from: usize, to: usize, confidence: f64) -> Option<Estimate> {
        self.counts.get(from)?.get(to)?;
        let of_block = |counts: &Vec<Vec<u64>>| (counts[from][to], counts[from].iter().sum());
        Some(ClusteredMean::of_counts(self.by_block.iter().map(of_block))?.estimate(confidence))
    }
}

/// Items in clusters, each about the item in its middle.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Clusters {
    /// The item in the middle of each cluster; the cluster with the greatest weight first.
    pub medoids: Vec<usize>,
    /// Which cluster each item is in.
    pub of: Vec<usize>,
    /// The weight of each cluster, as a share of all, 0–1.
    pub shares: Vec<f64>,
    /// The mean distance of an item to its medoid.
    pub spread: f64,
    /// The mean silhouette (Rousseeuw 1987), −1–1: near 1 clusters are well apart, near 0 there are none. 0 for one.
    pub silhouette: f64,
}

/// Clusters items about medoids (Kaufman and Rousseeuw 1990: build, then swap while it helps), into at most
/// `most_clusters`: as many as give the greatest silhouette, one if none exceeds a quarter. `distances` are row-major and
/// symmetric, `weights` say how often each item came. Of equal choices the first item is taken, so the result depends on
/// nothing else. None if there are no items or numbers do not fit.
pub fn cluster(distances: &[f64], weights: &[f64], most_clusters: usize) -> Option<Clusters> {
    let n = weights.len();
    if n == 0 || distances.len() != n * n || weights.iter().sum::<f64>() <= 0.0 {
        return None;
    }
    let items = Items { distances, weights, n };
    let mut medoids = Vec::new();
    let mut best: Option<Clusters> = None;
    for count in 1..=most_clusters.clamp(1, n) {
        let Some(next) = items.best_addition(&medoids) else { break };
        medoids.push(next);
        items.swap(&mut medoids);
        let clusters = items.summary(&medoids);
        if count == 1 || best.as_ref().is_none_or(|best| clusters.silhouette > best.silhouette.max(0.25)) {
            best = Some(clusters);
        }
    }
    best
}

struct Items<'a> {
    distances: &'a [f64],
    weights: &'a [f64],
    n: usize,
}

impl Items<'_> {
    fn distance(&self, a: usize, b: usize) -> f64 {
        self.distances[a * self.n + b]
    }

    /// The position among the medoids of the one nearest to an item, and its distance.
    fn nearest(&self, item: usize, medoids: &[usize]) -> (usize, f64) {
        let distances = medoids.iter().map(|medoid| self.distance(item, *medoid)).enumerate();
        distances.fold((0, f64::INFINITY), |best, other| if other.1 < best.1 { other } else { best })
    }

    fn cost(&self, medoids: &[usize]) -> f64 {
        (0..self.n).map(|item| self.weights[item] * self.nearest(item, medoids).1).sum()
    }

    fn best_addition(&self, medoids: &[usize]) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for candidate in (0..self.n).filter(|item| !medoids.contains(item)) {
            let mut tried = medoids.to_vec();
            tried.push(candidate);
            let cost = self.cost(&tried);
            if best.is_none_or(|(least, _)| cost < least - 1e-12) {
                best = Some((cost, candidate));
            }
        }
        best.map(|(_, candidate)| candidate)
    }

    /// Replaces medoids by other items, best exchange first, while that lowers the cost.
    fn swap(&self, medoids: &mut [usize]) {
        let mut cost = self.cost(medoids);
        loop {
            let mut best = (cost - 1e-9 * cost.abs() - 1e-12, None);
            for place in 0..medoids.len() {
                let held = medoids[place];
                for candidate in 0..self.n {
                    if !medoids.contains(&candidate) {
                        medoids[place] = candidate;
                        let tried = self.cost(medoids);
                        if tried < best.0 {
                            best = (tried, Some((place, candidate)));
                        }
                        medoids[place] = held;
                    }
                }
            }
            let Some((place, candidate)) = best.1 else { return };
            medoids[place] = candidate;
            cost = best.0;
        }
    }

    fn summary(&self, medoids: &[usize]) -> Clusters {
        let total: f64 = self.weights.iter().sum();
        let of: Vec<usize> = (0..self.n).map(|item| self.nearest(item, medoids).0).collect();
        let weight = |cluster: usize| -> f64 {
            (0..self.n).filter(|item| of[*item] == cluster).map(|item| self.weights[item]).sum()
        };
        let mut order: Vec<(usize, f64)> =
            (0..medoids.len()).map(|cluster| (cluster, weight(cluster) / total)).collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut place = vec![0; medoids.len()];
        for (new, (old, _)) in order.iter().enumerate() {
            place[*old] = new;
        }
        let of: Vec<usize> = of.into_iter().map(|cluster| place[cluster]).collect();
        Clusters {
            silhouette: self.silhouette(&of, medoids.len()) / total,
            medoids: order.iter().map(|(cluster, _)| medoids[*cluster]).collect(),
            shares: order.into_iter().map(|(_, share)| share).collect(),
            spread: self.cost(medoids) / total,
            of,
        }
    }

    /// The sum of silhouettes; an item that came several times is as many items at no distance.
    fn silhouette(&self, of: &[usize], clusters: usize) -> f64 {
        if clusters < 2 {
            return 0.0;
        }
        let one = |item: usize| {
            let (mut sums, mut weights) = (vec![0.0; clusters], vec![0.0; clusters]);
            for other in 0..self.n {
                sums[of[other]] += self.weights[other] * self.distance(item, other);
                weights[of[other]] += self.weights[other];
            }
            let own = of[item];
            if weights[own] <= 1.0 {
                return 0.0;
            }
            let inside = sums[own] / (weights[own] - 1.0);
            let others = (0..clusters).filter(|cluster| *cluster != own && weights[*cluster] > 0.0);
            let outside = others.map(|cluster| sums[cluster] / weights[cluster]).fold(f64::INFINITY, f64::min);
            let widest = inside.max(outside);
            if widest > 0.0 && widest.is_finite() { (outside - inside) / widest } else { 0.0 }
        };
        (0..self.n).map(|item| self.weights[item] * one(item)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variation_of_information_is_a_metric_of_partitions() {
        let partitions = [[0, 0, 0, 0], [0, 1, 2, 3], [0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 0, 1]];
        let distance = |a: &[u32], b: &[u32]| variation_of_information(a, b, None);
        for a in &partitions {
            assert!(distance(a, a) < 1e-15);
            for b in &partitions {
                assert!((distance(a, b) - distance(b, a)).abs() < 1e-15);
                for c in &partitions {
                    assert!(distance(a, c) <= distance(a, b) + distance(b, c) + 1e-12);
                }
            }
        }
        // All together against all alone is ln n; halves against crossing halves 2 ln 2 (Meilă 2007).
        assert!((distance(&partitions[0], &partitions[1]) - ln(4.0)).abs() < 1e-12);
        assert!((distance(&partitions[2], &partitions[3]) - 2.0 * ln(2.0)).abs() < 1e-12);
        // Names of blocs do not matter, and a member without weight does not either.
        assert!(distance(&[7, 7, 3], &[0, 0, 1]) < 1e-15);
        assert!(variation_of_information(&[0, 0, 0, 1], &[0, 0, 0, 0], Some(&[1.0, 1.0, 1.0, 0.0])) < 1e-15);
    }

    #[test]
    fn transitions_are_counted_by_row() {
        let mut transitions = Transitions::new(3);
        let pairs = [(0, 0), (0, 1), (0, 1), (1, 1), (5, 0)];
        pairs.into_iter().zip(0..).for_each(|(pair, cluster)| transitions.add(pair, cluster));
        assert_eq!(transitions.counts, [[1, 2, 0], [0, 1, 0], [0, 0, 0]]);
        let share = transitions.share(0, 1, 0.95).unwrap();
        assert!((share.value - 2.0 / 3.0).abs() < 1e-12 && share.interval().contains(share.value));
        assert_eq!((transitions.share(2, 0, 0.95), transitions.share(3, 0, 0.95)), (None, None));
    }

    fn on_a_line(places: &[f64]) -> Vec<f64> {
        places.iter().flat_map(|a| places.iter().map(move |b| (a - b).abs())).collect()
    }

    #[test]
    fn planted_clusters_are_found_with_their_middles() {
        let places = [0.0, 1.0, 2.0, 50.0, 51.0, 52.0, 53.0, 54.0, 100.0];
        let weights = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0];
        let found = cluster(&on_a_line(&places), &weights, 6).unwrap();
        assert_eq!(found.medoids, [5, 1, 8]);
        assert_eq!(found.of, [1, 1, 1, 0, 0, 0, 0, 0, 2]);
        assert!((found.shares[0] - 0.5).abs() < 1e-12 && found.silhouette > 0.9);
    }

    #[test]
    fn what_is_all_alike_is_one_cluster() {
        let found = cluster(&[0.0; 16], &[1.0; 4], 3).unwrap();
        assert_eq!((found.medoids, found.of), (vec![0], vec![0; 4]));
        let alone = cluster(&[0.0], &[5.0], 3).unwrap();
        assert_eq!(alone.medoids, [0]);
        assert_eq!((cluster(&[], &[], 3), cluster(&[0.0; 3], &[1.0; 2], 3)), (None, None));
    }
}
