//! A shallow classification tree.

use super::{Limits, Runs, between};
use crate::analysis::scale::Scale;
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
    /// The value it is compared with; none of an input that is a name.
    pub at: Option<f64>,
    /// The names that are asked for, by their places; none of an input that is a number.
    pub names: Vec<usize>,
    /// Runs with a value up to it, or with one of the names.
    pub below: Box<Tree>,
    /// The other runs.
    pub above: Box<Tree>,
}

/// Grows a tree (Breiman, Friedman, Olshen and Stone 1984) of at most `depth` questions in a row, each the one that lowers
/// the Gini impurity most, with at least `least` runs in every leaf. Names are put in the order of their shares, in which
/// the best two groups of them are neighbours (Fisher 1958).
pub fn grow(runs: &Runs, depth: usize, least: usize) -> Tree {
    grow_from(runs, &mut (0..runs.rows()).collect::<Vec<_>>(), depth, least.max(1))
}

fn grow_from(runs: &Runs, inside: &mut [usize], depth: usize, least: usize) -> Tree {
    let (n, hits) = (inside.len(), runs.hits_in(inside));
    let leaf = Tree { runs: n, share: hits / n.max(1) as f64, branch: None };
    if depth == 0 || hits <= 0.0 || hits >= n as f64 || n < 2 * least {
        return leaf;
    }
    let impurity = |hits: f64, n: usize| hits * (n as f64 - hits) / n as f64;
    let mut best: Option<(f64, usize, f64, Vec<f64>)> = None;
    for input in 0..runs.columns() {
        let ranks = ranks(runs, inside, input);
        let value = |run: usize| ranked(&ranks, runs.value(run, input));
        inside.sort_by(|a, b| value(*a).total_cmp(&value(*b)));
        let mut hits_below = 0.0;
        for below in 1..n {
            hits_below += runs.hit(inside[below - 1]);
            let (last, next) = (value(inside[below - 1]), value(inside[below]));
            if below < least || n - below < least || last >= next {
                continue;
            }
            let left = impurity(hits_below, below) + impurity(hits - hits_below, n - below);
            if best.as_ref().is_none_or(|(least_left, ..)| left < least_left - 1e-12) {
                best = Some((left, input, between(next, last), ranks.clone()));
            }
        }
    }
    let Some((_, input, at, ranks)) = best.filter(|(left, ..)| *left < impurity(hits, n) - 1e-9) else { return leaf };
    let (mut below, mut above): (Vec<usize>, Vec<usize>) =
        inside.iter().partition(|run| ranked(&ranks, runs.value(**run, input)) <= at);
    let below = Box::new(grow_from(runs, &mut below, depth - 1, least));
    let above = Box::new(grow_from(runs, &mut above, depth - 1, least));
    let names: Vec<usize> = (0..ranks.len()).filter(|name| ranks[*name] <= at).collect();
    let at = ranks.is_empty().then_some(at);
    Tree { branch: Some(Branch { input, at, names, below, above }), ..leaf }
}

/// Of an input that is a name, the rank of each name by the share of its runs that have the outcome, lowest first; names
/// that do not occur come last. Empty of an input that is a number.
fn ranks(runs: &Runs, inside: &[usize], input: usize) -> Vec<f64> {
    let names = runs.scale(input).names().len();
    let mut sums = vec![(0.0, 0.0); names];
    for run in inside.iter().filter(|_| names > 0) {
        let sum = &mut sums[runs.value(*run, input) as usize];
        *sum = (sum.0 + runs.hit(*run), sum.1 + 1.0);
    }
    let shares: Vec<f64> = sums.iter().map(|(hits, n)| if *n > 0.0 { hits / n } else { f64::INFINITY }).collect();
    let mut order: Vec<usize> = (0..names).collect();
    order.sort_by(|a, b| shares[*a].total_cmp(&shares[*b]));
    let mut ranks = vec![0.0; names];
    order.into_iter().enumerate().for_each(|(rank, name)| ranks[name] = rank as f64);
    ranks
}

