//! A shallow classification tree.

use super::{Limits, Runs, between};
use serde::Serialize;

/// A node: some runs, and how they are told apart further.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tree {
    /// How many cases.
    pub runs: usize,
    /// Share of them that have the outcome, 0–1.
    pub share: f64,
    /// How they are told apart; none at a leaf.
    pub branch: Option<Branch>,
}

/// A question about one input, and what follows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Branch {
    /// Which input.
    pub input: usize,
    /// The value it is compared with.
    pub at: f64,
    /// Runs with a value up to it.
    pub below: Box<Tree>,
    /// Runs with a value above it.
    pub above: Box<Tree>,
}

/// Grows a tree (Breiman, Friedman, Olshen and Stone 1984) of at most `depth` questions in a row, each the one that lowers
/// the Gini impurity most, with at least `least` runs in every leaf.
pub fn grow(runs: &Runs, depth: usize, least: usize) -> Tree {
    grow_from(runs, &mut (0..runs.count()).collect::<Vec<_>>(), depth, least.max(1))
}

fn grow_from(runs: &Runs, inside: &mut [usize], depth: usize, least: usize) -> Tree {
    let (n, hits) = (inside.len(), runs.hits_in(inside));
    let leaf = Tree { runs: n, share: hits / n.max(1) as f64, branch: None };
    if depth == 0 || hits <= 0.0 || hits >= n as f64 || n < 2 * least {
        return leaf;
    }
    let impurity = |hits: f64, n: usize| hits * (n as f64 - hits) / n as f64;
    let mut best: Option<(f64, usize, f64)> = None;
    for input in 0..runs.columns() {
        inside.sort_by(|a, b| runs.value(*a, input).total_cmp(&runs.value(*b, input)));
        let mut hits_below = 0.0;
        for below in 1..n {
            hits_below += runs.hit(inside[below - 1]);
            let (last, next) = (runs.value(inside[below - 1], input), runs.value(inside[below], input));
            if below < least || n - below < least || last >= next {
                continue;
            }
            let left = impurity(hits_below, below) + impurity(hits - hits_below, n - below);
            if best.is_none_or(|(least_left, ..)| left < least_left - 1e-12) {
                best = Some((left, input, between(next, last)));
            }
        }
    }
    let Some((_, input, at)) = best.filter(|(left, ..)| *left < impurity(hits, n) - 1e-9) else { return leaf };
    let (mut below, mut above): (Vec<usize>, Vec<usize>) =
        inside.iter().partition(|run| runs.value(**run, input) <= at);
    let below = Box::new(grow_from(runs, &mut below, depth - 1, least));
    let above = Box::new(grow_from(runs, &mut above, depth - 1, least));
    Tree { branch: Some(Branch { input, at, below, above }), ..leaf }
}

impl Tree {
    /// The leaves as boxes with their runs and shares, those with the highest share first.
    pub fn leaves(&self, inputs: usize) -> Vec<(Limits, usize, f64)> {
        let mut leaves = Vec::new();
        self.collect(Limits::free(inputs), &mut leaves);
        leaves.sort_by(|a, b| b.2.total_cmp(&a.2));
        leaves
    }

    fn collect(&self, limits: Limits, leaves: &mut Vec<(Limits, usize, f64)>) {
        let Some(branch) = &self.branch else {
            leaves.push((limits, self.runs, self.share));
            return;
        };
        let (mut below, mut above) = (limits.clone(), limits);
        below.0[branch.input].high = branch.at;
        above.0[branch.input].low = branch.at;
        branch.below.collect(below, leaves);
        branch.above.collect(above, leaves);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::design::latin;

    #[test]
    fn the_planted_questions_are_asked() {
        let points = latin::sample(&[1000], 4, 2);
        let hits: Vec<f64> = points.iter().map(|p| f64::from(u8::from(p[2] > 0.7 && p[0] < 0.4))).collect();
        let runs = Runs::new(points.values(), 4, &hits).unwrap();
        let tree = grow(&runs, 3, 20);
        let (limits, held, share) = tree.leaves(4).remove(0);
        assert!((share - 1.0).abs() < 1e-12 && held > 80);
        assert_eq!(limits.restricted().collect::<Vec<_>>(), [0, 2]);
        assert!((limits.0[2].low - 0.7).abs() < 0.02 && (limits.0[0].high - 0.4).abs() < 0.02, "{limits:?}");
        let of_leaves: usize = tree.leaves(4).iter().map(|(_, runs, _)| runs).sum();
        assert_eq!(of_leaves, 1000);
    }

    #[test]
    fn depth_and_least_runs_hold_and_pure_runs_are_one_leaf() {
        let points = latin::sample(&[300], 2, 2);
        let hits: Vec<f64> =
            points.iter().map(|p| f64::from(u8::from(((p[0] * 9.0) as u32).is_multiple_of(2)))).collect();
        let tree = grow(&Runs::new(points.values(), 2, &hits).unwrap(), 2, 30);
        let leaves = tree.leaves(2);
        assert!(leaves.len() <= 4 && leaves.iter().all(|(_, runs, _)| *runs >= 30));
        assert!(grow(&Runs::new(points.values(), 2, &[1.0; 300]).unwrap(), 3, 1).branch.is_none());
    }
}