fn ranked(ranks: &[f64], value: f64) -> f64 {
    if ranks.is_empty() { value } else { ranks[value as usize] }
}

impl Tree {
    /// The leaves as boxes with their runs and shares, those with the highest share first.
    pub fn leaves(&self, inputs: usize, scales: &[Scale]) -> Vec<(Limits, usize, f64)> {
        let mut leaves = Vec::new();
        self.collect(Limits::free(inputs), scales, &mut leaves);
        leaves.sort_by(|a, b| b.2.total_cmp(&a.2));
        leaves
    }

    fn collect(&self, limits: Limits, scales: &[Scale], leaves: &mut Vec<(Limits, usize, f64)>) {
        let Some(branch) = &self.branch else {
            leaves.push((limits, self.runs, self.share));
            return;
        };
        let (mut below, mut above) = (limits.clone(), limits);
        if let Some(at) = branch.at {
            below.0[branch.input].range.high = at;
            above.0[branch.input].range.low = at;
        } else {
            let all = 0..scales.get(branch.input).map_or(0, |scale| scale.names().len());
            let (asked, others): (Vec<usize>, Vec<usize>) = all.partition(|name| branch.names.contains(name));
            for (limits, out) in [(&mut below, others), (&mut above, asked)] {
                let without = &mut limits.0[branch.input].without;
                without.extend(out);
                without.sort_unstable();
                without.dedup();
            }
        }
        branch.below.collect(below, scales, leaves);
        branch.above.collect(above, scales, leaves);
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
        let (limits, held, share) = tree.leaves(4, &[]).remove(0);
        assert!((share - 1.0).abs() < 1e-12 && held > 80);
        assert_eq!(limits.restricted().collect::<Vec<_>>(), [0, 2]);
        assert!(
            (limits.0[2].range.low - 0.7).abs() < 0.02 && (limits.0[0].range.high - 0.4).abs() < 0.02,
            "{limits:?}"
        );
        let of_leaves: usize = tree.leaves(4, &[]).iter().map(|(_, runs, _)| runs).sum();
        assert_eq!(of_leaves, 1000);
    }

    #[test]
    fn depth_and_least_runs_hold_and_pure_runs_are_one_leaf() {
        let points = latin::sample(&[300], 2, 2);
        let hits: Vec<f64> =
            points.iter().map(|p| f64::from(u8::from(((p[0] * 9.0) as u32).is_multiple_of(2)))).collect();
        let tree = grow(&Runs::new(points.values(), 2, &hits).unwrap(), 2, 30);
        let leaves = tree.leaves(2, &[]);
        assert!(leaves.len() <= 4 && leaves.iter().all(|(_, runs, _)| *runs >= 30));
        assert!(grow(&Runs::new(points.values(), 2, &[1.0; 300]).unwrap(), 3, 1).branch.is_none());
    }

    #[test]
    fn names_are_asked_for_in_the_groups_that_tell_most() {
        let points: Vec<f64> = (0..400).flat_map(|i| [f64::from(i % 5), f64::from(i % 7)]).collect();
        let hits: Vec<f64> = points.chunks(2).map(|p| f64::from(u8::from(p[0] as usize % 3 == 1))).collect();
        let scales = [Scale::Nominal(["a", "b", "c", "d", "e"].map(String::from).to_vec()), Scale::Real];
        let runs = Runs::new(&points, 2, &hits).unwrap().scaled(&scales);
        let leaves = grow(&runs, 3, 10).leaves(2, &scales);
        assert_eq!(leaves.len(), 2);
        assert_eq!((leaves[0].0.in_words(&["x", "y"], &scales), leaves[0].1), ("x is b or e".to_owned(), 160));
        assert_eq!(leaves[1].0.in_words(&["x", "y"], &scales), "x is not b or e");
    }
}
